"""What a run works on: the calendar, and its rows, which change with the state file together."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from afterword.dav.interface import Calendar
from afterword.domain.merge.three_way import ObservedEvent
from afterword.storage.state import sequence_numbers, sync_rows
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent
from afterword.storage.state.sync_rows import CalendarCursor, SyncRow

Sleep = Callable[[float], None]
Progress = Callable[[int, int], None]


class SyncSession:
    """What is known of each of our objects. A dry run changes it in memory alone."""

    def __init__(self, database: Database, url: str, *, dry_run: bool) -> None:
        """Read what the state remembers of the calendar at `url`."""
        self.database = database
        self.url = url
        self.place = sync_rows.load_cursor(database, url)
        self.rows = sync_rows.load_rows(database, url)
        self._dry_run = dry_run
        self._together = False

    @property
    def held(self) -> dict[str, ObservedEvent]:
        """What the calendar holds, by UID, without what was only intended."""
        return {uid: row.held for uid, row in self.rows.items() if row.held is not None}

    def body(self, uid: str) -> bytes:
        """Return an object as we last saw or sent it."""
        return sync_rows.load_body(self.database, self.url, uid)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Let all that is committed in the block reach the disk at its end, at one go."""
        if self._dry_run:
            yield
            return
        with self.database.transaction():
            self._together = True
            try:
                yield
            finally:
                self._together = False

    def commit(
        self,
        changes: Mapping[str, SyncRow | None],
        *,
        written: Iterable[RevisedEvent] = (),
        forget: Iterable[str] = (),
        place: CalendarCursor | None = None,
    ) -> None:
        """Take all of it in at once: None drops a row; `written` and `forget` are revisions."""
        changes = {uid: row for uid, row in changes.items() if row != self.rows.get(uid)}
        place = None if place == self.place else place
        written, forget = tuple(written), tuple(forget)
        if not self._dry_run and (changes or written or forget or place):
            with contextlib.nullcontext() if self._together else self.database.transaction():
                for uid, row in changes.items():
                    if row is None:
                        sync_rows.drop_row(self.database, self.url, uid)
                    else:
                        sync_rows.save_row(self.database, self.url, row)
                sequence_numbers.save(self.database, self.url, written, forget=forget)
                if place:
                    sync_rows.save_cursor(self.database, self.url, place)
        self.place = place or self.place
        for uid, row in changes.items():
            if row is None:
                del self.rows[uid]
            elif row.body is None or self._dry_run:
                self.rows[uid] = row
            else:
                self.rows[uid] = attrs.evolve(row, body=None)


@attrs.frozen(kw_only=True)
class SyncContext:
    """What every part of a run needs. `connections` writes go out at once."""

    calendar: Calendar
    ledger: SyncSession
    now: dt.datetime
    sleep: Sleep
    progress: Progress
    connections: int
