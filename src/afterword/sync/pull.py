"""Pull: update the rows to the calendar, with a request, or two if anything changed."""

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

LONGEST_PAUSE = 60.0
"""The longest wait, in seconds, for which a run obeys a Retry-After."""

_PAUSES = (1.0, 2.0)
_MAX_RETRY_AFTER = 30 * 86_400.0
_MAX_OTHERS = 200
T = TypeVar("T")


def pull(context: SyncContext, desired: DesiredState, *, allow_emptied: bool) -> CalendarCursor:
    """Update the rows to all changes, and return the cursor of the next pull.

    Raises NotFoundError if there is no such calendar (any more), and ConflictError, with no
    row changed, if all of our events are missing.
    """
    calendar, session, now = context.calendar, context.session, context.now
    changes = with_retries(lambda: _changes(calendar, session.cursor), context, desired.zone)
    uids = {calendar.href(uid): uid for uid in {*desired.possible_uids, *desired.events}}
    uids |= {row.href: uid for uid, row in session.rows.items()}
    changed = [
        href for href, etag in changes.etags.items() if _has_changed(href, etag, uids, session)
    ]
    missing = [row for row in session.rows.values() if _is_missing(row, changes)]
    vanished = [row.href for row in missing if _needs_confirmation(row)]
    # A server or client may have renamed an object of ours: look if any is missing, or if
    # there is no state (any more).
    suspect = vanished or session.cursor == CalendarCursor()
    others = [href for href in changes.etags if href not in uids][:_MAX_OTHERS] if suspect else []
    hrefs = [*changed, *vanished, *others]
    objects = with_retries(lambda: calendar.fetch(hrefs), context, desired.zone) if hrefs else {}
    renamed = _at_other_paths(objects, others, uids.values())
    rows = {
        uids[href]: observe_remote(session, uids[href], objects.get(href), desired, now)
        for href in (*changed, *(row.href for row in missing))
        # An object that is listed but missing in the multiget exists all the same.
        if href in objects or href not in changes.etags
    }
    rows |= {
        uid: observe_remote(session, uid, resource, desired, now)
        for uid, resource in renamed.items()
    }
    # If the server does not mention the object of a pending write, nothing was stored.
    rows |= {
        uid: attrs.evolve(row, intent=None) if row.held else None
        for uid, row in session.rows.items()
        if row.intent and uid not in rows
    }
    after = session.observed | {uid: row.held for uid, row in rows.items() if row and row.held}
    if three_way.all_events_vanished(session.observed.values(), after) and not allow_emptied:
        raise ConflictError(
            f"All of our events are gone from {calendar.url}. If you removed them yourself, run "
            "it again with --allow-mass-delete; if not, look at the calendar first. Nothing was "
            "changed."
        )
    session.commit(rows)
    return CalendarCursor(token=changes.token, listing=changes.token is None)


def refetch(context: SyncContext, uids: Collection[str], desired: DesiredState) -> None:
    """Update the rows of these UIDs in a single request.

    Raises NotFoundError if the whole calendar is missing.
    """
    rows = [context.session.rows[uid] for uid in uids]
    hrefs = [row.href for row in rows]
    objects = with_retries(lambda: context.calendar.fetch(hrefs), context, desired.zone)
    session = context.session
    session.commit(
        {
            row.uid: observe_remote(session, row.uid, objects.get(row.href), desired, context.now)
            for row in rows
        }
    )


def find_moved(context: SyncContext, uids: Collection[str], desired: DesiredState) -> set[str]:
    """Look for UIDs in objects with other names; update their rows, and return the missing UIDs."""
    ours = {row.href for row in context.session.rows.values()}
    listed = with_retries(context.calendar.listing, context, desired.zone).etags
    others = [href for href in listed if href not in ours][:_MAX_OTHERS]
    objects = (
        with_retries(lambda: context.calendar.fetch(others), context, desired.zone)
        if others
        else {}
    )
    renamed = _at_other_paths(objects, others, uids)
    context.session.commit(
        {
            uid: observe_remote(context.session, uid, resource, desired, context.now)
            for uid, resource in renamed.items()
        }
    )
    return set(uids) - set(renamed)


