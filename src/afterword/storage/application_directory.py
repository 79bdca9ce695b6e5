"""Read the application files of a directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from afterword.domain.model import Application
from afterword.errors import InputError
from afterword.formats.application_file import application_reader
from afterword.storage.stored_names import MAX_BYTES, is_application
from afterword.system import atomic_files

T = TypeVar("T")


class ProgressHook(Protocol):
    """Passes items through, and may show how many of them are done."""

    def __call__(self, items: Collection[T], activity: str, /) -> Iterable[T]:
        """Return the items in their order; `activity` is a participle such as "reading"."""


def no_progress(items: Collection[T], activity: str, /) -> Iterable[T]:
    """Return the items and show nothing."""
    del activity
    return items


class ApplicationFile(NamedTuple):
    """The applications of a file, or the error that keeps it from being used."""

    path: Path
    data: bytes = b""
    applications: tuple[Application, ...] = ()
    error: InputError | None = None

    def by_id(self) -> dict[str, Application]:
        """Return its applications by their ids."""
        return {application.id: application for application in self.applications}


def application_paths(directory: Path) -> list[Path]:
    """Return the paths of the application files, sorted by name. Raises InputError."""
    try:
        paths = sorted(directory.iterdir(), key=lambda path: path.stem)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"cannot read {directory}: {error.strerror}") from None
    return [path for path in paths if path.suffix == ".toml" and is_application(path)]


def read_application_file(path: Path) -> ApplicationFile:
    """Return the file's applications; an error in it is returned, not raised."""
    return _parsed(_content(path))


def _content(path: Path) -> ApplicationFile:
    """Return the file with its content only."""
    if not path.is_file():
        return ApplicationFile(
            path=path, error=InputError(f"{path} is not a plain file; take it away")
        )
    try:
        return ApplicationFile(path=path, data=atomic_files.read_file(path, at_most=MAX_BYTES))
    except InputError as error:
        return ApplicationFile(path=path, error=error)


def _parsed(file: ApplicationFile) -> ApplicationFile:
    """Return the file with its applications."""
    if file.error:
        return file
    try:
        applications = application_reader.parse_applications(file.data, str(file.path))
    except InputError as error:
        return file._replace(error=error)
    return file._replace(applications=applications)


def read_all_files(
    directory: Path, *, progress: ProgressHook = no_progress
) -> list[ApplicationFile]:
    """Return all application files, sorted by name. Raises InputError.

    If two files have an application of the same id, the file named after the
    id keeps it, or else the first one; the other file gets an error.
    """
    # The system calls of each file would slow the parsing of the next, by a fifth on a virtual
    # machine, so all are read first.
    contents = [_content(path) for path in application_paths(directory)]
    files = [_parsed(file) for file in progress(contents, "reading")]
    owners: dict[str, Path] = {}
    for only_namesakes in (True, False):
        for file in files:
            for application in file.applications:
                if not only_namesakes or file.path.stem == application.id:
                    owners.setdefault(application.id.casefold(), file.path)
    return [_checked_ids(file, owners) for file in files]


def _checked_ids(file: ApplicationFile, owners: dict[str, Path]) -> ApplicationFile:
    """Return the file, with an error if an id in it belongs to another file."""
    for application in file.applications:
        owner = owners[application.id.casefold()]
        if owner is not file.path:
            error = InputError(
                f"{file.path}: {application.id!r} is the id in {owner} too; give it an own one"
            )
            return ApplicationFile(path=file.path, data=file.data, error=error)
    return file
