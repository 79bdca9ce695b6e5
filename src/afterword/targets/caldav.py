"""The one module that talks to the caldav library, and through it to the network.

What the library does not do for a program that must not lose anything is done
around it: no redirect is followed, a page is no answer, no answer is endless in
time or size, a password goes out once, and every failure comes as one of ours.
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Self

import attrs
import caldav
import caldav.lib.error
import niquests
import niquests.auth
from caldav.davclient import DAVClient

from afterword.core.text import clean_line
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError
from afterword.targets.api import BusyError, MissingError, RedirectError
from afterword.targets.lines import within
from afterword.targets.trust import origin

MOST = 10 * 1024 * 1024
"""The most bytes that an answer may have."""

_CHUNK = 1 << 16
_REDIRECTS = range(300, 400)
_UNAUTHORISED, _MISSING, _BUSY = 401, (404, 410), (429, 503)
_OWN_FAULT = 500

# It writes requests and answers, with the person's words in them, to /tmp and to the log.
caldav.lib.error.debug_dump_communication = False
logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)


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
class Answer:
    """An answer of the 200s: its parsed XML where it has any, else its bytes."""

    status: int
    headers: Mapping[str, str]
    tree: Any
    body: bytes


class StatusError(RefusedError):
    """Raised for an answer that refuses; `status` and `body` say how."""

    def __init__(self, message: str, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class LostError(TryLaterError):
    """Raised where no answer came: whether the request was done is unknown."""


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
        except _DigestWantedError:
            self._digest = True
            self.close()
            return self._send(method, url, body, headers or {})

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
        send = client.session.request

        def checked(method: Any, url: str, **options: Any) -> Any:
            return self._checked(send(method, url, **options, stream=True, allow_redirects=False))

        client.session.request = checked  # type: ignore[method-assign, assignment]
        return client

    def _auth(self) -> niquests.auth.AuthBase:
        """Return what signs a request: never anything from ~/.netrc, not even without a login."""
        if self._login is None:
            return _Unsigned()
        kind = niquests.auth.HTTPDigestAuth if self._digest else niquests.auth.HTTPBasicAuth
        return kind(self._login.user, self._login.password)

    def _checked(self, response: Any) -> Any:
        """Return the response with its body read, or raise what it means."""
        try:
            content = _read(response)
        finally:
            response.close()
        response._content = content  # noqa: SLF001 - the library reads it from there
        response._content_consumed = True  # noqa: SLF001
        status, headers = response.status_code, response.headers
        if status == _UNAUTHORISED:
            self._refused(headers.get("WWW-Authenticate", ""))
        if status in _REDIRECTS:
            location = clean_line(headers.get("Location", ""))
            raise RedirectError(_redirected(self.origin, location), location)
        if status in _MISSING:
            raise MissingError(f"There is nothing (any more) at {clean_line(str(response.url))}.")
        if status in _BUSY:
            seconds = self._patience(headers.get("Retry-After", ""))
            raise BusyError(f"{self.origin} is busy ({status}); try again later.", seconds)
        if status >= _UNAUTHORISED - 1:
            raise StatusError(f"{self.origin} answered {status}.", status, content)
        # Not without a body: PHP calls everything a page, even nothing.
        if content and "html" in headers.get("Content-Type", "").lower():
            raise RefusedError(
                f"A web page answered instead of the calendar at {self.origin}: log in to this "
                "network first, or check the address. Nothing is taken as stored."
            )
        return response

    def _refused(self, challenge: str) -> None:
        kinds = challenge.lower()
        if self._login and not self._digest and "digest" in kinds and "basic" not in kinds:
            raise _DigestWantedError(challenge)
        hints = [self._login.hint] if self._login and self._login.hint else []
        raise LoginError(f"{self.origin} does not take this user and password.", hints)

    def _patience(self, value: str) -> float | None:
        """Return the seconds of a Retry-After, which may be a date (RFC 9110 10.2.3)."""
        if value.strip().isdigit():
            return float(value)
        try:
            then = parsedate_to_datetime(value)
        except (TypeError, ValueError):
            return None
        then = then if then.tzinfo else then.replace(tzinfo=dt.UTC)
        return max(0.0, (then - self._now()).total_seconds())


class _Unsigned(niquests.auth.AuthBase):
    """Leaves a request as it is."""

    def __call__(self, request: Any) -> Any:
        return request


class _DigestWantedError(AfterwordError):
    """Raised where the server takes no Basic login, and says what it takes."""


def _read(response: Any) -> bytes:
    """Return the body, which may be neither compressed (it was not asked for) nor endless."""
    if response.headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
        raise RefusedError("The server compresses its answer unasked; it was not unpacked.")
    chunks, size = [], 0
    for chunk in response.iter_raw(_CHUNK):
        size += len(chunk)
        if size > MOST:
            raise RefusedError(f"The server's answer has more than {MOST >> 20} MB; it was left.")
        chunks.append(chunk)
    return b"".join(chunks)


def _translated(where: str, error: Exception) -> Exception:
    """Return what an error of the libraries means; one that is none of theirs is a bug."""
    if isinstance(error, niquests.exceptions.SSLError):
        return RefusedError(_distrust(where, error))
    if isinstance(error, OSError | niquests.exceptions.RequestException):
        return LostError(_lost(where, error))
    if isinstance(error, caldav.lib.error.DAVError | SyntaxError | ValueError | TypeError):
        return RefusedError(_garbled(where, error))
    return error


def _cause(error: BaseException) -> str:
    """Return the innermost reason, without the names of objects in memory."""
    while (inner := getattr(error, "reason", None) or next(iter(error.args), None)) is not error:
        if not isinstance(inner, BaseException):
            break
        error = inner
    return clean_line(str(error)).rpartition(">: ")[2][:200] or type(error).__name__


def _lost(where: str, error: BaseException) -> str:
    return f"No answer from {where} ({_cause(error)}). Are you online? Nothing is lost; try later."


def _garbled(where: str, error: BaseException) -> str:
    return f"{where} answered what no calendar server answers ({_cause(error)}); check the address."


def _distrust(where: str, error: BaseException) -> str:
    return (
        f"The certificate of {where} cannot be trusted ({_cause(error)}). Is this computer's "
        "clock right? A server of your own: name its certificate with --ca-file."
    )


def _redirected(where: str, location: str) -> str:
    return (
        f"{where} points elsewhere ({location[:200] or 'nowhere'}): a login page, or the calendar "
        "has moved. Nothing was sent there; run `afterword calendars` to find it again."
    )
