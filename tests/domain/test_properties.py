"""Properties of the plan of any application: never pushier than the rules."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterword.domain.model import Answer, Application, LogEntry, StepKind
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.policy import Policy
from afterword.system.business_days import is_working_day
from tests.domain import strategies

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
FOLLOW_UPS = {StepKind.FIRST, StepKind.SECOND}
LIVE = {StepState.UPCOMING, StepState.OPEN, StepState.OVERDUE, StepState.LATE}

given_facts = given(application=strategies.applications(), zone=strategies.ZONES)


def plan(application: Application, zone: ZoneInfo, *, now: dt.datetime = NOW) -> Plan:
    return planner.plan(
        application,
        now=now,
        zone=zone,
        is_working_day=is_working_day(application.country),
        policy=Policy(),
    )


def episodes(made: Plan) -> dict[tuple[str, int], dict[StepKind, list[Step]]]:
    steps_of: dict[tuple[str, int], dict[StepKind, list[Step]]] = {}
    for s in made.steps:
        steps_of.setdefault((s.interview, s.episode), {}).setdefault(s.kind, []).append(s)
    return steps_of


@given(
    application=strategies.applications(),
    zone=strategies.ZONES,
    now=strategies.moments(),
    later=strategies.moments(),
)
def test_now_changes_states_only(
    application: Application, zone: ZoneInfo, now: dt.datetime, later: dt.datetime
) -> None:
    earlier, later_plan = (plan(application, zone, now=moment) for moment in (now, later))

    assert [attrs.asdict(s) | {"state": None} for s in earlier.steps] == [
        attrs.asdict(s) | {"state": None} for s in later_plan.steps
    ]
    assert [s.sent_at is not None for s in earlier.steps] == [
        s.state == StepState.DONE for s in earlier.steps
    ]


@given_facts
def test_never_a_third_follow_up_in_an_episode(application: Application, zone: ZoneInfo) -> None:
    for steps in episodes(plan(application, zone)).values():
        assert all(len(steps.get(kind, [])) <= 1 for kind in (*FOLLOW_UPS, StepKind.MOVE_ON))


@given_facts
def test_a_live_second_opens_a_week_after_a_first_that_was_sent(
    application: Application, zone: ZoneInfo
) -> None:
    made = plan(application, zone)
    for steps in episodes(made).values():
        first, second = (steps.get(kind, [None])[0] for kind in (StepKind.FIRST, StepKind.SECOND))
        if first and second and first.sent_at and second.state in LIVE:
            assert second.opens >= first.sent_at.astimezone(made.employer_zone).date() + 7 * DAY


@given_facts
def test_nothing_unmoved_is_recommended_on_a_day_off(
    application: Application, zone: ZoneInfo
) -> None:
    works = is_working_day(application.country)
    moved = {e.moved for e in application.log}
    for s in plan(application, zone).steps:
        if s.kind not in {StepKind.THANK_YOU, StepKind.REPLY, *moved} and not (
            moved & FOLLOW_UPS and s.kind in FOLLOW_UPS
        ):
            assert works(s.recommended)


@given_facts
def test_no_follow_up_opens_before_day_5_or_a_date_of_the_interview(
    application: Application, zone: ZoneInfo
) -> None:
    made = plan(application, zone)
    ends = {i.id: i for i in application.interviews}
    for s in made.steps:
        if s.kind in FOLLOW_UPS and s.episode == 0:
            held = ends[s.interview]
            anchor = held.end.astimezone(made.employer_zone).date()
            assert s.opens >= anchor + (5 if s.kind is StepKind.FIRST else 10) * DAY
            named = any(e.decision_by for e in application.log)
            if held.decision_by and not named:
                assert s.opens > held.decision_by


@given_facts
def test_an_ordinary_deadline_is_24_elapsed_hours_after_the_end(
    application: Application, zone: ZoneInfo
) -> None:
    ends = {i.id: i.end for i in application.interviews if i.added is None}
    for s in plan(application, zone).steps:
        if s.kind is StepKind.THANK_YOU and s.interview in ends:
            assert s.closes == ends[s.interview] + dt.timedelta(hours=24)


@given_facts
def test_windows_are_in_order(application: Application, zone: ZoneInfo) -> None:
    for steps in episodes(plan(application, zone)).values():
        for s in (s for of_kind in steps.values() for s in of_kind):
            assert s.opens <= s.closes
        first, second, last = (
            steps.get(kind, [None])[0]
            for kind in (StepKind.FIRST, StepKind.SECOND, StepKind.MOVE_ON)
        )
        if first and last and first.state in LIVE and last.state in LIVE:
            assert first.opens <= last.opens
        if second and last and second.state in LIVE and last.state in LIVE:
            assert second.opens < last.opens


# What a person may learn that must never make the tool pushier.
HOLDS_BACK = st.one_of(
    strategies.days(100, 220).map(lambda day: {"away_until": day}),
    st.just({"they_will_call": True}),
    st.just({"note": "they were friendly"}),
)


@given(
    application=strategies.applications(),
    zone=strategies.ZONES,
    at=strategies.moments(95, 230),
    fact=HOLDS_BACK,
)
def test_more_facts_never_bring_a_follow_up_forward(
    application: Application, zone: ZoneInfo, at: dt.datetime, fact: dict[str, object]
) -> None:
    # A later return replaces an earlier one, and a new fact may void a move to a later day.
    assume(not any(e.away_until or e.moved for e in application.log))
    more = attrs.evolve(application, log=(*application.log, LogEntry(at=at, **fact)))  # type: ignore[arg-type]

    before = {(s.interview, s.kind, s.episode): s for s in plan(application, zone).steps}
    after = {(s.interview, s.kind, s.episode): s for s in plan(more, zone).steps}

    assert before.keys() == after.keys()
    for key, s in after.items():
        if s.kind in FOLLOW_UPS:
            assert s.opens >= before[key].opens
            assert s.recommended >= before[key].recommended


@given_facts
def test_an_answer_leaves_no_unsent_step_of_the_silence_before_it(
    application: Application, zone: ZoneInfo
) -> None:
    made = plan(application, zone)
    for answer in made.timeline.answers:
        for held in made.timeline.interviews:
            if held.start > answer.at:
                continue
            for s in made.steps:
                if s.interview == held.id and s.episode == 0 and s.kind in FOLLOW_UPS:
                    assert s.state in {StepState.DONE, StepState.WITHDRAWN}


@pytest.mark.parametrize("answer", Answer)
@given_facts
def test_a_last_answer_withdraws_the_follow_ups_before_it(
    answer: Answer, application: Application, zone: ZoneInfo
) -> None:
    at = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    more = attrs.evolve(application, log=(*application.log, LogEntry(at=at, heard=answer)))

    live = [s for s in plan(more, zone).steps if s.kind in FOLLOW_UPS and s.state in LIVE]

    begun = [s for s in live if s.opens > at.date()]
    assert live == begun
