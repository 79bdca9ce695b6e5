"""The forms of typed dates in English, with the day that each form names.

To read another form, add a row to `_DATE_FORMS`. Numbers that can be read day first or month
first are refused, not guessed: except where one of them is no month, or where dots separate them
(`4.12.`), which everybody reads day first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import functools
import re
from collections.abc import Callable
from typing import NamedTuple

from afterword.domain import datemath
from afterword.domain.model import When
from afterword.errors import UsageError
from afterword.formats.dates.date_words import MONTHS, NUMBERS, WEEKDAYS

_SURE_DAYS = 90
"""A day without a year that is further from an interview's entry may be of another year."""
_DECEMBER = 12
_LAST_HOUR = 24
_DAYS_FROM_TODAY = {
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "overmorrow": 2,
    "ereyesterday": -2,
    "day before yesterday": -2,
    "day after tomorrow": 2,
}
_FRIDAY, _SUNDAY = 4, 6
# Of the parts of a week or month; every other part stands for its beginning.
_DAY_OF_WEEK = {"middle": 2, "mid": 2, "late": _FRIDAY, "end": _FRIDAY}
_DAY_OF_MONTH = {"middle": 15, "mid": 15, "late": 31, "end": 31}
PERIODS_FROM_NOW = {"last": -1, "past": -1, "previous": -1, "next": 1}


class DateUse(enum.Enum):
    """The meaning of a typed date, which decides between the past and the future."""

    INTERVIEW = enum.auto()
    """The nearest such day, past or future."""
    PAST = enum.auto()
    FUTURE = enum.auto()
    DEADLINE = enum.auto()
    """In the future; a week or a month stands for its end."""


class AmbiguousDateError(UsageError):
    """Raised for a day without a year that is far away; `readings` are its dates or instants."""

    def __init__(self, text: str, readings: tuple[When, ...]) -> None:
        named = " or ".join(written_out(reading) for reading in readings)
        super().__init__(f"{text!r} may be {named}: write it with the year")
        self.readings = readings


class DateContext(NamedTuple):
    """Text for messages, local time, use, required weekday, and if a time is typed beside."""

    text: str
    now: dt.datetime
    use: DateUse
    weekday: int | None = None
    has_clock: bool = False

    @property
    def today(self) -> dt.date:
        """Return the local day."""
        return self.now.date()


_Compute = Callable[[re.Match[str], DateContext], When | None]


class WrongWeekdayError(UsageError):
    """Raised for a date that is on another weekday than the text says."""


def written_out(when: When) -> str:
    """Return a day, or a day and time to the minute, as it can be typed."""
    return when.isoformat(" ")[:16] if isinstance(when, dt.datetime) else when.isoformat()


def parse_date(words: str, context: DateContext) -> When | None:
    """Return the day that the words mean, or None if no form fits them."""
    for form, compute in _date_forms():
        match = form.fullmatch(words)
        if match and (day := compute(match, context)):
            return day
    return None


def _now(_: re.Match[str], context: DateContext) -> dt.datetime:
    return context.now


def _relative_day(match: re.Match[str], context: DateContext) -> dt.date:
    return datemath.days_after(context.today, _DAYS_FROM_TODAY[match["relative"]])


def _add_span(match: re.Match[str], context: DateContext, *, sign: int = 1) -> When:
    count, unit = sign * (NUMBERS.get(match["count"]) or int(match["count"])), match["unit"]
    if unit in {"hour", "minute"}:
        return datemath.add_elapsed(context.now, dt.timedelta(**{f"{unit}s": count}))
    if unit == "fortnight":
        count, unit = 2 * count, "week"
    return _shifted(context.today, **{f"{unit}s": count})


def _shifted(date: dt.date, /, **parts: int) -> dt.date:
    """Return the date with days, weeks, months or years added, or its `day` of the month set."""
    from dateutil.relativedelta import relativedelta  # most forms do without

    return date + relativedelta(**parts)  # type: ignore[arg-type]


def _days_ahead(match: re.Match[str], context: DateContext) -> int:
    """Return the days (0 to 6) until the coming weekday."""
    return (WEEKDAYS.index(match["weekday"]) - context.today.weekday()) % 7


