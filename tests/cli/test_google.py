"""A login to Google from a terminal, with a browser and Google's servers imitated on loopback."""

from __future__ import annotations

import functools
import json
import logging
import re
import shlex
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import click
import click.termui
import pytest

from afterword.cli.ui import calendar_questions
from afterword.dav import google_oauth, providers
from afterword.settings import loader
from tests.cli.life import NOW, Life
from tests.dav.gates import (
    ACCOUNT,
    CLIENT_ID,
    CLIENT_SECRET,
    JOB_CALENDAR,
    MAIN_CALENDAR,
    SCOPE,
    OAuthGate,
    TokenGate,
    google_calendars,
)
from tests.running import Result, Run, understand
from tests.sync.google import google_model
from tests.sync.http import DavServer, serving
from tests.sync.people import Phone

pytest.importorskip("google_auth_oauthlib", reason="the extra google is not installed")

SEVEN_DAYS = 604_799
SECRETS = (CLIENT_SECRET, "ya29.", "1//refresh", "4/c0de", "refresh_token")


@attrs.define
class Google:
    """A person at a terminal, their keyring, and Google's servers."""

    run: Run
    data: Path
    settings_file: Path
    client_file: Path
    keyring: dict[str, str]
    oauth: OAuthGate
    dav: DavServer
    url: str

    def __call__(self, *args: object, answers: str | None = None) -> Result:
        fixed = ("--now", NOW, "--zone", "Africa/Johannesburg", "--data", self.data)
        result = self.run(*args, *fixed, input=(answers or "").encode(), tty=answers is not None)
        result = Result(result.code, result.stdout, click.unstyle(result.stderr))
        settings = self.settings_file.read_text() if self.settings_file.exists() else ""
        for secret in SECRETS:
            assert secret not in result.text + settings
            assert secret not in re.sub(r"http\S+", "", result.stderr)
        return result

    def log_in(self, *args: object, answers: str = "none\n") -> Result:
        return self(
            *("calendars", "--server", "google", "--user", ACCOUNT),
            *("--google-client", self.client_file),
            *args,
            answers=answers,
        )

    @property
    def settings(self) -> loader.Settings:
        return loader.load_settings(self.settings_file)

    def chosen_url(self) -> str | None:
        return self.settings.calendar_url

    def permission(self) -> Any:
        """Return the permission in the keyring."""
        (saved,) = self.keyring.values()
        return json.loads(saved)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
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
def google(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring: dict[str, str]
) -> Iterator[Google]:
    dav = DavServer(google_model())
    oauth = OAuthGate(gate=TokenGate(google_calendars(dav)))
    with serving(DavServer(twist=oauth)) as served:
        nearby = providers.GOOGLE._replace(
            address=f"{served.url}/caldav/v2/",
            hosts=("127.0.0.1",),
        )
        everybody = tuple(nearby if one is providers.GOOGLE else one for one in providers.PROVIDERS)
        monkeypatch.setattr(providers, "PROVIDERS", everybody)
        monkeypatch.setattr(providers, "BY_NAME", {one.name: one for one in everybody})
        monkeypatch.setattr(providers, "GOOGLE", nearby)
        monkeypatch.setattr(providers, "_GOOGLE_HOSTS", {"127.0.0.1"})
        monkeypatch.setattr(google_oauth, "TOKEN_URI", f"{served.url}/token")
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        monkeypatch.setattr(click, "launch", oauth.browse)
        monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: CLIENT_SECRET)
        client = tmp_path / "client_secret_1234.json"
        installed = {
            "client_id": CLIENT_ID,
            "project_id": "afterword-1",
            "auth_uri": "https://evil.example/auth",
            "token_uri": "https://evil.example/token",
            "client_secret": CLIENT_SECRET,
            "redirect_uris": ["http://localhost"],
        }
        client.write_text(json.dumps({"installed": installed}))
        data = tmp_path / "data"
        data.mkdir()
        (data / "settings.toml").write_text('zone = "Africa/Johannesburg"\n')
        yield Google(run, data, data / "settings.toml", client, keyring, oauth, dav, served.url)


@pytest.fixture
def chosen(google: Google) -> Google:
    """Return somebody who has logged in and chosen the calendar for the job search."""
    assert google.log_in("--use", "Job search", answers="").code == 0
    Life(google.run, google.data, google.data / "x.ics").held()
    return google


