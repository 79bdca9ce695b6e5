"""The table of calendar apps is in one place, and README shows all of it."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from afterword.formats.calendar_apps import CALENDAR_APPS

README = Path(__file__).parents[2] / "README.md"
HEADER = "| app | an imported alarm rings | a second import updates | a cancellation arrives |"


def test_the_readme_shows_the_table() -> None:
    _, _, after = README.read_text("utf-8").partition(f"{HEADER}\n")
    rows = after.partition("\n\n")[0].splitlines()[1:]

    assert rows == [f"| {' | '.join(attrs.astuple(app))} |" for app in CALENDAR_APPS]


@pytest.mark.parametrize("app", CALENDAR_APPS, ids=lambda app: app.name)
def test_each_cell_says_yes_or_no_or_what_happens(app: object) -> None:
    assert all(attrs.astuple(app))  # type: ignore[arg-type]
