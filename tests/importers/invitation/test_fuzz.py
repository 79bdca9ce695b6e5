"""Any bytes are read, or refused with an InputError."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from afterword.errors import InputError
from afterword.importers.invitation.invitation_model import as_json
from afterword.importers.invitation.invitation_reader import read_invitation

FOLDER = Path(__file__).parents[2] / "fixtures" / "invitations"
SEEDS = [path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in {".ics", ".eml"}]
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


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=100))
def test_any_words(title: str, text: str, name: str) -> None:
    lines = [
        f"SUMMARY:{title}",
        f"DESCRIPTION:<br>{text}",
        f'ORGANIZER;CN="{name}":mailto:a@b.example',
    ]
    event = ["BEGIN:VEVENT", "DTSTART:20261124T140000Z", *lines, "END:VEVENT"]
    reads_or_refuses("\n".join(event).encode("utf-8", "surrogatepass"))
