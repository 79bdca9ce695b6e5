"""`afterword show` and `list`: show an application, or list all in a line each."""

from __future__ import annotations

from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.columns import Cell, echo_table, echo_wrapped
from afterword.cli.ui.command_help import command
from afterword.cli.ui.history_view import describe_log_entry, describe_silence, silence_document
from afterword.cli.ui.output import echo, echo_json, status, styled
from afterword.cli.ui.views import client_cell, format_moment, print_plan
from afterword.domain.agenda import next_step
from afterword.domain.application_stats import (
    ApplicationStatus,
    application_status,
    compare_silence,
)
from afterword.domain.applications import NO_APPLICATIONS_YET, has_clients
from afterword.domain.model import Application, Person
from afterword.domain.planning.plan import Plan
from afterword.formats import plan_json
from afterword.formats.application_file import application_writer
from afterword.services.application_plan import applications_of_client
from afterword.services.workspace import Workspace

_INDENT = "  "
_STATE = options.EnumChoice("state", ApplicationStatus)
_ENDED = {ApplicationStatus.CLOSED, ApplicationStatus.REJECTED}


@command("afterword show karoo", name="show")
@options.with_application
@options.json
def show_application(workspace: Workspace, application: Application, as_json: bool) -> None:
    """Show an application: its plan, its people, its log."""
    plan = workspace.plan(application)
    formatter = workspace.context.formatter
    silence = compare_silence(plan, workspace.stored_plans(), now=workspace.context.now)
    if as_json:
        document = plan_json.plan_document(
            [plan], zone=workspace.context.zone, render=formatter.render
        )
        facts = application_writer.json_document(application)
        compared = silence and silence_document(silence, plan)
        echo_json({**document, "facts": facts, "silence": compared})
        return
    print_plan(plan, formatter)
    if silence:
        echo_wrapped(describe_silence(silence), indent=_INDENT, hanging=_INDENT)
    for person in _people(application):
        address = f" <{person.email}>" if person.email else ""
        echo_wrapped(f"{person.name}{address}", indent=_INDENT, hanging=_INDENT)
        for point in person.discussed:
            echo_wrapped(f"talked about {point}", indent="    ", hanging="  ")
    for interview in application.interviews:
        for note in interview.went_well:
            echo_wrapped(f"went well: {note}", indent=_INDENT, hanging=_INDENT)
        for note in interview.do_differently:
            echo_wrapped(f"to do differently: {note}", indent=_INDENT, hanging=_INDENT)
    if plan.timeline.log:
        echo(styled("Log", bold=True))
    for logged in plan.timeline.log:
        at = format_moment(logged.at, plan, formatter)
        text = f"{at}  {describe_log_entry(logged, plan, formatter)}"
        echo_wrapped(text, indent=_INDENT, hanging=_INDENT)


def _people(application: Application) -> list[Person]:
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.insert(0, application.contact)
    return list({person.name: person for person in people}.values())


@command("afterword list --all", name="list")
@options.with_workspace
@options.client
@click.option("--state", type=_STATE, help="Only applications in this state.")
@click.option("--all", "everything", is_flag=True, help="Include closed and rejected ones.")
@options.json
def list_applications(
    workspace: Workspace,
    client: str | None,
    state: ApplicationStatus | None,
    everything: bool,
    as_json: bool,
) -> None:
    """List the applications with their next step."""
    stored = workspace.applications()
    plans = workspace.plans(applications_of_client(stored, client))
    if state is not None:
        plans = [plan for plan in plans if _status_of(plan, workspace) is state]
    listed = sorted(plans, key=_by_next_step)
    if not everything and state is None:
        listed = [plan for plan in listed if not _is_over(plan, workspace)]
    if as_json:
        zone = workspace.context.zone.key
        documents = [_list_document(plan, workspace) for plan in listed]
        echo_json({"zone": zone, "applications": documents})
        return
    clients = has_clients(plan.application for plan in listed)
    echo_table([_list_row(plan, workspace, clients=clients) for plan in listed])
    if hidden := len(plans) - len(listed):
        status(f"{hidden} closed or rejected; to see them: afterword list --all")
    if not listed and state is not None:
        status(f"no application is {state}")
    if not stored and workspace.is_empty():
        status(NO_APPLICATIONS_YET)


def _by_next_step(plan: Plan) -> tuple[bool, object]:
    step = next_step(plan)
    return step is None, step.send_at if step else plan.application.id


def _is_over(plan: Plan, workspace: Workspace) -> bool:
    return _status_of(plan, workspace) in _ENDED and next_step(plan) is None


def _status_of(plan: Plan, workspace: Workspace) -> ApplicationStatus:
    return application_status(plan, now=workspace.context.now)


def _list_row(plan: Plan, workspace: Workspace, *, clients: bool) -> list[Cell]:
    application, step = plan.application, next_step(plan)
    formatter = workspace.context.formatter
    return [
        *client_cell(application, named=clients),
        application.id,
        application.company,
        application.role,
        str(_status_of(plan, workspace)),
        f"{step.kind}, {format_moment(step.send_at, plan, formatter)}" if step else "nothing",
    ]


def _list_document(plan: Plan, workspace: Workspace) -> dict[str, Any]:
    application, step, context = plan.application, next_step(plan), workspace.context
    render = context.formatter.render
    return {
        "id": application.id,
        "company": application.company,
        "role": application.role,
        "state": _status_of(plan, workspace).value,
        "next": step and plan_json.step_document(step, zone=context.zone, render=render),
    }
