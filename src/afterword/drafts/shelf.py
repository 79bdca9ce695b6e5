"""Which file holds the text of a situation: the person's own first, then ours.

A situation may have several texts (`thank-you`, `thank-you.2`, ...), so that
three interviewers who compare notes, or a second round, do not read one twice.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from afterword.core.model import Channel
from afterword.drafts.language import Language
from afterword.drafts.situation import Situation
from afterword.drafts.templates import Text

Key = tuple[str, Channel, str]
"""Language code, channel, name of the text."""

NONE_OWN: Mapping[Key, Text] = MappingProxyType({})


def find(
    language: Language,
    channel: Channel,
    situation: Situation,
    *,
    turn: int,
    own: Mapping[Key, Text],
) -> Text:
    """Return the text for a situation; `turn` counts its uses in one application, from 0.

    An own text stands in for all of ours of that situation, unless it has
    numbered ones beside it too.
    """
    names = variants(language.code, channel, situation)
    name = names[turn % len(names)]
    for candidate in (name, situation.value):
        text = own.get((language.code, channel, candidate))
        if text is not None:
            return text
    return shipped(language.code, channel, name)


@functools.cache
def variants(code: str, channel: Channel, situation: Situation) -> tuple[str, ...]:
    """Return the names of the shipped texts of a situation, in order."""
    names = shelf(code)[channel]
    numbered = [f"{situation}.{n}" for n in range(2, len(names) + 2)]
    return (situation.value, *(name for name in numbered if name in names))


@functools.cache
def shelf(code: str) -> dict[Channel, tuple[str, ...]]:
    """Return the names of all shipped texts of a language."""
    room = resources.files("afterword.drafts").joinpath(code)
    return {
        channel: tuple(
            sorted(f.name.removesuffix(".txt") for f in room.joinpath(channel).iterdir())
        )
        for channel in Channel
        if room.joinpath(channel).is_dir()
    }


@functools.cache
def shipped(code: str, channel: Channel, name: str) -> Text:
    """Return one of the texts that come with afterword."""
    file = resources.files("afterword.drafts").joinpath(code, channel, f"{name}.txt")
    return Text(place=f"{code}/{channel}/{name}.txt", source=file.read_text(encoding="utf-8"))
