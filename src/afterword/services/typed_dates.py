"""Read the dates that the user types, in English and in their own language."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from afterword.domain import datemath
from afterword.domain.model import When
from afterword.domain.sanitize import pluralize
from afterword.errors import UsageError
from afterword.formats.dates import parse_datetime
from afterword.formats.dates.date_forms import AmbiguousDateError, DateUse
from afterword.formats.dates.parse_datetime import TypedClock
from afterword.services.run_context import RunContext

if TYPE_CHECKING:
    from afterword.domain.search_record import DateRange

_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def parse_when(
    typed: str, context: RunContext, use: DateUse, *, zone: ZoneInfo | None = None
) -> When:
    """Return the day or instant of a typed date, in the user's zone by default."""
    return parse_datetime.parse_when(typed, _clock(context, zone), use)


def parse_moment(typed: str, context: RunContext, use: DateUse, zone: ZoneInfo) -> dt.datetime:
    """Return the instant of a typed date. Raises UsageError, also for a day without a time."""
    moment = parse_when(typed, context, use, zone=zone)
    if not isinstance(moment, dt.datetime):
        raise UsageError(f'{typed!r} has no time; write it as "{typed} 14:00"')
    return moment


def parse_day(typed: str, context: RunContext, use: DateUse) -> dt.date:
    """Return the day of a typed date. Raises UsageError, also for a time of day."""
    return parse_datetime.parse_day(typed, _clock(context), use)


def parse_day_range(first: str | None, last: str | None, context: RunContext) -> DateRange:
    """Return the range from the first typed day or period to the end of the last.

    Without `last` it ends today. Raises UsageError.
    """
    from afterword.formats.dates.date_range import parse_range

    return parse_range(first, last, _clock(context))


def parse_interview_start(typed: str, context: RunContext, zone: ZoneInfo) -> dt.datetime:
    """Return the start of an interview; ask for its year where that is uncertain.

    Raises UsageError where nobody can be asked, and for a day without a time.
    """
    try:
        return parse_moment(typed, context, DateUse.INTERVIEW, zone)
    except AmbiguousDateError as error:
        readings = [reading for reading in error.readings if isinstance(reading, dt.datetime)]
        if not readings or not context.ui.can_ask():
            raise
        labels = [_describe(reading, context) for reading in readings]
        return readings[context.ui.choose(f"Which year is {typed!r} in?", labels)]


def describe_distance(moment: dt.datetime, context: RunContext) -> str:
    """Return how far a moment is from today, as "yesterday" or "in 6 days"."""
    days = (datemath.day_of(moment, context.zone) - context.today).days
    if days in _NEAR_DAYS:
        return _NEAR_DAYS[days]
    return f"in {pluralize(days, 'day')}" if days > 0 else f"{pluralize(-days, 'day')} ago"


def _describe(moment: dt.datetime, context: RunContext) -> str:
    local = moment.astimezone(context.zone)
    formatted = context.formatter.moment_with_year(local)
    return f"{formatted} ({describe_distance(moment, context)})"


def _clock(context: RunContext, zone: ZoneInfo | None = None) -> TypedClock:
    """Return the time and zone of typed dates, which may be in the user's language or English."""
    code = re.split("[-_]", context.settings.language)[0].casefold()
    languages = tuple(dict.fromkeys((code, "en")))
    return TypedClock(now=context.now, zone=zone or context.zone, languages=languages)
