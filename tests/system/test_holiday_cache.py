"""Holidays are kept in the user's cache, and nothing depends on it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from afterword.system import business_days

NEW_YEAR = dt.date(2026, 1, 1)
YEARS = {2026: frozenset({NEW_YEAR, dt.date(2026, 4, 3)}), 2027: frozenset[dt.date]()}
SCRIPT = """\
import datetime as dt, sys
from afterword.system.business_days import country_error, is_working_day
works = is_working_day("DE-be")(dt.date(2026, 1, 1))
print(country_error("de-BE"), works, "holidays" in sys.modules)
"""


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "cache" / "afterword" / "holidays"


def ask() -> str:
    """Ask in a process of its own whether New Year is a working day."""
    command = [sys.executable, "-c", SCRIPT]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_known_year_is_read_without_the_package(folder: Path) -> None:
    assert ask() == "None False True"
    assert [path.name for path in folder.iterdir()] == ["de-be.json"]
    assert ask() == "None False False"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("[1]", id="a-list"),
        pytest.param('{"release": "RELEASE", "years": {"2026": ["yesterday"]}}', id="no-days"),
        pytest.param('{"release": "RELEASE", "years": {"2026": 7}}', id="no-list"),
        pytest.param('{"release": "RELEASE"}', id="no-years"),
        pytest.param('{"release": "holidays-0.1.dist-info", "years": {"2026": []}}', id="older"),
    ],
)
def test_what_cannot_be_used_is_looked_up_anew(folder: Path, content: str) -> None:
    assert ask() == "None False True"
    path = folder / "de-be.json"
    release = json.loads(path.read_text(encoding="utf-8"))["release"]
    path.write_text(content.replace("RELEASE", release), encoding="utf-8")

    assert ask() == "None False True"
    assert ask() == "None False False"


def test_without_a_place_for_the_cache_the_package_is_asked(folder: Path) -> None:
    folder.parents[1].write_text("a file where a directory should be", encoding="utf-8")

    assert ask() == ask() == "None False True"


def test_years_are_read_as_they_were_written() -> None:
    business_days.write_years("GB-SCT", YEARS)

    assert business_days.read_years("gb-sct") == YEARS
    assert business_days.read_years("GB") is None


@pytest.mark.parametrize("country", ["../DE", "DE-../x", "DE/BE", "", "Germany", "DE-Bayern" * 9])
def test_a_country_is_no_path(folder: Path, country: str) -> None:
    business_days.write_years(country, YEARS)

    assert not folder.exists()
    assert business_days.read_years(country) is None
