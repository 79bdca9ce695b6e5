"""A CalDAV server on this computer with the plan in a calendar, for a try without an account.

The server is Radicale. Its folder is beside the applications: the calendars, the password, and
the name of the calendar, which is new for a new folder, so that the state of an earlier one is
not taken for events that the user deleted.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.util
import os
import re
import secrets
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import attrs

from afterword.dav.interface import NotFoundError
from afterword.errors import InputError, TryLaterError, UsageError
from afterword.services.calendars.calendar_login import Access, CalendarServer
from afterword.services.calendars.calendar_sync import (
    SyncOptions,
    SyncReporter,
    SyncResult,
    sync_calendar,
)
from afterword.services.run_context import RunContext
from afterword.services.workspace import open_workspace
from afterword.system import atomic_files

DEFAULT_PORT, MAX_PORT = 5232, 65_535
USER = "afterword"
_FOLDER = "server"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike, as people type them into a phone."""
_GROUPS, _GROUP_LENGTH = 4, 4
_PASSWORD = re.compile(r"[!-~]{8,200}")
_CALENDAR = re.compile(r"calendar-[0-9a-f]{8}")
_ID_BYTES = 4
_MAX_SIZE = 1024
_START_SECONDS = 30.0
_LOOK_SECONDS = 0.05

INSTALL = "pip install 'afterword[server]'"
"""The command that installs Radicale with afterword."""

HOST = "127.0.0.1"
_GRACE_SECONDS = 10.0
_LAST_LINES = 3
_MAX_LOG = 1 << 22


@attrs.frozen(kw_only=True)
class LocalServer:
    """A running server. `calendar` is the last part of the address of the calendar."""

    context: RunContext
    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    calendar: str
    password: str

    @property
    def root(self) -> str:
        """Return the address of the server."""
        return f"http://{HOST}:{self.port}/"

    @property
    def url(self) -> str:
        """Return the address of the calendar."""
        return f"{self.root}{USER}/{self.calendar}/"

    @property
    def password_file(self) -> Path:
        """Return the file with the password."""
        return self.folder / "password"

    def sync(self, reporter: SyncReporter, *, after: float = 0.0) -> SyncResult:
        """Bring the plan to the calendar, made at the first time, and log the user's edits.

        `after` are the seconds since the context was made. A failure on the way is in the
        report.
        """
        from afterword.dav.remote_calendar import RemoteCalendar

        now = self.context.now + dt.timedelta(seconds=after)
        workspace = open_workspace(attrs.evolve(self.context, now=now))
        access = Access(user=USER, password_file=str(self.password_file))
        server = CalendarServer(self.context, access, self.url)
        with server.connect(server.log_in().dav) as client:
            calendar = RemoteCalendar(client, self.url)
            try:
                calendar.changes(None)
            except NotFoundError:
                calendar.make(self.context.calendar_name)
            return sync_calendar(workspace, calendar, reporter, SyncOptions())

    def wait(self, seconds: float) -> None:
        """Return after that time. Raises TryLaterError if the server ends before."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=seconds)
            raise _ended_error(self.folder)


@contextlib.contextmanager
def run_local_server(context: RunContext, port: int) -> Iterator[LocalServer]:
    """Run the server in the block, once it takes connections.

    Raises UsageError where Radicale is missing or the port is taken, InputError for a damaged
    password, and TryLaterError for a server that does not start.
    """
    from afterword.dav import probe

    if importlib.util.find_spec("radicale") is None:
        raise UsageError(
            "the server is Radicale, which is not installed",
            [INSTALL, "installed with pipx: pipx inject afterword radicale"],
        )
    if not probe.port_is_free(HOST, port):
        raise UsageError(
            f"another program uses the port {port}, perhaps another afterword serve",
            [f"afterword serve --port {port + 1 if port < MAX_PORT else DEFAULT_PORT}"],
        )
    folder = context.locations.data / _FOLDER
    atomic_files.make_directory(folder, private=True)
    # Application files may be under version control; this folder should not be.
    if not os.path.lexists(folder / ".gitignore"):
        _write_private(folder / ".gitignore", "*")
    password = _saved_text(folder / "password", _new_password(), _PASSWORD)
    new_calendar = f"calendar-{secrets.token_hex(_ID_BYTES)}"
    calendar = _saved_text(folder / "calendar", new_calendar, _CALENDAR)
    _write_private(folder / "users", f"{USER}:{password}")
    with _radicale_process(folder, port) as process:
        server = LocalServer(
            context=context,
            process=process,
            folder=folder,
            port=port,
            calendar=calendar,
            password=password,
        )
        _wait_until_ready(server)
        yield server


def _wait_until_ready(server: LocalServer) -> None:
    from afterword.dav import probe

    ends = time.monotonic() + _START_SECONDS
    while not probe.is_listening(HOST, server.port):
        if time.monotonic() > ends:
            raise TryLaterError(f"the server does not start; its log is {server.folder / 'log'}")
        server.wait(_LOOK_SECONDS)


def _new_password() -> str:
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


def _saved_text(path: Path, new: str, form: re.Pattern[str]) -> str:
    """Return the text of a private file; the new text at the first use. Raises InputError."""
    if not os.path.lexists(path):
        _write_private(path, new)
    text = atomic_files.read_file(path, at_most=_MAX_SIZE).decode("utf-8", "replace").strip()
    if not form.fullmatch(text):
        raise InputError(f"{path} is damaged; delete it, and a new one is made")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) != atomic_files.PRIVATE:
        with atomic_files.reported_errors(path):
            path.chmod(atomic_files.PRIVATE)
    return text


def _write_private(path: Path, text: str) -> None:
    atomic_files.write_atomically(path, [f"{text}\n".encode()], mode=atomic_files.PRIVATE)


@contextlib.contextmanager
def _radicale_process(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run Radicale on loopback in the block, with its calendars, users and log in the folder.

    Ctrl-C on a terminal ends both processes; Radicale finishes the request that it is working on.
    """
    values = {
        "server-hosts": f"{HOST}:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "rights-type": "owner_only",
        "storage-filesystem-folder": str(folder / "collections"),
        "web-type": "none",
        "logging-level": "warning",
    }
    options = [f"--{name}={value}" for name, value in values.items()]
    # No configuration of another Radicale on this computer is read.
    environment = {n: value for n, value in os.environ.items() if n != "RADICALE_CONFIG"}
    command = [sys.executable, "-m", "radicale", "--config", "", *options]
    with atomic_files.reported_errors(folder / "log"):
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, atomic_files.PRIVATE)
    try:
        process = subprocess.Popen(  # noqa: S603 - the interpreter that runs this
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
        )
    finally:
        os.close(log)
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _ended_error(folder: Path) -> TryLaterError:
    """Return the error for a server that has ended, with the end of its log."""
    lines: list[str] = []
    with contextlib.suppress(InputError):
        text = atomic_files.read_file(folder / "log", at_most=_MAX_LOG).decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()][-_LAST_LINES:]
    return TryLaterError(f"the server has ended; its log is {folder / 'log'}", lines)
