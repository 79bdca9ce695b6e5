"""The settings of a connection to a server: login, access tokens, timeouts, certificates."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import NamedTuple

import attrs


class AccessTokens:
    """The latest access token of a login (RFC 6750), shared by the connections of a run.

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


@attrs.frozen(kw_only=True)
class Login:
    """User and password. `hint` is added to the message when the server refuses them."""

    user: str
    password: str = attrs.field(repr=False)
    hint: str = ""


@attrs.frozen(kw_only=True)
class TokenLogin:
    """A login by access tokens. `hint` is added to the message when the server refuses them."""

    tokens: AccessTokens = attrs.field(repr=False)
    hint: str = ""


class Timeouts(NamedTuple):
    """Limits in seconds: `read` for the next byte, `total` for a complete response.

    `stall` is how long requests may fail before any finishes; then no other is tried.
    """

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0
    stall: float = 60.0


@attrs.frozen(kw_only=True)
class ConnectionSettings:
    """The settings of a connection to `origin`, the only server that gets requests.

    `ca_file` holds the certificates to trust instead of the system's. `now` resolves a
    Retry-After that is a date.
    """

    origin: str
    login: Login | TokenLogin | None
    timeouts: Timeouts
    ca_file: str | None
    now: Callable[[], dt.datetime]
    digest: bool = False
