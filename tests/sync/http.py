"""The model behind HTTP, on loopback: what the adapter sees of servers that are odd, or hostile."""

from __future__ import annotations

import base64
import contextlib
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

import attrs

from tests.sync.model import Model, Refusal

USER, PASSWORD = "sam", "s3cret-Zk9"
HOME, CALENDAR = "/dav/sam/", "/dav/sam/jobs/"
_SPACES = 'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'


@attrs.frozen
class Request:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def user(self) -> str | None:
        scheme, _, value = self.headers.get("authorization", "").partition(" ")
        return base64.b64decode(value).decode() if scheme == "Basic" else scheme or None


@attrs.frozen
class Reply:
    """An answer; `raw` goes out as it is, headers and all, piece by piece."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = attrs.field(factory=dict)
    raw: Iterator[bytes] | None = None


Twist = Callable[[Request], Reply | None]


@attrs.define(slots=False)
class DavServer:
    """`twist` may answer in the server's place. `log` has every request.

    `connections` counts those that were opened.
    """

    model: Model = attrs.field(factory=Model)
    twist: Twist | None = None
    log: list[Request] = attrs.field(factory=list)
    url: str = ""
    connections: int = 0

    def methods(self) -> list[str]:
        return [request.method for request in self.log]

    def answer(self, request: Request) -> Reply:
        self.log.append(request)
        twisted = self.twist(request) if self.twist else None
        if twisted:
            return twisted
        if request.user != f"{USER}:{PASSWORD}":
            return Reply(401, headers={"WWW-Authenticate": 'Basic realm="cal"'})
        try:
            return self._act(request)
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body.encode(), refusal.headers)

    def _act(self, request: Request) -> Reply:
        name = request.path.removeprefix(CALENDAR)
        if request.method == "PROPFIND":
            return self._propfind(request)
        if request.method == "MKCALENDAR":
            self.model.make(re.findall(r"<displayname>(.*?)</", request.body.decode())[0])
            return Reply(201)
        if not request.path.startswith(CALENDAR):
            raise Refusal(404)
        if self.model.refuses_if_none_match and "if-none-match" in request.headers:
            raise Refusal(400, "If-None-Match is not supported")
        if request.method == "REPORT":
            return self._report(request)
        if request.method == "PUT":
            etag = self.model.put(
                name,
                request.body,
                new=request.headers.get("if-none-match") == "*",
                etag=request.headers.get("if-match"),
            )
            return Reply(201, headers={"ETag": etag} if etag else {})
        if request.method == "DELETE":
            self.model.delete(name, etag=request.headers.get("if-match"))
            return Reply(204)
        if name not in self.model.objects:
            raise Refusal(404)
        body, etag = self.model.objects[name]
        return Reply(200, body, {"ETag": etag, "Content-Type": "text/calendar"})

    def _propfind(self, request: Request) -> Reply:
        if request.path == CALENDAR and request.headers.get("depth") == "1":
            listed = self.model.listing()
            return multistatus(
                _calendar(self.model),
                *(_member(name, _etag(etag)) for name, etag in listed.items()),
            )
        if request.path == CALENDAR:
            self.model.check()
            return multistatus(_calendar(self.model))
        if request.path == HOME and request.headers.get("depth") == "1":
            calendars = [_calendar(self.model)] if self.model.exists else []
            return multistatus(_plain(HOME, _WHO), *calendars)
        if request.path in {"/dav/", HOME, "/principals/sam/"}:
            return multistatus(_plain(request.path, _WHO))
        raise Refusal(404)

    def _report(self, request: Request) -> Reply:
        if b"calendar-multiget" in request.body:
            self.model.check()
            names = [
                href.decode().removeprefix(CALENDAR)
                for href in re.findall(rb"<href>(.*?)</href>", request.body)
            ]
            return multistatus(*(self._object(name) for name in names))
        found = re.search(rb"<sync-token>t:(\d+)</sync-token>", request.body)
        if not found and b"<sync-token>" in request.body:
            raise Refusal(403, "<error xmlns='DAV:'><valid-sync-token/></error>")
        etags, gone, following = self.model.changes(int(found[1]) if found else None)
        members = [_member(name, _etag(etag)) for name, etag in etags.items()]
        members += [_gone(name) for name in gone]
        return multistatus(*members, f"<sync-token>t:{following}</sync-token>")

    def _object(self, name: str) -> str:
        if name not in self.model.objects or name in self.model.hidden:
            return _gone(name)
        body, etag = self.model.objects[name]
        data = f"<C:calendar-data>{escape(body.decode())}</C:calendar-data>"
        return _member(name, _etag(etag) + data)


_WHO = (
    "<resourcetype><collection/></resourcetype>"
    "<current-user-principal><href>/principals/sam/</href></current-user-principal>"
    f"<C:calendar-home-set><href>{HOME}</href></C:calendar-home-set>"
)


def multistatus(*parts: str) -> Reply:
    text = f'<?xml version="1.0"?><multistatus {_SPACES}>{"".join(parts)}</multistatus>'
    return Reply(207, text.encode(), {"Content-Type": "application/xml; charset=utf-8"})


def _plain(path: str, props: str) -> str:
    ok = "<status>HTTP/1.1 200 OK</status>"
    return f"<response><href>{path}</href><propstat><prop>{props}</prop>{ok}</propstat></response>"


def _member(name: str, props: str) -> str:
    return _plain(CALENDAR + name, props)


def _gone(name: str) -> str:
    path = CALENDAR + name
    return f"<response><href>{path}</href><status>HTTP/1.1 404 Not Found</status></response>"


def _calendar(model: Model) -> str:
    kind = "<C:calendar/>"
    if model.trashed:
        kind = '<deleted-calendar xmlns="http://nextcloud.com/ns"/>'
    may = "<read/>" if model.writable is False else "<write/>"
    token = f"<sync-token>t:{len(model.journal)}</sync-token>" if model.knows_tokens else ""
    return _plain(
        CALENDAR,
        f"<resourcetype><collection/>{kind}</resourcetype><displayname>Jobs</displayname>{token}"
        f"<current-user-privilege-set><privilege>{may}</privilege></current-user-privilege-set>"
        '<C:supported-calendar-component-set><C:comp name="VEVENT"/>'
        "</C:supported-calendar-component-set>",
    )


def _etag(etag: str) -> str:
    return f"<getetag>{escape(etag)}</getetag>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    dav: DavServer

    def log_message(self, *_: object) -> None:
        pass

    def setup(self) -> None:
        super().setup()
        self.dav.connections += 1

    def serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.dav.answer(Request(self.command, self.path, headers, body))
        if reply.raw is not None:
            self.close_connection = True
            for piece in reply.raw:
                self.wfile.write(piece)
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)


class _Threads(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that has gone is what some tests are about."""


@contextlib.contextmanager
def serving(dav: DavServer, tls: ssl.SSLContext | None = None) -> Iterator[DavServer]:
    """Serve it on a port of its own for the length of the block."""
    handler = type("Handler", (_Handler,), {"dav": dav})
    with _Threads(("127.0.0.1", 0), handler) as server:
        if tls:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        dav.url = f"http{'s' * bool(tls)}://127.0.0.1:{server.server_address[1]}"
        yield dav
        server.shutdown()
        thread.join()
