"""The link that opens what a message is sent with: mail program, phone, profile."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from afterword.core.model import Channel
from afterword.drafts.draft import Draft
from afterword.drafts.language import Language
from afterword.drafts.mailto import mailto

_TRUNK_ZERO = re.compile(r"(?<=\d)\s*\(0\)")
_NO_DIGIT = re.compile(r"[^0-9]")
_FEWEST_DIGITS = 3


def link(draft: Draft, *, full: bool, language: Language) -> str | None:
    """Return the link of a draft's channel, or None where its address is not known.

    Only a mail link can hold the message (`full`).
    """
    if draft.channel is Channel.EMAIL:
        return mailto(draft, full=full, language=language)
    if draft.to is None:
        return None
    if draft.channel is Channel.PHONE:
        return tel(draft.to.phone or "")
    return profile(draft.to.profile or "")


def tel(number: str) -> str | None:
    """Return a link to call a number (RFC 3966), as people write numbers."""
    international = number.strip().startswith("+")
    digits = _NO_DIGIT.sub("", _TRUNK_ZERO.sub("", number) if international else number)
    if len(digits) < _FEWEST_DIGITS:
        return None
    return f"tel:{'+' if international else ''}{digits}"


def profile(address: str) -> str | None:
    """Return the address of a profile, if it is one of the web."""
    if any(mark.isspace() or not mark.isprintable() for mark in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None
