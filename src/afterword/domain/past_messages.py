"""Parse the answer to the question which messages were sent already."""

from __future__ import annotations

import re

from afterword.domain.model import StepKind
from afterword.errors import UsageError

_FOLLOW_UP = r"(?:[- ]?follow[- ]?ups?)"
_NAMES = {
    StepKind.THANK_YOU: r"thank[- ]?yous?|thanks",
    StepKind.SECOND: rf"second{_FOLLOW_UP}?",
    StepKind.FIRST: rf"first{_FOLLOW_UP}?|follow[- ]?ups?",
}
_NAME = "|".join(f"(?P<{kind.name}>{names})" for kind, names in _NAMES.items())
_FILLERS = r"(?:\b(?:yes|i|sent|have|just|only|and|the|a|an|my|then|also)\b|[ ,;.+&])*"
_STEP = rf"\b(?:{_NAME})\b(?: (?:e-?mail|note|message|letter)s?\b)?"
_ON = r"[ =:]*(?:\bon\b)?"


def parse_past_messages(typed: str) -> list[tuple[StepKind, str]]:
    """Return each step that the answer names, with the text of its day, which may be empty.

    It may be written as "thank-you, first-follow-up=tue" or as "a thank you note yesterday".
    Raises UsageError.
    """
    text = typed.casefold()
    names = list(re.finditer(_STEP, text))
    if not names or not re.fullmatch(_FILLERS, text[: names[0].start()]):
        raise UsageError(
            f"{typed!r} names no message; answer with thank-you, first-follow-up=DAY, "
            "second-follow-up=DAY, several of them, or no"
        )
    ends = [name.start() for name in names[1:]] + [len(text)]
    return [
        (_kind_of(name), _day_in(text[name.end() : end]))
        for name, end in zip(names, ends, strict=True)
    ]


def _kind_of(name: re.Match[str]) -> StepKind:
    return next(kind for kind in _NAMES if name[kind.name])


def _day_in(text: str) -> str:
    """Return the text between two steps without the words that join them to it."""
    day = re.sub(rf"^{_ON}", "", text)
    return re.sub(rf"(?<![^ ,;=]){_FILLERS}$", "", day).strip(" ,;")
