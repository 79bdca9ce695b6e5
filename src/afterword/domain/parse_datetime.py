"""Parse the dates, clock times and lengths that people type or write into cells.

A typed date has one of the forms of `_DATE_FORMS`; to read another one, add a row there.
Numbers that can be read day first or month first are refused, not guessed: except where one of
them is no month, or where dots separate them (`4.12.`), which everybody reads day first.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import When
from afterword.domain.sanitize import slug
from afterword.errors import UsageError

ENGLISH = ("en",)
LANGUAGES = ("en", "de", "fr", "es")
"""The languages whose names of months are known; those of "en" come from dateutil."""

_HINT = 'write it as 2026-11-24, "2026-11-24 14:00", "tue 14:00", "tomorrow 9:30" or "in 3 days"'
_SHORTEST_NAME = 3
_NOON = 12
_DECEMBER = 12
_DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}
# Shorter forms need no entry unless the name begins with other letters ("Mrz").
_MONTHS = {
    "de": "januar,jänner februar,feber märz,maerz,mrz april mai juni juli august september oktober"
    " november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre,setiembre octubre noviembre"
    " diciembre",
}

# Texts, which re compiles at their first use: most commands parse no date.
_CLOCK = (
    r"(?:(?:at|um|à|a las) )?(?P<hour>\d{1,2})(?:(?:[:h] ?|\.)(?P<minute>\d{2}))?"
    r"(?::(?P<second>\d{2})(?:[.,]0+)?)?"
    r" ?(?:(?P<suffix>h|uhr)|(?P<half>[ap])\.? ?m\.?)?"
)
_CLOCK_AT_END = rf"(?:^| ){_CLOCK}$"
_HOURS_ALONE = r"\d{1,2} ?h"
_LENGTH = (
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?) ?(?:h|hrs?|hours?|std\.?|stunden?|heures?|horas?)"
    r"|(?P<clock_hours>\d{1,2}):(?P<clock_minutes>[0-5]\d))?"
    r" ?(?:(?P<minutes>\d{1,4}) ?(?:m|min|mins|minutes?|minuten|minutos|')?)?\.?"
)
_ISO = r"\d{4}-\d{2}-\d{2}(?P<time>[T ].+)?"


def parse_when(text: str, *, now: dt.datetime, zone: ZoneInfo, past: bool) -> When:
    """Return the day, or the instant in the zone, that a typed text names.

    A weekday or a date without a year is the nearest one before (`past`) or after today, which
    itself counts. Raises UsageError for any other text, and for an ambiguous date.
    """
    typed = _normalized(text.replace(",", " "))
    iso = parse_iso(typed)
    if iso is not None:
        return _in_zone(iso, zone, text)
    date_words, clock = _split_clock(typed, text)
    if not date_words and clock is None:
        raise UsageError(f"no date in {text!r}; {_HINT}")
    context = _Context(text=text, today=datemath.day_of(now, zone), past=past)
    day = _parse_date(date_words, context) if date_words else context.today
    return _in_zone(day if clock is None else dt.datetime.combine(day, clock), zone, text)


def parse_day(text: str, *, now: dt.datetime, zone: ZoneInfo, past: bool) -> dt.date:
    """Return the day that a typed text names. Raises UsageError, also for a time of day."""
    when = parse_when(text, now=now, zone=zone, past=past)
    if isinstance(when, dt.datetime):
        raise UsageError(f"{text!r} has a time of the day; here a day is wanted, as 2026-12-04")
    return when


def parse_iso(text: str) -> When | None:
    """Return the date, or the date and time, of a text in ISO 8601 with dashes, else None."""
    match = re.fullmatch(_ISO, text.upper())
    if not match:
        return None
    try:
        return (dt.datetime if match["time"] else dt.date).fromisoformat(match[0])
    except ValueError:
        return None


def parse_clock(text: str, *, bare_hour: bool = False) -> dt.time | None:
    """Return the time of day that a text names, else None.

    A number alone ("9") may be morning or evening: it is only read with `bare_hour`.
    """
    match = re.fullmatch(_CLOCK, _normalized(text))
    return _clock_time(match) if match and (bare_hour or _is_clock(match)) else None


def parse_length(text: str) -> dt.timedelta | None:
    """Return a length such as "45", "45 min", "1h30m", "1.5 h" or "1:15", else None."""
    match = re.fullmatch(_LENGTH, _normalized(text))
    if not match:
        return None
    hours = float((match["hours"] or "0").replace(",", ".")) + int(match["clock_hours"] or 0)
    minutes = int(match["clock_minutes"] or 0) + int(match["minutes"] or 0)
    return dt.timedelta(hours=hours, minutes=minutes) or None


class WrittenDate(NamedTuple):
    """A date with its month as a word, within a text; `month` is None for an unknown word."""

    year: int
    month: int | None
    day: int
    text: str
    rest: str


def find_written_date(text: str) -> WrittenDate | None:
    """Return the first date in a text that has a year, and its month as a word in any language."""
    matches = [match for form in _written_forms() if (match := form.search(text))]
    if not matches:
        return None
    match = min(matches, key=lambda match: match.start())
    return WrittenDate(
        year=int(match["year"]),
        month=month_number(match["month"], LANGUAGES),
        day=int(match["day"]),
        text=match[0],
        rest=text[match.end() :],
    )


@functools.lru_cache  # a spreadsheet has the same few names in thousands of rows
def month_number(name: str, languages: tuple[str, ...]) -> int | None:
    """Return the number (1 to 12) of the month that a name or its beginning means, else None."""
    index = _index_of(name, _month_names(languages))
    return None if index is None else index + 1


@attrs.frozen(kw_only=True)
class _Context:
    """The text for messages, and today and the direction in which undated days are looked for."""

    text: str
    today: dt.date
    past: bool


_Compute = Callable[[re.Match[str], _Context], dt.date | None]


def _normalized(text: str) -> str:
    return " ".join(text.split()).casefold()


def _in_zone(when: When, zone: ZoneInfo, text: str) -> When:
    if not datemath.FIRST_YEAR <= when.year <= datemath.LAST_YEAR:
        raise UsageError(
            f"the year of {text!r} is not between {datemath.FIRST_YEAR} and {datemath.LAST_YEAR}"
        )
    if not isinstance(when, dt.datetime) or when.tzinfo is not None:
        return when
    local = when.replace(tzinfo=zone)
    if local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != when:
        raise UsageError(f"{text!r} does not exist in {zone.key}: the clocks go forward over it")
    return local


def _split_clock(typed: str, text: str) -> tuple[str, dt.time | None]:
    """Return the words of the date, and the time of day at the end of a typed text."""
    match = re.search(_CLOCK_AT_END, typed)
    # "1h" alone may be a length as well.
    if not match or not _is_clock(match) or re.fullmatch(_HOURS_ALONE, typed):
        return typed, None
    clock = _clock_time(match)
    if clock is None:
        raise UsageError(f"no such time in {text!r}; write it as 14:00 or 2pm")
    return typed[: match.start()], clock


def _is_clock(match: re.Match[str]) -> bool:
    """True if there is more than a number, which could be anything."""
    return any(match[part] for part in ("minute", "suffix", "half"))


def _clock_time(match: re.Match[str]) -> dt.time | None:
    hour, half = int(match["hour"]), match["half"]
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        return dt.time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None


def _parse_date(words: str, context: _Context) -> dt.date:
    for form, compute in _date_forms():
        match = form.fullmatch(words)
        if match and (day := compute(match, context)):
            return day
    raise UsageError(f"cannot read {context.text!r} as a date; {_HINT}")


def _relative_day(match: re.Match[str], context: _Context) -> dt.date:
    return datemath.days_after(context.today, _DAYS_FROM_TODAY[match["relative"]])


def _day_after_span(match: re.Match[str], context: _Context) -> dt.date:
    return _add_span(match, context.today, 1)


def _day_before_span(match: re.Match[str], context: _Context) -> dt.date:
    return _add_span(match, context.today, -1)


def _add_span(match: re.Match[str], day: dt.date, sign: int) -> dt.date:
    from dateutil.relativedelta import relativedelta

    units = {
        "day": relativedelta(days=1),
        "week": relativedelta(weeks=1),
        "month": relativedelta(months=1),
        "year": relativedelta(years=1),
    }
    count = int(match["count"]) if match["count"].isdigit() else 1
    try:
        return day + sign * count * units[match["unit"]]
    except (ValueError, OverflowError):
        raise UsageError(f"{match[0]!r} is too far away for a date") from None


def _nearest_weekday(match: re.Match[str], context: _Context) -> dt.date | None:
    from dateutil.relativedelta import relativedelta, weekday

    index = _index_of(match["weekday"], _weekday_names())
    if index is None:
        return None
    return context.today + relativedelta(weekday=weekday(index, -1 if context.past else 1))


def _iso_day(match: re.Match[str], context: _Context) -> dt.date:
    day = parse_iso(match["iso_day"])
    if day is None:
        raise UsageError(f"no such day in {context.text!r}")
    return day


def _written_day(match: re.Match[str], context: _Context) -> dt.date | None:
    month = month_number(match["month"], ENGLISH)
    return _nearest_date(match, month, int(match["day"]), context) if month else None


def _dotted_day(match: re.Match[str], context: _Context) -> dt.date:
    return _nearest_date(match, int(match["month_number"]), int(match["day"]), context)


def _numeric_day(match: re.Match[str], context: _Context) -> dt.date:
    """Return the date of two numbers. Raises UsageError where each may be the day."""
    first, second = int(match["first"]), int(match["second"])
    if match["separator"] == "." or first > _DECEMBER:
        return _nearest_date(match, second, first, context)
    if second > _DECEMBER:
        return _nearest_date(match, first, second, context)
    raise UsageError(
        f"{context.text!r} can be read day first or month first; write it as 2026-11-24 or 24 Nov"
    )


def _nearest_date(match: re.Match[str], month: int, day: int, context: _Context) -> dt.date:
    """Return the date in the stated year, else the nearest such date before or after today."""
    if match["year"]:
        dates = _existing_dates((int(match["year"]),), month, day)
    else:
        this_year = context.today.year
        dates = [
            date
            for date in _existing_dates((this_year - 1, this_year, this_year + 1), month, day)
            if (date <= context.today if context.past else date >= context.today)
        ]
    if not dates:
        raise UsageError(f"no such day in {context.text!r}")
    return max(dates) if context.past else min(dates)


def _existing_dates(years: tuple[int, ...], month: int, day: int) -> list[dt.date]:
    dates = []
    for year in years:
        with contextlib.suppress(ValueError):  # 29 February, or no date at all
            dates.append(dt.date(year, month, day))
    return dates


def _index_of(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    """Return the position of the only entry with a name that begins with the word.

    Only words of three letters or more are looked up; accents and case do not count.
    """
    start = slug(word)
    if len(start) < _SHORTEST_NAME:
        return None
    matches = [
        index for index, entry in enumerate(names) if any(name.startswith(start) for name in entry)
    ]
    return matches[0] if len(matches) == 1 else None


@functools.cache
def _weekday_names() -> tuple[tuple[str, ...], ...]:
    from dateutil.parser import parserinfo  # noqa: TID251 - for its names; it parses nothing here

    return tuple(tuple(map(slug, names)) for names in parserinfo.WEEKDAYS)


@functools.cache
def _month_names(languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each month in all the languages together."""
    from dateutil.parser import parserinfo  # noqa: TID251 - for its names; it parses nothing here

    english = [" ".join(names) for names in parserinfo.MONTHS]
    tables = [english if code == "en" else _MONTHS[code].split() for code in languages]
    return tuple(
        tuple(slug(name) for names in month for name in re.split("[ ,]", names))
        for month in zip(*tables, strict=True)
    )


