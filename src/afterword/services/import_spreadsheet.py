"""Import a spreadsheet of interviews: new applications, and further rounds of stored ones."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application
from afterword.importers.apply_spreadsheet import SpreadsheetChange, apply_rows, pair_with_stored
from afterword.importers.spreadsheet.date_order import DateOrder
from afterword.importers.spreadsheet.spreadsheet_reader import BadRow, read_table
from afterword.services.workspace import Workspace


@attrs.frozen(kw_only=True)
class SpreadsheetOptions:
    """Options for reading a spreadsheet: the order of its dates, and `partial` to skip bad rows.

    `zone` is that of rows that name none, where it is not the user's.
    """

    dates: DateOrder | None
    partial: bool
    zone: ZoneInfo | None


@attrs.frozen(kw_only=True)
class SpreadsheetImport:
    """An imported spreadsheet; `saved` has the applications of `changes` as they are stored."""

    source: str
    changes: tuple[SpreadsheetChange, ...]
    saved: tuple[Application, ...]
    bad_rows: tuple[BadRow, ...]


def import_spreadsheet(
    source: str, data: bytes, options: SpreadsheetOptions, workspace: Workspace
) -> SpreadsheetImport:
    """Save the new interviews. Raises InputError with every bad row; nothing is saved then."""
    context = workspace.context
    with context.ui.steps(data.count(b"\n"), "reading") as progress:
        reading = read_table(
            data,
            source=source,
            zone=options.zone or context.zone,
            dates=options.dates,
            partial=options.partial,
            progress=progress,
        )
    for notice in reading.notices:
        context.ui.notify(f"{reading.source}: {notice}")
    changes = tuple(
        apply_rows(stored, rows, now=context.local_now)
        for stored, rows in pair_with_stored(workspace.applications(), reading.applications)
    )
    return SpreadsheetImport(
        source=reading.source,
        changes=changes,
        saved=_save(changes, workspace),
        bad_rows=reading.bad,
    )


def _save(changes: tuple[SpreadsheetChange, ...], workspace: Workspace) -> tuple[Application, ...]:
    """Save the new and the changed applications; return all of them as they are stored."""
    if workspace.dry_run:
        return tuple(change.after for change in changes)
    new = (change.after for change in changes if change.before is None)
    added = iter(workspace.store.add_all(new))
    saved = []
    for change in changes:
        if change.before is None:
            saved.append(next(added))
        elif change.new_ids:
            saved.append(workspace.store.replace(change.before, change.after))
        else:
            saved.append(change.before)
    return tuple(saved)
