"""Ask for what an invitation does not state, or point it out."""

from __future__ import annotations

import attrs

from afterword.cli.ui import missing_details, prompts
from afterword.cli.ui.output import status
from afterword.importers.invitation_result import ImportAction, InvitationResult
from afterword.services.assumed_country import describe_assumption
from afterword.services.workspace import Workspace


def complete(result: InvitationResult, workspace: Workspace) -> InvitationResult:
    """Return the result of an added interview with the details that the user gives."""
    interview = missing_details.interview_of(result.after, result.interview or result.invitation.id)
    if result.action is not ImportAction.ADDED or result.after is None or interview is None:
        return result
    after = missing_details.complete_interview(result.after, interview, workspace)
    return attrs.evolve(result, after=missing_details.complete_country(after, workspace))


def report(result: InvitationResult, workspace: Workspace, *, country: str | None) -> None:
    """Print the assumed country of a new application, and which details are missing."""
    after = result.after
    interview = missing_details.interview_of(after, result.interview or result.invitation.id)
    if result.action is not ImportAction.ADDED or after is None or interview is None:
        return
    if result.before is None and country is None and after.country is not None:
        status(f"  {describe_assumption(after, workspace.context.zone)}")
    if not prompts.can_ask():
        missing_details.report_missing(after, interview)
