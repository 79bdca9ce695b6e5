"""Links that open a mail program with a draft in it (RFC 6068).

The link that opens what a message is sent with: mail program, phone, profile.
"""

from __future__ import annotations

import functools
import re
import string
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from afterword.domain.model import Channel
from afterword.messages.draft_model import Draft
from afterword.messages.i18n import Language

LONGEST = 2000
"""Characters; longer links are cut or refused by mail programs and browsers."""

# One address and nothing else: what could add a header or a second recipient
# is no address. `&`, `?` and `%` may stand before the @, and are encoded.
_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]"\\\x00-\x20\x7f]+@[^\s@,;:<>()\[\]"\\?&%#/=!]+""")
_FREQUENT = (
    (b"%", b"%25"),
    (b"\n", b"%0D%0A"),
    *((mark.encode(), f"%{ord(mark):02X}".encode()) for mark in " ,:;?+'()"),
)
_SAFE = f"{string.ascii_letters}{string.digits}_.~%-".encode()
_REST = re.compile(rb"[^%b]+" % re.escape(_SAFE))
# Not after a number: in some languages that is an ordinal, "4. Dezember".
_SENTENCE_END = re.compile(r"(?<!\d)[.?!…](?=\s)")


@functools.lru_cache(maxsize=64)
def is_address(text: str | None) -> bool:
    """Whether the text can be mailed to as it stands."""
    return text is not None and _ADDRESS.fullmatch(text) is not None


def mailto_address(draft: Draft, *, full: bool, language: Language) -> str | None:
    """Return a link to the mail program, or None where there is no address.

    A full link holds the body too. It is never longer than 2,000 characters:
    the body is cut at a sentence, with a note in the person's language.
    """
    address = draft.to.email if draft.to else None
    if address is None or not is_address(address):
        return None
    if not full:
        return mailto_link([address], draft.subject)
    note = language.tell("(The rest of this draft is in your calendar.)")
    return mailto_link([address], draft.subject, draft.body, note=note)


def mailto_link(to: Iterable[str], subject: str, body: str = "", *, note: str = "") -> str:
    """Return a link for one or several addresses.

    Raises ValueError for an address that is none.
    """
    start, with_subject = _begun(tuple(to), subject)
    if len(with_subject) > LONGEST:
        return start
    if not body:
        return with_subject
    whole = f"{with_subject}&body={_encoded(body)}"
    return whole if len(whole) <= LONGEST else _cut(with_subject, body, note)


# An event has the link twice, with the body and without.
@functools.lru_cache(maxsize=32)
def _begun(addresses: tuple[str, ...], subject: str) -> tuple[str, str]:
    start = "mailto:" + ",".join(map(_recipient, addresses))
    return start, f"{start}?subject={_encoded(' '.join(subject.split()))}"


@functools.lru_cache(maxsize=64)
def _recipient(address: str) -> str:
    if not is_address(address):
        message = f"not an address: {address}"
        raise ValueError(message)
    return quote(address, safe="@")


def _cut(with_subject: str, body: str, note: str) -> str:
    """Return the link with as many whole sentences as there is room for."""
    for end in reversed([match.end() for match in _SENTENCE_END.finditer(body)]):
        # No text gets shorter by encoding it, so the rest need not be tried.
        if end > LONGEST:
            continue
        begun = body[:end] + "\n\n" + note
        shorter = f"{with_subject}&body={_encoded(begun)}"
        if len(shorter) <= LONGEST:
            return shorter
    return with_subject


def _encoded(text: str) -> str:
    # What letters are full of is replaced in bulk: `quote` goes character by
    # character, and is right about whatever is left.
    encoded = text.encode()
    for mark, code in _FREQUENT:
        encoded = encoded.replace(mark, code)
    if encoded.translate(None, _SAFE):
        encoded = _REST.sub(lambda found: quote(found[0], safe="").encode(), encoded)
    return encoded.decode()


_TRUNK_ZERO = re.compile(r"(?<=\d)\s*\(0\)")
_NO_DIGIT = re.compile(r"[^0-9]")
_FEWEST_DIGITS = 3


def message_link(draft: Draft, *, full: bool, language: Language) -> str | None:
    """Return the link of a draft's channel, or None where its address is not known.

    Only a mail link can hold the message (`full`).
    """
    if draft.channel is Channel.EMAIL:
        return mailto_address(draft, full=full, language=language)
    if draft.to is None:
        return None
    if draft.channel is Channel.PHONE:
        return tel_link(draft.to.phone or "")
    return profile_link(draft.to.profile or "")


def tel_link(number: str) -> str | None:
    """Return a link to call a number (RFC 3966), as people write numbers."""
    international = number.strip().startswith("+")
    digits = _NO_DIGIT.sub("", _TRUNK_ZERO.sub("", number) if international else number)
    if len(digits) < _FEWEST_DIGITS:
        return None
    return f"tel:{'+' if international else ''}{digits}"


def profile_link(address: str) -> str | None:
    """Return the address of a profile, if it is one of the web."""
    if any(mark.isspace() or not mark.isprintable() for mark in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None