def test_a_login_asks_for_consent_once_and_saves_the_permission(google: Google) -> None:
    told = google.log_in(answers="none\n")

    assert told.code == 0
    assert "The permission of Google is stored in the keyring." in told.stderr
    (page,) = google.oauth.pages
    assert page["client_id"] == CLIENT_ID
    assert page["scope"] == SCOPE
    assert page["code_challenge_method"] == "S256"
    assert page["access_type"] == "offline"
    assert page["login_hint"] == ACCOUNT
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", page["redirect_uri"])
    assert google.permission()["refresh_token"] in google.oauth.permissions
    assert google.settings.client_id == CLIENT_ID
    again = google("calendars", "--server", "google", "--user", ACCOUNT)
    assert again.code == 0
    assert "Job search" in again.text
    assert len(google.oauth.pages) == 1


def test_the_calendar_is_chosen_and_synced_with_tokens_that_wear_out(chosen: Google) -> None:
    assert chosen.settings.calendar_url == chosen.url + JOB_CALENDAR
    assert chosen.settings.calendar_user == ACCOUNT

    first, second = chosen("sync"), chosen("sync")

    assert (first.code, second.code) == (0, 0)
    assert "4 written" in first.text
    assert "up to date" in second.text
    assert len(chosen.oauth.pages) == 1
    assert len(chosen.oauth.gate.issued) > 3
    name = next(iter(chosen.dav.model.objects))
    body = chosen.dav.model.objects[name][0]
    chosen.dav.model.store(name, Phone().edit(body, description="Mine"))
    assert chosen("sync").code == 0
    assert b"DESCRIPTION:Mine" in chosen.dav.model.objects[name][0]


def test_all_calendars_are_found_from_the_chosen_one(chosen: Google) -> None:
    told = chosen("calendars")

    assert told.code == 0
    assert all(name in told.text for name in (ACCOUNT, "Job search"))


def test_the_permission_of_another_account_is_not_saved(google: Google) -> None:
    told = google(
        *("calendars", "--server", "google", "--user", "other@gmail.com"),
        *("--google-client", google.client_file),
        answers="none\n",
    )

    assert told.code == 5
    assert "another account than other@gmail.com" in told.stderr
    assert google.keyring == {}


def test_the_client_id_of_the_settings_is_used(google: Google) -> None:
    google("settings", "set", "client_id", CLIENT_ID)

    told = google("calendars", "--server", "google", "--user", ACCOUNT, answers="none\n")

    assert told.code == 0
    assert "The JSON file of your client" not in told.stderr
    assert google.permission()["client_secret"] == CLIENT_SECRET


def test_no_file_of_a_run_has_a_secret(chosen: Google, home: Path) -> None:
    chosen("sync")
    chosen.client_file.unlink()

    for root in (chosen.data.parent, home):
        for path in filter(Path.is_file, root.rglob("*")):
            content = path.read_bytes()
            assert not any(secret.encode() in content for secret in SECRETS), path


