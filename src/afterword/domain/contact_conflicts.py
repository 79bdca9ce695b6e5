"""Find people who would get messages about two applications within a week.

A recruiter with two roles is an example. Messages already sent count as much
as planned ones. A follow-up can be postponed; thank-yous and replies cannot.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import by_episode
from afterword.domain.model import FOLLOW_UPS, StepKind
from afterword.domain.planning.plan import Plan, Step, StepState

CONFLICT_DAYS = 7
"""Days between two messages to one person; the same as between two follow-ups."""

_MESSAGES = {*FOLLOW_UPS, StepKind.THANK_YOU, StepKind.REPLY}

AddressOf = Callable[[Plan, Step], str | None]


@attrs.frozen(kw_only=True)
class PlannedMessage:
    """The message of a step, and the employer's day of sending it."""

    plan: Plan
    step: Step
    day: dt.date


@attrs.frozen(kw_only=True)
class ContactConflict:
    """Two messages to the same person within a week, about different applications.

    `waits` is the message to postpone: the later one, unless only the earlier
    one can be. `better` is a day for it, a week after the other one.
    """

    address: str
    earlier: PlannedMessage
    later: PlannedMessage
    waits: PlannedMessage
    better: dt.date


def find_contact_conflicts(
    plans: Iterable[Plan], *, now: dt.datetime, address_of: AddressOf
) -> tuple[ContactConflict, ...]:
    """Return the first conflict of each recipient, by time.

    Only the first, because postponing a message changes the later conflicts.
    Two clients of a coach may write to the same person. `address_of` returns
    the recipient's address of a step, None if unknown.
    """
    messages: dict[tuple[str, tuple[str, str]], list[PlannedMessage]] = {}
    for plan in plans:
        for message in _messages(plan, now):
            address = address_of(plan, message.step)
            if address:
                key = address.casefold(), plan.application.applicant_key
                messages.setdefault(key, []).append(message)
    firsts = (next(_conflicts(address, of_key), None) for (address, _), of_key in messages.items())
    return tuple(sorted(filter(None, firsts), key=lambda c: (c.earlier.day, c.later.day)))


def _messages(plan: Plan, now: dt.datetime) -> Iterator[PlannedMessage]:
    """Yield the messages that were sent or may still be, the due ones with today as their day.

    An overdue thank-you or reply was sent without a log entry, or never will be.
    """
    today = datemath.day_of(now, plan.employer_zone)
    current = {id(step) for steps, _ in by_episode(plan, now) for step in steps}
    for step in plan.steps:
        if step.kind not in _MESSAGES:
            continue
        if step.sent_at is not None:
            sent_on = datemath.day_of(step.sent_at, plan.employer_zone)
            yield PlannedMessage(plan=plan, step=step, day=sent_on)
        elif id(step) in current and (
            step.kind in FOLLOW_UPS or step.state is not StepState.OVERDUE
        ):
            yield PlannedMessage(plan=plan, step=step, day=max(step.recommended, today))


def _conflicts(address: str, messages: list[PlannedMessage]) -> Iterator[ContactConflict]:
    messages = sorted(messages, key=lambda message: (message.day, message.step.send_at))
    for earlier, later in itertools.combinations(messages, 2):
        same_application = earlier.plan.application.id == later.plan.application.id
        if same_application or later.day - earlier.day >= CONFLICT_DAYS * datemath.DAY:
            continue
        conflict = _conflict(address, earlier, later)
        if conflict:
            yield conflict


def _conflict(
    address: str, earlier: PlannedMessage, later: PlannedMessage
) -> ContactConflict | None:
    """Return the conflict of two messages, None if neither can be postponed."""
    for fixed, waits in ((earlier, later), (later, earlier)):
        if waits.step.state is not StepState.DONE and waits.step.kind in FOLLOW_UPS:
            better = datemath.next_business_day(
                datemath.days_after(fixed.day, CONFLICT_DAYS), datemath.is_weekday
            )
            return ContactConflict(
                address=address, earlier=earlier, later=later, waits=waits, better=better
            )
    return None
