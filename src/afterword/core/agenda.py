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

CLASH_DAYS = 7
"""Two messages to one person from two applications are a week apart, as any two are."""

_LIVE = {State.UPCOMING, State.OPEN, State.OVERDUE, State.LATE}
_MESSAGES = {StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND, StepKind.REPLY}


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
class Clash:
    """One person who would hear from two applications within a week.

    `better` is a week after the earlier one's day.
    """

    address: str
    earlier: Item
    later: Item
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
    """Yield, for each interview and episode, the live steps and those that they overtook."""
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
            if step.state is State.OVERDUE and begun and n < begun[-1]
        ]
        yield [step for step in steps if step not in overtaken], overtaken


def clashes(plans: Iterable[Plan], *, now: dt.datetime, address_of: AddressOf) -> tuple[Clash, ...]:
    """Return who would be written to by two applications within a week, from now on.

    `address_of` tells to which address a step of a plan is written, if known.
    """
    by_address: dict[str, list[Item]] = {}
    for plan in plans:
        for step in plan.steps:
            waits = step.state in _LIVE and step.kind in _MESSAGES and step.send_at > now
            address = address_of(plan, step) if waits else None
            if address:
                item = Item(plan=plan, step=step, urgency=Urgency.COMING)
                by_address.setdefault(address.casefold(), []).append(item)
    found = (clash for address, items in by_address.items() for clash in _too_close(address, items))
    return tuple(sorted(found, key=lambda clash: clash.earlier.step.send_at))


def _too_close(address: str, items: list[Item]) -> Iterator[Clash]:
    items = sorted(items, key=lambda item: item.step.send_at)
    for earlier, later in itertools.pairwise(items):
        one, other = earlier.plan.application.id, later.plan.application.id
        gap = later.step.recommended - earlier.step.recommended
        if one != other and gap < CLASH_DAYS * timing.DAY:
            better = timing.days_after(earlier.step.recommended, CLASH_DAYS)
            yield Clash(address=address, earlier=earlier, later=later, better=better)
