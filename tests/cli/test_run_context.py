"""Whose zone and which moment a run goes by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.cli.ui import options
from afterword.cli.ui.output import echo
from afterword.services.run_context import RunContext
from tests.running import Result, Run

Machine = Callable[[str | None], None]
NOON = "2026-11-24T12:00:00Z"


@pytest.fixture
def here(run: Run, probe: Callable[[Callable[..., None]], None]) -> Callable[..., Result]:
    """Run a command that prints the zone and the moment that it is given."""

    def body(context: RunContext) -> None:
        echo(f"{context.zone} {context.now.isoformat()}")

    probe(options.with_context(body))
    return lambda *args: run("probe", *args)


def settings(home: Path) -> Path:
    return home / "config" / "afterword" / "settings.toml"


linux = pytest.mark.skipif(
    "sys.platform != 'linux'", reason="finds the settings where Linux has them"
)


@pytest.mark.parametrize(
    ("now", "instant"),
    [
        pytest.param("2026-11-24T18:00:00+02:00", "2026-11-24T16:00:00+00:00", id="offset"),
        pytest.param("2026-11-24T18:00Z", "2026-11-24T18:00:00+00:00", id="utc"),
        pytest.param("2026-11-24T18:00", "2026-11-24T17:00:00+00:00", id="local"),
        pytest.param("2026-11-24 18:00", "2026-11-24T17:00:00+00:00", id="blank"),
        pytest.param("2026-11-24", "2026-11-23T23:00:00+00:00", id="day"),
        pytest.param("2026-03-29T02:30", "2026-03-29T01:30:00+00:00", id="skipped-hour"),
        pytest.param("2026-10-25T02:30", "2026-10-25T00:30:00+00:00", id="hour-that-comes-twice"),
    ],
)
def test_now_is_local_to_the_user_unless_it_says_otherwise(
    here: Callable[..., Result], now: str, instant: str
) -> None:
    assert here("--zone", "Europe/Berlin", "--now", now).text == f"Europe/Berlin {instant}\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--now", "tomorrow"], "'--now': 'tomorrow' is not a time; write 2026-11-24T18:00 or"),
        (["--now", "24/11/2026"], "'--now': '24/11/2026' is not a time"),
        (["--now", "9999-12-31"], "'--now': the year 9999 is not between 1970 and 2199"),
        (["--zone", "Europe/Berln"], "'--zone': unknown time zone 'Europe/Berln'; did you mean 'E"),
        (["--zone", "localtime"], "'--zone': unknown time zone 'localtime'"),
        (["--zone", "../../etc/passwd"], "'--zone': unknown time zone '../../etc/passwd'"),
    ],
)
def test_a_moment_or_zone_that_is_none_is_a_wrong_command_line(
    here: Callable[..., Result], args: list[str], message: str
) -> None:
    result = here(*args)

    assert result.code == 2
    assert result.stderr.startswith(f"afterword: invalid value for {message}")


def test_the_clock_is_read_where_no_moment_is_given(
    here: Callable[..., Result], at: Callable[[str], None]
) -> None:
    at("2026-11-24T18:00:00+02:00")

    assert here("--zone", "Etc/UTC").text == "Etc/UTC 2026-11-24T16:00:00+00:00\n"


@linux
def test_a_zone_on_the_command_line_is_for_that_run(
    here: Callable[..., Result], home: Path
) -> None:
    assert here("--zone", "Asia/Kathmandu", "--now", NOON).text.startswith("Asia/Kathmandu ")
    assert not settings(home).exists()


@linux
def test_the_machine_s_zone_is_kept_at_first_use_and_then_stays(
    here: Callable[..., Result], home: Path, machine_zone: Machine
) -> None:
    machine_zone("Africa/Johannesburg")
    first = here("--now", NOON)
    assert first.text.startswith("Africa/Johannesburg ")
    assert first.stderr == (
        "Your time zone is Africa/Johannesburg, as this computer is set; "
        f"it is saved in {settings(home)}\n"
    )

    assert here("--now", NOON).stderr == ""

    machine_zone("America/New_York")
    travelling = here("--now", NOON)
    assert travelling.text.startswith("Africa/Johannesburg ")
    assert travelling.stderr == (
        "Your plan stays in Africa/Johannesburg, although this computer is set to "
        "America/New_York; if you have moved: afterword settings set zone America/New_York\n"
    )


@pytest.mark.parametrize("machine", ["Africa/Maputo", "Etc/UTC", None])
def test_a_machine_of_the_same_time_or_of_none_is_no_journey(
    here: Callable[..., Result], tmp_path: Path, machine_zone: Machine, machine: str | None
) -> None:
    (tmp_path / "settings.toml").write_text('zone = "Africa/Johannesburg"\n')
    machine_zone(machine)

    assert here("--data", tmp_path, "--now", NOON).stderr == ""


def test_a_machine_that_names_no_zone_is_not_taken_to_be_in_utc(
    here: Callable[..., Result], machine_zone: Machine
) -> None:
    machine_zone(None)

    result = here("--now", NOON)

    assert result.code == 2
    assert result.stdout == b""
    assert "--zone Europe/Berlin" in result.stderr


@linux
def test_a_machine_that_is_set_to_utc_is_believed_aloud_and_not_for_ever(
    here: Callable[..., Result], home: Path, machine_zone: Machine
) -> None:
    machine_zone("Etc/UTC")

    result = here("--now", NOON)

    assert result.text.startswith("Etc/UTC ")
    assert "Times are in Etc/UTC" in result.stderr
    assert not settings(home).exists()


@linux
def test_a_zone_that_cannot_be_kept_is_still_used(
    here: Callable[..., Result], home: Path, machine_zone: Machine
) -> None:
    (home / "config").write_text("a file where a directory should be")
    machine_zone("Europe/Berlin")

    result = here("--now", NOON)

    assert (result.code, result.text[:14]) == (0, "Europe/Berlin ")
    assert result.stderr.startswith("Using the time zone of this computer, Europe/Berlin")


def test_wrong_settings_stop_the_run(here: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("wake = 1\nprivate = 2\n")

    result = here("--data", tmp_path, "--zone", "Europe/Berlin", "--now", NOON)

    assert result.code == 2
    assert result.stderr.splitlines()[0] == (
        f"afterword: 2 mistakes in the settings, {tmp_path / 'settings.toml'}"
    )
