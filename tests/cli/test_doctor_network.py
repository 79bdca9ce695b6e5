"""What the doctor sees on the way to a server: its name, its certificate, a proxy."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from afterword.dav import probe
from tests import secure
from tests.cli.doctoring import NOW, Doctor, forget_proxies
from tests.running import Run
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, Reply, serving

TODAY = dt.datetime.now(dt.UTC)  # noqa: TID251 - certificates are checked by the real clock
DAY = dt.timedelta(days=1)


def fail(code: int) -> Callable[[str], list[str]]:
    def resolve(_: str) -> list[str]:
        raise socket.gaierror(code, "no such luck")

    return resolve


@pytest.fixture(autouse=True)
def _surroundings_of_this_test() -> Iterator[None]:
    forget_proxies()
    yield
    forget_proxies()


class TestName:
    URL = "https://dav.example/sam/jobs/"

    @pytest.fixture
    def known(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[Callable[[str], list[str]]], None]:
        """Let names be looked up in another way."""
        return lambda resolve: monkeypatch.setattr(probe, "system_resolver", resolve)

    def test_it_is_told_where_the_server_is(
        self, doctor: Doctor, known: Callable[[Callable[[str], list[str]]], None]
    ) -> None:
        known(lambda host: [f"127.0.0.{n}" for n in range(1, 6)] if host == "localhost" else [])
        found = doctor("--calendar-url", "http://localhost:1/sam/jobs/", code=3)

        assert found["dns"][:2] == (
            "ok",
            "localhost is at 127.0.0.1, 127.0.0.2, 127.0.0.3, and 2 more",
        )

    def test_of_a_number_nobody_is_asked(
        self, doctor: Doctor, known: Callable[[Callable[[str], list[str]]], None]
    ) -> None:
        known(fail(socket.EAI_NONAME))

        assert doctor("--calendar-url", "http://[::1]:1/x/", code=3)["dns"][0] == "ok"

    @pytest.mark.parametrize(
        ("code", "told", "step"),
        [
            (socket.EAI_NONAME, "no server is called dav.example", "is the address spelt"),
            (socket.EAI_FAIL, "no server is called dav.example", "you are offline"),
            (socket.EAI_AGAIN, "seems to be offline", "try again when you are online"),
        ],
        ids=["a slip", "a failure", "offline"],
    )
    def test_a_name_that_leads_nowhere_is_told_with_the_next_step(
        self,
        doctor: Doctor,
        known: Callable[[Callable[[str], list[str]]], None],
        code: int,
        told: str,
        step: str,
    ) -> None:
        known(fail(code))
        found = doctor("--calendar-url", self.URL, "--user", USER, code=3)

        verdict, says, steps = found["dns"]
        assert verdict == "wrong"
        assert told in says
        assert step in steps
        assert [*found][-1] == "dns"

    def test_a_name_that_is_looked_up_for_ever_is_given_up(
        self,
        doctor: Doctor,
        known: Callable[[Callable[[str], list[str]]], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        released = threading.Event()
        monkeypatch.setattr(probe, "_LOOKUP_SECONDS", 0.05)
        known(lambda _: [str(released.wait())])
        found = doctor("--calendar-url", self.URL, "--user", USER, code=3)
        released.set()

        assert "seems to be offline" in found["dns"][1]


class Tls:
    """A calendar behind a certificate, and what the doctor says of it."""

    def __init__(self, doctor: Doctor, folder: Path) -> None:
        self.doctor = doctor
        self.folder = folder
        self.issuer, self.file = secure.authority(folder)
        self.secret = folder / "secret"
        self.secret.write_text(PASSWORD)
        self.secret.chmod(0o600)

    @contextmanager
    def server(self, *hosts: str, ends: dt.datetime | None = None) -> Iterator[DavServer]:
        with serving(DavServer(), secure.identity(self.issuer, *hosts, ends=ends)) as remote:
            yield remote

    def found(
        self, remote: DavServer, trusted: Path | None, code: int = 0
    ) -> tuple[tuple[str, str, str], bool]:
        """Return what is said of the certificate, and whether anything was looked at after it."""
        flags = ("--ca-file", trusted) if trusted else ()
        login = ("--user", USER, "--password-file", self.secret)
        found = self.doctor("--calendar-url", remote.url + CALENDAR, *login, *flags, code=code)
        assert bool(remote.log) == ("calendar" in found)
        return found["tls"], "calendar" in found


class TestCertificate:
    @pytest.fixture
    def tls(
        self, doctor: Doctor, at: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
    ) -> Tls:
        at(TODAY.isoformat())
        return Tls(doctor, tmp_path_factory.mktemp("tls"))

    def test_a_good_one_is_told_with_its_issuer_and_end(self, tls: Tls) -> None:
        ends = TODAY + 60 * DAY
        with tls.server(ends=ends) as remote:
            found, went_on = tls.found(remote, tls.file)

        assert found == (
            "ok",
            f"TLS 1.3, with a certificate by Test & Sons, valid until {ends:%Y-%m-%d}",
            "",
        )
        assert went_on

    @pytest.mark.parametrize(("days", "verdict"), [(13.9, "look"), (14.1, "ok")])
    def test_one_that_ends_within_two_weeks_is_pointed_out(
        self, tls: Tls, days: float, verdict: str
    ) -> None:
        with tls.server(ends=TODAY + days * DAY) as remote:
            found, went_on = tls.found(remote, tls.file)

        assert found[0] == verdict
        assert ("tell the server's administrator" in found[2]) == (verdict == "look")
        assert went_on

    def test_the_moment_of_a_flag_does_not_make_it_old(self, tls: Tls) -> None:
        doctor = tls.doctor
        tls.doctor = lambda *args, code=0: doctor(*args, "--now", "2031-01-01T12:00", code=code)
        with tls.server(ends=TODAY + 60 * DAY) as remote:
            assert tls.found(remote, tls.file)[0][0] == "ok"

    def test_one_of_an_unknown_issuer_is_told(self, tls: Tls) -> None:
        with tls.server() as remote:
            (verdict, told, _), went_on = tls.found(remote, None, code=3)

        assert (verdict, went_on) == ("wrong", False)
        assert "unable to get local issuer certificate" in told
        assert "--ca-file" in told

    def test_one_that_signs_itself_is_told(self, tls: Tls) -> None:
        context, _ = secure.self_signed(tls.folder)
        with serving(DavServer(), context) as remote:
            (verdict, told, _), went_on = tls.found(remote, None, code=3)

        assert (verdict, went_on) == ("wrong", False)
        assert "(self-signed certificate" in told.replace("self signed", "self-signed")
        assert "--ca-file; any other: somebody may be in between" in told

    def test_one_of_the_past_is_told(self, tls: Tls) -> None:
        with tls.server(ends=TODAY - DAY) as remote:
            (verdict, told, _), went_on = tls.found(remote, tls.file, code=3)

        assert (verdict, went_on) == ("wrong", False)
        assert "(certificate has expired)" in told
        assert "ask the server's administrator to renew it" in told

    def test_one_of_the_future_is_told(self, tls: Tls) -> None:
        with tls.server(ends=TODAY + 120 * DAY) as remote:
            (verdict, told, _), went_on = tls.found(remote, tls.file, code=3)

        assert (verdict, went_on) == ("wrong", False)
        assert "(certificate is not yet valid)" in told
        assert "is this computer's clock right?" in told

    @pytest.mark.parametrize(
        ("name", "step"),
        [
            ("dav.example", "use the server's name"),
            ("127.0.0.2", "use the server's name"),
        ],
    )
    def test_one_of_another_server_is_told(self, tls: Tls, name: str, step: str) -> None:
        with tls.server(name) as remote:
            (verdict, told, _), went_on = tls.found(remote, tls.file, code=3)

        assert (verdict, went_on) == ("wrong", False)
        assert "mismatch" in told
        assert step in told

    def test_what_speaks_no_tls_is_told(self, tls: Tls) -> None:
        with serving(DavServer()) as remote:
            remote.url = remote.url.replace("http:", "https:")
            (verdict, told, _), _ = tls.found(remote, tls.file, code=3)

        assert verdict == "wrong"
        assert "does not answer with encryption" in told
        assert "Is https:// right" in told


class TestUnencrypted:
    def test_on_this_machine_it_is_well(self, doctor: Doctor) -> None:
        with serving(DavServer()) as remote:
            found = doctor("--calendar-url", remote.url + CALENDAR, code=3)["tls"]

        assert found[0] == "ok"
        assert "not encrypted, which is fine" in found[1]

    def test_elsewhere_it_is_pointed_out(
        self, run: Run, home_flags: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(probe, "system_resolver", lambda _: ["127.0.0.1"])
        with serving(DavServer()) as proxy:
            monkeypatch.setenv("HTTP_PROXY", f"{proxy.url.replace('//', '//u:pr0xy@')}")
            url = "http://dav.example/sam/"
            result = run(
                "doctor", *home_flags, "--calendar-url", url, "--allow-insecure-http", "--json"
            )
            found = {one["about"]: one for one in result.json["findings"]}

            assert found["proxy"]["told"].startswith(
                f"dav.example is reached through the proxy {proxy.url}"
            )
            assert "pr0xy" not in result.text + result.stderr
            assert found["dns"]["told"].startswith("127.0.0.1 is an IP address")
            assert found["tls"]["verdict"] == "look"
            assert "your password can be read on the way" in found["tls"]["told"]
            assert [request.path for request in proxy.log] == [url]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_no_proxy_is_asked_for_what_is_on_this_machine(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    with serving(DavServer()) as remote, serving(DavServer()) as proxy:
        monkeypatch.setenv(name, proxy.url)
        proxy.twist = lambda _: Reply(502)
        login = ("--user", USER, "--password-file", secret)
        found = doctor("--calendar-url", remote.url + CALENDAR, *login)

        assert "proxy" not in found
        assert proxy.log == []


def test_the_clock_of_the_tests_is_the_doctor_s(doctor: Doctor) -> None:
    """What is said of the clock is by the machine's, which here is set."""
    with serving(DavServer()) as remote:
        remote.twist = lambda _: Reply(401, headers={"Date": "Tue, 24 Nov 2026 07:00:00 GMT"})
        found = doctor("--calendar-url", remote.url + CALENDAR, "--now", NOW, code=3)

    assert found["clock"][1] == "agrees with the server's"
