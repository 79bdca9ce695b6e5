"""What people type for a day or a moment, on Tuesday 24 November 2026, 18:00 in Johannesburg."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain import parse_datetime
from afterword.errors import UsageError

ZONE = ZoneInfo("Africa/Johannesburg")
NOW = dt.datetime(2026, 11, 24, 18, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "ahead", "back"),
    [
        ("2026-12-04", "2026-12-04", "2026-12-04"),
        ("2026-12-04 14:00", "2026-12-04T14:00:00+02:00", "2026-12-04T14:00:00+02:00"),
        ("2026-12-04 9:00", "2026-12-04T09:00:00+02:00", "2026-12-04T09:00:00+02:00"),
        ("2026-12-04 2pm", "2026-12-04T14:00:00+02:00", "2026-12-04T14:00:00+02:00"),
        ("2026-12-04T14:00:30", "2026-12-04T14:00:30+02:00", "2026-12-04T14:00:30+02:00"),
        ("2026-12-04T12:00Z", "2026-12-04T12:00:00+00:00", "2026-12-04T12:00:00+00:00"),
        ("today", "2026-11-24", "2026-11-24"),
        ("tomorrow 9:30", "2026-11-25T09:30:00+02:00", "2026-11-25T09:30:00+02:00"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("tue", "2026-11-24", "2026-11-24"),
        ("Wed", "2026-11-25", "2026-11-18"),
        ("monday 2pm", "2026-11-30T14:00:00+02:00", "2026-11-23T14:00:00+02:00"),
        ("on thu at 12am", "2026-11-26T00:00:00+02:00", "2026-11-19T00:00:00+02:00"),
        ("in 3 days", "2026-11-27", "2026-11-27"),
        ("in a week", "2026-12-01", "2026-12-01"),
        ("2 weeks ago", "2026-11-10", "2026-11-10"),
        ("18:45", "2026-11-24T18:45:00+02:00", "2026-11-24T18:45:00+02:00"),
        ("4 Dec", "2026-12-04", "2025-12-04"),
        ("Dec 4th 2026, 14:00", "2026-12-04T14:00:00+02:00", "2026-12-04T14:00:00+02:00"),
        ("4.12.2026", "2026-12-04", "2026-12-04"),
        ("04.12. 14:00", "2026-12-04T14:00:00+02:00", "2025-12-04T14:00:00+02:00"),
        ("4. 12. 2026 9:30", "2026-12-04T09:30:00+02:00", "2026-12-04T09:30:00+02:00"),
        ("24/12/2026", "2026-12-24", "2026-12-24"),
        ("12-24-2026", "2026-12-24", "2026-12-24"),
        ("12/24", "2026-12-24", "2025-12-24"),
        ("29 feb", None, None),
        ("1 January", "2027-01-01", "2026-01-01"),
    ],
)
def test_read_ahead_or_back(typed: str, ahead: str | None, back: str | None) -> None:
    for past, expected in ((False, ahead), (True, back)):
        if expected is None:
            with pytest.raises(UsageError, match="no such day"):
                parse_datetime.parse_when(typed, now=NOW, zone=ZONE, past=past)
        else:
            read = parse_datetime.parse_when(typed, now=NOW, zone=ZONE, past=past)
            assert read.isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("04/12/2026", "day first or month first"),
        ("24/12-2026", "cannot read"),
        ("4.12.26", "cannot read"),
        ("31.11.2026", "no such day"),
        ("13/13/2026", "no such day"),
        ("4-12", "day first or month first"),
        ("03/04 14:00", "day first or month first"),
        ("", "no date"),
        ("soon", "cannot read"),
        ("t", "cannot read"),
        ("ju 4", "cannot read"),
        ("2026-02-30", "no such day"),
        ("tomorrow 25:00", "no such time"),
        ("tomorrow 13pm", "no such time"),
        ("31 Nov", "no such day"),
    ],
)
def test_refused_with_what_to_write(typed: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        parse_datetime.parse_when(typed, now=NOW, zone=ZONE, past=False)


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(UsageError, match="clocks go forward"):
        parse_datetime.parse_when(
            "2026-03-29 02:30", now=NOW, zone=ZoneInfo("Europe/Berlin"), past=False
        )


def test_a_day_has_no_time() -> None:
    with pytest.raises(UsageError, match="here a day is wanted"):
        parse_datetime.parse_day("tue 14:00", now=NOW, zone=ZONE, past=False)


@given(typed=st.text(alphabet="0123456789:/-. adeimnoprstuwy", max_size=20), past=st.booleans())
def test_anything_typed_is_read_or_refused(typed: str, past: bool) -> None:
    try:
        read = parse_datetime.parse_when(typed, now=NOW, zone=ZONE, past=past)
    except UsageError:
        return
    assert isinstance(read, dt.date)
