"""`afterword skip`, `restore` and `move`: skip, restore or move a step, or move an interview."""

from __future__ import annotations

import datetime as dt

import attrs
import click

from afterword.cli.ui import history_view, options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.log_actions import ApplicationLog, log_command, save_and_print
from afterword.domain import datemath, log_validation, step_names
from afterword.domain.applications import replace_interview, short_name
from afterword.domain.calendar_model import EventRole
from afterword.domain.merge import user_edits
from afterword.domain.model import InterviewStatus, LogEntry, StepKind
from afterword.domain.planning.plan import Step, StepState
from afterword.domain.step_names import resolve_step
from afterword.errors import UsageError
from afterword.formats.dates.date_forms import DateUse
from afterword.services import typed_dates

_INTERVIEW = "interview"
_TARGET = options.completed("target", *map(str, StepKind), _INTERVIEW, "@interview")


@command("afterword skip karoo second-follow-up")
@log_command("When you decided this")
@click.argument("step", type=options.STEP)
def skip(log: ApplicationLog, step: str) -> None:
    """Skip a step."""
    target = _open_step(log, resolve_step(step, log.plan))
    entry = LogEntry(at=log.at, interview=target.interview, skipped=target.kind)
    log.append(entry, message=f"{short_name(log.application)}: {target.kind} skipped.")


@command("afterword restore karoo second-follow-up")
@log_command("When you decided this")
@click.argument("step", type=options.STEP)
def restore(log: ApplicationLog, step: str) -> None:
    """Restore a step that was skipped, or whose event was deleted on the phone.

    If only its window event or deadline event was deleted, that is restored.
    """
    kind, short = resolve_step(step, log.plan), short_name(log.application)
    target = log_validation.open_step(log.plan, kind, log.at)
    window_uid = target.uids.get(EventRole.FRAME)
    if log_validation.is_left_out(target):
        name = str(kind)
        entry = LogEntry(at=log.at, interview=target.interview, restored=kind)
    elif window_uid in user_edits.deleted_uids(log.application.log):
        name = f"the {history_view.describe_event(target, EventRole.FRAME)} of the {kind}"
        entry = LogEntry(at=log.at, event=window_uid, ours=True)
    else:
        raise UsageError(f"{short}: the {kind} was not skipped")
    log.append(entry, message=f"{short}: {name} restored.")


@command("""
    afterword move karoo first-follow-up --to thu
    afterword move karoo interview --to "2026-12-01 14:00"
    """)
@log_command("When you decided this")
@click.argument("target", type=_TARGET, metavar="STEP|INTERVIEW")
@click.option(
    "--to", "to", metavar="WHEN", required=True, help='The new time or day: "next friday 3pm".'
)
def move(log: ApplicationLog, target: str, to: str) -> None:
    """Move a step to another time, or log the new time of an interview.

    INTERVIEW is its id, or just `interview` for the latest. All steps of an
    interview move with it, except those that are sent. A step that is moved to
    a day keeps its time of day.
    """
    interviews = {interview.id for interview in log.application.interviews}
    if target not in set(StepKind) and (target in interviews or target == _INTERVIEW):
        _move_interview(log, target, to)
    else:
        _move_step(log, resolve_step(_parse_step(target, interviews), log.plan), to)


def _parse_step(target: str, interviews: set[str]) -> str:
    name = step_names.parse_step_name(target)
    if name is None:
        others = (_INTERVIEW, *sorted(interviews))
        closest = step_names.closest_step_name(target, others)
        hint = f"; did you mean {closest!r}? There" if closest else "; there"
        names = ", ".join((*StepKind, *others))
        raise UsageError(f"{target!r} is neither a step nor an interview{hint} are: {names}")
    return name


def _open_step(log: ApplicationLog, kind: StepKind) -> Step:
    """Return the step of that kind. Raises UsageError with the reason if it is not to be done."""
    step, name = log_validation.open_step(log.plan, kind, log.at), short_name(log.application)
    if log_validation.is_left_out(step):
        raise UsageError(
            f"{name}: the {kind} is left out already; "
            f"afterword restore {log.application.id} {kind} brings it back"
        )
    if step.state is StepState.WITHDRAWN:
        reason = log.workspace.context.language.render(step.reason)
        raise UsageError(f"{name}: the {kind} is no longer needed, {reason}")
    return step


def _move_step(log: ApplicationLog, kind: StepKind, to: str) -> None:
    step, context = _open_step(log, kind), log.workspace.context
    moment = typed_dates.parse_when(to, context, DateUse.FUTURE)
    if not isinstance(moment, dt.datetime):
        time = step.send_at.astimezone(context.zone).time()
        moment = dt.datetime.combine(moment, time, tzinfo=context.zone)
    formatted = log.workspace.format_moment(moment)
    if moment <= context.now:
        raise UsageError(f"{formatted} has passed; choose a time in the future")
    entry = LogEntry(at=log.at, interview=step.interview, moved=kind, to=moment)
    log.append(entry, message=f"{short_name(log.application)}: {kind} moved to {formatted}.")


def _move_interview(log: ApplicationLog, name: str, to: str) -> None:
    workspace, application, at = log
    if name == _INTERVIEW:
        interview = log_validation.latest_interview(application)
    else:
        interview = log_validation.find_interview(application, name)
    zone = interview.zone or application.zone or workspace.context.zone
    start = typed_dates.parse_moment(to, workspace.context, DateUse.FUTURE, zone)
    length = datemath.elapsed(interview.start, interview.end)
    end = datemath.add_elapsed(start, length).astimezone(zone)
    moved = attrs.evolve(interview, start=start, end=end, status=InterviewStatus.HELD)
    entry = LogEntry(at=at, interview=interview.id, rescheduled=True)
    after = replace_interview(application, moved, entry)
    formatted = workspace.format_moment(start)
    message = f"{short_name(application)}: interview {interview.id} moved to {formatted}."
    save_and_print(workspace, application, after, message=message)
