"""How a command reaches the calendar: which one, as whom, and to whom a password never goes."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import click
import pytest

from afterword.cli.ui.calendar_questions import ask_calendar, calendar_options
from afterword.cli.ui.prompts import Terminal
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.errors import AfterwordError, LoginError, UsageError
from afterword.services.calendars.calendar_login import Access
from afterword.services.calendars.calendar_search import open_calendar
from afterword.services.run_context import RunContext
from afterword.settings import loader
from afterword.settings.loader import Settings
from afterword.settings.paths import Locations
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, serving

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
FLAGS: dict[str, Any] = {
    "calendar_url": None,
    "user": None,
    "password_file": None,
    "allow_insecure_http": False,
    "ca_file": None,
}


@pytest.fixture
def remote() -> Iterator[DavServer]:
    with serving(DavServer()) as server:
        yield server


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text(f"{PASSWORD}\n")
    path.chmod(0o600)
    return str(path)


@pytest.fixture
def here(tmp_path: Path) -> RunContext:
    path = tmp_path / "settings.toml"
    path.write_text("")
    path.chmod(0o600)
    return RunContext(
        now=NOW,
        zone=ZoneInfo("Africa/Johannesburg"),
        settings=Settings(),
        locations=Locations(data=tmp_path, state=tmp_path, settings=path),
        ui=Terminal(),
    )


def opened(
    here: RunContext, *, calendar_url: str | None, **access: Any
) -> AbstractContextManager[RemoteCalendar]:
    return open_calendar(
        here, calendar_url=calendar_url, access=Access(**access), ask_calendar=ask_calendar
    )


def with_settings(here: RunContext, **values: Any) -> RunContext:
    return attrs.evolve(here, settings=attrs.evolve(here.settings, **values))


def refused(here: RunContext, **flags: Any) -> AfterwordError:
    with pytest.raises(AfterwordError) as caught, opened(here, **FLAGS | flags) as calendar:
        calendar.listing()
    assert PASSWORD not in str(caught.value)
    return caught.value


def test_the_flags_alone_are_enough(here: RunContext, remote: DavServer, secret: str) -> None:
    flags = FLAGS | {"calendar_url": remote.url + CALENDAR, "user": USER, "password_file": secret}

    with opened(here, **flags) as calendar:
        assert calendar.listing().whole
        assert calendar.requests == 1


def test_the_settings_alone_are_enough(here: RunContext, remote: DavServer) -> None:
    here = with_settings(
        here,
        calendar_url=remote.url + CALENDAR,
        calendar_user=USER,
        password_command=(sys.executable, "-c", f"print({PASSWORD!r})"),
    )

    with opened(here, **FLAGS) as calendar:
        assert calendar.url == remote.url + CALENDAR
        assert calendar.listing().whole


def test_the_settings_password_goes_to_the_settings_server_only(
    here: RunContext, remote: DavServer, tmp_path: Path
) -> None:
    made = tmp_path / "made"
    here = with_settings(
        here,
        calendar_url="https://dav.example/sam/",
        calendar_user=USER,
        password_command=(sys.executable, "-c", f"open({str(made)!r}, 'w')"),
    )

    error = refused(here, calendar_url=remote.url + CALENDAR, user=USER)

    assert "there is no password for sam@127.0.0.1" in str(error)
    assert "which user name on 127.0.0.1?" in str(refused(here, calendar_url=remote.url + CALENDAR))
    assert (made.exists(), remote.log) == (False, [])


def test_a_refused_login_comes_with_a_hint_and_is_tried_once(
    here: RunContext, remote: DavServer, secret: str
) -> None:
    Path(secret).write_text("wrong\n")

    error = refused(here, calendar_url=remote.url + CALENDAR, user=USER, password_file=secret)

    assert isinstance(error, LoginError)
    assert "app password" in str(error)
    assert len(remote.log) == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (None, "no calendar is chosen yet; choose one: afterword calendars"),
        ("http://dav.example/sam/", "is not encrypted"),
        ("https://sam:s3cret-Zk9@dav.example/", "has a user or a password in it"),
        ("https://apidata.googleusercontent.com/caldav/v2/sam/events/", "is a main calendar"),
        (
            "https://apidata.googleusercontent.com/caldav/v2/a@group.calendar.google.com/events/",
            "password logins",
        ),
        ("https://www.google.com/calendar/dav/sam@gmail.com/events", "password logins"),
        ("dav.example", "should begin with https://"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_before_any_password_is_looked_for(
    here: RunContext, url: str | None, message: str
) -> None:
    error = refused(
        here, calendar_url=url, user=USER, password_file=str(here.locations.data / "none")
    )

    assert isinstance(error, UsageError)
    assert message in str(error)


def test_plain_http_is_allowed_for_a_run_and_told(
    here: RunContext, secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = FLAGS | {
        "calendar_url": "http://dav.example/sam/",
        "user": USER,
        "password_file": secret,
        "allow_insecure_http": True,
    }

    with opened(here, **flags):
        assert "The connection to dav.example is not encrypted" in capsys.readouterr().err


def test_the_options_are_those_that_it_takes() -> None:
    @click.command
    @calendar_options
    def command(**flags: Any) -> None:
        assert set(flags) == {"calendar_url", "folder", "access"}

    command.main([], standalone_mode=False)


def test_no_option_takes_a_password() -> None:
    @click.command
    @calendar_options
    def command(**_: Any) -> None: ...

    with pytest.raises(click.NoSuchOption):
        command.main(["--password", "x"], standalone_mode=False)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('url = "https://sam:pw@dav.example/"', "'dav.example/' is no address of a calendar"),
        ('url = "dav.example"', "is no address of a calendar"),
        ('password_command = "pass show mail"', "must be a program and its arguments"),
        ("password_command = []", "must be a program and its arguments"),
        ("connections = 9", "must be a number from 1 to 8"),
    ],
)
def test_wrong_settings_are_told(tmp_path: Path, text: str, mistake: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"[calendar]\n{text}\n")

    with pytest.raises(UsageError) as caught:
        loader.load_settings(path)

    assert mistake in str(caught.value)
    assert "pw" not in str(caught.value).partition("settings, ")[2].partition("\n")[2]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_settings_command_is_refused_where_others_may_write_it(
    here: RunContext, remote: DavServer
) -> None:
    here = with_settings(
        here,
        calendar_url=remote.url + CALENDAR,
        calendar_user=USER,
        password_command=("true",),
    )
    here.locations.settings.chmod(0o666)

    assert "chmod go-w" in str(refused(here))
