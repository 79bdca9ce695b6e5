"""Participants: the user, the interviewers, the organizer, rooms and machines."""

from __future__ import annotations

from typing import Any

import pytest

from .invitation_files import read_single

ORGANIZER = "ORGANIZER;CN=Lena Vogt:mailto:lena@alpenwerk.example"
MIA = "ATTENDEE;CN=Mia Wolf:mailto:mia@alpenwerk.example"
SAM = "ATTENDEE;CN=Sam;RSVP=TRUE:mailto:sam@gmail.com"


def names(*lines: str, **options: Any) -> list[str]:
    return [person.name for person in read_single(*lines, **options).interviewers]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Jorge Costa", "Jorge Costa"),
        ('"Costa, Jorge"', "Jorge Costa"),
        ('"Costa, Jorge (ACME)"', "Jorge Costa"),
        ('"Jane Okafor, PhD"', "Jane Okafor"),
        ('"van der Berg, Anna Maria"', "Anna Maria van der Berg"),
        ("Mia Wolf (she/her)", "Mia Wolf"),
        ("Mia Wolf she/her/hers", "Mia Wolf"),
        ('"Kim Lee, they/them"', "Kim Lee"),
        ("[External] Ravi Menon", "Ravi Menon"),
        ("Ravi Menon | Monsoon", "Ravi Menon"),
        ("Dana Whitfield via Greenhouse", "Dana Whitfield"),
        ("Jean-Luc Martin", "Jean-Luc Martin"),
        ("O^'Neil", 'O"Neil'),
        ("'Bob Miller'", "Bob Miller"),
        ("Prince", "Prince"),
        ("김민준", "김민준"),
    ],
)
def test_a_name_is_fit_for_a_greeting(written: str, name: str) -> None:
    assert names(f"ORGANIZER;CN={written}:mailto:x@alpenwerk.example") == [name]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("jorge.costa@tejo.example", "Jorge Costa"),
        ("j.costa@tejo.example", "J. Costa"),
        ("anna-lena_graf2@tejo.example", "Anna Lena Graf"),
        ("thandi+jobs@tejo.example", "Thandi"),
        ("12345@tejo.example", "12345@tejo.example"),
    ],
)
def test_a_name_from_an_address_is_a_guess(address: str, name: str) -> None:
    invitation = read_single(f"ORGANIZER;CN={address}:mailto:{address}")
    assert [person.name for person in invitation.interviewers] == [name]
    assert "interviewers" in invitation.guessed
    assert any(address in warning for warning in invitation.warnings)


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;CUTYPE=RESOURCE;CN=Beamer:mailto:beamer@alpenwerk.example",
        "ATTENDEE;CUTYPE=ROOM;CN=Alm:mailto:alm@alpenwerk.example",
        "ATTENDEE;CUTYPE=GROUP;CN=Panel:mailto:panel@alpenwerk.example",
        "ATTENDEE;ROLE=NON-PARTICIPANT;CN=Ida Maier:mailto:ida@alpenwerk.example",
        "ATTENDEE;CN=Meeting Room 4:mailto:four@alpenwerk.example",
        "ATTENDEE;CN=x:mailto:c_188abc@resource.calendar.google.com",
        "ATTENDEE;CN=HR Team:mailto:hr@alpenwerk.example",
        "ATTENDEE;CN=Recruiting:mailto:recruiting@alpenwerk.example",
        "ATTENDEE;CN=x:mailto:no-reply@alpenwerk.example",
        "ATTENDEE;CN=x:mailto:donotreply@alpenwerk.example",
        "ATTENDEE;CN=Calendly:mailto:invites@calendly.com",
        "ATTENDEE;CN=Greenhouse:mailto:abc@us.greenhouse-mail.io",
    ],
)
def test_rooms_lists_and_machines_are_not_thanked(line: str) -> None:
    assert names(ORGANIZER, MIA, SAM, line) == ["Mia Wolf"]


@pytest.mark.parametrize(
    ("me", "line"),
    [
        (["SAM@Gmail.com"], "ATTENDEE;CN=Sam:mailto:sam@gmail.com"),
        (["sam@gmail.com"], "ATTENDEE;CN=Sam:MAILTO:Sam+jobs@gmail.com"),
        (["s.a.m@googlemail.com"], "ATTENDEE;CN=Sam:mailto:sam@gmail.com"),
        (["sam@seeker.example"], "ATTENDEE;CN=Sam;EMAIL=sam@seeker.example:/principal/1"),
        ([], SAM),
        ([], "ATTENDEE;CN=Sam:mailto:sam@gmail.com"),
        ([], "ATTENDEE;CN=Sam:mailto:sam@seeker.example"),
    ],
    ids=["case", "tag", "dots", "principal", "asked", "private", "outside"],
)
def test_the_reader_is_never_thanked(me: list[str], line: str) -> None:
    invitation = read_single(ORGANIZER, MIA, line, me=me)
    assert [person.name for person in invitation.interviewers] == ["Mia Wolf"]
    assert invitation.me is not None
    assert ("me" in invitation.guessed) is (not me)


def test_a_given_address_leaves_no_guess_about_the_others() -> None:
    other = "ATTENDEE;CN=Omar Aziz;RSVP=TRUE:mailto:omar@quarrystone.example"
    assert names(ORGANIZER, other, SAM, me=["sam@gmail.com"]) == ["Omar Aziz"]


