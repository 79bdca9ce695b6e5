"""Helpers that build applications and read plans in the tests of the planner."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import Policy
from afterword.formats.application_file import application_reader
from afterword.system.business_days import is_working_day

JOHANNESBURG = ZoneInfo("Africa/Johannesburg")
LATER = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)


def toml(body: str, *, head: str = "") -> bytes:
    """Return an application file with the given interviews and log."""
    lines = (line.strip() for line in body.strip().splitlines())
    text = "\n".join(lines)
    return f'company = "Karoo Analytics"\nrole = "Marketing Manager"\n{head}\n{text}\n'.encode()


def interview(start: str, *, zone: str = "Africa/Johannesburg", more: str = "") -> str:
    """Return the lines of an interview that starts at a local time and lasts an hour."""
    return f'[[interview]]\nstart = {start}\nzone = "{zone}"\n{more}\n'


def log(*entries: str) -> str:
    """Return the lines of the log; an entry is `AT: key = value; key = value`."""
    tables = []
    for entry in entries:
        at, _, keys = entry.partition(": ")
        tables.append("\n".join(["[[log]]", f"at = {at}", *keys.split("; ")]))
    return "".join(f"{table}\n" for table in tables)


def plan(
    data: bytes,
    *,
    zone: str = "Africa/Johannesburg",
    now: dt.datetime = LATER,
    policy: Policy | None = None,
) -> Plan:
    """Return the plan of the application in a file."""
    (application,) = application_reader.parse_applications(data, "test.toml")
    return planner.plan(
        application,
        now=now,
        zone=ZoneInfo(zone),
        is_working_day=is_working_day(application.country),
        policy=policy or Policy(),
    )


def step(made: Plan, kind: str, episode: int = 0, interview: str | None = None) -> Step:
    """Return the only step of a kind."""
    (match,) = (
        s
        for s in made.steps
        if s.kind == kind and s.episode == episode and interview in {None, s.interview}
    )
    return match


def lines(made: Plan) -> list[str]:
    """Return the plan as lines, days in the employer's zone and times in the user's."""
    return [_line(made, s) for s in made.steps]


def _line(made: Plan, s: Step) -> str:
    name = f"{s.kind} {s.episode}" if s.episode else s.kind.value
    if s.state in {"done", "withdrawn", "late"}:
        name += f" ({s.state})"
    at = f"at {s.send_at.astimezone(made.zone):%d %b %H:%M}"
    if isinstance(s.closes, dt.datetime):
        return f"{name}: by {s.closes.astimezone(made.zone):%d %b %H:%M}, {at}"
    window = f"{s.opens:%a %d %b}..{s.closes:%a %d %b}"
    return f"{name}: {window}, rec. {s.recommended:%a %d %b}, {at}"
