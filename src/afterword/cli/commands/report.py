"""`afterword report`: the record of a job search to hand in, and a coach's overview."""

from __future__ import annotations

from pathlib import Path

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo_json, status
from afterword.cli.ui.report_view import overview_document, print_report, record_document
from afterword.cli.ui.workspace_options import client_option, plans_of_client, with_workspace
from afterword.domain.planning.plan import Plan
from afterword.domain.search_record import build_overviews
from afterword.errors import UsageError
from afterword.formats.report_files import Report, check_report_path, save_report
from afterword.services import typed_dates
from afterword.services.search_report import overview_report, search_records, search_report
from afterword.services.workspace import Workspace
from afterword.storage.lookup import NO_APPLICATIONS_YET


@click.command(
    cls=CommandWithExample,
    example="""
    afterword report --from "last month" --to "last month" -o proof.html
    afterword report --from november -o proof.csv
    afterword report --overview
    """,
)
@click.option(
    "--from",
    "first",
    metavar="DAY",
    help='The first day, or a week, month, quarter or year: "1 Nov", "last month", 2026-Q4.',
)
@click.option(
    "--to",
    "last",
    metavar="DAY",
    help='The last day; of "november" it is the 30th.  [default: today]',
)
@client_option
@click.option(
    "--overview",
    is_flag=True,
    help="Show instead, for each client: overdue, due, no answer for a week, nothing logged for"
    " 14 days.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page (FILE.html) to print and sign, or a table (FILE.csv).",
)
@click.option("--force", is_flag=True, help="Overwrite a file that afterword did not write.")
@options.json
@with_workspace
def report(
    workspace: Workspace,
    first: str | None,
    last: str | None,
    client: str | None,
    overview: bool,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Show your job search in a period, as proof to hand in.

    It lists applications, interviews, messages sent and answers with their
    dates and channels, and a line to sign. Without --from it begins with the
    first entry, without --to it ends today. Each client of a coach gets a sheet.
    """
    if as_json and output:
        raise UsageError("--json prints the report, -o writes it; choose one")
    if output:
        check_report_path(output)
    if overview and (first or last):
        raise UsageError("--overview shows today; leave out --from and --to")
    days = typed_dates.parse_day_range(first, last, workspace.context)
    plans = workspace.plans()
    if not plans and workspace.is_empty():
        status(NO_APPLICATIONS_YET)
        return
    plans = plans_of_client(plans, client)
    if overview:
        _show_overview(plans, workspace, output, force=force, as_json=as_json)
        return
    records = search_records(plans, days, workspace.context)
    if as_json:
        echo_json(record_document(records, days))
        return
    _show(search_report(records, days, workspace.context), output, force=force)


def _show_overview(
    plans: list[Plan], workspace: Workspace, output: Path | None, *, force: bool, as_json: bool
) -> None:
    overviews = build_overviews(plans, now=workspace.context.now)
    if as_json:
        echo_json(overview_document(overviews))
        return
    _show(overview_report(overviews, workspace.context), output, force=force)


def _show(made: Report, output: Path | None, *, force: bool) -> None:
    """Print the report, or write it."""
    if output is None:
        print_report(made)
        return
    save_report(made, output, force=force)
    status(f"wrote {output}")
