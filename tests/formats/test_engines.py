"""Several independent calendar engines agree on the files that we write."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs
import filelock
import icalendar
import pytest
import vobject
from ical.calendar_stream import IcsCalendarStream

from afterword.domain.calendar_model import Event
from afterword.formats.ics_files import calendar_file, single_event_file
from tests.formats.events import KINDS

every_kind = pytest.mark.parametrize("event", KINDS.values(), ids=KINDS)
every_name = pytest.mark.parametrize(
    "name", [None, "Follow-ups; Karoo, Ltd"], ids=["unnamed", "named"]
)


@attrs.frozen(kw_only=True)
class Seen:
    """An event as an engine reads it; `alarm` is the time from its start."""

    uid: str
    start: dt.date | None
    end: dt.date | None
    summary: str | None
    description: str
    sequence: int | None
    cancelled: bool
    url: str | None
    alarm: dt.timedelta | dt.datetime | None


def written(event: Event) -> Seen:
    rings = event.alarm and not event.cancelled
    return Seen(
        uid=event.uid,
        start=event.start,
        end=event.end,
        summary=event.summary,
        description=event.description,
        sequence=event.sequence,
        cancelled=event.cancelled,
        url=event.url,
        alarm=-event.alarm.before if event.alarm and rings else None,
    )


def by_icalendar(data: bytes) -> list[Seen]:
    """Read it as khal and Python programs do."""
    parsed = icalendar.Calendar.from_ical(data)
    assert not any(component.errors for component in parsed.walk())
    return [
        Seen(
            uid=str(event.uid),
            start=event.start,
            end=event.end,
            summary=str(event.summary),
            description=str(event.description or ""),
            sequence=event.sequence,
            cancelled=event.get("STATUS") == "CANCELLED",
            url=event.url or None,
            alarm=next((alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")), None),
        )
        for event in parsed.events
    ]


def by_vobject(data: bytes) -> list[Seen]:
    """Read it as Radicale and many address books do; it also validates."""
    parsed = vobject.readOne(data.decode())
    assert parsed.validate(raiseException=True)

    return [
        Seen(
            uid=event.uid.value,
            start=event.dtstart.value,
            end=event.dtend.value,
            summary=event.summary.value,
            description=event.getChildValue("description") or "",
            sequence=int(event.sequence.value),
            cancelled=event.getChildValue("status") == "CANCELLED",
            url=event.getChildValue("url"),
            alarm=event.valarm.trigger.value if "valarm" in event.contents else None,
        )
        for event in parsed.vevent_list
    ]


def by_ical(data: bytes) -> list[Seen]:
    """Read it as Home Assistant does."""
    return [
        Seen(
            uid=event.uid,
            start=event.dtstart,
            end=event.dtend,
            summary=event.summary,
            description=event.description or "",
            sequence=event.sequence,
            cancelled=event.status == "CANCELLED",
            url=event.url,
            alarm=next((alarm.trigger for alarm in event.alarm), None),
        )
        for event in IcsCalendarStream.calendar_from_ics(data.decode()).events
    ]


ENGINES = [by_icalendar, by_vobject, by_ical]
every_engine = pytest.mark.parametrize("read", ENGINES, ids=["icalendar", "vobject", "ical"])


@every_engine
@every_kind
def test_an_engine_reads_a_single_object(read: Callable[[bytes], list[Seen]], event: Event) -> None:
    assert read(single_event_file(event)) == [written(event)]


@every_engine
@every_name
def test_an_engine_reads_a_calendar_of_every_kind(
    read: Callable[[bytes], list[Seen]], name: str | None
) -> None:
    data = b"".join(calendar_file(KINDS.values(), name=name))
    assert read(data) == [written(event) for event in KINDS.values()]


# --------------------------------------------------- the letter of the standards


def mistakes(data: bytes, *, is_object: bool = False) -> list[str]:
    """Return what breaks RFC 5545, or RFC 4791 of an object on a server, in bytes and lines."""
    return [*_in_bytes(data), *_in_lines(_unfolded(data), is_object=is_object)]


def _in_bytes(data: bytes) -> Iterable[str]:
    if not data.endswith(b"\r\n") or re.search(rb"\r(?!\n)|(?<!\r)\n", data):
        yield "a line end is not CRLF"
    if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data):
        yield "a control character"
    for line in data.split(b"\r\n")[:-1]:
        if not 1 <= len(line) <= 75:
            yield f"a line of {len(line)} octets"
        if re.match(rb"[ \t][\x80-\xbf]", line):
            yield "a fold inside a character"


def _unfolded(data: bytes) -> list[str]:
    return re.sub(rb"\r\n[ \t]", b"", data).decode().split("\r\n")[:-1]


def _in_lines(lines: list[str], *, is_object: bool) -> Iterable[str]:
    opened: list[tuple[str, list[str]]] = []
    uids = set()
    for line in lines:
        if not re.match(r'[A-Z-]+(;[A-Z-]+=("[^"]*"|[^";:,]*))*:', line):
            yield f"not a content line: {line}"
            continue
        name, value = re.split("[;:]", line, maxsplit=1)
        if name == "BEGIN":
            opened.append((value, []))
        elif name == "END":
            kind, names = opened.pop()
            if kind != value:
                yield f"{kind} closed as {value}"
            yield from _in_component(kind, names)
        else:
            opened[-1][1].append(name)
            is_text = name in {"SUMMARY", "DESCRIPTION"}
            if is_text and re.search(r"[\\;,]", re.sub(r"\\[\\;,n]", "", value)):
                yield f"an escape is missing or unknown: {value}"
            if name == "UID" and opened[-1][0] == "VEVENT":
                uids.add(value)
    if opened:
        yield f"{opened[-1][0]} is not closed"
    if is_object and (len(uids) != 1 or any(line.startswith("METHOD:") for line in lines)):
        yield "not one object of a calendar on a server"


_NEEDED = {
    "VCALENDAR": {"VERSION", "PRODID"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"},
    "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"},
}
_OFTEN = {"CATEGORIES", "COMMENT", "CONTACT", "ATTACH"}


def _in_component(kind: str, names: list[str]) -> Iterable[str]:
    for name in sorted(_NEEDED[kind] - set(names)):
        yield f"{kind} without {name}"
    for name in sorted({name for name in names if names.count(name) > 1} - _OFTEN):
        yield f"{name} twice in {kind}"


@every_kind
def test_a_single_object_keeps_to_the_standards(event: Event) -> None:
    assert mistakes(single_event_file(event), is_object=True) == []


@every_name
def test_a_calendar_keeps_to_the_standards(name: str | None) -> None:
    assert mistakes(b"".join(calendar_file(KINDS.values(), name=name))) == []


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        (b"\r\nUID", b"\nUID", "a line end is not CRLF"),
        (b"\r\nDTSTAMP", b"\r\n\r\nDTSTAMP", "a line of 0 octets"),
        (b"TRANSP", b"X-LONG:" + b"x" * 99 + b"\r\nTRANSP", "a line of 106 octets"),
        ("ë".encode(), b"\xc3\r\n \xab", "a fold inside a character"),
        (b"SUMMARY:", b"SUMMARY:a\x07", "a control character"),
        (b"SUMMARY:", b"SUMMARY:a;b", "an escape is missing or unknown"),
        (b"SUMMARY:", b"SUMMARY:a\\xb", "an escape is missing or unknown"),
        (b"SUMMARY:", b"SUMMARY=", "not a content line"),
        (b"SUMMARY:", b"COMMENT:", "VEVENT without SUMMARY"),
        (b"SUMMARY:", b"UID:2\r\nSUMMARY:", "UID twice in VEVENT"),
        (b"ACTION:DISPLAY\r\n", b"", "VALARM without ACTION"),
        (b"END:VALARM\r\n", b"", "VALARM closed as VEVENT"),
        (b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:PUBLISH", "not one object"),
    ],
)
def test_a_mistake_is_seen(old: bytes, new: bytes, mistake: str) -> None:
    data = single_event_file(KINDS["act"])
    assert data.count(old)
    reported = mistakes(data.replace(old, new, 1), is_object=True)
    assert any(each.startswith(mistake) for each in reported), reported


# ------------------------------------------------ engines that pip cannot bring

Check = Callable[..., None]


@pytest.fixture
def icscheck(shared: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Return a check that is passed without a warning; an engine that cannot run skips."""
    # Its first run installs the engines, which two workers must not do at once.
    lock = filelock.FileLock(tmp_path_factory.getbasetemp().parent / "icscheck.lock")

    def check(data: bytes, *options: str) -> None:
        path = tmp_path / "written.ics"
        path.write_bytes(data)
        with lock:
            done = subprocess.run(
                [sys.executable, shared / "lab" / "icscheck", "--strict", *options, path],
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode == 2:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stdout

    return check


@every_kind
def test_a_single_object_is_clean_for_libical_and_ical_js(event: Event, icscheck: Check) -> None:
    icscheck(single_event_file(event), "--caldav")


@every_name
def test_a_calendar_is_clean_for_libical_and_ical_js(name: str | None, icscheck: Check) -> None:
    icscheck(b"".join(calendar_file(KINDS.values(), name=name)))
