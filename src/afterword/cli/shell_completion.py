"""Completion for shells: their scripts, and the words of all commands, from a table.

Importing a command takes many times as long as click itself, and a shell asks at each press of
the Tab key. So completion imports none: `python -m tests.cli.command_table` writes the table from
the commands.
"""

from __future__ import annotations

import functools
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
    shell_complete,
)

if TYPE_CHECKING:
    from afterword.storage.stored_names import StoredName

TABLE = Path(__file__).with_name("command_table.json")
SHELLS = ("bash", "zsh", "fish", "powershell")
_PROGRAM = "afterword"
_VARIABLE = "_AFTERWORD_COMPLETE"

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


@add_completion_class
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
    complete = get_completion_class(shell)
    assert complete is not None  # noqa: S101 - SHELLS has no other
    return complete(group, {}, _PROGRAM, _VARIABLE).source()


def answer_shell(instruction: str) -> int:
    """Print the words that fit, by click's protocol, and return the exit code."""
    group = TableGroup(_PROGRAM, json.loads(TABLE.read_text("utf-8")))
    return shell_complete(group, {}, _PROGRAM, _VARIABLE, instruction)


class TableGroup(click.Group):
    """A group whose commands are made from the table when they are asked for."""

    def __init__(self, name: str, row: Mapping[str, Any]) -> None:
        super().__init__(
            name,
            params=_params(row),
            short_help=row["short"],
            invoke_without_command=True,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self._rows: Mapping[str, Any] = row["commands"]
        self._aliases: Mapping[str, str] = row.get("aliases", {})

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of the commands, without their aliases."""
        return list(self._rows)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name or an alias."""
        name = self._aliases.get(cmd_name, cmd_name)
        if name not in self._rows:
            return None
        row = self._rows[name]
        if "commands" in row:
            return TableGroup(name, row)
        return click.Command(name, params=_params(row), short_help=row["short"])


def _params(row: Mapping[str, Any]) -> list[click.Parameter]:
    return [_param(each) for each in row["params"] if "--help" not in each.get("opts", ())]


def _param(row: Mapping[str, Any]) -> click.Parameter:
    complete = functools.partial(_complete, row.get("completes", ()))
    if "opts" not in row:
        nargs = row.get("nargs", 1)
        return click.Argument([row["name"]], nargs=nargs, required=False, shell_complete=complete)
    *names, last = row["opts"]
    return click.Option(
        [row["name"], *names, "/".join([last, *row.get("off", ())])],
        is_flag=row.get("flag", False),
        multiple=row.get("multiple", False),
        hidden=row.get("hidden", False),
        help=row.get("help"),
        shell_complete=complete,
    )


def _complete(
    kinds: Iterable[str], ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the words that fit, and the values of the kinds that begin with @."""
    return [item for kind in kinds for item in _complete_kind(kind, ctx, incomplete)]


def _complete_kind(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    match kind:
        case "@file":
            return [CompletionItem(incomplete, type="file")]
        case "@directory":
            return [CompletionItem(incomplete, type="dir")]
        case "@application":
            return _applications(ctx, incomplete)
        case "@interview":
            return _words(_interviews(ctx), incomplete)
        case "@zone":
            return _words(_zones(), incomplete)
        case word:
            return _words([word], incomplete)


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


def _interviews(ctx: click.Context) -> list[str]:
    """Return the interviews of the application that was typed before."""
    app = str(ctx.params.get("app") or "")
    return [id for each in _stored_names(ctx) if each.id == app for id in each.interviews]


def _stored_names(ctx: click.Context) -> Iterable[StoredName]:
    """Return the stored applications, in the directory that --data may name."""
    from afterword.errors import UsageError
    from afterword.settings.paths import find_locations
    from afterword.storage.stored_names import read_names

    data = ctx.params.get("data") or ctx.find_root().params.get("data")
    try:
        return read_names(find_locations(Path(data) if data else None).data)
    except UsageError:  # no home directory; the command itself says so
        return ()


def _zones() -> list[str]:
    import tzdata

    names = Path(tzdata.__file__).with_name("zones").read_text("ascii").split()
    return [name for name in names if name != "Factory"]
