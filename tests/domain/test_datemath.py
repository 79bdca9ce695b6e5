"""Elapsed time across a change of the clocks."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from afterword.domain import datemath

NEW_YORK = ZoneInfo("America/New_York")
HOURS = [pytest.param(10, 31, 25, id="back"), pytest.param(3, 7, 23, id="forward")]


@pytest.mark.parametrize(("month", "day", "hours"), HOURS)
def test_from_one_noon_to_the_next_more_or_less_than_a_day_passes(
    month: int, day: int, hours: int
) -> None:
    start = dt.datetime(2026, month, day, 12, tzinfo=NEW_YORK)
    end = start + dt.timedelta(days=1)  # on the same clock: what datetime itself counts

    assert datemath.elapsed(start, end) == dt.timedelta(hours=hours)
    assert datemath.add_elapsed(start, dt.timedelta(hours=hours)) == end
    assert datemath.add_elapsed(start, dt.timedelta(hours=hours)).tzinfo is NEW_YORK
