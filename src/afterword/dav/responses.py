"""Validate HTTP responses and map failures to our errors.

Only a complete 2xx response of limited size that is no web page is passed on. A status alone
says little: servers answer 403 for a read-only calendar and for a duplicate UID, 409 for a
duplicate UID and for a missing calendar, so the body is searched too.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from afterword.dav.interface import (
    BusyError,
    EventRejectedError,
    ForbiddenError,
    LockedError,
    NotFoundError,
    OutcomeUnknownError,
    PreconditionFailedError,
    RedirectError,
    ServerFaultError,
    UidConflictError,
)
from afterword.dav.tls import causes
from afterword.domain.sanitize import clean_line
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError

MOST = 10 * 1024 * 1024
"""The maximum size of a response in bytes, also after decompression."""

_CHUNK = 1 << 16
_COMPRESSIONS = {"gzip", "x-gzip", "deflate"}
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_NUMBERED = re.compile(r"Failed to establish a new connection: |\[Errno -?\d+\] ")
_PACKED = "The server compresses its answer in an unknown format"
_ANSWERS, _REDIRECTS = 200, range(300, 400)
_UNAUTHORISED, _MISSING, _BUSY, _REFUSALS = 401, (404, 410), (429, 503), 400
_BAD, _FORBIDDEN, _CONFLICT, _FAULT, _FULL = 400, 403, 409, 500, 507
_THROTTLED, _MULTISTATUS = 429, 207
_UID_WORDS = (b"uid-conflict", b"uid already exists", b"-deleted.ics")
_WRITES: dict[int, tuple[type[AfterwordError], str]] = {
    _FORBIDDEN: (
        ForbiddenError,
        "This user may not do that in this calendar. To find out why: afterword doctor",
    ),
    405: (ForbiddenError, "That cannot be done in this calendar."),
    _CONFLICT: (UidConflictError, "It has, or had, another event with that UID."),
    412: (PreconditionFailedError, "It was changed on the server meanwhile."),
    423: (LockedError, "Another program has locked it."),
    413: (EventRejectedError, "It is too large for the server."),
    _FULL: (EventRejectedError, "The server's storage is full."),
}


class DavResponse(NamedTuple):
    """A 2xx response: `tree` is its parsed XML, None if it is no XML."""

    etag: str | None
    tree: Any
    body: bytes


class StatusError(RefusedError):
    """Raised for a 4xx or 5xx response that has no other error class."""

    def __init__(self, message: str, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class TooLargeError(RefusedError):
    """Raised for an answer of more than MOST bytes."""


class ConnectionLostError(TryLaterError):
    """Raised if no complete response came: it is unknown whether the request was done."""


class ChallengeError(LoginError):
    """Raised for 401; `kinds` is the WWW-Authenticate header in lower case."""

    def __init__(self, message: str, kinds: str) -> None:
        super().__init__(message)
        self.kinds = kinds


def fault_error(error: StatusError) -> TryLaterError | None:
    """Return the error if the server has a problem."""
    if error.status < _FAULT:
        return None
    return TryLaterError(f"{error.message} It has a problem; try again later.")


def query_error(error: StatusError) -> AfterwordError:
    """Return the error for a refused read."""
    fault = fault_error(error)
    if fault and error.status != _FULL:
        return fault
    forbidden = "This user may not read that, or its address is wrong."
    why = forbidden if error.status == _FORBIDDEN else "Is that the address of a calendar?"
    return RefusedError(f"{error.message} {why}")


def write_error(error: StatusError) -> AfterwordError:
    """Return the error for a refused write."""
    message, status, words = error.message, error.status, error.body.lower()
    if b"need-privileges" in words:
        return RefusedError(f"{message} This user may only read that calendar.")
    if status in {_BAD, _FORBIDDEN} and any(word in words for word in _UID_WORDS):
        status = _CONFLICT
    if status in _WRITES:
        kind, why = _WRITES[status]
        return kind(f"{message} {why}")
    if status >= _FAULT:
        unknown = ServerFaultError if status == _FAULT else OutcomeUnknownError
        return unknown(f"{message} It has a problem; the next run tries again.")
    return EventRejectedError(f"{message} It refused this event.")


def connection_lost(where: str, why: str) -> ConnectionLostError:
    """Return the error for a response that did not come."""
    return ConnectionLostError(
        f"No answer from {where} ({why}). Are you online? Nothing is lost; try later."
    )


def root_cause(error: BaseException) -> str:
    """Return the innermost error message, without object addresses and error numbers."""
    *_, innermost = causes(error)
    if type(innermost).__name__ == "IncompleteRead":  # of urllib3
        return "the answer ended too early"
    message = clean_line(str(innermost)).rpartition(">: ")[2]
    return _NUMBERED.sub("", message)[:200] or type(innermost).__name__


def read_checked_body(response: Any, where: str, now: Callable[[], dt.datetime]) -> bytes:
    """Return the body of a 2xx response.

    Raises ChallengeError, RedirectError, NotFoundError, BusyError or StatusError for any
    other status, and RefusedError for a web page and for a body that is too large.
    """
    try:
        content = _read(response)
    except zlib.error:
        raise RefusedError(f"{_PACKED} (it is broken); nothing was read.") from None
    finally:
        response.close()
    status, headers = response.status_code, response.headers
    if status < _ANSWERS:
        raise connection_lost(where, f"only {status}")
    if status == _UNAUTHORISED:
        kinds = headers.get("WWW-Authenticate", "").lower()
        raise ChallengeError(f"{where} refused this user name and password.", kinds)
    if status in _REDIRECTS:
        location = clean_line(headers.get("Location", ""))
        raise RedirectError(_redirected(where, location), location)
    if status in _MISSING:
        url = clean_line(str(response.url))
        raise NotFoundError(f"There is nothing (any more) at {url}.")
    if status in _BUSY:
        seconds = _retry_after(headers.get("Retry-After", ""), now)
        raise BusyError(
            f"{where} is busy ({status}); try again later.", seconds, throttled=status == _THROTTLED
        )
    if status >= _REFUSALS:
        raise StatusError(f"{where} answered {status}.", status, content)
    # PHP sends an HTML content type even without a body.
    if content and "html" in headers.get("Content-Type", "").lower():
        raise RefusedError(
            f"A web page answered instead of the calendar at {where}: log in to this network "
            "first, or check the address. Nothing is taken as stored."
        )
    return content


def _read(response: Any) -> bytes:
    """Return the decompressed body; both forms are limited in size."""
    decompressor = _decompressor(response.headers.get("Content-Encoding", ""))
    chunks, size, received = [], 0, 0
    for packed in response.iter_raw(_CHUNK):
        received += len(packed)
        chunk = decompressor.decompress(packed, MOST - size + 1) if decompressor else packed
        size += len(chunk)
        if max(size, received) > MOST:
            # Anything else than a plain list may be hostile, and is not asked for in parts.
            is_list = response.status_code == _MULTISTATUS and not decompressor
            error = TooLargeError if is_list else RefusedError
            raise error(f"The server's answer has more than {MOST >> 20} MB; it was left.")
        chunks.append(chunk)
    if decompressor and received and not decompressor.eof:
        raise ConnectionLostError("The server's answer ends too early; try later.")
    return b"".join(chunks)


def _decompressor(encoding: str) -> Any:
    """Return a decompressor for a Content-Encoding; None for a plain body.

    Requests ask for no compression (Cyrus then sends another ETag), but a proxy may compress
    all the same. A body that is compressed twice is refused: it could expand to any size.
    """
    if encoding.strip().lower() in {"", "identity"}:
        return None
    if encoding.strip().lower() in _COMPRESSIONS:
        return zlib.decompressobj(_ZLIB_OR_GZIP)
    raise RefusedError(f"{_PACKED} ({clean_line(encoding)[:40]}); nothing was read.")


def _retry_after(value: str, now: Callable[[], dt.datetime]) -> float | None:
    """Return the seconds of a Retry-After header, which may be a date (RFC 9110 10.2.3)."""
    if value.strip().isdigit():
        return float(value)
    then = response_date(value)
    return None if then is None else max(0.0, (then - now()).total_seconds())


def response_date(value: str) -> dt.datetime | None:
    """Return the UTC time of a date header (RFC 9110 5.6.7), None if it is invalid."""
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _redirected(where: str, location: str) -> str:
    return (
        f"{where} points elsewhere ({location[:200] or 'nowhere'}): a login page, or the calendar "
        "has moved. Nothing was sent there; run `afterword calendars` to find it again."
    )
