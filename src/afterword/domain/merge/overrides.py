"""Texts of events that the person has their own way, as the log remembers them.

Losing machine state must neither bring back what they removed nor lose what
they typed, so both stand in the log: a field of an event says what they typed,
until they give it up for the plan's own; and what they gave up can be had again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.merge.fields import Field, Fields
from afterword.domain.merge.three_way import DiscardedOverrides
from afterword.domain.model import LogEntry
from afterword.domain.planning import timeline


@attrs.frozen(kw_only=True)
class Overrides:
    """Fields that they have their own way, and those that they gave up, by UID."""

    pins: Mapping[str, Fields]
    given_up: Mapping[str, DiscardedOverrides]


def parse_overrides(
    log: Iterable[LogEntry], zone: ZoneInfo, interviews: Mapping[str, str] | None = None
) -> Overrides:
    """Return what the entries of an application say, in their order; `zone` is the user's.

    A title of theirs ends where the title says a word that logs, a time of
    theirs where the interview is rescheduled: `interviews` tells that of a UID.
    """
    pins: dict[str, dict[Field, str]] = {}
    given_up: dict[str, DiscardedOverrides] = {}
    for entry in log:
        if entry.rescheduled:
            _void_times(pins, entry.interview, interviews or {})
        uid = entry.event
        if uid is None or entry.gone:
            continue
        mine = pins.setdefault(uid, {})
        before = given_up[uid].fields if uid in given_up else {}
        if entry.ours:
            at = timeline.to_instant(entry.at, (), zone)
            given_up[uid] = DiscardedOverrides(fields={**before, **pins.pop(uid)}, at=at)
        elif entry.field:
            mine[Field(entry.field)] = entry.text or ""
            if uid in given_up:
                rest = {name: text for name, text in before.items() if name != entry.field}
                given_up[uid] = attrs.evolve(given_up[uid], fields=rest)
        elif entry.sent or entry.heard or entry.skipped:
            mine.pop(Field.SUMMARY, None)
    return Overrides(
        pins={uid: fields for uid, fields in pins.items() if fields},
        given_up={uid: one for uid, one in given_up.items() if one.fields},
    )


def _void_times(
    pins: Mapping[str, dict[Field, str]], interview: str | None, interviews: Mapping[str, str]
) -> None:
    """Drop the times in events of an interview; of one that is not known, to be safe."""
    for uid, fields in pins.items():
        if interview is None or interviews.get(uid, interview) == interview:
            fields.pop(Field.TIME, None)


def deleted_uids(log: Iterable[LogEntry]) -> set[str]:
    """Return the UIDs of the events that they removed."""
    last = {entry.event: entry for entry in log if entry.gone or entry.ours}
    return {uid for uid, entry in last.items() if uid and entry.gone}


def discard_overrides(
    log: Collection[LogEntry], *, now: dt.datetime, zone: ZoneInfo
) -> list[LogEntry]:
    """Return the entries by which they give up all texts of their own."""
    own = parse_overrides(log, zone)
    at = now.astimezone(zone).replace(microsecond=0)
    return [
        LogEntry(at=at, event=uid, ours=True) for uid in sorted(own.pins.keys() - deleted_uids(log))
    ]


def restore_overrides(
    log: Collection[LogEntry], *, now: dt.datetime, zone: ZoneInfo
) -> list[LogEntry]:
    """Return the entries by which they take back what they gave up."""
    own = parse_overrides(log, zone)
    at = now.astimezone(zone).replace(microsecond=0)
    return [
        LogEntry(at=at, event=uid, field=field.value, text=text or None)
        for uid in sorted(own.given_up.keys() - deleted_uids(log))
        for field, text in own.given_up[uid].fields.items()
    ]
