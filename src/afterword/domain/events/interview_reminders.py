"""Two optional reminders around an interview; no steps of the plan, and off unless set.

Half an hour before it: the things to do before it ends. Right after it: to
note down what was said while it is fresh (article: "right after the interview").
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
    """The two reminders."""

    BEFORE = "before"
    AFTER = "after"


ReminderTexts = Callable[[Plan, InterviewReminder], EventText]


def build_interview_reminders(
    plan: Plan, which: Collection[InterviewReminder], words: ReminderTexts
) -> Iterator[Event]:
    """Yield the chosen reminders of every interview that takes place."""
    if _is_over(plan):
        return
    for interview in plan.application.interviews:
        if interview.status is InterviewStatus.CANCELLED:
            continue
        for around in InterviewReminder:
            if around in which:
                yield _event(plan, interview, around, words(plan, around))


def _is_over(plan: Plan) -> bool:
    """Whether the application was closed, or the last answer was a rejection."""
    over = False
    for logged in plan.timeline.log:
        entry = logged.entry
        if entry.heard:
            over = entry.heard is Answer.REJECTED
        over = (over or entry.closed) and not entry.reopened
    return over


def _event(plan: Plan, interview: Interview, around: InterviewReminder, text: EventText) -> Event:
    start = interview.end.astimezone(dt.UTC)
    if around is InterviewReminder.BEFORE:
        start = interview.start.astimezone(dt.UTC) - datemath.HALF_HOUR
    uid = uids.stable_uuid(plan.application.id, interview.id, "around", around)
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
