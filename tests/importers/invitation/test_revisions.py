"""The revision that counts: updates, cancellations, dates of a recurring meeting."""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest

from afterword.errors import InputError
from afterword.importers.invitation.invitation_model import NeedsAnswerError
from afterword.importers.invitation.invitation_reader import read_invitation

from .invitation_files import calendar, event, read_single, start_of

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
    invitation = read_single(data=calendar(*(versions[at] for at in order)))
    assert start_of(invitation).hour == 11
    assert invitation.sequence == 2
    assert any("older versions" in warning for warning in invitation.warnings)


def test_a_cancellation_of_the_same_sequence_counts() -> None:
    live = version(1, "20261101T000000Z", 9)
    off = live.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    assert read_single(data=calendar(off, live)).cancelled


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
    assert read_single(data=calendar(calendar_line, event(line))).cancelled is cancelled


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        ("Canceled: Updated invitation: Interview", "Interview"),
        ("Aktualisiert: Gespräch", "Gespräch"),
        ("FW: Einladung: Gespräch", "Gespräch"),
        ("Interview: Updated plans", "Interview: Updated plans"),
    ],
)
def test_prefixes_of_titles_are_removed(summary: str, title: str) -> None:
    assert read_single(f"SUMMARY:{summary}").summary == title


def test_a_cancellation_needs_no_time() -> None:
    invitation = read_single("STATUS:CANCELLED", start="", end="")
    assert invitation.cancelled
    assert invitation.start is None


def test_several_uids_are_several_interviews_by_start() -> None:
    data = calendar(event(uid="b", start="DTSTART:20261124T133000Z"), event(uid="a"))
    assert [invitation.uid for invitation in read_invitation(data, source="x.ics").invitations] == [
        "a",
        "b",
    ]


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"])
def test_an_answer_is_no_invitation(method: str) -> None:
    with pytest.raises(InputError, match="import"):
        read_invitation(calendar(f"METHOD:{method}", event()), source="x.ics")


def test_our_own_export_is_no_invitation() -> None:
    with pytest.raises(InputError, match="written by afterword"):
        read_invitation(calendar("PRODID:-//afterword//afterword//EN", event()), source="x.ics")


def test_a_recurring_meeting_is_read_once_with_a_warning() -> None:
    invitation = read_single(data=calendar(WEEKLY))
    assert start_of(invitation).day == 2
    assert any("RRULE" in warning for warning in invitation.warnings)


def test_the_only_overridden_date_counts() -> None:
    invitation = read_single(data=calendar(dated("20261109", 10), WEEKLY))
    assert start_of(invitation).day == 10


def test_several_dates_are_asked_and_answered_by_a_start() -> None:
    data = calendar(WEEKLY, dated("20261109", 10), dated("20261116", 17))
    with pytest.raises(NeedsAnswerError, match="2 dates"):
        read_invitation(data, source="x.ics")
    invitation = read_single(data=data, at=dt.datetime(2026, 11, 17, 10, tzinfo=BERLIN))
    assert start_of(invitation).day == 17


def test_of_a_date_the_newest_revision_counts() -> None:
    data = calendar(dated("20261109", 12, "SEQUENCE:2"), dated("20261109", 10, "SEQUENCE:1"))
    assert start_of(read_single(data=data)).day == 12


def test_a_cancelled_first_date_is_asked() -> None:
    with pytest.raises(NeedsAnswerError, match="first date"):
        read_invitation(calendar(WEEKLY, dated("20261102", 2, "STATUS:CANCELLED")), source="x.ics")


def test_another_cancelled_date_changes_nothing() -> None:
    data = calendar(WEEKLY, dated("20261109", 9, "STATUS:CANCELLED"))
    assert start_of(read_single(data=data)).day == 2


def test_the_cancelled_date_alone_is_a_cancellation() -> None:
    assert read_single(data=calendar(dated("20261109", 9, "STATUS:CANCELLED"))).cancelled


def test_a_cancelled_series_cancels_its_dates() -> None:
    off = WEEKLY.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    assert read_single(data=calendar(off, dated("20261109", 10))).cancelled


def test_copies_without_uid_are_the_same_event() -> None:
    copy = event(uid="").replace("UID:\r\n", "")
    (invitation,) = read_invitation(calendar(copy, copy), source="x.ics").invitations
    assert invitation.uid is None
