"""What the tests of the command line share: a person, and a command made for one test."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from afterword.cli import app
from afterword.cli.ui.command_help import CommandWithExample
from afterword.settings.paths import find_locations
from tests.cli import doctoring
from tests.cli.life import NOW, Commands, Life
from tests.cli.synced import Synced
from tests.running import Result, Run
from tests.sync.http import PASSWORD, DavServer, serving

Body = Callable[[], None]


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[[Body], None]:
    """Let `run("probe")` do what is given, as if it was one of the program's own commands."""

    def add(body: Body) -> None:
        module = types.ModuleType("afterword.cli.commands.probe")
        command = click.command("probe", cls=CommandWithExample, example="afterword probe")(body)
        monkeypatch.setattr(module, "probe", command, raising=False)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        row = ("probe:probe", "Made for a test.")
        monkeypatch.setattr(app, "COMMANDS", {**app.COMMANDS, "probe": row})

    return add


@pytest.fixture
def is_set_up(home: Path) -> None:
    """Write settings, so that no command on a terminal begins with the setup."""
    locations = find_locations()
    assert home in locations.settings.parents
    locations.settings.parent.mkdir(parents=True, exist_ok=True)
    locations.settings.write_text('language = "en"\nreminders = []\n')


@pytest.fixture
def life(run: Run, tmp_path: Path) -> Life:
    """Return a person who keeps nothing yet."""
    return Life(run, tmp_path / "data", tmp_path / "job-search.ics")


@pytest.fixture
def after(life: Life) -> Callable[[Commands], Life]:
    """Return a function that makes a life with an interview and some commands after it."""

    def live(commands: Commands) -> Life:
        life.held()
        for command in commands:
            life(NOW, *command)
        return life

    return live


@pytest.fixture
def home_flags(
    tmp_path: Path, machine_zone: Callable[[str | None], None], at: Callable[[str], None]
) -> tuple[str, ...]:
    """Be at home with settings that nobody else may read, and return the flags that name them."""
    machine_zone("Africa/Johannesburg")
    at(doctoring.NOW)
    tmp_path.chmod(0o700)
    (tmp_path / "settings.toml").write_text('zone = "Africa/Johannesburg"\n')
    (tmp_path / "settings.toml").chmod(0o600)
    return ("--data", str(tmp_path))


@pytest.fixture
def doctor(run: Run, home_flags: tuple[str, ...]) -> doctoring.Doctor:
    """Return the findings of the doctor, by what they are about."""

    def look(*args: object, code: int = 0) -> doctoring.Findings:
        result: Result = run("doctor", *home_flags, *args, "--json")
        assert (result.code, result.stderr) == (code, "")
        assert PASSWORD not in result.text
        return {
            found["about"]: (found["verdict"], found["told"], " ".join(found["steps"]))
            for found in result.json["findings"]
        }

    return look


@pytest.fixture
def remote() -> Iterator[DavServer]:
    """Serve a calendar on loopback."""
    with serving(DavServer()) as server:
        yield server


@pytest.fixture
def synced(life: Life, remote: DavServer, tmp_path: Path) -> Synced:
    """Return somebody with an interview and a calendar on that server."""
    return Synced.begun(life, remote, tmp_path / "secret")
