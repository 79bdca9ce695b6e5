"""Tests of the drafts: each can be sent without edits, with few details and with applications."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from afterword.domain.model import Application, Channel, StepKind
from afterword.messages.compose import DraftSettings, compose_drafts, compose_situation
from afterword.messages.draft_model import Draft, count_words, limit_of, main_part
from afterword.messages.message_context import UNPLANNED_SITUATIONS, Situation
from tests.messages.sample_applications import (
    AMINA,
    DAY,
    FORMS,
    LEBO,
    NOBODY,
    PIET,
    SAM,
    STORIES,
    THANDI,
    draft_settings,
    make_application,
    make_interview,
    plan_of,
    step_of,
    story_applications,
    two_rounds,
)

WRITERS = (SAM, NOBODY)
TO_ONESELF = {Situation.MOVE_ON, Situation.FEEDBACK}

of_every_form = pytest.mark.parametrize("form", FORMS)
on_every_channel = pytest.mark.parametrize("channel", Channel)
in_every_story = pytest.mark.parametrize("story", STORIES)


def _steps(application: Application, settings: DraftSettings, channel: Channel) -> list[Draft]:
    plan = plan_of(application)
    return [
        draft for s in plan.steps for draft in compose_drafts(plan, s, settings, channel=channel)
    ]


def _drafts(story: str, form: str, channel: Channel) -> Iterator[Draft]:
    for application in story_applications(story):
        for writer in WRITERS:
            yield from _steps(application, draft_settings(writer, form), channel)


def _out_of_order(form: str, channel: Channel) -> Iterator[Draft]:
    for application in (*story_applications("silence"), two_rounds()):
        for situation in UNPLANNED_SITUATIONS:
            for deadline in (None, DAY(2026, 12, 4)):
                yield from compose_situation(
                    plan_of(application),
                    situation,
                    draft_settings(form=form),
                    send_date=DAY(2026, 11, 26),
                    deadline=deadline,
                    channel=channel,
                )


def sentences(draft: Draft) -> list[str]:
    """Return the sentences of a message, without greeting, closing and signature."""
    paragraphs = draft.body.split("\n\n")
    if draft.channel is not Channel.PHONE:
        paragraphs = paragraphs[1:-1]
    return [s for p in paragraphs for s in re.split(r"(?<=[^\d][.?])\s+", p)]


def _own_words(draft: Draft) -> int:
    return sum(count_words(sentence) for sentence in sentences(draft))


def _check(draft: Draft) -> None:
    text = f"{draft.subject}\n{draft.body}"
    assert bool(draft.subject) is (draft.channel is Channel.EMAIL)
    assert draft.body == draft.body.strip()
    assert not re.search(r"[\[\]{}<>]|None|\bTrue\b|\bFalse\b|undefined", text), text
    assert not re.search(r"  |\n{3}| [,.;:?]|[,.;:] ?[.;:?]|\(\)|^,", text, re.MULTILINE), text
    assert all(re.match(r"¿?[^\W\d_]|-", line) for line in sentences(draft)), draft.body
    assert "!" not in text
    if draft.to_oneself:
        return
    assert draft.body.count("?") <= 1, draft.body
    limit = limit_of(draft.channel, draft.name)
    # Few enough words with greeting and signature, applications enough without.
    assert limit.min_words <= _own_words(draft), draft.body
    words = count_words(main_part(draft.body, draft.channel))
    assert limit.max_words is None or words <= limit.max_words, draft.body
    assert limit.max_characters is None or len(draft.body) <= limit.max_characters, draft.body


@of_every_form
@on_every_channel
@in_every_story
def test_every_draft_can_be_sent_without_edits(story: str, channel: Channel, form: str) -> None:
    for draft in _drafts(story, form, channel):
        _check(draft)


@of_every_form
@on_every_channel
def test_every_unplanned_draft_can_be_sent_without_edits(channel: Channel, form: str) -> None:
    for draft in _out_of_order(form, channel):
        _check(draft)


@of_every_form
@on_every_channel
@in_every_story
def test_a_second_is_visibly_shorter_than_its_first(
    story: str, channel: Channel, form: str
) -> None:
    for application in story_applications(story):
        plan = plan_of(application)
        for second in (s for s in plan.steps if s.kind is StepKind.SECOND):
            first = step_of(plan, StepKind.FIRST, second.episode)
            long = compose_drafts(plan, first, draft_settings(form=form), channel=channel)[0]
            short = compose_drafts(plan, second, draft_settings(form=form), channel=channel)[0]
            if channel is Channel.EMAIL:
                assert _own_words(short) <= 0.7 * _own_words(long), (long, short)
            assert count_words(short.body) < count_words(long.body)


@of_every_form
@pytest.mark.parametrize("story", [*STORIES, "two rounds"])
def test_no_sentence_is_in_two_messages_of_an_application(story: str, form: str) -> None:
    applications = (two_rounds(),) if story == "two rounds" else story_applications(story)
    for application in applications:
        plan = plan_of(application)
        first_uses: dict[str, str] = {}
        for s in plan.steps:
            drafts = compose_drafts(plan, s, draft_settings(form=form))
            for draft in drafts[: None if s.unlogged is None else 1]:
                message = f"{s.kind} {s.interview} {s.episode} {draft.to and draft.to.name}"
                for sentence in () if draft.name in TO_ONESELF else sentences(draft):
                    assert sentence not in first_uses, (
                        f"{message} and {first_uses[sentence]}: {sentence}"
                    )
                    first_uses[sentence] = message


@of_every_form
def test_four_interviewers_get_different_texts(form: str) -> None:
    people = (
        THANDI,
        PIET,
        AMINA,
        LEBO,
    )
    application = make_application(make_interview(people=people))
    plan = plan_of(application)
    drafts = compose_drafts(plan, step_of(plan, StepKind.THANK_YOU), draft_settings(form=form))
    texts = [sentence for draft in drafts for sentence in sentences(draft)]
    assert [draft.to for draft in drafts] == list(people)
    assert len(texts) == len(set(texts))
    assert len({draft.subject for draft in drafts}) == len(people)
