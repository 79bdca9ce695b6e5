"""Print the results of an import, and make the events of its JSON document."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import print_plan_diff
from afterword.domain import datemath
from afterword.domain.model import Application, Interview
from afterword.domain.sanitize import pluralize
from afterword.importers.invitation import invitation_model
from afterword.importers.invitation_result import ImportAction, InvitationResult
from afterword.services.date_format import formatter_for
from afterword.services.workspace import Workspace

if TYPE_CHECKING:
    from afterword.importers.apply_spreadsheet import SpreadsheetChange
    from afterword.services.import_spreadsheet import SpreadsheetImport


def print_invitation_result(
    result: InvitationResult, workspace: Workspace, guessed: Collection[str]
) -> None:
    """Print the result of an invitation, the guesses with their sources, and the warnings."""
    invitation, after = result.invitation, result.after
    name = f"{after.company}, {after.role}" if after else invitation.summary
    start = f" on {workspace.format_moment(invitation.start)}" if invitation.start else ""
    echo(f"{result.action}: {name}{start}")
    for key in guessed if result.action is ImportAction.ADDED else ():
        source = invitation.sources.get(key)
        # The user's own address is stored nowhere: it only says who is not thanked.
        stored = after if key != "me" else None
        advice = f"afterword edit {stored.id} corrects it" if stored else f"--{key} says it"
        status(f"  {key} is a guess{f', from {source}' if source else ''}; {advice}")
    for warning in (*invitation.warnings, *result.warnings):
        status(f"  {warning}")
    if after is not None and result.has_changes:
        old = workspace.plan(result.before) if result.before is not None else None
        print_plan_diff(old, workspace.plan(after), formatter_for(workspace.context))


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
    application: Application, interview: Interview, *, is_new: bool
) -> dict[str, Any]:
    """Return an interview of a spreadsheet or an application file as an event of the document."""
    action = ImportAction.ADDED if is_new else ImportAction.UNCHANGED
    return {
        "action": action.value,
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
        "warnings": [],
    }


def spreadsheet_events(imported: SpreadsheetImport) -> Iterator[dict[str, Any]]:
    """Yield each interview of a spreadsheet as an event of the document."""
    for change, application in zip(imported.changes, imported.saved, strict=True):
        for interview in application.interviews:
            if interview.id in change.row_ids:
                yield interview_event(application, interview, is_new=interview.id in change.new_ids)


def print_spreadsheet(imported: SpreadsheetImport, workspace: Workspace, *, quiet: bool) -> None:
    """Print a summary, the rows that were left out, and the differences to check."""
    from afterword.importers.spreadsheet import spreadsheet_reader

    if not quiet:
        echo(f"{imported.source}: {_summary(imported.changes, workspace)}")
    if imported.bad_rows:
        status(f"{pluralize(len(imported.bad_rows), 'row')} left out:")
    for line in spreadsheet_reader.describe_bad_rows(imported.bad_rows):
        status(f"  {line}")
    for change, application in zip(imported.changes, imported.saved, strict=True):
        _print_differences(change, application.id, workspace)


def _summary(changes: Collection[SpreadsheetChange], workspace: Workspace) -> str:
    """Return how many interviews are new, from when to when, and how many were stored before."""
    new = [i for change in changes for i in change.after.interviews if i.id in change.new_ids]
    stored = sum(len(change.row_ids) for change in changes) - len(new)
    was = f"{pluralize(stored, 'interview')} {'is' if stored == 1 else 'are'} known already"
    if not new:
        return f"nothing new: {was}"
    applications = sum(bool(change.new_ids) for change in changes)
    days = sorted(datemath.day_of(i.start, workspace.context.zone) for i in new)
    first, last = (workspace.format_day(day) for day in (days[0], days[-1]))
    return (
        f"{pluralize(len(new), 'new interview')} of {pluralize(applications, 'application')}, "
        + (f"on {first}" if first == last else f"from {first} to {last}")
        + (f"; {was}" if stored else "")
    )


def _print_differences(change: SpreadsheetChange, id: str, workspace: Workspace) -> None:
    """Print where the spreadsheet and the stored application differ."""
    for interview in change.missing:
        start = workspace.format_moment(interview.start)
        status(
            f"{id}: its interview of {start} is not in the table, and "
            f"another one is new. If it was moved: afterword undo {id}, then "
            f"afterword move {id} {interview.id} --to WHEN"
        )
    for interview, keys in change.differences:
        start = workspace.format_moment(interview.start)
        status(
            f"{id}: of its interview of {start} the table says something "
            f"else ({', '.join(keys)}), which changes nothing; afterword edit {id} does"
        )
