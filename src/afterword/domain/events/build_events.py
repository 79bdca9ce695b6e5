"""From a plan to calendar events: when each begins and ends, and when it rings.

Each event has at most one alarm, at or before its own start: that is all that
every phone, Outlook and Google agree on. A done step keeps its act event at
the moment it was sent, silent; a withdrawn one has no events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from afterword.domain import datemath, uids
from afterword.domain.events.event import Alarm, Event, EventRole, EventText
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.policy import Policy

_ACT = dt.timedelta(minutes=15)
_FRAME = datemath.HALF_HOUR
_WARNING = 2 * datemath.HOUR
CATEGORIES = ("Job search",)

EventTexts = Callable[[Plan, Step, EventRole], EventText]


def build_events(plan: Plan, words: EventTexts, policy: Policy) -> tuple[Event, ...]:
    """Return the events of a plan, acts before frames, in the order of its steps."""
    return tuple(event for step in plan.steps for event in _of_step(plan, step, words, policy))


def _of_step(plan: Plan, step: Step, words: EventTexts, policy: Policy) -> Iterator[Event]:
    if step.state is StepState.WITHDRAWN:
        return
    if step.sent_at is not None:
        yield _event(plan, step, EventRole.ACT, (step.sent_at, step.sent_at + _ACT), words, None)
        return
    act = (step.send_at, step.send_at + _ACT)
    yield _event(plan, step, EventRole.ACT, act, words, dt.timedelta(0))
    if isinstance(step.closes, dt.datetime):
        frame = _deadline(plan, step.closes, act[1], policy)
        if frame is not None:
            warning = _warning(plan, frame[0], act[1], policy)
            yield _event(plan, step, EventRole.FRAME, frame, words, warning)
    elif EventRole.FRAME in step.uids:
        yield _event(plan, step, EventRole.FRAME, window_days(plan, step, policy), words, None)


def _event(
    plan: Plan,
    step: Step,
    part: EventRole,
    span: tuple[dt.date, dt.date],
    words: EventTexts,
    before: dt.timedelta | None,
) -> Event:
    text = words(plan, step, part)
    uid = step.uids[part]
    alarm = None
    if before is not None:
        alarm = Alarm(uid=uids.stable_uuid(uid, "alarm"), before=before, text=text.summary)
    return Event(
        uid=uid,
        start=span[0],
        end=span[1],
        summary=text.summary,
        description=text.description,
        url=text.url,
        stamp=newest_change(plan, step.interview),
        categories=CATEGORIES,
        alarm=alarm,
    )


def newest_change(plan: Plan, interview: str) -> dt.datetime:
    """Return a stamp that nothing but the facts decides: the newest, or the interview's year."""
    if plan.changed is not None:
        return plan.changed
    held = next(i for i in plan.application.interviews if i.id == interview)
    return dt.datetime(held.start.year, 1, 1, tzinfo=dt.UTC)


def _deadline(
    plan: Plan, closes: dt.datetime, act_end: dt.datetime, policy: Policy
) -> tuple[dt.datetime, dt.datetime] | None:
    """Return the last half hour before a deadline, earlier where that is at night.

    Never later than the deadline and never before the act's end: where both
    leave no room there is no frame.
    """
    day = datemath.day_of(closes, plan.zone)
    ends = [
        min(closes, sleeps)
        for wakes, sleeps in (
            datemath.hours_on(day - n * datemath.DAY, policy.waking, plan.zone) for n in range(3)
        )
        if min(closes, sleeps) - _FRAME >= wakes
    ]
    end = max(ends, default=closes)
    start = max(end - _FRAME, act_end)
    if start < end:
        return start, end
    return (act_end, min(act_end + _FRAME, closes)) if act_end < closes else None


def _warning(
    plan: Plan, start: dt.datetime, act_end: dt.datetime, policy: Policy
) -> dt.timedelta | None:
    """Return how long before the frame to ring: two hours, less where that is at night."""
    rings = start - _WARNING
    wakes, sleeps = datemath.hours_on(datemath.day_of(start, plan.zone), policy.waking, plan.zone)
    if wakes <= start < sleeps:
        rings = max(rings, wakes)
    return start - rings if rings >= act_end else None


def window_days(plan: Plan, step: Step, policy: Policy) -> tuple[dt.date, dt.date]:
    """Return the user's days on which that office is open in the window, end exclusive."""
    opens = datemath.at_local_time(step.opens, policy.office.start, plan.employer_zone)
    closes = datemath.at_local_time(step.closes, policy.office.end, plan.employer_zone)
    first, last = (datemath.day_of(moment, plan.zone) for moment in (opens, closes))
    return first, datemath.days_after(last, 1)
