"""Days and times as people type them: ISO, and a few plain forms.

`2026-11-24 14:00`, `24 Nov 14:00`, `tue 2pm`, `tomorrow 9:30`, `in 3 days`,
`2 weeks ago`, `yesterday`, `18:00`. A date of numbers is read by half the world
day first and by the other half month first, so it is refused; but not where a
number is no month, or where dots stand between them (`4.12.2026`, `4.12.`),
which all who write them read day first.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from afterword.domain import datemath
from afterword.domain.model import When
from afterword.errors import UsageError

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_UNITS = {"day": 1, "week": 7}
_NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_SHORTEST = 3
_MONTHS_A_YEAR = 12

_CLOCK = re.compile(r"(?:^|\s+)(?:at\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?$")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}))?")
_DOTTED = re.compile(r"(\d{1,2})(\.)\s?(\d{1,2})\.(?:\s?(\d{4}))?")
_AHEAD = re.compile(r"in\s+(\d{1,3}|a|one)\s+(day|week)s?")
_AGO = re.compile(r"(\d{1,3}|a|one)\s+(day|week)s?\s+ago")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)(?:\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]+)\s+(\d{1,2})(?:st|nd|rd|th)?(?:\s+(\d{4}))?")

FORMS = 'write it as 2026-11-24, "2026-11-24 14:00", "tue 14:00", "tomorrow 9:30" or "in 3 days"'


def parse_when(text: str, *, now: dt.datetime, zone: ZoneInfo, past: bool) -> When:
    """Return the day, or the moment in the zone, that a typed text means.

    A weekday or a day without a year is the nearest one back (`past`: what has
    happened) or ahead, today included. Raises UsageError where it cannot be
    read in one way only.
    """
    typed = " ".join(text.replace(",", " ").split()).casefold()
    iso = _iso(typed.upper())
    if iso is not None:
        return _in_zone(iso, zone, text)
    today = datemath.day_of(now, zone)
    day_words, clock = _without_clock(typed, text)
    if not day_words and clock is None:
        raise UsageError(f"no date in {text!r}; {FORMS}")
    day = _day(day_words, text, today, past=past) if day_words else today
    if clock is None:
        return day
    return _in_zone(dt.datetime.combine(day, clock), zone, text)


def parse_day(text: str, *, now: dt.datetime, zone: ZoneInfo, past: bool) -> dt.date:
    """Return the day that a typed text means; a time of the day is too much. Raises UsageError."""
    read = parse_when(text, now=now, zone=zone, past=past)
    if isinstance(read, dt.datetime):
        raise UsageError(f"{text!r} has a time of the day; here a day is wanted, as 2026-12-04")
    return read


def _iso(typed: str) -> When | None:
    try:
        if _ISO_DAY.fullmatch(typed):
            return dt.date.fromisoformat(typed)
        return dt.datetime.fromisoformat(typed) if _ISO_DAY.match(typed) else None
    except ValueError:
        return None


def _in_zone(read: When, zone: ZoneInfo, text: str) -> When:
    if not isinstance(read, dt.datetime) or read.tzinfo is not None:
        return read
    local = read.replace(tzinfo=zone)
    if local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != read:
        raise UsageError(f"{text!r} does not exist in {zone.key}: the clocks go forward over it")
    return local


def _without_clock(typed: str, text: str) -> tuple[str, dt.time | None]:
    match = _CLOCK.search(typed)
    # A bare number at the end is a time only with something that says so.
    if not match or not (match[2] or match[3]):
        return typed, None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock face
            raise UsageError(f"no such time in {text!r}; write it as 14:00 or 2pm")
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return typed[: match.start()].strip(), dt.time(hour, minute)
    except ValueError:
        raise UsageError(f"no such time in {text!r}; write it as 14:00 or 2pm") from None


def _day(words: str, text: str, today: dt.date, *, past: bool) -> dt.date:
    days = _from_today(words, today, past=past)
    return (
        _dated(words, text, today, past=past) if days is None else datemath.days_after(today, days)
    )


def _from_today(words: str, today: dt.date, *, past: bool) -> int | None:
    """Return how many days from today it is, or None where today does not matter."""
    if words in _NAMED:
        return _NAMED[words]
    for pattern, sign in ((_AHEAD, 1), (_AGO, -1)):
        if match := pattern.fullmatch(words):
            count = int(match[1]) if match[1].isdigit() else 1
            return sign * count * _UNITS[match[2]]
    weekday = _place(words.removeprefix("on "), _DAYS)
    if weekday is None:
        return None
    ahead = (weekday - today.weekday()) % 7
    return ahead - 7 if past and ahead else ahead


def _dated(words: str, text: str, today: dt.date, *, past: bool) -> dt.date:
    if _ISO_DAY.fullmatch(words):
        try:
            return dt.date.fromisoformat(words)
        except ValueError:
            raise UsageError(f"no such day in {text!r}") from None
    if match := _DOTTED.fullmatch(words) or _NUMBERS.fullmatch(words):
        return _nearest(*_day_and_month(match, text), match[4], text, today, past=past)
    if match := _DAY_MONTH.fullmatch(words):
        number, name, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(words):
        name, number, year = match.groups()
    else:
        raise UsageError(f"cannot read {text!r} as a date; {FORMS}")
    place = _place(name, _MONTHS)
    if place is None:
        raise UsageError(f"cannot read {text!r} as a date; {FORMS}")
    return _nearest(int(number), place + 1, year, text, today, past=past)


def _day_and_month(match: re.Match[str], text: str) -> tuple[int, int]:
    """Return the day and the month of two numbers. Raises UsageError where each may be either."""
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or first > _MONTHS_A_YEAR:
        return first, second
    if second > _MONTHS_A_YEAR:
        return second, first
    raise UsageError(
        f"{text!r} can be read day first or month first; write it as 2026-11-24 or 24 Nov"
    )


def _nearest(
    number: int, month: int, year: str | None, text: str, today: dt.date, *, past: bool
) -> dt.date:
    """Return that day of the year that is named, else the nearest one back or ahead."""
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = []
    for y in years:
        try:
            days.append(dt.date(y, month, number))
        except ValueError:
            continue
    if not year:
        days = [d for d in days if (d <= today if past else d >= today)]
    if not days:
        raise UsageError(f"no such day in {text!r}")
    return max(days) if past else min(days)


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the one name that the word shortens, to three letters at least."""
    word = word.rstrip(".")
    if len(word) < _SHORTEST:
        return None
    found = [n for n, name in enumerate(names) if name.startswith(word)]
    return found[0] if len(found) == 1 else None
