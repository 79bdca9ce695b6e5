"""Tests of the texts of events: titles, descriptions, links, privacy."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import attrs
import pytest

from afterword.domain.calendar_model import EventRole, EventText
from afterword.domain.model import (
    FOLLOW_UPS,
    Answer,
    Application,
    Channel,
    LogEntry,
    Person,
    StepKind,
)
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.policy import Policy
from afterword.messages import event_description
from afterword.messages.display_names import title_company
from afterword.messages.event_description import MAX_DESCRIPTION_BYTES, EventTextBuilder
from afterword.messages.i18n import available_languages
from tests.messages.sample_applications import (
    AMINA,
    DAY,
    LEBO,
    PIET,
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

KAROO = attrs.evolve(make_application(), company="Karoo")
NO_INTERVIEWER = attrs.evolve(make_application(make_interview(people=())), company="Karoo")
ANSWERED = attrs.evolve(
    make_application(log=(answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL),)), company="Karoo"
)
SENT = attrs.evolve(
    make_application(
        log=(
            log_entry(DAY(2026, 11, 25), sent=StepKind.THANK_YOU),
            log_entry(DAY(2026, 11, 30), sent=StepKind.FIRST),
        )
    ),
    company="Karoo",
)


def _builder(form: str = "en", *, private: bool = False) -> EventTextBuilder:
    return EventTextBuilder(settings=draft_settings(form=form), policy=Policy(), private=private)


def _text(
    application: Application,
    kind: StepKind,
    role: EventRole = EventRole.ACT,
    *,
    form: str = "en",
    private: bool = False,
    episode: int = 0,
) -> EventText:
    plan = plan_of(application)
    return _builder(form, private=private)(plan, step_of(plan, kind, episode), role)


@pytest.mark.parametrize(
    ("application", "kind", "role", "english", "german"),
    [
        pytest.param(
            KAROO,
            StepKind.THANK_YOU,
            EventRole.ACT,
            "Thank Karoo (Thandi Nkosi) by Wed 15:00",
            "Danken: Karoo (Thandi Nkosi) bis Mi 15:00",
            id="thank-you",
        ),
        pytest.param(
            NO_INTERVIEWER,
            StepKind.THANK_YOU,
            EventRole.ACT,
            "Thank Karoo by Wed 15:00",
            "Danken: Karoo bis Mi 15:00",
            id="thank-you to nobody known",
        ),
        pytest.param(
            KAROO,
            StepKind.THANK_YOU,
            EventRole.FRAME,
            "Thank-you deadline: Karoo",
            "Dankesfrist: Karoo",
            id="the deadline",
        ),
        pytest.param(
            KAROO,
            StepKind.FIRST,
            EventRole.ACT,
            "Follow up with Karoo (Thandi Nkosi)",
            "Nachfragen: Karoo (Thandi Nkosi)",
            id="first",
        ),
        pytest.param(
            KAROO,
            StepKind.FIRST,
            EventRole.FRAME,
            "Follow-up window: Karoo",
            "Nachfrage-Zeitraum: Karoo",
            id="its bar",
        ),
        pytest.param(
            KAROO,
            StepKind.SECOND,
            EventRole.ACT,
            "Follow up again: Karoo",
            "Erneut nachfragen: Karoo",
            id="second, first not logged",
        ),
        pytest.param(
            SENT,
            StepKind.SECOND,
            EventRole.ACT,
            "Follow up again: Karoo",
            "Erneut nachfragen: Karoo",
            id="second, first sent",
        ),
        pytest.param(
            SENT,
            StepKind.THANK_YOU,
            EventRole.ACT,
            "Thanked Karoo (Thandi Nkosi)",
            "Gedankt: Karoo (Thandi Nkosi)",
            id="done",
        ),
        pytest.param(
            KAROO,
            StepKind.MOVE_ON,
            EventRole.ACT,
            "Move on from Karoo?",
            "Abschließen: Karoo?",
            id="move-on",
        ),
        pytest.param(
            ANSWERED,
            StepKind.REPLY,
            EventRole.ACT,
            "Reply to Karoo by Thu 10:00",
            "Antworten: Karoo bis Do 10:00",
            id="reply",
        ),
    ],
)
def test_titles_fit_a_narrow_cell(
    application: Application, kind: StepKind, role: EventRole, english: str, german: str
) -> None:
    assert _text(application, kind, role).summary == english
    assert _text(application, kind, role, form="de").summary == german


def test_a_panel_is_counted_in_the_title_and_those_thanked_are_left_out() -> None:
    application = make_application(make_interview(people=(THANDI, PIET, AMINA)))
    plan = plan_of(application)
    thanks = step_of(plan, StepKind.THANK_YOU)
    assert _builder()(plan, thanks, EventRole.ACT).summary == (
        "Thank Karoo Analytics (Thandi Nkosi and 2 more) by Wed 15:00"
    )
    rest = attrs.evolve(thanks, thanked=("Thandi Nkosi", "Amina Patel"))
    text = _builder()(plan, rest, EventRole.ACT)
    assert text.summary == "Thank Karoo Analytics (Piet Botha) by Wed 15:00"
    assert "Dear Thandi" not in text.description


@pytest.mark.parametrize(
    ("company", "short"),
    [
        ("Karoo Analytics (Pty) Ltd", "Karoo Analytics"),
        ("Beispiel GmbH & Co. KG", "Beispiel"),
        ("Acme, Inc.", "Acme"),
        ("Ltd", "Ltd"),
        ("Nordlicht Verlag GmbH", "Nordlicht Verlag"),
        ("Grupo Karoo, S.A. de C.V.", "Grupo Karoo"),
        ("Karoo S. de R.L. de C.V.", "Karoo"),
        ("Talleres Karoo, S.L.", "Talleres Karoo"),
        ("The Very Long Name of a Company in Town", "The Very Long Name"),
        ("The Society for the Protection of Birds", "The Society"),
        ("x" * 50, "x" * 24),
    ],
)
def test_a_company_is_shortened(company: str, short: str) -> None:
    assert title_company(attrs.evolve(KAROO, company=company)) == short


def test_a_description_has_all_parts_in_order() -> None:
    text = _text(attrs.evolve(KAROO, contact=LEBO), StepKind.FIRST).description
    parts = [
        "Send to Lebo Dube, ideally by Tue 1 Dec.\nDon't send it if they have answered.",
        "Subject: ",
        "Dear Lebo Dube,",
        "Best regards,\nSam Seeker",
        "To make it more personal:\n- What is the e-mail address of Lebo Dube",
        "Why this date: day 5-7 after the interview",
        "Window: Sun 29 Nov to Tue 1 Dec",
        "To log it: afterword sent karoo first-follow-up (or, if they answered: afterword heard",
    ]
    positions = [text.index(role) for role in parts]
    assert positions == sorted(positions)
    assert positions[0] == 0


def test_the_description_has_the_bare_address_and_url_the_full_link() -> None:
    text = _text(KAROO, StepKind.THANK_YOU)
    assert text.description.splitlines()[1] == "thandi@karoo.example"
    assert "mailto:" not in text.description
    assert text.url is not None
    assert text.url.startswith("mailto:thandi@karoo.example?subject=")
    assert "&body=Dear%20Thandi%20Nkosi%2C%0D%0A%0D%0A" in text.url


@pytest.mark.parametrize("application", [KAROO, ANSWERED, SENT], ids=["silence", "answer", "sent"])
def test_an_exported_event_never_mentions_sync_and_a_synced_one_the_title_words(
    application: Application,
) -> None:
    plan = plan_of(application)
    exported, synced = _builder(), attrs.evolve(_builder(), synced=True)
    for s in plan.steps:
        for role in s.uids:
            text = exported(plan, s, EventRole(role)).description.casefold()
            assert not any(word in text for word in ("sync", "rename", "drag", "title"))
            if s.sent_at is None:
                assert "afterword " in text
                assert "begin the title with Sent" in synced(plan, s, EventRole(role)).description


def test_without_an_address_there_is_no_link() -> None:
    text = _text(make_application(make_interview(people=(LEBO,))), StepKind.THANK_YOU)
    assert text.url is None
    assert "mailto:" not in text.description


def test_both_events_of_a_step_have_the_same_description() -> None:
    act, frame = (_text(KAROO, StepKind.THANK_YOU, role) for role in EventRole)
    assert (act.description, act.url) == (frame.description, frame.url)


def test_a_panel_finds_a_draft_for_each() -> None:
    application = make_application(make_interview(people=(THANDI, PIET, AMINA)))
    text = _text(application, StepKind.THANK_YOU).description
    assert text.startswith("Send to Thandi Nkosi, Piet Botha and Amina Patel by Wed 25 Nov, 15:00")
    assert [line for line in text.splitlines() if "@karoo.example" in line] == [
        "Thandi Nkosi, thandi@karoo.example",
        "Piet Botha, piet@karoo.example",
        "Amina Patel, amina@karoo.example",
    ]


def test_a_description_stays_short_enough_for_every_calendar() -> None:
    people = tuple(
        Person(name=f"Person Number{n}", email=f"p{n}@karoo.example", discussed=("é" * 60,))
        for n in range(20)
    )
    text = _text(make_application(make_interview(people=people)), StepKind.THANK_YOU).description
    assert len(text.encode()) < MAX_DESCRIPTION_BYTES
    assert text.count("\nDear Person") >= 5
    assert 'One more draft: afterword draft karoo --to "Person Number19"' in text


def test_a_first_follow_up_that_was_not_logged_is_below_the_second() -> None:
    text = _text(KAROO, StepKind.SECOND).description
    assert "Haven't sent the first one yet? Send that instead, see below." in text
    below = text.partition("Haven't sent the first one yet? Send this instead:")[2]
    assert "24 November" in below


def test_a_done_follow_up_has_its_date_and_a_tip() -> None:
    text = _text(SENT, StepKind.FIRST).description
    assert text.startswith("Sent on Mon 30 Nov, 10:00.\n\nMeanwhile: ")
    assert "Dear" not in text


@pytest.mark.parametrize("form", ["en", "de"])
@pytest.mark.parametrize("story", STORIES)
def test_a_tip_while_waiting_is_never_the_same_twice_running(story: str, form: str) -> None:
    build = _builder(form)
    for application in (*story_applications(story), two_rounds()):
        plan = plan_of(application)
        steps = [s for s in plan.steps if s.state is not StepState.WITHDRAWN]
        texts = [
            build(plan, s, EventRole.ACT).description
            for s in sorted(steps, key=lambda s: s.sent_at or s.send_at)
        ]
        tips = [line for t in texts for line in t.splitlines() if line.startswith(_MEANWHILE)]
        assert all(first != second for first, second in itertools.pairwise(tips))
        waiting = [s for s in steps if s.kind in FOLLOW_UPS or _asks_to_wait(s)]
        assert len(tips) == len(waiting)


_MEANWHILE = ("Meanwhile: ", "Inzwischen: ")


def _asks_to_wait(step: Step) -> bool:
    return step.kind is StepKind.REPLY and step.answer is not Answer.REJECTED


NO_ANSWER = "no answer in 21 days"
SENT_BOTH = (
    log_entry(DAY(2026, 11, 30), sent=StepKind.FIRST),
    log_entry(DAY(2026, 12, 8), sent=StepKind.SECOND),
)


@pytest.mark.parametrize(
    ("log", "episode", "signs"),
    [
        pytest.param(SENT_BOTH, 0, [f"two messages, {NO_ANSWER}"], id="two sent"),
        pytest.param((), 0, [f"two messages were due, {NO_ANSWER}"], id="none logged"),
        pytest.param(
            (log_entry(DAY(2026, 12, 1), skipped=StepKind.FIRST),),
            0,
            ["one message was due, no answer in 17 days"],
            id="one left out",
        ),
        pytest.param(
            (
                log_entry(DAY(2026, 12, 1), skipped=StepKind.FIRST),
                log_entry(DAY(2026, 12, 8), sent=StepKind.SECOND),
            ),
            0,
            [f"one message, {NO_ANSWER}"],
            id="one sent",
        ),
        pytest.param(
            (
                *SENT_BOTH,
                answer_entry(DAY(2026, 12, 9), Answer.POSITIVE, DAY(2026, 12, 11)),
                log_entry(DAY(2026, 12, 17), sent=StepKind.FIRST),
            ),
            1,
            [
                "one message, no answer in 15 days",
                "11 December, by which they wanted to decide, has passed",
                "their last answer was on 9 December",
            ],
            id="after an answer",
        ),
        pytest.param(
            (
                log_entry(DAY(2026, 11, 24), they_will_call=True),
                log_entry(
                    DAY(2026, 11, 24),
                    moved=StepKind.MOVE_ON,
                    to=dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC),
                ),
            ),
            0,
            ["the call that they promised has not come"],
            id="moved to the next day",
        ),
    ],
)
def test_the_signs_to_move_on_are_those_of_the_application(
    log: tuple[LogEntry, ...], episode: int, signs: list[str]
) -> None:
    text = _text(make_application(log=log), StepKind.MOVE_ON, episode=episode).description
    heading = "Signs that your time is better spent elsewhere:\n"
    shown = text.partition(heading)[2].partition("\n\n")[0]
    assert shown.splitlines() == [f"- {sign}" for sign in signs]


@pytest.mark.parametrize("code", available_languages())
def test_each_language_names_the_signs(code: str) -> None:
    text = _text(make_application(log=SENT_BOTH), StepKind.MOVE_ON, form=code).description
    assert len([line for line in text.splitlines() if line[:2] == "- " and "21" in line]) == 1


@pytest.mark.parametrize(("form", "figure"), [("en", "57 percent"), ("de", "57 Prozent")])
def test_only_a_thank_you_says_why_it_pays(form: str, figure: str) -> None:
    plan = plan_of(KAROO)
    texts = {s.kind: _builder(form)(plan, s, EventRole.ACT).description for s in plan.steps}
    assert [kind for kind, text in texts.items() if figure in text] == [StepKind.THANK_YOU]
    assert texts[StepKind.THANK_YOU].count(figure) == 1


def test_an_address_of_a_resource_is_on_a_line_of_its_own() -> None:
    plan = plan_of(KAROO)
    texts = ("A book (A. Author)", "A course https://a.example/b?c=d", "https://bare.example/")
    build = attrs.evolve(_builder(), resources=texts)
    described = {s.kind: build(plan, s, EventRole.ACT).description for s in plan.steps}
    expected = (
        "To prepare for the next one:\n- A book (A. Author)\n"
        "- A course\nhttps://a.example/b?c=d\n- https://bare.example/\n"
    )
    assert [kind for kind, text in described.items() if expected in text] == [StepKind.MOVE_ON]


@pytest.mark.parametrize(
    ("last", "names"),
    [
        ("Inés", "Laura e Inés"), ("Íñigo", "Laura e Íñigo"), ("Hilario", "Laura e Hilario"),
        ("Yvonne", "Laura e Yvonne"), ("Iván", "Laura e Iván"), ("Yolanda", "Laura y Yolanda"),
        ("Hiedra", "Laura y Hiedra"), ("Elena", "Laura y Elena"), ("Juan", "Laura y Juan"),
    ],
)  # fmt: skip
def test_the_spanish_and_before_a_name(last: str, names: str) -> None:
    people = tuple(attrs.evolve(THANDI, name=name, email=None) for name in ("Laura", last))
    application = make_application(make_interview(people=people))
    assert (
        f"Enviar a {names} antes del"
        in _text(application, StepKind.THANK_YOU, form="es").description
    )


def test_both_times_are_given_if_the_employer_is_in_another_zone() -> None:
    plan = plan_of(KAROO)
    away = attrs.evolve(plan, zone=ZoneInfo("America/Los_Angeles"))
    text = _builder()(away, step_of(plan, StepKind.THANK_YOU), EventRole.ACT).description
    assert "Window: Tue 24 Nov, 05:00 to Wed 25 Nov, 05:00" in text
    assert "(their time, Africa/Johannesburg: Tue 24 Nov, 15:00 to Wed 25 Nov, 15:00)" in text


def _calling(plan: Plan) -> Plan:
    called = attrs.evolve(THANDI, phone="+27 (0)21 555 0199")
    application = attrs.evolve(
        plan.application, channel=Channel.PHONE, interviews=(make_interview(people=(called,)),)
    )
    return attrs.evolve(plan_of(application), zone=plan.zone)


def test_a_call_shows_the_number_the_office_hours_and_a_voicemail() -> None:
    plan = _calling(attrs.evolve(plan_of(KAROO), zone=ZoneInfo("Europe/London")))
    text = _builder()(plan, step_of(plan, StepKind.FIRST), EventRole.ACT)
    assert "+27 (0)21 555 0199\nOffice hours: 07:00 to 15:00 your time (09:00 to 17:00" in (
        text.description
    )
    assert "If you reach the voicemail:" in text.description
    assert text.url == "tel:+27215550199"
    thanks = _builder()(plan, step_of(plan, StepKind.THANK_YOU), EventRole.ACT)
    assert thanks.url is not None
    assert thanks.url.startswith("mailto:")


def test_linkedin_shows_the_profile_and_a_note_for_the_request() -> None:
    on_linkedin = attrs.evolve(THANDI, profile="https://linkedin.example/in/thandi")
    application = attrs.evolve(
        make_application(make_interview(people=(on_linkedin,))), channel=Channel.LINKEDIN
    )
    text = _text(application, StepKind.THANK_YOU)
    assert text.url == "https://linkedin.example/in/thandi"
    assert "Not connected yet? Send this with your request:" in text.description
    assert "Subject:" not in text.description


@pytest.mark.parametrize(
    "application", [KAROO, SENT, ANSWERED], ids=["silence", "sent", "answered"]
)
@pytest.mark.parametrize("form", ["en", "de"])
def test_a_shared_calendar_reveals_nothing(application: Application, form: str) -> None:
    plan = plan_of(application)
    build = _builder(form, private=True)
    for s in plan.steps:
        for role in s.uids:
            text = build(plan, s, EventRole(role))
            content = f"{text.summary} {text.description} {text.url or ''}".casefold()
            for secret in ("karoo", "thandi", "marketing", "interview", "follow", "gespräch"):
                assert secret not in content
            assert text.summary


@pytest.mark.parametrize("form", ["en", "de"])
def test_interview_reminders_have_questions_and_respect_privacy(form: str) -> None:
    plan, language = plan_of(KAROO), draft_settings(form=form).reader
    before, after = (
        event_description.before_interview_text(plan, make_interview(), language),
        event_description.after_interview_text(plan, language),
    )
    assert before.description.count("\n- ") == 3
    assert after.description.count("\n- ") == 7
    assert "afterword debrief karoo" in after.description
    for text in (before, after):
        assert text.summary.endswith(": Karoo")
    for hidden in (
        event_description.before_interview_text(plan, make_interview(), language, private=True),
        event_description.after_interview_text(plan, language, private=True),
    ):
        assert "Karoo" not in str(hidden)


def test_what_the_user_wanted_to_do_differently_is_in_the_reminder_of_the_next_round() -> None:
    first = attrs.evolve(make_interview(), do_differently=("Name a figure for the launch.",))
    second = make_interview("second", DAY(2026, 12, 8))
    plan, language = plan_of(make_application(first, second)), draft_settings().reader
    texts = [event_description.before_interview_text(plan, i, language) for i in (first, second)]
    shown = "You wanted to do differently:\n- Name a figure for the launch."
    assert [shown in text.description for text in texts] == [False, True]


def test_the_texts_do_not_depend_on_the_state_of_a_step() -> None:
    application = make_application(make_interview(added=dt.date(2026, 11, 27)))
    plan = plan_of(application)
    for s in plan.steps:
        later = attrs.evolve(s, state=StepState.OVERDUE)
        for role in s.uids:
            assert _builder()(plan, s, EventRole(role)) == _builder()(
                attrs.evolve(plan, steps=tuple(later if o is s else o for o in plan.steps)),
                later,
                EventRole(role),
            )
