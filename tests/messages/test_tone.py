"""Tests of the tone check: it reports real problems and accepts all shipped drafts."""

from __future__ import annotations

import functools
from collections import defaultdict

import attrs
import pytest

from afterword.domain.model import Answer, Application, Channel, Person, StepKind
from afterword.domain.planning.plan import StepState
from afterword.messages.compose import compose_drafts, compose_situation
from afterword.messages.draft_model import Draft
from afterword.messages.facts import Fact, MessageFacts
from afterword.messages.i18n import get_language
from afterword.messages.message_context import (
    FIRST_FOLLOW_UPS,
    UNPLANNED_SITUATIONS,
    MessageContext,
    Situation,
    context_of,
)
from afterword.messages.template_store import TemplateKey, load_shipped, shipped_keys
from afterword.messages.template_variables import TemplateVariables
from afterword.messages.templates import render_template
from afterword.messages.text_check import check_text
from afterword.messages.tone import ToneFinding, build_name_index, check_tone, names_of
from tests.messages.sample_applications import (
    DAY,
    FORMS,
    PIET,
    SAM,
    STORIES,
    THANDI,
    answer_entry,
    draft_settings,
    make_application,
    make_interview,
    plan_of,
    step_of,
    story_applications,
    two_rounds,
)

ENGLISH = get_language("en")
KAROO = make_application(make_interview(people=(THANDI, PIET)))
OTHER = attrs.evolve(
    make_application(make_interview(people=(Person(name="Jane Okafor"),))),
    id="acme",
    company="Acme Ltd",
)
CALM = (
    "Dear Thandi Nkosi,\n\nThank you again for the conversation about the role at Karoo Analytics. "
    "I am still very interested in it and have thought about it since.\n\n{text}\n\n"
    "Best regards,\nSam Seeker"
)


def _draft(text: str, *, name: str = "own", **fields: object) -> Draft:
    draft = Draft(
        name=name,
        channel=Channel.EMAIL,
        to=THANDI,
        subject="Marketing Manager",
        body=CALM.format(text=text),
    )
    return draft._replace(**fields)  # type: ignore[arg-type]


