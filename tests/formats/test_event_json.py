"""Events survive machine state, and equal events have equal texts."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.core.model import Alarm, Event
from afterword.formats import event_json

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
INSTANT = st.datetimes(timezones=st.just(dt.UTC)).map(lambda when: when.replace(microsecond=0))
WHEN = INSTANT | st.dates()
ALARM = st.builds(
    Alarm, uid=TEXT, before=st.integers(0, 10**6).map(lambda s: dt.timedelta(seconds=s)), text=TEXT
)
EVENT = st.builds(
    Event,
    uid=TEXT,
    start=WHEN,
    end=WHEN,
    summary=TEXT,
    description=TEXT,
    stamp=INSTANT,
    sequence=st.integers(0, 99),
    url=st.none() | TEXT,
    categories=st.lists(TEXT, max_size=2).map(tuple),
    alarm=st.none() | ALARM,
    cancelled=st.booleans(),
)


@given(EVENT)
def test_an_event_comes_back_as_it_went(event: Event) -> None:
    text = event_json.dump(event)
    assert event_json.load(text) == event
    assert "\n" not in text


def test_the_zone_of_an_instant_makes_no_difference() -> None:
    event = Event(
        uid="u",
        start=dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC),
        end=dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC),
        summary="s",
        description="d",
        stamp=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    east = dt.timezone(dt.timedelta(hours=2))
    moved = attrs.evolve(event, start=dt.datetime(2026, 11, 24, 16, tzinfo=east))
    assert event_json.dump(moved) == event_json.dump(event)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"uid": 1}'])
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        event_json.load(text)
