"""What it means when a server refuses, by status and by the words around it.

A status alone says little: servers answer 403 for a read-only calendar and for
a UID that they know, 409 for a UID and for a calendar that is not there.
"""

from __future__ import annotations

from afterword.errors import AfterwordError, RefusedError, TryLaterError
from afterword.targets.api import (
    ForbiddenError,
    LockedError,
    StaleError,
    TakenError,
    UnclearError,
    UnfitError,
)

_BAD, _FORBIDDEN, _NOT_ALLOWED, _CONFLICT, _STALE, _LOCKED = 400, 403, 405, 409, 412, 423
_FAULT, _FULL = 500, 507
_UID_WORDS = (b"uid-conflict", b"uid already exists", b"-deleted.ics")
_WRITES: dict[int, tuple[type[AfterwordError], str]] = {
    _FORBIDDEN: (
        ForbiddenError,
        "This user may not do that in this calendar; `afterword doctor` looks why.",
    ),
    _NOT_ALLOWED: (ForbiddenError, "That cannot be done in this calendar."),
    _CONFLICT: (TakenError, "It has an event of that UID elsewhere, or had one."),
    _STALE: (StaleError, "It was changed on the server meanwhile."),
    _LOCKED: (LockedError, "Another program holds it."),
    413: (UnfitError, "It is too large for the server."),
    _FULL: (UnfitError, "The server's storage is full."),
}


def of_question(message: str, status: int) -> AfterwordError:
    """Return what a refused question means."""
    if status >= _FAULT and status != _FULL:
        return TryLaterError(f"{message} It has trouble of its own; try again later.")
    if status == _FORBIDDEN:
        return RefusedError(f"{message} This user may not read that, or its address is wrong.")
    return RefusedError(f"{message} Is that the address of a calendar?")


def of_write(message: str, status: int, body: bytes) -> AfterwordError:
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
        return UnclearError(f"{message} It has trouble of its own; the next run tries again.")
    return UnfitError(f"{message} It does not take this event.")
