"""Dates with a written month within a text."""

from __future__ import annotations

import pytest

from afterword.formats.dates import parse_datetime


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("24. November 2026, 14 Uhr", (2026, 11, 24, ", 14 Uhr")),
        ("Tue Nov 24th, 2026 2pm", (2026, 11, 24, " 2pm")),
        ("le 3 de abril de 2026", (2026, 4, 3, "")),
        ("1er mai 2026", (2026, 5, 1, "")),
        ("24 Foo 2026", (2026, None, 24, "")),
        ("24 Nov", None),
        ("2026 Nov 2026", None),
    ],
)
def test_written_dates_within_a_text(
    text: str, date: tuple[int, int | None, int, str] | None
) -> None:
    written = parse_datetime.find_written_date(text)
    assert date == (written and (written.year, written.month, written.day, written.rest))
