"""Broken lines, empty events and wrapped mails, as calendar and mail programs write them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser import Contentline

from afterword.errors import InputError
from afterword.importers.invitation.ical_parser import logical_lines, parse_calendar
from afterword.importers.invitation.invitation_model import ReaderLimits
from afterword.importers.invitation.invitation_reader import read_invitation

from .invitation_files import END, START, calendar, event, read_single

PLAIN = calendar(event("SUMMARY:Interview"))
ME = "ATTENDEE;RSVP=TRUE:mailto:sam@mail.example"


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        pytest.param(
            "ORGANIZER;CN=Vera Stahl;SENT-BY=mailto:noreply@x.example:mailto:vera@x.example",
            "Vera Stahl",
            "vera@x.example",
            id="sent-by",
        ),
        pytest.param(
            "ORGANIZER;SENT-BY=mailto:noreply@x.example;CN=Vera Stahl:MAILTO:vera@x.example",
            "Vera Stahl",
            "vera@x.example",
            id="sent-by-first",
        ),
        pytest.param(
            "ORGANIZER;SENT-BY=mailto:a@x.example;DIR=ldap://x.example:389/o=x;CN=Vera Stahl:"
            "mailto:vera@x.example",
            "Vera Stahl",
            "vera@x.example",
            id="directory",
        ),
        pytest.param(
            "ORGANIZER;CN=HR: Vera Stahl:mailto:vera@x.example",
            "HR: Vera Stahl",
            "vera@x.example",
            id="colon",
        ),
        pytest.param(
            "ORGANIZER;CN=HR: Vera Stahl:vera@x.example",
            "HR: Vera Stahl",
            "vera@x.example",
            id="colon-and-a-bare-address",
        ),
        pytest.param(
            'ORGANIZER;CN="Vera Stahl:mailto:vera@x.example',
            "Vera Stahl",
            "vera@x.example",
            id="open-quote",
        ),
        pytest.param(
            'ORGANIZER;CN="Vera Stahl:mailto:vera@x.example"',
            "Vera Stahl",
            "vera@x.example",
            id="quote-around-all",
        ),
        pytest.param(
            'ORGANIZER;CN="Vera Stahl;ROLE=CHAIR:mailto:vera@x.example',
            "Vera Stahl",
            "vera@x.example",
            id="open-quote-before-a-parameter",
        ),
        pytest.param(
            'ORGANIZER;CN=Vera "V" Stahl:mailto:vera@x.example',
            "Vera 'V' Stahl",
            "vera@x.example",
            id="quotes-within",
        ),
        pytest.param(
            "ORGANIZER;EMAIL=vera@x.example;CN=Vera Stahl:mailto:2_AB@imip.me.com",
            "Vera Stahl",
            "vera@x.example",
            id="relay",
        ),
        pytest.param(
            "ORGANIZER;CN=Vera Stahl;EMAIL=vera@x.example:invalid:nomail",
            "Vera Stahl",
            "vera@x.example",
            id="invalid",
        ),
        pytest.param(
            "ORGANIZER;CN=Vera Stahl;EMAIL=vera@x.example:urn:uuid:1234",
            "Vera Stahl",
            "vera@x.example",
            id="urn",
        ),
        pytest.param(
            'ORGANIZER;CN=Vera Stahl;EMAIL="vera@x.example":mailto:',
            "Vera Stahl",
            "vera@x.example",
            id="empty",
        ),
        pytest.param(
            "ORGANIZER;CN=Vera Stahl;EMAIL=vera@x.example:/aMTIz/principal/",
            "Vera Stahl",
            "vera@x.example",
            id="principal",
        ),
        pytest.param(
            "ORGANIZER;CN=Vera Stahl;EMAIL=vera@x.example:mailto:noreply@x.example",
            "Vera Stahl",
            "vera@x.example",
            id="no-reply",
        ),
        pytest.param(
            "ORGANIZER;CN=Vera Stahl:mailto:<vera@x.example>",
            "Vera Stahl",
            "vera@x.example",
            id="angle-brackets",
        ),
        pytest.param(
            "ORGANIZER;CN=Vera Stahl:mailto:2_AB@imip.me.com", "Vera Stahl", None, id="relay-alone"
        ),
        pytest.param("ORGANIZER;CN=Vera Stahl:mailto:iCloud", "Vera Stahl", None, id="no-address"),
    ],
)
def test_the_organizer_is_read_from_every_form(line: str, name: str, email: str | None) -> None:
    (person,) = read_single(line, ME, me=["sam@mail.example"]).interviewers
    assert (person.name, person.email) == (name, email)


@pytest.mark.parametrize(
    "line",
    [
        'ORGANIZER;EMAIL="iCloud":mailto:iCloud',
        "ORGANIZER;CN=iCloud;EMAIL=iCloud:mailto:iCloud",
        "ORGANIZER;CN=Unknown Organizer:mailto:unknownorganizer@calendar.google.com",
        "ORGANIZER:invalid:nomail",
        "ORGANIZER:mailto:",
        "ORGANIZER;EMAIL=:urn:uuid:12",
        'ORGANIZER;CN="urn:uuid:12":urn:uuid:12',
        "ORGANIZER:mailto:2_HEYTS@imip.me.com",
    ],
)
def test_an_organizer_without_name_and_address_is_nobody(line: str) -> None:
    invitation = read_single(line, ME, me=["sam@mail.example"])
    assert (invitation.interviewers, invitation.organizer) == ((), None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Jens Kraus/Technik/Corp", "Jens Kraus"),
        ("CN=Jens Kraus/OU=Technik/O=Corp", "Jens Kraus"),
        ("Kraus\\, Jens/Technik/Corp", "Jens Kraus"),
        ("Jens Kraus / Technik", "Jens Kraus"),
        ("NKOSI, Thandi (HR)", "Thandi Nkosi"),
        ("NKOSI, Thandi", "Thandi Nkosi"),
        ("Thandi NKOSI", "Thandi Nkosi"),
        ("THANDI NKOSI", "Thandi Nkosi"),
        ("O'NEIL, Bob [EXT]", "Bob O'Neil"),
        ("DUPONT Jean-Pierre", "Dupont Jean-Pierre"),
        ("Thandi Nkosi, HR", "Thandi Nkosi"),
        ("thandi.nkosi", "Thandi Nkosi"),
        ("JD Smith", "JD Smith"),
        ("Kim Lee she/her", "Kim Lee"),
    ],
)
def test_a_name_of_a_directory_is_made_readable(written: str, read: str) -> None:
    line = f'ORGANIZER;CN="{written}":mailto:x@karoo.example'
    (person,) = read_single(line, ME, me=["sam@mail.example"]).interviewers
    assert person.name == read


@pytest.mark.parametrize(
    "line",
    [
        "ATTENDEE;CN=Fireflies.ai Notetaker Sam:mailto:fred@fireflies.ai",
        "ATTENDEE;CN=Fred from Fireflies:mailto:fred@fireflies.ai",
        "ATTENDEE;CN=Read AI:mailto:assistant@e.read.ai",
        "ATTENDEE;CN=read.ai meeting notes:mailto:pilot@read.ai",
        "ATTENDEE;CN=Otter.ai:mailto:otter@otter.ai",
        "ATTENDEE;CN=Sam's OtterPilot:mailto:sam.otter@otter.ai",
        "ATTENDEE;CN=BrightHire:mailto:interview@app.brighthire.ai",
        "ATTENDEE;CN=Fathom Notetaker:mailto:notetaker@fathom.video",
        "ATTENDEE;CN=Metaview:mailto:notes@metaview.ai",
        "ATTENDEE;CN=tl;dv:mailto:bot@tldv.io",
        "ATTENDEE;CN=Gong:mailto:assistant@gong.io",
        "ATTENDEE;CN=Recorder:mailto:karoo-notetaker@karoo.example",
        "ATTENDEE;CN=AI Notetaker:mailto:x@karoo.example",
        "ATTENDEE;CN=Zoom Room Table Bay:mailto:tablebay@karoo.example",
        "ATTENDEE;CN=Zoom:mailto:81234567890@zoomcrc.com",
        "ATTENDEE;CN=Microsoft Teams Room:mailto:mtr-1@karoo.example",
        "ATTENDEE;CN=Teams:mailto:123456@t.plcm.vc",
        "ATTENDEE;CN=Table Bay;CUTYPE=RESOURCE:mailto:tablebay@karoo.example",
        "ATTENDEE;CN=Table Bay;CUTYPE=ROOM:mailto:tablebay@karoo.example",
        "ATTENDEE;CN=Everyone;CUTYPE=GROUP:mailto:everyone-ct@karoo.example",
        "ATTENDEE;CN=Interviews:mailto:c_12ab@group.calendar.google.com",
        "ATTENDEE;CN=Interviews:mailto:interviews-calendar@karoo.example",
        "ATTENDEE;CN=Design:mailto:design-team@karoo.example",
        "ATTENDEE;CN=Panel:mailto:panel@googlegroups.com",
    ],
)
def test_note_takers_rooms_and_groups_are_not_thanked(line: str) -> None:
    thandi = "ORGANIZER;CN=Thandi Nkosi:mailto:thandi@karoo.example"
    (person,) = read_single(thandi, line, ME, me=["sam@mail.example"]).interviewers
    assert person.name == "Thandi Nkosi"


def test_people_who_work_at_a_note_taker_are_thanked() -> None:
    invitation = read_single(
        "ORGANIZER;CN=Ana Park:mailto:ana@gong.io",
        "ATTENDEE;CN=Ben Ode:mailto:ben@gong.io",
        "ATTENDEE;CN=Gong Notetaker:mailto:notetaker@gong.io",
        ME,
        me=["sam@mail.example"],
    )
    assert [person.name for person in invitation.interviewers] == ["Ben Ode"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PLAIN.replace(b"DTSTART;", b"DTSTA\r\n RT;"), id="name-of-a-property"),
        pytest.param(PLAIN.replace(b"DTSTART;", b"DTSTART\r\n ;"), id="before-a-parameter"),
        pytest.param(PLAIN.replace(b"SUMMARY:", b"SUMMARY\r\n :"), id="before-the-colon"),
        pytest.param(PLAIN.replace(b"SUMMARY:", b"SUMMARY\r\n\t:"), id="tab"),
        pytest.param(PLAIN.replace(b"BEGIN:VCALENDAR", b"BEGIN:VCAL\r\n ENDAR"), id="first-line"),
        pytest.param(PLAIN.replace(b"BEGIN:VCALENDAR", b"BEGIN\r\n :VCALENDAR"), id="begin"),
        pytest.param(PLAIN.replace(b"BEGIN:VEVENT", b"BEGIN:V\r\n EVENT"), id="event"),
        pytest.param(
            PLAIN.replace(b"DTEND;", b'DTEND;X="').replace(b"150000", b"150000"), id="open-quote"
        ),
        pytest.param(PLAIN.replace(b"SUMMARY:", b'SUMMARY;LANGUAGE="en:'), id="quoted-language"),
        pytest.param(
            PLAIN.replace(b"TZID=Europe/Berlin:20261124T14", b'TZID="Europe/Berlin:20261124T14'),
            id="quoted-zone",
        ),
    ],
)
def test_folds_and_quotes_anywhere_lose_nothing(data: bytes) -> None:
    invitation = read_single(data=data)
    assert invitation.summary == "Interview"
    assert invitation.start is not None
    assert invitation.start.isoformat() == "2026-11-24T14:00:00+01:00"


@pytest.mark.parametrize(
    "empty",
    [
        pytest.param("BEGIN:VEVENT\r\nEND:VEVENT", id="nothing"),
        pytest.param("BEGIN:VEVENT\r\nUID:two\r\nEND:VEVENT", id="uid"),
        pytest.param("BEGIN:VEVENT\r\nUID:one\r\nEND:VEVENT", id="uid-of-the-other"),
        pytest.param(
            "BEGIN:VEVENT\r\nUID:two\r\nDTSTAMP:20270101T000000Z\r\nSEQUENCE:0\r\nEND:VEVENT",
            id="stamp",
        ),
        pytest.param(
            "BEGIN:VEVENT\r\nSUMMARY:\r\nDTSTART:\r\nSTATUS:CONFIRMED\r\nEND:VEVENT",
            id="empty-values",
        ),
        pytest.param(
            "BEGIN:VEVENT\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT", id="alarm"
        ),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["first", "second"])
def test_an_empty_event_is_left_out(empty: str, *, first: bool) -> None:
    full = event("SUMMARY:Interview")
    data = calendar(*((empty, full) if first else (full, empty)))
    reading = read_invitation(data, source="x.ics")
    assert [invitation.summary for invitation in reading.invitations] == ["Interview"]
    assert reading.notices == ("an event without any content was left out",)


HEAD = (
    "From: Thandi <thandi@karoo.example>\r\nTo: Sam <sam@mail.example>\r\n"
    "Date: Mon, 1 Feb 2027 08:00:00 +0000\r\nSubject: Interview\r\nMIME-Version: 1.0\r\n"
)


def mail(data: bytes = PLAIN, kind: str = "text/calendar; method=REQUEST", name: str = "") -> bytes:
    disposition = f'Content-Disposition: attachment; filename="{name}"\r\n' if name else ""
    encoded = base64.encodebytes(data).decode()
    part = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{disposition}\r\n{encoded}"
    )
    plain = "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n"
    multipart = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return f"{HEAD}{multipart}{plain}--b\r\n{part}\r\n--b--\r\n".encode()


OTHER = calendar(event("SUMMARY:Other", uid="two"))
NO_INVITATION = f"{HEAD}\r\nHello\r\n".encode()
ENVELOPE = b"From thandi@karoo.example Mon Feb  1 08:00:00 2027\r\n"
FORWARDED = f"{HEAD}Content-Type: text/calendar\r\n\r\n".encode() + PLAIN


def emlx(message: bytes) -> bytes:
    return b"%d      \n%s<?xml version='1.0'?><plist/>\n" % (len(message), message)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(emlx(mail()), id="emlx"),
        pytest.param(emlx(FORWARDED), id="emlx-plain"),
        pytest.param(ENVELOPE + mail(), id="mbox"),
        pytest.param(ENVELOPE + NO_INVITATION + b"\r\n" + ENVELOPE + mail(), id="mbox-second"),
        pytest.param(ENVELOPE + mail() + b"\r\n" + ENVELOPE + NO_INVITATION, id="mbox-first"),
        pytest.param(mail(FORWARDED, "application/octet-stream"), id="forwarded-octet-stream"),
        pytest.param(
            mail(FORWARDED, "application/octet-stream", "Interview.eml"), id="forwarded-with-name"
        ),
        pytest.param(mail(mail(), "application/octet-stream", "a.eml"), id="forwarded-multipart"),
        pytest.param(mail(FORWARDED, "message/rfc822"), id="forwarded-base64"),
        pytest.param(mail(emlx(FORWARDED), "application/octet-stream", "a.emlx"), id="emlx-within"),
        pytest.param(mail(PLAIN, "application/octet-stream"), id="calendar-octet-stream"),
        pytest.param(mail(PLAIN, "application/octet-stream", "invite.ics"), id="calendar-by-name"),
        pytest.param(mail(PLAIN, "application/x-unknown"), id="calendar-by-content"),
    ],
)
def test_mails_are_read_in_every_wrapping(data: bytes) -> None:
    (invitation,) = read_invitation(data, source="x").invitations
    assert invitation.summary == "Interview"


def test_all_mails_of_a_mailbox_are_read() -> None:
    data = ENVELOPE + mail() + b"\r\n" + ENVELOPE + mail(OTHER) + b"\r\n" + ENVELOPE + mail()
    reading = read_invitation(data, source="x.mbox")
    assert {invitation.summary for invitation in reading.invitations} == {"Interview", "Other"}


TNEF = b"\x78\x9f\x3e\x22" + b"\x00" * 40


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(mail(TNEF, "application/ms-tnef", "winmail.dat"), id="by-type"),
        pytest.param(mail(TNEF, "application/octet-stream", "winmail.dat"), id="by-name"),
        pytest.param(mail(TNEF, "application/octet-stream"), id="by-content"),
        pytest.param(TNEF, id="file"),
    ],
)
def test_a_winmail_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InputError, match=r"winmail\.dat.*ask for") as caught:
        read_invitation(data, source="x")
    assert ".ics" in str(caught.value)


def test_an_invitation_beside_a_winmail_is_read() -> None:
    data = mail(TNEF, "application/ms-tnef", "winmail.dat").replace(
        b"--b--", mail().split(b"--b\r\n", 2)[2].join((b"--b\r\n", b""))
    )
    assert len(read_invitation(data, source="x").invitations) == 1


LINES = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", START, END, "END:VEVENT", "END:VCALENDAR")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param("hello", "has no BEGIN:VCALENDAR", id="prose"),
        pytest.param(r"\n".join(LINES), "joined by \\n instead of line breaks", id="escaped"),
        pytest.param(" ".join(LINES), "on a single line", id="single-line"),
        pytest.param("\n".join(f"> {x}" for x in LINES), "line 1: BEGIN:VCALENDAR", id="quoted"),
        pytest.param(
            'x\n"' + "\n".join(LINES[:1]) + "\nx\ny", "line 2: BEGIN:VCALENDAR", id="quote"
        ),
    ],
)
def test_the_message_names_the_problem(data: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_invitation(data.encode(), source="x.ics")
    assert words in str(caught.value)


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("fields", [10, 500])
def test_lines_with_unknown_field_names_are_no_mail(line_break: str, fields: int) -> None:
    data = f"X-Field: value{line_break}" * fields + "and no more"
    with pytest.raises(InputError, match="is no calendar file"):
        read_invitation(data.encode(), source="x")


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    "first", ["", ">From a@b.example Mon{}", "\ufeff"], ids=["", "from", "bom"]
)
def test_a_mail_may_begin_with_other_fields(line_break: str, first: str) -> None:
    fields = f"X-Field: value{line_break}\tfolded{line_break}" * 10
    head = f"{first.format(line_break)}{fields}From : a@b.example{line_break}"
    data = f"{head}Content-Type: text/calendar{line_break}{line_break}".encode() + PLAIN
    assert len(read_invitation(data, source="x").invitations) == 1


@given(
    st.sampled_from(["x-note", "X-NOTE", "X-Note;LANGUAGE=de"]),
    st.text('\\nN,;:="^a1 é', min_size=1),
)
def test_a_line_has_the_value_that_icalendar_reads(name: str, value: str) -> None:
    line = f"{name}:{value}a"
    text = f"BEGIN:VEVENT\n{line}\nEND:VEVENT"
    lines = logical_lines(text, source="x.ics", max_lines=9)
    root, _ = parse_calendar(lines, source="x.ics", limits=ReaderLimits())
    (prop,) = root.components[0].properties("X-NOTE")
    assert prop.value == Contentline(line).parts()[2]
