"""The lists of words and hosts by which interviews are recognized, and how phrases are matched."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import tomli

_DATA = "interview_words.toml"


def find_phrases(key: str, text: str) -> tuple[str, ...]:
    """Return the phrases of a list in a text, each once, as the text writes them."""
    folded = fold(text)
    phrases = {
        match[0]: text[match.start() : match.end()] for match in _pattern(key).finditer(folded)
    }
    return tuple(phrases.values())


def fold(text: str) -> str:
    """Return a text of the same length in lower case, without accents and punctuation."""
    return "".join(map(_fold_letter, text))


def listed_hosts(key: str) -> frozenset[str]:
    """Return a list of hosts."""
    return frozenset(_data()[key])


@functools.lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].casefold()[:1]
    return base if base.isalnum() else " "


@functools.cache
def _pattern(key: str) -> re.Pattern[str]:
    # The longest phrase counts where several begin at one word.
    phrases = sorted(set(_data()[key]), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_expression, phrases))})(?![^\W_])")


def _expression(phrase: str) -> str:
    """Return a phrase as an expression whose words may be separated by several characters."""
    words = [re.escape(word).replace(r"\*", r"\w{0,40}") for word in phrase.split()]
    return r" {1,4}".join(words)


@functools.cache
def _data() -> dict[str, Sequence[str]]:
    text = Path(__file__).with_name(_DATA).read_text("utf-8")
    return tomli.loads(text)
