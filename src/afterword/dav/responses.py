"""What it means when a server refuses, by status and by the words around it.

A status alone says little: servers answer 403 for a read-only calendar and for
a UID that they know, 409 for a UID and for a calendar that is not there.

What an HTTP answer means before anything in it is understood.

Nothing but a complete answer of the 200s, of a size that one can hold, and
from the calendar itself, is handed on; all else is one of our few errors.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import attrs

from afterword.dav.interface import (
    BusyError,
    EventRejectedError,
    ForbiddenError,
    LockedError,
    NotFoundError,
    OutcomeUnknownError,
    PreconditionFailedError,
    RedirectError,
    UidConflictError,
)
from afterword.dav.tls import causes
from afterword.domain.sanitize import clean_line
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError

_BAD, _FORBIDDEN, _NOT_ALLOWED, _CONFLICT, _STALE, _LOCKED = 400, 403, 405, 409, 412, 423
_FAULT, _FULL = 500, 507
_UID_WORDS = (b"uid-conflict", b"uid already exists", b"-deleted.ics")
_WRITES: dict[int, tuple[type[AfterwordError], str]] = {
    _FORBIDDEN: (
        ForbiddenError,
        "This user may not do that in this calendar; `afterword doctor` looks why.",
    ),
    _NOT_ALLOWED: (ForbiddenError, "That cannot be done in this calendar."),
    _CONFLICT: (UidConflictError, "It has an event of that UID elsewhere, or had one."),
    _STALE: (PreconditionFailedError, "It was changed on the server meanwhile."),
    _LOCKED: (LockedError, "Another program holds it."),
    413: (EventRejectedError, "It is too large for the server."),
    _FULL: (EventRejectedError, "The server's storage is full."),
}


def query_error(message: str, status: int) -> AfterwordError:
    """Return what a refused question means."""
    if status >= _FAULT and status != _FULL:
        return TryLaterError(f"{message} It has trouble of its own; try again later.")
    if status == _FORBIDDEN:
        return RefusedError(f"{message} This user may not read that, or its address is wrong.")
    return RefusedError(f"{message} Is that the address of a calendar?")


def write_error(message: str, status: int, body: bytes) -> AfterwordError:
    """Return what a refused write means. `body` is the server's answer."""
    words = body.lower()
    if b"need-privileges" in words:
        return RefusedError(f"{message} This user may only read that calendar.")
    if status in {_BAD, _FORBIDDEN} and any(word in words for word in _UID_WORDS):
        status = _CONFLICT
    if status in _WRITES:
        kind, why = _WRITES[status]
        return kind(f"{message} {why}")
    if status >= _FAULT:
        return OutcomeUnknownError(
            f"{message} It has trouble of its own; the next run tries again."
        )
    return EventRejectedError(f"{message} It does not take this event.")


MOST = 10 * 1024 * 1024
"""The most bytes that an answer may have."""

_CHUNK = 1 << 16
_COMPRESSIONS = {"gzip", "x-gzip", "deflate"}
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_NUMBERED = re.compile(r"Failed to establish a new connection: |\[Errno -?\d+\] ")
_PACKED = "The server packs its answer in a way that cannot be unpacked"
_ANSWERS, _REDIRECTS = 200, range(300, 400)
_UNAUTHORISED, _MISSING, _BUSY, _REFUSALS = 401, (404, 410), (429, 503), 400


@attrs.frozen(kw_only=True)
class DavResponse:
    """An answer of the 200s: its parsed XML where it has any, else its bytes."""

    etag: str | None
    tree: Any
    body: bytes


