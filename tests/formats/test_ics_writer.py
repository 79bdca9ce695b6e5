from __future__ import annotations

import datetime as dt
import itertools
import os
import re
import subprocess
import sys

import attrs
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.calendar_model import Alarm, Event
from afterword.domain.sanitize import clean
from afterword.errors import InputError
from afterword.formats.ics_files import calendar_file, fingerprint_of, single_event_file
from tests.formats.events import ACT, BAR, CANCELLED, FRAME, KINDS, NOON, PLAIN, STAMP, uid
from tests.formats.through_icalendar import through_icalendar

every_kind = pytest.mark.parametrize("event", KINDS.values(), ids=KINDS)

# ------------------------------------------------------------------ any events

TRICKY = st.sampled_from(
    [
        *"\\;,:\"'^nN \t\n",
        "\r\n",
        "\u2028",
        "e\u0301",
        "漢字",
        "👩\u200d👩\u200d👧\u200d👦",
        "END:VEVENT\n",
        "BEGIN:VALARM",
        "C:\\new\\nope",
        "Donaudampfschifffahrtsgesellschaftskapitän" * 3,
    ]
)
TEXTS = st.lists(TRICKY | st.text(max_size=30), max_size=12).map("".join).map(clean)
LINKS = st.none() | st.from_regex(
    r"(https?://|mailto:|tel:\+)[a-z0-9.@%?=&,;+/-]{1,200}", fullmatch=True
)
INSTANTS = st.integers(0, 2**32 - 1).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))
UIDS = st.integers(0, 2**32 - 1).map(uid)


@st.composite
def spans(draw: st.DrawFn) -> tuple[dt.datetime | dt.date, dt.datetime | dt.date]:
    start: dt.datetime = draw(INSTANTS)
    length = dt.timedelta(minutes=draw(st.integers(15, 60 * 24 * 10)))
    if draw(st.booleans()):
        return start, start + length
    return start.date(), (start + length).date() + dt.timedelta(days=1)


@st.composite
def events(draw: st.DrawFn) -> Event:
    start, end = draw(spans())
    alarms = st.builds(
        Alarm,
        uid=UIDS,
        before=st.integers(0, 60 * 23).map(lambda minutes: dt.timedelta(minutes=minutes)),
        text=TEXTS,
    )
    return Event(
        uid=draw(UIDS),
        start=start,
        end=end,
        summary=draw(TEXTS),
        description=draw(TEXTS),
        stamp=draw(INSTANTS),
        sequence=draw(st.integers(0, 9999)),
        url=draw(LINKS),
        categories=tuple(draw(st.lists(TEXTS, max_size=3))),
        alarm=draw(st.none() | alarms),
        cancelled=draw(st.booleans()),
    )


def without_typed_line_breaks(event: Event) -> Event:
    """Spare icalendar the two characters backslash and N, which it takes for a line break."""

    def spare(text: str) -> str:
        return text.replace(r"\N", r"\M")

    return attrs.evolve(
        event,
        summary=spare(event.summary),
        description=spare(event.description),
        categories=tuple(map(spare, event.categories)),
        alarm=event.alarm and attrs.evolve(event.alarm, text=spare(event.alarm.text)),
    )


@given(st.lists(events().map(without_typed_line_breaks), max_size=4), st.none() | TEXTS)
def test_the_bytes_are_those_of_icalendars_own_calendar(
    some: list[Event], name: str | None
) -> None:
    name = name and name.replace(r"\N", r"\M")

    assert b"".join(calendar_file(some, name=name)) == through_icalendar(some, name=name)


@every_kind
def test_every_kind_is_written_as_icalendar_would(event: Event) -> None:
    assert single_event_file(event) == through_icalendar([event])


# ----------------------------------------------------- read back by other parsers


def read(data: bytes) -> list[tuple[str, str]]:
    """Read content lines by the letter of RFC 5545: unfold, split, resolve the escapes."""
    lines = re.sub(rb"\r\n[ \t]", b"", data).decode().split("\r\n")
    assert lines.pop() == ""
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda escape: {"n": "\n", "N": "\n"}.get(escape[1], escape[1]), value)


def texts(event: Event) -> list[str]:
    parsed = dict(read(single_event_file(attrs.evolve(event, alarm=None))))
    return [unescaped(parsed["SUMMARY"]), unescaped(parsed.get("DESCRIPTION", ""))]


@given(events())
def test_an_independent_reading_gives_the_texts_back(event: Event) -> None:
    assert texts(event) == [event.summary, event.description]


@given(events())
def test_icalendar_reads_the_same_event_back(event: Event) -> None:
    back = icalendar.Calendar.from_ical(single_event_file(event)).events[0]

    assert not back.errors
    assert (back.start, back.end) == (event.start, event.end)
    assert (back.stamp, back.last_modified) == (event.stamp, event.stamp)
    assert (back.uid, back.sequence) == (event.uid, event.sequence)
    assert (back.summary, back.description or "") == (event.summary, event.description)
    assert (back.url or None, tuple(back.categories)) == (event.url, event.categories)


@given(events(), events())
def test_no_text_opens_or_closes_anything(single: Event, other: Event) -> None:
    names = [name for name, _ in read(b"".join(calendar_file([single, other])))]

    rings = sum(bool(event.alarm and not event.cancelled) for event in (single, other))
    assert names.count("BEGIN") == names.count("END") == 3 + rings
    assert names.count("SUMMARY") == names.count("TRANSP") == 2


@given(events())
def test_lines_end_in_crlf_and_hold_at_most_75_octets(event: Event) -> None:
    *lines, last = single_event_file(event).split(b"\r\n")

    assert last == b""
    assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in lines)


# ---------------------------------------------------------------- what is written


