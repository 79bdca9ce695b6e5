"""Two optional reminders around an interview; no steps of the plan, and off unless set.

Half an hour before it: the things to do before it ends. Right after it: to
note down what was said while it is fresh (article: "right after the interview").
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Collection, Iterator

from afterword.core import identity, timing
from afterword.core.event import Alarm, Event, EventText
from afterword.core.events import CATEGORIES, stamp_of
from afterword.core.model import Answer, Interview, Plan, Status

_LENGTH = dt.timedelta(minutes=15)


class Around(enum.StrEnum):
    """The two reminders."""

    BEFORE = "before"
    AFTER = "after"


Words = Callable[[Plan, Around], EventText]


def compose(plan: Plan, which: Collection[Around], words: Words) -> Iterator[Event]:
    """Yield the chosen reminders of every interview that takes place."""
    if _is_over(plan):
        return
    for interview in plan.application.interviews:
        if interview.status is Status.CANCELLED:
            continue
        for around in Around:
            if around in which:
                yield _event(plan, interview, around, words(plan, around))


def _is_over(plan: Plan) -> bool:
    """Whether the application was closed, or the last answer was a rejection."""
    over = False
    for logged in plan.history.log:
        entry = logged.entry
        if entry.heard:
            over = entry.heard is Answer.REJECTED
        over = (over or entry.closed) and not entry.reopened
    return over


def _event(plan: Plan, interview: Interview, around: Around, text: EventText) -> Event:
    start = interview.end.astimezone(dt.UTC)
    if around is Around.BEFORE:
        start = interview.start.astimezone(dt.UTC) - timing.HALF_HOUR
    uid = identity.derived(plan.application.id, interview.id, "around", around)
    return Event(
        uid=uid,
        start=start,
        end=start + _LENGTH,
        summary=text.summary,
        description=text.description,
        stamp=stamp_of(plan, interview.id),
        categories=CATEGORIES,
        alarm=Alarm(uid=identity.derived(uid, "alarm"), before=dt.timedelta(0), text=text.summary),
    )
