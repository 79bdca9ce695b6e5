"""Read whole files, and replace them atomically and durably.

A file has its old content or its new content, whatever fails and when: a write
goes to a temporary file in the same directory, is synced to disk, and then
renamed. Nothing is written through a symbolic link, and only plain files are
replaced. The messages for errors of the operating system are here too.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs

from afterword.domain.sanitize import for_terminal
from afterword.errors import InputError, WriteError

SHARED = 0o666
"""The mode of exported files, which others may open; the umask narrows it."""
PRIVATE = 0o600
"""The mode of files that only their owner may read and write."""

# O_BINARY exists only on Windows, O_NOFOLLOW everywhere else.
_NEW_FILE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
)
_TEMPORARY_PREFIX, _TEMPORARY_SUFFIX = ".afterword-", ".tmp"
_MAX_AGE = 3600.0
_BLOCK_BYTES = 1 << 18
_FIRST_READ_BYTES = 1 << 14
_HEAD_BYTES = 4096
_OPEN_AT_ONCE = 64
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
# The errors of file systems that cannot sync a directory.
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EBADF}
# The errors of file systems without hard links, such as that of a memory card.
_CANNOT_LINK = {
    errno.EPERM,
    errno.EACCES,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    errno.EINVAL,
    errno.EXDEV,
}


@attrs.frozen(kw_only=True)
class Disk:
    """The system calls that change a disk; tests replace them to make each of them fail."""

    open: Callable[[Path, int, int], int] = os.open
    write: Callable[[int, bytes], int] = os.write
    sync: Callable[[int], None] = os.fsync
    replace: Callable[[Path, Path], None] = os.replace
    link: Callable[[Path, Path], None] = os.link
    remove: Callable[[Path], None] = os.unlink


DISK = Disk()


class FileChangedError(WriteError):
    """Raised if somebody else changed, removed or created the file meanwhile; theirs stays."""


def read_file(path: Path, *, at_most: int) -> bytes:
    """Return the content of a file.

    Raises InputError if it cannot be read or is larger than `at_most` bytes.
    """
    try:
        with path.open("rb") as file:
            # read() allocates as much as it is asked for, and most files are small.
            content = file.read(min(_FIRST_READ_BYTES, at_most + 1))
            if len(content) == _FIRST_READ_BYTES:
                content += file.read(at_most + 1 - _FIRST_READ_BYTES)
    except OSError as error:
        raise InputError(f"cannot read {_quoted(path)}: {_cause(error)}") from None
    if len(content) > at_most:
        limit = f"{at_most:,} bytes"
        raise InputError(f"{_quoted(path)} is larger than {limit}: is it the right file?")
    return content


def write_atomically(
    path: Path,
    chunks: Iterable[bytes],
    *,
    mode: int = SHARED,
    ours: Callable[[bytes], bool] | None = None,
    put: Callable[[Path, Path, Disk], None] | None = None,
    disk: Disk = DISK,
) -> None:
    """Replace the content of a file, or create the file.

    `ours` gets the first 4 KiB of an existing file and returns True if it may
    be replaced; by default every plain file may. `put` gives the complete temporary file its
    name, if other than unconditionally (`create_only`, `replace_if`). Permissions that the
    owner has removed stay removed. Raises WriteError, or the error of `chunks`; the old
    content is intact then.
    """
    with reported_errors(path):
        permissions = _check_replaceable(path, ours)
        temporary = _temporary_path(path)
        try:
            _write(temporary, chunks, mode & permissions, disk)
            if put is None:
                disk.replace(temporary, path)
            else:
                put(temporary, path, disk)
        except BaseException:
            with contextlib.suppress(OSError):
                disk.remove(temporary)
            raise
        _sync_directory(path.parent, disk)


def write_all(
    contents: Iterable[tuple[Path, bytes]],
    *,
    mode: int = SHARED,
    ours: Callable[[bytes], bool] | None = None,
    disk: Disk = DISK,
) -> Iterator[Path]:
    """Replace the contents of many files, or create them; yield the path of each replaced file.

    None is replaced before all are written and synced. `ours` is that of `write_atomically`.
    Raises WriteError; the files that were not yielded are unchanged then.
    """
    temporaries: dict[Path, Path] = {}
    try:
        remaining = iter(contents)
        while group := list(itertools.islice(remaining, _OPEN_AT_ONCE)):
            _write_group(group, temporaries, mode, ours, disk)
        paths = list(temporaries)
        for path in paths:
            with reported_errors(path):
                disk.replace(temporaries[path], path)
            del temporaries[path]
            yield path
        for directory in dict.fromkeys(path.parent for path in paths):
            with reported_errors(directory):
                _sync_directory(directory, disk)
    finally:
        for temporary in temporaries.values():
            with contextlib.suppress(OSError):
                disk.remove(temporary)


def remove(path: Path, *, disk: Disk = DISK) -> None:
    """Remove a file if it exists. Raises WriteError."""
    with reported_errors(path), contextlib.suppress(FileNotFoundError):
        disk.remove(path)
        _sync_directory(path.parent, disk)


def remove_leftovers(directory: Path) -> None:
    """Remove the temporary files of killed writes; nobody else may be writing."""
    for path in _temporary_files(directory):
        with contextlib.suppress(OSError):
            path.unlink()


def remove_old_leftovers(
    directory: Path, names: Iterable[str], *, any_target: bool = False
) -> None:
    """Remove temporary files, an hour old or more, of killed writes to files with these names.

    `any_target`: of killed writes to any file, in a directory that no other program of ours uses.

    Their age is measured against the newest of those files and not by the
    clock, so that a file that another process is writing now always stays.
    """
    leftovers = list(_temporary_files(directory))
    if not leftovers:
        return
    paths = [directory / name for name in names]
    digests = {_target_digest(path.name) for path in paths}
    newest = max((path.lstat().st_mtime for path in paths if os.path.lexists(path)), default=0.0)
    for path in leftovers:
        with contextlib.suppress(OSError):
            status = path.lstat()
            digest = path.name.removeprefix(_TEMPORARY_PREFIX).partition("-")[0]
            is_ours = any_target or digest in digests
            if is_ours and stat.S_ISREG(status.st_mode) and newest - status.st_mtime > _MAX_AGE:
                path.unlink()


def _temporary_path(path: Path) -> Path:
    unique = f"{_target_digest(path.name)}-{os.urandom(8).hex()}"
    return path.with_name(f"{_TEMPORARY_PREFIX}{unique}{_TEMPORARY_SUFFIX}")


def _temporary_files(directory: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError), os.scandir(directory) as entries:
        for entry in entries:
            if entry.name.startswith(_TEMPORARY_PREFIX) and entry.name.endswith(_TEMPORARY_SUFFIX):
                yield directory / entry.name


def _target_digest(name: str) -> str:
    """Return the part of a temporary file's name that is derived from its target's name."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:8]


