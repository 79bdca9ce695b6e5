"""The engine and the adapter together, against servers that no package has."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.merge.user_edits import Deleted, FieldEdited
from afterword.errors import ExitCode, RefusedError
from afterword.sync.report import SyncReport
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
        assert (report.actions, report.user_edits, report.failed) == ((), (), {})
        assert len(self.remote.log) == 1


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with serving(DavServer()) as remote:
        login = Login(user=USER, password=PASSWORD)
        with DavClient(remote.url, login, now=lambda: NOW) as server:
            calendar = RemoteCalendar(server, remote.url + CALENDAR)
            yield Play(Tool(Facts.of(4), tmp_path / "state.sqlite"), remote, calendar)


def test_each_write_has_its_condition(play: Play) -> None:
    """Nothing is created over what is there, and nothing changed or deleted unseen."""
    assert play.sync().failed == {}
    before = {f"{CALENDAR}{name}": etag for name, (_, etag) in play.model.objects.items()}
    play.tool.facts.change(0)
    play.tool.facts.withdraw(3)
    play.tool.facts.change(4)
    assert play.sync().failed == {}
    path = {number: f"{CALENDAR}{uid(number)}.ics" for number in range(5)}
    writes = [
        (one.method, one.path, one.headers.get("if-match"), one.headers.get("if-none-match"))
        for one in play.remote.log
        if one.method in {"PUT", "DELETE"}
    ]
    assert sorted(writes, key=str) == sorted(
        [
            *(("PUT", path[number], None, "*") for number in range(5)),
            ("PUT", path[0], before[path[0]], None),
            ("DELETE", path[3], before[path[3]], None),
        ],
        key=str,
    )


ODDITIES: dict[str, dict[str, Any]] = {
    "plain": {},
    "no ETag on PUT": {"tells_etag": False},
    "weak ETags": {"weak_etag": True},
    "conditions ignored": {"ignores_conditions": True},
    "no tokens": {"knows_tokens": False},
    "all comes back as changed": {"repeats_everything": True},
    "an end demanded": {"demands_end": True},
    "rewrites": {"rewrite": rewritten},
    "revived UIDs called gone": {"reports_revived_as_gone": True},
    "any token taken": {"takes_any_token": True},
    "a trash bin": {"has_bin": True, "uid_refusal": Refusal(500)},
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
    told = play.sync().user_edits
    assert {type(one) for one in told} == {FieldEdited, Deleted}
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
    report = play.sync()
    assert (report.user_edits, report.failed) == ((), {})
    play.settled()
    assert len(play.model.objects) == 4


def test_a_second_deletion_that_is_refused_silences(play: Play) -> None:
    play.sync()
    play.model.refuses_delete = True
    play.tool.facts.withdraw(1)
    play.settled()
    assert "SUMMARY:Answered: Karoo: step 1" in lines(play.model.objects[f"{uid(1)}.ics"][0])


@pytest.mark.parametrize("there", [True, False], ids=["a portal", "a talkative server"])
def test_a_removal_that_a_text_answers_is_looked_at(play: Play, there: bool) -> None:
    play.sync()
    for number in range(4):
        play.tool.facts.withdraw(number)

    def twist(request: Request) -> Reply | None:
        if request.method != "DELETE":
            return None
        if not there:
            play.model.remove(request.path.rpartition("/")[2])
        return Reply(200, b"welcome", {"Content-Type": "text/plain"})

    play.remote.twist = twist
    report = play.sync()
    assert (len(report.actions), len(report.failed)) == ((0, 4) if there else (4, 0))
    play.remote.twist = None
    play.settled()
    assert play.model.objects == {}


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


def test_too_much_patience_is_not_taken_and_nothing_is_lost(play: Play) -> None:
    busy = Reply(503, headers={"Retry-After": "3600"})
    play.remote.twist = lambda request: busy if request.method == "PUT" else None
    report = play.sync()
    assert report.exit_code == ExitCode.TRY_LATER
    assert "try again after 2026-11-24 12:00" in str(report.stopped)
    assert (play.tool.sleeps, play.model.objects) == ([], {})
    play.remote.twist = None
    play.settled()
    assert len(play.model.objects) == 4


@pytest.mark.parametrize("oddity", [{"tells_etag": False}, {"weak_etag": True}], ids=str)
def test_without_an_etag_what_was_written_is_looked_at_once(
    play: Play, oddity: dict[str, Any]
) -> None:
    for flag, value in oddity.items():
        setattr(play.model, flag, value)
    play.sync()
    assert play.remote.methods() == ["PROPFIND", *["PUT"] * 4, "REPORT"]
    play.settled()


def test_etags_that_change_by_themselves_cost_looks_and_no_writes(play: Play) -> None:
    play.sync()
    play.model.writes.clear()
    etags = itertools.count()
    play.model.listing = lambda: {  # type: ignore[method-assign]
        name: f'"{next(etags)}"' for name in play.model.objects
    }
    play.model.repeats_everything = True
    for _ in range(3):
        report = play.sync()
        assert (report.actions, report.user_edits, play.model.writes) == ((), (), [])


DROPS = {
    "alarms": r"BEGIN:VALARM.*?END:VALARM\r\n",
    "marks": r"X-AFTERWORD[^\r]*\r\n",
    "links": r"URL[^\r]*\r\n(?: [^\r]*\r\n)*",
    "numbers": r"SEQUENCE:\d+\r\n",
    "stamps": r"(?<=LAST-MODIFIED:)\d+T",
}


@pytest.mark.parametrize("tells", [True, False], ids=["etag", "no-etag"])
@pytest.mark.parametrize("what", DROPS)
def test_what_a_server_drops_is_not_sent_again_and_again(
    play: Play, what: str, tells: bool
) -> None:
    pattern = re.compile(DROPS[what].encode(), re.DOTALL)
    play.model.rewrite = lambda body: pattern.sub(b"20200101T" * (what == "stamps"), body)
    play.model.tells_etag = tells
    for _ in range(2):
        play.sync()
        play.tool.facts.change(1)
    play.sync()
    play.model.writes.clear()
    for _ in range(2):
        assert play.sync().failed == {}
        assert play.model.writes == []
    assert len(play.model.objects) == 4


@pytest.mark.parametrize("method", ["PUT", "DELETE", "REPORT"])
def test_a_move_to_another_host_sends_nothing_there(play: Play, method: str) -> None:
    play.sync()
    play.tool.facts.change(1)
    play.tool.facts.withdraw(2)
    with serving(DavServer()) as other:
        moved = Reply(301, headers={"Location": other.url + CALENDAR})
        play.remote.twist = lambda request: moved if request.method == method else None
        try:
            stopped: Exception | None = play.sync().stopped
        except RefusedError as error:
            stopped = error
        assert isinstance(stopped, RefusedError)
        assert "points elsewhere" in str(stopped)
        assert other.log == []
    play.remote.twist = None
    play.settled()
    assert set(play.model.objects) == {f"{uid(number)}.ics" for number in (0, 1, 3)}
