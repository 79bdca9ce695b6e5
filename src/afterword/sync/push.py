"""Push: send the planned writes, a few at a time, and apply their results to the rows.

The intent of each write is on disk before it is sent, and its result after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

import attrs

from afterword.dav.interface import (
    BusyError,
    EventRejectedError,
    ForbiddenError,
    LockedError,
    NotFoundError,
    OutcomeUnknownError,
    PreconditionFailedError,
    SuspiciousResponseError,
    UidConflictError,
)
from afterword.dav.workers import WorkerPool
from afterword.domain.events.event import Event
from afterword.domain.merge import fields
from afterword.domain.merge.three_way import DesiredState, ObservedEvent, PlannedWrite, WriteKind
from afterword.errors import AfterwordError, InputError, LoginError, RefusedError, TryLaterError
from afterword.storage.state import sequence_numbers
from afterword.storage.state.sequence_numbers import RevisedEvent
from afterword.storage.state.sync_rows import Intent, SyncRow
from afterword.sync.pull import LONGEST_PAUSE, busy_error
from afterword.sync.session import SyncContext, SyncSession

NOT_SENT = "it was not sent; the next run sends it"
NO_TIME = "the server had no time for it; the next run sends it again"
_NO_LOGIN = "it was not stored, as the login was refused"
_MAX_FAILURES_IN_A_ROW = 3
_DEFAULT_PAUSE = 1.0


@attrs.frozen(kw_only=True)
class PendingWrite:
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


@attrs.frozen
class StoredResult:
    """The body that was sent, and its ETag if the server returned any."""

    etag: str | None
    body: bytes


@attrs.define(kw_only=True)
class WriteOutcomes:
    """The outcomes of the writes: `unsettled` UIDs must be fetched, `suspects` may be in use."""

    done: list[PlannedWrite] = attrs.field(factory=list)
    unsettled: set[str] = attrs.field(factory=set)
    suspects: set[str] = attrs.field(factory=set)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    _failures_in_a_row: int = 0

    def add_failure(self, uid: str, reason: str, *, permanent: bool = False) -> None:
        """Count a failure; several in a row stop the run."""
        self.failed[uid] = reason
        self._failures_in_a_row += 1
        if self._failures_in_a_row >= _MAX_FAILURES_IN_A_ROW and self.stopped is None:
            kind = RefusedError if permanent else TryLaterError
            self.stopped = kind(
                f"{self._failures_in_a_row} writes in a row failed, the last: {reason}"
            )

    def add_success(self, action: PlannedWrite) -> None:
        """Count a success."""
        self.done.append(action)
        self._failures_in_a_row = 0


def push_writes(
    context: SyncContext, actions: list[PlannedWrite], desired: DesiredState
) -> WriteOutcomes:
    """Send the writes, a few at a time, and return their outcomes."""
    outcomes = WriteOutcomes()
    writes = list(_save_intents(context, actions, desired, outcomes))
    total, count = len(writes), context.connections
    for longest_pause in (LONGEST_PAUSE, 0.0):
        pool: WorkerPool[PendingWrite, StoredResult | None] = WorkerPool(
            _sender(context), writes, count=count
        )
        busy: list[PendingWrite] = []
        seconds = 0.0
        for results in pool:
            with context.session.batched():
                for write, result in results:
                    if _is_busy(result, longest_pause):
                        busy.append(write)
                        seconds = max(seconds, getattr(result, "seconds", None) or _DEFAULT_PAUSE)
                    else:
                        apply_result(context, write, result, outcomes)
                    if isinstance(result, BusyError) or outcomes.stopped:
                        pool.halt()
            context.progress(len(outcomes.done), total)
        if busy and seconds > longest_pause and not outcomes.stopped:
            outcomes.stopped = busy_error(context, seconds, desired.zone)
        if outcomes.stopped or not busy:
            mark_unsent(context.session, pool.remaining, NOT_SENT, outcomes)
            mark_unsent(context.session, busy, NO_TIME, outcomes)
            break
        context.sleep(seconds)
        # Then a single connection, in case the concurrent writes were too many for the server.
        writes, count = busy + pool.remaining, 1
    return outcomes


def apply_result(
    context: SyncContext,
    write: PendingWrite,
    result: StoredResult | BaseException | None,
    outcomes: WriteOutcomes,
) -> None:
    """Apply the result of a write to its row and to the outcomes."""
    action, uid = write.action, write.action.uid
    deleting = action.kind is WriteKind.DELETE
    if deleting and (result is None or isinstance(result, NotFoundError)):
        context.session.commit({uid: None}, forget=[uid])
        outcomes.add_success(action)
    elif not isinstance(result, BaseException):
        _record_stored(context, write, result or StoredResult(None, b""), outcomes)
    elif isinstance(result, PreconditionFailedError | NotFoundError | SuspiciousResponseError):
        outcomes.unsettled.add(uid)
        if action.kind is WriteKind.CREATE:
            outcomes.suspects.add(uid)
    elif isinstance(result, UidConflictError | EventRejectedError):
        _record_refused(context.session, write, result, outcomes)
    elif isinstance(result, OutcomeUnknownError):
        outcomes.unsettled.add(uid)
        outcomes.add_failure(uid, result.message)
    elif isinstance(result, AfterwordError):
        outcomes.stopped = outcomes.stopped or result
        if isinstance(result, LoginError):
            mark_unsent(context.session, [write], _NO_LOGIN, outcomes)
    else:
        raise result


def mark_unsent(
    session: SyncSession, writes: Iterable[PendingWrite], reason: str, outcomes: WriteOutcomes
) -> None:
    """Drop the intents of writes that were certainly not write."""
    rows = {write.action.uid: session.rows[write.action.uid] for write in writes}
    outcomes.failed |= dict.fromkeys(rows, reason)
    session.commit(
        {uid: attrs.evolve(row, intent=None) if row.held else None for uid, row in rows.items()}
    )


def _record_stored(
    context: SyncContext, write: PendingWrite, sent: StoredResult, outcomes: WriteOutcomes
) -> None:
    """Record a stored object; without an ETag it has to be fetched before the intent is dropped."""
    action, row = write.action, context.session.rows[write.action.uid]
    outcomes.add_success(action)
    new = ObservedEvent(uid=action.uid, base=action.base, theirs=action.result, at=context.now)
    held = attrs.evolve(
        row.held or new, base=action.base, theirs=action.result, marked_over=action.marks_over
    )
    if sent.etag is None:
        outcomes.unsettled.add(action.uid)
    stored = attrs.evolve(
        row,
        etag=sent.etag,
        held=held,
        intent=row.intent if sent.etag is None else None,
        stamp=write.stamp,
        body=sent.body,
    )
    context.session.commit({action.uid: stored})


def _record_refused(
    session: SyncSession, write: PendingWrite, error: RefusedError, outcomes: WriteOutcomes
) -> None:
    """Record a refusal: nothing was stored."""
    action, row = write.action, session.rows[write.action.uid]
    forbidden = isinstance(error, ForbiddenError | UidConflictError)
    if action.kind is WriteKind.DELETE and row.held and forbidden:
        held = attrs.evolve(row.held, undeletable=True)
        session.commit({action.uid: attrs.evolve(row, held=held, intent=None)})
        outcomes.unsettled.add(action.uid)
    elif action.kind is WriteKind.CREATE and isinstance(error, UidConflictError):
        outcomes.unsettled.add(action.uid)
        outcomes.suspects.add(action.uid)
    else:
        session.commit({action.uid: attrs.evolve(row, intent=None) if row.held else None})
        outcomes.add_failure(action.uid, error.message, permanent=forbidden)


def _is_busy(result: StoredResult | BaseException | None, longest_pause: float) -> bool:
    return isinstance(result, BusyError) or (
        isinstance(result, LockedError) and bool(longest_pause)
    )


def _sender(context: SyncContext) -> Callable[[PendingWrite], StoredResult | None]:
    from afterword.formats.ics import ics_writer

    def send(write: PendingWrite) -> StoredResult | None:
        if write.action.kind is WriteKind.DELETE:
            context.calendar.delete(write.href, etag=write.etag)
            return None
        new = write.action.kind is WriteKind.CREATE
        body = write.body
        if write.event:
            body = ics_writer.new_calendar_object(write.event, write.marks)
        return StoredResult(context.calendar.put(write.href, body, etag=write.etag, new=new), body)

    return send


def _save_intents(
    context: SyncContext,
    actions: list[PlannedWrite],
    desired: DesiredState,
    outcomes: WriteOutcomes,
) -> Iterator[PendingWrite]:
    """Yield the writes after all intents are saved in a single transaction."""
    writes, rows, revisions = [], {}, []
    written = _assign_revisions(context, actions, outcomes)
    for action in actions:
        row = context.session.rows.get(action.uid)
        if action.event and action.uid not in written:
            continue
        try:
            write, revision = _prepare(context, row, action, written.get(action.uid), desired)
        except ValueError as error:
            outcomes.add_failure(action.uid, f"it cannot be changed as it is: {error}")
            continue
        writes.append(write)
        revisions += [revision] if revision else []
        rows[action.uid] = attrs.evolve(
            row or SyncRow(uid=action.uid, href=write.href), intent=_intent(action)
        )
    context.session.commit(rows, written=revisions)
    yield from writes


def _assign_revisions(
    context: SyncContext, actions: list[PlannedWrite], outcomes: WriteOutcomes
) -> dict[str, RevisedEvent]:
    """Return the events with their SEQUENCE; an event that cannot be written is a failure."""
    from afterword.formats.ics import export_file

    events, fingerprints = [], dict[str, str]()
    for action in actions:
        if action.event:
            try:
                fingerprints[action.uid] = export_file.fingerprint_of(action.event)
            except InputError as error:
                outcomes.add_failure(action.uid, error.message)
            else:
                events.append(action.event)
    session = context.session
    mine = sequence_numbers.load_revisions(session.database, session.url)
    revised = sequence_numbers.assign_sequence(
        session.database, mine, events, lambda event: fingerprints[event.uid], now=context.now
    )
    return {revision.event.uid: revision for revision in revised}


def _intent(action: PlannedWrite) -> Intent:
    return Intent(
        kind=action.kind, result=action.result, base=action.base, silences=action.marks_over
    )


def _prepare(
    context: SyncContext,
    row: SyncRow | None,
    action: PlannedWrite,
    written: RevisedEvent | None,
    desired: DesiredState,
) -> tuple[PendingWrite, RevisedEvent | None]:
    """Return the write of an action and the revision of its event."""
    href = row.href if row else context.calendar.href(action.uid)
    etag = row.etag if row else None
    if action.kind is WriteKind.DELETE:
        return PendingWrite(action=action, href=href, etag=etag), None
    current = context.session.body(action.uid) if action.kind is WriteKind.UPDATE else b""
    marks = _marks(current, action, desired)
    if action.kind is WriteKind.CREATE and written:
        event = written.event
        write = PendingWrite(action=action, href=href, event=event, marks=marks, stamp=event.stamp)
        return write, written
    from afterword.formats.ics import ics_patch

    now = context.now.replace(microsecond=0)
    change = ics_patch.EventPatch(
        fields=action.fields,
        result=action.result,
        event=action.event,
        marks=marks,
        stamp=max(now, written.event.stamp) if written else now,
        sequence=written.event.sequence if written else 0,
    )
    body, sequence, stamp = ics_patch.patch_event(current, change, desired.zone)
    if written:
        event = attrs.evolve(written.event, sequence=sequence, stamp=stamp)
        written = attrs.evolve(written, event=event)
    return PendingWrite(action=action, href=href, etag=etag, body=body, stamp=stamp), written


def _marks(current: bytes, action: PlannedWrite, desired: DesiredState) -> str:
    """Return the X-AFTERWORD-MARKS for the fields of an action that are not the user's."""
    before = ""
    if current:
        from afterword.formats.ics import ics_patch

        before = ics_patch.parse_event(current, desired.zone).marks
    pinned = desired.pins.get(action.uid, {})
    ours = {
        field: action.result[field]
        for field in action.fields - pinned.keys()
        if action.base.get(field) == action.result[field]
    }
    return fields.fingerprint(ours, before=before, over=action.marks_over)
