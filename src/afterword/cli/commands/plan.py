"""`afterword plan`: show when to write which message, and why."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.invitation_options import invitation_options
from afterword.cli.ui.output import echo, echo_json, status
from afterword.cli.ui.views import print_plan
from afterword.formats import plan_json
from afterword.services import input_files
from afterword.services.application_plan import plan_application
from afterword.services.date_format import formatter_for
from afterword.services.input_files import InvitationHints
from afterword.services.run_context import RunContext
from afterword.storage.lookup import NO_APPLICATIONS_YET


@click.command(
    cls=CommandWithExample,
    example="""
    afterword plan
    afterword plan samples/week.toml --json --now 2026-11-24T18:00:00+02:00
    """,
)
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@invitation_options
@options.with_context
@options.json
def plan(
    paths: tuple[str, ...], hints: InvitationHints, context: RunContext, as_json: bool
) -> None:
    """Show when to write which message, and why.

    FILE is an application file (TOML), an invitation (.ics) or its mail (.eml);
    - is standard input. Without FILE it shows all stored applications. Nothing
    is written.
    """
    if paths:
        plans = [
            plan_application(a, context)
            for a in input_files.load_applications(paths, hints, context)
        ]
    else:
        from afterword.services.workspace import open_workspace

        workspace = open_workspace(context)
        plans = workspace.plans()
        if not plans and workspace.is_empty():
            status(NO_APPLICATIONS_YET)
    formatter = formatter_for(context)
    if as_json:
        echo_json(plan_json.plan_document(plans, zone=context.zone, render=formatter.render))
        return
    for number, made in enumerate(plans):
        if number:
            echo()
        print_plan(made, formatter)