def properties(event: Event) -> list[tuple[str, str]]:
    return read(single_event_file(event))


def test_a_single_object_names_no_calendar_and_invites_nobody() -> None:
    names = {name.partition(";")[0] for event in KINDS.values() for name, _ in properties(event)}

    assert not names & {"METHOD", "NAME", "X-WR-CALNAME", "ORGANIZER", "ATTENDEE", "TZID"}


def test_a_calendar_with_a_name_says_it_in_both_forms_before_its_events() -> None:
    written = read(b"".join(calendar_file([ACT], name="Karoo; and, others")))

    assert written[4:7] == [
        ("NAME", r"Karoo\; and\, others"),
        ("X-WR-CALNAME", r"Karoo\; and\, others"),
        ("BEGIN", "VEVENT"),
    ]


def test_a_timed_event_is_in_utc_whatever_its_zone() -> None:
    east = dt.timezone(dt.timedelta(hours=5, minutes=45))
    moved = attrs.evolve(ACT, start=NOON.astimezone(east), stamp=STAMP.astimezone(east))

    assert single_event_file(moved) == single_event_file(ACT)
    assert ("DTSTART", "20261125T100000Z") in properties(ACT)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        single_event_file(attrs.evolve(ACT, stamp=STAMP.replace(tzinfo=None)))


def test_a_bar_is_written_in_dates_with_its_end_exclusive() -> None:
    written = properties(BAR)

    assert ("DTSTART;VALUE=DATE", "20261129") in written
    assert ("DTEND;VALUE=DATE", "20261202") in written


def test_the_alarm_is_the_last_thing_in_its_event() -> None:
    assert properties(ACT)[-8:] == [
        ("BEGIN", "VALARM"),
        ("ACTION", "DISPLAY"),
        ("DESCRIPTION", "Karoo: thank Thandi Nkosi"),
        ("TRIGGER", "PT0S"),
        ("UID", uid(0x101)),
        ("END", "VALARM"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


@pytest.mark.parametrize(
    ("before", "trigger"),
    [
        (dt.timedelta(0), "PT0S"),
        (dt.timedelta(minutes=5), "-PT5M"),
        (dt.timedelta(hours=2), "-PT2H"),
        (dt.timedelta(hours=1, minutes=30), "-PT1H30M"),
        (dt.timedelta(days=1, hours=2), "-PT26H"),
        (dt.timedelta(weeks=1), "-PT168H"),
    ],
    ids=str,
)
def test_a_trigger_counts_hours_and_minutes(before: dt.timedelta, trigger: str) -> None:
    alarm = Alarm(uid=uid(9), before=before, text="now")

    assert ("TRIGGER", trigger) in properties(attrs.evolve(FRAME, alarm=alarm))


def test_a_cancelled_event_says_so_and_never_rings() -> None:
    written = properties(CANCELLED)

    assert ("STATUS", "CANCELLED") in written
    assert ("BEGIN", "VALARM") not in written


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://karoo.example/\r\nATTENDEE:mailto:x@karoo.example",
        "https://karoo.example/a b",
        "mailto:a\x00b@karoo.example",
        "//karoo.example",
        "tel:",
    ],
)
def test_a_link_that_no_calendar_should_open_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"Karoo: .* cannot go into a calendar"):
        single_event_file(attrs.evolve(ACT, url=url))


def test_a_typed_backslash_n_stays_what_was_typed() -> None:
    path = attrs.evolve(PLAIN, summary=r"C:\New\\N", description=r"\N\n")

    assert texts(path) == [r"C:\New\\N", r"\N\n"]


# ----------------------------------------------------- streaming and determinism


def test_events_are_written_as_they_come() -> None:
    chunks = calendar_file(itertools.repeat(ACT))

    head, first, second = itertools.islice(chunks, 3)

    assert head.startswith(b"BEGIN:VCALENDAR\r\n")
    assert first == second
    assert head + first + b"END:VCALENDAR\r\n" == single_event_file(ACT)


WRITE = """
import sys
from afterword.formats.ics_files import calendar_file
from tests.formats.events import KINDS
sys.stdout.buffer.write(b"".join(calendar_file(KINDS.values(), name="Follow-ups")))
"""


@pytest.mark.parametrize(
    "setting",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
    ],
    ids=["Tokyo", "St. John's"],
)
def test_the_bytes_do_not_depend_on_the_machine(setting: dict[str, str]) -> None:
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **setting}
    elsewhere = subprocess.run(
        [sys.executable, "-c", WRITE], env=surroundings, capture_output=True, check=True
    )

    assert elsewhere.stdout == b"".join(calendar_file(KINDS.values(), name="Follow-ups"))


# ------------------------------------------------------------------- fingerprints


@given(events(), st.integers(0, 9), INSTANTS)
def test_counters_are_no_part_of_the_fingerprint(
    event: Event, sequence: int, stamp: dt.datetime
) -> None:
    counted = attrs.evolve(event, sequence=sequence, stamp=stamp)

    assert fingerprint_of(counted) == fingerprint_of(event)


@pytest.mark.parametrize(
    "changed",
    [
        attrs.evolve(FRAME, summary="another"),
        attrs.evolve(FRAME, end=NOON + dt.timedelta(hours=6)),
        attrs.evolve(FRAME, url="tel:+27115550100"),
        attrs.evolve(FRAME, cancelled=True),
        attrs.evolve(FRAME, alarm=None),
        attrs.evolve(FRAME, categories=()),
    ],
    ids=["text", "time", "link", "cancelled", "alarm", "categories"],
)
def test_any_other_change_gives_another_fingerprint(changed: Event) -> None:
    assert fingerprint_of(changed) != fingerprint_of(FRAME)
