"""Parse a calendar object of a server (RFC 4791 4.1), and patch single fields of it.

Whatever a phone added (alarms, dismissals, properties of its own) survives,
because only the changed fields are set in the server's object.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from icalendar import Alarm, Calendar, Component, vDatetime, vDuration, vText

from afterword.domain import uids
from afterword.domain.build_events import CATEGORIES
from afterword.domain.calendar_model import Event, Field, Fields
from afterword.domain.merge import fields as f
from afterword.domain.model import When
from afterword.formats.ics_files import MARKS_PROPERTY

_SECOND = dt.timedelta(seconds=1)
_INVITED = ("ORGANIZER", "ATTENDEE")
_SEQUENCE = re.compile(rb"^SEQUENCE:(\d{1,9})\r?$", re.MULTILINE)
# Legal, and written by some clients; icalendar writes the list of such a value as a text.
_TYPED_CATEGORIES = re.compile(
    rb"^(CATEGORIES(?:;[^:\r\n]*?)?);VALUE=TEXT(?=[;:])", re.IGNORECASE | re.MULTILINE
)
# An OSError, because the library looks up a TZID as the path of a zone.
_UNREADABLE = (ArithmeticError, LookupError, TypeError, AttributeError, RuntimeError, OSError)


@attrs.frozen(kw_only=True)
class ParsedEvent:
    """The event of a calendar object.

    `plain` is False for several events, which cannot be ours, unless all others are
    exceptions of a series. `invited`: others are invited. `recurs`: it is a series;
    `exceptions`: one with changed instances. `marks` are our fingerprints in it, "" if
    there are none; `modified` is its LAST-MODIFIED in UTC.
    """

    uid: str
    plain: bool
    invited: bool
    recurs: bool
    exceptions: bool
    fields: Fields
    marks: str
    sequence: int
    modified: dt.datetime | None


class _Text(vText):
    r"""A text that keeps a typed `\N`, which vText would turn into a line break."""

    def to_ical(self) -> bytes:
        return rb"\\N".join([vText(part).to_ical() for part in self.split(r"\N")])


class _Duration(vDuration):
    """A duration that is PT0S if it is zero, because some phones reject P0D."""

    def to_ical(self) -> bytes:
        return vDuration(self.td).to_ical() if self.td else b"PT0S"


def parse_event(body: bytes, zone: ZoneInfo) -> ParsedEvent:
    """Parse a calendar object; `zone` is that of floating times.

    Raises ValueError if there is no readable event in it.
    """
    calendar = _parsed(body)
    events = calendar.walk("VEVENT")
    try:
        event = _master(events)
        uid = str(event.get("UID", ""))
        others = [other for other in events if other is not event]
        return ParsedEvent(
            uid=uid,
            plain="RECURRENCE-ID" not in event
            and all("RECURRENCE-ID" in o and str(o.get("UID", "")) == uid for o in others),
            invited=any(name in each for each in events for name in _INVITED),
            recurs="RRULE" in event or "RDATE" in event,
            exceptions=bool(others),
            fields=_fields(event, zone),
            marks=str(event.get(MARKS_PROPERTY, "")),
            sequence=int(event.get("SEQUENCE", 0)),
            modified=_instant(_value(event, "LAST-MODIFIED"), zone)
            if "LAST-MODIFIED" in event
            else None,
        )
    except _UNREADABLE as error:
        raise ValueError(f"no event that can be read: {error}") from error


def sequence_of(body: bytes) -> int:
    """Return the SEQUENCE of the event of a calendar object, 0 if there is none."""
    match = _SEQUENCE.search(body)
    return int(match[1]) if match else 0


def marks_of(body: bytes) -> str:
    """Return our marks in the first event of a calendar object, "" if there are none."""
    return _first_text(body, MARKS_PROPERTY) or ""


def has_absolute_alarm(body: bytes) -> bool:
    """Return True if an alarm rings at a fixed time, wherever its event is moved."""
    events = _parsed(body).walk("VEVENT")
    return any(_is_absolute(alarm) for event in events for alarm in _ringing(event))


def has_uid(body: bytes, uid: str) -> bool:
    """Return True if a calendar object, however broken, has a line with this UID of ours."""
    return re.search(rb"^UID:%b\r?$" % re.escape(uid.encode()), body, re.MULTILINE) is not None


def uid_of(body: bytes) -> str | None:
    """Return the UID of the first event of a calendar object, or None."""
    return _first_text(body, "UID")


def _first_text(body: bytes, name: str) -> str | None:
    """Return a property of the first event, None if it or the event is missing or unreadable."""
    try:
        return str(_parsed(body).walk("VEVENT")[0][name])
    except (ValueError, LookupError):
        return None


@attrs.frozen(kw_only=True)
class EventPatch:
    """The `fields` to set to their values in `result`, with marks, DTSTAMP and SEQUENCE.

    `event` is the event of the plan: its link is set with the description, and
    new alarms get its alarm's text. `quiet`: SEQUENCE and the stamps stay.
    """

    fields: Collection[Field]
    result: Fields
    event: Event | None
    marks: str
    stamp: dt.datetime
    sequence: int = 0
    quiet: bool = False


def patch_event(body: bytes, change: EventPatch, zone: ZoneInfo) -> tuple[bytes, int, dt.datetime]:
    """Return the patched object, its SEQUENCE and its LAST-MODIFIED.

    Both are greater than before, even if those of the patch are not (RFC 5545
    3.8.7). Raises ValueError as `parse_event` does.
    """
    try:
        return _patched(body, change, zone)
    except _UNREADABLE as error:
        raise ValueError(f"no event that can be changed: {error}") from error


def with_alarms(body: bytes, change: EventPatch, zone: ZoneInfo) -> bytes:
    """Return a new object of ours with the alarms in `change.result`."""
    calendar = _parsed(body)
    (event,) = calendar.walk("VEVENT")
    _set_alarms(event, change, zone)
    return bytes(calendar.to_ical(sorted=False))


def _patched(body: bytes, change: EventPatch, zone: ZoneInfo) -> tuple[bytes, int, dt.datetime]:
    before = parse_event(body, zone)
    calendar = _parsed(body)
    events = calendar.walk("VEVENT")
    event = _master(events)
    if change.quiet:
        for each in events:
            _set_alarms(each, change, zone)
        _set(event, MARKS_PROPERTY, change.marks)
        return calendar.to_ical(sorted=False), before.sequence, before.modified or change.stamp
    for alarm in _ringing(event):
        if _value(alarm, "TRIGGER") == dt.timedelta(0):
            alarm["TRIGGER"] = _Duration(dt.timedelta(0), params=alarm["TRIGGER"].params)
    for field, set_field in _SETTERS.items():
        if field in change.fields:
            set_field(event, change, zone)
    if change.event is not None:
        _remove_private(event, change.event)
    sequence = max(change.sequence, before.sequence + 1)
    stamp = max(change.stamp, before.modified + _SECOND) if before.modified else change.stamp
    _set(event, "SEQUENCE", sequence)
    _set(event, "DTSTAMP", stamp)
    _set(event, "LAST-MODIFIED", stamp)
    _set(event, MARKS_PROPERTY, change.marks)
    return calendar.to_ical(sorted=False), sequence, stamp


def _parsed(body: bytes) -> Component:
    try:
        return Calendar.from_ical(_TYPED_CATEGORIES.sub(rb"\1", body))
    except _UNREADABLE as error:
        raise ValueError(f"no calendar object: {error}") from error


def _master(events: list[Component]) -> Component:
    """Return the event itself, not an exception of a series."""
    return next((event for event in events if "RECURRENCE-ID" not in event), events[0])


def _fields(event: Component, zone: ZoneInfo) -> dict[Field, str]:
    start, end = _ends(event, zone)
    return {
        Field.SUMMARY: f.normalize_text(str(event.get("SUMMARY", ""))),
        Field.TIME: f.format_span(start, end),
        Field.DESCRIPTION: f.normalize_text(str(event.get("DESCRIPTION", ""))),
        Field.ALARMS: f.format_alarms(
            _offset(alarm, start, end, zone) for alarm in _ringing(event)
        ),
    }


def _ends(event: Component, zone: ZoneInfo) -> tuple[When, When]:
    """Return start and end, with the default length of RFC 5545 3.6.1."""
    start = _aware(_value(event, "DTSTART"), zone)
    whole_day = not isinstance(start, dt.datetime)
    if "DTEND" in event:
        return start, _aware(_value(event, "DTEND"), zone)
    if "DURATION" in event:
        return start, start + _value(event, "DURATION")
    return start, start + dt.timedelta(days=whole_day)


def _value(component: Component, name: str) -> Any:
    return component[name].dt  # type: ignore[union-attr]  # AttributeError if it is malformed


def _aware(value: When, zone: ZoneInfo) -> When:
    return _instant(value, zone) if isinstance(value, dt.datetime) else value


def _instant(value: When, zone: ZoneInfo) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(), zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(dt.UTC)


def _ringing(event: Component) -> list[Component]:
    """Return the alarms that ring, without placeholders for a phone's default and snoozes."""
    return [
        alarm
        for alarm in event.walk("VALARM")
        if str(alarm.get("ACTION", "")).upper() != "NONE"
        and str(alarm.get("X-APPLE-DEFAULT-ALARM", "")).upper() != "TRUE"
        and "RELATED-TO" not in alarm
        and hasattr(alarm.get("TRIGGER"), "dt")
    ]


