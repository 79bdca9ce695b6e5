"""`afterword skip`, `move` and `restore`: the person's own choice about a step or an interview."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from afterword.cli.ui import options, sync_view
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.log_actions import log_and_print, save_and_print
from afterword.cli.ui.workspace_options import log_command
from afterword.domain import datemath, log_validation, parse_datetime
from afterword.domain.events.event import EventRole
from afterword.domain.merge import overrides
from afterword.domain.model import Application, InterviewStatus, LogEntry, StepKind
from afterword.domain.planning.plan import Step, StepState
from afterword.domain.rounds import replace_interview
from afterword.errors import UsageError
from afterword.services.date_format import reader_locale
from afterword.services.workspace import Workspace


@click.command(cls=CommandWithExample, example="afterword skip karoo second-follow-up")
@log_command
@click.argument("step", type=options.STEP)
def skip(workspace: Workspace, application: Application, on: str | None, step: StepKind) -> None:
    """Leave a step out."""
    at = workspace.parse_past_moment(on, application)
    found = _standing(workspace, application, step, at)
    entry = LogEntry(at=at, interview=found.interview, skipped=step)
    log_and_print(
        workspace, application, entry, message=f"{application.company}: {step} is left out."
    )


@click.command(cls=CommandWithExample, example="afterword restore karoo second-follow-up")
@log_command
@click.argument("step", type=options.STEP)
def restore(workspace: Workspace, application: Application, on: str | None, step: StepKind) -> None:
    """Bring back a step that was skipped, or whose event was deleted on the phone.

    Where only the bar or the deadline beside it was deleted, that comes back.
    """
    at = workspace.parse_past_moment(on, application)
    found = log_validation.open_step(workspace.plan(application), step, at)
    frame = found.uids.get(EventRole.FRAME)
    if log_validation.is_left_out(found):
        entry = LogEntry(at=at, interview=found.interview, restored=step)
        log_and_print(
            workspace, application, entry, message=f"{application.company}: {step} is brought back."
        )
    elif frame in overrides.deleted_uids(application.log):
        what = sync_view.describe_event(found, EventRole.FRAME)
        message = f"{application.company}: the {what} of the {step} is brought back."
        log_and_print(
            workspace, application, LogEntry(at=at, event=frame, ours=True), message=message
        )
    else:
        raise UsageError(f"{application.company}: the {step} has not been left out")


@click.command(
    cls=CommandWithExample,
    example="""
    afterword move karoo first-follow-up --to thu
    afterword move karoo interview --to "2026-12-01 14:00"
    """,
)
@log_command
@click.argument("what", metavar="STEP|INTERVIEW")
@click.option("--to", "to", metavar="WHEN", required=True, help="The new moment, or day.")
def move(
    workspace: Workspace, application: Application, on: str | None, what: str, to: str
) -> None:
    """Move a step to another moment, or an interview that was rescheduled.

    INTERVIEW is its id, or just `interview` for the latest. All that follows
    from an interview moves with it; what was sent stays sent. A step that is
    moved to a day keeps its time.
    """
    at = workspace.parse_past_moment(on, application)
    interviews = {interview.id for interview in application.interviews}
    if what not in set(StepKind) and (what in interviews or what == "interview"):
        _move_interview(workspace, application, what, at, to)
    else:
        _move_step(workspace, application, _step_of(what, interviews), at, to)


def _step_of(what: str, interviews: set[str]) -> StepKind:
    try:
        return options.STEP.convert(what, None, None)
    except click.UsageError:
        names = ", ".join((*StepKind, *sorted(interviews)))
        raise UsageError(
            f"{what!r} is neither a step nor an interview; there are: {names}"
        ) from None


def _standing(
    workspace: Workspace, application: Application, kind: StepKind, at: dt.datetime
) -> Step:
    """Return the step of that kind that is still to be done. Raises UsageError, which says why."""
    found = log_validation.open_step(workspace.plan(application), kind, at)
    if log_validation.is_left_out(found):
        raise UsageError(
            f"{application.company}: the {kind} is left out already; "
            f"afterword restore {application.id} {kind} brings it back"
        )
    if found.state is StepState.WITHDRAWN:
        why = reader_locale(workspace.context).render(found.reason)
        raise UsageError(f"{application.company}: the {kind} is no longer needed, {why}")
    return found


def _move_step(
    workspace: Workspace, application: Application, kind: StepKind, at: dt.datetime, to: str
) -> None:
    found = _standing(workspace, application, kind, at)
    moment = parse_datetime.parse_when(
        to, now=workspace.context.now, zone=workspace.context.zone, past=False
    )
    if not isinstance(moment, dt.datetime):
        clock = found.send_at.astimezone(workspace.context.zone).time()
        moment = dt.datetime.combine(moment, clock, tzinfo=workspace.context.zone)
    if moment <= workspace.context.now:
        raise UsageError(
            f"{workspace.format_moment(moment)} has passed; choose a moment that is to come"
        )
    entry = LogEntry(at=at, interview=found.interview, moved=kind, to=moment)
    message = f"{application.company}: {kind} moved to {workspace.format_moment(moment)}."
    log_and_print(workspace, application, entry, message=message)


def _move_interview(
    workspace: Workspace, application: Application, name: str, at: dt.datetime, to: str
) -> None:
    latest = log_validation.latest_interview(application)
    held = latest if name == "interview" else log_validation.find_interview(application, name)
    zone = held.zone or application.zone or workspace.context.zone
    start = workspace.parse_future_moment(to, zone)
    end = datemath.add_elapsed(start, datemath.elapsed(held.start, held.end)).astimezone(zone)
    moved = attrs.evolve(held, start=start, end=end, status=InterviewStatus.HELD)
    entry = LogEntry(at=at, interview=held.id, rescheduled=True)
    message = (
        f"{application.company}: interview {held.id} moved to {workspace.format_moment(start)}."
    )
    save_and_print(
        workspace, application, replace_interview(application, moved, entry), message=message
    )