def with_retries(call: Callable[[], T], context: SyncContext, zone: ZoneInfo) -> T:
    """Return the result of a read, tried up to three times if the server fails.

    If the server asks for a longer wait than LONGEST_PAUSE, the error names the end of the
    wait, in `zone`.
    """
    for pause in _PAUSES:
        try:
            return call()
        except BusyError as error:
            if error.seconds is not None and error.seconds > LONGEST_PAUSE:
                raise busy_error(context, error.seconds, zone) from None
            context.sleep(pause if error.seconds is None else error.seconds)
        except TryLaterError:
            context.sleep(pause)
    return call()


def busy_error(context: SyncContext, seconds: float, zone: ZoneInfo) -> TryLaterError:
    """Return the error for a server that asks to come back after so many seconds."""
    later = context.now + dt.timedelta(seconds=min(seconds, _MAX_RETRY_AFTER))
    back = f"{later.astimezone(zone):%Y-%m-%d %H:%M}"
    return TryLaterError(
        f"{context.calendar.url} is busy; try again after {back}. Nothing is lost."
    )


def observe_remote(
    session: SyncSession,
    uid: str,
    resource: Resource | None,
    desired: DesiredState,
    now: dt.datetime,
) -> SyncRow | None:
    """Return the new row of a UID, given its object if there is any; None if it needs no row."""
    row = session.rows.get(uid)
    if resource is not None:
        seen = row and attrs.evolve(row, body=session.body(uid))
        return _observe_present(seen, uid, resource, desired, now)
    if row is None or row.held is None or row.held.presence is Presence.FOREIGN:
        return None
    if row.intent and row.intent.kind is WriteKind.DELETE:
        return None
    if row.held.presence is Presence.DELETED:
        return row
    held = attrs.evolve(row.held, presence=Presence.DELETED, at=now)
    return SyncRow(uid=uid, href=row.href, held=held, stamp=row.stamp)


def _changes(calendar: Calendar, cursor: CalendarCursor) -> Changes:
    if not cursor.listing:
        try:
            return calendar.changes(cursor.token)
        except InvalidSyncTokenError:
            return _changes(calendar, CalendarCursor())
        except SyncTokensUnsupportedError:
            pass
    return calendar.listing()


def _has_changed(href: str, etag: str | None, uids: dict[str, str], session: SyncSession) -> bool:
    if href not in uids:
        return False
    row = session.rows.get(uids[href])
    return row is None or row.etag is None or row.etag != etag


def _is_missing(row: SyncRow, changes: Changes) -> bool:
    if row.held and row.held.presence is Presence.DELETED:
        return False
    if row.href in changes.etags:
        return False
    return changes.whole or row.href in changes.gone or _is_unconfirmed(row)


def _is_unconfirmed(row: SyncRow) -> bool:
    """True if a write was done without an ETag, and its result not fetched yet."""
    writing = row.intent is not None and row.intent.kind is not WriteKind.DELETE
    return writing and row.held is not None and row.etag is None


def _needs_confirmation(row: SyncRow) -> bool:
    """True for an event whose loss must be confirmed by a fetch."""
    if row.held is None or row.held.presence is not Presence.PRESENT:
        return False
    return row.intent is None or row.intent.kind is not WriteKind.DELETE


def _at_other_paths(
    objects: dict[str, Resource], others: Iterable[str], uids: Iterable[str]
) -> dict[str, Resource]:
    """Return the resources at other paths that hold any of the UIDs, by UID."""
    if not objects:
        return {}
    from afterword.formats.ics import ics_patch

    ours, renamed = set(uids), {}
    for href in others:
        resource = objects.get(href)
        uid = ics_patch.uid_of(resource.body) if resource else None
        if resource and uid in ours:
            renamed[uid] = resource
    return renamed


