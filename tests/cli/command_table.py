"""Write the table of all commands for completion and manual pages from the commands.

`python -m tests.cli.command_table` writes it; run it after a change of a command's options or help.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

import click

from afterword.cli import app
from afterword.cli.shell_completion import TABLE
from afterword.cli.ui.command_help import RenamedOption

_BY_METAVAR = {"ZONE": ("@zone",), "DIR": ("@directory",)}


def command_table() -> dict[str, Any]:
    """Return the table as it has to be."""
    root = click.Context(app.afterword, info_name="afterword", **app.afterword.context_settings)
    return _row(app.afterword, root) | {"aliases": dict(app.ALIASES)}


def table_text() -> str:
    """Return the table as JSON, with a line for each parameter."""
    return "\n".join(_lines(command_table(), "")) + "\n"


def _row(command: click.Command, ctx: click.Context) -> dict[str, Any]:
    row: dict[str, Any] = {
        "short": command.get_short_help_str(200),
        "help": inspect.cleandoc(command.help or ""),
        "example": [
            line.strip() for line in getattr(command, "example", "").splitlines() if line.strip()
        ],
        "usage": " ".join(command.collect_usage_pieces(ctx)),
        "params": [_param(param, ctx) for param in command.get_params(ctx)],
    }
    if isinstance(command, click.Group):
        row["commands"] = {
            name: _row(each, click.Context(each, info_name=name, parent=ctx))
            for name in command.list_commands(ctx)
            if (each := command.get_command(ctx, name)) is not None
        }
    return row


def _param(param: click.Parameter, ctx: click.Context) -> dict[str, Any]:
    row: dict[str, Any] = {"name": param.name}
    if isinstance(param, click.Option):
        record = param.get_help_record(ctx)
        row["opts"] = param.opts[: 1 if isinstance(param, RenamedOption) else None]
        row |= _without_empty(
            off=list(param.secondary_opts),
            flag=param.is_flag,
            multiple=param.multiple,
            hidden=param.hidden,
            shown=record[0] if record else "",
            help=record[1] if record else "",
        )
    row |= _without_empty(completes=list(_completes(param)))
    return row if param.nargs == 1 else row | {"nargs": param.nargs}


def _completes(param: click.Parameter) -> tuple[str, ...]:
    if param.metavar in _BY_METAVAR:  # options of the group, which imports no types
        return _BY_METAVAR[param.metavar]
    if param.name == "names":  # of `help`
        return tuple(app.COMMANDS)
    if isinstance(param.type, click.Choice):
        return tuple(map(str, param.type.choices))
    if isinstance(param.type, click.Path):
        return ("@file",) if param.type.file_okay else ("@directory",)
    completes: tuple[str, ...] = getattr(param.type, "completes", ())
    return completes


def _without_empty(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _lines(row: dict[str, Any], indent: str) -> Iterator[str]:
    """Yield JSON in which a change of one parameter is a change of one line."""
    yield "{"
    keys = list(row)
    for key in keys:
        comma = "" if key == keys[-1] else ","
        if key == "params":
            yield f'{indent} "params": ['
            texts = [json.dumps(each, ensure_ascii=False) for each in row[key]]
            yield from (f"{indent}  {text}," for text in texts[:-1])
            yield from (f"{indent}  {text}" for text in texts[-1:])
            yield f"{indent} ]{comma}"
        elif key == "commands":
            yield f'{indent} "commands": {{'
            for name in row[key]:
                first, *more = _lines(row[key][name], f"{indent}  ")
                yield f'{indent}  "{name}": {first}'
                yield from more[:-1]
                yield f"{indent}  }}{'' if name == list(row[key])[-1] else ','}"
            yield f"{indent} }}{comma}"
        else:
            yield f'{indent} "{key}": {json.dumps(row[key], ensure_ascii=False)}{comma}'
    yield f"{indent}}}"


if __name__ == "__main__":
    TABLE.write_text(table_text(), encoding="utf-8")
