"""The situations that a message is written in; each has a text of its own."""

from __future__ import annotations

import enum
from collections.abc import Iterator

from afterword.core.model import Answer, Step, StepKind
from afterword.drafts.circumstances import Circumstances, has_passed


class Situation(enum.StrEnum):
    """The situations, by the names of their texts."""

    THANK_YOU = "thank-you"
    FIRST = "first-follow-up"
    AFTER_DATE = "first-follow-up-after-date"
    AFTER_CALL = "first-follow-up-after-call"
    AFTER_ABSENCE = "first-follow-up-after-absence"
    WITH_THANKS = "first-follow-up-with-thanks"
    STILL_OPEN = "first-follow-up-still-open"
    NEXT_STEP = "first-follow-up-next-step"
    SECOND = "second-follow-up"
    MOVE_ON = "move-on"
    FEEDBACK = "feedback-request"
    REPLY_POSITIVE = "reply-positive"
    REPLY_NEUTRAL = "reply-neutral"
    REPLY_REJECTED = "reply-rejected"
    KEEP_IN_TOUCH = "keep-in-touch"
    # Out of the order of a plan: asked for by name, no follow-ups, never counted as such.
    OFFER = "reply-offer"
    NEXT_ROUND = "next-round"
    NO_SHOW = "no-show"
    TECHNICAL_FAILURE = "technical-failure"
    COMPETING_OFFER = "competing-offer"


OUT_OF_ORDER = (
    Situation.OFFER,
    Situation.NEXT_ROUND,
    Situation.NO_SHOW,
    Situation.TECHNICAL_FAILURE,
    Situation.COMPETING_OFFER,
    Situation.FEEDBACK,
)

FIRSTS = (
    Situation.FIRST,
    Situation.AFTER_DATE,
    Situation.AFTER_CALL,
    Situation.AFTER_ABSENCE,
    Situation.WITH_THANKS,
    Situation.STILL_OPEN,
    Situation.NEXT_STEP,
)

_REPLIES = {
    Answer.POSITIVE: Situation.REPLY_POSITIVE,
    Answer.NEUTRAL: Situation.REPLY_NEUTRAL,
    Answer.REJECTED: Situation.REPLY_REJECTED,
}
_OF_KIND = {
    StepKind.THANK_YOU: Situation.THANK_YOU,
    StepKind.SECOND: Situation.SECOND,
    StepKind.MOVE_ON: Situation.MOVE_ON,
    StepKind.KEEP_IN_TOUCH: Situation.KEEP_IN_TOUCH,
}


def situation(step: Step, about: Circumstances) -> Situation:
    """Return the situation that the message of a step is written in."""
    if step.kind is StepKind.REPLY:
        return _REPLIES[step.answer or Answer.NEUTRAL]
    if step.kind is StepKind.FIRST:
        return next(which for which, holds in _of_first(step, about) if holds)
    return _OF_KIND[step.kind]


def _of_first(step: Step, about: Circumstances) -> Iterator[tuple[Situation, bool]]:
    """Yield what a first follow-up may have to speak of, the most important first."""
    back = about.away_until is not None and about.away_until < step.recommended
    yield Situation.WITH_THANKS, step.folds_thanks
    yield Situation.NEXT_STEP, about.answer is Answer.POSITIVE
    yield Situation.AFTER_ABSENCE, back
    yield Situation.AFTER_CALL, about.will_call
    yield Situation.AFTER_DATE, has_passed(about, step)
    yield Situation.STILL_OPEN, step.episode > 0
    yield Situation.FIRST, True
