"""Reading bytes: character sets, folds, raw line breaks, several calendars, and mails."""

from __future__ import annotations

import base64

import pytest

from afterword.errors import InputError
from afterword.importers.invitation.invitation_reader import read_invitation

from .invitation_files import END, START, calendar, event, read_single

TEXT = calendar(event("SUMMARY:Gespräch mit Zoë", "DESCRIPTION:größer")).decode()
PLAIN = calendar(event("SUMMARY:Interview"))


@pytest.mark.parametrize(
    ("data", "notices"),
    [
        (TEXT.encode(), 0),
        (TEXT.encode("utf-8-sig"), 0),
        (TEXT.encode("utf-16"), 0),
        (TEXT.encode("utf-16-le"), 0),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), 0),
        (TEXT.encode("cp1252"), 1),
        (TEXT.replace("\r\n", "\n").encode(), 0),
        (TEXT.replace("\r\n", "\r\r\n").encode(), 0),
        (TEXT.replace("Gespr", "Ge\r\n\tspr").encode(), 0),
        (TEXT.replace("Gespr", "Ge\r\n s\r\n\tpr").encode(), 0),
        (b"\r\n\r\n" + TEXT.encode() + b"trailing junk\r\n", 0),
        (TEXT.replace("SUMMARY:", "summary:").replace("BEGIN", "Begin").encode(), 0),
    ],
    ids=[
        "utf-8",
        "bom",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1252",
        "lf",
        "crcrlf",
        "tab",
        "folds",
        "junk",
        "lower",
    ],
)
def test_every_encoding_reads_the_same(data: bytes, notices: int) -> None:
    reading = read_invitation(data, source="x.ics")
    (invitation,) = reading.invitations
    assert (invitation.summary, invitation.description) == ("Gespräch mit Zoë", "größer")
    assert len(reading.notices) == notices


def test_a_text_with_raw_line_breaks_runs_on() -> None:
    invitation = read_single(
        "DESCRIPTION:Dear Sam,\r\n\r\nWhen: Tuesday\r\nZoom: https://zoom.us/j/1\r\nBye",
        "LOCATION:Haus 1",
    )
    assert invitation.description == "Dear Sam,\n\nWhen: Tuesday\nZoom: https://zoom.us/j/1\nBye"
    assert invitation.location == "Haus 1"


def test_an_event_without_a_calendar_is_read() -> None:
    assert read_single(data=event("SUMMARY:Interview").encode()).summary == "Interview"


def test_every_calendar_of_a_file_is_read() -> None:
    data = PLAIN + calendar("METHOD:CANCEL", event(uid="two"))
    assert [it.cancelled for it in read_invitation(data, source="x.ics").invitations] == [
        False,
        True,
    ]


def test_a_missing_last_line_gives_a_notice() -> None:
    reading = read_invitation(PLAIN.replace(b"END:VCALENDAR\r\n", b""), source="x.ics")
    assert len(reading.invitations) == 1
    assert any("ends early" in notice for notice in reading.notices)


@pytest.mark.parametrize("cut", range(0, len(PLAIN), 7))
def test_a_file_cut_anywhere_is_refused_or_read_whole(cut: int) -> None:
    try:
        reading = read_invitation(PLAIN[:cut], source="x.ics")
    except InputError:
        return
    assert reading.invitations == read_invitation(PLAIN, source="x.ics").invitations


def test_broken_properties_do_not_lose_the_event() -> None:
    invitation = read_single(
        "RRULE:FREQ=NEVER",
        "GEO:here",
        'ATTENDEE;CN="open:mailto:x@y.example',
        "X-BROKEN",
        "CATEGORIES",
        "STATUS",
        "SEQUENCE:-1",
        "BEGIN:VALARM",
        "TRIGGER:P",
        "END:VALARM",
        "SUMMARY:Interview",
    )
    assert invitation.summary == "Interview"
    assert invitation.sequence == 0


def mail(*parts: str) -> bytes:
    head = "From: Lena <lena@alpenwerk.example>\r\nTo: sam@seeker.example\r\nMIME-Version: 1.0\r\n"
    body = "".join(f"--b\r\n{part}\r\n" for part in parts)
    return f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{body}--b--\r\n".encode()


WITHIN = "Content-Type: multipart/alternative; boundary=c\r\n\r\n"


def part(kind: str, data: bytes = PLAIN, *, encoding: str = "base64") -> str:
    body = base64.encodebytes(data).decode() if encoding == "base64" else data.decode()
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"


@pytest.mark.parametrize(
    "parts",
    [
        [part("text/calendar; method=REQUEST", encoding="7bit")],
        [part("text/calendar; charset=UTF-8; method=REQUEST;;")],
        [part("application/ics; name=invite.ics")],
        [part("application/octet-stream; name=Invite.ICS")],
        [part("text/plain", encoding="8bit")],
        [part("text/plain", b"See you"), part("text/calendar"), part("application/ics")],
        [part("text/calendar", b"broken"), part("application/ics")],
        [f"{WITHIN}--c\r\n{part('text/calendar')}\r\n--c--"],
    ],
    ids=[
        *("inline", "semicolons", "attached", "by-name"),
        *("in-plain-text", "twice", "one-broken", "nested"),
    ],
)
def test_an_invitation_in_a_mail_is_read_once(parts: list[str]) -> None:
    (invitation,) = read_invitation(mail(*parts), source="x.eml").invitations
    assert invitation.summary == "Interview"


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "windows-1252", "utf-8", "nonsense"])
def test_the_declared_character_set_of_a_part_counts(charset: str) -> None:
    written = TEXT.encode("utf-8" if charset == "nonsense" else charset)
    (invitation,) = read_invitation(
        mail(part(f"text/calendar; charset={charset}", written)), source="x"
    ).invitations
    assert invitation.summary == "Gespräch mit Zoë"


def test_utf_8_that_is_declared_as_latin_1_is_still_utf_8() -> None:
    data = mail(part("text/calendar; charset=iso-8859-1", TEXT.encode()))
    assert read_invitation(data, source="x.eml").invitations[0].summary == "Gespräch mit Zoë"


def test_a_japanese_part_is_read_by_its_character_set() -> None:
    data = calendar(event("SUMMARY:面接")).decode().encode("iso-2022-jp")
    (invitation,) = read_invitation(
        mail(part("text/calendar; charset=iso-2022-jp", data)), source="x"
    ).invitations
    assert invitation.summary == "面接"


def test_the_address_that_the_mail_came_to_is_the_readers() -> None:
    data = calendar(
        event(
            "ORGANIZER;CN=Lena:mailto:lena@alpenwerk.example",
            "ATTENDEE;CN=Sam:mailto:sam@seeker.example",
            "ATTENDEE;CN=Omar:mailto:omar@quarrystone.example",
        )
    )
    (invitation,) = read_invitation(mail(part("text/calendar", data)), source="x.eml").invitations
    assert invitation.me == "sam@seeker.example"
    assert [person.name for person in invitation.interviewers] == ["Omar"]


def test_a_mail_without_an_invitation_is_refused_with_advice() -> None:
    with pytest.raises(InputError, match="afterword add"):
        read_invitation(mail(part("text/plain", b"See you on Tuesday")), source="x.eml")


def test_the_update_in_a_mail_counts() -> None:
    old, new = (
        calendar(event(f"SEQUENCE:{n}", start=START.replace("T14", f"T1{n}"), end=END))
        for n in (1, 2)
    )
    (invitation,) = read_invitation(
        mail(part("text/calendar", new), part("application/ics", old)), source="x.eml"
    ).invitations
    assert invitation.sequence == 2
