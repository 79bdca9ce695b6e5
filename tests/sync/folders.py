"""A folder in the role of a server, for the tests of the sync."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, MutableMapping
from pathlib import Path

import attrs

from afterword.dav.interface import Changes, Resource
from afterword.vdir import folder_scan
from afterword.vdir.folder_calendar import FolderCalendar

Object = tuple[bytes, str]
"""The content of a file and its ETag."""


class FolderObjects(MutableMapping[str, Object]):
    """The files of a folder as the objects of a model, by name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __getitem__(self, name: str) -> Object:
        path = self.path / name
        if not path.is_file():
            raise KeyError(name)
        content = path.read_bytes()
        return content, folder_scan.etag_of(content)

    def __setitem__(self, name: str, value: Object) -> None:
        (self.path / name).write_bytes(value[0])

    def __delitem__(self, name: str) -> None:
        (self.path / name).unlink()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.name for path in self.path.glob("*.ics")))

    def __len__(self) -> int:
        return len(list(iter(self)))


def _ignore(method: str) -> None:
    del method


class HookedFolder(FolderCalendar):
    """`before` and `after` see each call and may raise in its place; `wrote` sees each write."""

    def __init__(self, path: Path, wrote: Callable[[str, str, Object | None], None]) -> None:
        super().__init__(path)
        self.objects = FolderObjects(path)
        self.before: Callable[[str], None] = _ignore
        self.after: Callable[[str], None] = _ignore
        self.wrote = wrote
        self.calls = 0

    @property
    def requests(self) -> int:
        return self.calls

    def listing(self) -> Changes:
        self._begin("PROPFIND")
        listed = super().listing()
        self.after("PROPFIND")
        return listed

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        self._begin("REPORT")
        resources = super().fetch(hrefs)
        self.after("REPORT")
        return resources

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        self._begin("PUT")
        held = self.objects.get(href)
        stored = super().put(href, body, etag=etag, new=new)
        self.wrote("PUT", href, held)
        self.after("PUT")
        return stored

    def delete(self, href: str, *, etag: str | None) -> None:
        self._begin("DELETE")
        held = self.objects.get(href)
        super().delete(href, etag=etag)
        self.wrote("DELETE", href, held)
        self.after("DELETE")

    def _begin(self, method: str) -> None:
        self.calls += 1
        self.before(method)


@attrs.define
class FolderServer:
    """Makes folders as calendars, as `Real` makes calendars on a server.

    A folder has no sync tokens: the first sync lists it once more.
    """

    root: Path
    name: str = "folder"
    exact: bool = False
    made: int = 0

    def calendar(self) -> FolderCalendar:
        """Make a folder that no other test has."""
        self.made += 1
        path = self.root / f"jobs-{self.made}"
        path.mkdir()
        return FolderCalendar(path)

    def remove(self, calendar: FolderCalendar) -> None:
        shutil.rmtree(calendar.path)

    def close(self) -> None:
        """Do nothing: nothing is open."""
