"""Sentences that the tone check must and must not report, from `tests/messages/tone`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli

from afterword.messages.text_check import OwnNames, check_text
from afterword.messages.tone_rules import tone_languages

_FOLDER = Path(__file__).parent / "tone"
_CAUGHT = 0.8
_FALSE_ALARMS = 0.1


def _load(name: str) -> dict[str, Any]:
    return tomli.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


# The application that the sentences of the sets are about; some name another one.
KAROO = OwnNames(
    company="Karoo Analytics", role="Designer", people=("Thandi Nkosi",), applicant="Sam Seeker"
)


def _kinds(text: str, code: str, names: OwnNames | None = None) -> list[str]:
    return [finding.kind for finding in check_text(text, language=code, reader="en", names=names)]


_BAD = [
    pytest.param(code, sentence, id=f"{code}-{kind}-{number}")
    for code in tone_languages()
    for kind, sentences in _load(code)["bad"].items()
    for number, sentence in enumerate(sentences)
]
_GOOD = [
    pytest.param(code, sentence, id=f"{code}-{number}")
    for code in tone_languages()
    for number, sentence in enumerate(_load(code)["good"]["sentences"])
]


_BAD += [
    pytest.param(code, sentence, id=f"{code}-{name}-{number}")
    for code in tone_languages()
    for name in ("more", "harmless")
    for number, sentence in enumerate(_load(f"{code}_{name}")["bad"])
]
_GOOD += [
    pytest.param(code, sentence, id=f"{code}-{name}-{number}")
    for code in tone_languages()
    for name in ("more", "harmless")
    for number, sentence in enumerate(_load(f"{code}_{name}")["good"])
]

_BAD += [
    pytest.param(code, sentence, id=f"{code}-concepts-{kind}-{number}")
    for code in tone_languages()
    for kind, sentences in _load(f"{code}_concepts")["bad"].items()
    for number, sentence in enumerate(sentences)
]
_GOOD += [
    pytest.param(code, sentence, id=f"{code}-concepts-{number}")
    for code in tone_languages()
    for number, sentence in enumerate(_load(f"{code}_concepts")["good"])
]


@pytest.mark.parametrize(("code", "sentence"), _BAD)
def test_a_bad_sentence_is_reported(code: str, sentence: str) -> None:
    assert _kinds(sentence, code)


@pytest.mark.parametrize(("code", "sentence"), _GOOD)
def test_a_sentence_that_only_looks_bad_passes(code: str, sentence: str) -> None:
    assert _kinds(sentence, code) == []


@pytest.mark.parametrize("code", tone_languages())
def test_there_are_sixty_sentences_of_all_kinds(code: str) -> None:
    data = _load(code)
    assert sum(map(len, data["bad"].values())) >= 40
    assert len(data["good"]["sentences"]) >= 20
    recognised = {kind for each in data["bad"].values() for s in each for kind in _kinds(s, code)}
    assert len(recognised) >= 15


# Each set was written before the rules were widened, in the voices of other people: short,
# pompous, youthful, translated, with typos, and whole letters around one bad sentence.
@pytest.mark.parametrize("name", ["a", "b", "c", "d", "e", "f", "g", "validation"])
@pytest.mark.parametrize("code", tone_languages())
def test_most_sentences_of_a_set_are_judged_right(code: str, name: str) -> None:
    data = _load(f"{code}_{name}")
    missed = [sentence for sentence in data["bad"] if not _kinds(sentence, code, KAROO)]
    false_alarms = [sentence for sentence in data["good"] if _kinds(sentence, code, KAROO)]
    assert len(missed) <= (1 - _CAUGHT) * len(data["bad"]), missed
    assert len(false_alarms) <= _FALSE_ALARMS * len(data["good"]), false_alarms
