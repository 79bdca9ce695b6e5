"""Calculate with instants, days, daily hours and working days.

Instants are in UTC, where adding and subtracting is elapsed time: 24 hours
across a change of the clocks are 24 hours. Days are counted on the calendar.
"""

from __future__ import annotations

import datetime as dt
import functools
from zoneinfo import ZoneInfo

from afterword.domain.model import IsWorkingDay, When
from afterword.domain.policy import Hours

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
HALF_HOUR = dt.timedelta(minutes=30)

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""The years of dates that people write; with them no later calculation leaves the calendar."""

_SATURDAY = 5


def to_utc(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the moment in UTC; without an offset it is a local time in `zone`.

    A local time that the clocks skip gets the offset from before the change; one
    that occurs twice is the first, unless its `fold` is 1 (PEP 495).
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(dt.UTC)


def elapsed(start: dt.datetime, end: dt.datetime) -> dt.timedelta:
    """Return the time between two moments, correct across a change of the clocks."""
    return end.astimezone(dt.UTC) - start.astimezone(dt.UTC)


def add_elapsed(start: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """Return the moment that is `span` of elapsed time later, in the zone of `start`."""
    return (start.astimezone(dt.UTC) + span).astimezone(start.tzinfo)


# Many windows open and close on the same few days and hours.
@functools.lru_cache(maxsize=4096)
def at_local_time(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the instant of a local time in `zone`, in UTC."""
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)


def day_of(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the civil day of an instant in a zone."""
    return moment.astimezone(zone).date()


def days_after(day: dt.date, count: int) -> dt.date:
    """Return the day `count` calendar days later."""
    return day + count * DAY


def hours_on(day: dt.date, hours: Hours, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Return the instants at which the hours of a day start and end."""
    return at_local_time(day, hours.start, zone), at_local_time(day, hours.end, zone)


def next_within_hours(moment: dt.datetime, hours: Hours, zone: ZoneInfo) -> dt.datetime:
    """Return the first instant at or after the moment that is within the daily hours."""
    day = day_of(moment, zone)
    start, end = hours_on(day, hours, zone)
    if moment < end:
        return max(moment, start)
    return at_local_time(day + DAY, hours.start, zone)


def is_weekday(day: dt.date) -> bool:
    """Return True from Monday to Friday."""
    return day.weekday() < _SATURDAY


def next_business_day(day: dt.date, is_working_day: IsWorkingDay) -> dt.date:
    """Return the day or the next working day (roll of the planning rules)."""
    while not is_working_day(day):
        day += DAY
    return day


def working_day_after(day: dt.date, count: int, is_working_day: IsWorkingDay) -> dt.date:
    """Return the `count`-th working day strictly after the day (wd of the planning rules)."""
    for _ in range(count):
        day = next_business_day(day + DAY, is_working_day)
    return day


def last_working_day(first: dt.date, last: dt.date, is_working_day: IsWorkingDay) -> dt.date:
    """Return the last working day in `first`..`last`, `last` if there is none."""
    days = (last - n * DAY for n in range((last - first).days + 1))
    return next(filter(is_working_day, days), last)


def earliest_contact_time(
    day: dt.date, office: Hours, office_zone: ZoneInfo, waking: Hours, waking_zone: ZoneInfo
) -> dt.datetime:
    """Return when to send a message that should arrive in the office hours of `day`.

    It is the first moment in both the office hours and the waking hours. If they
    do not overlap, it is half an hour before the end of the last waking hours
    that start before those office hours.
    """
    opens, closes = hours_on(day, office, office_zone)
    before = day_of(opens, waking_zone) - DAY
    latest = opens
    for n in range(3):
        wakes, sleeps = hours_on(before + n * DAY, waking, waking_zone)
        start = max(opens, wakes)
        if start < min(closes, sleeps):
            return start
        if wakes < opens:
            latest = sleeps
    return latest - HALF_HOUR


def has_passed(end: When, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    """Return True if an event with this end (exclusive) has passed."""
    if not isinstance(end, dt.datetime):
        # The first and the last day that Python knows have no instant in each zone.
        if abs(end.year - now.year) > 1:
            return end.year < now.year
        end = dt.datetime.combine(end, dt.time(), zone)
    return end.astimezone(dt.UTC) <= now
