"""The short way to a server: HTTP/1.1 by the standard library, for what is asked a thousand times.

It knows Basic logins and servers that are reached without a proxy; whatever else
there is goes the library's way.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import re
import select
import socket
import ssl
from collections.abc import Iterator, Mapping
from http.client import (  # noqa: TID251 - this is one of the two ways to the network
    HTTP_PORT,
    HTTPS_PORT,
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from afterword.dav import responses
from afterword.dav.client import ConnectionSettings
from afterword.dav.responses import ConnectionLostError, DavResponse
from afterword.dav.tls import untrusted

# No answer has a document type, by which small ones become large and files are read.
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<[^!?]", re.DOTALL)
_QUESTIONS = {"GET", "OPTIONS", "PROPFIND", "REPORT"}
_XML = {"Content-Type": "text/xml; charset=utf-8"}
_NO_XML = ("text/plain", "text/calendar", "application/octet-stream")


class StdlibTransport:
    """One connection, which is opened when it is needed, and again where the server closed it."""

    def __init__(self, peer: ConnectionSettings) -> None:
        """Speak to that side; nothing is sent yet."""
        self._peer = peer
        self._http = _opened(peer)
        self._let_go = False
        self._headers = {
            "User-Agent": "afterword",
            "Accept": "text/xml, text/calendar",
            "Accept-Encoding": "identity",
        }
        if peer.login:
            pair = f"{peer.login.user}:{peer.login.password}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"

    def send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> DavResponse:
        """Return an answer of the 200s; raise one of our errors for anything else."""
        where = self._peer.origin
        try:
            content, response = self._asked(method, url, body, headers)
        except (OSError, HTTPException) as error:
            self._http.close()
            raise ConnectionLostError(
                responses.connection_lost_message(where, responses.root_cause(error))
            ) from None
        except ValueError as error:
            self._http.close()
            raise responses.invalid_response_error(where, error) from None
        except BaseException:
            # What is left of an answer would be taken for the next one.
            self._http.close()
            raise
        kind = response.headers.get("Content-Type", "").lower()
        tree = _parsed(content, kind, where)
        return DavResponse(etag=response.headers.get("ETag"), tree=tree, body=content)

    def close(self) -> None:
        """Let go of the other side for good; whoever still waits for it is set free."""
        self._let_go = True
        if self._http.sock is not None:
            with contextlib.suppress(OSError):
                self._http.sock.shutdown(socket.SHUT_RDWR)
        self._http.close()

    def _asked(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[bytes, _Response]:
        again = self._http.sock is not None and method in _QUESTIONS
        try:
            return self._exchange(method, url, body, headers)
        except ConnectionError:
            # It may have been closed for its age just when the question was on its way.
            if not again:
                raise
            self._http.close()
            return self._exchange(method, url, body, headers)

    def _exchange(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[bytes, _Response]:
        self._connect()
        named = (_XML if body else {}) | self._headers | dict(headers)
        told = {name: value.encode() for name, value in named.items()}
        self._http.request(method, _target(url), body or None, told)
        response = _Response(url, self._http.getresponse())
        self._peer.seen((response.headers.get("Date", ""), None))
        return responses.read_checked_body(response, self._peer.origin, self._peer.now), response

    def _connect(self) -> None:
        """Open the connection, if it is not, or if the server has closed it meanwhile."""
        if self._http.sock is not None and _has_news(self._http.sock):
            self._http.close()
        if self._http.sock is None:
            try:
                self._http.connect()
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError):
                raise
            except ssl.SSLError as error:
                raise untrusted(self._peer.origin, error) from None
            sock: Any = self._http.sock
            sock.settimeout(self._peer.limits.read)
        if self._let_go:
            # What comes so late is no longer waited for, and may have been sent anew.
            raise TimeoutError("the connection came too late")


class _Response:
    """An answer as `answers.checked` reads it."""

    def __init__(self, url: str, response: HTTPResponse) -> None:
        self.url = url
        self.status_code = response.status
        self.headers = response.headers
        self._response = response

    def iter_raw(self, size: int) -> Iterator[bytes]:
        while piece := self._response.read(size):
            yield piece
        if self._response.length:
            raise IncompleteRead(b"", self._response.length)

    def close(self) -> None:
        self._response.close()


def _target(url: str) -> str:
    """Return what a request names: the path with its query (RFC 9112 3.2.1)."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _opened(peer: ConnectionSettings) -> HTTPConnection:
    parts = urlsplit(peer.origin)
    host, patience = parts.hostname or "", peer.limits.connect
    # Without a port the library would look for one in the colons of an IPv6 number.
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port or HTTP_PORT, timeout=patience)
    context = _context(peer.trusted)
    return HTTPSConnection(host, parts.port or HTTPS_PORT, timeout=patience, context=context)


@functools.cache
def _context(trusted: str | None) -> ssl.SSLContext:
    """Return what certificates are checked by; reading them all takes longer than a request."""
    return ssl.create_default_context(cafile=trusted)


def _parsed(content: bytes, kind: str, where: str) -> Any:
    """Return the XML of a body, None where it has none, whatever it is called."""
    if not content or kind.startswith(_NO_XML):
        return None
    try:
        return ET.XML(content if _BEGINNING.match(content) else b"")
    except (SyntaxError, ValueError) as error:
        if "xml" in kind or not kind:
            raise responses.invalid_response_error(where, error) from None
        return None


def _has_news(sock: socket.socket) -> bool:
    """Tell whether the other side said something unasked: that it has gone, or will not stay."""
    readable, _, _ = select.select([sock], [], [], 0)
    return bool(readable)
