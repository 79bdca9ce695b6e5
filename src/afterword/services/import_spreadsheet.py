"""A spreadsheet of interviews into what is kept: new applications, and further rounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.cli.ui import progress
from afterword.cli.ui.output import echo, status
from afterword.domain import datemath
from afterword.domain.model import Application, Interview
from afterword.domain.sanitize import pluralize
from afterword.importers.apply_invitation import ImportAction
from afterword.importers.apply_spreadsheet import SpreadsheetChange, apply_rows, pair_with_stored
from afterword.importers.spreadsheet import date_order, spreadsheet_reader
from afterword.services.workspace import Workspace

_SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = (b",", b";", b"\t")


@attrs.frozen(kw_only=True)
class SpreadsheetImporter:
    """How tables are read: the order of their dates, whether bad rows may be left out.

    `zone` is the clock of rows that name none, where it is not the user's.
    """

    dates: date_order.DateOrder | None
    partial: bool
    zone: ZoneInfo | None


def is_table(path: str, data: bytes) -> bool:
    """Whether a file is a spreadsheet: by its name, or by a first line of several columns."""
    if path.casefold().endswith(_SUFFIXES):
        return True
    first = data.lstrip().partition(b"\n")[0].replace(b"\0", b"")
    named = path.casefold().endswith(".toml")
    return not named and b"=" not in first and any(mark in first for mark in _DELIMITERS)


def import_table(
    path: str, data: bytes, how: SpreadsheetImporter, workspace: Workspace, *, quiet: bool
) -> Iterator[dict[str, Any]]:
    """Keep what a table tells, and yield each interview as an event of the document.

    Raises InputError with every bad row, before anything is kept.
    """
    with progress.steps(data.count(b"\n"), "reading") as done:
        reading = spreadsheet_reader.read_table(
            data,
            source=path,
            zone=how.zone or workspace.context.zone,
            dates=how.dates,
            partial=how.partial,
            progress=done,
        )
    for notice in reading.notices:
        status(f"{reading.source}: {notice}")
    now = workspace.context.now.replace(microsecond=0).astimezone(workspace.context.zone)
    found = [
        apply_rows(known, stated, now=now)
        for known, stated in pair_with_stored(workspace.applications(), reading.applications)
    ]
    kept = _kept(found, workspace)
    for change, application in zip(found, kept, strict=True):
        for interview in application.interviews:
            if interview.id in change.row_ids:
                new = interview.id in change.new_ids
                yield stated(
                    application, interview, ImportAction.ADDED if new else ImportAction.UNCHANGED
                )
    if not quiet:
        echo(f"{reading.source}: {_in_short(found, workspace)}")
    if reading.bad:
        status(f"{pluralize(len(reading.bad), 'row')} left out:")
    for wrong in spreadsheet_reader.describe_bad_rows(reading.bad):
        status(f"  {wrong}")
    for change, application in zip(found, kept, strict=True):
        _point_out(change, application.id, workspace)


def _kept(found: list[SpreadsheetChange], workspace: Workspace) -> list[Application]:
    """Write the new and the changed applications; return them as they are kept."""
    if workspace.dry_run:
        return [change.after for change in found]
    added = iter(workspace.store.add_all(change.after for change in found if change.before is None))
    kept = []
    for change in found:
        if change.before is None:
            kept.append(next(added))
        elif change.new_ids:
            kept.append(workspace.store.replace(change.before, change.after))
        else:
            kept.append(change.before)
    return kept


def _in_short(found: list[SpreadsheetChange], workspace: Workspace) -> str:
    """Return what a table came to: how many, of when, and how many were known."""
    fresh = [i for change in found for i in change.after.interviews if i.id in change.new_ids]
    known = sum(len(change.row_ids) for change in found) - len(fresh)
    was = f"{pluralize(known, 'interview')} {'is' if known == 1 else 'are'} known already"
    if not fresh:
        return f"nothing new: {was}"
    whose = sum(bool(change.new_ids) for change in found)
    days = sorted(datemath.day_of(interview.start, workspace.context.zone) for interview in fresh)
    first, last = (workspace.format_day(day) for day in (days[0], days[-1]))
    return (
        f"{pluralize(len(fresh), 'new interview')} of {pluralize(whose, 'application')}, "
        + (f"on {first}" if first == last else f"from {first} to {last}")
        + (f"; {was}" if known else "")
    )


def _point_out(change: SpreadsheetChange, id: str, workspace: Workspace) -> None:
    """Say where the table and what is kept are not of one mind."""
    for interview in change.missing:
        start = workspace.format_moment(interview.start)
        status(
            f"{id}: its interview of {start} is not in the table, and "
            f"another one is new. If it was moved: afterword undo {id}, then "
            f"afterword move {id} {interview.id} --to WHEN"
        )
    for interview, what in change.differences:
        start = workspace.format_moment(interview.start)
        status(
            f"{id}: of its interview of {start} the table says something "
            f"else ({', '.join(what)}), which changes nothing; afterword edit {id} does"
        )


def stated(application: Application, interview: Interview, action: ImportAction) -> dict[str, Any]:
    """Return an interview that was stated, not guessed, as an event of the document."""
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
