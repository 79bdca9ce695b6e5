"""What a person does in the calendars of iOS, Thunderbird and Android, on real servers."""

from __future__ import annotations

import datetime as dt

import pytest

from afterword.domain.calendar_model import Field
from afterword.domain.merge.user_edits import FieldEdited, KeywordTyped, Moved
from tests.sync.people import DAY, NOW, event, lines, uid
from tests.sync.phones import SNOOZE, STYLES, Phone
from tests.sync.two import Two

# What Nextcloud refuses on top has nothing to do with who wrote an object.
pytestmark = pytest.mark.parametrize(
    "real", ["radicale", "xandikos", "sabre", "folder"], indirect=True
)

ACTED = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
# The link goes with our description, and the text of an alarm that was the title with the title.
OURS = {
    "DTSTAMP",
    "LAST-MODIFIED",
    "SEQUENCE",
    "SUMMARY",
    "DESCRIPTION",
    "URL",
    "X-AFTERWORD-MARKS",
}


@pytest.fixture(params=STYLES)
def phone(request: pytest.FixtureRequest) -> Phone:
    return Phone(request.param)


def told_at(phone: Phone) -> dt.datetime:
    return ACTED if phone.tells_when else NOW


def named(content: list[str]) -> set[str]:
    return {line.replace(";", ":").partition(":")[0] for line in content}


def changed(two: Two) -> list[str]:
    """Change the plan's texts; see that nothing else was touched; return the object."""
    before = lines(two.body(1))
    two.tool.facts.change(1)
    assert two.sync().failed == {}
    after = lines(two.body(1))
    assert named([line for line in before if line not in after]) <= OURS
    two.settled()
    return after


@pytest.mark.parametrize("field", [Field.SUMMARY, Field.DESCRIPTION])
def test_an_edited_text_is_kept(two: Two, phone: Phone, field: Field) -> None:
    words = "Můj text\\, ü 🎈"
    two.phone_stores(1, phone.edit(two.body(1), **{field.value: words}))
    mine = FieldEdited(
        uid=uid(1), field=field, theirs="Můj text, ü 🎈", ours=None, at=told_at(phone)
    )
    assert two.sync().user_edits == (mine,)
    assert two.cost(2)
    two.settled()
    other = {Field.SUMMARY: "DESCRIPTION", Field.DESCRIPTION: "SUMMARY"}[field]
    content = changed(two)
    assert any(line.startswith(field.upper()) and line.endswith(f":{words}") for line in content)
    assert any(line.startswith(other) and "anew" in line for line in content)


def test_a_dragged_event_is_moved(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.drag(two.body(1), days=2))
    start, end = event(1).start + 2 * DAY, event(1).end + 2 * DAY
    assert two.sync().user_edits == (Moved(uid=uid(1), start=start, end=end, at=told_at(phone)),)
    assert two.cost(2)
    two.settled()
    two.tool.facts.change(1, days=5)
    assert two.sync().user_edits == ()
    assert f"DTSTART:{event(1, days=5).start:%Y%m%dT%H%M%SZ}" in lines(two.body(1))
    two.settled()


def test_an_event_that_was_only_saved_is_as_it_was(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.edit(two.body(1)))
    report = two.sync()
    assert (report.actions, report.user_edits) == ((), ())
    assert two.cost(2)
    two.settled()
    assert "SUMMARY:Karoo: step 1 anew" in changed(two)


def test_another_alarm_is_kept(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.alarm(two.body(1), "-PT15M"))
    kept = FieldEdited(uid=uid(1), field=Field.ALARMS, theirs="-900", ours=None, at=told_at(phone))
    assert two.sync().user_edits == (kept,)
    two.settled()
    triggers = [line for line in changed(two) if line.startswith("TRIGGER")]
    assert "-PT15M" in {line.rpartition(":")[2] for line in triggers}


def test_a_dismissed_alarm_stays_dismissed(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.dismiss(two.body(1)))
    assert two.sync().user_edits == ()
    assert two.cost(2)
    two.settled()
    content = changed(two)
    said = {f"ACKNOWLEDGED:{phone.modified}", f"X-MOZ-LASTACK:{phone.modified}"}
    assert bool(said & set(content)) == phone.tells_alarms


def test_a_snoozed_alarm_rings_again_and_goes_with_the_event_s_own(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.snooze(two.body(1)))
    assert two.sync().user_edits == ()
    two.settled()
    content = changed(two)
    again = {f"TRIGGER;VALUE=DATE-TIME:{SNOOZE}", f"X-MOZ-SNOOZE-TIME:{SNOOZE}"}
    assert bool(again & set(content)) == phone.tells_alarms
    two.phone_stores(1, phone.edit(two.body(1), summary="Sent\\, at last"))
    assert [type(one) for one in two.sync().user_edits] == [KeywordTyped]
    assert not {line for line in lines(two.body(1)) if SNOOZE in line and "X-MOZ" not in line}
    assert "ACTION:DISPLAY" not in lines(two.body(1))
    two.settled()


def test_a_renamed_event_logs_and_the_plan_follows(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.edit(two.body(1), summary="Sent to Thandi\\, ü"))
    says = KeywordTyped(uid=uid(1), says="sent", title="Sent to Thandi, ü", at=told_at(phone))
    assert two.sync().user_edits == (says,)
    assert two.cost(3)
    assert "SUMMARY:Karoo: step 1: sent" in lines(two.body(1))
    assert "ACTION:DISPLAY" not in lines(two.body(1))
    two.settled()


def test_an_answer_takes_what_it_wrote_away(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.edit(two.body(1), summary="Answered"))
    assert [type(one) for one in two.sync().user_edits] == [KeywordTyped]
    assert f"{uid(1)}.ics" not in two.there()
    two.settled()


def test_what_it_wrote_is_known_again_without_any_state(two: Two, phone: Phone) -> None:
    two.phone_stores(1, phone.edit(two.body(1), summary="Mine"))
    two.phone_stores(2, phone.dismiss(two.body(2)))
    two.tool.lose_state()
    two.tool.facts.change(1)
    report = two.sync()
    assert report.failed == {}
    assert {one.uid for one in report.user_edits} == {uid(1)}
    assert "SUMMARY:Mine" in lines(two.body(1))
    two.settled()
