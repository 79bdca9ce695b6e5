from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.formats.ics_files import fold, unfold

LINES = st.text(
    st.one_of(
        st.sampled_from('\\^,;:"nN é\u0301\u2028漢🎙️👩\u200d'),
        st.characters(codec="utf-8", exclude_characters="\r\n"),
    ),
    min_size=0,
    max_size=400,
).map(str.encode)


@given(LINES)
def test_a_line_comes_back_as_it_was(line: bytes) -> None:
    assert list(unfold([*fold(line).split(b"\r\n")])) == [line]


@given(LINES)
def test_no_line_is_longer_than_75_octets(line: bytes) -> None:
    assert max(map(len, fold(line).split(b"\r\n"))) <= 75


@given(LINES)
def test_no_character_is_cut(line: bytes) -> None:
    for physical in fold(line).split(b"\r\n"):
        physical.decode()


@pytest.mark.parametrize("mark", [b"\\", b"^"], ids=["backslash", "caret"])
@pytest.mark.parametrize("before", range(70, 76))
def test_no_line_ends_in_an_escape_that_goes_on(mark: bytes, before: int) -> None:
    line = b"a" * before + mark + b"n" + b"b" * 80

    assert all(not physical.endswith(mark) for physical in fold(line).split(b"\r\n"))


@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
def test_either_line_end_and_a_tab_unfold(end: bytes) -> None:
    lines = [b"SUMMARY:a" + end, b"\tb" + end, b" c" + end, b"UID:1" + end]

    assert list(unfold(lines)) == [b"SUMMARY:abc", b"UID:1"]


def test_no_lines_unfold_to_none() -> None:
    assert list(unfold([])) == []