def _check(
    *written: Draft, application: Application = KAROO, code: str = "en"
) -> tuple[ToneFinding, ...]:
    others = build_name_index([application, OTHER])
    return check_tone(
        application, written, language=get_language(code), reader=ENGLISH, others=others
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("story", [*STORIES, "two rounds"])
def test_our_own_drafts_pass(story: str, channel: Channel, form: str) -> None:
    settings = draft_settings(SAM, form)
    for application in (two_rounds(),) if story == "two rounds" else story_applications(story):
        plan = plan_of(application)
        live = [s for s in plan.steps if s.state is not StepState.WITHDRAWN]
        on_plan = [d for s in live for d in compose_drafts(plan, s, settings, channel=channel)]
        besides = [
            d
            for situation in UNPLANNED_SITUATIONS
            for d in compose_situation(
                plan, situation, settings, send_date=DAY(2026, 11, 26), channel=channel
            )
        ]
        # A channel of few words repeats itself between alternatives, of which one is sent.
        written = on_plan if channel is Channel.EMAIL else on_plan[:1]
        others = build_name_index([application, OTHER])
        findings = check_tone(
            application, written, language=settings.language, reader=ENGLISH, others=others
        )
        findings += tuple(
            f
            for d in (*on_plan, *besides)
            for f in check_tone(
                application, [d], language=settings.language, reader=ENGLISH, others=others
            )
        )
        # The samples' facts are English, and a letter in German is right to be told so.
        ours = [f for f in findings if form == "en" or "another language" not in f.why]
        assert [(f.draft.name, f.excerpt, f.why) for f in ours] == []


@functools.cache
def _all_contexts() -> dict[str, tuple[tuple[Application, MessageContext], ...]]:
    """Return sample messages by situation, of all stories; first follow-ups share theirs."""
    found: dict[str, list[tuple[Application, MessageContext]]] = defaultdict(list)
    applications = [a for story in STORIES for a in story_applications(story)]
    for application in (*applications, two_rounds()):
        plan = plan_of(application)
        contexts = [context_of(plan, step) for step in plan.steps]
        contexts += [
            contexts[0]._replace(situation=situation, step=None)
            for situation in UNPLANNED_SITUATIONS
        ]
        for context in contexts:
            found[context.situation].append((application, context))
            if context.situation in FIRST_FOLLOW_UPS:
                found["any first"].append((application, context))
    return {name: tuple(rows) for name, rows in found.items()}


FACTS = MessageFacts(discussed=Fact(text="Podcasts", sentence="Podcasts."))


def _template_id(key: TemplateKey) -> str:
    return f"{key.folder}-{key.channel}-{key.name}"


@pytest.mark.parametrize(
    "key", [k for k in shipped_keys() if not k.name.startswith("move-on")], ids=_template_id
)
def test_every_template_passes_in_every_situation(key: TemplateKey) -> None:
    code, _, address = key.folder.partition("-")
    language = get_language(code, informal=bool(address))
    name = key.name.partition(".")[0].removesuffix("-note").removesuffix("-voicemail")
    shared = name == Situation.FIRST and key.channel is not Channel.EMAIL
    rendered: dict[str, Application] = {}
    for application, context in _all_contexts()["any first" if shared else name]:
        for person in context.interview.interviewers or (None,):
            for facts in (MessageFacts(), FACTS):
                variables = TemplateVariables(
                    context=context, person=person, facts=facts, applicant=SAM, language=language
                )
                message = render_template(load_shipped(key), variables)
                rendered |= dict.fromkeys((message.subject, message.body), application)
    assert rendered
    findings = [
        (finding.kind, finding.quote)
        for text, application in rendered.items()
        for finding in check_text(
            text, language=code, reader="en", names=names_of(application, SAM.name or "")
        )
    ]
    assert findings == []


def test_a_date_of_an_earlier_round_that_decides_nothing_is_not_mentioned() -> None:
    heard = answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL, DAY(2026, 12, 9))
    application = make_application(
        make_interview(), make_interview("second", DAY(2026, 12, 8)), log=(heard,)
    )
    plan = plan_of(application)
    step = step_of(plan, StepKind.FIRST, interview="second")
    (draft,) = compose_drafts(plan, step, draft_settings())
    assert step.reason.text.startswith("day")
    assert (draft.name, "9 December" in draft.body) == ("first-follow-up", False)


def test_a_date_of_an_earlier_round_that_decides_is_mentioned() -> None:
    heard = answer_entry(DAY(2026, 12, 2), Answer.NEUTRAL, DAY(2026, 12, 18))
    application = make_application(
        make_interview(), make_interview("second", DAY(2026, 12, 8)), log=(heard,)
    )
    plan = plan_of(application)
    step = step_of(plan, StepKind.FIRST, interview="second")
    (draft,) = compose_drafts(plan, step, draft_settings())
    assert "18 December" in draft.body


@pytest.mark.parametrize(
    ("text", "excerpt"),
    [
        ("I am just checking in on the process.", "just checking in"),
        ("Please answer As Soon\nAs Possible.", "As Soon As Possible"),
        ("Please reply by Friday.", "Please reply by Friday"),
        ("You promised to call me.", "You promised to"),
        ("I still haven't heard from you.", "still haven't heard"),
        ("I am sorry to bother you.", "sorry to bother"),
        ("I desperately want it.", "desperately"),
        ("I look forward to it!", "I look forward to it!"),
        ("How are things? Is it still open?", "Is it still open?"),
        ("I liked [topic] best.", "[topic]"),
        ("I liked {{ topic }} best.", "{{ topic }}"),
        ("I liked <topic> best.", "<topic>"),
        ("I liked None best.", "None"),
        ("I would love to join Acme Ltd.", "Acme Ltd"),
        ("I would love to join Acme.", "Acme"),
        ("Please greet Jane Okafor.", "Jane Okafor"),
    ],
)
def test_problems_are_reported(text: str, excerpt: str) -> None:
    excerpts = [finding.excerpt for finding in _check(_draft(text))]
    assert [each for each in excerpts if excerpt in each], excerpts


