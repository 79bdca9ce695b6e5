"""Take an export into a folder over into a sync, and refuse to export into a synced folder."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from afterword.domain.calendar_model import Field
from afterword.domain.merge import fields
from afterword.domain.merge.three_way import ObservedEvent, Presence
from afterword.domain.sanitize import for_terminal, shell_word
from afterword.domain.uids import event_file_name
from afterword.errors import ConflictError
from afterword.services.run_context import RunContext
from afterword.storage.state import sequence_numbers, sync_rows
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent
from afterword.storage.state.sync_rows import SyncRow

if TYPE_CHECKING:
    from afterword.vdir.folder_calendar import FolderCalendar

_AGREED = (Field.SUMMARY, Field.TIME)


def exported_rows(
    database: Database,
    calendar: FolderCalendar,
    applications: Collection[str],
    context: RunContext,
) -> dict[str, SyncRow]:
    """Return the events of the last export into the folder as rows of a first sync.

    By them the sync tells what somebody edited or deleted there since. Events of others than
    the `applications` are left out, unless the user removed theirs by a command: they may be
    from a file that is not stored. There are none if no file of the export is there any more,
    as after a new beginning.
    """
    rows: dict[str, SyncRow] = {}
    for target, revised in _exported_events(database, calendar.path):
        event = revised.event
        application, is_removed = _application_of(target)
        if context.has_passed(event.end):
            continue
        if application not in applications and not is_removed:
            continue
        values = fields.fields_of(event)
        held = ObservedEvent(
            uid=event.uid,
            # The state of an export has neither the text nor the alarm.
            base={field: values[field] for field in _AGREED},
            theirs=values,
            at=context.now,
            owner=application,
            forgotten=is_removed,
        )
        rows[event.uid] = SyncRow(
            uid=event.uid,
            href=event_file_name(event.uid),
            held=held,
            stamp=event.stamp,
            seen=True,
        )
    is_there = any(os.path.lexists(calendar.path / row.href) for row in rows.values())
    return rows if is_there else {}


def forget_exports(
    database: Database, calendar: FolderCalendar, applications: Collection[str]
) -> None:
    """Forget the exports into a folder that a sync has taken over."""
    taken: dict[str, list[str]] = {}
    for target, revised in _exported_events(database, calendar.path):
        application, is_removed = _application_of(target)
        if application in applications or is_removed:
            taken.setdefault(target, []).append(revised.event.uid)
    for target, uids in taken.items():
        with database.transaction():
            sequence_numbers.save(database, target, (), forget=uids)


def release_folder(database: Database, directory: Path, *, force: bool) -> None:
    """Raise ConflictError for a folder that is synced; with `force` it is an export from now on.

    An export has other texts than a sync, and would undo the user's edits.
    """
    from afterword.vdir.folder_calendar import FolderCalendar

    calendar = FolderCalendar(directory)
    rows = sync_rows.load_rows(database, calendar.url)
    if not any(row.presence is Presence.PRESENT for row in rows.values()):
        return
    if not force:
        display = for_terminal(str(directory))
        raise ConflictError(
            f"{display} is kept up to date by a sync, which an export would undo. "
            "Nothing was written. To bring it up to date: afterword sync --folder "
            f"{shell_word(str(directory))}",
            ["--force exports to it all the same"],
        )
    sync_rows.drop_calendar(database, calendar.url)


def _exported_events(database: Database, directory: Path) -> Iterator[tuple[str, RevisedEvent]]:
    """Yield the events of exports into a directory, by whatever path it was named then."""
    for target in sequence_numbers.export_targets(database, ""):
        path, separator, _ = target.partition("\n")
        if separator and Path(path).resolve() == directory:
            for revised in sequence_numbers.load_revisions(database, target).values():
                yield target, revised


def _application_of(target: str) -> tuple[str, bool]:
    """Return the id in a target, and True if the user removed the application by a command."""
    application = target.partition("\n")[2].removesuffix(sequence_numbers.REMOVED)
    return application, sequence_numbers.is_removed(target)
