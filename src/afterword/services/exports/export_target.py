"""An output of an export, with the events that it got before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.calendar_model import Event
from afterword.formats import ics_files
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent


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

    def with_sequence(self, application: str, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events of an application as they are to be written, and remember them."""
        key = f"{self.path}\n{application}"
        self._seen.add(application)
        earlier = self._earlier_revisions(key)
        desired = list(events)
        uids = {event.uid for event in desired}
        withdrawn = [revised.event for uid, revised in earlier.items() if uid not in uids]
        over = {
            e.uid for e in withdrawn if datemath.has_passed(e.end, now=self.now, zone=self.zone)
        }
        desired += [self.cancel(event) for event in withdrawn if event.uid not in over]
        revised = sequence_numbers.assign_sequence(
            self.database, earlier, desired, ics_files.fingerprint_of, now=self.now
        )
        news = [each for each in revised if self._is_new(each, earlier.get(each.event.uid))]
        written = (each.event for each in (news if self.changes_only else revised))
        yield from (event for event in written if self.cancellations or not event.cancelled)
        sequence_numbers.save_rows(self.database, key, news, forget=over)

    def _earlier_revisions(self, key: str) -> dict[str, RevisedEvent]:
        """Return the events that the target last got of an application, by UID."""
        if self._keys.isdisjoint((key, f"{key}{sequence_numbers.REMOVED}")):
            self._keys.add(key)
            return {}
        sequence_numbers.restore_removed(self.database, key)
        return sequence_numbers.load_revisions(self.database, key)

    def cancelled_applications(self) -> Iterator[Event]:
        """Yield the events of applications that the target had and that were not exported now."""
        for key in sequence_numbers.export_targets(self.database, f"{self.path}\n"):
            application = key.partition("\n")[2]
            if application not in self._seen | self.unchanged:
                yield from self.with_sequence(application, ())

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
