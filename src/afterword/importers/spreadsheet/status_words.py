"""Classify the cells of a status column, in English, German, French and Spanish.

A cell is divided into clauses. In a clause that names an outcome every other word has to be
harmless ("rejected after 2nd round"): "not rejected yet" and "waiting for the offer" are not
understood, and so the user is asked, because a misread outcome is never noticed.
"""

from __future__ import annotations

import enum
import functools
import re
import unicodedata
from collections.abc import Mapping

import attrs

from afterword.formats.dates.date_words import LANGUAGES, month_number
from afterword.formats.validators import InvalidValueError, quoted
from afterword.importers.word_lists import read_list, read_lists


class StatusMeaning(enum.StrEnum):
    """The effect of a status; the value is its name in `--status` and in the settings."""

    OPEN = "open"
    POSITIVE = "positive"
    OFFER = "offer"
    REJECTED = "rejected"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_outcome(self) -> bool:
        """True for every status except those of open applications."""
        return self is not StatusMeaning.OPEN


_FILE = "spreadsheet/status_words.toml"
_NUMBER = re.compile(r"\d+(?:st|nd|rd|th|er|e|eme|a|o)?")
_CLAUSE_END = re.compile(r"\s[-–—|]+\s|[,;:()\[\]{}|→➔➜>/\n]|\.(?=\s|$)|\.{2,}|\s[–—]|!")
_NOT = re.compile(r"n['’]t\b|\bcannot\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_MONTH = 3


@attrs.define
class StatusReader:
    """Reads status cells; `own_meanings` are those that the user gave, by `status_key`.

    `unknown` collects the first spelling of each status that is not understood.
    """

    own_meanings: Mapping[str, StatusMeaning]
    unknown: dict[str, str] = attrs.field(factory=dict, init=False)

    def classify(self, text: str) -> StatusMeaning | None:
        """Return the meaning of a status, None if it is not understood."""
        return self.own_meanings.get(status_key(text)) or _classify(text)

    def meaning(self, text: str) -> StatusMeaning:
        """Return the meaning of a status. Raises InvalidValueError if it is not understood."""
        if meaning := self.classify(text):
            return meaning
        first = self.unknown.setdefault(status_key(text), text)
        others = ", ".join(m for m in StatusMeaning if m is not StatusMeaning.CLOSED)
        raise InvalidValueError(
            f"{quoted(first)} is not understood; say what it means with "
            f'--status "{first}={StatusMeaning.CLOSED}" (or {others})'
        )

    def is_outcome(self, text: str) -> bool:
        """True for a status with an outcome, whose date counts."""
        meaning = self.classify(text)
        return meaning is not None and meaning.is_outcome


def status_key(text: str) -> str:
    """Return the words of a status for comparison: case, accents, marks and emoji do not count."""
    return " ".join(_words(text)) or text.strip()


@functools.lru_cache(4096)  # a table has the same few statuses in thousands of rows
def _classify(text: str) -> StatusMeaning | None:
    words = " ".join(_words(text))
    if not words:
        return None if _has_symbol(text) else StatusMeaning.OPEN
    if words in _meanings() and "?" not in text:
        return _meanings()[words]
    meanings: list[StatusMeaning] = []
    for clause in _CLAUSE_END.split(text):
        meaning = _clause_meaning(" ".join(_words(clause)), is_asked="?" in clause)
        if meaning is _Unclear.COMMENT and meanings:
            continue
        if isinstance(meaning, _Unclear):
            return None
        if meaning is not None:
            meanings.append(meaning)
    outcomes = [meaning for meaning in meanings if meaning.is_outcome]
    if not outcomes:
        return StatusMeaning.OPEN
    return outcomes[-1] if _agree(outcomes) else None


class _Unclear(enum.Enum):
    """Why a clause has no meaning: it is a comment, or it speaks of an outcome in doubt."""

    COMMENT = enum.auto()
    DOUBT = enum.auto()


def _clause_meaning(text: str, *, is_asked: bool) -> StatusMeaning | _Unclear | None:
    """Return the meaning of a clause, None if it has only harmless words."""
    parts = _phrase_or_word().findall(text)
    meanings = {_meanings()[part] for part in parts if part in _meanings()}
    rest = [part for part in parts if part not in _meanings() and not _is_harmless(part)]
    # A phrase of a single word, such as "waiting", may be a hedge too.
    bare = rest if not meanings else [part for part in parts if " " not in part]
    in_doubt = is_asked or not read_list(_FILE, "hedges").isdisjoint(bare)
    outcomes = {meaning for meaning in meanings if meaning.is_outcome}
    if not meanings:
        return (_Unclear.DOUBT if in_doubt else _Unclear.COMMENT) if rest else None
    if not outcomes:
        return _Unclear.COMMENT if rest else StatusMeaning.OPEN
    return _Unclear.DOUBT if rest or in_doubt or len(outcomes) > 1 else outcomes.pop()


def _is_harmless(word: str) -> bool:
    if word in read_list(_FILE, "fillers") or _NUMBER.fullmatch(word):
        return True
    return len(word) >= _SHORTEST_MONTH and month_number(word, LANGUAGES) is not None


def _agree(outcomes: list[StatusMeaning]) -> bool:
    """True if an outcome may follow the others: an offer that was declined, a later rejection."""
    *earlier, last = outcomes
    ends = {StatusMeaning.REJECTED, StatusMeaning.CLOSED}
    hopeful = {StatusMeaning.OFFER, StatusMeaning.POSITIVE, last}
    return set(earlier) <= hopeful or (last in ends and set(earlier) <= hopeful | ends)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", _NOT.sub(" not", text).casefold())
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    return _WORD.findall(plain)


def _has_symbol(text: str) -> bool:
    """True for a text with an emoji or another sign that may mean anything."""
    return any(unicodedata.category(char).startswith("S") for char in text)


@functools.cache
def _meanings() -> dict[str, StatusMeaning]:
    """Return the meanings of the phrases."""
    phrases = read_lists(_FILE)["phrases"]
    return {phrase: StatusMeaning(name) for name, of in phrases.items() for phrase in of}


@functools.cache
def _phrase_or_word() -> re.Pattern[str]:
    """Return the pattern of the longest phrase, or else of a single word."""
    phrases = map(re.escape, sorted(_meanings(), key=len, reverse=True))
    return re.compile(rf"(?:{'|'.join(phrases)})(?!\S)|\S+")
