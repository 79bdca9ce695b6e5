"""Which event of several counts: updates, cancellations, dates of a repeating meeting."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest

from afterword.errors import InputError
from afterword.importers.invitation.invitation_model import NeedsAnswerError
from afterword.importers.invitation.invitation_reader import read_invitation

from .written import begins, calendar, event, only

BERLIN = ZoneInfo("Europe/Berlin")


def version(sequence: int, stamp: str, hour: int) -> str:
    return event(
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{stamp}",
        start=f"DTSTART;TZID=Europe/Berlin:20261124T{hour:02}0000",
        end="",
    )


def dated(date: str, day: int, *lines: str) -> str:
    return event(
        f"RECURRENCE-ID;TZID=Europe/Berlin:{date}T090000",
        *lines,
        start=f"DTSTART;TZID=Europe/Berlin:202611{day:02}T100000",
        end="",
    )


WEEKLY = event(
    "RRULE:FREQ=WEEKLY", start="DTSTART;TZID=Europe/Berlin:20261102T090000", end="DURATION:PT30M"
)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_highest_sequence_counts_then_the_newest_stamp(order: tuple[int, ...]) -> None:
    versions = [
        version(1, "20261101T000000Z", 9),
        version(2, "20261101T000000Z", 10),
        version(2, "20261102T000000Z", 11),
    ]
    found = only(data=calendar(*(versions[at] for at in order)))
    assert begins(found).hour == 11
    assert found.sequence == 2
    assert any("older versions" in warning for warning in found.warnings)


def test_a_cancellation_of_the_same_sequence_counts() -> None:
    live = version(1, "20261101T000000Z", 9)
    off = live.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    assert only(data=calendar(off, live)).cancelled


@pytest.mark.parametrize(
    ("calendar_line", "line", "cancelled"),
    [
        ("METHOD:CANCEL", "", True),
        ("METHOD:REQUEST", "STATUS:CANCELLED", True),
        ("METHOD:REQUEST", "STATUS:cancelled", True),
        ("METHOD:REQUEST", "SUMMARY:Canceled: Interview", True),
        ("", "SUMMARY;LANGUAGE=de:Abgesagt: Interview", True),
        ("", "SUMMARY:Annulé : Entretien", True),
        ("METHOD:REQUEST", "SUMMARY:Cancelled flights desk\\, interview", False),
        ("METHOD:PUBLISH", "STATUS:CONFIRMED", False),
    ],
)
def test_an_interview_is_off_by_method_status_or_title(
    calendar_line: str, line: str, cancelled: bool
) -> None:
    assert only(data=calendar(calendar_line, event(line))).cancelled is cancelled


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        ("Canceled: Updated invitation: Interview", "Interview"),
        ("Aktualisiert: Gespräch", "Gespräch"),
        ("FW: Einladung: Gespräch", "Gespräch"),
        ("Interview: Updated plans", "Interview: Updated plans"),
    ],
)
def test_what_calendars_set_before_a_title_goes(summary: str, title: str) -> None:
    assert only(f"SUMMARY:{summary}").summary == title


def test_a_cancellation_needs_no_time() -> None:
    found = only("STATUS:CANCELLED", start="", end="")
    assert found.cancelled
    assert found.start is None


def test_several_uids_are_several_interviews_by_start() -> None:
    data = calendar(event(uid="b", start="DTSTART:20261124T133000Z"), event(uid="a"))
    assert [found.uid for found in read_invitation(data, source="x.ics").invitations] == ["a", "b"]


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"])
def test_an_answer_is_no_invitation(method: str) -> None:
    with pytest.raises(InputError, match="import"):
        read_invitation(calendar(f"METHOD:{method}", event()), source="x.ics")


def test_our_own_export_is_no_invitation() -> None:
    with pytest.raises(InputError, match="written by afterword"):
        read_invitation(calendar("PRODID:-//afterword//afterword//EN", event()), source="x.ics")


def test_a_repeating_meeting_is_read_once_and_said() -> None:
    found = only(data=calendar(WEEKLY))
    assert begins(found).day == 2
    assert any("RRULE" in warning for warning in found.warnings)


def test_the_date_that_stands_by_itself_is_meant() -> None:
    found = only(data=calendar(dated("20261109", 10), WEEKLY))
    assert begins(found).day == 10


def test_several_dates_are_asked_and_answered_by_one_of_them() -> None:
    data = calendar(WEEKLY, dated("20261109", 10), dated("20261116", 17))
    with pytest.raises(NeedsAnswerError, match="2 dates"):
        read_invitation(data, source="x.ics")
    found = only(data=data, at=dt.datetime(2026, 11, 17, 10, tzinfo=BERLIN))
    assert begins(found).day == 17


def test_of_one_date_the_newest_version_counts() -> None:
    data = calendar(dated("20261109", 12, "SEQUENCE:2"), dated("20261109", 10, "SEQUENCE:1"))
    assert begins(only(data=data)).day == 12


def test_a_cancelled_first_date_is_asked() -> None:
    with pytest.raises(NeedsAnswerError, match="first date"):
        read_invitation(calendar(WEEKLY, dated("20261102", 2, "STATUS:CANCELLED")), source="x.ics")


def test_another_cancelled_date_changes_nothing() -> None:
    data = calendar(WEEKLY, dated("20261109", 9, "STATUS:CANCELLED"))
    assert begins(only(data=data)).day == 2


def test_the_cancelled_date_alone_is_a_cancellation() -> None:
    assert only(data=calendar(dated("20261109", 9, "STATUS:CANCELLED"))).cancelled


def test_a_cancelled_series_cancels_its_dates() -> None:
    off = WEEKLY.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    assert only(data=calendar(off, dated("20261109", 10))).cancelled


def test_copies_without_uid_are_one() -> None:
    copy = event(uid="").replace("UID:\r\n", "")
    (found,) = read_invitation(calendar(copy, copy), source="x.ics").invitations
    assert found.uid is None
