"""A folder in the role of a server, for the tests of the sync."""

from __future__ import annotations

import shutil
from pathlib import Path

import attrs

from afterword.vdir.folder_calendar import FolderCalendar


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
