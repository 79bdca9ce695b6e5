"""Which text a situation is written with: the person's own first, then ours.

A situation may have several texts (`thank-you`, `thank-you.2`, ...), so that
three interviewers who compare notes, or a second round, do not read one twice.
A language with two forms of address has a folder for each (`de`,
`de-informal`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

import attrs

from afterword.core.model import Channel
from afterword.drafts import spelling
from afterword.drafts.language import Language
from afterword.drafts.situation import FIRSTS, Situation
from afterword.drafts.templates import Text

INFORMAL = "-informal"
_NUMBERED = re.compile(r"\.[0-9]+$")


@attrs.frozen(order=True)
class Title:
    """What a text is found under: folder of the language, channel, name."""

    folder: str
    channel: Channel
    name: str

    def __str__(self) -> str:
        """Return it as a path: `en/email/thank-you`."""
        return f"{self.folder}/{self.channel}/{self.name}"

    @property
    def situation(self) -> str:
        """The name without the number of a further text."""
        return _NUMBERED.sub("", self.name)


NONE_OWN: Mapping[Title, Text] = MappingProxyType({})


@functools.lru_cache(maxsize=1024)
def title(language: Language, channel: Channel, situation: str) -> Title | None:
    """Return the first text of a situation, or None where a channel has none.

    A channel of few words has one text for all first follow-ups.
    """
    folder = folder_of(language)
    for name in (situation, Situation.FIRST.value):
        if name in shelf(folder).get(channel, ()):
            return Title(folder, channel, name)
        if situation not in FIRSTS:
            break
    return None


def find(first: Title, language: Language, *, turn: int, own: Mapping[Title, Text]) -> Text:
    """Return the text for the `turn`-th use in one application, from 0.

    An own text stands in for all of ours of that situation, unless it has
    numbered ones beside it too.
    """
    chosen = _variant(first, turn)
    for candidate in (chosen, first) if own else ():
        text = own.get(candidate)
        if text is not None:
            return text
    return shipped(chosen, american=language.american)


def folder_of(language: Language) -> str:
    """Return the folder of a language's texts, in its form of address."""
    informal = f"{language.code}{INFORMAL}"
    return informal if language.informal and shelf(informal) else language.code


@functools.lru_cache(maxsize=1024)
def _variant(first: Title, turn: int) -> Title:
    names = variants(first)
    return Title(first.folder, first.channel, names[turn % len(names)])


@functools.cache
def variants(first: Title) -> tuple[str, ...]:
    """Return the names of the shipped texts of a situation, in order."""
    names = shelf(first.folder)[first.channel]
    numbered = [f"{first.name}.{n}" for n in range(2, len(names) + 2)]
    return (first.name, *(name for name in numbered if name in names))


@functools.cache
def shelf(folder: str) -> dict[Channel, tuple[str, ...]]:
    """Return the names of all shipped texts of a folder, none where there is no such folder."""
    room = resources.files("afterword.drafts").joinpath(folder)
    return {
        channel: tuple(
            sorted(f.name.removesuffix(".txt") for f in room.joinpath(channel).iterdir())
        )
        for channel in Channel
        if room.joinpath(channel).is_dir()
    }


@functools.cache
def shipped(which: Title, *, american: bool = False) -> Text:
    """Return one of the texts that come with afterword."""
    room = resources.files("afterword.drafts")
    file = room.joinpath(which.folder, which.channel, f"{which.name}.txt")
    source = file.read_text(encoding="utf-8")
    return Text(
        place=f"{which}.txt",
        source=spelling.american(source) if american else source,
        has_subject=which.channel is Channel.EMAIL,
    )
