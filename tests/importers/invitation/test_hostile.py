"""Broken and hostile files are read or refused, quickly and in a sentence."""

from __future__ import annotations

import tracemalloc

import pytest

from afterword.errors import ExitCode, InputError
from afterword.importers.invitation.invitation_model import NeedsAnswerError, ReaderLimits
from afterword.importers.invitation.invitation_reader import read_invitation

from .invitation_files import END, START, calendar, event, read_single

HEAD = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{START}\n{END}\n".encode()
TAIL = b"END:VEVENT\nEND:VCALENDAR\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
NESTED = b"".join(MIXED.replace(b"=b", b"=b%d" % n) + b"--b%d\n" % n for n in range(1500))
PARAMETERS = b"Content-Type: text/calendar" + b"; a=b" * 100_000 + b"\n\n" + HEAD + TAIL


def zone(onset: str, *rules: str, offset: str = "+0500") -> str:
    lines = (
        *("BEGIN:VTIMEZONE", "TZID:Here", "BEGIN:STANDARD", f"DTSTART:{onset}"),
        *(f"TZOFFSETFROM:{offset}", f"TZOFFSETTO:{offset}", *rules),
        *("END:STANDARD", "END:VTIMEZONE"),
    )
    return "\r\n".join(lines)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"A" * 1_000_001, "1,000,001 bytes are more", id="larger-than-a-megabyte"),
        pytest.param(b"BEGIN:VEVENT\n" * 49_000, "nested more than 8 deep", id="nested-events"),
        pytest.param(
            b"BEGIN:VEVENT\nEND:VEVENT\n" * 24_000, "more than 50 events", id="many-events"
        ),
        pytest.param(b"BEGIN:VCALENDAR\n" * 20, "nested more than 8 deep", id="nested-calendars"),
        pytest.param(
            HEAD + b"DESCRIPTION:a\n" + b" b\n" * 300_000 + TAIL, "lines", id="many-folds"
        ),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \r\n\t\r\n", "is empty", id="blanks"),
        pytest.param(b"<html><body>Log in</body></html>", "is a web page", id="web-page"),
        pytest.param(b"\x1f\x8b\x08\x00" + b"\x17" * 99, "is packed with gzip", id="gzip"),
        pytest.param(b"PK\x03\x04abc", "is a zip archive", id="zip"),
        pytest.param(b"%PDF-1.7", "is a PDF", id="pdf"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Outlook message", id="msg"),
        pytest.param("hällo".encode("utf-16"), "is no calendar file", id="utf-16-prose"),
        pytest.param(bytes(range(256)) * 390, "is no calendar file", id="all-bytes"),
        pytest.param(b"END:VCALENDAR\n", "is no calendar file", id="only-the-end"),
        pytest.param(HEAD, "ends in the middle of an event", id="no-end"),
        pytest.param((HEAD + TAIL).replace(b"\n", b"\r"), "end in CR alone", id="bare-cr"),
        pytest.param(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "holds no event", id="no-event"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_invitation(data, source="x.ics")
    assert words in caught.value.message
    assert caught.value.message.startswith("x.ics: ")
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "ATTENDEE" + "".join(f";X{n}=v" for n in range(16_000)) + ":mailto:a@b.io",
            id="parameters",
        ),
        pytest.param("ATTENDEE;CN=" + "\\" * 300_000 + ":mailto:a@b.io", id="backslashes"),
        pytest.param("ORGANIZER;CN=" + "(" * 300_000 + ":mailto:a@b.io", id="brackets"),
        pytest.param("DESCRIPTION:<br>" + '<a "' * 200_000, id="open-quotes-in-html"),
        pytest.param("DESCRIPTION:<br>" + "<a/" * 300_000, id="open-tags-in-html"),
        pytest.param("DESCRIPTION:<br>" + "<!--" * 200_000, id="open-comments-in-html"),
        pytest.param("DESCRIPTION:" + "interview with A " * 50_000, id="names"),
        pytest.param("SUMMARY:" + "Senior A " * 100_000, id="titles"),
        pytest.param("LOCATION:" + "https://" * 100_000, id="links"),
        pytest.param("RRULE:FREQ=SECONDLY;COUNT=1000000", id="rule"),
        pytest.param("ATTACH;VALUE=URI:file:///etc/passwd", id="attached-file"),
        pytest.param("X-" + "A" * 500_000, id="no-colon"),
        pytest.param(
            "BEGIN:VALARM\nTRIGGER:P\nREPEAT:99999999\nDURATION:PT1S\nEND:VALARM", id="alarms"
        ),
    ],
)
def test_a_hostile_line_is_read_within_bounded_memory(line: str) -> None:
    tracemalloc.start()
    try:
        invitation = read_single(data=HEAD + line.encode() + b"\n" + TAIL)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert invitation.uid == "1"
    assert peak < 100_000_000


