"""Number the events of the page as the last export or sync did, so that they are never older."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from afterword.domain.calendar_model import Event
from afterword.errors import StateError, TryLaterError
from afterword.formats.ics import export_file
from afterword.services.run_context import RunContext
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database

Renumber = Callable[[tuple[Event, ...]], tuple[Event, ...]]


@contextlib.contextmanager
def shared_counters(context: RunContext) -> Iterator[Renumber]:
    """Provide a function that gives events their SEQUENCE and stamp; it saves nothing.

    Without state, or while it cannot be read, events keep the numbers that they come with: a page
    to look at should not fail for them.
    """
    with contextlib.ExitStack() as stack:
        database = None
        if context.locations.database.is_file():
            with contextlib.suppress(StateError, TryLaterError):
                database = stack.enter_context(Database(context.locations.database))

        def renumber(events: tuple[Event, ...]) -> tuple[Event, ...]:
            if database is None:
                return events
            fingerprint = export_file.fingerprint_of
            revised = sequence_numbers.assign_sequence(
                database, {}, events, fingerprint, now=context.now
            )
            return tuple(each.event for each in revised)

        yield renumber
