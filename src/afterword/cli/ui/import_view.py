"""Import invitations, print the results of an import, and make the events of its JSON."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from afterword.cli.ui import interview_details, prompts, setup_questions
from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.output import status
from afterword.cli.ui.views import describe_import, print_change
from afterword.domain import datemath
from afterword.domain.applications import client_name
from afterword.domain.model import Application, Channel, Interview, InterviewStatus
from afterword.domain.sanitize import pluralize
from afterword.importers.invitation import invitation_model
from afterword.importers.invitation.invitation_model import (
    Invitation,
    InvitationReading,
    describe_source,
)
from afterword.importers.match_invitation import ImportAction, InvitationResult
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.status_words import StatusMeaning
from afterword.services.workspace import Workspace
from afterword.system.assumed_country import describe_assumption

if TYPE_CHECKING:
    from afterword.importers.apply_spreadsheet import SpreadsheetChange
    from afterword.importers.spreadsheet.row_cells import RowStatus
    from afterword.services.import_invitations import InvitationImporter
    from afterword.services.import_spreadsheet import SpreadsheetImport
    from afterword.services.input_files import InvitationHints

_GUESSED = {"end": "duration", "interviewers": "names of the interviewers", "zone": "time zone"}
_UPDATED = "updated"
_LISTED = 5
_OUTCOMES = {
    StatusMeaning.REJECTED: "logged as rejected",
    StatusMeaning.OFFER: "logged with a positive answer, and closed",
    StatusMeaning.POSITIVE: "logged with a positive answer",
    StatusMeaning.CLOSED: "closed",
}

_DATED = "on the date of the table"
_UNDATED = "as of this import, because the table has no date for it"


def import_invitations(
    importer: InvitationImporter, reading: InvitationReading, *, quiet: bool
) -> Iterator[dict[str, Any]]:
    """Save each interview with the details that the user gives; yield it as an event.

    With `quiet` nothing is asked or printed.
    """
    workspace, country = importer.workspace, importer.country
    for result in importer.decide(reading):
        guessed = [
            key for key in result.invitation.guessed if not _is_given(key, result, importer.hints)
        ]
        saved = importer.save(result if quiet else _complete_details(result, workspace))
        if not quiet:
            _print_result(saved, workspace, guessed)
            _report_details(saved, workspace, country=country)
        yield _invitation_event(saved, guessed)


def _is_given(key: str, result: InvitationResult, hints: InvitationHints) -> bool:
    """True if a value is given by an option, an answer or the stored application."""
    stored = result.before is not None and key in {"company", "role"}
    return stored or key in result.answered or bool(getattr(hints, key, None))


def _print_result(result: InvitationResult, workspace: Workspace, guessed: Collection[str]) -> None:
    """Print the result of an invitation, the guesses with their sources, and the warnings."""
    invitation, after = result.invitation, result.after
    echo_wrapped(describe_import(result, workspace))
    if result.action is ImportAction.ADDED and after is not None:
        for line in _assumptions(invitation, after, guessed):
            status(f"  {line}")
    for warning in (*invitation.warnings, *result.warnings):
        status(f"  {warning}")
    if after is not None and result.has_changes:
        print_change(workspace, result.before, after)


def _assumptions(
    invitation: Invitation, stored: Application, guessed: Collection[str]
) -> Iterator[str]:
    """Yield the guesses with their sources, and how to correct them after the last."""
    in_file = [key for key in guessed if key != "me"]
    for key in guessed:
        source = invitation.sources.get(key)
        line = _assumption(key, invitation, stored)
        if source:
            line = f"{line} ({describe_source(source)})"
        if key == "me":
            # The user's own address is stored nowhere: it only says who is not thanked.
            line = f"{line}; correct it with --me"
        elif key == in_file[-1]:
            verb = "correct it" if len(in_file) == 1 else "correct these"
            line = f"{line}; {verb} with: afterword edit {stored.id}"
        yield line


def _assumption(key: str, invitation: Invitation, stored: Application) -> str:
    """Return an inferred detail in words, with its value if that is short."""
    if key == "me":
        return f"Assuming that {invitation.me} is you"
    if key in {"company", "role"}:
        return f"Assuming the {key} {getattr(stored, key)!r}"
    return f"Assuming the {_GUESSED.get(key, key)}"


def _complete_details(result: InvitationResult, workspace: Workspace) -> InvitationResult:
    """Return the result of an added interview with the details that the user gives."""
    after, id = result.after, result.interview
    if result.action is not ImportAction.ADDED or after is None or id is None:
        return result
    with contextlib.suppress(prompts.InputEndedError):
        named = interview_details.complete_panel(after, id, workspace)
        after = interview_details.complete_addresses(named, id)
    with contextlib.suppress(prompts.InputEndedError):
        after = interview_details.complete_country(after, workspace)
    return attrs.evolve(result, after=after)


def _report_details(result: InvitationResult, workspace: Workspace, *, country: str | None) -> None:
    """Print the assumed country of a new application, and which details are missing."""
    after, id = result.after, result.interview
    if result.action is not ImportAction.ADDED or after is None or id is None:
        return
    if result.before is None and country is None and after.country is not None:
        status(f"  {describe_assumption(after, workspace.context.zone)}")
    if not prompts.can_ask():
        interview_details.report_missing(after, id)


def offer_reminders(events: Iterable[Mapping[str, Any]], workspace: Workspace) -> None:
    """Offer the reminders around interviews if an added or moved interview is to come."""
    saved = (each for each in events if each["action"] in {ImportAction.ADDED, ImportAction.MOVED})
    ends = (dt.datetime.fromisoformat(each["end"]) for each in saved if each["end"])
    if not workspace.dry_run and any(end > workspace.context.now for end in ends):
        setup_questions.offer_reminders(workspace.context)


def _invitation_event(result: InvitationResult, guessed: Collection[str]) -> dict[str, Any]:
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


def spreadsheet_events(imported: SpreadsheetImport) -> Iterator[dict[str, Any]]:
    """Yield each interview of a spreadsheet as an event of the document."""
    for change in imported.changes:
        warnings = list(_warnings(change, is_update=imported.is_update))
        for interview in change.after.interviews:
            if interview.id in change.row_ids:
                action = _action(change, interview, is_update=imported.is_update)
                yield interview_event(change.after, interview, action, warnings)


def print_spreadsheet(
    imported: SpreadsheetImport, path: str, workspace: Workspace, *, quiet: bool
) -> None:
    """Print a summary, the changes of an update, and all that the user has to check."""
    from afterword.importers.spreadsheet import spreadsheet_reader

    if not quiet:
        echo_wrapped(f"{imported.source}: {_summary(imported, workspace)}")
        if imported.is_update:
            _print_updates(imported, workspace)
    if imported.bad_rows:
        status(f"{pluralize(len(imported.bad_rows), 'row')} left out:")
    for line in spreadsheet_reader.describe_bad_rows(imported.bad_rows):
        status(f"  {line}")
    for line in (
        *_outcome_lines(imported),
        *_difference_lines(imported, path),
        *_missing_lines(imported, path),
        *_detail_lines(imported),
    ):
        status(line)
    changed = sum(change.after != change.before for change in imported.changes)
    if not workspace.dry_run and (changed > 1 or (changed and imported.is_update)):
        status("To undo the whole import: afterword undo --import")


def _detail_lines(imported: SpreadsheetImport) -> Iterator[str]:
    """Yield which countries are assumed, and which details the new interviews lack."""
    applications = [change.after for change in imported.changes]
    countries = Counter(str(a.country) for a in applications if a.id in imported.assumed)
    if countries:
        names = ", ".join(f"{code} ({number})" for code, number in countries.most_common())
        yield (
            f"Assuming the holidays of {names}, the countries of the time zones; "
            "correct them with: afterword edit APP"
        )
    pairs = _new_interviews(imported)
    unaddressed = dict.fromkeys(_name(a) for a, i in pairs if _lacks_address(a, i))
    if unaddressed:
        yield (
            f"There is no interviewer with an e-mail address in {_some(unaddressed)}; "
            'add one: afterword debrief APP --interviewer "NAME <ADDRESS>"'
        )
    without = dict.fromkeys(_name(a) for a, _ in pairs if a.country is None)
    if without:
        yield (
            f"There is no country in {_some(without)}, so no holidays are considered; "
            'add country = "ZA", or "none": afterword edit APP'
        )


def _new_interviews(imported: SpreadsheetImport) -> list[tuple[Application, Interview]]:
    return [
        (change.after, interview)
        for change in imported.changes
        for interview in change.after.interviews
        if interview.id in change.new_ids
    ]


def _name(application: Application) -> str:
    """Return the id, which commands take, below the name of a client."""
    client = client_name(application)
    return f"{client}: {application.id}" if client else application.id


def _lacks_address(application: Application, interview: Interview) -> bool:
    if application.channel is not Channel.EMAIL or (
        application.contact and application.contact.email
    ):
        return False
    return not any(person.email for person in interview.interviewers)


def _some(ids: Collection[str]) -> str:
    listed = ", ".join(list(ids)[:_LISTED])
    return f"{listed} and {len(ids) - _LISTED} more" if len(ids) > _LISTED else listed


def _action(change: SpreadsheetChange, interview: Interview, *, is_update: bool) -> str:
    if interview.id in change.new_ids:
        return ImportAction.ADDED
    if interview.id in change.moved_ids:
        return ImportAction.MOVED
    own = [d for d in change.differences if d.interview in {None, interview.id}]
    if not is_update or not own:
        return ImportAction.UNCHANGED
    is_cancelled = interview.status is InterviewStatus.CANCELLED
    return ImportAction.CANCELLED if is_cancelled else _UPDATED


def _warnings(change: SpreadsheetChange, *, is_update: bool) -> Iterator[str]:
    if change.status is not None:
        yield _outcome(change.status, is_dated=change.is_dated)
    if change.silence is not None:
        yield f"closed as of this import: {change.silence.note}"
    if not is_update:
        for column in dict.fromkeys(str(d.column) for d in change.differences):
            yield f"the {column} differs from the saved one, which stays"


def _summary(imported: SpreadsheetImport, workspace: Workspace) -> str:
    """Return how many interviews are new, from when to when, and how many were stored before."""
    changes, new = imported.changes, _new_interviews(imported)
    stored = sum(len(change.row_ids) for change in changes) - len(new)
    was = f"{pluralize(stored, 'interview')} {'is' if stored == 1 else 'are'} already stored"
    updated = sum(
        each.before is not None and each.before != each.after and not each.new_ids
        for each in changes
    )
    if imported.is_update and updated:
        was += f", {pluralize(updated, 'application')} updated"
    if not new:
        return f"nothing new: {was}"
    applications = sum(bool(change.new_ids) for change in changes)
    days = sorted(datemath.day_of(i.start, workspace.context.zone) for _, i in new)
    first, last = (workspace.format_day(day) for day in (days[0], days[-1]))
    return (
        f"{pluralize(len(new), 'new interview')} of {pluralize(applications, 'application')}, "
        + (f"on {first}" if first == last else f"from {first} to {last}")
        + (f"; {was}" if stored else "")
    )


def _outcome_lines(imported: SpreadsheetImport) -> Iterator[str]:
    groups = defaultdict[str, list[str]](list)
    for change in imported.changes:
        if change.status is not None:
            outcome = _outcome(change.status, is_dated=change.is_dated)
            groups[outcome].append(_name(change.after))
    for outcome, ids in groups.items():
        yield f"{pluralize(len(ids), 'application')} {outcome}: {_listed(ids)}"


def _outcome(logged: RowStatus, *, is_dated: bool) -> str:
    return f"{_OUTCOMES[logged.meaning]}, {_DATED if is_dated else _UNDATED}"


def _print_updates(imported: SpreadsheetImport, workspace: Workspace) -> None:
    for change in imported.changes:
        for difference in change.differences:
            old = _value(difference.old, workspace) if difference.old is not None else "nothing"
            new = _value(difference.new, workspace)
            echo_wrapped(f"{_name(change.after)}: {difference.column}: {old} -> {new}", indent="  ")


def _value(value: str | dt.datetime, workspace: Workspace) -> str:
    return workspace.format_moment(value) if isinstance(value, dt.datetime) else value


def _difference_lines(imported: SpreadsheetImport, path: str) -> Iterator[str]:
    """Yield each column that differs from the saved applications once, and how to apply it."""
    if imported.is_update:
        return
    ids = defaultdict[Column, dict[str, None]](dict)
    for change in imported.changes:
        for difference in change.differences:
            ids[difference.column][_name(change.after)] = None
    for column, names in ids.items():
        another = "; for another round, add a row instead" if column is Column.DATE else ""
        yield (
            f"the {column} differs from {pluralize(len(names), 'saved application')} "
            f"({_listed(names)}), which did not change; to apply it: {_update_command(path)}"
            f"{another}"
        )


def _missing_lines(imported: SpreadsheetImport, path: str) -> Iterator[str]:
    """Yield which interviews to come are not in the table although others are new."""
    ids = [_name(change.after) for change in imported.changes if change.missing]
    if ids:
        yield (
            f"{pluralize(len(ids), 'application')} ({_listed(ids)}) had an interview to come that "
            "is not in the table, and another one is new. If it was moved: "
            f"afterword undo --import, then {_update_command(path)}"
        )


def _update_command(path: str) -> str:
    return f"afterword import --update {repr(path) if ' ' in path else path}"


def _listed(names: Collection[str]) -> str:
    return ", ".join(list(names)[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
