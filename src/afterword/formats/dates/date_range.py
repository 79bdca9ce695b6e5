"""Read a range of days as people type it: days, weeks, months, quarters and years.

A range is half open: it begins on the first day of the period typed first, and ends before
the day that follows the period typed last. So November to December is both months whole.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from afterword.domain import datemath
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.search_record import DateRange
from afterword.errors import UsageError
from afterword.formats.dates import date_words, parse_clock
from afterword.formats.dates.date_forms import PERIODS_FROM_NOW, DateUse
from afterword.formats.dates.date_words import MONTHS
from afterword.formats.dates.parse_datetime import TypedClock, parse_day

_MONTHS_OF_QUARTER = 3
_MONTHS_OF_YEAR = 12


def parse_range(first: str | None, last: str | None, clock: TypedClock) -> DateRange:
    """Return the range from the first typed period to the end of the last.

    Without `last` it ends today. A month or a day without a year is the latest that has begun;
    as the end of a range it is the first that is not before the beginning. Raises UsageError.
    """
    begin = None if first is None else _parse_period(first, clock, DateUse.PAST)[0]
    if last is None:
        end = datemath.days_after(clock.today, 1)
        if begin is not None and begin >= end:
            raise UsageError(f"--from {first!r} is in the future; --to names the end of the range")
        return DateRange(begin=begin, end=end)
    end = _parse_period(last, clock, DateUse.PAST)[1]
    if begin is not None and end <= begin:
        end = _parse_period(last, clock, DateUse.FUTURE)[1]
        if end <= begin:
            raise UsageError(f"--to {last!r} is before --from {first!r}")
    return DateRange(begin=begin, end=end)


def _parse_period(text: str, clock: TypedClock, use: DateUse) -> tuple[dt.date, dt.date]:
    """Return the first day of a typed period, and the day after its last."""
    typed = parse_clock.fold(text.replace(",", " "))
    words = date_words.in_english(typed, clock.languages)
    words = words.removeprefix("in ").removeprefix("the ")
    for form, bounds in _FORMS:
        if match := re.fullmatch(form, words):
            return bounds(match, clock.today, use)
    day = parse_day(text, clock, use)
    return day, datemath.days_after(day, 1)


def _year(match: re.Match[str], _: dt.date, __: DateUse) -> tuple[dt.date, dt.date]:
    return _months(int(match["year"]), 1, _MONTHS_OF_YEAR)


def _quarter(match: re.Match[str], today: dt.date, use: DateUse) -> tuple[dt.date, dt.date]:
    first = (int(match["quarter"]) - 1) * _MONTHS_OF_QUARTER + 1
    return _named(match["year"] or match["year_before"], first, _MONTHS_OF_QUARTER, today, use)


def _month(match: re.Match[str], today: dt.date, use: DateUse) -> tuple[dt.date, dt.date]:
    return _named(match["year"], MONTHS.index(match["month"]) + 1, 1, today, use)


def _numbered_month(match: re.Match[str], _: dt.date, __: DateUse) -> tuple[dt.date, dt.date]:
    month = int(match["month"])
    if not 1 <= month <= _MONTHS_OF_YEAR:
        raise UsageError(f"there is no month {match[0]!r}; write it as 2026-11")
    return _months(int(match["year"]), month, 1)


def _week(match: re.Match[str], _: dt.date, __: DateUse) -> tuple[dt.date, dt.date]:
    try:
        monday = dt.date.fromisocalendar(int(match["year"]), int(match["week"]), 1)
    except ValueError:
        raise UsageError(f"there is no week {match[0].upper()!r}") from None
    return monday, datemath.days_after(monday, 7)


def _relative(match: re.Match[str], today: dt.date, _: DateUse) -> tuple[dt.date, dt.date]:
    """Return the week, month, quarter or year before, around or after today."""
    steps = PERIODS_FROM_NOW.get(match["which"], 0)
    if match["unit"] == "week":
        monday = datemath.days_after(today, 7 * steps - today.weekday())
        return monday, datemath.days_after(monday, 7)
    count = {"month": 1, "quarter": _MONTHS_OF_QUARTER, "year": _MONTHS_OF_YEAR}[match["unit"]]
    first = today.month - (today.month - 1) % count
    return _months(today.year, first + steps * count, count)


def _named(
    year: str | None, month: int, count: int, today: dt.date, use: DateUse
) -> tuple[dt.date, dt.date]:
    """Return months of the stated year, else of the latest begun or, to come, of the next."""
    if year:
        return _months(int(year), month, count)
    begun = (today.year, today.month) >= (today.year, month)
    if use is DateUse.FUTURE:
        return _months(today.year + (month + count - 1 < today.month), month, count)
    return _months(today.year - (not begun), month, count)


def _months(year: int, month: int, count: int) -> tuple[dt.date, dt.date]:
    """Return `count` months from a month on, which may be of another year (0 is December)."""
    first, after = (
        divmod(year * _MONTHS_OF_YEAR + number - 1, _MONTHS_OF_YEAR)
        for number in (month, month + count)
    )
    if not FIRST_YEAR <= first[0] <= LAST_YEAR:
        raise UsageError(f"the year {first[0]} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return dt.date(first[0], first[1] + 1, 1), dt.date(after[0], after[1] + 1, 1)


_Bounds = Callable[[re.Match[str], dt.date, DateUse], tuple[dt.date, dt.date]]
_FORMS: tuple[tuple[str, _Bounds], ...] = (
    (r"(?P<year>\d{4})", _year),
    (r"(?P<year>\d{4})-(?P<month>\d{2})", _numbered_month),
    (r"(?P<year>\d{4})-?w(?P<week>\d{2})", _week),
    (r"(?:(?P<year_before>\d{4})[- ]?)?q(?P<quarter>[1-4])(?: (?P<year>\d{4}))?", _quarter),
    (rf"(?P<month>{'|'.join(MONTHS)})(?: (?:of )?(?P<year>\d{{4}}))?", _month),
    (
        r"(?P<which>last|past|previous|this|next) (?P<unit>week|month|quarter|year)",
        _relative,
    ),
)
