"""The plan's writes, a few at once: each intended on disk before, and settled after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from afterword.core import fields
from afterword.core.reconcile import Action, Kind, Wanted
from afterword.errors import InputError
from afterword.state import revisions
from afterword.state.resources import Intent, Row
from afterword.state.revisions import Written
from afterword.sync.ledger import Work
from afterword.sync.reading import LONGEST_PAUSE, still_busy
from afterword.sync.settling import NO_TIME, NOT_SENT, Outcome, Stored, Write, not_stored, settle
from afterword.targets.api import BusyError, LockedError
from afterword.targets.lines import Lines

_A_MOMENT = 1.0


def write(work: Work, actions: list[Action], wanted: Wanted) -> Outcome:
    """Send the writes, a few at once, and return how they went."""
    outcome = Outcome()
    writes = list(_intended(work, actions, wanted, outcome))
    total, count = len(writes), work.connections
    for patience in (LONGEST_PAUSE, 0.0):
        lines: Lines[Write, Stored | None] = Lines(_sender(work), writes, count=count)
        busy: list[Write] = []
        seconds = 0.0
        for arrived in lines:
            with work.ledger.together():
                for done, result in arrived:
                    if _is_busy(result, patience):
                        busy.append(done)
                        seconds = max(seconds, getattr(result, "seconds", None) or _A_MOMENT)
                    else:
                        settle(work, done, result, outcome)
                    if isinstance(result, BusyError) or outcome.stopped:
                        lines.halt()
            work.progress(len(outcome.done), total)
        if busy and seconds > patience and not outcome.stopped:
            outcome.stopped = still_busy(work, seconds, wanted.zone)
        if outcome.stopped or not busy:
            not_stored(work.ledger, lines.left, NOT_SENT, outcome)
            not_stored(work.ledger, busy, NO_TIME, outcome)
            break
        work.sleep(seconds)
        # One at a time from here on: it may be our own haste that the server cannot take.
        writes, count = busy + lines.left, 1
    return outcome


def _is_busy(result: Stored | BaseException | None, patience: float) -> bool:
    return isinstance(result, BusyError) or (isinstance(result, LockedError) and bool(patience))


def _sender(work: Work) -> Callable[[Write], Stored | None]:
    from afterword.formats import first_object

    def send(one: Write) -> Stored | None:
        if one.action.kind is Kind.DELETE:
            work.calendar.delete(one.href, etag=one.etag)
            return None
        new = one.action.kind is Kind.CREATE
        body = first_object.new(one.event, one.marks) if one.event else one.body
        return Stored(work.calendar.put(one.href, body, etag=one.etag, new=new), body)

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

    events, prints = [], dict[str, str]()
    for action in actions:
        if action.event:
            try:
                prints[action.uid] = ics.fingerprint(action.event)
            except InputError as error:
                outcome.missed(action.uid, error.message)
            else:
                events.append(action.event)
    ledger = work.ledger
    mine = revisions.remembered(ledger.database, ledger.url)
    revised = revisions.revise(
        ledger.database, mine, events, lambda event: prints[event.uid], now=work.now
    )
    return {one.event.uid: one for one in revised}


def _intent(action: Action) -> Intent:
    return Intent(
        kind=action.kind, result=action.result, base=action.base, silences=action.silences
    )


def _prepared(
    work: Work, row: Row | None, action: Action, written: Written | None, wanted: Wanted
) -> tuple[Write, Written | None]:
    """Return the write of an action, and the revision of its event."""
    href = row.href if row else work.calendar.href(action.uid)
    etag = row.etag if row else None
    if action.kind is Kind.DELETE:
        return Write(action=action, href=href, etag=etag), None
    there = work.ledger.body(action.uid) if action.kind is Kind.UPDATE else b""
    marks = _marks(there, action, wanted)
    if action.kind is Kind.CREATE and written:
        event = written.event
        one = Write(action=action, href=href, event=event, marks=marks, stamp=event.stamp)
        return one, written
    from afterword.formats import calendar_object

    now = work.now.replace(microsecond=0)
    change = calendar_object.Change(
        fields=action.fields,
        result=action.result,
        event=action.event,
        marks=marks,
        stamp=max(now, written.event.stamp) if written else now,
        sequence=written.event.sequence if written else 0,
    )
    body, sequence, stamp = calendar_object.patch(there, change, wanted.zone)
    if written:
        event = attrs.evolve(written.event, sequence=sequence, stamp=stamp)
        written = attrs.evolve(written, event=event)
    return Write(action=action, href=href, etag=etag, body=body, stamp=stamp), written


def _marks(there: bytes, action: Action, wanted: Wanted) -> str:
    """Return the marks of what is of our own making in what an action writes."""
    before = ""
    if there:
        from afterword.formats import calendar_object

        before = calendar_object.read(there, wanted.zone).marks
    pinned = wanted.pins.get(action.uid, {})
    ours = {
        field: action.result[field]
        for field in action.fields - pinned.keys()
        if action.base.get(field) == action.result[field]
    }
    return fields.marks(ours, before=before, over=action.silences)
