"""The agenda of all applications on a given day."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterword.domain.agenda import build_agenda, find_contact_conflicts, may_be_due
from afterword.domain.model import Application, LogEntry
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan
from afterword.domain.policy import Policy
from afterword.system.business_days import is_working_day
from tests.domain import strategies
from tests.domain.plans import interview, log, plan, toml

TUESDAY = interview("2026-11-24T14:00:00")
ZONE = dt.timezone(dt.timedelta(hours=2))


def at(day: str, clock: str = "12:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=ZONE)


def made(facts: str = TUESDAY, *, now: dt.datetime, name: str = "karoo") -> Plan:
    return plan(toml(facts, head=f'id = "{name}"'), now=now)


@pytest.mark.parametrize(
    ("now", "due", "asked"),
    [
        (at("11-24", "10:00"), ["coming thank-you", "coming first-follow-up"], []),
        (at("11-24", "17:00"), ["due thank-you", "coming first-follow-up"], []),
        (at("11-26"), ["overdue thank-you", "coming first-follow-up"], []),
        (at("11-30"), ["due first-follow-up"], ["thank-you"]),
        (at("12-04"), ["overdue first-follow-up", "coming second-follow-up"], ["thank-you"]),
        (at("12-08"), ["due second-follow-up", "coming move-on"], ["thank-you", "first-follow-up"]),
        (at("12-20"), ["overdue move-on"], ["thank-you", "first-follow-up", "second-follow-up"]),
    ],
    ids=["before", "that evening", "day 2", "day 6", "day 10", "day 14", "day 26"],
)
def test_a_person_who_logs_nothing_has_one_thing_to_do(
    now: dt.datetime, due: list[str], asked: list[str]
) -> None:
    result = build_agenda([made(now=now)], now=now, days=7)

    assert [f"{item.urgency} {item.step.kind}" for item in result.items] == due
    assert [question.step.kind for question in result.questions] == asked


def test_overdue_first_then_by_time_over_all_applications() -> None:
    now = at("12-01", "10:00")
    other = interview("2026-11-30T14:00:00")

    result = build_agenda([made(now=now), made(other, now=now, name="tui")], now=now, days=7)

    rows = [(i.urgency.value, i.plan.application.id, i.step.kind.value) for i in result.items]
    assert rows == [
        ("due", "karoo", "first-follow-up"),
        ("due", "tui", "thank-you"),
        ("coming", "tui", "first-follow-up"),
        ("coming", "karoo", "second-follow-up"),
    ]


def test_what_is_logged_is_not_asked_about() -> None:
    now = at("11-30")
    facts = TUESDAY + log('2026-11-24T17:00:00: sent = "thank-you"')

    assert build_agenda([made(facts, now=now)], now=now, days=7).questions == ()


def test_a_closed_application_is_quiet() -> None:
    now = at("12-20")
    facts = TUESDAY + log("2026-12-01: closed = true")

    result = build_agenda([made(facts, now=now)], now=now, days=30)

    assert (result.items, result.questions) == ((), ())


@pytest.mark.parametrize(
    ("now", "logged", "expected"),
    [
        (at("11-14"), "", False),
        (at("11-15"), "", True),
        (at("12-20"), "", True),
        (at("12-20"), "2026-12-01: closed = true", False),
        (at("12-20"), "2026-12-01: closed = true; keep_in_touch = 2027-03-01", True),
        (at("11-14"), '2026-11-14: moved = "thank-you"; to = 2026-11-15T10:00:00', True),
    ],
    ids=["ten days before", "nine days before", "long after", "closed", "kept in touch", "moved"],
)
def test_most_applications_need_no_plan(now: dt.datetime, logged: str, *, expected: bool) -> None:
    facts = TUESDAY + (log(logged) if logged else "")

    assert may_be_due(made(facts, now=now).application, now=now, days=7) is expected


@given(
    application=strategies.applications(),
    closed=st.booleans(),
    zone=strategies.ZONES,
    now=strategies.moments(60, 230),
    days=st.integers(0, 30),
)
def test_nothing_is_due_where_no_plan_is_needed(
    application: Application, zone: ZoneInfo, now: dt.datetime, days: int, *, closed: bool
) -> None:
    if closed:
        entry = LogEntry(at=now, closed=True)
        application = attrs.evolve(application, log=(*application.log, entry))
    now = now.astimezone(zone)
    assume(not may_be_due(application, now=now, days=days))

    complete = planner.plan(
        application,
        now=now,
        zone=zone,
        is_working_day=is_working_day(application.country),
        policy=Policy(),
    )

    assert build_agenda([complete], now=now, days=days) == ((), ())


def address(application: Application) -> str | None:
    return "thandi@agency.example" if application.id != "tui" else None


@pytest.mark.parametrize(
    ("other", "name", "expected"),
    [
        ("2026-11-26T14:00:00", "second", ["first-follow-up 2026-12-07"]),
        ("2026-11-26T14:00:00", "tui", []),
        ("2026-12-20T14:00:00", "second", []),
    ],
    ids=["two days apart", "another person", "weeks apart"],
)
def test_one_person_is_not_written_to_twice_in_a_week(
    other: str, name: str, expected: list[str]
) -> None:
    now = at("11-28")
    plans = [made(now=now), made(interview(other), now=now, name=name)]

    result = [
        c
        for c in find_contact_conflicts(plans, now=now, address_of=address)
        if c.earlier.plan is plans[0]
    ]

    assert [f"{c.later.step.kind} {c.better}" for c in result][:1] == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("11-30", []), ("12-01", ["first-follow-up 2026-12-07 could be 2026-12-08"])],
    ids=["seven days before", "six days before"],
)
def test_a_week_is_seven_days(sent: str, expected: list[str]) -> None:
    now = at("12-03")
    done = log(f'2026-{sent}T10:00:00: sent = "first-follow-up"', "2026-12-02: closed = true")
    other = interview("2026-12-02T14:00:00")
    plans = [made(TUESDAY + done, now=now), made(other, now=now, name="second")]

    result = find_contact_conflicts(plans, now=now, address_of=address)

    assert [f"{c.waits.step.kind} {c.waits.day} could be {c.better}" for c in result] == expected


def test_two_clients_of_a_coach_may_write_to_one_person() -> None:
    now = at("11-28")
    of_noor = '[applicant]\nname = "Noor Haddad"\n' + interview("2026-11-26T14:00:00")
    plans = [made(now=now), made(of_noor, now=now, name="second")]

    assert find_contact_conflicts(plans, now=now, address_of=address) == ()


def test_two_steps_of_one_application_are_no_clash() -> None:
    now = at("11-24", "10:00")
    doubled = made(now=now)
    doubled = attrs.evolve(doubled, steps=doubled.steps * 2)

    assert find_contact_conflicts([doubled], now=now, address_of=address) == ()
