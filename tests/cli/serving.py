"""A running `afterword serve`, with Radicale from the environment of the sync tests."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.remote_calendar import RemoteCalendar
from tests.cli.life import Life
from tests.sync.people import NOW as DAV_NOW
from tests.sync.servers import environment

_PATIENCE = 30.0


def radicale_path(folder: Path) -> Path:
    """Return a folder of what Radicale needs beyond our own libraries; skip without Radicale."""
    (site,) = environment("radicale").parent.glob("lib/python*/site-packages")
    own = {Path(entry) for entry in sys.path if entry.endswith("site-packages")}
    folder.mkdir()
    for entry in site.iterdir():
        known = any((path / entry.name).exists() for path in own)
        if not known and not re.match(r"(?i)(pip|setuptools|python_dateutil|dateutil)", entry.name):
            (folder / entry.name).symlink_to(entry)
    return folder


@attrs.frozen
class Serving:
    """The process, and the address, the user and the password that it printed."""

    process: subprocess.Popen[str]
    url: str
    user: str
    password: str

    def calendar(self, password: str | None = None) -> RemoteCalendar:
        login = Login(user=self.user, password=password or self.password)
        return RemoteCalendar(DavClient(self.url, login, now=lambda: DAV_NOW), self.url)

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Return the exit code and stderr after a signal."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=_PATIENCE)
        return self.process.returncode, errors


@contextlib.contextmanager
def serving(life: Life, libraries: Path, now: str, port: int) -> Iterator[Serving]:
    """Run the command until the block ends."""
    command = [sys.executable, "-m", "afterword", "serve", *life.flags(now), "--port", str(port)]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(libraries)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            shown = ""
            assert process.stdout is not None
            for line in process.stdout:
                shown += line
                if "DAVx5" in line:
                    break
            else:
                _, errors = process.communicate(timeout=_PATIENCE)
                raise AssertionError(f"{process.returncode}: {shown}{errors}")
            fields = dict(re.findall(r"  (address|user|password) +(\S+)\n", shown))
            yield Serving(process, fields["address"], fields["user"], fields["password"])
        finally:
            if process.poll() is None:
                process.terminate()
