"""The rules of a language for tidying facts, read from `LANGUAGE/facts.toml`."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from afterword.messages.i18n import N_, language_data

_PLACEHOLDER = re.compile(r"<(\w+)>")


class Slot(enum.StrEnum):
    """The two kinds of facts of an interviewer, by their keys in the application file."""

    DISCUSSED = "discussed"
    FIT = "fit"


class FactNote(enum.StrEnum):
    """A remark on a fact for the user; the value is a message id."""

    THIRD_PERSON = N_(
        'It is about "she" or "they", but the letter goes to that person: complete the sentence '
        '"We talked about ...".'
    )
    ABOUT_APPLICANT = N_(
        "It is about you, not about the conversation: give it as experience (--fit)."
    )
    NOT_ABOUT_APPLICANT = N_(
        'It is not about you: give something that you have done, as in "I ran a launch last year".'
    )
    WRONG_LANGUAGE = N_("It is not in the language of the letter.")
    CUT = N_("It is long, so the letter has only its beginning.")
    TOO_LONG = N_("It is too long for a letter, so it is left out: 15 words are enough.")


SHORTENING = (FactNote.CUT, FactNote.TOO_LONG)


class KindRule(NamedTuple):
    """Facts that match `pattern` are of this kind; its matches become `replacement`.

    Their first word is in `first`, if that has any, and not in `not_first`: a long pattern is
    compiled only for these.
    """

    kind: str
    pattern: str
    first: frozenset[str] = frozenset()
    not_first: frozenset[str] = frozenset()
    replacement: str | None = None
    note: FactNote | None = None


class SlotRules(NamedTuple):
    """The rules of a language for talking points or for experience."""

    lead_ins: tuple[str, ...]
    reported: str | None
    reported_replacements: tuple[tuple[str, str], ...]
    kinds: tuple[KindRule, ...]


class FactRules(NamedTuple):
    """The rules of a language; all empty if it has no `facts.toml`.

    Their patterns are compiled by `compiled()` where they are needed: all of them
    take 18 ms, and the facts of one application need the half.

    `lower_first` are the only words that lose a capital at the beginning, where
    the language writes nouns with one. `emphasis` are short words that are
    shouted in capitals; a list with a word of `never_listed` ("his/her") is none.
    """

    code: str
    replacements: tuple[tuple[str, str], ...]
    slots: Mapping[str, SlotRules]
    names: Mapping[str, str]
    acronyms: frozenset[str]
    lower_first: frozenset[str]
    emphasis: frozenset[str]
    never_listed: frozenset[str]
    nouns_have_capitals: bool
    arrow: str
    clause_end: str | None
    frames: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]


@functools.cache
def load_rules(code: str) -> FactRules:
    """Return the rules of a language."""
    data = language_data(code, "facts.toml")
    words = data.get("words", {})
    clause_end = data.get("clause_end")
    return FactRules(
        code=code,
        replacements=_replacements(data.get("replace", ()), words),
        slots={slot: _slot_rules(data.get(slot, {}), words) for slot in Slot},
        names={name.casefold(): name for name in data.get("names", ())},
        acronyms=frozenset(data.get("acronyms", ())),
        lower_first=frozenset(data.get("lower_first", ())),
        emphasis=frozenset(data.get("emphasis", ())),
        never_listed=frozenset(data.get("never_listed", ())),
        nouns_have_capitals=bool(data.get("lower_first")),
        arrow=data.get("arrow", ","),
        clause_end=_expand(clause_end, words) if clause_end else None,
        frames=data.get("frames", {}),
    )


def _slot_rules(data: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> SlotRules:
    reported = data.get("reported")
    return SlotRules(
        lead_ins=tuple(_expand(f"^(?:{line})", words) for line in data.get("lead_ins", ())),
        reported=_expand(f"^(?:{reported})", words) if reported else None,
        reported_replacements=_replacements(data.get("reported_replace", ()), words),
        kinds=tuple(
            KindRule(
                kind=rule["kind"],
                pattern=_expand(rule["pattern"], words),
                first=_listed_words(rule.get("first", ()), words),
                not_first=_listed_words(rule.get("not_first", ()), words),
                replacement=rule.get("replace"),
                note=FactNote[rule["note"]] if "note" in rule else None,
            )
            for rule in data.get("kinds", ())
        ),
    )


def _replacements(rows: Any, words: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((_expand(pattern, words), replacement) for pattern, replacement in rows)


def _listed_words(listed: Iterable[str], words: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return casefolded words, with those of the list for each `<name>`."""
    groups = (words.get(word.strip("<>"), (word,)) for word in listed)
    return frozenset(word.casefold() for group in groups for word in group)


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the rules, which ignore case, compiled once."""
    return re.compile(pattern, re.IGNORECASE)


def _expand(pattern: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return a pattern in which each `<name>` is replaced by the words of that name."""

    def listed(match: re.Match[str]) -> str:
        return f"(?:{'|'.join(words[match[1]])})" if match[1] in words else match[0]

    previous = ""
    while previous != pattern:
        previous, pattern = pattern, _PLACEHOLDER.sub(listed, pattern)
    return pattern
