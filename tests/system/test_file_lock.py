"""The lock: held once, released with its block, and its holder named to those who wait."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from afterword.errors import TryLaterError, WriteError
from afterword.system.file_lock import FileLock


def lock(tmp_path: Path, *, directory: Path | None = None) -> FileLock:
    return FileLock(
        tmp_path / "data" / ".lock", tmp_path / "state" / "pid", timeout=0, directory=directory
    )


@pytest.mark.parametrize(
    ("directory", "holder", "message"),
    [
        pytest.param(
            None,
            None,
            f"Another afterword (process {os.getpid()}) is at work; try again when it is done.",
            id="state",
        ),
        pytest.param(
            Path("apps"),
            None,
            f"another afterword (process {os.getpid()}) is writing to apps; "
            "try again when it is done",
            id="directory",
        ),
        pytest.param(
            None, b"12x", "Another afterword is at work; try again when it is done.", id="no-pid"
        ),
        pytest.param(
            None, b"\xff", "Another afterword is at work; try again when it is done.", id="no-text"
        ),
    ],
)
def test_second_holder_gets_an_error_that_names_the_first(
    tmp_path: Path, directory: Path | None, holder: bytes | None, message: str
) -> None:
    second = lock(tmp_path, directory=directory)
    with lock(tmp_path).held():
        if holder is not None:
            (tmp_path / "state" / "pid").write_bytes(holder)
        with pytest.raises(TryLaterError) as caught, second.held():
            pytest.fail("both hold it")
    assert caught.value.message == message
    with second.held() as outermost:
        assert outermost


def test_nested_block_keeps_the_lock_until_the_outer_one_ends(tmp_path: Path) -> None:
    first, second = lock(tmp_path), lock(tmp_path)
    with first.held() as outer:
        with first.held() as inner:
            assert (outer, inner) == (True, False)
        with pytest.raises(TryLaterError), second.held():
            pytest.fail("both hold it")


def test_lock_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data" / ".lock").mkdir(parents=True)
    with pytest.raises(WriteError, match=r"\.lock"), lock(tmp_path).held():
        pytest.fail("held")


def test_holder_that_cannot_be_noted_holds_the_lock_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    second = lock(tmp_path)
    unnamed = pytest.raises(TryLaterError, match="Another afterword is at work")
    with lock(tmp_path).held(), unnamed, second.held():
        pytest.fail("both hold it")
