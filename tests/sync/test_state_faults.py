"""Each statement of the state file fails in turn: a clean run later all is as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from afterword.domain.calendar_model import Field
from afterword.domain.merge.three_way import WriteKind
from afterword.errors import WriteError
from afterword.formats import ics_patch
from afterword.sync.report import SyncReport
from tests.storage.state.failing import Fault
from tests.sync.memory import MemoryCalendar
from tests.sync.model import Model
from tests.sync.people import ZONE, Facts, Phone, Tool, uid
from tests.sync.sweeps import later

_MOST = 500


@attrs.define
class Play:
    """A tool, and a calendar; in the second act a person has edited and the facts have changed."""

    tool: Tool
    model: Model
    theirs: set[str] = attrs.field(factory=set)

    @classmethod
    def begun(cls, act: str, folder: Path, *, tells_etag: bool) -> Play:
        play = cls(Tool(Facts.of(4), folder / "state.sqlite"), Model(tells_etag=tells_etag))
        if act == "second":
            assert play.sync().failed == {}
            later(play.tool.facts)
            play.edit(1, "Mine")
        return play

    def edit(self, number: int, title: str) -> None:
        name = f"{uid(number)}.ics"
        self.model.store(name, Phone().edit(self.model.objects[name][0], summary=title))
        self.theirs.add(name)

    def sync(self) -> SyncReport:
        return self.tool.sync(MemoryCalendar(self.model), connections=1)

    def claims_are_true(self, report: SyncReport) -> None:
        for action in report.actions:
            there = self.model.objects.get(f"{action.uid}.ics")
            assert (there is None) == (action.kind is WriteKind.DELETE)

    def ends_well(self) -> None:
        """One clean run repairs everything, and the next has nothing to do."""
        report = self.sync()
        assert (report.failed, report.stopped) == ({}, None)
        self.claims_are_true(report)
        assert set(self.model.objects) == {f"{key}.ics" for key in self.tool.facts.events}
        for key, wanted in self.tool.facts.events.items():
            name = f"{key}.ics"
            found = ics_patch.parse_event(self.model.objects[name][0], ZONE)
            assert found.uid == key
            title = "Mine" if name in self.theirs else wanted.summary
            assert found.fields[Field.SUMMARY] == title
        report = self.sync()
        assert (report.requests, report.actions, report.user_edits) == (1, (), ())


def acts(act: str, folder: Path, *, tells_etag: bool) -> Iterator[tuple[int, Play]]:
    """Yield the play once for each statement of its sync."""
    for at in range(1, _MOST):
        place = folder / str(at)
        place.mkdir()
        play = Play.begun(act, place, tells_etag=tells_etag)
        yield at, play
        if play.tool.fault.seen < at:
            return
    pytest.fail("it has no end")


@pytest.mark.parametrize(
    ("code", "after"),
    [("SQLITE_FULL", False), ("SQLITE_IOERR", True)],
    ids=["the disk is full", "nobody knows what was done"],
)
@pytest.mark.parametrize(
    ("act", "tells_etag"),
    [("first", True), ("second", True), ("second", False)],
    ids=["first", "second", "without ETags"],
)
def test_one_clean_run_repairs_it(
    tmp_path: Path, act: str, code: str, after: bool, tells_etag: bool
) -> None:
    failures = 0
    for at, play in acts(act, tmp_path, tells_etag=tells_etag):
        fault = play.tool.fault = Fault(code, at=at, after=after)
        try:
            play.claims_are_true(play.sync())
        except WriteError:
            failures += 1
        play.tool.fault = Fault("SQLITE_OK")
        play.ends_well()
        play.tool.fault = fault
    assert failures > 4 * 4
