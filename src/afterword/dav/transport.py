"""HTTP requests through the caldav library, hardened: the only module that uses it.

The library follows redirects with the password, takes a login page for success, and reads
responses of any size. Around it, every response is checked before the library sees it.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

import caldav.lib.error
import niquests
import niquests.auth
from caldav.davclient import DAVClient

from afterword.dav import dav_xml, responses
from afterword.dav.connection_settings import ConnectionSettings, Login
from afterword.dav.responses import DavResponse
from afterword.dav.tls import environment_ca_file, untrusted
from afterword.dav.url_policy import host_of, is_loopback
from afterword.errors import AfterwordError, RefusedError

# The library can dump requests and responses, with the user's texts, to files and to the log.
caldav.lib.error.debug_dump_communication = False
logging.getLogger("caldav").setLevel(logging.CRITICAL + 1)

# It leaves cycles of objects behind with every request: they are collected more often from now
# on than `__main__` asks for. What is imported by now is left alone.
gc.freeze()
gc.set_threshold(1_000)

_SAFE_METHODS = {"GET", "OPTIONS", "PROPFIND", "REPORT"}


class CaldavTransport:
    """A client of the library with a separate session, used for a single request at a time.

    `latest` are the Date header of the latest response, whatever its status, and the library's
    description of its connection.
    """

    def __init__(self, settings: ConnectionSettings) -> None:
        self.settings = settings
        self.latest: tuple[str, object] | None = None
        self._received = b""
        self._reused = False
        self._client = DAVClient(
            settings.origin,
            auth=_auth(settings),
            timeout=(settings.timeouts.connect, settings.timeouts.read),  # type: ignore[arg-type]
            ssl_verify_cert=settings.ca_file or environment_ca_file() or True,
            headers={"User-Agent": "afterword", "Accept-Encoding": "identity"},
            enable_rfc6764=False,
            rate_limit_handle=False,
        )
        self._client.session.close()
        self._client.session = _CheckedSession(settings.origin, self._checked)

    def send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        """Return a 2xx response; raise an AfterwordError for anything else."""
        try:
            try:
                return self._send(method, url, body, headers)
            except niquests.exceptions.ConnectionError as error:
                timed_out = isinstance(error, niquests.exceptions.Timeout)
                if timed_out or not self._reused or method not in _SAFE_METHODS:
                    raise
                # The server closed an idle connection just as a harmless request left.
                self.close()
                return self._send(method, url, body, headers)
        except AfterwordError:
            raise
        except Exception as error:  # noqa: BLE001 - raised again, as an error of ours if possible
            self.close()
            raise self._translated(error) from None

    def close(self) -> None:
        """Close the connection; the next request opens a new connection."""
        self._reused = False
        self._client.close()

    def _send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        # The library names a str, but passes bytes on unchanged.
        response = self._client.request(url, method, body, dict(headers))  # type: ignore[arg-type]
        self._reused = True
        tree = self._parsed(str(response.headers.get("Content-Type", "")))
        return DavResponse(etag=response.headers.get("ETag"), tree=tree, body=self._received)

    def _parsed(self, content_type: str) -> Any:
        """Return the XML of the received body, None if it is none and does not claim to be any."""
        if not self._received or not dav_xml.is_xml(self._received):
            return None
        try:
            return dav_xml.parse_xml(self._received)
        except ParseError:
            if "xml" in content_type.lower():
                raise
            return None

    def _checked(self, response: niquests.Response) -> _CheckedResponse:
        settings = self.settings
        self.latest = (str(response.headers.get("Date", "")), response.conn_info)
        self._received = responses.read_checked_body(response, settings.origin, settings.now)
        return _CheckedResponse(
            status_code=response.status_code or 0,
            reason=response.reason or "",
            headers=response.headers,
        )

    def _translated(self, error: Exception) -> Exception:
        """Return our error for an error of the libraries, any other error unchanged."""
        origin, reason = self.settings.origin, responses.root_cause(error)
        if isinstance(error, niquests.exceptions.SSLError):
            return untrusted(origin, error)
        if isinstance(error, OSError | niquests.exceptions.RequestException):
            return responses.connection_lost(origin, reason)
        if isinstance(error, caldav.lib.error.DAVError | ParseError | ValueError | TypeError):
            return RefusedError(
                f"{origin} answered what no calendar server answers ({reason}); check the address."
            )
        return error


class _CheckedResponse(NamedTuple):
    """A response as the library reads it, after its body passed our checks.

    It is without the body: the library's parser would accept document types.
    """

    status_code: int
    reason: str
    headers: Any
    content: bytes = b""
    text: str = ""


class _CheckedSession(niquests.Session):
    """A session that follows no redirect and returns only responses that passed `check`."""

    def __init__(self, origin: str, check: Callable[[niquests.Response], _CheckedResponse]) -> None:
        # HTTP/1.1 as everywhere, no cookies, and no questions to certificate authorities.
        super().__init__(
            disable_http2=True,
            disable_http3=True,
            allow_incoming_cookies=False,
            revocation_configuration=None,
        )
        # No proxy for this machine, least of all with the password.
        self.trust_env = not is_loopback(host_of(origin))
        self._check = check

    def request(self, method: str, url: str, **options: Any) -> Any:  # type: ignore[override]
        """Send a request and return its checked response."""
        options |= {"stream": True, "allow_redirects": False}
        return self._check(super().request(method, url, **options))


def _auth(settings: ConnectionSettings) -> Any:
    """Return the authentication of requests: never ~/.netrc, not even without a password.

    The client adds access tokens itself, as they change.
    """
    if not isinstance(settings.login, Login):
        return lambda request: request
    kind = niquests.auth.HTTPDigestAuth if settings.digest else niquests.auth.HTTPBasicAuth
    return kind(settings.login.user, settings.login.password)
