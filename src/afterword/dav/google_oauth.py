"""Log in to Google with OAuth 2 for installed apps: consent in the browser, then access tokens.

https://developers.google.com/identity/protocols/oauth2/native-app
The library google-auth-oauthlib is imported here only; its requests are sent by our transport.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs

from afterword.dav.client import DavClient
from afterword.dav.responses import StatusError, fault_error
from afterword.domain.sanitize import clean_line
from afterword.errors import LoginError, RefusedError, TryLaterError, UsageError
from afterword.formats.text_decoding import parse_json

if TYPE_CHECKING:
    import requests

AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
INSTALL = (
    "`pipx inject afterword google-auth-oauthlib keyring`, "
    "or with pip alone `pip install 'afterword[google]'`"
)
"""The commands that install what a login to Google needs."""

TESTING = (
    'in "Testing" a permission ends after seven days: publish the app ("In production") at '
    "https://console.cloud.google.com/auth/audience, and log in again"
)
"""The advice about an app that is not published."""

_SCOPE = "https://www.googleapis.com/auth/calendar"
_HOST = "127.0.0.1"
_PATIENCE = 600.0
_LARGEST = 100_000
_REFUSED = 401
_DONE = "afterword may use your calendar now. You can close this page."
_LOGGERS = ("google", "google_auth_oauthlib", "oauthlib", "requests_oauthlib")
_AGAIN = "start again: afterword calendars --server google"
_OTHER_CLIENT = (
    "Google does not know the client {client}, or its secret is wrong",
    ["give its JSON file again: afterword calendars --server google --google-client FILE"],
)
_REFUSALS = {
    "access_denied": (
        "access to your calendars was not granted",
        [
            (
                'if Google did not let you agree: while the app is in "Testing", your address '
                "must be among its test users"
            ),
            _AGAIN,
        ],
    ),
    "invalid_client": _OTHER_CLIENT,
    "unauthorized_client": _OTHER_CLIENT,
    "deleted_client": _OTHER_CLIENT,
    "invalid_grant": (
        "Google does not accept the permission any more",
        ["log in again: afterword calendars --server google", TESTING],
    ),
}

Connect = Callable[[str], DavClient]
"""Returns a client without a login for an address."""


@attrs.frozen(kw_only=True)
class OAuthClient:
    """The user's own client at Google: a desktop app in a project of theirs."""

    client_id: str
    client_secret: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Permission:
    """The user's permission to use their calendars.

    `ends` is set if Google said when, as it does for an app that is in "Testing".
    """

    client: OAuthClient
    refresh_token: str = attrs.field(repr=False)
    granted: dt.datetime
    ends: dt.datetime | None = None

    def to_json(self) -> str:
        """Return the permission as a text for the keyring."""
        return json.dumps(
            attrs.asdict(self.client)
            | {
                "refresh_token": self.refresh_token,
                "granted": self.granted.isoformat(),
                "ends": self.ends and self.ends.isoformat(),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Permission | None:
        """Return the permission of `to_json`; None for any other text."""
        try:
            value = parse_json(text)
            return cls(
                client=OAuthClient(
                    client_id=str(value["client_id"]), client_secret=str(value["client_secret"])
                ),
                refresh_token=str(value["refresh_token"]),
                granted=dt.datetime.fromisoformat(value["granted"]),
                ends=dt.datetime.fromisoformat(value["ends"]) if value["ends"] else None,
            )
        except (ValueError, TypeError, KeyError):
            return None


def parse_client_file(data: bytes, name: str) -> OAuthClient:
    """Return the client in a JSON file that Google offers for download.

    Raises UsageError, which says how to get the right one.
    """
    again = ["create a client of the type Desktop app, and download its JSON (see README, Google)"]
    try:
        document = parse_json(data) if len(data) <= _LARGEST else None
    except ValueError:
        document = None
    kinds = document if isinstance(document, dict) else {}
    if "web" in kinds:
        raise UsageError(f"{name} is of a web application, which cannot log in from here", again)
    client = kinds.get("installed")
    client = client if isinstance(client, dict) else {}
    client_id, secret = client.get("client_id"), client.get("client_secret")
    if not (isinstance(client_id, str) and isinstance(secret, str) and client_id and secret):
        raise UsageError(f"{name} is not the JSON file of a client at Google", again)
    return OAuthClient(client_id=client_id, client_secret=secret)


def check_installed() -> None:
    """Raise UsageError, with the command that installs it, if the library is missing."""
    # Imported, not looked up: one of its own dependencies may be missing.
    try:
        importlib.import_module("google_auth_oauthlib")
    except ImportError:
        raise UsageError(
            "Google needs a library that is not installed: google-auth-oauthlib", [INSTALL]
        ) from None


def ask_consent(
    client: OAuthClient,
    user: str,
    connect: Connect,
    *,
    show_page: Callable[[str], None],
    now: dt.datetime,
    timeout: float = _PATIENCE,
) -> tuple[Permission, str]:
    """Ask the user's consent in the browser; return the permission and the first access token.

    `show_page` gets the address of the page, which answers to a port of this computer. Raises
    LoginError if the user refuses, or the answer is not that to our question, and
    TryLaterError after `timeout` seconds.
    """
    check_installed()
    from google_auth_oauthlib.flow import InstalledAppFlow

    class Flow(InstalledAppFlow):  # type: ignore[misc]  # the library may be missing
        def authorization_url(self, **kwargs: Any) -> tuple[str, str]:
            url, state = super().authorization_url(**kwargs)
            show_page(url)
            return url, state

    config = attrs.asdict(client) | {"auth_uri": AUTH_URI, "token_uri": TOKEN_URI}
    flow = Flow.from_client_config(
        {"installed": config}, scopes=[_SCOPE], autogenerate_code_verifier=True
    )
    with _translated(client), connect(TOKEN_URI) as server:
        _send_with(flow.oauth2session, server)
        flow.run_local_server(
            host=_HOST,
            port=0,
            open_browser=False,
            authorization_prompt_message=None,
            success_message=_DONE,
            timeout_seconds=timeout,
            prompt="consent",
            login_hint=user,
        )
        answer = dict(flow.oauth2session.token)
    refresh_token, token = answer.get("refresh_token"), answer.get("access_token")
    if not refresh_token or not token:
        raise RefusedError(f"Google gave no permission that lasts; {_AGAIN}")
    seconds = answer.get("refresh_token_expires_in")
    ends = now + dt.timedelta(seconds=int(seconds)) if seconds else None
    permission = Permission(client=client, refresh_token=str(refresh_token), granted=now, ends=ends)
    return permission, str(token)


def fetch_token(permission: Permission, connect: Connect) -> str:
    """Return a new access token.

    Raises LoginError if Google does not accept the permission any more.
    """
    check_installed()
    import requests
    from google.auth.transport.requests import Request
    from google.oauth2.credentials import Credentials

    client = permission.client
    credentials = Credentials(
        token=None,
        refresh_token=permission.refresh_token,
        token_uri=TOKEN_URI,
        **attrs.asdict(client),
    )
    with _translated(client), connect(TOKEN_URI) as server, requests.Session() as session:
        _send_with(session, server)
        credentials.refresh(Request(session))
    return str(credentials.token)


def _send_with(session: requests.Session, server: DavClient) -> None:
    """Let a session of the library send its requests by our transport, and to no other server.

    So redirects, sizes, certificates and proxies are treated as for calendars.
    """
    import requests.adapters

    class Adapter(requests.adapters.BaseAdapter):  # type: ignore[misc, unused-ignore]
        def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
            body: Any = request.body or b""
            names = ("Accept", "Authorization", "Content-Type")
            sent: Any = request.headers
            headers = {name: sent[name] for name in names if name in sent}
            status = 200
            try:
                content = server.request(
                    request.method or "",
                    request.url or "",
                    body.encode() if isinstance(body, str) else body,
                    headers,
                ).body
            except StatusError as error:
                if fault := fault_error(error):
                    raise fault from None
                status, content = error.status, error.body
            except LoginError:
                status, content = _REFUSED, b'{"error": "invalid_client"}'
            response = requests.Response()
            response.status_code, response.url = status, request.url or ""
            response.request = request
            response._content = content  # noqa: SLF001 - how the library's own tests make one
            return response

        def close(self) -> None:
            """Do nothing: the server is closed by who opened it."""

    session.trust_env = False
    for scheme in ("https://", "http://"):
        session.mount(scheme, Adapter())


@contextmanager
def _translated(client: OAuthClient) -> Iterator[None]:
    """Raise the errors of the libraries as ours; keep their logs, which have secrets, silent."""
    from google.auth.exceptions import RefreshError
    from google_auth_oauthlib.flow import WSGITimeoutError
    from oauthlib.oauth2 import MismatchingStateError, OAuth2Error

    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    except WSGITimeoutError:
        raise TryLaterError(f"nobody agreed in the browser in time; {_AGAIN}") from None
    except MismatchingStateError:
        raise LoginError(
            "the answer in the browser was to another question (its state differs), so it was "
            f"not used; {_AGAIN}"
        ) from None
    except OAuth2Error as error:
        raise _refusal(str(error.error or ""), client) from None
    except RefreshError as error:
        reason = str(error.args[0]) if error.args else ""
        raise _refusal(reason.partition(":")[0], client) from None
    except RecursionError:
        # The json module's, for an answer that is nested deeply; the libraries let it escape.
        raise RefusedError("Google's answer cannot be read") from None
    except Warning:
        # The library raises it if another scope was granted than asked for.
        raise LoginError(
            f"the permission does not include your calendars: tick their box; {_AGAIN}"
        ) from None


def _refusal(reason: str, client: OAuthClient) -> LoginError:
    """Return the error for a reason of RFC 6749."""
    if reason in _REFUSALS:
        message, hints = _REFUSALS[reason]
        return LoginError(message.format(client=client.client_id), hints)
    detail = f" ({clean_line(reason)[:60]})" if reason else ""
    return LoginError(f"Google refused the login{detail}", [_AGAIN])
