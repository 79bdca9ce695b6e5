"""The settings of a connection to a server: login, timeouts, certificates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs

from afterword.dav.access_tokens import AccessTokens


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


@attrs.frozen(kw_only=True)
class Timeouts:
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
    Retry-After that is a date. `on_response` is called with the Date header and the
    library's description of the connection, whatever the status of the response.
    """

    origin: str
    login: Login | TokenLogin | None
    digest: bool
    timeouts: Timeouts
    ca_file: str | None
    now: Callable[[], dt.datetime]
    on_response: Callable[[str, object], None]
