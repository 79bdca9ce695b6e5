"""`afterword import`: read interviews from invitations, mails, spreadsheets and TOML files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


class _FileResult(NamedTuple):
    """The result of a file: its events, or the error for which nothing of it was saved."""

    file: str
    events: Sequence[dict[str, Any]] = ()
    error: InputError | None = None


@attrs.frozen(kw_only=True)
class _Importer:
    """The options of a run; `quiet`: print no results, because JSON is printed instead.

    `table_options` are those of SpreadsheetOptions, as they were typed.
    """

    workspace: Workspace
    hints: InvitationHints
    panel_day: bool | None
    country: str | None
    table_options: Mapping[str, Any]
    quiet: bool

    def import_file(self, path: str) -> _FileResult:
        """Import a file as a whole, or nothing of it."""
        try:
            data = input_files.read_content(path)
            return _FileResult(path, list(self._import_content(path, data)))
        except InputError as error:
            return _FileResult(path, error=error)

    def _import_content(self, path: str, data: bytes) -> Iterator[dict[str, Any]]:
        if input_files.is_workbook(data):
            return self._import_spreadsheet(path, data)
        input_files.refuse_other_programs(path, data)
        if input_files.is_invitation(path, data):
            return self._import_invitations(path, data)
        if input_files.is_spreadsheet(path, data):
            return self._import_spreadsheet(path, data)
        return self._import_application_file(path, data)

    def _import_invitations(self, path: str, data: bytes) -> Iterator[dict[str, Any]]:
        from afterword.services.import_invitations import InvitationImporter

        reading = input_files.read_invitations(path, data, self.hints, self.workspace.context)
        for notice in reading.notices:
            status(f"{reading.source}: {notice}")
        importer = InvitationImporter(
            workspace=self.workspace, hints=self.hints, panel=self.panel_day, country=self.country
        )
        return import_view.import_invitations(importer, reading, quiet=self.quiet)

    def _import_spreadsheet(self, path: str, data: bytes) -> Iterator[dict[str, Any]]:
        from afterword.services.import_spreadsheet import SpreadsheetOptions, import_spreadsheet

        spreadsheet_options = SpreadsheetOptions(
            zone=self.hints.employer_zone,
            company=self.hints.company,
            role=self.hints.role,
            country=self.country,
            **self.table_options,
        )
        name = input_files.display_name(path)
        imported = import_spreadsheet(name, data, spreadsheet_options, self.workspace)
        import_view.print_spreadsheet(imported, path, self.workspace, quiet=self.quiet)
        if self.quiet:  # with --json, which alone shows the events
            yield from import_view.spreadsheet_events(imported)

    def _import_application_file(self, path: str, data: bytes) -> Iterator[dict[str, Any]]:
        """Add the applications of an application file; skip those that are stored and equal."""
        applications = input_files.parse_application_file(path, data)
        added = self.workspace.add_missing(applications)
        for application in applications:
            action = "added" if application.id in added else "unchanged"
            if not self.quiet:
                echo(f"{action}: {full_name(application)}")
            for interview in application.interviews:
                yield import_view.interview_event(application, interview, action)


def _print_template(ctx: click.Context, _: click.Parameter, wanted: str | None) -> None:
    from afterword.importers.spreadsheet import column_names

    if wanted:
        echo_bytes([column_names.example_table().encode()])
        ctx.exit()


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
@click.option("--update", is_flag=True, help="Apply what differs in a table from what is saved.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    metavar="TEXT=MEANING",
    help="What a status in a table means, such as 'On ice=closed': open, positive, "
    "offer, rejected, closed or cancelled. Remembered.",
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="HEADER=COLUMN",
    help="Which column a header of a table is, such as 'Their header=date', or ignore. Remembered.",
)
@click.option(
    "--dates", type=options.EnumChoice("order", DateOrder), help="The order of dates in a table."
)
@click.option("--partial", is_flag=True, help="Leave out the bad rows of a table.")
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
    panel_day: bool | None,
    country: str | None,
    workspace: Workspace,
    as_json: bool,
    **table_options: Any,
) -> None:
    """Read interviews from invitations (.ics), mails (.eml), spreadsheets (.csv) and .toml files.

    Another invitation to the same interview updates it: a newer one moves it, a
    cancellation cancels it, an older copy does nothing. Guesses are reported,
    and confirmed on a terminal. - is standard input.
    """
    if not paths:
        raise UsageError("name a file to import: afterword import FILE...")
    importer = _Importer(
        workspace=workspace,
        hints=hints,
        panel_day=panel_day,
        country=parse_country_option(country),
        table_options=table_options,
        quiet=as_json,
    )
    results = list(map(importer.import_file, paths))
    if not as_json:
        events = (event for each in results for event in each.events)
        import_view.offer_reminders(events, workspace)
    if workspace.dry_run and any(result.error is None for result in results):
        status("Dry run: nothing was saved.")
    if as_json:
        echo_json({"files": list(map(_document, results))})
    _exit_with_errors(results)


def _document(result: _FileResult) -> dict[str, Any]:
    document = {"file": result.file, "events": result.events}
    return document | ({"error": str(result.error)} if result.error else {})


def _exit_with_errors(results: Sequence[_FileResult]) -> None:
    """Raise the error if no file was imported; exit with 3 (partly done) if only some were."""
    errors = [result.error for result in results if result.error is not None]
    if not errors:
        return
    if len(results) == 1:
        raise errors[0]
    for error in errors:
        status(f"not imported: {error}")
    count = f"{len(errors)} of {len(results)} files were not imported"
    if len(errors) == len(results):
        raise InputError(count)
    status(f"afterword: {count}")
    click.get_current_context().exit(ExitCode.PARTLY)
