"""Setting up: from nothing to a calendar of one's own, by flags and by answers."""

from __future__ import annotations

import json
import os
import stat
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import click.termui
import pytest

from afterword.dav import providers
from afterword.settings import loader
from tests import secure
from tests.dav.test_discovery import CALENDAR_KIND, response
from tests.running import Result, Run
from tests.sync.http import (
    CALENDAR,
    HOME,
    PASSWORD,
    USER,
    DavServer,
    Reply,
    Request,
    multistatus,
    serving,
)

NOW = "2026-11-24T09:00:00+02:00"
MADE = f"{HOME}job-search/"
APPLE = "http://apple.com/ns/ical/"


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        server.twist = _making()
        yield server


def _making() -> Callable[[Request], Reply | None]:
    """Let a second calendar be made."""
    made = list[str]()

    def twist(request: Request) -> Reply | None:
        if request.user != f"{USER}:{PASSWORD}":
            return None
        if request.path == MADE and request.method == "MKCALENDAR":
            made.append(MADE)
            return Reply(201)
        named = f"{CALENDAR_KIND}<displayname>Job search</displayname>"
        if request.path == MADE:
            return multistatus(response(MADE, named)) if made else Reply(404)
        if request.path == HOME and request.headers.get("depth") == "1" and made:
            return multistatus(response(MADE, named))
        return None

    return twist