class StatusError(RefusedError):
    """Raised for an answer that refuses; `status` and `body` say how."""

    def __init__(self, message: str, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class ConnectionLostError(TryLaterError):
    """Raised where no answer came: whether the request was done is unknown."""


class ChallengeError(LoginError):
    """Raised where the server takes no Basic login; `kinds` says, in lower case, what it takes."""

    def __init__(self, message: str, kinds: str) -> None:
        super().__init__(message)
        self.kinds = kinds


def connection_lost_message(where: str, why: str) -> str:
    """Return what is told where no answer came."""
    return f"No answer from {where} ({why}). Are you online? Nothing is lost; try later."


def invalid_response_error(where: str, error: BaseException) -> RefusedError:
    """Return the refusal of what nobody can read."""
    return RefusedError(
        f"{where} answered what no calendar server answers ({root_cause(error)}); "
        "check the address."
    )


def root_cause(error: BaseException) -> str:
    """Return the innermost reason, without the names of objects in memory."""
    *_, innermost = causes(error)
    if type(innermost).__name__ == "IncompleteRead":  # of http.client, and of the library
        return "the answer ended too early"
    told = clean_line(str(innermost)).rpartition(">: ")[2]
    return _NUMBERED.sub("", told)[:200] or type(innermost).__name__


def read_checked_body(response: Any, where: str, now: Callable[[], dt.datetime]) -> bytes:
    """Return the body of an answer of the 200s; raise what any other answer means.

    Raises ChallengeError, RedirectError, MissingError, BusyError, StatusError,
    and RefusedError for a web page and for what is too large.
    """
    try:
        content = _read(response)
    finally:
        response.close()
    status, headers = response.status_code, response.headers
    if status < _ANSWERS:
        raise ConnectionLostError(connection_lost_message(where, f"only {status}"))
    if status == _UNAUTHORISED:
        kinds = headers.get("WWW-Authenticate", "").lower()
        raise ChallengeError(f"{where} does not take this user and password.", kinds)
    if status in _REDIRECTS:
        location = clean_line(headers.get("Location", ""))
        raise RedirectError(_redirected(where, location), location)
    if status in _MISSING:
        place = clean_line(str(response.url))
        raise NotFoundError(f"There is nothing (any more) at {place}.")
    if status in _BUSY:
        seconds = _patience(headers.get("Retry-After", ""), now)
        raise BusyError(f"{where} is busy ({status}); try again later.", seconds)
    if status >= _REFUSALS:
        raise StatusError(f"{where} answered {status}.", status, content)
    # Not without a body: PHP calls everything a page, even nothing.
    if content and "html" in headers.get("Content-Type", "").lower():
        raise RefusedError(
            f"A web page answered instead of the calendar at {where}: log in to this network "
            "first, or check the address. Nothing is taken as stored."
        )
    return content


def _read(response: Any) -> bytes:
    """Return the body, unpacked if need be, which may not be endless in either form."""
    unpacker = _unpacker(response.headers.get("Content-Encoding", ""))
    chunks, size, received = [], 0, 0
    for packed in response.iter_raw(_CHUNK):
        received += len(packed)
        chunk = _unpacked(unpacker, packed, MOST - size + 1) if unpacker else packed
        size += len(chunk)
        if max(size, received) > MOST:
            raise RefusedError(f"The server's answer has more than {MOST >> 20} MB; it was left.")
        chunks.append(chunk)
    if unpacker and received and not unpacker.eof:
        raise ConnectionLostError("The server's answer ends too early; try later.")
    return b"".join(chunks)


def _unpacker(encoding: str) -> Any:
    """Return what unpacks a body of this encoding; None where it is plain.

    Nothing is asked to be compressed (some servers then tell another ETag), but
    what stands between may do it all the same. Once is enough: what is
    compressed twice unpacks to anything.
    """
    if encoding.strip().lower() in {"", "identity"}:
        return None
    if encoding.strip().lower() in _COMPRESSIONS:
        return zlib.decompressobj(_ZLIB_OR_GZIP)
    raise RefusedError(f"{_PACKED} ({clean_line(encoding)[:40]}); nothing was read.")


def _unpacked(unpacker: Any, packed: bytes, most: int) -> bytes:
    """Return the next piece of a body, of no more than so many bytes."""
    try:
        piece: bytes = unpacker.decompress(packed, most)
    except zlib.error:
        raise RefusedError(f"{_PACKED} (it is broken); nothing was read.") from None
    return piece


def _patience(value: str, now: Callable[[], dt.datetime]) -> float | None:
    """Return the seconds of a Retry-After, which may be a date (RFC 9110 10.2.3)."""
    if value.strip().isdigit():
        return float(value)
    then = response_date(value)
    return None if then is None else max(0.0, (then - now()).total_seconds())


def response_date(value: str) -> dt.datetime | None:
    """Return the moment that a header tells (RFC 9110 5.6.7), None where it tells none."""
    try:
        told = parsedate_to_datetime(value)
        return (told if told.tzinfo else told.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _redirected(where: str, location: str) -> str:
    return (
        f"{where} points elsewhere ({location[:200] or 'nowhere'}): a login page, or the calendar "
        "has moved. Nothing was sent there; run `afterword calendars` to find it again."
    )
