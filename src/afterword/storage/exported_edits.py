"""Tell which events of an export into a directory somebody has edited there since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from afterword.domain.calendar_model import Event, Field
from afterword.domain.merge import fields
from afterword.domain.sanitize import for_terminal, pluralize, shell_word
from afterword.domain.uids import event_file_name
from afterword.errors import ConflictError
from afterword.formats import ics_files

_A_FEW = 5
_LARGEST = 10_000_000
# The properties that an exported file has; any other was added by somebody.
_OURS = frozenset(
    b"BEGIN END VERSION PRODID CALSCALE SUMMARY DTSTART DTEND DTSTAMP UID SEQUENCE CATEGORIES "
    b"DESCRIPTION LAST-MODIFIED STATUS TRANSP URL ACTION TRIGGER X-AFTERWORD-MARKS".split()
)


def refuse_edited(
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
