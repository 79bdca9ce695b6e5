"""What the person did on the phone, told in lines: short, clean, on their own clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from afterword.core import fields as f
from afterword.core.decisions import Decision, Deleted, Kept, Moved, Refused, Restored, Titled
from afterword.core.fields import Field, Fields
from afterword.core.model import Application, Entry, When
from afterword.core.text import clean_line, counted
from afterword.phone import Place

_LONGEST = 60
NAMES = {
    Field.SUMMARY: "title",
    Field.TIME: "time",
    Field.DESCRIPTION: "text",
    Field.ALARMS: "alarm",
}
"""What the fields of an event are called."""


def told(decision: Decision, place: Place, plan: Fields, zone: ZoneInfo) -> str:
    """Return what the person did; `plan` are the plan's own fields, `zone` is the user's."""
    what = _what(decision, plan, zone)
    return f"{place.application.company}: {place.step.kind if place.step else 'a reminder'}: {what}"


def _what(decision: Decision, plan: Fields, zone: ZoneInfo) -> str:
    match decision:
        case Titled(title=title):
            return f"you wrote {_quoted(title)} on the event"
        case Moved(start=start):
            return f"you moved the event to {_moment(start, zone)}"
        case Deleted():
            return "you removed the event"
        case Kept():
            return _kept(decision, plan, zone)
        case Restored():
            return "the event that you had removed is wanted again"
        case Refused():
            return "the server refused the event"


def _kept(kept: Kept, plan: Fields, zone: ZoneInfo) -> str:
    before = plan.get(kept.field, "") if kept.ours is None else kept.ours
    stays = f"the {NAMES[kept.field]} stays {_shown(kept.field, kept.theirs, before, zone)}"
    if kept.ours is None:
        return f"{stays}, as you changed it"
    return f"{stays}; the plan says {_shown(kept.field, kept.ours, kept.theirs, zone)}"


def granted(application: Application, entries: Sequence[Entry], *, dry: bool) -> str:
    """Return what became of a wish about whose texts the events should have."""
    name, replace = application.company, "would replace" if dry else "replace"
    if not entries:
        return f"{name}: no text of yours is in its events, or was"
    if entries[0].ours:
        back = f"afterword sync --take-theirs {application.id}"
        return f"{name}: the plan's texts {replace} yours; {back} brings yours back"
    return f"{name}: your texts {replace} the plan's"


def _shown(field: Field, value: str, other: str, zone: ZoneInfo) -> str:
    """Return a field for people; of a long text the first line that `other` does not have."""
    if field is Field.TIME:
        start, end = f.ends(value)
        return f"{_moment(start, zone)} - {_moment(end, zone)}"
    if field is Field.ALARMS:
        return " and ".join(map(_alarm, f.offsets(value))) or "off"
    known = {clean_line(line) for line in other.split("\n")}
    lines = (clean_line(line) for line in value.split("\n"))
    news = next((line for line in lines if line and line not in known), None)
    return "shorter" if news is None else _quoted(news)


def _quoted(text: str) -> str:
    line = clean_line(text)
    return f"'{line if len(line) <= _LONGEST else line[: _LONGEST - 3].rstrip() + '...'}'"


def _moment(when: When, zone: ZoneInfo) -> str:
    if isinstance(when, dt.datetime):
        return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"
    return when.isoformat()


def _alarm(seconds: int) -> str:
    """Return "at its start", "15 minutes before", "1 hour after"."""
    minutes = abs(seconds) // 60
    if not minutes:
        return "at its start"
    hours, rest = divmod(minutes, 60)
    span = counted(minutes, "minute") if rest else counted(hours, "hour")
    return f"{span} {'before' if seconds < 0 else 'after'}"
