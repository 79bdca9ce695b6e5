"""Build the two optional reminders before and after an interview; they are off by default.

The first lists, half an hour before, the things to do before the interview
ends. The second asks for notes right after it (article: "right after the
interview").
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Collection, Iterator

from afterword.domain import datemath, uids
from afterword.domain.events.build_events import CATEGORIES, newest_change
from afterword.domain.events.event import Alarm, Event, EventText
from afterword.domain.model import Answer, Interview, InterviewStatus
from afterword.domain.planning.plan import Plan

_LENGTH = dt.timedelta(minutes=15)


class InterviewReminder(enum.StrEnum):
    """A reminder before or after an interview."""

    BEFORE = "before"
    AFTER = "after"


ReminderTexts = Callable[[Plan, Interview, InterviewReminder], EventText]


def build_interview_reminders(
    plan: Plan, chosen: Collection[InterviewReminder], texts: ReminderTexts
) -> Iterator[Event]:
    """Yield the chosen reminders of every interview that is not cancelled."""
    if _is_over(plan):
        return
    for interview in plan.application.interviews:
        if interview.status is InterviewStatus.CANCELLED:
            continue
        for reminder in InterviewReminder:
            if reminder in chosen:
                yield _event(plan, interview, reminder, texts(plan, interview, reminder))


def _is_over(plan: Plan) -> bool:
    """Return True if the application is closed or its last answer is a rejection."""
    over = False
    for logged in plan.timeline.log:
        entry = logged.entry
        if entry.heard:
            over = entry.heard is Answer.REJECTED
        over = (over or entry.closed) and not entry.reopened
    return over


def _event(plan: Plan, interview: Interview, reminder: InterviewReminder, text: EventText) -> Event:
    start = interview.end.astimezone(dt.UTC)
    if reminder is InterviewReminder.BEFORE:
        start = interview.start.astimezone(dt.UTC) - datemath.HALF_HOUR
    uid = uids.stable_uuid(plan.application.id, interview.id, "around", reminder)
    return Event(
        uid=uid,
        start=start,
        end=start + _LENGTH,
        summary=text.summary,
        description=text.description,
        stamp=newest_change(plan, interview.id),
        categories=CATEGORIES,
        alarm=Alarm(uid=uids.stable_uuid(uid, "alarm"), before=dt.timedelta(0), text=text.summary),
    )
