"""What the calendar holds now, taken into the rows: one request, two where something changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

import attrs

from afterword.core import fields, reconcile
from afterword.core.fields import Field
from afterword.core.reconcile import Held, Kind, Standing, Wanted
from afterword.errors import ConflictError, TryLaterError
from afterword.state.resources import Place, Row
from afterword.sync.ledger import Ledger, Sleep, Work
from afterword.targets.api import (
    BusyError,
    Calendar,
    Changes,
    LostTokenError,
    NoTokensError,
    Resource,
)

LONGEST_PAUSE = 60.0
"""How long a run waits when a server asks for patience, in seconds."""

_PAUSES = (1.0, 2.0)
_STRANGERS = 200
T = TypeVar("T")


def read(work: Work, wanted: Wanted, *, allow_emptied: bool) -> Place:
    """Take in all that changed, and return where to ask the next time.

    Raises MissingError where there is no such calendar (any more), and
    ConflictError, with nothing taken in, where all of our events are gone.
    """
    calendar, ledger, now = work.calendar, work.ledger, work.now
    found = patiently(lambda: _changes(calendar, ledger.place), work.sleep)
    uids = {calendar.href(uid): uid for uid in {*wanted.known, *wanted.events}}
    uids |= {row.href: uid for uid, row in ledger.rows.items()}
    changed = [href for href, etag in found.etags.items() if _is_news(href, etag, uids, ledger)]
    missing = [row for row in ledger.rows.values() if _is_missing(row, found)]
    vanished = [row.href for row in missing if _was_there(row)]
    # One of ours may stand under another name: where one is gone, or nothing is known (any more).
    suspect = vanished or ledger.place == Place()
    strangers = [href for href in found.etags if href not in uids][:_STRANGERS] if suspect else []
    asked = [*changed, *vanished, *strangers]
    objects = patiently(lambda: calendar.fetch(asked), work.sleep) if asked else {}
    renamed = _renamed(objects, strangers, uids.values())
    folded = {
        uids[href]: _fold(ledger, uids[href], objects.get(href), wanted, now)
        for href in (*changed, *(row.href for row in missing))
        # What the list has and the answer leaves out is there all the same.
        if href in objects or href not in found.etags
    }
    folded |= {uid: _fold(ledger, uid, one, wanted, now) for uid, one in renamed.items()}
    # Of a write that the server does not mention, nothing was stored.
    folded |= {
        uid: attrs.evolve(row, intent=None) if row.held else None
        for uid, row in ledger.rows.items()
        if row.intent and uid not in folded
    }
    after = ledger.held | {uid: row.held for uid, row in folded.items() if row and row.held}
    if reconcile.emptied(ledger.held.values(), after) and not allow_emptied:
        raise ConflictError(
            f"All of our events are gone from {calendar.url}. If you removed them yourself, run "
            "it again with --allow-mass-delete; if not, look at the calendar first. Nothing was "
            "changed."
        )
    ledger.commit(folded)
    return Place(token=found.token, listing=found.token is None)


def reread(work: Work, uids: Collection[str], wanted: Wanted) -> None:
    """Take in what became of these objects. One request.

    Raises MissingError where the whole calendar is gone.
    """
    rows = [work.ledger.rows[uid] for uid in uids]
    hrefs = [row.href for row in rows]
    objects = patiently(lambda: work.calendar.fetch(hrefs), work.sleep)
    ledger = work.ledger
    ledger.commit(
        {row.uid: _fold(ledger, row.uid, objects.get(row.href), wanted, work.now) for row in rows}
    )


def search(work: Work, uids: Collection[str], wanted: Wanted) -> set[str]:
    """Look for UIDs under names that are not ours; take in those found, and return the others."""
    ours = {row.href for row in work.ledger.rows.values()}
    listed = patiently(work.calendar.listing, work.sleep).etags
    strangers = [href for href in listed if href not in ours][:_STRANGERS]
    objects = patiently(lambda: work.calendar.fetch(strangers), work.sleep) if strangers else {}
    renamed = _renamed(objects, strangers, uids)
    work.ledger.commit(
        {uid: _fold(work.ledger, uid, one, wanted, work.now) for uid, one in renamed.items()}
    )
    return set(uids) - set(renamed)


def patiently(call: Callable[[], T], sleep: Sleep) -> T:
    """Return what a question returns, asked up to three times where the server stumbles."""
    for pause in _PAUSES:
        try:
            return call()
        except BusyError as error:
            if error.seconds is not None and error.seconds > LONGEST_PAUSE:
                raise
            sleep(pause if error.seconds is None else error.seconds)
        except TryLaterError:
            sleep(pause)
    return call()


def _changes(calendar: Calendar, known: Place) -> Changes:
    if not known.listing:
        try:
            return calendar.changes(known.token)
        except LostTokenError:
            return _changes(calendar, Place())
        except NoTokensError:
            pass
    return calendar.listing()


def _is_news(href: str, etag: str | None, uids: dict[str, str], ledger: Ledger) -> bool:
    if href not in uids:
        return False
    row = ledger.rows.get(uids[href])
    return row is None or row.etag is None or row.etag != etag


def _is_missing(row: Row, found: Changes) -> bool:
    if row.held and row.held.standing is Standing.GONE:
        return False
    if row.href in found.etags:
        return False
    return found.whole or row.href in found.gone or _is_unseen(row)


def _is_unseen(row: Row) -> bool:
    """Tell whether a write was done, but what the server made of it not seen yet."""
    writing = row.intent is not None and row.intent.kind is not Kind.DELETE
    return writing and row.held is not None and row.etag is None


def _was_there(row: Row) -> bool:
    """Tell whether its loss should be seen with our own eyes before it is believed."""
    if row.held is None or row.held.standing is not Standing.HELD:
        return False
    return row.intent is None or row.intent.kind is not Kind.DELETE


def _renamed(
    objects: dict[str, Resource], strangers: Iterable[str], uids: Iterable[str]
) -> dict[str, Resource]:
    """Return those of the strangers that hold one of the UIDs."""
    if not objects:
        return {}
    from afterword.formats import calendar_object

    known, found = set(uids), {}
    for href in strangers:
        one = objects.get(href)
        uid = calendar_object.uid_of(one.body) if one else None
        if one and uid in known:
            found[uid] = one
    return found


def _fold(
    ledger: Ledger, uid: str, found: Resource | None, wanted: Wanted, now: dt.datetime
) -> Row | None:
    """Return the row that follows from what is there; None where there is nothing to know."""
    row = ledger.rows.get(uid)
    if found is not None:
        seen = row and attrs.evolve(row, body=ledger.body(uid))
        return _present(seen, uid, found, wanted, now)
    if row is None or row.held is None or row.held.standing is Standing.FOREIGN:
        return None
    if row.intent and row.intent.kind is Kind.DELETE:
        return None
    if row.held.standing is Standing.GONE:
        return row
    held = attrs.evolve(row.held, standing=Standing.GONE, at=now)
    return Row(uid=uid, href=row.href, held=held, stamp=row.stamp)


def _present(row: Row | None, uid: str, found: Resource, wanted: Wanted, now: dt.datetime) -> Row:
    from afterword.formats import calendar_object

    try:
        says = calendar_object.read(found.body, wanted.zone)
    except ValueError:
        says = None
    if says is None or not says.plain or says.uid != uid:
        held = Held(uid=uid, standing=Standing.FOREIGN, base={}, theirs={}, at=now)
        return Row(uid=uid, href=found.href, etag=found.etag, held=held)
    before = row.held if row and row.held and row.held.standing is not Standing.FOREIGN else None
    base, silenced = (dict(before.base), before.silenced) if before else ({}, False)
    known = _marks(row, wanted) if before else ""
    if says.marks and says.marks != known:
        # Another computer wrote it since, or a state that is lost.
        base |= fields.untouched(says.marks, says.fields, since=known)
        silenced = fields.is_over(says.marks)
    if row and row.intent:
        intent = row.intent
        landed = {field for field in Field if intent.result.get(field) == says.fields[field]}
        base |= {field: intent.base[field] for field in landed if field in intent.base}
        if intent.kind is Kind.CREATE:
            base = dict(intent.base)
        if landed == set(Field):
            silenced = intent.silences
    ours = before.ours if before else None
    if ours is None and Field.ALARMS not in base:
        ours = fields.marked_alarms(says.marks, says.fields[Field.ALARMS])
    back = before is not None and before.standing is Standing.GONE
    at = before.at if before and not back and before.theirs == says.fields else now
    if at is now and says.modified and says.modified <= now:
        stale = back or (row and row.stamp and says.modified <= row.stamp)
        at = now if stale else says.modified
    held = attrs.evolve(
        before or Held(uid=uid, base=base, theirs=says.fields, at=at),
        standing=Standing.HELD,
        base=base,
        theirs=says.fields,
        at=at,
        silenced=silenced,
        settled=False,
        returned=back or bool(before and before.returned),
        ours=ours,
    )
    stamp = row.stamp if row else None
    return Row(uid=uid, href=found.href, etag=found.etag, held=held, stamp=stamp, body=found.body)


def _marks(row: Row | None, wanted: Wanted) -> str:
    """Return the marks that an object had when we last saw it."""
    from afterword.formats import calendar_object

    return calendar_object.read(row.body, wanted.zone).marks if row and row.body else ""
