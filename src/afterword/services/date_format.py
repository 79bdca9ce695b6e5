"""Dates as the user reads them: a day of another year is given with its year.

Calendar events and messages do not use this: they do not depend on when they are made.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from afterword.domain import datemath
from afterword.domain.planning.plan import TranslatableText
from afterword.messages.i18n import Language, get_language
from afterword.services.run_context import RunContext


class DateFormatter(NamedTuple):
    """Dates and sentences in the user's language; `year` is the current year in their zone."""

    language: Language
    year: int

    def render(self, text: TranslatableText) -> str:
        """Return a text of the plan as a sentence."""
        return self.language.render(text)

    def format_day(self, day: dt.date) -> str:
        """Return "Fri 4 Dec", or "Mon 4 Jan 2027"."""
        formatted = self.language.weekday_and_day(day)
        return formatted if day.year == self.year else self._with_year(formatted, day)

    def day_with_year(self, day: dt.date) -> str:
        """Return "Fri 4 Dec 2026", also in the current year."""
        return self._with_year(self.language.weekday_and_day(day), day)

    def format_moment(self, local: dt.datetime) -> str:
        """Return "Tue 24 Nov 16:00", in the zone of the moment."""
        return f"{self.format_day(local)} {self.language.clock(local)}"

    def moment_with_year(self, local: dt.datetime) -> str:
        """Return "Tue 24 Nov 2026, 16:00", in the zone of the moment."""
        return f"{self.day_with_year(local)}, {self.language.clock(local)}"

    def clock(self, local: dt.datetime) -> str:
        """Return "16:00", in the zone of the moment."""
        return self.language.clock(local)

    def short_day(self, day: dt.date) -> str:
        """Return "4 Dec"."""
        return self.language.short_day(day)

    def short_weekday(self, day: dt.date) -> str:
        """Return "Fri"."""
        return self.language.short_weekday(day)

    def month(self, day: dt.date) -> str:
        """Return "December 2026"."""
        return f"{self.language.month(day)} {day.year}"

    def days(self, first: dt.date, last: dt.date) -> str:
        """Return "29 Nov - 1 Dec", both inclusive, or a single day."""
        formatted = self.language.days(first, last)
        if {first.year, last.year} == {self.year}:
            return formatted
        if first.year == last.year:
            return self._with_year(formatted, last)
        return " - ".join(
            self._with_year(self.language.short_day(day), day) for day in (first, last)
        )

    def _with_year(self, formatted: str, day: dt.date) -> str:
        return f"{formatted}, {day.year}" if self.language.american else f"{formatted} {day.year}"


def reader_locale(context: RunContext) -> Language:
    """Return the user's own language, in which they read plans and messages of the program."""
    return get_language(context.settings.language, informal=context.settings.informal)


def formatter_for(context: RunContext) -> DateFormatter:
    """Return the formatter for the user of this run."""
    return DateFormatter(reader_locale(context), datemath.day_of(context.now, context.zone).year)
