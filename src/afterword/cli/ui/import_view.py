"""Print the results of an import, and make the events of its JSON document."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from afterword.cli.ui import interview_details, prompts, setup_questions
from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.output import status
from afterword.cli.ui.views import print_plan_diff
from afterword.domain.applications import full_name
from afterword.domain.model import Application, Interview
from afterword.importers.invitation import invitation_model
from afterword.importers.invitation.invitation_model import describe_source
from afterword.importers.match_invitation import ImportAction, InvitationResult
from afterword.services.date_format import formatter_for
from afterword.services.workspace import Workspace
from afterword.system.assumed_country import describe_assumption

_GUESSED = {"end": "duration", "interviewers": "names of the interviewers", "zone": "time zone"}


def print_invitation_result(
    result: InvitationResult, workspace: Workspace, guessed: Collection[str]
) -> None:
    """Print the result of an invitation, the guesses with their sources, and the warnings."""
    invitation, after = result.invitation, result.after
    name = full_name(after) if after else invitation.summary
    start = f" on {workspace.format_moment(invitation.start)}" if invitation.start else ""
    echo_wrapped(f"{result.action}: {name}{start}")
    for line in _assumptions(result, guessed) if result.action is ImportAction.ADDED else ():
        status(f"  {line}")
    for warning in (*invitation.warnings, *result.warnings):
        status(f"  {warning}")
    if after is not None and result.has_changes:
        old = workspace.plan(result.before) if result.before is not None else None
        print_plan_diff(old, workspace.plan(after), formatter_for(workspace.context))


def _assumptions(result: InvitationResult, guessed: Collection[str]) -> Iterator[str]:
    """Yield the guesses with their sources, and how to correct them at the end of a group."""
    corrections = {key: _correction(key, result.after) for key in guessed}
    last = {correction: key for key, correction in corrections.items()}
    counted = Counter(corrections.values())
    for key, correction in corrections.items():
        source = result.invitation.sources.get(key)
        line = _assumption(key, result) + (f" ({describe_source(source)})" if source else "")
        if last[correction] == key:
            verb = "correct it" if counted[correction] == 1 else "correct these"
            line = f"{line}; {verb} {correction}"
        yield line


def _assumption(key: str, result: InvitationResult) -> str:
    """Return an inferred detail in words, with its value if that is short."""
    invitation, after = result.invitation, result.after
    if key == "me":
        return f"Assuming that {invitation.me} is you"
    if key in {"company", "role"} and after is not None:
        return f"Assuming the {key} {getattr(after, key)!r}"
    return f"Assuming the {_GUESSED.get(key, key)}"


def _correction(key: str, stored: Application | None) -> str:
    # The user's own address is stored nowhere: it only says who is not thanked.
    if key == "me" or stored is None:
        return f"with --{key}"
    return f"with: afterword edit {stored.id}"


def complete_details(result: InvitationResult, workspace: Workspace) -> InvitationResult:
    """Return the result of an added interview with the details that the user gives."""
    interview = interview_details.interview_of(
        result.after, result.interview or result.invitation.id
    )
    if result.action is not ImportAction.ADDED or result.after is None or interview is None:
        return result
    after = interview_details.complete_interview(result.after, interview, workspace)
    return attrs.evolve(result, after=interview_details.complete_country(after, workspace))


def report_details(result: InvitationResult, workspace: Workspace, *, country: str | None) -> None:
    """Print the assumed country of a new application, and which details are missing."""
    after = result.after
    interview = interview_details.interview_of(after, result.interview or result.invitation.id)
    if result.action is not ImportAction.ADDED or after is None or interview is None:
        return
    if result.before is None and country is None and after.country is not None:
        status(f"  {describe_assumption(after, workspace.context.zone)}")
    if not prompts.can_ask():
        interview_details.report_missing(after, interview)


def offer_reminders(events: Iterable[Mapping[str, Any]], workspace: Workspace) -> None:
    """Offer the reminders around interviews if an added or moved interview is to come."""
    if workspace.dry_run or not any(_is_to_come(event, workspace) for event in events):
        return
    setup_questions.offer_reminders(workspace.context)


def _is_to_come(event: Mapping[str, Any], workspace: Workspace) -> bool:
    """True if an event of the document saved an interview that is not over."""
    saved = event["action"] in {ImportAction.ADDED, ImportAction.MOVED} and event["end"]
    return bool(saved) and dt.datetime.fromisoformat(event["end"]) > workspace.context.now


def invitation_event(result: InvitationResult, guessed: Collection[str]) -> dict[str, Any]:
    """Return the result of an invitation as an event of the document."""
    invitation, after = result.invitation, result.after
    event = invitation_model.as_json(invitation) | {"guessed": list(guessed)}
    if after is not None:
        event["company"], event["role"] = after.company, after.role
    return {
        "action": result.action.value,
        "application": after.id if after else None,
        **event,
        "interview": result.interview or event["interview"],
        "warnings": [*invitation.warnings, *result.warnings],
    }


def interview_event(
    application: Application,
    interview: Interview,
    action: str,
    warnings: Collection[str] = (),
) -> dict[str, Any]:
    """Return an interview of a spreadsheet or an application file as an event of the document."""
    return {
        "action": str(action),
        "application": application.id,
        "interview": interview.id,
        "company": application.company,
        "role": application.role,
        "start": interview.start.isoformat(),
        "end": interview.end.isoformat(),
        "zone": interview.zone.key if interview.zone else None,
        "interviewers": [{"name": p.name, "email": p.email} for p in interview.interviewers],
        "link": interview.link,
        "guessed": [],
        "warnings": list(warnings),
    }
