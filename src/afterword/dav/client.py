"""A few requests at once, each with an end: waiting that a stuck server cannot stretch.

The threads are daemons, so that an interrupt ends the program at once, and one
that a server holds on to is left behind when its time is up.

One server and one login: what goes out to it, and what comes back, whichever way it goes.

What must hold whatever carries it is done here: nothing is sent to another
server, no answer is endless in time, a password goes out once, and connections
are used again.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, Self, TypeVar, cast

import attrs

from afterword.dav import responses, url_policy
from afterword.dav.responses import ChallengeError, ConnectionLostError, DavResponse
from afterword.dav.tls import TlsInfo, UntrustedError, tls_info
from afterword.dav.url_policy import origin
from afterword.errors import AfterwordError, LoginError, RefusedError

_AHEAD = 4
T = TypeVar("T")
R = TypeVar("R")


class DeadlineWorker:
    """A thread that does one call after another, and is left behind with one that has no end."""

    def __init__(self) -> None:
        """Wait for the first call."""
        self._calls: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def within(self, seconds: float, call: Callable[[], R], let_go: Callable[[], object]) -> R:
        """Return what the call returns, or raise what it raises.

        Raises TimeoutError where it takes longer; `let_go` is then called to
        set it free, and this worker takes no more calls.
        """
        self._calls.put(call)
        try:
            result, error = self._outcomes.get(timeout=seconds)
        except queue.Empty:
            self.stop()
            let_go()
            raise TimeoutError(f"no complete answer in {seconds:g} seconds") from None
        if error is not None:
            raise error
        return cast("R", result)

    def stop(self) -> None:
        """Take no more calls."""
        self._calls.put(None)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                self._outcomes.put((call(), None))
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                self._outcomes.put((None, error))
            del call


class WorkerPool(Generic[T, R]):
    """Calls with each item, `count` at a time; the outcomes come as they are done.

    A line goes on to the next item by itself as long as all goes well. Where a
    call raises, it waits until that was looked at: `halt` stops all lines, whose
    calls under way still come, and `left` are the items that none has begun.
    """

    def __init__(self, call: Callable[[T], R], items: Iterable[T], *, count: int) -> None:
        self._call = call
        self._items = collections.deque(items)
        self._count = count
        self._halted = False
        # The lines do not run far ahead of whoever notes what they did.
        self._done: queue.Queue[tuple[T, R | BaseException] | None] = queue.Queue(_AHEAD * count)

    @property
    def left(self) -> list[T]:
        """Return what was not begun."""
        return list(self._items)

    def halt(self) -> None:
        """Begin nothing new."""
        self._halted = True

    def __iter__(self) -> Iterator[list[tuple[T, R | BaseException]]]:
        """Yield what is done since the last time, one outcome at least."""
        running = 0
        try:
            while True:
                while running < self._count and self._items and not self._halted:
                    threading.Thread(target=self._work, daemon=True).start()
                    running += 1
                if not running:
                    return
                arrived = [self._done.get(), *self._waiting()]
                running -= arrived.count(None)
                if outcomes := [one for one in arrived if one is not None]:
                    yield outcomes
        finally:
            self.halt()
            # Sets free who still waits for a place to tell what it did.
            collections.deque(self._waiting(), maxlen=0)

    def _waiting(self) -> Iterator[tuple[T, R | BaseException] | None]:
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._done.get_nowait()

    def _work(self) -> None:
        try:
            while not self._halted:
                item = self._items.popleft()
                try:
                    self._done.put((item, self._call(item)))
                except BaseException as error:  # noqa: BLE001 - it is an outcome
                    self._done.put((item, error))
                    return
        except IndexError:
            pass  # the items are all begun
        finally:
            self._done.put(None)


@attrs.frozen(kw_only=True)
class Login:
    """Who asks, and with what. The password shows nowhere but on the wire.

    `hint` is told where the server does not take it.
    """

    user: str
    password: str = attrs.field(repr=False)
    hint: str = ""


@attrs.frozen(kw_only=True)
class Timeouts:
    """How long to wait: `read` for the next byte, `total` for a whole answer, in seconds."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 60.0


@attrs.frozen(kw_only=True)
class ServerInfo:
    """What an answer told besides: what time it is there, and how the way to it is secured."""

    time: dt.datetime | None
    secured: TlsInfo | None


@attrs.frozen(kw_only=True)
class ConnectionSettings:
    """All that a connection has to know of the other side, and of how to speak to it."""

    origin: str
    login: Login | None
    digest: bool
    limits: Timeouts
    trusted: str | None
    now: Callable[[], dt.datetime]
    seen: Callable[[Any], None]


class Connection(Protocol):
    """What carries requests. Used for one at a time."""

    def send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        """Return an answer of the 200s; raise one of our errors for anything else."""

    def close(self) -> None:
        """Let go of the other side."""


_Idle = queue.LifoQueue[tuple[Connection, DeadlineWorker]]


class DavClient:
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
        limits: Timeouts | None = None,
        trusted: str | None = None,
        quick: bool = True,
    ) -> None:
        """Speak to the server of `url` and to no other. `trusted` is a file of certificates."""
        self.origin = origin(url)
        self.requests = 0
        self._latest: Any = None
        self._peer = ConnectionSettings(
            origin=self.origin,
            login=login,
            digest=False,
            limits=limits or Timeouts(),
            trusted=trusted,
            now=now,
            seen=self._see,
        )
        self._quick = quick and not url_policy.proxy_of(url)
        self._idle: _Idle = queue.LifoQueue()
        self._changing = threading.Lock()

    @property
    def heard(self) -> ServerInfo | None:
        """Return what the latest answer told besides; None where none came yet."""
        if self._latest is None:
            return None
        time, connection = self._latest
        return ServerInfo(time=responses.response_date(time), secured=tls_info(connection))

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> DavResponse:
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

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        with self._changing:
            self.requests += 1
            idle = self._idle
        try:
            connection, worker = idle.get_nowait()
        except queue.Empty:
            connection, worker = self._connected(), DeadlineWorker()
        try:
            answer = worker.within(
                self._peer.limits.total,
                lambda: connection.send(method, url, body, headers),
                connection.close,
            )
        except TimeoutError as error:
            raise ConnectionLostError(
                responses.connection_lost_message(self.origin, str(error))
            ) from None
        except AfterwordError:
            self._set_aside(connection, worker, idle)
            raise
        except BaseException:
            connection.close()
            worker.stop()
            raise
        self._set_aside(connection, worker, idle)
        return answer

    def _set_aside(self, connection: Connection, worker: DeadlineWorker, idle: _Idle) -> None:
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
            from afterword.dav.wire import StdlibTransport

            return StdlibTransport(self._peer)
        from afterword.dav.transport import CaldavTransport

        return CaldavTransport(self._peer)

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
