"""The start, end and alarm of each event; expected times are in the user's zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from afterword.domain import build_events
from afterword.domain.calendar_model import Event, EventRole, EventText
from afterword.domain.model import Application
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import Hours, Policy
from afterword.system.business_days import is_working_day
from tests.domain import strategies
from tests.domain.plans import interview, log, plan, toml

TUESDAY = interview("2026-11-24T14:00:00")


def words(_: Plan, step: Step, part: EventRole) -> EventText:
    return EventText(summary=f"{step.kind} {part}", description="what to write")


def composed(made: Plan, policy: Policy | None = None) -> tuple[Event, ...]:
    return build_events.build_events(made, words, policy or Policy())


def line(made: Plan, event: Event) -> str:
    if isinstance(event.start, dt.datetime) and isinstance(event.end, dt.datetime):
        start, end = (moment.astimezone(made.zone) for moment in (event.start, event.end))
        span = f"{start:%a %d %b %H:%M}-{end:%H:%M}"
    else:
        span = f"{event.start:%a %d %b} to before {event.end:%a %d %b}"
    if event.alarm is None:
        return f"{event.summary}: {span}, silent"
    return f"{event.summary}: {span}, rings {event.alarm.before} before"


def test_the_events_of_an_ordinary_interview() -> None:
    made = plan(toml(TUESDAY))

    assert [line(made, event) for event in composed(made)] == [
        "thank-you act: Tue 24 Nov 16:00-16:15, rings 0:00:00 before",
        "thank-you frame: Wed 25 Nov 14:30-15:00, rings 2:00:00 before",
        "first-follow-up act: Mon 30 Nov 09:00-09:15, rings 0:00:00 before",
        "first-follow-up frame: Sun 29 Nov to before Wed 02 Dec, silent",
        "second-follow-up act: Tue 08 Dec 09:00-09:15, rings 0:00:00 before",
        "second-follow-up frame: Mon 07 Dec to before Wed 09 Dec, silent",
        "move-on act: Tue 15 Dec 09:00-09:15, rings 0:00:00 before",
    ]


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param(
            interview("2026-11-24T02:00:00"),
            "Tue 24 Nov 19:30-20:00, rings 2:00:00 before",
            id="a deadline at night moves to the evening before",
        ),
        pytest.param(
            interview("2026-11-24T20:30:00"),
            "Wed 25 Nov 19:30-20:00, rings 2:00:00 before",
            id="a deadline late in the evening moves to the end of waking hours",
        ),
        pytest.param(
            interview("2026-11-24T08:00:00"),
            "Wed 25 Nov 08:30-09:00, rings 0:30:00 before",
            id="a warning does not ring before waking hours",
        ),
        pytest.param(
            interview("2026-11-24T14:00:00", more="added = 2026-11-25T14:40:00"),
            "Wed 25 Nov 14:55-15:00, silent",
            id="a frame after a late act is what is left",
        ),
    ],
)
def test_the_frame_of_a_deadline(held: str, expected: str) -> None:
    made = plan(toml(held))

    frames = [line(made, event) for event in composed(made) if event.summary == "thank-you frame"]

    assert frames == [f"thank-you frame: {expected}"]


def test_no_frame_where_the_act_leaves_no_room() -> None:
    made = plan(toml(interview("2026-11-24T14:00:00", more="added = 2026-11-25T14:50:00")))

    assert "thank-you frame" not in [event.summary for event in composed(made)]


def test_the_bar_shows_the_users_days_on_which_that_office_is_open() -> None:
    held = interview("2026-11-10T09:00:00", zone="Pacific/Auckland")

    made = plan(toml(held), zone="America/Los_Angeles")

    assert line(made, composed(made)[3]) == (
        "first-follow-up frame: Sat 14 Nov to before Tue 17 Nov, silent"
    )


def test_a_done_step_keeps_its_act_where_it_was_done() -> None:
    made = plan(toml(TUESDAY + log('2026-11-24T17:30:00: sent = "thank-you"')))

    thanks = [line(made, e) for e in composed(made) if e.summary.startswith("thank-you")]

    assert thanks == ["thank-you act: Tue 24 Nov 17:30-17:45, silent"]


def test_a_withdrawn_step_has_no_event() -> None:
    made = plan(toml(TUESDAY + log('2026-11-26T10:00:00: heard = "rejected"')))

    assert [event.summary for event in composed(made)] == ["reply act", "reply frame"]


def test_uids_stay_when_the_interview_moves() -> None:
    before, other = (
        plan(toml(interview(start))) for start in ("2026-11-24T14:00:00", "2026-12-01T10:00:00")
    )

    assert [e.uid for e in composed(before)] == [e.uid for e in composed(other)]


@pytest.mark.parametrize(
    ("facts", "stamp"),
    [
        pytest.param(TUESDAY, "2026-01-01T00:00:00+00:00", id="nothing dated"),
        pytest.param(
            interview("2026-11-24T14:00:00", more="added = 2026-11-20"),
            "2026-11-19T22:00:00+00:00",
            id="the day it was told",
        ),
        pytest.param(
            TUESDAY + log('2026-11-24T17:30:00: sent = "thank-you"', "2026-11-25: note = 'x'"),
            "2026-11-25T10:00:00+00:00",
            id="the newest entry",
        ),
    ],
)
def test_the_stamp_comes_from_the_facts(facts: str, stamp: str) -> None:
    made = plan(toml(facts))

    assert {event.stamp.isoformat() for event in composed(made)} == {stamp}


@given(application=strategies.applications(), zone=strategies.ZONES)
def test_every_event_is_sound(application: Application, zone: ZoneInfo) -> None:
    policy = Policy(waking=Hours(start=dt.time(7, 30), end=dt.time(12)))
    made = planner.plan(
        application,
        now=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
        zone=zone,
        is_working_day=is_working_day(application.country),
        policy=policy,
    )
    events = composed(made, policy)

    assert len({event.uid for event in events}) == len(events)
    closes = {s.uids["frame"]: s.closes for s in made.steps if "frame" in s.uids}
    for event in events:
        assert type(event.start) is type(event.end)
        assert event.start < event.end
        if event.alarm:
            assert event.alarm.before >= dt.timedelta(0)
        limit = closes.get(event.uid)
        if isinstance(limit, dt.datetime) and isinstance(event.end, dt.datetime):
            assert event.end <= limit
