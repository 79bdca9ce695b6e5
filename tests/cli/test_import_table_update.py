"""`import --update`: what differs in a table from what is saved, shown, applied and undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.running import Result, Run

NOW = "2027-02-01T09:00:00+00:00"
COLUMNS = (
    *("company", "role", "date", "round", "status", "interviewer", "interviewer email"),
    *("contact", "contact email", "country", "decision by", "applicant", "applicant email"),
)
ROW = {
    "company": "Larkspur",
    "role": "PM",
    "date": "2027-02-10 14:00",
    "round": "Panel",
    "interviewer": "Ada Obi",
    "interviewer email": "ada@larkspur.example",
    "country": "GB",
    "contact": "Bo Lee",
    "contact email": "bo@larkspur.example",
    "applicant": "Sam Seeker",
    "applicant email": "sam@mail.example",
}

Import = Callable[..., Result]


def table(*rows: dict[str, str]) -> str:
    lines = [",".join(row.get(column, "") for column in COLUMNS) for row in rows]
    return "\n".join([",".join(COLUMNS), *lines, ""])


@pytest.fixture
def do(run: Run, tmp_path: Path) -> Import:
    def call(*arguments: object, text: str = "", **how: Any) -> Result:
        fixed = ("--now", NOW, "--zone", "Europe/London", "--data", tmp_path / "data")
        return run(*arguments, *fixed, input=text.encode(), **how)

    return call


def facts(do: Import) -> dict[str, Any]:
    (application,) = do("plan", "--json").json["applications"]
    found: dict[str, Any] = do("show", application["id"], "--json").json["facts"]
    return found


def value(found: dict[str, Any], path: str) -> str:
    current: Any = found
    for key in path.split("."):
        current = current[int(key)] if key.isdigit() else current.get(key)
    return str(current)


CHANGES = [
    ("date", "2027-02-12 10:00", "date", "interview.0.start", "2027-02-12T10:00:00"),
    ("status", "Cancelled", "status", "interview.0.status", "cancelled"),
    ("status", "Rejected", "status", "log.0.heard", "rejected"),
    ("status", "Ghosted", "status", "log.0.closed", "True"),
    (
        "interviewer",
        "Ada Obi-Bell",
        "interviewer",
        "interview.0.interviewer.0.name",
        "Ada Obi-Bell",
    ),
    (
        *("interviewer email", "obi@larkspur.example", "interviewer email"),
        *("interview.0.interviewer.0.email", "obi@larkspur.example"),
    ),
    ("contact", "Cy Roe", "contact", "contact.name", "Cy Roe"),
    (
        "contact email",
        "lee@larkspur.example",
        "contact email",
        "contact.email",
        "lee@larkspur.example",
    ),
    ("country", "Ireland", "country", "country", "IE"),
    ("decision by", "2027-02-20", "decision by", "interview.0.decision_by", "2027-02-20"),
    ("applicant email", "sam@new.example", "applicant email", "applicant.email", "sam@new.example"),
]


@pytest.mark.parametrize(
    ("column", "cell", "named", "path", "after"),
    CHANGES,
    ids=[f"{change[0]}: {change[1]}" for change in CHANGES],
)
def test_a_difference_is_pointed_out_previewed_applied_and_undone(
    do: Import, column: str, cell: str, named: str, path: str, after: str
) -> None:
    do("import", "-", text=table(ROW))
    before = facts(do)
    changed = table(ROW | {column: cell})

    plain = do("import", "-", text=changed)

    assert plain.stderr.count(f"the {named} differs from 1 saved application") == 1
    assert "to apply it: afterword import --update -" in plain.stderr
    assert facts(do) == before
    preview = do("import", "--update", "--dry-run", "-", text=changed)
    assert f": {named}: " in preview.text
    assert facts(do) == before
    applied = do("import", "--update", "-", text=changed)
    assert preview.text == applied.text
    assert value(facts(do), path).startswith(after)
    assert value(facts(do), "interview.0.id") == value(before, "interview.0.id")
    assert "nothing new" in do("import", "--update", "-", text=changed).text
    assert do("undo", "--import").code == 0
    assert facts(do) == before


def test_each_column_is_pointed_out_once_for_all_rows(do: Import) -> None:
    rows = [ROW | {"role": f"PM {n}"} for n in range(8)]
    do("import", "-", text=table(*rows))

    said = do("import", "-", text=table(*(row | {"country": "IE"} for row in rows))).stderr

    assert said.count("differs") == 1
    assert "the country differs from 8 saved applications" in said


def test_an_empty_cell_changes_nothing(do: Import) -> None:
    do("import", "-", text=table(ROW))
    before = facts(do)
    few = {key: ROW[key] for key in ("company", "role", "date", "applicant")}

    result = do("import", "--update", "-", text=table(few))

    assert "nothing new: 1 interview is already stored\n" in result.text
    assert facts(do) == before


def test_the_events_of_an_update(do: Import) -> None:
    second = ROW | {"role": "Buyer"}
    third = ROW | {"role": "Cook"}
    do("import", "-", text=table(ROW, second, third))
    rows = (
        ROW | {"date": "2027-02-11 14:00"},
        second | {"status": "Cancelled"},
        third | {"country": "IE"},
    )

    events = do("import", "--update", "--json", "-", text=table(*rows)).json["files"][0]["events"]

    assert [event["action"] for event in events] == ["moved", "cancelled", "updated"]


@pytest.mark.parametrize(
    ("stored", "row", "interviews"),
    [
        (("2027-02-10 14:00", ""), ("2027-02-12 14:00", ""), 1),
        (("2027-02-10 14:00", "Panel"), ("2027-02-12 14:00", "panel"), 1),
        (("2027-02-10 14:00", "Panel"), ("2027-02-12 14:00", "Final"), 2),
        (("2027-01-28 14:00", "Interview"), ("2027-02-12 14:00", "Interview"), 2),
        (("2027-01-28 14:00", ""), ("2027-02-12 14:00", ""), 2),
        (("2027-01-28 14:00", ""), ("2027-01-29 14:00", ""), 1),
        (("2027-01-28 14:00", "Panel"), ("2027-02-12 14:00", "Panel"), 1),
    ],
    ids=[
        "to come", "same round", "another round", "next interview of a stage",
        "held, and the next", "held, corrected", "held, postponed",
    ],
)  # fmt: skip
def test_an_interview_at_another_time_is_moved_or_another_round(
    do: Import, stored: tuple[str, str], row: tuple[str, str], interviews: int
) -> None:
    before, after = (table(ROW | {"date": date, "round": name}) for date, name in (stored, row))
    do("import", "-", text=before)

    do("import", "--update", "-", text=after)

    assert len(facts(do)["interview"]) == interviews
    if interviews == 1:
        assert facts(do)["log"][-1]["rescheduled"] is True


@pytest.mark.parametrize(
    ("stored", "row"),
    [
        ("2027-02-10 14:00", "2027-02-10 16:00"),
        ("2027-02-10 14:00", "2027-03-12 14:00"),
        ("2027-01-28 09:00", "2027-01-28 11:00"),
        ("2027-01-20 09:00", "2027-01-28 11:00"),
    ],
    ids=["to come, same day", "to come, a month later", "held, same day", "held, a week later"],
)
def test_a_moved_interview_is_pointed_out_and_never_stored_twice(
    do: Import, stored: str, row: str
) -> None:
    first, second = (ROW | {"date": date, "round": ""} for date in (stored, row))
    do("import", "-", text=table(first))
    before = facts(do)

    plain = do("import", "-", text=table(second))

    assert "the date differs from 1 saved application" in plain.stderr
    assert facts(do) == before
    assert "for another round, add a row instead" in plain.stderr
    do("import", "-", text=table(first, second))
    assert len(facts(do)["interview"]) == 2


def test_the_length_stays_where_the_table_has_none(do: Import) -> None:
    do(
        "import",
        "-",
        text=table(ROW).replace("date", "minutes,date", 1).replace("2027", "45,2027", 1),
    )

    do("import", "--update", "-", text=table(ROW | {"date": "2027-02-12 14:00"}))

    (interview,) = facts(do)["interview"]
    assert (interview["start"], interview["minutes"]) == ("2027-02-12T14:00:00", 45)


class TestClients:
    """Clients of a coach: whose row it is."""

    def test_a_corrected_address_is_the_same_client(self, do: Import) -> None:
        do("import", "-", text=table(ROW))

        result = do("import", "-", text=table(ROW | {"applicant email": "sam@new.example"}))

        assert "nothing new" in result.text
        assert len(do("plan", "--json").json["applications"]) == 1

    def test_namesakes_are_two_clients(self, do: Import) -> None:
        other = ROW | {"applicant email": "sam@other.example"}
        do("import", "-", text=table(ROW, other))

        result = do("import", "--update", "-", text=table(ROW, other | {"country": "IE"}))

        assert len(do("plan", "--json").json["applications"]) == 2
        assert result.text.count(": country: GB -> IE") == 1

    def test_a_corrected_name_is_the_same_client(self, do: Import) -> None:
        do("import", "-", text=table(ROW))

        do("import", "--update", "-", text=table(ROW | {"applicant": "Samuel Seeker"}))

        assert facts(do)["applicant"]["name"] == "Samuel Seeker"


class TestUndo:
    """`undo --import`."""

    def test_takes_back_new_and_changed_applications(self, do: Import) -> None:
        do("import", "-", text=table(ROW))
        before = facts(do)
        rows = (ROW | {"country": "IE"}, ROW | {"role": "Buyer"})
        assert "undo --import" in do("import", "--update", "-", text=table(*rows)).stderr

        result = do("undo", "--import")

        assert "1 application removed, 1 application restored" in result.text
        assert facts(do) == before
        assert do("undo", "--import").code == 2

    def test_does_not_lose_a_later_change(self, do: Import) -> None:
        do("import", "-", text=table(ROW, ROW | {"role": "Buyer"}))
        do("close", "sam-seeker-larkspur-buyer")

        refused = do("undo", "--import")

        assert refused.code == 4
        assert "sam-seeker-larkspur-buyer" in refused.stderr
        assert len(do("plan", "--json").json["applications"]) == 2
        assert do("undo", "--import", "--force").code == 0
        (left,) = do("plan", "--json").json["applications"]
        assert left["id"] == "sam-seeker-larkspur-buyer"

    @pytest.mark.parametrize("arguments", [(), ("larkspur", "--import")])
    def test_needs_one_target(self, do: Import, arguments: tuple[str, ...]) -> None:
        assert do("undo", *arguments).code == 2


def test_a_mapped_header_is_remembered(do: Import, tmp_path: Path) -> None:
    text = "Firm,Role,When exactly?\nLarkspur,PM,2027-02-10 14:00\n"
    (tmp_path / "data").mkdir()
    settings = tmp_path / "data" / "settings.toml"
    settings.write_text("")
    settings.chmod(0o600)

    refused = do("import", "-", text=text)
    do("import", "-", "--map", "When exactly?=date", text=text)

    assert refused.code == 65
    assert '--map "THEIR HEADER=date"' in refused.stderr
    assert "When exactly?" in refused.stderr
    assert "nothing new" in do("import", "-", text=text).text


@pytest.mark.parametrize("typed", ["Firm", "Firm=colour", "=date"])
def test_a_wrong_column_is_a_usage_error(do: Import, typed: str) -> None:
    assert do("import", "-", "--map", typed, text=table(ROW)).code == 2
