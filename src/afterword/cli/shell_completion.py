"""Completion for shells: their scripts, and the words of all commands, from a table.

Importing a command takes many times as long as click itself, and a shell asks at each press of
the Tab key. So completion imports none: `python -m tests.cli.command_table` writes the table from
the commands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

if TYPE_CHECKING:
    from afterword.storage.stored_names import StoredName

PROGRAM = "afterword"
TABLE = Path(__file__).with_name("command_table.json")
VARIABLE = "_AFTERWORD_COMPLETE"
SHELLS = ("bash", "zsh", "fish", "powershell")

_POWERSHELL = r"""
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
                $_.Value
            } else { $_.Extent.Text }
        })
    if ($wordToComplete -eq '') { $words += '' }
    $before = $env:COMP_WORDS, $env:%(complete_var)s
    try {
        $env:COMP_WORDS = $words -join "`n"
        $env:%(complete_var)s = 'powershell_complete'
        %(prog_name)s | ForEach-Object {
            $type, $value, $help = $_ -split "`t", 3
            if ($type -eq 'plain') {
                if (-not $help) { $help = $value }
                $text = $value
                if ($value -match '\s') { $text = "'" + ($value -replace "'", "''") + "'" }
                [System.Management.Automation.CompletionResult]::new(
                    $text, $value, 'ParameterValue', $help)
            } else {
                [System.Management.Automation.CompletionCompleters]::CompleteFilename($value)
            }
        }
    } finally {
        $env:COMP_WORDS, $env:%(complete_var)s = $before
    }
}
"""


class PowerShellComplete(ShellComplete):
    """PowerShell: COMP_WORDS has a word a line, the last of them the word to complete."""

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words after the program's name, and the word to complete."""
        _, *args, incomplete = ["", *os.environ["COMP_WORDS"].split("\n")]
        return args[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return the type, the value and its help, with tabs between them."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


def completion_script(shell: str, group: click.Command) -> str:
    """Return the script for a shell."""
    register_shells()
    complete = get_completion_class(shell)
    assert complete is not None  # noqa: S101 - SHELLS has no other
    return complete(group, {}, PROGRAM, VARIABLE).source()


def register_shells() -> None:
    """Let click answer PowerShell, too."""
    add_completion_class(PowerShellComplete)


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
        del param
        return [item for each in self._completes for item in _complete_value(each, ctx, incomplete)]


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


def _complete_value(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the values of a kind that fit; a kind that does not begin with @ is a word."""
    match kind:
        case "@file":
            return [CompletionItem(incomplete, type="file")]
        case "@directory":
            return [CompletionItem(incomplete, type="dir")]
        case "@application":
            return _applications(ctx, incomplete)
        case "@interview":
            return _interviews(ctx, incomplete)
        case "@zone":
            return _words(_zones(), incomplete)
        case _:
            return _words([kind], incomplete)


def _words(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    folded = incomplete.casefold()
    return [CompletionItem(word) for word in words if word.casefold().startswith(folded)]


def _applications(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the applications whose id begins with the text, else those with such a word."""
    stored = _stored_names(ctx)
    folded = incomplete.casefold()
    matches = [each for each in stored if each.id.casefold().startswith(folded)]
    matches = matches or [each for each in stored if _has_word(each, incomplete)]
    return [CompletionItem(each.id, help=each.description) for each in matches]


def _has_word(stored: StoredName, typed: str) -> bool:
    """True if the text begins at a word of the company, role or client."""
    from afterword.domain.search_text import search_forms

    words = " ".join(stored.description.replace(",", " ").split())
    return any(
        f" {start}" in f" {form}" for start in search_forms(typed) for form in search_forms(words)
    )


def _interviews(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the interviews of the application that was typed before."""
    app = str(ctx.params.get("app") or "")
    stored = [each for each in _stored_names(ctx) if each.id == app]
    return _words((id for each in stored for id in each.interviews), incomplete)


def _stored_names(ctx: click.Context) -> Iterable[StoredName]:
    from afterword.storage.stored_names import read_names

    return read_names(_directory(ctx))


def _directory(ctx: click.Context) -> Path:
    """Return the directory of application files, which --data may name."""
    from afterword.errors import UsageError
    from afterword.settings.paths import find_locations

    given: str | None = None
    context: click.Context | None = ctx
    while context is not None and given is None:
        given, context = context.params.get("data"), context.parent
    try:
        return find_locations(Path(given) if given else None).data
    except UsageError:  # no home directory; the command itself says so
        return Path()


def _zones() -> list[str]:
    import tzdata

    names = Path(tzdata.__file__).with_name("zones").read_text("ascii").split()
    return [name for name in names if name != "Factory"]
