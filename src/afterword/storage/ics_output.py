"""Calendars on disk: one file of everything, or a directory with a file for each event.

The directory has the form that khal and vdirsyncer call a vdir. Bytes come in
finished; what is there and was not written by afterword stays as it is, and
nothing is ever removed here.

Where the events of an export go: into a file, a folder with a file for each, or stdout.
"""

from __future__ import annotations

import itertools
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from afterword.domain.events.event import Event
from afterword.domain.sanitize import for_terminal
from afterword.errors import WriteError
from afterword.formats.ics import export_file, ics_writer
from afterword.system import atomic_files

_NAME = re.compile(r"[0-9a-f-]{1,64}\.ics")
_HEAD = 1024


def write_file(path: Path, chunks: Iterable[bytes], *, force: bool = False) -> None:
    """Write one calendar, in the place of an earlier one.

    Raises WriteError, with the file as it was, where it cannot be written or,
    without `force`, where another program wrote it.
    """
    atomic_files.write_atomically(path, chunks, ours=None if force else export_file.is_our_file)


def write_folder(
    directory: Path, objects: Mapping[str, bytes], *, force: bool = False
) -> tuple[str, ...]:
    """Write each calendar object under its name, `<uid>.ics`; return the other names of ours.

    Those others are objects of earlier exports, the caller's to keep or remove.
    A file that would not change is left untouched, so that programs which watch
    the directory have nothing to do. Raises WriteError before anything is
    written where, without `force`, another program wrote one of the files; and
    later where one cannot be written: those before it are then whole and new.
    """
    if strange := [name for name in objects if not _NAME.fullmatch(name)]:
        raise ValueError(f"not derived from a UID: {strange}")
    atomic_files.make_directory(directory)
    # A link to the directory that changes on the way leads nothing astray.
    directory = directory.resolve()
    ours = {path.name for path in own_files(directory)}
    if not force:
        _refuse_foreign(directory, objects.keys() - ours)
    for name, data in objects.items():
        path = directory / name
        if name not in ours or path.read_bytes() != data:
            write_file(path, [data], force=force)
    return tuple(sorted(ours - objects.keys()))


def own_files(directory: Path) -> list[Path]:
    """Return the calendar files in the directory that afterword wrote, by name."""
    return sorted(path for path in directory.glob("*.ics") if _is_own(path))


def written_revisions(path: Path) -> dict[str, export_file.WrittenRevision]:
    """Return what earlier exports wrote into a file or a directory, by UID.

    Nothing is there to remember where the path does not exist or is not ours.
    """
    found: dict[str, export_file.WrittenRevision] = {}
    for file in own_files(path) if path.is_dir() else [path]:
        if _is_own(file):
            with file.open("rb") as lines:
                found |= export_file.read_revisions(lines)
    return found


def _is_own(path: Path) -> bool:
    try:
        # Anything but a plain file may block the reader, or lead elsewhere.
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return export_file.is_our_file(file.read(_HEAD))
    except OSError:
        return False


def _refuse_foreign(directory: Path, names: Iterable[str]) -> None:
    if foreign := sorted(name for name in names if os.path.lexists(directory / name)):
        raise WriteError(
            f"{for_terminal(str(directory))} has files that afterword did not write; "
            "choose another directory, or let --force overwrite them",
            notes=foreign,
        )


SUFFIX = ".ics"


def to_file(path: Path, events: Iterator[Event], *, name: str, force: bool) -> int:
    """Write one calendar and return how many events it has; none is no calendar (RFC 5545)."""
    first = next(events, None)
    if first is None:
        return 0
    written = itertools.count()
    passing = (event for event, _ in zip(itertools.chain([first], events), written, strict=False))
    write_file(path, ics_writer.calendar_file(passing, name=name), force=force)
    atomic_files.remove_old_leftovers(path.parent, [path.name])
    return next(written)


def to_folder(directory: Path, events: Iterator[Event], *, force: bool) -> int:
    """Write each event as a file of its own and return how many there are."""
    objects = {f"{event.uid}{SUFFIX}": ics_writer.single_event_file(event) for event in events}
    if objects:
        write_folder(directory, objects, force=force)
        atomic_files.remove_old_leftovers(directory, objects)
    return len(objects)


def stream(events: Iterator[Event], *, name: str) -> Iterator[bytes]:
    """Yield one calendar, but only once all of it could be made; nothing for no event.

    It waits in a temporary file, so that a mistake in the last input leaves no half calendar.
    """
    first = next(events, None)
    if first is None:
        return
    with tempfile.TemporaryFile() as waiting:
        for chunk in ics_writer.calendar_file(itertools.chain([first], events), name=name):
            waiting.write(chunk)
        waiting.seek(0)
        yield from iter(lambda: waiting.read(1 << 16), b"")
