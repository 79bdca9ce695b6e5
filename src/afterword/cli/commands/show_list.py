"""`afterword show` and `list`: show an application, or list all in a line each."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.columns import format_table
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, status, styled, terminal_width
from afterword.cli.ui.views import (
    application_label,
    describe_log_entry,
    format_moment,
    print_plan,
)
from afterword.cli.ui.workspace_options import with_application, with_workspace
from afterword.domain import application_stats
from afterword.domain.agenda import next_step
from afterword.domain.model import Application, Person
from afterword.domain.planning.plan import Plan
from afterword.formats import plan_json
from afterword.formats.application_file import application_writer
from afterword.services.date_format import formatter_for
from afterword.services.workspace import Workspace
from afterword.storage.lookup import NO_APPLICATIONS_YET

_ENDED = {application_stats.ApplicationStatus.CLOSED, application_stats.ApplicationStatus.REJECTED}


@click.command("show", cls=CommandWithExample, example="afterword show karoo")
@with_application
@options.json
def show_application(workspace: Workspace, application: Application, as_json: bool) -> None:
    """Show an application: its plan, its people, its log."""
    plan = workspace.plan(application)
    formatter = formatter_for(workspace.context)
    if as_json:
        document = plan_json.plan_document(
            [plan], zone=workspace.context.zone, render=formatter.render
        )
        echo_json({**document, "facts": application_writer.json_document(application)})
        return
    print_plan(plan, formatter)
    for person in _people(application):
        echo(f"  {person.name}", f" <{person.email}>" if person.email else "")
        for point in person.discussed:
            echo(f"    talked about {point}")
    if plan.timeline.log:
        echo(styled("Log", bold=True))
    for logged in plan.timeline.log:
        at = format_moment(logged.at, plan, formatter)
        echo(f"  {at}  {describe_log_entry(logged, plan, formatter)}")


def _people(application: Application) -> list[Person]:
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.insert(0, application.contact)
    return list({person.name: person for person in people}.values())


@click.command("list", cls=CommandWithExample, example="afterword list --all")
@with_workspace
@click.option("--all", "everything", is_flag=True, help="Those that are closed or rejected, too.")
@options.json
def list_applications(workspace: Workspace, everything: bool, as_json: bool) -> None:
    """List the applications with their next step."""
    plans = workspace.plans()
    formatter = formatter_for(workspace.context)
    rows, documents, hidden = [], [], 0
    for plan in sorted(plans, key=_by_next):
        state, coming = _status_of(plan, workspace), next_step(plan)
        if state in _ENDED and coming is None and not everything:
            hidden += 1
            continue
        application = plan.application
        when = (
            f"{coming.kind}, {format_moment(coming.send_at, plan, formatter)}"
            if coming
            else "nothing"
        )
        rows.append(
            [application.id, application_label(application), application.role, str(state), when]
        )
        documents.append(
            {
                "id": application.id,
                "company": application.company,
                "role": application.role,
                "state": state.value,
                "next": coming
                and plan_json.step_document(
                    coming, zone=workspace.context.zone, render=formatter.render
                ),
            }
        )
    if as_json:
        echo_json({"version": 1, "zone": workspace.context.zone.key, "applications": documents})
        return
    for line in format_table(rows, width=terminal_width()) if rows else ():
        echo(*line)
    if hidden:
        status(f"{hidden} closed or rejected; --all shows them too")
    if not plans and workspace.is_empty():
        status(NO_APPLICATIONS_YET)


def _by_next(plan: Plan) -> tuple[bool, object]:
    coming = next_step(plan)
    return coming is None, coming.send_at if coming else plan.application.id


def _status_of(plan: Plan, workspace: Workspace) -> application_stats.ApplicationStatus:
    return application_stats.application_status(plan, now=workspace.context.now)
