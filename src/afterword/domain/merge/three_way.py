"""Merge the base, the plan and the calendar into the writes that a sync should do.

The user wins: a changed field stays changed, a deleted event stays deleted, and
only what nobody but us has touched is written or deleted. Nothing is sent here.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.calendar_model import Event, Field, Fields
from afterword.domain.merge import fields as f

MANY = 3
"""If so many events, and all of them, vanish at once, that is assumed to be an accident."""


class Presence(enum.StrEnum):
    """The presence of a planned event in the calendar; the values are those of the saved state.

    FOREIGN is an object of somebody else with the UID of the event. UNREADABLE is ours, but
    with values that cannot be read. ORPHAN has our marks, and no application here has its UID.
    """

    PRESENT = "held"
    DELETED = "gone"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"
    ORPHAN = "orphan"


class DiscardedOverrides(NamedTuple):
    """Overridden fields that the user discarded for the planned ones, and when."""

    fields: Fields
    at: dt.datetime


# Without slots, because attrs gives a class with slots and a cached property a `__getattr__`,
# with which every attribute is read several times slower.
@attrs.frozen(kw_only=True, slots=False)
class DesiredState:
    """The events that the applications ask for, and the user's wishes from their logs.

    `reminder_uids` are the events whose time the log governs, because moving
    one moves its step. `possible_uids` are all UIDs that follow from the
    applications, withdrawn steps included; apart from them only events that we
    wrote are ever touched. `pins` are overridden fields, `discarded` are fields
    whose override was discarded, `tombstones` are deleted events. `owners` are
    the ids of the events' applications, `owner_marks` their `fields.owner_mark`. If
    `complete` is False (a file is damaged), events of unknown applications stay; those of
    `retained_owners` stay, and those of `dropped_owners` go, as the user decided.
    `withdrawals` are how often events were withdrawn and wanted again, as far as the log tells.
    """

    events: Mapping[str, Event]
    zone: ZoneInfo
    reminder_uids: Collection[str] = ()
    possible_uids: Collection[str] = ()
    tombstones: Collection[str] = ()
    pins: Mapping[str, Fields] = attrs.field(factory=dict)
    discarded: Mapping[str, DiscardedOverrides] = attrs.field(factory=dict)
    owners: Mapping[str, str] = attrs.field(factory=dict)
    owner_marks: Mapping[str, str] = attrs.field(factory=dict)
    complete: bool = True
    retained_owners: Collection[str] = ()
    dropped_owners: Collection[str] = ()
    withdrawals: Mapping[str, int] = attrs.field(factory=dict)

    @functools.cached_property
    def fields(self) -> Mapping[str, Fields]:
        """The fields that the calendar should have: the planned ones, or the override."""
        return {
            uid: f.fields_of(event) | dict(self.pins.get(event.uid, {}))
            for uid, event in self.events.items()
        }

    def is_same(self, uid: str, field: Field, value: str, other: str | None) -> bool:
        """Return True if a field is unchanged; of a reminder's time only the start counts."""
        if field is Field.TIME and uid in self.reminder_uids and other is not None:
            return value.partition("/")[0] == other.partition("/")[0]
        return value == other

    def has_discarded(self, uid: str, field: Field, theirs: str, at: dt.datetime) -> bool:
        """Return True if an override was discarded since; the same text typed later is new."""
        discarded = self.discarded.get(uid)
        if discarded is None or discarded.fields.get(field) != theirs:
            return False
        # The log has whole seconds.
        return at.replace(microsecond=0) <= discarded.at


@attrs.frozen(kw_only=True)
class ObservedEvent:
    """The state of a UID in the calendar.

    `base` are the fields that both sides last agreed on, as far as known;
    `theirs` are the current ones; `at` is when they were last changed.
    `marked_over`: we marked the event as over. `undeletable`: the server refused
    to delete it. `owner` is the id of its application; `forgotten`: the user
    had that deleted. `deletion_acknowledged`: the log has its deletion.
    `reappeared`: it was deleted, and somebody put it back. `our_alarms` are the
    alarms that we wrote, if the user has others beside them. `protected`: others are invited,
    or it recurs with exceptions; only our alarm in it is ever removed. `rival`: the object of
    another application that has the same id. `recurs`: the user made it a series.
    """

    uid: str
    presence: Presence = Presence.PRESENT
    base: Fields
    theirs: Fields
    at: dt.datetime
    marked_over: bool = False
    undeletable: bool = False
    owner: str | None = None
    forgotten: bool = False
    deletion_acknowledged: bool = False
    reappeared: bool = False
    our_alarms: str | None = None
    protected: bool = False
    rival: bool = False
    recurs: bool = False


