"""What is due over all applications: the one thing to do for each, and what to ask about.

People who log nothing are not reminded of everything that they may have done:
a step whose time has passed is asked about once the next one's time has come.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan, Step, StepState

_THANKS_STILL = 5
"""Days for which late thanks are still worth sending; then they go into the first follow-up."""

_LIVE = {StepState.UPCOMING, StepState.OPEN, StepState.OVERDUE, StepState.LATE}


class Urgency(enum.StrEnum):
    """Overdue first, then what is due now, then what comes."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


@attrs.frozen(kw_only=True)
class AgendaItem:
    """One thing to do."""

    plan: Plan
    step: Step
    urgency: Urgency


@attrs.frozen(kw_only=True)
class UnconfirmedStep:
    """A step whose time has passed without an entry, so that nobody knows whether it was done."""

    plan: Plan
    step: Step


@attrs.frozen(kw_only=True)
class Agenda:
    """What is due, and what to ask about."""

    items: tuple[AgendaItem, ...]
    questions: tuple[UnconfirmedStep, ...]


def build_agenda(plans: Iterable[Plan], *, now: dt.datetime, days: int) -> Agenda:
    """Return what is due now and in the coming days, overdue first, then by time."""
    until = now + days * datemath.DAY
    items: list[AgendaItem] = []
    questions: list[UnconfirmedStep] = []
    for plan in plans:
        for current, passed in by_episode(plan, now):
            questions += [UnconfirmedStep(plan=plan, step=step) for step in passed]
            items += [
                AgendaItem(plan=plan, step=step, urgency=_urgency(step, now))
                for step in current
                if step.send_at <= until
            ]
    order = list(Urgency)
    items.sort(key=lambda item: (order.index(item.urgency), item.step.send_at))
    return Agenda(items=tuple(items), questions=tuple(questions))


def _urgency(step: Step, now: dt.datetime) -> Urgency:
    if step.state is StepState.OVERDUE:
        return Urgency.OVERDUE
    return Urgency.DUE if step.send_at <= now else Urgency.COMING


def by_episode(plan: Plan, now: dt.datetime) -> Iterator[tuple[list[Step], list[Step]]]:
    """Yield, for each interview and episode, the live steps and those that were overtaken."""
    groups: dict[tuple[str, int, bool], list[Step]] = {}
    for step in plan.steps:
        groups.setdefault(_silence_of(step), []).append(step)
    for steps in groups.values():
        if any(step.kind is StepKind.MOVE_ON and step.state is StepState.DONE for step in steps):
            continue
        live = [step for step in steps if step.state in _LIVE]
        begun = [n for n, step in enumerate(live) if step.send_at <= now]
        overtaken = [
            step
            for n, step in enumerate(live)
            if step.state is StepState.OVERDUE
            and ((begun and n < begun[-1]) or is_superseded(step, plan) or _too_late(step, now))
        ]
        yield [step for step in live if step not in overtaken], overtaken


def _silence_of(step: Step) -> tuple[str, int, bool]:
    alone = step.kind in {StepKind.REPLY, StepKind.KEEP_IN_TOUCH}
    return step.interview, step.episode, alone


def _too_late(step: Step, now: dt.datetime) -> bool:
    return step.kind is StepKind.THANK_YOU and now - step.send_at >= _THANKS_STILL * datemath.DAY


def next_step(plan: Plan) -> Step | None:
    """Return the next thing to do: an open step, else the one missed last, else one to come."""
    in_time = {StepState.OPEN, StepState.LATE}
    steps = sorted(plan.steps, key=lambda step: step.send_at)
    candidates = (
        *(step for step in steps if step.state in in_time),
        *(
            s
            for s in reversed(steps)
            if s.state is StepState.OVERDUE and not is_superseded(s, plan)
        ),
        *(step for step in steps if step.state is StepState.UPCOMING),
    )
    return next(iter(candidates), None)


def is_superseded(step: Step, plan: Plan) -> bool:
    """Whether nobody goes back to this step: a later one of its silence was done, or its time came.

    Thanks that are late are still worth sending until the first follow-up opens.
    """
    return any(_overtakes(other, step) for other in plan.steps)


def _overtakes(other: Step, step: Step) -> bool:
    if _silence_of(other) != _silence_of(step) or other.send_at <= step.send_at:
        return False
    late_thanks = step.kind is StepKind.THANK_YOU and step.state is StepState.OVERDUE
    return other.state is StepState.DONE or (late_thanks and other.state is not StepState.UPCOMING)
