"""The one module that talks to the caldav library, and through it to the network.

What the library does not do for a program that must not lose anything is done
around it: no redirect is followed, a page is no answer, no answer is endless in
time or size, a password goes out once, and every failure comes as one of ours.
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, Self

import attrs
import caldav
import caldav.lib.error
import niquests
import niquests.auth
import niquests.utils
from caldav.davclient import DAVClient

from afterword.core.text import clean_line
from afterword.errors import AfterwordError, LoginError, RefusedError
from afterword.targets import answers
from afterword.targets.answers import Answer, ChallengeError, LostError
from afterword.targets.certificates import Secured, causes, secured, untrusted
from afterword.targets.lines import within
from afterword.targets.trust import host_of, is_loopback, origin, without_login

# It can write requests and answers, with the person's words in them, to files and to the log.
caldav.lib.error.debug_dump_communication = False
logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)


_NUMBERED = re.compile(r"Failed to establish a new connection: |\[Errno -?\d+\] ")


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


class Server:
    """One server and one login, over as many connections as are asked of it at once.

    `now` tells the time, for a server that says at what time to come back.
    """

    def __init__(
        self,
        url: str,
        login: Login | None,
        *,
        now: Callable[[], dt.datetime],
        limits: Limits | None = None,
        trusted: str | None = None,
    ) -> None:
        """Speak to the server of `url` and to no other. `trusted` is a file of certificates."""
        self.origin = origin(url)
        self.requests = 0
        self._login = login
        self._now = now
        self._limits = limits or Limits()
        self._trusted = trusted
        self._digest = False
        self._latest: Any = None
        self._idle: queue.LifoQueue[DAVClient] = queue.LifoQueue()
        self._counting = threading.Lock()

    def request(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, and return an answer of the 200s.

        Raises LoginError, RedirectError, MissingError, BusyError, StatusError
        for any other answer, LostError where none came, and RefusedError for
        one that no calendar server gives.
        """
        if origin(url) != self.origin:
            raise RefusedError(f"{url} is not on {self.origin}: nothing was sent to it.")
        try:
            return self._send(method, url, body, headers or {})
        except ChallengeError as challenge:
            wants_digest = "digest" in challenge.kinds and "basic" not in challenge.kinds
            if not self._login or self._digest or not wants_digest:
                hints = [self._login.hint] if self._login and self._login.hint else []
                raise LoginError(challenge.message, hints) from None
            self._digest = True
            self.close()
            return self._send(method, url, body, headers or {})

    @property
    def heard(self) -> Heard | None:
        """Return what the latest answer told besides; None where none came yet."""
        if self._latest is None:
            return None
        time, connection = self._latest
        return Heard(time=answers.date(time), secured=secured(connection))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        with self._counting:
            self.requests += 1
        client = self._client()
        too_late = threading.Event()

        def send() -> Any:
            try:
                return client.request(url, method, body, dict(headers))  # type: ignore[arg-type]
            finally:
                if too_late.is_set():
                    client.close()

        try:
            answer = within(self._limits.total, send)
        except TimeoutError as error:
            too_late.set()
            raise LostError(_lost(self.origin, error)) from None
        except AfterwordError:
            self._idle.put(client)
            raise
        except Exception as error:  # noqa: BLE001 - it is raised again, in our words if we have any
            client.close()
            raise _translated(self.origin, error) from None
        self._idle.put(client)
        body = answer._raw_body  # noqa: SLF001 - there is no other way to the bytes of an object
        return Answer(
            status=answer.status, headers=answer.headers, tree=answer.tree, body=bytes(body)
        )

    def _client(self) -> DAVClient:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connected()

    def _connected(self) -> DAVClient:
        client = DAVClient(
            self.origin,
            auth=self._auth(),
            timeout=(self._limits.connect, self._limits.read),  # type: ignore[arg-type]
            ssl_verify_cert=self._trusted or True,
            headers={"User-Agent": "afterword", "Accept-Encoding": "identity"},
            enable_rfc6764=False,
            rate_limit_handle=False,
        )
        client.session.close()
        # No upgrade to other transports, no cookies, and no questions to third parties.
        client.session = niquests.Session(
            disable_http3=True, allow_incoming_cookies=False, revocation_configuration=None
        )
        # What is on this machine is not asked for elsewhere, least of all with the password.
        client.session.trust_env = not is_loopback(host_of(self.origin))
        send = client.session.request

        def send_checked(method: Any, url: str, **options: Any) -> Any:
            response: Any = send(method, url, **options, stream=True, allow_redirects=False)
            self._latest = response.headers.get("Date", ""), response.conn_info
            content = answers.checked(response, self.origin, self._now)
            response._content = content  # noqa: SLF001 - the library reads it from there
            response._content_consumed = True  # noqa: SLF001
            return response

        client.session.request = send_checked  # type: ignore[method-assign, assignment]
        return client

    def _auth(self) -> niquests.auth.AuthBase:
        """Return what signs a request: never anything from ~/.netrc, not even without a login."""
        if self._login is None:
            return _Unsigned()
        kind = niquests.auth.HTTPDigestAuth if self._digest else niquests.auth.HTTPBasicAuth
        return kind(self._login.user, self._login.password)


def proxy_of(url: str) -> str | None:
    """Return the proxy through which a server is reached, as the surroundings say; else None."""
    if is_loopback(host_of(url)):
        return None
    found = niquests.utils.select_proxy(url, niquests.utils.get_environ_proxies(url))
    return without_login(found) if found else None


class _Unsigned(niquests.auth.AuthBase):
    """Leaves a request as it is."""

    def __call__(self, request: Any) -> Any:
        return request


def _translated(where: str, error: Exception) -> Exception:
    """Return what an error of the libraries means; one that is none of theirs is a bug."""
    if isinstance(error, niquests.exceptions.SSLError):
        return untrusted(where, error)
    if isinstance(error, OSError | niquests.exceptions.RequestException):
        return LostError(_lost(where, error))
    if isinstance(error, caldav.lib.error.DAVError | SyntaxError | ValueError | TypeError):
        return RefusedError(_garbled(where, error))
    return error


def _cause(error: BaseException) -> str:
    """Return the innermost reason, without the names of objects in memory."""
    *_, innermost = causes(error)
    told = clean_line(str(innermost)).rpartition(">: ")[2]
    return _NUMBERED.sub("", told)[:200] or type(innermost).__name__


def _lost(where: str, error: BaseException) -> str:
    return f"No answer from {where} ({_cause(error)}). Are you online? Nothing is lost; try later."


def _garbled(where: str, error: BaseException) -> str:
    return f"{where} answered what no calendar server answers ({_cause(error)}); check the address."
