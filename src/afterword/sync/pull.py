"""What one object of the calendar tells, taken into its row.

What the calendar holds now, taken into the rows: one request, two where something changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.dav.interface import (
    BusyError,
    Calendar,
    Changes,
    InvalidSyncTokenError,
    Resource,
    SyncTokensUnsupportedError,
)
from afterword.domain.merge import fields, three_way
from afterword.domain.merge.fields import Field, Fields
from afterword.domain.merge.three_way import DesiredState, ObservedEvent, Presence, WriteKind
from afterword.errors import ConflictError, TryLaterError
from afterword.storage.state.sync_rows import CalendarCursor, SyncRow
from afterword.sync.session import SyncContext, SyncSession

if TYPE_CHECKING:
    from afterword.formats.ics.ics_patch import ParsedEvent


def observe_remote(
    ledger: SyncSession, uid: str, found: Resource | None, wanted: DesiredState, now: dt.datetime
) -> SyncRow | None:
    """Return the row that follows from what is there; None where there is nothing to know."""
    row = ledger.rows.get(uid)
    if found is not None:
        seen = row and attrs.evolve(row, body=ledger.body(uid))
        return _present(seen, uid, found, wanted, now)
    if row is None or row.held is None or row.held.presence is Presence.FOREIGN:
        return None
    if row.intent and row.intent.kind is WriteKind.DELETE:
        return None
    if row.held.presence is Presence.DELETED:
        return row
    held = attrs.evolve(row.held, presence=Presence.DELETED, at=now)
    return SyncRow(uid=uid, href=row.href, held=held, stamp=row.stamp)


def _present(
    row: SyncRow | None, uid: str, found: Resource, wanted: DesiredState, now: dt.datetime
) -> SyncRow:
    says = _ours(found, uid, wanted)
    if says is None:
        held = ObservedEvent(uid=uid, presence=Presence.FOREIGN, base={}, theirs={}, at=now)
        return SyncRow(uid=uid, href=found.href, etag=found.etag, held=held)
    before = row.held if row and row.held and row.held.presence is not Presence.FOREIGN else None
    at = _changed_at(row, before, says, now)
    base, marked_over = _agreed(row, before, says, wanted)
    held = attrs.evolve(
        before or ObservedEvent(uid=uid, base=base, theirs=says.fields, at=at),
        presence=Presence.PRESENT,
        base=base,
        theirs=says.fields,
        at=at,
        marked_over=marked_over,
        deletion_acknowledged=False,
        our_alarms=_our_alarms(before, says, base),
        reappeared=before is not None
        and (before.reappeared or before.presence is Presence.DELETED),
    )
    stamp = row.stamp if row else None
    return SyncRow(
        uid=uid, href=found.href, etag=found.etag, held=held, stamp=stamp, body=found.body
    )


def _ours(found: Resource, uid: str, wanted: DesiredState) -> ParsedEvent | None:
    """Return what an object says, None where it is not the event of that UID as we make them."""
    from afterword.formats.ics import ics_patch

    try:
        says = ics_patch.parse_event(found.body, wanted.zone)
    except ValueError:
        return None
    return says if says.plain and says.uid == uid else None


def _agreed(
    row: SyncRow | None, before: ObservedEvent | None, says: ParsedEvent, wanted: DesiredState
) -> tuple[dict[Field, str], bool]:
    """Return the fields as both sides last had them, and whether we made it say that it is over."""
    base, marked_over = (dict(before.base), before.marked_over) if before else ({}, False)
    known = _marks(row, wanted) if before else ""
    if says.marks and says.marks != known:
        # Another computer wrote it since, or a state that is lost.
        base |= fields.unchanged_since_write(says.marks, says.fields, since=known)
        marked_over = fields.is_marked_over(says.marks)
    if row and row.intent:
        intent = row.intent
        landed = {field for field in Field if intent.result.get(field) == says.fields[field]}
        base |= {field: intent.base[field] for field in landed if field in intent.base}
        if intent.kind is WriteKind.CREATE:
            base = dict(intent.base)
        if landed == set(Field):
            marked_over = intent.silences
    return base, marked_over


def _our_alarms(before: ObservedEvent | None, says: ParsedEvent, base: Fields) -> str | None:
    """Return the alarms that we put there, where the person keeps others, as far as it is known."""
    if before is not None and before.our_alarms is not None:
        return before.our_alarms
    if Field.ALARMS in base:
        return None
    return fields.marked_alarms(says.marks, says.fields[Field.ALARMS])


def _changed_at(
    row: SyncRow | None, before: ObservedEvent | None, says: ParsedEvent, now: dt.datetime
) -> dt.datetime:
    """Return when they changed it: as it says itself, where that is later than our last write."""
    back = before is not None and before.presence is Presence.DELETED
    if before and not back and before.theirs == says.fields:
        return before.at
    if back or says.modified is None or says.modified > now:
        return now
    stale = row is not None and row.stamp is not None and says.modified <= row.stamp
    return now if stale else says.modified


def _marks(row: SyncRow | None, wanted: DesiredState) -> str:
    """Return the marks that an object had when we last saw it."""
    from afterword.formats.ics import ics_patch

    return ics_patch.parse_event(row.body, wanted.zone).marks if row and row.body else ""


LONGEST_PAUSE = 60.0
"""How long a run waits when a server asks for patience, in seconds."""

_PAUSES = (1.0, 2.0)
_AGES = 30 * 86_400.0
_STRANGERS = 200
T = TypeVar("T")


def pull(work: SyncContext, wanted: DesiredState, *, allow_emptied: bool) -> CalendarCursor:
    """Take in all that changed, and return where to ask the next time.

    Raises MissingError where there is no such calendar (any more), and
    ConflictError, with nothing taken in, where all of our events are gone.
    """
    calendar, ledger, now = work.calendar, work.ledger, work.now
    found = with_retries(lambda: _changes(calendar, ledger.place), work, wanted.zone)
    uids = {calendar.href(uid): uid for uid in {*wanted.possible_uids, *wanted.events}}
    uids |= {row.href: uid for uid, row in ledger.rows.items()}
    changed = [href for href, etag in found.etags.items() if _is_news(href, etag, uids, ledger)]
    missing = [row for row in ledger.rows.values() if _is_missing(row, found)]
    vanished = [row.href for row in missing if _was_there(row)]
    # One of ours may stand under another name: where one is gone, or nothing is known (any more).
    suspect = vanished or ledger.place == CalendarCursor()
    strangers = [href for href in found.etags if href not in uids][:_STRANGERS] if suspect else []
    asked = [*changed, *vanished, *strangers]
    objects = with_retries(lambda: calendar.fetch(asked), work, wanted.zone) if asked else {}
    renamed = _renamed(objects, strangers, uids.values())
    folded = {
        uids[href]: observe_remote(ledger, uids[href], objects.get(href), wanted, now)
        for href in (*changed, *(row.href for row in missing))
        # What the list has and the answer leaves out is there all the same.
        if href in objects or href not in found.etags
    }
    folded |= {uid: observe_remote(ledger, uid, one, wanted, now) for uid, one in renamed.items()}
    # Of a write that the server does not mention, nothing was stored.
    folded |= {
        uid: attrs.evolve(row, intent=None) if row.held else None
        for uid, row in ledger.rows.items()
        if row.intent and uid not in folded
    }
    after = ledger.held | {uid: row.held for uid, row in folded.items() if row and row.held}
    if three_way.all_events_vanished(ledger.held.values(), after) and not allow_emptied:
        raise ConflictError(
            f"All of our events are gone from {calendar.url}. If you removed them yourself, run "
            "it again with --allow-mass-delete; if not, look at the calendar first. Nothing was "
            "changed."
        )
    ledger.commit(folded)
    return CalendarCursor(token=found.token, listing=found.token is None)


def refetch(work: SyncContext, uids: Collection[str], wanted: DesiredState) -> None:
    """Take in what became of these objects. One request.

    Raises MissingError where the whole calendar is gone.
    """
    rows = [work.ledger.rows[uid] for uid in uids]
    hrefs = [row.href for row in rows]
    objects = with_retries(lambda: work.calendar.fetch(hrefs), work, wanted.zone)
    ledger = work.ledger
    ledger.commit(
        {
            row.uid: observe_remote(ledger, row.uid, objects.get(row.href), wanted, work.now)
            for row in rows
        }
    )


def find_moved(work: SyncContext, uids: Collection[str], wanted: DesiredState) -> set[str]:
    """Look for UIDs under names that are not ours; take in those found, and return the others."""
    ours = {row.href for row in work.ledger.rows.values()}
    listed = with_retries(work.calendar.listing, work, wanted.zone).etags
    strangers = [href for href in listed if href not in ours][:_STRANGERS]
    objects = (
        with_retries(lambda: work.calendar.fetch(strangers), work, wanted.zone) if strangers else {}
    )
    renamed = _renamed(objects, strangers, uids)
    work.ledger.commit(
        {
            uid: observe_remote(work.ledger, uid, one, wanted, work.now)
            for uid, one in renamed.items()
        }
    )
    return set(uids) - set(renamed)


def with_retries(call: Callable[[], T], work: SyncContext, zone: ZoneInfo) -> T:
    """Return what a question returns, asked up to three times where the server stumbles.

    Where it asks for more patience than a run has, the error tells until when,
    on the clock of `zone`.
    """
    for pause in _PAUSES:
        try:
            return call()
        except BusyError as error:
            if error.seconds is not None and error.seconds > LONGEST_PAUSE:
                raise busy_error(work, error.seconds, zone) from None
            work.sleep(pause if error.seconds is None else error.seconds)
        except TryLaterError:
            work.sleep(pause)
    return call()


def busy_error(work: SyncContext, seconds: float, zone: ZoneInfo) -> TryLaterError:
    """Return the end of a run that a server asks to come back so much later."""
    later = work.now + dt.timedelta(seconds=min(seconds, _AGES))
    back = f"{later.astimezone(zone):%Y-%m-%d %H:%M}"
    return TryLaterError(f"{work.calendar.url} is busy; try again after {back}. Nothing is lost.")


def _changes(calendar: Calendar, known: CalendarCursor) -> Changes:
    if not known.listing:
        try:
            return calendar.changes(known.token)
        except InvalidSyncTokenError:
            return _changes(calendar, CalendarCursor())
        except SyncTokensUnsupportedError:
            pass
    return calendar.listing()


def _is_news(href: str, etag: str | None, uids: dict[str, str], ledger: SyncSession) -> bool:
    if href not in uids:
        return False
    row = ledger.rows.get(uids[href])
    return row is None or row.etag is None or row.etag != etag


def _is_missing(row: SyncRow, found: Changes) -> bool:
    if row.held and row.held.presence is Presence.DELETED:
        return False
    if row.href in found.etags:
        return False
    return found.whole or row.href in found.gone or _is_unseen(row)


def _is_unseen(row: SyncRow) -> bool:
    """Tell whether a write was done, but what the server made of it not seen yet."""
    writing = row.intent is not None and row.intent.kind is not WriteKind.DELETE
    return writing and row.held is not None and row.etag is None


def _was_there(row: SyncRow) -> bool:
    """Tell whether its loss should be seen with our own eyes before it is believed."""
    if row.held is None or row.held.presence is not Presence.PRESENT:
        return False
    return row.intent is None or row.intent.kind is not WriteKind.DELETE


def _renamed(
    objects: dict[str, Resource], strangers: Iterable[str], uids: Iterable[str]
) -> dict[str, Resource]:
    """Return those of the strangers that hold one of the UIDs."""
    if not objects:
        return {}
    from afterword.formats.ics import ics_patch

    known, found = set(uids), {}
    for href in strangers:
        one = objects.get(href)
        uid = ics_patch.uid_of(one.body) if one else None
        if one and uid in known:
            found[uid] = one
    return found
