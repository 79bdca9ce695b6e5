"""A login with OAuth 2 in front of servers that people use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from afterword.dav import google_oauth
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import AccessTokens, TokenLogin
from afterword.dav.google_oauth import OAuthClient, Permission
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError
from tests import secure
from tests.dav.gates import ACCOUNT, CLIENT_ID, CLIENT_SECRET, OAuthGate, TokenGate, behind_real
from tests.sync.http import DavServer, Reply, serving
from tests.sync.people import NOW, Facts, Tool
from tests.sync.servers import Real, running

pytest.importorskip("google_auth_oauthlib", reason="the extra google is not installed")

CLIENT = OAuthClient(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)


@pytest.fixture(scope="module", params=["radicale", "xandikos"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Real]:
    yield from running(request.param, tmp_path_factory.mktemp("server"))


@attrs.define
class Gate:
    """A user, Google's endpoints, and a calendar on a real server behind them."""

    oauth: OAuthGate
    served: DavServer
    path: str

    def connect(self, url: str) -> DavClient:
        return DavClient(url, None, now=lambda: NOW)

    def consent(self, timeout: float = 30.0) -> tuple[Permission, str]:
        return google_oauth.ask_consent(
            *(CLIENT, ACCOUNT, self.connect),
            show_page=self.oauth.browse,
            now=NOW,
            timeout=timeout,
        )

    def tokens(self, permission: Permission) -> AccessTokens:
        return AccessTokens(lambda: google_oauth.fetch_token(permission, self.connect))


@pytest.fixture
def gate(real: Real, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    path = real.calendar().url.removeprefix(real.url)
    oauth = OAuthGate(gate=TokenGate(behind_real(real)))
    with serving(DavServer(twist=oauth)) as served:
        monkeypatch.setattr(google_oauth, "TOKEN_URI", f"{served.url}/token")
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield Gate(oauth, served, path)


@pytest.mark.parametrize("connections", [1, 4])
def test_a_life_with_a_refresh_that_is_refused_and_granted_again(
    gate: Gate, tmp_path: Path, connections: int
) -> None:
    permission, _ = gate.consent()
    tool = Tool(Facts.of(12), tmp_path / "state.sqlite")
    login = TokenLogin(tokens=gate.tokens(permission))
    with DavClient(gate.served.url, login, now=lambda: NOW) as client:
        calendar = RemoteCalendar(client, gate.served.url + gate.path)
        issue, count = gate.oauth.gate.issue, iter(range(99))

        def issue_two() -> str:
            if next(count) == 1:
                gate.oauth.refuses = "invalid_grant"
            return issue()

        gate.oauth.gate.issue = issue_two  # type: ignore[method-assign]
        report = tool.sync(calendar, connections=connections)
    assert isinstance(report.stopped, LoginError)
    assert "does not accept the permission any more" in report.stopped.message
    gate.oauth.refuses = ""
    renewed, _ = gate.consent()
    login = TokenLogin(tokens=gate.tokens(renewed))
    with DavClient(gate.served.url, login, now=lambda: NOW) as client:
        calendar = RemoteCalendar(client, gate.served.url + gate.path)
        report = tool.sync(calendar, connections=connections)
        assert (report.failed, report.stopped, report.user_edits) == ({}, None, ())
        assert len(calendar.listing().etags) == 12
        assert tool.sync(calendar).actions == ()


CASES: dict[str, tuple[Callable[[Gate], object], type[AfterwordError], str]] = {
    "consent denied": (
        lambda gate: setattr(gate.oauth, "answer_in_browser", "deny"),
        LoginError,
        "was not granted",
    ),
    "state mismatch": (
        lambda gate: setattr(gate.oauth, "answer_in_browser", "another state"),
        LoginError,
        "its state differs",
    ),
    "nobody": (
        lambda gate: setattr(gate.oauth, "answer_in_browser", "nothing"),
        TryLaterError,
        "nobody agreed",
    ),
    "another challenge": (
        lambda gate: setattr(gate.oauth, "codes", _Forged()),
        LoginError,
        "does not accept the permission",
    ),
    "redirect": (
        lambda gate: setattr(gate.oauth, "moved_to", "https://evil.example/token"),
        RefusedError,
        "points elsewhere",
    ),
}


class _Forged(dict[str, str]):
    """Codes that belong to the challenge of somebody else."""

    def __setitem__(self, code: str, challenge: str) -> None:
        super().__setitem__(code, "f0rged")


@pytest.mark.parametrize("case", CASES)
def test_what_goes_wrong_grants_nothing(gate: Gate, case: str) -> None:
    prepare, kind, message = CASES[case]
    prepare(gate)

    with pytest.raises(kind) as caught:
        gate.consent(timeout=0.2 if case == "nobody" else 30.0)

    assert message in str(caught.value)
    assert gate.oauth.gate.issued == []
    assert CLIENT_SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(500, b"down"), TryLaterError),
        (Reply(503), TryLaterError),
        (Reply(200, b"<html>login", {"Content-Type": "text/html"}), RefusedError),
        (Reply(200, b"[" * 50_000, {"Content-Type": "application/json"}), RefusedError),
    ],
    ids=["500", "503", "a portal", "deep"],
)
def test_a_token_endpoint_in_trouble_is_no_refusal(
    gate: Gate, reply: Reply, kind: type[AfterwordError]
) -> None:
    permission, _ = gate.consent()
    gate.served.twist = lambda _: reply

    with pytest.raises(kind):
        google_oauth.fetch_token(permission, gate.connect)


def test_it_works_encrypted_without_exceptions(
    real: Real, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    issuer, file = secure.authority(tmp_path)
    oauth = OAuthGate(gate=TokenGate(behind_real(real)))

    def connect(url: str) -> DavClient:
        return DavClient(url, None, now=lambda: NOW, ca_file=str(file))

    with serving(DavServer(twist=oauth), secure.identity(issuer)) as served:
        monkeypatch.setattr(google_oauth, "TOKEN_URI", f"{served.url}/token")
        permission, token = google_oauth.ask_consent(
            CLIENT, ACCOUNT, connect, show_page=oauth.browse, now=NOW
        )
        assert google_oauth.fetch_token(permission, connect) != token
    assert oauth.gate.issued[0] == token
    (page,) = oauth.pages
    assert page["state"]
    assert page["code_challenge_method"] == "S256"
    first, second = oauth.forms
    assert first["code_verifier"]
    assert second["grant_type"] == "refresh_token"


def test_several_connections_share_each_token(gate: Gate) -> None:
    permission, _ = gate.consent()
    tokens = gate.tokens(permission)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(tokens.current())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(gate.oauth.gate.issued) == 2


def test_a_permission_is_read_back_as_it_was_saved() -> None:
    saved = Permission(client=CLIENT, refresh_token="1//r", granted=NOW, ends=NOW)  # noqa: S106

    assert Permission.from_json(saved.to_json()) == saved
    assert CLIENT_SECRET not in repr(saved)
    assert "1//r" not in repr(saved)


@pytest.mark.parametrize("text", ["", "s3cret", "{}", "[]", '{"client_id": "a"}', "[" * 50_000])
def test_another_text_in_the_keyring_is_no_permission(text: str) -> None:
    assert Permission.from_json(text) is None
