"""Help that fits, begins with an example, and costs next to nothing."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import click
import pytest

from afterword import __version__
from afterword.cli import app
from tests.running import Run, understand

HEAVY = [
    "asyncio",
    "attrs",
    "caldav",
    "dateutil",
    "email_validator",
    "holidays",
    "icalendar",
    "importlib.metadata",
    "jinja2",
    "niquests",
    "platformdirs",
    "sqlite3",
    "tomli",
    "tomlkit",
    "tomllib",
    "tzlocal",
    "zoneinfo",
]
COMMANDS = list(app.COMMANDS)


def imported(*args: str) -> set[str]:
    """Return the modules that a run of the program has imported at its end."""
    script = (
        "import json, sys; from afterword.__main__ import main; "
        "code = main(sys.argv[1:]); print(json.dumps([code, *sys.modules]), file=sys.stderr)"
    )
    # -S -E: a site-packages .pth file may import what it likes, and is not ours.
    path = json.dumps([entry for entry in sys.path if entry])
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", f"import sys; sys.path[:0] = {path}; {script}", *args],
        check=True,
        capture_output=True,
        text=True,
    )
    code, *modules = json.loads(done.stderr)
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_no_command_and_nothing_heavy_is_imported(flag: str) -> None:
    modules = imported(flag)

    assert "click" in modules
    assert not modules & set(HEAVY)
    loaded = {"app", "main", "ui", "ui.command_help", "ui.output"}
    prefix = "afterword.cli."
    assert {m.removeprefix(prefix) for m in modules if m.startswith(prefix)} == loaded


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_lists_the_everyday_commands_first(run: Run, flag: str) -> None:
    text = run(flag).text

    assert max(map(len, text.splitlines())) <= 80
    places = [text.index(f"\n  {name} ") for name in sorted(COMMANDS, key=section)]
    assert places == sorted(places)
    assert max(places) < text.index("Options:")


def section(name: str) -> int:
    return app.SECTIONS.index(app.COMMANDS[name].section)


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_begins_its_help_with_an_example(run: Run, name: str, flag: str) -> None:
    result = run(name, flag)

    assert result.code == 0
    assert result.text.startswith(f"Example:\n  afterword {name}")
    assert max(map(len, result.text.splitlines())) <= 80
    assert f"\n\nUsage: afterword {name} " in result.text
    assert "\nOptions:\n" in result.text


@pytest.mark.parametrize("name", COMMANDS)
def test_each_example_is_a_command_line_that_is_understood(name: str) -> None:
    command = app.afterword.get_command(click.Context(app.afterword), name)
    assert command is not None
    for line in command.example.strip().splitlines():  # type: ignore[attr-defined]
        words = shlex.split(line)
        program, called, *args = words[: words.index(">")] if ">" in words else words
        assert (program, called) == ("afterword", name)
        understand(name, *args)


def test_the_version_is_the_package_s(run: Run) -> None:
    assert run("--version").text == f"afterword {__version__}\n"


def test_no_command_s_module_hides_a_name_of_the_group(run: Run) -> None:
    """A module of the package becomes an attribute of it when it is first imported."""
    for name in COMMANDS:
        run(name, "--help")

    assert run("--version").code == 0


def test_a_shell_completes_the_names_of_commands() -> None:
    shown = app.afterword.shell_complete(click.Context(app.afterword), "se")

    assert "settings" in [item.value for item in shown]
