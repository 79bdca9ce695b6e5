"""Gates on loopback: access tokens that wear out, and OAuth 2 as Google does it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection  # noqa: TID251 - it stands on the server's side
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import attrs

from tests.sync.http import (
    CALENDAR,
    PASSWORD,
    USER,
    DavServer,
    Reply,
    Request,
    multistatus,
)
from tests.sync.servers import Real

CLIENT_ID, CLIENT_SECRET = "1234-abcd.apps.googleusercontent.com", "GOCSPX-cl1ent-s3cret"
ACCOUNT = "sam@gmail.com"
GOOGLE_HOME = f"/caldav/v2/{ACCOUNT}/"
MAIN_CALENDAR = f"{GOOGLE_HOME}events/"
JOB_CALENDAR = "/caldav/v2/c_1@group.calendar.google.com/events/"
SCOPE = "https://www.googleapis.com/auth/calendar"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
Answer = Callable[[Request], Reply]


@attrs.define(slots=False)
class TokenGate:
    """Lets a token through `uses` times, and every request with a good token to the server.

    `issued` has all tokens.
    """

    server: Answer
    uses: int = 3
    issued: list[str] = attrs.field(factory=list)
    left: dict[str, int] = attrs.field(factory=dict)
    refused: int = 0
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def issue(self) -> str:
        with self._lock:
            token = f"ya29.t0ken-{len(self.issued)}"
            self.issued.append(token)
            self.left[token] = self.uses
        return token

    def __call__(self, request: Request) -> Reply:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            good = kind == "Bearer" and self.left.get(token, 0) > 0
            if good:
                self.left[token] -= 1
            else:
                self.refused += 1
        if not good:
            challenge = 'Bearer realm="cal", error="invalid_token"'
            return Reply(401, headers={"WWW-Authenticate": challenge})
        return self.server(request)


def behind(server: DavServer) -> Answer:
    """Return the answers of a server of ours, which gets its password."""
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def answer(request: Request) -> Reply:
        headers = {**request.headers, "authorization": f"Basic {login}"}
        return server.answer(attrs.evolve(request, headers=headers))

    return answer


def behind_real(real: Real) -> Answer:
    """Return the answers of a real server, which gets its password."""
    address = urlsplit(real.url)

    def answer(request: Request) -> Reply:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in {"authorization", "connection", "host"}
        }
        if real.login:
            login = base64.b64encode(f"{real.login.user}:{real.login.password}".encode())
            headers["authorization"] = f"Basic {login.decode()}"
        connection = HTTPConnection(address.hostname or "", address.port)
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        kept = {
            name: value
            for name, value in response.getheaders()
            if name.lower() in {"content-type", "etag", "dav", "location"}
        }
        body = response.read()
        connection.close()
        return Reply(response.status, body, kept)

    return answer


def google_calendars(server: DavServer) -> Answer:
    """Return the answers of Google's CalDAV: a main calendar, and one for the job search."""
    job = behind(server)

    def answer(request: Request) -> Reply:
        path = unquote(request.path)
        if path.startswith(JOB_CALENDAR):
            inner = attrs.evolve(
                request,
                path=path.replace(JOB_CALENDAR, CALENDAR),
                body=request.body.replace(JOB_CALENDAR.encode(), CALENDAR.encode()),
            )
            reply = job(inner)
            body = reply.body.replace(CALENDAR.encode(), quote(JOB_CALENDAR).encode())
            return attrs.evolve(reply, body=body)
        if request.method == "MKCALENDAR":
            return Reply(403)
        if path == MAIN_CALENDAR:
            return multistatus(_calendar(MAIN_CALENDAR, ACCOUNT))
        if path in {"/caldav/v2/", f"{GOOGLE_HOME}user"}:
            return multistatus(_resource(path, _principal()))
        if path == GOOGLE_HOME and request.headers.get("depth") == "1":
            calendars = (_calendar(MAIN_CALENDAR, ACCOUNT), _calendar(JOB_CALENDAR, "Job search"))
            return multistatus(_resource(path, _principal()), *calendars)
        return Reply(404)

    return answer


