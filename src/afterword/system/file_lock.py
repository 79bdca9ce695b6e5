"""An advisory lock on a file that names the process holding it."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from afterword.errors import TryLaterError
from afterword.system import atomic_files

if TYPE_CHECKING:
    import filelock

_AT_WORK = "Another afterword{holder} is at work; try again when it is done."
_WRITING = "another afterword{holder} is writing to {directory}; try again when it is done"


class FileLock:
    """A lock on `path` that the operating system releases when its process ends, even by a crash.

    The holder writes its process id to `holder`, which serves only to name it
    in the error that others get after waiting `timeout` seconds. `directory`
    is named in that error too, if given.
    """

    def __init__(
        self, path: Path, holder: Path, *, timeout: float, directory: Path | None = None
    ) -> None:
        self._path = path
        self._holder = holder
        self._timeout = timeout
        self._directory = directory

    @functools.cached_property
    def _lock(self) -> filelock.BaseFileLock:
        # Imported at the first use: a command that only reads takes no lock.
        import filelock

        return filelock.FileLock(self._path, mode=atomic_files.PRIVATE)

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock during the block; yield False if this object holds it already.

        Raises TryLaterError after the timeout, and WriteError if the lock file
        cannot be written.
        """
        import filelock

        outermost = not self._lock.is_locked
        atomic_files.make_directory(self._path.parent, private=True)
        with atomic_files.reported_errors(self._path):
            try:
                self._lock.acquire(timeout=self._timeout)
            except filelock.Timeout:
                raise self.busy_error() from None
        try:
            if outermost:
                self._write_holder()
            yield outermost
        finally:
            self._lock.release()

    def busy_error(self) -> TryLaterError:
        """Return the error for data that another process is using."""
        holder = self._holder_suffix()
        if self._directory is None:
            return TryLaterError(_AT_WORK.format(holder=holder))
        return TryLaterError(_WRITING.format(holder=holder, directory=self._directory))

    def _write_holder(self) -> None:
        # The lock works without it, so a failure is ignored.
        with contextlib.suppress(OSError):
            self._holder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._holder.touch(atomic_files.PRIVATE)
            self._holder.write_text(str(os.getpid()), "ascii")

    def _holder_suffix(self) -> str:
        try:
            pid = self._holder.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return ""
        return f" (process {pid})" if pid.isdecimal() else ""
