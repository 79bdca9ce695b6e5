"""The state file is private, moved away if damaged, and locked by a single process."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from afterword.errors import AfterwordError, ExitCode, StateError, TryLaterError, WriteError
from afterword.storage.state.database import SCHEMA_VERSION, Database
from tests.storage.samples import KAROO, store
from tests.storage.state.failing import Fault

posix = pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state.sqlite"


def put(database: Database, token: str) -> None:
    with database.transaction():
        database.execute("INSERT OR REPLACE INTO calendar VALUES ('c', ?, 0)", (token,))


def token(database: Database) -> list[tuple[object, ...]]:
    return database.rows("SELECT token FROM calendar")


def read(path: Path, fault: Fault) -> list[tuple[object, ...]]:
    with Database(path, connection=fault.connection()) as database:
        return token(database)


def fail_after(database: Database, statement: str) -> None:
    with database.transaction():
        database.execute(statement)
        raise LookupError


def test_what_was_committed_is_there_the_next_time(path: Path) -> None:
    with Database(path) as database:
        put(database, "t1")
    with Database(path) as database:
        assert token(database) == [("t1",)]


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    with Database(path) as database:
        put(database, "t1")
        with pytest.raises(LookupError):
            fail_after(database, "DELETE FROM calendar")
        assert token(database) == [("t1",)]


def test_a_commit_waits_for_the_disk(path: Path) -> None:
    full = 2
    with Database(path) as database:
        assert database.rows("PRAGMA synchronous") == [(full,)]
    with Database(path) as database:
        assert database.rows("PRAGMA synchronous") == [(full,)]


@posix
def test_nobody_else_can_read_it(path: Path) -> None:
    umask = os.umask(0)
    try:
        with Database(path) as database:
            put(database, "t1")
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(umask)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@posix
def test_loose_modes_are_tightened(path: Path) -> None:
    Database(path).close()
    path.chmod(0o644)
    Database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def filled(path: Path) -> bytes:
    with Database(path) as database:
        for number in range(200):
            with database.transaction():
                values = (f"https://cal.example/{number}", "t" * 200)
                database.execute("INSERT INTO calendar VALUES (?, ?, 0)", values)
    return path.read_bytes()


def open_error(path: Path) -> str:
    """Open and read the file; return the message of its StateError, or ""."""
    try:
        with Database(path) as database:
            database.rows("SELECT * FROM calendar")
    except StateError as error:
        return error.message
    return ""


def test_a_file_cut_short_is_set_aside_and_the_next_run_goes_on(path: Path) -> None:
    whole = filled(path)
    reported = 0
    for size in {*range(1, len(whole), 1021), 16, 100, 4095, 4096, len(whole) - 1}:
        path.write_bytes(whole[:size])
        message = open_error(path)
        reported += bool(message)
        if message:
            assert str(path) in message
            assert "Run the command again" in message
            assert path.with_name("state.sqlite.bak").read_bytes() == whole[:size]
        assert open_error(path) == ""
    assert reported > 10


def test_flipped_bytes_never_end_in_anything_but_our_own_message(path: Path) -> None:
    whole = filled(path)
    for number in range(40):
        broken = bytearray(whole)
        for flip in range(20):
            dice = int.from_bytes(hashlib.sha256(bytes((number, flip))).digest()[:4])
            broken[dice % len(broken)] ^= dice >> 24 | 1
        path.write_bytes(broken)
        open_error(path)
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("after_opening", [True, False], ids=["while open", "at once"])
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SQLITE_FULL", WriteError),
        ("SQLITE_IOERR", WriteError),
        ("SQLITE_READONLY", WriteError),
        ("SQLITE_NOMEM", WriteError),
        ("SQLITE_INTERRUPT", WriteError),
        ("SQLITE_CONSTRAINT", WriteError),
        ("SQLITE_AUTH", WriteError),
        ("SQLITE_BUSY", TryLaterError),
        ("SQLITE_LOCKED", TryLaterError),
        ("SQLITE_PROTOCOL", TryLaterError),
        ("SQLITE_CORRUPT", StateError),
        ("SQLITE_NOTADB", StateError),
    ],
)
def test_only_a_damaged_file_is_set_aside(
    path: Path, code: str, kind: type[AfterwordError], after_opening: bool
) -> None:
    with Database(path) as database:
        put(database, "t1")
    opening = Fault(code)
    Database(path, connection=opening.connection()).close()
    fault = Fault(code, at=opening.seen + 1 if after_opening else 1)
    with pytest.raises(kind) as caught:
        read(path, fault)
    with Database(path) as database:
        assert token(database) == ([] if kind is StateError else [("t1",)])
    assert path.with_name("state.sqlite.bak").exists() == (kind is StateError)
    if kind is not TryLaterError:
        assert code in caught.value.message


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE resource",
        "ALTER TABLE resource RENAME COLUMN body TO corpse",
        "UPDATE calendar SET token = CAST(x'ff' AS TEXT)",
    ],
)
def test_what_can_be_read_but_makes_no_sense_is_set_aside(path: Path, statement: str) -> None:
    with Database(path) as database:
        put(database, "t1")
        with database.transaction():
            database.execute(statement)
    assert "was damaged" in open_error(path)
    assert open_error(path) == ""


@posix
def test_a_damaged_file_that_cannot_be_moved_is_told(path: Path) -> None:
    Database(path).close()
    path.write_bytes(b"nonsense" * 1000)
    path.with_name("state.sqlite.bak").mkdir()
    with pytest.raises(WriteError, match="cannot be moved"):
        Database(path)


def test_a_newer_schema_is_left_alone(path: Path) -> None:
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StateError, match="newer afterword"):
        Database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("version", "later"),
    [
        (1, ["creation", "look", "refused_event", "watched_event", "busy_time", "event_text"]),
        (2, ["refused_event", "watched_event", "busy_time", "event_text"]),
        (3, ["event_text"]),
    ],
)
def test_a_state_of_an_earlier_version_is_read_and_extended(
    path: Path, version: int, later: list[str]
) -> None:
    """Its tables stay, and what they hold."""
    Database(path).close()
    with sqlite3.connect(path) as connection:
        for table in later:
            connection.execute(f"DROP TABLE {table}")
        connection.execute(f"PRAGMA user_version={version}")
        connection.execute("INSERT INTO calendar VALUES ('c', 't1', 0)")
    connection.close()
    for _ in range(2):
        with Database(path) as database:
            assert database.rows("SELECT token FROM calendar") == [("t1",)]
            assert database.rows("SELECT * FROM creation") == []
            assert database.rows("PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert not path.with_name("state.sqlite.bak").exists()


def test_a_directory_in_its_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(AfterwordError, match="should be a file") as caught:
        Database(path)
    assert str(path) in caught.value.message


@posix
def test_a_pipe_in_its_place_does_not_hang(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(StateError, match="should be a file"):
        Database(path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError) as caught:
        Database(tmp_path / "file" / "state.sqlite")
    assert caught.value.exit_code is ExitCode.CANNOT_WRITE


HOLD = """
import sys
from pathlib import Path
from afterword.storage.state.database import Database
with Database(Path(sys.argv[1])) as database, database.locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_who_holds_it_and_a_dead_one_holds_nothing(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with Database(path, timeout=0.0) as database:
            with pytest.raises(TryLaterError, match=f"process {other.pid}"), database.locked():
                pytest.fail("both hold it")
            other.kill()
            other.wait()
            with database.locked():
                put(database, "mine")
            assert token(database) == [("mine",)]


def test_a_writer_that_waits_too_long_is_asked_to_come_back(path: Path) -> None:
    with (
        Database(path) as first,
        Database(path, timeout=0.0) as second,
        first.transaction(),
        pytest.raises(TryLaterError),
    ):
        put(second, "t")


def test_applications_can_be_changed_while_the_state_is_locked(tmp_path: Path) -> None:
    with Database(tmp_path / "state" / "state.sqlite") as database, database.locked():
        store(tmp_path, wait=0).add(KAROO)
    assert store(tmp_path).applications().applications == (KAROO,)
