"""What one object of the calendar tells, taken into its row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs

from afterword.core import fields
from afterword.core.fields import Field, Fields
from afterword.core.reconcile import Held, Kind, Standing, Wanted
from afterword.state.resources import Row
from afterword.sync.ledger import Ledger
from afterword.targets.api import Resource

if TYPE_CHECKING:
    from afterword.formats.calendar_object import Found


def notice(
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
    says = _ours(found, uid, wanted)
    if says is None:
        held = Held(uid=uid, standing=Standing.FOREIGN, base={}, theirs={}, at=now)
        return Row(uid=uid, href=found.href, etag=found.etag, held=held)
    before = row.held if row and row.held and row.held.standing is not Standing.FOREIGN else None
    at = _changed_at(row, before, says, now)
    base, silenced = _agreed(row, before, says, wanted)
    held = attrs.evolve(
        before or Held(uid=uid, base=base, theirs=says.fields, at=at),
        standing=Standing.HELD,
        base=base,
        theirs=says.fields,
        at=at,
        silenced=silenced,
        settled=False,
        our_alarms=_our_alarms(before, says, base),
        returned=before is not None and (before.returned or before.standing is Standing.GONE),
    )
    stamp = row.stamp if row else None
    return Row(uid=uid, href=found.href, etag=found.etag, held=held, stamp=stamp, body=found.body)


def _ours(found: Resource, uid: str, wanted: Wanted) -> Found | None:
    """Return what an object says, None where it is not the event of that UID as we make them."""
    from afterword.formats import calendar_object

    try:
        says = calendar_object.read(found.body, wanted.zone)
    except ValueError:
        return None
    return says if says.plain and says.uid == uid else None


def _agreed(
    row: Row | None, before: Held | None, says: Found, wanted: Wanted
) -> tuple[dict[Field, str], bool]:
    """Return the fields as both sides last had them, and whether we made it say that it is over."""
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
    return base, silenced


def _our_alarms(before: Held | None, says: Found, base: Fields) -> str | None:
    """Return the alarms that we put there, where the person keeps others, as far as it is known."""
    if before is not None and before.our_alarms is not None:
        return before.our_alarms
    if Field.ALARMS in base:
        return None
    return fields.marked_alarms(says.marks, says.fields[Field.ALARMS])


def _changed_at(row: Row | None, before: Held | None, says: Found, now: dt.datetime) -> dt.datetime:
    """Return when they changed it: as it says itself, where that is later than our last write."""
    back = before is not None and before.standing is Standing.GONE
    if before and not back and before.theirs == says.fields:
        return before.at
    if back or says.modified is None or says.modified > now:
        return now
    stale = row is not None and row.stamp is not None and says.modified <= row.stamp
    return now if stale else says.modified


def _marks(row: Row | None, wanted: Wanted) -> str:
    """Return the marks that an object had when we last saw it."""
    from afterword.formats import calendar_object

    return calendar_object.read(row.body, wanted.zone).marks if row and row.body else ""
