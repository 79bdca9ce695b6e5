"""What stands in the events: titles, descriptions, links, and nothing on a shared calendar."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import attrs
import pytest

from afterword.domain.events.event import EventRole, EventText
from afterword.domain.model import Answer, Application, Channel, Person, StepKind
from afterword.domain.planning.plan import Plan, StepState
from afterword.domain.policy import Policy
from afterword.messages import event_description
from afterword.messages.event_description import MOST_BYTES, EventTextBuilder
from afterword.messages.event_title import short_company
from tests.messages.applications import (
    AMINA,
    DAY,
    LEBO,
    PIET,
    THANDI,
    application,
    desk,
    entry,
    heard,
    interview,
    plan,
    step,
)

KAROO = attrs.evolve(application(), company="Karoo")
NOBODY_KNOWN = attrs.evolve(application(interview(people=())), company="Karoo")
ANSWERED = attrs.evolve(
    application(log=(heard(DAY(2026, 12, 2), Answer.NEUTRAL),)), company="Karoo"
)
SENT = attrs.evolve(
    application(
        log=(
            entry(DAY(2026, 11, 25), sent=StepKind.THANK_YOU),
            entry(DAY(2026, 11, 30), sent=StepKind.FIRST),
        )
    ),
    company="Karoo",
)


def _wording(form: str = "en", *, private: bool = False) -> EventTextBuilder:
    return EventTextBuilder(desk=desk(form=form), policy=Policy(), private=private)


def _text(
    of: Application,
    kind: StepKind,
    part: EventRole = EventRole.ACT,
    *,
    form: str = "en",
    private: bool = False,
    episode: int = 0,
) -> EventText:
    made = plan(of)
    return _wording(form, private=private)(made, step(made, kind, episode), part)


@pytest.mark.parametrize(
    ("of", "kind", "part", "english", "german"),
    [
        pytest.param(
            KAROO,
            StepKind.THANK_YOU,
            EventRole.ACT,
            "Karoo: thank Thandi Nkosi by Wed 15:00",
            "Karoo: Thandi Nkosi danken bis Mi 15:00",
            id="thank-you",
        ),
        pytest.param(
            NOBODY_KNOWN,
            StepKind.THANK_YOU,
            EventRole.ACT,
            "Karoo: say thank you by Wed 15:00",
            "Karoo: danken bis Mi 15:00",
            id="thank-you to nobody known",
        ),
        pytest.param(
            KAROO,
            StepKind.THANK_YOU,
            EventRole.FRAME,
            "Karoo: thank-you due by Wed 15:00",
            "Karoo: Dank fällig bis Mi 15:00",
            id="the deadline",
        ),
        pytest.param(
            KAROO,
            StepKind.FIRST,
            EventRole.ACT,
            "Karoo: follow up with Thandi Nkosi",
            "Karoo: bei Thandi Nkosi nachfragen",
            id="first",
        ),
        pytest.param(
            KAROO,
            StepKind.FIRST,
            EventRole.FRAME,
            "Karoo: follow up 29 Nov - 1 Dec",
            "Karoo: nachfragen 29. Nov. - 1. Dez.",
            id="its bar",
        ),
        pytest.param(
            KAROO,
            StepKind.SECOND,
            EventRole.ACT,
            "Karoo: second follow-up, if you wrote on 30 Nov",
            "Karoo: zweites Nachfragen, falls am 30. Nov. geschrieben",
            id="second, first not logged",
        ),
        pytest.param(
            SENT,
            StepKind.SECOND,
            EventRole.ACT,
            "Karoo: second follow-up to Thandi Nkosi",
            "Karoo: zweites Nachfragen bei Thandi Nkosi",
            id="second, first sent",
        ),
        pytest.param(
            SENT,
            StepKind.THANK_YOU,
            EventRole.ACT,
            "Karoo: thanked Thandi Nkosi",
            "Karoo: Thandi Nkosi gedankt",
            id="done",
        ),
        pytest.param(
            KAROO,
            StepKind.MOVE_ON,
            EventRole.ACT,
            "Karoo: time to let it rest",
            "Karoo: Zeit loszulassen",
            id="move-on",
        ),
        pytest.param(
            ANSWERED,
            StepKind.REPLY,
            EventRole.ACT,
            "Karoo: reply to Thandi Nkosi by Thu 10:00",
            "Karoo: Thandi Nkosi antworten bis Do 10:00",
            id="reply",
        ),
    ],
)
def test_titles_fit_a_narrow_cell(
    of: Application, kind: StepKind, part: EventRole, english: str, german: str
) -> None:
    assert _text(of, kind, part).summary == english
    assert _text(of, kind, part, form="de").summary == german


def test_a_panel_is_counted_in_the_title_and_those_thanked_are_left_out() -> None:
    of = application(interview(people=(THANDI, PIET, AMINA)))
    made = plan(of)
    thanks = step(made, StepKind.THANK_YOU)
    assert _wording()(made, thanks, EventRole.ACT).summary == (
        "Karoo Analytics: thank Thandi Nkosi and 2 more by Wed 15:00"
    )
    rest = attrs.evolve(thanks, thanked=("Thandi Nkosi", "Amina Patel"))
    text = _wording()(made, rest, EventRole.ACT)
    assert text.summary == "Karoo Analytics: thank Piet Botha by Wed 15:00"
    assert "Dear Thandi" not in text.description


@pytest.mark.parametrize(
    ("company", "shown"),
    [
        ("Karoo Analytics (Pty) Ltd", "Karoo Analytics"),
        ("Beispiel GmbH & Co. KG", "Beispiel"),
        ("Acme, Inc.", "Acme"),
        ("Ltd", "Ltd"),
        ("The Very Long Name of a Company in Town", "The Very Long Name of a"),
        ("x" * 50, "x" * 28),
    ],
)
def test_a_company_is_shown_short(company: str, shown: str) -> None:
    assert short_company(company) == shown


def test_a_description_says_everything_in_the_order_of_need() -> None:
    text = _text(attrs.evolve(KAROO, contact=LEBO), StepKind.FIRST).description
    parts = [
        "Nothing heard yet? Send this first follow-up, by Tue 1 Dec at best. Already answered?",
        "Subject: Follow-up: Marketing Manager interview on 24 November",
        "Dear Lebo Dube,",
        "Best regards,\nSam Seeker",
        "To make it more personal:\n- What is the e-mail address of Lebo Dube",
        "Why this date: day 5-7 after the interview",
        "Window: Sun 29 Nov to Tue 1 Dec",
        "This event is your log too. Begin its title with Sent, Answered, Positive, Rejected",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert places[0] == 0


def test_the_short_link_stands_alone_and_the_full_one_in_url() -> None:
    text = _text(KAROO, StepKind.THANK_YOU)
    short = "mailto:thandi@karoo.example?subject=Thank%20you%20for%20the%20Marketing%20Manager"
    lines = [line for line in text.description.splitlines() if "mailto:" in line]
    assert lines == [f"{short}%20interview"]
    assert text.url is not None
    assert text.url.startswith(f"{short}%20interview&body=Dear%20Thandi%20Nkosi%2C%0D%0A%0D%0A")
    assert "&body=" not in text.description


def test_without_an_address_there_is_no_link() -> None:
    text = _text(application(interview(people=(LEBO,))), StepKind.THANK_YOU)
    assert text.url is None
    assert "mailto:" not in text.description


def test_act_and_frame_say_the_same() -> None:
    act, frame = (_text(KAROO, StepKind.THANK_YOU, part) for part in EventRole)
    assert (act.description, act.url) == (frame.description, frame.url)


def test_a_panel_finds_a_draft_for_each() -> None:
    of = application(interview(people=(THANDI, PIET, AMINA)))
    text = _text(of, StepKind.THANK_YOU).description
    assert [line for line in text.splitlines() if line.startswith("--- ")] == [
        "--- To Thandi Nkosi:",
        "--- To Piet Botha:",
        "--- To Amina Patel:",
    ]
    assert text.count("mailto:") == 3


def test_a_description_stays_short_enough_for_every_calendar() -> None:
    people = tuple(
        Person(name=f"Person Number{n}", email=f"p{n}@karoo.example", discussed=("é" * 60,))
        for n in range(20)
    )
    text = _text(application(interview(people=people)), StepKind.THANK_YOU).description
    assert len(text.encode()) < MOST_BYTES
    assert text.count("\nDear Person") >= 5
    assert 'One more draft: afterword draft karoo --to "Person Number19"' in text


def test_a_first_that_was_not_logged_stands_below_the_second() -> None:
    text = _text(KAROO, StepKind.SECOND).description
    assert text.startswith("Only if you have sent the first follow-up")
    below = text.partition("--- Not written yet? Send the first one instead:")[2]
    assert "Thank you again for the conversation on 24 November" in below


def test_a_done_follow_up_tells_when_and_what_to_do_meanwhile() -> None:
    text = _text(SENT, StepKind.FIRST).description
    assert text.startswith("Sent on Mon 30 Nov, 10:00.\n\nMeanwhile: ")
    assert "Dear" not in text


def test_meanwhile_is_never_the_same_twice_running() -> None:
    log = (
        entry(DAY(2026, 11, 30), sent=StepKind.FIRST),
        entry(DAY(2026, 12, 8), sent=StepKind.SECOND),
        heard(DAY(2026, 12, 10), Answer.NEUTRAL),
        entry(DAY(2026, 12, 17), sent=StepKind.FIRST),
        entry(DAY(2026, 12, 28), sent=StepKind.SECOND),
    )
    made = plan(application(log=log))
    done = [s for s in made.steps if s.kind in {StepKind.FIRST, StepKind.SECOND}]
    lines = [_wording()(made, s, EventRole.ACT).description.split("\n\n")[1] for s in done]
    assert len(lines) == 4
    assert all(one != other for one, other in itertools.pairwise(lines))


def test_both_times_are_told_where_the_employer_is_elsewhere() -> None:
    made = plan(KAROO)
    away = attrs.evolve(made, zone=ZoneInfo("America/Los_Angeles"))
    text = _wording()(away, step(made, StepKind.THANK_YOU), EventRole.ACT).description
    assert "Window: Tue 24 Nov, 05:00 to Wed 25 Nov, 05:00" in text
    assert "(their time, Africa/Johannesburg: Tue 24 Nov, 15:00 to Wed 25 Nov, 15:00)" in text


def _calling(made: Plan) -> Plan:
    called = attrs.evolve(THANDI, phone="+27 (0)21 555 0199")
    of = attrs.evolve(
        made.application, channel=Channel.PHONE, interviews=(interview(people=(called,)),)
    )
    return attrs.evolve(plan(of), zone=made.zone)


def test_a_call_shows_the_number_the_office_hours_and_what_to_say_to_a_machine() -> None:
    made = _calling(attrs.evolve(plan(KAROO), zone=ZoneInfo("Europe/London")))
    text = _wording()(made, step(made, StepKind.FIRST), EventRole.ACT)
    assert "tel:+27215550199\nOffice hours: 07:00 to 15:00 your time (09:00 to 17:00" in (
        text.description
    )
    assert "--- If the voicemail answers:" in text.description
    assert text.url == "tel:+27215550199"
    thanks = _wording()(made, step(made, StepKind.THANK_YOU), EventRole.ACT)
    assert thanks.url is not None
    assert thanks.url.startswith("mailto:")


def test_linkedin_shows_the_profile_and_a_note_for_the_request() -> None:
    known = attrs.evolve(THANDI, profile="https://linkedin.example/in/thandi")
    of = attrs.evolve(application(interview(people=(known,))), channel=Channel.LINKEDIN)
    text = _text(of, StepKind.THANK_YOU)
    assert text.url == "https://linkedin.example/in/thandi"
    assert "--- Not connected yet? Send this with your request:" in text.description
    assert "Subject:" not in text.description


@pytest.mark.parametrize("of", [KAROO, SENT, ANSWERED], ids=["silence", "sent", "answered"])
@pytest.mark.parametrize("form", ["en", "de"])
def test_a_shared_calendar_tells_nothing(of: Application, form: str) -> None:
    made = plan(of)
    say = _wording(form, private=True)
    for s in made.steps:
        for part in s.uids:
            text = say(made, s, EventRole(part))
            told = f"{text.summary} {text.description} {text.url or ''}".casefold()
            for secret in ("karoo", "thandi", "marketing", "interview", "follow", "gespräch"):
                assert secret not in told
            assert text.summary


@pytest.mark.parametrize("form", ["en", "de"])
def test_reminders_around_an_interview_ask_and_tell(form: str) -> None:
    made, spoken = plan(KAROO), desk(form=form).reader
    before, after = (
        event_description.before_interview_text(made, spoken),
        event_description.after_interview_text(made, spoken),
    )
    assert before.description.count("\n- ") == 3
    assert after.description.count("\n- ") == 5
    assert "afterword debrief karoo" in after.description
    for text in (before, after):
        assert text.summary.startswith("Karoo: ")
    for hide in (event_description.before_interview_text, event_description.after_interview_text):
        assert "Karoo" not in str(hide(made, spoken, private=True))


def test_the_words_do_not_depend_on_the_day_they_are_asked_for() -> None:
    of = application(interview(added=dt.date(2026, 11, 27)))
    made = plan(of)
    for s in made.steps:
        later = attrs.evolve(s, state=StepState.OVERDUE)
        for part in s.uids:
            assert _wording()(made, s, EventRole(part)) == _wording()(
                attrs.evolve(made, steps=tuple(later if o is s else o for o in made.steps)),
                later,
                EventRole(part),
            )
