"""Interrupted and concurrent writes leave the old or the new content, and lose nothing."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from afterword.domain.model import Application
from afterword.errors import ExitCode, TryLaterError, UsageError, WriteError
from afterword.storage.repository import ApplicationRepository
from tests.storage.samples import ACME, KAROO, SENT, logged, names, note, store
from tests.system.test_atomic_files import Faults

posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")

BEFORE = logged(KAROO, SENT)
AFTER = logged(BEFORE, note("new"))


def _add(repository: ApplicationRepository) -> object:
    return repository.add(ACME)


def _replace(repository: ApplicationRepository) -> object:
    return repository.replace(BEFORE, AFTER)


def _undo(repository: ApplicationRepository) -> object:
    return repository.undo("karoo-clerk")


def _forget(repository: ApplicationRepository) -> None:
    repository.forget("karoo-clerk")


def _edit(repository: ApplicationRepository) -> object:
    path = repository.locate("karoo-clerk")
    old = path.read_bytes()
    return repository.replace_text(path, old, old.replace(b"Analytics", b"Limited"))


def _import(repository: ApplicationRepository) -> object:
    return repository.save_all([(BEFORE, AFTER), (None, ACME)])


RENAMED = attrs.evolve(BEFORE, company="Karoo Limited")


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        pytest.param(_add, (ACME, BEFORE), id="add"),
        pytest.param(_replace, (AFTER,), id="replace"),
        pytest.param(_undo, (KAROO,), id="undo"),
        pytest.param(_forget, (), id="forget"),
        pytest.param(_edit, (RENAMED,), id="edit"),
        pytest.param(_import, (ACME, AFTER), id="import"),
    ],
)
def test_nth_failure_leaves_old_or_new_and_the_next_run_goes_on(
    tmp_path: Path,
    operation: Callable[[ApplicationRepository], object],
    after: tuple[Application, ...],
) -> None:
    for nth in itertools.count(1):
        home = tmp_path / str(nth)
        store(home).add(KAROO)
        store(home).replace(KAROO, BEFORE)
        faults = Faults(nth)
        failed = False
        try:
            operation(store(home, disk=faults.disk()))
        except WriteError:
            failed = True
        shelf = store(home).applications()
        assert shelf.damaged == ()
        assert shelf.applications in ((BEFORE,), after)
        if not failed:
            assert shelf.applications == after
        if faults.calls < nth:
            break
        if shelf.applications == (BEFORE,):
            operation(store(home))
        assert store(home).applications().applications == after
        assert all(name.endswith(".toml") for name in names(home / "data"))
    assert nth > 3


def test_undo_after_a_change_that_failed_takes_back_the_one_before(tmp_path: Path) -> None:
    for nth in itertools.count(1):
        home = tmp_path / str(nth)
        store(home).add(KAROO)
        store(home).replace(KAROO, BEFORE)
        faults = Faults(nth)
        with contextlib.suppress(WriteError):
            _replace(store(home, disk=faults.disk()))
        (loaded,) = store(home).applications().applications
        assert store(home).undo("karoo-clerk") == (BEFORE if loaded == AFTER else KAROO)
        if faults.calls < nth:
            break
    assert nth > 3


KILLED = """
import itertools, os, pathlib, signal, sys
from afterword.system import atomic_files
from tests.storage import samples, test_interruptions
from tests.storage.test_interruptions import BEFORE

class Killer:
    def __init__(self, nth):
        self.nth, self.calls = nth, 0
    def __call__(self, call):
        def counted(*args):
            self.calls += 1
            if self.calls == self.nth:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args)
        return counted

for nth in itertools.count(1):
    home = pathlib.Path(sys.argv[1], str(nth))
    samples.store(home).add(samples.KAROO)
    samples.store(home).replace(samples.KAROO, BEFORE)
    child = os.fork()
    if child == 0:
        k = Killer(nth)
        disk = atomic_files.Disk(
            open=k(os.open), write=k(os.write), sync=k(os.fsync),
            replace=k(os.replace), remove=k(os.unlink),
        )
        getattr(test_interruptions, sys.argv[2])(samples.store(home, disk=disk))
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


