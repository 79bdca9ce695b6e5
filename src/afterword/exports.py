"""An export as an update of the last one to the same place.

What changed since then comes with a higher SEQUENCE; what did not comes as the
same bytes; what was withdrawn comes as cancelled, until its old time has
passed. Each application of a place is remembered apart, so that an export of
one of them takes nothing back from the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

import attrs

from afterword.core.model import Event, When
from afterword.formats import ics
from afterword.state import revisions
from afterword.state.database import Database
from afterword.state.revisions import Written

Cancelled = Callable[[Event], Event]
"""Turns an event that is no longer wanted into what a calendar app is told of it."""


@attrs.define(kw_only=True)
class Place:
    """One output, within a transaction of the state; nothing counts before that commits.

    `added` and `changed` gather the UIDs of what the place did not have so,
    `outdated` the versions that it had of what changed or was cancelled.
    """

    database: Database
    path: str
    now: dt.datetime
    cancelled: Cancelled
    added: set[str] = attrs.field(factory=set)
    changed: set[str] = attrs.field(factory=set)
    outdated: list[Event] = attrs.field(factory=list)
    _seen: set[str] = attrs.field(factory=set)

    def revised(self, application: str, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events of an application as the place should get them, and note them."""
        place = f"{self.path}\n{application}"
        self._seen.add(place)
        mine = revisions.remembered(self.database, place)
        wanted = list(events)
        uids = {event.uid for event in wanted}
        gone = [written.event for uid, written in mine.items() if uid not in uids]
        wanted += [self.cancelled(event) for event in gone if not has_passed(event.end, self.now)]
        written = revisions.revise(self.database, place, wanted, ics.fingerprint, now=self.now)
        for one in written:
            self._compare(one, mine.get(one.event.uid))
            yield one.event
        revisions.note(
            self.database,
            place,
            map(_light, written),
            forget=[event.uid for event in gone if has_passed(event.end, self.now)],
        )

    def vanished(self) -> Iterator[Event]:
        """Yield the events of applications that the place had and nobody asked for this time."""
        for place in revisions.places(self.database, f"{self.path}\n"):
            if place not in self._seen:
                yield from self.revised(place.partition("\n")[2], ())

    def _compare(self, written: Written, old: Written | None) -> None:
        if old is None:
            self.added.add(written.event.uid)
        elif old.fingerprint != written.fingerprint:
            self.changed.add(written.event.uid)
            self.outdated.append(old.event)


def forget(database: Database, application: str, *, now: dt.datetime) -> list[str]:
    """Forget what was exported of an application, but for events that are still to come.

    Those are kept until the next export to their place has cancelled them;
    the places that have any are returned.
    """
    waiting = []
    for place in revisions.places(database, ""):
        path, _, name = place.partition("\n")
        if name != application:
            continue
        held = [written.event for written in revisions.remembered(database, place).values()]
        past = [event.uid for event in held if has_passed(event.end, now)]
        revisions.remember(database, place, (), forget=past)
        if len(past) < len(held):
            waiting.append(path)
    return waiting


def has_passed(end: When, now: dt.datetime) -> bool:
    """Whether an event that ends then is over."""
    return end <= now if isinstance(end, dt.datetime) else end <= now.date()


def _light(written: Written) -> Written:
    """Return what is kept of an event: enough to cancel it, without its drafts."""
    return attrs.evolve(
        written, event=attrs.evolve(written.event, description="", url=None, alarm=None)
    )
