"""Our side of a calendar: the facts, and the tool that syncs them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.dav.interface import Calendar
from afterword.domain import uids
from afterword.domain.calendar_model import Alarm, Event, Field
from afterword.domain.merge import user_edits
from afterword.domain.merge.three_way import DesiredState, DiscardedOverrides
from afterword.domain.merge.user_edits import UserEdit
from afterword.storage.state.database import Database
from afterword.sync.engine import synchronize
from afterword.sync.report import SyncReport
from afterword.sync.sync_context import Options
from tests.storage.state.failing import Fault
from tests.sync.phones import Phone as Phone  # noqa: PLC0414
from tests.sync.phones import lines as lines  # noqa: PLC0414

ZONE = ZoneInfo("Africa/Johannesburg")
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
BORN = dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
QUARTER = dt.timedelta(minutes=15)
WORDS = {"sent": "sent", "answered": "answered", "rejected": "rejected", "skip": "skip"}


def uid(number: int, generation: int = 0) -> str:
    return uids.stable_uuid("karoo", number, generation)


def event(number: int, *, generation: int = 0, text: str = "", days: int = 0) -> Event:
    start = NOW + (number + 1 + days) * DAY
    own = uid(number, generation)
    return Event(
        uid=own,
        start=start,
        end=start + QUARTER,
        summary=f"Karoo: step {number}{text}",
        description=f"Dear Thandi,\n\nžluťoučký; kůň, {number}{text} 🎙️\n\nSam",
        stamp=BORN,
        url="mailto:thandi@karoo.example?subject=Hello",
        categories=("Job search",),
        alarm=Alarm(uid=uids.stable_uuid(own, "alarm"), before=0 * DAY, text=f"step {number}"),
    )


@attrs.define(slots=False)
class Facts:
    """What a store would hold: events by number, and what the person's phone added."""

    events: dict[str, Event] = attrs.field(factory=dict)
    frames: set[str] = attrs.field(factory=set)
    withdrawn: set[str] = attrs.field(factory=set)
    tombstones: set[str] = attrs.field(factory=set)
    pins: dict[str, dict[Field, str]] = attrs.field(factory=dict)
    discarded: dict[str, DiscardedOverrides] = attrs.field(factory=dict)
    take_ours: set[str] = attrs.field(factory=set)
    log: list[UserEdit] = attrs.field(factory=list)
    is_complete: bool = True

    @classmethod
    def of(cls, count: int) -> Facts:
        return cls({one.uid: one for one in map(event, range(count))})

    def change(self, number: int, text: str = " anew", days: int = 0) -> None:
        self.events[uid(number)] = event(number, text=text, days=days)

    def withdraw(self, number: int) -> None:
        del self.events[uid(number)]
        self.withdrawn.add(uid(number))

    def wanted(self) -> DesiredState:
        return DesiredState(
            events=dict(self.events),
            zone=ZONE,
            reminder_uids=set(self.events) - self.frames,
            possible_uids={*self.events, *self.withdrawn},
            tombstones=set(self.tombstones),
            pins={key: dict(value) for key, value in self.pins.items()},
            discarded=dict(self.discarded),
            complete=self.is_complete,
        )

    def note(self, told: tuple[UserEdit, ...]) -> DesiredState:
        """Take in what was done, as the log of an application would, and plan anew."""
        for one in told:
            if one in self.log:
                continue
            self.log.append(one)
            self._take(one)
        for key in self.take_ours & self.pins.keys():
            self.discarded[key] = DiscardedOverrides(fields=self.pins.pop(key), at=NOW)
        self.take_ours.clear()
        return self.wanted()

    def _take(self, one: UserEdit) -> None:
        there = self.events.get(one.uid)
        match one:
            case user_edits.Moved() if there:
                self.events[one.uid] = attrs.evolve(there, start=one.start, end=one.end)
            case user_edits.Deleted():
                self.tombstones.add(one.uid)
            case user_edits.Undeleted(there=True):
                self.tombstones.discard(one.uid)
            case user_edits.FieldEdited():
                self.pins.setdefault(one.uid, {})[one.field] = one.theirs
            case user_edits.KeywordTyped() if there and one.says == "sent":
                done = attrs.evolve(there, summary=f"{there.summary}: sent", alarm=None)
                self.events[one.uid] = done
            case user_edits.KeywordTyped() if there:
                del self.events[one.uid]
                self.withdrawn.add(one.uid)
            case _:
                pass


@attrs.define
class Tool:
    """Our side: the facts, and a state file that may be lost."""

    facts: Facts
    path: Path
    sleeps: list[float] = attrs.field(factory=list)
    fault: Fault = attrs.field(factory=lambda: Fault("SQLITE_OK"))

    def sync(
        self, calendar: Calendar, *, now: dt.datetime = NOW, note: bool = True, **options: Any
    ) -> SyncReport:
        with Database(self.path, connection=self.fault.connection()) as database:
            return synchronize(
                calendar,
                database,
                self.facts.wanted(),
                Options(words=WORDS, over="Answered:", sleep=self.sleeps.append, **options),
                now=now,
                record_edits=self.facts.note if note else None,
            )

    def lose_state(self) -> None:
        for file in self.path.parent.glob(f"{self.path.name}*"):
            file.unlink()
