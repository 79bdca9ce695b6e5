"""The agenda of all applications: steps that are due or to ask about, and messages in conflict.

A step whose time passed without a log entry may have been done. It is asked
about once the next step of its episode is due, instead of being due for ever.

Two messages to one person within a week are in conflict, such as to a recruiter
with two roles. Messages already sent count as much as planned ones. A follow-up
can be postponed; thank-yous and replies cannot.
"""

from __future__ import annotations

import datetime as dt
import enum
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, Application, StepKind, When
from afterword.domain.planning.plan import LIVE_STATES, Plan, Step, StepState

_LATE_THANKS_DAYS = 5
"""Days for which a late thank-you is worth sending; then the first follow-up says thanks."""


CONFLICT_DAYS = 7
"""Days between two messages to one person; the same as between two follow-ups."""

_MESSAGES = {*FOLLOW_UPS, StepKind.THANK_YOU, StepKind.REPLY}

_LARGEST_DATE_DIFFERENCE = 2 * datemath.DAY
"""How far apart the dates of one instant can be in two zones (UTC+14 and UTC-12)."""

AddressOf = Callable[[Application], str | None]
ContactKey = tuple[str, tuple[str, str]]
"""The casefolded address of a main contact, and the applicant who writes to it."""


class Urgency(enum.StrEnum):
    """The urgency of an agenda item, the most urgent first."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


class AgendaItem(NamedTuple):
    """A step to do."""

    plan: Plan
    step: Step
    urgency: Urgency


class UnconfirmedStep(NamedTuple):
    """A step whose time passed without a log entry: it may have been done or not."""

    plan: Plan
    step: Step


class Agenda(NamedTuple):
    """The steps that are due or coming, and the steps to ask about."""

    items: tuple[AgendaItem, ...]
    questions: tuple[UnconfirmedStep, ...]


def may_be_due(application: Application, *, now: dt.datetime, days: int) -> bool:
    """Return False if the plan of an application cannot add to the agenda of the coming `days`.

    That takes no plan: nothing is to be done once it is closed, except on a day chosen to keep
    in touch, and no step is due before the first day that the interviews and the log state.
    """
    log = application.log
    if any(entry.closed for entry in log) and not any(
        entry.reopened or entry.keep_in_touch for entry in log
    ):
        return False
    last = datemath.days_after(now.date(), days) + _LARGEST_DATE_DIFFERENCE
    # Steps are counted from or moved to these days; others only delay a step.
    starts = (interview.start for interview in application.interviews)
    logged = (day for entry in log for day in (entry.at, entry.to, entry.keep_in_touch) if day)
    return any(_date(day) <= last for day in itertools.chain(starts, logged))


def _date(when: When) -> dt.date:
    return when.date() if isinstance(when, dt.datetime) else when


def build_agenda(plans: Iterable[Plan], *, now: dt.datetime, days: int) -> Agenda:
    """Return the agenda of the coming `days`, by urgency, then by time."""
    until = now + days * datemath.DAY
    items: list[AgendaItem] = []
    questions: list[UnconfirmedStep] = []
    for plan in plans:
        for current, passed in _by_episode(plan, now):
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


def _by_episode(plan: Plan, now: dt.datetime) -> Iterator[tuple[list[Step], list[Step]]]:
    """Yield, for each episode, its steps still to be done and its unconfirmed steps.

    An episode whose move-on step is done has neither.
    """
    groups: dict[tuple[str, int, bool], list[Step]] = {}
    for step in plan.steps:
        groups.setdefault(_episode_key(step), []).append(step)
    for steps in groups.values():
        if any(step.kind is StepKind.MOVE_ON and step.state is StepState.DONE for step in steps):
            continue
        live = [step for step in steps if step.state in LIVE_STATES]
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
    steps = sorted(plan.steps, key=lambda step: step.send_at)
    in_time = [step for step in steps if step.state in {StepState.OPEN, StepState.LATE}]
    overdue = [step for step in steps if step.state is StepState.OVERDUE]
    missed = [step for step in overdue if not is_superseded(step, plan)]
    coming = [step for step in steps if step.state is StepState.UPCOMING]
    return next(iter((*in_time[:1], *missed[-1:], *coming)), None)


def is_superseded(step: Step, plan: Plan) -> bool:
    """Return True if the step is obsolete: a later step of the same episode is done.

    An overdue thank-you is superseded as soon as the first follow-up opens.
    """
    key = _episode_key(step)
    late_thanks = step.kind is StepKind.THANK_YOU and step.state is StepState.OVERDUE
    return any(
        later.state is StepState.DONE or (late_thanks and later.state is not StepState.UPCOMING)
        for later in plan.steps
        if later.send_at > step.send_at and _episode_key(later) == key
    )


class PlannedMessage(NamedTuple):
    """The message of a step, and the employer's day of sending it."""

    plan: Plan
    step: Step
    day: dt.date


class ContactConflict(NamedTuple):
    """Two messages to the same person within a week, about different applications.

    `waits` is the message to postpone: the later one, unless only the earlier
    one can be. `better` is a day for it, a week after the other one.
    """

    address: str
    earlier: PlannedMessage
    later: PlannedMessage
    waits: PlannedMessage
    better: dt.date


def shared_contacts(
    applications: Iterable[Application], address_of: AddressOf
) -> list[ContactKey | None]:
    """Return the contact of each application, None where no other application has the same.

    `address_of` returns the address of an application's main contact, None if unknown.
    """
    contacts = [
        (address.casefold(), application.applicant_key) if address else None
        for application in applications
        for address in [address_of(application)]
    ]
    counted = Counter(contacts)
    return [contact if counted[contact] > 1 else None for contact in contacts]


def find_contact_conflicts(
    plans: Iterable[Plan], *, now: dt.datetime, address_of: AddressOf
) -> tuple[ContactConflict, ...]:
    """Return the first conflict of each recipient, by time.

    Only the first, because postponing a message changes the later conflicts.
    Two clients of a coach may write to the same person.
    """
    plans = tuple(plans)
    contacts = shared_contacts((plan.application for plan in plans), address_of)
    messages: dict[ContactKey, list[PlannedMessage]] = {}
    for plan, contact in zip(plans, contacts, strict=True):
        if contact:
            for message in _messages(plan, now):
                messages.setdefault(contact, []).append(message)
    firsts = (next(_conflicts(address, of_key), None) for (address, _), of_key in messages.items())
    return tuple(sorted(filter(None, firsts), key=lambda c: (c.earlier.day, c.later.day)))


def _messages(plan: Plan, now: dt.datetime) -> Iterator[PlannedMessage]:
    """Yield the messages that were sent or may still be, the due ones with today as their day.

    An overdue thank-you or reply was sent without a log entry, or never will be.
    """
    today = plan.employer_day(now)
    current = {id(step) for steps, _ in _by_episode(plan, now) for step in steps}
    for step in plan.steps:
        if step.kind not in _MESSAGES:
            continue
        if step.sent_at is not None:
            yield PlannedMessage(plan=plan, step=step, day=plan.employer_day(step.sent_at))
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
