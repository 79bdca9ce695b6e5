"""The SQLite file with the machine state: created privately, checked, moved away if damaged.

It holds only what the next run can restore from the application files and the
calendar. So a damaged file is not repaired: it is renamed, and the next run
starts with a new one.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from afterword.errors import StateError, TryLaterError, WriteError
from afterword.system import atomic_files
from afterword.system.file_lock import FileLock

SCHEMA_VERSION = 4
"""The version of the schema, in SQLite's user_version."""

_TIMEOUT = 10.0
_MOST_VALUES = 500
"""In a statement; SQLite has a limit, which was 999 for long."""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_SCHEMAS = (
    """
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
""",
    """
CREATE TABLE creation (
    calendar TEXT NOT NULL, uid TEXT NOT NULL, generation INTEGER NOT NULL,
    failures INTEGER NOT NULL, PRIMARY KEY (calendar, uid)
) WITHOUT ROWID;
CREATE TABLE look (url TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
""",
    """
CREATE TABLE refused_event (event TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE watched_event (event TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE busy_time (
    start TEXT NOT NULL, "end" TEXT NOT NULL, PRIMARY KEY (start, "end")
) WITHOUT ROWID;
""",
    """
CREATE TABLE event_text (
    application TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, texts TEXT NOT NULL
);
""",
)
"""The tables that each version of the schema added."""
_TABLES = [[sql.strip() for sql in schema.split(";") if sql.strip()] for schema in _SCHEMAS]


class _DamageError(Exception):
    """Raised for content that SQLite can read but afterword did not write."""


class Database:
    """An open state file, for use in a single thread; close it, or use it in a `with`.

    The methods raise the errors of the constructor, and TryLaterError if another
    process keeps the file busy for longer than the timeout.
    """

    def __init__(
        self,
        path: Path,
        *,
        timeout: float = _TIMEOUT,
        connection: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        """Open the file or create it, with mode 0600 and 0700 for its directory.

        `timeout` is how many seconds to wait for another process. Raises
        StateError if the file is damaged (it is renamed to `.bak` then) or was
        made by a newer afterword, and WriteError if it cannot be created, read
        or written.
        """
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock"), path.with_suffix(".pid"), timeout=timeout)
        with self._translated_errors():
            _create_private(path)
            self._connection = sqlite3.connect(
                path, timeout=timeout, isolation_level=None, factory=connection
            )
            try:
                self._prepare()
            except BaseException as error:
                self._connection.close()
                if _result_code(error) == sqlite3.SQLITE_ERROR:
                    # The statements are correct, so the error comes from the file.
                    raise _DamageError(error) from error
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; an open transaction is rolled back."""
        self._connection.close()

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with self._translated_errors():
            return self._connection.execute(sql, values).fetchall()

    def iter_rows(self, sql: str, values: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
        """Yield the rows of a query, without holding all of them in memory."""
        with self._translated_errors():
            # `yield from` would close the cursor when a caller stops early, which fails once the
            # file was closed as damaged.
            for row in self._connection.execute(sql, values):  # noqa: UP028
                yield row

    def rows_by_key(self, sql: str, keys: Sequence[object]) -> list[tuple[object, ...]]:
        """Return the rows for all keys of a query that ends with `IN`."""
        rows = list[tuple[object, ...]]()
        for start in range(0, len(keys), _MOST_VALUES):
            some = tuple(keys[start : start + _MOST_VALUES])
            rows += self.rows(f"{sql} ({','.join('?' * len(some))})", some)
        return rows

    def execute(self, sql: str, values: tuple[object, ...] = ()) -> None:
        """Execute a statement; call it within `transaction`."""
        with self._translated_errors():
            self._connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Execute a statement with the values of each row; call it within `transaction`."""
        with self._translated_errors():
            self._connection.executemany(sql, rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements of the block to disk at its end, or none of them.

        Within another transaction, the end of that one writes them to disk.
        """
        if self._connection.in_transaction:
            with self._savepoint():
                yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            raise

    @contextlib.contextmanager
    def _savepoint(self) -> Iterator[None]:
        self.execute("SAVEPOINT inner_transaction")
        try:
            yield
        except BaseException:
            self.execute("ROLLBACK TO inner_transaction")
            raise
        finally:
            self.execute("RELEASE inner_transaction")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes that use this lock out during the block.

        Raises TryLaterError, with the process id of the holder, after the timeout.
        """
        with self._lock.held():
            yield

    @contextlib.contextmanager
    def parsed(self) -> Iterator[None]:
        """Set the file aside as damaged if its values cannot be parsed in the block."""
        try:
            yield
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self.set_aside(error) from error

    def set_aside(self, cause: object) -> StateError:
        """Close and rename the damaged file and return the error to raise. Raises WriteError."""
        self.close()
        backup = self.path.with_name(self.path.name + ".bak")
        try:
            self.path.replace(backup)
            for ending in ("-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(
                f"The remembered state {self.path} is damaged ({cause}), and cannot be moved "
                f"away: {error}. Move it away yourself; it is not needed."
            ) from error
        return StateError(
            f"The state file {self.path} was damaged ({cause}); it was moved to {backup.name}. "
            "Nothing else was changed. Run the command again: it finds its events again.",
        )

    def _prepare(self) -> None:
        # A file system without shared memory falls back to the rollback journal, as safe as WAL.
        self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
        self._connection.execute("PRAGMA synchronous=FULL")
        # In KiB, small because no statement reads again what a large transaction has written.
        self._connection.execute("PRAGMA cache_size=-256")
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise StateError(
                f"The remembered state {self.path} was made by a newer afterword: "
                "update afterword, or move that file away."
            )
        if version < SCHEMA_VERSION:
            self._create_tables()
        (check,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if check != "ok":
            raise _DamageError(check)
        present = {sql for (sql,) in self._connection.execute("SELECT sql FROM sqlite_master")}
        if not present.issuperset(sql for tables in _TABLES for sql in tables):
            raise _DamageError("a table is missing")

    def _create_tables(self) -> None:
        with self.transaction():
            # Another process may have created them since.
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            for statement in (sql for tables in _TABLES[version:] for sql in tables):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")

    @contextlib.contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeError, _DamageError) as error:
            raise self._translate(error) from error

    def _translate(self, error: Exception) -> StateError | TryLaterError | WriteError:
        """Return the error to raise; only a file that is certainly damaged is set aside."""
        code = _result_code(error)
        if code in _BUSY:
            return self._lock.busy_error()
        # The sqlite3 module reports text that is not UTF-8 without a result code.
        undecodable = isinstance(error, sqlite3.OperationalError | UnicodeError) and not code
        if code in _DAMAGE or undecodable or isinstance(error, _DamageError):
            return self.set_aside(error)
        return WriteError(
            f"The remembered state {self.path} cannot be used: {error}. "
            "Is the disk full or read-only? What was there before is intact."
        )


def _result_code(error: BaseException) -> int:
    """Return the primary result code of an SQLite error, or 0 for other errors."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _create_private(path: Path) -> None:
    """Create the file if it is missing; SQLite gives its mode to the files beside it."""
    atomic_files.make_directory(path.parent, private=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, atomic_files.PRIVATE))
    except FileExistsError:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise StateError(
                f"{path} should be a file, but is none: move it away, and run the command again."
            ) from None
        if os.name == "posix" and mode & 0o077:
            path.chmod(atomic_files.PRIVATE)
