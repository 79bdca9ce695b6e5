"""Changes can be undone in reverse order, and an edit by hand is never lost."""

from __future__ import annotations

import itertools
from pathlib import Path

import attrs
import pytest

from afterword.domain.model import Application
from afterword.errors import ConflictError, UsageError
from afterword.storage.undo_history import UndoHistory
from afterword.system.atomic_files import DISK
from tests.storage.samples import ACME, KAROO, SENT, logged, names, note, store


def changed_three_times(tmp_path: Path) -> list[Application]:
    """Return the application after it was added, and after each of two changes."""
    first = store(tmp_path).add(KAROO)
    second = store(tmp_path).replace(first, logged(first, SENT))
    third = store(tmp_path).replace(second, attrs.evolve(second, role="Head clerk"))
    return [first, second, third]


def test_changes_are_taken_back_one_after_the_other(tmp_path: Path) -> None:
    first, second, _ = changed_three_times(tmp_path)
    assert store(tmp_path).undo("karoo-clerk") == second
    assert store(tmp_path).undo("karoo-clerk") == first
    assert store(tmp_path).undo("karoo-clerk") is None
    assert names(tmp_path / "data") == []
    assert list((tmp_path / "state" / "history").iterdir()) == []


def test_text_comes_back_as_it_was(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    path = tmp_path / "data" / "karoo-clerk.toml"
    by_hand = "# mine\r\n" + path.read_text().replace("\n", "\r\n")
    path.write_bytes(by_hand.encode())
    store(tmp_path).replace(KAROO, logged(KAROO, SENT))
    store(tmp_path).undo("karoo-clerk")
    assert path.read_bytes() == by_hand.encode()


def test_new_change_after_an_undo(tmp_path: Path) -> None:
    _, second, _ = changed_three_times(tmp_path)
    store(tmp_path).undo("karoo-clerk")
    store(tmp_path).replace(second, logged(second, note("new")))
    assert store(tmp_path).undo("karoo-clerk") == second


def test_each_application_has_its_own_changes(tmp_path: Path) -> None:
    changed_three_times(tmp_path)
    store(tmp_path).add(ACME)
    store(tmp_path).replace(ACME, logged(ACME, SENT))
    assert store(tmp_path).undo("karoo-clerk") != KAROO
    assert store(tmp_path).undo("acme-clerk") == ACME


def test_edit_by_hand_is_not_lost(tmp_path: Path) -> None:
    _, second, third = changed_three_times(tmp_path)
    path = tmp_path / "data" / "karoo-clerk.toml"
    by_hand = path.read_bytes() + b"# mine\n"
    path.write_bytes(by_hand)
    with pytest.raises(ConflictError, match="afterword edit karoo-clerk"):
        store(tmp_path).undo("karoo-clerk")
    assert path.read_bytes() == by_hand
    assert store(tmp_path).undo("karoo-clerk", force=True) == second
    assert store(tmp_path).undo("karoo-clerk") == third
    assert path.read_bytes() == by_hand


def test_edit_by_hand_between_two_changes_is_not_lost(tmp_path: Path) -> None:
    first = store(tmp_path).add(KAROO)
    path = tmp_path / "data" / "karoo-clerk.toml"
    by_hand = path.read_bytes() + b"# mine\n"
    path.write_bytes(by_hand)
    store(tmp_path).replace(first, logged(first, SENT))
    assert store(tmp_path).undo("karoo-clerk") == first
    assert path.read_bytes() == by_hand
    with pytest.raises(ConflictError):
        store(tmp_path).undo("karoo-clerk")
    assert path.read_bytes() == by_hand


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="deleted"),
        pytest.param(b"", id="empty"),
        pytest.param(b'{"version": 1, "changes": [{"bef', id="cut-off"),
        pytest.param(b'{"version": 2, "changes": [{"before": "", "after": ""}]}', id="newer"),
        pytest.param(b'{"version": 1, "changes": [{"before": 7, "after": ""}]}', id="other-types"),
        pytest.param(b"[1]", id="a-list"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b"\xff\xfe", id="no-text"),
    ],
)
def test_lost_history_only_means_that_nothing_can_be_taken_back(
    tmp_path: Path, content: bytes | None
) -> None:
    *_, third = changed_three_times(tmp_path)
    history = tmp_path / "state" / "history" / "karoo-clerk.json"
    if content is None:
        history.unlink()
    else:
        history.write_bytes(content)
    with pytest.raises(UsageError, match="there is no change of karoo-clerk to undo"):
        store(tmp_path).undo("karoo-clerk")
    assert store(tmp_path).find_application("karoo") == third
    store(tmp_path).replace(third, logged(third, note("on")))
    assert store(tmp_path).undo("karoo-clerk") == third


def test_history_has_an_end(tmp_path: Path) -> None:
    application = store(tmp_path).add(KAROO)
    for number in range(60):
        renamed = attrs.evolve(application, role=f"Clerk {number}")
        application = store(tmp_path).replace(application, renamed)
    for _ in range(50):
        store(tmp_path).undo("karoo-clerk")
    assert store(tmp_path).find_application("karoo").role == "Clerk 9"
    with pytest.raises(UsageError):
        store(tmp_path).undo("karoo-clerk")


def test_history_of_large_files_is_shorter(tmp_path: Path) -> None:
    history = UndoHistory(tmp_path, disk=DISK)
    contents = [bytes([letter]) * 400_000 for letter in b"abcd"]
    for before, after in itertools.pairwise(contents):
        history.record("large", before, after)
    assert [change.before for change in history.changes("large", contents[-1])] == contents[1:3]


def test_record_of_created_files_has_the_newest_batch_and_many_before(tmp_path: Path) -> None:
    history = UndoHistory(tmp_path / "history", disk=DISK)
    history.record_all({f"first-{number}": (None, b"x") for number in range(60_000)})
    assert len(history.created()) == 60_000
    history.record_all({"second": (None, b"y")})
    created = history.created()
    assert len(created) == 50_001
    assert {"second", "first-59999"} < created.keys()
