"""A write leaves the old or the new content of a file, and never replaces a foreign file."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from afterword.errors import InputError, WriteError
from afterword.system import atomic_files

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX's")


class Faults:
    """Counts the calls of a disk and makes the nth fail."""

    def __init__(self, nth: int, code: int = errno.ENOSPC) -> None:
        self.nth, self.code, self.calls = nth, code, 0

    def _wrap(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            self.calls += 1
            if self.calls == self.nth:
                raise OSError(self.code, os.strerror(self.code))
            return call(*args)

        return counted

    def disk(self) -> atomic_files.Disk:
        return atomic_files.Disk(
            open=self._wrap(os.open),
            write=self._wrap(os.write),
            sync=self._wrap(os.fsync),
            replace=self._wrap(os.replace),
            link=self._wrap(os.link),
            remove=self._wrap(os.unlink),
        )


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_writes_what_it_is_given(tmp_path: Path) -> None:
    target = tmp_path / "a.ics"
    atomic_files.write_atomically(target, [b"one\r\n", b"", b"two\r\n"])
    assert target.read_bytes() == b"one\r\ntwo\r\n"
    atomic_files.write_atomically(target, [])
    assert target.read_bytes() == b""
    assert names(tmp_path) == ["a.ics"]


def test_small_chunks_are_few_system_calls(tmp_path: Path) -> None:
    counted = Faults(nth=-1)
    atomic_files.write_atomically(
        tmp_path / "a", itertools.repeat(b"x" * 64, 100_000), disk=counted.disk()
    )
    assert (tmp_path / "a").stat().st_size == 6_400_000
    assert counted.calls < 100


def test_short_writes_are_gone_on_with(tmp_path: Path) -> None:
    disk = atomic_files.Disk(write=lambda descriptor, data: os.write(descriptor, data[:3]))
    atomic_files.write_atomically(tmp_path / "a", [b"abcdefghij"], disk=disk)
    assert (tmp_path / "a").read_bytes() == b"abcdefghij"


@pytest.mark.parametrize("old", [None, b"old"], ids=["new-file", "existing-file"])
def test_nth_failure_leaves_old_or_new(tmp_path: Path, old: bytes | None) -> None:
    target = tmp_path / "a.ics"
    messages = []
    for nth in itertools.count(1):
        target.unlink(missing_ok=True)
        if old is not None:
            target.write_bytes(old)
        faults = Faults(nth)
        try:
            atomic_files.write_atomically(target, [b"new"], disk=faults.disk())
        except WriteError as error:
            messages.append(error.message)
        if faults.calls < nth:
            break
        assert (target.read_bytes() if target.exists() else None) in (old, b"new")
        assert names(tmp_path) in ([], ["a.ics"])
    assert target.read_bytes() == b"new"
    assert len(messages) >= 4
    assert all(str(target) in line and "free some space" in line for line in messages)


def test_removal_that_fails_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(WriteError, match="read-only"):
        atomic_files.remove(tmp_path / "a", disk=Faults(1, errno.EROFS).disk())
    atomic_files.remove(tmp_path / "a")
    atomic_files.remove(tmp_path / "a")
    assert names(tmp_path) == []


def test_directories_that_cannot_be_synced_are_no_failure(tmp_path: Path) -> None:
    def sync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no")

    atomic_files.write_atomically(tmp_path / "a", [b"x"], disk=atomic_files.Disk(sync=sync))
    assert (tmp_path / "a").read_bytes() == b"x"


@pytest.mark.parametrize("error", [RuntimeError(), KeyboardInterrupt(), InputError("bad")])
def test_what_the_chunks_raise_passes_and_nothing_is_written(
    tmp_path: Path, error: BaseException
) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise error

    with pytest.raises(type(error)):
        atomic_files.write_atomically(tmp_path / "a", chunks())
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


KILLED = """
import os, pathlib, signal, sys
from afterword.system import atomic_files
def chunks():
    yield b"n" * 1_000_000
    os.kill(os.getpid(), signal.SIGKILL)
    yield b"never"
