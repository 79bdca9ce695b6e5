"""Edit a text in the user's editor, and save a rejected text."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from afterword.errors import UsageError
from afterword.services.run_context import RunContext
from afterword.system import atomic_files


def edit_in_editor(text: str, path: Path) -> str | None:
    """Return the text edited in the user's editor, or None if it was not saved.

    Raises UsageError if no editor is set and stdin is not a terminal.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not sys.stdin.isatty() and not named:
        raise UsageError(f"nobody is at a terminal to edit it; change the file by hand: {path}")
    return click.edit(text, extension=path.suffix)


def save_rejected_text(context: RunContext, name: str, text: str) -> Path:
    """Save a text that cannot be used, so that nothing typed is lost; return its path."""
    atomic_files.make_directory(context.locations.state, private=True)
    path = context.locations.state / f"not-used-{name}"
    atomic_files.write_atomically(path, [text.encode()], mode=atomic_files.PRIVATE)
    return path
