"""Undo history: the content of each application file before its last changes.

It belongs to the machine state and may be deleted at any time; then there is
nothing to undo. A change is recorded before it is made. If it was recorded and
then not made, the file still has the content from before, and so the record is
recognized as void. Files that were created together share a record instead,
which counts for each until it is gone.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from afterword.errors import InputError
from afterword.formats.text_decoding import parse_json
from afterword.system import atomic_files

_MAX_CHANGES = 50
_MAX_BYTES = 1_000_000
"""How many changes, and how many bytes of old content, the history of a file may have."""

_MAX_CREATED = 50_000
"""How many files that were created by earlier batches are listed."""

_VERSION = 1
_MAX_FILE_BYTES = 50_000_000


class BatchKind(enum.StrEnum):
    """The commands that change several files together."""

    IMPORT = "import"
    CLOSE = "close"


class UndoStep(NamedTuple):
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

    def created(self) -> dict[str, str]:
        """Return the files that were created with others, with digests of their first contents."""
        return _read_digests(self._created)[1]

    def changes(
        self, name: str, current: bytes | None, created: Mapping[str, str] | None = None
    ) -> list[UndoStep]:
        """Return the changes that were made to a file, oldest first.

        `created` is what `created()` returned, for callers that ask about many files.
        """
        changes = self._load(name)
        if not changes and current is not None:
            created = self.created() if created is None else created
            return [UndoStep(before=None, after=created[name])] if name in created else []
        while changes and changes[-1].before == current and not changes[-1].led_to(current):
            changes.pop()
        return changes

    def record(self, name: str, before: bytes | None, after: bytes) -> None:
        """Record a change that is about to be made. Raises WriteError."""
        # A new file has no history, even where another of that name was deleted by hand.
        changes = [] if before is None else self.changes(name, before)
        self.save(name, [*changes, UndoStep(before=before, after=digest(after))])

    def save(self, name: str, changes: list[UndoStep]) -> None:
        """Replace the history of a file. Raises WriteError."""
        recent = _capped(changes)
        if not recent:
            self._remove(self._path(name))
            return
        changed = [{"before": _to_text(each.before), "after": each.after} for each in recent]
        self._write(self._path(name), {"changes": changed})

    def record_all(self, changes: Mapping[str, tuple[bytes | None, bytes]]) -> None:
        """Record the contents before and after changes that are about to be made together."""
        created = {
            name: digest(after) for name, (before, after) in changes.items() if before is None
        }
        if created:
            self._record_creations(created)
        for name, (before, after) in changes.items():
            if before is not None:
                self.record(name, before, after)

    def forget(self, name: str) -> None:
        """Delete the history of a file. Raises WriteError."""
        self._remove(self._path(name))
        self.forget_creations({name})

    def forget_creations(self, names: Collection[str]) -> None:
        """Forget that these files were created, as they are gone. Raises WriteError."""
        created = self.created()
        left = {name: after for name, after in created.items() if name not in names}
        if left != created:
            self._write(self._created, {"files": left})

    def record_batch(self, digests: Mapping[str, str], kind: BatchKind) -> None:
        """Record which files were changed together, with digests of their new contents."""
        self._write(self._batch, {"kind": str(kind), "files": dict(digests)})

    def batch(self) -> tuple[BatchKind, dict[str, str]]:
        """Return the kind of the last batch, and its files with digests; none if damaged."""
        return _read_digests(self._batch)

    def forget_batch(self) -> None:
        """Delete the record of the last batch. Raises WriteError."""
        self._remove(self._batch)

    # Beside the directory, because in it any name may be that of an application.
    @property
    def _batch(self) -> Path:
        return self._directory.with_name("last-import.json")

    @property
    def _created(self) -> Path:
        return self._directory.with_name("created.json")

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"

    def _record_creations(self, digests: Mapping[str, str]) -> None:
        for path in self._directory.glob("*.json"):
            if path.stem in digests:  # of a file that was deleted by hand
                self._remove(path)
        earlier = [pair for pair in self.created().items() if pair[0] not in digests]
        self._write(self._created, {"files": dict(earlier[-_MAX_CREATED:]) | dict(digests)})

    def _write(self, path: Path, content: Mapping[str, Any]) -> None:
        atomic_files.make_directory(self._directory, private=True)
        data = json.dumps({"version": _VERSION, **content}).encode()
        atomic_files.write_atomically(path, [data], mode=atomic_files.PRIVATE, disk=self._disk)

    def _remove(self, path: Path) -> None:
        if path.exists():
            atomic_files.remove(path, disk=self._disk)

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


def _read_digests(path: Path) -> tuple[BatchKind, dict[str, str]]:
    """Return the kind of a record, and its files with digests; none if it is damaged."""
    try:
        document = parse_json(atomic_files.read_file(path, at_most=_MAX_FILE_BYTES))
        files = document["files"] if document["version"] == _VERSION else {}
        kind = BatchKind(document.get("kind", BatchKind.IMPORT))
        return kind, {str(name): str(after) for name, after in files.items()}
    except (InputError, ValueError, KeyError, TypeError, AttributeError):
        return BatchKind.IMPORT, {}


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
