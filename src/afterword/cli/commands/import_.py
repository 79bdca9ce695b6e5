"""`afterword import`: read interviews from invitations, mails, spreadsheets and TOML files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import attrs
import click

from afterword.cli.ui import import_view, options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.interview_details import parse_country_option
from afterword.cli.ui.output import echo, echo_bytes, echo_json, status
from afterword.cli.ui.setup_questions import offers_setup
from afterword.domain.applications import full_name
from afterword.errors import ExitCode, InputError, UsageError
from afterword.importers.spreadsheet.cell_dates import DateOrder
from afterword.services import input_files
from afterword.services.input_files import InvitationHints
from afterword.services.workspace import Workspace


@attrs.frozen(kw_only=True)
class FileResult:
    """The result of a file: its events, or the error for which nothing of it was saved."""

    file: str
    events: tuple[dict[str, Any], ...] = ()
    error: InputError | None = None


@attrs.frozen(kw_only=True)
class _ImportOptions:
    """The options of a run; `quiet`: print no results, because JSON is printed instead."""

    workspace: Workspace
    hints: InvitationHints
    panel_day: bool | None
    country: str | None
    tables: TableFlags
    quiet: bool


def _print_template(ctx: click.Context, _: click.Parameter, wanted: str | None) -> None:
    from afterword.importers.spreadsheet import column_names

    if wanted:
        echo_bytes([column_names.example_table().encode()])
        ctx.exit()


class TableFlags(NamedTuple):
    """The options for tables as they were typed."""

    dates: DateOrder | None
    partial: bool
    statuses: tuple[str, ...]
    columns: tuple[str, ...]
    update: bool


_table_options = options.group(
    "tables",
    TableFlags,
    TableFlags._fields,
    click.option(
        "--update", is_flag=True, help="Apply what differs in a table from what is saved."
    ),
    click.option(
        "--status",
        "statuses",
        multiple=True,
        metavar="TEXT=MEANING",
        help="What a status in a table means, such as 'On ice=closed': open, positive, "
        "offer, rejected, closed or cancelled. Remembered.",
    ),
    click.option(
        "--map",
        "columns",
        multiple=True,
        metavar="HEADER=COLUMN",
        help="Which column a header of a table is, such as 'Their header=date', or ignore. "
        "Remembered.",
    ),
    click.option(
        "--dates",
        type=options.EnumChoice("order", DateOrder),
        help="The order of dates in a table.",
    ),
    click.option("--partial", is_flag=True, help="Leave out the bad rows of a table."),
)


@command(
    """
    afterword import invite.ics --role "Marketing Manager"
    afterword import mail.eml clients.toml --json
    """,
    name="import",
)
@offers_setup
@click.argument("paths", type=options.FILE, nargs=-1, metavar="FILE...")
@options.invitation_hints
@_table_options
@click.option(
    "--template",
    type=click.Choice(["csv"]),
    is_eager=True,
    expose_value=False,
    callback=_print_template,
    help="Print an example table: a header and two rows.",
)
@click.option(
    "--panel-day/--rounds",
    "panel_day",
    default=None,
    help="Treat several interviews on one day as one panel (one set of follow-ups), or as "
    "separate rounds.",
)
@click.option(
    "--country",
    metavar="CODE",
    help="The employer's country, for its holidays, where a file states none: ZA, US-CA; none "
    "for Monday to Friday. [default: that of the time zone]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be imported; save nothing.")
@options.with_workspace
@options.json
def import_files(
    paths: tuple[str, ...],
    hints: InvitationHints,
    tables: TableFlags,
    panel_day: bool | None,
    country: str | None,
    workspace: Workspace,
    as_json: bool,
) -> None:
    """Read interviews from invitations (.ics), mails (.eml), spreadsheets (.csv) and .toml files.

    Another invitation to the same interview updates it: a newer one moves it, a
    cancellation cancels it, an older copy does nothing. Guesses are reported,
    and confirmed on a terminal. - is standard input.
    """
    if not paths:
        raise UsageError("name a file to import: afterword import FILE...")
    import_options = _ImportOptions(
        workspace=workspace,
        hints=hints,
        panel_day=panel_day,
        country=parse_country_option(country),
        tables=tables,
        quiet=as_json,
    )
    results = [_import_file(path, import_options) for path in paths]
    if not as_json:
        events = (event for each in results for event in each.events)
        import_view.offer_reminders(events, workspace)
    if workspace.dry_run and any(result.error is None for result in results):
        status("Dry run: nothing was saved.")
    if as_json:
        echo_json(_document(results))
    _exit_with_errors(results)


def _import_file(path: str, import_options: _ImportOptions) -> FileResult:
    """Import a file as a whole, or nothing of it."""
    try:
        data = input_files.read_content(path)
        return FileResult(file=path, events=tuple(_events(path, data, import_options)))
    except InputError as error:
        return FileResult(file=path, error=error)


def _events(path: str, data: bytes, import_options: _ImportOptions) -> Iterator[dict[str, Any]]:
    if input_files.is_workbook(data):
        return _import_spreadsheet(path, data, import_options)
    input_files.refuse_other_programs(path, data)
    if input_files.is_invitation(path, data):
        return _import_invitations(path, data, import_options)
    if input_files.is_spreadsheet(path, data):
        return _import_spreadsheet(path, data, import_options)
    return _import_application_file(path, data, import_options)


def _import_invitations(
    path: str, data: bytes, import_options: _ImportOptions
) -> Iterator[dict[str, Any]]:
    from afterword.services.import_invitations import InvitationImporter

    workspace, hints = import_options.workspace, import_options.hints
    reading = input_files.read_invitations(path, data, hints, workspace.context)
    for notice in reading.notices:
        status(f"{reading.source}: {notice}")
    importer = InvitationImporter(
        workspace=workspace,
        hints=hints,
        panel=import_options.panel_day,
        country=import_options.country,
    )
    return import_view.import_invitations(importer, reading, quiet=import_options.quiet)


def _import_spreadsheet(
    path: str, data: bytes, import_options: _ImportOptions
) -> Iterator[dict[str, Any]]:
    from afterword.services.import_spreadsheet import SpreadsheetOptions, import_spreadsheet

    hints, tables = import_options.hints, import_options.tables
    how = SpreadsheetOptions(
        dates=tables.dates,
        partial=tables.partial,
        zone=hints.employer_zone,
        company=hints.company,
        role=hints.role,
        statuses=tables.statuses,
        columns=tables.columns,
        update=tables.update,
        country=import_options.country,
    )
    workspace, quiet = import_options.workspace, import_options.quiet
    imported = import_spreadsheet(input_files.display_name(path), data, how, workspace)
    import_view.print_spreadsheet(imported, path, workspace, quiet=quiet)
    if quiet:  # with --json, which alone shows the events
        yield from import_view.spreadsheet_events(imported)


def _import_application_file(
    path: str, data: bytes, import_options: _ImportOptions
) -> Iterator[dict[str, Any]]:
    """Add the applications of an application file; skip those that are stored and equal."""
    workspace = import_options.workspace
    applications = input_files.parse_application_file(path, data)
    added = workspace.add_missing(applications)
    for application in applications:
        action = "added" if application.id in added else "unchanged"
        if not import_options.quiet:
            echo(f"{action}: {full_name(application)}")
        for interview in application.interviews:
            yield import_view.interview_event(application, interview, action)


def _document(results: list[FileResult]) -> dict[str, Any]:
    return {
        "files": [
            {"file": result.file, "events": list(result.events)}
            | ({"error": str(result.error)} if result.error else {})
            for result in results
        ],
    }


def _exit_with_errors(results: list[FileResult]) -> None:
    """Raise the error if no file was imported; exit with 3 (partly done) if only some were."""
    errors = [result.error for result in results if result.error is not None]
    if not errors:
        return
    if len(errors) == 1 and len(results) == 1:
        raise errors[0]
    for error in errors:
        status(f"not imported: {error}")
    count = f"{len(errors)} of {len(results)} files were not imported"
    if len(errors) == len(results):
        raise InputError(count)
    status(f"afterword: {count}")
    click.get_current_context().exit(ExitCode.PARTLY)
