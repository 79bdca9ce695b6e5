"""`afterword plan`: show when to write which message, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo, echo_json, status
from afterword.cli.ui.views import print_plan
from afterword.domain.applications import NO_APPLICATIONS_YET
from afterword.domain.model import Application
from afterword.domain.planning.plan import Plan
from afterword.errors import UsageError
from afterword.formats import plan_json
from afterword.services import input_files
from afterword.services.application_plan import plan_application
from afterword.services.input_files import InvitationHints
from afterword.services.run_context import RunContext

if TYPE_CHECKING:
    from afterword.services.workspace import Workspace


@command("""
    afterword plan
    afterword plan karoo
    afterword plan --timeline
    afterword plan samples/week.toml --json --now 2026-11-24T18:00:00+02:00
    """)
@click.argument(
    "paths",
    type=options.completed("path", "@application", "@file"),
    nargs=-1,
    metavar="[FILE|APP]...",
)
@click.option(
    "--timeline", is_flag=True, help="Draw the plans on a common timeline, as wide as the terminal."
)
@options.invitation_hints
@options.with_context
@options.json
def plan(
    paths: tuple[str, ...],
    timeline: bool,
    hints: InvitationHints,
    context: RunContext,
    as_json: bool,
) -> None:
    """Show when to write which message, and why.

    FILE is an application file (TOML), an invitation (.ics) or its mail (.eml);
    - is standard input. APP is a part of the id, company or role of a stored
    application. Without either it shows all stored applications. Nothing is
    written.
    """
    if timeline and as_json:
        raise UsageError("--timeline is a picture of the dates that --json prints; choose one")
    plans = _plans(paths, hints, context)
    formatter = context.formatter
    if timeline and plans:
        from afterword.cli.ui.timeline_view import print_timeline

        print_timeline(plans, context)
        return
    if as_json:
        echo_json(plan_json.plan_document(plans, zone=context.zone, render=formatter.render))
        return
    for number, made in enumerate(plans):
        if number:
            echo()
        print_plan(made, formatter)


def _plans(paths: tuple[str, ...], hints: InvitationHints, context: RunContext) -> list[Plan]:
    """Return the plans of the files and of the stored applications that are named."""
    if paths and all(map(input_files.may_be_file, paths)):
        applications = input_files.load_applications(paths, hints, context)
        return [plan_application(application, context) for application in applications]
    from afterword.services.workspace import open_workspace

    workspace = open_workspace(context)
    if paths:
        return workspace.plans([a for path in paths for a in _applications(path, hints, workspace)])
    plans = workspace.plans()
    if not plans and workspace.is_empty():
        status(NO_APPLICATIONS_YET)
    return plans


def _applications(path: str, hints: InvitationHints, workspace: Workspace) -> Iterable[Application]:
    """Return the applications of a file, or the stored application of that name."""
    if input_files.may_be_file(path):
        return input_files.load_applications([path], hints, workspace.context)
    try:
        return [workspace.find_application(path)]
    except UsageError as error:
        raise UsageError(f"there is no file {path!r}, and {error.message}", error.notes) from None
