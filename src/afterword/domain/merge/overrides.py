"""Read from the log which event fields the user overrides, and discard or restore them.

The log has them so that losing the saved state neither brings back deleted
events nor loses the user's texts. A field stays overridden until the user
discards it for the planned one; discarded fields can be restored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.merge.fields import TEXTS, Field, Fields
from afterword.domain.merge.three_way import DiscardedOverrides
from afterword.domain.model import LogEntry
from afterword.domain.planning import timeline


@attrs.frozen(kw_only=True)
class Overrides:
    """Overridden fields (`pins`) and discarded ones, by UID."""

    pins: Mapping[str, Fields]
    discarded: Mapping[str, DiscardedOverrides]


def parse_overrides(
    log: Iterable[LogEntry],
    zone: ZoneInfo,
    interviews: Mapping[str, str] | None = None,
    successors: Mapping[str, str] | None = None,
) -> Overrides:
    """Return the overrides in the log of an application; `zone` is the user's.

    An override of the title ends when a title is read as a log entry; that of a
    time ends when the interview is rescheduled. `interviews` has the interview
    ids by UID, `successors` the UIDs of restored events by their earlier ones: texts of
    the user move along.
    """
    pins: dict[str, dict[Field, str]] = {}
    discarded: dict[str, DiscardedOverrides] = {}
    for entry in log:
        if entry.rescheduled:
            _void_times(pins, entry.interview, interviews or {})
        uid = entry.event
        if uid is None or entry.gone:
            continue
        pinned = pins.setdefault(uid, {})
        before = discarded[uid].fields if uid in discarded else {}
        if entry.ours:
            at = timeline.to_instant(entry.at, (), zone)
            discarded[uid] = DiscardedOverrides(fields={**before, **pins.pop(uid)}, at=at)
        elif entry.field:
            pinned[Field(entry.field)] = entry.text or ""
            successor = (successors or {}).get(uid)
            if successor and Field(entry.field) in TEXTS:
                pins.setdefault(successor, {})[Field(entry.field)] = entry.text or ""
            if uid in discarded:
                rest = {name: text for name, text in before.items() if name != entry.field}
                discarded[uid] = attrs.evolve(discarded[uid], fields=rest)
        elif entry.sent or entry.heard or entry.skipped:
            pinned.pop(Field.SUMMARY, None)
    return Overrides(
        pins={uid: fields for uid, fields in pins.items() if fields},
        discarded={uid: event for uid, event in discarded.items() if event.fields},
    )


def _void_times(
    pins: Mapping[str, dict[Field, str]], interview: str | None, interviews: Mapping[str, str]
) -> None:
    """Drop the overridden times of an interview's events, and of events without an interview."""
    for uid, fields in pins.items():
        if interview is None or interviews.get(uid, interview) == interview:
            fields.pop(Field.TIME, None)


def deleted_uids(log: Iterable[LogEntry]) -> set[str]:
    """Return the UIDs of the events that the user deleted."""
    last = {entry.event: entry for entry in log if entry.gone or entry.ours}
    return {uid for uid, entry in last.items() if uid and entry.gone}


def discard_overrides(
    log: Collection[LogEntry], *, now: dt.datetime, zone: ZoneInfo
) -> list[LogEntry]:
    """Return the entries that discard all overrides."""
    overrides = parse_overrides(log, zone)
    at = now.astimezone(zone).replace(microsecond=0)
    return [
        LogEntry(at=at, event=uid, ours=True)
        for uid in sorted(overrides.pins.keys() - deleted_uids(log))
    ]


def restore_overrides(
    log: Collection[LogEntry], *, now: dt.datetime, zone: ZoneInfo
) -> list[LogEntry]:
    """Return the entries that restore the discarded overrides."""
    overrides = parse_overrides(log, zone)
    at = now.astimezone(zone).replace(microsecond=0)
    return [
        LogEntry(at=at, event=uid, field=field.value, text=text or None)
        for uid in sorted(overrides.discarded.keys() - deleted_uids(log))
        for field, text in overrides.discarded[uid].fields.items()
    ]
