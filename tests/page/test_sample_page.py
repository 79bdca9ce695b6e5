"""The sample page is that of the sample file, and its picture is small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page.conftest import MOMENT, WEEK
from tests.running import Run

PAGE = WEEK.with_suffix(".html")
PICTURE = WEEK.with_suffix(".png")
MOST_BYTES = 150_000


def test_the_sample_is_the_page_of_the_week(
    run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / PAGE.name
    result = run("preview", WEEK, "-o", path, *MOMENT)
    assert result.code == 0, result.stderr
    if request.config.getoption("--update-golden"):
        PAGE.write_bytes(path.read_bytes())

    assert path.read_bytes() == PAGE.read_bytes()


def test_the_picture_is_a_small_one() -> None:
    picture = PICTURE.read_bytes()

    assert picture.startswith(b"\x89PNG")
    assert len(picture) < MOST_BYTES
