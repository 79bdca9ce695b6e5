"""Every draft, with the fewest and the most facts, is one that can be sent as it stands."""

from __future__ import annotations

import itertools
import re

import pytest

from afterword.core.model import Applicant, StepKind
from afterword.drafts.bounds import BOUNDS, words
from afterword.drafts.draft import Draft
from afterword.drafts.situation import Situation
from afterword.drafts.writing import drafts
from tests.drafts import applications
from tests.drafts.applications import NOBODY, SAM, desk, plan, step

APPLICATIONS = applications.every_application()
WRITERS = {"sam": SAM, "nobody": NOBODY, "name alone": Applicant(name="Sam Seeker")}
CASES = [
    pytest.param(name, who, id=f"{name}, by {who}")
    for name, who in itertools.product(APPLICATIONS, WRITERS)
]
CODES = ["en"]


def _all(name: str, writer: str, code: str = "en") -> list[Draft]:
    made = plan(APPLICATIONS[name])
    at = desk(WRITERS[writer], code)
    return [draft for s in made.steps for draft in drafts(made, s, at)]


def sentences(draft: Draft) -> list[str]:
    """Return the sentences of the paragraphs between greeting and closing."""
    paragraphs = draft.body.split("\n\n")[1:-1]
    return [s for p in paragraphs for s in re.split(r"(?<=[.?])\s+", p)]


def _own_words(draft: Draft) -> int:
    return sum(words(sentence) for sentence in sentences(draft))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("name", "writer"), CASES)
def test_every_draft_is_whole(name: str, writer: str, code: str) -> None:
    for draft in _all(name, writer, code):
        text = f"{draft.subject}\n{draft.body}"
        assert draft.subject
        assert draft.body == draft.body.strip()
        assert not re.search(r"[\[\]{}<>]|None|\bTrue\b|\bFalse\b|undefined", text)
        assert not re.search(r"  |\n{3}| [,.;:?]|[,.;:] ?[.;:?]|\(\)|^,", text, re.MULTILINE)
        assert all(re.match(r"[^\W\d_]|-", line) for line in sentences(draft)), draft.body


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("name", "writer"), CASES)
def test_every_draft_keeps_its_bounds(name: str, writer: str, code: str) -> None:
    for draft in _all(name, writer, code):
        if draft.to_oneself:
            continue
        least, most = BOUNDS[Situation(draft.name)]
        # Few enough words with greeting and signature, many enough without.
        assert least <= _own_words(draft), draft.body
        assert words(draft.body) <= most, draft.body


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("name", "writer"), CASES)
def test_every_draft_is_calm(name: str, writer: str, code: str) -> None:
    for draft in _all(name, writer, code):
        if not draft.to_oneself:
            assert draft.body.count("?") <= 1
        assert "!" not in draft.subject + draft.body


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_second_is_visibly_shorter_than_its_first(name: str, code: str) -> None:
    made = plan(APPLICATIONS[name])
    for second in (s for s in made.steps if s.kind is StepKind.SECOND):
        first = step(made, StepKind.FIRST, second.episode)
        long = drafts(made, first, desk(code=code))[0]
        short = drafts(made, second, desk(code=code))[0]
        assert _own_words(short) <= 0.7 * _own_words(long)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "name", [*(name for name in APPLICATIONS if name.endswith(("three", "nobody"))), "two rounds"]
)
def test_no_sentence_stands_in_two_messages_of_an_application(name: str, code: str) -> None:
    made = plan(applications.two_rounds() if name == "two rounds" else APPLICATIONS[name])
    said: dict[str, str] = {}
    for s in made.steps:
        for draft in drafts(made, s, desk(code=code))[: None if s.unlogged is None else 1]:
            here = f"{s.kind} {s.interview} {s.episode} {draft.to and draft.to.name}"
            if draft.name in {Situation.MOVE_ON, Situation.FEEDBACK}:
                continue
            for sentence in sentences(draft):
                assert sentence not in said, f"{here} and {said[sentence]}: {sentence}"
                said[sentence] = here
