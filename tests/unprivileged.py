"""Directories that the program may only read, also where root runs the tests.

Root may write everything, so it runs the program without that right, and gives the directories
to another user. A program of another user could not read an interpreter in root's home.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

NOBODY = 65534
_PR_CAPBSET_DROP = 24
_CAP_CHOWN, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_FOWNER = 0, 1, 2, 3


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take away the right to write into a folder, for a program run by `run`."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode & 0o777 for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
        if _is_root():
            os.chown(path, NOBODY, NOBODY)
    try:
        yield
    finally:
        for path, mode in modes.items():
            if _is_root():
                os.chown(path, 0, 0)
            path.chmod(mode)


def run(line: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Run a program without the rights of root to write what belongs to others."""
    drop = _drop_rights if _is_root() else None
    return subprocess.run(line, preexec_fn=drop, capture_output=True, check=False, text=True)


def _is_root() -> bool:
    return os.getuid() == 0


def _drop_rights() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for right in (_CAP_CHOWN, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH, _CAP_FOWNER):
        if libc.prctl(_PR_CAPBSET_DROP, right, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "cannot drop a right of root")
