"""Decide about events that belong to no application file of this computer, before they are removed.

A file may be gone because it was moved, a directory misspelt or a disk not connected. So an
export and a sync keep its events until the user decides, unless `forget` removed it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from afterword.domain.sanitize import clean_line, for_terminal, pluralize, shell_word
from afterword.services.run_context import RunContext

_A_FEW = 3

OTHER_STORES = (
    "If afterword also runs on another computer, or with another --data directory, they may be "
    "of the applications there."
)


class MissingFiles(enum.StrEnum):
    """The fate of events whose application file is gone without `forget`.

    A file of events marks them as cancelled, a calendar loses them: CANCEL and DELETE mean
    the same.
    """

    CANCEL = "cancel"
    DELETE = "delete"
    KEEP = "keep"


class MissingDecision(NamedTuple):
    """The applications without files whose events stay, and those whose events go.

    `undecided`: they stay because nobody could be asked.
    """

    retained: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    undecided: bool = False


class EventTarget(NamedTuple):
    """A file or calendar with events; `drop` is the choice that removes them.

    `command` is the one to repeat with a choice.
    """

    name: str
    command: str
    drop: MissingFiles


def decide_missing(
    events: Mapping[str, int],
    choice: MissingFiles | None,
    target: EventTarget,
    context: RunContext,
    *,
    may_ask: bool = True,
) -> MissingDecision:
    """Return which missing applications keep their events, given the number of events by id.

    Without a choice the user is asked, if that is possible.
    """
    ids = frozenset(events)
    if not events or choice is MissingFiles.KEEP:
        return MissingDecision(retained=ids)
    if choice is not None:
        return MissingDecision(dropped=ids)
    names = ", ".join(list(events)[:_A_FEW]) + (", ..." if len(events) > _A_FEW else "")
    directory = for_terminal(str(context.locations.data))
    problem = f"the files of {names} are no longer in {directory}"
    number = pluralize(sum(events.values()), "event")
    if not may_ask or not context.ui.can_ask():
        choices = f"--missing {target.drop}, or --missing {MissingFiles.KEEP}"
        context.ui.notify(
            f"{problem}, so {number} in {target.name} stayed as they were. If the applications "
            f"are in another directory, name it with --data; if they are gone: {target.command} "
            f"{choices}"
        )
        return MissingDecision(retained=ids, undecided=True)
    context.ui.notify(problem)
    if context.ui.confirm(f"{target.drop.capitalize()} {number} in {target.name}?", default=False):
        return MissingDecision(dropped=ids)
    return MissingDecision(retained=ids)


def command_with(command: str, *values: str) -> str:
    """Return a command with an option and its value, quoted for a shell."""
    return " ".join([command, *map(shell_word, values)])


def confirm_orphans(context: RunContext, titles: Sequence[str], *, may_ask: bool) -> bool:
    """Return True if the events may be removed; without a terminal the option says so."""
    ui = context.ui
    if not may_ask or not ui.can_ask():
        return True
    ui.notify(f"{pluralize(len(titles), 'event')} belong to no application here:")
    for title in titles:
        ui.notify(f"  {clean_line(title)}")
    ui.notify(OTHER_STORES)
    return ui.confirm("Remove them from the calendar?", default=False)
