"""A plan and a calendar, brought together again and again: what is sent, kept and told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.dav.interface import BusyError, LockedError, NotFoundError, OutcomeUnknownError
from afterword.domain import uids
from afterword.domain.calendar_model import Field
from afterword.domain.merge import user_edits
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    Undeleted,
)
from afterword.errors import ConflictError, ExitCode, LoginError, RefusedError, TryLaterError
from afterword.formats import ics_patch
from afterword.sync.report import SyncReport
from tests.sync.memory import MemoryCalendar
from tests.sync.model import Model, Refusal, rewritten
from tests.sync.people import DAY, NOW, ZONE, Facts, Tool, event, lines, uid
from tests.sync.phones import STYLES, Phone

SIGHT = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    return Tool(Facts.of(4), tmp_path / "state.sqlite")


def sync(tool: Tool, model: Model, **options: Any) -> SyncReport:
    return tool.sync(MemoryCalendar(model), **options)


def synced(tool: Tool, model: Model) -> None:
    report = sync(tool, model)
    assert report.failed == {}
    model.writes.clear()


def quiet(tool: Tool, model: Model) -> None:
    """See that nothing is left to do."""
    model.writes.clear()
    report = sync(tool, model)
    assert (report.requests, model.writes, report.failed) == (1, [], {})
    assert (report.actions, report.user_edits, report.exit_code) == ((), (), ExitCode.OK)


def edit(model: Model, number: int, **values: str) -> bytes:
    body = Phone().edit(model.objects[f"{uid(number)}.ics"][0], **values)
    model.store(f"{uid(number)}.ics", body)
    return body


def there(model: Model, number: int) -> list[str]:
    return lines(model.objects[f"{uid(number)}.ics"][0])


def rings(model: Model, number: int) -> str:
    body = model.objects[f"{uid(number)}.ics"][0]
    return ics_patch.parse_event(body, ZONE).fields[Field.ALARMS]


class TestRequests:
    def test_the_first_sync_is_one_look_and_one_write_an_event(
        self, tool: Tool, model: Model
    ) -> None:
        report = sync(tool, model)
        assert (report.requests, len(report.actions)) == (5, 4)
        assert sorted(model.objects) == sorted(f"{uid(n)}.ics" for n in range(4))
        quiet(tool, model)

    def test_as_many_writes_as_changes(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts.change(1)
        tool.facts.change(2, days=3)
        report = sync(tool, model)
        assert (report.requests, len(model.writes)) == (3, 2)
        quiet(tool, model)

    def test_what_the_person_changed_is_fetched_once(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        report = sync(tool, model)
        assert (report.requests, model.writes) == (2, [])
        quiet(tool, model)

    def test_without_etags_what_was_written_is_looked_at(self, tool: Tool, model: Model) -> None:
        model.tells_etag = False
        report = sync(tool, model)
        assert (report.requests, report.failed) == (6, {})
        quiet(tool, model)
        tool.facts.change(1)
        assert sync(tool, model).requests == 3
        quiet(tool, model)

    def test_weak_etags_are_as_none(self, tool: Tool, model: Model) -> None:
        model.weak_etag = True
        assert sync(tool, model).requests == 6
        quiet(tool, model)
        tool.facts.change(1)
        report = sync(tool, model)
        assert (report.requests, report.failed) == (3, {})
        quiet(tool, model)

    def test_without_tokens_everything_is_listed(self, tool: Tool, model: Model) -> None:
        model.knows_tokens = False
        assert sync(tool, model).requests == 6
        quiet(tool, model)
        model.remove(f"{uid(1)}.ics")
        report = sync(tool, model)
        assert [type(one) for one in report.user_edits] == [Deleted]
        quiet(tool, model)

    def test_a_token_that_was_lost_costs_one_more(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.oldest_token = 99
        report = sync(tool, model)
        assert (report.requests, model.writes, report.user_edits) == (2, [], ())

    def test_what_comes_back_unchanged_is_not_fetched(self, tool: Tool, model: Model) -> None:
        model.repeats_everything = True
        synced(tool, model)
        quiet(tool, model)

    def test_a_calendar_full_of_others_is_looked_through_once(
        self, tool: Tool, model: Model
    ) -> None:
        for number in range(30):
            model.store(f"theirs-{number}.ics", b"UID:x%d\r\n" % number)
        assert sync(tool, model).requests == 6
        model.store("theirs-1.ics", b"UID:x1\r\nX:1\r\n")
        quiet(tool, model)


class TestThePersonWins:
    @pytest.mark.parametrize("style", STYLES)
    @pytest.mark.parametrize("name", ["summary", "description"])
    def test_their_words_stay(self, tool: Tool, model: Model, name: str, style: str) -> None:
        synced(tool, model)
        phone = Phone(style)
        body = phone.edit(model.objects[f"{uid(1)}.ics"][0], **{name: "Mine\\, all"})
        model.store(f"{uid(1)}.ics", body)
        report = sync(tool, model)
        field = Field(name)
        at = SIGHT if phone.tells_when else NOW
        kept = FieldEdited(uid=uid(1), field=field, theirs="Mine, all", ours=None, at=at)
        assert report.user_edits == (kept,)
        quiet(tool, model)
        tool.facts.change(1, days=2)
        sync(tool, model)
        theirs = [line for line in there(model, 1) if line.endswith(":Mine\\, all")]
        assert theirs[0].startswith(name.upper())
        assert set(lines(body)) - set(there(model, 1)) <= {
            line for line in lines(body) if line.split(":")[0].split(";")[0] in CHANGED
        }
        quiet(tool, model)

    def test_both_changed_theirs_stays_and_both_are_shown(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        tool.facts.change(1)
        (kept,) = sync(tool, model).user_edits
        assert isinstance(kept, FieldEdited)
        assert (kept.theirs, kept.ours) == ("Mine", "Karoo: step 1 anew")
        assert "SUMMARY:Mine" in there(model, 1)
        assert any("anew" in line for line in there(model, 1) if line.startswith("DESCRIPTION"))
        quiet(tool, model)

    def test_until_they_want_ours(self, tool: Tool, model: Model) -> None:
        self.test_both_changed_theirs_stays_and_both_are_shown(tool, model)
        tool.facts.take_ours = {uid(1)}
        sync(tool, model)
        assert "SUMMARY:Karoo: step 1 anew" in there(model, 1)
        quiet(tool, model)

    def test_what_they_type_again_after_they_gave_it_up_is_theirs(
        self, tool: Tool, model: Model
    ) -> None:
        self.test_until_they_want_ours(tool, model)
        phone = Phone()
        phone.modified = "20261124T100000Z"
        body = phone.edit(model.objects[f"{uid(1)}.ics"][0], summary="Mine")
        model.store(f"{uid(1)}.ics", body)
        (kept,) = sync(tool, model, now=NOW + DAY).user_edits
        assert isinstance(kept, FieldEdited)
        assert kept.theirs == "Mine"
        assert "SUMMARY:Mine" in there(model, 1)
        quiet(tool, model)

    @pytest.mark.parametrize("at", [1, 2, 3], ids=["look", "fetch", "write"])
    @pytest.mark.parametrize("lost", [False, True], ids=["", "and the state is lost"])
    def test_a_wish_for_ours_outlives_a_run_that_ends_early(
        self, tool: Tool, model: Model, at: int, lost: bool
    ) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        tool.facts.take_ours = {uid(1)}
        calendar = MemoryCalendar(model)

        def ends(method: str) -> None:
            if calendar.requests == at:
                raise KeyboardInterrupt(method)

        calendar.before = ends
        with pytest.raises(KeyboardInterrupt):
            tool.sync(calendar)
        assert "SUMMARY:Mine" in there(model, 1)
        if lost:
            tool.lose_state()
        assert sync(tool, model).exit_code is ExitCode.OK
        assert "SUMMARY:Karoo: step 1" in there(model, 1)
        quiet(tool, model)

    def test_a_dragged_act_is_moved_in_the_log(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.store(f"{uid(1)}.ics", Phone().drag(model.objects[f"{uid(1)}.ics"][0], days=2))
        (moved,) = sync(tool, model).user_edits
        assert isinstance(moved, Moved)
        assert (moved.start, moved.at) == (event(1).start + 2 * DAY, SIGHT)
        assert model.writes == []
        quiet(tool, model)

    def test_a_later_plan_moves_it_again(self, tool: Tool, model: Model) -> None:
        self.test_a_dragged_act_is_moved_in_the_log(tool, model)
        tool.facts.change(1, days=5)
        assert sync(tool, model).user_edits == ()
        assert f"DTSTART:{event(1, days=5).start:%Y%m%dT%H%M%SZ}" in there(model, 1)
        quiet(tool, model)

    def test_a_dragged_frame_is_remembered(self, tool: Tool, model: Model) -> None:
        tool.facts.frames = {uid(1)}
        synced(tool, model)
        model.store(f"{uid(1)}.ics", Phone().drag(model.objects[f"{uid(1)}.ics"][0], days=2))
        (kept,) = sync(tool, model).user_edits
        assert isinstance(kept, FieldEdited)
        assert kept.field is Field.TIME
        quiet(tool, model)

    @pytest.mark.parametrize("killed", [False, True], ids=["", "in another run"])
    @pytest.mark.parametrize("mentioned", [True, False], ids=["mentioned", "unmentioned"])
    def test_one_that_they_deleted_before_we_saw_it_stays_deleted_if_the_server_says_so(
        self, tool: Tool, model: Model, mentioned: bool, killed: bool
    ) -> None:
        """The server took it, without an ETag; it may leave out what came and went since."""
        model.tells_etag = False
        synced(tool, model)
        tool.facts.change(4)
        calendar = MemoryCalendar(model)

        def meanwhile(method: str) -> None:
            if method == "REPORT" and f"{uid(4)}.ics" in model.objects:
                model.remove(f"{uid(4)}.ics")
                if not mentioned:
                    model.journal = [name for name in model.journal if uid(4) not in name]
                if killed:
                    raise KeyboardInterrupt

        calendar.before = meanwhile
        if killed:
            with pytest.raises(KeyboardInterrupt):
                tool.sync(calendar)
        else:
            assert set(tool.sync(calendar).failed) == {uid(4)}
        calendar.before = lambda _: None
        report = tool.sync(calendar)
        if mentioned:
            assert [(type(one), one.uid) for one in report.user_edits] == [(Deleted, uid(4))]
            assert f"{uid(4)}.ics" not in model.objects
        else:
            # Nobody showed it: it may as well be a write that was lost (A6).
            assert report.user_edits == ()
            tool.sync(calendar)
            assert f"{uid(4)}.ics" in model.objects
        quiet(tool, model)

    def test_a_deleted_event_stays_deleted(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.remove(f"{uid(1)}.ics")
        report = sync(tool, model)
        assert report.user_edits == (Deleted(uid=uid(1), at=NOW),)
        assert report.tombstones == (uid(1),)
        quiet(tool, model)
        tool.facts.change(1)
        quiet(tool, model)
        tool.lose_state()
        sync(tool, model)
        assert f"{uid(1)}.ics" not in model.objects

    def test_a_deletion_that_was_taken_back_brings_a_new_event(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        model.remove(f"{uid(1)}.ics")
        sync(tool, model)
        quiet(tool, model)
        tool.facts.tombstones.clear()
        assert [type(one) for one in sync(tool, model).user_edits] == [Undeleted]
        assert f"{uids.calendar_uid(uid(1), 1)}.ics" in model.objects
        assert f"{uid(1)}.ics" not in model.objects
        quiet(tool, model)

    def test_one_that_they_put_back_stays(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        body = model.objects[f"{uid(1)}.ics"][0]
        model.remove(f"{uid(1)}.ics")
        sync(tool, model)
        model.store(f"{uid(1)}.ics", body)
        (restored,) = sync(tool, model).user_edits
        assert restored == Undeleted(uid=uid(1), there=True, at=NOW)
        assert model.objects[f"{uid(1)}.ics"][0] == body
        quiet(tool, model)

    def test_a_deletion_that_the_facts_cannot_know_is_not_taken_back(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        model.remove(f"{uid(1)}.ics")
        whole, tool.facts.events = tool.facts.events, {}
        tool.facts.is_complete = False
        sync(tool, model)
        tool.facts.events, tool.facts.is_complete = whole, True
        assert [type(one) for one in sync(tool, model).user_edits] == [Deleted]
        quiet(tool, model)

    def test_a_dismissed_alarm_is_no_edit_and_stays_dismissed(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        model.store(f"{uid(1)}.ics", Phone().dismiss(model.objects[f"{uid(1)}.ics"][0]))
        report = sync(tool, model)
        assert (report.user_edits, model.writes) == ((), [])
        tool.facts.change(1)
        sync(tool, model)
        assert "ACKNOWLEDGED:20261124T080000Z" in there(model, 1)
        assert "SUMMARY:Karoo: step 1 anew" in there(model, 1)
        quiet(tool, model)

    def test_another_alarm_is_kept(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.store(f"{uid(1)}.ics", Phone().alarm(model.objects[f"{uid(1)}.ics"][0], "-PT5M"))
        (kept,) = sync(tool, model).user_edits
        assert isinstance(kept, FieldEdited)
        assert (kept.field, kept.theirs) == (Field.ALARMS, "-300")
        tool.facts.change(1)
        sync(tool, model)
        assert "TRIGGER:-PT5M" in there(model, 1)
        quiet(tool, model)

    def test_a_change_between_look_and_write_is_seen(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts.change(1)
        calendar = MemoryCalendar(model)

        def meanwhile(method: str) -> None:
            if method == "PUT" and calendar.requests == 2:
                edit(model, 1, summary="Mine")

        calendar.before = meanwhile
        report = tool.sync(calendar)
        assert [type(one) for one in report.user_edits] == [FieldEdited]
        assert "SUMMARY:Mine" in there(model, 1)
        assert any("anew" in line for line in there(model, 1))
        assert report.requests == 4
        quiet(tool, model)

    def test_a_deletion_between_look_and_write_is_seen(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts.change(1)
        calendar = MemoryCalendar(model)

        def meanwhile(method: str) -> None:
            if method == "PUT":
                model.remove(f"{uid(1)}.ics")

        calendar.before = meanwhile
        report = tool.sync(calendar)
        assert [type(one) for one in report.user_edits] == [Deleted]
        quiet(tool, model)

    def test_without_anybody_to_note_it_nothing_is_undone(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.store(f"{uid(1)}.ics", Phone().drag(model.objects[f"{uid(1)}.ics"][0], days=2))
        edit(model, 2, summary="Sent")
        before = dict(model.objects)
        for _ in range(2):
            report = sync(tool, model, note=False)
            assert {type(one) for one in report.user_edits} == {Moved, KeywordTyped}
            assert model.objects == before


CHANGED = {"DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION",
           "X-AFTERWORD-MARKS", "TRIGGER", "URL"}  # fmt: skip


class TestThePhoneLogs:
    def test_a_known_word_logs_and_the_plan_follows_in_the_same_run(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        edit(model, 1, summary="Sent")
        report = sync(tool, model)
        assert report.user_edits == (KeywordTyped(uid=uid(1), says="sent", title="Sent", at=SIGHT),)
        assert "SUMMARY:Karoo: step 1: sent" in there(model, 1)
        assert "ACTION:DISPLAY" not in there(model, 1)
        quiet(tool, model)

    def test_an_answer_takes_the_event_away(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, summary="Answered\\, at last")
        (titled,) = sync(tool, model).user_edits
        assert isinstance(titled, KeywordTyped)
        assert titled.says == "answered"
        assert f"{uid(1)}.ics" not in model.objects
        quiet(tool, model)

    @pytest.mark.parametrize("loses", [False, True], ids=["", "after lost state"])
    def test_a_word_typed_after_the_application_went_is_read_in_the_run_that_finds_it_back(
        self, tool: Tool, model: Model, loses: bool
    ) -> None:
        synced(tool, model)
        edit(model, 1, summary="Rejected")
        del tool.facts.events[uid(1)]
        assert sync(tool, model).user_edits == ()
        assert "SUMMARY:Answered: Rejected" in there(model, 1)
        tool.facts.events[uid(1)] = event(1)
        if loses:
            tool.lose_state()
        (titled,) = sync(tool, model).user_edits
        assert isinstance(titled, KeywordTyped)
        assert (titled.says, titled.title) == ("rejected", "Rejected")
        quiet(tool, model)

    @pytest.mark.parametrize(
        "modified", ["20200101T000000Z", "20261201T000000Z"], ids=["old", "future"]
    )
    def test_a_time_that_cannot_be_is_the_time_of_the_sync(
        self, tool: Tool, model: Model, modified: str
    ) -> None:
        synced(tool, model)
        phone = Phone()
        phone.modified = modified
        model.store(f"{uid(1)}.ics", phone.edit(model.objects[f"{uid(1)}.ics"][0], summary="Sent"))
        (titled,) = sync(tool, model).user_edits
        assert titled.at == NOW

    def test_what_was_heard_but_not_noted_is_told_again_alike(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        phone = Phone()
        phone.modified = "20200101T000000Z"
        model.store(f"{uid(1)}.ics", phone.edit(model.objects[f"{uid(1)}.ics"][0], summary="Sent"))
        heard: list[object] = []

        def fails(told: tuple[user_edits.UserEdit, ...]) -> None:
            heard.append(told)
            raise KeyboardInterrupt

        facts, tool.facts = tool.facts, attrs.evolve(tool.facts)
        tool.facts.note = fails  # type: ignore[assignment, method-assign]
        with pytest.raises(KeyboardInterrupt):
            sync(tool, model)
        tool.facts = facts
        report = sync(tool, model, now=NOW + DAY / 2)
        assert [report.user_edits] == heard


class TestWithdrawn:
    def test_untouched_it_goes(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts.withdraw(1)
        report = sync(tool, model)
        assert (report.requests, model.writes) == (2, [("DELETE", f"{uid(1)}.ics")])
        quiet(tool, model)

    def test_edited_it_stays_and_rings_no_more(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, description="My own words")
        sync(tool, model)
        tool.facts.withdraw(1)
        sync(tool, model)
        assert "SUMMARY:Answered: Karoo: step 1" in there(model, 1)
        assert "DESCRIPTION:My own words" in there(model, 1)
        assert "ACTION:DISPLAY" not in there(model, 1)
        quiet(tool, model)

    @pytest.mark.parametrize("loses", [False, True], ids=["", "after lost state"])
    def test_their_own_alarm_goes_on_ringing_and_ours_does_not(
        self, tool: Tool, model: Model, loses: bool
    ) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        name = f"{uid(1)}.ics"
        model.store(name, Phone().remind(model.objects[name][0], "-PT1H"))
        sync(tool, model)
        if loses:
            tool.lose_state()
            sync(tool, model)
        tool.facts.withdraw(1)
        for _ in range(2):
            sync(tool, model)
            assert rings(model, 1) == "-3600"
        quiet(tool, model)

    def test_an_alarm_set_just_before_stays_where_it_is_wanted_again(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        sync(tool, model)
        name = f"{uid(1)}.ics"
        model.store(name, Phone().alarm(model.objects[name][0], "-PT1H"))
        tool.facts.withdraw(1)
        sync(tool, model)
        tool.facts.withdrawn.clear()
        tool.facts.events[uid(1)] = event(1)
        sync(tool, model)
        assert rings(model, 1) == "-3600"
        quiet(tool, model)

    def test_and_comes_back_as_it_was(self, tool: Tool, model: Model) -> None:
        self.test_edited_it_stays_and_rings_no_more(tool, model)
        tool.facts.withdrawn.clear()
        tool.facts.events[uid(1)] = event(1)
        sync(tool, model)
        assert "SUMMARY:Karoo: step 1" in there(model, 1)
        assert "DESCRIPTION:My own words" in there(model, 1)
        assert "ACTION:DISPLAY" in there(model, 1)
        quiet(tool, model)

    def test_the_past_stays(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts.withdraw(0)
        report = sync(tool, model, now=NOW + 2 * DAY)
        assert (report.actions, model.writes) == ((), [])

    def test_nothing_is_created_in_the_past(self, tool: Tool, model: Model) -> None:
        report = sync(tool, model, now=NOW + 2.5 * DAY)
        assert len(report.actions) == 2

    def test_what_cannot_be_deleted_is_silenced(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.refuses_delete = True
        tool.facts.withdraw(1)
        report = sync(tool, model)
        assert report.failed == {}
        assert "SUMMARY:Answered: Karoo: step 1" in there(model, 1)
        assert "ACTION:DISPLAY" not in there(model, 1)
        quiet(tool, model)

    def test_one_that_is_gone_already_is_no_news(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts.withdraw(1)
        model.remove(f"{uid(1)}.ics")
        report = sync(tool, model)
        assert (report.user_edits, report.failed) == ((), {})
        quiet(tool, model)


class TestLostState:
    def test_ours_are_found_again(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.lose_state()
        report = sync(tool, model)
        assert (report.requests, model.writes, report.user_edits) == (2, [], ())
        quiet(tool, model)

    def test_with_what_the_person_changed(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        model.store(f"{uid(2)}.ics", Phone().dismiss(model.objects[f"{uid(2)}.ics"][0]))
        tool.lose_state()
        tool.facts.change(1)
        tool.facts.change(2)
        report = sync(tool, model)
        kept = [one.uid for one in report.user_edits if isinstance(one, FieldEdited)]
        assert kept == [uid(1)]
        assert "SUMMARY:Mine" in there(model, 1)
        assert any("anew" in line for line in there(model, 1))
        assert "SUMMARY:Karoo: step 2 anew" in there(model, 2)
        quiet(tool, model)

    def test_what_is_theirs_is_known_even_without_facts(self, tool: Tool, model: Model) -> None:
        """As on a second computer that has neither the state nor the log of the first."""
        synced(tool, model)
        body = Phone().drag(model.objects[f"{uid(1)}.ics"][0], days=2)
        model.store(f"{uid(1)}.ics", Phone().edit(body, summary="Mine"))
        assert len(sync(tool, model).user_edits) == 2
        theirs = {line for line in there(model, 1) if line.startswith(("SUMMARY", "DTSTART"))}
        moved = tool.facts.events[uid(1)]
        tool.facts.events[uid(1)] = attrs.evolve(moved, description="Dear Thandi, anew")
        assert len(sync(tool, model).actions) == 1
        tool.lose_state()
        tool.facts = Facts.of(4)
        assert {type(one) for one in sync(tool, model).user_edits} == {FieldEdited, Moved}
        assert theirs <= set(there(model, 1))
        quiet(tool, model)

    def test_what_is_ours_is_known_after_one_of_its_fields_was_written_anew(
        self, tool: Tool, model: Model
    ) -> None:
        """The marks of the fields that an update leaves alone stay as they are."""
        synced(tool, model)
        ours = tool.facts.events[uid(1)]
        tool.facts.events[uid(1)] = attrs.evolve(ours, description="Dear Thandi, anew")
        assert len(sync(tool, model).actions) == 1
        tool.lose_state()
        tool.facts.change(1)
        report = sync(tool, model)
        assert (report.user_edits, len(report.actions)) == ((), 1)
        assert "SUMMARY:Karoo: step 1 anew" in there(model, 1)
        quiet(tool, model)

    def test_and_withdrawn_ones_go(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.lose_state()
        tool.facts.withdraw(1)
        sync(tool, model)
        assert f"{uid(1)}.ics" not in model.objects

    def test_where_a_client_stripped_our_marks_nothing_is_overwritten(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        name = f"{uid(1)}.ics"
        body = b"".join(
            line
            for line in model.objects[name][0].splitlines(keepends=True)
            if b"X-AFTER" not in line
        )
        model.store(name, body)
        tool.lose_state()
        tool.facts.change(1)
        before = model.objects[name]
        report = sync(tool, model)
        assert {one.field for one in report.user_edits if isinstance(one, FieldEdited)} >= {
            Field.SUMMARY
        }
        assert model.objects[name] == before

    def test_nor_is_a_title_of_ours_taken_for_an_answer(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, description="My own words")
        sync(tool, model)
        tool.facts.withdraw(1)
        sync(tool, model)
        content = [line for line in there(model, 1) if not line.startswith("X-AFTER")]
        assert "SUMMARY:Answered: Karoo: step 1" in content
        model.store(f"{uid(1)}.ics", "".join(f"{line}\r\n" for line in content).encode())
        tool.lose_state()
        assert [one for one in sync(tool, model).user_edits if isinstance(one, KeywordTyped)] == []
        assert "DESCRIPTION:My own words" in there(model, 1)
        quiet(tool, model)

    def test_an_old_copy_of_the_state_does_no_harm(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        old = tool.path.read_bytes()
        tool.facts.change(1)
        edit(model, 2, summary="Mine")
        sync(tool, model)
        tool.lose_state()
        tool.path.write_bytes(old)
        tool.facts.change(3)
        sync(tool, model)
        assert "SUMMARY:Mine" in there(model, 2)
        assert len(model.objects) == 4
        quiet(tool, model)

    def test_what_was_not_written_again_is_still_known_as_ours(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        sync(tool, model)
        tool.facts.change(1)
        sync(tool, model)
        assert any("anew" in line for line in there(model, 1))
        tool.lose_state()
        tool.facts.change(1, days=2)
        assert sync(tool, model).user_edits == ()
        assert f"DTSTART:{event(1, days=2).start:%Y%m%dT%H%M%SZ}" in there(model, 1)
        quiet(tool, model)

    def test_one_that_said_it_was_over_takes_the_plan_s_new_title(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        edit(model, 1, description="Mine")
        tool.facts.withdraw(1)
        sync(tool, model)
        assert "SUMMARY:Answered: Karoo: step 1" in there(model, 1)
        tool.lose_state()
        tool.facts.withdrawn.clear()
        tool.facts.events[uid(1)] = event(1, text=" anew")
        told = sync(tool, model).user_edits
        assert {one.field for one in told if isinstance(one, FieldEdited)} == {Field.DESCRIPTION}
        assert "SUMMARY:Karoo: step 1 anew" in there(model, 1)
        quiet(tool, model)


class TestTwoComputers:
    """The facts are shared, the states are not."""

    @pytest.fixture
    def other(self, tool: Tool, model: Model, tmp_path: Path) -> Tool:
        other = Tool(tool.facts, tmp_path / "other.sqlite")
        synced(tool, model)
        synced(other, model)
        return other

    def test_a_write_of_the_other_is_no_edit(self, tool: Tool, other: Tool, model: Model) -> None:
        tool.facts.change(1, " v1")
        sync(tool, model)
        tool.facts.change(1, " v2", days=1)
        assert sync(other, model).user_edits == ()
        assert "SUMMARY:Karoo: step 1 v2" in there(model, 1)
        assert sync(tool, model).user_edits == ()
        quiet(tool, model)
        quiet(other, model)

    def test_an_edit_is_one_for_both(self, tool: Tool, other: Tool, model: Model) -> None:
        edit(model, 1, summary="Mine")
        sync(tool, model)
        tool.facts.change(1)
        assert sync(other, model).user_edits == ()
        assert "SUMMARY:Mine" in there(model, 1)
        # Back to what we once wrote is a wish like any other.
        edit(model, 1, summary="Karoo: step 1")
        assert [type(one) for one in sync(tool, model).user_edits] == [FieldEdited]
        sync(other, model)
        assert "SUMMARY:Karoo: step 1" in there(model, 1)

    def test_what_the_other_calls_over_is_no_answer(
        self, tool: Tool, other: Tool, model: Model
    ) -> None:
        edit(model, 1, description="Mine")
        tool.facts.withdraw(1)
        sync(tool, model)
        assert "SUMMARY:Answered: Karoo: step 1" in there(model, 1)
        assert sync(other, model).user_edits == ()
        assert "SUMMARY:Answered: Karoo: step 1" in there(model, 1)
        quiet(other, model)


class TestGuards:
    def test_all_gone_is_asked_about(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        for name in list(model.objects):
            model.remove(name)
        with pytest.raises(ConflictError, match="--allow-mass-delete"):
            sync(tool, model)
        assert tool.facts.log == []
        report = sync(tool, model, allow_mass_delete=True)
        assert [type(one) for one in report.user_edits] == [Deleted] * 4
        quiet(tool, model)

    def test_facts_in_another_place_remove_nothing(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        tool.facts = Facts()
        with pytest.raises(ConflictError, match="--data"):
            sync(tool, model)
        assert model.writes == []
        sync(tool, model, allow_mass_delete=True)
        assert model.objects == {}

    def test_a_calendar_that_is_gone_is_no_deletion(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        model.exists = False
        with pytest.raises(ConflictError, match="--allow-mass-delete"):
            sync(tool, model)
        assert (model.writes, model.exists, tool.facts.log) == ([], False, [])
        model.exists = True
        quiet(tool, model)

    def test_where_they_removed_it_it_is_made_anew_and_stays_without_what_it_had(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        model.exists = False
        tool.facts.change(4)
        with pytest.raises(ConflictError):
            sync(tool, model, allow_mass_delete=True, dry_run=True)
        report = sync(tool, model, allow_mass_delete=True)
        assert {type(one) for one in report.user_edits} == {Deleted}
        assert set(report.tombstones) == {uid(n) for n in range(4)}
        assert (list(model.objects), model.name) == ([f"{uid(4)}.ics"], "Job search")
        quiet(tool, model)

    def test_where_the_server_makes_none_it_says_what_else_to_do(
        self, tool: Tool, model: Model
    ) -> None:
        synced(tool, model)
        model.exists = model.makes_calendars = False
        with pytest.raises(RefusedError):
            sync(tool, model, allow_mass_delete=True)
        assert tool.facts.log == []

    def test_an_address_that_never_was_a_calendar_gets_none(self, tool: Tool, model: Model) -> None:
        model.exists = False
        with pytest.raises(NotFoundError):
            sync(tool, model, allow_mass_delete=True)
        assert not model.exists

    def test_a_list_that_leaves_some_out_is_no_deletion(self, tool: Tool, model: Model) -> None:
        model.knows_tokens = False
        synced(tool, model)
        model.listing = dict  # type: ignore[method-assign]
        report = sync(tool, model)
        assert (report.user_edits, model.writes) == ((), [])

    def test_one_of_ours_under_another_name_is_found(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        body = model.objects[f"{uid(1)}.ics"][0]
        model.remove(f"{uid(1)}.ics")
        model.store("0A1B2C.ics", body)
        report = sync(tool, model)
        assert (report.user_edits, model.writes) == ((), [])
        tool.facts.change(1)
        sync(tool, model)
        assert model.writes == [("PUT", "0A1B2C.ics")]
        quiet(tool, model)

    @pytest.mark.parametrize(
        "line", ["ORGANIZER:mailto:hr@karoo.example", "RECURRENCE-ID:20261125T090000Z"]
    )
    def test_a_meeting_under_our_uid_is_left(self, tool: Tool, model: Model, line: str) -> None:
        body = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:%s\r\n%s\r\nDTSTART:20261125T090000Z\r\n"
        body = body % (uid(1).encode(), line.encode()) + b"END:VEVENT\r\nEND:VCALENDAR\r\n"
        model.store(f"{uid(1)}.ics", body)
        report = sync(tool, model)
        assert (report.foreign, report.exit_code) == ((uid(1),), ExitCode.CONFLICT)
        tool.facts.withdraw(1)
        sync(tool, model)
        assert model.objects[f"{uid(1)}.ics"][0] == body

    @pytest.mark.parametrize(
        "body",
        [
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:other\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            b"UID:x\r\n",
        ],
        ids=["another-uid", "nonsense"],
    )
    def test_a_stranger_under_our_name_is_left(self, tool: Tool, model: Model, body: bytes) -> None:
        model.store(f"{uid(1)}.ics", body)
        report = sync(tool, model)
        assert report.foreign == (uid(1),)
        assert model.objects[f"{uid(1)}.ics"][0] == body


class TestRefusals:
    @pytest.mark.parametrize(
        "answer", [Refusal(409), Refusal(412)], ids=lambda answer: str(answer.status)
    )
    def test_a_uid_that_the_server_will_not_have_gets_a_new_generation(
        self, tool: Tool, model: Model, answer: Refusal
    ) -> None:
        model.refused_uids = {uid(1)}
        model.uid_refusal = answer
        report = sync(tool, model)
        assert report.user_edits == ()
        assert len(model.objects) == 4
        assert report.failed == {}
        quiet(tool, model)

    def test_one_that_is_refused_for_good_is_a_failure(self, tool: Tool, model: Model) -> None:
        model.refused_uids = {uids.calendar_uid(uid(1), number) for number in range(9)}
        report = sync(tool, model)
        assert (set(report.failed), report.exit_code) == ({uid(1)}, ExitCode.PARTLY)
        assert len(model.objects) == 3
        assert sync(tool, model).failed == {}
        assert f"{uids.calendar_uid(uid(1), 9)}.ics" in model.objects

    def test_a_uid_under_a_name_of_theirs_is_taken_in(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        body = model.objects[f"{uid(1)}.ics"][0]
        model.remove(f"{uid(1)}.ics")
        model.store("0A1B2C.ics", body)
        tool.lose_state()
        report = sync(tool, model)
        assert (report.user_edits, report.failed) == ((), {})
        assert len(model.objects) == 4
        quiet(tool, model)

    def test_one_event_that_does_not_fit_holds_up_no_other(self, tool: Tool, model: Model) -> None:
        store = model.put

        def put(name: str, body: bytes, *, new: bool, etag: str | None) -> str | None:
            if name.startswith(uid(1)):
                raise Refusal(413)
            return store(name, body, new=new, etag=etag)

        model.put = put  # type: ignore[method-assign]
        report = sync(tool, model)
        assert set(report.failed) == {uid(1)}
        assert (report.exit_code, len(model.objects)) == (ExitCode.PARTLY, 3)
        model.put = store  # type: ignore[method-assign]
        assert sync(tool, model).failed == {}
        assert len(model.objects) == 4

    @pytest.mark.parametrize(
        ("status", "code"), [(507, ExitCode.TRY_LATER), (403, ExitCode.REFUSED)], ids=str
    )
    def test_three_in_a_row_stop_the_run(
        self, tool: Tool, model: Model, status: int, code: ExitCode
    ) -> None:
        tool.facts = Facts.of(9)

        def put(*_: object, **__: object) -> None:
            raise Refusal(status)

        model.put = put  # type: ignore[method-assign]
        report = sync(tool, model, connections=1)
        assert (report.requests, report.exit_code) == (4, code)
        assert len(report.failed) == 9

    def test_conditions_that_are_ignored_do_no_harm(self, tool: Tool, model: Model) -> None:
        model.ignores_conditions = True
        synced(tool, model)
        tool.facts.change(1)
        edit(model, 2, summary="Mine")
        sync(tool, model)
        assert "SUMMARY:Mine" in there(model, 2)
        quiet(tool, model)

    def test_a_server_that_rewrites_what_it_gets(self, tool: Tool, model: Model) -> None:
        model.rewrite = rewritten
        model.tells_etag = False
        synced(tool, model)
        quiet(tool, model)


class TestFaults:
    def fail(self, kind: Exception, at: int, *, after: bool) -> MemoryCalendar:
        calendar = MemoryCalendar(Model())

        def trouble(method: str) -> None:
            if calendar.requests == at and method in {"PUT", "DELETE"}:
                raise kind

        if after:
            calendar.after = trouble
        else:
            calendar.before = trouble
        return calendar

    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("at", range(2, 6))
    def test_no_answer_to_a_write_is_settled_in_the_same_run(
        self, tool: Tool, at: int, after: bool
    ) -> None:
        calendar = self.fail(OutcomeUnknownError("lost"), at, after=after)
        report = tool.sync(calendar)
        assert (report.failed, len(report.actions)) == ({}, 4)
        assert len(calendar.model.objects) == 4
        assert report.requests == 6 + (not after)
        quiet(tool, calendar.model)

    def test_patience_is_taken_once(self, tool: Tool) -> None:
        calendar = self.fail(BusyError("busy", 42.0), 3, after=False)
        report = tool.sync(calendar, connections=1)
        assert (report.failed, report.stopped, tool.sleeps) == ({}, None, [42.0])
        assert len(calendar.model.objects) == 4

    def test_too_much_patience_is_not_taken(self, tool: Tool) -> None:
        calendar = self.fail(BusyError("busy", 3600.0), 3, after=False)
        report = tool.sync(calendar, connections=1)
        assert (tool.sleeps, report.exit_code) == ([], ExitCode.TRY_LATER)
        assert len(calendar.model.objects) == 1
        sync(tool, calendar.model)
        assert len(calendar.model.objects) == 4
        quiet(tool, calendar.model)

    @pytest.mark.parametrize(
        ("seconds", "back"), [(3600.0, "2026-11-24 12:00"), (1e300, "2026-12-24 11:00")]
    )
    @pytest.mark.parametrize("method", ["PROPFIND", "PUT"])
    def test_when_to_come_back_is_told_on_their_own_clock(
        self, tool: Tool, method: str, seconds: float, back: str
    ) -> None:
        def busy(asked: str) -> None:
            if asked == method:
                raise BusyError("busy", seconds)

        calendar = attrs.evolve(MemoryCalendar(Model()), before=busy)
        try:
            stopped = tool.sync(calendar, connections=1).stopped
        except TryLaterError as error:
            stopped = error
        assert f"is busy; try again after {back}. Nothing is lost." in str(stopped)

    def test_what_was_not_sent_is_told_apart_from_what_nobody_answered(self, tool: Tool) -> None:
        calendar = self.fail(BusyError("busy", 3600.0), 3, after=False)
        report = tool.sync(calendar, connections=1)
        reasons = sorted(reason.partition(";")[0] for reason in report.failed.values())
        assert reasons == ["it was not sent"] * 2 + ["the server had no time for it"]
        unclear = RefusedError("what came was no answer")
        report = tool.sync(self.fail(unclear, 2, after=True), connections=1)
        assert [text for text in report.failed.values() if "not known" in text] != []

    def test_a_lock_is_waited_for_and_then_told(self, tool: Tool) -> None:
        calendar = self.fail(LockedError("locked"), 3, after=False)
        report = tool.sync(calendar)
        assert (report.failed, tool.sleeps, len(report.actions)) == ({}, [1.0], 4)
        stuck = MemoryCalendar(Model())

        def locked(method: str) -> None:
            if method == "PUT":
                raise LockedError("locked")

        stuck.before = locked
        report = tool.sync(attrs.evolve(stuck, url="http://localhost/other/"), connections=1)
        assert isinstance(report.stopped, TryLaterError)

    def test_a_login_that_is_refused_stops_everything(self, tool: Tool) -> None:
        calendar = self.fail(LoginError("no"), 2, after=False)
        report = tool.sync(calendar, connections=1)
        assert (report.requests, report.exit_code) == (2, ExitCode.LOGIN)

    def test_a_look_that_fails_is_tried_three_times(self, tool: Tool, model: Model) -> None:
        calendar = MemoryCalendar(model)

        def down(method: str) -> None:
            raise TryLaterError(method)

        calendar.before = down
        with pytest.raises(TryLaterError):
            tool.sync(calendar)
        assert (calendar.requests, tool.sleeps) == (3, [1.0, 2.0])


class TestRehearsal:
    def test_it_tells_and_writes_nothing(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        tool.facts.change(2)
        tool.facts.withdraw(3)
        before = tool.path.read_bytes()
        report = sync(tool, model, dry_run=True)
        assert model.writes == []
        assert tool.path.read_bytes() == before
        tool.facts.log.clear()
        tool.facts.pins.clear()
        real = sync(tool, model)
        assert {(one.kind, one.uid) for one in report.actions} == {
            (one.kind, one.uid) for one in real.actions
        }
        assert report.user_edits == real.user_edits


class TestReport:
    def test_its_document_is_the_published_one(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        edit(model, 1, summary="Mine")
        model.store(f"{uid(2)}.ics", Phone().drag(model.objects[f"{uid(2)}.ics"][0]))
        model.remove(f"{uid(3)}.ics")
        document = sync(tool, model).document()
        assert document["calendar"] == "http://localhost/cal/"
        assert (document["created"], document["updated"], document["deleted"]) == (0, 0, 0)
        assert document["kept"] == [
            {"uid": uid(number), "fields": [field], "reason": "you changed it"}
            for field, number in sorted(
                [("summary", 1), ("start", 2)], key=lambda pair: uid(pair[1])
            )
        ]
        assert document["tombstones"] == [uid(3)]
        # The look, a whole one as an event is gone, and the objects that changed.
        assert (document["failed"], document["requests"]) == ([], 3)

    def test_numbers_move_with_the_content_and_only_then(self, tool: Tool, model: Model) -> None:
        synced(tool, model)
        assert {"SEQUENCE:0", "DTSTAMP:20261120T163000Z"} <= set(there(model, 1))
        tool.facts.change(1)
        sync(tool, model)
        assert {
            "SEQUENCE:1",
            "DTSTAMP:20261124T090000Z",
            "LAST-MODIFIED:20261124T090000Z",
        } <= set(there(model, 1))
        assert "SEQUENCE:0" in there(model, 2)
