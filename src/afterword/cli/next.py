"""`afterword next`, and what a bare `afterword` shows: what is due."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import click

from afterword.cli import options
from afterword.cli.book import Book, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import columns, say, show, show_json, styled
from afterword.cli.news import moment, window
from afterword.cli.reader import Reader, reader_of
from afterword.cli.table import table
from afterword.core.agenda import Agenda, Item, Question, Urgency, agenda
from afterword.core.clashes import Clash, Message, clashes
from afterword.core.model import Application, Plan, Step, StepKind
from afterword.drafts import recipients
from afterword.formats import plan_json
from afterword.store.finding import NOTHING_YET

_LOOKS: dict[Urgency, dict[str, Any]] = {
    Urgency.OVERDUE: {"fg": "yellow", "bold": True},
    Urgency.DUE: {"fg": "green", "bold": True},
    Urgency.COMING: {},
}
DAYS = 7
_MOST_DAYS = 36_500


@click.command("next", cls=Command, example="afterword next --days 14")
@click.option(
    "--days",
    type=click.IntRange(0, _MOST_DAYS),
    metavar="NUMBER",
    default=DAYS,
    show_default=True,
    help="How far to look ahead.",
)
@on_the_store
@options.json
def what_is_next(book: Book, days: int, as_json: bool) -> None:
    """Show what is due now and in the coming days, overdue first."""
    plans = book.plans()
    due = agenda(plans, now=book.here.now, days=days)
    close = clashes(plans, now=book.here.now, address_of=address_of)
    if as_json:
        show_json(_document(due, close, book))
        return
    show_agenda(due, close, reader_of(book.here), known=bool(plans) or not book.is_empty())


def show_agenda(due: Agenda, close: tuple[Clash, ...], reader: Reader, *, known: bool) -> None:
    """Print what is due in a line each, then what to ask and whom not to write twice."""
    for line in table(rows(due, reader), width=columns()) if due.items else ():
        show(*line)
    if not due.items:
        say("nothing is due" if known else NOTHING_YET)
    for _, questions in itertools.groupby(due.questions, key=lambda q: q.plan.application.id):
        say(asked(tuple(questions), reader))
    for item in due.items:
        if item.step.kind is StepKind.MOVE_ON and item.urgency is not Urgency.COMING:
            say(_at_the_end(item.plan.application))
    for clash in close:
        say(_pointed_out(clash, reader))


def rows(due: Agenda, reader: Reader) -> list[list[Any]]:
    """Return the rows of what is due."""
    twice = _twice(due)
    return [
        [
            styled(str(item.urgency), **_LOOKS[item.urgency]),
            whose(item.plan.application, twice),
            str(item.step.kind),
            moment(item.step.send_at, item.plan, reader),
            f"{reader.say(item.step.reason)}: {window(item.step, item.plan, reader)}",
        ]
        for item in due.items
    ]


def whose(application: Application, twice: Collection[str] = ()) -> str:
    """Return the company, with the role where it is one of `twice`, and a coach's client."""
    role = f", {application.role}" if application.company in twice else ""
    client = application.applicant.name if application.applicant else None
    return f"{application.company}{role}" + (f" ({client})" if client else "")


def _twice(due: Agenda) -> set[str]:
    """Return the companies that more than one application is due with."""
    pairs = {(i.plan.application.id, i.plan.application.company) for i in due.items}
    counted = Counter(company for _, company in pairs)
    return {company for company, count in counted.items() if count > 1}


def asked(questions: Sequence[Question], reader: Reader) -> str:
    """Return the question about steps of an application whose time passed without an entry."""
    application, zone = questions[0].plan.application, questions[0].plan.zone
    steps = " and ".join(
        f"the {q.step.kind} ({reader.day(q.step.send_at.astimezone(zone))})" for q in questions
    )
    name = questions[0].step.kind if len(questions) == 1 else "STEP"
    return (
        f"Did you send {application.company} {steps}?  "
        f"afterword sent {application.id} {name} --on DAY"
        f"  or  afterword skip {application.id} {name}"
    )


def _at_the_end(application: Application) -> str:
    return (
        f"To let {application.company} go:  afterword close {application.id}  "
        f"(--keep-in-touch DAY: one hello later)  or ask for feedback:  "
        f"afterword draft {application.id} feedback-request"
    )


def _pointed_out(clash: Clash, reader: Reader) -> str:
    one, other = (
        f"{message.plan.application.company}, {message.plan.application.role} "
        f"({message.step.kind}, {reader.day(message.day)})"
        for message in (clash.earlier, clash.later)
    )
    return (
        f"{clash.address} would hear from you twice within a week: {one} and {other}. "
        f"Better: afterword move {clash.waits.plan.application.id} {clash.waits.step.kind} "
        f"--to {clash.better.isoformat()}"
    )


def address_of(plan: Plan, step: Step) -> str | None:
    """Return the address that a step's message goes to, if one is known."""
    del step
    person = recipients.contact(plan)
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
                "waits": clash.waits.plan.application.id,
                "better": clash.better.isoformat(),
            }
            for clash in close
        ],
    }


def _item(item: Item | Question | Message, book: Book) -> dict[str, Any]:
    reader = reader_of(book.here)
    application = item.plan.application
    return {
        "application": application.id,
        "company": application.company,
        "role": application.role,
        **plan_json.step_document(item.step, zone=book.here.zone, say=reader.say),
    }
