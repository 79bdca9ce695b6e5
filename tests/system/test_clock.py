"""The clock, the machine's zone and the zone database, as the machine really has them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest
from freezegun import freeze_time

from afterword.system import clock

pytestmark = pytest.mark.real_clock


def printed(script: str, **env: str) -> str:
    """Return the output of a script in a process with only these environment variables."""
    command = [sys.executable, "-c", f"from afterword.system import clock\n{script}"]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={"HOME": str(Path.cwd()), **env}
    )
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """Let Python look for the system's zones here."""
    usual = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    yield tmp_path
    zoneinfo.reset_tzpath(to=usual)


def test_now_is_this_moment_in_utc() -> None:
    with freeze_time("2026-11-24T16:00:00Z"):
        moment = clock.now()

    assert moment == dt.datetime(2026, 11, 24, 16, tzinfo=dt.UTC)
    assert moment.tzinfo is dt.UTC


@pytest.mark.skipif(sys.platform == "win32", reason="TZ is POSIX's")
@pytest.mark.parametrize(
    ("tz", "zone"),
    [
        ("Africa/Johannesburg", "Africa/Johannesburg"),
        (":Africa/Johannesburg", "Africa/Johannesburg"),
        ("UTC", "UTC"),
        ("", "None"),
        (":/nonexistent", "None"),
        ("Europe/Berln", "None"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "None"),
    ],
)
def test_a_zone_that_the_machine_does_not_name_is_not_taken_for_utc(tz: str, zone: str) -> None:
    assert printed("print(clock.local_zone())", TZ=tz) == zone


def test_the_newer_database_decides() -> None:
    """British Columbia keeps summer time since 2026, which the databases of 2025 do not know."""
    script = (
        "import datetime as dt, zoneinfo\nclock.use_newest_zones()\n"
        "print(dt.datetime(2026, 11, 24, 10, tzinfo=zoneinfo.ZoneInfo('America/Vancouver')))"
    )

    assert printed(script) == "2026-11-24 10:00:00-07:00"


@pytest.mark.parametrize(
    ("file", "text", "preferred"),
    [
        ("tzdata.zi", "# version 2025b\nR A 1916", False),
        ("tzdata.zi", "# version 2099a\nR A 1916", True),
        ("+VERSION", "2025b\n", False),
        ("+VERSION", "2099a\n", True),
        ("zone.tab", "", False),
    ],
)
def test_an_older_system_is_passed_over_and_a_newer_one_kept(
    database: Path, file: str, text: str, preferred: bool
) -> None:
    (database / file).write_text(text)

    clock.use_newest_zones()

    assert list(zoneinfo.TZPATH) == [str(database if preferred else clock.TZDATA / "zoneinfo")]


def test_a_database_that_somebody_chose_is_kept(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONTZPATH", str(database))

    clock.use_newest_zones()

    assert list(zoneinfo.TZPATH) == [str(database)]
