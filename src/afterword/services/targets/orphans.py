"""Ask before events are removed that belong to no application of this computer."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.domain.sanitize import clean_line, pluralize
from afterword.services.run_context import RunContext

OTHER_STORES = (
    "If afterword also runs on another computer, or with another --data directory, they may be "
    "of the applications there."
)


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
