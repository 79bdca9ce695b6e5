"""khal edits the folder, and vdirsyncer takes it to a server on which a phone edits: any round."""

from __future__ import annotations

import datetime as dt
import random  # noqa: TID251 - seeded, so that failing rounds can be run again
import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.calendar_model import Field
from afterword.domain.merge import user_edits
from afterword.domain.merge.fields import parse_span
from afterword.domain.merge.user_edits import Deleted, FieldEdited, KeywordTyped, Moved
from afterword.formats import ics_patch
from afterword.vdir.folder_calendar import FolderCalendar
from tests.sync.claims import Claims, keys_in, name_of, read
from tests.sync.folders import FolderObjects
from tests.sync.people import NOW, ZONE, Facts, Tool, uid
from tests.sync.phones import STYLES, Phone, lines
from tests.sync.servers import Real, running
from tests.vdir.programs import Programs, programs

ROUNDS = 30
FOREIGN = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\n"
    b"DTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
    b"SUMMARY:Dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "job"
    path.mkdir()
    return path


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    return Tool(Facts.of(8), tmp_path / "state.sqlite")


@pytest.fixture(scope="module")
def radicale() -> Iterator[Real]:
    with tempfile.TemporaryDirectory(prefix="afterword-server-") as place:
        yield from running("radicale", Path(place))


def test_khal_shows_and_edits_what_a_sync_wrote(tool: Tool, folder: Path, tmp_path: Path) -> None:
    calendar = FolderCalendar(folder)
    tool.sync(calendar)
    with programs(tmp_path, folder) as both:
        assert both.titles() == [f"Karoo: step {number}" for number in range(8)]
        both.khal(f"{uid(1)}.ics", "summary", "Mine, and ü; 🎈")
        both.khal(f"{uid(2)}.ics", "description", "My own\nwords")
        both.khal(f"{uid(3)}.ics", "move", 2)
        both.khal(f"{uid(4)}.ics", "delete")
        both.khal(f"{uid(5)}.ics", "summary", "sent it")

        edits = tool.sync(calendar).user_edits

        assert {(type(edit), edit.uid) for edit in edits} == {
            (FieldEdited, uid(1)),
            (FieldEdited, uid(2)),
            (Moved, uid(3)),
            (Deleted, uid(4)),
            (KeywordTyped, uid(5)),
        }
        tool.facts.change(1)
        tool.facts.change(3)
        tool.sync(calendar)
        assert "Mine, and ü; 🎈" in both.titles()
        assert "Karoo: step 4" not in both.titles()
        assert tool.sync(calendar).actions == ()


