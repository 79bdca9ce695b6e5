"""A process from outside: what it took on the clock, of the processor, and of memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

MIB = 1024
ROOT = Path(__file__).parents[2]


class Spent(NamedTuple):
    """What a process took: seconds on the clock, seconds of processor, peak KiB."""

    wall: float
    cpu: float
    peak: int


def timed(folder: Path, *args: str) -> Spent:
    """Run Python with these arguments in the folder; leave with it if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *args], cwd=folder, env=surroundings(folder), stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(args[:8])} ended with {process.returncode}")
    peak = usage.ru_maxrss if sys.platform == "linux" else usage.ru_maxrss // 1024
    return Spent(wall, usage.ru_utime + usage.ru_stime, peak)


def surroundings(folder: Path) -> dict[str, str]:
    """Return an environment without the settings of whoever runs this."""
    # The children run elsewhere, so that nothing relative may decide which source is timed.
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    return {**os.environ, "PYTHONPATH": path, **dict.fromkeys(homes, str(folder / "home"))}
