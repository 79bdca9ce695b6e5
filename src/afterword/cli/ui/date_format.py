"""Dates and sentences for who reads them now: a day of another year is told with its year.

Events and messages are told by the language alone; they do not depend on when they are made.
"""

from __future__ import annotations

import datetime as dt

import attrs

from afterword.domain import datemath
from afterword.domain.planning.plan import TranslatableText
from afterword.messages.i18n import Language
from afterword.services.planned_events import reader_locale
from afterword.services.run_context import RunContext


@attrs.frozen
class DateFormatter:
    """The person, who reads `language`, in the year that it is on their clock."""

    language: Language
    year: int

    def render(self, phrase: TranslatableText) -> str:
        """Return a phrase of the plan as a sentence."""
        return self.language.render(phrase)

    def day(self, day: dt.date) -> str:
        """Return "Fri 4 Dec", or "Mon 4 Jan 2027"."""
        told = self.language.weekday_and_day(day)
        return told if day.year == self.year else self._in_year(told, day)

    def dated(self, day: dt.date) -> str:
        """Return "Fri 4 Dec 2026", whichever year it is."""
        return self._in_year(self.language.weekday_and_day(day), day)

    def moment(self, local: dt.datetime) -> str:
        """Return "Tue 24 Nov 16:00", in the zone that the moment has."""
        return f"{self.day(local)} {self.language.clock(local)}"

    def days(self, first: dt.date, last: dt.date) -> str:
        """Return "29 Nov - 1 Dec", both inclusive, or one day."""
        told = self.language.days(first, last)
        if {first.year, last.year} == {self.year}:
            return told
        if first.year == last.year:
            return self._in_year(told, last)
        return " - ".join(self._in_year(self.language.short_day(day), day) for day in (first, last))

    def _in_year(self, told: str, day: dt.date) -> str:
        return f"{told}, {day.year}" if self.language.american else f"{told} {day.year}"


def formatter_for(context: RunContext) -> DateFormatter:
    """Return who reads in this run."""
    return DateFormatter(reader_locale(context), datemath.day_of(context.now, context.zone).year)
