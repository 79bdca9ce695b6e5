"""Every draft, with the fewest and the most facts, is one that can be sent as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from afterword.domain.model import Application, Channel, StepKind
from afterword.messages.compose import DraftSettings, compose_drafts, compose_situation
from afterword.messages.draft_model import Draft
from afterword.messages.message_context import OUT_OF_ORDER, Situation
from afterword.messages.tone import count_words, limit_of
from tests.messages import applications
from tests.messages.applications import DAY, FORMS, NOBODY, SAM, STORIES, desk, of_story, plan, step

WRITERS = (SAM, NOBODY)
TO_ONESELF = {Situation.MOVE_ON, Situation.FEEDBACK}

of_every_form = pytest.mark.parametrize("form", FORMS)
on_every_channel = pytest.mark.parametrize("channel", Channel)
in_every_story = pytest.mark.parametrize("story", STORIES)


def _steps(of: Application, at: DraftSettings, channel: Channel) -> list[Draft]:
    made = plan(of)
    return [draft for s in made.steps for draft in compose_drafts(made, s, at, channel=channel)]


def _written(story: str, form: str, channel: Channel) -> Iterator[Draft]:
    for of in of_story(story):
        for writer in WRITERS:
            yield from _steps(of, desk(writer, form), channel)


def _out_of_order(form: str, channel: Channel) -> Iterator[Draft]:
    for of in (*of_story("silence"), applications.two_rounds()):
        for which in OUT_OF_ORDER:
            for deadline in (None, DAY(2026, 12, 4)):
                yield from compose_situation(
                    plan(of),
                    which,
                    desk(form=form),
                    on=DAY(2026, 11, 26),
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
    assert all(re.match(r"[^\W\d_]|-", line) for line in sentences(draft)), draft.body
    assert "!" not in text
    if draft.to_oneself:
        return
    assert draft.body.count("?") <= 1, draft.body
    limit = limit_of(draft.channel, draft.name)
    # Few enough words with greeting and signature, many enough without.
    assert limit.least <= _own_words(draft), draft.body
    assert limit.most is None or count_words(draft.body) <= limit.most, draft.body
    assert limit.characters is None or len(draft.body) <= limit.characters, draft.body


@of_every_form
@on_every_channel
@in_every_story
def test_every_draft_can_be_sent_as_it_stands(story: str, channel: Channel, form: str) -> None:
    for draft in _written(story, form, channel):
        _check(draft)


@of_every_form
@on_every_channel
def test_what_is_out_of_order_can_be_sent_as_it_stands(channel: Channel, form: str) -> None:
    for draft in _out_of_order(form, channel):
        _check(draft)


@of_every_form
@on_every_channel
@in_every_story
def test_a_second_is_visibly_shorter_than_its_first(
    story: str, channel: Channel, form: str
) -> None:
    for of in of_story(story):
        made = plan(of)
        for second in (s for s in made.steps if s.kind is StepKind.SECOND):
            first = step(made, StepKind.FIRST, second.episode)
            long = compose_drafts(made, first, desk(form=form), channel=channel)[0]
            short = compose_drafts(made, second, desk(form=form), channel=channel)[0]
            if channel is Channel.EMAIL:
                assert _own_words(short) <= 0.7 * _own_words(long), (long, short)
            assert count_words(short.body) < count_words(long.body)


@of_every_form
@pytest.mark.parametrize("story", [*STORIES, "two rounds"])
def test_no_sentence_stands_in_two_messages_of_an_application(story: str, form: str) -> None:
    many = (applications.two_rounds(),) if story == "two rounds" else of_story(story)
    for of in many:
        made = plan(of)
        said: dict[str, str] = {}
        for s in made.steps:
            written = compose_drafts(made, s, desk(form=form))
            for draft in written[: None if s.unlogged is None else 1]:
                here = f"{s.kind} {s.interview} {s.episode} {draft.to and draft.to.name}"
                for sentence in () if draft.name in TO_ONESELF else sentences(draft):
                    assert sentence not in said, f"{here} and {said[sentence]}: {sentence}"
                    said[sentence] = here


@of_every_form
def test_four_interviewers_do_not_read_one_text(form: str) -> None:
    people = (applications.THANDI, applications.PIET, applications.AMINA, applications.LEBO)
    of = applications.application(applications.interview(people=people))
    made = plan(of)
    written = compose_drafts(made, step(made, StepKind.THANK_YOU), desk(form=form))
    said = [sentence for draft in written for sentence in sentences(draft)]
    assert [draft.to for draft in written] == list(people)
    assert len(said) == len(set(said))
    assert len({draft.subject for draft in written}) == len(people)
