"""One server and one login: what goes out to it, and what comes back, whichever way it goes.

What must hold whatever carries it is done here: nothing is sent to another
server, no answer is endless in time, a password goes out once, and connections
are used again.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self

import attrs

from afterword.errors import AfterwordError, LoginError, RefusedError
from afterword.targets import answers, proxies
from afterword.targets.answers import Answer, ChallengeError, LostError
from afterword.targets.certificates import Secured, UntrustedError, secured
from afterword.targets.lines import Worker
from afterword.targets.trust import origin


@attrs.frozen(kw_only=True)
class Login:
    """Who asks, and with what. The password shows nowhere but on the wire.

    `hint` is told where the server does not take it.
    """

    user: str
    password: str = attrs.field(repr=False)
    hint: str = ""


@attrs.frozen(kw_only=True)
class Limits:
    """How long to wait: `read` for the next byte, `total` for a whole answer, in seconds."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0


@attrs.frozen(kw_only=True)
class Heard:
    """What an answer told besides: what time it is there, and how the way to it is secured."""

    time: dt.datetime | None
    secured: Secured | None


@attrs.frozen(kw_only=True)
class Peer:
    """All that a connection has to know of the other side, and of how to speak to it."""

    origin: str
    login: Login | None
    digest: bool
    limits: Limits
    trusted: str | None
    now: Callable[[], dt.datetime]
    seen: Callable[[Any], None]


class Connection(Protocol):
    """What carries requests. Used for one at a time."""

    def send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Return an answer of the 200s; raise one of our errors for anything else."""

    def close(self) -> None:
        """Let go of the other side."""


_Idle = queue.LifoQueue[tuple[Connection, Worker]]


class Server:
    """One server and one login, over as many connections as are asked of it at once.

    `now` tells the time, for a server that says at what time to come back.
    `quick`: go the short way where it leads to this server; the library's way,
    which knows more of odd servers, is longer.
    """

    def __init__(
        self,
        url: str,
        login: Login | None,
        *,
        now: Callable[[], dt.datetime],
        limits: Limits | None = None,
        trusted: str | None = None,
        quick: bool = True,
    ) -> None:
        """Speak to the server of `url` and to no other. `trusted` is a file of certificates."""
        self.origin = origin(url)
        self.requests = 0
        self._latest: Any = None
        self._peer = Peer(
            origin=self.origin,
            login=login,
            digest=False,
            limits=limits or Limits(),
            trusted=trusted,
            now=now,
            seen=self._see,
        )
        self._quick = quick and not proxies.proxy_of(url)
        self._idle: _Idle = queue.LifoQueue()
        self._changing = threading.Lock()

    @property
    def heard(self) -> Heard | None:
        """Return what the latest answer told besides; None where none came yet."""
        if self._latest is None:
            return None
        time, connection = self._latest
        return Heard(time=answers.date(time), secured=secured(connection))

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, and return an answer of the 200s.

        Raises LoginError, RedirectError, MissingError, BusyError, StatusError
        for any other answer, LostError where none came, UntrustedError where
        nothing was sent, and RefusedError for one that no calendar server gives.
        """
        if not url.startswith(f"{self.origin}/") and origin(url) != self.origin:
            raise RefusedError(f"{url} is not on {self.origin}: nothing was sent to it.")
        peer, quick = self._peer, self._quick
        try:
            return self._send(method, url, body, headers or {})
        except ChallengeError as challenge:
            login = peer.login
            wants_digest = "digest" in challenge.kinds and "basic" not in challenge.kinds
            if not login or peer.digest or not wants_digest:
                raise LoginError(
                    challenge.message, [login.hint] if login and login.hint else []
                ) from None
            self._go_the_long_way(digest=True)
        except UntrustedError:
            if not quick:
                raise
            # The library knows more places where a system keeps what it trusts.
            self._go_the_long_way(digest=False)
        return self._send(method, url, body, headers or {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        while not self._idle.empty():
            connection, worker = self._idle.get_nowait()
            connection.close()
            worker.stop()

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        with self._changing:
            self.requests += 1
            idle = self._idle
        try:
            connection, worker = idle.get_nowait()
        except queue.Empty:
            connection, worker = self._connected(), Worker()
        try:
            answer = worker.within(
                self._peer.limits.total,
                lambda: connection.send(method, url, body, headers),
                connection.close,
            )
        except TimeoutError as error:
            raise LostError(answers.lost(self.origin, str(error))) from None
        except AfterwordError:
            self._set_aside(connection, worker, idle)
            raise
        except BaseException:
            connection.close()
            worker.stop()
            raise
        self._set_aside(connection, worker, idle)
        return answer

    def _set_aside(self, connection: Connection, worker: Worker, idle: _Idle) -> None:
        """Keep a connection for the next request, unless it goes the wrong way by now."""
        with self._changing:
            if idle is self._idle:
                idle.put((connection, worker))
                return
        connection.close()
        worker.stop()

    def _connected(self) -> Connection:
        # Each is imported by those who go that way.
        if self._quick:
            from afterword.targets.wire import Wire

            return Wire(self._peer)
        from afterword.targets.caldav import Library

        return Library(self._peer)

    def _go_the_long_way(self, *, digest: bool) -> None:
        """Let all further requests go there; of several at once the first one sees to it."""
        with self._changing:
            if not self._quick and self._peer.digest >= digest:
                return
            self._peer = attrs.evolve(self._peer, digest=digest or self._peer.digest)
            self._quick = False
            self.close()
            self._idle = queue.LifoQueue()

    def _see(self, latest: Any) -> None:
        self._latest = latest
