"""The client of a server: deadlines, reused connections, login by password or access token."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Self

import attrs

from afterword.dav import responses
from afterword.dav.connection_settings import (
    ConnectionSettings,
    Login,
    Timeouts,
    TokenLogin,
)
from afterword.dav.interface import BusyError, UnresponsiveError
from afterword.dav.providers import Dialect, dialect_of
from afterword.dav.responses import (
    ChallengeError,
    ConnectionLostError,
    DavResponse,
    StatusError,
)
from afterword.dav.tls import TlsInfo, tls_info
from afterword.dav.url_policy import origin
from afterword.dav.workers import DeadlineWorker
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError

if TYPE_CHECKING:
    from afterword.dav.transport import CaldavTransport


_MAX_RENEWALS = 5
_TOO_MANY_LOGINS = (
    "{origin} answered 429: too many wrong logins, so it takes none for a while. Wait half an "
    "hour, check the password, and try again."
)


class ServerInfo(NamedTuple):
    """The server's time, and the certificate of an encrypted connection."""

    time: dt.datetime | None
    secured: TlsInfo | None


@attrs.frozen
class _Connection:
    """A transport with the thread that its requests run in."""

    transport: CaldavTransport
    worker: DeadlineWorker

    def close(self) -> None:
        self.transport.close()
        self.worker.stop()


class DavClient:
    """A client of a single server with a single login; each sending thread gets a connection.

    Connections are reused. `now` resolves a Retry-After that is a date.
    """

    def __init__(
        self,
        url: str,
        login: Login | TokenLogin | None,
        *,
        now: Callable[[], dt.datetime],
        timeouts: Timeouts | None = None,
        ca_file: str | None = None,
        dialect: Dialect | None = None,
    ) -> None:
        """Prepare requests to the server of `url` and to no other; nothing is sent yet."""
        self.origin = origin(url)
        self.dialect = dialect or dialect_of(url)
        self.requests = 0
        self._latest: tuple[str, object] | None = None
        self._settings = ConnectionSettings(
            origin=self.origin,
            login=login,
            timeouts=timeouts or Timeouts(),
            ca_file=ca_file,
            now=now,
        )
        self._idle: list[_Connection] = []
        self._lock = threading.Lock()
        self._waiting_since: float | None = None
        self._accepted = False

    @property
    def server_info(self) -> ServerInfo | None:
        """Return server details from the latest response; None before the first."""
        if self._latest is None:
            return None
        date, connection = self._latest
        return ServerInfo(time=responses.response_date(date), secured=tls_info(connection))

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> DavResponse:
        """Send a request and return its 2xx response.

        Raises LoginError, RedirectError, NotFoundError, BusyError, StatusError for any
        other response, ConnectionLostError for none, UntrustedError if nothing was sent,
        and RefusedError for a response that no calendar server gives.
        """
        if not url.startswith(f"{self.origin}/") and origin(url) != self.origin:
            raise RefusedError(f"{url} is not on {self.origin}: nothing was sent to it.")
        try:
            if isinstance(self._settings.login, TokenLogin):
                return self._send_with_token(
                    self._settings.login, method, url, body, dict(headers or {})
                )
            return self._send_with_password(method, url, body, headers or {})
        except StatusError as error:
            raise self.dialect.explain(error.message, error.status, error.body) or error from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _send_with_password(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> DavResponse:
        settings = self._settings
        try:
            return self._send(method, url, body, headers)
        except ChallengeError as challenge:
            login = settings.login
            wants_digest = "digest" in challenge.kinds and "basic" not in challenge.kinds
            if not login or settings.digest or not wants_digest:
                hints = [login.hint] if login and login.hint else []
                raise LoginError(challenge.message, hints) from None
        except BusyError as error:
            if error.throttled and error.seconds is None and settings.login and not self._accepted:
                raise LoginError(_TOO_MANY_LOGINS.format(origin=self.origin)) from None
            raise
        self._use_digest()
        return self._send(method, url, body, headers)

    def _send_with_token(
        self, login: TokenLogin, method: str, url: str, body: bytes, headers: dict[str, str]
    ) -> DavResponse:
        """Send a request with the latest token; fetch a new token once if that is refused.

        A few more are fetched if others may have used the new token up: some last for a number
        of requests.
        """
        tokens, renewals = login.tokens, 0
        token = tokens.current()
        while True:
            headers["Authorization"] = f"Bearer {token}"
            try:
                return self._send(method, url, body, headers)
            except ChallengeError:
                if renewals and (tokens.is_useless(token) or renewals >= _MAX_RENEWALS):
                    hints = [login.hint] if login.hint else []
                    raise LoginError(
                        f"{self.origin} refused the access token, and a new one too.", hints
                    ) from None
                token, fetched = tokens.renew(token)
                renewals += fetched

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        connection = self._connection()
        try:
            response = connection.worker.run_with_timeout(
                self._settings.timeouts.total,
                lambda: connection.transport.send(method, url, body, headers),
                connection.close,
            )
        except TimeoutError as error:
            raise self._stalled(responses.connection_lost(self.origin, str(error))) from None
        except ConnectionLostError as error:
            self._release(connection)
            raise self._stalled(error) from None
        except AfterwordError:
            self._waiting_since = None
            self._release(connection)
            raise
        except BaseException:
            connection.close()
            raise
        finally:
            self._latest = connection.transport.latest or self._latest
        self._waiting_since = None
        self._accepted = True
        self._release(connection)
        return response

    def _stalled(self, error: ConnectionLostError) -> TryLaterError:
        """Return the error, or UnresponsiveError if no request has finished for too long."""
        since, stall = self._waiting_since, self._settings.timeouts.stall
        if since is None or time.monotonic() - since < stall:
            return error
        return UnresponsiveError(
            f"{error.message} Nothing came from {self.origin} for {stall:.0f} seconds."
        )

    def _connection(self) -> _Connection:
        """Return an idle connection or a new connection, for the next request."""
        with self._lock:
            self.requests += 1
            self._waiting_since = self._waiting_since or time.monotonic()
            if self._idle:
                return self._idle.pop()
        # It imports the libraries, which takes longer than all of ours together.
        from afterword.dav.transport import CaldavTransport

        return _Connection(CaldavTransport(self._settings), DeadlineWorker())

    def _release(self, connection: _Connection) -> None:
        """Keep a connection for the next request, unless the kind of login changed meanwhile."""
        with self._lock:
            if connection.transport.settings is self._settings:
                self._idle.append(connection)
                return
        connection.close()

    def _use_digest(self) -> None:
        """Use Digest for all further requests; of several threads the first switches."""
        with self._lock:
            if self._settings.digest:
                return
            self._settings = attrs.evolve(self._settings, digest=True)
            self.close()
