"""The whole contract, against servers that people really use."""

from __future__ import annotations

import pytest

from afterword.domain.merge.user_edits import Deleted, FieldEdited
from afterword.errors import ConflictError
from tests.sync.people import Facts, Phone, event, lines, uid
from tests.sync.servers import Real
from tests.sync.two import Two


def test_each_sync_costs_what_it_must(two: Two, real: Real) -> None:
    """One look, one write a change; one more look at what the person changed, once."""
    anew = Two(two.tool, real)
    anew.sync()
    assert anew.cost(1 + 4)
    anew.settled()
    for changes in (1, 2, 4):
        for number in range(changes):
            anew.tool.facts.change(number, f" v{changes}")
        assert len(anew.sync().actions) == changes
        assert anew.cost(1 + changes)
        anew.settled()
    for number in range(3):
        anew.phone_stores(number, Phone().edit(anew.body(number), description="Mine"))
    assert len(anew.sync().user_edits) == 3
    assert anew.cost(2)
    anew.settled()


def test_changes_cost_a_request_each(two: Two) -> None:
    two.tool.facts.change(1)
    two.tool.facts.change(2, days=2)
    two.tool.facts.withdraw(3)
    assert len(two.sync().actions) == 3
    assert two.cost(4)
    assert two.there() == {f"{uid(n)}.ics" for n in range(3)}
    two.settled()


def test_what_was_written_reads_as_it_was_meant(two: Two) -> None:
    content = lines(two.body(1))
    assert "SUMMARY:Karoo: step 1" in content
    description = "DESCRIPTION:Dear Thandi\\,\\n\\nžluťoučký\\; kůň\\, 1 🎙️\\n\\nSam"
    assert description in content


def test_a_deleted_event_stays_deleted(two: Two) -> None:
    two.phone_deletes(1)
    (deleted,) = two.sync().user_edits
    assert isinstance(deleted, Deleted)
    assert two.cost(2)
    two.settled()
    two.tool.lose_state()
    two.sync()
    assert f"{uid(1)}.ics" not in two.there()


def test_an_edited_event_that_is_over_is_silenced(two: Two) -> None:
    two.phone_stores(1, Phone().edit(two.body(1), description="Mine"))
    two.sync()
    two.tool.facts.withdraw(1)
    two.sync()
    content = lines(two.body(1))
    assert "SUMMARY:Answered: Karoo: step 1" in content
    assert "ACTION:DISPLAY" not in content
    two.settled()


def test_an_event_that_comes_and_goes_again_ends_silent(two: Two) -> None:
    """A trash bin holds one of a name: the second removal may be refused."""
    for _ in range(2):
        two.tool.facts.withdraw(1)
        assert two.sync().failed == {}
        two.settled()
        gone = two.name(1) not in two.there()
        assert gone or "SUMMARY:Answered: Karoo: step 1" in lines(two.body(1))
        assert gone or "ACTION:DISPLAY" not in lines(two.body(1))
        two.tool.facts.withdrawn.clear()
        two.tool.facts.events[uid(1)] = event(1)
        assert two.sync().failed == {}
        two.settled()
        assert "SUMMARY:Karoo: step 1" in lines(two.body(1))
        assert "ACTION:DISPLAY" in lines(two.body(1))
    assert len(two.there()) == 4


def test_an_edit_between_look_and_write_is_not_overwritten(two: Two) -> None:
    body = Phone().edit(two.body(1), summary="Mine")
    two.tool.facts.change(1)
    two.meanwhile(lambda: two.phone_stores(1, body))
    assert [type(one) for one in two.sync().user_edits] == [FieldEdited]
    assert "SUMMARY:Mine" in lines(two.body(1))
    assert any(line.startswith("DESCRIPTION") and "anew" in line for line in lines(two.body(1)))
    two.settled()


def test_an_edit_between_look_and_removal_keeps_the_event(two: Two) -> None:
    body = Phone().edit(two.body(1), description="Mine")
    two.tool.facts.withdraw(1)
    two.meanwhile(lambda: two.phone_stores(1, body))
    assert two.sync().failed == {}
    assert {"SUMMARY:Answered: Karoo: step 1", "DESCRIPTION:Mine"} <= set(lines(two.body(1)))
    two.settled()


