"""Update the row of an event from its object in the calendar.

Changes that a server makes by its own rules are told apart from the user's edits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from afterword.dav.interface import Resource
from afterword.domain import datemath, uids
from afterword.domain.calendar_model import Field, Fields
from afterword.domain.merge import fields as f
from afterword.domain.merge.three_way import DesiredState, ObservedEvent, Presence, WriteKind
from afterword.storage.state.sync_rows import Intent, Rewriting, SyncRow
from afterword.sync.sync_context import SyncContext

if TYPE_CHECKING:
    from afterword.formats.ics_patch import ParsedEvent

_EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""An earlier LAST-MODIFIED comes from a clock that was never set."""


def observe(
    context: SyncContext,
    uid: str,
    generation: int,
    resource: Resource | None,
    *,
    gone: bool = False,
) -> SyncRow | None:
    """Return the new row of an event, given its object if there is any; None if it needs none.

    `gone`: the server says that its object was deleted, or the calendar is a new one.
    """
    row = context.session.rows.get(uid)
    if resource is not None:
        return _present(context, row, uid, resource, generation)
    if row is None or (row.held is None and not row.unsure):
        return None
    if row.held is None:
        sent = row.intent
        held = sent and ObservedEvent(uid=uid, base=sent.base, theirs=sent.result, at=context.now)
        return _gone(context, row, held) if gone and held else row
    if not row.was_there or (row.intent and row.intent.kind is WriteKind.DELETE):
        return None
    if row.presence is Presence.DELETED:
        return row
    return _gone(context, row, row.held) if row.seen or gone else _as_unsure(row, row.held)


def find_orphans(context: SyncContext, resources: Iterable[Resource]) -> dict[str, SyncRow | None]:
    """Return rows for objects with our marks that belong to no application here."""
    from afterword.formats import ics_patch

    rows: dict[str, SyncRow | None] = {}
    for resource in resources:
        if not ics_patch.marks_of(resource.body):
            continue
        try:
            parsed = ics_patch.parse_event(resource.body, context.zone)
        except ValueError:
            continue
        if not parsed.plain:
            continue
        end = f.parse_span(parsed.fields[Field.TIME])[1]
        if datemath.has_passed(end, now=context.now, zone=context.zone):
            continue
        held = ObservedEvent(
            uid=parsed.uid,
            presence=Presence.ORPHAN,
            base=f.unchanged_since_write(parsed.marks, parsed.fields),
            theirs=parsed.fields,
            at=context.now,
            marked_over=f.is_marked_over(parsed.marks),
            protected=parsed.invited or parsed.exceptions,
        )
        rows[parsed.uid] = SyncRow(
            uid=parsed.uid,
            href=resource.href,
            etag=resource.etag,
            held=held,
            body=resource.body,
            seen=True,
        )
    return rows


def _gone(context: SyncContext, row: SyncRow, held: ObservedEvent) -> SyncRow:
    """Return the row of an event that somebody deleted."""
    return SyncRow(
        uid=row.uid,
        href=row.href,
        held=attrs.evolve(held, presence=Presence.DELETED, at=context.now),
        stamp=row.stamp,
        generation=row.generation,
        seen=True,
    )


def _present(
    context: SyncContext, row: SyncRow | None, uid: str, resource: Resource, generation: int
) -> SyncRow:
    previous = row.held if row and row.was_there else None
    href, etag = resource.href, resource.etag
    at_path = SyncRow(uid=uid, href=href, etag=etag, generation=generation, seen=True)
    nothing = ObservedEvent(uid=uid, base={}, theirs={}, at=context.now)
    parsed = _parsed(context, resource, uid, generation)
    if isinstance(parsed, Presence):
        latest = previous if previous and parsed is Presence.UNREADABLE else nothing
        return attrs.evolve(at_path, held=attrs.evolve(latest, presence=parsed))
    if previous is None and not _may_adopt(context, row, uid, parsed):
        foreign = attrs.evolve(nothing, presence=Presence.FOREIGN, rival=bool(parsed.marks))
        return attrs.evolve(at_path, held=foreign)
    rewriting = _learn_rewriting(context, row, uid, parsed, resource)
    parsed = _undo_rewriting(parsed, rewriting)
    at = _changed_at(row, previous, parsed, context.now)
    last_marks = context.marks(uid) if previous else ""
    base, marked_over = _updated_base(row, previous, parsed, last_marks)
    protected = parsed.invited or parsed.exceptions
    if protected and not (previous and previous.protected):
        context.session.newly_protected.add(uid)
    held = attrs.evolve(
        previous or nothing,
        presence=Presence.PRESENT,
        base=base,
        theirs=parsed.fields,
        at=at,
        marked_over=marked_over,
        deletion_acknowledged=False,
        our_alarms=_our_alarms(previous, parsed, base),
        reappeared=previous is not None
        and (previous.reappeared or previous.presence is Presence.DELETED),
        protected=protected,
        recurs=parsed.recurs,
    )
    stamp = row.stamp if row else None
    return attrs.evolve(at_path, held=held, stamp=stamp, body=resource.body, rewriting=rewriting)


def _parsed(
    context: SyncContext, resource: Resource, uid: str, generation: int
) -> ParsedEvent | Presence:
    """Return the parsed event; FOREIGN or UNREADABLE if it is none that can be used."""
    from afterword.formats import ics_patch

    expected = uids.calendar_uid(uid, generation)
    try:
        parsed = ics_patch.parse_event(resource.body, context.zone)
    except ValueError:
        ours = ics_patch.has_uid(resource.body, expected)
        return Presence.UNREADABLE if ours else Presence.FOREIGN
    return parsed if parsed.plain and parsed.uid == expected else Presence.FOREIGN


