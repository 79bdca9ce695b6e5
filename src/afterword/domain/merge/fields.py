"""Compare the fields of an event in the plan and in the calendar, as normalized texts.

Servers rewrite what they store: they fold lines anew, reorder properties,
change the zone of times, trim blanks and acknowledge alarms. Two fields are
equal exactly if a user would say that nothing changed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import attrs

from afterword.domain import uids
from afterword.domain.calendar_model import Event, Field, Fields
from afterword.domain.model import When
from afterword.domain.sanitize import clean

_SECOND = dt.timedelta(seconds=1)
_MARK = 8
_OVER = "over"
_NONE = "0"
_OWNER = re.compile(r"[0-9a-f]{16}")
_ANY = "0" * _MARK

TEXTS = (Field.SUMMARY, Field.DESCRIPTION)


def fields_of(event: Event) -> dict[Field, str]:
    """Return all fields of a planned event."""
    alarms = () if event.alarm is None else (event.alarm,)
    return {
        Field.SUMMARY: _without_trailing_blanks(event.summary),
        Field.TIME: format_span(event.start, event.end),
        Field.DESCRIPTION: _without_trailing_blanks(event.description),
        Field.ALARMS: format_alarms(-(alarm.before // _SECOND) for alarm in alarms),
    }


def normalize_text(value: str) -> str:
    """Return a text without the blanks and characters that servers and phones change."""
    return _without_trailing_blanks(clean(value))


def _without_trailing_blanks(cleaned: str) -> str:
    plain = "\n".join(line.rstrip() for line in cleaned.split("\n")).rstrip()
    # The same object, because a sync has thousands of texts and a copy of each costs memory.
    return cleaned if plain == cleaned else plain


def format_span(start: When, end: When) -> str:
    """Return start and end as text, instants in UTC."""
    return f"{_when(start)}/{_when(end)}"


def parse_span(value: str) -> tuple[When, When]:
    """Return the start and end of `format_span`; raises ValueError for another text."""
    start, end = (
        dt.datetime.fromisoformat(part) if "T" in part else dt.date.fromisoformat(part)
        for part in value.split("/")
    )
    return start, end


def format_alarms(offsets: Iterable[int]) -> str:
    """Return alarms as text; `offsets` are seconds from the start of the event."""
    return " ".join(map(str, sorted(set(offsets))))


def parse_alarms(value: str) -> tuple[int, ...]:
    """Return the offsets of `format_alarms` in ascending order."""
    return tuple(map(int, value.split()))


def with_fields(event: Event, fields: Fields) -> Event:
    """Return the event with other fields.

    A planned event has one alarm or none, so an ALARMS field can only remove it.
    """
    start, end = parse_span(fields.get(Field.TIME, format_span(event.start, event.end)))
    return attrs.evolve(
        event,
        summary=fields.get(Field.SUMMARY, event.summary),
        start=start,
        end=end,
        description=fields.get(Field.DESCRIPTION, event.description),
        alarm=event.alarm if fields.get(Field.ALARMS, "unchanged") else None,
    )


def fingerprint(
    fields: Fields, *, before: str = "", over: bool = False, owner: str | None = None
) -> str:
    """Return a short mark of each written field, joined by `-`, as X-AFTERWORD-MARKS.

    The marks are stored in the event. They show later, also without saved
    state, which fields are unchanged since our write, and whether we marked the
    event as over. A field that is not written keeps its mark from `before`, `0`
    if it has none; `owner` is that of `owner_mark`. Only `[A-Za-z0-9-]` is used, because
    servers escape the rest.
    """
    old = _marks_by_field(before)
    new = (_mark(field, fields) if field in fields else old.get(field, _NONE) for field in Field)
    return "-".join([*new, *[owner or ""] * bool(owner), *[_OVER] * over])


def is_marked_over(marks: str) -> bool:
    """Return True if we marked the event as over."""
    return marks.endswith(f"-{_OVER}")


def owner_mark(application: Iterable[str], interview: str | None) -> str:
    """Return the mark of the application and the interview that an event belongs to.

    `interview` is None where it has none, or may have moved since the event was written.
    """
    first = uids.stable_uuid("owner", *application)[:_MARK]
    return first + (_ANY if interview is None else uids.stable_uuid("owner", interview)[:_MARK])


def owners_differ(marks: str, owner: str | None) -> bool:
    """Return True if an event was written for another application or interview."""
    written = owner_of(marks)
    if written is None or owner is None:
        return False
    interviews = {written[_MARK:], owner[_MARK:]}
    return written[:_MARK] != owner[:_MARK] or (len(interviews) > 1 and _ANY not in interviews)


def owner_of(marks: str) -> str | None:
    """Return the mark of the application and the interview of an event, None if it has none."""
    return next(filter(_OWNER.fullmatch, marks.split("-")[len(Field) :]), None)


def unchanged_since_write(marks: str, theirs: Fields, *, since: str = "") -> dict[Field, str]:
    """Return the fields that match their marks, except for marks equal to those of `since`."""
    current, earlier = _marks_by_field(marks), _marks_by_field(since)
    return {
        field: value
        for field, value in theirs.items()
        if current.get(field) == _mark(field, theirs) and current[field] != earlier.get(field)
    }


def marked_alarms(marks: str, theirs: str) -> str | None:
    """Return which of the alarms in an event we wrote, None if the marks do not show it.

    We write one alarm or none, so if none matches the mark, all are the user's.
    """
    mark = _marks_by_field(marks).get(Field.ALARMS, _NONE)
    if mark == _NONE:
        return None
    alarms = (format_alarms([offset]) for offset in parse_alarms(theirs))
    return next((a for a in alarms if _mark(Field.ALARMS, {Field.ALARMS: a}) == mark), "")


def _marks_by_field(marks: str) -> dict[Field, str]:
    return dict(zip(Field, marks.split("-"), strict=False))


def _mark(field: Field, fields: Fields) -> str:
    return uids.stable_uuid(field, fields[field])[:_MARK]


def _when(when: When) -> str:
    return (when.astimezone(dt.UTC) if isinstance(when, dt.datetime) else when).isoformat()
