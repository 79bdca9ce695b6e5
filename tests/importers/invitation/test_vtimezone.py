"""Time zones that a file defines itself: offsets, rules that end, and rules that never do."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.importers.invitation.ical_parser import logical_lines, parse_calendar
from afterword.importers.invitation.invitation_model import ReaderLimits
from afterword.importers.invitation.vtimezone import FileTimezone, parse_vtimezone

RULES = st.sampled_from(
    [
        *("BYMONTH=3;BYDAY=-1SU", "BYDAY=1SU;BYMONTH=4", "BYMONTH=10;BYDAY=2SU", ""),
        *("BYMONTH=9;BYMONTHDAY=24", "BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU"),
        *("BYMONTH=10;BYDAY=SU;BYSETPOS=-1", "BYMONTH=2;BYMONTHDAY=29", "BYMONTH=2;BYDAY=5SU"),
    ]
)
ENDS = st.sampled_from(["", "", ";UNTIL=20301027T010000", ";UNTIL=19961027T010000", ";COUNT=30"])
OFFSETS = st.sampled_from(["+0100", "-0500", "+0545", "-034500", "+1300"])
ONSETS = st.sampled_from(["16010101T020000", "19700329T030000", "20000229T020000", "20260601"])


def part(kind: str, onset: str, before: str, after: str, *lines: str) -> str:
    return "\r\n".join(
        (
            f"BEGIN:{kind}",
            f"DTSTART:{onset}",
            f"TZOFFSETFROM:{before}",
            f"TZOFFSETTO:{after}",
            *lines,
            f"END:{kind}",
        )
    )


@st.composite
def parts(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["STANDARD", "DAYLIGHT"]))
    rule = f"RRULE:FREQ=YEARLY;{draw(RULES)}".removesuffix(";") + draw(ENDS)
    lines = draw(st.sampled_from([(), (rule,), (rule,), ("RDATE:20150101T000000",)]))
    return part(kind, draw(ONSETS), draw(OFFSETS), draw(OFFSETS), *lines)


def definition(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VTIMEZONE", "TZID:of-the-file", *lines, "END:VTIMEZONE", ""))


def parsed(text: str) -> FileTimezone | None:
    lines = logical_lines(text, source="x.ics", max_lines=9_999)
    root, _ = parse_calendar(lines, source="x.ics", limits=ReaderLimits())
    return parse_vtimezone(root.components[0])


def clock(*lines: str) -> FileTimezone:
    timezone = parsed(definition(*lines))
    assert timezone is not None
    return timezone


@settings(max_examples=40)
@given(
    st.lists(parts(), min_size=1, max_size=2),
    st.datetimes(dt.datetime(1975, 1, 1), dt.datetime(2040, 1, 1)),  # noqa: DTZ001
)
def test_offsets_are_those_of_icalendar(observances: list[str], wall: dt.datetime) -> None:
    standard = part("STANDARD", "16000101T000000", "+0000", "+0000")
    text = definition(standard, *observances)
    component = icalendar.Timezone.from_ical(text)
    assert isinstance(component, icalendar.Timezone)
    reference = component.to_tz(lookup_tzid=False)
    timezone = parsed(text)
    assert timezone is not None
    assert timezone.offset_at(wall) == wall.replace(tzinfo=reference).utcoffset()


@pytest.mark.parametrize(
    ("wall", "hours"),
    [("1996-10-27T02:59", 2), ("1996-10-27T03:00", 1), ("1997-03-30T02:00", 2)],
    ids=["before-the-last-onset", "at-the-last-onset", "after-the-rule"],
)
def test_until_is_in_utc(wall: str, hours: int) -> None:
    timezone = clock(
        part(
            *("STANDARD", "19701025T030000", "+0200", "+0100"),
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10;UNTIL=19961027T010000Z",
        ),
        part(
            *("DAYLIGHT", "19700329T020000", "+0100", "+0200"),
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        ),
    )
    assert timezone.offset_at(dt.datetime.fromisoformat(wall)) == dt.timedelta(hours=hours)


def test_before_the_first_onset_the_first_part_counts_where_none_is_standard() -> None:
    timezone = clock(
        part("DAYLIGHT", "20260101T000000", "+0100", "+0200"),
        part("DAYLIGHT", "20270101T000000", "+0200", "+0300"),
    )
    assert timezone.offset_at(dt.datetime(2025, 1, 1)) == dt.timedelta(hours=2)  # noqa: DTZ001


@given(st.datetimes(dt.datetime(2007, 4, 1), dt.datetime(2200, 1, 1)))  # noqa: DTZ001
def test_a_rule_from_1601_gives_the_offsets_of_its_zone(wall: dt.datetime) -> None:
    timezone = clock(
        part(
            *("STANDARD", "16010101T020000", "-0400", "-0500"),
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11",
        ),
        part(
            *("DAYLIGHT", "16010101T020000", "-0500", "-0400"),
            "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3",
        ),
    )
    local = wall.replace(tzinfo=ZoneInfo("America/New_York"))
    is_unique = local.utcoffset() == local.replace(fold=1).utcoffset()
    assert not is_unique or timezone.offset_at(wall) == local.utcoffset()


@pytest.mark.parametrize("day", ["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
def test_a_rule_may_recur_every_28_years(day: str) -> None:
    rule = f"RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=5{day}"
    timezone = clock(
        part("STANDARD", "19010601T000000", "+0100", "+0100", "RRULE:FREQ=YEARLY"),
        part("DAYLIGHT", "19010601T000000", "+0100", "+0200", rule),
    )
    march_firsts = (dt.datetime(year, 3, 1) for year in range(1996, 2024))  # noqa: DTZ001
    offsets = [timezone.offset_at(march_first) for march_first in march_firsts]
    assert offsets.count(dt.timedelta(hours=2)) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;INTERVAL=0",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=1SU;BYSETPOS=9",
        "FREQ=YEARLY;BYMONTH=13;BYDAY=1SU",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=1XX",
        "FREQ=YEARLY;UNTIL=20269999",
        "FREQ=DAILY",
        "BYMONTH=3",
    ],
)
def test_a_rule_that_is_invalid_or_never_recurs_makes_the_definition_invalid(rule: str) -> None:
    standard = part("STANDARD", "19700101T000000", "+0100", "+0100")
    daylight = part("DAYLIGHT", "19700101T020000", "+0100", "+0200", f"RRULE:{rule}")
    assert parsed(definition(standard, daylight)) is None


@pytest.mark.parametrize(
    "lines",
    [
        ("RDATE;VALUE=DATE:20260101",),
        ("RDATE:20269999T000000",),
        ("DTSTART:20260101T000000",),
        ("TZOFFSETTO:+0200",),
    ],
    ids=["date-only", "impossible-date", "two-starts", "two-offsets"],
)
def test_a_part_that_is_invalid_makes_the_definition_invalid(lines: tuple[str, ...]) -> None:
    assert parsed(definition(part("STANDARD", "19700101T000000", "+0100", "+0100", *lines))) is None
