"""The type of a finished message, and its length limits by channel and template."""

from __future__ import annotations

import re
from typing import NamedTuple

from afterword.domain.model import Channel, Person
from afterword.messages.message_context import FIRST_FOLLOW_UPS, Situation

NOTE_SUFFIX = "-note"
VOICEMAIL_SUFFIX = "-voicemail"

_WORD_IN_BODY = re.compile(r"\S*\w\S*")
_ASCII_BLANKS = " \n\t"


class Draft(NamedTuple):
    """A complete message that can be sent without edits.

    `name` is that of its template. `to` is None if the recipient's name is not
    in the application file, and for a note to oneself. `body` holds greeting,
    paragraphs, closing and signature; only an e-mail has a `subject`. `heading`
    (when to use this draft of several) and `hints` (questions whose answers
    would make it more personal) are in the user's language, and so is `left_out`:
    which facts the message does not have, and why. `language` is the code of the
    language that it is in, empty for that of all drafts, and `notes` say what of
    its texts is missing there.
    """

    name: str
    channel: Channel
    to: Person | None
    subject: str
    body: str
    heading: str = ""
    hints: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    language: str = ""
    notes: tuple[str, ...] = ()
    to_oneself: bool = False


class LengthLimit(NamedTuple):
    """Inclusive limits of a message's length.

    Words are counted without greeting and signature, characters with them, as
    LinkedIn does.
    """

    min_words: int = 0
    max_words: int | None = None
    max_characters: int | None = None


# E-mail: what a busy person reads to the end. At 150 words a minute, a call script takes half
# a minute and a voicemail 20 seconds. Characters are LinkedIn's own limits.
_UNLIMITED = LengthLimit()
_FIRST_FOLLOW_UP = LengthLimit(min_words=60, max_words=120)
_OTHER_EMAIL = LengthLimit(min_words=30, max_words=120)
_EMAIL = {
    **{situation.value: _OTHER_EMAIL for situation in Situation},
    **{situation.value: _FIRST_FOLLOW_UP for situation in FIRST_FOLLOW_UPS},
    Situation.THANK_YOU.value: LengthLimit(min_words=60, max_words=150),
    Situation.SECOND.value: LengthLimit(min_words=30, max_words=80),
    Situation.MOVE_ON.value: _UNLIMITED,
}
_CALL = LengthLimit(min_words=20, max_words=75)
_VOICEMAIL = LengthLimit(min_words=15, max_words=50)
_LINKEDIN_MESSAGE = LengthLimit(max_characters=600)
_LINKEDIN_NOTE = LengthLimit(max_characters=300)


def limit_of(channel: Channel, name: str) -> LengthLimit:
    """Return the limit of a draft by the name of its template; unknown e-mails have none."""
    if channel is Channel.EMAIL:
        return _EMAIL.get(name, _UNLIMITED)
    if channel is Channel.PHONE:
        return _VOICEMAIL if name.endswith(VOICEMAIL_SUFFIX) else _CALL
    return _LINKEDIN_NOTE if name.endswith(NOTE_SUFFIX) else _LINKEDIN_MESSAGE


def count_words(text: str) -> int:
    """Return the number of words; a dash between blanks is none."""
    return len(_WORD_IN_BODY.findall(text))


def main_part(body: str, channel: Channel) -> str:
    """Return a message without its greeting and its closing; a call script has neither."""
    paragraphs = body.split("\n\n")
    if channel is Channel.PHONE or len(paragraphs) < 3:  # noqa: PLR2004 - greeting, text, closing
        return body
    return "\n\n".join(paragraphs[1:-1])


def is_too_long(limit: LengthLimit, body: str, channel: Channel) -> bool:
    """True if a message is longer than its limit."""
    if limit.max_characters is not None and len(body) > limit.max_characters:
        return True
    if limit.max_words is None:
        return False
    # There are at least as many pieces as words, and they are much quicker to count.
    pieces = 1 + sum(map(body.count, _ASCII_BLANKS)) if body.isascii() else len(body.split())
    return pieces > limit.max_words and count_words(main_part(body, channel)) > limit.max_words
