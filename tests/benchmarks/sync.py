"""The first sync beside its bare requests, and one that finds nothing new beside vdirsyncer."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import facts
from tests.benchmarks.distant import CALENDAR
from tests.benchmarks.timing import MIB, ROUNDS, timed, timed_program
from tests.sync.servers import environment, running

ZONE = ("--zone", "Europe/Berlin")
EARLY = ("--now", "2026-01-01T08:00:00+01:00")
CONNECTIONS = "4"
LOGIN = "sam", "s3cret"  # of the Radicale of the tests


def first_sync(folder: Path) -> dict[str, float]:
    """Return the clock ratio of a first sync of 400 events at 30 ms to bare requests."""
    _write_events(folder, 400)
    found = []
    for number in range(ROUNDS + 1):
        with _server(folder / f"{number}", delay=0.03) as (work, port, sync):
            bare = timed(work, *_puts(folder, port))
            found.append(timed(work, *sync).wall / bare.wall)
    return {"first sync": statistics.median(found[1:])}


def peak_of_first_sync(folder: Path) -> dict[str, float]:
    """Return the most memory that a first sync of 2,000 events used, in MiB."""
    _write_events(folder, 2000)
    peaks = []
    for number in range(ROUNDS):
        with _server(folder / f"{number}") as (work, _, sync):
            peaks.append(timed(work, *sync).peak)
    return {"peak": statistics.median(peaks) / MIB}


def nothing_new(folder: Path) -> dict[str, float]:
    """Return the ratio of a sync of 400 events that finds nothing new to vdirsyncer's.

    Both keep the same events in a calendar of their own on one Radicale.
    """
    _write_events(folder, 400)
    programs = environment("vdirsyncer")
    with contextlib.contextmanager(running)("radicale", folder) as real:
        ours, theirs = (real.calendar().url for _ in range(2))
        sync = _sync(folder, ours, *LOGIN)
        other = _vdirsyncer(folder, theirs, programs / "vdirsyncer")
        timed(folder, *sync)
        timed_program(folder, *other[:-1], "discover")
        timed_program(folder, *other)
        found = [
            timed(folder, *sync).cpu / timed_program(folder, *other).cpu for _ in range(ROUNDS + 1)
        ]
    return {"nothing new": statistics.median(found[1:])}


def _vdirsyncer(folder: Path, url: str, program: Path) -> tuple[str, ...]:
    """Write a configuration that keeps the files of events in the calendar; return the command."""
    config = folder / "vdirsyncer"
    config.write_text(
        f"""\
[general]
status_path = "{folder}/status"
[pair both]
a = "files"
b = "server"
collections = null
[storage files]
type = "filesystem"
path = "{folder}/each"
fileext = ".ics"
[storage server]
type = "caldav"
url = "{url}"
username = "{LOGIN[0]}"
password = "{LOGIN[1]}"
""",
        encoding="utf-8",
    )
    return str(program), "-c", str(config), "sync"


def _write_events(folder: Path, count: int) -> None:
    """Write a store with about that many events, and each of them as a file."""
    (folder / "store").mkdir()
    names = facts.write(folder / "store", -(-count // 6))
    files = [str(folder / "store" / one) for one in names]
    each = folder / "each"
    timed(folder, "-m", "afterword", "export", *files, "-o", f"{each}{os.sep}", *ZONE, *EARLY)


def _puts(folder: Path, port: int) -> tuple[str, ...]:
    return ("-m", "tests.benchmarks.puts", str(port), str(folder / "each"), CONNECTIONS)


@contextlib.contextmanager
def _server(work: Path, delay: float = 0.0) -> Iterator[tuple[Path, int, tuple[str, ...]]]:
    """Start a server; give the folder to work in, its port, and the arguments of a sync."""
    work.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.distant", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            port = int(process.stdout.readline())
            yield work, port, _sync(work, f"http://127.0.0.1:{port}{CALENDAR}")
        finally:
            process.terminate()


def _sync(work: Path, url: str, user: str = "user", word: str = "user") -> tuple[str, ...]:
    """Return the arguments of a sync of the store in this folder or the one above."""
    secret = work / "secret"
    secret.touch(mode=0o600)
    secret.write_text(word, encoding="utf-8")
    store = work if (work / "store").is_dir() else work.parent
    login = ("--calendar-url", url, "--user", user, "--password-file", str(secret))
    return (
        *("-m", "afterword", "sync", "--data", str(store / "store"), "--json"),
        *(*login, *ZONE, *EARLY),
    )
