"""What a person does on the phone becomes what a command would have logged."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest

from afterword.domain import build_events
from afterword.domain.calendar_model import EventRole, EventText, Field
from afterword.domain.merge import user_edits
from afterword.domain.merge.three_way import DesiredState
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    UserEdit,
)
from afterword.domain.model import LogEntry
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import Policy
from afterword.messages.event_title import TitleKeyword
from afterword.messages.i18n import get_language
from afterword.services.calendars import calendar_log
from tests.domain.plans import interview, log, plan, step, toml

ZONE = ZoneInfo("Africa/Johannesburg")
AT = dt.datetime(2026, 11, 30, 8, 15, 30, tzinfo=dt.UTC)
TUESDAY = interview("2026-11-24T14:00:00")


def words(_: Plan, one: Step, part: EventRole) -> EventText:
    return EventText(summary=f"{one.kind} {part}", description="")


def wanted(made: Plan) -> DesiredState:
    events = build_events.build_events(made, words, Policy())
    owners = calendar_log.event_owners([made], {})
    return calendar_log.desired_state([made], events, owners, zone=ZONE)


def entries(made: Plan, *decisions: UserEdit) -> list[LogEntry]:
    where = calendar_log.event_owners([made], {})
    return calendar_log.log_entries_for(decisions, where, ZONE).get(made.application.id, [])


def uid(made: Plan, kind: str = "first-follow-up", part: str = "act") -> str:
    return step(made, kind).uids[part]


@pytest.mark.parametrize(
    ("says", "stated"),
    [
        ("Sent", {"sent": "first-follow-up"}),
        ("Answered", {"heard": "neutral"}),
        ("Positive", {"heard": "positive"}),
        ("Rejected", {"heard": "rejected"}),
        ("Skip", {"skipped": "first-follow-up"}),
    ],
)
def test_a_title_logs(says: str, stated: dict[str, str]) -> None:
    made = plan(toml(TUESDAY))

    (entry,) = entries(made, KeywordTyped(uid=uid(made), says=says, title=f"{says} today", at=AT))

    told = attrs.asdict(entry, filter=lambda _, value: value not in {None, False})
    assert told.pop("at") == AT.replace(microsecond=0)
    told.pop("interview", None)
    assert told == {**stated, "event": uid(made)}


def test_a_dragged_act_is_moved() -> None:
    made = plan(toml(TUESDAY))
    to = AT + dt.timedelta(days=2)

    (entry,) = entries(made, Moved(uid=uid(made), start=to, end=to, at=AT))

    assert (entry.moved, entry.to) == ("first-follow-up", to)


def test_a_removed_act_is_a_deleted_step_and_a_removed_bar_is_only_remembered() -> None:
    made = plan(toml(TUESDAY))
    act, bar = (Deleted(uid=uid(made, part=part), at=AT) for part in ("act", "frame"))

    one, other = entries(made, act, bar)

    assert (one.deleted, one.event) == ("first-follow-up", None)
    assert (other.deleted, other.event, other.gone) == (None, bar.uid, True)


def test_an_edited_text_is_remembered_until_it_is_given_up() -> None:
    made = plan(toml(TUESDAY))
    kept = FieldEdited(uid=uid(made), field=Field.SUMMARY, theirs="Call them", ours=None, at=AT)
    (entry,) = entries(made, kept)

    edited = attrs.evolve(made, application=attrs.evolve(made.application, log=(entry,)))
    assert wanted(edited).pins == {uid(made): {Field.SUMMARY: "Call them"}}

    (ours,) = user_edits.discard_overrides((entry,), now=AT + dt.timedelta(hours=1), zone=ZONE)
    again = attrs.evolve(made, application=attrs.evolve(made.application, log=(entry, ours)))
    assert wanted(again).pins == {}
    assert wanted(again).discarded[uid(made)].fields == {Field.SUMMARY: "Call them"}

    (back,) = user_edits.restore_overrides((entry, ours), now=AT + dt.timedelta(hours=2), zone=ZONE)
    theirs = attrs.evolve(made.application, log=(entry, ours, back))
    assert wanted(attrs.evolve(made, application=theirs)).pins == wanted(edited).pins
    assert wanted(attrs.evolve(made, application=theirs)).discarded == {}


def test_a_title_that_logs_ends_a_title_that_was_kept() -> None:
    made = plan(toml(TUESDAY))
    renamed = FieldEdited(uid=uid(made), field=Field.SUMMARY, theirs="Call them", ours=None, at=AT)
    reworded = attrs.evolve(renamed, field=Field.DESCRIPTION, theirs="My own words")
    sent = KeywordTyped(uid=uid(made), says="Sent", title="Sent", at=AT + dt.timedelta(hours=1))

    logged = tuple(entries(made, renamed, reworded, sent))

    asked = wanted(attrs.evolve(made, application=attrs.evolve(made.application, log=logged)))
    assert asked.pins == {uid(made): {Field.DESCRIPTION: "My own words"}}


def test_what_was_sent_is_not_sent_again_by_another_title() -> None:
    sent = '2026-11-30T10:15:30+02:00: interview = "r1"; sent = "first-follow-up"'
    made = plan(toml(TUESDAY + log(sent)))
    titled = KeywordTyped(uid=uid(made), says="Sent", title="Sent!", at=AT + dt.timedelta(days=2))

    (entry,) = entries(made, titled)

    assert (entry.sent, entry.field, entry.text) == (None, "summary", "Sent!")


def test_what_the_log_has_already_is_not_noted_twice() -> None:
    decision = KeywordTyped(uid=uid(plan(toml(TUESDAY))), says="Sent", title="Sent", at=AT)
    noted = '2026-11-30T10:15:30+02:00: interview = "r1"; sent = "first-follow-up"'

    made = plan(toml(TUESDAY + log(noted)))

    assert entries(made, decision) == []


@pytest.mark.parametrize("says", ["Sent", "Answered", "Skip"])
def test_what_two_events_say_is_said_once_and_first(says: str) -> None:
    made = plan(toml(TUESDAY))
    later = AT + dt.timedelta(days=1)
    titles = [
        KeywordTyped(uid=uid(made, part=part), says=says, title=says, at=at)
        for part, at in (("frame", later), ("act", AT))
    ]

    (entry,) = entries(made, *titles)

    assert entry.event == uid(made)
    logged = attrs.evolve(made, application=attrs.evolve(made.application, log=(entry,)))
    assert entries(logged, *titles) == []


def test_what_is_nobodys_is_left() -> None:
    assert entries(plan(toml(TUESDAY)), Deleted(uid="0" * 36, at=AT)) == []


def test_the_person_s_bar_stays_away_after_the_log_is_read_again() -> None:
    made = plan(toml(TUESDAY))
    gone = f'2026-11-30T10:15:30+02:00: event = "{uid(made, part="frame")}"; gone = true'

    again = wanted(plan(toml(TUESDAY + log(gone))))

    assert set(again.tombstones) == {uid(made, part="frame")}


def test_what_the_facts_ask_for() -> None:
    made = plan(toml(TUESDAY + log('2026-11-24T17:00:00: sent = "thank-you"')))

    asked = wanted(made)

    assert uid(made, "thank-you") not in asked.reminder_uids
    assert uid(made) in asked.reminder_uids
    assert uid(made, "thank-you", "frame") in asked.possible_uids
    assert uid(made, "thank-you", "frame") not in asked.events


def test_titles_log_in_english_and_in_the_person_s_language() -> None:
    german = get_language("de")

    known = calendar_log.title_keywords(german)

    assert known["sent"] == known[german.translate(TitleKeyword.SENT).casefold()] == "Sent"
    assert len(known) > len(TitleKeyword)
    assert calendar_log.over_prefix(get_language("en")) == "Answered:"
