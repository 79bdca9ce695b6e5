"""Hand a text to a program of the user: the editor, the clipboard or the mail program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from afterword.cli.ui.output import status
from afterword.cli.ui.prompts import can_ask, confirm
from afterword.errors import AfterwordError, InputError, UsageError
from afterword.system import atomic_files

if TYPE_CHECKING:
    from afterword.messages.draft_model import Draft
    from afterword.services.run_context import RunContext


def edit_in_editor(text: str, path: Path) -> str | None:
    """Return the text edited in the user's editor, or None if it was not saved.

    Raises UsageError if no editor is set and stdin is not a terminal.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not sys.stdin.isatty() and not named:
        raise UsageError(f"there is no terminal for the editor; edit the file yourself: {path}")
    return click.edit(text, extension=path.suffix)


def edit_until_saved(text: str, path: Path, save: Callable[[str], object], state: Path) -> bool:
    """Let the user edit a text until `save` accepts it; False if nothing was changed.

    Where the user gives up, the text goes into a file in the directory `state`, and the error of
    `save`, an InputError or a UsageError, is raised with its path.
    """
    edited = edit_in_editor(text, path)
    while edited is not None and edited != text:
        try:
            save(edited)
        except (InputError, UsageError) as error:
            if not can_ask() or not _wants_to_edit_again(error):
                rejected = save_rejected_text(state, path.name, edited)
                notes = (*error.notes, f"your text is saved in {rejected}")
                raise type(error)(error.message, notes) from None
            edited = edit_in_editor(edited, path)
        else:
            return True
    status("Nothing was changed.")
    return False


def _wants_to_edit_again(error: AfterwordError) -> bool:
    """Print the mistakes and ask; Ctrl-C means no, so that the text is saved."""
    status(str(error))
    try:
        return confirm("Edit it again?", default=True)
    except click.Abort:
        return False


def save_rejected_text(state: Path, name: str, text: str) -> Path:
    """Save a text that cannot be used, so that nothing typed is lost; return its path."""
    atomic_files.make_directory(state, private=True)
    path = state / f"not-used-{name}"
    atomic_files.write_atomically(path, [text.encode()], mode=atomic_files.PRIVATE)
    return path


def copy_draft(draft: Draft) -> bool:
    """Copy a draft to the clipboard; return False if there is no clipboard."""
    import pyperclip

    try:
        pyperclip.copy(f"{draft.subject}\n\n{draft.body}" if draft.subject else draft.body)
    except pyperclip.PyperclipException:
        status(
            "Could not copy: no clipboard program was found. On Linux, install wl-clipboard "
            "(Wayland) or xclip (X11)."
        )
        return False
    status("Copied to the clipboard.")
    return True


def open_draft(draft: Draft, context: RunContext) -> None:
    """Open a draft where it is sent from; an e-mail without an address has an empty To.

    Raises UsageError if there is nothing to open, or no program for it.
    """
    from afterword.messages.links import message_link

    link = message_link(draft, full=True, language=context.language, allow_empty_recipient=True)
    if link is None:
        raise UsageError(f"there is no address for {draft.channel}; add it with: afterword edit")
    if click.launch(link) != 0:
        raise UsageError("no program is set up to open it; copy the draft instead")
