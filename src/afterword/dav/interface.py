"""The calendar interface that a sync needs, and its errors; a server or a folder is behind it.

The class of an error says what is known afterwards: nothing was stored, it is unknown whether
something was, or no further request makes sense.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from afterword.errors import ConflictError, RefusedError, TryLaterError


class Resource(NamedTuple):
    """A calendar object on the server. `href` is its path there.

    `rewritten`: the server may have changed it by its own rules. `as_written`: it is unchanged
    since this run wrote it; None if that is unknown.
    """

    href: str
    etag: str | None
    body: bytes
    rewritten: bool = False
    as_written: bool | None = None


class Changes(NamedTuple):
    """ETags by path of new and changed objects, and the paths of deleted ones.

    `whole`: a list of all objects, so that any other path is gone. `token` makes the next
    call return only later changes (RFC 6578); None if the server supports no tokens.
    `writable` is False if this user may only read the calendar, None if the server does not
    say; `trashed`: it is in the server's trash bin, where it still takes writes.
    `maybe_unmounted`: an empty list may be that of a disk that is not there.
    """

    etags: Mapping[str, str | None]
    gone: AbstractSet[str] = frozenset()
    token: str | None = None
    whole: bool = False
    writable: bool | None = None
    trashed: bool = False
    maybe_unmounted: bool = False


class Calendar(Protocol):
    """A collection of calendar objects, as far as a sync needs it."""

    @property
    def url(self) -> str:
        """Return the address, which identifies the calendar in the state."""

    @property
    def requests(self) -> int:
        """Return the number of requests sent so far."""

    def href(self, uid: str) -> str:
        """Return the path at which an event of this program is stored."""

    def make(self, name: str) -> None:
        """Create the calendar at its address. Raises RefusedError if the server does not."""

    def changes(self, token: str | None) -> Changes:
        """Return the changes since the token, or all objects for None, in a single request."""

    def listing(self) -> Changes:
        """Return all objects with the status of the calendar, in a single request."""

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        """Return the objects that exist, by path; a request for each fifty."""

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        """Store an object and return its new strong ETag, None if there is none.

        `new`: only if nothing exists at that path. Otherwise only if its ETag still is
        `etag`, if that is not None.
        """

    def delete(self, href: str, *, etag: str | None) -> None:
        """Delete an object, if its ETag still is `etag`."""


class PreconditionFailedError(ConflictError):
    """Raised if the object changed since it was last read; nothing was stored."""


class NotFoundError(RefusedError):
    """Raised if nothing exists at the address (any more).

    `vanished` is the message for a calendar that had events of ours.
    """

    def __init__(self, message: str, *, vanished: str | None = None) -> None:
        super().__init__(message)
        self.vanished = vanished


class UidConflictError(RefusedError):
    """Raised if the server refuses the UID, in use or used before; nothing was stored."""


class EventRejectedError(RefusedError):
    """Raised if the server refuses this object; it may accept others."""


class UidElsewhereError(EventRejectedError):
    """Raised if another object, which is left alone, has the UID; nothing was stored."""


class ForbiddenError(EventRejectedError):
    """Raised if the server does not allow the operation on any object."""


class LockedError(EventRejectedError):
    """Raised if another write locks the object or the calendar; nothing was stored."""


class OutcomeUnknownError(TryLaterError):
    """Raised if it is unknown whether a write was done."""


class ServerFaultError(OutcomeUnknownError):
    """Raised for the status 500, also the answer of Nextcloud to a UID in its trash bin."""


class SuspiciousResponseError(TryLaterError):
    """Raised if the response to a write may not be the server's: read the object again."""


class UnresponsiveError(TryLaterError):
    """Raised if no request has finished for a minute; another request would wait as long."""


class BusyError(TryLaterError):
    """Raised if the server asks to wait, for `seconds` if it says how long.

    `throttled`: it had too many requests (429), which may be logins.
    """

    def __init__(
        self, message: str, seconds: float | None = None, *, throttled: bool = False
    ) -> None:
        super().__init__(message)
        self.seconds = seconds
        self.throttled = throttled


class UnsupportedReportError(RefusedError):
    """Raised if the server supports no such report, or not with this token; ask for a listing."""


class RedirectError(RefusedError):
    """Raised for a redirect; only discovery follows them."""

    def __init__(self, message: str, location: str) -> None:
        super().__init__(message)
        self.location = location
