"""The merge of base, plan and calendar, case by case: the user's changes win."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.calendar_model import Alarm, Event, Field, Fields
from afterword.domain.merge import fields, three_way, user_edits
from afterword.domain.merge.three_way import (
    DesiredState,
    DiscardedOverrides,
    ObservedEvent,
    PlannedWrite,
    Presence,
    WriteKind,
)
from afterword.domain.merge.user_edits import Deleted, FieldEdited, KeywordTyped, Moved, UserEdit

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
AT = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
START = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
OVER = "Answered:"
ZONE = ZoneInfo("Africa/Johannesburg")
WORDS = {
    "sent": "sent",
    "answered": "answered",
    "positive": "positive",
    "rejected": "rejected",
    "skip": "skip",
    "keine antwort": "skip",
}
ALARM = Alarm(uid="a1", before=dt.timedelta(0), text="x")
EVENT = Event(
    uid="u1",
    start=START,
    end=START + HOUR / 4,
    summary="Karoo: first follow-up",
    description="Dear Thandi",
    stamp=AT,
    alarm=ALARM,
)
BASE = fields.fields_of(EVENT)
LATER = attrs.evolve(
    EVENT,
    start=START + 24 * HOUR,
    end=START + 24 * HOUR + HOUR / 4,
    summary="Karoo: follow up",
    description="Dear Thandi, again",
    alarm=attrs.evolve(ALARM, before=HOUR),
)
OURS = fields.fields_of(LATER)
THEIRS = {
    Field.SUMMARY: "Write to Thandi!",
    Field.TIME: fields.format_span(START + 5 * HOUR, START + 6 * HOUR),
    Field.DESCRIPTION: "My own words",
    Field.ALARMS: "-600",
}


def wanted(*events: Event, **more: Any) -> DesiredState:
    possible = {event.uid for event in events} | {"u1"}
    return DesiredState(
        events={event.uid: event for event in events}, zone=ZONE, possible_uids=possible, **more
    )


def held(theirs: Mapping[Field, str] = BASE, **more: Any) -> ObservedEvent:
    return attrs.evolve(ObservedEvent(uid="u1", base=BASE, theirs=theirs, at=AT), **more)


def settle(
    asked: DesiredState, event: ObservedEvent
) -> tuple[tuple[UserEdit, ...], tuple[PlannedWrite, ...]]:
    """Detect the edits, advance the base and plan the writes, as a sync does."""
    edits = user_edits.detect_user_edits(asked, {event.uid: event}, WORDS, over=OVER)
    event = user_edits.advance_base(asked, event, edits)
    return edits, three_way.plan_writes(asked, {event.uid: event}, now=NOW, over=OVER)


OUTCOMES = {
    # (the plan's field, the calendar's field): what is written, the edit that is reported
    ("same", "same"): (False, None),
    ("changed", "same"): (True, None),
    ("same", "changed"): (False, "kept"),
    ("changed", "changed"): (False, "conflict"),
    ("changed", "alike"): (False, None),
}


@pytest.mark.parametrize("discarded", [False, True], ids=["", "given-up"])
@pytest.mark.parametrize(("plan", "calendar"), OUTCOMES, ids="-".join)
@pytest.mark.parametrize("field", Field)
@pytest.mark.parametrize("pinned", [False, True], ids=["", "pinned"])
def test_one_field(field: Field, plan: str, calendar: str, discarded: bool, pinned: bool) -> None:
    there = {"same": BASE, "changed": THEIRS, "alike": OURS}[calendar][field]
    goal = {"same": BASE, "changed": OURS}[plan]
    event = fields.with_fields(EVENT, {field: goal[field]})
    if field is Field.ALARMS and plan == "changed":
        event = attrs.evolve(event, alarm=LATER.alarm)
    asked = wanted(
        event,
        discarded={"u1": DiscardedOverrides(fields={field: there}, at=AT)} if discarded else {},
        pins={"u1": {field: there}} if pinned and not discarded else {},
    )
    edits, actions = settle(asked, held(BASE | {field: there}))
    write, kind = OUTCOMES[plan, calendar]
    if discarded:
        assert edits == ()
        assert bool(actions) == (there != goal[field])
    elif pinned:
        assert edits == ()
        assert actions == ()
    else:
        assert bool(actions) == write
        assert len(edits) == (kind is not None)
        if kind:
            ours = goal[field] if kind == "conflict" else None
            assert edits == (FieldEdited(uid="u1", field=field, theirs=there, ours=ours, at=AT),)
    for action in actions:
        assert action.kind is WriteKind.UPDATE
        assert action.fields == {field}
        assert action.result[field] == action.base[field] == goal[field]


@pytest.mark.parametrize(
    ("plan", "calendar"), [(a, b) for a, b in itertools.permutations(Field, 2)], ids=str
)
def test_changes_of_different_fields_are_merged(plan: Field, calendar: Field) -> None:
    event = fields.with_fields(EVENT, {plan: OURS[plan]})
    if plan is Field.ALARMS:
        event = attrs.evolve(event, alarm=LATER.alarm)
    edits, (action,) = settle(wanted(event), held(BASE | {calendar: THEIRS[calendar]}))
    assert [edit.field for edit in edits if isinstance(edit, FieldEdited)] == [calendar]
    assert action.fields == {plan}
    assert action.result == BASE | {plan: OURS[plan], calendar: THEIRS[calendar]}
    assert action.base == BASE | {plan: OURS[plan]}


def test_what_is_not_there_is_created() -> None:
    (action,) = three_way.plan_writes(wanted(EVENT), {}, now=NOW, over=OVER)
    assert (action.kind, action.event, action.result) == (WriteKind.CREATE, EVENT, BASE)


def test_what_is_created_anew_keeps_the_words_of_the_person() -> None:
    asked = wanted(EVENT, pins={"u1": {Field.DESCRIPTION: "My own", Field.ALARMS: ""}})
    (action,) = three_way.plan_writes(asked, {}, now=NOW, over=OVER)
    assert action.event is not None
    assert (action.event.description, action.event.alarm) == ("My own", None)


@pytest.mark.parametrize(
    ("end", "created"),
    [
        (NOW + HOUR, True),
        (NOW, False),
        (NOW - HOUR, False),
        (dt.date(2026, 11, 25), True),
        (dt.date(2026, 11, 24), False),
    ],
    ids=str,
)
def test_nothing_is_created_whose_end_has_passed(end: dt.date, created: bool) -> None:
    start = end - dt.timedelta(days=1)
    event = attrs.evolve(EVENT, start=start, end=end)
    assert bool(three_way.plan_writes(wanted(event), {}, now=NOW, over=OVER)) == created


def test_a_deleted_event_is_told_once_and_stays_away() -> None:
    gone = held(presence=Presence.DELETED)
    edits, actions = settle(wanted(EVENT), gone)
    assert (edits, actions) == ((Deleted(uid="u1", at=AT),), ())
    assert settle(wanted(EVENT, tombstones={"u1"}), gone) == ((), ())
    assert settle(wanted(), gone) == ((), ())


def test_a_tombstone_holds_without_any_memory_of_the_calendar() -> None:
    asked = wanted(EVENT, tombstones={"u1"})
    assert three_way.plan_writes(asked, {}, now=NOW, over=OVER) == ()


def test_a_foreign_object_is_left() -> None:
    assert settle(wanted(LATER), held(presence=Presence.FOREIGN)) == ((), ())
    assert settle(wanted(), held(presence=Presence.FOREIGN)) == ((), ())


class TestActs:
    MOVED = held(BASE | {Field.TIME: THEIRS[Field.TIME]})

    def test_a_dragged_act_is_moved(self) -> None:
        edits, actions = settle(wanted(EVENT, reminder_uids={"u1"}), self.MOVED)
        moved = Moved(uid="u1", start=START + 5 * HOUR, end=START + 6 * HOUR, at=AT)
        assert edits == (moved,)
        assert [action.fields for action in actions] == [{Field.TIME}]

    def test_once_the_log_says_so_both_agree(self) -> None:
        event = attrs.evolve(EVENT, start=START + 5 * HOUR, end=START + 5 * HOUR + HOUR / 4)
        assert settle(wanted(event, reminder_uids={"u1"}), self.MOVED) == ((), ())

    def test_a_longer_act_is_left_as_long(self) -> None:
        longer = held(BASE | {Field.TIME: fields.format_span(START, START + 2 * HOUR)})
        assert settle(wanted(EVENT, reminder_uids={"u1"}), longer) == ((), ())

    def test_a_longer_act_is_moved_as_long(self) -> None:
        longer = held(BASE | {Field.TIME: fields.format_span(START, START + 2 * HOUR)})
        for later in (LATER, attrs.evolve(LATER, start=LATER.start + HOUR)):
            edits, (action,) = settle(wanted(later, reminder_uids={"u1"}), longer)
            assert edits == ()
            time = fields.format_span(later.start, later.start + 2 * HOUR)
            assert (action.result[Field.TIME], action.base[Field.TIME]) == (time, time)
            longer = attrs.evolve(longer, base=action.base, theirs=action.result)
            assert settle(wanted(later, reminder_uids={"u1"}), longer) == ((), ())

    def test_a_later_plan_moves_it_again(self) -> None:
        moved = attrs.evolve(self.MOVED, base=self.MOVED.theirs)
        edits, (action,) = settle(wanted(LATER, reminder_uids={"u1"}), moved)
        assert edits == ()
        assert action.result[Field.TIME] == fields.format_span(LATER.start, LATER.start + HOUR)

    def test_a_dragged_frame_is_kept(self) -> None:
        edits, actions = settle(wanted(EVENT), self.MOVED)
        assert [type(edit) for edit in edits] == [FieldEdited]
        assert actions == ()

    def test_an_act_made_an_all_day_event_is_moved_to_that_day(self) -> None:
        day = held(
            BASE | {Field.TIME: fields.format_span(dt.date(2026, 12, 3), dt.date(2026, 12, 4))}
        )
        (edits,), _ = settle(wanted(EVENT, reminder_uids={"u1"}), day)
        assert isinstance(edits, Moved)
        assert edits.start == dt.date(2026, 12, 3)


class TestWithdrawn:
    def test_untouched_it_is_removed(self) -> None:
        edits, (action,) = settle(wanted(), held())
        assert (edits, action.kind) == ((), WriteKind.DELETE)

    @pytest.mark.parametrize("field", [Field.TIME, Field.ALARMS])
    def test_moved_or_rung_otherwise_it_is_removed(self, field: Field) -> None:
        _, (action,) = settle(wanted(), held(BASE | {field: THEIRS[field]}))
        assert action.kind is WriteKind.DELETE

    @pytest.mark.parametrize("field", fields.TEXTS)
    def test_edited_it_says_that_it_is_over_and_rings_no_more(self, field: Field) -> None:
        edited = held(BASE | {field: THEIRS[field]})
        edits, (action,) = settle(wanted(), edited)
        assert edits == ()
        assert action.kind is WriteKind.UPDATE
        assert action.marks_over
        assert action.result == {
            **edited.theirs,
            Field.SUMMARY: f"Answered: {edited.theirs[Field.SUMMARY]}",
            Field.ALARMS: "",
        }
        after = attrs.evolve(edited, base=action.base, theirs=action.result, marked_over=True)
        assert settle(wanted(), after) == ((), ())

    def test_a_pinned_text_is_an_edited_one(self) -> None:
        edited = BASE | {Field.DESCRIPTION: "My own words"}
        asked = wanted(pins={"u1": {Field.DESCRIPTION: "My own words"}})
        _, (action,) = settle(asked, held(edited, base=edited))
        assert action.marks_over

    def test_their_own_alarm_stays(self) -> None:
        edited = held(BASE | {Field.SUMMARY: "Mine", Field.ALARMS: "-600 0"})
        _, (action,) = settle(wanted(), edited)
        assert action.result[Field.ALARMS] == "-600"
        after = attrs.evolve(edited, base=action.base, theirs=action.result, marked_over=True)
        assert settle(wanted(), after) == ((), ())

    def test_wanted_again_it_takes_its_words_and_its_alarm_back(self) -> None:
        silenced = held(
            BASE | {Field.SUMMARY: "Answered: Mine", Field.ALARMS: ""},
            base=BASE | {Field.ALARMS: ""},
            marked_over=True,
        )
        edits, (action,) = settle(wanted(EVENT), silenced)
        assert edits == ()
        assert action.result == BASE | {Field.SUMMARY: "Mine"}

    def test_the_past_stays(self) -> None:
        past = BASE | {Field.TIME: fields.format_span(NOW - 2 * HOUR, NOW - HOUR)}
        assert settle(wanted(), held(past, base=past)) == ((), ())

    def test_what_cannot_be_removed_is_silenced(self) -> None:
        _, (action,) = settle(wanted(), held(undeletable=True))
        assert action.marks_over

    def test_of_which_nothing_is_known_it_is_not_removed(self) -> None:
        _, (action,) = settle(wanted(), held(base={}))
        assert action.marks_over
        assert action.result[Field.ALARMS] == ""


def test_what_a_damaged_file_may_ask_for_is_left() -> None:
    there = {"u1": held(), "u2": attrs.evolve(held(), uid="u2")}
    asked = wanted(complete=False)
    actions = three_way.plan_writes(asked, there, now=NOW, over=OVER)
    assert [action.uid for action in actions] == ["u1"]


class TestTitles:
    @pytest.mark.parametrize(
        ("title", "says"),
        [
            ("Sent", "sent"),
            ("sent!", "sent"),
            ("SENT Karoo: first follow-up", "sent"),
            (" Answered: they called", "answered"),
            ("Rejected - sigh", "rejected"),
            ("Keine Antwort mehr", "skip"),
            ("Sentence by sentence", None),
            ("Was it sent?", None),
            ("", None),
        ],
    )
    def test_its_first_words_log(self, title: str, says: str | None) -> None:
        edits, _ = settle(wanted(EVENT), held(BASE | {Field.SUMMARY: title.strip()}))
        (edit,) = edits
        assert (edit.says if isinstance(edit, KeywordTyped) else None) == says
        assert isinstance(edit, KeywordTyped | FieldEdited)

    @pytest.mark.parametrize(
        ("title", "says"),
        [("Answered: Rejected", "rejected"), ("Answered: Answered", "answered"),
         ("Answered: Karoo: follow up", None), ("Answered: Mine", None)],
    )  # fmt: skip
    def test_what_was_typed_while_nobody_asked_is_read_when_it_is_wanted_again(
        self, title: str, says: str | None
    ) -> None:
        over = held(BASE | {Field.SUMMARY: title}, marked_over=True)
        assert [edit for edit in settle(wanted(), over)[0] if isinstance(edit, KeywordTyped)] == []
        edits, _ = settle(wanted(EVENT), over)
        assert [edit.says for edit in edits if isinstance(edit, KeywordTyped)] == [says][
            : bool(says)
        ]

    def test_once_it_was_read_the_plan_titles_it_again(self) -> None:
        _, (action,) = settle(wanted(LATER), held(BASE | {Field.SUMMARY: "Sent"}))
        assert action.result[Field.SUMMARY] == "Karoo: follow up"

    def test_and_a_withdrawn_event_goes(self) -> None:
        edits, (action,) = settle(wanted(), held(BASE | {Field.SUMMARY: "Rejected"}))
        assert [type(edit) for edit in edits] == [KeywordTyped]
        assert action.kind is WriteKind.DELETE

    def test_a_company_of_that_name_logs_nothing(self) -> None:
        base = BASE | {Field.SUMMARY: "Sent Ltd: first follow-up"}
        there = base | {Field.SUMMARY: "Sent Ltd: write today"}
        (edits,), _ = settle(wanted(EVENT), held(there, base=base))
        assert isinstance(edits, FieldEdited)

    def test_our_own_mark_of_the_end_logs_nothing(self) -> None:
        there = BASE | {Field.SUMMARY: "Answered: Mine"}
        edits, _ = settle(wanted(), held(there, marked_over=True))
        assert edits == ()


class TestUnknownBase:
    """The saved state was lost, and the object carries no marks of our writes."""

    def test_the_same_fields_are_agreed(self) -> None:
        assert settle(wanted(EVENT), held(base={})) == ((), ())

    @pytest.mark.parametrize("field", Field)
    def test_other_fields_are_the_persons(self, field: Field) -> None:
        edits, actions = settle(wanted(EVENT), held(BASE | {field: THEIRS[field]}, base={}))
        assert edits == (
            FieldEdited(uid="u1", field=field, theirs=THEIRS[field], ours=None, at=AT),
        )
        assert actions == ()

    @pytest.mark.parametrize(
        ("written", "there", "ours"),
        [
            ({Field.ALARMS: "0"}, "-600 0", "0"),
            ({Field.ALARMS: "0"}, "-600", ""),
            ({Field.ALARMS: ""}, "-600", ""),
            ({}, "-600 0", None),
        ],
        ids=["both", "ours is gone", "we wrote none", "not marked"],
    )
    def test_a_mark_tells_which_alarm_is_ours(
        self, written: Fields, there: str, ours: str | None
    ) -> None:
        assert fields.marked_alarms(fields.fingerprint(written), there) == ours
        assert fields.marked_alarms("", there) is None

    def test_marks_tell_what_was_touched(self) -> None:
        there = BASE | {Field.SUMMARY: "Mine"}
        base = fields.unchanged_since_write(fields.fingerprint(BASE), there)
        assert set(base) == set(Field) - {Field.SUMMARY}
        edits, (action,) = settle(wanted(LATER, reminder_uids={"u1"}), held(there, base=base))
        assert [edit.field for edit in edits if isinstance(edit, FieldEdited)] == [Field.SUMMARY]
        assert action.fields == set(Field) - {Field.SUMMARY}


def many(count: int, **more: Any) -> dict[str, ObservedEvent]:
    return {f"u{n}": attrs.evolve(held(**more), uid=f"u{n}") for n in range(count)}


@pytest.mark.parametrize(
    ("before", "left", "accident"), [(3, 0, True), (3, 1, False), (2, 0, False), (0, 0, False)]
)
def test_all_gone_at_once_is_an_accident(before: int, left: int, accident: bool) -> None:
    after = many(before, presence=Presence.DELETED) | many(left)
    assert three_way.all_events_vanished(many(before).values(), after) == accident


@pytest.mark.parametrize(
    ("count", "possible", "accident"), [(3, (), True), (3, ("u1",), False), (2, (), False)]
)
def test_facts_that_know_none_of_our_events_are_an_accident(
    count: int, possible: tuple[str, ...], accident: bool
) -> None:
    there = many(count)
    asked = DesiredState(events={}, zone=ZONE, possible_uids=possible)
    actions = three_way.plan_writes(asked, there, now=NOW, over=OVER)
    assert len(actions) == count
    assert three_way.would_orphan_all(asked, there, actions) == accident


MIXED = st.fixed_dictionaries(
    {field: st.sampled_from([BASE[field], OURS[field], THEIRS[field]]) for field in Field}
)


@given(base=MIXED, theirs=MIXED, goal=st.sampled_from([EVENT, LATER]), act=st.booleans())
def test_whatever_happened_one_round_settles_it(
    base: dict[Field, str], theirs: dict[Field, str], goal: Event, act: bool
) -> None:
    asked = wanted(goal, reminder_uids={"u1"} if act else ())
    before = held(theirs, base=base)
    edits, actions = settle(asked, before)
    overridden = {edit.field for edit in edits if isinstance(edit, FieldEdited)}
    after = user_edits.advance_base(asked, before, edits)
    for action in actions:
        assert not action.fields & overridden
        after = attrs.evolve(after, base=action.base, theirs=action.result)
    assert {field: after.theirs[field] for field in overridden} == {
        f: theirs[f] for f in overridden
    }
    again = settle(asked, after)
    assert again[1] == ()
    assert {edit.field for edit in again[0] if isinstance(edit, FieldEdited)} == overridden
