"""The plan's writes, a few at once: each intended on disk before, and settled after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import attrs

from afterword.core import fields
from afterword.core.reconcile import Action, Held, Kind, Wanted
from afterword.errors import AfterwordError, InputError, RefusedError, TryLaterError
from afterword.state import revisions
from afterword.state.resources import Intent, Row
from afterword.state.revisions import Written
from afterword.sync.ledger import Ledger, Work
from afterword.sync.reading import LONGEST_PAUSE
from afterword.targets.api import (
    BusyError,
    ForbiddenError,
    LockedError,
    MissingError,
    StaleError,
    TakenError,
    UnclearError,
    UnfitError,
)
from afterword.targets.lines import Lines

_IN_A_ROW = 3
_A_MOMENT = 1.0


@attrs.frozen(kw_only=True)
class Write:
    """An action with what is sent for it."""

    action: Action
    href: str
    etag: str | None = None
    body: bytes = b""
    stamp: dt.datetime | None = None


@attrs.define(kw_only=True)
class Outcome:
    """How the writes went. `unsettled` are to be looked at again, `suspects` may be taken."""

    done: list[Action] = attrs.field(factory=list)
    unsettled: set[str] = attrs.field(factory=set)
    suspects: set[str] = attrs.field(factory=set)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    _misses: int = 0

    def missed(self, uid: str, reason: str) -> None:
        """Count a failure; several in a row stop the run."""
        self.failed[uid] = reason
        self._misses += 1
        if self._misses >= _IN_A_ROW and self.stopped is None:
            self.stopped = TryLaterError(
                f"{self._misses} writes in a row failed, the last: {reason}"
            )

    def succeeded(self, action: Action) -> None:
        """Count a success."""
        self.done.append(action)
        self._misses = 0


def write(work: Work, actions: list[Action], wanted: Wanted) -> Outcome:
    """Send the writes, a few at once, and return how they went."""
    outcome = Outcome()
    writes = list(_intended(work, actions, wanted, outcome))
    total, count = len(writes), work.connections
    seconds = 0.0
    for patience in (LONGEST_PAUSE, 0.0):
        lines: Lines[Write, str | None] = Lines(_sender(work), writes, count=count)
        busy: list[Write] = []
        seconds = 0.0
        for done, result in lines:
            if isinstance(result, BusyError) or (isinstance(result, LockedError) and patience):
                busy.append(done)
                seconds = max(seconds, getattr(result, "seconds", None) or _A_MOMENT)
            else:
                _settle(work, done, result, outcome)
            if isinstance(result, BusyError) or outcome.stopped:
                lines.halt()
            work.progress(len(outcome.done), total)
        if outcome.stopped or not busy:
            return outcome
        if seconds > patience:
            break
        work.sleep(seconds)
        # One at a time from here on: it may be our own haste that the server cannot take.
        writes, count = busy + lines.left, 1
    outcome.stopped = _still_busy(work, seconds)
    return outcome


def _still_busy(work: Work, seconds: float) -> TryLaterError:
    back = (work.now + dt.timedelta(seconds=seconds)).isoformat(timespec="minutes")
    return TryLaterError(f"{work.calendar.url} is busy; try again after {back}. Nothing is lost.")


def _sender(work: Work) -> Callable[[Write], str | None]:
    def send(one: Write) -> str | None:
        if one.action.kind is Kind.DELETE:
            work.calendar.delete(one.href, etag=one.etag)
            return None
        new = one.action.kind is Kind.CREATE
        return work.calendar.put(one.href, one.body, etag=one.etag, new=new)

    return send


def _intended(
    work: Work, actions: list[Action], wanted: Wanted, outcome: Outcome
) -> Iterator[Write]:
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
            row or Row(uid=action.uid, href=one.href), intent=_intent(action)
        )
    work.ledger.commit(rows, written=noted)
    yield from writes


def _revised(work: Work, actions: list[Action], outcome: Outcome) -> dict[str, Written]:
    """Return the events with their numbers; one that no calendar can hold is a failure."""
    from afterword.formats import ics

    events = []
    for action in actions:
        if action.event:
            try:
                ics.fingerprint(action.event)
            except InputError as error:
                outcome.missed(action.uid, error.message)
            else:
                events.append(action.event)
    ledger = work.ledger
    mine = revisions.remembered(ledger.database, ledger.url)
    revised = revisions.revise(ledger.database, mine, events, ics.fingerprint, now=work.now)
    return {one.event.uid: one for one in revised}


def _intent(action: Action) -> Intent:
    return Intent(
        kind=action.kind, result=action.result, base=action.base, silences=action.silences
    )


def _prepared(
    work: Work, row: Row | None, action: Action, written: Written | None, wanted: Wanted
) -> tuple[Write, Written | None]:
    """Return the write of an action, and the revision of its event."""
    from afterword.formats import calendar_object

    href = row.href if row else work.calendar.href(action.uid)
    etag = row.etag if row else None
    marks = fields.marks(action.base, over=action.silences)
    if action.kind is Kind.DELETE:
        return Write(action=action, href=href, etag=etag), None
    if action.kind is Kind.CREATE and written:
        body = calendar_object.new(written.event, marks)
        return (
            Write(action=action, href=href, body=body, stamp=written.event.stamp),
            written,
        )
    now = work.now.replace(microsecond=0)
    change = calendar_object.Change(
        fields=action.fields,
        result=action.result,
        event=action.event,
        marks=marks,
        stamp=max(now, written.event.stamp) if written else now,
        sequence=written.event.sequence if written else 0,
    )
    body, sequence, stamp = calendar_object.patch(
        (row.body if row else None) or b"", change, wanted.zone
    )
    if written:
        event = attrs.evolve(written.event, sequence=sequence, stamp=stamp)
        written = attrs.evolve(written, event=event)
    return Write(action=action, href=href, etag=etag, body=body, stamp=stamp), written


def _settle(work: Work, done: Write, result: str | BaseException | None, outcome: Outcome) -> None:
    """Take in the outcome of one write."""
    action, uid = done.action, done.action.uid
    deleting = action.kind is Kind.DELETE
    if deleting and (result is None or isinstance(result, MissingError)):
        work.ledger.commit({uid: None}, forget=[uid])
        outcome.succeeded(action)
    elif not isinstance(result, BaseException):
        _stored(work, done, result, outcome)
    elif isinstance(result, StaleError | MissingError):
        outcome.unsettled.add(uid)
        if action.kind is Kind.CREATE:
            outcome.suspects.add(uid)
    elif isinstance(result, TakenError | UnfitError):
        _refused(work.ledger, done, result, outcome)
    elif isinstance(result, UnclearError):
        outcome.unsettled.add(uid)
        outcome.missed(uid, result.message)
    elif isinstance(result, AfterwordError):
        outcome.stopped = outcome.stopped or result
    else:
        raise result


def _stored(work: Work, done: Write, etag: str | None, outcome: Outcome) -> None:
    """Note that the server has it; without an ETag only once it was seen there."""
    action, row = done.action, work.ledger.rows[done.action.uid]
    outcome.succeeded(action)
    if etag is None:
        outcome.unsettled.add(action.uid)
        work.ledger.commit({action.uid: attrs.evolve(row, etag=None, stamp=done.stamp)})
        return
    held = Held(
        uid=action.uid,
        base=action.base,
        theirs=action.result,
        at=row.held.at if row.held else work.now,
        silenced=action.silences,
        undeletable=bool(row.held and row.held.undeletable),
    )
    stored = Row(
        uid=action.uid, href=row.href, etag=etag, held=held, stamp=done.stamp, body=done.body
    )
    work.ledger.commit({action.uid: stored})


def _refused(ledger: Ledger, done: Write, error: RefusedError, outcome: Outcome) -> None:
    """Note that nothing was stored, and what else may help."""
    action, row = done.action, ledger.rows[done.action.uid]
    forbidden = isinstance(error, ForbiddenError | TakenError)
    if action.kind is Kind.DELETE and row.held and forbidden:
        held = attrs.evolve(row.held, undeletable=True)
        ledger.commit({action.uid: attrs.evolve(row, held=held, intent=None)})
        outcome.unsettled.add(action.uid)
    elif action.kind is Kind.CREATE and isinstance(error, TakenError):
        outcome.unsettled.add(action.uid)
        outcome.suspects.add(action.uid)
    else:
        ledger.commit({action.uid: attrs.evolve(row, intent=None) if row.held else None})
        outcome.missed(action.uid, error.message)
