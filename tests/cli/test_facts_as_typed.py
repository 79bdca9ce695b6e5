"""Facts as people type them: add, debrief, draft and check say what does not fit, and why."""

from __future__ import annotations

import pytest

from tests.cli.life import Life

HELD = ("--at", "2026-11-24 14:00", "--with", "Thandi Nkosi <thandi@karoo.example>")
NOW = "2026-11-24 16:00"


@pytest.mark.parametrize(
    ("option", "typed", "remark"),
    [
        ("--discussed", "she said it is growing", 'complete the sentence "We talked about ..."'),
        ("--discussed", "I ran a launch", "give it as experience (--fit)"),
        ("--fit", "you need a writer", "It is not about you"),
        ("--fit", "Ich habe ein Team geleitet", "It is not in the language of the letter"),
    ],
)
def test_add_debrief_and_check_point_out_what_does_not_fit(
    life: Life, option: str, typed: str, remark: str
) -> None:
    assert remark in life(NOW, "add", "Karoo", "Designer", *HELD, option, typed).stderr
    assert remark in life(NOW, "check", "karoo", code=3).text
    life(NOW, "add", "Acme", "Designer", *HELD)
    assert remark in life(NOW, "debrief", "acme", option, typed).stderr


def test_the_greeting_and_the_letter_use_the_short_names(life: Life) -> None:
    life(
        NOW,
        *("add", "Karoo Analytics (Pty) Ltd", "Designer (m/f/x) - Remote", *HELD),
        *("--call", "Thandi", "--short", "Karoo", "--informal"),
    )
    text = life(NOW, "draft", "karoo").text
    assert "Hi Thandi," in text
    assert "Karoo" in text
    assert not any(word in text for word in ("Pty", "m/f/x", "Remote", "Analytics"))


def test_draft_says_on_stderr_what_it_left_out(life: Life) -> None:
    life(NOW, "add", "Karoo", "Designer", *HELD, "--fit", "word " * 40)
    result = life(NOW, "draft", "karoo")
    assert "word word" not in result.text
    assert "It is too long for a letter, so it is left out" in result.stderr


def test_check_reports_letters_to_a_company_that_read_alike(life: Life) -> None:
    for number in range(8):
        life(NOW, "add", "Karoo", f"Designer {number}", *HELD)
    result = life(NOW, "check", code=3)
    assert "sentences are also in" in result.text
    assert "Change a sentence or two in one of them." in result.text