def killed_at_each_step(tmp_path: Path, operation: str) -> list[Path]:
    """Return the homes in which an operation was killed at its first step, its second and so on."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED, str(tmp_path), operation]
    subprocess.run(command, check=True, cwd=root, timeout=120)
    return sorted(tmp_path.iterdir(), key=lambda home: int(home.name))


@posix
def test_killed_at_any_moment_leaves_old_or_new_and_the_next_run_goes_on(tmp_path: Path) -> None:
    homes = killed_at_each_step(tmp_path, _replace.__name__)
    loaded = [store(home).applications() for home in homes]
    assert len(homes) > 8
    assert {shelf.damaged for shelf in loaded} == {()}
    assert {shelf.applications for shelf in loaded} == {(BEFORE,), (AFTER,)}
    for home, shelf in zip(homes, loaded, strict=True):
        if shelf.applications == (BEFORE,):
            _replace(store(home, wait=1))
        assert store(home).undo("karoo-clerk") == BEFORE
        assert store(home).undo("karoo-clerk") == KAROO
        assert names(home / "data") == ["karoo-clerk.toml"]


@posix
def test_killed_import_leaves_each_file_old_or_new_and_can_be_undone(tmp_path: Path) -> None:
    homes = killed_at_each_step(tmp_path, _import.__name__)
    loaded = [store(home).applications() for home in homes]
    assert {shelf.damaged for shelf in loaded} == {()}
    assert {shelf.applications for shelf in loaded} == {(BEFORE,), (AFTER,), (ACME, AFTER)}
    for home, shelf in zip(homes, loaded, strict=True):
        if AFTER in shelf.applications:
            assert store(home, wait=1).undo("karoo-clerk") == BEFORE
        if ACME in shelf.applications:
            assert store(home).undo("acme-clerk") is None
        _import(store(home))
        assert names(home / "data") == ["acme-clerk.toml", "karoo-clerk.toml"]
        assert dict(store(home).undo_batch()) == {"acme-clerk": None, "karoo-clerk": BEFORE}


APPENDS = """
import datetime, pathlib, sys
import attrs
from afterword.domain.model import LogEntry
from afterword.storage.repository import ApplicationRepository
home = pathlib.Path(sys.argv[1])
store = ApplicationRepository(home / "data", home / "state", wait=60)
for number in range(int(sys.argv[3])):
    before = store.find_application("karoo-clerk")
    entry = LogEntry(at=datetime.date(2026, 12, 1), note=f"{sys.argv[2]} {number}")
    store.replace(before, attrs.evolve(before, log=(*before.log, entry)))
    store.add(attrs.evolve(before, id="both"))
"""


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    store(tmp_path).add(KAROO)
    writers = [
        subprocess.Popen([sys.executable, "-c", APPENDS, str(tmp_path), name, "8"])
        for name in ("a", "b")
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    log = store(tmp_path).find_application("karoo-clerk").log
    for name in ("a", "b"):
        mine = [entry.note for entry in log if entry.note and entry.note.startswith(name)]
        assert mine == [f"{name} {number}" for number in range(8)]
    shelf = store(tmp_path).applications()
    assert len(log) == 16
    assert len(shelf.applications) == 17
    assert shelf.damaged == ()


HOLDS = """
import pathlib, sys
from afterword.storage.repository import ApplicationRepository
home = pathlib.Path(sys.argv[1])
with ApplicationRepository(home / "data", home / "state").locked():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_store_that_is_held_is_waited_for_and_then_said(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(TryLaterError) as caught:
            store(tmp_path, wait=0.1).add(KAROO)
        assert caught.value.exit_code is ExitCode.TRY_LATER
        assert f"another afterword (process {process.pid}) is writing" in caught.value.message
        assert store(tmp_path).applications().applications == ()


def test_holder_that_is_not_known_is_not_named(tmp_path: Path) -> None:
    with holder(tmp_path):
        (tmp_path / "state" / "holder").write_bytes(b"\xff")
        with pytest.raises(TryLaterError, match="another afterword is writing"):
            store(tmp_path, wait=0.1).add(KAROO)


@posix
def test_holder_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.kill()
        process.wait()
        store(tmp_path, wait=5).add(KAROO)
    assert store(tmp_path).applications().applications == (KAROO,)


def test_lock_may_be_nested(tmp_path: Path) -> None:
    repository = store(tmp_path, wait=0.1)
    with repository.locked():
        repository.add(KAROO)
        repository.replace(KAROO, BEFORE)
        with pytest.raises(TryLaterError):
            store(tmp_path, wait=0.1).add(ACME)
    with pytest.raises(UsageError):
        repository.find_application("acme")
    store(tmp_path, wait=0.1).add(ACME)
