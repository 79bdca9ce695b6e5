"""Any bytes are read, or refused with an InputError."""

from __future__ import annotations

import base64
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from afterword.errors import InputError
from afterword.importers.invitation.invitation_model import as_json
from afterword.importers.invitation.invitation_reader import read_invitation

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = [p for name in ("invitations", "imports") for p in sorted((FIXTURES / name).iterdir())]
SEEDS = [path.read_bytes() for path in FILES if path.suffix != ".json"]
NAMES = st.sampled_from(
    [
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "SEQUENCE", "DTSTAMP", "UID"),
        *("ORGANIZER", "ATTENDEE", "SUMMARY", "DESCRIPTION", "LOCATION", "CONFERENCE", "URL"),
        *("X-ALT-DESC", "X-WR-TIMEZONE", "TZID", "STATUS", "METHOD", "X-GOOGLE-CONFERENCE"),
        *("BEGIN", "END", "TZOFFSETFROM", "TZOFFSETTO", "RDATE"),
    ]
)
PARAMETERS = st.sampled_from(
    [
        *("", ";TZID=Europe/Berlin", ";TZID=No/Where", ';TZID="(UTC+07:00) A, B"', ";VALUE=DATE"),
        *(';CN="a', ";CN=a: b", ";SENT-BY=mailto:a@b.io", ";EMAIL=a@b.example", ";EMAIL=iCloud"),
        *(';TZID="(GMT-05.00) Eastern / Here"', ";TZID=Central European", ";TZID=UTC+530"),
        *(";TZID=GMT -0500 (Standard) / GMT -0400 (Daylight)", ";TZID=(UTC) Coordinated"),
        *(";CN=a@b", ';CN="x, y"', ";RSVP=TRUE", ";CUTYPE=ROOM", ";EMAIL=a@b.example", ";", ";="),
    ]
)
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *("20261124T140000Z", "20261124T140000", "20261124", "00010101T000000", "PT1H", "-P1D"),
            *("99991231T235959Z", "mailto:a@b.example", "mailto:", "https://zoom.us/j/1", "VEVENT"),
            *("VCALENDAR", "VTIMEZONE", "STANDARD", "+0100", "+9999", "FREQ=SECONDLY", "CANCEL"),
            *(
                "TENTATIVE",
                "CANCELLED",
                "-500",
                "+53000",
                "a@b.io:mailto:c@d.io",
                "urn:uuid:1",
                "/p/",
            ),
            *("FREQ=YEARLY;BYHOUR=2;BYMINUTE=0;BYDAY=-1SU;BYMONTH=10", "FREQ=YEARLY;COUNT=99"),
            *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "Interview with A @ Aug 17", "HOLD: x"),
            *("NKOSI, Thandi (HR)", "CN=Jens/OU=x/O=y", "Fireflies.ai Notetaker"),
            *("Customized Time Zone", "<a href='x'>", "https://[", "Europe/Berlin", "\x1b]0;x\x07"),
        ]
    ),
)
LINES = st.builds(
    lambda name, parameters, value: f"{name}{parameters}:{value}", NAMES, PARAMETERS, VALUES
)
CUTS = st.tuples(st.integers(0, 1 << 16), st.integers(0, 40), st.binary(max_size=12))


def reads_or_refuses(data: bytes) -> None:
    try:
        reading = read_invitation(data, source="x", me=["sam@gmail.com"])
    except InputError:
        return
    for invitation in reading.invitations:
        assert as_json(invitation)["interview"].startswith("i")


@given(st.binary(max_size=2_000))
def test_any_bytes(data: bytes) -> None:
    reads_or_refuses(data)


@given(st.sampled_from(SEEDS), st.lists(CUTS, min_size=1, max_size=6))
def test_real_invitations_with_anything_changed(
    seed: bytes, cuts: list[tuple[int, int, bytes]]
) -> None:
    for at, length, new in cuts:
        position = at % (len(seed) + 1)
        seed = seed[:position] + new + seed[position + length :]
    reads_or_refuses(seed)


@given(st.lists(LINES, max_size=12), st.lists(LINES, max_size=12))
def test_any_properties_in_any_order(outer: list[str], inner: list[str]) -> None:
    lines = ["BEGIN:VCALENDAR", *outer, "BEGIN:VEVENT", *inner, "END:VEVENT", "END:VCALENDAR"]
    reads_or_refuses("\r\n".join(lines).encode("utf-8", "surrogatepass"))


@given(st.lists(LINES, max_size=8))
def test_any_definition_of_a_zone(lines: list[str]) -> None:
    zone = [
        "BEGIN:VTIMEZONE",
        "TZID:Here",
        "BEGIN:STANDARD",
        *lines,
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    event = ["BEGIN:VEVENT", "DTSTART;TZID=Here:20261124T140000", "END:VEVENT"]
    data = "\r\n".join(["BEGIN:VCALENDAR", *zone, *event, "END:VCALENDAR"])
    reads_or_refuses(data.encode("utf-8", "surrogatepass"))


@given(st.lists(st.tuples(NAMES, st.binary(max_size=80)), max_size=8), st.binary(max_size=300))
def test_any_mail(headers: list[tuple[str, bytes]], body: bytes) -> None:
    head = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    lines = b"".join(b"Content-Type: " + value + b"\r\n" for _, value in headers)
    reads_or_refuses(head + lines + b"\r\n" + body + b"\r\n--b--\r\n")


WRAPPINGS = st.lists(
    st.sampled_from(["emlx", "mbox", "octet-stream", "rfc822", "calendar", "tnef", "cut"]),
    max_size=4,
)


def wrap(data: bytes, how: str) -> bytes:
    """Return the data inside a mail, or a mail inside a mailbox."""
    head = b"From: a@b.example\r\nTo: sam@gmail.com\r\n"
    types = {
        "octet-stream": b"application/octet-stream",
        "rfc822": b"message/rfc822",
        "calendar": b"text/calendar; charset=utf-16",
        "tnef": b"application/ms-tnef",
    }
    if how == "emlx":
        return b"%d\n%s<plist/>" % (len(data), data)
    if how == "mbox":
        return b"From a@b.example Mon\r\n%s\r\nFrom a@b.example Mon\r\n%s" % (data, head)
    if how == "cut":
        return data[: len(data) // 2]
    transfer = b"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head + b"Content-Type: " + types[how] + transfer + base64.encodebytes(data)


@given(st.sampled_from(SEEDS) | st.binary(max_size=200), WRAPPINGS)
def test_any_wrapping_of_mails(data: bytes, wrappings: list[str]) -> None:
    for how in wrappings:
        data = wrap(data, how)
    reads_or_refuses(data)


@given(st.lists(st.text(alphabet="()+-:./, GMTUCeastrnAhB0159", max_size=40), max_size=3))
def test_any_name_of_a_zone(names: list[str]) -> None:
    for name in names:
        line = f'DTSTART;TZID="{name}":20260706T120000'
        reads_or_refuses(f"BEGIN:VEVENT\n{line}\nEND:VEVENT\n".encode())


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
def test_any_words(title: str, text: str, name: str) -> None:
    lines = [
        f"SUMMARY:{title}",
        f"DESCRIPTION:<br>{text}",
        f'ORGANIZER;CN="{name}":mailto:a@b.example',
    ]
    event = ["BEGIN:VEVENT", "DTSTART:20261124T140000Z", *lines, "END:VEVENT"]
    reads_or_refuses("\n".join(event).encode("utf-8", "surrogatepass"))
