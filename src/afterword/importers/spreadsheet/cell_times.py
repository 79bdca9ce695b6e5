"""Parse the times of interviews in cells: ranges, several dates in a cell, zones behind a time.

A range is "14:00 - 15:00" or Notion's "November 24, 2026 2:00 PM (GMT+1) → 3:00 PM".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.formats import validators
from afterword.formats.validators import InvalidValueError, quoted
from afterword.importers.spreadsheet import date_order
from afterword.importers.spreadsheet.date_order import DateOrder

_BETWEEN_INTERVIEWS = re.compile(r"\s*;\s*|\s+[|&]\s+|,\s*(?=\d{1,4}[./-]\d{1,2}[./-]\d{1,4})")
_BETWEEN_TIMES = re.compile(
    r"\s*(?:→|➔|➜|->|–|—)\s*|\s+(?:-|to|until|bis|à|a(?!\s+las?\b)|hasta)\s+"
    r"|(?<=:\d\d)-(?=\d{1,2}:\d\d)|(?<=\dh)\s*-\s*(?=\d{1,2}\s?h)"
    r"|(?<=m)\s*-\s*(?=\d{1,2}(?::\d\d)?\s*[ap]m)",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:(?<![\s(])[\s(]+(?:GMT|UTC)\s*|(?<=[\d\s(m])\s*(?=[+\u2212-]\d{2}:?\d{2}\)?$))"
    r"(?:(?P<sign>[+\u2212-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?)?\)?$",
    re.IGNORECASE,
)
_ZONE_NAME = re.compile(r"(?<![\s(])[\s(]+(?P<name>[A-Za-z]+(?:/[A-Za-z_-]+)+)\)?$")
_ABBREVIATION = re.compile(r"(?<=[\d\sm])\s*\(?\b(?P<letters>[A-Z]{1,5})\)?$")
# Abbreviations that mean one zone in practice, with its summer time: people write EST all year.
_ZONES = {
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    "BST": "Europe/London",
    **dict.fromkeys(("CET", "CEST", "MEZ", "MESZ"), "Europe/Paris"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    "SAST": "Africa/Johannesburg",
    **dict.fromkeys(("EST", "EDT", "ET"), "America/New_York"),
    **dict.fromkeys(("CDT", "CT"), "America/Chicago"),
    **dict.fromkeys(("MST", "MDT", "MT"), "America/Denver"),
    **dict.fromkeys(("PST", "PDT", "PT"), "America/Los_Angeles"),
    **dict.fromkeys(("AKST", "AKDT"), "America/Anchorage"),
    "HST": "Pacific/Honolulu",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "SGT": "Asia/Singapore",
    "HKT": "Asia/Hong_Kong",
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
}
_SEVERAL = frozenset({"CST", "IST", "AST"})
_WINTER_AND_SUMMER = (dt.datetime(2026, 1, 1), dt.datetime(2026, 7, 1))  # noqa: DTZ001 - of any zone
_MOST_HOURS = 14
_NOTHING = frozenset({"-", "–", "—", "?", "n/a", "na", "tbd", "tba", "tbc", "none", "no", "null"})


@attrs.frozen(kw_only=True)
class InterviewTimes:
    """Start and end of an interview; `end` is None if the cells give none.

    `has_zone` is True if the cells state a zone or an offset.
    """

    start: dt.datetime
    end: dt.datetime | None = None
    round: str | None = None
    has_zone: bool = False


def is_blank(text: str) -> bool:
    """True for a cell with a usual sign for no date."""
    return not text or text.casefold() in _NOTHING


def split_interviews(text: str) -> Iterator[str]:
    """Yield the dates of the interviews in a cell."""
    return (part for part in _BETWEEN_INTERVIEWS.split(text) if not is_blank(part))


def parse_times(day: str, clock: str, order: DateOrder | None, zone: ZoneInfo) -> InterviewTimes:
    """Return start and end of the cells of a day and a time; either may hold both.

    `zone` is that of a time without a zone. Raises InvalidValueError.
    """
    if clock and not date_order.has_day(clock):
        first, last = _split_range(clock)
        local_day = date_order.parse_cell_day(day, order)
        body, cell_zone = _split_zone(first, zone)
        local = dt.datetime.combine(local_day, date_order.parse_cell_clock(body))
    else:
        first, last = _split_range(clock or day)
        body, cell_zone = _split_zone(first, zone)
        local = date_order.parse_cell_datetime([body], order)
    if last and cell_zone is None:
        _, cell_zone = _split_zone(last, zone)
    has_zone = cell_zone is not None or local.tzinfo is not None
    start = _in_zone(local, cell_zone or zone, zone)
    if not last:
        return InterviewTimes(start=start, has_zone=has_zone)
    end = parse_end(last, local.date(), order, cell_zone or zone)
    check_length(last, start, end)
    end = end.astimezone(start.tzinfo)
    return InterviewTimes(start=start, end=end, has_zone=has_zone)


def parse_end(text: str, day: dt.date, order: DateOrder | None, zone: dt.tzinfo) -> dt.datetime:
    """Return the end that a cell states, on `day` if it is a time alone.

    Raises InvalidValueError.
    """
    body, cell_zone = _split_zone(text, zone)
    try:
        local = dt.datetime.combine(day, date_order.parse_cell_clock(body))
    except InvalidValueError:
        local = date_order.parse_cell_datetime([body], order)
    return _in_zone(local, cell_zone or zone, zone)


def check_length(text: str, start: dt.datetime, end: dt.datetime) -> None:
    """Raise InvalidValueError for an end before the start, or days after it."""
    length = datemath.elapsed(start, end)
    if length <= dt.timedelta():
        raise InvalidValueError(f"{quoted(text)} is not after the start")
    if length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is {length.days} days after the start")


def _split_range(text: str) -> tuple[str, str | None]:
    """Return the texts of start and end; None for a text that has no end."""
    parts = [part for part in _BETWEEN_TIMES.split(text, maxsplit=1) if part]
    if len(parts) == 1:
        return parts[0], None
    first, last = parts or (text, "")
    # "24 November 2026 – 14:00" is no range, because no time stands before the dash.
    return (first, last) if date_order.has_clock(first) else (f"{first} {last}", None)


def _split_zone(text: str, zone: dt.tzinfo) -> tuple[str, dt.tzinfo | None]:
    """Return a text without the zone at its end, and that zone; None if it names none.

    Raises InvalidValueError for a zone that is unknown, or an abbreviation of several.
    """
    if match := _OFFSET.search(text):
        return text[: match.start()], _offset(match)
    if match := _ZONE_NAME.search(text):
        return text[: match.start()], validators.validate_zone(match["name"])
    match = _ABBREVIATION.search(text)
    if match is None:
        return text, None
    letters, body = match["letters"], text[: match.start()]
    if any(zone.tzname(moment) == letters for moment in _WINTER_AND_SUMMER):
        return body, zone
    if letters in _ZONES:
        return body, ZoneInfo(_ZONES[letters])
    if letters in _SEVERAL:
        raise InvalidValueError(
            f"{quoted(text)}: {letters} is the name of several time zones; write the zone as "
            "America/Chicago in a column time zone"
        )
    return text, None


def _offset(match: re.Match[str]) -> dt.tzinfo:
    if not match["sign"]:
        return dt.UTC
    offset = dt.timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
    if offset > dt.timedelta(hours=_MOST_HOURS):
        raise InvalidValueError(f"{quoted(match[0].strip())} is no offset of a time zone")
    return dt.timezone(offset if match["sign"] == "+" else -offset)


def _in_zone(moment: dt.datetime, own: dt.tzinfo, zone: dt.tzinfo) -> dt.datetime:
    """Return a local time in its own zone; in `zone` if only its offset is stated."""
    aware = moment if moment.tzinfo is not None else validators.attach_zone(moment, own)
    return aware if isinstance(aware.tzinfo, ZoneInfo) else aware.astimezone(zone)
