"""Tables of trackers, calendars and people (tests/fixtures/tables), with their right values."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword.domain.model import Application, Interview
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.spreadsheet_reader import read_table
from afterword.importers.spreadsheet.status_words import StatusMeaning

TABLES = Path(__file__).parents[2] / "fixtures" / "tables"
EXPECTED: dict[str, dict[str, Any]] = json.loads((TABLES / "expected.json").read_text("utf-8"))
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_table_is_read(name: str) -> None:
    expected = EXPECTED[name]
    options = TableOptions(
        zone=ZoneInfo("Europe/London"),
        columns={title: Column(value) for title, value in expected.get("columns", {}).items()},
        statuses={k: StatusMeaning(value) for k, value in expected.get("statuses", {}).items()},
        **expected.get("options", {}),
    )

    reading = read_table((TABLES / f"{name}.csv").read_bytes(), options, source=name)

    interviews = [(a, i) for a in reading.applications for i in a.interviews]
    assert len(interviews) == len(expected["interviews"])
    for (application, interview), values in zip(interviews, expected["interviews"], strict=True):
        check(application, interview, values)
    statuses = [reading.rows[interview.id].status for _, interview in interviews]
    if status := expected.get("status"):
        assert [s and s.meaning for s in statuses] == [status] * len(interviews)
    if at := expected.get("status_at"):
        assert [s and s.at and s.at.isoformat() for s in statuses] == [at] * len(interviews)


def check(application: Application, interview: Interview, values: dict[str, Any]) -> None:
    start = dt.datetime.fromisoformat(values["start"])
    end = dt.datetime.fromisoformat(values["end"]) if "end" in values else start + HOUR
    assert (application.company, application.role) == (values["company"], values["role"])
    assert (interview.start, interview.end) == (start, end)
    assert interview.zone == ZoneInfo(values.get("zone", "Europe/London"))
    if "round" in values:
        assert interview.round == values["round"]
    if "location" in values:
        assert interview.location == values["location"]
    if "interviewers" in values:
        assert [person.name for person in interview.interviewers] == values["interviewers"]
    if "applicant" in values:
        assert application.applicant
        assert application.applicant.name == values["applicant"]
    if "contact" in values:
        assert application.contact
        assert application.contact.email == values["contact"]


def test_every_table_has_its_values() -> None:
    assert {path.stem for path in TABLES.glob("*.csv")} == EXPECTED.keys()
    assert len(EXPECTED) >= 40


def test_a_time_with_a_zone_is_not_said_to_be_without() -> None:
    for name in ("zone-behind-time", "zone-offset", "next-interview"):
        options = TableOptions(zone=ZoneInfo("Europe/London"))
        reading = read_table((TABLES / f"{name}.csv").read_bytes(), options, source=name)
        assert not any("time zone" in notice for notice in reading.notices)