@pytest.mark.parametrize(
    "value",
    [
        *("00000101", "99999999", "20260229T000000", "20261124T236060Z", "00010101T000000Z"),
        *(
            "99991231T235959Z",
            "\u0662\u0660\u0662\u0666\u0661\u0661\u0662\u0664T140000",
            "",
            "soon",
        ),
    ],
)
def test_an_impossible_start_is_asked(value: str) -> None:
    with pytest.raises(NeedsAnswerError) as caught:
        read_single(start=f"DTSTART:{value}")
    assert [question.flag for question in caught.value.questions] == ["--at"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((zone("00010101T000000", "RRULE:FREQ=YEARLY"),), id="from-the-year-1"),
        pytest.param((zone("16010101T000000", "RRULE:FREQ=SECONDLY"),), id="every-second"),
        pytest.param((zone("16010101T000000", "RRULE:FREQ=YEARLY;BYHOUR=1,2,3"),), id="every-hour"),
        pytest.param((zone("16010101T000000", "RRULE:FREQ=YEARLY;BYDAY=SU"),), id="every-sunday"),
        pytest.param((zone("16010101T000000", offset="+9999"),), id="impossible-offset"),
        pytest.param(("BEGIN:VTIMEZONE\r\nTZID:Here\r\nEND:VTIMEZONE",), id="nothing-in-it"),
    ],
)
def test_a_zone_definition_that_never_ends_is_as_none(lines: tuple[str, ...]) -> None:
    with pytest.raises(NeedsAnswerError, match="'Here' is not known"):
        read_single(data=calendar(*lines, event(start="DTSTART;TZID=Here:20261124T140000", end="")))


def test_control_characters_do_not_lose_a_guest() -> None:
    invitation = read_single(
        "ATTENDEE;CN=Mia\x00 W\x1b[1molf:mailto:mia@studio-wolf.example", me=["sam@x.example"]
    )
    assert [person.name for person in invitation.interviewers] == ["Mia Wolf"]


def test_a_separator_of_lines_begins_no_property() -> None:
    invitation = read_single(
        "SUMMARY:Interview\u2028LOCATION:elsewhere\x85DTSTART:20300101T000000Z"
    )
    assert invitation.location is None
    assert invitation.summary == "Interview LOCATION:elsewhere DTSTART:20300101T000000Z"


def test_a_bare_cr_begins_no_property() -> None:
    assert read_single("SUMMARY:Interview\rLOCATION:elsewhere").location is None


def test_braces_are_not_interpreted() -> None:
    assert read_single("SUMMARY:{{ 7*7 }} $company").summary == "{{ 7*7 }} $company"


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(NESTED, id="nested-parts"),
        pytest.param(b"Content-Type: message/rfc822\n\n" * 9_000, id="nested-mails"),
        pytest.param(PARAMETERS, id="parameters"),
        pytest.param(MIXED + b"--b\n\nx\n" * 9_000, id="many-parts"),
        pytest.param(b"X: y\n" * 250_000, id="many-lines"),
        pytest.param(b"X: " + b"y" * 10_000_000, id="larger-than-a-mail"),
        pytest.param(b"Content-Type: text/calendar; charset=punycode\n\nabc", id="strange-charset"),
        pytest.param(b"Content-Type: application/ms-tnef\n\nabc", id="winmail"),
    ],
)  # fmt: skip
def test_a_hostile_mail_is_refused_in_a_sentence(mail: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_invitation(b"From: a@b.example\n" + mail, source="x.eml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (ReaderLimits(size=100), "at most 100"),
        (ReaderLimits(lines=3), "at most 3"),
        (ReaderLimits(events=1), "more than 1 events"),
        (ReaderLimits(depth=1), "more than 1 deep"),
    ],
    ids=["size", "lines", "events", "depth"],
)
def test_the_limits_can_be_set(limits: ReaderLimits, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_invitation(calendar(event(uid="a"), event(uid="b")), source="x.ics", limits=limits)
