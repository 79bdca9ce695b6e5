"""The tone guard: what a message should not be sent with.

Reads finished drafts, ours and those from a person's own texts: length,
pressure and complaint, more than one question, exclamation marks, what was
left to fill in, names that belong to another application, and sentences that
stand in two messages. The phrases are in `LANGUAGE/tone.toml`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from importlib import resources

import attrs
import tomli

from afterword.core.model import Application, Channel
from afterword.drafts import limits
from afterword.drafts.draft import Draft
from afterword.drafts.foreign import Names, names_of
from afterword.drafts.language import Language

_LEFT_TO_FILL = re.compile(
    r"\[[^\]\n]*\]|\{\{?[^}\n]*\}\}?|\$\{\w*\}|%\(\w+\)s|<[^>\n]*>|\b(?:X{3,}|TBD|None|undefined)\b|_{3,}"
)
_SENTENCE_END = re.compile(r"(?<=[^\d][.?!])\s+|\n\n")
_A_NAME = "\N{WHITE SQUARE}"
_FEWEST_WORDS = 5
_NOBODYS = names_of(())


@attrs.frozen(kw_only=True)
class Finding:
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


def check(
    application: Application,
    drafts: Sequence[Draft],
    *,
    language: Language,
    reader: Language,
    others: Names = _NOBODYS,
) -> tuple[Finding, ...]:
    """Return what to change in the drafts of one application before they are sent.

    `language` is the messages', `reader` the person's; `others` are the
    names that must not stand here, but where they are the application's own.
    """
    names = _names(application)
    messages = [draft for draft in drafts if not draft.to_oneself]
    found = [
        finding for draft in messages for finding in _of_one(draft, names, others, language, reader)
    ]
    return (*found, *_repeated(messages, reader))


def _of_one(
    draft: Draft,
    names: tuple[str, ...],
    others: Names,
    language: Language,
    reader: Language,
) -> Iterator[Finding]:
    note = functools.partial(_finding, draft)
    whole = f"{draft.subject}\n{draft.body}"
    said = _without(names, whole)
    yield from _length(draft, reader)
    for phrase in phrases(language.code):
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


def _finding(draft: Draft, found: str, why: str, better: str = "") -> Finding:
    return Finding(draft=draft, found=" ".join(found.split()), why=why, better=better)


def _length(draft: Draft, reader: Language) -> Iterator[Finding]:
    limit = limits.limit_of(draft.channel, draft.name)
    count = limits.words(draft.body)
    size = reader.tell("{count} words", count=count)
    if limit.characters is not None and len(draft.body) > limit.characters:
        size = reader.tell("{count} characters", count=len(draft.body))
        why = reader.tell("Too long: {most} characters at most.", most=limit.characters)
        yield _finding(draft, size, why)
    if limit.most is not None and count > limit.most:
        yield _finding(draft, size, reader.tell("Too long: {most} words at most.", most=limit.most))
    if count < limit.least:
        why = reader.tell("Too short to be personal: {least} words at least.", least=limit.least)
        yield _finding(draft, size, why)


def _repeated(drafts: Sequence[Draft], reader: Language) -> Iterator[Finding]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        for sentence in dict.fromkeys(sentences(draft)):
            earlier = first.setdefault(sentence.casefold(), draft)
            # One draft may be shown with two steps; it is sent once.
            if earlier.body != draft.body:
                why = reader.tell("The sentence stands in two messages.")
                yield _finding(draft, sentence, why)


def sentences(draft: Draft) -> list[str]:
    """Return the sentences of a message; greeting, closing and other short ones are left out."""
    parts = (part.strip() for part in _SENTENCE_END.split(draft.body))
    return [part for part in parts if "\n" not in part and limits.words(part) >= _FEWEST_WORDS]


def _names(application: Application) -> tuple[str, ...]:
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
def phrases(code: str) -> tuple[_Phrase, ...]:
    """Return the phrases of a language that push or complain; none where none are listed."""
    file = resources.files("afterword.drafts").joinpath(code, "tone.toml")
    if not file.is_file():
        return ()
    rows = tomli.loads(file.read_text(encoding="utf-8"))["phrase"]
    return tuple(
        _Phrase(says=_pattern(row["says"]), why=row["why"], better=row["better"]) for row in rows
    )


def _pattern(says: list[str]) -> re.Pattern[str]:
    worded = [r"\s+".join(map(re.escape, words.split())) for words in says]
    return re.compile(rf"(?<!\w)(?:{'|'.join(worded)})(?!\w)", re.IGNORECASE)
