"""The fields of an event that a calendar and the plan share, as texts that can be compared.

Servers rewrite what they store: lines are folded anew, properties reordered,
times given another zone, blanks trimmed, alarms acknowledged. Two fields are
equal exactly when a person would say that nothing changed.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping

import attrs

from afterword.domain import uids
from afterword.domain.events.event import Event
from afterword.domain.model import When
from afterword.domain.sanitize import clean

_SECOND = dt.timedelta(seconds=1)
_MARK = 8
_OVER = "over"
_NONE = "0"


class Field(enum.StrEnum):
    """What is compared; everything else in an event is left as it is found."""

    SUMMARY = "summary"
    TIME = "time"
    DESCRIPTION = "description"
    ALARMS = "alarms"


Fields = Mapping[Field, str]
"""Some or all fields. TIME is `start/end` in ISO 8601; ALARMS are seconds from the start."""

TEXTS = (Field.SUMMARY, Field.DESCRIPTION)


def fields_of(event: Event) -> dict[Field, str]:
    """Return all fields of an event of ours."""
    return {
        Field.SUMMARY: text(event.summary),
        Field.TIME: format_span(event.start, event.end),
        Field.DESCRIPTION: text(event.description),
        Field.ALARMS: alarms(() if event.alarm is None else (-(event.alarm.before // _SECOND),)),
    }


def text(value: str) -> str:
    """Return a text without what servers and phones change unasked."""
    plain = "\n".join(line.rstrip() for line in clean(value).split("\n")).rstrip()
    # The same object where nothing changes: of thousands of texts one copy is enough.
    return value if plain == value else plain


def format_span(start: When, end: When) -> str:
    """Return both ends, instants in UTC."""
    return f"{_when(start)}/{_when(end)}"


def parse_span(value: str) -> tuple[When, When]:
    """Return what `span` was given; ValueError if it was not made by it."""
    start, end = (
        dt.datetime.fromisoformat(part) if "T" in part else dt.date.fromisoformat(part)
        for part in value.split("/")
    )
    return start, end


def alarms(offsets: Iterable[int]) -> str:
    """Return the alarms, in seconds from the event's start, in order."""
    return " ".join(map(str, sorted(set(offsets))))


def offsets(value: str) -> tuple[int, ...]:
    """Return what `alarms` was given, in order."""
    return tuple(map(int, value.split()))


def with_fields(event: Event, fields: Fields) -> Event:
    """Return the event with these fields.

    An event of ours has one alarm or none, so of the alarms only "none" is taken over.
    """
    start, end = parse_span(fields.get(Field.TIME, format_span(event.start, event.end)))
    return attrs.evolve(
        event,
        summary=fields.get(Field.SUMMARY, event.summary),
        start=start,
        end=end,
        description=fields.get(Field.DESCRIPTION, event.description),
        alarm=event.alarm if fields.get(Field.ALARMS, "kept") else None,
    )


def fingerprint(fields: Fields, *, before: str = "", over: bool = False) -> str:
    """Return a short mark of each field that we write, joined by `-`.

    Written into the event, it tells later, without any memory of ours, which
    fields are as we left them, and whether we made it say that it is over. So a
    field that is not written keeps its mark from `before`, `0` where it has
    none. Servers escape all but `[A-Za-z0-9-]` at will.
    """
    old = dict(zip(Field, before.split("-"), strict=False))
    new = (_mark(field, fields) if field in fields else old.get(field, _NONE) for field in Field)
    return "-".join([*new, *[_OVER] * over])


def is_over(marked: str) -> bool:
    """Tell whether the event was made to say that it is over."""
    return marked.endswith(f"-{_OVER}")


def unchanged_since_write(marked: str, theirs: Fields, *, since: str = "") -> dict[Field, str]:
    """Return the fields that still match their marks, but for marks that stood there `since`."""
    found = dict(zip(Field, marked.split("-"), strict=False))
    known = dict(zip(Field, since.split("-"), strict=False))
    return {
        field: value
        for field, value in theirs.items()
        if found.get(field) == _mark(field, theirs) and found[field] != known.get(field)
    }


def marked_alarms(marked: str, theirs: str) -> str | None:
    """Return which of these alarms are of our own making, by their mark; None where it is unknown.

    We write one alarm or none, so where none of them is the marked one, all are the person's.
    """
    mark = dict(zip(Field, marked.split("-"), strict=False)).get(Field.ALARMS, _NONE)
    each = (alarms([one]) for one in offsets(theirs))
    ours = (one for one in each if _mark(Field.ALARMS, {Field.ALARMS: one}) == mark)
    return None if mark == _NONE else next(ours, "")


def _mark(field: Field, fields: Fields) -> str:
    return uids.stable_uuid(field, fields[field])[:_MARK]


def _when(when: When) -> str:
    if isinstance(when, dt.datetime):
        return when.astimezone(dt.UTC).isoformat()
    return when.isoformat()