class WriteKind(enum.StrEnum):
    """The kind of a write."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@attrs.frozen(kw_only=True)
class PlannedWrite:
    """A write to the calendar.

    `fields` are to be written; afterwards the event has the fields `result`, and
    both sides agree on `base`. `event` is the planned event, None for an event
    that is over. `marks_over`: the write marks the event as over. `quiet`: it raises no
    SEQUENCE, so that a server sends nothing to others who are invited.
    """

    kind: WriteKind
    uid: str
    event: Event | None = None
    fields: frozenset[Field] = frozenset()
    result: Fields = attrs.field(factory=dict)
    base: Fields = attrs.field(factory=dict)
    marks_over: bool = False
    quiet: bool = False


def plan_writes(
    desired: DesiredState, observed: Mapping[str, ObservedEvent], *, now: dt.datetime, over: str
) -> tuple[PlannedWrite, ...]:
    """Return the writes that bring the calendar up to date: removals, then the plan's order.

    `over` is the prefix for the title of an edited event that is over.
    """
    removed = (_removal(desired, event, over, now) for event in _surplus(desired, observed))
    written = (
        _creation_or_update(desired, event, observed.get(uid), now, over)
        for uid, event in desired.events.items()
    )
    return tuple(filter(None, (*removed, *written)))


def all_events_vanished(
    before: Iterable[ObservedEvent], after: Mapping[str, ObservedEvent]
) -> bool:
    """Return True if all planned events, and more than a few, vanished from the calendar."""
    present = [event.uid for event in before if event.presence is Presence.PRESENT]
    return len(present) >= MANY and all(
        uid not in after or after[uid].presence is Presence.DELETED for uid in present
    )


def would_orphan_all(
    desired: DesiredState, observed: Mapping[str, ObservedEvent], writes: Iterable[PlannedWrite]
) -> bool:
    """Return True if all events, and more than a few, would be removed with their applications.

    Events of applications that the user had deleted do not count.
    """
    removed = {
        write.uid for write in writes if write.kind is not WriteKind.CREATE and not write.event
    }
    owners = {*desired.owners.values(), *desired.dropped_owners}
    explained = {uid for uid, event in observed.items() if event.forgotten or event.owner in owners}
    orphaned = removed.difference(desired.possible_uids, desired.events, explained)
    present = {uid for uid, event in observed.items() if event.presence is Presence.PRESENT}
    return len(orphaned) >= MANY and present <= orphaned


def _surplus(
    desired: DesiredState, observed: Mapping[str, ObservedEvent]
) -> Iterator[ObservedEvent]:
    return (
        event
        for uid, event in observed.items()
        if uid not in desired.events and event.presence is Presence.PRESENT
        if desired.complete or uid in desired.possible_uids
        if event.forgotten or event.owner not in desired.retained_owners
    )


def _creation_or_update(
    desired: DesiredState, event: Event, observed: ObservedEvent | None, now: dt.datetime, over: str
) -> PlannedWrite | None:
    if event.uid in desired.tombstones or (observed and observed.presence is not Presence.PRESENT):
        return None
    if observed is None:
        return _create(desired, event, now)
    if observed.protected:
        return None
    return _update(desired, event, observed, over)


def _update(
    desired: DesiredState, event: Event, observed: ObservedEvent, over: str
) -> PlannedWrite | None:
    """Return the write of a planned event: a field that the user changed keeps their value."""
    uid, plain = event.uid, without_over_prefix(observed, over)
    target = _target_fields(desired, event, observed)
    write: dict[Field, str] = {}
    for field, value in target.items():
        theirs = plain.theirs[field]
        unchanged = desired.is_same(uid, field, theirs, plain.base.get(field))
        merged = value if unchanged else theirs
        if not desired.is_same(uid, field, observed.theirs[field], merged):
            write[field] = merged
    if not write:
        return None
    agreed = {field: value for field, value in write.items() if value == target[field]}
    return PlannedWrite(
        kind=WriteKind.UPDATE,
        uid=uid,
        event=event,
        fields=frozenset(write),
        result=dict(observed.theirs) | write,
        base=dict(plain.base) | agreed,
    )


def _target_fields(desired: DesiredState, event: Event, observed: ObservedEvent) -> Fields:
    """Return the fields that the plan wants; a reminder event keeps the length it has."""
    target = dict(desired.fields[event.uid])
    if event.uid in desired.reminder_uids:
        target[Field.TIME] = _with_length_of(target[Field.TIME], observed.theirs[Field.TIME])
    return target


def without_over_prefix(observed: ObservedEvent, over: str) -> ObservedEvent:
    """Return an event with the title as it was before the event was marked as over."""
    if not observed.marked_over:
        return observed

    def stripped(fields: Fields) -> Fields:
        title = fields.get(Field.SUMMARY, "").removeprefix(over).lstrip()
        return {**fields, Field.SUMMARY: title} if Field.SUMMARY in fields else fields

    return attrs.evolve(observed, base=stripped(observed.base), theirs=stripped(observed.theirs))


def _with_length_of(plan: str, theirs: str) -> str:
    """Return the planned time with the length that a reminder event has in the calendar."""
    start, (begins, ends) = f.parse_span(plan)[0], f.parse_span(theirs)
    if isinstance(start, dt.datetime) and isinstance(begins, dt.datetime) and ends > begins:
        return f.format_span(start, start + (ends - begins))
    return plan


def _create(desired: DesiredState, event: Event, now: dt.datetime) -> PlannedWrite | None:
    pinned = dict(desired.pins.get(event.uid, {}))
    alarms = {Field.ALARMS: pinned.pop(Field.ALARMS)} if pinned.get(Field.ALARMS) else {}
    event = f.with_fields(event, pinned)
    if datemath.has_passed(event.end, now=now, zone=desired.zone):
        return None
    fields = f.fields_of(event)
    return PlannedWrite(
        kind=WriteKind.CREATE,
        uid=event.uid,
        event=event,
        fields=frozenset(fields),
        result=fields | alarms,
        base=fields,
    )


def _removal(
    desired: DesiredState, observed: ObservedEvent, over: str, now: dt.datetime
) -> PlannedWrite | None:
    """Return the write that deletes an event, or marks it as over if the user edited it.

    An event in the past stays; of one that others are invited to only our alarm goes.
    """
    if datemath.has_passed(
        f.parse_span(observed.theirs[Field.TIME])[1], now=now, zone=desired.zone
    ):
        return None
    if observed.protected:
        return _silence(observed)
    pinned = desired.pins.get(observed.uid, {})
    edited = observed.recurs or any(
        field in pinned or observed.theirs[field] != observed.base.get(field) for field in f.TEXTS
    )
    if edited or observed.marked_over or observed.undeletable:
        return _mark_over(observed, over)
    return PlannedWrite(kind=WriteKind.DELETE, uid=observed.uid)


def _silence(observed: ObservedEvent) -> PlannedWrite | None:
    """Return the write that removes our alarm and changes nothing else."""
    alarms = _without_our_alarms(observed)
    if alarms == observed.theirs[Field.ALARMS]:
        return None
    changed = {Field.ALARMS: alarms}
    return PlannedWrite(
        kind=WriteKind.UPDATE,
        uid=observed.uid,
        fields=frozenset(changed),
        result=dict(observed.theirs) | changed,
        base=dict(observed.base) | changed,
        quiet=True,
    )


def _mark_over(observed: ObservedEvent, over: str) -> PlannedWrite | None:
    title = observed.theirs[Field.SUMMARY]
    alarms = _without_our_alarms(observed)
    is_prefixed = observed.marked_over or title.startswith(over)
    write = {
        Field.SUMMARY: title if is_prefixed else f"{over} {title}",
        Field.ALARMS: alarms,
    }
    changed = {field for field, value in write.items() if observed.theirs[field] != value}
    if not changed:
        return None
    # A title that was ours stays ours: without saved state it would be taken for the user's.
    agreed = {Field.SUMMARY} if observed.base.get(Field.SUMMARY) == title else set()
    if not alarms:
        # Alarms that are left are the user's, also if the event is planned again later.
        agreed.add(Field.ALARMS)
    return PlannedWrite(
        kind=WriteKind.UPDATE,
        uid=observed.uid,
        fields=frozenset(changed),
        result=dict(observed.theirs) | write,
        base=dict(observed.base) | {field: write[field] for field in agreed},
        marks_over=True,
    )


def _without_our_alarms(observed: ObservedEvent) -> str:
    """Return the alarms in the event that we did not write."""
    ours = _our_alarm_offsets(observed)
    theirs = f.parse_alarms(observed.theirs[Field.ALARMS])
    return f.format_alarms(offset for offset in theirs if offset not in ours)


def _our_alarm_offsets(observed: ObservedEvent) -> tuple[int, ...]:
    """Return the alarms that we wrote; in an event already marked as over there are none."""
    if observed.marked_over:
        return ()
    if observed.our_alarms is not None:
        return f.parse_alarms(observed.our_alarms)
    return f.parse_alarms(observed.base.get(Field.ALARMS, observed.theirs[Field.ALARMS]))
