"""Weeks of people who never log anything: nothing presses, and nothing is too early."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cli.life import Life, rings

JOHANNESBURG = dt.timezone(dt.timedelta(hours=2))
DAYS = [f"2026-11-{day}" for day in range(20, 31)] + [f"2026-12-{day:02}" for day in range(1, 32)]


@pytest.mark.parametrize(
    ("now", "due", "asked"),
    [
        ("2026-11-20 12:00", ["coming thank-you"], []),
        ("2026-11-24 17:00", ["due thank-you", "coming first-follow-up"], []),
        ("2026-11-26 09:00", ["overdue thank-you", "coming first-follow-up"], []),
        ("2026-11-29 12:00", ["coming first-follow-up"], ["thank-you"]),
        ("2026-11-30 10:00", ["due first-follow-up"], ["thank-you"]),
        (
            "2026-12-03 10:00",
            ["overdue first-follow-up", "coming second-follow-up"],
            ["thank-you"],
        ),
        (
            "2026-12-08 10:00",
            ["due second-follow-up", "coming move-on"],
            ["thank-you", "first-follow-up"],
        ),
        (
            "2026-12-15 10:00",
            ["due move-on"],
            ["thank-you", "first-follow-up", "second-follow-up"],
        ),
        (
            "2027-02-01 10:00",
            ["overdue move-on"],
            ["thank-you", "first-follow-up", "second-follow-up"],
        ),
    ],
)
def test_who_logs_nothing_has_one_thing_to_do_each_day(
    life: Life, now: str, due: list[str], asked: list[str]
) -> None:
    life.held()
    assert life.due(now) == due
    assert life.asked(now) == asked


@pytest.mark.parametrize(
    ("now", "due", "asked"),
    [
        ("2026-11-25 10:00", ["due thank-you"], []),
        ("2026-11-27 10:00", ["overdue thank-you"], []),
        ("2026-11-30 10:00", [], ["thank-you"]),
        ("2026-12-04 10:00", ["coming first-follow-up"], ["thank-you"]),
        ("2026-12-07 10:00", ["coming first-follow-up"], ["thank-you"]),
        ("2026-12-08 10:00", ["due first-follow-up"], ["thank-you"]),
        (
            "2026-12-17 10:00",
            ["due second-follow-up", "coming move-on"],
            ["thank-you", "first-follow-up"],
        ),
        (
            "2026-12-24 10:00",
            ["due move-on"],
            ["thank-you", "first-follow-up", "second-follow-up"],
        ),
    ],
)
def test_who_logs_nothing_is_not_led_to_write_before_the_day_that_they_named(
    life: Life, now: str, due: list[str], asked: list[str]
) -> None:
    life.held("--decision-by", "2026-12-04")
    assert life.due(now) == due
    assert life.asked(now) == asked


@pytest.mark.parametrize(
    ("named", "days"),
    [
        ((), ["2026-11-25", "2026-11-30", "2026-12-08", "2026-12-15"]),
        (
            ("--decision-by", "2026-12-04"),
            ["2026-11-25", "2026-12-08", "2026-12-17", "2026-12-24"],
        ),
    ],
    ids=["no date", "a date"],
)
def test_the_calendar_of_who_logs_nothing_is_the_same_on_every_day(
    life: Life, named: tuple[str, ...], days: list[str]
) -> None:
    life.held(*named)
    events = life.export(f"{DAYS[0]} 10:00")
    first = life.calendar.read_bytes()
    plan = life.plan(f"{DAYS[0]} 10:00")

    assert rings(events, after="2026-11-24") == days
    for day in DAYS[1:]:
        life.export(f"{day} 10:00")
        assert life.calendar.read_bytes() == first
        for name, step in life.plan(f"{day} 10:00").items():
            assert {**step, "state": ""} == {**plan[name], "state": ""}


@pytest.mark.parametrize("named", [(), ("--decision-by", "2026-12-04")], ids=["none", "4 Dec"])
def test_no_alarm_rings_at_night_or_calls_for_a_message_on_a_weekend(
    life: Life, named: tuple[str, ...]
) -> None:
    life.held(*named)
    for event in life.export("2026-11-20 10:00").values():
        if not event.walk("VALARM"):
            continue
        trigger = event.walk("VALARM")[0]["TRIGGER"].dt
        at = (event["DTSTART"].dt + trigger).astimezone(JOHANNESBURG)
        assert 8 <= at.hour < 20
        if "follow up" in event["SUMMARY"]:
            assert at.weekday() < 5


def test_what_next_says_to_who_logs_nothing_is_a_question_and_no_reproach(life: Life) -> None:
    life.held()
    said = life("2026-12-08 10:00", "next").stderr

    question = "Did you send Karoo the thank-you (Tue 24 Nov) and the first-follow-up (Mon 30 Nov)?"
    assert said.splitlines()[1].startswith(question)
    assert "afterword sent karoo-marketing-manager STEP --on DAY" in said


def test_what_is_learned_never_opens_a_follow_up_earlier(life: Life) -> None:
    life.held()
    learned: list[tuple[str, tuple[str, ...]]] = [
        ("2026-11-24 17:00", ("sent", "karoo", "thank-you")),
        ("2026-11-25 09:00", ("expect", "karoo", "--they-will-call")),
        ("2026-11-26 09:00", ("away", "karoo", "--until", "2026-12-01")),
        ("2026-11-27 09:00", ("expect", "karoo", "--decision-by", "2026-12-11")),
        ("2026-11-28 09:00", ("note", "karoo", "They liked the portfolio.")),
        ("2026-12-11 09:00", ("expect", "karoo", "--decision-by", "2026-12-18")),
    ]
    before = life.plan("2026-11-20 11:00")
    for now, command in learned:
        life(now, *command)
        after = life.plan(now)
        for name in ("r1 first-follow-up 0", "r1 second-follow-up 0", "r1 move-on 0"):
            assert after[name]["opens"] >= before[name]["opens"], command
        before = after
