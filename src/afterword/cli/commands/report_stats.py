"""`afterword report` and `stats`: a job search as a record to hand in, and in figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from afterword.cli.ui import options
from afterword.cli.ui.columns import Cell, echo_table, echo_wrapped
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo, echo_json, status, styled, terminal_width
from afterword.domain.application_stats import FEWEST, Figure, Wait, compute_statistics
from afterword.domain.applications import NO_APPLICATIONS_YET
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.sanitize import pluralize
from afterword.domain.search_record import (
    Activity,
    ApplicationRecord,
    ClientOverview,
    DateRange,
    SearchRecord,
    build_overviews,
)
from afterword.errors import UsageError
from afterword.formats.report_files import Report, ReportTable, check_report_path, save_report
from afterword.services import typed_dates
from afterword.services.application_plan import applications_of_client
from afterword.services.search_report import (
    overview_report,
    people_of,
    search_records,
    search_report,
)
from afterword.services.workspace import Workspace

_NARROWEST_WITH_HEADER = 60
_SIGNATURE_LINE = "_" * 20
_SHARE, _DAYS = "{value:.0%} of {n}", "{value:g} (of {n})"


@command("""
    afterword report --from "last month" --to "last month" -o proof.html
    afterword report --from november -o proof.csv
    afterword report --overview
    """)
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
@options.client
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
@options.with_workspace
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
    stored = workspace.applications()
    if not stored and workspace.is_empty():
        status(NO_APPLICATIONS_YET)
        return
    plans = workspace.plans(applications_of_client(stored, client))
    context = workspace.context
    if overview:
        overviews = build_overviews(plans, now=context.now)
        document, made = _overview_document(overviews), overview_report(overviews, context)
    else:
        records = search_records(plans, days, context)
        document, made = _record_document(records, days), search_report(records, days, context)
    if as_json:
        echo_json(document)
    elif output is None:
        _print_report(made)
    else:
        save_report(made, output, force=force)
        status(f"wrote {output}")


def _print_report(report: Report) -> None:
    """Print each sheet: heading, lines, tables, and the lines to sign."""
    for number, sheet in enumerate(report.sheets):
        if number:
            echo()
        echo_wrapped(sheet.heading, bold=True)
        for line in sheet.lines:
            echo_wrapped(line)
        for table in sheet.screen or sheet.tables:
            _print_table(table)
        if sheet.signature:
            echo()
            echo_wrapped("  ".join(f"{label}: {_SIGNATURE_LINE}" for label in sheet.signature))


def _print_table(table: ReportTable) -> None:
    echo()
    if table.title:
        echo(styled(table.title, bold=True))
    width = terminal_width()
    rows: list[list[Cell]] = [[*row] for row in table.rows]
    # In narrow terminals the cells of a row follow each other, and columns have no names.
    if width is None or width >= _NARROWEST_WITH_HEADER:
        rows.insert(0, [styled(name, underline=True) for name in table.columns])
    echo_table(rows)


def _record_document(records: Sequence[SearchRecord], days: DateRange) -> dict[str, Any]:
    """Return the records as JSON; `to` is the last day."""
    return {
        "from": days.begin and days.begin.isoformat(),
        "to": days.last and days.last.isoformat(),
        "applicants": [
            {
                "client": record.applicant,
                "applications": list(map(_application_document, record.applications)),
                "activities": list(map(_activity_document, record.activities)),
            }
            for record in records
        ],
    }


def _application_document(each: ApplicationRecord) -> dict[str, Any]:
    application = each.plan.application
    return {
        "id": application.id,
        "company": application.company,
        "role": application.role,
        "interviews": each.interviews(),
        "messages": each.messages(),
        "answers": each.answers(),
        "state": each.state.value,
    }


def _activity_document(activity: Activity) -> dict[str, Any]:
    channel = activity.channel or activity.form
    kind = "interview" if activity.outcome else "message" if activity.step else "answer"
    return {
        "at": activity.at.astimezone(activity.plan.zone).isoformat(),
        "application": activity.plan.application.id,
        "interview": activity.interview.id,
        "kind": kind,
        "outcome": activity.outcome,
        "step": activity.step,
        "answer": activity.answer,
        "channel": channel,
        "with": list(people_of(activity)),
    }


def _overview_document(overviews: Sequence[ClientOverview]) -> dict[str, Any]:
    """Return the overviews as JSON."""
    return {
        "clients": [
            {
                "client": each.client,
                "open": each.open_applications,
                "overdue": [_step_document(*pair) for pair in each.overdue],
                "not_logged": [_step_document(*pair) for pair in each.unconfirmed],
                "due": [_step_document(*pair) for pair in each.due],
                "silent": [_wait_document(*pair) for pair in each.silent],
                "last_logged": each.last_logged and each.last_logged.isoformat(),
                "quiet_days": each.quiet_days,
            }
            for each in overviews
        ],
    }


def _step_document(plan: Plan, step: Step) -> dict[str, Any]:
    return {
        "application": plan.application.id,
        "interview": step.interview,
        "step": step.kind.value,
        "send_at": step.send_at.astimezone(plan.zone).isoformat(),
    }


def _wait_document(plan: Plan, wait: Wait) -> dict[str, Any]:
    return {
        "application": plan.application.id,
        "since": wait.since,
        "began": wait.began.astimezone(plan.zone).isoformat(),
        "days": int(wait.days),
    }


@command("afterword stats --json")
@options.with_workspace
@options.json
def stats(workspace: Workspace, as_json: bool) -> None:
    """Show statistics: applications by state, answers, days until an answer."""
    plans = workspace.plans()
    statistics = compute_statistics(plans, now=workspace.context.now)
    if as_json:
        echo_json(attrs.asdict(statistics))
        return
    echo(pluralize(statistics.applications, "application"))
    for state, count in statistics.states.items():
        echo(f"  {state:10} {count}")
    _print_figure("answered", _SHARE, statistics.answered)
    for since, figure in statistics.days_to_answer.items():
        _print_figure(f"days from {since} to an answer, median", _DAYS, figure)
    for kind, figure in statistics.in_window.items():
        _print_figure(f"{kind} sent in its window", _SHARE, figure)


def _print_figure(name: str, form: str, figure: Figure) -> None:
    few = f"not enough yet ({figure.n} of the {FEWEST} needed)"
    text = few if figure.value is None else form.format(value=figure.value, n=figure.n)
    echo_wrapped(f"{name}: {text}")
