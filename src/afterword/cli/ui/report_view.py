"""Print reports on the terminal, and as JSON documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterword.cli.ui.columns import Cell, echo_wrapped, format_table
from afterword.cli.ui.output import echo, styled, terminal_width
from afterword.domain.application_stats import Wait
from afterword.domain.date_range import DateRange
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.search_record import (
    Activity,
    ApplicationRecord,
    ClientOverview,
    SearchRecord,
)
from afterword.formats.report_files import Report, ReportTable
from afterword.services.search_report import people_of

_NARROWEST_WITH_HEADER = 60
_SIGNATURE_LINE = "_" * 20


def print_report(report: Report) -> None:
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
    for line in format_table(rows, width=width):
        echo(*line)


def record_document(records: Sequence[SearchRecord], days: DateRange) -> dict[str, Any]:
    """Return the records as JSON; `to` is the last day."""
    return {
        "version": 1,
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


def overview_document(overviews: Sequence[ClientOverview]) -> dict[str, Any]:
    """Return the overviews as JSON."""
    return {
        "version": 1,
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
