"""American spelling, for texts that are written in the British one.

Only our own texts pass through here, before any fact is in them: what a
person wrote stays as they wrote it.
"""

from __future__ import annotations

import re

_AMERICAN = {
    "apologise": "apologize",
    "colour": "color",
    "enquiry": "inquiry",
    "favour": "favor",
    "fulfil": "fulfill",
    "honour": "honor",
    "labour": "labor",
    "organise": "organize",
    "organised": "organized",
    "programme": "program",
    "realise": "realize",
    "recognise": "recognize",
    "ring me": "call me",
    "ringing me": "calling me",
    "telephone talk": "phone conversation",
}
_BRITISH = re.compile(rf"\b({'|'.join(sorted(_AMERICAN, key=len, reverse=True))})\b")


def american(text: str) -> str:
    """Return an English text in American spelling."""
    return _BRITISH.sub(lambda match: _AMERICAN[match[1]], text)
