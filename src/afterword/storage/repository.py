"""The person's applications: TOML files of facts in one directory, kept by people too.

A file is named for its application's id, private, and replaced whole. All
writing goes on under one lock. A file with mistakes is told, kept, and in
nobody's way. What a file held before each change is remembered as machine
state, so that a change can be taken back.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import attrs

from afterword.domain.model import Application
from afterword.errors import ConflictError, InputError, UsageError
from afterword.formats.application_file import application_editor, application_reader
from afterword.storage import application_directory, lookup
from afterword.storage.application_directory import ApplicationFile
from afterword.storage.concurrent_edit import merge_concurrent_edit
from afterword.storage.undo_history import UndoHistory, UndoStep, digest
from afterword.system import atomic_files
from afterword.system.file_lock import FileLock

_LONGEST_ID = 64


@attrs.frozen(kw_only=True)
class LoadedApplications:
    """All applications, by the names of their files, and what is wrong with damaged files."""

    applications: tuple[Application, ...]
    damaged: tuple[InputError, ...]


class ApplicationRepository:
    """The files of facts in the directory `data`; `state` is where machine state is kept.

    `wait` is how many seconds another process may go on writing; `watch` sees
    what is read and written of many files. Every method that writes also
    raises TryLaterError where another process does, and WriteError.
    """

    def __init__(
        self,
        data: Path,
        state: Path,
        *,
        wait: float = 10.0,
        disk: atomic_files.Disk = atomic_files.DISK,
        watch: application_directory.ProgressHook = application_directory.no_progress,
    ) -> None:
        self._data = data
        self._watch = watch
        self._disk = disk
        self._lock = FileLock(data, state, wait=wait)
        self._journal = UndoHistory(state / "history", disk=disk)

    def applications(self) -> LoadedApplications:
        """Return all applications, and the mistakes of damaged files."""
        found = application_directory.read_all_files(self._data, watch=self._watch)
        return LoadedApplications(
            applications=tuple(each for file in found for each in file.applications),
            damaged=tuple(file.error for file in found if file.error),
        )

    def find(self, text: str) -> Application:
        """Return the application that its id, or a part of its id, company or role names.

        Raises UsageError where none or several have it, and InputError where
        the file of that name is damaged.
        """
        named = self._named(text)
        if named and text in named.by_id():
            return named.by_id()[text]
        found = application_directory.read_all_files(self._data, watch=self._watch)
        for file in found:
            if file.error and file.path.stem.casefold() == text.casefold():
                raise file.error
        return lookup.find_one(text, [each for file in found for each in file.applications])

    def locate(self, text: str) -> Path:
        """Return the file to edit for an application, which may be a damaged one."""
        for path in application_directory.application_paths(self._data):
            if (
                path.stem.casefold() == text.casefold()
                and application_directory.read_application_file(path).error
            ):
                return path
        return self._file_of(self.find(text).id).path

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing for as long as this takes; may be nested."""
        with self._lock.held() as first:
            if first:
                atomic_files.remove_leftovers(self._data)
                self._journal.remove_leftovers()
            yield

    def add(self, application: Application) -> Application:
        """Store a new application and return it; where its id is taken, with a free one."""
        return self.add_all([application])[0]

    def add_all(self, applications: Iterable[Application]) -> list[Application]:
        """Store new applications, one by one, as `add` does."""
        added = []
        with self.locked():
            taken = {each.id.casefold() for each in self.applications().applications}
            taken |= {
                path.stem.casefold() for path in application_directory.application_paths(self._data)
            }
            taken.add(application_directory.SETTINGS)
            for application in self._watch(list(applications), "writing"):
                named = attrs.evolve(application, id=_free(application.id, taken))
                path = self._data / f"{named.id}.toml"
                data = application_editor.new_file(named, str(path))
                self._journal.forget(named.id)
                self._replace(path, None, data)
                taken.add(named.id.casefold())
                added.append(named)
        return added

    def free_id(self, wanted: str, *, taken: Iterable[str]) -> str:
        """Return the id that a new application gets, beside files and `taken` ids."""
        used = {id.casefold() for id in taken} | {application_directory.SETTINGS}
        used |= {
            path.stem.casefold() for path in application_directory.application_paths(self._data)
        }
        return _free(wanted, used)

    def replace(self, before: Application, after: Application) -> Application:
        """Make the file say `after` where it said `before`, and return what it says now.

        What others changed meanwhile stays. Raises ConflictError where they
        changed the same, and InputError where only a person can change the file.
        """
        with self.locked():
            file = self._file_of(before.id)
            current = file.by_id()[before.id]
            wanted = merge_concurrent_edit(before, after, current)
            data = application_editor.edit_file(file.data, current, wanted, str(file.path))
            if data != file.data:
                self._replace(file.path, file.data, data)
        return application_reader.parse_applications(data, str(file.path))[0]

    def replace_text(self, path: Path, old: bytes, new: bytes) -> tuple[Application, ...]:
        """Replace the text of a file that a person has edited, and return what it says.

        Raises InputError for mistakes in it, and ConflictError where the file
        does not hold `old` any more; nothing is changed then.
        """
        applications = application_reader.parse_applications(new, path.name)
        with self.locked():
            if application_directory.read_application_file(path).data != old:
                raise ConflictError(
                    f"{path} was changed by another program meanwhile; edit it again"
                )
            self._check_ids(path, applications)
            if new != old:
                self._replace(path, old, new)
        return applications

    def undo(self, id: str, *, force: bool = False) -> Application | None:
        """Take back the last change of an application and return it, or None where it was new.

        Raises UsageError where no change is known, and ConflictError where the
        file was edited since: with `force` that edit goes along, and the next
        undo brings it back.
        """
        with self.locked():
            file = self._file_of(id)
            changes = self._journal.changes(file.path.stem, file.data)
            if not changes:
                raise UsageError(f"no change of {id} is known that could be taken back")
            last = changes.pop()
            if not last.led_to(file.data):
                if not force:
                    raise ConflictError(
                        f"{file.path} was edited since the last change, and undo would lose "
                        f"that; take the change back by hand (afterword edit {id}), or the "
                        f"edit with it (afterword undo {id} --force)"
                    )
                changes.append(UndoStep(before=file.data, after=digest(last.before)))
            self._put(file.path, last.before)
            self._journal.write(file.path.stem, changes)
        return (
            None
            if last.before is None
            else application_directory.read_application_file(file.path).by_id().get(id)
        )

    def forget(self, id: str) -> None:
        """Remove the file of an application, and what is remembered of its changes."""
        with self.locked():
            file = self._file_of(id)
            if len(file.applications) > 1:
                raise InputError(f"{file.path} holds other applications too; edit it by hand")
            self._put(file.path, None)
            self._journal.forget(file.path.stem)

    def _replace(self, path: Path, old: bytes | None, new: bytes) -> None:
        self._journal.record(path.stem, old, new)
        self._put(path, new)

    def _put(self, path: Path, data: bytes | None) -> None:
        if data is None:
            atomic_files.remove(path, disk=self._disk)
        else:
            atomic_files.write_atomically(path, [data], mode=atomic_files.PRIVATE, disk=self._disk)

    def _named(self, id: str) -> ApplicationFile | None:
        path = self._data / f"{id}.toml"
        return (
            application_directory.read_application_file(path)
            if path in application_directory.application_paths(self._data)
            else None
        )

    def _file_of(self, id: str) -> ApplicationFile:
        named = self._named(id)
        if named and named.error:
            raise named.error
        if named and id in named.by_id():
            return named
        for file in application_directory.read_all_files(self._data):
            if id in file.by_id():
                return file
        raise ConflictError(f"{id} is gone: another program has removed it meanwhile")

    def _check_ids(self, path: Path, applications: tuple[Application, ...]) -> None:
        """Check that an edit gives no id away, and takes none of another file."""
        now = {each.id for each in applications}
        others = {
            each.id.casefold(): file.path
            for file in application_directory.read_all_files(self._data)
            if file.path != path
            for each in file.applications
        }
        gone = application_directory.read_application_file(path).by_id().keys() - now
        notes = [f"{id!r} is gone; an id is given once and kept" for id in sorted(gone)]
        notes += [
            f"{id!r} is the id in {others[id.casefold()]} too"
            for id in sorted(now)
            if id.casefold() in others
        ]
        if notes:
            raise InputError(f"{path.name} was not changed; correct its ids:", notes)


def _free(id: str, taken: Container[str]) -> str:
    """Return the id, or the next one like it that is free."""
    tries = (f"{id[: _LONGEST_ID - 8]}-{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([id], tries) if each.casefold() not in taken)
