"""Build the calendar events of a plan, and the optional reminders of its interviews.

Each event has at most one alarm, at or before its own start, because phones,
Outlook and Google agree on nothing else. A done step keeps its reminder event,
moved to when it was sent and without alarm; a withdrawn step has no events.

Two reminders of each interview are off by default. The first lists, half an hour before, the
things to do before the interview ends. The second asks for notes right after it (article: "right
after the interview").
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from afterword.domain import datemath, uids
from afterword.domain.calendar_model import Alarm, Event, EventRole, EventText
from afterword.domain.model import Answer, Interview, InterviewStatus, When
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.policy import Hours, InterviewReminder, Policy

_REMINDER_LENGTH = dt.timedelta(minutes=15)
_DEADLINE_LENGTH = datemath.HALF_HOUR
_WARNING = 2 * datemath.HOUR
_AT_START = dt.timedelta(0)
CATEGORIES = ("Job search",)

EventTexts = Callable[[Plan, Step, EventRole], EventText]

ReminderTexts = Callable[[Plan, Interview, InterviewReminder], EventText]


class _Slot(NamedTuple):
    """The time of an event, `end` exclusive, and how long before it its alarm rings, if any."""

    start: When
    end: When
    alarm_before: dt.timedelta | None = None


def build_events(plan: Plan, texts: EventTexts, policy: Policy) -> tuple[Event, ...]:
    """Return the events of a plan in the order of its steps, reminder before window events."""
    return tuple(
        _event(plan, step.interview, step.uids[role], texts(plan, step, role), slot)
        for step in plan.steps
        for role, slot in _slots(plan, step, policy)
    )


def _slots(plan: Plan, step: Step, policy: Policy) -> Iterator[tuple[EventRole, _Slot]]:
    """Yield the times of the events of a step."""
    if step.state is StepState.WITHDRAWN:
        return
    if step.sent_at is not None:
        yield EventRole.ACT, _Slot(step.sent_at, step.sent_at + _REMINDER_LENGTH)
        return
    reminder_end = step.send_at + _REMINDER_LENGTH
    yield EventRole.ACT, _Slot(step.send_at, reminder_end, _AT_START)
    if isinstance(step.closes, dt.datetime):
        deadline = _deadline_span(plan, step.closes, reminder_end, policy)
        if deadline is not None:
            warning = _warning(plan, deadline[0], reminder_end, policy)
            yield EventRole.FRAME, _Slot(*deadline, warning)
    elif EventRole.FRAME in step.uids:
        yield EventRole.FRAME, _Slot(*window_days(plan, step, policy.office))


def _event(plan: Plan, interview: str, uid: str, text: EventText, slot: _Slot) -> Event:
    alarm = None
    if slot.alarm_before is not None:
        alarm_uid = uids.stable_uuid(uid, "alarm")
        alarm = Alarm(uid=alarm_uid, before=slot.alarm_before, text=text.summary)
    return Event(
        uid=uid,
        start=slot.start,
        end=slot.end,
        summary=text.summary,
        description=text.description,
        url=text.url,
        stamp=_newest_change(plan, interview),
        categories=CATEGORIES,
        alarm=alarm,
    )


def _newest_change(plan: Plan, interview_id: str) -> dt.datetime:
    """Return the DTSTAMP of an event without saved state.

    It is the newest change of the application, else 1 January of the interview's year.
    """
    if plan.changed is not None:
        return plan.changed
    interview = next(i for i in plan.application.interviews if i.id == interview_id)
    return dt.datetime(interview.start.year, 1, 1, tzinfo=dt.UTC)


def _deadline_span(
    plan: Plan, closes: dt.datetime, reminder_end: dt.datetime, policy: Policy
) -> tuple[dt.datetime, dt.datetime] | None:
    """Return the last half hour before a deadline, moved earlier into waking hours.

    It is never later than the deadline and never before the end of the reminder
    event; None if that leaves no time.
    """
    day = datemath.day_of(closes, plan.zone)
    waking = (datemath.hours_on(day - n * datemath.DAY, policy.waking, plan.zone) for n in range(3))
    ends = (
        end for wakes, sleeps in waking if (end := min(closes, sleeps)) - _DEADLINE_LENGTH >= wakes
    )
    end = next(ends, closes)  # the latest, because the days go back
    start = max(end - _DEADLINE_LENGTH, reminder_end)
    if start < end:
        return start, end
    if reminder_end < closes:
        return reminder_end, min(reminder_end + _DEADLINE_LENGTH, closes)
    return None


def _warning(
    plan: Plan, start: dt.datetime, reminder_end: dt.datetime, policy: Policy
) -> dt.timedelta | None:
    """Return how long before the window event to ring: two hours, less if that is at night."""
    rings = start - _WARNING
    wakes, sleeps = datemath.hours_on(datemath.day_of(start, plan.zone), policy.waking, plan.zone)
    if wakes <= start < sleeps:
        rings = max(rings, wakes)
    return start - rings if rings >= reminder_end else None


# Both the window event and the text of a step need them.
@functools.lru_cache(maxsize=8)
def window_days(plan: Plan, step: Step, office: Hours) -> tuple[dt.date, dt.date]:
    """Return the user's days of a window of the employer's office hours, end exclusive."""
    opens = datemath.at_local_time(step.opens, office.start, plan.employer_zone)
    closes = datemath.at_local_time(step.closes, office.end, plan.employer_zone)
    return datemath.day_of(opens, plan.zone), datemath.day_of(closes, plan.zone) + datemath.DAY


def build_interview_reminders(
    plan: Plan, chosen: Collection[InterviewReminder], texts: ReminderTexts
) -> Iterator[Event]:
    """Yield the chosen reminders of every interview that is not cancelled."""
    if not chosen or _is_over(plan):
        return
    for interview in plan.application.interviews:
        if interview.status is InterviewStatus.CANCELLED:
            continue
        for reminder in InterviewReminder:
            if reminder in chosen:
                start = interview.end.astimezone(dt.UTC)
                if reminder is InterviewReminder.BEFORE:
                    start = interview.start.astimezone(dt.UTC) - datemath.HALF_HOUR
                uid = uids.stable_uuid(plan.application.id, interview.id, "around", reminder)
                slot = _Slot(start, start + _REMINDER_LENGTH, _AT_START)
                yield _event(plan, interview.id, uid, texts(plan, interview, reminder), slot)


def _is_over(plan: Plan) -> bool:
    """Return True if the application is closed or its last answer is a rejection."""
    over = False
    for logged in plan.timeline.log:
        entry = logged.entry
        if entry.heard:
            over = entry.heard is Answer.REJECTED
        over = (over or entry.closed) and not entry.reopened
    return over