@attrs.define
class Rounds:
    """A phone, khal, the plan and two syncs, each on its turn; never two people at one event."""

    rng: random.Random
    tool: Tool
    calendar: FolderCalendar
    server: RemoteCalendar
    both: Programs
    claims: Claims = attrs.field(factory=Claims)
    count: int = 8
    now: dt.datetime = NOW

    @property
    def objects(self) -> FolderObjects:
        return FolderObjects(self.calendar.path)

    def round(self) -> None:
        """Edit on all sides, bring them together in one of two orders, and look."""
        numbers = [n for n in range(self.count) if name_of(self, uid(n)) in self.objects]
        self.rng.shuffle(numbers)
        phone, khal, planned = numbers[:2], numbers[2:4], numbers[4:6]
        turns = [(self.phone, phone), (self.khal, khal), (self.plan, planned)]
        self.rng.shuffle(turns)
        for act, numbers in turns:
            act(numbers)
        if self.rng.random() < 0.5:
            self.sync()
        self.both.vdirsyncer()
        self.sync()
        self.both.vdirsyncer()
        if self.rng.random() < 0.1:
            self.tool.lose_state()
            self.forget()
        report = self.sync()
        assert (report, self.seen_by_phone()) == (0, self.seen_by_khal())
        self.check()

    def sync(self) -> int:
        self.now += dt.timedelta(minutes=1)
        report = self.tool.sync(self.calendar, now=self.now, allow_mass_delete=True)
        assert (report.failed, report.stopped, report.foreign) == ({}, None, ())
        return len(report.actions)

    def forget(self) -> None:
        """Without state, what was noted may be noted again."""
        for number in range(self.count):
            for kind in (user_edits.KeywordTyped, user_edits.Moved, user_edits.Deleted):
                self.claims.acts[kind, uid(number)] += 1

    def phone(self, numbers: list[int]) -> None:
        for number in numbers:
            phone = Phone(self.rng.choice([s for s in STYLES if s != "ios-forgetful"]))
            name = name_of(self, uid(number))
            href = self.server.href(name.removesuffix(".ics"))
            resource = self.server.fetch([href])[href]
            action, text = self.act(number)
            if action == "delete":
                self.server.delete(href, etag=resource.etag)
                continue
            body = (
                phone.drag(resource.body, days=self.count)
                if action == "move"
                else phone.edit(resource.body, **{action: text})
            )
            self.server.put(href, body, etag=resource.etag, new=False)

    def khal(self, numbers: list[int]) -> None:
        for number in numbers:
            name = name_of(self, uid(number))
            action, text = self.act(number)
            value = self.count if action == "move" else text
            self.both.khal(name, action, None if action == "delete" else value)

    def act(self, number: int) -> tuple[str, str]:
        """Choose what a person does to an event, and claim it."""
        key, claims = uid(number), self.claims
        action = self.rng.choice(["summary", "description", "move", "word", "delete", "summary"])
        if action == "word" and Field.SUMMARY in self.tool.facts.pins.get(key, {}):
            action = "description"  # the facts forget a title only when they learn of the word
        self.count += action in {"word", "delete"}
        text = f"Mine {self.rng.random()}"
        if action == "delete":
            claims.gives_up(key)
            claims.acts[user_edits.Deleted, key] += 1
            if key in self.tool.facts.events:
                claims.deleted.add(key)
        elif action == "word":
            claims.texts.pop((key, Field.SUMMARY), None)
            claims.acts[user_edits.KeywordTyped, key] += 1
            action, text = "summary", "Answered"
        elif action == "move":
            claims.acts[user_edits.Moved, key] += 1
            found = read(self, key)
            assert found
            start, _ = parse_span(found.fields[Field.TIME])
            assert isinstance(start, dt.datetime)
            claims.starts[key] = start + dt.timedelta(days=self.count)
        else:
            claims.texts[key, Field(action)] = text
            claims.typed.add(text)
        return action, text

    def plan(self, numbers: list[int]) -> None:
        """Let the plan change some events, and have a new one where one is over."""
        for number in numbers:
            if uid(number) in self.tool.facts.events:
                self.claims.starts.pop(uid(number), None)
                self.tool.facts.change(number, f" v{self.rng.random()}")
        for number in range(self.count):
            key = uid(number)
            if key not in self.tool.facts.events and key not in self.tool.facts.withdrawn:
                self.tool.facts.change(number)

    def check(self) -> None:
        """Nothing is lost, doubled or overwritten, on either side."""
        self.claims.check(self, self.tool.facts)
        assert self.objects["dentist.ics"][0] == FOREIGN
        uids = [ics_patch.uid_of(body) for body, _ in self.objects.values()]
        assert len(uids) == len(set(uids))
        there = keys_in(self, self.tool.facts.events)
        assert there == self.tool.facts.events.keys() - self.tool.facts.tombstones

    def seen_by_khal(self) -> dict[str | None, dict[Field, str]]:
        return _seen(body for body, _ in self.objects.values())

    def seen_by_phone(self) -> dict[str | None, dict[Field, str]]:
        hrefs = list(self.server.listing().etags)
        return _seen(resource.body for resource in self.server.fetch(hrefs).values())


def _seen(bodies: Iterator[bytes]) -> dict[str | None, dict[Field, str]]:
    return {
        ics_patch.uid_of(body): dict(ics_patch.parse_event(body, ZONE).fields) for body in bodies
    }


@pytest.mark.parametrize("seed", [1])
def test_rounds_of_edits_on_both_sides(
    tool: Tool, folder: Path, tmp_path: Path, radicale: Real, seed: int
) -> None:
    server = radicale.calendar()
    (folder / "dentist.ics").write_bytes(FOREIGN)
    rng = random.Random(seed)  # noqa: S311 - no secret
    with programs(tmp_path, folder, radicale, server.url) as both:
        rounds = Rounds(rng, tool, FolderCalendar(folder), server, both)
        both.discover()
        rounds.sync()
        both.vdirsyncer()
        assert len(server.listing().etags) == 9
        for _ in range(ROUNDS):
            rounds.round()
        assert "SUMMARY:Dentist" in lines(rounds.objects["dentist.ics"][0])