def _principal() -> str:
    return (
        "<resourcetype><collection/></resourcetype>"
        f"<current-user-principal><href>{quote(GOOGLE_HOME)}user</href></current-user-principal>"
        f"<C:calendar-home-set><href>{quote(GOOGLE_HOME)}</href></C:calendar-home-set>"
    )


def _calendar(path: str, name: str) -> str:
    return _resource(
        path,
        "<resourcetype><collection/><C:calendar/></resourcetype>"
        f"<displayname>{name}</displayname>"
        f"<owner><href>{quote(path.removesuffix('events/'))}user</href></owner>"
        '<C:supported-calendar-component-set><C:comp name="VEVENT"/>'
        "</C:supported-calendar-component-set>",
    )


def _resource(path: str, properties: str) -> str:
    ok = "<status>HTTP/1.1 200 OK</status>"
    prop = f"<prop>{properties}</prop>"
    return f"<response><href>{quote(path)}</href><propstat>{prop}{ok}</propstat></response>"


@attrs.define(kw_only=True)
class OAuthGate:
    """The endpoints of Google's OAuth 2 in front of a token gate, and a browser that agrees.

    `answer_in_browser` is what the user does: "agree", "deny", or what goes wrong there.
    `refuses` is the error of the token endpoint, `moved_to` where it redirects. `ends_in` are
    the seconds that a permission lasts, as in "Testing".
    """

    gate: TokenGate
    answer_in_browser: str = "agree"
    refuses: str = ""
    moved_to: str = ""
    ends_in: int | None = None
    scope: str = SCOPE
    pages: list[dict[str, str]] = attrs.field(factory=list)
    forms: list[dict[str, str]] = attrs.field(factory=list)
    codes: dict[str, str] = attrs.field(factory=dict)
    permissions: set[str] = attrs.field(factory=set)

    def __call__(self, request: Request) -> Reply:
        if request.path == "/token":
            return self._token(request)
        return self.gate(request)

    def browse(self, url: str) -> None:
        """Open a page as a browser does, beside the program."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.pages.append(query)
        if self.answer_in_browser != "nothing":
            threading.Thread(target=self._follow, args=(query,), daemon=True).start()

    def _follow(self, query: dict[str, str]) -> None:
        code = f"4/c0de-{len(self.codes)}"
        self.codes[code] = query["code_challenge"]
        answers = {
            "agree": {"state": query["state"], "code": code, "scope": self.scope},
            "deny": {"state": query["state"], "error": "access_denied"},
            "another state": {"state": "f0rged", "code": code},
            "a stray request": {},
        }
        back = urlsplit(query["redirect_uri"])
        connection = HTTPConnection(back.hostname or "", back.port)
        connection.request("GET", f"/?{urlencode(answers[self.answer_in_browser])}")
        connection.getresponse().read()
        connection.close()

    def _token(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        self.forms.append(form)
        if self.moved_to:
            return Reply(307, headers={"Location": self.moved_to})
        if self.refuses:
            return _refusal(self.refuses)
        if (self._client(request, form)) != (CLIENT_ID, CLIENT_SECRET):
            return Reply(401, b'{"error": "invalid_client"}', _JSON)
        answer: dict[str, object] = {"token_type": "Bearer", "expires_in": 3599}
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if self.codes.pop(form["code"], None) != challenge:
                return _refusal("invalid_grant")
            permission = f"1//refresh-{len(self.permissions)}"
            self.permissions.add(permission)
            answer |= {"refresh_token": permission, "scope": self.scope}
            if self.ends_in is not None:
                answer["refresh_token_expires_in"] = self.ends_in
        elif form.get("refresh_token") not in self.permissions:
            return _refusal("invalid_grant")
        answer["access_token"] = self.gate.issue()
        return Reply(200, json.dumps(answer).encode(), _JSON)

    @staticmethod
    def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            user, _, password = base64.b64decode(value).decode().partition(":")
            return user, password
        return form.get("client_id", ""), form.get("client_secret", "")


def _refusal(error: str) -> Reply:
    return Reply(400, json.dumps({"error": error}).encode(), _JSON)
