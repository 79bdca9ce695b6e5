"""`import` of tables with statuses: outcomes are logged, unknown ones asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.running import Result, Run

pytestmark = pytest.mark.usefixtures("is_set_up")

NOW = "2027-02-01T09:00:00+00:00"
HEAD = "Company,Role,Interview Date,Status"
STEPS = {"thank-you", "first-follow-up", "second-follow-up", "move-on", "reply"}

Import = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def do(run: Run, data: Path) -> Import:
    """Return a function that runs a command; `text` is the table on standard input."""
    settings = data / "settings.toml"
    data.mkdir()
    settings.write_text('zone = "Europe/Paris"\n')
    settings.chmod(0o600)

    def call(*arguments: object, text: str = "", **how: Any) -> Result:
        fixed = ("--now", NOW, "--zone", "Europe/Paris", "--data", data)
        return run(*arguments, *fixed, input=text.encode(), **how)

    return call


def live(do: Import) -> set[str]:
    (application,) = do("plan", "--json").json["applications"]
    return {s["step"] for s in application["steps"] if s["state"] not in {"withdrawn", "done"}}


def log(do: Import, app: str = "larkspur") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = do("show", app, "--json").json["facts"].get("log", [])
    return entries


@pytest.mark.parametrize("start", ["2027-01-28 14:00", "2027-02-01 09:30", "2027-02-20 14:00"])
@pytest.mark.parametrize(
    "status",
    ["Rejected", "Absage", "Withdrawn", "Ghosted", "On hold", "Offer", "Hired", "Declined"],
)
def test_nothing_is_written_after_an_outcome(do: Import, status: str, start: str) -> None:
    result = do("import", "-", text=f"{HEAD}\nLarkspur,Data Engineer,{start},{status}\n")

    assert result.code == 0
    assert "as of this import, because the table has no date for it" in result.stderr
    assert live(do) == set()


@pytest.mark.parametrize(
    "status", ["Applied", "Screening", "Interview", "Scheduled", "Pending", ""]
)
def test_a_status_under_way_changes_nothing(do: Import, status: str) -> None:
    do("import", "-", text=f"{HEAD}\nLarkspur,Data Engineer,2027-01-28 14:00,{status}\n")

    assert log(do) == []
    assert live(do) == STEPS - {"thank-you", "reply"} | ({"thank-you"} & live(do))


@pytest.mark.parametrize(
    ("column", "cell", "at", "steps"),
    [
        ("Closed on", "2027-01-30", "2027-01-30", set()),
        ("Last updated", "30/01/2027", "2027-01-30", set()),
        ("Status date", "2027-02-01 08:00", "2027-02-01T08:00:00+01:00", {"reply"}),
        ("Status date", "2027-01-02", "2027-01-28T15:00:00+01:00", set()),
        ("Status date", "2027-03-02", "2027-02-01T10:00:00+01:00", set()),
        ("Status date", "n/a", "2027-02-01T10:00:00+01:00", set()),
    ],
    ids=["day", "last update", "today", "before the interview", "in the future", "none"],
)
def test_an_outcome_is_dated_by_a_column(
    do: Import, column: str, cell: str, at: str, steps: set[str]
) -> None:
    do("import", "-", text=f"{HEAD},{column}\nLarkspur,PM,2027-01-28 14:00,Rejected,{cell}\n")

    assert str(log(do)[0]["at"]) == at
    assert log(do)[0]["heard"] == "rejected"
    assert live(do) == steps


def test_statuses_that_are_not_understood_are_reported_by_value(do: Import, data: Path) -> None:
    rows = "A,PM,2027-01-28 14:00,On ice\nB,PM,2027-01-28 14:00,Applied\n"
    rows += "C,PM,2027-01-28 14:00,ON ICE\nD,PM,2027-01-28 14:00,Kaput\n"

    refused = do("import", "-", text=f"{HEAD}\n{rows}")

    assert refused.code == 65
    assert "lines 2, 4: Status: 'On ice' is not understood" in refused.stderr
    assert '--status "On ice=closed"' in refused.stderr
    assert "line 5: Status: 'Kaput'" in refused.stderr
    assert list(data.glob("[a-d]*.toml")) == []
    partly = do("import", "-", "--partial", text=f"{HEAD}\n{rows}")
    assert (partly.code, [p.stem for p in data.glob("[a-d]*.toml")]) == (0, ["b-pm"])


def test_a_status_is_remembered(do: Import, data: Path) -> None:
    text = f"{HEAD}\nLarkspur,PM,2027-01-28 14:00,On ice\n"

    first = do("import", "-", "--status", "On ice=closed", text=text)

    assert first.code == 0
    assert live(do) == set()
    assert 'zone = "Europe/Paris"' in (data / "settings.toml").read_text()
    do("undo", "larkspur")
    assert do("import", "-", text=text.replace("On ice", "ON ICE!")).code == 0


def test_a_dry_run_remembers_nothing(do: Import, data: Path) -> None:
    text = f"{HEAD}\nLarkspur,PM,2027-01-28 14:00,On ice\n"

    do("import", "-", "--dry-run", "--status", "On ice=closed", text=text)

    assert "ice" not in (data / "settings.toml").read_text()


@pytest.mark.parametrize("typed", ["On ice", "On ice=", "=closed", "On ice=maybe"])
def test_a_wrong_meaning_is_a_usage_error(do: Import, typed: str) -> None:
    text = f"{HEAD}\nLarkspur,PM,2027-01-28 14:00,On ice\n"

    assert do("import", "-", "--status", typed, text=text).code == 2


def test_a_status_is_asked_about_on_a_terminal(do: Import, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{HEAD}\nLarkspur,PM,2027-01-28 14:00,On ice\nB,PM,2027-01-28 14:00,Odd\n")

    result = do("import", path, text="no idea\nclosed\nskip\n", tty=True)

    assert result.code == 0
    assert "is none of" in result.stderr
    assert live(do) == set()


def test_a_stage_or_a_decision_may_be_an_outcome(do: Import) -> None:
    head = "Company,Role,Interview Date,Stage,Decision"
    do("import", "-", text=f"{head}\nLarkspur,PM,2027-01-28 14:00,Final,Rejected\n")

    assert live(do) == set()


def test_the_status_of_the_latest_round_counts(do: Import) -> None:
    rows = "Larkspur,PM,2027-01-20 14:00,Rejected\nLarkspur,PM,2027-01-28 14:00,Interview\n"

    do("import", "-", text=f"{HEAD}\n{rows}")

    assert log(do) == []


@pytest.mark.parametrize("reopen", [False, True])
def test_the_same_table_again_logs_nothing_more(do: Import, reopen: bool) -> None:
    text = f"{HEAD}\nLarkspur,PM,2027-01-28 14:00,Ghosted\n"
    do("import", "-", text=text)
    if reopen:
        do("reopen", "larkspur")
    before = log(do)

    for flags in ((), ("--update",)):
        assert "nothing new" in do("import", "-", *flags, text=text).text

    assert log(do) == before


class TestSilence:
    """An interview over 30 days ago, without an answer."""

    OLD = f"{HEAD}\nLarkspur,PM,2026-12-20 14:00,Interview\n"

    def test_is_closed_off_a_terminal_and_can_be_reopened(self, do: Import) -> None:
        result = do("import", "-", text=self.OLD)

        assert "closed as of this import; afterword reopen APP" in result.stderr
        assert live(do) == set()
        do("reopen", "larkspur")
        assert "first-follow-up" in live(do)

    @pytest.mark.parametrize(("answer", "closed"), [("y\n", True), ("n\n", False)])
    def test_is_asked_about_on_a_terminal(
        self, do: Import, tmp_path: Path, answer: str, closed: bool
    ) -> None:
        path = tmp_path / "table.csv"
        path.write_text(self.OLD)

        do("import", path, text=answer, tty=True)

        assert (live(do) == set()) is closed

    @pytest.mark.parametrize(
        ("row", "closed"),
        [
            ("2027-01-03 14:00,Interview,", False),
            ("2026-12-20 14:00,Interview,2027-02-10", False),
            ("2026-12-20 14:00,Interview,2027-01-10", True),
        ],
        ids=["29 days ago", "they decide later", "they should have decided"],
    )
    def test_counts_from_the_end_and_the_decision(self, do: Import, row: str, closed: bool) -> None:
        do("import", "-", text=f"{HEAD},Decision by\nLarkspur,PM,{row}\n")

        assert (live(do) == set()) is closed
