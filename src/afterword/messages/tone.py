"""How long a message may be.

E-mail: what a busy person reads to the end, greeting and signature included: a
thank-you 60-150 words, a first follow-up 60-120, a second 30-80. A call script
is spoken in half a minute, a voicemail in 20 seconds, at 150 words a minute. A
LinkedIn message has 600 characters at most, the note to a request 300.

The names of all applications, and which of them stand in a message for another one.

They are looked up by their words: with thousands of applications, each name
cannot be looked for in each message.

The tone guard: what a message should not be sent with.

Reads finished drafts, ours and those from a person's own texts: length,
pressure and complaint, more than one question, exclamation marks, what was
left to fill in, names that belong to another application, and sentences that
stand in two messages. The phrases are in `LANGUAGE/tone.toml`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources

import attrs
import tomli

from afterword.domain.model import Application, Channel
from afterword.messages.draft_model import Draft
from afterword.messages.event_title import short_company
from afterword.messages.i18n import Language
from afterword.messages.message_context import FIRSTS, Situation

NOTE = "-note"
VOICEMAIL = "-voicemail"

_WORD_IN_BODY = re.compile(r"\S*\w\S*")
_ASCII_BLANKS = " \n\t"


@attrs.frozen(kw_only=True)
class Limit:
    """Both inclusive; `least` and `most` count words."""

    least: int = 0
    most: int | None = None
    characters: int | None = None


_NONE = Limit()
_FIRST = Limit(least=60, most=120)
_OTHER = Limit(least=30, most=120)
_EMAIL = {
    **{situation.value: _OTHER for situation in Situation},
    **{situation.value: _FIRST for situation in FIRSTS},
    Situation.THANK_YOU.value: Limit(least=60, most=150),
    Situation.SECOND.value: Limit(least=30, most=80),
    Situation.MOVE_ON.value: _NONE,
}
_CALL = Limit(least=20, most=75)
_VOICEMAIL = Limit(least=15, most=50)
_MESSAGE = Limit(characters=600)
_NOTE = Limit(characters=300)


def limit_of(channel: Channel, name: str) -> Limit:
    """Return the limit of a text; one that we do not know has none."""
    if channel is Channel.EMAIL:
        return _EMAIL.get(name, _NONE)
    if channel is Channel.PHONE:
        return _VOICEMAIL if name.endswith(VOICEMAIL) else _CALL
    return _NOTE if name.endswith(NOTE) else _MESSAGE


def count_words(text: str) -> int:
    """Return the number of words, as a person counts them."""
    return len(_WORD_IN_BODY.findall(text))


def too_long(limit: Limit, body: str) -> bool:
    """Whether a message is longer than it may be."""
    if limit.characters is not None and len(body) > limit.characters:
        return True
    if limit.most is None:
        return False
    # Pieces between blanks are never fewer than words, and much quicker to count.
    return _pieces(body) > limit.most and count_words(body) > limit.most


def _pieces(text: str) -> int:
    if text.isascii():
        return 1 + sum(map(text.count, _ASCII_BLANKS))
    return len(text.split())


_WORD = re.compile(r"\w+")


@attrs.frozen
class NameIndex:
    """Names in the order in which they are told, by the words that they consist of."""

    by_words: dict[tuple[str, ...], dict[str, int]]
    lengths: frozenset[int]

    def in_text(self, text: str, *, own: Iterable[str]) -> Iterator[str]:
        """Yield the names that stand in the text and are no part of one's `own`."""
        known = [each.casefold() for name in own for each in (name, short_company(name))]
        found: dict[str, int] = {}
        words = _WORD.findall(text)
        for length in self.lengths:
            for start in range(len(words) - length + 1):
                found |= self.by_words.get(tuple(words[start : start + length]), {})
        for name in sorted(found, key=found.__getitem__):
            # "Peter" is no other's where Peter Okafor is here too.
            ours = any(_whole_words(name.casefold()).search(each) for each in known)
            if not ours and _stands_in(name, text):
                yield name