def _is_absolute(alarm: Component) -> bool:
    return isinstance(_value(alarm, "TRIGGER"), dt.datetime)


def _offset(alarm: Component, start: When, end: When, zone: ZoneInfo) -> int:
    trigger, begins = _value(alarm, "TRIGGER"), _instant(start, zone)
    if not isinstance(trigger, dt.timedelta):
        return (_instant(trigger, zone) - begins) // _SECOND
    if str(alarm["TRIGGER"].params.get("RELATED", "")).upper() == "END":
        trigger += _instant(end, zone) - begins
    return trigger // _SECOND


def _set(event: Component, name: str, value: object) -> None:
    event.pop(name, None)
    event.add(name, _Text(value) if isinstance(value, str) else value)


def _set_summary(event: Component, change: EventPatch, zone: ZoneInfo) -> None:
    del zone
    title = change.result[Field.SUMMARY]
    before = event.get("SUMMARY")
    _set(event, "SUMMARY", title)
    for alarm in _ringing(event):
        if before is not None and alarm.get("DESCRIPTION") == before:
            _set(alarm, "DESCRIPTION", title)


def _remove_private(event: Any, planned: Event) -> None:
    """Remove categories and links that reveal a job search, if the plan has none any more."""
    categories = list(event.categories)
    rest = [name for name in categories if name not in CATEGORIES]
    if not planned.categories and rest != categories:
        event.pop("CATEGORIES", None)
        if rest:
            event.categories = rest
    if not planned.url and str(event.get("URL", "")).casefold().startswith("mailto:"):
        del event["URL"]


