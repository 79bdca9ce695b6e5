"""Typed ranges: half open, with months, weeks, quarters and years as well as days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.errors import UsageError
from afterword.formats.dates.date_range import parse_range
from afterword.formats.dates.parse_datetime import TypedClock
from tests.domain.plans import JOHANNESBURG

NOW = dt.datetime(2026, 11, 27, 8, tzinfo=dt.UTC)


def read(
    first: str | None, last: str | None = None, languages: tuple[str, ...] = ("de", "en")
) -> tuple[str | None, str | None]:
    clock = TypedClock(now=NOW, zone=JOHANNESBURG, languages=languages)
    days = parse_range(first, last, clock)
    return tuple(day and day.isoformat() for day in (days.begin, days.end))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, (None, "2026-11-28")),
        ("2026-11-01", None, ("2026-11-01", "2026-11-28")),
        ("november", None, ("2026-11-01", "2026-11-28")),
        ("1 Nov", "yesterday", ("2026-11-01", "2026-11-27")),
        ("october", "october", ("2026-10-01", "2026-11-01")),
        ("last month", "last month", ("2026-10-01", "2026-11-01")),
        ("oct", "nov", ("2026-10-01", "2026-12-01")),
        ("december", "december", ("2025-12-01", "2026-01-01")),
        ("november", "december", ("2026-11-01", "2027-01-01")),
        ("november", "january", ("2026-11-01", "2027-02-01")),
        ("1 nov", "31 dec", ("2026-11-01", "2027-01-01")),
        ("dec 2025", "feb 2026", ("2025-12-01", "2026-03-01")),
        ("2026-10", "2026-10", ("2026-10-01", "2026-11-01")),
        ("2026", "2026", ("2026-01-01", "2027-01-01")),
        ("2026-Q4", "q4 2026", ("2026-10-01", "2027-01-01")),
        ("Q3", "q3", ("2026-07-01", "2026-10-01")),
        ("2026-W48", "2026w48", ("2026-11-23", "2026-11-30")),
        ("last week", "this week", ("2026-11-16", "2026-11-30")),
        ("last quarter", "last quarter", ("2026-07-01", "2026-10-01")),
        ("this year", None, ("2026-01-01", "2026-11-28")),
        ("last year", "last year", ("2025-01-01", "2026-01-01")),
        ("the last month", None, ("2026-10-01", "2026-11-28")),
        ("letzten Monat", "November", ("2026-10-01", "2026-12-01")),
        ("März", "Mai 2026", ("2026-03-01", "2026-06-01")),
        ("monday", "friday", ("2026-11-23", "2026-11-28")),
        (None, "october", (None, "2026-11-01")),
        ("today", "next week", ("2026-11-27", "2026-12-07")),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
def test_a_range_as_people_type_it(
    first: str | None, last: str | None, expected: tuple[str | None, str | None]
) -> None:
    assert read(first, last) == expected


@pytest.mark.parametrize(
    ("first", "last", "language", "expected"),
    [
        ("im letzten Monat", "heute", "de", ("2026-10-01", "2026-11-28")),
        ("letztes Quartal", "letztes Quartal", "de", ("2026-07-01", "2026-10-01")),
        ("le mois dernier", "ce mois", "fr", ("2026-10-01", "2026-12-01")),
        ("l'an dernier", "l’année dernière", "fr", ("2025-01-01", "2026-01-01")),
        ("en août", "septembre 2026", "fr", ("2026-08-01", "2026-10-01")),
        ("el mes pasado", "esta semana", "es", ("2026-10-01", "2026-11-30")),
        ("agosto", "septiembre de 2026", "es", ("2026-08-01", "2026-10-01")),
    ],
)
def test_a_range_in_the_language_of_the_user(
    first: str, last: str, language: str, expected: tuple[str, str]
) -> None:
    assert read(first, last, languages=(language, "en")) == expected


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-12-01", None, "in the future"),
        ("2026-11-05", "2026-11-04", "is before"),
        ("november 2026", "october 2026", "is before"),
        ("2026-13", None, "no month"),
        ("2026-W60", None, "no week"),
        ("1200", None, "the year 1200"),
        ("nonsense", None, "nonsense"),
        ("1 nov 14:00", None, "has a time"),
        ("3/4/2026", None, "day first or month first"),
        ("", None, "no date"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-",
)
def test_a_range_that_cannot_be_meant_is_refused(
    first: str, last: str | None, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        read(first, last)


@given(st.dates(dt.date(1980, 1, 1), dt.date(2026, 11, 27)), st.integers(0, 4000))
def test_a_range_of_days_is_half_open(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)

    days = parse_range(first.isoformat(), last.isoformat(), TypedClock(now=NOW, zone=JOHANNESBURG))

    assert days.last == last
    assert first in days
    assert last in days
    assert first - dt.timedelta(days=1) not in days
    assert last + dt.timedelta(days=1) not in days
