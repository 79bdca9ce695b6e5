"""`afterword help` and `completion`: the help of a command, and completion in a shell."""

from __future__ import annotations

import os
from pathlib import PurePath

import click

from afterword.cli.shell_completion import SHELLS, completion_script
from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo
from afterword.errors import UsageError


@command(
    """
    afterword help sent
    afterword help settings set
    """,
    name="help",
)
@click.argument("names", nargs=-1, metavar="[COMMAND]...")
@options.without_context
@click.pass_context
def help_command(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Show the help of a command, or that of afterword."""
    context = ctx.find_root()
    for name in names:
        parent = context.command
        group = parent if isinstance(parent, click.Group) else click.Group()
        child = group.get_command(context, name)
        if child is None:
            raise click.NoSuchCommand(name, possibilities=group.list_commands(context), ctx=context)
        context = click.Context(child, info_name=child.name, parent=context)
    echo(context.get_help())


@command("""
    afterword completion fish > ~/.config/fish/completions/afterword.fish
    """)
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@options.without_context
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print the script that completes commands, applications and steps in a shell.

    SHELL is bash, zsh, fish or powershell; without it, your login shell.

    \b
    bash: add this line to ~/.bashrc:
      eval "$(afterword completion bash)"
    zsh: add this line to ~/.zshrc, below compinit:
      eval "$(afterword completion zsh)"
    PowerShell: add this line to $PROFILE:
      afterword completion powershell | Out-String | Invoke-Expression
    """  # noqa: D301 - click needs the character itself
    name = shell or PurePath(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        raise UsageError(f"Which shell? Name one of: {', '.join(SHELLS)}")
    echo(completion_script(name, ctx.find_root().command).rstrip("\n"))