def _observe_present(
    row: SyncRow | None, uid: str, resource: Resource, desired: DesiredState, now: dt.datetime
) -> SyncRow:
    parsed = _parse_own_event(resource, uid, desired)
    if parsed is None:
        held = ObservedEvent(uid=uid, presence=Presence.FOREIGN, base={}, theirs={}, at=now)
        return SyncRow(uid=uid, href=resource.href, etag=resource.etag, held=held)
    previous = row.held if row and row.held and row.held.presence is not Presence.FOREIGN else None
    at = _changed_at(row, previous, parsed, now)
    base, marked_over = _updated_base(row, previous, parsed, desired)
    held = attrs.evolve(
        previous or ObservedEvent(uid=uid, base=base, theirs=parsed.fields, at=at),
        presence=Presence.PRESENT,
        base=base,
        theirs=parsed.fields,
        at=at,
        marked_over=marked_over,
        deletion_acknowledged=False,
        our_alarms=_our_alarms(previous, parsed, base),
        reappeared=previous is not None
        and (previous.reappeared or previous.presence is Presence.DELETED),
    )
    stamp = row.stamp if row else None
    return SyncRow(
        uid=uid, href=resource.href, etag=resource.etag, held=held, stamp=stamp, body=resource.body
    )


def _parse_own_event(resource: Resource, uid: str, desired: DesiredState) -> ParsedEvent | None:
    """Return the parsed event, None if it is not an event of ours with that UID."""
    from afterword.formats.ics import ics_patch

    try:
        parsed = ics_patch.parse_event(resource.body, desired.zone)
    except ValueError:
        return None
    return parsed if parsed.plain and parsed.uid == uid else None


def _updated_base(
    row: SyncRow | None, previous: ObservedEvent | None, parsed: ParsedEvent, desired: DesiredState
) -> tuple[dict[Field, str], bool]:
    """Return the fields that both sides last agreed on, and True if we marked the event as over."""
    base, marked_over = (dict(previous.base), previous.marked_over) if previous else ({}, False)
    last_marks = _marks(row, desired) if previous else ""
    if parsed.marks and parsed.marks != last_marks:
        # Another computer wrote it since, or this state is older than the last write.
        base |= fields.unchanged_since_write(parsed.marks, parsed.fields, since=last_marks)
        marked_over = fields.is_marked_over(parsed.marks)
    if row and row.intent:
        intent = row.intent
        landed = {field for field in Field if intent.result.get(field) == parsed.fields[field]}
        base |= {field: intent.base[field] for field in landed if field in intent.base}
        if intent.kind is WriteKind.CREATE:
            base = dict(intent.base)
        if landed == set(Field):
            marked_over = intent.silences
    return base, marked_over


def _our_alarms(previous: ObservedEvent | None, parsed: ParsedEvent, base: Fields) -> str | None:
    """Return the alarms that we wrote, if the user changed them; None if unknown."""
    if previous is not None and previous.our_alarms is not None:
        return previous.our_alarms
    if Field.ALARMS in base:
        return None
    return fields.marked_alarms(parsed.marks, parsed.fields[Field.ALARMS])


def _changed_at(
    row: SyncRow | None, previous: ObservedEvent | None, parsed: ParsedEvent, now: dt.datetime
) -> dt.datetime:
    """Return the time of the user's change: LAST-MODIFIED if it is later than our last write."""
    back = previous is not None and previous.presence is Presence.DELETED
    if previous and not back and previous.theirs == parsed.fields:
        return previous.at
    if back or parsed.modified is None or parsed.modified > now:
        return now
    stale = row is not None and row.stamp is not None and parsed.modified <= row.stamp
    return now if stale else parsed.modified


def _marks(row: SyncRow | None, desired: DesiredState) -> str:
    """Return the X-AFTERWORD-MARKS of an object as last fetched or sent."""
    from afterword.formats.ics import ics_patch

    return ics_patch.parse_event(row.body, desired.zone).marks if row and row.body else ""