def build_name_index(applications: Iterable[Application]) -> NameIndex:
    """Return the names of companies and people."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    names = (name for each in applications for name in _application_names(each))
    for number, name in enumerate(dict.fromkeys(filter(None, names))):
        found.setdefault(tuple(_WORD.findall(name)), {})[name] = number
    return NameIndex(found, frozenset(map(len, found)))


def _application_names(application: Application) -> list[str]:
    people = {p.name for i in application.interviews for p in i.interviewers}
    if application.contact:
        people.add(application.contact.name)
    company = application.company
    return sorted({company, short_company(company), *people})


@functools.lru_cache(maxsize=1024)
def _whole_words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")


def _stands_in(name: str, text: str) -> bool:
    """Whether the name stands in the text; one word at the start of a sentence may be any word."""
    for match in _whole_words(name).finditer(text):
        before = text[: match.start()].rstrip(" ")
        if " " in name or (before and before[-1] not in ".?!\n"):
            return True
    return False


_LEFT_TO_FILL = re.compile(
    r"\[[^\]\n]*\]|\{\{?[^}\n]*\}\}?|\$\{\w*\}|%\(\w+\)s|<[^>\n]*>|\b(?:X{3,}|TBD|None|undefined)\b|_{3,}"
)
_SENTENCE_END = re.compile(r"(?<=[^\d][.?!])\s+|\n\n")
_A_NAME = "\N{WHITE SQUARE}"
_FEWEST_WORDS = 5
_NOBODYS = build_name_index(())


@attrs.frozen(kw_only=True)
class ToneFinding:
    """One thing to change: `found` as it stands, `why`, and a `better` wording, if there is one."""

    draft: Draft
    found: str
    why: str
    better: str = ""


@attrs.frozen(kw_only=True)
class _Phrase:
    says: re.Pattern[str]
    why: str
    better: str


def check_tone(
    application: Application,
    drafts: Sequence[Draft],
    *,
    language: Language,
    reader: Language,
    others: NameIndex = _NOBODYS,
) -> tuple[ToneFinding, ...]:
    """Return what to change in the drafts of one application before they are sent.

    `language` is the messages', `reader` the person's; `others` are the
    names that must not stand here, but where they are the application's own.
    """
    names = _mentioned_names(application)
    messages = [draft for draft in drafts if not draft.to_oneself]
    found = [
        finding for draft in messages for finding in _of_one(draft, names, others, language, reader)
    ]
    return (*found, *_repeated(messages, reader))


def _of_one(
    draft: Draft,
    names: tuple[str, ...],
    others: NameIndex,
    language: Language,
    reader: Language,
) -> Iterator[ToneFinding]:
    note = functools.partial(_tone_finding, draft)
    whole = f"{draft.subject}\n{draft.body}"
    said = _without(names, whole)
    yield from _length(draft, reader)
    for phrase in tone_phrases(language.code):
        for match in phrase.says.finditer(said):
            yield note(match[0], phrase.why, phrase.better)
    if "!" in said:
        yield note("!", reader.tell("An exclamation mark raises the voice."))
    if said.count("?") > 1:
        why = reader.tell("More than one question: the second takes away from the first.")
        yield note("? ?", why)
    for match in _LEFT_TO_FILL.finditer(said):
        yield note(match[0], reader.tell("Something was left to fill in."))
    if draft.to and _greets_another(draft, names):
        why = reader.tell("The greeting is for somebody else than {name}.", name=draft.to.name)
        yield note(draft.body.partition("\n")[0], why)
    for name in others.in_text(whole, own=names):
        yield note(name, reader.tell("The name belongs to another application."))


def _tone_finding(draft: Draft, found: str, why: str, better: str = "") -> ToneFinding:
    return ToneFinding(draft=draft, found=" ".join(found.split()), why=why, better=better)


def _length(draft: Draft, reader: Language) -> Iterator[ToneFinding]:
    limit = limit_of(draft.channel, draft.name)
    count = count_words(draft.body)
    size = reader.tell("{count} words", count=count)
    if limit.characters is not None and len(draft.body) > limit.characters:
        size = reader.tell("{count} characters", count=len(draft.body))
        why = reader.tell("Too long: {most} characters at most.", most=limit.characters)
        yield _tone_finding(draft, size, why)
    if limit.most is not None and count > limit.most:
        yield _tone_finding(
            draft, size, reader.tell("Too long: {most} words at most.", most=limit.most)
        )
    if count < limit.least:
        why = reader.tell("Too short to be personal: {least} words at least.", least=limit.least)
        yield _tone_finding(draft, size, why)


def _repeated(drafts: Sequence[Draft], reader: Language) -> Iterator[ToneFinding]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        for sentence in dict.fromkeys(sentences(draft)):
            earlier = first.setdefault(sentence.casefold(), draft)
            # One draft may be shown with two steps; it is sent once.
            if earlier.body != draft.body:
                why = reader.tell("The sentence stands in two messages.")
                yield _tone_finding(draft, sentence, why)


def sentences(draft: Draft) -> list[str]:
    """Return the sentences of a message; greeting, closing and other short ones are left out."""
    parts = (part.strip() for part in _SENTENCE_END.split(draft.body))
    return [part for part in parts if "\n" not in part and count_words(part) >= _FEWEST_WORDS]


def _mentioned_names(application: Application) -> tuple[str, ...]:
    people = [p.name for i in application.interviews for p in i.interviewers]
    contact = [application.contact.name] if application.contact else []
    names = {application.company, application.role, *people, *contact}
    # The longest first, so that "Karoo" does not take the half of "Karoo Analytics".
    return tuple(sorted(filter(None, names), key=lambda name: (-len(name), name)))


def _without(names: tuple[str, ...], text: str) -> str:
    """Return the text with names set aside: a company may be called "Yahoo!"."""
    for name in names:
        text = text.replace(name, _A_NAME)
    return text


def _greets_another(draft: Draft, names: tuple[str, ...]) -> bool:
    if draft.to is None or draft.channel is Channel.PHONE:
        return False
    greeting = draft.body.partition("\n")[0]
    return draft.to.name not in greeting and any(name in greeting for name in names)


@functools.cache
def tone_phrases(code: str) -> tuple[_Phrase, ...]:
    """Return the phrases of a language that push or complain; none where none are listed."""
    file = resources.files("afterword.messages").joinpath(code, "tone.toml")
    if not file.is_file():
        return ()
    rows = tomli.loads(file.read_text(encoding="utf-8"))["phrase"]
    return tuple(
        _Phrase(says=_pattern(row["says"]), why=row["why"], better=row["better"]) for row in rows
    )


def _pattern(says: list[str]) -> re.Pattern[str]:
    worded = [r"\s+".join(map(re.escape, words.split())) for words in says]
    return re.compile(rf"(?<!\w)(?:{'|'.join(worded)})(?!\w)", re.IGNORECASE)