class Setup(Protocol):
    def __call__(self, *args: object, answers: str | None = None) -> Result: ...


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text("# mine\n[calendar]\nconnections = 2  # enough\n\n[applicant]\nname = 'Sam'\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(f"{PASSWORD}\n")
    path.chmod(0o600)
    return path


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Put an empty keyring in the place of the system's."""
    kept: dict[str, str] = {}
    module = types.ModuleType("keyring")
    vars(module).update(
        get_password=lambda _, name: kept.get(name),
        set_password=lambda _, name, value: kept.__setitem__(name, value),
        get_keyring=lambda: types.SimpleNamespace(priority=5),
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    return kept


@pytest.fixture
def setup(run: Run, tmp_path: Path, settings: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """Run the command; with `answers`, on a terminal where they are typed."""
    assert settings.parent == tmp_path
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: PASSWORD)

    def run_it(*args: object, answers: str | None = None) -> Result:
        result = run(
            "calendars",
            *args,
            *("--now", NOW, "--zone", "Africa/Johannesburg", "--data", tmp_path),
            input=(answers or "").encode(),
            tty=answers is not None,
        )
        assert PASSWORD not in result.text + result.stderr
        assert PASSWORD not in settings.read_text()
        return result

    return run_it


def test_the_calendars_are_listed_and_nothing_is_changed(
    setup: Setup, remote: DavServer, secret: Path, settings: Path
) -> None:
    before = settings.read_bytes()

    result = setup("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    assert (result.code, result.text.split()) == (0, ["Jobs", remote.url + CALENDAR])
    assert settings.read_bytes() == before
    assert set(remote.methods()) == {"PROPFIND"}


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("#FF0000", "red"),
        ("#FF2968FF", "red"),
        ("#FF2D92", "pink"),
        ("#ff8800", "orange"),
        ("#8A4B08", "brown"),
        ("#FFCC00", "yellow"),
        ("#63DA38FF", "green"),
        ("#3B82F6FF", "blue"),
        ("#00bcd4", "turquoise"),
        ("#CC73E1", "purple"),
        ("#888888", "grey"),
        ("#FFFFFF", "white"),
        ("#000000", "black"),
    ],
)
def test_the_colour_of_each_is_told_in_a_word(
    setup: Setup, remote: DavServer, secret: Path, code: str, word: str
) -> None:
    told = f"{CALENDAR_KIND}<A:calendar-color xmlns:A='{APPLE}'>{code}</A:calendar-color>"
    remote.twist = _listing(told)
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    assert setup(*flags).text.split() == ["jobs", word, remote.url + CALENDAR]
    assert f"1  jobs  {word}\n" in click.unstyle(setup(*flags, answers="none\n").stderr)


def test_a_terminal_without_colours_shows_the_word_all_the_same(
    setup: Setup, remote: DavServer, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = f"{CALENDAR_KIND}<A:calendar-color xmlns:A='{APPLE}'>#3B82F6</A:calendar-color>"
    remote.twist = _listing(told)
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)
    assert "\x1b[34mblue" in setup(*flags, answers="none\n").stderr

    monkeypatch.setenv("NO_COLOR", "1")
    plain = setup(*flags, answers="none\n").stderr
    assert "jobs  blue\n" in plain
    assert "\x1b" not in plain


def _listing(props: str) -> Callable[[Request], Reply | None]:
    """Let the only calendar be described so."""

    def twist(request: Request) -> Reply | None:
        listing = request.path == HOME and request.headers.get("depth") == "1"
        return multistatus(response(CALENDAR, props)) if listing else None

    return twist


def test_the_list_as_json(setup: Setup, remote: DavServer, secret: Path) -> None:
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    assert setup(*flags, "--json").json == {
        "version": 1,
        "server": f"{remote.url}/dav/",
        "user": USER,
        "home": remote.url + HOME,
        "chosen": None,
        "calendars": [
            {
                "url": remote.url + CALENDAR,
                "name": "Jobs",
                "colour": None,
                "writable": True,
                "shared": False,
                "takes_events": True,
            }
        ],
    }


def test_one_of_its_own_is_made_once_and_kept_among_what_a_person_wrote(
    setup: Setup, remote: DavServer, secret: Path, settings: Path
) -> None:
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    first = setup(*flags, "--create", "Job search")
    again = setup(*flags, "--create", "Job search")

    assert (first.code, again.code) == (0, 0)
    assert "Created the calendar 'Job search'" in first.stderr
    assert "exists already" in again.stderr
    assert remote.methods().count("MKCALENDAR") == 1
    found = loader.load_settings(settings)
    assert (found.calendar_url, found.calendar_user) == (remote.url + MADE, USER)
    text = settings.read_text()
    assert text.startswith("# mine\n[calendar]\nconnections = 2  # enough\n")
    assert "\n[applicant]\nname = 'Sam'\n" in text
    if os.name == "posix":
        assert stat.S_IMODE(settings.stat().st_mode) == 0o600


def test_a_dry_run_makes_and_keeps_nothing(
    setup: Setup, remote: DavServer, secret: Path, settings: Path
) -> None:
    before = settings.read_bytes()
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    result = setup(*flags, "--create", "Job search", "--dry-run")

    assert "Would create the calendar 'Job search'" in result.stderr
    assert settings.read_bytes() == before
    assert set(remote.methods()) == {"PROPFIND"}


@pytest.mark.parametrize("use", ["Jobs", CALENDAR, CALENDAR.rstrip("/")])
def test_one_that_is_there_is_chosen_by_name_or_address(
    setup: Setup, remote: DavServer, secret: Path, settings: Path, use: str
) -> None:
    named = remote.url + use if use.startswith("/") else use
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    assert setup(*flags, "--use", named).code == 0
    assert loader.load_settings(settings).calendar_url == remote.url + CALENDAR


def test_the_address_of_a_calendar_alone_is_enough(
    setup: Setup, remote: DavServer, secret: Path, settings: Path
) -> None:
    url = remote.url + CALENDAR

    assert setup("--use", url, "--user", USER, "--password-file", secret).code == 0
    assert loader.load_settings(settings).calendar_url == url
    assert len(remote.log) == 1


def test_the_next_time_the_settings_tell_the_server(
    setup: Setup, remote: DavServer, secret: Path
) -> None:
    setup("--use", remote.url + CALENDAR, "--user", USER, "--password-file", secret)

    result = setup("--password-file", secret)

    assert result.text.split() == ["Jobs", "in", "use", remote.url + CALENDAR]


def test_a_person_is_led_from_nothing_to_a_calendar(
    setup: Setup, remote: DavServer, settings: Path, kept: dict[str, str]
) -> None:
    answers = f"9\n{remote.url}/dav/\n{USER}\n\n\n\n"

    result = setup(answers=answers)

    assert result.code == 0
    assert "iCloud" in result.stderr
    assert "app password" in result.stderr
    assert "DAVx5" in result.stderr
    assert loader.load_settings(settings).calendar_url == remote.url + MADE
    assert kept == {f"{USER}@{remote.url.removeprefix('http://')}": PASSWORD}


def test_where_none_can_be_made_and_none_is_there_nothing_is_asked(
    setup: Setup, remote: DavServer, monkeypatch: pytest.MonkeyPatch, settings: Path
) -> None:
    posteo = providers.BY_NAME["posteo"]._replace(address=f"{remote.url}/dav/")
    monkeypatch.setattr(providers, "BY_NAME", {**providers.BY_NAME, "posteo": posteo})
    remote.model.exists = False

    result = setup("--server", "posteo", answers=f"{USER}\n")

    assert "add one called Job search" in result.stderr
    assert "make one there, and run this again" in result.stderr
    assert "Which calendar" not in result.stderr
    assert loader.load_settings(settings).calendar_url is None


def test_the_person_s_own_calendar_is_never_taken_by_itself(
    setup: Setup, remote: DavServer, secret: Path, settings: Path
) -> None:
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    setup(*flags, answers="none\n")

    assert loader.load_settings(settings).calendar_url is None


@pytest.mark.parametrize("answer", ["y", "n"])
def test_for_a_shared_calendar_privacy_is_offered(
    setup: Setup, remote: DavServer, secret: Path, settings: Path, answer: str
) -> None:
    shared = f"{CALENDAR_KIND}<owner><href>/principals/boss/</href></owner>"

    def twist(request: Request) -> Reply | None:
        listing = request.path == HOME and request.headers.get("depth") == "1"
        return multistatus(response(CALENDAR, shared)) if listing else None

    remote.twist = twist
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)
    result = setup(*flags, "--use", "jobs", answers=f"{answer}\n")

    assert result.code == 0
    assert loader.load_settings(settings).private == (answer == "y")
    assert ("hide drafts" in result.stderr) == (answer == "n")


