"""Time and memory of a large export, beside the icalendar library and a limit by hand.

Run as `python -m tests.benchmarks.export [APPLICATIONS]` (default 10,000). Every
case is a process of its own, run in turn in this one call; quote ratios, not
seconds. What is timed: of the product the whole command, from the files of
facts to the calendar; of the others only the writing of the same events, which
they get finished (pickled; `read` says what reading them costs). All of them
must write the same bytes.
"""

from __future__ import annotations

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import facts
from tests.benchmarks.timing import MIB, Spent, surroundings, timed

EXPORT = ("-m", "afterword", "export", "--zone", "Europe/Berlin")
NOW = ("--now", "2026-11-24T18:00:00+01:00")


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = facts.write(folder, count)
        tenth = _product(folder, names[: max(count // 10, 1)], "tenth.ics")
        whole = _product(folder, names, "whole.ics")
        events = _events(folder)
        spent = {way: _writer(folder, way) for way in ("read", "hand", "afterword", "icalendar")}
        for way in ("hand", "afterword", "icalendar"):
            assert filecmp.cmp(folder / f"{way}.ics", folder / "whole.ics", shallow=False), way
        size = (folder / "whole.ics").stat().st_size
    print(f"{count:,} applications, {events:,} events, {size / 1e6:.1f} MB, the same bytes by all")
    _table(whole, spent)
    print(f"a tenth of the applications: {tenth.cpu:.2f} s, {tenth.peak / MIB:.1f} MiB")
    print(f"memory from a tenth to all: {(whole.peak - tenth.peak) / MIB:+.1f} MiB")


def _table(whole: Spent, spent: dict[str, Spent]) -> None:
    hand, library = spent["hand"], spent["icalendar"]
    print(f"{'':42}{'wall s':>8}{'cpu s':>8}{'peak MiB':>10}{'x icalendar':>13}{'x hand':>8}")
    rows = {
        "afterword export, facts to calendar": whole,
        "events only: icalendar add(), one Calendar": library,
        "events only: by hand": hand,
        "events only: afterword's writer": spent["afterword"],
        "events only: read and not written": spent["read"],
    }
    for label, row in rows.items():
        ratios = f"{row.cpu / library.cpu:13.3f}{row.cpu / hand.cpu:8.2f}"
        print(f"{label:42}{row.wall:8.2f}{row.cpu:8.2f}{row.peak / MIB:10.1f}{ratios}")


def _product(folder: Path, names: list[str], out: str) -> Spent:
    return timed(folder, *EXPORT, *NOW, "-o", out, *names)


def _events(folder: Path) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.events", "whole.ics", "events"]
    done = subprocess.run(
        command, cwd=folder, env=surroundings(folder), stdout=subprocess.PIPE, check=True
    )
    return int(done.stdout)


def _writer(folder: Path, way: str) -> Spent:
    return timed(folder, "-m", "tests.benchmarks.writers", way, "events", f"{way}.ics")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
