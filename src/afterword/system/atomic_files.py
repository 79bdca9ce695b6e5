"""Files, read whole and replaced whole, and the directories that hold them.

Whatever fails and whenever, a name stands for its old content or its new one:
a write goes to a temporary file beside its target, reaches the disk, and only
then takes the name. Nothing is written through a symbolic link, and nothing
but a plain file is replaced. The words for an error of the operating system
are here too.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs

from afterword.domain.sanitize import for_terminal
from afterword.errors import InputError, WriteError

SHARED = 0o666
"""The mode of files that are made for others to open; the umask narrows it."""
PRIVATE = 0o600
"""The mode of files that only their owner may read."""

# Both flags are missing where they mean nothing: text mode is Windows', links are not.
_NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
)
_TEMPORARY = (".afterword-", ".tmp")
_HOUR = 3600
_BLOCK = 1 << 18
_FIRST = 1 << 14
_HEAD = 4096
_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and run it again",
    errno.EDQUOT: "your quota is used up; free some space and run it again",
    errno.EFBIG: "it would be larger than files may be here; choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.EACCES: "permission denied; choose another place, or close the program that has it open",
    errno.EPERM: "the system does not permit it; choose another place",
    errno.ENOENT: "its directory does not exist; make it first, or choose another place",
    errno.ENOTDIR: "part of its path is not a directory; choose another place",
    errno.EISDIR: "a directory has that name; choose another one",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "its symbolic links lead in a circle; choose another place",
}
# What file systems answer that cannot sync a directory.
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF}


@attrs.frozen(kw_only=True)
class Disk:
    """The system calls that change a disk, so that each of them can be made to fail."""

    open: Callable[[Path, int, int], int] = os.open
    write: Callable[[int, bytes], int] = os.write
    sync: Callable[[int], None] = os.fsync
    replace: Callable[[Path, Path], None] = os.replace
    remove: Callable[[Path], None] = os.unlink


DISK = Disk()


def read_file(path: Path, *, at_most: int) -> bytes:
    """Return the content of a file.

    Raises InputError if it cannot be read or has more than `at_most` bytes.
    """
    try:
        with path.open("rb") as file:
            # Room is made for as much as is asked for, so most files get by with little.
            content = file.read(min(_FIRST, at_most + 1))
            if len(content) == _FIRST:
                content += file.read(at_most + 1 - _FIRST)
    except OSError as error:
        raise InputError(f"cannot read {_shown(path)}: {_cause(error)}") from None
    if len(content) > at_most:
        limit = f"{at_most:,} bytes"
        raise InputError(f"{_shown(path)} is larger than {limit}: is it the right file?")
    return content


def write_atomically(
    path: Path,
    chunks: Iterable[bytes],
    *,
    mode: int = SHARED,
    ours: Callable[[bytes], bool] | None = None,
    disk: Disk = DISK,
) -> None:
    """Replace the content of a file, or make the file.

    `ours` is asked with the first 4 kB of an existing file whether it may be
    replaced; without it, every plain file may. A mode that was narrowed by its
    owner stays narrow. Raises WriteError with the old content intact, and
    passes on whatever `chunks` raises, likewise.
    """
    with reported_errors(path):
        present = _replaceable(path, ours)
        name = f"{_mark(path.name)}-{secrets.token_hex(8)}"
        temporary = path.with_name(name.join(_TEMPORARY))
        try:
            _write(temporary, chunks, mode & present, disk)
            disk.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                disk.remove(temporary)
            raise
        _sync_directory(path.parent, disk)


def remove(path: Path, *, disk: Disk = DISK) -> None:
    """Remove a file; one that is gone already is no error. Raises WriteError."""
    with reported_errors(path), contextlib.suppress(FileNotFoundError):
        disk.remove(path)
        _sync_directory(path.parent, disk)


def remove_leftovers(directory: Path) -> None:
    """Remove the temporary files of writes that were killed; nobody else may be writing."""
    for path in directory.glob("*".join(_TEMPORARY)):
        with contextlib.suppress(OSError):
            path.unlink()


def remove_old_leftovers(directory: Path, names: Iterable[str]) -> None:
    """Remove what writes of files with these names left that were killed an hour or more ago.

    The hour ends with the newest of those files, so that what another process
    is writing meanwhile stays, whatever the clock says.
    """
    paths = [directory / name for name in names]
    marks = {_mark(path.name) for path in paths}
    newest = max((path.lstat().st_mtime for path in paths if os.path.lexists(path)), default=0.0)
    for left in directory.glob("*".join(_TEMPORARY)):
        with contextlib.suppress(OSError):
            found = left.lstat()
            is_ours = left.name.removeprefix(_TEMPORARY[0]).partition("-")[0] in marks
            if is_ours and stat.S_ISREG(found.st_mode) and newest - found.st_mtime > _HOUR:
                left.unlink()


def _mark(name: str) -> str:
    """Return what tells the temporary files of one target from those of others."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:8]


def make_directory(path: Path, *, private: bool = False) -> None:
    """Make a directory and its parents; a private one is its owner's alone.

    Directories that exist keep their mode. Raises WriteError.
    """
    with reported_errors(path):
        for directory in (*reversed(path.parents), path):
            if not directory.is_dir():
                with contextlib.suppress(FileExistsError):
                    directory.mkdir(0o700 if private else 0o777)
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a directory")


def _replaceable(path: Path, ours: Callable[[bytes], bool] | None) -> int:
    """Return the permissions that the new content may have at most."""
    try:
        present = path.lstat().st_mode
    except FileNotFoundError:
        return SHARED
    if stat.S_ISLNK(present):
        raise WriteError(
            f"{_shown(path)} is a symbolic link, which is not written through; "
            "name the file that it leads to"
        )
    if stat.S_ISDIR(present):
        raise IsADirectoryError(errno.EISDIR, "a directory")
    if not stat.S_ISREG(present):
        raise WriteError(f"{_shown(path)} is not a plain file; choose another name")
    if ours is not None and not ours(_head(path)):
        raise WriteError(
            f"{_shown(path)} exists and was not written by afterword; "
            "choose another name, or let --force overwrite it"
        )
    return stat.S_IMODE(present)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _write(path: Path, chunks: Iterable[bytes], mode: int, disk: Disk) -> None:
    descriptor = disk.open(path, _NEW_FILE, mode)
    try:
        for block in _blocks(chunks):
            rest = block
            while rest:
                rest = rest[disk.write(descriptor, rest) :]
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small chunks: one system call for each would be most of the time."""
    block = bytearray()
    for chunk in chunks:
        block += chunk
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    yield bytes(block)


def _sync_directory(directory: Path, disk: Disk) -> None:
    """Make a new name survive a power failure, where directories can be opened."""
    if os.name != "posix":
        return
    try:
        descriptor = disk.open(directory, os.O_RDONLY, 0)
        try:
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


@contextlib.contextmanager
def reported_errors(path: Path) -> Iterator[None]:
    """Turn what the system answers to a change of this path into WriteError."""
    try:
        yield
    except OSError as error:
        raise WriteError(f"cannot write {_shown(path)}: {_reason(error)}") from None


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"{_cause(error)}; choose another place")


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a directory; name the files in it"
    return for_terminal(error.strerror or str(error)).lower()


def _shown(path: Path) -> str:
    return for_terminal(os.fspath(path))
