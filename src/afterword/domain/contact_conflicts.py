"""Who would hear from two applications within a week: a recruiter with two roles, say.

What was sent in the week before counts as much as what is planned. Thanks and
replies keep their day; a follow-up can wait.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import by_episode
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan, Step, StepState

CONFLICT_DAYS = 7
"""Two messages to one person from two applications are a week apart, as any two are."""

_CAN_WAIT = {StepKind.FIRST, StepKind.SECOND}
_MESSAGES = {*_CAN_WAIT, StepKind.THANK_YOU, StepKind.REPLY}

AddressOf = Callable[[Plan, Step], str | None]


@attrs.frozen(kw_only=True)
class PlannedMessage:
    """A step that is written to somebody, and the employer's day on which it is."""

    plan: Plan
    step: Step
    day: dt.date


@attrs.frozen(kw_only=True)
class ContactConflict:
    """One person who would hear from two applications within a week.

    `waits` is the one of the two that should: the later one, unless only the
    earlier one can. `better` is a day for it, a week from the other's.
    """

    address: str
    earlier: PlannedMessage
    later: PlannedMessage
    waits: PlannedMessage
    better: dt.date


def find_contact_conflicts(
    plans: Iterable[Plan], *, now: dt.datetime, address_of: AddressOf
) -> tuple[ContactConflict, ...]:
    """Return who would be written to by two applications within a week, by time.

    Of each person the first time only: who changes that changes those after it.
    Two clients of a coach are two people, who may write to one. `address_of`
    tells to which address a step of a plan is written, if known.
    """
    letters: dict[tuple[str, tuple[str, str]], list[PlannedMessage]] = {}
    for plan in plans:
        for message in _messages(plan, now):
            address = address_of(plan, message.step)
            if address:
                pair = address.casefold(), plan.application.whose
                letters.setdefault(pair, []).append(message)
    first = (next(_too_close(address, sent), None) for (address, _), sent in letters.items())
    found = [clash for clash in first if clash]
    return tuple(sorted(found, key=lambda clash: (clash.earlier.day, clash.later.day)))


def _messages(plan: Plan, now: dt.datetime) -> Iterator[PlannedMessage]:
    """Yield what was or may still be written; what is due is written today at the earliest.

    Thanks and replies that are overdue were sent without a word here, or never will be.
    """
    today = datemath.day_of(now, plan.employer_zone)
    current = {id(step) for steps, _ in by_episode(plan, now) for step in steps}
    for step in plan.steps:
        if step.kind not in _MESSAGES:
            continue
        if step.sent_at is not None:
            yield PlannedMessage(
                plan=plan, step=step, day=datemath.day_of(step.sent_at, plan.employer_zone)
            )
        elif id(step) in current and (
            step.kind in _CAN_WAIT or step.state is not StepState.OVERDUE
        ):
            yield PlannedMessage(plan=plan, step=step, day=max(step.recommended, today))


def _too_close(address: str, messages: list[PlannedMessage]) -> Iterator[ContactConflict]:
    messages = sorted(messages, key=lambda one: (one.day, one.step.send_at))
    for earlier, later in itertools.combinations(messages, 2):
        of_one = earlier.plan.application.id == later.plan.application.id
        if of_one or later.day - earlier.day >= CONFLICT_DAYS * datemath.DAY:
            continue
        clash = _conflict(address, earlier, later)
        if clash:
            yield clash


def _conflict(
    address: str, earlier: PlannedMessage, later: PlannedMessage
) -> ContactConflict | None:
    """Return the clash, unless neither can wait: thanks and replies have their own day."""
    for kept, waits in ((earlier, later), (later, earlier)):
        if waits.step.state is not StepState.DONE and waits.step.kind in _CAN_WAIT:
            better = datemath.next_business_day(
                datemath.days_after(kept.day, CONFLICT_DAYS), datemath.is_weekday
            )
            return ContactConflict(
                address=address, earlier=earlier, later=later, waits=waits, better=better
            )
    return None
