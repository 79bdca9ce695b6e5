"""Radicale, a CalDAV server, run as a child process on this computer."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from afterword.errors import InputError, TryLaterError, UsageError
from afterword.system import atomic_files

INSTALL = "pip install 'afterword[server]'"
"""The command that installs Radicale with afterword."""

HOST = "127.0.0.1"
_GRACE_SECONDS = 10.0
_LAST_LINES = 3
_MAX_LOG = 1 << 22


def require_radicale() -> None:
    """Raise UsageError, with the command to install it, where Radicale is missing."""
    if importlib.util.find_spec("radicale") is None:
        raise UsageError(
            "the server is Radicale, which is not installed",
            [INSTALL, "installed with pipx: pipx inject afterword radicale"],
        )


@contextlib.contextmanager
def radicale_process(folder: Path, users: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run Radicale on loopback in the block, with its calendars and its log in the folder.

    `users` is a file of names and passwords in plain text. Ctrl-C on a terminal ends both
    processes; Radicale finishes the request that it is working on.
    """
    values = {
        "server-hosts": f"{HOST}:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(users),
        "auth-htpasswd-encryption": "plain",
        "rights-type": "owner_only",
        "storage-filesystem-folder": str(folder / "collections"),
        "web-type": "none",
        "logging-level": "warning",
    }
    options = [f"--{name}={value}" for name, value in values.items()]
    # An empty name: no configuration of another Radicale on this computer is read.
    command = [sys.executable, "-m", "radicale", "--config", "", *options]
    with atomic_files.reported_errors(folder / "log"):
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, atomic_files.PRIVATE)
    try:
        process = subprocess.Popen(  # noqa: S603 - the interpreter that runs this
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(os.environ)
        )
    finally:
        os.close(log)
    try:
        yield process
    finally:
        _stop(process)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variable that names other configuration files."""
    return {name: value for name, value in own.items() if name != "RADICALE_CONFIG"}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ended_error(folder: Path) -> TryLaterError:
    """Return the error for a server that has ended, with the end of its log."""
    lines: list[str] = []
    with contextlib.suppress(InputError):
        text = atomic_files.read_file(folder / "log", at_most=_MAX_LOG).decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()][-_LAST_LINES:]
    return TryLaterError(f"the server has ended; its log is {folder / 'log'}", lines)
