"""Parse the clock times and lengths that people type or write into cells."""

from __future__ import annotations

import datetime as dt
import re

# Texts, which re compiles at their first use: most commands parse no date.
CLOCK = (
    r"(?:(?:(?:in the |this )?(?P<part>morning|afternoon|evening) )?"
    r"(?P<at>(?:at|um|à|a las) )?"
    r"(?:(?:12 (?:uhr )?)?(?P<word>noon|midday|midnight)"
    r"|(?P<hour>\d{1,2})(?:(?:[:h] ?|\.)(?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:[.,]0+)?)?"
    r" ?(?:(?P<suffix>h|uhr)|(?P<half>[ap])\.? ?m\.?)?)"
    r"(?: (?:in the |this )?(?P<part_after>morning|afternoon|evening))?)"
)
"""A time of day; `is_clock` and `clock_time` take its matches."""
_LENGTH = (
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?) ?(?:h|hrs?|hours?|std\.?|stunden?|heures?|horas?)"
    r"|(?P<clock_hours>\d{1,2}):(?P<clock_minutes>[0-5]\d))?"
    r" ?(?:(?P<minutes>\d{1,4}) ?(?:m|min|mins|minutes?|minuten|minutos|')?)?\.?"
)
_NOON = 12
_MARKS = ("minute", "suffix", "half", "word", "part", "part_after")


def parse_clock(text: str, *, bare_hour: bool = False) -> dt.time | None:
    """Return the time of day that a text names, else None.

    A number alone ("9") may be morning or evening: it is only read with `bare_hour`.
    """
    match = re.fullmatch(CLOCK, fold(text))
    return clock_time(match) if match and (bare_hour or is_clock(match)) else None


def parse_length(text: str) -> dt.timedelta | None:
    """Return a length such as "45", "45 min", "1h30m", "1.5 h" or "1:15", else None."""
    match = re.fullmatch(_LENGTH, fold(text))
    if not match:
        return None
    hours = float((match["hours"] or "0").replace(",", ".")) + int(match["clock_hours"] or 0)
    minutes = int(match["clock_minutes"] or 0) + int(match["minutes"] or 0)
    return dt.timedelta(hours=hours, minutes=minutes) or None


def fold(text: str) -> str:
    """Return a text in lower case with single blanks."""
    return " ".join(text.split()).casefold()


def is_clock(match: re.Match[str]) -> bool:
    """True if there is more than a number, which could be anything, or "at" with 13 to 23."""
    if any(match[part] for part in _MARKS):
        return True
    return bool(match["at"]) and int(match["hour"]) > _NOON


def clock_time(match: re.Match[str]) -> dt.time | None:
    """Return the time of day of a match of CLOCK, or None if there is no such time."""
    if match["word"]:
        return dt.time(0 if match["word"] == "midnight" else _NOON)
    hour, half = int(match["hour"]), match["half"]
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    elif part := match["part"] or match["part_after"]:
        if (part == "morning" and hour >= _NOON) or (part == "evening" and hour == _NOON):
            return None
        hour += _NOON if part != "morning" and hour < _NOON else 0
    try:
        return dt.time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None
