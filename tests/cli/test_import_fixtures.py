"""Invitations as calendar programs write them, imported one after the other, with right values."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from tests.running import Result, Run

FOLDER = Path(__file__).parents[1] / "fixtures" / "imports"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
GIVEN = ("--company", "Linden", "--role", "Tester", "--me", "sam.seeker@mail.example")
NOW = ("--now", "2027-02-10T09:00:00+00:00", "--zone", "Europe/Paris")


def chain(name: str) -> list[str]:
    """Return the files to import, the given file last."""
    before = EXPECTED[name].get("after")
    return [*(chain(before) if before else []), name]


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def people(event: dict[str, Any]) -> list[str]:
    return [
        f"{person['name']} <{person['email']}>" if person["email"] else person["name"]
        for person in event["interviewers"]
    ]


def live_thank_yous(result: Result) -> int:
    steps = [step for plan in result.json["applications"] for step in plan["steps"]]
    return sum(s["step"] == "thank-you" and s["state"] != "withdrawn" for s in steps)


@pytest.mark.parametrize("name", EXPECTED)
def test_it_is_imported_with_the_right_values(run: Run, tmp_path: Path, name: str) -> None:
    expected = EXPECTED[name]
    fixed = (*GIVEN, *NOW, "--data", tmp_path, "--json")
    *earlier, last = chain(name)
    for path in earlier:
        run("import", FOLDER / path, *fixed)
    result = run("import", FOLDER / last, *fixed)

    if "refused" in expected:
        assert (result.code, expected["refused"] in result.stderr) == (65, True), result.stderr
        return
    assert result.code == 0, result.stderr
    events = result.json["files"][0]["events"]
    assert len(events) == expected.get("events", 1)
    event = events[0]
    for key in {"start", "end"} & expected.keys():
        assert instant(event[key]) == instant(expected[key])
    assert event["action"] == expected.get("action", event["action"])
    assert people(event) == expected.get("people", people(event))
    if "warns" in expected:
        assert all(any(expected["warns"] in w for w in e["warnings"]) for e in events)
    if "thank_yous" in expected:
        plan = run("plan", *NOW, "--data", tmp_path, "--json")
        assert live_thank_yous(plan) == expected["thank_yous"]


def test_every_fixture_is_expected() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*EXPECTED, "expected.json"}
