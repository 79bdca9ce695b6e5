"""What each file held before its last changes, so that they can be taken back.

Machine state: it may be deleted at any time, and then nothing can be taken
back. A change is noted before it is made. One that was noted and then not made
is known by the file, which still holds what it held before.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import attrs

from afterword.errors import InputError
from afterword.system import atomic_files

MOST_CHANGES = 50
MOST_BYTES = 1_000_000
"""How much is remembered of one file, the last changes first."""

_VERSION = 1
_LARGEST = 10_000_000


@attrs.frozen(kw_only=True)
class UndoStep:
    """The content before a change (None: there was no file), and the hash of what came of it."""

    before: bytes | None
    after: str

    def led_to(self, data: bytes | None) -> bool:
        """Return whether this content is what came of the change."""
        return self.after == digest(data)


def digest(data: bytes | None) -> str:
    """Return what a content is known by."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


class UndoHistory:
    """The remembered changes of the files of one store."""

    def __init__(self, directory: Path, *, disk: atomic_files.Disk) -> None:
        self._directory = directory
        # It may be lost with the power, and is written as often as the facts are.
        self._disk = attrs.evolve(disk, sync=lambda _: None)

    def remove_leftovers(self) -> None:
        """Remove what killed writes left; nobody else may be writing."""
        atomic_files.remove_leftovers(self._directory)

    def changes(self, name: str, current: bytes | None) -> list[UndoStep]:
        """Return the changes of a file that were made, oldest first."""
        changes = self._read(name)
        while changes and changes[-1].before == current and not changes[-1].led_to(current):
            changes.pop()
        return changes

    def record(self, name: str, before: bytes | None, after: bytes) -> None:
        """Note a change that is about to be made. Raises WriteError."""
        change = UndoStep(before=before, after=digest(after))
        self.write(name, [*self.changes(name, before), change])

    def write(self, name: str, changes: list[UndoStep]) -> None:
        """Replace what is remembered of a file. Raises WriteError."""
        kept = _capped(changes)
        if not kept:
            self.forget(name)
            return
        document = {
            "version": _VERSION,
            "changes": [{"before": _text(each.before), "after": each.after} for each in kept],
        }
        atomic_files.make_directory(self._directory, private=True)
        data = json.dumps(document).encode()
        atomic_files.write_atomically(
            self._path(name), [data], mode=atomic_files.PRIVATE, disk=self._disk
        )

    def forget(self, name: str) -> None:
        """Forget the changes of a file. Raises WriteError."""
        if self._path(name).exists():
            atomic_files.remove(self._path(name), disk=self._disk)

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"

    def _read(self, name: str) -> list[UndoStep]:
        """Return what is remembered; nothing, where that is damaged."""
        try:
            document = json.loads(atomic_files.read_file(self._path(name), at_most=_LARGEST))
            return [
                UndoStep(before=_bytes(each["before"]), after=str(each["after"]))
                for each in document["changes"]
                if document["version"] == _VERSION
            ]
        except (InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return []


def _capped(changes: list[UndoStep]) -> list[UndoStep]:
    kept: list[UndoStep] = []
    size = 0
    for change in reversed(changes[-MOST_CHANGES:]):
        size += len(change.before or b"")
        if size > MOST_BYTES:
            break
        kept.insert(0, change)
    return kept


# A damaged file, which is no UTF-8, must come back byte for byte too.
def _text(data: bytes | None) -> str | None:
    return None if data is None else data.decode(errors="surrogateescape")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode(errors="surrogateescape")