@pytest.mark.parametrize(
    ("props", "message"),
    [
        (
            (
                "<current-user-privilege-set><privilege><read/></privilege>"
                "</current-user-privilege-set>"
            ),
            "you may only read 'jobs'",
        ),
        (
            (
                "<C:supported-calendar-component-set><C:comp name='VTODO'/>"
                "</C:supported-calendar-component-set>"
            ),
            "'jobs' is for tasks",
        ),
    ],
    ids=["read only", "for tasks"],
)
def test_a_calendar_that_takes_no_events_is_refused(
    setup: Setup, remote: DavServer, secret: Path, settings: Path, props: str, message: str
) -> None:
    def twist(request: Request) -> Reply | None:
        if request.path != CALENDAR:
            return None
        return multistatus(response(CALENDAR, CALENDAR_KIND + props))

    remote.twist = twist
    url = remote.url + CALENDAR
    result = setup("--use", url, "--user", USER, "--password-file", secret)

    assert (result.code, message in result.stderr) == (2, True)
    assert loader.load_settings(settings).calendar_url is None


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "which server? Give a provider"),
        (("--server", "google"), "which user name on apidata.googleusercontent.com?"),
        (("--server", "sam@gmail.com"), "log in once: afterword calendars --server google"),
        (("--server", "sam@gmail.com"), "afterword export -o job-search.ics"),
        (
            ("--server", "sam@gmail.com", "--password-file", "-"),
            "Google does not allow password logins for its calendar",
        ),
        (("--server", "nextcloud"), "give its address: --server https://YOUR-HOST"),
        (
            ("--server", "https://dav.example"),
            "which user name on dav.example? Give it with --user",
        ),
        (("--server", "icloud", "--user", "sam"), "there is no password for sam@caldav.icloud.com"),
        (("--server", "http://dav.example", "--user", "sam"), "is not encrypted"),
        (("--create", "A", "--use", "B"), "not both"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_asked_where_nobody_is(
    setup: Setup, args: tuple[str, ...], message: str
) -> None:
    result = setup(*args)

    assert (result.code, result.stdout) == (2, b"")
    assert message in result.stderr


def test_a_name_that_no_calendar_has_is_told_with_those_there_are(
    setup: Setup, remote: DavServer, secret: Path
) -> None:
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    result = setup(*flags, "--use", "Job")

    assert result.code == 2
    assert f"Jobs: {remote.url}{CALENDAR}" in result.stderr


def test_a_refused_login_ends_with_5_and_the_provider_s_hint(
    setup: Setup, remote: DavServer, secret: Path
) -> None:
    secret.write_text("wrong\n")
    flags = ("--server", f"{remote.url}/remote.php/dav/", "--user", USER, "--password-file", secret)

    result = setup(*flags)

    assert result.code == 5
    assert "Nextcloud with two factors takes an app password only" in result.stderr
    assert len(remote.log) == 1


def test_a_nextcloud_gives_a_password_in_the_browser(
    setup: Setup,
    remote: DavServer,
    settings: Path,
    kept: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = list[str]()
    monkeypatch.setattr("click.launch", opened.append)
    page = f"{remote.url}/login/v2/flow/x"
    answers = {
        "/index.php/login/v2": {
            "poll": {"token": "t", "endpoint": f"{remote.url}/poll"},
            "login": page,
        },
        "/poll": {"server": remote.url, "loginName": USER, "appPassword": PASSWORD},
    }
    making = remote.twist

    def twist(request: Request) -> Reply | None:
        if request.path in answers:
            body = json.dumps(answers[request.path]).encode()
            return Reply(200, body, {"Content-Type": "application/json"})
        if request.path == "/remote.php/dav/":
            return Reply(301, headers={"Location": "/dav/"})
        return making(request) if making else None

    remote.twist = twist
    result = setup("--server", "nextcloud", answers=f"{remote.url}\ny\n\n\n\n")

    assert result.code == 0
    assert opened == [page]
    found = loader.load_settings(settings)
    assert (found.calendar_url, found.calendar_user) == (remote.url + MADE, USER)
    assert list(kept.values()) == [PASSWORD]


def test_the_first_sync_at_a_terminal_leads_to_a_calendar(
    run: Run, remote: DavServer, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: PASSWORD)
    fixed = ("--now", NOW, "--zone", "Africa/Johannesburg", "--data", settings.parent)
    answers = f"{remote.url}/dav/\n{USER}\n\n\n\n"

    result = run("sync", *fixed, input=answers.encode(), tty=True)

    assert result.code == 0
    assert "No calendar on a server is chosen yet" in result.stderr
    assert loader.load_settings(settings).calendar_url == remote.url + MADE
    asked = [(one.method, one.headers.get("depth")) for one in remote.log if one.path == MADE]
    assert asked[-1] == ("PROPFIND", "1")
    assert asked.count(("PROPFIND", "1")) == 1


def test_where_nobody_is_a_sync_asks_nothing(run: Run, settings: Path) -> None:
    fixed = ("--now", NOW, "--zone", "Africa/Johannesburg", "--data", settings.parent)

    result = run("sync", *fixed)

    assert result.code == 2
    assert "no calendar is chosen yet; choose one: afterword calendars" in result.stderr


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return tmp_path / "authority.pem"


@pytest.fixture
def private(authority: Path) -> Iterator[DavServer]:
    """Serve a server of one's own, whose certificate nobody else vouches for."""
    issuer, _ = secure.authority(authority.parent)
    with serving(DavServer(), secure.identity(issuer)) as server:
        yield server


def test_a_certificate_that_is_not_trusted_is_told_once(
    setup: Setup, secret: Path, private: DavServer, authority: Path
) -> None:
    flags = ("--server", f"{private.url}/dav/", "--user", USER, "--password-file", secret)

    refused = setup(*flags)
    trusted = setup(*flags, "--ca-file", authority)

    assert refused.code == 6
    assert refused.stderr.count("--ca-file") == 1
    assert (trusted.code, trusted.text.split()) == (0, ["Jobs", private.url + CALENDAR])
    assert {request.user for request in private.log} == {f"{USER}:{PASSWORD}"}


def test_the_certificate_of_the_chosen_server_is_kept_with_it(
    setup: Setup, secret: Path, private: DavServer, authority: Path, settings: Path
) -> None:
    login = ("--user", USER, "--password-file", secret)
    setup("--use", private.url + CALENDAR, *login, "--ca-file", authority)

    assert loader.load_settings(settings).ca_file == str(authority)
    assert setup("--password-file", secret).code == 0
    authority.unlink()
    assert f"there is no {authority}" in setup("--password-file", secret).stderr


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_without_certificates_is_told(
    setup: Setup, remote: DavServer, secret: Path, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(text)
    flags = ("--server", f"{remote.url}/dav/", "--user", USER, "--password-file", secret)

    result = setup(*flags, "--ca-file", file)

    assert result.code == 2
    assert f"cannot be read from {file}: no certificates (PEM) are in it" in result.stderr
    assert remote.log == []
