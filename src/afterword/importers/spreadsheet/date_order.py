"""Days and times as spreadsheets write them, and which number of a date is the day.

A date of three numbers is read by half the world day first and by the other
half month first. The rows of a column decide together: a number above 12 is no
month. Where no row decides, nobody does, and it is asked.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable

import attrs

from afterword.domain.sanitize import slug
from afterword.formats.validators import FIRST_YEAR, LAST_YEAR, InvalidValueError, quoted


class DateOrder(enum.StrEnum):
    """What the numbers of a date are; `iso` has the year first."""

    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


_NUMBERS = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?!\d)", re.ASCII)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,10})\.?"
    r"|(?P<first>[^\W\d_]{3,10})\.?\s+(?P<second>\d{1,2})(?:st|nd|rd|th)?)"
    r",?\s+(?:de\s+)?(?P<year>\d{4})"
)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,?\s+(?=\d)")
_CLOCK = re.compile(
    r"[T,]?\s*(?:at\s+|um\s+|à\s+|a las\s+)?(\d{1,2})(?:[:.h]\s?(\d{2}))?"
    r"(?::(\d{2})(?:[.,]0+)?)?\s*(?:(h|uhr)|([ap])\.?\s?m\.?)?",
    re.IGNORECASE | re.ASCII,
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*", re.ASCII)
_MONTHS = (
    "jan january januar janner janvier janv enero ene",
    "feb february februar feber fevrier fevr febrero",
    "mar march marz mrz maer mars marzo",
    "apr april avril avr abril abr",
    "may mai mayo",
    "jun june juni juin junio",
    "jul july juli juillet juil julio",
    "aug august aout agosto ago",
    "sep sept september septembre septiembre",
    "oct october okt oktober octobre octubre",
    "nov november novembre noviembre",
    "dec december dez dezember decembre diciembre dic",
)
_MONTH = {name: at for at, names in enumerate(_MONTHS, start=1) for name in names.split()}
_YEAR_DIGITS = 4
_LAST_MONTH = 12
_NOON = 12


@attrs.define
class DateOrderEvidence:
    """What the dates of one column say about their order; `day_first` and so on are lines."""

    day_first: int | None = None
    month_first: int | None = None
    open: str | None = None

    def add(self, text: str, line: int) -> None:
        """Take in one cell."""
        if not (match := _NUMBERS.search(text)) or len(match[1]) == _YEAR_DIGITS:
            return
        first, second = int(match[1]), int(match[3])
        # With dashes a short date may begin with its year: 26-11-24.
        if len(match[4]) < _YEAR_DIGITS and match[2] == "-":
            self.open = self.open or match[0]
        elif first > _LAST_MONTH >= second:
            self.day_first = self.day_first or line
        elif second > _LAST_MONTH >= first:
            self.month_first = self.month_first or line
        elif first != second:
            self.open = self.open or match[0]

    @property
    def order(self) -> DateOrder | None:
        """Return the order if the rows decide it without contradiction."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return DateOrder.DMY if self.day_first else DateOrder.MDY

    @property
    def is_open(self) -> bool:
        """Tell whether some date is read otherwise by each order, and no row decides."""
        return self.order is None and bool(self.open or self.day_first)


def parse_table_day(text: str, order: DateOrder | None) -> dt.date:
    """Return the day that the text names; `order` is that of its numbers.

    Raises MisreadError for what is no day.
    """
    found, _ = _split(text, order)
    if found is None:
        raise InvalidValueError(f"{quoted(text)} is no date; write it as 2026-11-24")
    return found


def parse_table_moment(texts: Iterable[str], order: DateOrder | None) -> dt.datetime:
    """Return what the cells name together, a day and a time of day.

    It is a naive local time, or aware where ISO 8601 states its offset. Raises
    MisreadError where either is missing or is none.
    """
    text = " ".join(texts)
    if _ISO.fullmatch(text) and (whole := _iso(text)):
        return whole
    on, rest = _split(text, order)
    if on is None:
        raise InvalidValueError(f"{quoted(text)} has no date; write it as 2026-11-24")
    if not rest.strip(" ,T"):
        raise InvalidValueError(f"{quoted(text)} has no time of day; write it as 14:00")
    return dt.datetime.combine(on, parse_table_clock(rest))


def parse_table_clock(text: str) -> dt.time:
    """Return the time of day. Raises MisreadError."""
    match = _CLOCK.fullmatch(text.strip())
    found = _of_clock(match) if match else None
    if found is None:
        raise InvalidValueError(f"{quoted(text.strip())} is no time of day; write it as 14:00")
    return found


def _of_clock(match: re.Match[str]) -> dt.time | None:
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[5] or "").lower()
    # "9" may be morning or evening, so a number alone is no time.
    if not (match[2] or match[4] or half) or (half and not 1 <= hour <= _NOON):
        return None
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        return dt.time(hour, minute, int(match[3] or 0))
    except ValueError:
        return None


def _iso(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _split(text: str, order: DateOrder | None) -> tuple[dt.date | None, str]:
    """Return the day within the text, and what stands behind it."""
    text = text.strip()
    for begun in (text, _WEEKDAY.sub("", text)):
        if match := _NUMBERS.match(begun):
            return _of_numbers(match, order), begun[match.end() :]
    if match := _NAMED.search(text):
        return _of_names(match, text), text[match.end() :]
    return None, text


def _of_numbers(match: re.Match[str], order: DateOrder | None) -> dt.date:
    first, second, third = match[1], match[3], match[4]
    if len(first) == _YEAR_DIGITS or order is DateOrder.ISO:
        return _date(first, second, third, match[0])
    if order is DateOrder.MDY:
        return _date(third, first, second, match[0])
    return _date(third, second, first, match[0])


def _of_names(match: re.Match[str], text: str) -> dt.date:
    month = _MONTH.get(slug(match["month"] or match["first"]))
    if month is None:
        raise InvalidValueError(f"{quoted(text)} names no month; write it as 2026-11-24")
    return _date(match["year"], str(month), match["day"] or match["second"], match[0])


def _date(year: str, month: str, day_: str, text: str) -> dt.date:
    full = int(year) if len(year) == _YEAR_DIGITS else 2000 + int(year)
    try:
        found = dt.date(full, int(month), int(day_))
    except ValueError:
        raise InvalidValueError(f"{quoted(text)} is no date") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise InvalidValueError(
            f"the year {found.year} is not between {FIRST_YEAR} and {LAST_YEAR}"
        )
    return found
