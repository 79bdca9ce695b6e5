"""The calendar object of an event that its server does not have yet (RFC 4791 4.1).

It is made as an export is, without the library that reads other people's
objects: a first sync has thousands of them.
"""

from __future__ import annotations

from afterword.core.event import Event
from afterword.formats import ics

MARKS = "X-AFTERWORD-MARKS"
"""The property that keeps what we wrote, so that a person's changes are known without any state."""


def new(event: Event, marks: str) -> bytes:
    """Return the object of an event, with its marks."""
    body = ics.single(event)
    mark = f"\r\n{MARKS}:{marks}".encode()
    # Texts cannot begin a line like this: their line ends are escaped.
    alarm = body.find(b"\r\nBEGIN:VALARM\r\n")
    place = alarm if alarm >= 0 else body.index(b"\r\nEND:VEVENT\r\n")
    return body[:place] + mark + body[place:]
