"""A person with a directory of applications who runs commands on given days.

The days are of November and December 2026 and January 2027; the clock is the
one of Johannesburg unless the person lives elsewhere.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import icalendar

from tests.running import Result, Run

Commands = tuple[tuple[str, ...], ...]
NOW = "2026-12-01 10:00"
"""A Tuesday, a week after the interview of `held`."""
CLOSED: Commands = (("close", "karoo"),)
ROUND: Commands = (("round", "karoo", "--at", "2026-12-03 10:00"),)
THANDI = "Thandi Nkosi <thandi@karoo.example>"
Steps = dict[str, dict[str, Any]]
Events = dict[str, Any]
"""The events of a calendar by UID; icalendar's properties have too many types to name."""


@attrs.define
class Life:
    """`life("2026-11-24 18:00", "sent", "karoo")` runs a command as if it was that moment."""

    run: Run
    data: Path
    calendar: Path
    zone: str = "Africa/Johannesburg"

    def __call__(self, now: str, *args: object, code: int = 0, tty: bool = False) -> Result:
        result = self.run(*args, *self.flags(now), tty=tty)
        assert result.code == code, (result.code, result.text, result.stderr)
        return result

    def flags(self, now: str) -> tuple[str, ...]:
        moment = dt.datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(self.zone))
        return ("--now", moment.isoformat(), "--zone", self.zone, "--data", str(self.data))

    def refused(self, now: str, *args: object, code: int = 2) -> str:
        """Return what a command that changes nothing says, and on no other stream."""
        before = self.files()
        result = self(now, *args, code=code)
        assert self.files() == before
        assert result.stdout == b""
        assert "Traceback" not in result.stderr
        return result.stderr

    def files(self) -> dict[str, bytes]:
        """Return the files of facts."""
        return {path.name: path.read_bytes() for path in sorted(self.data.glob("*.toml"))}

    def write_into(self, name: str, text: str) -> None:
        """Append to the file of an application, as its owner may in an editor."""
        (path,) = self.data.glob(f"*{name}*.toml")
        path.write_bytes(path.read_bytes() + text.encode())

    def held(self, *more: str, at: str = "2026-11-24 14:00", now: str = "2026-11-20 10:00") -> None:
        """Tell of the interview at Karoo of 24 November, four days before it."""
        self(
            now,
            "add",
            "Karoo",
            "Marketing Manager",
            *("--at", at, "--with", THANDI, "--country", "ZA"),
            *more,
        )

    def plan(self, now: str, name: str = "karoo") -> Steps:
        """Return the steps of an application by "interview kind episode"."""
        (found,) = (
            application
            for application in self(now, "plan", "--json").json["applications"]
            if name in application["id"]
        )
        return {f"{s['interview']} {s['step']} {s['episode']}": s for s in found["steps"]}

    def live(self, now: str, name: str = "karoo") -> dict[str, str]:
        """Return the days on which what is still to be done is due."""
        gone = {"done", "withdrawn"}
        return {
            key: step["send_at"][:10]
            for key, step in self.plan(now, name).items()
            if step["state"] not in gone
        }

    def due(self, now: str) -> list[str]:
        """Return what `next` shows: "overdue first-follow-up"."""
        return [f"{i['urgency']} {i['step']}" for i in self.next(now)["due"]]

    def asked(self, now: str) -> list[str]:
        """Return what `next` asks about."""
        return [i["step"] for i in self.next(now)["asked"]]

    def next(self, now: str) -> Any:
        return self(now, "next", "--json").json

    def export(self, now: str, *options: str) -> Events:
        """Export to the one place, and return what it holds then, by UID."""
        self(now, "export", "-o", self.calendar, *options)
        return self.events()

    def events(self) -> Events:
        if not self.calendar.exists():
            return {}
        calendar = icalendar.Calendar.from_ical(self.calendar.read_bytes())
        return {str(event["UID"]): event for event in calendar.events}


def titles(events: Events) -> list[str]:
    """Return the titles of the events that stand, in the order of time."""
    standing = [event for event in events.values() if event.get("STATUS") != "CANCELLED"]
    return [str(e["SUMMARY"]) for e in sorted(standing, key=lambda e: str(e["DTSTART"].dt))]


def cancelled(events: Events) -> list[Any]:
    return [event for event in events.values() if event.get("STATUS") == "CANCELLED"]


def rings(events: Events, *, after: str) -> list[str]:
    """Return the days of the alarms that ring after a day, in order."""
    days = [str(e["DTSTART"].dt.date()) for e in events.values() if e.walk("VALARM")]
    return sorted(day for day in days if day > after)


CHANGES: list[tuple[Commands, tuple[str, ...]]] = [
    ((), ("sent", "karoo", "thank-you")),
    ((), ("heard", "karoo", "neutral")),
    ((), ("away", "karoo", "--until", "2026-12-07")),
    ((), ("expect", "karoo", "--decision-by", "2026-12-04")),
    ((), ("skip", "karoo", "first-follow-up")),
    ((("skip", "karoo", "first"),), ("restore", "karoo", "first-follow-up")),
    ((), ("move", "karoo", "first-follow-up", "--to", "thu")),
    ((), ("move", "karoo", "interview", "--to", "2026-12-02 10:00")),
    ((), ROUND[0]),
    ((), ("add", "Karoo", "Marketing Manager", "--at", "2026-12-03 10:00")),
    (ROUND, ("cancel", "karoo")),
    ((), ("close", "karoo", "--lesson", "x")),
    (CLOSED, ("reopen", "karoo")),
    (CLOSED, ("heard", "karoo", "positive")),
    ((), ("note", "karoo", "x")),
]
"""Each kind of change, and the commands that it needs before it."""