def _nearest_weekday(match: re.Match[str], context: DateContext) -> dt.date:
    coming = _days_ahead(match, context)
    days = {
        DateUse.INTERVIEW: coming if coming <= 3 else coming - 7,  # noqa: PLR2004 - half a week
        DateUse.PAST: coming - 7 if coming else 0,
    }
    return datemath.days_after(context.today, days.get(context.use, coming))


def _chosen_weekday(match: re.Match[str], context: DateContext) -> dt.date:
    """Return the latest before today (last), the coming (this) or the first after today (next)."""
    coming = _days_ahead(match, context)
    periods = PERIODS_FROM_NOW.get(match["which"], 0)
    days = coming - 7 if periods < 0 else (coming or 7) if periods else coming
    return datemath.days_after(context.today, days)


def _weekday_in_a_week(match: re.Match[str], context: DateContext) -> dt.date:
    """Return the day a week after the coming weekday: British "friday week"."""
    return datemath.days_after(context.today, _days_ahead(match, context) + 7)


def _monday(match: re.Match[str], context: DateContext) -> dt.date:
    weeks = PERIODS_FROM_NOW.get(match["which"] or "this", 0)
    return datemath.days_after(context.today, 7 * weeks - context.today.weekday())


def _weekday_of_week(match: re.Match[str], context: DateContext) -> dt.date:
    return datemath.days_after(_monday(match, context), WEEKDAYS.index(match["weekday"]))


def _part_of_week(match: re.Match[str], context: DateContext) -> dt.date:
    return datemath.days_after(_monday(match, context), _DAY_OF_WEEK.get(match["part"], 0))


def _whole_week(match: re.Match[str], context: DateContext) -> dt.date:
    """Return the Friday of a week for a deadline, else its Monday. Raises UsageError."""
    monday = _monday(match, context)
    if context.use is DateUse.DEADLINE:
        days = (datemath.days_after(monday, day) for day in (_FRIDAY, _SUNDAY))
        monday = next((day for day in days if day >= context.today), monday)
    return _day_to_come(monday, context)


def _first_of_month(match: re.Match[str], context: DateContext) -> dt.date:
    months = PERIODS_FROM_NOW.get(match["which"] or "this", 0)
    return _shifted(context.today, day=1, months=months)


def _part_of_month(match: re.Match[str], context: DateContext) -> dt.date:
    return _shifted(_first_of_month(match, context), day=_DAY_OF_MONTH.get(match["part"], 1))


def _whole_month(match: re.Match[str], context: DateContext) -> dt.date:
    """Return the last day of a month for a deadline, else its first. Raises UsageError."""
    day = _first_of_month(match, context)
    if context.use is DateUse.DEADLINE:
        day = _shifted(day, day=31)
    return _day_to_come(day, context)


def _day_to_come(day: dt.date, context: DateContext) -> dt.date:
    if context.use not in {DateUse.FUTURE, DateUse.DEADLINE} or day < context.today:
        raise UsageError(f'which day is {context.text!r}? Write it as "friday next week" or 4 Dec')
    return day


def _part_of_named_month(match: re.Match[str], context: DateContext) -> dt.date:
    month = MONTHS.index(match["month"]) + 1
    day = _DAY_OF_MONTH.get(match["part"], 1)
    return _in_year(lambda year: _shifted(dt.date(year, month, 1), day=day), match, context)


def _iso_day(match: re.Match[str], context: DateContext) -> dt.date:
    try:
        return dt.date.fromisoformat(match["iso_day"])
    except ValueError:
        raise UsageError(f"no such day in {context.text!r}") from None


def _written_day(match: re.Match[str], context: DateContext) -> dt.date:
    return _dated(match, MONTHS.index(match["month"]) + 1, int(match["day"]), context)


def _dotted_day(match: re.Match[str], context: DateContext) -> dt.date:
    return _dated(match, int(match["month_number"]), int(match["day"]), context)


