"""Shows that khal takes a calendar of ours and lists its events on the right days.

Run by hand or in CI as `python -m tests.khal_import [FILE.ics ...]`, by default
over the combined sample. khal is installed into an environment of its own that
is gone afterwards. Which days are right is computed from the file by icalendar
alone, in zones on both sides of UTC.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar

SAMPLE = Path(__file__).parents[1] / "samples" / "week.ics"
ZONES = ("Africa/Johannesburg", "America/Los_Angeles", "Pacific/Auckland")
CONFIG = """
[calendars]
[[afterword]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = afterword
[locale]
local_timezone = {zone}
default_timezone = {zone}
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
DAY = "day "

Listed = tuple[dt.date, str, str]
"""A day, and the UID and the title of an event that takes place on it."""


def main(paths: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as name:
        khal = _install(Path(name) / "env")
        for path in paths:
            for zone in ZONES:
                folder = Path(name) / path.name / zone
                (folder / "calendar").mkdir(parents=True)
                listed = _through_khal(khal, path, zone, folder)
                _compare(f"{path.name} in {zone}", listed, set(_expected(path, ZoneInfo(zone))))


def _install(environment: Path) -> Path:
    venv.create(environment, with_pip=True)
    pip = ["-m", "pip", "--disable-pip-version-check", "-qq", "install", "khal"]
    subprocess.run([environment / "bin" / "python", *pip], check=True)
    return environment / "bin" / "khal"


def _through_khal(khal: Path, path: Path, zone: str, folder: Path) -> set[Listed]:
    config = folder / "config"
    config.write_text(CONFIG.format(folder=folder, zone=zone), encoding="utf-8")
    surroundings = {**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"}

    def run(*args: str | Path) -> str:
        done = subprocess.run(
            [khal, "-c", config, *args],
            env=surroundings,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode or done.stderr:
            sys.exit(f"khal {args[0]} complains: {done.stderr.strip() or done.returncode}")
        return done.stdout

    run("import", "--batch", "-a", "afterword", path)
    first, last = _reach(path)
    days = ["--day-format", f"{DAY}{{date-long}}", "--format", "{uid} {title}"]
    return set(_days(run("list", *days, first.isoformat(), last.isoformat())))


def _reach(path: Path) -> tuple[dt.date, dt.date]:
    days = [day for day, _, _ in _expected(path, ZoneInfo("UTC"))]
    return min(days) - dt.timedelta(days=2), max(days) + dt.timedelta(days=2)


def _days(listing: str) -> Iterator[Listed]:
    day = dt.date.min
    for line in listing.splitlines():
        if line.startswith(DAY):
            day = dt.date.fromisoformat(line.removeprefix(DAY))
        else:
            uid, _, title = line.partition(" ")
            yield day, uid, title


def _expected(path: Path, zone: ZoneInfo) -> Iterator[Listed]:
    for event in icalendar.Calendar.from_ical(path.read_bytes()).events:
        day, last = _span(event.start, event.end, zone)
        while day <= last:
            yield day, str(event["UID"]), str(event["SUMMARY"])
            day += dt.timedelta(days=1)


def _span(start: dt.date, end: dt.date, zone: ZoneInfo) -> tuple[dt.date, dt.date]:
    """Return the first and the last day; ends are exclusive."""
    if isinstance(start, dt.datetime) and isinstance(end, dt.datetime):
        last = end - dt.timedelta(seconds=1)
        return start.astimezone(zone).date(), last.astimezone(zone).date()
    return start, end - dt.timedelta(days=1)


def _compare(where: str, listed: set[Listed], expected: set[Listed]) -> None:
    if not expected or listed != expected:
        lines = [f"only khal: {one}" for one in sorted(listed - expected)]
        lines += [f"only the file: {one}" for one in sorted(expected - listed)]
        sys.exit("\n".join([f"{where}: khal and the file differ", *lines]))
    events = len({uid for _, uid, _ in listed})
    sys.stdout.write(f"{where}: khal lists {events} events on the right days\n")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [SAMPLE])
