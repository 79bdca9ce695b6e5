"""Repository of the user's applications: a TOML file for each, which the user may edit too.

A file is named after its application's id, is private, and is replaced as a
whole. All writes happen under one lock. A damaged file is reported and left
unchanged; the others stay usable. The undo history records the content from
before each change.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import attrs

from afterword.domain.applications import find_application, free_id
from afterword.domain.model import Application
from afterword.domain.sanitize import clean_line
from afterword.errors import ConflictError, InputError, UsageError, WriteError
from afterword.formats.application_file import application_reader
from afterword.storage.application_directory import (
    ApplicationFile,
    ProgressHook,
    application_paths,
    no_progress,
    read_all_files,
    read_application_file,
)
from afterword.storage.stored_names import SETTINGS_STEM
from afterword.storage.undo_history import BatchKind, UndoHistory, UndoStep, digest
from afterword.system import atomic_files
from afterword.system.file_lock import FileLock

_BATCH_NAMES = {BatchKind.IMPORT: "import", BatchKind.CLOSE: "closing"}
_OnDamaged = Callable[[InputError], None]


class LoadedApplications(NamedTuple):
    """All applications, sorted by file name, and the errors of damaged files."""

    applications: tuple[Application, ...]
    damaged: tuple[InputError, ...]


@attrs.define
class _Batch:
    """The files of a batch, each with its content before and after.

    `by_id` are the stored files by the ids of their applications, `reserved` the ids in use.
    """

    by_id: dict[str, ApplicationFile]
    reserved: set[str]
    files: dict[Path, tuple[bytes | None, bytes]] = attrs.Factory(dict)


class ApplicationRepository:
    """The application files in the directory `data`, with their undo history below `state`.

    `wait` is how many seconds to wait for another process that is writing;
    `progress` passes through the files that are read or written in a loop.
    Every method that writes raises TryLaterError after that wait, and
    WriteError.
    """

    def __init__(
        self,
        data: Path,
        state: Path,
        *,
        wait: float = 10.0,
        disk: atomic_files.Disk = atomic_files.DISK,
        progress: ProgressHook = no_progress,
    ) -> None:
        self._data = data
        self._progress = progress
        self._disk = disk
        self._lock = FileLock(data / ".lock", state / "holder", timeout=wait, directory=data)
        self._history = UndoHistory(state / "history", disk=disk)

    def applications(self) -> LoadedApplications:
        """Return all applications, and the errors of damaged files."""
        files = self._read_all()
        return LoadedApplications(
            applications=tuple(each for file in files for each in file.applications),
            damaged=tuple(file.error for file in files if file.error),
        )

    def find_application(self, text: str, on_damaged: _OnDamaged | None = None) -> Application:
        """Return the application with this id, or with this part of its id, company or role.

        `on_damaged` gets the error of each skipped file. Raises UsageError if there is none or
        more than one, with the damaged files, and InputError if the file of that name is damaged.
        """
        # An exact id needs no other file to be read.
        namesake = self._file_named(text)
        if namesake and text in namesake.by_id():
            return namesake.by_id()[text]
        files = self._read_all()
        for file in files:
            if file.error and file.path.stem.casefold() == text.casefold():
                raise file.error
        applications = [each for file in files for each in file.applications]
        damaged = [file.error for file in files if file.error]
        try:
            application = find_application(text, applications)
        except UsageError as error:
            if not damaged:
                raise
            message = error.message
            if not applications:
                message = f"{clean_line(text)!r} is not found: no application file can be read"
            lines = [line for each in damaged for line in (each.message, *each.notes)]
            raise UsageError(message, [*error.notes, *lines]) from None
        if on_damaged:
            for each in damaged:
                on_damaged(each)
        return application

    def locate(self, text: str, on_damaged: _OnDamaged | None = None) -> Path:
        """Return the path of an application's file to edit, even if the file is damaged."""
        for path in application_paths(self._data):
            if path.stem.casefold() == text.casefold() and read_application_file(path).error:
                return path
        return self._file_of(self.find_application(text, on_damaged).id).path

    def free_id(self, wanted: str, *, taken: Iterable[str]) -> str:
        """Return `wanted`, numbered if a file, the settings or a `taken` id has that name."""
        return free_id(wanted, self._reserved_ids(taken))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing during the block; blocks may be nested."""
        with self._lock.held() as outermost:
            if outermost:
                atomic_files.remove_leftovers(self._data)
                self._history.remove_leftovers()
            yield

    def add(self, application: Application) -> Application:
        """Save a new application and return it, with a numbered id if its own is taken."""
        return self.add_all([application])[0]

    def add_all(self, applications: Iterable[Application]) -> list[Application]:
        """Save new applications in their order, each as `add` does."""
        from afterword.formats.application_file import application_editor

        added = []
        with self.locked():
            reserved = self._reserved_ids(each.id for each in self.applications().applications)
            for application in self._progress(list(applications), "writing"):
                renamed = attrs.evolve(application, id=free_id(application.id, reserved))
                path = self._data / f"{renamed.id}.toml"
                data = application_editor.new_file(renamed, str(path))
                self._replace(path, None, data)
                reserved.add(renamed.id.casefold())
                added.append(renamed)
        return added

    def replace(self, before: Application, after: Application) -> Application:
        """Save the change from `before` to `after` and return the saved application.

        Changes that others made meanwhile are merged. Raises ConflictError if
        they contradict, and InputError if the file can only be edited by hand.
        """
        from afterword.formats.application_file import application_editor
        from afterword.formats.application_file.application_editor import merge_concurrent_edit

        with self.locked():
            file = self._file_of(before.id)
            current = file.by_id()[before.id]
            merged = merge_concurrent_edit(before, after, current)
            data = application_editor.edit_file(file.data, current, merged, str(file.path))
            if data != file.data:
                self._replace(file.path, file.data, data)
        saved = application_reader.parse_applications(data, str(file.path))
        return next(application for application in saved if application.id == merged.id)

    def save_all(
        self,
        changes: Collection[tuple[Application | None, Application]],
        *,
        kind: BatchKind = BatchKind.IMPORT,
    ) -> list[Application]:
        """Save many changes together, with None before a new application; return the saved ones.

        `undo_batch` undoes them together. Raises as `replace` does, and nothing is saved then.
        """
        with self.locked():
            # Read once: finding the file of each application anew takes the square of their number.
            by_id = {id: file for file in self._read_all() for id in file.by_id()}
            batch = _Batch(by_id=by_id, reserved=self._reserved_ids(by_id))
            saved = [self._plan_change(batch, *change) for change in changes]
            self._write_batch(batch)
            if batch.files:
                written = {path.stem: digest(data) for path, (_, data) in batch.files.items()}
                self._history.record_batch(written, kind)
        return saved

    def undo_batch(
        self, *, force: bool = False, kind: BatchKind | None = None
    ) -> list[tuple[str, Application | None]]:
        """Undo the changes of the last `save_all`; return the ids with the restored applications.

        Raises UsageError if none is recorded, or none of that kind, and ConflictError if a file
        was changed since; with `force` those files stay, and the others are undone.
        """
        with self.locked():
            last_kind, batch = self._history.batch()
            if not batch or kind not in {None, last_kind}:
                raise UsageError(_no_batch(kind, is_other=bool(batch)))
            files = {
                path.stem: read_application_file(path) for path in application_paths(self._data)
            }
            same = [
                name for name in batch if name in files and digest(files[name].data) == batch[name]
            ]
            if len(same) < len(batch) and not force:
                changed = sorted(batch.keys() - set(same))
                raise ConflictError(
                    f"these were changed after the {_BATCH_NAMES[last_kind]}; --force undoes it "
                    "for the others",
                    changed,
                )
            created = self._history.created()
            undone = [each for name in same for each in self._undo_file(files[name], created)]
            self._history.forget_creations(batch.keys())
            self._history.forget_batch()
        return undone

    def replace_text(self, path: Path, old: bytes, new: bytes) -> tuple[Application, ...]:
        """Replace the text of a file that the user has edited, and return its applications.

        Raises InputError for mistakes in it, and ConflictError if the file's
        content is no longer `old`; the file is unchanged then.
        """
        applications = application_reader.parse_applications(new, path.name)
        with self.locked():
            if read_application_file(path).data != old:
                raise ConflictError(
                    f"{path} was changed by another program meanwhile; edit it again"
                )
            self._check_ids(path, applications)
            if new != old:
                self._replace(path, old, new)
        return applications

    def undo(self, id: str, *, force: bool = False) -> Application | None:
        """Undo the last change of an application and return it, or None if it was just added.

        Raises UsageError if no change is recorded, and ConflictError if the
        file was edited since. With `force` that edit is lost too, and the next
        undo restores it.
        """
        with self.locked():
            file = self._file_of(id)
            changes = self._history.changes(file.path.stem, file.data)
            if not changes:
                raise UsageError(f"there is no change of {id} to undo")
            last = changes.pop()
            if not last.led_to(file.data):
                if not force:
                    raise ConflictError(
                        f"{file.path} was edited since the last change, and undo would lose "
                        f"that; take the change back by hand (afterword edit {id}), or the "
                        f"edit with it (afterword undo {id} --force)"
                    )
                changes.append(UndoStep(before=file.data, after=digest(last.before)))
            self._write(file.path, last.before)
            self._history.save(file.path.stem, changes)
            self._history.forget_creations({file.path.stem} if last.before is None else ())
        return None if last.before is None else read_application_file(file.path).by_id().get(id)

    def forget(self, id: str) -> None:
        """Delete the file of an application and its undo history."""
        with self.locked():
            file = self._file_of(id)
            if len(file.applications) > 1:
                raise InputError(f"{file.path} holds other applications too; edit it by hand")
            self._write(file.path, None)
            self._history.forget(file.path.stem)

    def _plan_change(
        self, batch: _Batch, before: Application | None, after: Application
    ) -> Application:
        """Add the file of a change to the batch; return the application as it will be stored."""
        from afterword.formats.application_file import application_editor, application_writer

        if before is None:
            id = free_id(after.id, batch.reserved)
            renamed = after if after.id == id else attrs.evolve(after, id=id)
            batch.reserved.add(renamed.id.casefold())
            path = self._data / f"{renamed.id}.toml"
            # Not read again as `add_all` does: each cell of a table was validated for its key.
            batch.files[path] = None, application_writer.file_text(renamed).encode()
            return renamed
        file = batch.by_id.get(before.id) or self._file_of(before.id)
        old, data = batch.files.get(file.path, (file.data, file.data))
        current = {a.id: a for a in application_reader.parse_applications(data, str(file.path))}
        merged = application_editor.merge_concurrent_edit(before, after, current[before.id])
        data = application_editor.edit_file(data, current[before.id], merged, str(file.path))
        if data != old:
            batch.files[file.path] = old, data
        return merged

    def _write_batch(self, batch: _Batch) -> None:
        """Write the files of a batch; if any cannot be written, restore those before it."""
        files = batch.files
        self._history.record_all({path.stem: contents for path, contents in files.items()})
        contents = [(path, data) for path, (_, data) in files.items()]
        written: set[Path] = set()
        try:
            for path in atomic_files.write_all(
                self._progress(contents, "writing"), mode=atomic_files.PRIVATE, disk=self._disk
            ):
                written.add(path)
        except WriteError:
            for path in written:
                with contextlib.suppress(WriteError):
                    self._write(path, files[path][0])
            raise

    def _undo_file(
        self, file: ApplicationFile, created: Mapping[str, str]
    ) -> list[tuple[str, Application | None]]:
        """Undo the last change of a file; return its applications by their ids."""
        changes = self._history.changes(file.path.stem, file.data, created)
        if not changes:
            return []
        last = changes.pop()
        self._write(file.path, last.before)
        self._history.save(file.path.stem, changes)
        restored = {} if last.before is None else read_application_file(file.path).by_id()
        return [(id, restored.get(id)) for id in file.by_id()]

    def _replace(self, path: Path, old: bytes | None, new: bytes) -> None:
        self._history.record(path.stem, old, new)
        self._write(path, new)

    def _write(self, path: Path, data: bytes | None) -> None:
        if data is None:
            atomic_files.remove(path, disk=self._disk)
        else:
            atomic_files.write_atomically(path, [data], mode=atomic_files.PRIVATE, disk=self._disk)

    def _read_all(self) -> list[ApplicationFile]:
        return read_all_files(self._data, progress=self._progress)

    def _file_named(self, id: str) -> ApplicationFile | None:
        path = self._data / f"{id}.toml"
        # Compared with the listing, because the file system may ignore case.
        return read_application_file(path) if path in application_paths(self._data) else None

    def _file_of(self, id: str) -> ApplicationFile:
        """Return the file of the application with this id. Raises InputError and ConflictError."""
        namesake = self._file_named(id)
        if namesake and namesake.error:
            raise namesake.error
        if namesake and id in namesake.by_id():
            return namesake
        for path in application_paths(self._data):
            file = read_application_file(path)
            if id in file.by_id():
                return file
        raise ConflictError(f"{id} is gone: another program has removed it meanwhile")

    def _reserved_ids(self, ids: Iterable[str]) -> set[str]:
        """Return these ids and the names of all files, casefolded."""
        stems = (path.stem for path in application_paths(self._data))
        return {id.casefold() for id in (*ids, *stems, SETTINGS_STEM)}

    def _check_ids(self, path: Path, applications: tuple[Application, ...]) -> None:
        """Check that an edit drops no id and adds none of another file. Raises InputError."""
        after = {each.id for each in applications}
        before = read_application_file(path).by_id().keys()
        owners = {
            each.id.casefold(): file.path
            for file in read_all_files(self._data)
            if file.path != path
            for each in file.applications
        }
        notes = [f"{id!r} is gone; an id is given once and kept" for id in sorted(before - after)]
        notes += [
            f"{id!r} is the id in {owners[id.casefold()]} too"
            for id in sorted(after)
            if id.casefold() in owners
        ]
        if notes:
            raise InputError(f"{path.name} was not changed; correct its ids:", notes)


def _no_batch(kind: BatchKind | None, *, is_other: bool) -> str:
    if kind is BatchKind.IMPORT and is_other:
        return "the last change of several applications was not an import: afterword undo --all"
    if kind is BatchKind.IMPORT:
        return "there is no import of a table to undo"
    return "there is no change of several applications to undo"
