"""Real servers on loopback, each in an environment of its own: their libraries change ours.

The environments are made once, in the user's cache, and shared by all workers
of a test run. Where they cannot be made (no network), the tests are skipped.
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import filelock
import platformdirs
import pytest

from afterword.dav import dav_xml
from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.remote_calendar import RemoteCalendar
from tests.sync.people import NOW

_CACHE = Path(
    os.environ.get("AFTERWORD_TEST_SERVERS")
    or platformdirs.user_cache_path("afterword-tests", appauthor=False)
)
PROGRAMS = ("radicale", "xandikos", "sabre", "sabre-400", "sabre-409", "sabre-500")
"""The servers that are programs of others; `sabre-400` imitates a refusal of Nextcloud."""
_PINNED = Path(__file__).parents[1] / "servers.txt"
_PATIENCE = 30.0
_PATIENCE_AT_THE_END = 5.0


@attrs.define
class Real:
    """A running server. `home` is where its user's calendars are.

    `exact`: it knows sync tokens and missing objects, so that requests can be counted.
    """

    name: str
    url: str
    home: str
    login: Login | None
    exact: bool = True
    made: int = 0
    opened: list[DavClient] = attrs.field(factory=list)

    def server(self, url: str | None = None) -> DavClient:
        self.opened.append(DavClient(url or self.url, self.login, now=lambda: NOW))
        return self.opened[-1]

    def calendar(self) -> RemoteCalendar:
        """Make a calendar that no other test has."""
        self.made += 1
        server = self.server()
        url = f"{self.url}{self.home}jobs-{self.made}/"
        server.request("MKCALENDAR", url, dav_xml.mkcalendar("Job search"))
        return RemoteCalendar(self.server(), url)

    def remove(self, calendar: RemoteCalendar) -> None:
        """Remove a calendar, as its owner may elsewhere."""
        self.server().request("DELETE", calendar.url)

    def close(self) -> None:
        while self.opened:
            self.opened.pop().close()


def sabre(folder: Path, imitates: str) -> Iterator[Real]:
    """Run sabre/dav, which pip cannot bring; skip where PHP or the scripts to start it are missing.

    `imitates` is "", or the status of one of Nextcloud's refusals.
    """
    bash = shutil.which("bash")
    if not Path("/usr/share/php/Sabre").is_dir() or not shutil.which("php") or not bash:
        pytest.skip("sabre/dav needs PHP: php-cli and php-sabre-dav are not installed")
    scripts = Path(__file__).parents[3] / "shared" / "lab" / "servers" / "sabredav"
    if not scripts.is_dir():
        pytest.skip("sabre/dav is started by ../shared/lab/servers, which is not beside this clone")
    with free_port() as port:
        started = subprocess.run(
            [bash, scripts / "start", str(port), folder],
            env=os.environ | {"LAB_NEXTCLOUD": imitates},
            capture_output=True,
            text=True,
            check=True,
        )
        url, user, password = started.stdout.split()
        home, login = f"/calendars/{user}/", Login(user=user, password=password)
        real = Real(f"sabre{imitates}", url.rstrip("/"), home, login, exact=False)
        try:
            yield real
        finally:
            real.close()
            subprocess.run([bash, scripts.parent / "stop", folder], check=True)


def environment(name: str) -> Path:
    """Return the folder of programs of a server's environment; skip where it cannot be made."""
    pinned = next(
        line
        for line in _PINNED.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"{name}==")
    )
    folder = _CACHE / f"{pinned}-{sys.version_info.major}.{sys.version_info.minor}"
    failure = _install(pinned, folder)
    if failure:
        pytest.skip(f"pip cannot install {pinned}: {failure}")
    return _programs(folder)


@functools.cache
def _install(pinned: str, folder: Path) -> str:
    """Make the environment where there is none; return why that failed, or ""."""
    ready, python = folder / "ready", _programs(folder) / "python"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # All workers of a run want it at once, and one of them makes it.
    with filelock.FileLock(f"{folder}.lock"):
        if ready.exists() and (python.exists() or python.with_suffix(".exe").exists()):
            return ""
        try:
            venv.create(folder, clear=True, with_pip=True)
        except subprocess.CalledProcessError as error:
            return str(error)
        pip = [str(python), "-m", "pip", "install", "-q", pinned, *_beside(pinned)]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr.strip()[-200:]
        ready.touch()
        return ""


def _beside(pinned: str) -> list[str]:
    """Return what else goes into an environment."""
    return ["vdirsyncer==0.21.0"] if pinned.startswith("khal==") else []


def _programs(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin")


def running(name: str, folder: Path) -> Iterator[Real]:
    """Run a server on a free port, with its store in the folder, until the generator is closed."""
    programs = environment(name)
    with free_port() as port, (folder / "log").open("wb") as log:
        command, real = _START[name](programs, folder, port)
        surroundings = os.environ | {"TZ": "UTC"}
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=surroundings
        ) as process:
            try:
                _wait_for(port, process, folder / "log")
                yield real
            finally:
                real.close()
                process.terminate()
                # Some wait for whoever is still connected, and for a program that was killed.
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=_PATIENCE_AT_THE_END)
                process.kill()


@contextlib.contextmanager
def free_port() -> Iterator[int]:
    """Yield a port that no other worker has meanwhile, and no client is given for its own end."""
    for port in range(20_000 + os.getpid() * 16 % 12_000, 32_768):
        # Between a look and the server's own start another worker may look: what is held is
        # the same number of the other protocol, which no server here wants.
        with socket.socket(type=socket.SOCK_DGRAM) as claim, socket.socket() as probe:
            if os.name == "posix":  # elsewhere it would share a port that is taken
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                claim.bind(("127.0.0.1", port))
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            probe.close()
            yield port
            return
    pytest.fail("there is no free port")


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"the server does not start: {log.read_text(errors='replace')[-300:]}")


def _radicale(programs: Path, folder: Path, port: int) -> tuple[list[str], Real]:
    (folder / "users").write_text("sam:s3cret\n")
    options = {
        "server-hosts": f"127.0.0.1:{port}",
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "storage-filesystem-folder": str(folder / "store"),
    }
    command = [str(programs / "python"), "-m", "radicale", "-C", ""]
    command += [f"--{name}={value}" for name, value in options.items()]
    login = Login(user="sam", password="s3cret")  # noqa: S106 - of a server that lives in a test
    return command, Real("radicale", f"http://127.0.0.1:{port}", "/sam/", login)


def _xandikos(programs: Path, folder: Path, port: int) -> tuple[list[str], Real]:
    command = [str(programs / "python"), "-m", "xandikos", "serve", "--no-detect-systemd"]
    command += ["-l", "127.0.0.1", "-p", str(port), "-d", str(folder / "store"), "--defaults"]
    return command, Real("xandikos", f"http://127.0.0.1:{port}", "/user/calendars/", None)


_START: dict[str, Callable[[Path, Path, int], tuple[list[str], Real]]] = {
    "radicale": _radicale,
    "xandikos": _xandikos,
}
