"""Invented calendars: a line of a text file for each event, as a calendar file and its labels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import attrs

ME = "sam.seeker@gmail.com"
WORK = "brightpath.example"
FIRST = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.UTC)


@attrs.frozen
class InventedEvent:
    """An event of an invented calendar."""

    uid: str
    is_interview: bool
    text: str


def read_events(name: str) -> list[InventedEvent]:
    """Return the events of a file of this directory."""
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()
    rows = [line.strip() for line in lines if line[:1] in {"+", "-"}]
    return [_event(number, row) for number, row in enumerate(rows)]


def as_calendar(events: list[InventedEvent]) -> bytes:
    """Return the events as an exported calendar."""
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Invented//EN\r\n"
    return f"{head}{''.join(event.text for event in events)}END:VCALENDAR\r\n".encode()


def _event(number: int, row: str) -> InventedEvent:
    label, title, text, organizer, attendees, location = (row.split("|") + [""] * 5)[:6]
    uid = f"invented-{number}@calendar.example"
    start = FIRST + dt.timedelta(hours=5 * number)
    lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261120T080000Z", f"SUMMARY:{_escaped(title)}"]
    if "D" in label:
        lines.append(f"DTSTART;VALUE=DATE:{start:%Y%m%d}")
    else:
        end = start + dt.timedelta(hours=1)
        lines += (f"DTSTART;TZID=Europe/Berlin:{moment:%Y%m%dT%H%M%S}" for moment in (start,))
        lines += (f"DTEND;TZID=Europe/Berlin:{moment:%Y%m%dT%H%M%S}" for moment in (end,))
    if "R" in label:
        lines.append("RRULE:FREQ=WEEKLY")
    if text:
        lines.append(f"DESCRIPTION:{_escaped(text)}")
    if location.strip():
        lines.append(f"LOCATION:{_escaped(location.strip())}")
    if organizer:
        lines.append(f"ORGANIZER:mailto:{_address(organizer)}")
    lines += (f"ATTENDEE:mailto:{address}" for address in _addresses(attendees))
    return InventedEvent(uid, label[0] == "+", "\r\n".join([*lines, "END:VEVENT", ""]))


def _addresses(attendees: str) -> Iterator[str]:
    return (_address(word.strip()) for word in attendees.split(",") if word.strip())


def _address(word: str) -> str:
    if word == "me":
        return ME
    if word == "me@work":
        return f"sam@{WORK}"
    return word.replace("@work", f"@{WORK}")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
