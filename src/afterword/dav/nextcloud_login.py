"""Nextcloud's login flow v2: the user grants access in a browser, which yields an app password.

https://docs.nextcloud.com/server/latest/developer_manual/client_apis/LoginFlow/
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import attrs

from afterword.dav import url_policy
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.interface import NotFoundError
from afterword.dav.responses import StatusError, fault_error
from afterword.domain.sanitize import clean_line
from afterword.errors import RefusedError, TryLaterError, UsageError
from afterword.formats.text_decoding import parse_json

_BEGIN = "/index.php/login/v2"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PAUSE = 2.0
_PATIENCE = 1200.0
_LONGEST = 1024


@attrs.frozen(kw_only=True)
class LoginFlow:
    """A login that has begun: the page for the browser and the endpoint to poll."""

    page: str
    endpoint: str
    token: str = attrs.field(repr=False)


def begin_login(server: DavClient, base: str) -> LoginFlow:
    """Begin a login on the Nextcloud at `base`, the address of its start page.

    Raises RefusedError if the server has no such login, or leads it to another server.
    """
    try:
        document = _post(server, f"{base.rstrip('/')}{_BEGIN}", b"")
    except (NotFoundError, StatusError) as error:
        raise RefusedError(f"{error.message} No Nextcloud of today is at {base}.") from None
    poll = document.get("poll")
    poll = poll if isinstance(poll, dict) else {}
    flow = LoginFlow(
        page=_text(document, "login"), endpoint=_text(poll, "endpoint"), token=_text(poll, "token")
    )
    for named in (flow.page, flow.endpoint):
        _refuse_elsewhere(named, server)
    return flow


def wait_for_login(
    server: DavClient,
    flow: LoginFlow,
    sleep: Callable[[float], None],
    elapsed: Callable[[], float] = time.monotonic,
) -> Login:
    """Poll until the user grants access, and return their name and app password.

    `sleep` waits and `elapsed` counts in seconds. Failures of the server or the network are
    retried. Raises TryLaterError after twenty minutes, when the token expires.
    """
    body = urlencode({"token": flow.token}).encode()
    end = elapsed() + _PATIENCE
    trouble: list[str] = []
    while elapsed() < end:
        pause = _PAUSE
        try:
            document = _post(server, flow.endpoint, body)
        except NotFoundError:
            trouble = []
        except TryLaterError as error:
            trouble = [error.message]
            pause = max(_PAUSE, getattr(error, "seconds", None) or 0.0)
        else:
            user, password = _text(document, "loginName"), _text(document, "appPassword")
            return Login(user=user, password=password)
        sleep(min(pause, _PATIENCE))
    raise TryLaterError("access was not granted in the browser; start again", trouble)


def _post(server: DavClient, url: str, body: bytes) -> dict[str, Any]:
    try:
        answer = server.request("POST", url, body, _FORM)
    except StatusError as error:
        raise fault_error(error) or error from None
    try:
        document = parse_json(answer.body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise RefusedError(f"{server.origin} answered what no Nextcloud answers; is it one?")
    return document


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or value != clean_line(value):
        raise RefusedError(f"the server's answer has no {name}; make an app password by hand")
    return value


def _refuse_elsewhere(named: str, server: DavClient) -> None:
    """Raise RefusedError for an address that is not on the server itself."""
    try:
        origin = url_policy.origin(named)
    except UsageError:
        origin = ""
    if origin != server.origin:
        raise RefusedError(
            f"{server.origin} sends its login to another server; use the address of that one, "
            "or make an app password by hand"
        )
