"""The month view: weeks of days with interviews, steps and answers."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import InterviewStatus
from afterword.domain.planning.plan import StepState
from afterword.page.page_model import PageApplication, PageContent

MONTHS_AHEAD = 2
"""Months after the current month that are open; others are folded."""


@attrs.frozen(kw_only=True)
class DayEntry:
    """An entry of a day: its time on the user's clock, a text, and its application."""

    at: dt.datetime
    time: str
    text: str
    state: str
    application: int


@attrs.frozen(kw_only=True)
class MonthDay:
    """A day of a month with its entries; days of other months are None in a week."""

    day: dt.date
    is_today: bool
    entries: tuple[DayEntry, ...]


@attrs.frozen(kw_only=True)
class Month:
    """A month in weeks. `is_near` is set on the current month and the next ones."""

    first: dt.date
    weeks: tuple[tuple[MonthDay | None, ...], ...]
    is_near: bool

    @property
    def weekdays(self) -> tuple[dt.date, ...]:
        """Return a day of each weekday, in the order of a week."""
        full = next(week for week in self.weeks if None not in week)
        return tuple(each.day for each in full if each is not None)


def month_view(content: PageContent) -> tuple[Month, ...]:
    """Return the months that have entries, and the current month."""
    today = datemath.day_of(content.now, content.zone)
    by_day: dict[dt.date, list[DayEntry]] = {}
    for application in content.applications:
        for entry in _entries(application, content):
            by_day.setdefault(entry.at.date(), []).append(entry)
    firsts = {day.replace(day=1) for day in (today, *by_day)}
    return tuple(_month(first, by_day, today, content) for first in sorted(firsts))


def _month(
    first: dt.date, by_day: dict[dt.date, list[DayEntry]], today: dt.date, content: PageContent
) -> Month:
    week_start = calendar.SUNDAY if content.sunday_first else calendar.MONDAY
    weeks = tuple(
        tuple(
            MonthDay(
                day=day,
                is_today=day == today,
                entries=tuple(sorted(by_day.get(day, ()), key=lambda entry: entry.at)),
            )
            if day.month == first.month
            else None
            for day in week
        )
        for week in calendar.Calendar(week_start).monthdatescalendar(first.year, first.month)
    )
    ahead = (first.year - today.year) * 12 + first.month - today.month
    return Month(first=first, weeks=weeks, is_near=0 <= ahead <= MONTHS_AHEAD)


def _entries(application: PageApplication, content: PageContent) -> Iterator[DayEntry]:
    def entry(moment: dt.datetime, text: str, state: str) -> DayEntry:
        at = content.local(moment)
        return DayEntry(
            at=at,
            time=content.formats.clock(at),
            text=text,
            state=state,
            application=application.number,
        )

    for interview in application.interviews:
        if interview.status is not InterviewStatus.CANCELLED:
            yield entry(interview.start, "interview", "interview")
    for answer in application.plan.timeline.answers:
        yield entry(answer.at, f"answer, {answer.entry.heard}", "answer")
    for each in application.steps:
        if each.step.state is not StepState.WITHDRAWN:
            moment = each.step.sent_at or each.step.send_at
            yield entry(moment, each.label, str(each.step.state))
