"""The click group with its commands, which are imported when they are run.

COMMANDS holds only text, so that `--help` and `--version` import no command.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Mapping

import click

from afterword import __version__
from afterword.cli.ui import output
from afterword.cli.ui.command_help import PlainHelpCommand, run_default

_WITHOUT_COMMAND = "due:due_command"
EVERYDAY: Mapping[str, tuple[str, str]] = {
    "add": ("add:add", "Add an interview and show when to write what."),
    "next": ("next:next_command", "Show the steps due now and in the coming days."),
    "sent": ("log_commands:sent", "Log that a message was sent."),
    "heard": ("log_commands:heard", "Log an answer and print the draft of a reply."),
    "sync": ("sync:sync", "Write the plan to your calendar, and log your edits."),
    "export": ("export:export", "Write a calendar file with the drafts in it."),
}
"""Each command with its function, as "module:name" in cli.commands, and its line in the help."""

MORE: Mapping[str, tuple[str, str]] = {
    "import": ("import_:import_files", "Read interviews from invitations, mails, spreadsheets."),
    "find": ("find:find_interviews", "Suggest interviews that are already in your calendars."),
    "list": ("show_list:list_applications", "List the applications with their next step."),
    "show": ("show_list:show_application", "Show an application: plan, people, log."),
    "plan": ("plan:plan", "Show when to write which message, and why."),
    "preview": ("preview_links:preview", "Write a page to look at: due, timeline, history."),
    "links": ("preview_links:links", "Print links that add events to a calendar."),
    "draft": ("draft:draft", "Print the draft of a step."),
    "drafts": ("draft:drafts", "Show the texts of drafts, and edit your own."),
    "debrief": ("debrief:debrief", "Note down an interview while it is fresh."),
    "check": ("check:check", "Check the drafts for tone and slips."),
    "skip": ("skip_restore_move:skip", "Skip a step."),
    "restore": ("skip_restore_move:restore", "Restore a skipped step."),
    "move": ("skip_restore_move:move", "Move a step, or a rescheduled interview."),
    "away": ("log_commands:away", "Log that they are away."),
    "expect": ("log_commands:expect", "Log when they decide, or that they will call."),
    "round": ("add:next_round", "Add the next interview of an application."),
    "cancel": ("cancel_close_reopen:cancel", "Log that an interview is cancelled."),
    "close": ("cancel_close_reopen:close", "Close an application: it has no more reminders."),
    "reopen": ("cancel_close_reopen:reopen", "Reopen a closed application."),
    "note": ("log_commands:note", "Add a note to the log of an application."),
    "undo": ("undo_edit_forget:undo", "Undo the last change of an application."),
    "edit": ("undo_edit_forget:edit", "Open the file of an application in your editor."),
    "forget": ("undo_edit_forget:forget", "Delete an application and its history."),
    "calendars": ("calendars:calendars", "Find and choose the calendar on a server."),
    "serve": ("serve:serve", "Show your plan in a calendar app, from a server on this computer."),
    "doctor": ("doctor:doctor", "Check for problems that keep reminders from ringing."),
    "stats": ("report_stats:stats", "Show statistics: answers, days, windows."),
    "report": ("report_stats:report", "Show your job search in a period, as proof to hand in."),
    "setup": ("settings:setup", "Answer a few questions, such as your name."),
    "settings": ("settings:settings", "Show every setting with its value, or change settings."),
    "completion": ("help_completion:completion", "Print the completion script of a shell."),
    "help": ("help_completion:help_command", "Show the help of a command."),
}
COMMANDS = {**EVERYDAY, **MORE}

# Names from other programs that people try first; those of a command stand together.
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

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, _: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a name or an alias; None if there is none."""
        name = ALIASES.get(cmd_name, cmd_name)
        return _imported(COMMANDS[name][0]) if name in COMMANDS else None

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
        for section, commands in (("Everyday", EVERYDAY), ("More", MORE)):
            with formatter.section(section):
                formatter.write_dl([(name, line) for name, (_, line) in commands.items()])
        with formatter.section("Other names"):
            grouped = itertools.groupby(ALIASES, ALIASES.get)
            formatter.write_dl([(", ".join(names), str(name)) for name, names in grouped])
        click.Command.format_options(self, ctx, formatter)


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
def afterword(ctx: click.Context, /, **_: str | None) -> None:
    """Follow up after a job interview without being pushy, from your own calendar.

    Without a command it shows what is due.
    """
    # The commands read the options of the group from the context.
    if ctx.invoked_subcommand is None:
        run_default(_imported(_WITHOUT_COMMAND), ctx)
