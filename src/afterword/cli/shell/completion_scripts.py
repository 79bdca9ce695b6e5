"""The scripts that teach a shell to complete afterword, and the protocol of PowerShell."""

from __future__ import annotations

import os
from typing import ClassVar

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

PROGRAM = "afterword"
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
