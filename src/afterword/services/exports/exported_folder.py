"""Take an export into a folder over into a sync, and refuse to export into a synced folder."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from afterword.domain.calendar_model import Event, Field
from afterword.domain.merge import fields
from afterword.domain.merge.three_way import ObservedEvent, Presence
from afterword.domain.sanitize import for_terminal, shell_word
from afterword.domain.uids import event_file_name
from afterword.errors import ConflictError
from afterword.services.run_context import RunContext
from afterword.storage.state import sequence_numbers, sync_rows
from afterword.storage.state.database import Database
from afterword.storage.state.sync_rows import SyncRow

_AGREED = (Field.SUMMARY, Field.TIME)


def exported_rows(
    database: Database,
    directory: Path,
    applications: Collection[str],
    context: RunContext,
) -> dict[str, SyncRow]:
    """Return the events of the last export into the folder as rows of a first sync.

    By them the sync tells what somebody edited or deleted there since. There are none if no
    file of the export is there any more, as after a new beginning.
    """
    rows: dict[str, SyncRow] = {}
    for target, event in _exported_events(database, directory, applications):
        if context.has_passed(event.end):
            continue
        values = fields.fields_of(event)
        held = ObservedEvent(
            uid=event.uid,
            # The state of an export has neither the text nor the alarm.
            base={field: values[field] for field in _AGREED},
            theirs=values,
            at=context.now,
            owner=target.partition("\n")[2].removesuffix(sequence_numbers.REMOVED),
            forgotten=sequence_numbers.is_removed(target),
        )
        rows[event.uid] = SyncRow(
            uid=event.uid,
            href=event_file_name(event.uid),
            held=held,
            stamp=event.stamp,
            seen=True,
        )
    is_there = any(os.path.lexists(directory / row.href) for row in rows.values())
    return rows if is_there else {}


def forget_exports(database: Database, directory: Path, applications: Collection[str]) -> None:
    """Forget the exports into a folder that a sync has taken over."""
    events = _exported_events(database, directory, applications)
    taken = [(target, event.uid) for target, event in events]
    with database.transaction():
        sequence_numbers.save_rows(database, (), forget=taken)


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


def _exported_events(
    database: Database, directory: Path, applications: Collection[str]
) -> Iterator[tuple[str, Event]]:
    """Yield the events of exports into a directory, by whatever path it was named then.

    Events of others than the `applications` are left out, unless the user removed theirs by a
    command: they may be from a file that is not stored.
    """
    for target in sequence_numbers.export_targets(database, ""):
        path, _, application = target.partition("\n")
        if application not in applications and not sequence_numbers.is_removed(target):
            continue
        if Path(path).resolve() == directory:
            for revised in sequence_numbers.load_revisions(database, target).values():
                yield target, revised.event
