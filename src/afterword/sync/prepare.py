"""Prepare the planned writes: their numbers, marks and bodies, and the intents on disk."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import attrs

from afterword.domain import uids
from afterword.domain.calendar_model import Event, Field
from afterword.domain.merge import fields
from afterword.domain.merge.three_way import PlannedWrite, WriteKind
from afterword.errors import InputError
from afterword.storage.state import sequence_numbers
from afterword.storage.state.sequence_numbers import RevisedEvent
from afterword.storage.state.sync_rows import Intent, SyncRow
from afterword.sync.outcomes import WriteOutcomes
from afterword.sync.sync_context import SyncContext


class PendingWrite(NamedTuple):
    """A planned write with its body, or with the event of which the body is made when it is sent.

    A first sync has thousands of events, whose bodies are not held all at once.
    """

    action: PlannedWrite
    href: str
    etag: str | None = None
    body: bytes = b""
    event: Event | None = None
    marks: str = ""
    stamp: dt.datetime | None = None


def save_intents(
    context: SyncContext, actions: list[PlannedWrite], outcomes: WriteOutcomes
) -> list[PendingWrite]:
    """Return the writes after all intents are saved in a single transaction."""
    writes, rows, revisions = [], {}, []
    written = _assign_revisions(context, actions, outcomes)
    for action in actions:
        row = context.session.rows.get(action.uid)
        if action.event and action.uid not in written:
            continue
        try:
            write, revision = _prepare(context, row, action, written.get(action.uid))
        except ValueError as error:
            outcomes.failed[action.uid] = f"it cannot be changed as it is: {error}"
            continue
        writes.append(write)
        revisions += [revision] if revision else []
        generation = context.session.generation(action.uid)
        rows[action.uid] = attrs.evolve(
            row or SyncRow(uid=action.uid, href=write.href, generation=generation),
            intent=Intent(
                kind=action.kind,
                result=action.result,
                base=action.base,
                silences=action.marks_over,
            ),
        )
    context.session.commit(rows, written=revisions)
    return writes


def _assign_revisions(
    context: SyncContext, actions: list[PlannedWrite], outcomes: WriteOutcomes
) -> dict[str, RevisedEvent]:
    """Return the events with their SEQUENCE; an event that cannot be written is a failure."""
    from afterword.formats import ics_files

    events, fingerprints = [], dict[str, str]()
    for action in actions:
        if action.event:
            try:
                fingerprints[action.uid] = ics_files.fingerprint_of(action.event)
            except InputError as error:
                outcomes.failed[action.uid] = error.message
            else:
                events.append(action.event)
    session = context.session
    mine = sequence_numbers.load_revisions(session.database, session.url)
    revised = sequence_numbers.assign_sequence(
        session.database, mine, events, lambda event: fingerprints[event.uid], now=context.now
    )
    return {revision.event.uid: revision for revision in revised}


def _prepare(
    context: SyncContext,
    row: SyncRow | None,
    action: PlannedWrite,
    written: RevisedEvent | None,
) -> tuple[PendingWrite, RevisedEvent | None]:
    """Return the write of an action and the revision of its event."""
    calendar_uid = uids.calendar_uid(action.uid, context.session.generation(action.uid))
    href = row.href if row else context.calendar.href(calendar_uid)
    etag = row.etag if row else None
    if action.kind is WriteKind.DELETE:
        return PendingWrite(action=action, href=href, etag=etag), None
    marks = _marks(context, action)
    if action.kind is WriteKind.CREATE and written:
        event = _with_uid(written.event, calendar_uid)
        write = PendingWrite(action=action, href=href, event=event, marks=marks, stamp=event.stamp)
        if action.result[Field.ALARMS] != fields.fields_of(event)[Field.ALARMS]:
            write = _with_alarms_of(context, write, event)
        return write, written
    from afterword.formats import ics_patch

    current = context.session.body(action.uid)
    now = context.now.replace(microsecond=0)
    change = ics_patch.EventPatch(
        fields=action.fields,
        result=action.result,
        event=action.event,
        marks=marks,
        stamp=max(now, written.event.stamp) if written else now,
        sequence=written.event.sequence if written else 0,
        quiet=action.quiet,
    )
    if Field.TIME in action.fields and ics_patch.has_absolute_alarm(current):
        context.session.shifted_alarms.add(action.uid)
    body, sequence, stamp = ics_patch.patch_event(current, change, context.zone)
    if written:
        event = attrs.evolve(written.event, sequence=sequence, stamp=stamp)
        written = written._replace(event=event)
    return PendingWrite(action=action, href=href, etag=etag, body=body, stamp=stamp), written


def _with_uid(event: Event, uid: str) -> Event:
    """Return the event with the UID that its object gets, and with an alarm to match."""
    if uid == event.uid:
        return event
    alarm = event.alarm and attrs.evolve(event.alarm, uid=uids.stable_uuid(uid, "alarm"))
    return attrs.evolve(event, uid=uid, alarm=alarm)


def _with_alarms_of(context: SyncContext, write: PendingWrite, event: Event) -> PendingWrite:
    """Return the write of a new event that gets the user's alarms."""
    from afterword.formats import ics_files, ics_patch

    body = ics_files.new_calendar_object(event, write.marks)
    alarms = ics_patch.EventPatch(
        fields={Field.ALARMS},
        result=write.action.result,
        event=event,
        marks=write.marks,
        stamp=event.stamp,
    )
    return write._replace(event=None, body=ics_patch.with_alarms(body, alarms, context.zone))


def _marks(context: SyncContext, action: PlannedWrite) -> str:
    """Return the X-AFTERWORD-MARKS for the fields of an action that are not the user's."""
    before = context.marks(action.uid) if action.kind is WriteKind.UPDATE else ""
    pinned = context.desired.pins.get(action.uid, {})
    ours = {
        field: action.result[field]
        for field in action.fields - pinned.keys()
        if action.base.get(field) == action.result[field]
    }
    over = fields.is_marked_over(before) if action.quiet else action.marks_over
    owner = context.desired.owner_marks.get(action.uid) or fields.owner_of(before)
    return fields.fingerprint(ours, before=before, over=over, owner=owner)