atomic_files.write_atomically(pathlib.Path(sys.argv[1]), chunks())
"""


@posix
def test_killed_in_the_middle(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    assert target.read_bytes() == b"old"
    assert len(names(tmp_path)) == 2
    atomic_files.remove_leftovers(tmp_path)
    assert names(tmp_path) == ["a"]


def aged(path: Path, hours: float) -> None:
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))


@posix
def test_what_killed_writes_of_the_same_files_left_goes_once_it_is_old(tmp_path: Path) -> None:
    old = {"a.ics", "b.ics", ".afterword-0123456789abcdef.tmp", ".afterword-x.txt"}
    for name in old:
        (tmp_path / name).touch()
    for target in ("a.ics", "a.ics", "b.ics"):
        subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / target)], check=False)
    left = {tmp_path / name for name in names(tmp_path)} - {tmp_path / name for name in old}
    assert len(left) == 3

    atomic_files.remove_old_leftovers(tmp_path, ["a.ics"])
    assert len(names(tmp_path)) == len(old) + 3
    for path in (*left, *tmp_path.glob(".afterword-*")):
        aged(path, hours=2)
    atomic_files.remove_old_leftovers(tmp_path, ["a.ics"])
    assert len(names(tmp_path)) == len(old) + 1

    atomic_files.remove_old_leftovers(tmp_path, ["b.ics", "never-written.ics"])
    assert set(names(tmp_path)) == old


DURABLE = """
import os, pathlib, sys

calls = []

def recorded(name, call, show):
    def record(*args):
        calls.append(f"{name} {show(*args)}")
        return call(*args)
    return record

os.fsync = recorded("sync", os.fsync, lambda descriptor: os.fstat(descriptor).st_ino)
os.replace = recorded("replace", os.replace, lambda old, new: os.stat(old).st_ino)
os.unlink = recorded("remove", os.unlink, lambda path: os.stat(path).st_ino)
from afterword.system import atomic_files

target = pathlib.Path(sys.argv[1])
ACTION
print(*calls, sep="\\n")
"""


def calls_for(action: str, target: Path) -> list[str]:
    """Run an action in a process that records its system calls, each with the inode."""
    program = DURABLE.replace("ACTION", action)
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)], check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


@posix
@pytest.mark.parametrize("old", [None, b"old"], ids=["new-file", "existing-file"])
def test_content_reaches_the_disk_before_its_name_and_then_the_name(
    tmp_path: Path, old: bytes | None
) -> None:
    target = tmp_path / "a"
    if old is not None:
        target.write_bytes(old)
    calls = calls_for('atomic_files.write_atomically(target, [b"new"])', target)
    file, directory = target.stat().st_ino, tmp_path.stat().st_ino
    assert calls == [f"sync {file}", f"replace {file}", f"sync {directory}"]


@pytest.mark.skipif(sys.platform != "linux", reason="only there is the advice given")
def test_the_disk_works_on_a_whole_group_before_the_first_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def advise(*_: int) -> None:
        calls.append("advice")
        raise OSError(errno.EINVAL, "a file system that takes no advice")

    monkeypatch.setattr(os, "posix_fadvise", advise)
    disk = atomic_files.Disk(sync=lambda _: calls.append("wait"))
    contents = [(tmp_path / name, name.encode()) for name in "abc"]

    assert list(atomic_files.write_all(contents, disk=disk)) == [path for path, _ in contents]

    assert [path.read_bytes() for path, _ in contents] == [b"a", b"b", b"c"]
    assert calls == [*["advice"] * 3, *["wait"] * 3, "wait"]  # the last one for the directory


@posix
def test_a_removal_reaches_the_disk(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.touch()
    file, directory = target.stat().st_ino, tmp_path.stat().st_ino
    assert calls_for("atomic_files.remove(target)", target) == [
        f"remove {file}",
        f"sync {directory}",
    ]


LIMITED = """
import pathlib, resource, sys
from afterword import errors
from afterword.system import atomic_files
resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
try:
    atomic_files.write_atomically(pathlib.Path(sys.argv[1]), [b"n" * 100])