def _may_adopt(context: SyncContext, row: SyncRow | None, uid: str, parsed: ParsedEvent) -> bool:
    """Return True if an event without saved state is ours."""
    if row is not None and row.held is None:
        return True
    if not parsed.marks:
        return not (parsed.invited or parsed.exceptions)
    owner = context.desired.owner_marks.get(uid)
    return context.options.adopt or not f.owners_differ(parsed.marks, owner)


def _as_unsure(row: SyncRow, held: ObservedEvent) -> SyncRow:
    """Return the row of an event that the server took, but never showed."""
    intent = Intent(kind=WriteKind.CREATE, result=held.theirs, base=held.base)
    return attrs.evolve(row, etag=None, held=None, intent=intent, unsure=True)


def _updated_base(
    row: SyncRow | None, previous: ObservedEvent | None, parsed: ParsedEvent, last_marks: str
) -> tuple[dict[Field, str], bool]:
    """Return the fields that both sides last agreed on, and True if we marked the event as over."""
    base, marked_over = (dict(previous.base), previous.marked_over) if previous else ({}, False)
    if parsed.marks and parsed.marks != last_marks:
        # Another computer wrote it since, or this state is older than the last write.
        base |= f.unchanged_since_write(parsed.marks, parsed.fields, since=last_marks)
        marked_over = f.is_marked_over(parsed.marks)
    if row and row.intent:
        intent = row.intent
        landed = {field for field in Field if intent.result.get(field) == parsed.fields[field]}
        base |= {field: intent.base[field] for field in landed if field in intent.base}
        if intent.kind is WriteKind.CREATE:
            base = dict(intent.base)
        if landed == set(Field):
            marked_over = intent.silences
    return base, marked_over


def _our_alarms(previous: ObservedEvent | None, parsed: ParsedEvent, base: Fields) -> str | None:
    """Return the alarms that we wrote, if the user changed them; None if unknown."""
    if previous is not None and previous.our_alarms is not None:
        return previous.our_alarms
    if Field.ALARMS in base:
        return None
    return f.marked_alarms(parsed.marks, parsed.fields[Field.ALARMS])


def _changed_at(
    row: SyncRow | None, previous: ObservedEvent | None, parsed: ParsedEvent, now: dt.datetime
) -> dt.datetime:
    """Return the time of the user's change: LAST-MODIFIED if it is later than our last write."""
    back = previous is not None and previous.presence is Presence.DELETED
    if previous and not back and previous.theirs == parsed.fields:
        return previous.at
    if back or parsed.modified is None or not _EARLIEST <= parsed.modified <= now:
        return now
    stale = row is not None and row.stamp is not None and parsed.modified <= row.stamp
    return now if stale else parsed.modified


def _learn_rewriting(
    context: SyncContext, row: SyncRow | None, uid: str, parsed: ParsedEvent, resource: Resource
) -> Rewriting:
    """Return how the server changed an event.

    That shows when an event is fetched that is unchanged since our write. If that is unknown,
    only alarms count as the server's, if there are not more than ours, and the rest is as
    written. The same holds for alarms without saved state.
    """
    if not resource.rewritten:
        return {}
    before = row.rewriting if row else {}
    intent = row.intent if row else None
    if intent is not None:
        result = intent.result
        if resource.as_written:
            return _differing({field: (result[field], parsed.fields[field]) for field in result})
        before = {field: pair for field, pair in before.items() if result.get(field) == pair[0]}
        rest = _undo_rewriting(parsed, before).fields
        landed = all(
            rest[field] == result.get(field) for field in Field if field is not Field.ALARMS
        )
        sent = result.get(Field.ALARMS) if landed else None
    elif row is None or row.held is None:
        sent = None if parsed.marks else _planned_alarms(uid, context.desired)
    else:
        return before
    stored = parsed.fields[Field.ALARMS]
    if sent is None or resource.as_written is False:
        return before
    if len(f.parse_alarms(stored)) > len(f.parse_alarms(sent)):
        return before
    return _differing({**before, Field.ALARMS: (sent, stored)})


def _differing(pairs: Rewriting) -> Rewriting:
    return {field: (sent, stored) for field, (sent, stored) in pairs.items() if sent != stored}


def _undo_rewriting(parsed: ParsedEvent, rewriting: Rewriting) -> ParsedEvent:
    """Return the event with the values that we sent where the server stored others."""
    fields = dict(parsed.fields)
    for field, (sent, stored) in rewriting.items():
        if field is Field.ALARMS:
            fields[field] = _with_sent_alarms(fields[field], sent, stored)
        elif fields[field] == stored:
            fields[field] = sent
    return attrs.evolve(parsed, fields=fields)


def _with_sent_alarms(there: str, sent: str, stored: str) -> str:
    """Return the alarms with ours instead of the server's; the user may have added others."""
    alarms, servers = set(f.parse_alarms(there)), set(f.parse_alarms(stored))
    if not servers <= alarms:
        return there
    return f.format_alarms(alarms - servers | set(f.parse_alarms(sent)))


def _planned_alarms(uid: str, desired: DesiredState) -> str | None:
    """Return the planned alarms of an event; None if there are none, or the user has others."""
    if uid not in desired.events or Field.ALARMS in desired.pins.get(uid, {}):
        return None
    return desired.fields[uid][Field.ALARMS] or None
