"""The jobs that run a sync by themselves: well formed, and of a command line that exists."""

from __future__ import annotations

import configparser
import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.running import understand

SAMPLES = Path(__file__).parents[1] / "samples"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
TRY_LATER = "75"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string((SAMPLES / name).read_text("ascii"))
    return parser


def systemd_words() -> list[str]:
    return unit("afterword-sync.service")["Service"]["ExecStart"].split()


def launchd_words() -> list[str]:
    with (SAMPLES / "afterword-sync.plist").open("rb") as file:
        words: list[str] = plistlib.load(file)["ProgramArguments"]
    return words


def windows_words() -> list[str]:
    task = ET.parse(SAMPLES / "afterword-sync.xml")  # noqa: S314 - a file of our own
    command, arguments = (task.findtext(f".//{TASK}{name}") for name in ("Command", "Arguments"))
    return [str(command), *str(arguments).split()]


@pytest.mark.parametrize(
    "words", [systemd_words(), launchd_words(), windows_words()], ids=["systemd", "launchd", "task"]
)
def test_each_job_runs_a_quiet_sync_by_a_whole_path(words: list[str]) -> None:
    program, command, *args = words

    assert re.search(r"[/\\]afterword(\.exe)?$", program)
    assert program.startswith(("/", "%"))
    assert args == ["--quiet"]
    understand(command, *args)


def test_the_timer_catches_up_and_being_offline_is_no_failure() -> None:
    timer, service = unit("afterword-sync.timer"), unit("afterword-sync.service")

    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["SuccessExitStatus"] == TRY_LATER


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    for name in ("afterword-sync.service", "afterword-sync.timer"):
        text = (SAMPLES / name).read_text().replace("%h/.local/bin/afterword", "/bin/true")
        (tmp_path / name).write_text(text)

    done = subprocess.run(
        [program, "--user", "verify", *tmp_path.iterdir()],
        capture_output=True,
        text=True,
        check=False,
        env={"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )

    complaints = [line for line in done.stderr.splitlines() if "afterword-sync" in line]
    assert complaints == []


def test_a_task_of_windows_has_its_parts_in_the_order_of_its_schema() -> None:
    task = ET.parse(SAMPLES / "afterword-sync.xml").getroot()  # noqa: S314 - a file of our own

    names = [part.tag.removeprefix(TASK) for part in task]
    assert names == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
