"""Print lines of text broken between words where a terminal is narrower."""

from __future__ import annotations

import sys
from typing import Any

from afterword.cli.ui.columns import wrap_text
from afterword.cli.ui.output import echo, status, styled, terminal_width


def echo_wrapped(text: str, *, indent: str = "", hanging: str = "", **look: Any) -> None:
    """Print a line of the result; what follows its first line is indented further by `hanging`."""
    width = terminal_width()
    first, *rest = wrap_text(text, width, indent=indent)
    echo(styled(first, **look))
    for line in wrap_text(" ".join(map(str.strip, rest)), width, indent=indent + hanging):
        if rest:
            echo(styled(line, **look))


def status_wrapped(text: str) -> None:
    """Print a message."""
    for line in wrap_text(text, terminal_width(sys.stderr)):
        status(line)


def echo_paragraphs(text: str) -> None:
    """Print a text with its line breaks, and wrap its lines on a terminal."""
    width = terminal_width()
    for line in text.split("\n"):
        for part in wrap_text(line, width):
            echo(part)
