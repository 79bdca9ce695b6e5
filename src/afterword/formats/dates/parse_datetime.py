"""Parse the dates and times that people type; `date_forms` is the table of their forms."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from afterword.domain import datemath
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.model import When
from afterword.errors import UsageError
from afterword.formats.dates import date_words, parse_clock
from afterword.formats.dates.date_forms import (
    AmbiguousDateError,
    DateContext,
    DateUse,
    WrongWeekdayError,
    parse_date,
    written_out,
)
from afterword.formats.dates.date_words import ENGLISH, LANGUAGES, month_number

_HINT = (
    'write it as 2026-11-24, "2026-11-24 14:00", "tue 14:00", "next friday 3pm", "tomorrow 9:30" '
    'or "in 3 days"'
)
_HOURS_ALONE = r"\d{1,2} ?h"
_ISO = r"\d{4}-\d{2}-\d{2}(?P<time>[T ].+)?"


class TypedClock(NamedTuple):
    """The current time, the user's zone, and the languages whose words are read."""

    now: dt.datetime
    zone: ZoneInfo
    languages: tuple[str, ...] = ENGLISH

    @property
    def today(self) -> dt.date:
        """Return the user's day."""
        return datemath.day_of(self.now, self.zone)


def parse_when(text: str, clock: TypedClock, use: DateUse) -> When:
    """Return the day, or the instant in the zone, that a typed text names.

    Today counts as both past and future. Raises UsageError for any other text, and for an
    ambiguous date.
    """
    typed = parse_clock.fold(text.replace(",", " "))
    iso = parse_iso(typed)
    if iso is not None:
        return _checked(_in_zone(iso, clock.zone, text), text)
    typed = re.sub(r"(\d\.)(?=[^\W\d_])", r"\1 ", typed)  # 24.November
    typed = date_words.in_english(typed, clock.languages)
    local = clock.now.replace(microsecond=0).astimezone(clock.zone)
    if use is DateUse.INTERVIEW:  # nobody begins at a second
        local = local.replace(second=0)
    context = DateContext(text=text, now=local, use=use)
    if not typed:
        raise UsageError(f"no date in {text!r}; {_HINT}")
    return _checked(_only_reading(typed, context), text)


def parse_day(text: str, clock: TypedClock, use: DateUse) -> dt.date:
    """Return the day that a typed text names. Raises UsageError, also for a time of day."""
    when = parse_when(text, clock, use)
    if isinstance(when, dt.datetime):
        raise UsageError(f"{text!r} has a time; only a day is needed here, such as 2026-12-04")
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


def _only_reading(typed: str, context: DateContext) -> When:
    """Return the only day or instant that a text can name, with or without a clock time."""
    readings: list[When] = []
    errors: list[UsageError] = []
    for words, match in _splits(typed):
        try:
            readings += _reading(words, match, context)
        except (AmbiguousDateError, WrongWeekdayError):
            raise
        except UsageError as error:
            errors.append(error)
    if len(set(readings)) > 1:
        named = " or ".join(written_out(reading) for reading in readings)
        raise UsageError(f"{context.text!r} can be read as {named}; write one of these")
    if readings:
        return readings[0]
    if errors:
        raise errors[0]
    raise UsageError(f"cannot read {context.text!r} as a date; {_HINT}")


def _splits(typed: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Yield the words of the date, and the match of its clock time if any."""
    yield typed, None
    if re.fullmatch(_HOURS_ALONE, typed):  # "1h" alone may be a length as well
        return
    at_end = re.fullmatch(rf"(?:(?P<words>.+?) )??{parse_clock.CLOCK}", typed)
    if at_end and parse_clock.is_clock(at_end):
        yield at_end["words"] or "", at_end
    at_start = re.fullmatch(rf"{parse_clock.CLOCK} (?P<words>.+)", typed)
    if at_start and parse_clock.is_clock(at_start):
        yield at_start["words"], at_start


def _reading(words: str, match: re.Match[str] | None, context: DateContext) -> list[When]:
    """Return the day or instant of words and a clock time, [] where no form fits them."""
    try:
        has_clock = match is not None
        day = parse_date(words, context._replace(has_clock=has_clock)) if words else context.today
    except AmbiguousDateError as error:
        readings = (_at_clock(day, match, context) for day in error.readings)
        raise AmbiguousDateError(context.text, tuple(readings)) from None
    return [] if day is None else [_at_clock(day, match, context)]


def _at_clock(day: When, match: re.Match[str] | None, context: DateContext) -> When:
    if match is None:
        return day
    clock = parse_clock.clock_time(match)
    if clock is None or isinstance(day, dt.datetime):
        raise UsageError(f"no such time in {context.text!r}; write it as 14:00 or 2pm")
    zone = context.now.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - parse_when made it so
    return _in_zone(dt.datetime.combine(day, clock), zone, context.text)


def _in_zone(when: When, zone: ZoneInfo, text: str) -> When:
    if not isinstance(when, dt.datetime) or when.tzinfo is not None:
        return when
    _checked(when, text)
    local = when.replace(tzinfo=zone)
    if local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != when:
        raise UsageError(f"{text!r} does not exist in {zone.key}: the clocks go forward over it")
    return local


def _checked(when: When, text: str) -> When:
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise UsageError(f"the year of {text!r} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return when


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
        year=int(match["year"]) + (0 if len(match["year"]) > 2 else _CENTURY),  # noqa: PLR2004
        month=month_number(match["month"], LANGUAGES),
        day=int(match["day"]),
        text=match[0],
        rest=text[match.end() :],
    )


_CENTURY = 2000
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.?º|\.)?"
_MONTH = r"(?:de )?(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r",? (?:del? )?(?P<year>\d{4})"
_FORMS = (
    rf"\b{_DAY} {_MONTH}{_YEAR}",
    rf"\b{_MONTH} {_DAY}{_YEAR}",
    rf"\b{_DAY}(?P<separator>[-/]){_MONTH}(?P=separator)(?P<year>\d{{4}}|\d{{2}})(?!\d)",
)


@functools.cache
def _written_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
