"""A person, a tool and a server, each doing what it does in any order: what must always hold."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from afterword.dav.interface import BusyError, OutcomeUnknownError
from afterword.domain import datemath
from afterword.domain.calendar_model import Field, Fields
from afterword.domain.merge import user_edits
from afterword.domain.merge.fields import parse_alarms, parse_span
from afterword.errors import AfterwordError, ConflictError, TryLaterError
from afterword.formats import ics_patch
from tests.sync.claims import Claims, keys_in, name_of, read
from tests.sync.folders import FolderObjects, HookedFolder
from tests.sync.google import GoogleMemory, as_google_stores
from tests.sync.memory import MemoryCalendar
from tests.sync.model import Model, Refusal, rewritten
from tests.sync.people import NOW, ZONE, Facts, Tool, event, uid
from tests.sync.phones import STYLES, Phone

COUNT = 4
NUMBERS = st.integers(0, COUNT - 1)
CLIENTS = st.sampled_from([style for style in STYLES if style != "ios-forgetful"])
FOREIGN = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
HOUR = dt.timedelta(hours=1)
SECOND = dt.timedelta(seconds=1)


class Killed(BaseException):
    """The process is gone: nothing after this point happened."""


@attrs.define(slots=False)
class Watched(Model):
    """Sees to it that each write of ours is a newer revision, and none begins in the past."""

    now: dt.datetime = NOW

    def put(self, name: str, body: bytes, *, new: bool, etag: str | None) -> str | None:
        held = self.objects.get(name)
        told = super().put(name, body, new=new, etag=etag)
        self.see(held, body)
        return told

    def see(self, held: tuple[bytes, str] | None, body: bytes) -> None:
        """Compare what was there with what is there now."""
        found = ics_patch.parse_event(body, ZONE)
        if held:
            before = ics_patch.parse_event(held[0], ZONE)
            assert found.sequence >= before.sequence
            assert found.modified
            assert not before.modified or found.modified >= before.modified
        else:
            assert not datemath.has_passed(
                parse_span(found.fields[Field.TIME])[1], now=self.now, zone=ZONE
            )


class Sync(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="afterword-"))
        self.model = Watched()
        self.facts = Facts.of(COUNT)
        self.facts.frames = {uid(COUNT - 1)}
        self.tool = Tool(self.facts, self.folder / "state.sqlite")
        self.other = self.folder / "other" / "state.sqlite"
        self.claims = Claims()
        self.unseen: set[str] = set()
        self.confirmed: set[str] = set()
        self.backup: tuple[bytes, set[str]] | None = None
        self.dragged_from: set[tuple[str, Any]] = set()
        self.bin: dict[str, tuple[str, bytes]] = {}
        self.count = 0
        self.model.store("dentist.ics", FOREIGN)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(
        tells=st.booleans(),
        weak=st.booleans(),
        tokens=st.booleans(),
        again=st.booleans(),
        rewrites=st.booleans(),
        clings=st.booleans(),
        has_bin=st.booleans(),
        refusal=st.sampled_from([Refusal(409), Refusal(412), Refusal(500)]),
    )
    def server(
        self,
        *,
        tells: bool,
        weak: bool,
        tokens: bool,
        again: bool,
        rewrites: bool,
        clings: bool,
        has_bin: bool,
        refusal: Refusal,
    ) -> None:
        self.model.has_bin, self.model.uid_refusal = has_bin, refusal
        self.model.tells_etag, self.model.weak_etag = tells, weak
        self.model.knows_tokens, self.model.repeats_everything = tokens, again
        self.model.refuses_delete = clings
        if rewrites:
            self.model.rewrite = rewritten

    def calendar(self) -> MemoryCalendar | HookedFolder:
        """Return the calendar for a run of ours."""
        return MemoryCalendar(self.model)

    # The person, on the phone.

    def key(self, number: int) -> str:
        """Return the UID that the event has in the plan."""
        return uid(number)

    def name(self, number: int) -> str:
        """Return the file of the event by now."""
        return name_of(self.model, self.key(number))

    def edits(self, number: int, change: Callable[[bytes], bytes]) -> bool:
        name = self.name(number)
        if name in self.model.objects:
            self.model.store(name, change(self.model.objects[name][0]))
        return name in self.model.objects

    def phone(self, client: str) -> Phone:
        return Phone(client, f"{self.model.now:%Y%m%dT%H%M%SZ}")

    @rule(number=NUMBERS, field=st.sampled_from([Field.SUMMARY, Field.DESCRIPTION]), client=CLIENTS)
    def types(self, number: int, field: Field, client: str) -> None:
        self.count += 1
        text = f"Mine {self.count}"
        if self.edits(number, lambda body: self.phone(client).edit(body, **{field.value: text})):
            self.claims.texts[self.key(number), field] = text
            self.claims.typed.add(text)

    @rule(number=NUMBERS, days=st.integers(-1, 9), client=CLIENTS)
    def drags(self, number: int, days: int, client: str) -> None:
        key = self.key(number)
        before = self.start(key)
        if self.edits(number, lambda body: self.phone(client).drag(body, days)):
            self.dragged_from.add((key, before))
            self.claims.starts[key] = start = self.start(key)
            self.claims.acts[user_edits.Moved, key] += 1
            # Put back before anybody looked, it is where it was: no act of theirs.
            if (key, start) in self.dragged_from:
                del self.claims.starts[key]

    def start(self, key: str) -> Any:
        found = read(self.model, key)
        return found and parse_span(found.fields[Field.TIME])[0]

    @rule(number=NUMBERS, client=CLIENTS, again=st.booleans())
    def answers_the_alarm(self, number: int, client: str, again: bool) -> None:
        phone = self.phone(client)
        self.edits(number, phone.snooze if again else phone.dismiss)

    @rule(number=NUMBERS, client=CLIENTS, minutes=st.integers(1, 90))
    def sets_the_alarm(self, number: int, client: str, minutes: int) -> None:
        key = self.key(number)
        before = read(self.model, key)
        if before and before.fields[Field.ALARMS]:
            self.edits(number, lambda body: self.phone(client).alarm(body, f"-PT{minutes}M"))
            self.claims.alarms[key] = {-60 * minutes}

    @rule(number=NUMBERS, client=CLIENTS, minutes=st.integers(1, 90))
    def adds_an_alarm(self, number: int, client: str, minutes: int) -> None:
        if self.edits(number, lambda body: self.phone(client).remind(body, f"-PT{minutes}M")):
            self.claims.alarms.setdefault(self.key(number), set()).add(-60 * minutes)

    @rule(number=NUMBERS, client=CLIENTS)
    def adds(self, number: int, client: str) -> None:
        self.count += 1
        given = {"x-person": f"mine-{self.count}"}
        if self.edits(number, lambda body: self.phone(client).edit(body, **given)):
            self.claims.properties[self.key(number)] = f"X-PERSON:mine-{self.count}"

    @rule(number=NUMBERS, word=st.sampled_from(["Sent", "Answered", "Skip it"]), client=CLIENTS)
    def renames(self, number: int, word: str, client: str) -> None:
        if self.edits(number, lambda body: self.phone(client).edit(body, summary=word)):
            key = self.key(number)
            self.claims.texts.pop((key, Field.SUMMARY), None)
            self.facts.pins.get(key, {}).pop(Field.SUMMARY, None)
            self.claims.acts[user_edits.KeywordTyped, key] += 1

    @rule(number=NUMBERS)
    def deletes(self, number: int) -> None:
        # Never all of them: that is asked about, which has its own tests.
        ours = [name for name in self.model.objects if name != "dentist.ics"]
        key, name = self.key(number), self.name(number)
        if name in ours and len(ours) > 1:
            self.bin[key] = (name, self.model.objects[name][0])
            self.model.remove(name)
            self.claims.gives_up(key)
            self.claims.acts[user_edits.Deleted, key] += 1
            # Of a write that no run has seen through, its loss is a loss; and what was
            # to go anyway may come back where the plan wants it again.
            if key in self.confirmed & self.facts.events.keys():
                self.claims.deleted.add(key)
                self.unseen.add(key)

    @rule(number=NUMBERS)
    def puts_back(self, number: int) -> None:
        key = self.key(number)
        if key in self.bin and self.name(number) not in self.model.objects:
            self.model.store(*self.bin.pop(key))
            self.claims.deleted.discard(key)
            self.unseen.discard(key)

    @rule(number=NUMBERS)
    def takes_back(self, number: int) -> None:
        key = self.key(number)
        if key in self.facts.tombstones:
            self.facts.tombstones.discard(key)
            self.facts.log = [one for one in self.facts.log if one.uid != key]
            # Whether it comes back depends on what the state knows; both are right.
            self.claims.deleted.discard(key)

    # The tool: its facts, its state, its clock, its runs.

    @rule(number=NUMBERS, days=st.integers(0, 5))
    def plans(self, number: int, days: int) -> None:
        if self.key(number) in self.facts.events:
            self.count += 1
            self.wants(number, f" v{self.count}", days)

    def wants(self, number: int, text: str = "", days: int = 0) -> None:
        key = self.key(number)
        self.facts.events[key] = attrs.evolve(event(number, text=text, days=days), uid=key)
        if key not in self.facts.frames:
            self.claims.starts.pop(key, None)

    @rule(number=NUMBERS)
    def withdraws(self, number: int) -> None:
        if self.key(number) in self.facts.events:
            del self.facts.events[self.key(number)]
            self.facts.withdrawn.add(self.key(number))

    @rule()
    def is_answered(self) -> None:
        for number in range(COUNT):
            self.withdraws(number)

    @rule(number=NUMBERS)
    def wants_again(self, number: int) -> None:
        key = self.key(number)
        if key in self.facts.withdrawn and key not in self.unseen:
            self.facts.withdrawn.discard(key)
            self.wants(number)

    @rule()
    def loses_state(self) -> None:
        self.tool.lose_state()
        self.forgets(set())

    @rule()
    def is_the_other_device(self) -> None:
        """It has the same facts, and a state that stands where it last ran."""
        self.tool.path, self.other = self.other, self.tool.path
        self.backup = None
        self.forgets(set())

    @rule()
    def is_another_computer(self) -> None:
        """It has the same applications, and nothing of what was done on the phone."""
        self.loses_state()
        self.facts.pins.clear()
        self.facts.log.clear()
        # To a state that knew of it, it would look as if the person had undone it.
        self.other.unlink(missing_ok=True)
        self.backup = None

    def forgets(self, known: set[str]) -> None:
        # A deletion that no run has seen cannot be known any more.
        self.claims.deleted -= self.unseen - known
        self.unseen &= known
        self.confirmed &= known
        # What was noted but not yet agreed may be heard again, at another time.
        for key in {*self.facts.events, *self.facts.withdrawn}:
            for kind in (user_edits.KeywordTyped, user_edits.Moved, user_edits.Deleted):
                self.claims.acts[kind, key] += 1

    @precondition(lambda self: self.tool.path.exists())
    @rule()
    def is_backed_up(self) -> None:
        self.backup = (self.tool.path.read_bytes(), set(self.confirmed))

    @precondition(lambda self: self.backup)
    @rule()
    def is_restored_from_backup(self) -> None:
        assert self.backup
        state, known = self.backup
        self.tool.lose_state()
        self.tool.path.write_bytes(state)
        self.forgets(known)

    @rule()
    def expires(self) -> None:
        self.model.oldest_token = len(self.model.journal)

    @rule(hours=st.sampled_from([1, 7, 30, -25]))
    def clock_goes(self, hours: int) -> None:
        self.model.now += hours * HOUR

    @rule(at=st.integers(1, 7), after=st.booleans(), kind=st.sampled_from(["kill", "lost", "busy"]))
    def is_disturbed(self, at: int, after: bool, kind: str) -> None:
        calendar = self.calendar()

        def trouble(method: str) -> None:
            if calendar.requests == at:
                raise _trouble(kind, method)

        if after and kind != "busy":
            calendar.after = trouble
        else:
            calendar.before = trouble
        self.sync(calendar, connections=1)

    @rule(
        at=st.integers(2, 4),
        number=NUMBERS,
        client=CLIENTS,
        what=st.sampled_from(["types", "deletes", "drags"]),
    )
    def is_crossed(self, at: int, number: int, client: str, what: str) -> None:
        calendar = self.calendar()

        def meanwhile(method: str) -> None:
            if calendar.requests == at and method in {"PUT", "DELETE"}:
                {
                    "types": lambda: self.types(number, Field.SUMMARY, client),
                    "drags": lambda: self.drags(number, 3, client),
                    "deletes": lambda: self.deletes(number),
                }[what]()

        # Against a weak ETag nothing can be promised for the time between look and write.
        if not self.model.weak_etag:
            calendar.before = meanwhile
        self.sync(calendar, connections=1)

    @rule()
    def is_run(self) -> None:
        self.sync(self.calendar())

    @rule()
    def settles(self) -> None:
        """Two clean runs: then everything is as it should be, and a third sends one request."""
        for _ in range(2):
            report = self.sync(self.calendar())
            assert report
        writes = len(self.model.writes)
        report = self.sync(self.calendar())
        assert report.requests == 1
        assert len(self.model.writes) == writes
        assert (report.failed, report.stopped, report.user_edits) == ({}, None, ())
        self.plan_is_there()
        self.nothing_of_ours_rings_after_its_time()

    def plan_is_there(self) -> None:
        for key, fields in self.facts.wanted().fields.items():
            found = read(self.model, key)
            if found:
                # The log says that it is deleted: put back unseen, it is the person's alone.
                if key not in self.facts.tombstones:
                    assert _with_start(found.fields) == _with_start(fields)
            elif key not in self.claims.deleted | self.facts.tombstones:
                end = parse_span(fields[Field.TIME])[1]
                assert datemath.has_passed(end, now=self.model.now, zone=ZONE)

    def nothing_of_ours_rings_after_its_time(self) -> None:
        for key in self.facts.withdrawn:
            found = read(self.model, key)
            over = found and datemath.has_passed(
                parse_span(found.fields[Field.TIME])[1], now=self.model.now, zone=ZONE
            )
            if found and not over:
                assert 0 not in parse_alarms(found.fields[Field.ALARMS])

    def sync(self, calendar: MemoryCalendar | HookedFolder, **options: Any) -> Any:
        # Two edits in the same second would be one entry of the log.
        self.model.now += SECOND
        # What is deleted meanwhile may be behind the only look that the run takes.
        before = set(self.unseen)
        try:
            report = self.tool.sync(calendar, now=self.model.now, **options)
        except ConflictError:
            # Asked about; and yes, they are gone.
            return self.sync(calendar, allow_mass_delete=True, **options)
        except (AfterwordError, Killed):
            return None
        finally:
            self.unseen -= self.facts.tombstones
        if report.stopped is None:
            self.unseen -= before
            self.confirmed |= keys_in(self.model, map(uid, range(COUNT)))
        return report

    # What must always hold.

    @invariant()
    def others_are_untouched(self) -> None:
        assert self.model.objects["dentist.ics"][0] == FOREIGN

    @invariant()
    def the_person_wins(self) -> None:
        self.claims.check(self.model, self.facts)

    @invariant()
    def nothing_is_doubled(self) -> None:
        uids = [ics_patch.uid_of(body) for body in self.model.bodies()]
        assert len(uids) == len(set(uids))


def _with_start(fields: Fields) -> Fields:
    """Return the fields with the start alone: how long an act is, is up to the person."""
    return {**fields, Field.TIME: fields[Field.TIME].partition("/")[0]}


def _trouble(kind: str, method: str) -> BaseException:
    if kind == "kill":
        return Killed()
    if method in {"PUT", "DELETE"}:
        return OutcomeUnknownError("lost") if kind == "lost" else BusyError("busy", 7.0)
    return TryLaterError("lost")


class FolderSync(Sync):
    """The same with a folder: the model's objects are its files."""

    def __init__(self) -> None:
        super().__init__()
        self.files = self.folder / "job"
        self.files.mkdir()
        objects = FolderObjects(self.files)
        objects.update(self.model.objects)
        self.model.objects = objects  # type: ignore[assignment]

    @initialize()
    def server(self) -> None:
        """A folder has none of the ways in which servers differ."""

    def calendar(self) -> HookedFolder:
        return HookedFolder(self.files, wrote=self.wrote)

    def wrote(self, method: str, name: str, held: tuple[bytes, str] | None) -> None:
        self.model.writes.append((method, name))
        if method == "PUT":
            self.model.see(held, self.model.objects[name][0])

    @invariant()
    def nothing_else_is_left_there(self) -> None:
        assert {path.name for path in self.files.iterdir()} == set(self.model.objects)


