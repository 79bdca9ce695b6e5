"""The applications while they are synced: what they ask of the calendar, and what it tells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import attrs

from afterword import phone
from afterword.cli.book import Book
from afterword.cli.console import say
from afterword.cli.planning import events_of, plan_of, readers_language
from afterword.core.decisions import Decision, Moved
from afterword.core.model import Application, Entry, Event, Plan
from afterword.core.reconcile import Wanted


class Applications:
    """All applications of a run. Those of a dry run change in memory alone."""

    def __init__(self, book: Book, take_ours: Iterable[str] = ()) -> None:
        """Read them; `take_ours` are those whose events are to be the plan's own again."""
        shelf = book.store.applications()
        self._book = book
        self._complete = not shelf.damaged
        self._all = {application.id: application for application in shelf.applications}
        self._ours: set[str] = set()
        for mistake in shelf.damaged:
            say(str(mistake))
        for part in take_ours:
            self._take_ours(book.find(part))
        self._look()

    @property
    def now(self) -> dt.datetime:
        """Return the moment of this run."""
        return self._book.here.now

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of the events that are wanted, by UID."""
        return {event.uid: event.summary for event in self._events}

    def wanted(self) -> Wanted:
        """Return what they ask of the calendar now."""
        here = self._book.here
        asked = phone.wanted(self._plans, self._events, zone=here.zone, take_ours=self._ours)
        return attrs.evolve(asked, complete=self._complete)

    def note(self, told: Collection[Decision]) -> Wanted:
        """Take what the person did into the log, tell it, and return what is asked for then."""
        for decision in told:
            if decision.uid in self._places:
                place = self._places[decision.uid]
                say(phone.told(self._on_the_clock(decision), place))
                say(f"  if that is wrong: afterword undo {place.application.id}")
        noted = phone.noted(told, self._places, self._book.here.zone)
        for name, entries in noted.items():
            self._log(self._all[name], entries)
        if noted:
            self._look()
        self._warn(decision.uid for decision in told if isinstance(decision, Moved))
        return self.wanted()

    def _on_the_clock(self, decision: Decision) -> Decision:
        """Return the decision with its moment on the user's clock."""
        if isinstance(decision, Moved) and isinstance(decision.start, dt.datetime):
            return attrs.evolve(decision, start=decision.start.astimezone(self._book.here.zone))
        return decision

    def _warn(self, moved: Iterable[str]) -> None:
        """Say what the plan thinks of where they moved an event to."""
        language = readers_language(self._book.here)
        for uid in moved:
            step = self._places[uid].step if uid in self._places else None
            if step is not None and step.note is not None:
                say(f"  {language.say(step.note)}")

    def _look(self) -> None:
        here = self._book.here
        self._plans: list[Plan] = [plan_of(one, here) for one in self._all.values()]
        events: dict[str, tuple[Event, ...]] = {
            plan.application.id: events_of(plan, here) for plan in self._plans
        }
        self._events = [event for found in events.values() for event in found]
        owners = {event.uid: name for name, found in events.items() for event in found}
        self._places = phone.places(self._plans, owners)

    def _take_ours(self, application: Application) -> None:
        plan = plan_of(application, self._book.here)
        uids = {uid for step in plan.steps for uid in step.uids.values()}
        uids |= {event.uid for event in events_of(plan, self._book.here)}
        self._ours |= uids
        at = self._book.here.now.astimezone(self._book.here.zone).replace(microsecond=0)
        pinned = {entry.event or "" for entry in application.log if entry.field} & uids
        self._log(application, [Entry(at=at, event=uid, ours=True) for uid in sorted(pinned)])

    def _log(self, application: Application, entries: list[Entry]) -> None:
        """Append the entries one by one, so that each can be taken back by itself."""
        for entry in entries:
            after = attrs.evolve(application, log=(*application.log, entry))
            application = after if self._book.dry else self._book.store.replace(application, after)
        self._all[application.id] = application