def make_directory(path: Path, *, private: bool = False) -> None:
    """Create a directory and its parents, accessible only to the owner if `private`.

    Existing directories keep their mode. Raises WriteError.
    """
    with reported_errors(path):
        missing = itertools.takewhile(lambda each: not each.is_dir(), (path, *path.parents))
        for directory in reversed(list(missing)):
            try:
                directory.mkdir(0o700 if private else 0o777)
            except FileExistsError:
                if not directory.is_dir():
                    raise NotADirectoryError(errno.ENOTDIR, "not a directory") from None


def _check_replaceable(path: Path, ours: Callable[[bytes], bool] | None) -> int:
    """Return the permissions that a new file may have at most. Raises WriteError and OSError."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return SHARED
    if stat.S_ISLNK(mode):
        raise WriteError(
            f"{_quoted(path)} is a symbolic link, which is not written through; "
            "name the file that it leads to"
        )
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "a directory")
    if not stat.S_ISREG(mode):
        raise WriteError(f"{_quoted(path)} is not a plain file; choose another name")
    if ours is not None and not ours(_head(path)):
        raise WriteError(
            f"{_quoted(path)} exists and was not written by afterword; "
            "choose another name, or let --force overwrite it"
        )
    return stat.S_IMODE(mode)


def replace_if(is_unchanged: Callable[[], bool]) -> Callable[[Path, Path, Disk], None]:
    """Return a function that replaces a file if it is unchanged, else raises FileChangedError."""

    def put(temporary: Path, path: Path, disk: Disk) -> None:
        if not is_unchanged():
            raise FileChangedError(f"{_quoted(path)} was changed meanwhile")
        disk.replace(temporary, path)

    return put


def create_only(temporary: Path, path: Path, disk: Disk) -> None:
    """Give the temporary file its name. Raises FileChangedError if another file has it."""
    try:
        disk.link(temporary, path)
    except FileExistsError:
        raise FileChangedError(f"{_quoted(path)} was created meanwhile") from None
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        if os.path.lexists(path):
            raise FileChangedError(f"{_quoted(path)} was created meanwhile") from None
        disk.replace(temporary, path)
    else:
        with contextlib.suppress(OSError):
            disk.remove(temporary)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _write(path: Path, chunks: Iterable[bytes], mode: int, disk: Disk) -> None:
    descriptor = disk.open(path, _NEW_FILE, mode)
    try:
        _write_chunks(descriptor, chunks, disk)
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


def _write_group(
    group: list[tuple[Path, bytes]],
    temporaries: dict[Path, Path],
    mode: int,
    ours: Callable[[bytes], bool] | None,
    disk: Disk,
) -> None:
    """Write the temporary files of a group, and sync them; add them to `temporaries`."""
    # One wait follows the other, and the disk is at work on all files before the first wait:
    # so one commit of the file system is enough for several files.
    descriptors: dict[Path, int] = {}
    try:
        for path, content in group:
            with reported_errors(path):
                permissions = _check_replaceable(path, ours)
                temporaries[path] = _temporary_path(path)
                descriptors[path] = disk.open(temporaries[path], _NEW_FILE, mode & permissions)
                _write_chunks(descriptors[path], [content], disk)
                _begin_writeback(descriptors[path])
        for path, descriptor in descriptors.items():
            with reported_errors(path):
                disk.sync(descriptor)
    finally:
        for descriptor in descriptors.values():
            os.close(descriptor)


def _begin_writeback(descriptor: int) -> None:
    """Ask the system to begin writing a file to the disk, where that can be asked for."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _write_chunks(descriptor: int, chunks: Iterable[bytes], disk: Disk) -> None:
    for block in _blocks(chunks):
        remaining = block
        while remaining:
            remaining = remaining[disk.write(descriptor, remaining) :]


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small chunks, because a system call for each would take most of the time."""
    block: list[bytes] = []
    size = 0
    for chunk in chunks:
        block.append(chunk)
        size += len(chunk)
        if size >= _BLOCK_BYTES:
            yield b"".join(block)
            block.clear()
            size = 0
    yield b"".join(block)


def _sync_directory(directory: Path, disk: Disk) -> None:
    """Sync a renamed or removed file to disk, on systems where directories can be opened."""
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
    """Turn an OSError of a change to this path into a WriteError."""
    try:
        yield
    except OSError as error:
        raise WriteError(f"cannot write {_quoted(path)}: {_reason(error)}") from None


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"{_cause(error)}; choose another place")


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a directory; name the files in it"
    return for_terminal(error.strerror or str(error)).lower()


def _quoted(path: Path) -> str:
    return for_terminal(os.fspath(path))
