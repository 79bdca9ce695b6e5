"""The state of a sync: the rows of a calendar, in memory and in the database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping

import attrs

from afterword.domain.merge.three_way import ObservedEvent, Presence
from afterword.storage.state import sequence_numbers, sync_rows
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent
from afterword.storage.state.sync_rows import CalendarCursor, CreationState, SyncRow


class SyncSession:
    """The rows of our events in a calendar. A dry run changes them in memory only."""

    def __init__(self, database: Database, url: str, *, dry_run: bool) -> None:
        """Load the rows of the calendar at `url`."""
        self.database = database
        self.url = url
        self.cursor = sync_rows.load_cursor(database, url)
        self.rows = sync_rows.load_rows(database, url)
        self.creations = sync_rows.load_creations(database, url)
        self.newly_protected: set[str] = set()
        self.shifted_alarms: set[str] = set()
        self._dry_run = dry_run
        self._batched = False

    @property
    def observed(self) -> dict[str, ObservedEvent]:
        """Return the events as last observed, by UID; not those with only an intent."""
        return {uid: row.held for uid, row in self.rows.items() if row.held is not None}

    def events(self, presence: Presence) -> dict[str, ObservedEvent]:
        """Return the events that were last observed with a presence, by UID."""
        return {uid: event for uid, event in self.observed.items() if event.presence is presence}

    def generation(self, uid: str) -> int:
        """Return the generation of an event's object, or that of its next object."""
        row = self.rows.get(uid)
        return row.generation if row else self.creation(uid).generation

    def creation(self, uid: str) -> CreationState:
        """Return the state of the next creation of an event."""
        return self.creations.get(uid, CreationState())

    def body(self, uid: str) -> bytes:
        """Return the bytes of an object as last fetched or sent."""
        return sync_rows.load_body(self.database, self.url, uid)

    @contextlib.contextmanager
    def batched(self) -> Iterator[None]:
        """Write all commits of the block in a single transaction at its end."""
        if self._dry_run:
            yield
            return
        with self.database.transaction():
            self._batched = True
            try:
                yield
            finally:
                self._batched = False

    def commit(
        self,
        changes: Mapping[str, SyncRow | None],
        *,
        written: Iterable[RevisedEvent] = (),
        forget: Iterable[str] = (),
        creations: Mapping[str, CreationState] | None = None,
        cursor: CalendarCursor | None = None,
    ) -> None:
        """Apply all changes in a transaction, or in that of `batched`.

        A change to None drops the row; an object that existed is never created again under
        its UID. `written` are revisions to save, `forget` the UIDs whose revisions are dropped.
        """
        changes = {uid: row for uid, row in changes.items() if row != self.rows.get(uid)}
        cursor = None if cursor == self.cursor else cursor
        dropped = [self.rows[uid] for uid, row in changes.items() if row is None]
        written, forget = tuple(written), {*forget, *(r.uid for r in dropped if r.was_there)}
        creations = {row.uid: self._next(row) for row in dropped if row.was_there} | {
            uid: state for uid, state in (creations or {}).items() if state != self.creation(uid)
        }
        if not self._dry_run and (changes or written or forget or creations or cursor):
            with contextlib.nullcontext() if self._batched else self.database.transaction():
                self._raise_counters(dropped)
                for uid, row in changes.items():
                    if row is None:
                        sync_rows.drop_row(self.database, self.url, uid)
                    else:
                        sync_rows.save_row(self.database, self.url, row)
                sequence_numbers.save(self.database, self.url, written, forget=forget)
                for uid, state in creations.items():
                    sync_rows.save_creation(self.database, self.url, uid, state)
                if cursor:
                    sync_rows.save_cursor(self.database, self.url, cursor)
        self.cursor = cursor or self.cursor
        self.creations |= creations
        for uid, row in changes.items():
            if row is None:
                del self.rows[uid]
            elif row.body is None or self._dry_run:
                self.rows[uid] = row
            else:
                self.rows[uid] = attrs.evolve(row, body=None)

    def _next(self, row: SyncRow) -> CreationState:
        generation = max(row.generation + 1, self.creation(row.uid).generation)
        return CreationState(generation=generation)

    def _raise_counters(self, dropped: Iterable[SyncRow]) -> None:
        """Learn the SEQUENCE of objects that go, which a phone may have raised."""
        for row in dropped:
            body = self.body(row.uid) if row.was_there else b""
            if body:
                from afterword.formats import ics_patch

                sequence = ics_patch.sequence_of(body)
                sequence_numbers.raise_counter(self.database, row.uid, sequence)
