"""Screens as people see them on terminals of several widths."""

from __future__ import annotations

import re

import pytest

from afterword.cli.ui.output import display_width
from tests.cli.life import Life
from tests.running import Golden

NOW = "2026-12-03 10:00"
HOME = "Africa/Johannesburg"


@pytest.fixture
def coach(life: Life) -> Life:
    """Return a coach whose two clients apply to the same company for the same role."""
    role = "Karoo Analytics,Marketing Manager"
    table = (
        "company,role,date,time,zone,applicant,interviewer,interviewer email\n"
        f"{role},2026-11-24,14:00,{HOME},Mia Berg,Thandi Nkosi,t@karoo.example\n"
        f"{role},2026-11-26,09:00,{HOME},Evelyn Chikwanda,Thandi Nkosi,\n"
        "Fjord Logistics,Data Analyst,2026-12-02,11:00,Europe/Oslo,Evelyn Chikwanda,,\n"
    )
    path = life.data.parent / "clients.csv"
    path.write_text(table)
    life("2026-11-20 10:00", "import", path)
    return life


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("command", ["next", "list", "show fjord", "plan", "stats"])
def test_screens_fit_the_terminal(
    coach: Life, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    piped = coach(NOW, *command.split())
    found = coach(NOW, *command.split(), tty=True)

    lines = [*found.text.splitlines(), *found.stderr.split("\r")[-1].splitlines()]
    # Only an id or a command that no line can hold may be longer: in parts it cannot be copied.
    too_long = [line.strip() for line in lines if display_width(line) > width]
    too_long = [line for line in too_long if not line.startswith("afterword ")]
    assert [line for line in too_long if width >= 80 or " " in line] == []
    assert sorted("".join(found.text.split())) == sorted("".join(piped.text.split()))
    if width >= 80:
        assert sorted(found.text.split()) == sorted(piped.text.split())


def test_the_client_is_the_first_column(coach: Life) -> None:
    assert {line.split("  ")[0] for line in coach(NOW, "next").text.splitlines()} == {
        "Mia Berg",
        "Evelyn Chikwanda",
    }
    assert {line.split("  ")[0] for line in coach(NOW, "list").text.splitlines()} == {
        "Mia Berg",
        "Evelyn Chikwanda",
    }


def test_the_client_comes_first_in_choices_and_screens(coach: Life) -> None:
    choices = coach.refused(NOW, "sent", "karoo").splitlines()[1:]
    shown = coach(NOW, "show", "mia").text
    logged = coach(NOW, "sent", "mia", "first").text

    assert [line.strip().split(":")[0] for line in choices] == ["Evelyn Chikwanda", "Mia Berg"]
    assert shown.startswith("Mia Berg: Karoo Analytics, Marketing Manager")
    assert logged.startswith("Mia Berg: Karoo Analytics: first-follow-up sent")


def test_a_headline_counts(coach: Life) -> None:
    assert "1 overdue, 2 due today, 3 coming" in coach(NOW, "next").stderr
    assert "overdue" not in coach("2026-11-20 11:00", "next").stderr


@pytest.mark.parametrize(
    ("command", "names"),
    [
        ("next mia", {"Mia Berg"}),
        ("next --client mia", {"Mia Berg"}),
        ("next fjord", {"Evelyn Chikwanda"}),
        ("list --client chik", {"Evelyn Chikwanda"}),
        ("list --state rejected", {"Mia Berg"}),
        ("list --state closed", set()),
    ],
)
def test_lists_are_limited(coach: Life, command: str, names: set[str]) -> None:
    if "--state" in command:
        coach(NOW, "heard", "mia", "rejected")

    found = coach(NOW, *command.split()).text.splitlines()

    assert {line.split("  ")[0] for line in found} == names


def test_an_unknown_client_is_refused_with_the_names(coach: Life) -> None:
    assert "there are: Evelyn Chikwanda, Mia Berg" in coach.refused(NOW, "list", "--client", "Zoe")


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("next", "next"),
        ("list", "list"),
        ("show fjord", "show"),
        ("plan mia", "plan"),
        ("draft mia first", "draft"),
        ("stats", "stats"),
    ],
    ids=lambda value: str(value).split()[0],
)
def test_a_screen_is_as_it_was_judged(
    coach: Life,
    monkeypatch: pytest.MonkeyPatch,
    golden: Golden,
    command: str,
    name: str,
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")

    found = coach(NOW, *command.split(), tty=True)

    messages = re.sub(r"[^\n]*\r", "", found.stderr).replace("\x1b[K", "")
    golden(f"{found.text}--- stderr\n{messages}", f"screen-{name}-{width}.txt")


@pytest.mark.parametrize("command", ["next", "list", "plan mia"], ids=lambda text: text.split()[0])
def test_colours_are_as_they_were_judged(coach: Life, golden: Golden, command: str) -> None:
    found = coach(NOW, *command.split(), tty=True)

    readable = found.text.replace("\x1b", "\\e")
    golden(readable, f"screen-{command.split(maxsplit=1)[0]}-colour.txt")
