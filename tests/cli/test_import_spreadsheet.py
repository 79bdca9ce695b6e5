"""`import` of a spreadsheet: many rows, several clients, and only the good ones where asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.running import Result, Run

CLIENTS = Path(__file__).parents[2] / "samples" / "clients.csv"
HEAD = "company,role,date,time,zone,applicant\n"
GOOD = "Karoo Analytics,Designer,2026-11-24,14:00,Africa/Johannesburg,Noor Haddad\n"
BAD = "Tui Software,Designer,2026-11-31,14:00,Africa/Johannesburg,Noor Haddad\n"


class Coach:
    """Somebody who imports into one data directory."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.data = folder / "data"

    def __call__(self, *arguments: object, text: str = "", **how: Any) -> Result:
        fixed = ("--now", "2026-11-20T09:00Z", "--zone", "Europe/Berlin", "--data", self.data)
        return self.run(*arguments, *fixed, input=text.encode(), **how)

    def kept(self) -> list[str]:
        return sorted(path.stem for path in self.data.glob("*.toml"))


@pytest.fixture
def coach(run: Run, tmp_path: Path) -> Coach:
    return Coach(run, tmp_path)


def test_the_sample(coach: Coach) -> None:
    result = coach("import", CLIENTS, "--json")

    events = result.json["files"][0]["events"]
    assert [event["action"] for event in events] == ["added"] * 4
    assert events[0]["start"] == "2026-11-24T14:00:00+02:00"
    assert len(coach.kept()) == 3


def test_the_same_table_twice_changes_nothing(coach: Coach) -> None:
    coach("import", CLIENTS)
    before = [path.read_bytes() for path in sorted(coach.data.iterdir())]

    again = coach("import", CLIENTS, "--json").json["files"][0]["events"]

    assert {event["action"] for event in again} == {"unchanged"}
    assert [path.read_bytes() for path in sorted(coach.data.iterdir())] == before


@pytest.mark.parametrize(
    ("before", "rows", "said"),
    [
        ("", GOOD, "1 new interview of 1 application, on Tue 24 Nov 2026"),
        (
            "",
            GOOD + GOOD.replace("2026-11-24", "2027-01-05"),
            "2 new interviews of 1 application, from Tue 24 Nov 2026 to Tue 5 Jan 2027",
        ),
        (
            GOOD,
            GOOD + GOOD.replace("Karoo Analytics", "Tui Software"),
            "1 new interview of 1 application, on Tue 24 Nov 2026; 1 interview is already stored",
        ),
        (GOOD, GOOD, "nothing new: 1 interview is already stored"),
    ],
    ids=["one", "two of one", "one known", "all known"],
)
def test_it_tells_what_a_table_came_to(coach: Coach, before: str, rows: str, said: str) -> None:
    if before:
        coach("import", "-", text=HEAD + before)

    assert coach("import", "-", text=HEAD + rows).text == f"standard input: {said}\n"


def test_rows_without_a_zone_are_told_theirs(coach: Coach) -> None:
    row = GOOD.replace("Africa/Johannesburg", "")

    users = coach("import", "-", "--dry-run", text=HEAD + row)
    theirs = coach("import", "-", "--employer-zone", "Asia/Tokyo", "--json", text=HEAD + row)

    assert "1 interview without a time zone, assumed to be in Europe/Berlin" in users.stderr
    assert "Dry run: nothing was saved" in users.stderr
    assert theirs.json["files"][0]["events"][0]["start"] == "2026-11-24T14:00:00+09:00"


def test_a_new_row_is_the_next_round(coach: Coach) -> None:
    coach("import", "-", text=HEAD + GOOD)
    later = GOOD.replace("2026-11-24", "2026-12-01")

    events = coach("import", "-", "--json", text=HEAD + GOOD + later).json["files"][0]["events"]

    assert [event["action"] for event in events] == ["unchanged", "added"]
    assert len(coach.kept()) == 1


def test_a_row_at_another_time_may_be_an_interview_that_was_moved(coach: Coach) -> None:
    coach("import", "-", text=HEAD + GOOD)
    moved = HEAD + GOOD.replace("2026-11-24", "2026-11-26")

    result = coach("import", "-", text=moved)

    (id,) = coach.kept()
    assert "the date differs from 1 saved application" in result.stderr
    assert "to apply it: afterword import --update -" in result.stderr
    assert "nothing new" in result.text
    (interview,) = coach("show", id, "--json").json["facts"]["interview"]
    coach("import", "--update", "-", text=moved)
    (after,) = coach("show", id, "--json").json["facts"]["interview"]
    assert (after["id"], after["start"][:10]) == (interview["id"], "2026-11-26")
    assert "nothing new: 1 interview is already stored" in coach("import", "-", text=moved).text


