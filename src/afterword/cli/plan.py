"""`afterword plan`: when to write what, and why."""

from __future__ import annotations

from typing import Any

import click

from afterword.cli import options, sources
from afterword.cli.book import book_of
from afterword.cli.command import Command
from afterword.cli.console import columns, say, show, show_json, styled
from afterword.cli.here import Here
from afterword.cli.news import moment, window
from afterword.cli.planning import plan_of
from afterword.cli.reader import Reader, reader_of
from afterword.cli.table import Cell, table
from afterword.core.model import Interview, Plan, State, Status, Step
from afterword.formats import plan_json
from afterword.store.finding import NOTHING_YET

_INDENT = "  "
_LOOKS: dict[State, dict[str, Any]] = {
    State.OPEN: {"fg": "green", "bold": True},
    State.LATE: {"fg": "yellow", "bold": True},
    State.OVERDUE: {"fg": "yellow"},
    State.DONE: {"fg": "blue"},
    State.WITHDRAWN: {"dim": True},
}


@click.command(
    cls=Command,
    example="""
    afterword plan
    afterword plan samples/week.toml --json --now 2026-11-24T18:00:00+02:00
    """,
)
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@sources.answers
@options.here
@options.json
def plan(paths: tuple[str, ...], answers: sources.Answers, here: Here, as_json: bool) -> None:
    """Show when to write what, and why.

    FILE is a file of facts (TOML), an invitation (.ics) or the mail it came in
    (.eml); - is standard input.
    Without FILE it is about all applications that are kept. Nothing is written.
    """
    if paths:
        plans = [plan_of(a, here) for a in sources.applications(paths, answers, here)]
    else:
        book = book_of(here)
        plans = book.plans()
        if not plans and book.is_empty():
            say(NOTHING_YET)
    reader = reader_of(here)
    if as_json:
        show_json(plan_json.document(plans, zone=here.zone, say=reader.say))
        return
    for number, made in enumerate(plans):
        if number:
            show()
        show_plan(made, reader)


def show_plan(plan: Plan, reader: Reader) -> None:
    """Print a plan as a table: what, when, state, why."""
    application = plan.application
    show(styled(f"{application.company}, {application.role}", bold=True), f"  ({application.id})")
    for interview in application.interviews:
        show(f"  {_held(plan, interview, reader)}")
    several = len({step.interview for step in plan.steps}) > 1
    rows = [_row(plan, step, reader, several=several) for step in plan.steps]
    width = columns()
    for line in table(rows, width=width and width - len(_INDENT)) if rows else ():
        show(_INDENT, *line)


def _held(plan: Plan, interview: Interview, reader: Reader) -> str:
    clock = reader.language.clock
    start, end = (moment.astimezone(plan.zone) for moment in (interview.start, interview.end))
    text = f"interview {interview.id}: {reader.dated(start)}, {clock(start)} to {clock(end)}"
    theirs = interview.start.astimezone(plan.employer_zone)
    if theirs.utcoffset() != start.utcoffset():
        there = f"{reader.language.weekday_and_clock(theirs)} in {plan.employer_zone.key}"
        text = f"{text} your time, {there}, where the days are counted"
    return f"{text} (cancelled)" if interview.status is Status.CANCELLED else text


def _row(plan: Plan, step: Step, reader: Reader, *, several: bool) -> list[Cell]:
    name = f"{step.interview}: {step.kind}" if several else str(step.kind)
    state = styled(str(step.state), **_LOOKS.get(step.state, {}))
    when = moment(step.sent_at or step.send_at, plan, reader)
    return [name, when, state, _why(plan, step, reader)]


def _why(plan: Plan, step: Step, reader: Reader) -> str:
    why = reader.say(step.reason)
    if step.state is State.WITHDRAWN:
        return why
    if step.note is not None:
        why = f"{why} ({reader.say(step.note)})"
    return f"{why}: {window(step, plan, reader)}"
