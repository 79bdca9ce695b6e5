"""What the person did on the phone, told in lines: short, clean, on their own clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from afterword.domain import datemath
from afterword.domain.events.event import EventRole
from afterword.domain.merge import fields as f
from afterword.domain.merge.fields import Field, Fields
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    UidRejected,
    Undeleted,
    UserEdit,
)
from afterword.domain.model import Application, LogEntry, StepKind, When
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.sanitize import clean_line, pluralize
from afterword.services.calendar_log import EventOwner

_LONGEST = 60
_WITH_DEADLINE = {StepKind.THANK_YOU, StepKind.REPLY}
_NAMES = {
    Field.SUMMARY: "title",
    Field.TIME: "time",
    Field.DESCRIPTION: "text",
    Field.ALARMS: "alarm",
}


def describe_user_edit(decision: UserEdit, place: EventOwner, plan: Fields, zone: ZoneInfo) -> str:
    """Return what the person did; `plan` are the plan's own fields, `zone` is the user's."""
    what = _what(decision, place, plan, zone)
    return f"{place.application.company}: {place.step.kind if place.step else 'a reminder'}: {what}"


def describe_event(step: Step | None, part: EventRole) -> str:
    """Return what an event is called, so that the two of one step are told apart."""
    if step is None or part is EventRole.ACT:
        return "event"
    return "deadline's event" if step.kind in _WITH_DEADLINE else "window's bar"


def describe_override(entry: LogEntry, plan: Plan, zone: ZoneInfo) -> str | None:
    """Return what an entry remembers of an event that they have their own way, if it does."""
    if entry.event is None:
        return None
    which = _event_of(entry.event, plan)
    if entry.gone:
        return f"you removed the {which}"
    if entry.ours:
        return f"the plan's texts again in the {which}"
    if entry.field is None:
        return None
    field = Field(entry.field)
    return f"your own {_NAMES[field]} in the {which}: {_shown(field, entry.text or '', '', zone)}"


def describe_restored(
    application: Application, entries: Sequence[LogEntry], *, dry_run: bool
) -> str:
    """Return what became of a wish about whose texts the events should have."""
    name, replace = application.company, "would replace" if dry_run else "replace"
    if not entries:
        return f"{name}: no text of yours is in its events, or was"
    if entries[0].ours:
        back = f"afterword sync --take-theirs {application.id}"
        return f"{name}: the plan's texts {replace} yours; {back} brings yours back"
    return f"{name}: your texts {replace} the plan's"


def _event_of(uid: str, plan: Plan) -> str:
    for step in plan.steps:
        for part, known in step.uids.items():
            if known == uid:
                return f"{describe_event(step, EventRole(part))} of the {step.kind}"
    return "event of a reminder"


def _what(decision: UserEdit, place: EventOwner, plan: Fields, zone: ZoneInfo) -> str:
    which = describe_event(place.step, place.part)
    match decision:
        case KeywordTyped(title=title):
            return f"you wrote {_quoted(title)} on the {which}"
        case Moved(start=start):
            return f"you moved the {which} to {_moment(start, zone)}"
        case Deleted():
            return f"you removed the {which}"
        case FieldEdited():
            return _kept(decision, which, plan, zone)
        case Undeleted():
            return f"the {which} that you had removed is wanted again"
        case UidRejected():
            return f"the server refused the {which}"


def _kept(kept: FieldEdited, which: str, plan: Fields, zone: ZoneInfo) -> str:
    before = plan.get(kept.field, "") if kept.ours is None else kept.ours
    of = "" if which == "event" else f" of the {which}"
    stays = f"the {_NAMES[kept.field]}{of} stays {_shown(kept.field, kept.theirs, before, zone)}"
    if kept.ours is None:
        return f"{stays}, as you changed it"
    return f"{stays}; the plan says {_shown(kept.field, kept.ours, kept.theirs, zone)}"


def _shown(field: Field, value: str, other: str, zone: ZoneInfo) -> str:
    """Return a field for people; of a long text the first line that `other` does not have."""
    if field is Field.TIME:
        return _span(*f.parse_span(value), zone)
    if field is Field.ALARMS:
        return " and ".join(map(_alarm, f.offsets(value))) or "off"
    known = {clean_line(line) for line in other.split("\n")}
    lines = (clean_line(line) for line in value.split("\n"))
    news = next((line for line in lines if line and line not in known), None)
    return "shorter" if news is None else _quoted(news)


def _quoted(text: str) -> str:
    line = clean_line(text)
    return f"'{line if len(line) <= _LONGEST else line[: _LONGEST - 3].rstrip() + '...'}'"


def _span(start: When, end: When, zone: ZoneInfo) -> str:
    """Return "2026-11-26 14:30 - 15:00", or the first and the last day of a bar."""
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return f"{_moment(start, zone)} - {_moment(end - datemath.DAY, zone)}"
    if datemath.day_of(start, zone) == datemath.day_of(end, zone):
        return f"{_moment(start, zone)} - {end.astimezone(zone):%H:%M}"
    return f"{_moment(start, zone)} - {_moment(end, zone)}"


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
    span = pluralize(minutes, "minute") if rest else pluralize(hours, "hour")
    return f"{span} {'before' if seconds < 0 else 'after'}"
