"""The questions of the set-up, each way through them, at real servers on loopback."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import attrs
import click.termui
import pytest

from afterword.dav import providers
from afterword.dav.providers import Provider
from afterword.settings import loader
from afterword.settings.paths import find_locations
from tests.cli.doctoring import NOW
from tests.running import Result, Run
from tests.sync.servers import Real, running

PASSWORD = "s3cret"  # noqa: S105 - of a server that lives in a test


@pytest.fixture(scope="module", params=["radicale", "xandikos"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Real]:
    yield from running(request.param, tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    yield from running("radicale", tmp_path_factory.mktemp("radicale"))


@attrs.define
class Person:
    """Somebody new at a terminal, who has an interview and no keyring."""

    run: Run
    data: Path

    def __call__(self, *args: object, answers: str) -> Result:
        fixed = ("--now", NOW, "--zone", "Africa/Johannesburg", "--data", self.data)
        result = self.run(*args, *fixed, input=answers.encode(), tty=True)
        result = Result(result.code, result.stdout, click.unstyle(result.stderr))
        assert PASSWORD not in result.text + result.stderr
        return result

    @property
    def settings(self) -> loader.Settings:
        return loader.load_settings(find_locations(self.data).settings)


@pytest.fixture
def person(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: PASSWORD)
    made = Person(run, tmp_path / "data")
    made("add", "Karoo", "Designer", "--at", "2026-11-27 14:00", "--with", "Thandi", answers="")
    return made


Nearby = Callable[[str], int]


@pytest.fixture
def nearby(radicale: Real, monkeypatch: pytest.MonkeyPatch) -> Nearby:
    """Put a server on loopback in the place of a provider, and return the provider's number."""

    def move(name: str) -> int:
        moved: list[Provider] = [
            one._replace(address=f"{radicale.url}/") if one.name == name and one.address else one
            for one in providers.PROVIDERS
        ]
        monkeypatch.setattr(providers, "PROVIDERS", tuple(moved))
        monkeypatch.setattr(providers, "BY_NAME", {one.name: one for one in moved})
        return 1 + next(place for place, one in enumerate(moved) if one.name == name)

    return move


def unwrapped(text: str) -> str:
    """Return what a terminal shows, as if its lines had no end."""
    return " ".join(text.split())


@pytest.mark.parametrize("first", ["calendars", "sync"])
@pytest.mark.parametrize(
    "provider",
    [one for one in providers.PROVIDERS if one is not providers.GOOGLE],
    ids=lambda one: one.name,
)
def test_each_provider_leads_to_a_calendar_and_the_plan_in_it(
    radicale: Real, nearby: Nearby, person: Person, provider: Provider, first: str
) -> None:
    number = nearby(provider.name)
    host = urlsplit(radicale.url).netloc
    # A bare host is enough: on this machine it is not encrypted.
    where = "" if provider.address else f"{host}\n"
    name = f"{provider.title} {first}"
    choice = f"new\n{name}\n" if provider.can_create else "none\n"

    told = unwrapped(person(first, answers=f"{number}\n{where}sam\n{choice}").stderr)

    assert all(one.title in told for one in providers.PROVIDERS)
    assert all(step in told for step in provider.steps)
    if not provider.can_create:
        assert "new a separate calendar" not in told
        assert person.settings.calendar_url is None
        return
    assert f"Created the calendar '{name}'" in told
    assert all(hint in told for hint in provider.phone)
    assert "pipx inject afterword keyring" in told
    assert person.settings.calendar_user == "sam"
    counts = {"calendars": "7 written", "sync": "up to date"}
    assert counts[first] in person("sync", answers="").text


def test_what_is_typed_wrongly_is_asked_again(real: Real, person: Person) -> None:
    result = person("calendars", answers=f"0\n10\n9\n{real.url}\nsam\nseven\n77\n-1\nnew\n\n")

    assert result.code == 0
    assert result.stderr.count("type a number from 1 to 9") == 2
    assert result.stderr.count("type one of the words or numbers above") == 3
    assert "Created the calendar 'Job search'" in result.stderr


def test_the_second_time_the_calendar_of_its_own_is_the_one_that_enter_takes(
    real: Real, person: Person
) -> None:
    person("calendars", answers=f"{real.url}/\nsam\nnew\nJob search\n")
    before = person.settings.calendar_url

    told = person("calendars", answers="\n").stderr

    assert "Job search" in told
    assert person.settings.calendar_url == before


def test_a_calendar_that_is_there_can_be_taken_by_its_number(real: Real, person: Person) -> None:
    there = real.calendar().url
    told = person("calendars", answers=f"{real.url}/\nsam\nnone\n").stderr
    numbers = re.findall(r"(\d+)  Job search  ", told)

    person("calendars", answers=f"{real.url}/\nsam\n{numbers[-1]}\n")

    assert there.startswith(real.url)
    assert person.settings.calendar_url


def test_whoever_gives_up_has_changed_nothing(real: Real, person: Person) -> None:
    for answers in ("", f"{real.url}/\n", f"{real.url}/\nsam\n", f"{real.url}/\nsam\nnew\n"):
        assert person("calendars", answers=answers).code == 130
        assert person.settings.calendar_url is None
    assert person("sync", answers=f"{real.url}/\nsam\nnone\n").code == 2


def test_a_wrong_password_ends_it_with_the_way_to_a_right_one(
    radicale: Real, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click.termui, "hidden_prompt_func", lambda _: "wrong")
    result = person("calendars", answers=f"8\n{urlsplit(radicale.url).netloc}\nsam\n")

    assert result.code == 5
    assert "is the user in the file that htpasswd_filename names?" in result.stderr


def test_without_a_keyring_nextcloud_s_login_in_the_browser_is_not_offered(
    radicale: Real, person: Person
) -> None:
    """Nobody would see the password that it gives, and each sync would ask for it."""
    told = unwrapped(person("calendars", answers=f"2\n{radicale.url}\nsam\nnone\n").stderr)

    assert "Log in with your browser?" not in told
    assert "create a new app password" in told


def test_a_phone_is_told_where_the_server_is(radicale: Real, person: Person) -> None:
    result = person("calendars", answers=f"{radicale.url}/\nsam\nnew\nFor the phone\n")
    told = unwrapped(result.stderr)

    assert "use its name or address in your network, user sam" in told