except errors.WriteError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@posix
def test_file_size_limit_of_the_system(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(target)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 73, done.stderr
    assert "larger than files may be" in done.stdout
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@posix
@pytest.mark.parametrize(
    ("umask", "mode", "before", "after"),
    [
        pytest.param(0o022, atomic_files.SHARED, None, 0o644, id="shared"),
        pytest.param(0o077, atomic_files.SHARED, None, 0o600, id="shared-under-a-strict-umask"),
        pytest.param(0o000, atomic_files.PRIVATE, None, 0o600, id="private"),
        pytest.param(0o022, atomic_files.SHARED, 0o600, 0o600, id="narrowed-by-its-owner"),
        pytest.param(0o022, atomic_files.PRIVATE, 0o644, 0o600, id="private-once-open"),
    ],
)
def test_modes(tmp_path: Path, umask: int, mode: int, before: int | None, after: int) -> None:
    target = tmp_path / "a"
    if before is not None:
        target.touch()
        target.chmod(before)
    former = os.umask(umask)
    try:
        atomic_files.write_atomically(target, [b"x"], mode=mode)
    finally:
        os.umask(former)
    assert stat.S_IMODE(target.stat().st_mode) == after


@posix
def test_links_are_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "link").symlink_to("precious")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("link", "dangling"):
        with pytest.raises(WriteError, match="symbolic link"):
            atomic_files.write_atomically(tmp_path / name, [b"x"])
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert names(tmp_path) == ["dangling", "link", "precious"]


@posix
def test_only_plain_files_are_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WriteError, match="not a plain file"):
        atomic_files.write_atomically(tmp_path / "pipe", [b"x"])
    with pytest.raises(WriteError, match="not a plain file"):
        atomic_files.write_atomically(Path(os.devnull), [b"x"])


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("missing/a", "its directory does not exist", id="no-directory"),
        pytest.param("file/a", "not a directory", id="under-a-file"),
        pytest.param("directory", "a directory has that name", id="a-directory"),
        pytest.param("n" * 300, "the name is too long", id="long-name"),
    ],
)
def test_places_that_cannot_be_written(tmp_path: Path, path: str, message: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "directory").mkdir()
    with pytest.raises(WriteError, match=message) as caught:
        atomic_files.write_atomically(tmp_path / path, [b"x"])
    assert caught.value.exit_code == 73


def test_what_is_not_ours_is_left(tmp_path: Path) -> None:
    target = tmp_path / "a.ics"
    target.write_bytes(b"mine" + b"x" * 5000)
    asked: list[bytes] = []

    def ours(head: bytes) -> bool:
        asked.append(head)
        return False

    with pytest.raises(WriteError, match="--force"):
        atomic_files.write_atomically(target, [b"new"], ours=ours)
    assert target.read_bytes().startswith(b"minex")
    assert asked == [b"mine" + b"x" * 4092]
    atomic_files.write_atomically(target, [b"new"], ours=lambda head: head.startswith(b"mine"))
    assert target.read_bytes() == b"new"
    atomic_files.write_atomically(tmp_path / "b.ics", [b"new"], ours=ours)
    assert len(asked) == 1


@posix
def test_directories(tmp_path: Path) -> None:
    atomic_files.make_directory(tmp_path / "a" / "b", private=True)
    atomic_files.make_directory(tmp_path / "a" / "b", private=True)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(WriteError, match="not a directory"):
            atomic_files.make_directory(path)


def test_directory_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    before = tmp_path.stat().st_mode
    atomic_files.make_directory(tmp_path, private=True)
    assert tmp_path.stat().st_mode == before


def test_reading(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert atomic_files.read_file(tmp_path / "a", at_most=5) == b"12345"
    with pytest.raises(InputError, match="larger than 4 bytes"):
        atomic_files.read_file(tmp_path / "a", at_most=4)
    with pytest.raises(InputError, match="no such file"):
        atomic_files.read_file(tmp_path / "b", at_most=4)
    with pytest.raises(InputError, match="cannot read"):
        atomic_files.read_file(tmp_path, at_most=4)
