"""A process from outside: what it took on the clock, of the processor, and of memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

MIB = 1024
ROUNDS = 5
ROOT = Path(__file__).parents[2]


class Spent(NamedTuple):
    """What a process took: seconds on the clock, seconds of processor, peak KiB."""

    wall: float
    cpu: float
    peak: int


def timed(folder: Path, *args: str, **env: str) -> Spent:
    """Run Python with these arguments in the folder; leave with it if it fails."""
    return timed_program(folder, sys.executable, *args, **env)


def timed_program(folder: Path, *args: str, **env: str) -> Spent:
    """Run a program in the folder, with these variables; leave with it if it fails."""
    with (folder / "stderr").open("wb") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            args,
            cwd=folder,
            env={**surroundings(folder), **env},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = (folder / "stderr").read_text(encoding="utf-8", errors="replace")[-2000:]
        sys.exit(f"{' '.join(args[:8])} ended with {process.returncode}:\n{said}")
    peak = usage.ru_maxrss if sys.platform == "linux" else usage.ru_maxrss // 1024
    return Spent(wall, usage.ru_utime + usage.ru_stime, peak)


def surroundings(folder: Path) -> dict[str, str]:
    """Return an environment without the settings of whoever runs this."""
    # The children run elsewhere, so that nothing relative may decide which source is timed.
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    homes = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    env = {**os.environ, "PYTHONPATH": path, **dict.fromkeys(homes, str(folder / "home"))}
    # An installed program has its bytecode; the round that is not counted writes ours.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def ratio(
    folder: Path,
    case: tuple[str, ...],
    reference: tuple[str, ...],
    rounds: int = ROUNDS,
    **env: str,
) -> tuple[float, list[Spent]]:
    """Return the median ratio of processor time, and what the case took in each round.

    Both run Python, in turn; `{round}` in an argument is replaced by the number of the
    round, of which the first is not counted. `env` is for the case alone.
    """
    spent, found = [], []
    for number in map(str, range(rounds + 1)):
        theirs = timed(folder, *(one.replace("{round}", number) for one in reference))
        spent.append(timed(folder, *(one.replace("{round}", number) for one in case), **env))
        found.append(spent[-1].cpu / theirs.cpu)
    return statistics.median(found[1:]), spent[1:]
