"""The click group with its commands, which are imported when they are run.

COMMANDS holds only text, so that `--help` and `--version` import no command.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import NamedTuple

import click

from afterword import __version__
from afterword.cli.ui import output
from afterword.cli.ui.command_help import PlainHelpCommand

_WITHOUT_COMMAND = "due:due_command"
EVERYDAY = "Everyday"
MORE = "More"
SECTIONS = (EVERYDAY, MORE)


class CommandRow(NamedTuple):
    """A command: "module:attribute" in cli.commands, its section and its line in the help."""

    target: str
    section: str
    line: str


COMMANDS: Mapping[str, CommandRow] = {
    "add": CommandRow("add:add", EVERYDAY, "Add an interview and show when to write what."),
    "next": CommandRow(
        "next:next_command", EVERYDAY, "Show the steps due now and in the coming days."
    ),
    "sent": CommandRow("log_commands:sent", EVERYDAY, "Log that a message was sent."),
    "heard": CommandRow(
        "log_commands:heard", EVERYDAY, "Log an answer and print the draft of a reply."
    ),
    "sync": CommandRow(
        "sync:sync", EVERYDAY, "Write the plan to your calendar, and log your edits."
    ),
    "export": CommandRow("export:export", EVERYDAY, "Write a calendar file with the drafts in it."),
    "import": CommandRow(
        "import_:import_files", MORE, "Read interviews from invitations, mails, spreadsheets."
    ),
    "find": CommandRow(
        "find:find_interviews", MORE, "Suggest interviews that are already in your calendars."
    ),
    "list": CommandRow(
        "show_list:list_applications", MORE, "List the applications with their next step."
    ),
    "show": CommandRow(
        "show_list:show_application", MORE, "Show an application: plan, people, log."
    ),
    "plan": CommandRow("plan:plan", MORE, "Show when to write which message, and why."),
    "preview": CommandRow(
        "preview_links:preview", MORE, "Write a page to look at: due, timeline, history."
    ),
    "links": CommandRow("preview_links:links", MORE, "Print links that add events to a calendar."),
    "draft": CommandRow("draft:draft", MORE, "Print the draft of a step."),
    "drafts": CommandRow("draft:drafts", MORE, "Show the texts of drafts, and edit your own."),
    "debrief": CommandRow("debrief:debrief", MORE, "Note down an interview while it is fresh."),
    "check": CommandRow("check:check", MORE, "Check the drafts for tone and slips."),
    "skip": CommandRow("skip_restore_move:skip", MORE, "Skip a step."),
    "restore": CommandRow("skip_restore_move:restore", MORE, "Restore a skipped step."),
    "move": CommandRow("skip_restore_move:move", MORE, "Move a step, or a rescheduled interview."),
    "away": CommandRow("log_commands:away", MORE, "Log that they are away."),
    "expect": CommandRow(
        "log_commands:expect", MORE, "Log when they decide, or that they will call."
    ),
    "round": CommandRow("add:next_round", MORE, "Add the next interview of an application."),
    "cancel": CommandRow("cancel_close_reopen:cancel", MORE, "Log that an interview is cancelled."),
    "close": CommandRow(
        "cancel_close_reopen:close", MORE, "Close an application: it has no more reminders."
    ),
    "reopen": CommandRow("cancel_close_reopen:reopen", MORE, "Reopen a closed application."),
    "note": CommandRow("log_commands:note", MORE, "Add a note to the log of an application."),
    "undo": CommandRow("undo_edit_forget:undo", MORE, "Undo the last change of an application."),
    "edit": CommandRow(
        "undo_edit_forget:edit", MORE, "Open the file of an application in your editor."
    ),
    "forget": CommandRow("undo_edit_forget:forget", MORE, "Delete an application and its history."),
    "calendars": CommandRow(
        "calendars:calendars", MORE, "Find and choose the calendar on a server."
    ),
    "serve": CommandRow(
        "serve:serve", MORE, "Show your plan in a calendar app, from a server on this computer."
    ),
    "doctor": CommandRow(
        "doctor:doctor", MORE, "Check for problems that keep reminders from ringing."
    ),
    "stats": CommandRow("stats:stats", MORE, "Show statistics: answers, days, windows."),
    "report": CommandRow(
        "report:report", MORE, "Show your job search in a period, as proof to hand in."
    ),
    "setup": CommandRow("settings:setup", MORE, "Answer a few questions, such as your name."),
    "settings": CommandRow(
        "settings:settings", MORE, "Show every setting with its value, or change settings."
    ),
    "completion": CommandRow(
        "completion:completion", MORE, "Print the completion script of a shell."
    ),
    "help": CommandRow("help_:help_command", MORE, "Show the help of a command."),
}

# Names from other programs that people try first.
ALIASES: Mapping[str, str] = {
    "delete": "forget",
    "rm": "forget",
    "remove": "forget",
    "status": "next",
    "today": "next",
    "agenda": "next",
    "ls": "list",
    "config": "settings",
}


class LazyGroup(PlainHelpCommand, click.Group):
    """The group that imports a command when it is run, or when its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the help."""
        return sorted(COMMANDS, key=lambda name: SECTIONS.index(COMMANDS[name].section))

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command of a name or an alias; None if there is none."""
        name = ALIASES.get(cmd_name, cmd_name)
        return _imported(COMMANDS[name].target) if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve aliases, and suggest a similar name, as click does for imported commands only."""
        name = ALIASES.get(args[0], args[0])
        if name not in COMMANDS and not name.startswith("-"):
            raise click.NoSuchCommand(name, possibilities=(*COMMANDS, *ALIASES), ctx=ctx)
        return super().resolve_command(ctx, [name, *args[1:]])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, from the table alone, and the few options after them."""
        for section in SECTIONS:
            lines = [(name, row.line) for name, row in COMMANDS.items() if row.section == section]
            if lines:
                with formatter.section(section):
                    formatter.write_dl(lines)
        with formatter.section("Other names"):
            formatter.write_dl([(", ".join(names), name) for name, names in _aliases().items()])
        click.Command.format_options(self, ctx, formatter)


def _aliases() -> dict[str, list[str]]:
    """Return the aliases of each command that has any."""
    aliases: dict[str, list[str]] = {}
    for alias, name in ALIASES.items():
        aliases.setdefault(name, []).append(alias)
    return aliases


def _imported(target: str) -> click.Command:
    from afterword.system import clock

    clock.use_newest_zones()
    module, _, attribute = target.partition(":")
    command = getattr(importlib.import_module(f"afterword.cli.commands.{module}"), attribute)
    assert isinstance(command, click.Command)  # noqa: S101 - a wrong row is a bug
    return command


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        output.echo(f"afterword {__version__}")
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
@click.option("--now", metavar="INSTANT", help="Act as if it were this time (ISO 8601).")
@click.option("--zone", metavar="ZONE", help="Your time zone in this run, such as Europe/Berlin.")
@click.option("--data", metavar="DIR", help="Store applications in this directory.")
@click.pass_context
def afterword(
    ctx: click.Context,
    now: str | None,  # noqa: ARG001 - commands read them from the context
    zone: str | None,  # noqa: ARG001
    data: str | None,  # noqa: ARG001
) -> None:
    """Follow up after a job interview without being pushy, from your own calendar.

    Without a command it shows what is due.
    """
    if ctx.invoked_subcommand is None:
        command = _imported(_WITHOUT_COMMAND)
        with command.make_context(None, [], parent=ctx) as context:
            command.invoke(context)
