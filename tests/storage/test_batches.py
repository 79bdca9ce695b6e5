"""Changes that are saved together: all or none of them, and undone together or one by one."""

from __future__ import annotations

import itertools
from pathlib import Path

import attrs
import pytest

from afterword.domain.model import Application
from afterword.errors import ConflictError, UsageError, WriteError
from tests.storage.samples import ACME, KAROO, SENT, logged, names, store
from tests.system.test_atomic_files import Faults

NEW = (ACME, attrs.evolve(ACME, id="birch-clerk", company="Birch"))
CHANGED = logged(KAROO, SENT)


def stored(tmp_path: Path) -> tuple[Application, ...]:
    loaded = store(tmp_path).applications()
    assert loaded.damaged == ()
    return loaded.applications


def saved_together(tmp_path: Path) -> None:
    """Store an application; then change it and add two in a batch."""
    store(tmp_path).add(KAROO)
    store(tmp_path).save_all([(KAROO, CHANGED), *((None, each) for each in NEW)])
    assert stored(tmp_path) == (*NEW, CHANGED)


def test_a_batch_is_undone_together(tmp_path: Path) -> None:
    saved_together(tmp_path)
    undone = dict(store(tmp_path).undo_batch())
    assert undone == {"acme-clerk": None, "birch-clerk": None, "karoo-clerk": KAROO}
    assert stored(tmp_path) == (KAROO,)
    with pytest.raises(UsageError):
        store(tmp_path).undo_batch()


def test_each_change_of_a_batch_can_be_undone_alone(tmp_path: Path) -> None:
    saved_together(tmp_path)
    assert store(tmp_path).undo("birch-clerk") is None
    assert store(tmp_path).undo("karoo-clerk") == KAROO
    assert stored(tmp_path) == (ACME, KAROO)


def test_a_later_batch_leaves_the_first_to_be_undone_alone(tmp_path: Path) -> None:
    saved_together(tmp_path)
    later = attrs.evolve(ACME, id="cedar-clerk", company="Cedar")
    store(tmp_path).save_all([(None, later)])
    assert dict(store(tmp_path).undo_batch()) == {"cedar-clerk": None}
    assert store(tmp_path).undo("acme-clerk") is None
    assert stored(tmp_path) == (NEW[1], CHANGED)


def test_changes_after_a_batch_are_undone_before_it(tmp_path: Path) -> None:
    saved_together(tmp_path)
    store(tmp_path).replace(ACME, logged(ACME, SENT))
    with pytest.raises(ConflictError):
        store(tmp_path).undo_batch()
    assert store(tmp_path).undo("acme-clerk") == ACME
    assert store(tmp_path).undo("acme-clerk") is None


def test_what_was_edited_by_hand_after_a_batch_stays(tmp_path: Path) -> None:
    saved_together(tmp_path)
    path = tmp_path / "data" / "acme-clerk.toml"
    by_hand = path.read_bytes() + b"# mine\n"
    path.write_bytes(by_hand)
    with pytest.raises(ConflictError, match="was edited since the last change"):
        store(tmp_path).undo("acme-clerk")
    store(tmp_path).undo_batch(force=True)
    assert path.read_bytes() == by_hand
    assert names(tmp_path / "data") == ["acme-clerk.toml", "karoo-clerk.toml"]


def test_by_force_it_goes_and_a_later_file_of_that_name_has_no_history(tmp_path: Path) -> None:
    saved_together(tmp_path)
    path = tmp_path / "data" / "acme-clerk.toml"
    by_hand = path.read_bytes() + b"# mine\n"
    path.write_bytes(by_hand)
    assert store(tmp_path).undo("acme-clerk", force=True) is None
    assert not path.exists()
    path.write_bytes(by_hand)  # as somebody else writes one of that name
    with pytest.raises(UsageError, match="no change"):
        store(tmp_path).undo("acme-clerk", force=True)


def test_an_application_has_no_history_of_one_that_was_deleted(tmp_path: Path) -> None:
    saved_together(tmp_path)
    (tmp_path / "data" / "karoo-clerk.toml").unlink()
    store(tmp_path).forget("acme-clerk")
    assert "acme" not in (tmp_path / "state" / "created.json").read_text()
    store(tmp_path).save_all([(None, KAROO)])
    store(tmp_path).add(ACME)
    for id in ("karoo-clerk", "acme-clerk"):
        assert store(tmp_path).undo(id) is None
    assert stored(tmp_path) == (NEW[1],)


def test_nth_failure_leaves_all_or_none_of_a_batch(tmp_path: Path) -> None:
    changes = [(KAROO, CHANGED), *((None, each) for each in NEW)]
    for nth in itertools.count(1):
        home = tmp_path / str(nth)
        store(home).add(KAROO)
        faults = Faults(nth)
        failed = False
        try:
            store(home, disk=faults.disk()).save_all(changes)
        except WriteError:
            failed = True
        after = stored(home)
        assert after == (*NEW, CHANGED) or (failed and after == (KAROO,))
        assert all(name.endswith(".toml") for name in names(home / "data"))
        if faults.calls < nth:
            break
        if after == (KAROO,):
            store(home).save_all(changes)
        assert [store(home).undo(each.id) for each in stored(home)] == [None, None, KAROO]
    assert nth > 15
