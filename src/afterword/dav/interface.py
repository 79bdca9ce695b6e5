"""What a calendar on a server can do, and the few ways in which it can fail.

Every failure says by its class what is known afterwards: that nothing was
stored, that it is unknown whether something was, or that there is no use in
going on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

import attrs

from afterword.errors import ConflictError, RefusedError, TryLaterError


@attrs.frozen(kw_only=True)
class Resource:
    """One object as the server has it. `href` is its path on the server."""

    href: str
    etag: str | None
    body: bytes


@attrs.frozen(kw_only=True)
class Changes:
    """What is there, or what changed: paths and ETags, and the paths that are gone.

    `whole`: a list of everything, so that what is not in it is not there.
    `token` begins the next question where this answer ends; None where the
    server knows no such thing (RFC 6578).
    """

    etags: Mapping[str, str | None]
    gone: Collection[str] = ()
    token: str | None = None
    whole: bool = False


class Calendar(Protocol):
    """A collection of calendar objects, as far as a sync needs it."""

    @property
    def url(self) -> str:
        """The collection's address, which is what it is remembered by."""

    @property
    def requests(self) -> int:
        """How many requests were sent so far."""

    def href(self, uid: str) -> str:
        """Return the path under which an event of ours is stored."""

    def make(self, name: str) -> None:
        """Make the collection anew where it was. Raises RefusedError where the server does not."""

    def changes(self, token: str | None) -> Changes:
        """Return what changed since the token, or everything. One request."""

    def listing(self) -> Changes:
        """Return everything, without a token, from any server. One request."""

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        """Return the objects that are there. One request for each fifty."""

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        """Store an object, and return its new ETag where the server tells a strong one.

        `new`: only if nothing is there. Otherwise only if its ETag still is
        `etag`, if that is known.
        """

    def delete(self, href: str, *, etag: str | None) -> None:
        """Remove an object, if its ETag still is `etag`."""


class PreconditionFailedError(ConflictError):
    """Raised when the object is no longer as we know it; nothing was stored."""


class NotFoundError(RefusedError):
    """Raised when nothing is at that address (any more)."""


class UidConflictError(RefusedError):
    """Raised when the server will not have this UID (again); nothing was stored."""


class EventRejectedError(RefusedError):
    """Raised when the server will not have this one object; others may pass."""


class ForbiddenError(EventRejectedError):
    """Raised when the server does not allow this, whatever the object is like."""


class LockedError(EventRejectedError):
    """Raised when another write holds the object or the whole calendar; nothing was stored."""


class OutcomeUnknownError(TryLaterError):
    """Raised when it is unknown whether a write was done."""


class SuspiciousResponseError(TryLaterError):
    """Raised when a write was answered by what may be somebody else: it is to be looked at."""


class BusyError(TryLaterError):
    """Raised when the server asks for patience: `seconds`, if it says how much."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class InvalidSyncTokenError(RefusedError):
    """Raised when the server no longer knows the token; ask without one."""


class SyncTokensUnsupportedError(RefusedError):
    """Raised when the server knows no tokens at all; ask for a listing."""


class RedirectError(RefusedError):
    """Raised when an answer points elsewhere; nothing is followed but by discovery."""

    def __init__(self, message: str, location: str) -> None:
        super().__init__(message)
        self.location = location
