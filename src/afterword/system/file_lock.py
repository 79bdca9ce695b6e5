"""One writer at a time in a directory of facts."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import filelock

from afterword.errors import TryLaterError
from afterword.system import atomic_files


class FileLock:
    """The lock of a directory, kept by the system: it ends with its process, however that ends."""

    def __init__(self, data: Path, state: Path, *, wait: float) -> None:
        self._data = data
        self._holder = state / "holder"
        self._wait = wait
        self._file = filelock.FileLock(data / ".lock", mode=atomic_files.PRIVATE)

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock; yield whether it was not held by this store already.

        Raises TryLaterError, and WriteError where nothing can be written.
        """
        first = not self._file.is_locked
        atomic_files.make_directory(self._data, private=True)
        with self._acquired():
            if first:
                self._sign()
            yield first

    @contextlib.contextmanager
    def _acquired(self) -> Iterator[None]:
        with atomic_files.reported_errors(self._data / ".lock"):
            try:
                self._file.acquire(timeout=self._wait)
            except filelock.Timeout:
                raise TryLaterError(
                    f"another afterword{self._holders_name()} is writing to {self._data}; "
                    "try again when it is done"
                ) from None
        try:
            yield
        finally:
            self._file.release()

    def _sign(self) -> None:
        # Only to name the holder in a message, so it may fail.
        with contextlib.suppress(OSError):
            self._holder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._holder.touch(atomic_files.PRIVATE)
            self._holder.write_text(str(os.getpid()), "ascii")

    def _holders_name(self) -> str:
        try:
            pid = self._holder.read_text("ascii")
        except (OSError, UnicodeDecodeError):
            return ""
        return f" (process {pid})" if pid.isdecimal() else ""
