"""The whole contract with a server that behaves as Google's CalDAV does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.discovery import Discovery
from afterword.dav.interface import BusyError, PreconditionFailedError
from afterword.dav.providers import GOOGLE_DIALECT, STANDARD, dialect_of
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.calendar_model import Field
from afterword.domain.merge.fields import parse_alarms
from afterword.domain.merge.user_edits import Deleted, FieldEdited, Moved, UserEdit
from afterword.errors import AfterwordError, ConflictError, LoginError, RefusedError
from afterword.formats import ics_patch
from afterword.sync.report import SyncReport
from tests.sync.google import as_google_stores, google_model
from tests.sync.http import CALENDAR, HOME, PASSWORD, USER, DavServer, Reply, Request, serving
from tests.sync.model import Model
from tests.sync.people import NOW, ZONE, Facts, Phone, Tool, lines, uid

ENDPOINT = "https://apidata.googleusercontent.com/caldav/v2"


@attrs.define
class Google:
    """Our side, and the calendar of a server that behaves as Google's."""

    tool: Tool
    remote: DavServer
    client: DavClient
    calendar: RemoteCalendar

    @property
    def model(self) -> Model:
        return self.remote.model

    def sync(self) -> SyncReport:
        report = self.tool.sync(self.calendar)
        assert report.failed == {}
        return report

    def settled(self) -> None:
        self.remote.log.clear()
        report = self.sync()
        assert (report.actions, report.user_edits) == ((), ())
        assert self.remote.methods() == ["REPORT"]

    def stores(self, number: int, change: Callable[[bytes], bytes]) -> None:
        """Store what the person made of an event on the phone."""
        name = f"{uid(number)}.ics"
        self.model.store(name, change(self.model.objects[name][0]))

    def body(self, number: int) -> bytes:
        return self.model.objects[f"{uid(number)}.ics"][0]

    def alarms(self, number: int) -> set[int]:
        """Return when the event rings, in seconds from its start."""
        fields = ics_patch.parse_event(self.body(number), ZONE).fields
        return set(parse_alarms(fields[Field.ALARMS]))


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Google]:
    with serving(DavServer(google_model())) as remote:
        login = Login(user=USER, password=PASSWORD)
        with DavClient(remote.url, login, now=lambda: NOW, dialect=GOOGLE_DIALECT) as client:
            calendar = RemoteCalendar(client, remote.url + CALENDAR)
            yield Google(Tool(Facts.of(4), tmp_path / "state.sqlite"), remote, client, calendar)


@pytest.fixture
def synced(google: Google) -> Google:
    assert len(google.sync().actions) == 4
    google.settled()
    return google


def test_nothing_is_created_on_a_condition_that_it_does_not_know(google: Google) -> None:
    google.sync()

    assert len(google.model.objects) == 4
    assert not any("if-none-match" in request.headers for request in google.remote.log)


def test_its_own_alarms_are_not_taken_for_the_persons(synced: Google) -> None:
    assert [synced.alarms(number) for number in range(4)] == [{-6000}] * 4
    assert synced.tool.facts.pins == {}
    assert all(b"X-AFTERWORD" not in body for body in synced.model.bodies())


def _drag(body: bytes) -> bytes:
    return Phone().drag(body)


