"""Parse dates, times and zones in cells, with the order of day and month that a column uses.

Half of the world writes the day first, the other half the month. The rows of a column decide
together, because a number above 12 is no month. Where no row decides, the user is asked.

A range of times is "14:00 - 15:00" or Notion's "November 24, 2026 2:00 PM (GMT+1) → 3:00 PM".
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.formats import validators
from afterword.formats.dates import date_words, parse_clock, parse_datetime
from afterword.formats.validators import InvalidValueError, quoted

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
_DEFAULT_LENGTH = dt.timedelta(minutes=60)
_NOTHING = frozenset({"-", "–", "—", "?", "n/a", "na", "tbd", "tba", "tbc", "none", "no", "null"})


class DateOrder(enum.StrEnum):
    """The order of the numbers of a date; `iso` has the year first."""

    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


# Of the year, the month and the day.
_POSITIONS = {DateOrder.DMY: (2, 1, 0), DateOrder.MDY: (2, 0, 1), DateOrder.ISO: (0, 1, 2)}
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
    return bool(_NUMBERS.search(text)) or parse_datetime.find_written_date(text) is not None


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


def _parse_cell_datetime(text: str, order: DateOrder | None) -> dt.datetime:
    """Return the date and time of day in a cell.

    It is a naive local time, or aware where ISO 8601 states an offset. Raises InvalidValueError.
    """
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
    return dt.datetime.combine(day, _parse_cell_clock(rest))


def _parse_cell_clock(text: str) -> dt.time:
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
    written = parse_datetime.find_written_date(text)
    if written is None:
        return None, text
    if written.month is None:
        raise InvalidValueError(f"{quoted(text)} names no month; write it as 2026-11-24")
    return _date(written.year, written.month, written.day, written.text), written.rest


def _numeric_day(match: re.Match[str], order: DateOrder | None) -> dt.date:
    numbers = match[1], match[3], match[4]
    if len(numbers[0]) == _YEAR_DIGITS:
        order = DateOrder.ISO
    year, month, day = (numbers[at] for at in _POSITIONS[order or DateOrder.DMY])
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


@attrs.frozen(kw_only=True)
class InterviewTimes:
    """Start and end of an interview; `has_end` is False if the end is assumed.

    `has_zone` is True if the cells state a zone or an offset.
    """

    start: dt.datetime
    end: dt.datetime
    has_end: bool
    has_zone: bool
    round: str | None = None


def is_blank(text: str) -> bool:
    """True for a cell with a usual sign for no date."""
    return not text or text.casefold() in _NOTHING


def split_interviews(text: str) -> Iterator[str]:
    """Yield the dates of the interviews in a cell."""
    return (part for part in _BETWEEN_INTERVIEWS.split(text) if not is_blank(part))


# A table has the same days and hours in many rows.
@functools.lru_cache(maxsize=4096)
def parse_times(day: str, clock: str, order: DateOrder | None, zone: ZoneInfo) -> InterviewTimes:
    """Return start and end of the cells of a day and a time; either may hold both.

    `zone` is that of a time without a zone. Raises InvalidValueError.
    """
    own_day = parse_cell_day(day, order) if clock and not has_day(clock) else None
    first, last = _split_range(clock or day)
    body, cell_zone = _split_zone(first, zone)
    if own_day:
        local = dt.datetime.combine(own_day, _parse_cell_clock(body))
    else:
        local = _parse_cell_datetime(body, order)
    if last and cell_zone is None:
        _, cell_zone = _split_zone(last, zone)
    start = _in_zone(local, cell_zone or zone, zone)
    end = datemath.add_elapsed(start, _DEFAULT_LENGTH)
    if last:
        end = parse_end(last, start, local.date(), order, cell_zone or zone)
    return InterviewTimes(
        start=start,
        end=end,
        has_end=bool(last),
        has_zone=cell_zone is not None or local.tzinfo is not None,
    )


def parse_end(
    text: str, start: dt.datetime, day: dt.date, order: DateOrder | None, zone: dt.tzinfo
) -> dt.datetime:
    """Return the end that a cell states, on `day` if it is a time alone, in the zone of the start.

    Raises InvalidValueError, also for an end before the start, or days after it.
    """
    body, cell_zone = _split_zone(text, zone)
    try:
        local = dt.datetime.combine(day, _parse_cell_clock(body))
    except InvalidValueError:
        local = _parse_cell_datetime(body, order)
    end = _in_zone(local, cell_zone or zone, zone)
    length = datemath.elapsed(start, end)
    if length <= dt.timedelta():
        raise InvalidValueError(f"{quoted(text)} is not after the start")
    if length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is {length.days} days after the start")
    return end.astimezone(start.tzinfo)


def _split_range(text: str) -> tuple[str, str | None]:
    """Return the texts of start and end; None for a text that has no end."""
    parts = [part for part in _BETWEEN_TIMES.split(text, maxsplit=1) if part]
    if len(parts) == 1:
        return parts[0], None
    first, last = parts or (text, "")
    # "24 November 2026 – 14:00" is no range, because no time stands before the dash.
    return (first, last) if has_clock(first) else (f"{first} {last}", None)


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
