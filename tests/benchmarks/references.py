"""What the work costs by itself: parsing with a library, and writing plain files.

As `python -m tests.benchmarks.references WAY ARGUMENT...`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.timing import surroundings


def icalendar(*names: str) -> None:
    """Parse each file with icalendar, and do nothing with it."""
    from icalendar import Calendar

    for name in names:
        Calendar.from_ical(Path(name).read_bytes())


def toml(folder: str) -> None:
    """Read and parse each file once, with the parser of the standard library."""
    import tomllib  # noqa: TID251 - as a yardstick

    for path in sorted(Path(folder).glob("*.toml")):
        tomllib.loads(path.read_text(encoding="utf-8"))


def csv(table: str, folder: str) -> None:
    """Parse the rows, and write a file for each."""
    import csv as library

    place = Path(folder)
    place.mkdir()
    with Path(table).open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(library.DictReader(file)):
            text = "".join(f'{name} = "{value}"\n' for name, value in row.items())
            (place / f"{number:05}.toml").write_text(text, encoding="utf-8")


def count_events(folder: Path, calendar: str) -> str:
    """Pickle the events of a calendar of ours into `events`, and return how many there are."""
    command = [sys.executable, "-m", "tests.benchmarks.events", calendar, "events"]
    return subprocess.run(
        command, cwd=folder, env=surroundings(folder), stdout=subprocess.PIPE, check=True, text=True
    ).stdout


WAYS: dict[str, Callable[..., None]] = {"icalendar": icalendar, "toml": toml, "csv": csv}

if __name__ == "__main__":
    WAYS[sys.argv[1]](*sys.argv[2:])
