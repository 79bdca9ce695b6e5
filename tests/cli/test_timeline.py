"""`plan --timeline`: the picture of the plan's dates, on any terminal and without colour."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.cli.ui.output import display_width
from afterword.cli.ui.timeline_view import TimeAxis
from afterword.messages.i18n import get_language
from tests.cli.life import Life
from tests.running import Golden, Run

ZONE = ("--zone", "Africa/Johannesburg")
NOW = ("--now", "2026-11-28T10:00", *ZONE)
WEEK = Path(__file__).parents[2] / "samples" / "week.toml"
WIDE = """
[[application]]
company = "株式会社ユーエックス東京デザインスタジオ"
role = "デザイナー"
[[application.interview]]
start = 2026-11-24T14:00:00+09:00

[[application]]
company = "Zoë 👩‍🎤 & Søn's"
role = "Bürokauffrau"
[[application.interview]]
start = 2026-11-26T09:00:00+01:00
[[application.log]]
at = 2026-11-27T10:00:00+01:00
heard = "positive"
"""


@pytest.mark.parametrize("width", [120, 80, 40, 0], ids=["120", "80", "40", "piped"])
def test_the_picture_is_as_it_was_judged(
    run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width or 80))
    monkeypatch.setenv("NO_COLOR", "1")

    drawn = run("plan", WEEK, "--timeline", *NOW, tty=bool(width))

    assert drawn.code == 0
    assert max(map(len, drawn.text.splitlines()[:-2])) <= (width or 120)
    golden(drawn.stdout, f"timeline-{width or 'piped'}.txt")


def test_colours_are_as_they_were_judged(run: Run, golden: Golden) -> None:
    drawn = run("plan", WEEK, "--timeline", *NOW, tty=True)

    golden(drawn.text.replace("\x1b", "\\e"), "timeline-colour.txt")
    assert (
        re.sub(r"\x1b\[\d+m", "", drawn.text)
        == run("plan", WEEK, "--timeline", *NOW, tty=True, env={"NO_COLOR": "1"}).text
    )


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("width", [80, 40])
def test_wide_characters_are_aligned(
    run: Run, tmp_path: Path, golden: Golden, width: int, encoding: str
) -> None:
    facts = tmp_path / "wide.toml"
    facts.write_text(WIDE, encoding="utf-8")
    environment = {"COLUMNS": str(width), "NO_COLOR": "1"}

    drawn = run("plan", facts, "--timeline", *NOW, tty=True, env=environment, encoding=encoding)

    lines = drawn.stdout.decode(encoding).splitlines()
    assert max(map(display_width, lines)) <= width
    today = {
        display_width(line.partition("|")[0]) for line in lines[2 : lines.index("")] if "|" in line
    }
    assert len(today) == 1
    golden("\n".join(lines) + "\n", f"timeline-wide-{width}-{encoding}.txt")


def test_the_letters_stand_on_the_days_of_the_plan(run: Run) -> None:
    """With 200 columns a day has three, and the 9th of November is in the first."""
    plans = run("plan", WEEK, "--json", *NOW).json["applications"]
    drawn = run(
        "plan", WEEK, "--timeline", *NOW, tty=True, env={"COLUMNS": "200", "NO_COLOR": "1"}
    ).text.splitlines()
    lanes = drawn[2 : drawn.index("")]

    names = {"thank-you": "t", "first-follow-up": "f", "second-follow-up": "s", "reply": "r"}
    expected = sorted(
        (_column(step), _letter(step, names | {"move-on": "m"}))
        for plan in plans
        for step in plan["steps"]
        if step["state"] != "withdrawn"
    )
    start = len("Karoo Analytics, Marketing") + 6
    found = sorted(
        (column - start, sign)
        for lane in lanes
        for column, sign in enumerate(lane)
        if column >= start and sign in "TFSMRtfsmr"
    )
    assert found == expected


def _column(step: dict[str, Any]) -> int:
    day = (step["sent_at"] or step["recommended"])[:10]
    return 3 * (dt.date.fromisoformat(day) - dt.date(2026, 11, 9)).days


def _letter(step: dict[str, Any], names: dict[str, str]) -> str:
    letter = names[step["step"]]
    return letter if step["sent_at"] else letter.upper()


def test_clients_come_first(life: Life) -> None:
    life.held()
    life.write_into("karoo", '[applicant]\nname = "Mia Berg"\n')

    drawn = life("2026-11-28 10:00", "plan", "--timeline").text

    assert drawn.splitlines()[2].startswith("Mia Berg: Karoo, Marketing Manager    i")


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (("plan", "--timeline", "--json"), 2, "choose one"),
        (("plan", "--timeline"), 0, "no timeline"),
    ],
    ids=["json", "cancelled"],
)
def test_what_cannot_be_drawn_is_explained(
    life: Life, command: tuple[str, ...], code: int, message: str
) -> None:
    life.held()
    life("2026-11-23 10:00", "cancel", "karoo")

    assert message in life("2026-11-23 10:00", *command, code=code).stderr


def test_a_day_far_away_is_named_in_the_legend(life: Life) -> None:
    life.held()

    drawn = life("2027-06-01 10:00", "plan", "--timeline").text

    assert "today is Tue 1 Jun 2027." in drawn
    assert "|" not in drawn


DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))


@given(DAYS, st.integers(0, 5000), st.integers(8, 250))
def test_an_axis_fits_and_keeps_the_order_of_days(first: dt.date, length: int, width: int) -> None:
    last = first + dt.timedelta(days=length)
    axis = TimeAxis.fitted(first, last, width)
    columns = [axis.column(first + dt.timedelta(days=n)) for n in range(length + 1)]

    assert axis.columns <= max(width, 7)
    assert columns == sorted(columns)
    assert 0 <= columns[0] < 7 * 3
    assert axis.last_column(last) < axis.columns
    for line in axis.header(get_language("en"), year=first.year):
        assert len(line) <= axis.columns + len("Nov 2026")
