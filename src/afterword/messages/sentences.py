"""Split a text into sentences, and these into the plain words that tone patterns match."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping

import attrs

HIDDEN = "\N{WHITE SQUARE}"
"""Stands for each letter of a name that is not judged; a hidden name counts as a word."""
_TOKEN = re.compile(rf"[^\W_]+(?:'[^\W_]+)*'?|\?|{HIDDEN}+")
# French has a no-break space before a closing quotation mark.
_END = re.compile(
    r"[.?!…]{1,9}(?:[\"'”»)]|[ \u00a0\u202f]»){0,3}(?=\s)|(?<=[,:;])[ \t]*(?=\n)"
    r"|\n[ \t]*(?=\n|[-*•] )"
)
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_LONGEST_ABBREVIATION = 12
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u02bc\u0060\u00b4", "'"))


@attrs.frozen(kw_only=True)
class Sentence:
    """A sentence of a text.

    `start` is its place in the text and `line` the number of its first line.
    `plain` are its words between blanks: small letters, no accents, contractions
    written out, and a question mark at the end of a question.
    """

    text: str
    start: int
    line: int
    plain: str
    _spans: tuple[tuple[int, int], ...]

    def excerpt(self, start: int, end: int) -> str:
        """Return the part of the sentence that corresponds to a match in `plain`."""
        first = self.plain.count(" ", 0, start + 1) - 1
        last = self.plain.count(" ", 0, end) - 1
        return self.text[self._spans[first][0] : self._spans[min(last, len(self._spans) - 1)][1]]

    def words(self) -> Iterator[str]:
        """Yield the words as they are written."""
        for start, end in dict.fromkeys(self._spans):
            yield self.text[start:end]


@attrs.frozen(kw_only=True)
class SentenceRules:
    """Rules of a language for sentences: short forms to write out, and abbreviations."""

    contractions: Mapping[str, str] = attrs.field(factory=dict)
    abbreviations: frozenset[str] = frozenset()


def fold(text: str) -> str:
    """Return the text in small letters and without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def split_sentences(text: str, rules: SentenceRules) -> Iterator[Sentence]:
    """Yield the sentences of a text; an empty line ends a sentence, a wrapped line does not."""
    text = text.translate(_APOSTROPHES)
    start = line = counted = 0
    for end in (*_ends(text, rules.abbreviations), len(text)):
        piece = text[start:end]
        blank = len(piece) - len(piece.lstrip())
        if blank < len(piece):
            begin = start + blank
            line += text.count("\n", counted, begin)
            counted = begin
            yield _sentence(piece.strip(), begin, line + 1, rules)
        start = end


def _ends(text: str, abbreviations: frozenset[str]) -> Iterator[int]:
    for match in _END.finditer(text):
        if match[0].startswith("."):
            before = text[max(0, match.start() - _LONGEST_ABBREVIATION) : match.start()]
            word = _LAST_WORD.search(before)
            # "4. Dezember", "Dr. Mbeki", "z. B."
            if word and (word[0].isdigit() or fold(word[0]) in abbreviations):
                continue
        yield match.end()


def _sentence(text: str, start: int, line: int, rules: SentenceRules) -> Sentence:
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        words = _plain_words(match[0], rules)
        plain += words
        spans += [match.span()] * len(words)
    return Sentence(
        text=text, start=start, line=line, plain=f" {' '.join(plain)} ", spans=tuple(spans)
    )


def _plain_words(token: str, rules: SentenceRules) -> list[str]:
    word = fold(token)
    if whole := rules.contractions.get(word):
        return whole.split()
    if "'" in word:
        for written, expanded in rules.contractions.items():
            # "dont" is a word of its own; part of a word is only what has an apostrophe.
            if "'" in written:
                word = word.replace(written, expanded)
    return word.split()


@functools.lru_cache(maxsize=1024)
def is_capitals(word: str) -> bool:
    """True if a word of several letters is written in capitals."""
    return len(word) > 1 and word.isupper()
