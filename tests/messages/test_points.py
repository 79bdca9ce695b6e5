"""What was noted is used once each, where it belongs, and told as part of a sentence."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import Answer, Applicant, Application, Person, StepKind
from afterword.domain.planning.plan import Plan, Step
from afterword.messages.compose import compose_drafts
from afterword.messages.message_context import Situation, episode_context, situation_of
from afterword.messages.recipients import main_contact, talking_points
from afterword.messages.template_variables import is_final, is_on_the_phone
from tests.messages.applications import (
    AMINA,
    DAY,
    PIET,
    SAM,
    STORIES,
    THANDI,
    application,
    desk,
    entry,
    heard,
    interview,
    of_story,
    plan,
    step,
    two_rounds,
)


def _noted(made: Plan, s: Step) -> tuple[str, str]:
    of = made.application
    held = next(i for i in of.interviews if i.id == s.interview)
    noted = talking_points(of, s, held, main_contact(made))
    return noted.discussed, noted.fit


def test_each_message_has_the_next_point() -> None:
    made = plan(application(log=(heard(DAY(2026, 12, 2), Answer.NEUTRAL),)))
    kinds = (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND)
    used = [_noted(made, step(made, kind)) for kind in kinds]
    used += [_noted(made, step(made, kind, 1)) for kind in kinds[1:]]
    assert used == list(zip(THANDI.discussed, THANDI.fit, strict=True))


@pytest.mark.parametrize("story", STORIES)
def test_no_point_is_used_twice(story: str) -> None:
    for of in of_story(story):
        made = plan(of)
        used = [p for s in made.steps if s.unlogged is None for p in _noted(made, s) if p]
        assert len(used) == len(set(used))


def test_thanks_that_come_with_the_follow_up_have_the_first_point() -> None:
    made = plan(application(interview(added=DAY(2026, 12, 4))))
    assert _noted(made, step(made, StepKind.FIRST))[0] == THANDI.discussed[0]


def test_a_contact_who_was_not_there_is_told_what_the_room_talked_about() -> None:
    recruiter = Person(name="Rita Recruiter", email="rita@karoo.example")
    made = plan(application(interview(people=(PIET, THANDI)), contact=recruiter))
    assert _noted(made, step(made, StepKind.FIRST))[0] == PIET.discussed[1]


@pytest.mark.parametrize("noted", ["the new studio.", "the new studio?!", " the new studio… "])
def test_a_point_ends_where_the_sentence_around_it_does(noted: str) -> None:
    person = attrs.evolve(THANDI, discussed=(noted,))
    made = plan(application(interview(people=(person,))))
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk())
    assert "our exchange about the new studio. It connects" in draft.body


def test_points_that_run_on_are_left_out_and_the_rest_is_whole() -> None:
    person = attrs.evolve(THANDI, discussed=("word " * 200,), fit=("I did one thing",))
    made = plan(application(interview(people=(person,))))
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk())
    assert "word word" not in draft.body
    assert "I did one thing" in draft.body


def test_follow_ups_go_to_the_stated_contact_with_the_address_of_the_panel() -> None:
    of = application(interview(people=(PIET, THANDI)), contact=Person(name="thandi nkosi"))
    found = main_contact(plan(of))
    assert found is not None
    assert (found.name, found.email) == ("thandi nkosi", THANDI.email)


def test_follow_ups_go_to_the_first_interviewer_of_the_latest_interview() -> None:
    assert main_contact(plan(two_rounds())) == AMINA
    made = plan(two_rounds())
    late = step(made, StepKind.FIRST, 0, "second")
    assert [draft.to for draft in compose_drafts(made, late, desk())] == [AMINA]


def test_nobody_known_is_greeted_without_a_name() -> None:
    made = plan(application(interview(people=())))
    for s in made.steps:
        for draft in compose_drafts(made, s, desk()):
            assert draft.to is None
            assert draft.to_oneself or draft.body.startswith("Hello,\n\n")


def _story(name: str) -> Application:
    return of_story(name)[2]


@pytest.mark.parametrize(
    ("of", "episode", "found"),
    [
        (_story("silence"), 0, Situation.FIRST),
        (_story("date named"), 0, Situation.AFTER_DATE),
        (_story("call promised"), 0, Situation.AFTER_CALL),
        (_story("away"), 0, Situation.AFTER_ABSENCE),
        (_story("told very late"), 0, Situation.WITH_THANKS),
        (_story("neutral"), 1, Situation.STILL_OPEN),
        (_story("neutral with a date"), 1, Situation.AFTER_DATE),
        (_story("positive"), 1, Situation.NEXT_STEP),
    ],
)
def test_a_first_follow_up_speaks_of_what_happened(
    of: Application, episode: int, found: Situation
) -> None:
    made = plan(of)
    first = step(made, StepKind.FIRST, episode)
    assert situation_of(first, episode_context(made, first)) is found


def test_a_date_that_was_over_before_the_answer_is_not_spoken_of() -> None:
    of = application(
        interview(decision_by=DAY(2026, 11, 30)),
        log=(heard(DAY(2026, 12, 2), Answer.NEUTRAL),),
    )
    made = plan(of)
    first = step(made, StepKind.FIRST, 1)
    assert situation_of(first, episode_context(made, first)) is Situation.STILL_OPEN


def test_a_second_without_a_first_does_not_speak_of_one() -> None:
    log = (entry(DAY(2026, 11, 30), skipped=StepKind.FIRST),)
    made = plan(application(log=log))
    (draft,) = compose_drafts(made, step(made, StepKind.SECOND), desk())
    assert "Our conversation of 24 November is still on my mind." in draft.body
    assert "note" not in draft.body


def test_a_reply_says_the_thanks_that_are_due_once() -> None:
    log = (heard(DAY(2026, 11, 25), Answer.NEUTRAL), heard(DAY(2026, 12, 9), Answer.POSITIVE))
    unsent = plan(application(log=log))
    thanked = plan(application(log=(entry(DAY(2026, 11, 24), sent=StepKind.THANK_YOU), *log)))
    thanks = "thank you for our conversation on 24 November"
    first, second = (
        compose_drafts(m, step(m, StepKind.REPLY), desk())[0] for m in (unsent, thanked)
    )
    assert thanks in first.body
    assert thanks not in second.body


def test_a_clients_message_holds_nothing_of_the_coach() -> None:
    client = Applicant(name="Cleo Client", email="cleo@mail.example")
    of = attrs.evolve(application(), applicant=client)
    made = plan(of)
    for s in made.steps:
        for draft in compose_drafts(made, s, desk(SAM)):
            assert "Sam" not in draft.body
            assert "+27" not in draft.body
            assert draft.to_oneself or draft.body.endswith("Best regards,\nCleo Client")


def test_an_application_may_change_one_thing_of_ones_own_side() -> None:
    of = attrs.evolve(application(), applicant=Applicant(phone="+44 20 7946 0000"))
    made = plan(of)
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk(SAM))
    assert draft.body.endswith("Sam Seeker\n+44 20 7946 0000\nhttps://sam.example")


def test_a_signature_stands_in_place_of_name_and_phone() -> None:
    writer = attrs.evolve(SAM, signature="Sam\nProducer")
    made = plan(application())
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk(writer))
    assert draft.body.endswith("Best regards,\nSam\nProducer")


@pytest.mark.parametrize(
    ("called", "final", "phone"),
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
def test_a_round_is_known_by_what_it_is_called(
    called: str | None, final: bool, phone: bool
) -> None:
    held = attrs.evolve(interview(), round=called)
    assert (is_final(held), is_on_the_phone(held)) == (final, phone)


def test_an_interview_by_telephone_is_thanked_for_as_a_call() -> None:
    held = attrs.evolve(interview(), link="tel:+27215550199")
    made = plan(application(held))
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk())
    assert "Thank you for the call on Tuesday" in draft.body


@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40),
)
def test_facts_stand_in_the_message_as_they_were_given(company: str, name: str) -> None:
    of = attrs.evolve(application(interview(people=(Person(name=name),))), company=company)
    made = plan(of)
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk())
    assert draft.body.startswith(f"Dear {name},\n\nThank you for taking the time on Tuesday")
    assert f"the Marketing Manager role at {company}.\n\nI came away" in draft.body


@pytest.mark.parametrize(
    ("on", "said", "unsaid"),
    [
        pytest.param(DAY(2026, 11, 24), "on Tuesday", "sooner", id="in time"),
        pytest.param(DAY(2026, 11, 26), "should have written sooner", "November", id="days late"),
        pytest.param(DAY(2026, 12, 1), "on 24 November", "Tuesday", id="a week late"),
        pytest.param(DAY(2027, 1, 5), "on 24 November 2026", "Tuesday", id="in another year"),
    ],
)
def test_thanks_that_are_sent_late_say_so(on: dt.date, said: str, unsaid: str) -> None:
    made = plan(application(interview()))
    (draft,) = compose_drafts(made, step(made, StepKind.THANK_YOU), desk(), on=on)
    assert said in draft.body
    assert unsaid not in f"{draft.subject}{draft.body}"
