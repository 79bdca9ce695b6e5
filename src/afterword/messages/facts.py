"""Tidy talking points and experience as people type them, and set them in sentences.

The rules and sentences of a language are in `LANGUAGE/facts.toml`.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import attrs
import tomli

from afterword.domain.model import Application, Person
from afterword.messages.i18n import N_, Language, available_languages, to_american

MAX_WORDS = 22
"""Longer facts are cut at the end of a clause."""
_MIN_WORDS_LEFT = 3
_MAX_UNCUT_WORDS = 30

_BULLET = re.compile(r"^(?:[-*•·–—>]+\s*|\(?\d{1,2}[.)]\s+)+")
_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
_PICTOGRAM = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\U0001f000-\U0001faff\ufe0f\u200d]+")
_ARROW = re.compile(r"\s*(?:->|=>|→)\s*")
_FACE = re.compile(r"(?:^|\s)[:;=]-?[)(DPp](?=\s|$|[.!?,])")
_END = " .!?;:,…"
_SENTENCE_END = re.compile(r"(?<=\w{2})(?:\s*!+|[.?]|\.\.\.|…)\s+(?=\S)")
_LIST_ITEM = r"[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}"
_SPACED_LIST = re.compile(rf"{_LIST_ITEM}(?:\s+/\s+{_LIST_ITEM})+")
_TIGHT_LIST = re.compile(r"(?<![\w/.:])[^\W\d_]{3,}(?:/[^\W\d_]{3,})+(?![\w/.])")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_PLACEHOLDER = re.compile(r"<(\w+)>")


AGAIN = "again"
"""The moment of a message that names a fact for the second time."""


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


@attrs.frozen(kw_only=True)
class Fact:
    """A tidied fact; `kind` decides which sentence it fits into."""

    text: str
    kind: str = ""
    notes: tuple[FactNote, ...] = ()


@attrs.frozen(kw_only=True)
class KindRule:
    """Facts that match `pattern` are of this kind; its matches become `replacement`."""

    kind: str
    pattern: re.Pattern[str]
    replacement: str | None = None
    note: FactNote | None = None


@attrs.frozen(kw_only=True, eq=False)
class SlotRules:
    """The rules of a language for talking points or for experience."""

    lead_ins: tuple[re.Pattern[str], ...]
    reported: re.Pattern[str] | None
    reported_replacements: tuple[tuple[re.Pattern[str], str], ...]
    kinds: tuple[KindRule, ...]


@attrs.frozen(kw_only=True, eq=False)
class FactRules:
    """The rules of a language; all empty if it has no `facts.toml`.

    `lower_first` are the only words that lose a capital at the beginning, where
    the language writes nouns with one. `shouted` replaces words in capitals.
    """

    replacements: tuple[tuple[re.Pattern[str], str], ...]
    slots: Mapping[str, SlotRules]
    names: Mapping[str, str]
    acronyms: frozenset[str]
    lower_first: frozenset[str]
    nouns_have_capitals: bool
    list_joint: str
    arrow: str
    clause_end: re.Pattern[str] | None
    common_words: frozenset[str]
    frames: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]


@functools.cache
def load_rules(code: str) -> FactRules:
    """Return the rules of a language."""
    file = resources.files("afterword.messages").joinpath(code, "facts.toml")
    data = tomli.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    words = {name: tuple(listed) for name, listed in data.get("words", {}).items()}
    clause_end = data.get("clause_end")
    return FactRules(
        replacements=_replacements(data.get("replace", ()), words),
        slots={slot: _slot_rules(data.get(slot, {}), words) for slot in Slot},
        names={name.casefold(): name for name in data.get("names", ())},
        acronyms=frozenset(data.get("acronyms", ())),
        lower_first=frozenset(data.get("lower_first", ())),
        nouns_have_capitals=bool(data.get("lower_first")),
        list_joint=data.get("list_joint", ","),
        arrow=data.get("arrow", ","),
        clause_end=_compile(clause_end, words) if clause_end else None,
        common_words=frozenset(data.get("common_words", ())),
        frames={
            moment: {
                slot: {kind: tuple(lines) for kind, lines in kinds.items()}
                for slot, kinds in slots.items()
            }
            for moment, slots in data.get("frames", {}).items()
        },
    )


def _slot_rules(data: Mapping[str, Any], words: Mapping[str, tuple[str, ...]]) -> SlotRules:
    reported = data.get("reported")
    return SlotRules(
        lead_ins=tuple(_compile(f"^(?:{line})", words) for line in data.get("lead_ins", ())),
        reported=_compile(f"^(?:{reported})", words) if reported else None,
        reported_replacements=_replacements(data.get("reported_replace", ()), words),
        kinds=tuple(
            KindRule(
                kind=rule["kind"],
                pattern=_compile(rule["pattern"], words),
                replacement=rule.get("replace"),
                note=FactNote[rule["note"]] if "note" in rule else None,
            )
            for rule in data.get("kinds", ())
        ),
    )


def _replacements(
    rows: Any, words: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_compile(pattern, words), replacement) for pattern, replacement in rows)


def _compile(pattern: str, words: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """Compile a pattern in which `<name>` is any of the words of that name."""

    def listed(match: re.Match[str]) -> str:
        return f"(?:{'|'.join(words[match[1]])})" if match[1] in words else match[0]

    previous = ""
    while previous != pattern:
        previous, pattern = pattern, _PLACEHOLDER.sub(listed, pattern)
    return re.compile(pattern, re.IGNORECASE)


def known_names(application: Application) -> frozenset[str]:
    """Return the words of an application that keep their capital: company and people."""
    people = [p for i in application.interviews for p in i.interviewers]
    people += [application.contact] if application.contact else []
    names = [application.company, application.short or "", *(person.name for person in people)]
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
        tidied = pattern.sub(replacement, tidied)
    tidied, reported = _without_lead_in(tidied, in_slot)
    notes: tuple[FactNote, ...] = ()
    if reported:
        for pattern, replacement in in_slot.reported_replacements:
            tidied = pattern.sub(replacement, tidied)
        notes = (FactNote.THIRD_PERSON,)
    tidied, cut_notes = _cut(tidied, rules)
    if not tidied:
        return Fact(text="", notes=cut_notes)
    tidied = _lower_first(tidied, rules, names)
    fact = _classified(f"{tidied}?" if is_question and not cut_notes else tidied, in_slot)
    return attrs.evolve(fact, notes=tuple(dict.fromkeys((*notes, *fact.notes, *cut_notes))))


def _clean(text: str, rules: FactRules) -> str:
    plain = _PICTOGRAM.sub(" ", _ARROW.sub(f" {rules.arrow} ", text))
    plain = _FACE.sub("", plain)
    plain = _BULLET.sub("", " ".join(plain.split()))
    if len(plain) > 1 and plain[0] in _QUOTES and plain[-1] in _QUOTES:
        plain = plain[1:-1]
    return plain.strip()


def _punctuation(text: str, rules: FactRules, names: frozenset[str]) -> str:
    """Return one sentence of several, and lists in words."""
    body, end = text.rstrip(_END), text[len(text.rstrip(_END)) :]
    first, *rest = _SENTENCE_END.split(body)
    body = "; ".join([first, *(_lower_first(part, rules, names) for part in rest)])
    body = body.replace("!", "")
    for pattern in (_SPACED_LIST, _TIGHT_LIST):
        body = pattern.sub(lambda match: _listed(match[0], rules), body)
    return body + ("?" if "?" in end else "")


def _listed(text: str, rules: FactRules) -> str:
    items = [item.strip() for item in text.split("/")]
    if any(item.casefold() in {"and", "or", "he", "she", "his", "her"} for item in items):
        return text
    conjunction = rules.list_joint
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


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
        is_shouted = word.isupper() and (shouted or _is_plain(word))
        if not is_shouted and not (titled and not rules.nouns_have_capitals and word.istitle()):
            return word
        lower = word.lower()
        if lower in proper:
            return proper[lower]
        if rules.nouns_have_capitals and lower not in rules.lower_first:
            return word.capitalize()
        return lower

    return _WORD.sub(calm, text)


def _is_plain(word: str) -> bool:
    """True if a word in capitals is long enough to be shouted rather than an acronym."""
    return len(word) > 5 or word in {"NEW", "HUGE", "VERY", "REALLY", "BIG", "NOT", "ALL", "GREAT"}  # noqa: PLR2004


def _without_lead_in(text: str, rules: SlotRules) -> tuple[str, bool]:
    """Return a text without "we talked about" and the like; True if it reported speech."""
    reported, before = False, ""
    while text != before:
        before = text
        if rules.reported and (match := rules.reported.match(text)) and match.end() < len(text):
            reported, text = True, text[match.end() :].lstrip(" ,:;-–")
        for pattern in rules.lead_ins:
            match = pattern.match(text)
            if match and match.end() and (rest := text[match.end() :].lstrip(" ,:;-–")):
                text = rest
    return text, reported


def _lower_first(text: str, rules: FactRules, names: frozenset[str]) -> str:
    match = _WORD.match(text)
    if match is None or not text[0].isupper():
        return text
    word = match[0]
    base = re.split(r"[’'-]", word, maxsplit=1)[0]
    if base == "I" or base in names or base in rules.acronyms or base.casefold() in rules.names:
        return text
    if base.isupper() and len(base) > 1:
        return text
    if any(char.isupper() for char in base[1:]):
        return text
    if rules.nouns_have_capitals and base.casefold() not in rules.lower_first:
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
    ends = rules.clause_end.finditer(text) if rules.clause_end else ()
    heads = [text[: match.start()].rstrip(_END) for match in ends]
    fitting = [head for head in heads if _MIN_WORDS_LEFT <= len(head.split()) <= MAX_WORDS]
    if fitting:
        return fitting[-1], (FactNote.CUT,)
    if count <= _MAX_UNCUT_WORDS:
        return text, ()
    return "", (FactNote.TOO_LONG,)


def _classified(text: str, rules: SlotRules) -> Fact:
    for rule in rules.kinds:
        if rule.pattern.search(text) is None:
            continue
        if rule.replacement is not None:
            text = rule.pattern.sub(rule.replacement, text, count=1)
        if rule.kind:
            notes = (rule.note,) if rule.note else ()
            return Fact(text=text, kind=rule.kind, notes=notes)
    return Fact(text=text.rstrip("?"), kind="other")


@functools.cache
def _stop_words() -> Mapping[str, frozenset[str]]:
    return {code: load_rules(code).common_words for code in available_languages()}


def _in_other_language(text: str, code: str) -> bool:
    """True if most of the small words of a text belong to another language."""
    words = [word.casefold() for word in _WORD.findall(text)]
    hits = {
        tongue: sum(word in listed for word in words) for tongue, listed in _stop_words().items()
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
    """Return one sentence with both facts; "" if there is none for their kinds."""
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


@attrs.frozen(kw_only=True)
class MessageFacts:
    """The facts of a message and the sentences that they are set in.

    `both` is a sentence with both facts, for a message that has to be short; ""
    where there is none.
    """

    discussed: Fact = Fact(text="")
    fit: Fact = Fact(text="")
    talking_point: str = ""
    experience: str = ""
    both: str = ""

    def without(self, *slots: str) -> MessageFacts:
        """Return the facts without those of some slots."""
        left = self
        if Slot.DISCUSSED in slots:
            left = attrs.evolve(left, discussed=Fact(text=""), talking_point="", both="")
        if Slot.FIT in slots:
            left = attrs.evolve(left, fit=Fact(text=""), experience="", both="")
        return left


def fact_remarks(
    application: Application, person: Person, *, language: Language, reader: Language
) -> Iterator[tuple[str, str]]:
    """Yield each fact of a person that does not fit as typed, with the reason.

    `language` is that of the letters, `reader` the user's.
    """
    names = known_names(application)
    for slot in Slot:
        for text in getattr(person, slot.value):
            for note in tidy_fact(text, slot, language.code, names).notes:
                yield text, reader.translate(note.value)
