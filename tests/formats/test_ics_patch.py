"""Calendar objects that servers and phones rewrote are parsed, and patched only where asked."""

from __future__ import annotations

import contextlib
import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.build_events import CATEGORIES
from afterword.domain.calendar_model import Event, Field
from afterword.domain.merge import fields
from afterword.domain.sanitize import clean
from afterword.formats import ics_files, ics_patch
from afterword.formats.ics_patch import EventPatch
from tests.formats import events

ZONE = ZoneInfo("Africa/Johannesburg")
STAMP = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OURS = ics_files.new_calendar_object(events.ACT, fields.fingerprint(fields.fields_of(events.ACT)))
TEXT = st.text(st.characters(codec="utf-8"), max_size=60).map(clean)

IPHONE = """\
BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Apple Inc.//iPhone OS 26.1//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Africa/Johannesburg
BEGIN:STANDARD
DTSTART:19440319T010000
TZNAME:SAST
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CATEGORIES:afterword
CREATED:20261120T163000Z
DESCRIPTION:Dear Thandi\\,\\n\\nthank you\\; for all of it.
DTEND;TZID=Africa/Johannesburg:20261125T121500
DTSTAMP:20261122T070000Z
DTSTART;TZID=Africa/Johannesburg:20261125T120000
LAST-MODIFIED:20261122T065900Z
SEQUENCE:4
SUMMARY:Karoo: thank Thandi
UID:u1
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
BEGIN:VALARM
ACKNOWLEDGED:20261122T065800Z
ACTION:DISPLAY
DESCRIPTION:Karoo: thank Thandi
TRIGGER:PT0S
UID:0A0A-1
X-WR-ALARMUID:0A0A-1
END:VALARM
BEGIN:VALARM
ACTION:NONE
TRIGGER;VALUE=DATE-TIME:19760401T005545Z
X-APPLE-DEFAULT-ALARM:TRUE
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Karoo: thank Thandi
RELATED-TO;RELTYPE=SNOOZE:0A0A-1
TRIGGER;VALUE=DATE-TIME:20261122T071500Z
UID:0B0B-2
END:VALARM
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def change(body: bytes, event: Event | None, *names: Field, **result: str) -> bytes:
    parsed = ics_patch.parse_event(body, ZONE)
    goal = fields.fields_of(event) if event else dict(parsed.fields)
    goal |= {Field(name): value for name, value in result.items()}
    asked = EventPatch(fields=names, result=goal, event=event, marks="m", stamp=STAMP)
    return ics_patch.patch_event(body, asked, ZONE)[0]


def lines(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize(
    "event", [events.ACT, events.FRAME, events.BAR], ids=lambda event: event.summary
)
def test_what_we_write_reads_as_what_we_meant(event: Event) -> None:
    expected = fields.fields_of(event)
    parsed = ics_patch.parse_event(
        ics_files.new_calendar_object(event, fields.fingerprint(expected)), ZONE
    )
    assert (parsed.uid, parsed.plain, parsed.sequence) == (event.uid, True, event.sequence)
    assert parsed.fields == expected
    assert parsed.modified == event.stamp
    assert fields.unchanged_since_write(parsed.marks, parsed.fields) == expected


@given(summary=TEXT, description=TEXT)
def test_any_text_reads_as_it_was_written(summary: str, description: str) -> None:
    event = attrs.evolve(events.FRAME, summary=summary, description=description)
    written = ics_files.new_calendar_object(event, "m")
    assert ics_patch.parse_event(written, ZONE).fields == fields.fields_of(event)
    patched = change(OURS, event, Field.SUMMARY, Field.DESCRIPTION)
    read = ics_patch.parse_event(patched, ZONE).fields
    assert {f: read[f] for f in fields.TEXTS} == {
        f: fields.fields_of(event)[f] for f in fields.TEXTS
    }


def test_a_phones_form_of_it_is_no_change() -> None:
    parsed = ics_patch.parse_event(IPHONE, ZONE)
    start = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
    assert parsed.fields == {
        Field.SUMMARY: "Karoo: thank Thandi",
        Field.TIME: fields.format_span(start, start + HOUR / 4),
        Field.DESCRIPTION: "Dear Thandi,\n\nthank you; for all of it.",
        Field.ALARMS: "0",
    }
    assert parsed.modified == dt.datetime(2026, 11, 22, 6, 59, tzinfo=dt.UTC)
    assert (parsed.sequence, parsed.plain) == (4, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("TRIGGER:PT0S", "TRIGGER;VALUE=DURATION:-P0D"),
        ("TRIGGER:PT0S", "TRIGGER;RELATED=END:-PT15M"),
        ("TRIGGER:PT0S", "TRIGGER;VALUE=DATE-TIME:20261125T100000Z"),
        ("DTEND;TZID=Africa/Johannesburg:20261125T121500", "DURATION:PT15M"),
        ("DTSTART;TZID=Africa/Johannesburg:20261125T120000", "DTSTART:20261125T120000"),
        ("\\nthank you\\; for all of it.", "\\nthank you\\; for all of it.  \\n\\n"),
        ("SUMMARY:Karoo: thank Thandi", "SUMMARY;LANGUAGE=en:Karoo: \r\n thank Thandi "),
        ("TZNAME:SAST", "TZNAME:SAST\r\nX-VENDOR:1"),
        ("X-APPLE-TRAVEL", "X-MOZ-LASTACK:20261122T065800Z\r\nX-MOZ-GENERATION:3\r\nX-APPLE-T"),
    ],
    ids=str,
)
def test_other_ways_to_say_the_same(old: str, new: str) -> None:
    other = IPHONE.decode().replace(old, new, 1).encode()
    assert other != IPHONE
    assert ics_patch.parse_event(other, ZONE).fields == ics_patch.parse_event(IPHONE, ZONE).fields


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("TRIGGER:PT0S", "TRIGGER:-PT5M", Field.ALARMS),
        ("120000", "130000", Field.TIME),
        ("SUMMARY:Karoo", "SUMMARY:Sent", Field.SUMMARY),
        ("Dear Thandi", "Hi Thandi", Field.DESCRIPTION),
    ],
)
def test_what_is_a_change(old: str, new: str, field: Field) -> None:
    other = ics_patch.parse_event(IPHONE.decode().replace(old, new, 1).encode(), ZONE).fields
    ours = ics_patch.parse_event(IPHONE, ZONE).fields
    assert {name for name in Field if other[name] != ours[name]} >= {field}
    assert len({name for name in Field if other[name] != ours[name]}) <= 2


def test_only_the_lines_of_the_changed_field_change() -> None:
    event = attrs.evolve(events.ACT, uid="u1", summary="Karoo: thank Thandi by Wed 15:00")
    before, after = lines(IPHONE), lines(change(IPHONE, event, Field.SUMMARY))
    assert set(before) - set(after) == {
        "SUMMARY:Karoo: thank Thandi",
        "SEQUENCE:4",
        "DTSTAMP:20261122T070000Z",
        "LAST-MODIFIED:20261122T065900Z",
    }
    assert set(after) - set(before) == {
        "SUMMARY:Karoo: thank Thandi by Wed 15:00",
        "DESCRIPTION:Karoo: thank Thandi by Wed 15:00",
        "SEQUENCE:5",
        "DTSTAMP:20261124T090000Z",
        "LAST-MODIFIED:20261124T090000Z",
        "X-AFTERWORD-MARKS:m",
    }


def test_a_new_time_takes_the_place_of_every_form_of_the_old_one() -> None:
    long = IPHONE.decode().replace(
        "DTEND;TZID=Africa/Johannesburg:20261125T121500", "DURATION:PT1H"
    )
    event = attrs.evolve(events.ACT, start=STAMP, end=STAMP + HOUR)
    after = change(long.encode(), event, Field.TIME)
    assert ics_patch.parse_event(after, ZONE).fields[Field.TIME] == fields.format_span(
        STAMP, STAMP + HOUR
    )
    assert "DURATION:PT1H" not in lines(after)
    assert "DTSTART:20261124T090000Z" in lines(after)


def test_a_new_description_brings_its_link() -> None:
    after = lines(change(IPHONE, events.ACT, Field.DESCRIPTION))
    assert f"URL:{events.LINK}" in after
    assert not any(
        line.startswith("URL") for line in lines(change(OURS, events.FRAME, Field.DESCRIPTION))
    )


def test_silence_takes_our_alarm_and_its_snooze_and_leaves_the_rest() -> None:
    rung = IPHONE.decode().replace(
        "END:VEVENT", "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\nEND:VEVENT"
    )
    after = change(rung.encode(), None, Field.ALARMS, alarms="-3600")
    assert ics_patch.parse_event(after, ZONE).fields[Field.ALARMS] == "-3600"
    text = after.decode()
    assert text.count("BEGIN:VALARM") == 2
    assert "X-APPLE-DEFAULT-ALARM:TRUE" in text
    assert "SNOOZE" not in text


def test_an_alarm_that_comes_back_is_ours() -> None:
    silent = change(OURS, None, Field.ALARMS, alarms="")
    assert b"VALARM" not in silent
    after = lines(change(silent, events.ACT, Field.ALARMS))
    assert after[after.index("BEGIN:VALARM") : after.index("END:VALARM")] == [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Karoo: thank Thandi Nkosi",
        "TRIGGER:PT0S",
        f"UID:{events.uid(0x101)}",
    ]


def test_its_own_revision_counts_on() -> None:
    asked = EventPatch(
        fields=[Field.SUMMARY],
        result={Field.SUMMARY: "x"},
        event=None,
        marks="m",
        stamp=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        sequence=9,
    )
    _, sequence, stamp = ics_patch.patch_event(IPHONE, asked, ZONE)
    assert sequence == 9
    assert stamp == dt.datetime(2026, 11, 22, 6, 59, 1, tzinfo=dt.UTC)


def test_a_day_of_a_series_is_not_ours() -> None:
    line = "RECURRENCE-ID:20261125T100000Z"
    foreign = IPHONE.decode().replace("SEQUENCE:4", f"SEQUENCE:4\r\n{line}")
    assert not ics_patch.parse_event(foreign.encode(), ZONE).plain


def test_a_meeting_is_told_apart() -> None:
    meeting = IPHONE.decode().replace("SEQUENCE:4", "SEQUENCE:4\r\nORGANIZER:mailto:hr@k.example")
    parsed = ics_patch.parse_event(meeting.encode(), ZONE)
    assert (parsed.plain, parsed.invited) == (True, True)
    assert not ics_patch.parse_event(IPHONE, ZONE).invited


def test_two_events_in_one_object_are_not_ours() -> None:
    text = IPHONE.decode()
    event = text[text.index("BEGIN:VEVENT") : text.index("END:VCALENDAR")]
    double = text.replace("END:VCALENDAR", f"{event}END:VCALENDAR")
    assert not ics_patch.parse_event(double.encode(), ZONE).plain


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Please log in</body></html>",
        b"\x00\xff\xfe",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:1\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        IPHONE.replace(b"20261125T120000", b"99999999T999999"),
        IPHONE.replace(b"LAST-MODIFIED:20261122T065900Z", b"LAST-MODIFIED:yesterday"),
        IPHONE.replace(b"SEQUENCE:4", b"SEQUENCE:four"),
        IPHONE[: len(IPHONE) // 2],
    ],
    ids=range(10),
)
def test_what_cannot_be_read_is_one_kind_of_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ics_patch.parse_event(body, ZONE)


@given(st.binary(max_size=200), st.integers(0, len(IPHONE)))
def test_nothing_else_ever_comes_out(noise: bytes, position: int) -> None:
    body = IPHONE[:position] + noise + IPHONE[position + len(noise) :]
    with contextlib.suppress(ValueError):
        ics_patch.parse_event(body, ZONE)


@pytest.mark.parametrize("names", [(Field.SUMMARY,), tuple(Field)], ids=["a field", "all"])
def test_what_would_tell_of_the_job_search_goes_once_the_plan_leaves_it_out(
    names: tuple[Field, ...],
) -> None:
    open_event = attrs.evolve(events.ACT, categories=(*CATEGORIES, "Mine"))
    body = ics_files.new_calendar_object(
        open_event, fields.fingerprint(fields.fields_of(open_event))
    )
    patched = lines(change(body, attrs.evolve(open_event, summary="Karoo: later"), *names))
    assert {"CATEGORIES:Job search,Mine", f"URL:{events.LINK}"} <= set(patched)
    neutral = attrs.evolve(open_event, summary="Write a message", url=None, categories=())
    left = lines(change(body, neutral, *names))
    assert "CATEGORIES:Mine" in left
    assert not any(line.startswith("URL") or "Job search" in line for line in left)
    alone = attrs.evolve(open_event, categories=CATEGORIES)
    body = ics_files.new_calendar_object(alone, fields.fingerprint(fields.fields_of(alone)))
    assert not any(line.startswith("CATEGORIES") for line in lines(change(body, neutral, *names)))


def test_a_link_of_the_person_stays() -> None:
    plain = attrs.evolve(events.ACT, url=None)
    body = ics_files.new_calendar_object(plain, "m")
    body = body.replace(b"BEGIN:VALARM", b"URL:https://meet.example/x\r\nBEGIN:VALARM", 1)
    neutral = attrs.evolve(plain, summary="Write a message", categories=())
    assert "URL:https://meet.example/x" in lines(change(body, neutral, Field.SUMMARY))