def _numeric_day(match: re.Match[str], context: DateContext) -> dt.date:
    """Return the date of two numbers. Raises UsageError where each may be the day."""
    first, second = int(match["first"]), int(match["second"])
    if match["separator"] == "." or first > _DECEMBER:
        return _dated(match, second, first, context)
    if second > _DECEMBER:
        return _dated(match, first, second, context)
    raise UsageError(
        f"{context.text!r} can be read day first or month first; write it as 2026-11-24 or 24 Nov"
    )


def _day_with_weekday(match: re.Match[str], context: DateContext) -> When | None:
    weekday = WEEKDAYS.index(match["weekday"])
    return parse_date(match["date"], context._replace(weekday=weekday))


def _bare_numbered_weekday(match: re.Match[str], context: DateContext) -> dt.date | None:
    """Return the day of "Friday 27", unless its number may be an hour."""
    is_day = context.has_clock or context.use is DateUse.DEADLINE or int(match["day"]) > _LAST_HOUR
    return _numbered_weekday(match, context) if is_day else None


def _numbered_weekday(match: re.Match[str], context: DateContext) -> dt.date:
    """Return the day of "Friday 4th", which is at most a month away.

    Raises WrongWeekdayError if the number is on another weekday.
    """
    number = int(match["day"])
    around = (_shifted(context.today, months=n, day=number) for n in (-1, 0, 1))
    ahead = context.use in {DateUse.FUTURE, DateUse.DEADLINE}
    dates = [date for date in around if date.day == number]
    if context.use is not DateUse.INTERVIEW:
        dates = [d for d in dates if d == context.today or (d > context.today) == ahead]
    if not dates:
        raise UsageError(f"no such day in {context.text!r}")
    context = context._replace(weekday=WEEKDAYS.index(match["weekday"]))
    dates.sort(key=lambda date: (date.weekday() != context.weekday, abs(date - context.today)))
    return _on_its_weekday(dates[0], context)


def _dated(match: re.Match[str], month: int, day: int, context: DateContext) -> dt.date:
    """Return the date of a day and month, in the stated year or in the year that fits."""
    return _in_year(lambda year: dt.date(year, month, day), match, context)


def _in_year(
    date_in: Callable[[int], dt.date], match: re.Match[str], context: DateContext
) -> dt.date:
    """Return the date in the stated year, else in the year that fits the use.

    Raises AmbiguousDateError for an interview's day that is far from today in each year.
    """
    this_year = context.today.year
    year = match["year"]
    if year:
        stated = int(year) if len(year) > 2 else int(year) + this_year // 100 * 100  # noqa: PLR2004
        (date,) = _existing_dates(date_in, (stated,), context)
        return _on_its_weekday(date, context)
    dates = _existing_dates(date_in, (this_year - 1, this_year, this_year + 1), context)
    if context.use is DateUse.INTERVIEW:
        return _nearest_date(dates, context)
    if context.use is DateUse.PAST:
        chosen = [date for date in dates if date <= context.today][-1:]
    else:
        chosen = [date for date in dates if date >= context.today][:1]
    if not chosen:
        raise UsageError(f"no such day in {context.text!r}")
    return _on_its_weekday(chosen[0], context)


def _nearest_date(dates: list[dt.date], context: DateContext) -> dt.date:
    """Return the date nearest to today; a weekday decides between years that are both far."""
    nearest = min(dates, key=lambda date: abs(date - context.today))
    if abs(nearest - context.today).days <= _SURE_DAYS:
        return _on_its_weekday(nearest, context)
    before = [date for date in dates if date < context.today]
    after = [date for date in dates if date > context.today]
    around = (*before[-1:], *after[:1])
    if context.weekday is not None:
        fitting = [date for date in around if date.weekday() == context.weekday]
        return _on_its_weekday((fitting or [nearest])[0], context)
    raise AmbiguousDateError(context.text, around)


def _existing_dates(
    date_in: Callable[[int], dt.date], years: tuple[int, ...], context: DateContext
) -> list[dt.date]:
    """Return the date in each year in which it exists. Raises UsageError if there is none."""
    dates = []
    for year in years:
        with contextlib.suppress(ValueError):  # 29 February, or no date at all
            dates.append(date_in(year))
    if not dates:
        raise UsageError(f"no such day in {context.text!r}")
    return dates


