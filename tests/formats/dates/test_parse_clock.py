"""Typed clock times and lengths."""

from __future__ import annotations

import datetime as dt

import pytest

from afterword.formats.dates import parse_clock


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45), ("45m", 45), ("45 min", 45), ("90 Minuten", 90), ("45'", 45),
        ("1h", 60), ("1 Std.", 60), ("2 heures", 120), ("1h30", 90), ("1h30m", 90),
        ("1 H 30 MIN", 90), ("1.5 h", 90), ("1,25 Stunden", 75), ("1:15", 75),
        ("", None), ("0", None), ("0h 0m", None), ("an hour", None), ("-5", None), ("1:75", None),
        ("1d", None),
    ],
)  # fmt: skip
def test_lengths(text: str, minutes: int | None) -> None:
    expected = None if minutes is None else dt.timedelta(minutes=minutes)
    assert parse_clock.parse_length(text) == expected


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:05", "09:05"), ("14.30", "14:30"), ("14:00:30", "14:00:30"), ("9h", "09:00"),
        ("à 14h30", "14:30"), ("um 14 Uhr", "14:00"), ("a las 9:30", "09:30"), ("2 PM", "14:00"),
        ("12 a.m.", "00:00"), ("12:15 p. m.", "12:15"),
        ("9", None), ("13 pm", None), ("0 am", None), ("24:00", None), ("9:60", None),
        ("24. 11", None), ("noon:30", None),
    ],
)  # fmt: skip
def test_clock_times(text: str, clock: str | None) -> None:
    expected = None if clock is None else dt.time.fromisoformat(clock)
    assert parse_clock.parse_clock(text) == expected


def test_an_hour_alone_is_a_clock_time_only_on_request() -> None:
    assert parse_clock.parse_clock("9", bare_hour=True) == dt.time(9)
    assert parse_clock.parse_clock("25", bare_hour=True) is None
