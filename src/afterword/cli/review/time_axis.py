"""The horizontal axis of a timeline: which column a day has, and the days named above it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from afterword.domain import datemath
from afterword.messages.i18n import Language

_MAX_COLUMNS_OF_A_DAY = 3
_WEEKS_ARE_NAMED = 3
"""Up to so many days in a column, Mondays are named; beyond, the first days of months."""


@attrs.frozen(kw_only=True)
class TimeAxis:
    """An axis from `first` to `last` in `columns` columns.

    A day has several columns where there is room, or a column has several days.
    """

    first: dt.date
    last: dt.date
    columns: int
    columns_of_day: int = 1
    days_in_column: int = 1

    @classmethod
    def fitted(cls, first: dt.date, last: dt.date, width: int) -> TimeAxis:
        """Return the axis from the Monday of the first day in at most `width` columns."""
        first -= first.weekday() * datemath.DAY
        days = (last - first).days + 1
        per_day = min(_MAX_COLUMNS_OF_A_DAY, max(1, width // days))
        in_column = -(-days // width)
        columns = days * per_day if in_column == 1 else -(-days // in_column)
        return cls(
            first=first,
            last=last,
            columns=columns,
            columns_of_day=per_day,
            days_in_column=in_column,
        )

    def column(self, day: dt.date) -> int:
        """Return the first column of a day."""
        return (day - self.first).days // self.days_in_column * self.columns_of_day

    def last_column(self, day: dt.date) -> int:
        """Return the last column of a day."""
        return self.column(day) + self.columns_of_day - 1

    def shows(self, day: dt.date) -> bool:
        """True if the day is on the axis."""
        return self.first <= day <= self.last

    def header(self, language: Language, *, year: int) -> tuple[str, str]:
        """Return the line of months and the line of days; other years than `year` are named."""
        months, days = "", ""
        named: tuple[int, int] | None = None
        for day in self._named_days():
            column = self.column(day)
            if column >= len(days) + bool(days):
                days = f"{days:<{column}}{day.day}"
            month = (day.year, day.month)
            if month != named and column >= len(months) + bool(months):
                name = language.short_month(day.month)
                name = name if day.year == year else f"{name} {day.year}"
                months = f"{months:<{column}}{name}"
                named = month
        return months, days

    def _named_days(self) -> Iterator[dt.date]:
        day = self.first
        while day <= self.last:
            yield day
            if self.days_in_column <= _WEEKS_ARE_NAMED:
                day += 7 * datemath.DAY
            else:
                day = (day.replace(day=1) + 32 * datemath.DAY).replace(day=1)
