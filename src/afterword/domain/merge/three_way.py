"""Three ways to one: what was agreed, what the plan wants, what the calendar holds.

The person wins: a field that they changed stays as they have it, an event that
they removed stays away, and only what nobody but us has touched is written or
taken away. Everything here is a value; nothing is sent.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.events.event import Event
from afterword.domain.merge import fields as f
from afterword.domain.merge.fields import Field, Fields
from afterword.domain.model import When

MANY = 3
"""So many events gone at once are taken for an accident, not for a wish."""


class Presence(enum.StrEnum):
    """How an event of ours stands in the calendar."""

    HELD = "held"
    GONE = "gone"
    FOREIGN = "foreign"


@attrs.frozen(kw_only=True)
class DiscardedOverrides:
    """Fields as the person had them, and when they gave them up for the plan's own."""

    fields: Fields
    at: dt.datetime


@attrs.frozen(kw_only=True)
class DesiredState:
    """What the facts ask of the calendar, and what they remember of the person's wishes.

    `acts` are the events whose time the log governs. `known` are all UIDs that
    follow from the facts, withdrawn ones too: only these, and those that we
    wrote ourselves, are ever looked at. `pins` are fields as the person has
    them, `given_up` fields that they had and no longer want, `tombstones`
    events that they removed. `owners` are the applications of the events, by
    id. Where the facts are not `complete` (a file of them is damaged), what
    they do not know is left.
    """

    events: Mapping[str, Event]
    zone: ZoneInfo
    acts: Collection[str] = ()
    known: Collection[str] = ()
    tombstones: Collection[str] = ()
    pins: Mapping[str, Fields] = attrs.field(factory=dict)
    given_up: Mapping[str, DiscardedOverrides] = attrs.field(factory=dict)
    owners: Mapping[str, str] = attrs.field(factory=dict)
    complete: bool = True

    @functools.cached_property
    def fields(self) -> Mapping[str, Fields]:
        """The fields that the calendar should show: the plan's, the person's where pinned."""
        return {uid: self._fields(event) for uid, event in self.events.items()}

    def _fields(self, event: Event) -> Fields:
        return f.fields_of(event) | dict(self.pins.get(event.uid, {}))


@attrs.frozen(kw_only=True)
class ObservedEvent:
    """What the calendar holds under one UID.

    `base` is what both sides last agreed on, without the fields of which that
    is unknown; `theirs` is what is there now; `at` is when they last changed
    it. `silenced`: we made it say that it is over. `undeletable`: the server
    would not let it be removed. `owner` is the id of its application;
    `forgotten`: the person had that forgotten. `settled`: the facts have known
    it to be gone. `returned`: it was gone, and somebody has put it back.
    `our_alarms` are those that we put there, where the person keeps others.
    """

    uid: str
    standing: Presence = Presence.HELD
    base: Fields
    theirs: Fields
    at: dt.datetime
    silenced: bool = False
    undeletable: bool = False
    owner: str | None = None
    forgotten: bool = False
    settled: bool = False
    returned: bool = False
    our_alarms: str | None = None


