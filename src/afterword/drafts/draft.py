"""A finished message, whole and sendable as it stands."""

from __future__ import annotations

import attrs

from afterword.core.model import Channel, Person


@attrs.frozen(kw_only=True)
class Draft:
    """A message. `to` is None where nobody is known, or where it is to oneself.

    `body` holds greeting, paragraphs, closing and signature. `questions` are
    what would make it more personal, in the language of the person who reads
    them. `name` is the text that it was made from.
    """

    name: str
    channel: Channel
    to: Person | None
    subject: str
    body: str
    questions: tuple[str, ...] = ()
    to_oneself: bool = False
