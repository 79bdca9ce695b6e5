"""`afterword show` and `list`: one application whole, or all of them in a line each."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from afterword.cli import options, sync_lines
from afterword.cli.book import Book, on_one, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import columns, say, show, show_json, styled
from afterword.cli.news import moment, next_step
from afterword.cli.next import whose
from afterword.cli.plan import show_plan
from afterword.cli.reader import Reader, reader_of
from afterword.cli.table import table
from afterword.core import history, stats
from afterword.core.history import Logged
from afterword.core.model import Application, Person, Plan
from afterword.formats import facts_json, plan_json
from afterword.store.finding import NOTHING_YET

# In the order in which they are told, by the keys of an entry.
_SAID = {
    "sent": "sent the {sent}",
    "recipient": "to {recipient}",
    "by": "by {by}",
    "heard": "they answered: {heard}",
    "moved": "moved the {moved} to {to}",
    "skipped": "left out the {skipped}",
    "deleted": "the event of the {deleted} was deleted",
    "restored": "brought back the {restored}",
    "decision_by": "they decide by {decision_by}",
    "they_will_call": "they will call",
    "away_until": "they are away until {away_until}",
    "rescheduled": "the interview was moved",
    "reopened": "opened again",
    "closed": "closed",
    "lesson": "learned: {lesson}",
    "keep_in_touch": "keep in touch from {keep_in_touch}",
    "note": "{note}",
}
_ENDED = {stats.Outcome.CLOSED, stats.Outcome.REJECTED}


@click.command("show", cls=Command, example="afterword show karoo")
@on_one
@options.json
def show_application(book: Book, application: Application, as_json: bool) -> None:
    """Show one application: its facts, its log, its plan."""
    plan = book.plan(application)
    reader = reader_of(book.here)
    if as_json:
        document = plan_json.document([plan], zone=book.here.zone, say=reader.say)
        show_json({**document, "facts": facts_json.document(application)})
        return
    show_plan(plan, reader)
    for person in _people(application):
        show(f"  {person.name}", f" <{person.email}>" if person.email else "")
        for point in person.discussed:
            show(f"    talked about {point}")
    read = history.read(application, zone=plan.zone, employer_zone=plan.employer_zone)
    if read.log:
        show(styled("Log", bold=True))
    for logged in read.log:
        show(f"  {moment(logged.at, plan, reader)}  {in_words(logged, plan, reader)}")


def in_words(logged: Logged, plan: Plan, reader: Reader) -> str:
    """Return an entry of the log in words."""
    entry = logged.entry
    facts = attrs.asdict(entry, filter=lambda _, value: value not in {None, False})
    if logged.to:
        facts["to"] = moment(logged.to, plan, reader)
    days = {key: reader.day(value) for key, value in facts.items() if isinstance(value, dt.date)}
    words = [text.format(**facts | days) for key, text in _SAID.items() if key in facts]
    own = sync_lines.own_way(entry, plan, plan.zone)
    said = ", ".join([*words, own] if own else words)
    several = len(plan.application.interviews) > 1
    return f"{entry.interview}: {said}" if entry.interview and several else said


def _people(application: Application) -> list[Person]:
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.insert(0, application.contact)
    return list({person.name: person for person in people}.values())


@click.command("list", cls=Command, example="afterword list --all")
@on_the_store
@click.option("--all", "everything", is_flag=True, help="Those that are closed or rejected, too.")
@options.json
def list_applications(book: Book, everything: bool, as_json: bool) -> None:
    """List the applications with their next step."""
    plans = book.plans()
    reader = reader_of(book.here)
    rows, documents, hidden = [], [], 0
    for plan in sorted(plans, key=_by_next):
        outcome, coming = _outcome(plan, book), next_step(plan)
        if outcome in _ENDED and coming is None and not everything:
            hidden += 1
            continue
        application = plan.application
        when = f"{coming.kind}, {moment(coming.send_at, plan, reader)}" if coming else "nothing"
        rows.append([application.id, whose(application), application.role, str(outcome), when])
        documents.append(
            {
                "id": application.id,
                "company": application.company,
                "role": application.role,
                "state": outcome.value,
                "next": coming
                and plan_json.step_document(coming, zone=book.here.zone, say=reader.say),
            }
        )
    if as_json:
        show_json({"version": 1, "zone": book.here.zone.key, "applications": documents})
        return
    for line in table(rows, width=columns()) if rows else ():
        show(*line)
    if hidden:
        say(f"{hidden} closed or rejected; --all shows them too")
    if not plans and book.is_empty():
        say(NOTHING_YET)


def _by_next(plan: Plan) -> tuple[bool, object]:
    coming = next_step(plan)
    return coming is None, coming.send_at if coming else plan.application.id


def _outcome(plan: Plan, book: Book) -> stats.Outcome:
    read = history.read(plan.application, zone=plan.zone, employer_zone=plan.employer_zone)
    return stats.outcome(plan.application, read, now=book.here.now)