def _set_time(event: Component, change: EventPatch, zone: ZoneInfo) -> None:
    before, _ = _ends(event, zone)
    start, end = f.parse_span(change.result[Field.TIME])
    shift = _instant(start, zone) - _instant(before, zone)
    for alarm in filter(_is_absolute, _ringing(event)):
        # Left where it was, it would ring at a time that means nothing any more.
        moved = vDatetime(_instant(_value(alarm, "TRIGGER"), zone) + shift)
        moved.params["VALUE"] = "DATE-TIME"
        alarm["TRIGGER"] = moved
    event.pop("DURATION", None)
    _set(event, "DTSTART", start)
    _set(event, "DTEND", end)


def _set_description(event: Component, change: EventPatch, zone: ZoneInfo) -> None:
    del zone
    _set(event, "DESCRIPTION", change.result[Field.DESCRIPTION])
    if change.event is not None:
        event.pop("URL", None)
        if change.event.url:
            event.add("URL", change.event.url)


def _set_alarms(event: Component, change: EventPatch, zone: ZoneInfo) -> None:
    """Remove the alarms that are not wanted, with their snoozes; add those that are missing."""
    start, end = _ends(event, zone)
    wanted = set(f.parse_alarms(change.result[Field.ALARMS]))
    stale = [alarm for alarm in _ringing(event) if _offset(alarm, start, end, zone) not in wanted]
    uids = {str(alarm["UID"]) for alarm in stale if "UID" in alarm}
    event.subcomponents = [
        part
        for part in event.subcomponents
        if not any(part is alarm for alarm in stale) and str(part.get("RELATED-TO")) not in uids
    ]
    existing = {_offset(alarm, start, end, zone) for alarm in _ringing(event)}
    for seconds in sorted(wanted - existing):
        event.add_component(_alarm(event, change, seconds))


def _alarm(event: Component, change: EventPatch, seconds: int) -> Alarm:
    ours = change.event.alarm if change.event else None
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", _Text(ours.text if ours else event.get("SUMMARY", "")))
    alarm["TRIGGER"] = _Duration(_SECOND * seconds)
    alarm.add("UID", ours.uid if ours else uids.stable_uuid(str(event["UID"]), "alarm", seconds))
    return alarm


# The time first: alarms are relative to it.
_SETTERS = {
    Field.TIME: _set_time,
    Field.SUMMARY: _set_summary,
    Field.DESCRIPTION: _set_description,
    Field.ALARMS: _set_alarms,
}
