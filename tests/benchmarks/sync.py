"""Time and memory of a first sync, beside the bare requests and what imports cost.

Run as `python -m tests.benchmarks.sync [EVENTS [DELAY]]` (default 2,000 events, no
delay). Each case is a process of its own, run in turn in this one call; quote
ratios, not seconds. The server is as cheap as one can be, so that what is
measured is the client. The events are those of the product's own plans, put
into the calendar from nothing.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import facts
from tests.benchmarks.distant import CALENDAR
from tests.benchmarks.timing import MIB, Spent, timed

ROUNDS = 3
ZONE = ("--zone", "Europe/Berlin")
EARLY = ("--now", "2026-01-01T08:00:00+01:00")


def main(count: int, delay: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        events = _events(folder, count)
        rounds = [_round(folder / f"{number}", folder, delay) for number in range(ROUNDS)]
    print(f"{events:,} events, {delay * 1000:g} ms a request, {ROUNDS} rounds, medians")
    print(f"{'':32}{'wall s':>8}{'cpu s':>8}{'peak MiB':>10}{'x wall':>8}{'x cpu':>8}")
    for label in rounds[0]:
        rows, raw = [one[label] for one in rounds], [one["requests alone, x4"] for one in rounds]
        wall, cpu = _medians(rows)
        times, processor = _medians(
            [Spent(a.wall / b.wall, a.cpu / b.cpu, 0) for a, b in zip(rows, raw, strict=True)]
        )
        peak = max(row.peak for row in rows) / MIB
        print(f"{label:32}{wall:8.2f}{cpu:8.2f}{peak:10.1f}{times:8.2f}{processor:8.2f}")


def _medians(rows: list[Spent]) -> tuple[float, float]:
    return statistics.median(row.wall for row in rows), statistics.median(row.cpu for row in rows)


def _events(folder: Path, count: int) -> int:
    """Make the store with about that many events, and each of them as a file; return how many."""
    (folder / "store").mkdir()
    names = facts.write(folder / "store", -(-count // 6))
    each = folder / "each"
    files = [str(folder / "store" / one) for one in names]
    timed(folder, "-m", "afterword", "export", *files, "-o", f"{each}{os.sep}", *ZONE, *EARLY)
    return len(list(each.iterdir()))


def _round(work: Path, folder: Path, delay: float) -> dict[str, Spent]:
    work.mkdir()
    secret = work / "secret"
    secret.touch(mode=0o600)
    secret.write_text("user")
    with _server(delay) as port:
        url = f"http://127.0.0.1:{port}{CALENDAR}"
        login = ("--calendar-url", url, "--user", "user", "--password-file", str(secret))
        sync = ("-m", "afterword", "sync", *login, *ZONE, *EARLY, "--data", str(folder / "store"))
        puts = ("-m", "tests.benchmarks.puts", str(port), str(folder / "each"))
        return {
            "requests alone, x1": timed(work, *puts, "1"),
            "requests alone, x4": timed(work, *puts, "4"),
            "what the sync imports": timed(
                work, "-c", "import afterword.cli.commands.sync, afterword.dav.transport"
            ),
            "the plan, dry run": timed(work, *sync, "--dry-run", "--json"),
            "afterword sync, the first": timed(work, *sync, "--json"),
            "afterword sync, nothing new": timed(work, *sync, "--json"),
        }


@contextlib.contextmanager
def _server(delay: float) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.distant", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 2000, float(sys.argv[2]) if sys.argv[2:] else 0.0)
