"""An export as an update of the last one to the same place.

What changed since then comes with a higher SEQUENCE; what did not comes as the
same bytes; what was withdrawn comes as cancelled, until its old time has
passed. Each application of a place is remembered apart, so that an export of
one of them takes nothing back from the others.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.events.event import Event
from afterword.domain.merge.three_way import is_over
from afterword.formats.ics import export_file
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent

Cancelled = Callable[[Event], Event]
"""Turns an event that is no longer wanted into what a calendar app is told of it."""


@attrs.define(kw_only=True)
class ExportTarget:
    """One output, within a transaction of the state; nothing counts before that commits.

    `added` and `changed` count what the place did not have so. With `news_only`
    nothing else is yielded, and `outdated` gathers the versions that the place
    had of what changed or was cancelled.
    """

    database: Database
    path: str
    now: dt.datetime
    zone: ZoneInfo
    cancelled: Cancelled
    news_only: bool = False
    added: int = 0
    changed: int = 0
    outdated: list[Event] = attrs.field(factory=list)
    _seen: set[str] = attrs.field(factory=set)

    def revised(self, application: str, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events of an application as the place should get them, and note them."""
        place = f"{self.path}\n{application}"
        self._seen.add(application)
        mine = sequence_numbers.load_revisions(self.database, place)
        wanted = list(events)
        uids = {event.uid for event in wanted}
        gone = [written.event for uid, written in mine.items() if uid not in uids]
        wanted += [
            self.cancelled(event)
            for event in gone
            if not is_over(event.end, now=self.now, zone=self.zone)
        ]
        written = sequence_numbers.assign_sequence(
            self.database, mine, wanted, export_file.fingerprint_of, now=self.now
        )
        news = [one for one in written if self._is_news(one, mine.get(one.event.uid))]
        yield from (one.event for one in (news if self.news_only else written))
        past = [event.uid for event in gone if is_over(event.end, now=self.now, zone=self.zone)]
        sequence_numbers.save_rows(self.database, place, news, forget=past)

    def count(self) -> None:
        """Raise the counters to what was yielded; to be called once, after all of it."""
        sequence_numbers.raise_counters(self.database, f"{self.path}\n")

    def vanished(self) -> Iterator[Event]:
        """Yield the events of applications that the place had and nobody asked for this time."""
        for place in sequence_numbers.export_targets(self.database, f"{self.path}\n"):
            application = place.partition("\n")[2]
            if application not in self._seen:
                yield from self.revised(application, ())

    def _is_news(self, written: RevisedEvent, old: RevisedEvent | None) -> bool:
        if old is None:
            self.added += 1
        elif old.fingerprint != written.fingerprint:
            self.changed += 1
            if self.news_only:
                self.outdated.append(old.event)
        else:
            return False
        return True


def exported_files(database: Database, directory: Path) -> list[Path]:
    """Return the outputs below a directory that have had an export, in their order."""
    places = sequence_numbers.export_targets(database, f"{directory.absolute()}{os.sep}")
    return list(dict.fromkeys(Path(place.partition("\n")[0]) for place in places))


def forget_export(
    database: Database, application: str, *, now: dt.datetime, zone: ZoneInfo
) -> list[str]:
    """Forget what was exported of an application, but for events that are still to come.

    Those are kept until the next export to their place has cancelled them;
    the places that have any are returned.
    """
    waiting = []
    for place in sequence_numbers.export_targets(database, ""):
        path, _, name = place.partition("\n")
        if name != application:
            continue
        held = [
            written.event for written in sequence_numbers.load_revisions(database, place).values()
        ]
        past = [event.uid for event in held if is_over(event.end, now=now, zone=zone)]
        sequence_numbers.save_atomically(database, place, (), forget=past)
        if len(past) < len(held):
            waiting.append(path)
    return waiting
