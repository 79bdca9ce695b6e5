"""Screens as people see them on terminals of several widths."""

from __future__ import annotations

import pytest

from afterword.cli.ui.columns import display_width
from tests.cli.life import Life

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
    # Only an id that no line can hold may be longer: in parts it could not be copied.
    too_long = [line for line in lines if display_width(line) > width]
    assert [line for line in too_long if width >= 80 or " " in line.strip()] == []
    assert sorted("".join(found.text.split())) == sorted("".join(piped.text.split()))
    if width >= 80:
        assert sorted(found.text.split()) == sorted(piped.text.split())
