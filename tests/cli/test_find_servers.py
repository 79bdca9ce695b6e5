"""`find` and watched calendars on real servers: what is read there, and that it stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.dav import dav_xml
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.settings.paths import find_locations
from tests.cli.life import Life
from tests.cli.test_find import CHAT, calendar, event
from tests.sync.servers import Real, running

NOW = "2026-11-24 18:00"


@pytest.fixture(scope="module", params=["radicale", "xandikos"])
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Real]:
    yield from running(request.param, tmp_path_factory.mktemp("server"))


@attrs.define
class Person:
    """Somebody with a calendar for the job search and one of their own on a server."""

    life: Life
    jobs: RemoteCalendar
    own: RemoteCalendar
    secret: Path
    user: str

    @property
    def access(self) -> tuple[object, ...]:
        return (
            *("--calendar-url", self.jobs.url, "--user", self.user),
            *("--password-file", self.secret),
        )

    def find(self, *args: object) -> Any:
        return self.life(NOW, "find", *self.access, *args, "--json").json

    def sync(self) -> Any:
        return self.life(NOW, "sync", *self.access, "--json").json

    def put(self, uid: str, text: str, start: str = "20261202T090000Z", **values: str) -> None:
        """Put an event into the own calendar, or replace it."""
        href = f"{self.own.href('0' * 8)[: -len('00000000.ics')]}{uid}.ics"
        held = self.own.fetch([href]).get(href)
        body = calendar(event(uid, text, start, **values))
        self.own.put(href, body, etag=held.etag if held else None, new=held is None)

    def objects(self) -> dict[str, bytes]:
        listed = self.own.listing().etags
        return {href: each.body for href, each in self.own.fetch(listed).items()}


@pytest.fixture
def person(real: Real, life: Life, tmp_path: Path) -> Person:
    jobs = real.calendar()
    url = f"{real.url}{real.home}own-{real.made}/"
    name = f"Private {real.made}"
    real.server().request("MKCALENDAR", url, dav_xml.mkcalendar(name))
    secret = tmp_path / "secret"
    secret.write_text(f"{real.login.password if real.login else 'none'}\n")
    secret.chmod(0o600)
    user = real.login.user if real.login else "user"
    return Person(life, jobs, RemoteCalendar(real.server(), url), secret, user)


def test_events_on_a_server_are_suggested(person: Person) -> None:
    person.put("chat", CHAT)
    person.put("dentist", "SUMMARY:Dentist", "20261203T090000Z")
    person.put("team", "SUMMARY:Team meeting", "20261123T090000Z", rrule="FREQ=WEEKLY")
    person.put("late", "SUMMARY:Job interview", "20271203T090000Z")
    before = person.objects()
    document = person.find("--calendar", person.own.url)
    assert [each["uid"] for each in document["suggestions"]] == ["chat"]
    assert len(document["calendars"]) == 1
    assert "chat" in [each["uid"] for each in person.find()["suggestions"]]
    assert person.objects() == before
    assert person.life.files() == {}

    person.find("--calendar", person.own.url, "--add", "chat")
    assert person.life.files().keys() == {"fynbos-content-designer.toml"}
    assert person.find("--calendar", person.own.url)["suggestions"] == []
    assert person.objects() == before


def test_our_own_events_on_the_server_are_no_suggestions(person: Person) -> None:
    person.life.held()
    person.life(NOW, "sync", *person.access)
    document = person.find("--calendar", person.jobs.url)
    assert (document["suggestions"], document["unreadable"]) == ([], [])


def test_a_calendar_of_no_such_name_is_refused(person: Person) -> None:
    refusal = person.life.refused(NOW, "find", *person.access, "--calendar", "School")
    assert "no calendar is called 'School'" in refusal
    assert person.own.url in refusal


def test_a_range_of_time_is_read(person: Person) -> None:
    person.put("in", "SUMMARY:a", "20261202T090000Z")
    person.put("out", "SUMMARY:b", "20270102T090000Z")
    day = dt.datetime(2026, 12, 2, tzinfo=dt.UTC)
    read = person.own.fetch_between(day, day + dt.timedelta(days=1))
    assert [b"UID:in" in resource.body for resource in read] == [True]


def test_watched_calendars_are_followed_on_a_server(person: Person) -> None:
    person.put("chat", CHAT)
    person.find("--calendar", person.own.url, "--add", "chat")
    settings = find_locations(person.life.data).settings
    settings.parent.mkdir(parents=True, exist_ok=True)
    zone = 'zone = "Africa/Johannesburg"\n'
    settings.write_text(f'{zone}[calendar]\nwatch = ["{person.own.url}"]\n', "utf-8")
    assert person.sync()["watched"] == []

    person.put("team", "SUMMARY:Team", "20261208T063000Z", dtend="20261208T080000Z")
    person.put("chat", CHAT, "20261203T090000Z", sequence="1")
    before = person.objects()
    document = person.sync()
    assert [each["action"] for each in document["watched"]] == ["moved"]
    assert (document["failed"], document["not_watched"]) == ([], [])
    listed = person.jobs.listing().etags
    texts = [
        each.body.replace(b"\r", b"").replace(b"\n ", b"")
        for each in person.jobs.fetch(listed).values()
    ]
    assert any(b"Your calendar is busy then (08:30 to 10:00)" in text for text in texts)
    again = person.sync()
    assert (again["created"], again["updated"], again["deleted"]) == (0, 0, 0)

    person.put("chat", CHAT, "20261203T090000Z", sequence="2", status="CANCELLED")
    assert [each["action"] for each in person.sync()["watched"]] == ["cancelled"]
    assert person.objects().keys() == before.keys()