def test_an_interviewer_stays_where_the_reader_is_not_invited_by_name() -> None:
    other = "ATTENDEE;CN=Omar Aziz;RSVP=TRUE:mailto:omar@quarrystone.example"
    invitation = read_single(ORGANIZER, other, me=["sam@seeker.example"])
    assert [person.name for person in invitation.interviewers] == ["Omar Aziz"]
    assert invitation.me is None


def test_two_who_may_be_the_user_give_a_warning() -> None:
    invitation = read_single(
        MIA, "ATTENDEE;CN=Ada:mailto:ada@other.example", ORGANIZER.replace("CN=Lena Vogt", "CN=x")
    )
    assert invitation.me == "ada@other.example"
    invitation = read_single(
        MIA,
        ORGANIZER,
        "ATTENDEE;CN=Ada:mailto:a@one.example",
        "ATTENDEE;CN=Bo:mailto:b@two.example",
    )
    assert invitation.me is None
    assert any("--me" in warning for warning in invitation.warnings)


def test_who_invites_interviews_where_nobody_else_does() -> None:
    invitation = read_single(ORGANIZER, SAM)
    assert [person.name for person in invitation.interviewers] == ["Lena Vogt"]
    assert invitation.organizer == invitation.interviewers[0]


@pytest.mark.parametrize(
    ("text", "takes_part"),
    [
        ("You will talk with Lena Vogt and Mia Wolf.", True),
        ("Interviewers: Mia Wolf, Lena Vogt", True),
        ("Kind regards\\nLena Vogt\\nTalent Acquisition", False),
    ],
)
def test_who_invites_interviews_where_the_text_says_so(text: str, takes_part: bool) -> None:
    assert ("Lena Vogt" in names(ORGANIZER, MIA, SAM, f"DESCRIPTION:{text}")) is takes_part


def test_interviewers_that_only_the_text_names_are_a_guess() -> None:
    invitation = read_single(
        ORGANIZER, SAM, "DESCRIPTION:Interviewers: Lena Vogt\\, Tom Berg and Ida Maier"
    )
    assert [(p.name, p.email) for p in invitation.interviewers] == [
        ("Lena Vogt", "lena@alpenwerk.example"),
        ("Tom Berg", None),
        ("Ida Maier", None),
    ]
    assert "interviewers" in invitation.guessed


@pytest.mark.parametrize("answer", ["DECLINED", "DELEGATED"])
def test_who_declined_is_asked_about(answer: str) -> None:
    invitation = read_single(ORGANIZER, SAM, MIA.replace("CN=", f"PARTSTAT={answer};CN="))
    assert [person.name for person in invitation.declined] == ["Mia Wolf"]
    assert "Mia Wolf" not in [person.name for person in invitation.interviewers]
    assert "Mia Wolf declined; were they there anyway?" in invitation.warnings


@pytest.mark.parametrize(
    ("line", "organizer"),
    [
        (ORGANIZER, "Lena Vogt"),
        (
            "ORGANIZER;CN=Alpenwerk Recruiting:mailto:recruiting@alpenwerk.example",
            "Alpenwerk Recruiting",
        ),
        ("ORGANIZER:mailto:recruiting@alpenwerk.example", None),
        ("ORGANIZER;CN=Alpenwerk:mailto:no-reply@alpenwerk.example", None),
        ("ORGANIZER;CN=Calendly:mailto:notifications@calendly.com", None),
        ("ORGANIZER;CN=Lena Vogt:/principal/1", None),
        ("", None),
    ],
    ids=["person", "mailbox", "nameless-mailbox", "no-reply", "scheduler", "principal", "none"],
)
def test_who_invited_is_somebody_who_can_be_written_to(line: str, organizer: str | None) -> None:
    invitation = read_single(line, MIA, SAM)
    assert (invitation.organizer.name if invitation.organizer else None) == organizer


@pytest.mark.parametrize(
    "address",
    [
        "x y",
        "a@b@c",
        "a@b.c?cc=all@evil.example",
        "a@b%0d%0aBcc:x@evil.example",
        "@",
        "a" * 400 + "@b.example",
    ],
)
def test_an_address_that_does_not_hold_is_left_out(address: str) -> None:
    invitation = read_single(f"ORGANIZER;CN=Lena Vogt:mailto:{address}", MIA, SAM)
    for person in (
        *invitation.interviewers,
        *([invitation.organizer] if invitation.organizer else []),
    ):
        assert person.email in {None, "mia@alpenwerk.example", "a@b.c"}


def test_more_than_fifty_people_give_a_warning() -> None:
    many = [f"ATTENDEE;CN=Person {n}:mailto:p{n}@alpenwerk.example" for n in range(60)]
    invitation = read_single(ORGANIZER, *many, SAM)
    assert len(invitation.interviewers) == 50
    assert any("50 of 60" in warning for warning in invitation.warnings)


def test_who_declined_is_not_read_again_from_the_text() -> None:
    invitation = read_single(
        ORGANIZER,
        SAM,
        MIA.replace("CN=", "PARTSTAT=DECLINED;CN="),
        "DESCRIPTION:Panel: Mia Wolf, Tom Berg",
    )
    assert [person.name for person in invitation.interviewers] == ["Tom Berg"]


def test_guests_without_an_address_are_no_organizer() -> None:
    invitation = read_single(
        "ORGANIZER;CN=Lena Vogt:/principal/1", "ATTENDEE;CN=Mia Wolf:/principal/2", SAM
    )
    assert [(p.name, p.email) for p in invitation.interviewers] == [("Mia Wolf", None)]
