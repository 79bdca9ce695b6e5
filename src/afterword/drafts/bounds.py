"""How many words a message may have, greeting and signature included.

The figures are what a busy person reads to the end: a thank-you 60-150 words,
a first follow-up 60-120, a second 30-80.
"""

from __future__ import annotations

import re

from afterword.drafts.situation import Situation

_WORD = re.compile(r"\S*\w\S*")

_FIRST = (60, 120)
BOUNDS: dict[Situation, tuple[int, int]] = {
    Situation.THANK_YOU: (60, 150),
    Situation.FIRST: _FIRST,
    Situation.AFTER_DATE: _FIRST,
    Situation.AFTER_CALL: _FIRST,
    Situation.AFTER_ABSENCE: _FIRST,
    Situation.WITH_THANKS: _FIRST,
    Situation.STILL_OPEN: _FIRST,
    Situation.NEXT_STEP: _FIRST,
    Situation.SECOND: (30, 80),
    Situation.REPLY_POSITIVE: (30, 120),
    Situation.REPLY_OFFER: (30, 120),
    Situation.REPLY_NEUTRAL: (30, 120),
    Situation.REPLY_REJECTED: (30, 120),
    Situation.KEEP_IN_TOUCH: (30, 120),
    Situation.FEEDBACK: (30, 120),
}


def words(text: str) -> int:
    """Return the number of words, as a person counts them."""
    return len(_WORD.findall(text))


def too_long(situation: Situation, body: str) -> bool:
    """Whether a message has more words than it may."""
    bounds = BOUNDS.get(situation)
    if bounds is None:
        return False
    # Pieces between blanks are never fewer than words, and much quicker to count.
    return len(body.split()) > bounds[1] and words(body) > bounds[1]
