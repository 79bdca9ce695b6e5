"""The README says nothing that the program does not understand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import understand

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def command_lines() -> Iterator[list[str]]:
    """Yield the words of each call of afterword in a block of shell commands."""
    for line in "\n".join(BLOCKS).splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        while "afterword" in words:
            words = words[words.index("afterword") :]
            end = next((i for i, word in enumerate(words) if word in {"&&", "|", ">", ";"}), None)
            yield words[1:end]
            words = words[end:] if end else []


@pytest.mark.parametrize("words", list(command_lines()), ids=" ".join)
def test_each_command_of_the_readme_is_one(words: list[str]) -> None:
    understand(*words)


@pytest.mark.parametrize("name", ["try", "test"])
def test_each_command_that_ci_runs_is_there_once(name: str) -> None:
    marked = re.findall(rf"^<!-- command: {name} -->\n```sh\n([^\n]+)\n```$", README, re.MULTILINE)

    assert len(marked) == 1
