"""`afterword next`, and what a bare `afterword` shows: what is due."""

from __future__ import annotations

from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.date_format import formatter_for
from afterword.cli.ui.output import echo_json
from afterword.cli.ui.views import print_agenda
from afterword.domain.agenda import Agenda, AgendaItem, UnconfirmedStep, build_agenda
from afterword.domain.contact_conflicts import (
    ContactConflict,
    PlannedMessage,
    find_contact_conflicts,
)
from afterword.domain.planning.plan import Plan, Step
from afterword.formats import plan_json
from afterword.messages import recipients
from afterword.services.workspace import Workspace, with_workspace

DAYS = 7
_MOST_DAYS = 36_500


@click.command("next", cls=CommandWithExample, example="afterword next --days 14")
@click.option(
    "--days",
    type=click.IntRange(0, _MOST_DAYS),
    metavar="NUMBER",
    default=DAYS,
    show_default=True,
    help="How far to look ahead.",
)
@with_workspace
@options.json
def next_command(workspace: Workspace, days: int, as_json: bool) -> None:
    """Show what is due now and in the coming days, overdue first."""
    plans = workspace.plans()
    due = build_agenda(plans, now=workspace.context.now, days=days)
    close = find_contact_conflicts(plans, now=workspace.context.now, address_of=address_of)
    if as_json:
        echo_json(_document(due, close, workspace))
        return
    print_agenda(
        due, close, formatter_for(workspace.context), known=bool(plans) or not workspace.is_empty()
    )


def address_of(plan: Plan, step: Step) -> str | None:
    """Return the address that a step's message goes to, if one is known."""
    del step
    person = recipients.main_contact(plan)
    return person.email if person else None


def _document(
    due: Agenda, close: tuple[ContactConflict, ...], workspace: Workspace
) -> dict[str, Any]:
    return {
        "version": 1,
        "zone": workspace.context.zone.key,
        "due": [_item(item, workspace) | {"urgency": item.urgency.value} for item in due.items],
        "asked": [_item(question, workspace) for question in due.questions],
        "clashes": [
            {
                "address": clash.address,
                "earlier": _item(clash.earlier, workspace),
                "later": _item(clash.later, workspace),
                "waits": clash.waits.plan.application.id,
                "better": clash.better.isoformat(),
            }
            for clash in close
        ],
    }


def _item(
    item: AgendaItem | UnconfirmedStep | PlannedMessage, workspace: Workspace
) -> dict[str, Any]:
    reader = formatter_for(workspace.context)
    application = item.plan.application
    return {
        "application": application.id,
        "company": application.company,
        "role": application.role,
        **plan_json.step_document(item.step, zone=workspace.context.zone, say=reader.render),
    }
