"""An output of an export, with the events that it got before.

What changed since then gets a higher SEQUENCE; what did not change is written as the same
bytes; what was withdrawn is written as cancelled until its old time has passed. The state
remembers each application of a target separately, so that an export of one of them takes
nothing back from the others.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import attrs

from afterword.domain import datemath
from afterword.domain.calendar_model import Event
from afterword.domain.sanitize import for_terminal
from afterword.formats import ics_files
from afterword.formats.calendar_apps import ExportProfile
from afterword.services.exports.event_removal import (
    EventTarget,
    MissingDecision,
    MissingFiles,
    decide_missing,
)
from afterword.services.run_context import RunContext
from afterword.storage import ics_output
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent

BATCH = 64
"""Applications at a time. Of more, Python would look through all objects for garbage, often."""

ApplicationEvents = tuple[str, Sequence[Event]]
"""The id of an application, and its events."""

T = TypeVar("T")


def in_batches(items: Iterable[T], size: int = BATCH) -> Iterator[tuple[T, ...]]:
    """Yield the items, so many at a time."""
    remaining = iter(items)
    while batch := tuple(itertools.islice(remaining, size)):
        yield batch


class ExportOptions(NamedTuple):
    """The options of all outputs of a run.

    `complete`: the applications are all that are stored, so events of others are cancelled.
    `changes_only`: write only what is new or changed. `force`: overwrite files of others.
    `stored`: the ids of all stored applications. `damaged`: files of some cannot be read.
    `missing`: what happens to the events of applications without a file; None asks.
    `command` is this export, to be repeated with a choice. `profile`: the app that the output
    is for.
    """

    complete: bool
    stored: frozenset[str] = frozenset()
    damaged: bool = False
    missing: MissingFiles | None = None
    command: str = "afterword export"
    changes_only: bool = False
    force: bool = False
    profile: ExportProfile | None = None

    @property
    def only_news(self) -> bool:
        """True if nothing is written that the output has had."""
        return self.changes_only or not self.has_cancellations

    @property
    def has_cancellations(self) -> bool:
        """True if withdrawn events are written as cancelled."""
        return self.profile is None or self.profile.updates


class ExportResult(NamedTuple):
    """The number of events that were written, of new and of changed ones.

    `unchanged` applications have their events as they were last written; `undecided`: because
    their files are gone, and nobody could be asked.
    `outdated` are the replaced versions, for calendar apps that do not update on import.
    """

    path: Path
    written: int
    added: int
    changed: int
    outdated: tuple[Event, ...]
    unchanged: tuple[str, ...] = ()
    undecided: bool = False


@attrs.define(kw_only=True)
class ExportTarget:
    """An output, within a transaction of the state; nothing is counted before it commits.

    The applications that `missing` retains have their events as they were last written. Where
    only news is written, the result has the replaced versions of what changed or was cancelled.
    """

    path: Path
    options: ExportOptions
    context: RunContext
    database: Database
    missing: MissingDecision
    _added: int = 0
    _changed: int = 0
    _outdated: list[Event] = attrs.field(factory=list)
    _seen: set[str] = attrs.field(factory=set)
    _prefix: str = attrs.field(init=False)
    _keys: set[str] = attrs.field(init=False)

    @_prefix.default
    def _make_prefix(self) -> str:
        return _key_prefix(self.path)

    @_keys.default
    def _load_keys(self) -> set[str]:
        """Return the keys that have events; a query for each application would take longer."""
        return set(sequence_numbers.export_targets(self.database, self._prefix))

    def events_to_write(self, built: Iterable[ApplicationEvents]) -> Iterator[Event]:
        """Yield the events as they are to be written, and remember them.

        In a complete export the events of applications that are not exported any more follow,
        cancelled.
        """
        for batch in in_batches(built):
            yield from self._with_sequence(batch)
        if self.options.complete:
            ids = [key.partition("\n")[2] for key in sorted(self._keys)]
            gone = [id for id in ids if id not in self._seen | self.missing.retained]
            for batch in in_batches((id, ()) for id in gone):
                yield from self._with_sequence(batch)

    def _with_sequence(self, built: Iterable[ApplicationEvents]) -> Iterator[Event]:
        """Yield the events of a few applications, with a statement of each kind for all."""
        earlier: dict[str, RevisedEvent] = {}
        wanted: list[tuple[str, Event]] = []
        over: list[tuple[str, str]] = []
        for application, events in built:
            key = f"{self._prefix}{application}"
            self._seen.add(application)
            revisions = self._earlier_revisions(key)
            cancelled, passed = self._withdrawn(revisions, events)
            earlier |= revisions
            wanted += [(key, event) for event in (*events, *cancelled)]
            over += [(key, uid) for uid in passed]
        all_wanted = [event for _, event in wanted]
        revised = sequence_numbers.assign_sequence(
            self.database, earlier, all_wanted, ics_files.fingerprint_of, now=self.context.now
        )
        news = [
            (key, each)
            for (key, _), each in zip(wanted, revised, strict=True)
            if self._is_new(each, earlier.get(each.event.uid))
        ]
        for each in [each for _, each in news] if self.options.only_news else revised:
            if self.options.has_cancellations or not each.event.cancelled:
                yield each.event
        sequence_numbers.save_rows(self.database, news, forget=over)

    def _withdrawn(
        self, earlier: Mapping[str, RevisedEvent], events: Sequence[Event]
    ) -> tuple[list[Event], list[str]]:
        """Return the earlier events that are withdrawn, cancelled, and the UIDs of past ones."""
        uids = {event.uid for event in events}
        withdrawn = [revised.event for uid, revised in earlier.items() if uid not in uids]
        passed = [event.uid for event in withdrawn if self.context.has_passed(event.end)]
        return [self._cancelled(event) for event in withdrawn if event.uid not in passed], passed

    def _earlier_revisions(self, key: str) -> dict[str, RevisedEvent]:
        """Return the events that the target last got of an application, by UID."""
        if self._keys.isdisjoint((key, f"{key}{sequence_numbers.REMOVED}")):
            self._keys.add(key)
            return {}
        sequence_numbers.restore_removed(self.database, key)
        return sequence_numbers.load_revisions(self.database, key)

    def _cancelled(self, event: Event) -> Event:
        if event.cancelled:
            return event
        summary = self.context.language.translate("Cancelled: {title}", title=event.summary)
        return attrs.evolve(event, cancelled=True, alarm=None, summary=summary)

    def _is_new(self, revised: RevisedEvent, earlier: RevisedEvent | None) -> bool:
        if earlier is None:
            self._added += 1
        elif earlier.fingerprint != revised.fingerprint:
            self._changed += self.options.has_cancellations or not revised.event.cancelled
            if self.options.only_news:
                self._outdated.append(earlier.event)
        else:
            return False
        return True

    def uids_to_copy(self) -> frozenset[str]:
        """Return the UIDs of the events that are written again as the output has them."""
        if self.options.only_news:
            return frozenset()
        keys = (f"{self._prefix}{id}" for id in sorted(self.missing.retained))
        return frozenset(
            uid for key in keys for uid in sequence_numbers.load_revisions(self.database, key)
        )

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprints of the events that the target last got, by UID."""
        return {
            uid: revised.fingerprint
            for key in self._keys
            for uid, revised in sequence_numbers.load_revisions(self.database, key).items()
        }

    def result(self, written: int) -> ExportResult:
        """Return the result of an export that wrote so many events."""
        return ExportResult(
            path=self.path,
            written=written,
            added=self._added,
            changed=self._changed,
            outdated=tuple(sorted(self._outdated, key=self._start_of)),
            unchanged=tuple(sorted(self.missing.retained)),
            undecided=self.missing.undecided,
        )

    def _start_of(self, event: Event) -> dt.datetime:
        """Return the instant at which an event starts; a day starts at the user's midnight."""
        if isinstance(event.start, dt.datetime):
            return event.start
        return datemath.at_local_time(event.start, dt.time(), self.context.zone)


