"""Help that fits, begins with an example, and costs next to nothing."""

from __future__ import annotations

import shlex

import click
import pytest

from afterword import __version__
from afterword.cli import app
from tests.running import Run, understand

COMMANDS = list(app.COMMANDS)


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_the_help_lists_the_everyday_commands_first(run: Run, flag: str) -> None:
    text = run(flag).text

    assert max(map(len, text.splitlines())) <= 80
    places = [text.index(f"\n  {name} ") for name in (*app.EVERYDAY, *app.MORE)]
    assert places == sorted(places)
    assert max(places) < text.index("Options:")


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


@pytest.mark.parametrize(
    ("command", "new", "old"),
    [
        ("sync", "--use-plan", "--take-ours"),
        ("sync", "--use-mine", "--take-theirs"),
        ("close", "--lesson", "--learned"),
    ],
)
def test_a_renamed_option_keeps_its_old_name_unseen(
    run: Run, command: str, new: str, old: str
) -> None:
    text = run(command, "--help").text

    assert new in text
    assert old not in text
    words = (command, "karoo", old, "x") if command == "close" else (command, old, "karoo")
    understand(*words)
