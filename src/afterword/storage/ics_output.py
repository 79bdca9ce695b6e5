"""Write events as a single .ics file, as a directory with a file for each event, or to a stream.

The directory has the layout that khal and vdirsyncer call a vdir. Files that
afterword did not write are left alone unless forced, and no file is removed.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from afterword.domain.calendar_model import Event, Field
from afterword.domain.sanitize import for_terminal, pluralize, shell_word
from afterword.domain.uids import event_file_name
from afterword.errors import ConflictError, WriteError
from afterword.formats import ics_files
from afterword.formats.ics_files import FeedProperties
from afterword.system import atomic_files

SUFFIX = ".ics"

_HEAD_BYTES = 1024
_BLOCK_BYTES = 1 << 16
_A_FEW = 5
_LARGEST = 10_000_000
# The properties that an exported file has; any other was added by somebody.
_OURS = frozenset(
    b"BEGIN END VERSION PRODID CALSCALE SUMMARY DTSTART DTEND DTSTAMP UID SEQUENCE CATEGORIES "
    b"DESCRIPTION LAST-MODIFIED STATUS TRANSP URL ACTION TRIGGER X-AFTERWORD-MARKS".split()
)


def export_to_file(
    path: Path,
    events: Iterator[Event],
    *,
    name: str,
    force: bool,
    unchanged: Collection[str] = (),
    feed: FeedProperties | None = None,
) -> int:
    """Write a calendar file and return its number of events.

    Events of the file with a UID in `unchanged` are written again as they are. Without
    events nothing is written. Raises WriteError.
    """
    counter = itertools.count()
    chunks = _calendar(path, events, counter, name, unchanged, feed)
    head = next(chunks, None)
    if head is None:
        return 0
    write_file(path, itertools.chain([head], chunks), force=force)
    atomic_files.remove_old_leftovers(path.parent, [path.name])
    return next(counter)


def file_content(
    path: Path, events: Iterator[Event], *, name: str, unchanged: Collection[str] = ()
) -> tuple[bytes, int]:
    """Return the content of a file of `export_to_file`, and the number of its events."""
    counter = itertools.count()
    content = b"".join(_calendar(path, events, counter, name, unchanged, None))
    return content, next(counter)


def write_files(contents: Mapping[Path, bytes], *, force: bool) -> None:
    """Write calendar files, each as `write_file` does. Raises WriteError."""
    ours = None if force else ics_files.is_our_file
    for path in atomic_files.write_all(contents.items(), ours=ours):
        atomic_files.remove_old_leftovers(path.parent, [path.name])


def _calendar(
    path: Path,
    events: Iterator[Event],
    counter: Iterator[int],
    name: str,
    unchanged: Collection[str],
    feed: FeedProperties | None,
) -> Iterator[bytes]:
    """Yield a calendar, or nothing without events: RFC 5545 3.6 requires a component."""
    if (first := next(events, None)) is None:
        return
    events = itertools.chain([first], events)
    counted = (event for event, _ in zip(events, counter, strict=False))
    again = _copied_events(path, unchanged, counter)
    yield from ics_files.calendar_file(counted, name=name, copied=again, feed=feed)


def _copied_events(
    path: Path, uids: Collection[str], counter: Iterator[int]
) -> Iterator[tuple[bytes, ...]]:
    """Yield the lines of the events with these UIDs in an earlier export."""
    if not uids or not _is_own(path):
        return
    with path.open("rb") as lines:
        for event in ics_files.read_events(lines, uids):
            next(counter)
            yield event


def export_to_directory(
    directory: Path, events: Iterator[Event], *, force: bool, last: Mapping[str, str]
) -> int:
    """Write a file for each event and return their number.

    `last` are the fingerprints of the events that it last got, by UID. Raises WriteError, and
    ConflictError, with nothing written, if somebody changed an event there and `force` is not
    set.
    """
    written = tuple(events)
    files = {event_file_name(event.uid): _event_file(event) for event in written}
    if files:
        if not force:
            _refuse_edited(directory, files, written, last)
        write_directory(directory, files, force=force)
        atomic_files.remove_old_leftovers(directory, files)
    return len(files)


def _event_file(event: Event) -> bytes:
    """Return a file with the marks by which a sync of the directory recognizes edits."""
    from afterword.domain.merge import fields

    return ics_files.new_calendar_object(event, fields.fingerprint(fields.fields_of(event)))


def _refuse_edited(
    directory: Path, files: Mapping[str, bytes], events: Iterable[Event], last: Mapping[str, str]
) -> None:
    """Raise ConflictError if any of the files to be written has an event that somebody edited.

    `last` are the fingerprints of the events that the directory last got, by UID.
    """
    edited = [
        event.summary
        for event in events
        if _is_edited(directory, event.uid, files[event_file_name(event.uid)], last.get(event.uid))
    ]
    if not edited:
        return
    display = for_terminal(str(directory))
    more = len(edited) - _A_FEW
    raise ConflictError(
        f"somebody changed {pluralize(len(edited), 'event')} in {display} since the last export. "
        "Nothing was written. To take the changes over: afterword sync --folder "
        f"{shell_word(str(directory))}",
        [*edited[:_A_FEW], *[f"and {more:,} more"] * (more > 0), "--force overwrites them"],
    )


def _is_edited(directory: Path, uid: str, new: bytes, last: str | None) -> bool:
    path = directory / event_file_name(uid)
    try:
        # Others are refused where files are written.
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            content = file.read(_LARGEST)
    except OSError:
        return False
    if content == new or f"UID:{uid}".encode() not in content.splitlines():
        return False
    if last is None:
        return _seems_edited(content)
    revision = ics_files.read_revisions(content.splitlines(keepends=True)).get(uid)
    return revision is None or revision.fingerprint != last


def _seems_edited(content: bytes) -> bool:
    """True if the file alone, without saved state, shows an edit.

    Exports of earlier versions have no marks; they count as edited by another program only.
    """
    from afterword.domain.merge import fields
    from afterword.formats import ics_patch

    if not ics_files.is_our_file(content):
        return True
    marks = ics_patch.marks_of(content)
    if not marks:
        return False
    lines = ics_files.unfold(content.splitlines(keepends=True))
    names = {line.partition(b":")[0].partition(b";")[0] for line in lines}
    try:
        theirs = ics_patch.parse_event(content, ZoneInfo("UTC")).fields
    except ValueError:
        return True
    return not names <= _OURS or set(fields.unchanged_since_write(marks, theirs)) != set(Field)


def export_to_stream(events: Iterator[Event], *, name: str) -> Iterator[bytes]:
    """Yield a calendar in blocks, or nothing without events.

    The calendar is buffered in a temporary file, so that an error in the last
    event leaves no half of it in the output.
    """
    first = next(events, None)
    if first is None:
        return
    import tempfile

    with tempfile.TemporaryFile() as buffer:
        buffer.writelines(ics_files.calendar_file(itertools.chain([first], events), name=name))
        buffer.seek(0)
        yield from iter(lambda: buffer.read(_BLOCK_BYTES), b"")


def write_file(path: Path, chunks: Iterable[bytes], *, force: bool = False) -> None:
    """Write a calendar file, new or over an earlier export.

    Raises WriteError, with the old content intact, if it cannot be written or,
    without `force`, if another program wrote it.
    """
    atomic_files.write_atomically(path, chunks, ours=None if force else ics_files.is_our_file)


def write_directory(directory: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write calendar files, by the names of `event_file_name`, into a directory.

    A file with the same content is not touched, so that programs which watch
    the directory have nothing to do. Raises WriteError before the first write
    if, without `force`, another program wrote one of the files; and if one
    cannot be written, with the ones before it written.
    """
    if invalid := [
        name for name in files if event_file_name(unquote(name)[: -len(SUFFIX)]) != name
    ]:
        raise ValueError(f"not derived from a UID: {invalid}")
    atomic_files.make_directory(directory)
    # If a symbolic link to it changes meanwhile, all files still go to one directory.
    directory = directory.resolve()
    ours = {path.name for path in own_files(directory)}
    if not force:
        _refuse_foreign(directory, files.keys() - ours)
    for name, data in files.items():
        path = directory / name
        if name not in ours or path.read_bytes() != data:
            write_file(path, [data], force=force)


def own_files(directory: Path) -> list[Path]:
    """Return the calendar files in a directory that afterword wrote, sorted by name."""
    return sorted(path for path in directory.glob(f"*{SUFFIX}") if _is_own(path))


def written_revisions(path: Path) -> dict[str, ics_files.WrittenRevision]:
    """Return the events that earlier exports wrote into a file or directory, by UID."""
    revisions: dict[str, ics_files.WrittenRevision] = {}
    for file in own_files(path) if path.is_dir() else [path]:
        if _is_own(file):
            with file.open("rb") as lines:
                revisions |= ics_files.read_revisions(lines)
    return revisions


def _is_own(path: Path) -> bool:
    try:
        # Reading a pipe could block, and a symbolic link could lead anywhere.
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return ics_files.is_our_file(file.read(_HEAD_BYTES))
    except OSError:
        return False


def _refuse_foreign(directory: Path, names: Iterable[str]) -> None:
    if foreign := sorted(name for name in names if os.path.lexists(directory / name)):
        raise WriteError(
            f"{for_terminal(str(directory))} has files that afterword did not write; "
            "choose another directory, or let --force overwrite them",
            notes=foreign,
        )
