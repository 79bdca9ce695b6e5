"""Invitations as interviews, applications and JSON."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from afterword.domain.model import InterviewStatus
from afterword.errors import InputError
from afterword.importers.invitation.invitation_model import as_application, as_interview, as_json

from .invitation_files import read_single

LENA = "ORGANIZER;CN=Lena Vogt:mailto:lena@alpenwerk.example"
MIA = "ATTENDEE;CN=Mia Wolf:mailto:mia@alpenwerk.example"
SAM = "ATTENDEE;CN=Sam;RSVP=TRUE:mailto:sam@gmail.com"


def test_the_interviews_id_comes_from_the_uid_alone() -> None:
    first, moved = read_single("SEQUENCE:0"), read_single("SEQUENCE:1", "SUMMARY:Moved", end="")
    assert first.id == moved.id == "i" + hashlib.sha256(b"one").hexdigest()[:12]


def test_without_a_uid_start_and_title_are_the_id() -> None:
    def without(title: str) -> str:
        data = f"BEGIN:VEVENT\nDTSTART:20261124T140000Z\nSUMMARY:{title}\nEND:VEVENT\n"
        return read_single(data=data.encode()).id

    assert without("A") == without("A") != without("B")
    assert without("A")[0] == "i"
    assert len(without("A")) == 13


def test_an_invitation_becomes_an_application_with_its_interview() -> None:
    invitation = read_single(
        LENA,
        MIA,
        SAM,
        "SEQUENCE:3",
        "SUMMARY:2nd interview",
        "LOCATION:Haus 1",
        "URL:https://zoom.us/j/1",
    )
    added = dt.datetime(2026, 11, 20, 18, 30, tzinfo=dt.UTC)
    made = as_application(invitation, company="Alpenwerk", role="Buyer", added=added)
    (interview,) = made.interviews
    assert (made.id, made.company, made.role) == ("alpenwerk-buyer", "Alpenwerk", "Buyer")
    assert made.contact is not None
    assert made.contact.name == "Lena Vogt"
    assert (interview.start, interview.end, interview.zone) == (
        invitation.start,
        invitation.end,
        invitation.zone,
    )
    assert (interview.round, interview.location, interview.link) == (
        "round 2",
        "Haus 1",
        "https://zoom.us/j/1",
    )
    assert (interview.invitation, interview.sequence, interview.added) == ("one", 3, added)
    assert [person.name for person in interview.interviewers] == ["Mia Wolf"]
    assert interview.status is InterviewStatus.HELD


def test_the_only_interviewer_is_no_second_contact() -> None:
    assert as_application(read_single(LENA, SAM), company="A", role="B").contact is None


def test_any_name_gets_an_id() -> None:
    invitation = read_single()
    assert as_application(invitation, company="A", role="B").id == "a-b"
    assert as_application(invitation, company="会社", role="役割").id == invitation.id


def test_a_cancelled_interview_is_cancelled() -> None:
    assert as_interview(read_single("STATUS:CANCELLED")).status is InterviewStatus.CANCELLED


def test_a_cancellation_without_a_time_is_no_interview() -> None:
    with pytest.raises(InputError, match="gives no time"):
        as_interview(read_single("STATUS:CANCELLED", start="", end=""))


def test_the_json_has_the_documented_keys() -> None:
    assert set(as_json(read_single())) >= {
        *("interview", "company", "role", "start", "end", "zone", "interviewers", "link"),
        *("guessed", "warnings"),
    }
