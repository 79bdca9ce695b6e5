"""What a new fact did to the plan, in lines for the person who stated it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from afterword.cli.console import show
from afterword.cli.reader import Reader
from afterword.core.agenda import is_overtaken
from afterword.core.changes import Change, changes
from afterword.core.model import Choice, Plan, State, Step, StepKind


def show_news(before: Plan | None, after: Plan, reader: Reader) -> None:
    """Print each step that moved, came or went, and what is to be done next."""
    for change in changes(before, after):
        for line in _line(change, after, reader):
            show("  ", line)
    coming = next_step(after)
    if coming is None:
        show("Nothing is left to do here.")
    else:
        show(f"Next: {name_of(coming, after)}, {_when(coming, after, reader)}.")


def next_step(plan: Plan) -> Step | None:
    """Return the one thing to do: what is open, else what was missed last, else what comes."""
    in_time = {State.OPEN, State.LATE}
    steps = sorted(plan.steps, key=lambda step: step.send_at)
    candidates = (
        *(step for step in steps if step.state in in_time),
        *(s for s in reversed(steps) if s.state is State.OVERDUE and not is_overtaken(s, plan)),
        *(step for step in steps if step.state is State.UPCOMING),
    )
    return next(iter(candidates), None)


def name_of(step: Step, plan: Plan) -> str:
    """Return "r2: first-follow-up after their answer", without what there is only one of."""
    name = str(step.kind)
    if step.episode and step.kind is not StepKind.REPLY:
        name = f"{name} after their answer"
    several = len({each.interview for each in plan.steps}) > 1
    return f"{step.interview}: {name}" if several else name


def window(step: Step, plan: Plan, reader: Reader) -> str:
    """Return "29 Nov - 1 Dec" or "by Wed 25 Nov 15:00"."""
    if isinstance(step.closes, dt.datetime):
        return f"by {moment(step.closes, plan, reader)}"
    return reader.days(step.opens, step.closes)


def moment(at: dt.datetime, plan: Plan, reader: Reader) -> str:
    """Return "Tue 24 Nov 16:00" on the user's clock."""
    return reader.moment(at.astimezone(plan.zone))


def _line(change: Change, plan: Plan, reader: Reader) -> Iterator[str]:
    step, before = change.step, change.before
    name = f"{name_of(step, plan)}:"
    if change.after is None:
        yield f"{name} no longer needed"
    elif step.state is State.DONE:
        if before is None or before.state is not State.DONE:
            yield f"{name} done"
    elif step.state is State.WITHDRAWN:
        if before is not None and before.state is not State.WITHDRAWN:
            yield f"{name} withdrawn, {reader.say(step.reason)}"
    else:
        told = _when_now(before, step, plan, reader)
        note = f" ({reader.say(step.note)})" if step.note else ""
        yield f"{name} {told}, {reader.say(step.reason)}{note}"


def _when_now(before: Step | None, step: Step, plan: Plan, reader: Reader) -> str:
    """Return "7 Dec - 8 Dec -> 10 Dec - 13 Dec", or the moments where the days are the same."""
    told = window(step, plan, reader)
    if step.note is not None or step.reason.choice is Choice.MOVED:
        told = moment(step.send_at, plan, reader)
    if before is None or before.state is State.WITHDRAWN:
        return told
    if before.state is State.DONE:
        return f"to be done again, {told}"
    was = window(before, plan, reader)
    if was == told:
        was, told = (moment(each.send_at, plan, reader) for each in (before, step))
    return f"{was} -> {told}"


def _when(step: Step, plan: Plan, reader: Reader) -> str:
    return f"{moment(step.send_at, plan, reader)} ({window(step, plan, reader)})"