class WriteKind(enum.StrEnum):
    """What is sent for an action."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@attrs.frozen(kw_only=True)
class PlannedWrite:
    """One write. `fields` are to be written, `result` is what is there afterwards, `base` agreed.

    `event` is what the plan wants; an event that is over has none.
    """

    kind: WriteKind
    uid: str
    event: Event | None = None
    fields: frozenset[Field] = frozenset()
    result: Fields = attrs.field(factory=dict)
    base: Fields = attrs.field(factory=dict)
    silences: bool = False


def field_equal(field: Field, one: str, other: str | None, *, act: bool) -> bool:
    """Tell whether nobody would call it a change. Of an act only the start counts."""
    if field is Field.TIME and act and other is not None:
        return one.partition("/")[0] == other.partition("/")[0]
    return one == other


def plan_writes(
    wanted: DesiredState, held: Mapping[str, ObservedEvent], *, now: dt.datetime, over: str
) -> tuple[PlannedWrite, ...]:
    """Return the writes that make the calendar true: removals first, then the plan's order.

    `over` is what the title of an edited event that is over begins with.
    """
    removed = (_unwanted(wanted, one, over, now) for one in _others(wanted, held))
    written = (
        _desired(wanted, event, held.get(uid), now, over) for uid, event in wanted.events.items()
    )
    return tuple(action for action in (*removed, *written) if action)


def all_events_vanished(
    before: Iterable[ObservedEvent], after: Mapping[str, ObservedEvent]
) -> bool:
    """Tell whether all of our events, and more than a few, are gone from the calendar."""
    held = [one.uid for one in before if one.standing is Presence.HELD]
    return len(held) >= MANY and all(
        uid not in after or after[uid].standing is Presence.GONE for uid in held
    )


def would_orphan_all(
    wanted: DesiredState, held: Mapping[str, ObservedEvent], actions: Iterable[PlannedWrite]
) -> bool:
    """Tell whether all of our events, and more than a few, would go with their applications.

    What the person had forgotten may go.
    """
    gone = {
        action.uid for action in actions if action.kind is not WriteKind.CREATE and not action.event
    }
    there = set(wanted.owners.values())
    known = {uid for uid, one in held.items() if one.forgotten or one.owner in there}
    unknown = gone.difference(wanted.known, wanted.events, known)
    standing = {uid for uid, one in held.items() if one.standing is Presence.HELD}
    return len(unknown) >= MANY and standing <= unknown


def is_over(end: When, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    """Tell whether an event that ends then (exclusive) has passed."""
    if not isinstance(end, dt.datetime):
        end = dt.datetime.combine(end, dt.time(), zone)
    return end.astimezone(dt.UTC) <= now


def _others(wanted: DesiredState, held: Mapping[str, ObservedEvent]) -> Iterator[ObservedEvent]:
    return (
        one
        for uid, one in held.items()
        if uid not in wanted.events and one.standing is Presence.HELD
        if wanted.complete or uid in wanted.known
    )


def _desired(
    wanted: DesiredState, event: Event, held: ObservedEvent | None, now: dt.datetime, over: str
) -> PlannedWrite | None:
    if event.uid in wanted.tombstones or (held and held.standing is not Presence.HELD):
        return None
    if held is None:
        return _create(wanted, event, now)
    act = event.uid in wanted.acts
    target = dict(wanted.fields[event.uid])
    theirs = dict(held.theirs)
    if act:
        target[Field.TIME] = _as_long(target[Field.TIME], theirs[Field.TIME])
    if held.silenced:
        theirs = _unsaid(theirs, over)
        held = attrs.evolve(held, base=_unsaid(held.base, over))
    write: dict[Field, str] = {}
    for field, value in target.items():
        mine = field_equal(field, theirs[field], held.base.get(field), act=act)
        wish = value if mine else theirs[field]
        if not field_equal(field, held.theirs[field], wish, act=act):
            write[field] = wish
    if not write:
        return None
    agreed = {field: value for field, value in write.items() if value == target[field]}
    return PlannedWrite(
        kind=WriteKind.UPDATE,
        uid=event.uid,
        event=event,
        fields=frozenset(write),
        result=dict(held.theirs) | write,
        base=dict(held.base) | agreed,
    )


def _unsaid(fields: Fields, over: str) -> dict[Field, str]:
    """Return the fields with a title that does not say that it is over."""
    return {
        field: value.removeprefix(over).lstrip() if field is Field.SUMMARY else value
        for field, value in fields.items()
    }


def _as_long(plan: str, theirs: str) -> str:
    """Return the time of the plan for as long as they made it: of an act the start is ours."""
    start, (begins, ends) = f.parse_span(plan)[0], f.parse_span(theirs)
    if isinstance(start, dt.datetime) and isinstance(begins, dt.datetime) and ends > begins:
        return f.format_span(start, start + (ends - begins))
    return plan


def _create(wanted: DesiredState, event: Event, now: dt.datetime) -> PlannedWrite | None:
    event = f.with_fields(event, wanted.pins.get(event.uid, {}))
    if is_over(event.end, now=now, zone=wanted.zone):
        return None
    fields = f.fields_of(event)
    return PlannedWrite(
        kind=WriteKind.CREATE,
        uid=event.uid,
        event=event,
        fields=frozenset(fields),
        result=fields,
        base=fields,
    )


def _unwanted(
    wanted: DesiredState, held: ObservedEvent, over: str, now: dt.datetime
) -> PlannedWrite | None:
    """Remove what nobody edited; otherwise silence it. What has passed stays as it is."""
    if is_over(f.parse_span(held.theirs[Field.TIME])[1], now=now, zone=wanted.zone):
        return None
    pinned = wanted.pins.get(held.uid, {})
    edited = any(field in pinned or held.theirs[field] != held.base.get(field) for field in f.TEXTS)
    if not edited and not held.silenced and not held.undeletable:
        return PlannedWrite(kind=WriteKind.DELETE, uid=held.uid)
    return _silence(held, over)


def _silence(held: ObservedEvent, over: str) -> PlannedWrite | None:
    title = held.theirs[Field.SUMMARY]
    # What rings in one that says so already is theirs alone.
    known = held.base.get(Field.ALARMS, held.theirs[Field.ALARMS])
    mine = () if held.silenced else f.offsets(known if held.our_alarms is None else held.our_alarms)
    alarms = f.alarms(n for n in f.offsets(held.theirs[Field.ALARMS]) if n not in mine)
    write = {
        Field.SUMMARY: title if held.silenced or title.startswith(over) else f"{over} {title}",
        Field.ALARMS: alarms,
    }
    changed = {field for field, value in write.items() if held.theirs[field] != value}
    if not changed:
        return None
    # A title that was ours is so still: without any memory it would be taken for theirs.
    agreed = {Field.SUMMARY} if held.base.get(Field.SUMMARY) == title else set()
    if not alarms:
        # What still rings is theirs, and stays so where the plan wants the event again.
        agreed.add(Field.ALARMS)
    return PlannedWrite(
        kind=WriteKind.UPDATE,
        uid=held.uid,
        fields=frozenset(changed),
        result=dict(held.theirs) | write,
        base=dict(held.base) | {field: write[field] for field in agreed},
        silences=True,
    )
