"""Ways to write finished events into one calendar file, each run in a process of its own.

As `python -m tests.benchmarks.writers WAY EVENTS OUT`, where EVENTS holds pickled
events, which are read back one at a time.
"""

from __future__ import annotations

import datetime as dt
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from afterword.domain.calendar_model import Event
from afterword.formats.ics_files import fold

HEAD = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//afterword//afterword//EN\r\n"
    b"CALSCALE:GREGORIAN\r\nNAME:Job search\r\nX-WR-CALNAME:Job search\r\n"
)
NAME = "Job search"
MINUTE = dt.timedelta(minutes=1)


def read(events: Iterable[Event]) -> Iterator[bytes]:
    """Read the events and write nothing: what the other ways cannot be without."""
    for _ in events:
        yield b""


def by_hand(events: Iterable[Event]) -> Iterator[bytes]:
    """Write f-strings, escaped and folded: no validation, no types, nothing to lose."""
    yield HEAD
    for event in events:
        yield b"\r\n".join([fold(line.encode()) for line in _hand_lines(event)]) + b"\r\n"
    yield b"END:VCALENDAR\r\n"


def _hand_lines(event: Event) -> list[str]:
    stamp = f"{event.stamp:%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VEVENT", f"SUMMARY:{_escaped(event.summary)}", *_hand_span(event)]
    lines += [f"DTSTAMP:{stamp}", f"UID:{event.uid}", f"SEQUENCE:{event.sequence}"]
    lines += ["CATEGORIES:" + ",".join(map(_escaped, event.categories))]
    lines += [f"DESCRIPTION:{_escaped(event.description)}", f"LAST-MODIFIED:{stamp}"]
    lines += ["TRANSP:TRANSPARENT"]
    if event.url:
        lines.append(f"URL:{event.url}")
    if event.alarm:
        hours, minutes = divmod(event.alarm.before // MINUTE, 60)
        before = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(event.alarm.text)}"]
        lines += [f"TRIGGER:-PT{before}" if before else "TRIGGER:PT0S", f"UID:{event.alarm.uid}"]
        lines += ["END:VALARM"]
    return [*lines, "END:VEVENT"]


def _hand_span(event: Event) -> tuple[str, str]:
    if isinstance(event.start, dt.datetime):
        return f"DTSTART:{event.start:%Y%m%dT%H%M%SZ}", f"DTEND:{event.end:%Y%m%dT%H%M%SZ}"
    return f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}", f"DTEND;VALUE=DATE:{event.end:%Y%m%d}"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;")
    return text.replace(",", "\\,").replace("\n", "\\n")


def through_afterword(events: Iterable[Event]) -> Iterator[bytes]:
    """Write with the product's own writer."""
    from afterword.formats import ics_files

    return ics_files.calendar_file(events, name=NAME)


def through_icalendar(events: Iterable[Event]) -> Iterator[bytes]:
    """Add every event to one Calendar of the icalendar library."""
    from tests.formats.through_icalendar import through_icalendar

    yield through_icalendar(events, name=NAME)


WAYS: dict[str, Callable[[Iterable[Event]], Iterator[bytes]]] = {
    "read": read,
    "hand": by_hand,
    "afterword": through_afterword,
    "icalendar": through_icalendar,
}


def _stored(path: Path) -> Iterator[Event]:
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)  # noqa: S301 - written a moment ago by the benchmark


def main(way: str, events: str, out: str) -> None:
    with Path(out).open("wb") as file:
        file.writelines(WAYS[way](_stored(Path(events))))


if __name__ == "__main__":
    main(*sys.argv[1:])
