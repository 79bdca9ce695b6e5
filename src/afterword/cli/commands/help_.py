"""`afterword help`: the help of a command, by its name instead of by --help."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo


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
        group = context.command
        command = group.get_command(context, name) if isinstance(group, click.Group) else None
        if command is None or not isinstance(group, click.Group):
            names_in_group = group.list_commands(context) if isinstance(group, click.Group) else ()
            raise click.NoSuchCommand(name, possibilities=names_in_group, ctx=context)
        context = click.Context(command, info_name=command.name, parent=context)
    echo(context.get_help())
