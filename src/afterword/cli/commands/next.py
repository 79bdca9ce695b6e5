"""`afterword next`: show the due steps."""

from __future__ import annotations

from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo_json
from afterword.cli.ui.views import print_agenda
from afterword.domain.agenda import AgendaItem, PlannedMessage, UnconfirmedStep
from afterword.formats import plan_json
from afterword.services.application_plan import (
    DAYS_AHEAD,
    DueSteps,
    applications_of_client,
    applications_to_plan,
    find_due_steps,
)
from afterword.services.workspace import Workspace

_MOST_DAYS = 36_500


@command("afterword next --days 14", name="next")
@click.option(
    "--days",
    type=options.WholeNumber(0, _MOST_DAYS),
    metavar="NUMBER",
    default=DAYS_AHEAD,
    show_default=True,
    help="How far to look ahead.",
)
@click.argument("app", type=options.APP, required=False)
@options.client
@options.with_workspace
@options.json
def next_command(
    workspace: Workspace, app: str | None, client: str | None, days: int, as_json: bool
) -> None:
    """Show the steps that are due now and in the coming days, overdue first.

    With APP only those of one application.
    """
    stored = workspace.applications() if app is None else [workspace.find_application(app)]
    applications = applications_to_plan(
        applications_of_client(stored, client), workspace.context, days=days
    )
    due = find_due_steps(workspace.plans(applications), workspace.context, days=days)
    if as_json:
        echo_json(_document(due, workspace))
        return
    is_empty = not stored and workspace.is_empty()
    print_agenda(due, workspace.context.formatter, is_empty=is_empty)


def _document(due: DueSteps, workspace: Workspace) -> dict[str, Any]:
    return {
        "zone": workspace.context.zone.key,
        "due": [
            _item(item, workspace) | {"urgency": item.urgency.value} for item in due.agenda.items
        ],
        "asked": [_item(question, workspace) for question in due.agenda.questions],
        "clashes": [
            {
                "address": conflict.address,
                "earlier": _item(conflict.earlier, workspace),
                "later": _item(conflict.later, workspace),
                "waits": conflict.waits.plan.application.id,
                "better": conflict.better.isoformat(),
            }
            for conflict in due.conflicts
        ],
    }


def _item(
    item: AgendaItem | UnconfirmedStep | PlannedMessage, workspace: Workspace
) -> dict[str, Any]:
    formatter = workspace.context.formatter
    application = item.plan.application
    return {
        "application": application.id,
        "company": application.company,
        "role": application.role,
        **plan_json.step_document(item.step, zone=workspace.context.zone, render=formatter.render),
    }
