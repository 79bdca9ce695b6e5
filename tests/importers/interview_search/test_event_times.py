"""When the user is busy: single events, those that repeat, and rules that would cost much."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from afterword.domain.calendar_model import BusyTimes, merge_spans
from afterword.importers.calendar_events import CalendarText, busy_spans, read_calendars

BERLIN = ZoneInfo("Europe/Berlin")
START = dt.datetime(2026, 10, 12, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 12, tzinfo=dt.UTC)


def busy(*events: str) -> list[str]:
    """Return when somebody in Berlin is busy from 12 October to 12 November 2026, in UTC."""
    parts = "".join(f"BEGIN:VEVENT\nUID:x\n{text}\nEND:VEVENT\n" for text in events)
    data = f"BEGIN:VCALENDAR\nVERSION:2.0\n{parts}END:VCALENDAR\n".encode()
    texts = [CalendarText(calendar="a", source="a", data=data)]
    events_read = read_calendars(texts, me=("sam@mail.example",), zone=BERLIN).events
    spans = sorted((s.astimezone(dt.UTC), e) for s, e in busy_spans(events_read, START, END))
    return [f"{start:%d %b %H:%M}" for start, _ in spans]


MONDAYS = "DTSTART;TZID=Europe/Berlin:20261005T090000\nDTEND;TZID=Europe/Berlin:20261005T100000\n"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (["DTSTART:20261020T090000Z\nDTEND:20261020T100000Z"], ["20 Oct 09:00"]),
        (["DTSTART:20261020T090000\nDTEND:20261020T100000"], ["20 Oct 07:00"]),
        (["DTSTART:20261012T230000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT"], []),
        (["DTSTART;VALUE=DATE:20261020"], []),
        (["DTSTART:20261201T090000Z\nDTEND:20261201T100000Z"], []),
        (["DTSTART:20261011T230000Z\nDTEND:20261012T010000Z"], ["11 Oct 23:00"]),
        (
            ["DTSTART:20261020T090000Z\nATTENDEE;PARTSTAT=DECLINED:mailto:sam@mail.example"],
            [],
        ),
        # The clock in Berlin goes back on 25 October.
        (
            [f"{MONDAYS}RRULE:FREQ=WEEKLY;COUNT=4"],
            ["12 Oct 07:00", "19 Oct 07:00", "26 Oct 08:00"],
        ),
        ([f"{MONDAYS}RRULE:FREQ=WEEKLY;UNTIL=20261019"], ["12 Oct 07:00", "19 Oct 07:00"]),
        ([f"{MONDAYS}RRULE:FREQ=WEEKLY;UNTIL=20261019T000000Z"], ["12 Oct 07:00"]),
        (
            [
                (f"{MONDAYS}RRULE:FREQ=WEEKLY;COUNT=4\n"
                "EXDATE;TZID=Europe/Berlin:20261019T090000,20261026T090000")
            ],
            ["12 Oct 07:00"],
        ),
        (
            [
                f"{MONDAYS}RRULE:FREQ=WEEKLY;COUNT=3",
                ("RECURRENCE-ID;TZID=Europe/Berlin:20261012T090000\n"
                "DTSTART:20261013T120000Z\nDTEND:20261013T130000Z"),
            ],
            ["13 Oct 12:00", "19 Oct 07:00"],
        ),
        ([f"{MONDAYS}RRULE:FREQ=MONTHLY;BYDAY=2MO"], ["12 Oct 07:00", "09 Nov 08:00"]),
        ([f"{MONDAYS}RRULE:FREQ=NEVER"], []),
        ([f"{MONDAYS}RRULE:FREQ=SECONDLY"], []),
        ([f"{MONDAYS}RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], []),
        (["DTSTART:19200105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"], []),
    ],
    ids=[
        "an event", "floating", "free", "all day", "outside", "over the edge", "declined", "weekly",
        "until a day", "until an instant", "without two dates", "a moved date", "monthly",
        "no such rule", "each second", "an impossible date", "a century",
    ],
)  # fmt: skip
def test_the_dates_of_events(events: list[str], expected: list[str]) -> None:
    assert busy(*events) == expected


def hours(start: int, end: int) -> tuple[dt.datetime, dt.datetime]:
    day = dt.datetime(2026, 11, 2, tzinfo=BERLIN)
    return day.replace(hour=start), day.replace(hour=end)


def test_spans_that_touch_are_one() -> None:
    times = merge_spans([hours(12, 13), hours(9, 10), hours(10, 11), hours(9, 9), hours(15, 14)])
    assert times.spans == (hours(9, 11), hours(12, 13))


@pytest.mark.parametrize(
    ("hour", "expected"), [(8, None), (9, (9, 11)), (10, (9, 11)), (11, None), (12, (12, 13))]
)
def test_the_span_of_a_moment(hour: int, expected: tuple[int, int] | None) -> None:
    times = merge_spans([hours(9, 11), hours(12, 13)])
    assert times.span_at(hours(hour, 20)[0]) == (hours(*expected) if expected else None)
    assert BusyTimes().span_at(hours(hour, 20)[0]) is None
