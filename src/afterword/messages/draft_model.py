"""The type of a finished message."""

from __future__ import annotations

from typing import NamedTuple

from afterword.domain.model import Channel, Person


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
