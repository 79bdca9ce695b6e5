"""Typed dates, clock times and lengths, on Tuesday 24 November 2026, 18:00 in Johannesburg."""

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
        ("in one month", "2026-12-24", "2026-12-24"),
        ("in 3 months", "2027-02-24", "2027-02-24"),
        ("in 2 years", "2028-11-24", "2028-11-24"),
        ("a month ago", "2026-10-24", "2026-10-24"),
        ("4.12. 14 Uhr", "2026-12-04T14:00:00+02:00", "2025-12-04T14:00:00+02:00"),
        ("tomorrow 2:30 p.m.", "2026-11-25T14:30:00+02:00", "2026-11-25T14:30:00+02:00"),
        ("tues. 9h30", "2026-11-24T09:30:00+02:00", "2026-11-24T09:30:00+02:00"),
        ("24. November", "2026-11-24", "2026-11-24"),
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
        ("2026-11-24+02:00", "cannot read"),
        ("1h", "cannot read"),
        ("4 avril", "cannot read"),
        ("tomorrow 25:00", "no such time"),
        ("25 Uhr", "no such time"),
        ("tomorrow 13pm", "no such time"),
        ("31 Nov", "no such day"),
    ],
)
def test_refused_with_a_hint(typed: str, says: str) -> None:
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


def test_a_month_that_is_shorter_ends_on_its_last_day() -> None:
    now = dt.datetime(2026, 11, 30, 18, tzinfo=ZONE)
    assert parse_datetime.parse_day("in 3 months", now=now, zone=ZONE, past=False) == dt.date(
        2027, 2, 28
    )


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
    assert parse_datetime.parse_length(text) == expected


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
    assert parse_datetime.parse_clock(text) == expected


def test_an_hour_alone_is_a_clock_time_only_on_request() -> None:
    assert parse_datetime.parse_clock("9", bare_hour=True) == dt.time(9)
    assert parse_datetime.parse_clock("25", bare_hour=True) is None


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("jan January Jänner janv ene", 1), ("feb Feber févr. febrero", 2),
        ("mar März Maerz Mrz mars marzo", 3), ("apr avr abr", 4), ("May Mai mayo", 5),
        ("jun juin Juni", 6), ("jul juil. Julio", 7), ("aug août agosto", 8),
        ("sep sept setiembre septiembre", 9), ("oct Okt octubre", 10), ("nov noviembre", 11),
        ("dec Dez déc dic", 12),
    ],
)  # fmt: skip
def test_months_in_four_languages(names: str, month: int) -> None:
    numbers = {parse_datetime.month_number(n, parse_datetime.LANGUAGES) for n in names.split()}
    assert numbers == {month}


@pytest.mark.parametrize("name", ["jui", "ma", "j", "", "Marzipan", "soon"])
def test_ambiguous_and_unknown_months(name: str) -> None:
    assert parse_datetime.month_number(name, parse_datetime.LANGUAGES) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("24. November 2026, 14 Uhr", (2026, 11, 24, ", 14 Uhr")),
        ("Tue Nov 24th, 2026 2pm", (2026, 11, 24, " 2pm")),
        ("le 3 de abril de 2026", (2026, 4, 3, "")),
        ("1er mai 2026", (2026, 5, 1, "")),
        ("24 Foo 2026", (2026, None, 24, "")),
        ("24 Nov", None),
        ("2026 Nov 2026", None),
    ],
)
def test_written_dates_within_a_text(
    text: str, date: tuple[int, int | None, int, str] | None
) -> None:
    written = parse_datetime.find_written_date(text)
    assert date == (written and (written.year, written.month, written.day, written.rest))


@given(typed=st.text(alphabet="0123456789:/-. adeimnoprstuwy", max_size=20), past=st.booleans())
def test_anything_typed_is_read_or_refused(typed: str, past: bool) -> None:
    try:
        read = parse_datetime.parse_when(typed, now=NOW, zone=ZONE, past=past)
    except UsageError:
        return
    assert isinstance(read, dt.date)
