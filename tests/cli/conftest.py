"""A command made for one test, known to the program like its own."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable

import click
import pytest

from afterword import cli
from afterword.cli.command import Command

Body = Callable[[], None]


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Callable[[Body], None]:
    """Let `run("probe")` do what is given."""

    def add(body: Body) -> None:
        module = types.ModuleType("afterword.cli.probe")
        command = click.command("probe", cls=Command, example="afterword probe")(body)
        monkeypatch.setattr(module, "probe", command, raising=False)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        row = cli.Row("probe:probe", cli.MORE, "Made for a test.")
        monkeypatch.setattr(cli, "COMMANDS", {**cli.COMMANDS, "probe": row})

    return add
