"""Several independent calendar engines read what we write, and agree."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from afterword.domain.events.event import Event
from afterword.formats.ics.ics_writer import calendar_file, single_event_file
from tests.formats.events import KINDS

Check = Callable[..., None]


@pytest.fixture
def icscheck(shared: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Return a check that is passed without a warning; an engine that cannot run skips."""
    # Its first run installs the engines, which two workers must not do at once.
    lock = filelock.FileLock(tmp_path_factory.getbasetemp().parent / "icscheck.lock")

    def check(data: bytes, *options: str) -> None:
        path = tmp_path / "written.ics"
        path.write_bytes(data)
        with lock:
            done = subprocess.run(
                [sys.executable, shared / "lab" / "icscheck", "--strict", *options, path],
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode == 2:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stdout

    return check


@pytest.mark.parametrize("event", KINDS.values(), ids=KINDS)
def test_a_single_object_is_clean(event: Event, icscheck: Check) -> None:
    icscheck(single_event_file(event), "--caldav")


@pytest.mark.parametrize("name", [None, "Follow-ups; Karoo, Ltd"], ids=["unnamed", "named"])
def test_a_calendar_of_every_kind_is_clean(name: str | None, icscheck: Check) -> None:
    icscheck(b"".join(calendar_file(KINDS.values(), name=name)))
