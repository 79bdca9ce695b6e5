"""Print the changes that a sync read in the watched calendars, and add them to its document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.output import status
from afterword.domain.applications import full_name
from afterword.domain.sanitize import clean_line, pluralize
from afterword.importers.invitation_result import InvitationResult
from afterword.services.interview_search.follow_events import FollowReport
from afterword.services.workspace import Workspace


def print_follow_report(report: FollowReport, workspace: Workspace, *, quiet: bool) -> None:
    """Print the changed interviews; with `quiet` no count of suggestions."""
    for result in report.results:
        for line in _result_lines(result, workspace):
            echo_wrapped(line)
    for stored in report.missing:
        application, interview = stored.application, stored.interview
        start = workspace.format_moment(interview.start)
        status(
            f"The interview with {full_name(application)} on {start} is not in your calendar any "
            f"more. If it was cancelled: afterword cancel {application.id} {interview.id}"
        )
    for message in report.failures:
        status(f"calendar.watch: {clean_line(message)}")
    if report.suggestions and not quiet:
        count = pluralize(report.suggestions, "event")
        verb = "looks" if report.suggestions == 1 else "look"
        status(
            f"{count} in your calendars {verb} like a job interview; to see why, and to add or "
            "refuse: afterword find"
        )


def with_follow_report(document: dict[str, Any], report: FollowReport) -> dict[str, Any]:
    """Return the document of a sync with the changes in the watched calendars."""
    return {
        **document,
        "watched": [_result_json(result) for result in report.results],
        "not_watched": list(report.failures),
        "suggestions": report.suggestions,
    }


def _result_lines(result: InvitationResult, workspace: Workspace) -> Iterator[str]:
    invitation, after = result.invitation, result.after
    name = full_name(after) if after else invitation.summary
    start = f" on {workspace.format_moment(invitation.start)}" if invitation.start else ""
    prefix = "would be " if workspace.dry_run else ""
    yield f"In your calendar, {prefix}{result.action}: {name}{start}"
    for warning in result.warnings:
        yield f"  {warning}"


def _result_json(result: InvitationResult) -> dict[str, Any]:
    invitation = result.invitation
    return {
        "action": result.action.value,
        "application": result.after.id if result.after else None,
        "interview": result.interview,
        "start": invitation.start.isoformat() if invitation.start else None,
        "warnings": list(result.warnings),
    }
