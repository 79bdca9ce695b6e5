"""The command line: parse, call, print. All that knows click, and all that prints.

COMMANDS is the one list of commands. It holds plain words, so that `--help`
and `--version` import none of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import click

from afterword import __version__
from afterword.cli.command import Helped
from afterword.cli.console import show

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

EVERYDAY = "Everyday"
MORE = "More"
SECTIONS = (EVERYDAY, MORE)

NO_COMMAND = """\
Had an interview? Start with one of these:

  afterword plan FILE     show when to write what, and why
  afterword export FILE   make a calendar file of it, with the drafts
  afterword --help        all that it can do"""


class Row(NamedTuple):
    """One command: where it is ("module:attribute" in this package), its section, its line."""

    target: str
    section: str
    line: str


COMMANDS: Mapping[str, Row] = {
    "plan": Row("plan:plan", EVERYDAY, "Show when to write what, and why."),
    "export": Row("export:export", EVERYDAY, "Write a calendar file, with the drafts in it."),
    "settings": Row("settings:settings", MORE, "Show every setting, its value and what it does."),
}


class LazyGroup(Helped, click.Group):
    """The group that imports a command when it is run, or when its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the help."""
        return sorted(COMMANDS, key=lambda name: SECTIONS.index(COMMANDS[name].section))

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        from afterword import clock

        clock.use_newest_zones()
        module, _, attribute = COMMANDS[cmd_name].target.partition(":")
        command = getattr(importlib.import_module(f"{__name__}.{module}"), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a wrong row is a bug
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest a name that is close, which click does only for commands it has imported."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete a command from the table: a key press is no time to import them all."""
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=COMMANDS[name].line)
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, from the table alone, and the few options after them."""
        for section in SECTIONS:
            lines = [(name, row.line) for name, row in COMMANDS.items() if row.section == section]
            if lines:
                with formatter.section(section):
                    formatter.write_dl(lines)
        click.Command.format_options(self, ctx, formatter)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        show(f"afterword {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="afterword COMMAND --help begins with an example.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def afterword(ctx: click.Context) -> None:
    """Follow up after a job interview without being pushy, from your own calendar."""
    if ctx.invoked_subcommand is None:
        show(NO_COMMAND)
