"""An output of an export, with the events that it got before."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.calendar_model import Event
from afterword.formats import ics_files
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent

_BATCH = 64


class _Wanted(NamedTuple):
    """The events that an application should have in the target, and those that it had.

    `over` are the UIDs of withdrawn events whose time has passed.
    """

    key: str
    earlier: dict[str, RevisedEvent]
    events: list[Event]
    over: set[str]


@attrs.define(kw_only=True)
class ExportTarget:
    """An output, within a transaction of the state; nothing is counted before it commits.

    `added` and `changed` count what is new in the target. With `changes_only` nothing else is
    yielded, and `outdated` collects the replaced versions of what changed or was cancelled.
    `cancel` turns an event that is no longer wanted into its cancelled form, which is written
    with `cancellations` alone; the events of `unchanged` applications stay as they are,
    `undecided` until the user decides about them.
    """

    database: Database
    path: str
    now: dt.datetime
    zone: ZoneInfo
    cancel: Callable[[Event], Event]
    changes_only: bool = False
    cancellations: bool = True
    unchanged: frozenset[str] = frozenset()
    undecided: bool = False
    added: int = 0
    changed: int = 0
    outdated: list[Event] = attrs.field(factory=list)
    _seen: set[str] = attrs.field(factory=set)
    _keys: set[str] = attrs.field(init=False)

    @_keys.default
    def _load_keys(self) -> set[str]:
        """Return the keys that have events; a query for each application would take longer."""
        return set(sequence_numbers.export_targets(self.database, f"{self.path}\n"))

    def with_sequence(self, built: Iterable[tuple[str, Sequence[Event]]]) -> Iterator[Event]:
        """Yield the events of applications as they are to be written, and remember them."""
        remaining = iter(built)
        while batch := tuple(itertools.islice(remaining, _BATCH)):
            yield from self._with_sequence(batch)

    def _with_sequence(self, built: Iterable[tuple[str, Sequence[Event]]]) -> Iterator[Event]:
        """Do the same for a few applications with a statement of each kind for all."""
        wanted = [self._wanted(application, events) for application, events in built]
        earlier = {uid: revised for each in wanted for uid, revised in each.earlier.items()}
        keys = [each.key for each in wanted for _ in each.events]
        events = [event for each in wanted for event in each.events]
        revised = sequence_numbers.assign_sequence(
            self.database, earlier, events, ics_files.fingerprint_of, now=self.now
        )
        news = [
            (key, each)
            for key, each in zip(keys, revised, strict=True)
            if self._is_new(each, earlier.get(each.event.uid))
        ]
        written = [each for _, each in news] if self.changes_only else revised
        for each in written:
            if self.cancellations or not each.event.cancelled:
                yield each.event
        over = [(each.key, uid) for each in wanted for uid in each.over]
        sequence_numbers.save_rows(self.database, news, forget=over)

    def _wanted(self, application: str, events: Sequence[Event]) -> _Wanted:
        key = f"{self.path}\n{application}"
        self._seen.add(application)
        earlier = self._earlier_revisions(key)
        uids = {event.uid for event in events}
        withdrawn = [revised.event for uid, revised in earlier.items() if uid not in uids]
        over = {
            e.uid for e in withdrawn if datemath.has_passed(e.end, now=self.now, zone=self.zone)
        }
        cancelled = [self.cancel(event) for event in withdrawn if event.uid not in over]
        return _Wanted(key=key, earlier=earlier, events=[*events, *cancelled], over=over)

    def _earlier_revisions(self, key: str) -> dict[str, RevisedEvent]:
        """Return the events that the target last got of an application, by UID."""
        if self._keys.isdisjoint((key, f"{key}{sequence_numbers.REMOVED}")):
            self._keys.add(key)
            return {}
        sequence_numbers.restore_removed(self.database, key)
        return sequence_numbers.load_revisions(self.database, key)

    def cancelled_applications(self) -> Iterator[Event]:
        """Yield the events of applications that the target had and that were not exported now."""
        applications = [key.partition("\n")[2] for key in sorted(self._keys)]
        gone = [each for each in applications if each not in self._seen | self.unchanged]
        yield from self.with_sequence((application, ()) for application in gone)

    def unchanged_uids(self) -> frozenset[str]:
        """Return the UIDs of all events of the unchanged applications."""
        keys = (f"{self.path}\n{application}" for application in sorted(self.unchanged))
        return frozenset(
            uid for key in keys for uid in sequence_numbers.load_revisions(self.database, key)
        )

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprints of the events that the target last got, by UID."""
        return {
            uid: revised.fingerprint
            for key in sequence_numbers.export_targets(self.database, f"{self.path}\n")
            for uid, revised in sequence_numbers.load_revisions(self.database, key).items()
        }

    def commit_counters(self) -> None:
        """Raise the counters to those of the yielded events; to be called after the last event."""
        sequence_numbers.raise_counters(self.database, f"{self.path}\n")

    def start_of(self, event: Event) -> dt.datetime:
        """Return the instant at which an event starts; a day starts at the user's midnight."""
        if isinstance(event.start, dt.datetime):
            return event.start
        return datemath.at_local_time(event.start, dt.time(), self.zone)

    def _is_new(self, revised: RevisedEvent, earlier: RevisedEvent | None) -> bool:
        if earlier is None:
            self.added += 1
        elif earlier.fingerprint != revised.fingerprint:
            self.changed += self.cancellations or not revised.event.cancelled
            if self.changes_only:
                self.outdated.append(earlier.event)
        else:
            return False
        return True
