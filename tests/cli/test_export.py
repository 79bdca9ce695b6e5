"""`export`: files that any calendar app takes, the same bytes each time, nothing foreign lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.domain.plans import interview, log, toml
from tests.running import Run

ZONE = ("--zone", "Africa/Johannesburg")
NOW = ("--now", "2026-11-24T18:00:00+02:00", *ZONE)
SAMPLES = Path(__file__).parents[2] / "samples"
WEEK = SAMPLES / "week.toml"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "karoo.toml"
    path.write_bytes(toml(interview("2026-11-24T14:00:00")))
    return path


def events(data: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(data).events)


def test_the_finished_sample_is_what_export_writes(
    run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    result = run("export", WEEK, "-o", tmp_path / "week.ics", *NOW)

    assert (result.code, result.stdout) == (0, b"")
    if request.config.getoption("--update-golden"):
        (SAMPLES / "week.ics").write_bytes((tmp_path / "week.ics").read_bytes())
    assert (tmp_path / "week.ics").read_bytes() == (SAMPLES / "week.ics").read_bytes()


def test_beside_the_input_by_default(run: Run, facts: Path) -> None:
    result = run("export", facts, *NOW)

    written = facts.with_suffix(".ics")
    assert f"wrote 7 events to {written}" in result.stderr
    assert len(events(written.read_bytes())) == 7


def test_a_directory_gets_a_file_for_each_event(run: Run, facts: Path, tmp_path: Path) -> None:
    run("export", facts, "-o", f"{tmp_path / 'calendar'}/", *NOW)

    files = sorted((tmp_path / "calendar").iterdir())
    assert len(files) == 7
    for file in files:
        (event,) = events(file.read_bytes())
        assert file.name == f"{event['UID']}.ics"


def test_stdout_gets_the_bytes_and_nothing_else(run: Run, facts: Path) -> None:
    result = run("export", facts, "-o", "-", *NOW)

    assert len(events(result.stdout)) == 7
    assert result.stderr == ""


def test_every_event_has_its_draft(run: Run, facts: Path) -> None:
    found = events(run("export", facts, "-o", "-", *NOW).stdout)

    for event in found:
        assert "Hello,\n\n" in event["DESCRIPTION"] or "let it rest" in event["SUMMARY"]
        assert "None" not in event["DESCRIPTION"]
        assert "[" not in event["DESCRIPTION"]


def test_another_day_the_same_bytes(run: Run, facts: Path) -> None:
    one, other = (
        run("export", facts, "-o", "-", "--now", now, *ZONE).stdout
        for now in ("2026-11-01T08:00Z", "2027-05-01T08:00Z")
    )

    assert one == other


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8"},
    ],
    ids=["Tokyo", "New York"],
)
def test_on_another_machine_the_same_bytes(environment: dict[str, str], tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "afterword", "export", WEEK, "-o", "-", *ZONE],
        env={**os.environ, "HOME": str(tmp_path), **environment},
        capture_output=True,
        check=True,
    )

    assert result.stdout == (SAMPLES / "week.ics").read_bytes()


def test_a_second_run_writes_the_same(run: Run, facts: Path) -> None:
    first = run("export", facts, *NOW), facts.with_suffix(".ics").read_bytes()
    second = run("export", facts, *NOW), facts.with_suffix(".ics").read_bytes()

    assert [result.code for result, _ in (first, second)] == [0, 0]
    assert first[1] == second[1]


@pytest.mark.parametrize("output", ["foreign.ics", "folder/"])
def test_a_foreign_file_is_not_overwritten(
    run: Run, facts: Path, tmp_path: Path, output: str
) -> None:
    foreign = tmp_path / "foreign.ics"
    if output.endswith("/"):
        uid = events(run("export", facts, "-o", "-", *NOW).stdout)[0]["UID"]
        foreign = tmp_path / "folder" / f"{uid}.ics"
        foreign.parent.mkdir()
    foreign.write_text("BEGIN:VCALENDAR\nPRODID:-//Other//EN\nEND:VCALENDAR\n", encoding="ascii")
    before = foreign.read_bytes()

    refused = run("export", facts, "-o", f"{tmp_path}/{output}", *NOW)

    assert refused.code == 73
    assert "--force" in refused.stderr
    assert foreign.read_bytes() == before

    assert run("export", facts, "-o", f"{tmp_path}/{output}", "--force", *NOW).code == 0
    assert foreign.read_bytes() != before


@pytest.mark.parametrize("output", ["all.ics", "folder/", "-"])
def test_one_bad_file_and_nothing_is_written(
    run: Run, facts: Path, tmp_path: Path, output: str
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_bytes(toml(interview("2026-11-24T14:00:00", zone="Europe/Berln")))
    target = output if output == "-" else f"{tmp_path}/{output}"

    result = run("export", facts, bad, "-o", target, *NOW)

    assert (result.code, result.stdout) == (65, b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml", "karoo.toml"]


def test_nothing_left_to_do_writes_nothing(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "closed.toml"
    facts.write_bytes(toml(interview("2026-11-24T14:00:00") + log("2026-11-25: closed = true")))

    result = run("export", facts, *NOW)

    assert result.code == 0
    assert "nothing to write" in result.stderr
    assert not facts.with_suffix(".ics").exists()


def test_several_inputs_need_a_place_to_write_to(run: Run, facts: Path) -> None:
    result = run("export", facts, "-", *NOW)

    assert result.code == 2
    assert "-o FILE.ics" in result.stderr


def test_a_private_calendar_tells_nothing(run: Run, facts: Path, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("private = true\n", encoding="utf-8")

    data = run("export", facts, "-o", "-", "--data", tmp_path, *NOW).stdout

    assert b"Karoo" not in data
    assert b"job" not in data.lower()
    assert b"Marketing" not in data
    assert len(events(data)) == 7


def test_hostile_text_stays_text(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "hostile.toml"
    facts.write_text(
        'company = "Acme\\r\\nATTACH:http://evil.example"\n'
        'role = "Boss\\nEND:VEVENT\\nBEGIN:VEVENT \\u001B[31m{{ 7*7 }}"\n'
        "[[interview]]\nstart = 2026-11-24T14:00:00Z\n"
        '[[interview.interviewer]]\nname = "Bob \\"The\\" X;ROLE=CHAIR:mailto:e@x.example"\n',
        encoding="utf-8",
    )

    data = run("export", facts, "-o", "-", *NOW).stdout

    assert len(events(data)) == 7
    lines = data.split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTACH", b"ROLE", b"ATTENDEE"))]
    assert b"{{ 7*7 }}" in data.replace(b"\r\n ", b"")
    assert b"\x1b" not in data


def test_who_keeps_nothing_is_told_what_to_do_first(run: Run, tmp_path: Path) -> None:
    result = run("export", "-o", tmp_path / "x.ics", "--data", tmp_path / "none", *NOW)

    assert result.code == 0
    assert result.stderr == (
        'nothing is stored yet; begin with: afterword add "COMPANY" "ROLE" --at WHEN\n'
    )


def test_an_export_without_news_says_so(run: Run, facts: Path) -> None:
    first, second = (run("export", facts, *NOW).stderr for _ in range(2))

    assert first.endswith(".ics\n")
    assert second.endswith(".ics: nothing new\n")
