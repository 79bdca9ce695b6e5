"""Parse the dates and times of cells, with the order of day and month that a column uses.

Half of the world writes the day first, the other half the month. The rows of a column decide
together, because a number above 12 is no month. Where no row decides, the user is asked.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable

import attrs

from afterword.domain import date_words, parse_clock, parse_datetime, written_dates
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.formats.validators import InvalidValueError, quoted


class DateOrder(enum.StrEnum):
    """The order of the numbers of a date; `iso` has the year first."""

    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


_NUMBERS = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?!\d)", re.ASCII)
_CLOCK = re.compile(
    r"\d[:.h]\d\d|\d\s*(?:[ap]\.?\s?m\b|h(?:eures?|oras?|r?s)?\b|uhr|de la (?:ma[ñn]ana|tarde))"
    r"|\b(?:noon|mittags?|midi|mediod[íi]a)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:from|von|de) (?=\d)", re.IGNORECASE)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,?\s+(?=\d)")
_YEAR_DIGITS = 4
_LAST_MONTH = 12
_CENTURY = 2000


@attrs.define
class DateOrderEvidence:
    """Hints at the order of a column: lines of the file, and the first ambiguous date."""

    day_first: int | None = None
    month_first: int | None = None
    ambiguous: str | None = None

    def add(self, text: str, line: int) -> None:
        """Take the date of a cell into account."""
        if not (match := _NUMBERS.search(text)) or len(match[1]) == _YEAR_DIGITS:
            return
        first, second = int(match[1]), int(match[3])
        # With dashes a short date may begin with its year: 26-11-24.
        if len(match[4]) < _YEAR_DIGITS and match[2] == "-":
            self.ambiguous = self.ambiguous or match[0]
        elif first > _LAST_MONTH >= second:
            self.day_first = self.day_first or line
        elif second > _LAST_MONTH >= first:
            self.month_first = self.month_first or line
        elif first != second:
            self.ambiguous = self.ambiguous or match[0]

    @property
    def order(self) -> DateOrder | None:
        """The order, if the rows agree."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return DateOrder.DMY if self.day_first else DateOrder.MDY

    @property
    def is_undecided(self) -> bool:
        """True if a date depends on the order, and the rows do not decide it."""
        return self.order is None and bool(self.ambiguous or self.day_first)


def has_day(text: str) -> bool:
    """True if a text has a date in it, which may be none of the calendar."""
    return bool(_NUMBERS.search(text)) or written_dates.find_written_date(text) is not None


def has_clock(text: str) -> bool:
    """True if a text seems to have a time of day in it."""
    return _CLOCK.search(text) is not None


def parse_cell_day(text: str, order: DateOrder | None) -> dt.date:
    """Return the date in a cell; a time behind it is ignored. Raises InvalidValueError."""
    day, _ = _split_day(text, order)
    if not text.strip():
        raise InvalidValueError("the date is missing; write it as 2026-11-24")
    if day is None:
        raise InvalidValueError(f"{quoted(text)} is no date; write it as 2026-11-24")
    return day


def parse_cell_datetime(texts: Iterable[str], order: DateOrder | None) -> dt.datetime:
    """Return the date and time of day that the cells state together.

    It is a naive local time, or aware where ISO 8601 states an offset. Raises InvalidValueError.
    """
    text = " ".join(texts)
    # An hour without minutes, as in "2026-11-24 09", may be morning or evening.
    iso = parse_datetime.parse_iso(text) if ":" in text else None
    if isinstance(iso, dt.datetime):
        _check_year(iso)
        return iso
    day, rest = _split_day(text, order)
    if day is None:
        raise InvalidValueError(f"{quoted(text)} has no date; write it as 2026-11-24")
    if not rest.strip(" ,T"):
        raise InvalidValueError(f"{quoted(text)} has no time of day; write it as 14:00")
    return dt.datetime.combine(day, parse_cell_clock(rest))


def parse_cell_clock(text: str) -> dt.time:
    """Return the time of day, in any language; a leading "T" (ISO 8601) is ignored.

    Raises InvalidValueError.
    """
    typed = _FROM.sub("", text.strip().lstrip(",Tt").strip(), count=1)
    clock = parse_clock.parse_clock(typed)
    if clock is None:
        english = date_words.in_english(parse_clock.fold(typed), date_words.LANGUAGES)
        clock = parse_clock.parse_clock(english)
    if clock is None:
        raise InvalidValueError(f"{quoted(text.strip())} is no time of day; write it as 14:00")
    return clock


def _split_day(text: str, order: DateOrder | None) -> tuple[dt.date | None, str]:
    """Return the date in the text, and the text behind it."""
    text = text.strip()
    for candidate in (text, _WEEKDAY.sub("", text)):
        if match := _NUMBERS.match(candidate):
            return _numeric_day(match, order), candidate[match.end() :]
    written = written_dates.find_written_date(text)
    if written is None:
        return None, text
    if written.month is None:
        raise InvalidValueError(f"{quoted(text)} names no month; write it as 2026-11-24")
    return _date(written.year, written.month, written.day, written.text), written.rest


def _numeric_day(match: re.Match[str], order: DateOrder | None) -> dt.date:
    first, second, third = match[1], match[3], match[4]
    if len(first) == _YEAR_DIGITS or order is DateOrder.ISO:
        year, month, day = first, second, third
    elif order is DateOrder.MDY:
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    century = 0 if len(year) == _YEAR_DIGITS else _CENTURY
    return _date(century + int(year), int(month), int(day), match[0])


def _date(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        raise InvalidValueError(f"{quoted(text)} is no date") from None
    _check_year(date)
    return date


def _check_year(date: dt.date) -> None:
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise InvalidValueError(f"the year {date.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
