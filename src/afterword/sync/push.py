"""Push: send the planned writes, a few at a time, and apply their results to the rows.

The intent of each write is on disk before it is sent, and its result after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import attrs

from afterword.dav.interface import (
    BusyError,
    EventRejectedError,
    ForbiddenError,
    LockedError,
    NotFoundError,
    OutcomeUnknownError,
    PreconditionFailedError,
    ServerFaultError,
    SuspiciousResponseError,
    UidConflictError,
    UidElsewhereError,
)
from afterword.dav.workers import WorkerPool
from afterword.domain.merge.three_way import ObservedEvent, PlannedWrite, WriteKind
from afterword.errors import AfterwordError, LoginError, RefusedError
from afterword.storage.state.sync_rows import SyncRow
from afterword.sync.outcomes import WaitingError, WriteOutcomes
from afterword.sync.prepare import PendingWrite, save_intents
from afterword.sync.session import SyncSession
from afterword.sync.sync_context import LONGEST_PAUSE, SyncContext

NOT_SENT = "it was not sent; the next run sends it"
WAITING = "it waits, as other writes like it failed; the next run sends it first"
NO_TIME = "the server had no time for it; the next run sends it again"
_NO_LOGIN = "it was not stored, as the login was refused"
_DEFAULT_PAUSE = 1.0


class StoredResult(NamedTuple):
    """The body that was sent, if any, and its ETag if the server returned any."""

    etag: str | None = None
    body: bytes = b""


def push_writes(context: SyncContext, actions: list[PlannedWrite], outcomes: WriteOutcomes) -> None:
    """Send the writes, a few at a time, and record their outcomes.

    What failed in earlier runs comes last, so that it keeps no other event waiting for ever.
    """
    failures = context.session.creation
    actions = sorted(
        actions,
        key=lambda write: (failures(write.uid).failures, write.uid not in outcomes.renewals.counts),
    )
    writes = save_intents(context, actions, outcomes)
    total, count = len(writes), context.options.connections
    for longest_pause in (LONGEST_PAUSE, 0.0):
        pool: WorkerPool[PendingWrite, StoredResult] = WorkerPool(
            _sender(context, outcomes), writes, count=count
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
                        _apply_result(context, write, result, outcomes)
                    if isinstance(result, BusyError) or outcomes.stopped:
                        pool.halt()
            if context.options.progress:
                context.options.progress(len(outcomes.done), total)
        if busy and seconds > longest_pause and not outcomes.stopped:
            outcomes.stopped = context.busy_error(seconds)
        if outcomes.stopped or not busy:
            _mark_unsent(context.session, pool.remaining, NOT_SENT, outcomes)
            _mark_unsent(context.session, busy, NO_TIME, outcomes)
            break
        context.options.sleep(seconds)
        # Then a single connection, in case the concurrent writes were too many for the server.
        writes, count = busy + pool.remaining, 1
    _count_failures(context.session, actions, outcomes)


def _count_failures(
    session: SyncSession, actions: Iterable[PlannedWrite], outcomes: WriteOutcomes
) -> None:
    done = {action.uid for action in outcomes.done}
    failed = outcomes.failed.keys() - outcomes.waiting
    states = {}
    for action in actions:
        state = session.creation(action.uid)
        if action.uid in failed:
            states[action.uid] = state._replace(failures=state.failures + 1)
        elif action.uid in done and state.failures:
            states[action.uid] = state._replace(failures=0)
    session.commit({}, creations=states)


def _apply_result(
    context: SyncContext,
    write: PendingWrite,
    result: StoredResult | BaseException,
    outcomes: WriteOutcomes,
) -> None:
    """Apply the result of a write to its row and to the outcomes."""
    action, uid, session = write.action, write.action.uid, context.session
    match result:
        case StoredResult():
            _record_done(context, write, result, outcomes)
        case WaitingError():
            outcomes.waiting.add(uid)
            _mark_unsent(session, [write], WAITING, outcomes)
        case NotFoundError():
            # A share that is read-only says so of what it shows.
            outcomes.unsettled.add(uid)
            outcomes.denied[uid] = result.message
        case PreconditionFailedError() | SuspiciousResponseError():
            _suspect(session.rows[uid], action.kind, outcomes)
        case UidConflictError() | EventRejectedError():
            _record_refused(session, write, result, outcomes)
        case ServerFaultError() if action.kind is WriteKind.CREATE:
            outcomes.add_fault(uid, result.message)
        case OutcomeUnknownError():
            outcomes.unsettled.add(uid)
            outcomes.add_failure(action, result.message)
        case AfterwordError():
            outcomes.stopped = outcomes.stopped or result
            if isinstance(result, LoginError):
                _mark_unsent(session, [write], _NO_LOGIN, outcomes)
        case _:
            raise result


def _mark_unsent(
    session: SyncSession, writes: Iterable[PendingWrite], reason: str, outcomes: WriteOutcomes
) -> None:
    """Drop the intents of writes that were certainly not sent."""
    rows = {write.action.uid: session.rows[write.action.uid] for write in writes}
    outcomes.failed |= dict.fromkeys(rows, reason)
    session.commit({uid: row.without_intent() for uid, row in rows.items()})


def _record_done(
    context: SyncContext, write: PendingWrite, sent: StoredResult, outcomes: WriteOutcomes
) -> None:
    """Record a write; without an ETag the object is fetched before the intent is dropped."""
    action, row = write.action, context.session.rows[write.action.uid]
    outcomes.add_success(action)
    if action.kind is WriteKind.DELETE:
        context.session.commit({action.uid: None}, forget=[action.uid])
        return
    new = ObservedEvent(uid=action.uid, base=action.base, theirs=action.result, at=context.now)
    previous = row.held or new
    marked_over = previous.marked_over if action.quiet else action.marks_over
    held = attrs.evolve(previous, base=action.base, theirs=action.result, marked_over=marked_over)
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
        _suspect(row, action.kind, outcomes)
    elif isinstance(error, UidElsewhereError):
        # About this event alone: the others like it are not held back.
        session.commit({action.uid: row.without_intent()})
        outcomes.failed[action.uid] = error.message
    else:
        session.commit({action.uid: row.without_intent()})
        outcomes.add_failure(action, error.message, permanent=forbidden)


def _suspect(row: SyncRow, kind: WriteKind, outcomes: WriteOutcomes) -> None:
    """Note that a new UID may be in use, unless its object may only be hidden yet."""
    outcomes.unsettled.add(row.uid)
    if kind is WriteKind.CREATE and not row.unsure:
        outcomes.suspects.add(row.uid)


def _is_busy(result: StoredResult | BaseException, longest_pause: float) -> bool:
    return isinstance(result, BusyError) or (
        isinstance(result, LockedError) and bool(longest_pause)
    )


def _sender(
    context: SyncContext, outcomes: WriteOutcomes
) -> Callable[[PendingWrite], StoredResult]:
    from afterword.formats import ics_files

    def send(write: PendingWrite) -> StoredResult:
        if outcomes.holds_back(write.action):
            raise WaitingError(WAITING)
        if write.action.kind is WriteKind.DELETE:
            context.calendar.delete(write.href, etag=write.etag)
            return StoredResult()
        new = write.action.kind is WriteKind.CREATE
        body = write.body
        if write.event:
            body = ics_files.new_calendar_object(write.event, write.marks)
        return StoredResult(context.calendar.put(write.href, body, etag=write.etag, new=new), body)

    return send
