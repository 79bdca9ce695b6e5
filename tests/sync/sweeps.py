"""Faults at every place of a sync, and what must hold after one clean run behind them.

The sweeps run on both servers that pip can install: they answer a conflict, a
lock and a lost token each in their own way.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import attrs

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Timeouts
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain import uids
from afterword.domain.calendar_model import Field
from afterword.domain.merge.three_way import WriteKind
from afterword.formats import ics_patch
from afterword.sync.look import GENERATIONS
from afterword.sync.report import SyncReport
from tests.sync.people import NOW, ZONE, Facts, Phone, Tool, uid
from tests.sync.servers import Real

T = TypeVar("T")
# For the run that is disturbed; a slow machine is no fault of the clean one.
QUICK = Timeouts(connect=2.0, read=0.4, total=0.8)
SERVERS = ("radicale", "xandikos")
SAMPLE = 20
FACTS = 5
"""How many events the courses have, of which four at a time."""
WHOLE = os.environ.get("AFTERWORD_SWEEP") == "all"


def sampled(cases: Iterable[T], count: int = SAMPLE) -> list[T]:
    """Return the same few of the cases each time; all of them with AFTERWORD_SWEEP=all."""
    everything = list(cases)
    if WHOLE:
        return everything
    return sorted(everything, key=lambda case: hashlib.sha256(repr(case).encode()).digest())[:count]


def later(facts: Facts) -> None:
    """Change the facts: one new event, two changed ones, one withdrawn."""
    facts.change(0)
    facts.change(1, days=2)
    facts.withdraw(2)
    facts.change(4)


@attrs.define
class Stage:
    """A calendar on a real server, and a tool that reaches it through a proxy."""

    real: Real
    tool: Tool
    direct: RemoteCalendar
    edited: bool = False

    @classmethod
    def first(cls, real: Real, folder: Path) -> Stage:
        """Before the first sync of four events."""
        return cls(real, Tool(Facts.of(4), folder / "state.sqlite"), real.calendar())

    @classmethod
    def second(cls, real: Real, folder: Path) -> Stage:
        """Before a sync that creates, updates and deletes, with an edit to hear."""
        stage = cls.first(real, folder)
        assert stage.tool.sync(stage.direct).failed == {}
        later(stage.tool.facts)
        href = stage.direct.href(uid(1))
        body = Phone().edit(stage.direct.fetch([href])[href].body, summary="Mine")
        stage.direct.put(href, body, etag=None, new=False)
        stage.edited = True
        return stage

    def through(self, url: str, timeouts: Timeouts | None = None) -> RemoteCalendar:
        """Return the calendar as it is reached at that address, under its own name."""
        server = DavClient(url, self.real.login, now=lambda: NOW, timeouts=timeouts)
        self.real.opened.append(server)
        path = self.direct.url.removeprefix(self.real.url)
        return RemoteCalendar(server, url + path)

    def objects(self) -> dict[str, bytes]:
        """Return what is on the server, by name."""
        found = self.direct.fetch(list(self.direct.listing().etags))
        return {href.rpartition("/")[2]: one.body for href, one in found.items()}

    def events(self) -> dict[str, bytes]:
        """Return what is on the server by the UID in the plan; no event is there twice.

        An event whose first object was refused as a UID that was in use is there under a later
        generation's name.
        """
        there = self.objects()
        names = {
            uids.event_file_name(uids.calendar_uid(planned, generation)): planned
            for planned in {uid(number) for number in range(FACTS)}
            for generation in range(GENERATIONS)
        }
        assert not there.keys() - names.keys()
        found = {names[name]: body for name, body in there.items()}
        assert len(found) == len(there)
        return found

    def claims_are_true(self, report: SyncReport) -> None:
        """What a report calls done is done."""
        there = self.events()
        for action in report.actions:
            if action.kind is WriteKind.DELETE:
                assert action.uid not in there
            else:
                found = ics_patch.parse_event(there[action.uid], ZONE)
                assert {f: found.fields[f] for f in action.fields} == {
                    f: action.result[f] for f in action.fields
                }

    def is_whole(self) -> None:
        """Nothing is lost, nothing doubled, nothing of theirs undone."""
        there = self.events()
        assert there.keys() == self.tool.facts.events.keys()
        for key, wanted in self.tool.facts.events.items():
            found = ics_patch.parse_event(there[key], ZONE).fields
            mine = "Mine" if self.edited and key == uid(1) else wanted.summary
            assert found[Field.SUMMARY] == mine
            assert (
                f"žluťoučký; kůň, {wanted.summary[-1]}" in found[Field.DESCRIPTION]
                or "anew" in (found[Field.DESCRIPTION])
            )

    def ends_well(self, url: str) -> None:
        """One clean run repairs everything, and the next has nothing to do."""
        calendar = self.through(url)
        report = self.tool.sync(calendar)
        assert (report.failed, report.stopped) == ({}, None)
        self.claims_are_true(report)
        self.is_whole()
        before = calendar.requests
        report = self.tool.sync(calendar)
        assert (report.actions, report.user_edits) == ((), ())
        assert calendar.requests - before == 1


@attrs.frozen(kw_only=True)
class Course:
    """A sync to be disturbed, with the number of its requests and of its commits."""

    stage: Callable[[Real, Path], Stage]
    requests: int
    commits: int


COURSES = {
    "first": Course(stage=Stage.first, requests=5, commits=7),
    "second": Course(stage=Stage.second, requests=6, commits=8),
}
