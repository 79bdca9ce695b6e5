"""Build the agenda of all applications: the steps that are due, and the ones to ask about.

A step whose time passed without a log entry may have been done. It is asked
about once the next step of its episode is due, instead of being due for ever.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan, Step, StepState

_LATE_THANKS_DAYS = 5
"""Days for which a late thank-you is worth sending; then the first follow-up says thanks."""

_LIVE = {StepState.UPCOMING, StepState.OPEN, StepState.OVERDUE, StepState.LATE}


class Urgency(enum.StrEnum):
    """The urgency of an agenda item, the most urgent first."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


@attrs.frozen(kw_only=True)
class AgendaItem:
    """A step to do."""

    plan: Plan
    step: Step
    urgency: Urgency


@attrs.frozen(kw_only=True)
class UnconfirmedStep:
    """A step whose time passed without a log entry: it may have been done or not."""

    plan: Plan
    step: Step


@attrs.frozen(kw_only=True)
class Agenda:
    """The steps that are due or coming, and the steps to ask about."""

    items: tuple[AgendaItem, ...]
    questions: tuple[UnconfirmedStep, ...]


def build_agenda(plans: Iterable[Plan], *, now: dt.datetime, days: int) -> Agenda:
    """Return the agenda of the coming `days`, by urgency, then by time."""
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
    """Yield, for each episode, its steps still to be done and its unconfirmed steps.

    An episode whose move-on step is done has neither.
    """
    groups: dict[tuple[str, int, bool], list[Step]] = {}
    for step in plan.steps:
        groups.setdefault(_episode_key(step), []).append(step)
    for steps in groups.values():
        if any(step.kind is StepKind.MOVE_ON and step.state is StepState.DONE for step in steps):
            continue
        live = [step for step in steps if step.state in _LIVE]
        begun = [n for n, step in enumerate(live) if step.send_at <= now]
        unconfirmed = [
            step
            for n, step in enumerate(live)
            if step.state is StepState.OVERDUE
            and ((begun and n < begun[-1]) or is_superseded(step, plan) or _too_late(step, now))
        ]
        yield [step for step in live if step not in unconfirmed], unconfirmed


def _episode_key(step: Step) -> tuple[str, int, bool]:
    """Return a key of the episode; replies and keep-in-touch steps are apart from the others."""
    apart = step.kind in {StepKind.REPLY, StepKind.KEEP_IN_TOUCH}
    return step.interview, step.episode, apart


def _too_late(step: Step, now: dt.datetime) -> bool:
    limit = _LATE_THANKS_DAYS * datemath.DAY
    return step.kind is StepKind.THANK_YOU and now - step.send_at >= limit


def next_step(plan: Plan) -> Step | None:
    """Return the next step to do: an open step, else the last missed, else the first to come."""
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
    """Return True if the step is obsolete: a later step of the same episode is done.

    An overdue thank-you is superseded as soon as the first follow-up opens.
    """
    return any(_supersedes(later, step) for later in plan.steps)


def _supersedes(later: Step, step: Step) -> bool:
    if _episode_key(later) != _episode_key(step) or later.send_at <= step.send_at:
        return False
    late_thanks = step.kind is StepKind.THANK_YOU and step.state is StepState.OVERDUE
    return later.state is StepState.DONE or (late_thanks and later.state is not StepState.UPCOMING)