@pytest.mark.parametrize(
    "text",
    [
        "Is the decision still open?",
        "I have been asked to answer another offer by 4 December.",
        "Acme of the craft it is.",
        "We talked about the checking of facts.",
    ],
)
def test_a_calm_message_passes(text: str) -> None:
    assert _check(_draft(text)) == ()


def test_names_of_the_application_itself_may_shout() -> None:
    loud = attrs.evolve(KAROO, company="Yahoo!", role="Why? Analyst")
    draft = _draft("I would join Yahoo! as Why? Analyst, would you agree?")
    own = draft._replace(body=draft.body.replace("Karoo Analytics", "Yahoo!"))
    assert _check(own, application=loud) == ()


def test_a_greeting_for_another_interviewer_is_reported() -> None:
    draft = _draft("Fine.", body="Dear Piet Botha,\n\nThank you.\n\nBest regards,\nSam Seeker")
    (finding,) = _check(draft)
    assert (finding.excerpt, finding.why) == (
        "Dear Piet Botha,",
        "The greeting names someone other than Thandi Nkosi.",
    )


def test_length_is_reported_with_its_limit() -> None:
    short = _draft("Fine.", name="thank-you", body="Thank you.")
    long = _draft("word " * 200, name="first-follow-up")
    note = _draft("x" * 400, name="thank-you-note", channel=Channel.LINKEDIN)
    assert [(f.excerpt, f.why) for f in _check(short)] == [
        ("2 words", "Too short to be personal: 60 words at least.")
    ]
    assert "Too long: 120 words at most." in [f.why for f in _check(long)]
    assert "Too long: 300 characters at most." in [f.why for f in _check(note)]


FIRSTS = (
    "first-follow-up",
    "first-follow-up-after-date",
    "first-follow-up-after-call",
    "first-follow-up-after-absence",
    "first-follow-up-with-thanks",
    "first-follow-up-still-open",
    "first-follow-up-next-step",
)
OTHERS = (
    "feedback-request",
    "reply-positive",
    "reply-neutral",
    "reply-rejected",
    "keep-in-touch",
    "reply-offer",
    "next-round",
    "no-show",
    "technical-failure",
    "competing-offer",
)


@pytest.mark.parametrize(
    ("channel", "name", "least", "most"),
    [
        ("email", "thank-you", 60, 150),
        *(("email", name, 60, 120) for name in FIRSTS),
        ("email", "second-follow-up", 30, 80),
        *(("email", name, 30, 120) for name in OTHERS),
        ("phone", "thank-you", 20, 75),
        ("phone", "second-follow-up", 20, 75),
        ("phone", "second-follow-up-voicemail", 15, 50),
    ],
)
def test_how_many_words_a_message_has(channel: str, name: str, least: int, most: int) -> None:
    def findings(count: int) -> int:
        body = " ".join(f"word{number}" for number in range(count))
        return len(_check(_draft("", name=name, channel=Channel(channel), body=body)))

    counts = (least - 1, least, most, most + 1)
    assert [findings(count) for count in counts] == [1, 0, 0, 1]


@pytest.mark.parametrize(("name", "most"), [("thank-you", 600), ("thank-you-note", 300)])
def test_how_many_characters_a_message_on_linkedin_has(name: str, most: int) -> None:
    def findings(count: int) -> int:
        draft = _draft("", name=name, channel=Channel.LINKEDIN, body="x" * count)
        return len(_check(draft))

    assert [findings(count) for count in (most, most + 1)] == [0, 1]


def test_a_sentence_in_two_messages_is_reported() -> None:
    findings = _check(
        _draft("One thing that I said before.", name="a", body="One thing that I said before. A."),
        _draft("One thing that I said before.", name="b", body="B. One thing that I said before."),
    )
    assert [(f.draft.name, f.excerpt) for f in findings] == [("b", "One thing that I said before.")]


def test_a_note_to_oneself_is_not_judged() -> None:
    assert _check(_draft("Go on! Why not? What else?", to_oneself=True)) == ()