@pytest.mark.parametrize("fails", ["", "invalid_grant"])
def test_no_log_has_a_secret(chosen: Google, fails: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    chosen.oauth.refuses = fails

    told = chosen.run(
        *("sync", "--data", chosen.data, "--now", NOW, "--zone", "Africa/Johannesburg"),
        env={"AFTERWORD_DEBUG": "1"},
    )

    assert told.code == (5 if fails else 0)
    assert chosen.oauth.gate.issued
    assert not any(secret in caplog.text + told.stderr for secret in SECRETS)


def test_a_calendar_of_ones_own_is_not_taken_for_a_shared_one(google: Google) -> None:
    """Each calendar is a principal there, and its own owner."""
    told = google.log_in("--use", "Job search", answers="")

    assert "Others see" not in told.stderr
    assert not google.settings.private


def test_who_has_no_separate_calendar_is_told_how_to_make_one(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar_questions, "DEDICATED", "Another name")

    told = google.log_in(answers="none\n")

    assert "create one at https://calendar.google.com" in " ".join(told.stderr.split())


def _section() -> str:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    return text.partition("### Google Calendar\n")[2].partition("\n### ")[0]


def test_the_readme_leads_there_in_ten_steps() -> None:
    section = _section()
    steps = re.findall(r"^(\d+)\. (.*(?:\n   +.*)*)", section, re.MULTILINE)

    assert [number for number, _ in steps] == [str(number) for number in range(1, 11)]
    text = " ".join(section.split())
    for command in re.findall("`(.*?)`", google_oauth.INSTALL):
        assert f"`{command}`" in text
    for words in ("In production", "Testing", "seven days", "Publish app", "Desktop app"):
        assert words in text
    assert "https://calendar.google.com" in providers.GOOGLE_DIALECT.how_to_create
    assert "https://calendar.google.com" in text


def test_the_commands_and_settings_of_the_readme_are_understood() -> None:
    section = _section()
    commands = re.findall("`afterword (.*?)`", section.partition("\n1. ")[2])

    assert len(commands) >= 4
    for command in commands:
        name, *arguments = shlex.split(command)
        understand(name, *arguments)
    (settings,) = re.findall("```toml\n(.*?)```", section, re.DOTALL)
    assert loader.parse_settings(settings, Path("settings.toml")).token_command


def test_the_client_can_be_typed(google: Google) -> None:
    told = google(
        *("calendars", "--server", "google"),
        answers=f"{ACCOUNT}\n/no/such/file\n{CLIENT_ID}\nnone\n",
    )

    assert told.code == 0
    assert "In ten steps" in told.stderr or "in ten steps" in " ".join(told.stderr.split())
    assert google.permission()["client_secret"] == CLIENT_SECRET


BROWSERS = {
    "deny": (5, "access to your calendars was not granted"),
    "another state": (5, "its state differs"),
    "a stray request": (5, "its state differs"),
}


@pytest.mark.parametrize("does", BROWSERS)
def test_what_goes_wrong_in_the_browser_saves_nothing(google: Google, does: str) -> None:
    code, message = BROWSERS[does]
    google.oauth.answer_in_browser = does

    told = google.log_in()

    assert told.code == code
    assert message in " ".join(told.stderr.split())
    assert google.keyring == {}
    assert google.settings.client_id is None
    assert google.dav.log == []


def test_nobody_agrees(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    google.oauth.answer_in_browser = "nothing"
    impatient = functools.partial(google_oauth.ask_consent, timeout=0.1)
    monkeypatch.setattr(google_oauth, "ask_consent", impatient)

    told = google.log_in()

    assert told.code == 75
    assert "nobody agreed in the browser in time" in told.stderr


def test_a_permission_without_the_calendars_is_refused(google: Google) -> None:
    google.oauth.scope = "openid"

    told = google.log_in()

    assert told.code == 5
    assert "tick their box" in told.stderr
    assert google.keyring == {}


def test_a_token_endpoint_that_redirects_gets_nothing_elsewhere(google: Google) -> None:
    with serving(DavServer()) as other:
        google.oauth.moved_to = f"{other.url}/token"
        told = google.log_in()
        assert other.log == []
    assert told.code == 6
    assert "points elsewhere" in told.stderr
    assert google.keyring == {}


def test_a_wrong_secret_is_told(google: Google) -> None:
    text = google.client_file.read_text()
    google.client_file.write_text(text.replace(CLIENT_SECRET, "wrong"))

    told = google.log_in()

    assert told.code == 5
    assert f"Google does not know the client {CLIENT_ID}" in " ".join(told.stderr.split())


@pytest.mark.parametrize("command", [("sync",), ("calendars",), ("sync", "--dry-run")])
def test_a_permission_that_has_ended_is_explained(chosen: Google, command: tuple[str, ...]) -> None:
    chosen.oauth.permissions.clear()

    told = chosen(*command)

    text = " ".join(told.stderr.split())
    assert told.code == 5
    assert "Google does not accept the permission any more" in text
    assert "seven days" in text
    assert "In production" in text
    assert "afterword calendars --server google" in text


def test_on_a_terminal_an_ended_permission_leads_to_the_browser_again(chosen: Google) -> None:
    chosen.oauth.permissions.clear()

    told = chosen("calendars", "--server", "google", answers="none\n")

    assert told.code == 0
    assert len(chosen.oauth.pages) == 2
    assert chosen("sync").code == 0


def test_testing_is_told_with_its_end(google: Google) -> None:
    google.oauth.ends_in = SEVEN_DAYS

    told = google.log_in()

    text = " ".join(told.stderr.split())
    assert re.search(r'It ends on 2026-12-\d\d, because your app is in "Testing"', text)


FILES = {
    "web": ('{"web": {"client_id": "a", "client_secret": "b"}}', "Desktop app"),
    "no JSON": ("<html>", "is not the JSON file of a client at Google"),
    "another JSON": ("[1]", "is not the JSON file of a client at Google"),
    "no secret": ('{"installed": {"client_id": "a"}}', "is not the JSON file"),
    "installed is a text": ('{"installed": "a"}', "is not the JSON file"),
}


@pytest.mark.parametrize("file", FILES)
def test_a_wrong_client_file_is_refused(google: Google, file: str) -> None:
    text, message = FILES[file]
    google.client_file.write_text(text)

    told = google.log_in()

    assert told.code == 2
    assert message in " ".join(told.stderr.split())
    assert google.oauth.pages == []


def test_a_missing_client_file_is_named(google: Google) -> None:
    google.client_file.unlink()

    told = google.log_in()

    assert told.code == 2
    assert "client_secret_1234.json" in told.stderr
    assert google.oauth.pages == []


def test_the_main_calendar_is_never_taken_without_a_question(google: Google) -> None:
    google.log_in()
    use = ("calendars", "--server", "google", "--user", ACCOUNT, "--use")
    main = google.url + MAIN_CALENDAR

    for args in (
        (*use, ACCOUNT),
        (*use, main),
        (*use, main.replace("@", "%40")),
        ("sync", "--calendar-url", main, "--user", ACCOUNT),
    ):
        told = google(*args)
        assert told.code == 2
        assert "is a main calendar" in " ".join(told.stderr.split())
    assert google(*use, ACCOUNT, answers="n\n").code == 2
    assert google.chosen_url() is None
    assert google(*use, ACCOUNT, answers="y\n").code == 0
    assert google.chosen_url() == main
    assert google.dav.model.objects == {}


def test_a_new_calendar_is_made_by_hand(google: Google) -> None:
    google.log_in()

    told = google("calendars", "--server", "google", "--user", ACCOUNT, "--create", "Mine")

    text = " ".join(told.stderr.split())
    assert told.code == 6
    assert "https://calendar.google.com" in text
    assert "afterword calendars --use Mine" in text


def test_a_dry_run_saves_nothing(google: Google) -> None:
    assert google.log_in("--dry-run", "--use", "Job search").code == 0
    assert google.keyring == {}
    assert google.settings.client_id is None
    assert google.settings.calendar_url is None


def test_the_missing_library_is_named_with_the_command(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "google_auth_oauthlib", None)

    told = google.log_in()

    assert told.code == 2
    text = " ".join(told.stderr.split())
    assert "pip install 'afterword[google]'" in text
    assert "pipx inject afterword google-auth-oauthlib keyring" in text


def test_without_a_terminal_nobody_is_asked(google: Google) -> None:
    told = google("calendars", "--server", "google", "--user", ACCOUNT)

    assert told.code == 2
    assert "on a terminal, log in once" in told.stderr
    assert google.oauth.pages == []


def test_without_a_keyring_the_alternative_is_named(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)

    for answers in (None, ""):
        told = google("calendars", "--server", "google", answers=answers)
        assert told.code == 2
        assert "token_command" in told.stderr
        assert "Your Google address" not in told.stderr
    assert google.oauth.pages == []


Doctor = Callable[..., dict[str, tuple[str, str, str]]]


@pytest.fixture
def doctor(
    google: Google, at: Callable[[str], None], machine_zone: Callable[[str | None], None]
) -> Doctor:
    """Return the findings of the doctor, by what they are about."""
    at(NOW)
    machine_zone("Africa/Johannesburg")

    def look(*args: str) -> dict[str, tuple[str, str, str]]:
        found = google("doctor", "--json", *args).json["findings"]
        return {
            one["about"]: (one["verdict"], one["told"], " ".join(one["steps"])) for one in found
        }

    return look


def test_the_doctor_knows_the_login(chosen: Google, doctor: Doctor) -> None:
    found = doctor()

    assert found["google"][0] == "ok"
    assert found["client"][:2] == ("ok", f"the client id is {CLIENT_ID}")
    assert found["permission"][0] == "ok"
    assert found["token"][0] == "ok"
    assert found["calendar"][0] == "ok"
    assert found["a try"][0] == "ok"
    assert chosen.dav.model.objects == {}


@pytest.mark.parametrize(
    ("seconds", "verdict", "word"),
    [(SEVEN_DAYS, "look", "ends on"), (-60, "wrong", "ended")],
)
def test_the_doctor_tells_when_testing_ends(
    google: Google, doctor: Doctor, seconds: int, verdict: str, word: str
) -> None:
    google.oauth.ends_in = seconds
    google.log_in("--use", "Job search")

    found = doctor("--dry-run")

    assert found["permission"][0] == verdict
    assert word in found["permission"][1]
    assert "seven days" in found["permission"][2]


def test_the_doctor_names_what_is_missing(
    chosen: Google, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen.oauth.permissions.clear()
    assert doctor("--dry-run")["token"][0] == "wrong"
    chosen.keyring.clear()
    assert "log in" in doctor("--dry-run")["permission"][2]
    monkeypatch.setitem(sys.modules, "google_auth_oauthlib", None)
    assert "afterword[google]" in doctor("--dry-run")["google"][2]
