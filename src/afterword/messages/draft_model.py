"""A finished message, whole and sendable as it stands."""

from __future__ import annotations

import attrs

from afterword.domain.model import Channel, Person


@attrs.frozen(kw_only=True)
class Draft:
    """A message. `to` is None where nobody is known, or where it is to oneself.

    `name` is the text that it was made from. `body` holds greeting,
    paragraphs, closing and signature; only e-mail has a `subject`. `heading`
    and `questions` are for the person who sends it, in their language: when to
    use this one of several, and what would make it more personal.
    """

    name: str
    channel: Channel
    to: Person | None
    subject: str
    body: str
    heading: str = ""
    questions: tuple[str, ...] = ()
    to_oneself: bool = False
