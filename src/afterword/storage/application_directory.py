"""The files of facts in a directory, as they are found there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Protocol, TypeVar

import attrs

from afterword.domain.model import Application
from afterword.errors import InputError
from afterword.formats.application_file import application_reader
from afterword.system import atomic_files

T = TypeVar("T")

LARGEST = 1_000_000
"""Bytes that a file of facts may have."""
SETTINGS = "settings"
"""The name of the file that may lie among them and holds no facts."""


class ProgressHook(Protocol):
    """Passes on the items that something is done with, and may tell how far that is."""

    def __call__(self, items: Collection[T], doing: str, /) -> Iterable[T]:
        """Return the items in their order."""


def no_progress(items: Collection[T], doing: str, /) -> Iterable[T]:
    """Pass on the items, and tell nothing."""
    del doing
    return items


@attrs.frozen(kw_only=True)
class ApplicationFile:
    """A file, and what it says or what is wrong with it."""

    path: Path
    data: bytes = b""
    applications: tuple[Application, ...] = ()
    error: InputError | None = None

    def by_id(self) -> dict[str, Application]:
        """Return its applications by their ids."""
        return {each.id: each for each in self.applications}


def application_paths(directory: Path) -> list[Path]:
    """Return the files of facts, by name. Raises InputError."""
    try:
        found = sorted(directory.iterdir(), key=lambda path: path.stem)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"cannot read {directory}: {error.strerror}") from None
    return [path for path in found if path.suffix == ".toml" and _may_hold_facts(path.stem)]


def _may_hold_facts(stem: str) -> bool:
    return not stem.startswith(".") and stem.casefold() != SETTINGS


def read_application_file(path: Path) -> ApplicationFile:
    """Return a file; what is wrong with it is part of that."""
    if not path.is_file():
        return ApplicationFile(
            path=path, error=InputError(f"{path} is not a plain file; take it away")
        )
    data = b""
    try:
        data = atomic_files.read_file(path, at_most=LARGEST)
        return ApplicationFile(
            path=path,
            data=data,
            applications=application_reader.parse_applications(data, str(path)),
        )
    except InputError as error:
        return ApplicationFile(path=path, data=data, error=error)


def read_all_files(directory: Path, *, watch: ProgressHook = no_progress) -> list[ApplicationFile]:
    """Return all files, by name. Raises InputError.

    Where two have the same id, it is that of the file which is named for it,
    else of the first.
    """
    found = [read_application_file(path) for path in watch(application_paths(directory), "reading")]
    owners: dict[str, Path] = {}
    for named in (True, False):
        for file in found:
            for application in file.applications:
                if not named or file.path.stem == application.id:
                    owners.setdefault(application.id.casefold(), file.path)
    return [_without_claims(file, owners) for file in found]


def _without_claims(file: ApplicationFile, owners: dict[str, Path]) -> ApplicationFile:
    """Return the file as damaged, if it claims an id of another."""
    for application in file.applications:
        owner = owners[application.id.casefold()]
        if owner != file.path:
            error = InputError(
                f"{file.path}: {application.id!r} is the id in {owner} too; give it an own one"
            )
            return ApplicationFile(path=file.path, data=file.data, error=error)
    return file
