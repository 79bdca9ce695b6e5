"""How long a message may be.

E-mail: what a busy person reads to the end, greeting and signature included: a
thank-you 60-150 words, a first follow-up 60-120, a second 30-80. A call script
is spoken in half a minute, a voicemail in 20 seconds, at 150 words a minute. A
LinkedIn message has 600 characters at most, the note to a request 300.
"""

from __future__ import annotations

import re

import attrs

from afterword.core.model import Channel
from afterword.drafts.situation import FIRSTS, Situation

NOTE = "-note"
VOICEMAIL = "-voicemail"

_WORD = re.compile(r"\S*\w\S*")
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


def words(text: str) -> int:
    """Return the number of words, as a person counts them."""
    return len(_WORD.findall(text))


def too_long(limit: Limit, body: str) -> bool:
    """Whether a message is longer than it may be."""
    if limit.characters is not None and len(body) > limit.characters:
        return True
    if limit.most is None:
        return False
    # Pieces between blanks are never fewer than words, and much quicker to count.
    return _pieces(body) > limit.most and words(body) > limit.most


def _pieces(text: str) -> int:
    if text.isascii():
        return 1 + sum(map(text.count, _ASCII_BLANKS))
    return len(text.split())
