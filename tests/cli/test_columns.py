"""Columns that line up whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.cli.ui.columns import cut_to_width, display_width, format_table
from afterword.cli.ui.output import StyledText, styled

TEXTS = st.text(st.sampled_from("ab é漢字👩\u200d👧\ufe0f🏽\u0301e"), max_size=60)


def lines(rows: list[list[str | StyledText]], *, width: int | None = None) -> list[str]:
    return [
        "".join(part if isinstance(part, str) else part.text for part in parts)
        for parts in format_table(rows, width=width)
    ]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Karoo", 5),
        ("Zoe\u0308", 3),
        ("漢字", 4),
        ("👩‍👧", 2),
        ("👍🏽", 2),
        ("❤️", 2),
        ("", 0),
    ],
)
def test_width_is_what_a_terminal_uses(text: str, width: int) -> None:
    assert display_width(text) == width


@given(TEXTS, st.integers(1, 70))
def test_what_is_cut_fits_and_keeps_its_beginning(text: str, width: int) -> None:
    short = cut_to_width(text, width)

    assert display_width(short) <= width
    assert text.startswith(short.removesuffix("…"))


def test_columns_line_up_over_wide_and_marked_letters() -> None:
    found = lines([["漢字", "open", "a"], ["Zoe\u0308", styled("done", fg="green"), "b"]])

    assert found == ["漢字  open  a", "Zoe\u0308   done  b"]


def test_the_last_column_is_wrapped_below_itself() -> None:
    found = lines([["Mon", "they named 4 December; two working days later"]], width=30)

    assert found == [
        "Mon  they named 4 December;",
        "     two working days later",
    ]


def test_a_pipe_gets_one_line_a_row() -> None:
    assert lines([["Mon", "word " * 40]]) == ["Mon  " + "word " * 40]


def test_a_title_without_end_leaves_room_for_the_rest() -> None:
    found = lines([["x" * 10_000, "done"], ["y", "open"]], width=80)

    assert [display_width(line) for line in found] == [46, 46]


def test_no_rows_are_no_lines() -> None:
    assert lines([]) == []
