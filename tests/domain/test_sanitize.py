"""Cleaning removes control characters and changes nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.sanitize import clean, shell_word

ANY = st.text(st.characters(codec=None) | st.sampled_from("\x1b[]\x07\r\n\t\u2028\x85\ufeff"))


@given(ANY)
def test_no_control_character_comes_through_but_tab_and_line_feed(text: str) -> None:
    controls = {c for c in clean(text) if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}}
    assert controls <= {"\t", "\n"}


@given(ANY)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])))
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("red \x1b[31malert\x1b[0m", "red alert"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x0bb\x1fc", "a b c"),
        ("zero\x00, mark\ufeff, none\U0001fffe", "zero, mark, none"),
    ],
    ids=["terminal", "line ends", "spaces", "forbidden"],
)
def test_what_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("plan/week.ics", "plan/week.ics"),
        ("My Calendar", "'My Calendar'"),
        ("Thandi's", """'Thandi'"'"'s'"""),
        ("a; b\x1b[2J\u202e", "'a; b'"),
        ("", "''"),
    ],
    ids=["plain", "blank", "apostrophe", "terminal", "empty"],
)
def test_a_word_of_a_shown_command_is_quoted_and_clean(text: str, word: str) -> None:
    assert shell_word(text) == word
