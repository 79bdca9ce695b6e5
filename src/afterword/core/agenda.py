"""What is due over all applications: the one thing to do for each, and what to ask about.

People who log nothing are not reminded of everything that they may have done:
a step whose time has passed is asked about once the next one's time has come.
"""

from __future__ import annotations

import datetime as dt
import enum
import itertools
from collections.abc import Callable, Iterable, Iterator

import attrs

from afterword.core import timing
from afterword.core.model import Plan, State, Step, StepKind

_THANKS_STILL = 5
"""Days for which late thanks are still worth sending; then they go into the first follow-up."""
CLASH_DAYS = 7
"""Two messages to one person from two applications are a week apart, as any two are."""

_LIVE = {State.UPCOMING, State.OPEN, State.OVERDUE, State.LATE}
_CAN_WAIT = {StepKind.FIRST, StepKind.SECOND}
_MESSAGES = {*_CAN_WAIT, StepKind.THANK_YOU, StepKind.REPLY}


AddressOf = Callable[[Plan, Step], str | None]


class Urgency(enum.StrEnum):
    """Overdue first, then what is due now, then what comes."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


@attrs.frozen(kw_only=True)
class Item:
    """One thing to do."""

    plan: Plan
    step: Step
    urgency: Urgency


@attrs.frozen(kw_only=True)
class Question:
    """A step whose time has passed without an entry, so that nobody knows whether it was done."""

    plan: Plan
    step: Step


@attrs.frozen(kw_only=True)
class Message:
    """A step that is written to somebody, and the employer's day on which it is."""

    plan: Plan
    step: Step
    day: dt.date


@attrs.frozen(kw_only=True)
class Clash:
    """One person who would hear from two applications within a week.

    `waits` is the one of the two that should: the later one, unless only the
    earlier one can. `better` is a day for it, a week from the other's.
    """

    address: str
    earlier: Message
    later: Message
    waits: Message
    better: dt.date


@attrs.frozen(kw_only=True)
class Agenda:
    """What is due, and what to ask about."""

    items: tuple[Item, ...]
    questions: tuple[Question, ...]


def agenda(plans: Iterable[Plan], *, now: dt.datetime, days: int) -> Agenda:
    """Return what is due now and in the coming days, overdue first, then by time."""
    until = now + days * timing.DAY
    items: list[Item] = []
    questions: list[Question] = []
    for plan in plans:
        for current, passed in _by_silence(plan, now):
            questions += [Question(plan=plan, step=step) for step in passed]
            items += [
                Item(plan=plan, step=step, urgency=_urgency(step, now))
                for step in current
                if step.send_at <= until
            ]
    order = list(Urgency)
    items.sort(key=lambda item: (order.index(item.urgency), item.step.send_at))
    return Agenda(items=tuple(items), questions=tuple(questions))


def _urgency(step: Step, now: dt.datetime) -> Urgency:
    if step.state is State.OVERDUE:
        return Urgency.OVERDUE
    return Urgency.DUE if step.send_at <= now else Urgency.COMING


def _by_silence(plan: Plan, now: dt.datetime) -> Iterator[tuple[list[Step], list[Step]]]:
    """Yield, for each interview and episode, the live steps and those that were overtaken."""
    groups: dict[tuple[str, int, bool], list[Step]] = {}
    for step in plan.steps:
        if step.state in _LIVE:
            alone = step.kind in {StepKind.REPLY, StepKind.KEEP_IN_TOUCH}
            groups.setdefault((step.interview, step.episode, alone), []).append(step)
    for steps in groups.values():
        begun = [n for n, step in enumerate(steps) if step.send_at <= now]
        overtaken = [
            step
            for n, step in enumerate(steps)
            if step.state is State.OVERDUE
            and ((begun and n < begun[-1]) or is_overtaken(step, plan) or _too_late(step, now))
        ]
        yield [step for step in steps if step not in overtaken], overtaken


def _too_late(step: Step, now: dt.datetime) -> bool:
    return step.kind is StepKind.THANK_YOU and now - step.send_at >= _THANKS_STILL * timing.DAY


def is_overtaken(step: Step, plan: Plan) -> bool:
    """Whether nobody goes back to this step: a later one of its silence was done, or its time came.

    Thanks that are late are still worth sending until the first follow-up opens.
    """
    return any(_overtakes(other, step) for other in plan.steps)


def _overtakes(other: Step, step: Step) -> bool:
    if (other.interview, other.episode) != (step.interview, step.episode):
        return False
    if other.kind not in _CAN_WAIT or other.send_at <= step.send_at:
        return False
    late_thanks = step.kind is StepKind.THANK_YOU and step.state is State.OVERDUE
    return other.state is State.DONE or (late_thanks and other.state is not State.UPCOMING)


def clashes(plans: Iterable[Plan], *, now: dt.datetime, address_of: AddressOf) -> tuple[Clash, ...]:
    """Return who would be written to by two applications within a week, by time.

    Of each person the first time only: who changes that changes those after it.
    What was sent in the week before counts too. `address_of` tells to which
    address a step of a plan is written, if known.
    """
    by_address: dict[str, list[Message]] = {}
    for plan in plans:
        for message in _messages(plan, now):
            address = address_of(plan, message.step)
            if address:
                by_address.setdefault(address.casefold(), []).append(message)
    first = (next(_too_close(address, sent), None) for address, sent in by_address.items())
    found = [clash for clash in first if clash]
    return tuple(sorted(found, key=lambda clash: (clash.earlier.day, clash.later.day)))


def _messages(plan: Plan, now: dt.datetime) -> Iterator[Message]:
    """Yield what was or may still be written; what is due is written today at the earliest.

    Thanks and replies that are overdue were sent without a word here, or never will be.
    """
    today = timing.day_of(now, plan.employer_zone)
    current = {id(step) for steps, _ in _by_silence(plan, now) for step in steps}
    for step in plan.steps:
        if step.kind not in _MESSAGES:
            continue
        if step.sent_at is not None:
            yield Message(plan=plan, step=step, day=timing.day_of(step.sent_at, plan.employer_zone))
        elif id(step) in current and (step.kind in _CAN_WAIT or step.state is not State.OVERDUE):
            yield Message(plan=plan, step=step, day=max(step.recommended, today))


def _too_close(address: str, messages: list[Message]) -> Iterator[Clash]:
    messages = sorted(messages, key=lambda one: (one.day, one.step.send_at))
    for earlier, later in itertools.combinations(messages, 2):
        of_one = earlier.plan.application.id == later.plan.application.id
        if of_one or later.day - earlier.day >= CLASH_DAYS * timing.DAY:
            continue
        clash = _clash(address, earlier, later)
        if clash:
            yield clash


def _clash(address: str, earlier: Message, later: Message) -> Clash | None:
    """Return the clash, unless neither can wait: thanks and replies have their own day."""
    for kept, waits in ((earlier, later), (later, earlier)):
        if waits.step.state is not State.DONE and waits.step.kind in _CAN_WAIT:
            better = timing.days_after(kept.day, CLASH_DAYS)
            return Clash(address=address, earlier=earlier, later=later, waits=waits, better=better)
    return None
