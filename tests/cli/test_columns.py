"""Columns that line up whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.cli.ui.columns import cut_to_width, format_table
from afterword.cli.ui.output import StyledText, display_width, styled, wrap_text

TEXTS = st.text(st.sampled_from("ab é漢字👩\u200d👧\ufe0f🏽\u0301e"), max_size=60)


def lines(rows: list[list[str | StyledText]], *, width: int | None = None) -> list[str]:
    return ["".join(part.text for part in parts) for parts in format_table(rows, width=width)]


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


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            60,
            ["Karoo  Mon 30 Nov 09:00  day 5-7 after the interview: 29 Nov", " " * 25 + "- 1 Dec"],
        ),
        (40, ["Karoo  Mon 30 Nov 09:00", "  day 5-7 after the interview: 29 Nov -", "  1 Dec"]),
        (
            18,
            [
                "Karoo",
                "  Mon 30 Nov 09:00",
                "  day 5-7 after",
                "  the interview:",
                "  29 Nov - 1 Dec",
            ],
        ),
    ],
    ids=["beside", "below", "one after the other"],
)
def test_a_narrow_terminal_gets_another_layout(width: int, expected: list[str]) -> None:
    row = ["Karoo", "Mon 30 Nov 09:00", "day 5-7 after the interview: 29 Nov - 1 Dec"]

    assert lines([[*row]], width=width) == expected


@given(st.lists(st.tuples(*[st.text("ab -", max_size=30)] * 4), max_size=4), st.integers(35, 120))
def test_no_line_is_too_long_and_no_word_is_broken(rows: list[tuple[str, ...]], width: int) -> None:
    found = lines([list(row) for row in rows], width=width)

    assert all(display_width(line) <= width for line in found)
    words = [word for row in rows for cell in row for word in cell.split()]
    assert sorted(" ".join(found).split()) == sorted(words)


def test_a_pipe_cuts_no_cell_and_lines_columns_up() -> None:
    assert lines([["x" * 60, "open"], ["y", "done"]]) == [
        "x" * 60 + "  open",
        "y" + " " * 61 + "done",
    ]
    assert lines([["x" * 10_000, "open"], ["y", "done"]])[1] == "y" + " " * 101 + "done"


def test_a_url_in_a_text_stays_whole() -> None:
    assert wrap_text("see https://karoo.example/jobs now", 20) == [
        "see",
        "https://karoo.example/jobs",
        "now",
    ]


def test_a_pipe_gets_one_line_a_row() -> None:
    assert lines([["Mon", "word " * 40]]) == ["Mon  " + "word " * 40]


def test_a_title_without_end_leaves_room_for_the_rest() -> None:
    found = lines([["x" * 10_000, "done"], ["y", "open"]], width=80)

    assert [display_width(line) for line in found] == [46, 46]


def test_no_rows_are_no_lines() -> None:
    assert lines([]) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            'There is no address for Thandi; add it: afterword debrief k --interviewer "T N <A>"',
            [
                "There is no address for Thandi; add it:",
                'afterword debrief k --interviewer "T N <A>"',
            ],
            id="command",
        ),
        pytest.param(
            "It is late; to skip it: afterword skip karoo (or afterword sent karoo)",
            ["It is late; to skip it: afterword skip karoo (or", "afterword sent karoo)"],
            id="two commands",
        ),
        pytest.param(
            "Saved in /Users/s/Library/Application Support/settings.toml now",
            ["Saved in", "/Users/s/Library/Application Support/settings.toml", "now"],
            id="path with a blank",
        ),
        pytest.param(
            "Open `afterword calendars` and choose the calendar that your phone shows",
            ["Open `afterword calendars` and choose the", "calendar that your phone shows"],
            id="quoted command",
        ),
    ],
)
def test_what_a_user_copies_stays_whole(text: str, lines: list[str]) -> None:
    assert wrap_text(text, 48) == lines
