"""A reverse proxy on loopback that breaks chosen requests, before or after the server sees them."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection  # noqa: TID251 - it stands on the server's side
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import Any, Literal
from urllib.parse import urlsplit

import attrs

_PATIENCE = 60.0
_POLL = 0.02
# They concern one connection and not the message (RFC 9110, 7.6.1); the length is written anew.
_OF_THE_CONNECTION = {
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
# Closing the socket then sends RST at once.
_NO_LINGER = struct.pack("ii", 1, 0)

# ---------------------------------------------------------------------- faults


@attrs.frozen
class Drop:
    """Close the connection without a response."""


@attrs.frozen
class Reset:
    """Reset the connection without a response."""


@attrs.frozen
class Hang:
    """Send nothing for a while, then close the connection."""

    seconds: float


@attrs.frozen
class Truncate:
    """Send half of the body under its full length, then close the connection."""


@attrs.frozen
class Reply:
    """Send this response instead of the server's."""

    status: int
    headers: dict[str, str] = attrs.field(factory=dict)
    body: str = ""


@attrs.frozen
class Remove:
    """Remove what matches the pattern from the body of the response."""

    pattern: str


@attrs.frozen
class Call:
    """Call a function at that moment, then close the connection without a response."""

    function: Callable[[], object]


Fault = Drop | Reset | Hang | Truncate | Reply | Remove | Call
When = Literal["request", "response"]


@attrs.frozen(kw_only=True)
class Rule:
    """Break the requests number `first` to `last` of those with this method.

    `when` is "request" (the server never sees it) or "response" (the server has
    done it, the client does not learn of it). `last` is None for all that follow.
    """

    fault: Fault
    when: When = "request"
    first: int = 1
    last: int | None = None
    method: str | None = None

    @classmethod
    def once(cls, fault: Fault, when: When = "request", nth: int = 1) -> Rule:
        """Break one request of any method."""
        return cls(fault=fault, when=when, first=nth, last=nth)

    def breaks(self, number: int) -> bool:
        """Return True if the rule breaks the request with this number."""
        return self.first <= number <= (self.last or number)


@attrs.frozen
class Request:
    """A request as the proxy received it."""

    method: str
    path: str


@attrs.frozen
class _Response:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


# ----------------------------------------------------------------------- proxy


class FaultProxy:
    """A proxy in front of one server; `url` is its address, `log` has every request."""

    def __init__(self, upstream: str, rules: tuple[Rule, ...]) -> None:
        self.url = ""
        self.log: list[Request] = []
        self.closing = threading.Event()
        self.failures: list[BaseException] = []
        self._upstream = urlsplit(upstream)
        self._lock = threading.Lock()
        self.use(*rules)

    def use(self, *rules: Rule) -> None:
        """Replace the rules; each counts its requests from here on."""
        self._rules = rules
        self._seen = [0] * len(rules)

    def receive(self, request: Request) -> Rule | None:
        """Note a request, and return the first rule that breaks it."""
        with self._lock:
            self.log.append(request)
            found = None
            for index, rule in enumerate(self._rules):
                if rule.method in {None, request.method}:
                    self._seen[index] += 1
                    if found is None and rule.breaks(self._seen[index]):
                        found = rule
            return found

    def forward(self, request: Request, headers: dict[str, str], body: bytes) -> _Response:
        """Send a request on to the server, and return the whole response."""
        host, port = self._upstream.hostname or "", self._upstream.port
        # An encoded body could not be edited.
        left_out = {*_OF_THE_CONNECTION, "accept-encoding"}
        kept = {name: value for name, value in headers.items() if name.lower() not in left_out}
        connection = HTTPConnection(host, port, timeout=_PATIENCE)
        with contextlib.closing(connection):
            connection.request(request.method, request.path, body, kept)
            with connection.getresponse() as answer:
                return _Response(answer.status, tuple(answer.getheaders()), answer.read())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: FaultProxy

    def log_message(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Request(self.command, self.path)
        rule = self.proxy.receive(request)
        response = None
        if rule is None or rule.when == "response":
            response = self.proxy.forward(request, dict(self.headers), body)
        match rule.fault if rule else None:
            case Drop():
                self._cut_off()
            case Reset():
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                self._cut_off()
            case Hang(seconds):
                self.proxy.closing.wait(seconds)
                self._cut_off()
            case Call(function):
                function()
                self._cut_off()
            case Reply(status, headers, text):
                self._send(_Response(status, tuple(headers.items()), text.encode()))
            case fault:
                response = response or self.proxy.forward(request, dict(self.headers), body)
                if isinstance(fault, Remove):
                    left = re.sub(fault.pattern.encode(), b"", response.body)
                    response = attrs.evolve(response, body=left)
                self._send(response, half=isinstance(fault, Truncate))

    def _send(self, response: _Response, *, half: bool = False) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers:
            if name.lower() not in _OF_THE_CONNECTION:
                self.send_header(name, value)
        if response.status not in {204, 304}:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body[: len(response.body) // 2] if half else response.body)
        if half:
            self._cut_off()

    def _cut_off(self) -> None:
        self.close_connection = True
        # Both hold the socket, which is closed with the last of them.
        self.rfile.close()
        self.connection.close()


class _Threads(ThreadingMixIn, HTTPServer):
    # The end waits for all threads, so that none of them holds a socket after it.
    daemon_threads = False
    request_queue_size = 64

    def __init__(self, proxy: FaultProxy) -> None:
        self._proxy = proxy
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), type("Handler", (_Handler,), {"proxy": proxy}))
        proxy.url = f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: object) -> None:
        error = sys.exception()
        # A client that has gone is one of the things that the tests are about.
        if error and not isinstance(error, ConnectionError):
            self._proxy.failures.append(error)

    def end(self) -> None:
        """End what hangs, close what is open, and wait for all threads."""
        self._proxy.closing.set()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


@contextlib.contextmanager
def fault_proxy(upstream: str, *rules: Rule) -> Iterator[FaultProxy]:
    """Run a proxy in front of a server for the length of the block.

    An error of the proxy itself is raised at the end: it is none of the faults.
    """
    proxy = FaultProxy(upstream, rules)
    server = _Threads(proxy)
    thread = threading.Thread(target=server.serve_forever, args=(_POLL,))
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.end()
    if proxy.failures:
        raise proxy.failures[0]
