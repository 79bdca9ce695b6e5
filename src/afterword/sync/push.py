"""What became of each write: taken into the rows, and counted for the report.

The plan's writes, a few at once: each intended on disk before, and settled after it.
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
_IN_A_ROW = 3


@attrs.frozen(kw_only=True)
class PendingWrite:
    """An action with what is sent for it: a body, or the event from which it is made then.

    A first sync has thousands, which need not be held all at once.
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
    """What was sent, and the ETag that was told for it."""

    etag: str | None
    body: bytes


@attrs.define(kw_only=True)
class WriteOutcomes:
    """How the writes went. `unsettled` are to be looked at again, `suspects` may be taken."""

    done: list[PlannedWrite] = attrs.field(factory=list)
    unsettled: set[str] = attrs.field(factory=set)
    suspects: set[str] = attrs.field(factory=set)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    _misses: int = 0

    def missed(self, uid: str, reason: str, *, for_good: bool = False) -> None:
        """Count a failure; several in a row stop the run."""
        self.failed[uid] = reason
        self._misses += 1
        if self._misses >= _IN_A_ROW and self.stopped is None:
            kind = RefusedError if for_good else TryLaterError
            self.stopped = kind(f"{self._misses} writes in a row failed, the last: {reason}")

    def succeeded(self, action: PlannedWrite) -> None:
        """Count a success."""
        self.done.append(action)
        self._misses = 0


def apply_result(
    work: SyncContext,
    done: PendingWrite,
    result: StoredResult | BaseException | None,
    outcome: WriteOutcomes,
) -> None:
    """Take in the outcome of one write."""
    action, uid = done.action, done.action.uid
    deleting = action.kind is WriteKind.DELETE
    if deleting and (result is None or isinstance(result, NotFoundError)):
        work.ledger.commit({uid: None}, forget=[uid])
        outcome.succeeded(action)
    elif not isinstance(result, BaseException):
        _stored(work, done, result or StoredResult(None, b""), outcome)
    elif isinstance(result, PreconditionFailedError | NotFoundError | SuspiciousResponseError):
        outcome.unsettled.add(uid)
        if action.kind is WriteKind.CREATE:
            outcome.suspects.add(uid)
    elif isinstance(result, UidConflictError | EventRejectedError):
        _refused(work.ledger, done, result, outcome)
    elif isinstance(result, OutcomeUnknownError):
        outcome.unsettled.add(uid)
        outcome.missed(uid, result.message)
    elif isinstance(result, AfterwordError):
        outcome.stopped = outcome.stopped or result
        if isinstance(result, LoginError):
            mark_unsent(work.ledger, [done], _NO_LOGIN, outcome)
    else:
        raise result


def mark_unsent(
    ledger: SyncSession, writes: Iterable[PendingWrite], reason: str, outcome: WriteOutcomes
) -> None:
    """Note of writes that nothing came of them, so that nobody has to look."""
    rows = {one.action.uid: ledger.rows[one.action.uid] for one in writes}
    outcome.failed |= dict.fromkeys(rows, reason)
    ledger.commit(
        {uid: attrs.evolve(row, intent=None) if row.held else None for uid, row in rows.items()}
    )


def _stored(
    work: SyncContext, done: PendingWrite, sent: StoredResult, outcome: WriteOutcomes
) -> None:
    """Note that the server has it; without an ETag what it made of it is still to be seen."""
    action, row = done.action, work.ledger.rows[done.action.uid]
    outcome.succeeded(action)
    new = ObservedEvent(uid=action.uid, base=action.base, theirs=action.result, at=work.now)
    held = attrs.evolve(
        row.held or new, base=action.base, theirs=action.result, marked_over=action.marks_over
    )
    if sent.etag is None:
        outcome.unsettled.add(action.uid)
    stored = attrs.evolve(
        row,
        etag=sent.etag,
        held=held,
        intent=row.intent if sent.etag is None else None,
        stamp=done.stamp,
        body=sent.body,
    )
    work.ledger.commit({action.uid: stored})


def _refused(
    ledger: SyncSession, done: PendingWrite, error: RefusedError, outcome: WriteOutcomes
) -> None:
    """Note that nothing was stored, and what else may help."""
    action, row = done.action, ledger.rows[done.action.uid]
    forbidden = isinstance(error, ForbiddenError | UidConflictError)
    if action.kind is WriteKind.DELETE and row.held and forbidden:
        held = attrs.evolve(row.held, undeletable=True)
        ledger.commit({action.uid: attrs.evolve(row, held=held, intent=None)})
        outcome.unsettled.add(action.uid)
    elif action.kind is WriteKind.CREATE and isinstance(error, UidConflictError):
        outcome.unsettled.add(action.uid)
        outcome.suspects.add(action.uid)
    else:
        ledger.commit({action.uid: attrs.evolve(row, intent=None) if row.held else None})
        outcome.missed(action.uid, error.message, for_good=forbidden)


_A_MOMENT = 1.0


