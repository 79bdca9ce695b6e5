"""The timeline of an application: marks on a scale of days, and the same as text."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import InterviewStatus, StepKind
from afterword.domain.planning.plan import StepState
from afterword.page.page_model import DateFormats, PageApplication, PageStep

MOST_DAYS_BEFORE, MOST_DAYS_AFTER = 126, 56
"""How far the scale of current applications reaches from today, at most."""
_MARGIN = 2
_MOST_LABELS = 5
_DAY_SECONDS = 86_400


class MarkShape(enum.StrEnum):
    """The shape of a mark, so that no meaning depends on colour alone."""

    INTERVIEW = "interview"
    ANSWER = "answer"
    MESSAGE = "message"
    CHECKPOINT = "checkpoint"
    WINDOW = "window"
    DEADLINE = "deadline"


@attrs.frozen(kw_only=True)
class PictureMark:
    """A mark from `first` to `last`; `best` is the recommended day of a window.

    All are positions in days: the ordinal of the day and the part of it that has passed.
    """

    shape: MarkShape
    first: float
    last: float
    best: int | None = None
    state: str
    text: str
    interview: str
    step: str = ""
    episode: int = 0


@attrs.frozen(kw_only=True)
class DayScale:
    """The days from `first` to `last`, both inclusive, over the whole width."""

    first: int
    last: int

    def percent(self, position: float) -> float:
        """Return the position in percent of the width."""
        width = self.last + 1 - self.first
        return round((position - self.first) / width * 100, 3)

    def span(self, mark: PictureMark) -> tuple[float, float]:
        """Return left edge and width of a mark in percent, within the scale."""
        left, right = (
            self.percent(min(max(each, self.first), self.last + 1))
            for each in (mark.first, mark.last)
        )
        return left, round(right - left, 3)

    def contains(self, mark: PictureMark) -> bool:
        """True if any of the mark is on the scale."""
        return mark.last >= self.first and mark.first <= self.last + 1

    def ticks(self) -> list[dt.date]:
        """Return the days to label: Mondays, at most five of them, with equal steps."""
        monday = self.first + (-(self.first - 1)) % 7
        mondays = range(monday, self.last + 1, 7)
        step = max(1, -(-len(mondays) // _MOST_LABELS))
        return [dt.date.fromordinal(day) for day in mondays[::step]]


def day_position(moment: dt.datetime, zone: ZoneInfo) -> float:
    """Return the position of a moment on the user's clock."""
    local = moment.astimezone(zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return local.toordinal() + seconds / _DAY_SECONDS


def timeline_marks(
    application: PageApplication, zone: ZoneInfo, formats: DateFormats
) -> tuple[PictureMark, ...]:
    """Return the marks of an application, in the order of time."""
    marks = [
        *_interview_marks(application, zone, formats),
        *_answer_marks(application, zone, formats),
        *(mark for step in application.steps for mark in _step_marks(step, zone, formats)),
    ]
    return tuple(sorted(marks, key=lambda mark: mark.first))


def _interview_marks(
    application: PageApplication, zone: ZoneInfo, formats: DateFormats
) -> Iterator[PictureMark]:
    for interview in application.interviews:
        cancelled = interview.status is InterviewStatus.CANCELLED
        at = formats.format_moment(interview.start.astimezone(zone))
        position = day_position(interview.start, zone)
        yield PictureMark(
            shape=MarkShape.INTERVIEW,
            first=position,
            last=position,
            state="withdrawn" if cancelled else "done",
            text=f"{'Cancelled interview' if cancelled else 'Interview'}: {at}",
            interview=interview.id,
        )


def _answer_marks(
    application: PageApplication, zone: ZoneInfo, formats: DateFormats
) -> Iterator[PictureMark]:
    for answer in application.plan.timeline.answers:
        position = day_position(answer.at, zone)
        at = formats.format_moment(answer.at.astimezone(zone))
        yield PictureMark(
            shape=MarkShape.ANSWER,
            first=position,
            last=position,
            state=str(answer.entry.heard),
            text=f"Answer, {answer.entry.heard}: {at}",
            interview=application.interviews[answer.interview].id,
        )


def _step_marks(each: PageStep, zone: ZoneInfo, formats: DateFormats) -> Iterator[PictureMark]:
    """Yield the window of a step, and the moment at which it is or was done."""
    step = each.step
    if step.state is StepState.WITHDRAWN:
        return

    def mark(
        shape: MarkShape, first: float, last: float, text: str, best: int | None = None
    ) -> PictureMark:
        return PictureMark(
            shape=shape,
            first=first,
            last=last,
            best=best,
            state=str(step.state),
            text=f"{each.label}, {step.state}: {text}",
            interview=step.interview,
            step=str(step.kind),
            episode=step.episode,
        )

    at = step.sent_at or step.send_at
    position, when = day_position(at, zone), formats.format_moment(at.astimezone(zone))
    if step.kind in {StepKind.MOVE_ON, StepKind.KEEP_IN_TOUCH}:
        yield mark(MarkShape.CHECKPOINT, position, position, when)
    elif isinstance(step.opens, dt.datetime) and isinstance(step.closes, dt.datetime):
        opens, closes = (day_position(moment, zone) for moment in (step.opens, step.closes))
        yield mark(MarkShape.DEADLINE, opens, closes, each.dates)
        yield mark(MarkShape.MESSAGE, position, position, when)
    else:
        best = step.recommended.toordinal()
        day = formats.format_day(step.recommended)
        window = f"{each.dates}, recommended {day}"
        yield mark(
            MarkShape.WINDOW, step.opens.toordinal(), step.closes.toordinal() + 1, window, best
        )
        if step.sent_at is not None:
            yield mark(MarkShape.MESSAGE, position, position, when)


def current_scale(marks: Iterable[PictureMark], today: dt.date) -> DayScale:
    """Return the scale of current applications: all of their marks, within some months of today."""
    now = today.toordinal()
    near = [
        position
        for mark in marks
        for position in (mark.first, mark.last)
        if now - MOST_DAYS_BEFORE <= position <= now + MOST_DAYS_AFTER
    ]
    return _scale([*near, now])


def whole_scale(marks: Iterable[PictureMark], today: dt.date) -> DayScale:
    """Return the scale of all marks."""
    positions = [position for mark in marks for position in (mark.first, mark.last)]
    return _scale(positions or [today.toordinal()])


def _scale(positions: Iterable[float]) -> DayScale:
    days = [int(position) for position in positions]
    least = datemath.FIRST_YEAR * 365
    return DayScale(first=max(min(days) - _MARGIN, least), last=max(days) + _MARGIN)
