"""The names of steps as people type them, and the messages that they say were sent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from afterword.domain.model import FOLLOW_UPS, StepKind
from afterword.domain.planning.plan import DUE_STATES, Plan, StepState
from afterword.domain.search_text import closest
from afterword.errors import UsageError

FOLLOW_UP = "follow-up"
"""The name of whichever follow-up is next."""

_SHORT = {
    **dict.fromkeys(("thanks", "thank", "thankyounote", "thanksnote"), StepKind.THANK_YOU),
    **dict.fromkeys(("first", "1st", "firstfollow", "followup1", "followupone"), StepKind.FIRST),
    **dict.fromkeys(("second", "2nd", "secondfollow", "followup2", "followuptwo"), StepKind.SECOND),
    **dict.fromkeys(("follow", "followups"), FOLLOW_UP),
    **dict.fromkeys(("move",), StepKind.MOVE_ON),
    **dict.fromkeys(("answer", "replies"), StepKind.REPLY),
    **dict.fromkeys(("touch", "keepintouch", "stayintouch"), StepKind.KEEP_IN_TOUCH),
}

_FOLLOW_UP_WORDS = r"(?:[- ]?follow[- ]?ups?)"
_NAMES = {
    StepKind.THANK_YOU: r"thank[- ]?yous?|thanks",
    StepKind.SECOND: rf"second{_FOLLOW_UP_WORDS}?",
    StepKind.FIRST: rf"first{_FOLLOW_UP_WORDS}?|follow[- ]?ups?",
}
_NAME = "|".join(f"(?P<{kind.name}>{names})" for kind, names in _NAMES.items())
_FILLERS = r"(?:\b(?:yes|i|sent|have|just|only|and|the|a|an|my|then|also)\b|[ ,;.+&])*"
_STEP = rf"\b(?:{_NAME})\b(?: (?:e-?mail|note|message|letter)s?\b)?"
_ON = r"[ =:]*(?:\bon\b)?"


def parse_step_name(text: str, more: Iterable[str] = ()) -> str | None:
    """Return the step, FOLLOW_UP or the entry of `more` that a text names, None for none.

    Capitals, blanks and dashes are ignored, and short names are accepted.
    """
    return _names(more).get(_folded(text))


def closest_step_name(text: str, more: Iterable[str] = ()) -> str | None:
    """Return the step or the entry of `more` whose name is most similar to a text."""
    names = _names(more)
    near = closest(_folded(text), names)
    return str(names[near]) if near else None


def resolve_step(name: str, plan: Plan) -> StepKind:
    """Return the step of a parsed name; for FOLLOW_UP the due follow-up, else the next."""
    if name != FOLLOW_UP:
        return StepKind(name)
    steps = [step for step in plan.steps if step.kind in FOLLOW_UPS]
    waiting = [step for step in steps if step.state in DUE_STATES]
    if waiting:
        return max(waiting, key=lambda step: step.send_at).kind
    coming = [step for step in steps if step.state is StepState.UPCOMING]
    return min(coming, key=lambda step: step.send_at).kind if coming else StepKind.FIRST


def _names(more: Iterable[str]) -> dict[str, str]:
    full = (*map(str, StepKind), FOLLOW_UP, *more)
    return _SHORT | {_folded(name): name for name in full}


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


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
        (StepKind[name.lastgroup or ""], _day_in(text[name.end() : end]))
        for name, end in zip(names, ends, strict=True)
    ]


def _day_in(text: str) -> str:
    """Return the text between two steps without the words that join them to it."""
    day = re.sub(rf"^{_ON}", "", text)
    return re.sub(rf"(?<![^ ,;=]){_FILLERS}$", "", day).strip(" ,;")
