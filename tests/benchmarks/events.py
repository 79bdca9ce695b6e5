"""The finished events of a calendar that the product wrote, for others to write again.

As `python -m tests.benchmarks.events CALENDAR OUT`: reads our own files only.
"""

from __future__ import annotations

import datetime as dt
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from afterword.domain.calendar_model import Alarm, Event
from afterword.formats.ics_files import unfold

TRIGGER = re.compile(r"-?PT(?:(\d+)H)?(?:(\d+)M)?(?:0S)?")
Block = dict[str, str]


def stored(calendar: Path, out: Path) -> int:
    """Pickle the events one after another, and return how many there are."""
    count = 0
    with calendar.open("rb") as lines, out.open("wb") as file:
        for event, alarm in _blocks(unfold(lines)):
            pickle.dump(_event(event, alarm), file)
            count += 1
    return count


def _blocks(lines: Iterator[bytes]) -> Iterator[tuple[Block, Block]]:
    event: Block = {}
    alarm: Block = {}
    inner = event
    for line in lines:
        name, _, value = line.decode().partition(":")
        if line == b"BEGIN:VEVENT":
            event, alarm = {}, {}
            inner = event
        elif line == b"BEGIN:VALARM":
            inner = alarm
        elif line == b"END:VEVENT":
            yield event, alarm
        else:
            inner[name] = value


def _event(event: Block, alarm: Block) -> Event:
    start, end = _span(event)
    return Event(
        uid=event["UID"],
        start=start,
        end=end,
        summary=_text(event["SUMMARY"]),
        description=_text(event["DESCRIPTION"]),
        stamp=_instant(event["DTSTAMP"]),
        sequence=int(event["SEQUENCE"]),
        url=event.get("URL"),
        categories=tuple(map(_text, re.split(r"(?<!\\),", event["CATEGORIES"]))),
        alarm=_alarm(alarm) if alarm else None,
    )


def _alarm(alarm: Block) -> Alarm:
    found = TRIGGER.fullmatch(alarm["TRIGGER"])
    assert found
    before = dt.timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    return Alarm(uid=alarm["UID"], before=before, text=_text(alarm["DESCRIPTION"]))


def _span(event: Block) -> tuple[dt.date, dt.date]:
    if "DTSTART" in event:
        return _instant(event["DTSTART"]), _instant(event["DTEND"])
    days = (event[f"{name};VALUE=DATE"] for name in ("DTSTART", "DTEND"))
    start, end = map(dt.date.fromisoformat, days)
    return start, end


def _instant(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value)


def _text(value: str) -> str:
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], value)


if __name__ == "__main__":
    sys.stdout.write(str(stored(Path(sys.argv[1]), Path(sys.argv[2]))))
