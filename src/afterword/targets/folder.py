"""Calendars on disk: one file of everything, or a directory with a file for each event.

The directory has the form that khal and vdirsyncer call a vdir. Bytes come in
finished; what is there and was not written by afterword stays as it is, and
nothing is ever removed here.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from afterword import files
from afterword.core.text import for_terminal
from afterword.errors import WriteError
from afterword.formats import exported

_NAME = re.compile(r"[0-9a-f-]{1,64}\.ics")
_HEAD = 1024


def write_file(path: Path, chunks: Iterable[bytes], *, force: bool = False) -> None:
    """Write one calendar, in the place of an earlier one.

    Raises WriteError, with the file as it was, where it cannot be written or,
    without `force`, where another program wrote it.
    """
    files.write_atomically(path, chunks, ours=None if force else exported.is_ours)


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
    files.make_directory(directory)
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


def remembered(path: Path) -> dict[str, exported.Remembered]:
    """Return what earlier exports wrote into a file or a directory, by UID.

    Nothing is there to remember where the path does not exist or is not ours.
    """
    found: dict[str, exported.Remembered] = {}
    for file in own_files(path) if path.is_dir() else [path]:
        if _is_own(file):
            with file.open("rb") as lines:
                found |= exported.remembered(lines)
    return found


def _is_own(path: Path) -> bool:
    try:
        # Anything but a plain file may block the reader, or lead elsewhere.
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return exported.is_ours(file.read(_HEAD))
    except OSError:
        return False


def _refuse_foreign(directory: Path, names: Iterable[str]) -> None:
    if foreign := sorted(name for name in names if os.path.lexists(directory / name)):
        raise WriteError(
            f"{for_terminal(str(directory))} has files that afterword did not write; "
            "choose another directory, or let --force overwrite them",
            notes=foreign,
        )
