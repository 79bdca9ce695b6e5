"""What became of each write: taken into the rows, and counted for the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from afterword.core.event import Event
from afterword.core.reconcile import Action, Held, Kind
from afterword.errors import AfterwordError, LoginError, RefusedError, TryLaterError
from afterword.sync.ledger import Ledger, Work
from afterword.targets.api import (
    DoubtfulError,
    ForbiddenError,
    MissingError,
    StaleError,
    TakenError,
    UnclearError,
    UnfitError,
)

NOT_SENT = "it was not sent; the next run sends it"
NO_TIME = "the server had no time for it; the next run sends it again"
_NO_LOGIN = "it was not stored, as the login was refused"
_IN_A_ROW = 3


@attrs.frozen(kw_only=True)
class Write:
    """An action with what is sent for it: a body, or the event from which it is made then.

    A first sync has thousands, which need not be held all at once.
    """

    action: Action
    href: str
    etag: str | None = None
    body: bytes = b""
    event: Event | None = None
    marks: str = ""
    stamp: dt.datetime | None = None


@attrs.frozen
class Stored:
    """What was sent, and the ETag that was told for it."""

    etag: str | None
    body: bytes


@attrs.define(kw_only=True)
class Outcome:
    """How the writes went. `unsettled` are to be looked at again, `suspects` may be taken."""

    done: list[Action] = attrs.field(factory=list)
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

    def succeeded(self, action: Action) -> None:
        """Count a success."""
        self.done.append(action)
        self._misses = 0


def settle(
    work: Work, done: Write, result: Stored | BaseException | None, outcome: Outcome
) -> None:
    """Take in the outcome of one write."""
    action, uid = done.action, done.action.uid
    deleting = action.kind is Kind.DELETE
    if deleting and (result is None or isinstance(result, MissingError)):
        work.ledger.commit({uid: None}, forget=[uid])
        outcome.succeeded(action)
    elif not isinstance(result, BaseException):
        _stored(work, done, result or Stored(None, b""), outcome)
    elif isinstance(result, StaleError | MissingError | DoubtfulError):
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
        if isinstance(result, LoginError):
            not_stored(work.ledger, [done], _NO_LOGIN, outcome)
    else:
        raise result


def not_stored(ledger: Ledger, writes: Iterable[Write], reason: str, outcome: Outcome) -> None:
    """Note of writes that nothing came of them, so that nobody has to look."""
    rows = {one.action.uid: ledger.rows[one.action.uid] for one in writes}
    outcome.failed |= dict.fromkeys(rows, reason)
    ledger.commit(
        {uid: attrs.evolve(row, intent=None) if row.held else None for uid, row in rows.items()}
    )


def _stored(work: Work, done: Write, sent: Stored, outcome: Outcome) -> None:
    """Note that the server has it; without an ETag what it made of it is still to be seen."""
    action, row = done.action, work.ledger.rows[done.action.uid]
    outcome.succeeded(action)
    new = Held(uid=action.uid, base=action.base, theirs=action.result, at=work.now)
    held = attrs.evolve(
        row.held or new, base=action.base, theirs=action.result, silenced=action.silences
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
        outcome.missed(action.uid, error.message, for_good=forbidden)