@contextlib.contextmanager
def open_target(
    path: Path, options: ExportOptions, context: RunContext, database: Database
) -> Iterator[ExportTarget]:
    """Open the state of an output; it is saved once the output is written."""
    sequence_numbers.raise_counters_to(database, ics_output.written_revisions(path))
    missing = MissingDecision()
    if options.complete:
        missing = _decide_missing(path, options, context, database)
    with database.transaction():
        yield ExportTarget(
            path=path, options=options, context=context, database=database, missing=missing
        )
        sequence_numbers.raise_counters(database, _key_prefix(path))


def earlier_outputs(directory: Path, context: RunContext) -> list[Path]:
    """Return the files below a directory that an export wrote."""
    prefix = f"{directory.absolute()}{os.sep}"
    with Database(context.locations.database) as database:
        keys = sequence_numbers.export_targets(database, prefix)
    return list(dict.fromkeys(Path(key.partition("\n")[0]) for key in keys))


def _key_prefix(path: Path) -> str:
    """Return the beginning of an output's keys in the state; the id of an application follows."""
    return f"{path.absolute()}\n"


def _decide_missing(
    path: Path, options: ExportOptions, context: RunContext, database: Database
) -> MissingDecision:
    """Return which applications without a file keep their events in the output.

    Any of them may be in a file that cannot be read.
    """
    events = _events_of_missing(path, options, context, database)
    if options.damaged:
        return MissingDecision(retained=frozenset(events))
    target = EventTarget(
        name=for_terminal(str(path)), command=options.command, drop=MissingFiles.CANCEL
    )
    return decide_missing(events, options.missing, target, context)


def _events_of_missing(
    path: Path, options: ExportOptions, context: RunContext, database: Database
) -> dict[str, int]:
    """Return how many events to come an output has of each application that is not stored.

    Applications that the user removed by a command are not among them.
    """
    missing = {}
    for key in sequence_numbers.export_targets(database, _key_prefix(path)):
        application = key.partition("\n")[2]
        if application in options.stored or sequence_numbers.is_removed(key):
            continue
        events = [each.event for each in sequence_numbers.load_revisions(database, key).values()]
        to_come = [e for e in events if not e.cancelled and not context.has_passed(e.end)]
        if to_come:
            missing[application] = len(to_come)
    return missing
