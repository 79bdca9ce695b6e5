"""`afterword find`: suggest the events of the user's calendars that look like interviews."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from afterword.cli.ui import import_view, options, suggestion_view
from afterword.cli.ui.calendar_questions import ask_calendar, calendar_options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo, echo_json, status
from afterword.errors import AfterwordError, InputError, UsageError
from afterword.importers.invitation.invitation_model import InvitationReading
from afterword.services import calendar_sources, input_files, suggestions
from afterword.services.calendars.calendar_login import Access
from afterword.services.import_invitations import InvitationImporter
from afterword.services.input_files import InvitationHints
from afterword.services.run_context import RunContext
from afterword.services.suggestions import Suggestion, SuggestionReport
from afterword.services.workspace import Workspace

if TYPE_CHECKING:
    from afterword.dav.interface import Calendar


@attrs.define(kw_only=True)
class _Additions:
    """The events that this run adds, and how they are printed."""

    workspace: Workspace
    hints: InvitationHints
    quiet: bool
    added: list[dict[str, Any]] = attrs.field(factory=list)


@command(
    """
    afterword find
    afterword find --calendar Personal --days 30
    afterword find exported.ics --json
    """,
    name="find",
)
@click.argument("paths", type=options.FILE, nargs=-1, metavar="[FILE...]")
@click.option(
    "--calendar",
    "names",
    multiple=True,
    metavar="NAME",
    help="Read only this calendar: its name, address or folder. May be repeated.",
)
@click.option(
    "--days",
    type=options.WholeNumber(0, 3650),
    metavar="N",
    help="Read the events of this many days back and ahead. [default: 21 back, 90 ahead]",
)
@click.option("--all", "show_all", is_flag=True, help="Suggest the events that you refused too.")
@click.option(
    "--add",
    "add_uids",
    multiple=True,
    metavar="UID",
    help="Add the suggested event with this UID. May be repeated.",
)
@click.option(
    "--refuse",
    "refuse_uids",
    multiple=True,
    metavar="UID",
    help="Never suggest the event with this UID again. May be repeated.",
)
@options.invitation_hints
@calendar_options
@click.option("--dry-run", is_flag=True, help="Show what would be added; save nothing.")
@options.with_workspace
@options.json
def find_interviews(
    workspace: Workspace,
    paths: tuple[str, ...],
    names: tuple[str, ...],
    days: int | None,
    show_all: bool,
    add_uids: tuple[str, ...],
    refuse_uids: tuple[str, ...],
    hints: InvitationHints,
    calendar_url: str | None,
    folder: Path | None,
    as_json: bool,
    access: Access,
) -> None:
    """Suggest the events of your calendars that look like job interviews.

    It reads your calendars on the chosen server or beside the chosen folder, or
    an exported file, and changes nothing there. On a terminal one key adds an
    event, refuses it or leaves it for later; otherwise nothing is stored.
    """
    context = workspace.context
    span = suggestions.date_range(context.now, days)
    if names and paths and not any(map(input_files.may_be_file, paths)):
        # As people type it: --calendar Personal Work
        names, paths = (*names, *paths), ()
    if paths:
        if names:
            raise UsageError("--calendar names a calendar on a server; FILE is read as it is")
        texts = calendar_sources.read_files(paths)
    else:
        with _open_calendar(context, calendar_url, folder, access) as calendar:
            texts = calendar_sources.read_user_calendars(calendar, names, span)
    report = suggestions.suggest_interviews(workspace, texts, span, hints, refused_too=show_all)
    answers = _Additions(workspace=workspace, hints=hints, quiet=as_json)
    if add_uids or refuse_uids:
        listed = report.suggestions
        for suggestion in suggestions.select_suggestions(listed, refuse_uids):
            suggestions.refuse_suggestion(workspace, suggestion)
        for suggestion in suggestions.select_suggestions(listed, add_uids):
            _add(suggestion, answers)
    elif not as_json:
        suggestion_view.print_summary(report, texts)
        _show(report, answers)
    import_view.offer_reminders(() if as_json else answers.added, workspace)
    if workspace.dry_run:
        status("Dry run: nothing was saved.")
    if as_json:
        echo_json(suggestion_view.suggestion_document(report, texts, span, answers.added))


def _open_calendar(
    context: RunContext, calendar_url: str | None, folder: Path | None, access: Access
) -> AbstractContextManager[Calendar]:
    """Return the context of the chosen calendar, beside which the others are."""
    from afterword.services.calendars.calendar_search import open_calendar
    from afterword.services.calendars.open_folder import chosen_folder
    from afterword.vdir.folder_calendar import FolderCalendar

    path = chosen_folder(context, folder=folder, calendar_url=calendar_url)
    if path is not None:
        return contextlib.nullcontext(FolderCalendar(path))
    if not (calendar_url or context.settings.calendar_url or context.ui.can_ask()):
        raise UsageError(
            "no calendar is chosen yet; choose one: afterword calendars; or give a file that "
            "your calendar app exported: afterword find FILE.ics"
        )
    return open_calendar(
        context, calendar_url=calendar_url, access=access, ask_calendar=ask_calendar
    )


def _show(report: SuggestionReport, answers: _Additions) -> None:
    """Print the suggestions; on a terminal ask about each."""
    can_ask = answers.workspace.context.ui.can_ask()
    total = len(report.suggestions)
    for number, suggestion in enumerate(report.suggestions, start=1):
        if number > 1:
            echo("")
        count = f"{number} of {total}: " if can_ask else ""
        suggestion_view.print_suggestion(suggestion, answers.workspace, number=count)
        if not can_ask:
            continue
        answer = suggestion_view.ask_about()
        if answer == "quit":
            return
        if answer == "refuse":
            suggestions.refuse_suggestion(answers.workspace, suggestion)
        if answer == "add":
            try:
                _add(suggestion, answers)
            except AfterwordError as error:
                status(f"Not added: {error.message}")
    if not can_ask:
        suggestion_view.print_next_steps(report)


def _add(suggestion: Suggestion, answers: _Additions) -> None:
    """Add an event as `import` adds an invitation, and print the result."""
    workspace, hints = answers.workspace, answers.hints
    invitation = suggestions.invitation_of(workspace, suggestion.event, hints)
    title = suggestion.event.facts.title
    if invitation is None:
        ui, day = workspace.context.ui, suggestion.event.day
        if not ui.can_ask():
            raise InputError(f'{title}: states no time; add it with --at "{day} 14:00"')
        at = f"{day} {ui.ask_text('It states no time. When does it start (14:00)?')}"
        hints = hints._replace(at=at)
        invitation = suggestions.invitation_of(workspace, suggestion.event, hints)
    if invitation is None:
        raise InputError(f"{title}: cannot be read without its start")
    importer = InvitationImporter(workspace=workspace, hints=hints, panel=False)
    reading = InvitationReading(source=title or "the event", invitations=(invitation,))
    for event in import_view.import_invitations(importer, reading, quiet=answers.quiet):
        suggestions.save_event_state(workspace, suggestion.uid, invitation)
        answers.added.append(event)
