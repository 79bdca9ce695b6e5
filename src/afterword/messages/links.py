"""Links that open a message: mailto: (RFC 6068), tel: (RFC 3966) or a profile page."""

from __future__ import annotations

import functools
import re
import string
from urllib.parse import quote, urlsplit

from afterword.domain.model import Channel
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import Language

MAX_MAILTO_LENGTH = 2000
"""In characters; mail programs and browsers cut or refuse longer links."""

# A single address: anything that could add a header or a second recipient is excluded.
# `&`, `?` and `%` are valid before the @ and get encoded.
_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]"\\\x00-\x20\x7f]+@[^\s@,;:<>()\[\]"\\?&%#/=!]+""")
_SAFE = f"{string.ascii_letters}{string.digits}_.~%-".encode()
# Not after a digit: in some languages that is an ordinal, "4. Dezember".
_SENTENCE_END = re.compile(r"(?<!\d)[.?!…](?=\s)")

_TRUNK_ZERO = re.compile(r"(?<=\d)\s*\(0\)")
_NON_DIGITS = re.compile(r"[^0-9]")
_MIN_DIGITS = 3

# Several messages go to the same person.
_encode_address = functools.lru_cache(maxsize=64)(functools.partial(quote, safe="@"))


def message_link(
    draft: Draft, *, full: bool, language: Language, allow_empty_recipient: bool = False
) -> str | None:
    """Return the link for a draft's channel, or None if the recipient's address is missing.

    `full` puts the body into a mail link; other links cannot hold it. With
    `allow_empty_recipient` a mail link without an address leaves it to the user.
    """
    if draft.channel is Channel.EMAIL:
        address = draft.to.email if draft.to else None
        if address and is_address(address):
            return _mailto(address, draft, full=full, language=language)
        return _mailto("", draft, full=full, language=language) if allow_empty_recipient else None
    if draft.to is None:
        return None
    if draft.channel is Channel.PHONE:
        return tel_link(draft.to.phone or "")
    return profile_link(draft.to.profile or "")


def _mailto(address: str, draft: Draft, *, full: bool, language: Language) -> str:
    """Return the mail link of a draft.

    A full link includes the body, cut at the end of a sentence to keep the link
    within MAX_MAILTO_LENGTH; a note in the user's language then says so.
    """
    start = f"mailto:{_encode_address(address)}"
    with_subject = f"{start}?subject={_percent_encode(' '.join(draft.subject.split()))}"
    if len(with_subject) > MAX_MAILTO_LENGTH:
        return start
    if not full or not draft.body:
        return with_subject
    link = f"{with_subject}&body={_percent_encode(draft.body)}"
    if len(link) <= MAX_MAILTO_LENGTH:
        return link
    note = language.translate("(The rest of this draft is in your calendar.)")
    return _with_cut_body(with_subject, draft.body, note)


def is_address(text: str | None) -> bool:
    """True if the text is a single e-mail address without a display name."""
    return text is not None and _ADDRESS.fullmatch(text) is not None


def _with_cut_body(with_subject: str, body: str, note: str) -> str:
    """Return the link with as many whole sentences as fit."""
    for end in reversed([match.end() for match in _SENTENCE_END.finditer(body)]):
        # Encoding never makes a text shorter, so skip the rest of the work.
        if end > MAX_MAILTO_LENGTH:
            continue
        cut = body[:end] + "\n\n" + note
        link = f"{with_subject}&body={_percent_encode(cut)}"
        if len(link) <= MAX_MAILTO_LENGTH:
            return link
    return with_subject


def _percent_encode(text: str) -> str:
    # `quote` works character by character, which is slow for whole messages: replace each
    # character that occurs in bulk.
    encoded = text.encode().replace(b"%", b"%25").replace(b"\n", b"%0D%0A")
    for byte in set(encoded.translate(None, _SAFE)):
        encoded = encoded.replace(bytes((byte,)), b"%%%02X" % byte)
    return encoded.decode()


def tel_link(number: str) -> str | None:
    """Return the tel: link of a phone number in any usual notation, or None."""
    international = number.strip().startswith("+")
    digits = _NON_DIGITS.sub("", _TRUNK_ZERO.sub("", number) if international else number)
    if len(digits) < _MIN_DIGITS:
        return None
    return f"tel:{'+' if international else ''}{digits}"


def profile_link(address: str) -> str | None:
    """Return the address of a profile page if it is an http or https URL, or None."""
    if any(mark.isspace() or not mark.isprintable() for mark in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None