def test_a_deletion_between_look_and_write_is_not_undone(two: Two) -> None:
    two.tool.facts.change(1)
    two.meanwhile(lambda: two.phone_deletes(1))
    assert [type(one) for one in two.sync().user_edits] == [Deleted]
    assert f"{uid(1)}.ics" not in two.there()
    two.settled()


def test_what_stands_under_our_name_by_then_is_not_overwritten(two: Two) -> None:
    theirs = two.body(1).replace(uid(1).encode(), uid(5).encode())
    theirs = Phone().edit(theirs, summary="Mine")
    two.tool.facts.change(5)
    two.meanwhile(lambda: two.phone_creates(5, theirs))
    two.sync()
    assert "SUMMARY:Mine" in lines(two.body(5))
    two.settled()


def test_lost_state_is_found_again(two: Two, real: Real) -> None:
    two.phone_stores(2, Phone().edit(two.body(2), summary="Mine"))
    two.tool.lose_state()
    two.tool.facts.change(1)
    report = two.sync()
    # Google drops our marks: without state, what differs from the plan counts as the person's.
    unmarked = {uid(1)} if real.name == "google" else set()
    assert {one.uid for one in report.user_edits} == {uid(2), *unmarked}
    assert {type(one) for one in report.user_edits} == {FieldEdited}
    assert "SUMMARY:Mine" in lines(two.body(2))
    assert two.cost(3)
    assert len(two.there()) == 4
    two.settled()


def test_lost_facts_remove_nothing(two: Two) -> None:
    two.tool.facts = Facts()
    with pytest.raises(ConflictError):
        two.sync()
    assert len(two.there()) == 4


def test_all_gone_is_asked_about(two: Two) -> None:
    for number in range(4):
        two.phone_deletes(number)
    with pytest.raises(ConflictError):
        two.sync()


def test_a_calendar_that_was_removed_is_made_anew_where_they_say_so(two: Two, real: Real) -> None:
    if real.name == "google":
        pytest.skip("its calendars are made by hand; see test_google")
    calendar = two.calendar
    real.remove(calendar)
    with pytest.raises(ConflictError):
        two.sync()
    two.tool.facts.change(4)
    report = two.tool.sync(calendar, allow_mass_delete=True)
    assert {type(one) for one in report.user_edits} == {Deleted}
    assert two.there() == {f"{uid(4)}.ics"}
    two.settled()


def test_events_of_others_are_not_touched(two: Two) -> None:
    dentist = two.body(1).replace(uid(1).encode(), b"dentist")
    place = beside(two, "dentist.ics")
    two.calendar.put(place, dentist, etag=None, new=True)
    two.tool.facts.change(1)
    for number in (0, 2, 3):
        two.tool.facts.withdraw(number)
    two.sync()
    assert two.there() == {"dentist.ics", f"{uid(1)}.ics"}
    two.settled()


def test_a_uid_that_is_taken_elsewhere_in_the_calendar_is_found(two: Two, real: Real) -> None:
    if real.name == "sabre500":
        pytest.skip("its trash bin refuses the phone's copy too")
    body = two.body(1)
    two.phone_deletes(1)
    place = beside(two, "0A1B2C.ics")
    two.calendar.put(place, body, etag=None, new=True)
    two.tool.lose_state()
    report = two.sync()
    assert (report.user_edits, report.failed) == ((), {})
    assert two.there() == {"0A1B2C.ics", *(f"{uid(n)}.ics" for n in (0, 2, 3))}
    two.settled()


def test_two_calendars_are_two_places(two: Two, real: Real) -> None:
    other = Two(two.tool, real)
    other.sync()
    assert other.cost(5)
    two.settled()
    other.settled()
    two.phone_deletes(1)
    two.sync()
    assert len(other.there()) == 4


def test_several_writes_at_once_end_as_one_after_the_other(two: Two) -> None:
    """A server that locks the calendar for each write (423) is given the time it wants."""
    for number in range(3):
        two.tool.facts.change(number)
    two.tool.facts.withdraw(3)
    report = two.sync(connections=4)
    assert (len(report.actions), report.failed, report.stopped) == (4, {}, None)
    two.settled()


def beside(two: Two, name: str) -> str:
    """Return the path of an object with that name in the calendar."""
    folder, slash, _ = two.calendar.href(uid(1)).rpartition("/")
    return f"{folder}{slash}{name}"
