"""`afterword check`: check the drafts for tone and slips before they are sent."""

from __future__ import annotations

import click

from afterword.cli.ui import options, progress
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, status
from afterword.cli.ui.workspace_options import with_workspace
from afterword.domain.model import Application
from afterword.errors import ExitCode
from afterword.messages.tone import ToneFinding, build_name_index
from afterword.services.check_drafts import check_drafts
from afterword.services.workspace import Workspace

_LONG = 100


@click.command(cls=CommandWithExample, example="afterword check karoo")
@click.argument("app", required=False)
@with_workspace
@options.json
def check(workspace: Workspace, app: str | None, as_json: bool) -> None:
    """Check the drafts of an application, or of all, for tone and slips.

    Length, phrases that press or complain, more than one question, unfilled
    placeholders, names of another application. Your own texts are checked too.
    Exits with 3 if there is something to change.
    """
    everything = workspace.applications()
    chosen = [workspace.find_application(app)] if app else everything
    names = build_name_index(everything)
    findings = {
        application.id: check_drafts(application, names, workspace.context)
        for application in progress.through(chosen, "checking", long=_LONG)
    }
    if as_json:
        echo_json({"version": 1, "applications": [_document(a, findings[a.id]) for a in chosen]})
    for application in chosen if not as_json else ():
        for finding in findings[application.id]:
            better = f"; better: {finding.better}" if finding.better else ""
            draft = f"{application.id}, {finding.draft.name}"
            echo(f"{draft}: {finding.excerpt!r}: {finding.why}{better}")
    if any(findings.values()):
        click.get_current_context().exit(ExitCode.PARTLY)
    status("nothing to change")


def _document(application: Application, findings: tuple[ToneFinding, ...]) -> dict[str, object]:
    return {
        "id": application.id,
        "findings": [
            {"draft": f.draft.name, "found": f.excerpt, "why": f.why, "better": f.better or None}
            for f in findings
        ],
    }