ACTS: dict[str, tuple[Callable[[bytes], bytes], type[UserEdit] | None]] = {
    "edit the title": (lambda body: Phone().edit(body, summary="Mine"), FieldEdited),
    "edit the text": (lambda body: Phone().edit(body, description="Mine"), FieldEdited),
    "drag": (_drag, Moved),
    "another alarm": (lambda body: Phone().remind(body, "-PT1H"), FieldEdited),
    "a later alarm": (lambda body: Phone().alarm(body, "-PT5M"), FieldEdited),
    "dismiss": (lambda body: Phone().dismiss(body), None),
    "open and save": (lambda body: Phone().edit(body), None),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_the_person_does_stands_while_the_plan_changes(synced: Google, act: str) -> None:
    change, kind = ACTS[act]
    synced.stores(1, change)
    before = ics_patch.parse_event(synced.body(1), ZONE).fields

    edits = synced.sync().user_edits

    assert [type(edit) for edit in edits] == ([kind] if kind else [])
    synced.settled()
    assert ics_patch.parse_event(synced.body(1), ZONE).fields == before
    synced.tool.facts.change(0)
    synced.sync()
    synced.settled()
    assert ics_patch.parse_event(synced.body(1), ZONE).fields == before
    assert len(synced.model.objects) == 4


def test_an_alarm_that_the_person_added_outlives_ours(synced: Google) -> None:
    synced.stores(1, lambda body: Phone().remind(body, "-PT1H"))
    synced.stores(1, lambda body: Phone().edit(body, description="Mine"))
    synced.sync()
    synced.tool.facts.withdraw(1)

    synced.sync()

    assert synced.alarms(1) == {-3600}
    assert "SUMMARY:Answered: Karoo: step 1" in lines(synced.body(1))
    synced.settled()


def test_an_alarm_that_the_plan_removes_goes(synced: Google) -> None:
    done = synced.tool.facts.events[uid(2)]
    synced.tool.facts.events[uid(2)] = attrs.evolve(done, alarm=None)

    synced.sync()

    assert synced.alarms(2) == set()
    assert "ACTION:NONE" in lines(synced.body(2))
    synced.settled()


def test_a_changed_event_keeps_its_identity_and_its_new_text(synced: Google) -> None:
    synced.tool.facts.change(2, days=1)
    synced.sync()

    assert "SUMMARY:Karoo: step 2 anew" in lines(synced.body(2))
    assert len(synced.model.objects) == 4
    synced.settled()


def test_a_deleted_event_stays_deleted(synced: Google) -> None:
    synced.model.remove(f"{uid(1)}.ics")
    assert [type(edit) for edit in synced.sync().user_edits] == [Deleted]
    synced.settled()
    synced.tool.lose_state()
    synced.sync()
    assert len(synced.model.objects) == 3


def test_lost_state_alone_changes_and_reports_nothing(synced: Google) -> None:
    before = dict(synced.model.objects)
    synced.tool.lose_state()

    assert synced.sync().user_edits == ()

    assert synced.model.objects == before
    synced.settled()
    synced.tool.facts.withdraw(3)
    synced.sync()
    assert len(synced.model.objects) == 3


def test_what_is_created_under_our_name_meanwhile_is_not_overwritten(synced: Google) -> None:
    theirs = Phone().edit(synced.body(1).replace(uid(1).encode(), uid(5).encode()), summary="Mine")

    def twist(request: Request) -> Reply | None:
        if request.method == "REPORT" and uid(5).encode() in request.body:
            synced.model.objects.setdefault(f"{uid(5)}.ics", (theirs, '"theirs"'))
        return None

    synced.remote.twist = twist
    synced.tool.facts.change(5)
    synced.sync()

    assert "SUMMARY:Mine" in lines(synced.body(5))
    with pytest.raises(PreconditionFailedError):
        synced.calendar.put(synced.calendar.href(uid(5)), theirs, etag=None, new=True)


@pytest.mark.parametrize("edit", ["title", "alarm"])
def test_an_edit_between_our_write_and_our_look_is_seen(synced: Google, edit: str) -> None:
    """The ETag of the write tells the server's own alarms from an edit just after it."""
    synced.tool.facts.change(0)
    pending = [True]

    def twist(request: Request) -> Reply | None:
        wrote = any(one.method == "PUT" for one in synced.remote.log)
        if request.method == "REPORT" and wrote and pending:
            pending.clear()
            act = _drag if edit == "title" else lambda body: Phone().alarm(body, "-PT5M")
            synced.stores(0, act)
        return None

    synced.remote.log.clear()
    synced.remote.twist = twist
    edits = synced.sync().user_edits

    assert [type(one) for one in edits] == [Moved if edit == "title" else FieldEdited]
    synced.remote.twist = None
    synced.settled()
    if edit == "alarm":
        assert synced.alarms(0) == {-300}


def test_texts_that_it_rewrites_are_not_taken_for_the_persons(google: Google) -> None:
    """Nobody says that it keeps every text as it was sent."""
    google.model.rewrite = lambda body: as_google_stores(body).replace(b"step", b"st&ep")

    assert google.sync().user_edits == ()
    google.settled()
    google.tool.facts.change(1, days=1)
    assert google.sync().user_edits == ()
    google.settled()
    google.stores(2, lambda body: Phone().edit(body, summary="Mine"))
    google.stores(3, _drag)
    assert [type(edit) for edit in google.sync().user_edits] == [FieldEdited, Moved]
    google.settled()
    assert google.tool.facts.pins == {uid(2): {Field.SUMMARY: "Mine"}}
    google.tool.facts.withdraw(0)
    google.sync()
    assert len(google.model.objects) == 3


def test_a_calendar_that_is_gone_is_not_made_again(synced: Google) -> None:
    synced.model.exists = False
    with pytest.raises(ConflictError):
        synced.sync()
    with pytest.raises(RefusedError) as refused:
        synced.tool.sync(synced.calendar, allow_mass_delete=True)
    assert "https://calendar.google.com" in str(refused.value)
    assert "MKCALENDAR" not in synced.remote.methods()


def test_a_new_calendar_is_made_by_hand(google: Google) -> None:
    with Discovery(lambda _: google.client, lambda *_: False) as discovery:
        home = discovery.find_home(google.remote.url + HOME)
        with pytest.raises(RefusedError) as refused:
            discovery.create(home, "Job search")
    assert "calendar.google.com" in str(refused.value)
    assert "afterword calendars --use 'Job search'" in str(refused.value)
    assert "MKCALENDAR" not in google.remote.methods()


def test_a_new_server_takes_the_dialect_of_its_address() -> None:
    assert dialect_of(f"{ENDPOINT}/") is GOOGLE_DIALECT
    for url in (
        "https://caldav.icloud.com/",
        "https://apidata.googleusercontent.com.evil.example/",
        "http://localhost/",
    ):
        assert dialect_of(url) is STANDARD


@pytest.mark.parametrize(
    ("path", "main"),
    [
        ("sam%40gmail.com/events/", True),
        ("sam@gmail.com/events", True),
        ("sam%40work.example/events/", True),
        ("primary/events/", True),
        ("c_0f9a%40group.calendar.google.com/events/", False),
        ("c_0f9a@group.calendar.google.com/events/", False),
        ("en.uk%23holiday%40group.v.calendar.google.com/events/", False),
        ("x%40import.calendar.google.com/events/", False),
    ],
)
def test_a_main_calendar_is_known_by_its_address(path: str, main: bool) -> None:
    assert GOOGLE_DIALECT.is_main_calendar(f"{ENDPOINT}/{path}") is main
    assert not STANDARD.is_main_calendar(f"{ENDPOINT}/{path}")


REFUSALS: dict[str, tuple[str, type[AfterwordError], str]] = {
    "not enabled": (
        (
            "CalDAV API has not been used in project 1 before or it is disabled. "
            '"reason": "accessNotConfigured"'
        ),
        RefusedError,
        "press Enable",
    ),
    "not granted": (
        (
            '"status": "PERMISSION_DENIED", "message": "Request had insufficient authentication '
            'scopes.", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"'
        ),
        LoginError,
        "tick the box",
    ),
    "quota": ('"reason": "quotaExceeded"', BusyError, "try again later"),
    "rate": ('"reason": "userRateLimitExceeded"', BusyError, "try again later"),
    "other": ('"reason": "forbidden"', RefusedError, "may not read that"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_its_refusals_say_what_to_do(google: Google, case: str) -> None:
    body, kind, advice = REFUSALS[case]
    google.remote.twist = lambda _: Reply(403, body.encode(), {"Content-Type": "application/json"})
    with pytest.raises(AfterwordError) as refused:
        google.calendar.listing()
    assert type(refused.value) is kind
    assert advice in str(refused.value)


def test_too_many_requests_are_waited_for(google: Google) -> None:
    refusals = [Reply(403, b'{"reason": "rateLimitExceeded"}')]

    def twist(request: Request) -> Reply | None:
        return refusals.pop() if refusals and request.method == "PUT" else None

    google.remote.twist = twist
    google.sync()
    assert google.tool.sleeps
    assert len(google.model.objects) == 4


def test_the_imitation_stores_the_same_again() -> None:
    body = Phone().remind(_event_body(), "-PT1H")
    once = as_google_stores(body)
    assert as_google_stores(once) == once
    assert {"DESCRIPTION:This is an event reminder"} <= set(lines(once))
    assert not {line for line in lines(once) if line.startswith(("URL", "X-", "CATEGORIES"))}


def _event_body() -> bytes:
    from afterword.formats import ics_files
    from tests.sync.people import event

    return ics_files.new_calendar_object(event(1), "marks")
