"""The tone guard finds what should not be sent, and lets all of our own drafts pass."""

from __future__ import annotations

import attrs
import pytest

from afterword.domain.model import Application, Channel, Person
from afterword.domain.planning.plan import StepState
from afterword.messages.compose import compose_drafts, compose_situation
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import available_languages, get_language
from afterword.messages.message_context import OUT_OF_ORDER
from afterword.messages.tone import ToneFinding, build_name_index, check_tone, tone_phrases
from tests.messages.applications import (
    DAY,
    FORMS,
    PIET,
    SAM,
    STORIES,
    THANDI,
    application,
    desk,
    interview,
    of_story,
    plan,
    two_rounds,
)

ENGLISH = get_language("en")
KAROO = application(interview(people=(THANDI, PIET)))
OTHER = attrs.evolve(
    application(interview(people=(Person(name="Jane Okafor"),))), id="acme", company="Acme Ltd"
)
CALM = (
    "Dear Thandi Nkosi,\n\nThank you again for the conversation about the role at Karoo Analytics. "
    "I am still very interested in it and have thought about it since.\n\n{said}\n\n"
    "Best regards,\nSam Seeker"
)


def _draft(said: str, *, name: str = "own", **fields: object) -> Draft:
    draft = Draft(
        name=name,
        channel=Channel.EMAIL,
        to=THANDI,
        subject="Marketing Manager",
        body=CALM.format(said=said),
    )
    return attrs.evolve(draft, **fields)  # type: ignore[arg-type]


def _check(*written: Draft, of: Application = KAROO, code: str = "en") -> tuple[ToneFinding, ...]:
    others = build_name_index([of, OTHER])
    return check_tone(of, written, language=get_language(code), reader=ENGLISH, others=others)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("story", [*STORIES, "two rounds"])
def test_our_own_drafts_pass(story: str, channel: Channel, form: str) -> None:
    at = desk(SAM, form)
    for of in (two_rounds(),) if story == "two rounds" else of_story(story):
        made = plan(of)
        live = [s for s in made.steps if s.state is not StepState.WITHDRAWN]
        on_plan = [d for s in live for d in compose_drafts(made, s, at, channel=channel)]
        besides = [
            d
            for which in OUT_OF_ORDER
            for d in compose_situation(made, which, at, on=DAY(2026, 11, 26), channel=channel)
        ]
        # A channel of few words repeats itself between alternatives, of which one is sent.
        written = on_plan if channel is Channel.EMAIL else on_plan[:1]
        others = build_name_index([of, OTHER])
        found = check_tone(of, written, language=at.language, reader=ENGLISH, others=others)
        found += tuple(
            f
            for d in (*on_plan, *besides)
            for f in check_tone(of, [d], language=at.language, reader=ENGLISH, others=others)
        )
        assert [(f.draft.name, f.found, f.why) for f in found] == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("I am just checking in on the process.", "just checking in"),
        ("Please answer As Soon\nAs Possible.", "As Soon As Possible"),
        ("Please reply by Friday.", "Please reply by"),
        ("You promised to call me.", "You promised"),
        ("I still haven't heard from you.", "still haven't heard"),
        ("I am sorry to bother you.", "sorry to bother"),
        ("I desperately want it.", "desperately"),
        ("I look forward to it!", "!"),
        ("How are things? Is it still open?", "? ?"),
        ("I liked [topic] best.", "[topic]"),
        ("I liked {{ topic }} best.", "{{ topic }}"),
        ("I liked <topic> best.", "<topic>"),
        ("I liked None best.", "None"),
        ("I would love to join Acme Ltd.", "Acme Ltd"),
        ("I would love to join Acme.", "Acme"),
        ("Please greet Jane Okafor.", "Jane Okafor"),
    ],
)
def test_what_should_not_be_sent_is_found(said: str, found: str) -> None:
    assert found in [finding.found for finding in _check(_draft(said))]


@pytest.mark.parametrize(
    "said",
    [
        "Is the decision still open?",
        "I have been asked to answer another offer by 4 December.",
        "Acme of the craft it is.",
        "We talked about the checking of facts.",
    ],
)
def test_a_calm_message_passes(said: str) -> None:
    assert _check(_draft(said)) == ()


def test_names_of_the_application_itself_may_shout() -> None:
    loud = attrs.evolve(KAROO, company="Yahoo!", role="Why? Analyst")
    assert _check(_draft("I would join Yahoo! as Why? Analyst, would you agree?"), of=loud) == ()


def test_a_greeting_for_another_interviewer_is_found() -> None:
    draft = _draft("Fine.", body="Dear Piet Botha,\n\nThank you.\n\nBest regards,\nSam Seeker")
    (finding,) = _check(draft)
    assert (finding.found, finding.why) == (
        "Dear Piet Botha,",
        "The greeting is for somebody else than Thandi Nkosi.",
    )


def test_length_is_told_with_its_limit() -> None:
    short = _draft("Fine.", name="thank-you", body="Thank you.")
    long = _draft("word " * 200, name="first-follow-up")
    note = _draft("x" * 400, name="thank-you-note", channel=Channel.LINKEDIN)
    assert [(f.found, f.why) for f in _check(short)] == [
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


def test_a_sentence_in_two_messages_is_found() -> None:
    found = _check(
        _draft("One thing that I said before.", name="a", body="One thing that I said before. A."),
        _draft("One thing that I said before.", name="b", body="B. One thing that I said before."),
    )
    assert [(f.draft.name, f.found) for f in found] == [("b", "One thing that I said before.")]


def test_a_note_to_oneself_is_not_judged() -> None:
    assert _check(_draft("Go on! Why not? What else?", to_oneself=True)) == ()


@pytest.mark.parametrize("code", available_languages())
def test_every_language_lists_what_pushes_with_a_reason_and_a_better_wording(code: str) -> None:
    listed = tone_phrases(code)
    assert len(listed) > 10
    for phrase in listed:
        assert phrase.why.endswith(".")
        assert not any(other.says.search(phrase.better) for other in listed), phrase.better
