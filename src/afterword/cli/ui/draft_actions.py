"""Copy a draft to the clipboard, or open it in the mail program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from afterword.cli.ui.output import status
from afterword.errors import UsageError

if TYPE_CHECKING:
    from afterword.messages.draft_model import Draft
    from afterword.services.run_context import RunContext


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
    from afterword.services.date_format import reader_locale

    link = message_link(
        draft, full=True, language=reader_locale(context), allow_empty_recipient=True
    )
    if link is None:
        raise UsageError(f"there is no address for {draft.channel}; add it with: afterword edit")
    if click.launch(link) != 0:
        raise UsageError("no program is set up to open it; copy the draft instead")
