"""The options and arguments of all commands, from a table, so that completion imports no command.

Importing a command takes many times as long as click itself, and a shell asks at each press of
the Tab key. `python -m tests.cli.command_table` writes the table from the commands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

TABLE = Path(__file__).with_name("command_table.json")


class _TableType(click.ParamType[Any]):
    """A value that is not converted; it is completed by the words and kinds of the table."""

    name = "value"

    def __init__(self, completes: tuple[str, ...]) -> None:
        self._completes = completes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value as it was typed."""
        del param, ctx
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the words that fit, and the values of the kinds that begin with @."""
        from afterword.cli.shell.completion_values import complete_value

        del param
        return [item for each in self._completes for item in complete_value(each, ctx, incomplete)]


class TableGroup(click.Group):
    """A group whose commands are made from the table when they are asked for."""

    def __init__(self, name: str | None, row: Mapping[str, Any]) -> None:
        super().__init__(
            name,
            params=_params(row),
            short_help=row["short"],
            invoke_without_command=True,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self._rows: Mapping[str, Any] = row["commands"]
        self._aliases: Mapping[str, str] = row.get("aliases", {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, without their aliases."""
        del ctx
        return list(self._rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name or an alias."""
        del ctx
        name = self._aliases.get(cmd_name, cmd_name)
        return _command(name, self._rows[name]) if name in self._rows else None


def command_group() -> TableGroup:
    """Return the group of all commands."""
    return TableGroup("afterword", json.loads(TABLE.read_text("utf-8")))


def _command(name: str, row: Mapping[str, Any]) -> click.Command:
    if "commands" in row:
        return TableGroup(name, row)
    return click.Command(
        name,
        params=_params(row),
        short_help=row["short"],
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _params(row: Mapping[str, Any]) -> list[click.Parameter]:
    return [_param(each) for each in row["params"] if "--help" not in each.get("opts", ())]


def _param(row: Mapping[str, Any]) -> click.Parameter:
    kind = _TableType(tuple(row.get("completes", ())))
    nargs = row.get("nargs", 1)
    if "opts" not in row:
        return click.Argument([row["name"]], type=kind, nargs=nargs, required=False)
    if row.get("flag"):
        names = "/".join(filter(None, (row["opts"][-1], *row.get("off", ()))))
        return click.Option([row["name"], *row["opts"][:-1], names], help=row.get("help"))
    return click.Option(
        [row["name"], *row["opts"]],
        type=kind,
        multiple=row.get("multiple", False),
        hidden=row.get("hidden", False),
        help=row.get("help"),
    )
