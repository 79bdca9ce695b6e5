"""A folder of calendar files as a calendar: the implementation of `interface.Calendar` for files.

A file is replaced only while it has the content that was read last, so that an edit of another
program, whenever it comes, is not lost.
"""

from __future__ import annotations

import os
import re
import stat
import threading
from collections.abc import Collection, Mapping
from pathlib import Path

from afterword.dav.interface import (
    Changes,
    EventRejectedError,
    NotFoundError,
    PreconditionFailedError,
    Resource,
    UidElsewhereError,
    UnsupportedReportError,
)
from afterword.domain.sanitize import for_terminal, shell_word
from afterword.domain.uids import event_file_name
from afterword.errors import RefusedError, TryLaterError, WriteError
from afterword.system import atomic_files
from afterword.system.atomic_files import DISK, Disk, FileChangedError
from afterword.vdir import folder_scan

_UID = re.compile(rb"^UID:(\S+?)\r?$", re.MULTILINE)
_MISSING = "There is no folder {path}. To make it: afterword calendars --folder {word}"
_VANISHED = (
    "There is no folder {path} any more, where our events were. Is its disk connected? If you "
    "removed it yourself, run it again with --allow-mass-delete: it is made anew, and the events "
    "that it had count as deleted by you. If you use another folder now: afterword calendars "
    "--folder DIR. Nothing was changed."
)


class FolderCalendar:
    """A folder with a file for each event, identified by its real path."""

    def __init__(self, path: Path, *, disk: Disk = DISK) -> None:
        """Use the folder at that path; nothing is read yet."""
        self.path = path.expanduser().resolve()
        self._disk = disk
        self._scan: folder_scan.FolderScan | None = None
        self._lock = threading.Lock()
        self._is_tidy = False
        self._requests = 0
        # The real path, with other bytes than UTF-8 escaped.
        self.url = os.fsencode(self.path).decode("utf-8", "backslashreplace")

    @property
    def requests(self) -> int:
        """Return the number of lists, reads and writes so far."""
        return self._requests

    @property
    def left_alone(self) -> Mapping[str, str]:
        """Return the files that are no object of a sync, each with the reason."""
        return self._scan.left_alone if self._scan else {}

    def href(self, uid: str) -> str:
        """Return the name of the file of an event."""
        return event_file_name(uid)

    def make(self, name: str) -> None:
        """Create the folder. Raises WriteError."""
        del name
        atomic_files.make_directory(self.path)

    def changes(self, token: str | None) -> Changes:
        """Raise UnsupportedReportError: a folder has no history."""
        del token
        raise UnsupportedReportError(f"{self._display} has no sync tokens.")

    def listing(self) -> Changes:
        """Return all files that a sync may read and write.

        Raises NotFoundError if there is no such folder, and another error if it cannot be
        read, or this user may not write in it.
        """
        self._count()
        try:
            self._scan = scan = folder_scan.scan_folder(self.path)
        except FileNotFoundError:
            raise NotFoundError(
                _MISSING.format(path=self._display, word=self._word),
                vanished=_VANISHED.format(path=self._display),
            ) from None
        except NotADirectoryError:
            raise RefusedError(
                f"{self._display} is a file; name the folder that it is in."
            ) from None
        except PermissionError:
            raise RefusedError(
                f"You may not read the folder {self._display}: chmod u+rwx {self._word}. "
                "Nothing was changed."
            ) from None
        except OSError as error:
            reason = for_terminal(error.strerror or str(error)).lower()
            raise TryLaterError(
                f"cannot read the folder {self._display} ({reason}); is its disk connected? "
                "Nothing was changed."
            ) from None
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise WriteError(
                f"You may only read the folder {self._display}: chmod u+w {self._word}, or "
                "choose another one: afterword calendars --folder DIR. Nothing was changed."
            )
        return Changes(etags=scan.etags, whole=True, maybe_unmounted=scan.is_empty)

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        """Return the files that can be read, by href."""
        self._count()
        resources: dict[str, Resource] = {}
        for href in hrefs:
            try:
                content = folder_scan.read_calendar_file(self._path(href))
            except OSError:
                continue
            if content is not None:
                etag = folder_scan.etag_of(content)
                resources[href] = Resource(href=href, etag=etag, body=content)
        return resources

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        """Write a file; see `interface` for the errors, and WriteError if the disk refuses."""
        self._count()
        path = self._path(href)
        self._check_uid(path.name, body)
        self._check_plain(path)
        replace = atomic_files.replace_if(lambda: self._has_etag(path, etag))
        put = atomic_files.create_only if new else replace
        try:
            atomic_files.write_atomically(path, [body], put=put, disk=self._disk)
        except FileChangedError as error:
            raise PreconditionFailedError(error.message) from None
        self._tidy(path.name)
        return folder_scan.etag_of(body)

    def delete(self, href: str, *, etag: str | None) -> None:
        """Delete a file; see `interface` for the errors, and WriteError if the disk refuses."""
        self._count()
        path = self._path(href)
        if not os.path.lexists(path):
            raise NotFoundError(f"There is no {for_terminal(str(path))} any more.")
        self._check_plain(path)
        if not self._has_etag(path, etag):
            raise PreconditionFailedError(f"{for_terminal(str(path))} was changed meanwhile")
        atomic_files.remove(path, disk=self._disk)

    def _count(self) -> None:
        with self._lock:
            self._requests += 1

    @property
    def _display(self) -> str:
        return for_terminal(str(self.path))

    @property
    def _word(self) -> str:
        """Return the path as a word of a command."""
        return shell_word(str(self.path))

    def _path(self, href: str) -> Path:
        """Return the path of a file. Raises ValueError for a name that leads elsewhere."""
        name = folder_scan.name_of(href)
        if not name or "/" in name or name in {".", ".."} or Path(name).name != name:
            raise ValueError(f"not a file name: {href!r}")
        return self.path / name

    def _has_etag(self, path: Path, etag: str | None) -> bool:
        try:
            content = folder_scan.read_calendar_file(path)
        except FileNotFoundError:
            return False
        return content is not None and folder_scan.etag_of(content) == etag

    def _check_uid(self, name: str, body: bytes) -> None:
        """Raise UidElsewhereError if another file has the event, so that it is not doubled."""
        match = _UID.search(body)
        holders = self._scan.holders if self._scan else {}
        holder = holders.get(match[1].decode(), name) if match else name
        if holder != name and os.path.lexists(self.path / holder):
            display = for_terminal(str(self.path / holder))
            reason = self.left_alone.get(holder, "has it too")
            raise UidElsewhereError(
                f"{display} {reason}, this one among them, and is left alone; move that file to "
                "another folder and run this again"
            )

    def _check_plain(self, path: Path) -> None:
        """Raise EventRejectedError for a link, a directory or a file that cannot be read."""
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                raise EventRejectedError(
                    f"{for_terminal(str(path))} is no plain file, so it is left alone"
                )
            if not os.access(path, os.R_OK):
                raise EventRejectedError(f"you may not read {for_terminal(str(path))}")
        except FileNotFoundError:
            return

    def _tidy(self, name: str) -> None:
        """Remove temporary files that killed runs left behind, once."""
        with self._lock:
            if not self._is_tidy:
                atomic_files.remove_old_leftovers(self.path, [name], any_target=True)
            self._is_tidy = True