def push_writes(
    work: SyncContext, actions: list[PlannedWrite], wanted: DesiredState
) -> WriteOutcomes:
    """Send the writes, a few at once, and return how they went."""
    outcome = WriteOutcomes()
    writes = list(_intended(work, actions, wanted, outcome))
    total, count = len(writes), work.connections
    for patience in (LONGEST_PAUSE, 0.0):
        lines: WorkerPool[PendingWrite, StoredResult | None] = WorkerPool(
            _sender(work), writes, count=count
        )
        busy: list[PendingWrite] = []
        seconds = 0.0
        for arrived in lines:
            with work.ledger.together():
                for done, result in arrived:
                    if _is_busy(result, patience):
                        busy.append(done)
                        seconds = max(seconds, getattr(result, "seconds", None) or _A_MOMENT)
                    else:
                        apply_result(work, done, result, outcome)
                    if isinstance(result, BusyError) or outcome.stopped:
                        lines.halt()
            work.progress(len(outcome.done), total)
        if busy and seconds > patience and not outcome.stopped:
            outcome.stopped = busy_error(work, seconds, wanted.zone)
        if outcome.stopped or not busy:
            mark_unsent(work.ledger, lines.remaining, NOT_SENT, outcome)
            mark_unsent(work.ledger, busy, NO_TIME, outcome)
            break
        work.sleep(seconds)
        # One at a time from here on: it may be our own haste that the server cannot take.
        writes, count = busy + lines.remaining, 1
    return outcome


def _is_busy(result: StoredResult | BaseException | None, patience: float) -> bool:
    return isinstance(result, BusyError) or (isinstance(result, LockedError) and bool(patience))


def _sender(work: SyncContext) -> Callable[[PendingWrite], StoredResult | None]:
    from afterword.formats.ics import ics_writer

    def send(one: PendingWrite) -> StoredResult | None:
        if one.action.kind is WriteKind.DELETE:
            work.calendar.delete(one.href, etag=one.etag)
            return None
        new = one.action.kind is WriteKind.CREATE
        body = ics_writer.new_calendar_object(one.event, one.marks) if one.event else one.body
        return StoredResult(work.calendar.put(one.href, body, etag=one.etag, new=new), body)

    return send


def _intended(
    work: SyncContext, actions: list[PlannedWrite], wanted: DesiredState, outcome: WriteOutcomes
) -> Iterator[PendingWrite]:
    """Yield the writes once all of them are on disk as intents, at one go."""
    writes, rows, noted = [], {}, []
    written = _revised(work, actions, outcome)
    for action in actions:
        row = work.ledger.rows.get(action.uid)
        if action.event and action.uid not in written:
            continue
        try:
            one, revision = _prepared(work, row, action, written.get(action.uid), wanted)
        except ValueError as error:
            outcome.missed(action.uid, f"it cannot be changed as it is: {error}")
            continue
        writes.append(one)
        noted += [revision] if revision else []
        rows[action.uid] = attrs.evolve(
            row or SyncRow(uid=action.uid, href=one.href), intent=_intent(action)
        )
    work.ledger.commit(rows, written=noted)
    yield from writes


def _revised(
    work: SyncContext, actions: list[PlannedWrite], outcome: WriteOutcomes
) -> dict[str, RevisedEvent]:
    """Return the events with their numbers; one that no calendar can hold is a failure."""
    from afterword.formats.ics import export_file

    events, prints = [], dict[str, str]()
    for action in actions:
        if action.event:
            try:
                prints[action.uid] = export_file.fingerprint_of(action.event)
            except InputError as error:
                outcome.missed(action.uid, error.message)
            else:
                events.append(action.event)
    ledger = work.ledger
    mine = sequence_numbers.load_revisions(ledger.database, ledger.url)
    revised = sequence_numbers.assign_sequence(
        ledger.database, mine, events, lambda event: prints[event.uid], now=work.now
    )
    return {one.event.uid: one for one in revised}


def _intent(action: PlannedWrite) -> Intent:
    return Intent(
        kind=action.kind, result=action.result, base=action.base, silences=action.marks_over
    )


def _prepared(
    work: SyncContext,
    row: SyncRow | None,
    action: PlannedWrite,
    written: RevisedEvent | None,
    wanted: DesiredState,
) -> tuple[PendingWrite, RevisedEvent | None]:
    """Return the write of an action, and the revision of its event."""
    href = row.href if row else work.calendar.href(action.uid)
    etag = row.etag if row else None
    if action.kind is WriteKind.DELETE:
        return PendingWrite(action=action, href=href, etag=etag), None
    there = work.ledger.body(action.uid) if action.kind is WriteKind.UPDATE else b""
    marks = _marks(there, action, wanted)
    if action.kind is WriteKind.CREATE and written:
        event = written.event
        one = PendingWrite(action=action, href=href, event=event, marks=marks, stamp=event.stamp)
        return one, written
    from afterword.formats.ics import ics_patch

    now = work.now.replace(microsecond=0)
    change = ics_patch.EventPatch(
        fields=action.fields,
        result=action.result,
        event=action.event,
        marks=marks,
        stamp=max(now, written.event.stamp) if written else now,
        sequence=written.event.sequence if written else 0,
    )
    body, sequence, stamp = ics_patch.patch_event(there, change, wanted.zone)
    if written:
        event = attrs.evolve(written.event, sequence=sequence, stamp=stamp)
        written = attrs.evolve(written, event=event)
    return PendingWrite(action=action, href=href, etag=etag, body=body, stamp=stamp), written


def _marks(there: bytes, action: PlannedWrite, wanted: DesiredState) -> str:
    """Return the marks of what is of our own making in what an action writes."""
    before = ""
    if there:
        from afterword.formats.ics import ics_patch

        before = ics_patch.parse_event(there, wanted.zone).marks
    pinned = wanted.pins.get(action.uid, {})
    ours = {
        field: action.result[field]
        for field in action.fields - pinned.keys()
        if action.base.get(field) == action.result[field]
    }
    return fields.fingerprint(ours, before=before, over=action.marks_over)
