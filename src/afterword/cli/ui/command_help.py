"""Command classes whose help begins with an example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from afterword.cli.ui.output import echo


class PlainHelpCommand(click.Command):
    """A command whose help is printed like results, so that a full disk is reported."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's option with our own printing."""
        option = super().get_help_option(ctx)
        if option:
            option.callback = _show_help
        return option


class CommandWithExample(PlainHelpCommand):
    """A command whose help begins with example lines."""

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example above the usage."""
        with formatter.section("Example"):
            for line in self.example.strip().splitlines():
                formatter.write(f"{'':{formatter.current_indent}}{line.strip()}\n")
        formatter.write_paragraph()
        super().format_help(ctx, formatter)


class GroupWithExample(CommandWithExample, click.Group):
    """A group of such commands, whose own help begins with example lines, too."""

    command_class: type[click.Command] | None = CommandWithExample


def command(
    example: str, name: str | None = None
) -> Callable[[Callable[..., Any]], CommandWithExample]:
    """Return the decorator of a command whose help begins with the example."""
    return click.command(name, cls=CommandWithExample, example=example)


def command_group(
    example: str, name: str | None = None
) -> Callable[[Callable[..., Any]], GroupWithExample]:
    """Return the decorator of a group, which does something also without a command."""
    return click.group(name, cls=GroupWithExample, example=example, invoke_without_command=True)


def run_default(command: click.Command, group: click.Context) -> None:
    """Run a command without arguments, where a group is called without a command."""
    with command.make_context(command.name, [], parent=group) as context:
        command.invoke(context)


class RenamedOption(click.Option):
    """An option with a new name: the first is in the help, the older ones still work."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the help with the first name alone."""
        names, self.opts = self.opts, self.opts[:1]
        try:
            return super().get_help_record(ctx)
        finally:
            self.opts = names


def _show_help(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        echo(ctx.get_help())
        ctx.exit()
