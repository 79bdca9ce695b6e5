"""Describe the source of a guess in an invitation, for people who never saw its file format."""

from __future__ import annotations

import re

_IN_WORDS = {
    "SUMMARY": "the title",
    "DESCRIPTION": "the text",
    "ATTENDEE": "the guests",
    "ORGANIZER": "the organizer",
    "LOCATION": "the place",
    "DTSTART": "the start",
    "DTEND": "the end",
    "DURATION": "the duration",
}
# The reason why a guest is the user says more than the property.
_REASON = re.compile(r"ATTENDEE, (?=the )")
_PROPERTY = re.compile(rf"\b(?:{'|'.join(_IN_WORDS)})\b")


def describe_source(source: str) -> str:
    """Return a source with words instead of property names: "SUMMARY" is "from the title"."""
    if _REASON.match(source):
        return _REASON.sub("", source)
    words = _PROPERTY.sub(lambda match: _IN_WORDS[match[0]], source)
    if words.startswith("mail domain"):
        words = f"the {words}"
    return f"from {words}" if words.startswith("the ") else words