def _on_its_weekday(date: dt.date, context: DateContext) -> dt.date:
    """Return the date. Raises WrongWeekdayError if another weekday was typed with it."""
    if context.weekday not in {None, date.weekday()}:
        name = WEEKDAYS[date.weekday()].capitalize()
        raise WrongWeekdayError(f"{context.text!r}: {date.isoformat()} is a {name}")
    return date


# The parts that the forms of a date are made of.
_TERMS = {
    "relative": rf"(?P<relative>{'|'.join(_DAYS_FROM_TODAY)})",
    "count": rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})",
    "unit": r"(?P<unit>minute|hour|day|week|fortnight|month|year)s?",
    "weekday": rf"(?P<weekday>{'|'.join(WEEKDAYS)})",
    "which": r"(?:this )?(?P<which>last|past|this|coming|upcoming|next)",
    "period": r"(?:the )?(?:(?P<which>last|past|this|coming|next) )?",
    "part": r"(?P<part>end|late|middle|mid|start|beginning|early)[ -](?:of )?",
    "iso_day": r"(?P<iso_day>\d{4}-\d{2}-\d{2})",
    "day": r"(?P<day>\d{1,2})",
    "ordinal": r"(?:st|nd|rd|th|er|\.)?",
    "month": rf"(?:of )?(?P<month>{'|'.join(MONTHS)})",
    "year": r",? (?:of )?(?P<year>\d{4})",
    "month_number": r"(?P<month_number>\d{1,2})",
    "dotted_year": r"(?: ?(?P<year>\d{4}|\d{2}))?",
    "first": r"(?P<first>\d{1,2})",
    "separator": r"(?P<separator>[/.-])",
    "second": r"(?P<second>\d{1,2})",
    "separated_year": r"(?:(?P=separator)(?P<year>\d{4}|(?<=[/.])\d{2}))?",
    "date": r"(?P<date>.+)",
}

# Tried in this order; a function that returns None passes the text on to the forms below it.
_DATE_FORMS: tuple[tuple[str, _Compute], ...] = (
    ("now", _now),
    ("{relative}", _relative_day),
    ("(?:in|within) {count} {unit}", _add_span),
    ("{count} {unit} from (?:now|today)", _add_span),
    ("{count} {unit} ago", functools.partial(_add_span, sign=-1)),
    (
        "before {count} {unit}",
        functools.partial(_add_span, sign=-1),
    ),  # vor drei Tagen, il y a, hace
    ("{weekday}", _nearest_weekday),
    ("{which} {weekday}", _chosen_weekday),
    ("(?:this )?{weekday} week", _weekday_in_a_week),
    ("{weekday}(?: of)? {period}week", _weekday_of_week),
    ("(?:in )?{period}week(?: on)? {weekday}", _weekday_of_week),
    ("{part}{period}week", _part_of_week),
    ("{part}{period}month", _part_of_month),
    ("{part}{month}(?:{year})?", _part_of_named_month),
    ("(?:in )?{period}week", _whole_week),
    ("(?:in )?{period}month", _whole_month),
    ("{iso_day}", _iso_day),
    (r"{day}\. ?{month_number}\.{dotted_year}", _dotted_day),
    ("{first}{separator}{second}{separated_year}", _numeric_day),
    ("{day}{ordinal} {month}(?:{year})?", _written_day),
    ("{month} (?:the )?{day}{ordinal}(?:{year})?", _written_day),
    ("{weekday}(?: the)? {day}(?:st|nd|rd|th|er|\\.)", _numbered_weekday),
    ("{weekday}(?: the)? {day}", _bare_numbered_weekday),
    ("{weekday}(?: the)? {date}", _day_with_weekday),
)
_PREFIX = r"(?:(?:on|of|by|until|till|am) )?(?:the )?"


@functools.cache
def _date_forms() -> tuple[tuple[re.Pattern[str], _Compute], ...]:
    return tuple(
        (re.compile((_PREFIX + form).format(**_TERMS), re.IGNORECASE), compute)
        for form, compute in _DATE_FORMS
    )
