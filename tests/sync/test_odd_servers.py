"""The engine and the adapter together, against servers that no package has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.core.decisions import Deleted, Kept, Refused
from afterword.errors import RefusedError
from afterword.sync.report import SyncReport
from afterword.targets.caldav import Login, Server
from afterword.targets.collection import RemoteCalendar
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer, Reply, Request, serving
from tests.sync.model import Model, Refusal, rewritten
from tests.sync.people import NOW, Facts, Phone, Tool, lines, uid


@attrs.define
class Play:
    tool: Tool
    remote: DavServer
    calendar: RemoteCalendar

    @property
    def model(self) -> Model:
        return self.remote.model

    def sync(self) -> SyncReport:
        return self.tool.sync(self.calendar)

    def settled(self) -> None:
        assert self.sync().failed == {}
        self.remote.log.clear()
        report = self.sync()
        assert (report.actions, report.decisions, report.failed) == ((), (), {})
        assert len(self.remote.log) == 1


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with serving(DavServer()) as remote:
        login = Login(user=USER, password=PASSWORD)
        with Server(remote.url, login, now=lambda: NOW) as server:
            calendar = RemoteCalendar(server, remote.url + CALENDAR)
            yield Play(Tool(Facts.of(4), tmp_path / "state.sqlite"), remote, calendar)


ODDITIES: dict[str, dict[str, Any]] = {
    "plain": {},
    "no ETag on PUT": {"tells_etag": False},
    "weak ETags": {"weak_etag": True},
    "conditions ignored": {"ignores_conditions": True},
    "no tokens": {"knows_tokens": False},
    "all comes back as changed": {"repeats_everything": True},
    "an end demanded": {"demands_end": True},
    "rewrites": {"rewrite": rewritten},
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_a_whole_life(play: Play, oddity: str) -> None:
    for flag, value in ODDITIES[oddity].items():
        setattr(play.model, flag, value)
    assert len(play.sync().actions) == 4
    play.settled()
    play.tool.facts.change(0)
    play.tool.facts.withdraw(3)
    name = f"{uid(1)}.ics"
    play.model.store(name, Phone().edit(play.model.objects[name][0], summary="Mine"))
    play.model.remove(f"{uid(2)}.ics")
    told = play.sync().decisions
    assert {type(one) for one in told} == {Kept, Deleted}
    play.settled()
    assert set(play.model.objects) == {f"{uid(0)}.ics", f"{uid(1)}.ics"}
    play.tool.lose_state()
    play.tool.facts.change(1)
    play.settled()
    assert "SUMMARY:Mine" in lines(play.model.objects[name][0])
    assert set(play.model.objects) == {f"{uid(0)}.ics", f"{uid(1)}.ics"}


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(409),
        Refusal(412),
        Refusal(400, "Calendar object with uid already exists in this calendar collection."),
        Refusal(400, "Deleted calendar object with uid already exists."),
        Refusal(403, "<error xmlns='DAV:'><no-uid-conflict/></error>"),
    ],
    ids=lambda refusal: f"{refusal.status} {refusal.body[:12]}",
)
def test_a_uid_in_a_trash_bin_gets_a_new_generation(play: Play, refusal: Refusal) -> None:
    play.model.refused_uids = {uid(1)}
    play.model.uid_refusal = refusal
    assert play.sync().decisions == (Refused(uid=uid(1), at=NOW),)
    play.settled()
    assert len(play.model.objects) == 4


def test_a_second_deletion_that_is_refused_silences(play: Play) -> None:
    play.sync()
    play.model.refuses_delete = True
    play.tool.facts.withdraw(1)
    play.settled()
    assert "SUMMARY:Answered: Karoo: step 1" in lines(play.model.objects[f"{uid(1)}.ics"][0])


@pytest.mark.parametrize("status", [429, 503])
def test_its_patience_is_waited_for(play: Play, status: int) -> None:
    busy = [Reply(status, headers={"Retry-After": "7"})]

    def twist(request: Request) -> Reply | None:
        return busy.pop() if busy and request.method == "PUT" else None

    play.remote.twist = twist
    assert play.sync().failed == {}
    assert play.tool.sleeps == [7.0]
    play.settled()


def test_a_calendar_that_only_lets_itself_be_read(play: Play) -> None:
    body = b"<error xmlns='DAV:'><need-privileges/></error>"
    play.remote.twist = lambda request: Reply(403, body) if request.method == "PUT" else None
    report = play.sync()
    assert isinstance(report.stopped, RefusedError)
    assert "only read" in str(report.stopped)
    assert play.remote.methods().count("PUT") <= 4


def test_a_move_to_another_host_sends_nothing_there(play: Play) -> None:
    with serving(DavServer()) as other:
        place = other.url + CALENDAR
        play.remote.twist = lambda _: Reply(301, headers={"Location": place})
        with pytest.raises(RefusedError, match="points elsewhere"):
            play.sync()
        assert other.log == []
