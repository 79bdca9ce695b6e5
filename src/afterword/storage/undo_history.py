"""Undo history: the content of each application file before its last changes.

It belongs to the machine state and may be deleted at any time; then there is
nothing to undo. A change is recorded before it is made. If it was recorded and
then not made, the file still has the content from before, and so the record is
recognized as void.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import attrs

from afterword.errors import InputError
from afterword.formats.text_decoding import parse_json
from afterword.system import atomic_files

_MAX_CHANGES = 50
_MAX_BYTES = 1_000_000
"""How many changes, and how many bytes of old content, the history of a file may have."""

_VERSION = 1
_MAX_FILE_BYTES = 10_000_000


class BatchKind(enum.StrEnum):
    """The commands that change several files together."""

    IMPORT = "import"
    CLOSE = "close"


@attrs.frozen(kw_only=True)
class UndoStep:
    """The content before a change (None: no file), and the digest of the content after it."""

    before: bytes | None
    after: str

    def led_to(self, data: bytes | None) -> bool:
        """Return True if this is the content after the change."""
        return self.after == digest(data)


def digest(data: bytes | None) -> str:
    """Return the SHA-256 of a content in hex, or "" for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


class UndoHistory:
    """The recorded changes of all files of a repository, in a JSON file for each."""

    def __init__(self, directory: Path, *, disk: atomic_files.Disk) -> None:
        self._directory = directory
        # Losing it in a power failure is acceptable, and an fsync for each change is slow.
        self._disk = attrs.evolve(disk, sync=lambda _: None)

    def remove_leftovers(self) -> None:
        """Remove temporary files of killed writes; the caller holds the lock."""
        atomic_files.remove_leftovers(self._directory)

    def changes(self, name: str, current: bytes | None) -> list[UndoStep]:
        """Return the changes that were made to a file, oldest first."""
        changes = self._load(name)
        while changes and changes[-1].before == current and not changes[-1].led_to(current):
            changes.pop()
        return changes

    def record(self, name: str, before: bytes | None, after: bytes) -> None:
        """Record a change that is about to be made. Raises WriteError."""
        change = UndoStep(before=before, after=digest(after))
        self.save(name, [*self.changes(name, before), change])

    def save(self, name: str, changes: list[UndoStep]) -> None:
        """Replace the history of a file. Raises WriteError."""
        recent = _capped(changes)
        if not recent:
            self.forget(name)
            return
        document = {
            "version": _VERSION,
            "changes": [{"before": _to_text(each.before), "after": each.after} for each in recent],
        }
        atomic_files.make_directory(self._directory, private=True)
        data = json.dumps(document).encode()
        atomic_files.write_atomically(
            self._path(name), [data], mode=atomic_files.PRIVATE, disk=self._disk
        )

    def forget(self, name: str) -> None:
        """Delete the history of a file. Raises WriteError."""
        if self._path(name).exists():
            atomic_files.remove(self._path(name), disk=self._disk)

    def record_batch(self, digests: Mapping[str, str], kind: BatchKind) -> None:
        """Record which files were changed together, with digests of their new contents."""
        document = {"version": _VERSION, "kind": str(kind), "files": dict(digests)}
        atomic_files.make_directory(self._directory, private=True)
        atomic_files.write_atomically(
            self._batch, [json.dumps(document).encode()], mode=atomic_files.PRIVATE, disk=self._disk
        )

    def batch(self) -> tuple[BatchKind, dict[str, str]]:
        """Return the kind of the last batch, and its files with digests; none if damaged."""
        try:
            document = parse_json(atomic_files.read_file(self._batch, at_most=_MAX_FILE_BYTES))
            files = document["files"] if document["version"] == _VERSION else {}
            kind = BatchKind(document.get("kind", BatchKind.IMPORT))
            return kind, {str(name): str(after) for name, after in files.items()}
        except (InputError, ValueError, KeyError, TypeError, AttributeError):
            return BatchKind.IMPORT, {}

    def forget_batch(self) -> None:
        """Delete the record of the last batch. Raises WriteError."""
        if self._batch.exists():
            atomic_files.remove(self._batch, disk=self._disk)

    @property
    def _batch(self) -> Path:
        # Beside the directory, because in it any name may be that of an application.
        return self._directory.with_name("last-import.json")

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"

    def _load(self, name: str) -> list[UndoStep]:
        """Return the saved changes, none if they are damaged."""
        try:
            document = parse_json(atomic_files.read_file(self._path(name), at_most=_MAX_FILE_BYTES))
            return [
                UndoStep(before=_to_bytes(each["before"]), after=str(each["after"]))
                for each in document["changes"]
                if document["version"] == _VERSION
            ]
        except (InputError, ValueError, KeyError, TypeError, AttributeError):
            return []


def _capped(changes: list[UndoStep]) -> list[UndoStep]:
    """Return the newest changes within both limits, oldest first."""
    recent: list[UndoStep] = []
    size = 0
    for change in reversed(changes[-_MAX_CHANGES:]):
        size += len(change.before or b"")
        if size > _MAX_BYTES:
            break
        recent.insert(0, change)
    return recent


# surrogateescape: a damaged file that is not UTF-8 is restored byte for byte too.
def _to_text(data: bytes | None) -> str | None:
    return None if data is None else data.decode(errors="surrogateescape")


def _to_bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode(errors="surrogateescape")
