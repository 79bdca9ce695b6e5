"""Sample applications, and a repository in a temporary directory."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application, Interview, LogEntry, StepKind
from afterword.storage.repository import ApplicationRepository
from afterword.system import atomic_files

BERLIN = ZoneInfo("Europe/Berlin")
INTERVIEW = Interview(
    id="r1",
    start=dt.datetime(2026, 11, 24, 14, tzinfo=BERLIN),
    end=dt.datetime(2026, 11, 24, 15, tzinfo=BERLIN),
    zone=BERLIN,
)
KAROO = Application(
    id="karoo-clerk", company="Karoo Analytics", role="Clerk", zone=BERLIN, interviews=(INTERVIEW,)
)
ACME = attrs.evolve(KAROO, id="acme-clerk", company="Acme")
SENT = LogEntry(at=dt.datetime(2026, 11, 25, 9, tzinfo=BERLIN), sent=StepKind.THANK_YOU)


def note(text: str) -> LogEntry:
    return LogEntry(at=dt.date(2026, 12, 1), note=text)


def logged(application: Application, *entries: LogEntry) -> Application:
    return attrs.evolve(application, log=(*application.log, *entries))


def store(
    tmp_path: Path, *, wait: float = 10.0, disk: atomic_files.Disk = atomic_files.DISK
) -> ApplicationRepository:
    return ApplicationRepository(tmp_path / "data", tmp_path / "state", wait=wait, disk=disk)


def names(directory: Path) -> list[str]:
    """Return the names of the visible files in a directory, and of leftover temporary files."""
    return sorted(
        path.name
        for path in directory.iterdir()
        if path.name[0] != "." or path.name.endswith(".tmp")
    )
