"""Tests of talking points, recipients and situations in the drafts."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import Answer, Applicant, Application, Person, StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.messages.compose import compose_drafts
from afterword.messages.fact_rules import Slot
from afterword.messages.message_context import Situation, episode_context, situation_of
from afterword.messages.recipients import TalkingPoint, main_contact, talking_points
from afterword.messages.template_variables import is_final_round, is_phone_interview
from tests.messages.sample_applications import (
    AMINA,
    DAY,
    PIET,
    SAM,
    STORIES,
    THANDI,
    answer_entry,
    draft_settings,
    log_entry,
    make_application,
    make_interview,
    plan_of,
    step_of,
    story_applications,
    two_rounds,
)


def _points(plan: Plan, s: Step) -> tuple[str, str]:
    application = plan.application
    interview = next(i for i in application.interviews if i.id == s.interview)
    points = talking_points(application, s, interview, main_contact(plan))
    discussed, fit = (points.get(slot, TalkingPoint("", again=False)).text for slot in Slot)
    return discussed, fit


def test_each_message_has_the_next_point() -> None:
    plan = plan_of(make_application(log=(answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),)))
    kinds = (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND)
    used = [_points(plan, step_of(plan, kind)) for kind in kinds]
    used += [_points(plan, step_of(plan, kind, 1)) for kind in kinds[1:]]
    assert used == list(zip(THANDI.discussed, THANDI.fit, strict=True))


@pytest.mark.parametrize("story", STORIES)
def test_no_point_is_used_twice_unless_a_first_follow_up_repeats_it(story: str) -> None:
    for application in story_applications(story):
        plan = plan_of(application)
        used = [
            p
            for s in plan.steps
            if s.unlogged is None
            for p, again in zip(_points(plan, s), _repeats(plan, s), strict=True)
            if p and not again
        ]
        assert len(used) == len(set(used))


def _repeats(plan: Plan, s: Step) -> tuple[bool, bool]:
    interview = next(i for i in plan.application.interviews if i.id == s.interview)
    points = talking_points(plan.application, s, interview, main_contact(plan))
    discussed, fit = (slot in points and points[slot].again for slot in Slot)
    return discussed, fit


def test_with_one_point_the_first_follow_up_names_it_in_another_sentence() -> None:
    person = attrs.evolve(THANDI, discussed=("the new studio",), fit=("I led a team of five",))
    plan = plan_of(make_application(make_interview(people=(person,))))
    bodies = [
        compose_drafts(plan, step_of(plan, kind), draft_settings())[0].body
        for kind in (StepKind.THANK_YOU, StepKind.FIRST)
    ]
    for fact in ("the new studio", "I led a team of five"):
        thanks, follow_up = (
            next(s for s in body.replace("\n\n", " ").split(". ") if fact in s) for body in bodies
        )
        assert thanks != follow_up


def test_thanks_that_come_with_the_follow_up_have_the_first_point() -> None:
    plan = plan_of(make_application(make_interview(added=DAY(2026, 12, 4))))
    assert _points(plan, step_of(plan, StepKind.FIRST))[0] == THANDI.discussed[0]


def test_a_contact_who_was_not_there_gets_the_points_of_an_interviewer() -> None:
    recruiter = Person(name="Rita Recruiter", email="rita@karoo.example")
    plan = plan_of(make_application(make_interview(people=(PIET, THANDI)), contact=recruiter))
    assert _points(plan, step_of(plan, StepKind.FIRST))[0] == PIET.discussed[1]


@pytest.mark.parametrize("points", ["the new studio.", "the new studio?!", " the new studio… "])
def test_a_point_ends_where_the_sentence_around_it_does(points: str) -> None:
    person = attrs.evolve(THANDI, discussed=(points,))
    plan = plan_of(make_application(make_interview(people=(person,))))
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings())
    assert "the new studio. " in draft.body


def test_points_that_run_on_are_left_out_and_the_rest_is_whole() -> None:
    person = attrs.evolve(THANDI, discussed=("word " * 200,), fit=("I did one thing",))
    plan = plan_of(make_application(make_interview(people=(person,))))
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings())
    assert "word word" not in draft.body
    assert "I did one thing" in draft.body
    assert [line for line in draft.left_out if "too long" in line]


def test_follow_ups_go_to_the_stated_contact_with_the_address_of_the_panel() -> None:
    application = make_application(
        make_interview(people=(PIET, THANDI)), contact=Person(name="thandi nkosi")
    )
    situation = main_contact(plan_of(application))
    assert situation is not None
    assert (situation.name, situation.email) == ("thandi nkosi", THANDI.email)


def test_follow_ups_go_to_the_first_interviewer_of_the_latest_interview() -> None:
    assert main_contact(plan_of(two_rounds())) == AMINA
    plan = plan_of(two_rounds())
    late = step_of(plan, StepKind.FIRST, 0, "second")
    assert [draft.to for draft in compose_drafts(plan, late, draft_settings())] == [AMINA]


def test_without_a_recipient_the_greeting_has_no_name() -> None:
    plan = plan_of(make_application(make_interview(people=())))
    for s in plan.steps:
        for draft in compose_drafts(plan, s, draft_settings()):
            assert draft.to is None
            assert draft.to_oneself or draft.body.startswith("Hello,\n\n")


def _story(name: str) -> Application:
    return story_applications(name)[2]


@pytest.mark.parametrize(
    ("application", "episode", "situation"),
    [
        (_story("silence"), 0, Situation.FIRST),
        (_story("date named"), 0, Situation.AFTER_DATE),
        (_story("call promised"), 0, Situation.AFTER_CALL),
        (_story("away"), 0, Situation.AFTER_ABSENCE),
        (_story("added very late"), 0, Situation.WITH_THANKS),
        (_story("neutral"), 1, Situation.STILL_OPEN),
        (_story("neutral with a date"), 1, Situation.AFTER_DATE),
        (_story("positive"), 1, Situation.NEXT_STEP),
    ],
)
def test_situation_of_a_first_follow_up(
    application: Application, episode: int, situation: Situation
) -> None:
    plan = plan_of(application)
    first = step_of(plan, StepKind.FIRST, episode)
    assert situation_of(first, episode_context(plan, first)) is situation


def test_a_date_that_was_over_before_the_answer_is_not_mentioned() -> None:
    application = make_application(
        make_interview(decision_by=DAY(2026, 11, 30)),
        log=(answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),),
    )
    plan = plan_of(application)
    first = step_of(plan, StepKind.FIRST, 1)
    assert situation_of(first, episode_context(plan, first)) is Situation.STILL_OPEN


def test_a_second_without_a_first_does_not_mention_it() -> None:
    log = (log_entry(DAY(2026, 11, 30), skipped=StepKind.FIRST),)
    plan = plan_of(make_application(log=log))
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.SECOND), draft_settings())
    assert "our conversation on 24 November" in draft.body
    assert "note" not in draft.body


def test_a_reply_says_the_thanks_that_are_due_once() -> None:
    log = (
        answer_entry(DAY(2026, 11, 25), Answer.NEUTRAL),
        answer_entry(DAY(2026, 12, 9), Answer.POSITIVE),
    )
    unsent = plan_of(make_application(log=log))
    thanked = plan_of(
        make_application(log=(log_entry(DAY(2026, 11, 24), sent=StepKind.THANK_YOU), *log))
    )
    thanks = "onversation on 24 November"
    first, second = (
        compose_drafts(m, step_of(m, StepKind.REPLY), draft_settings())[0]
        for m in (unsent, thanked)
    )
    assert thanks in first.body
    assert thanks not in second.body


def test_a_clients_message_holds_nothing_of_the_coach() -> None:
    client = Applicant(name="Cleo Client", email="cleo@mail.example")
    application = attrs.evolve(make_application(), applicant=client)
    plan = plan_of(application)
    for s in plan.steps:
        for draft in compose_drafts(plan, s, draft_settings(SAM)):
            assert "Sam" not in draft.body
            assert "+27" not in draft.body
            assert draft.to_oneself or draft.body.endswith("Best regards,\nCleo Client")


def test_an_application_can_override_a_single_detail_of_the_applicant() -> None:
    application = attrs.evolve(make_application(), applicant=Applicant(phone="+44 20 7946 0000"))
    plan = plan_of(application)
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings(SAM))
    assert draft.body.endswith("Sam Seeker\n+44 20 7946 0000\nhttps://sam.example")


def test_a_signature_replaces_name_and_phone() -> None:
    writer = attrs.evolve(SAM, signature="Sam\nProducer")
    plan = plan_of(make_application())
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings(writer))
    assert draft.body.endswith("Best regards,\nSam\nProducer")


@pytest.mark.parametrize(
    ("name", "final", "phone"),
    [
        ("final round", True, False),
        ("Letzte Runde", True, False),
        ("Abschlussgespräch", True, False),
        ("phone screen", False, True),
        ("Telefoninterview", False, True),
        ("finalists' day", False, False),
        ("second", False, False),
        (None, False, False),
    ],
)
def test_the_kind_of_a_round_follows_from_its_name(
    name: str | None, final: bool, phone: bool
) -> None:
    interview = attrs.evolve(make_interview(), round=name)
    assert (is_final_round(interview), is_phone_interview(interview)) == (final, phone)


def test_an_interview_by_telephone_is_thanked_for_as_a_call() -> None:
    interview = attrs.evolve(make_interview(), link="tel:+27215550199")
    plan = plan_of(make_application(interview))
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings())
    assert "call on Tuesday" in draft.body


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40),
)
def test_short_names_are_in_the_message_as_they_were_given(company: str, call: str) -> None:
    application = attrs.evolve(
        make_application(make_interview(people=(attrs.evolve(THANDI, call=call),))), short=company
    )
    plan = plan_of(application)
    (draft,) = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings())
    assert draft.body.startswith(f"Dear {call},\n\n")
    assert f"about {company} so openly" in draft.body


@pytest.mark.parametrize(
    ("send_date", "expected", "unexpected"),
    [
        pytest.param(DAY(2026, 11, 24), "on Tuesday", "belated", id="in time"),
        pytest.param(DAY(2026, 11, 26), "belated thank you", "November", id="days late"),
        pytest.param(DAY(2026, 12, 1), "on 24 November", "Tuesday", id="a week late"),
        pytest.param(DAY(2027, 1, 5), "on 24 November 2026", "Tuesday", id="in another year"),
    ],
)
def test_thanks_that_are_sent_late_say_so(
    send_date: dt.date, expected: str, unexpected: str
) -> None:
    plan = plan_of(make_application(make_interview()))
    (draft,) = compose_drafts(
        plan, step_of(plan, StepKind.THANK_YOU), draft_settings(), send_date=send_date
    )
    assert expected in draft.body
    assert unexpected not in f"{draft.subject}{draft.body}"
