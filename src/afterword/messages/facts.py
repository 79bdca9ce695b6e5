"""Tidy talking points and experience as people type them, and set them in sentences.

The rules and sentences of a language are in `LANGUAGE/facts.toml`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from afterword.domain.model import Application, Person
from afterword.messages.display_names import common_words, listed, to_american
from afterword.messages.fact_rules import (
    FactNote,
    FactRules,
    Slot,
    SlotRules,
    compiled,
    load_rules,
)
from afterword.messages.i18n import Language, available_languages
from afterword.messages.recipients import people_of

MAX_WORDS = 22
"""Longer facts are cut at the end of a clause."""
_MIN_WORDS_LEFT = 3
_MAX_UNCUT_WORDS = 30
_LONGEST_ACRONYM = 5

_BULLET = re.compile(r"^(?:[-*•·–—>]+\s*|\(?\d{1,2}[.)]\s+)+")
_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
_PICTOGRAM = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d]+")
_ARROW = re.compile(r"\s*(?:->|=>|→)\s*")
_FACE = re.compile(r"(?:^|\s)[:;=]-?[)(DPp](?=\s|$|[.!?,])")
_END = " .!?;:,…"
# The sentence around a question has its own mark.
_OPENING_MARKS = dict.fromkeys(map(ord, "¿¡"))
_SENTENCE_END = re.compile(r"(?<=\w{2})(?:\s*!+|[.?]|\.\.\.|…)\s+(?=\S)")
_LIST_ITEM = r"[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}"
_SPACED_LIST = rf"{_LIST_ITEM}(?:\s+/\s+{_LIST_ITEM})+"
_TIGHT_LIST = r"(?<![\w/.:])[^\W\d_]{3,}(?:/[^\W\d_]{3,})+(?![\w/.])"
_NOT_IN_WORD = re.compile(r"\W")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


AGAIN = "again"
"""The moment of a message that names a fact for the second time."""


class Fact(NamedTuple):
    """A tidied fact: `kind` decides which sentence it fits into; `sentence` is that of a letter."""

    text: str
    kind: str = ""
    notes: tuple[FactNote, ...] = ()
    sentence: str = ""


NO_FACT = Fact(text="")


def application_names(application: Application) -> frozenset[str]:
    """Return the words of an application that keep their capital: company and people."""
    people = (person.name for person in people_of(application))
    names = [application.company, application.short or "", *people]
    return frozenset(word for name in names for word in _WORD.findall(name) if word[0].isupper())


@functools.lru_cache(maxsize=1024)
def tidy_fact(text: str, slot: Slot, code: str, names: frozenset[str] = frozenset()) -> Fact:
    """Return a fact as it fits into a sentence, with its kind and remarks on it.

    `code` is the language of the letter; `names` keep their capitals.
    """
    rules = load_rules(code)
    in_slot = rules.slots[slot]
    tidied = _punctuation(_clean(text, rules), rules, names)
    if _in_other_language(text, code):
        body, cut_notes = _cut(tidied.rstrip(_END), rules)
        return Fact(text=body, kind="other", notes=(FactNote.WRONG_LANGUAGE, *cut_notes))
    tidied, is_question = tidied.rstrip(_END), tidied.endswith("?")
    tidied = _without_shouting(tidied, rules, names)
    for pattern, replacement in rules.replacements:
        tidied = compiled(pattern).sub(replacement, tidied)
    tidied, reported = _without_lead_in(tidied, in_slot)
    notes: tuple[FactNote, ...] = ()
    if reported:
        for pattern, replacement in in_slot.reported_replacements:
            tidied = compiled(pattern).sub(replacement, tidied)
        notes = (FactNote.THIRD_PERSON,)
    tidied, cut_notes = _cut(tidied, rules)
    if not tidied:
        return Fact(text="", notes=cut_notes)
    tidied = _lower_first(tidied, rules, names)
    fact = _classified(f"{tidied}?" if is_question and not cut_notes else tidied, in_slot)
    return fact._replace(notes=tuple(dict.fromkeys((*notes, *fact.notes, *cut_notes))))


def _clean(text: str, rules: FactRules) -> str:
    plain = _PICTOGRAM.sub(" ", _ARROW.sub(f" {rules.arrow} ", text))
    plain = _FACE.sub("", plain).translate(_OPENING_MARKS)
    plain = _BULLET.sub("", " ".join(plain.split()))
    if len(plain) > 1 and plain[0] in _QUOTES and plain[-1] in _QUOTES:
        plain = plain[1:-1]
    return plain.strip()


def _punctuation(text: str, rules: FactRules, names: frozenset[str]) -> str:
    """Join sentences and lists to a single sentence."""
    body, end = text.rstrip(_END), text[len(text.rstrip(_END)) :]
    first, *rest = _SENTENCE_END.split(body)
    body = "; ".join([first, *(_lower_first(part, rules, names) for part in rest)])
    body = body.replace("!", "")
    for pattern in (_SPACED_LIST, _TIGHT_LIST) if "/" in body else ():
        body = re.sub(pattern, lambda match: _listed(match[0], rules), body)
    return body + ("?" if "?" in end else "")


def _listed(text: str, rules: FactRules) -> str:
    items = [item.strip() for item in text.split("/")]
    if any(item.casefold() in rules.never_listed for item in items):
        return text
    return listed(items, rules.code)


def _without_shouting(text: str, rules: FactRules, names: frozenset[str]) -> str:
    """Return a text without words in capitals or Title Case, except acronyms and names."""
    words = _WORD.findall(text)
    long = [word for word in words if len(word) > 1]
    shouted = len(long) > 1 and all(word.isupper() for word in long)
    titled = len(long) > 2 and all(word[0].isupper() for word in long)  # noqa: PLR2004
    proper = {**rules.names, **{name.casefold(): name for name in names}}

    def calm(match: re.Match[str]) -> str:
        word = match[0]
        if word in rules.acronyms or word == "I":
            return word
        is_plain = len(word) > _LONGEST_ACRONYM or word.casefold() in rules.emphasis
        is_shouted = word.isupper() and (shouted or is_plain)
        if not is_shouted and not (titled and not rules.nouns_have_capitals and word.istitle()):
            return word
        lower = word.lower()
        if lower in proper:
            return proper[lower]
        if rules.nouns_have_capitals and lower not in rules.lower_first:
            return word.capitalize()
        return lower

    return _WORD.sub(calm, text)


def _without_lead_in(text: str, rules: SlotRules) -> tuple[str, bool]:
    """Return a text without "we talked about" and the like; True if it reported speech."""
    reported, before = False, ""
    while text != before:
        before = text
        if (
            rules.reported
            and (match := compiled(rules.reported).match(text))
            and match.end() < len(text)
        ):
            reported, text = True, text[match.end() :].lstrip(" ,:;-–")
        for pattern in rules.lead_ins:
            match = compiled(pattern).match(text)
            if match and match.end() and (rest := text[match.end() :].lstrip(" ,:;-–")):
                text = rest
    return text, reported


def _lower_first(text: str, rules: FactRules, names: frozenset[str]) -> str:
    match = _WORD.match(text)
    if match is None or not text[0].isupper():
        return text
    word = match[0]
    base, *rest = re.split(r"[’'-]", word, maxsplit=1)
    if base == "I" or base in names or base in rules.acronyms or base.casefold() in rules.names:
        return text
    if base.isupper() and len(base) > 1:
        return text
    if any(char.isupper() for char in base[1:]) or (len(base) == 1 and rest and rest[0].istitle()):
        return text  # iOS, L'Oréal
    if rules.nouns_have_capitals and word.casefold() not in rules.lower_first:
        return text
    following = _WORD.match(text, match.end() + 1)
    is_name = (
        not rules.nouns_have_capitals
        and following is not None
        and following[0].istitle()
        and len(base) > 3  # noqa: PLR2004 - an article before a name
    )
    return text if is_name else text[0].lower() + text[1:]


def _cut(text: str, rules: FactRules) -> tuple[str, tuple[FactNote, ...]]:
    count = len(text.split())
    if count <= MAX_WORDS:
        return text, ()
    ends = compiled(rules.clause_end).finditer(text) if rules.clause_end else ()
    heads = [text[: match.start()].rstrip(_END) for match in ends]
    fitting = [head for head in heads if _MIN_WORDS_LEFT <= len(head.split()) <= MAX_WORDS]
    if fitting:
        return fitting[-1], (FactNote.CUT,)
    if count <= _MAX_UNCUT_WORDS:
        return text, ()
    return "", (FactNote.TOO_LONG,)


def _classified(text: str, rules: SlotRules) -> Fact:
    for rule in rules.kinds:
        first = _NOT_IN_WORD.split(text, maxsplit=1)[0].casefold()
        if (rule.first and first not in rule.first) or first in rule.not_first:
            continue
        if compiled(rule.pattern).search(text) is None:
            continue
        if rule.replacement is not None:
            text = compiled(rule.pattern).sub(rule.replacement, text, count=1)
        if rule.kind:
            notes = (rule.note,) if rule.note else ()
            return Fact(text=text, kind=rule.kind, notes=notes)
    return Fact(text=text.rstrip("?"), kind="other")


def _in_other_language(text: str, code: str) -> bool:
    """True if most of the small words of a text belong to another language."""
    words = [word.casefold() for word in _WORD.findall(text)]
    hits = {
        tongue: sum(map(common_words(tongue).__contains__, words))
        for tongue in available_languages()
    }
    own = hits.pop(code, 0)
    return max(hits.values(), default=0) > max(own, 1)


def fact_sentence(fact: Fact, moment: str, slot: Slot, number: int, language: Language) -> str:
    """Return the sentence with a fact for a moment (a step, or "again"); "" without a fact.

    `number` picks one of the sentences, so that two messages do not share theirs.
    """
    if not fact.text:
        return ""
    kinds = load_rules(language.code).frames.get(moment, {}).get(slot, {})
    frames = kinds.get(fact.kind) or kinds.get("other")
    if fact.kind == "own" or not frames:
        return f"{_capital(fact.text)}."
    return _framed(frames[number % len(frames)], language, fact=fact.text)


def sentence_with_both(
    discussed: Fact, fit: Fact, moment: str, number: int, language: Language
) -> str:
    """Return a sentence with both facts; "" if their kinds have no common frame."""
    kinds = load_rules(language.code).frames.get(moment, {}).get("both", {})
    frames = kinds.get(f"{discussed.kind}-{fit.kind}")
    if not frames:
        return ""
    return _framed(frames[number % len(frames)], language, fact=discussed.text, fit=fit.text)


def _framed(frame: str, language: Language, **facts: str) -> str:
    if language.american:
        frame = to_american(frame)
    capitals = {name.capitalize(): _capital(text) for name, text in facts.items()}
    return frame.format_map({**facts, **capitals})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class MessageFacts(NamedTuple):
    """The facts of a message, each in its sentence.

    `both` is a sentence with both facts, for a message that has to be short; ""
    where there is none.
    """

    discussed: Fact = NO_FACT
    fit: Fact = NO_FACT
    both: str = ""

    def without(self, *slots: Slot) -> MessageFacts:
        """Return the facts without those of some slots."""
        return self._replace(both="", **dict.fromkeys(map(str, slots), NO_FACT))


def fact_remarks(
    application: Application, person: Person, *, language: Language, reader: Language
) -> Iterator[tuple[str, str]]:
    """Yield each fact of a person that does not fit as typed, with the reason.

    `language` is that of the letters, `reader` the user's.
    """
    names = application_names(application)
    for slot in Slot:
        for text in getattr(person, slot.value):
            for note in tidy_fact(text, slot, language.code, names).notes:
                yield text, reader.translate(note.value)
