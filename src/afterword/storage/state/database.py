"""The SQLite file itself: made with private modes, checked, healed by setting it aside.

It holds only what can be found again, so damage is never repaired: the file is
kept under another name, and the next run starts from an empty one.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import filelock

from afterword.errors import StateError, TryLaterError, WriteError
from afterword.system import atomic_files

VERSION = 1
"""The schema's version, kept in SQLite's user_version."""

_PATIENCE = 10.0
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_SCHEMA = """
CREATE TABLE counter (
    uid TEXT PRIMARY KEY, sequence INTEGER NOT NULL, stamp TEXT NOT NULL, fingerprint TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE written (
    place TEXT NOT NULL, uid TEXT NOT NULL, sequence INTEGER NOT NULL, stamp TEXT NOT NULL,
    fingerprint TEXT NOT NULL, start TEXT NOT NULL, "end" TEXT NOT NULL, summary TEXT NOT NULL,
    categories TEXT NOT NULL, cancelled INTEGER NOT NULL,
    PRIMARY KEY (place, uid)
) WITHOUT ROWID;
CREATE TABLE calendar (url TEXT PRIMARY KEY, token TEXT, listing INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE resource (
    calendar TEXT NOT NULL, uid TEXT NOT NULL, value TEXT NOT NULL, body BLOB,
    PRIMARY KEY (calendar, uid)
) WITHOUT ROWID;
"""
_TABLES = [sql.strip() for sql in _SCHEMA.split(";") if sql.strip()]


class _DamageError(Exception):
    """Raised for what SQLite can read, but never was what is kept here."""


class Database:
    """One open state file. Used by one thread; close it, or use it in a `with`."""

    def __init__(
        self,
        path: Path,
        *,
        patience: float = _PATIENCE,
        connection: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        """Open the file, or make it, with modes 0600 and 0700 for its directory.

        `patience` is how long to wait for another process, in seconds. Raises
        StateError where the file is damaged (it is then kept as `.bak`) or made
        by a newer afterword, WriteError where it cannot be made, read or written.
        """
        self.path = path
        self._patience = patience
        with self._explained():
            _make_private(path)
            self._connection = sqlite3.connect(
                path, timeout=patience, isolation_level=None, factory=connection
            )
            try:
                self._prepare()
            except BaseException as error:
                self._connection.close()
                if _code(error) == sqlite3.SQLITE_ERROR:
                    # All that is said in it is right, so that it is the file.
                    raise _DamageError(error) from error
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was committed stays."""
        self._connection.close()

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with self._explained():
            return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, values: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
        """Yield the rows of a query, one after another."""
        with self._explained():
            yield from self._connection.execute(sql, values)

    def row_of_each(self, sql: str, keys: Iterable[object]) -> list[tuple[object, ...]]:
        """Return the rows of a query for one key, of every key."""
        with self._explained():
            return [row for key in keys for row in self._connection.execute(sql, (key,))]

    def run(self, sql: str, values: tuple[object, ...] = ()) -> None:
        """Run one statement, inside `transaction`."""
        with self._explained():
            self._connection.execute(sql, values)

    def run_for_each(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement with the values of each row, inside `transaction`."""
        with self._explained():
            self._connection.executemany(sql, rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements of the block, on disk when it ends, or none of them."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process out for the length of the block.

        The lock falls with its process, so there is nothing to clean up after a
        crash. Raises TryLaterError, with the holder's process id, after waiting.
        """
        holder = self.path.with_suffix(".pid")
        lock = filelock.FileLock(self.path.with_suffix(".lock"), mode=atomic_files.PRIVATE)
        try:
            lock.acquire(timeout=self._patience)
        except filelock.Timeout:
            raise TryLaterError(_busy(holder)) from None
        try:
            with contextlib.suppress(OSError):
                holder.write_text(str(os.getpid()), encoding="ascii")
            yield
        finally:
            lock.release()

    def damaged(self, cause: object) -> StateError:
        """Set the file aside and return what the person is told. Raises WriteError."""
        self.close()
        kept = self.path.with_name(self.path.name + ".bak")
        try:
            self.path.replace(kept)
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(
                f"The remembered state {self.path} is damaged ({cause}), and cannot be moved "
                f"away: {error}. Move it away yourself; it is not needed."
            ) from error
        return StateError(
            f"The remembered state {self.path} was damaged ({cause}); it is kept as {kept.name}. "
            "Nothing else was changed. Run the command again: it finds its events again.",
        )

    def _prepare(self) -> None:
        # A file system that cannot do it keeps the journal of old, which is as safe.
        self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
        self._connection.execute("PRAGMA synchronous=FULL")
        # In KiB: no statement reads twice what a large transaction has written.
        self._connection.execute("PRAGMA cache_size=-256")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StateError(
                f"The remembered state {self.path} was made by a newer afterword: "
                "update afterword, or move that file away."
            )
        if not version:
            self._create()
        (check,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if check != "ok":
            raise _DamageError(check)
        there = {sql for (sql,) in self._connection.execute("SELECT sql FROM sqlite_master")}
        if not there.issuperset(_TABLES):
            raise _DamageError("a table is missing")

    def _create(self) -> None:
        with self.transaction():
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version:
                return
            for statement in _TABLES:
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version={VERSION}")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, _DamageError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> StateError | TryLaterError | WriteError:
        """Return what the person is told; only a file that is damaged for certain is set aside."""
        code = _code(error)
        if code in _BUSY:
            return TryLaterError(_busy(self.path.with_suffix(".pid")))
        # Of a text that is none (no UTF-8), Python says so without a code.
        unreadable = isinstance(error, sqlite3.OperationalError) and not code
        if code in _DAMAGE or unreadable or isinstance(error, _DamageError):
            return self.damaged(error)
        return WriteError(
            f"The remembered state {self.path} cannot be used: {error}. "
            "Is the disk full or read-only? What was there before is intact."
        )


def _code(error: BaseException) -> int:
    """Return the primary result code of SQLite, 0 for what has none."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _busy(holder: Path) -> str:
    with contextlib.suppress(OSError, ValueError):
        return (
            f"Another afterword (process {int(holder.read_text(encoding='ascii'))}) is at work; "
            "try again when it is done."
        )
    return "Another afterword is at work; try again when it is done."


def _make_private(path: Path) -> None:
    """Make the file where there is none, so that SQLite's own files take its mode."""
    atomic_files.make_directory(path.parent, private=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, atomic_files.PRIVATE))
    except FileExistsError:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise StateError(
                f"{path} should be a file, but is none: move it away, and run the command again."
            ) from None
        if os.name == "posix" and found.st_mode & 0o077:
            path.chmod(atomic_files.PRIVATE)
