"""Access tokens of a server (RFC 6750), shared by the connections of a run."""

from __future__ import annotations

import threading
from collections.abc import Callable


class AccessTokens:
    """The latest access token of a login.

    `fetch` returns a new token, or raises an AfterwordError; it is not called before the
    first request needs a token.
    """

    def __init__(self, fetch: Callable[[], str], token: str | None = None) -> None:
        self._fetch = fetch
        self._token = token
        self._users = 0
        self._lock = threading.Lock()

    def current(self) -> str:
        """Return the latest token."""
        with self._lock:
            if self._token is None:
                self._token = self._fetch()
            self._users += 1
            return self._token

    def is_useless(self, token: str) -> bool:
        """True if a refused token is the latest, and no other request can have used it up."""
        with self._lock:
            return token == self._token and self._users == 1

    def renew(self, refused: str) -> tuple[str, bool]:
        """Return a newer token than the refused token, and True if it was fetched now."""
        with self._lock:
            fetched = self._token is None or self._token == refused
            if fetched:
                self._token, self._users = self._fetch(), 0
            self._users += 1
            return str(self._token), fetched