# The parts that the forms of a date are made of.
_TERMS = {
    "relative": r"(?P<relative>yesterday|today|tomorrow)",
    "count": r"(?P<count>\d{1,3}|an?|one)",
    "unit": r"(?P<unit>day|week|month|year)s?",
    "weekday": r"(?P<weekday>[^\W\d_]{3,10})\.?",
    "iso_day": r"(?P<iso_day>\d{4}-\d{2}-\d{2})",
    "day": r"(?P<day>\d{1,2})",
    "ordinal": r"(?:st|nd|rd|th|er|\.)?",
    "month": r"(?:de )?(?P<month>[^\W\d_]{3,10})\.?",
    "year": r",? (?:de )?(?P<year>\d{4})",
    "month_number": r"(?P<month_number>\d{1,2})",
    "dotted_year": r"(?: ?(?P<year>\d{4}))?",
    "first": r"(?P<first>\d{1,2})",
    "separator": r"(?P<separator>[/.-])",
    "second": r"(?P<second>\d{1,2})",
    "separated_year": r"(?:(?P=separator)(?P<year>\d{4}))?",
}

# Tried in this order; a function that returns None passes the text on to the forms below it.
_DATE_FORMS: tuple[tuple[str, _Compute], ...] = (
    ("{relative}", _relative_day),
    ("in {count} {unit}", _day_after_span),
    ("{count} {unit} ago", _day_before_span),
    ("(?:on )?{weekday}", _nearest_weekday),
    ("{iso_day}", _iso_day),
    (r"{day}\. ?{month_number}\.{dotted_year}", _dotted_day),
    ("{first}{separator}{second}{separated_year}", _numeric_day),
    ("{day}{ordinal} {month}(?:{year})?", _written_day),
    ("{month} {day}{ordinal}(?:{year})?", _written_day),
)
_WRITTEN_FORMS = (r"\b{day}{ordinal} {month}{year}", r"\b{month} {day}{ordinal}{year}")


@functools.cache
def _date_forms() -> tuple[tuple[re.Pattern[str], _Compute], ...]:
    return tuple((_compiled(form), compute) for form, compute in _DATE_FORMS)


@functools.cache
def _written_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(map(_compiled, _WRITTEN_FORMS))


def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form.format(**_TERMS), re.IGNORECASE)