def test_what_a_table_states_otherwise_of_a_known_interview_is_said(coach: Coach) -> None:
    head = HEAD.replace("zone", "zone,status,decision by,interviewer")
    before, after = (
        head + GOOD.replace("Johannesburg,", f"Johannesburg{cells}")
        for cells in (",,,,", ",cancelled,2026-12-04,Thandi Nkosi,")
    )
    coach("import", "-", text=before)

    said = coach("import", "-", text=after).stderr

    for column in ("status", "decision by", "interviewer"):
        assert said.count(f"the {column} differs from 1 saved application") == 1
    assert "to apply it: afterword import --update -" in said
    assert "differs" not in coach("import", "-", text=before).stderr


def test_every_bad_row_is_named_with_its_line_and_nothing_is_kept(coach: Coach) -> None:
    result = coach("import", "-", text=HEAD + GOOD + BAD)

    assert result.code == 65
    assert "line 3" in result.stderr
    assert "--partial" in result.stderr
    assert coach.kept() == []


def test_the_good_rows_alone_where_asked(coach: Coach) -> None:
    result = coach("import", "-", "--partial", text=HEAD + GOOD + BAD)

    assert result.code == 0
    assert "1 row left out:\n  line 3: " in result.stderr
    assert coach.kept() == ["noor-haddad-karoo-analytics-designer"]


def test_dates_that_can_be_read_both_ways_are_asked_about(coach: Coach) -> None:
    text = HEAD + GOOD.replace("2026-11-24", "03/04/2027")

    assert "--dates dmy" in coach("import", "-", text=text).stderr
    (event,) = coach("import", "-", "--dates", "dmy", "--json", text=text).json["files"][0][
        "events"
    ]
    assert event["start"].startswith("2027-04-03T14:00")


def test_the_template_is_a_table_that_is_taken(coach: Coach) -> None:
    template = coach.run("import", "--template", "csv").text

    assert coach("import", "-", "--json", text=template).code == 0
    assert len(coach.kept()) == 1


def test_each_client_gets_a_folder(coach: Coach, tmp_path: Path) -> None:
    coach("import", CLIENTS)

    result = coach("export", "--per-applicant", tmp_path / "clients")

    assert result.code == 0
    folders = sorted((tmp_path / "clients").iterdir())
    assert [folder.name.rpartition("-")[0] for folder in folders] == ["luis-ortega", "noor-haddad"]
    for folder in folders:
        text = (folder / "job-search.ics").read_text("utf-8")
        assert ("Fjord" in text) == folder.name.startswith("luis")


def test_the_folder_of_a_client_who_is_gone_is_cancelled(coach: Coach, tmp_path: Path) -> None:
    coach("import", CLIENTS)
    coach("export", "--per-applicant", tmp_path / "clients")
    coach("forget", "fjord", "--yes")

    told = coach("export", "--per-applicant", tmp_path / "clients")

    assert told.code == 0
    (path,) = (tmp_path / "clients").glob("luis-ortega-*/job-search.ics")
    text = path.read_text("utf-8")
    assert text.count("STATUS:CANCELLED") == text.count("BEGIN:VEVENT") > 0
    (other,) = (tmp_path / "clients").glob("noor-haddad-*/job-search.ics")
    assert "STATUS:CANCELLED" not in other.read_text("utf-8")


def test_a_client_is_spoken_for_in_their_own_name(coach: Coach) -> None:
    coach("import", CLIENTS)

    assert "Noor Haddad" in coach("draft", "karoo").text


def test_a_long_table_shows_how_far_it_is_on_a_terminal(coach: Coach, tmp_path: Path) -> None:
    rows = [GOOD.replace("Designer", f"Designer {n}") for n in range(1_001)]
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "".join(rows), "utf-8")

    result = coach("import", path, "--dry-run", "--json", tty=True)

    assert "reading" in result.stderr
    assert len(json.loads(result.stdout)["files"][0]["events"]) == 1_001
