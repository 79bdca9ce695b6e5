"""`afterword skip`, `move` and `restore`: the person's own choice about a step or an interview."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from afterword.cli import options, sync_lines
from afterword.cli.book import Book, logs
from afterword.cli.command import Command
from afterword.cli.planning import readers_language
from afterword.core import logbook, own_texts, spoken, timing
from afterword.core.event import Part
from afterword.core.model import Application, Entry, Interview, State, Status, Step, StepKind
from afterword.errors import UsageError


@click.command(cls=Command, example="afterword skip karoo second-follow-up")
@logs
@click.argument("step", type=options.STEP)
def skip(book: Book, application: Application, on: str | None, step: StepKind) -> None:
    """Leave a step out."""
    at = book.moment(on, application)
    found = _standing(book, application, step, at)
    entry = Entry(at=at, interview=found.interview, skipped=step)
    book.log(application, entry, said=f"{application.company}: {step} is left out.")


@click.command(cls=Command, example="afterword restore karoo second-follow-up")
@logs
@click.argument("step", type=options.STEP)
def restore(book: Book, application: Application, on: str | None, step: StepKind) -> None:
    """Bring back a step that was skipped, or whose event was deleted on the phone.

    Where only the bar or the deadline beside it was deleted, that comes back.
    """
    at = book.moment(on, application)
    found = logbook.about(book.plan(application), step, at)
    frame = found.uids.get(Part.FRAME)
    if logbook.is_left_out(found):
        entry = Entry(at=at, interview=found.interview, restored=step)
        book.log(application, entry, said=f"{application.company}: {step} is brought back.")
    elif frame in own_texts.gone(application.log):
        what = sync_lines.event(found, Part.FRAME)
        said = f"{application.company}: the {what} of the {step} is brought back."
        book.log(application, Entry(at=at, event=frame, ours=True), said=said)
    else:
        raise UsageError(f"{application.company}: the {step} has not been left out")


@click.command(
    cls=Command,
    example="""
    afterword move karoo first-follow-up --to thu
    afterword move karoo interview --to "2026-12-01 14:00"
    """,
)
@logs
@click.argument("what", metavar="STEP|INTERVIEW")
@click.option("--to", "to", metavar="WHEN", required=True, help="The new moment, or day.")
def move(book: Book, application: Application, on: str | None, what: str, to: str) -> None:
    """Move a step to another moment, or an interview that was rescheduled.

    INTERVIEW is its id, or just `interview` for the latest. All that follows
    from an interview moves with it; what was sent stays sent. A step that is
    moved to a day keeps its time.
    """
    at = book.moment(on, application)
    interviews = {interview.id for interview in application.interviews}
    if what not in set(StepKind) and (what in interviews or what == "interview"):
        _move_interview(book, application, what, at, to)
    else:
        _move_step(book, application, _step_of(what, interviews), at, to)


def _step_of(what: str, interviews: set[str]) -> StepKind:
    try:
        return options.STEP.convert(what, None, None)
    except click.UsageError:
        names = ", ".join((*StepKind, *sorted(interviews)))
        raise UsageError(
            f"{what!r} is neither a step nor an interview; there are: {names}"
        ) from None


def _standing(book: Book, application: Application, kind: StepKind, at: dt.datetime) -> Step:
    """Return the step of that kind that is still to be done. Raises UsageError, which says why."""
    found = logbook.about(book.plan(application), kind, at)
    if logbook.is_left_out(found):
        raise UsageError(
            f"{application.company}: the {kind} is left out already; "
            f"afterword restore {application.id} {kind} brings it back"
        )
    if found.state is State.WITHDRAWN:
        why = readers_language(book.here).say(found.reason)
        raise UsageError(f"{application.company}: the {kind} is no longer needed, {why}")
    return found


def _move_step(
    book: Book, application: Application, kind: StepKind, at: dt.datetime, to: str
) -> None:
    found = _standing(book, application, kind, at)
    moment = spoken.when(to, now=book.here.now, zone=book.here.zone, past=False)
    if not isinstance(moment, dt.datetime):
        clock = found.send_at.astimezone(book.here.zone).time()
        moment = dt.datetime.combine(moment, clock, tzinfo=book.here.zone)
    if moment <= book.here.now:
        raise UsageError(f"{book.shown(moment)} has passed; choose a moment that is to come")
    entry = Entry(at=at, interview=found.interview, moved=kind, to=moment)
    said = f"{application.company}: {kind} moved to {book.shown(moment)}."
    book.log(application, entry, said=said)


def _move_interview(
    book: Book, application: Application, name: str, at: dt.datetime, to: str
) -> None:
    latest = logbook.latest_interview(application)
    held = latest if name == "interview" else logbook.interview_of(application, name)
    zone = held.zone or application.zone or book.here.zone
    start = book.future(to, zone)
    end = timing.later(start, timing.elapsed(held.start, held.end)).astimezone(zone)
    moved = attrs.evolve(held, start=start, end=end, status=Status.HELD)
    entry = Entry(at=at, interview=held.id, rescheduled=True)
    said = f"{application.company}: interview {held.id} moved to {book.shown(start)}."
    book.save(application, with_interview(application, moved, entry), said=said)


def with_interview(application: Application, interview: Interview, *entries: Entry) -> Application:
    """Return the application with an interview in the place of the one with its id."""
    return attrs.evolve(
        application,
        interviews=tuple(interview if i.id == interview.id else i for i in application.interviews),
        log=(*application.log, *entries),
    )
