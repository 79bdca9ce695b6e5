"""`afterword next`, and what a bare `afterword` shows: what is due."""

from __future__ import annotations

from typing import Any

import click

from afterword.cli import options
from afterword.cli.book import Book, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import columns, say, show, show_json, styled
from afterword.cli.news import moment, window
from afterword.cli.planning import readers_language
from afterword.cli.table import table
from afterword.core.agenda import Agenda, Clash, Item, Question, Urgency, agenda, clashes
from afterword.core.model import Plan, Step
from afterword.drafts import recipients
from afterword.drafts.language import Language
from afterword.formats import plan_json

_LOOKS: dict[Urgency, dict[str, Any]] = {
    Urgency.OVERDUE: {"fg": "yellow", "bold": True},
    Urgency.DUE: {"fg": "green", "bold": True},
    Urgency.COMING: {},
}
DAYS = 7


@click.command("next", cls=Command, example="afterword next --days 14")
@click.option("--days", default=DAYS, show_default=True, help="How far to look ahead.")
@on_the_store
@options.json
def what_is_next(book: Book, days: int, as_json: bool) -> None:
    """Show what is due now and in the coming days, overdue first."""
    plans = [book.plan(application) for application in book.all()]
    due = agenda(plans, now=book.here.now, days=days)
    close = clashes(plans, now=book.here.now, address_of=address_of)
    if as_json:
        show_json(_document(due, close, book))
        return
    show_agenda(due, close, readers_language(book.here), known=bool(plans))


def show_agenda(due: Agenda, close: tuple[Clash, ...], language: Language, *, known: bool) -> None:
    """Print what is due in a line each, then what to ask and whom not to write twice."""
    for number, line in enumerate(table(rows(due, language), width=columns()) if due.items else ()):
        del number
        show(*line)
    if not due.items:
        say("nothing is due" if known else 'begin with: afterword add "COMPANY" "ROLE" --at WHEN')
    for question in due.questions:
        say(asked(question, language))
    for clash in close:
        say(_pointed_out(clash, language))


def rows(due: Agenda, language: Language) -> list[list[Any]]:
    """Return the rows of what is due."""
    return [
        [
            styled(str(item.urgency), **_LOOKS[item.urgency]),
            item.plan.application.company,
            str(item.step.kind),
            moment(item.step.send_at, item.plan, language),
            f"{language.say(item.step.reason)}: {window(item.step, item.plan, language)}",
        ]
        for item in due.items
    ]


def asked(question: Question, language: Language) -> str:
    """Return the question about a step whose time has passed without an entry."""
    application, step = question.plan.application, question.step
    day = language.weekday_and_day(step.send_at.astimezone(question.plan.zone))
    return (
        f"Did you send {application.company} the {step.kind} ({day})?  "
        f"afterword sent {application.id} {step.kind} --on DAY"
        f"  or  afterword skip {application.id} {step.kind}"
    )


def _pointed_out(clash: Clash, language: Language) -> str:
    one, other = clash.earlier, clash.later
    return (
        f"{clash.address} would hear from you twice within a week: {one.plan.application.company} "
        f"({language.weekday_and_day(one.step.recommended)}) and "
        f"{other.plan.application.company} ({language.weekday_and_day(other.step.recommended)}). "
        f"Better: afterword move {other.plan.application.id} {other.step.kind} "
        f'--to "{clash.better.isoformat()} 10:00"'
    )


def address_of(plan: Plan, step: Step) -> str | None:
    """Return the address that a step's message goes to, if one is known."""
    del step
    person = recipients.contact(plan.application)
    return person.email if person else None


def _document(due: Agenda, close: tuple[Clash, ...], book: Book) -> dict[str, Any]:
    return {
        "version": 1,
        "zone": book.here.zone.key,
        "due": [_item(item, book) | {"urgency": item.urgency.value} for item in due.items],
        "asked": [_item(question, book) for question in due.questions],
        "clashes": [
            {
                "address": clash.address,
                "earlier": _item(clash.earlier, book),
                "later": _item(clash.later, book),
                "better": clash.better.isoformat(),
            }
            for clash in close
        ],
    }


def _item(item: Item | Question, book: Book) -> dict[str, Any]:
    language = readers_language(book.here)
    application = item.plan.application
    return {
        "application": application.id,
        "company": application.company,
        "role": application.role,
        **plan_json.step_document(item.step, zone=book.here.zone, say=language.say),
    }