class GoogleSync(Sync):
    """The same with Google, which drops our marks and changes our alarms.

    Without marks only the state tells our writes from the person's, so it is not lost here.
    """

    @initialize(tokens=st.booleans())
    def server(self, *, tokens: bool) -> None:
        self.model.rewrite = as_google_stores
        self.model.makes_calendars = False
        self.model.knows_tokens = tokens

    def calendar(self) -> GoogleMemory:
        return GoogleMemory(self.model)

    # Not rules any more: what they do needs our marks, or a property that Google drops.

    def adds(self, number: int, client: str) -> None:
        raise NotImplementedError

    def loses_state(self) -> None:
        raise NotImplementedError

    def is_the_other_device(self) -> None:
        raise NotImplementedError

    def is_another_computer(self) -> None:
        raise NotImplementedError

    def is_restored_from_backup(self) -> None:
        raise NotImplementedError

    def plan_is_there(self) -> None:
        """All but the alarms, which are Google's."""
        for key, fields in self.facts.wanted().fields.items():
            found = read(self.model, key)
            if found:
                assert _without_alarms(found.fields) == _without_alarms(fields)
            elif key not in self.claims.deleted | self.facts.tombstones:
                end = parse_span(fields[Field.TIME])[1]
                assert datemath.has_passed(end, now=self.model.now, zone=ZONE)


def _without_alarms(fields: Fields) -> Fields:
    return {**_with_start(fields), Field.ALARMS: ""}


# A search for new sequences is asked for by name, as in conftest.
SEARCH = os.environ.get("HYPOTHESIS_PROFILE") == "search"
Sync.TestCase.settings = settings(max_examples=2_000 if SEARCH else 25, stateful_step_count=25)
TestSync = Sync.TestCase
FolderSync.TestCase.settings = Sync.TestCase.settings
TestFolderSync = FolderSync.TestCase
GoogleSync.TestCase.settings = Sync.TestCase.settings
TestGoogleSync = GoogleSync.TestCase
