"""The pictures of the page: months, and timelines with marks on a scale of days, also as text."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import InterviewStatus, StepKind
from afterword.domain.planning.plan import StepState
from afterword.domain.timeline_chart import TimelineMark, timeline_marks
from afterword.messages.i18n import DateFormatter
from afterword.page.page_model import PageApplication, PageContent, PageStep

MONTHS_AHEAD = 2
"""Months after the current month that are open; others are folded."""

MOST_DAYS_BEFORE, MOST_DAYS_AFTER = 126, 56
"""How far the scale of current applications reaches from today, at most."""
_MARGIN = 2
_MOST_LABELS = 5
_DAY_SECONDS = 86_400


class DayEntry(NamedTuple):
    """An entry of a day."""

    at: dt.datetime
    text: str
    state: str
    application: PageApplication


class Month(NamedTuple):
    """A month in whole weeks. `is_near` is set on the current month and the next ones."""

    first: dt.date
    weeks: list[list[dt.date]]
    is_near: bool


def entries_by_day(content: PageContent) -> dict[dt.date, list[DayEntry]]:
    """Return the entries of each day on the user's calendar, by time."""
    entries = (entry for each in content.applications for entry in _entries(each))
    by_day = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.at):
        by_day[datemath.day_of(entry.at, content.zone)].append(entry)
    return by_day


def months_with_entries(days: Iterable[dt.date], content: PageContent) -> list[Month]:
    """Return the current month and the months of the days."""
    today = datemath.day_of(content.now, content.zone)
    week_start = calendar.SUNDAY if content.formats.language.american else calendar.MONDAY
    months = []
    for first in sorted({day.replace(day=1) for day in (today, *days)}):
        weeks = calendar.Calendar(week_start).monthdatescalendar(first.year, first.month)
        ahead = (first.year - today.year) * 12 + first.month - today.month
        months.append(Month(first, weeks, is_near=0 <= ahead <= MONTHS_AHEAD))
    return months


def _entries(application: PageApplication) -> Iterator[DayEntry]:
    for interview in application.interviews:
        if interview.status is not InterviewStatus.CANCELLED:
            yield DayEntry(interview.start, "interview", "interview", application)
    for answer in application.plan.timeline.answers:
        yield DayEntry(answer.at, f"answer, {answer.entry.heard}", "answer", application)
    for each in application.steps:
        step = each.step
        if step.state is not StepState.WITHDRAWN:
            yield DayEntry(step.sent_at or step.send_at, each.label, str(step.state), application)


MarkShape = Literal["interview", "answer", "message", "checkpoint", "window", "deadline"]
"""The shape of a mark, so that no meaning depends on colour alone."""


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

    def ticks(self) -> range:
        """Return the days to label: Mondays, at most five of them, with equal steps."""
        monday = self.first + (-(self.first - 1)) % 7
        mondays = range(monday, self.last + 1, 7)
        step = max(1, -(-len(mondays) // _MOST_LABELS))
        return mondays[::step]


def day_position(moment: dt.datetime, zone: ZoneInfo) -> float:
    """Return the position of a moment on the user's clock."""
    local = moment.astimezone(zone)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return local.toordinal() + seconds / _DAY_SECONDS


def picture_marks(
    application: PageApplication, now: dt.datetime, zone: ZoneInfo, formats: DateFormatter
) -> tuple[PictureMark, ...]:
    """Return the marks of an application, in the order of time."""
    steps = {id(each.step): each for each in application.steps}
    marks = (
        drawn
        for mark in timeline_marks(application.plan, now=now)
        for drawn in _drawn(mark, steps.get(id(mark.planned)), zone, formats)
    )
    return tuple(sorted(marks, key=lambda mark: mark.first))


def _drawn(
    mark: TimelineMark, each: PageStep | None, zone: ZoneInfo, formats: DateFormatter
) -> Iterator[PictureMark]:
    """Yield the parts of a mark: the window of a step, and its moment."""
    at = formats.format_moment(mark.at.astimezone(zone))
    position = day_position(mark.at, zone)
    part = functools.partial(PictureMark, interview=mark.interview)
    if each is None:
        answer = mark.answer
        yield part(
            shape="answer" if answer else "interview",
            first=position,
            last=position,
            state=str(answer or "done"),
            text=f"Answer, {answer}: {at}" if answer else f"Interview: {at}",
        )
        return
    step = each.step
    named = f"{each.label}, {step.state}"
    part = functools.partial(part, state=str(step.state), step=str(step.kind), episode=step.episode)
    moment = functools.partial(part, first=position, last=position, text=f"{named}: {at}")
    if step.kind in {StepKind.MOVE_ON, StepKind.KEEP_IN_TOUCH}:
        yield moment(shape="checkpoint")
        return
    text = f"{named}: {each.dates}"
    if isinstance(step.opens, dt.datetime) and isinstance(step.closes, dt.datetime):
        first, last = (day_position(limit, zone) for limit in (step.opens, step.closes))
        yield part(shape="deadline", first=first, last=last, text=text)
        yield moment(shape="message")
        return
    yield part(
        shape="window",
        first=step.opens.toordinal(),
        last=step.closes.toordinal() + 1,
        best=step.recommended.toordinal(),
        text=f"{text}, recommended {formats.format_day(step.recommended)}",
    )
    if step.sent_at is not None:
        yield moment(shape="message")


def fitted_scale(marks: Iterable[PictureMark], today: dt.date, *, near_today: bool) -> DayScale:
    """Return the scale of the marks; `near_today`: only within some months of today, and of it."""
    now = today.toordinal()
    positions = [position for mark in marks for position in (mark.first, mark.last)]
    if near_today:
        first, last = now - MOST_DAYS_BEFORE, now + MOST_DAYS_AFTER
        positions = [now, *(each for each in positions if first <= each <= last)]
    days = [int(position) for position in positions] or [now]
    least = datemath.FIRST_YEAR * 365
    return DayScale(first=max(min(days) - _MARGIN, least), last=max(days) + _MARGIN)
