"""A person, a tool and a server, each doing what it does in any order: what must always hold."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from afterword.core.fields import Field
from afterword.errors import AfterwordError, TryLaterError
from afterword.formats import calendar_object
from afterword.targets.api import BusyError, UnclearError
from tests.sync.memory import MemoryCalendar
from tests.sync.model import Model
from tests.sync.people import ZONE, Facts, Phone, Tool, event, uid

COUNT = 4
NUMBERS = st.integers(0, COUNT - 1)
FOREIGN = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


class Killed(BaseException):
    """The process is gone: nothing after this point happened."""


class Sync(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="afterword-"))
        self.model = Model()
        self.tool = Tool(Facts.of(COUNT), self.folder / "state.sqlite")
        self.other = self.folder / "other" / "state.sqlite"
        self.texts: dict[tuple[str, Field], str] = {}
        self.deleted: set[str] = set()
        self.unseen: set[str] = set()
        self.confirmed: set[str] = set()
        self.taken_back: set[str] = set()
        self.only_in_facts: set[str] = set()
        self.bin: dict[str, bytes] = {}
        self.count = 0
        self.model.store("dentist.ics", FOREIGN)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(tells=st.booleans(), weak=st.booleans(), tokens=st.booleans(), again=st.booleans())
    def server(self, tells: bool, weak: bool, tokens: bool, again: bool) -> None:
        self.model.tells_etag, self.model.weak_etag = tells, weak
        self.model.knows_tokens, self.model.repeats_everything = tokens, again

    # The person, on the phone.

    def there(self, number: int) -> str | None:
        name = f"{uid(number)}.ics"
        return name if name in self.model.objects else None

    def edits(self, number: int, change: Callable[[bytes], bytes]) -> bool:
        name = self.there(number)
        if name:
            self.model.store(name, change(self.model.objects[name][0]))
        return bool(name)

    @rule(number=NUMBERS, field=st.sampled_from([Field.SUMMARY, Field.DESCRIPTION]))
    def types(self, number: int, field: Field) -> None:
        self.count += 1
        text = f"Mine {self.count}"
        if self.edits(number, lambda body: Phone().edit(body, **{field.value: text})):
            self.texts[uid(number), field] = text

    @rule(number=NUMBERS, days=st.integers(-1, 9))
    def drags(self, number: int, days: int) -> None:
        self.edits(number, lambda body: _dragged(body, number, days))

    @rule(number=NUMBERS)
    def dismisses(self, number: int) -> None:
        self.edits(number, Phone("thunderbird").dismiss)

    @rule(number=NUMBERS, word=st.sampled_from(["Sent", "Answered", "Skip it"]))
    def renames(self, number: int, word: str) -> None:
        if self.edits(number, lambda body: Phone("davx5").edit(body, summary=word)):
            self.texts.pop((uid(number), Field.SUMMARY), None)
            self.tool.facts.pins.get(uid(number), {}).pop(Field.SUMMARY, None)

    @rule(number=NUMBERS)
    def deletes(self, number: int) -> None:
        # Never all of them: that is asked about, which has its own tests.
        ours = [name for name in self.model.objects if name != "dentist.ics"]
        name = self.there(number)
        if name and len(ours) > 1:
            self.bin[name] = self.model.objects[name][0]
            self.model.remove(name)
            self.forget_texts(uid(number))
            # Of a write that no run has seen through, its loss is a loss.
            if uid(number) in self.confirmed:
                self.deleted.add(uid(number))
                self.unseen.add(uid(number))

    @rule(number=NUMBERS)
    def puts_back(self, number: int) -> None:
        name = f"{uid(number)}.ics"
        if name in self.bin and name not in self.model.objects:
            self.model.store(name, self.bin.pop(name))
            self.deleted.discard(uid(number))
            self.unseen.discard(uid(number))

    @rule(number=NUMBERS)
    def takes_back(self, number: int) -> None:
        if uid(number) in self.tool.facts.tombstones:
            self.tool.facts.tombstones.discard(uid(number))
            self.tool.facts.log = [one for one in self.tool.facts.log if one.uid != uid(number)]
            self.taken_back.add(uid(number))
            # Without state, nothing but the facts told of it.
            self.deleted -= self.taken_back & self.only_in_facts

    # The tool: its facts, its state, its runs.

    @rule(number=NUMBERS, days=st.integers(0, 5))
    def plans(self, number: int, days: int) -> None:
        if uid(number) in self.tool.facts.events:
            self.count += 1
            self.tool.facts.change(number, f" v{self.count}", days)

    @rule(number=NUMBERS)
    def withdraws(self, number: int) -> None:
        if uid(number) in self.tool.facts.events:
            self.tool.facts.withdraw(number)

    @rule(number=NUMBERS)
    def wants_again(self, number: int) -> None:
        if uid(number) in self.tool.facts.withdrawn and uid(number) not in self.unseen:
            self.tool.facts.withdrawn.discard(uid(number))
            self.tool.facts.events[uid(number)] = event(number)

    @rule()
    def loses_state(self) -> None:
        self.tool.lose_state()
        self.knows_only_facts()

    @rule()
    def is_the_other_device(self) -> None:
        """It has the same facts, and a state that stands where it last ran."""
        self.tool.path, self.other = self.other, self.tool.path
        self.knows_only_facts()

    def knows_only_facts(self) -> None:
        # A deletion that no run has seen cannot be known any more.
        self.deleted -= self.unseen | self.taken_back
        self.only_in_facts |= self.deleted
        self.unseen.clear()
        self.confirmed.clear()

    @rule()
    def is_another_computer(self) -> None:
        """It has the same applications, and nothing of what was done on the phone."""
        self.loses_state()
        self.tool.facts.pins.clear()
        self.tool.facts.log.clear()

    @rule()
    def expires(self) -> None:
        self.model.oldest_token = len(self.model.journal)

    @rule(at=st.integers(1, 7), after=st.booleans(), kind=st.sampled_from(["kill", "lost", "busy"]))
    def is_disturbed(self, at: int, after: bool, kind: str) -> None:
        calendar = MemoryCalendar(self.model)

        def trouble(method: str) -> None:
            if calendar.requests == at:
                raise _trouble(kind, method)

        if after and kind != "busy":
            calendar.after = trouble
        else:
            calendar.before = trouble
        self.sync(calendar, connections=1)

    @rule(at=st.integers(2, 4), number=NUMBERS, what=st.sampled_from(["types", "deletes", "drags"]))
    def is_crossed(self, at: int, number: int, what: str) -> None:
        calendar = MemoryCalendar(self.model)

        def meanwhile(method: str) -> None:
            if calendar.requests == at and method in {"PUT", "DELETE"}:
                {
                    "types": lambda: self.types(number, Field.SUMMARY),
                    "drags": lambda: self.drags(number, 3),
                    "deletes": lambda: self.deletes(number),
                }[what]()

        # Against a weak ETag nothing can be promised for the time between look and write.
        if not self.model.weak_etag:
            calendar.before = meanwhile
        self.sync(calendar, connections=1)

    @rule()
    def is_run(self) -> None:
        self.sync(MemoryCalendar(self.model))

    @rule()
    def settles(self) -> None:
        """Two clean runs: then everything is as it should be, and a third sends one request."""
        for _ in range(2):
            report = self.sync(MemoryCalendar(self.model))
            assert report
        writes = len(self.model.writes)
        report = self.sync(MemoryCalendar(self.model))
        assert report.requests == 1
        assert len(self.model.writes) == writes
        assert (report.failed, report.stopped, report.decisions) == ({}, None, ())
        for key, wanted in self.tool.facts.events.items():
            if key not in self.deleted and key not in self.tool.facts.tombstones:
                body = self.model.objects[f"{key}.ics"][0]
                found = calendar_object.read(body, ZONE).fields
                pins = self.tool.facts.pins.get(key, {})
                assert found[Field.SUMMARY] == pins.get(Field.SUMMARY, wanted.summary)
                assert (b"BEGIN:VALARM" in body) == (wanted.alarm is not None)

    def sync(self, calendar: MemoryCalendar, **options: Any) -> Any:
        try:
            report = self.tool.sync(calendar, **options)
        except (AfterwordError, Killed):
            return None
        finally:
            self.saw_the_log()
        if report.stopped is None:
            self.unseen.clear()
            self.confirmed |= {name.removesuffix(".ics") for name in self.model.objects}
        return report

    def saw_the_log(self) -> None:
        """What was noted is known, and what was withdrawn untouched may go."""
        self.unseen -= self.tool.facts.tombstones

    def forget_texts(self, key: str) -> None:
        for field in (Field.SUMMARY, Field.DESCRIPTION):
            self.texts.pop((key, field), None)

    # What must always hold.

    @invariant()
    def others_are_untouched(self) -> None:
        assert self.model.objects["dentist.ics"][0] == FOREIGN

    @invariant()
    def deleted_is_deleted(self) -> None:
        assert not {f"{key}.ics" for key in self.deleted} & set(self.model.objects)

    @invariant()
    def their_words_stand(self) -> None:
        for (key, field), text in self.texts.items():
            body = self.model.objects[f"{key}.ics"][0]
            assert calendar_object.read(body, ZONE).fields[field].endswith(text)

    @invariant()
    def nothing_is_doubled(self) -> None:
        uids = [calendar_object.uid_of(body) for body in self.model.bodies()]
        assert len(uids) == len(set(uids))


def _dragged(body: bytes, number: int, days: int) -> bytes:
    start = event(number, days=days).start.strftime(":%Y%m%dT%H%M%SZ")
    end = event(number, days=days).end.strftime(":%Y%m%dT%H%M%SZ")
    return Phone().edit(body, dtstart=start[1:], dtend=end[1:])


def _trouble(kind: str, method: str) -> BaseException:
    if kind == "kill":
        return Killed()
    if method in {"PUT", "DELETE"}:
        return UnclearError("lost") if kind == "lost" else BusyError("busy", 7.0)
    return TryLaterError("lost")


# A search for new sequences is asked for by name, as in conftest.
SEARCH = os.environ.get("HYPOTHESIS_PROFILE") == "search"
Sync.TestCase.settings = settings(max_examples=2_000 if SEARCH else 25, stateful_step_count=25)
TestSync = Sync.TestCase
