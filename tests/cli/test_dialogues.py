"""Questions at a pseudo-terminal: nothing that was answered is lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.life import NOW, Life
from tests.pseudo_terminal import CTRL_C, CTRL_D, typing

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


def test_a_question_of_yes_or_no_is_asked_again_with_the_answer_to_edit(life: Life) -> None:
    life.held()
    with typing("forget", "karoo", *life.flags(NOW)) as person:
        person.answers("for good? [y/N]: ", "perhaps")
        person.sees("'perhaps' is neither yes nor no; answer with y or n")
        person.edits("for good? [y/N]: perhaps", "not yet")
        person.sees("nothing was changed")
        person.leaves()


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["ctrl-c", "ctrl-d"])
def test_a_question_can_be_left(life: Life, key: str) -> None:
    life.held()
    with typing("forget", "karoo", *life.flags(NOW)) as person:
        person.sees("for good? [y/N]: ")
        person.types(key, enter=False)
        person.sees("\nafterword: stopped")
        person.leaves(130)
    assert life.files()


def test_a_text_that_is_not_saved_is_there_after_ctrl_c(life: Life, tmp_path: Path) -> None:
    life.held()
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho broken >> "$1"\n')
    editor.chmod(0o700)
    with typing("edit", "karoo", *life.flags(NOW), env={"EDITOR": str(editor)}) as person:
        person.sees("Edit it again? [Y/n]: ")
        person.types(CTRL_C, enter=False)
        person.sees("what you typed is in ")
        person.leaves(65)
