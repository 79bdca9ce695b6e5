"""Read the changes of a calendar since the last look, or the whole list with its privileges.

Of the objects in it those are claimed that are events of the plan, whatever generation their UID
has.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping

from afterword.dav.interface import Calendar, Changes, UnsupportedReportError
from afterword.domain import uids
from afterword.domain.merge.three_way import Presence
from afterword.errors import ConflictError, RefusedError
from afterword.storage.state.sync_rows import CalendarCursor, CreationState, SyncRow
from afterword.sync.session import SyncSession
from afterword.sync.sync_context import SyncContext

_DAY = dt.timedelta(days=1)
_TRASHED = (
    "The calendar {url} is in the trash bin of its server: nobody sees what is written there. "
    "Restore it there, or choose another one: afterword calendars. Nothing was changed."
)
_READ_ONLY = (
    "You may only read the calendar {url}: ask its owner to let you write, or choose another "
    "one: afterword calendars. Nothing was changed."
)

GENERATIONS = 64
"""How many generations are looked for without saved state."""

_OUR_NAME = re.compile(rf"{uids.UID_PATTERN}\.ics")

Claims = Mapping[str, tuple[str, int]]
"""The UID in the plan and the generation of each object of ours, by path."""


def look_at(context: SyncContext) -> Changes:
    """Return the changes, or the whole list the first time, once a day and after any doubt.

    Its token is that of the next look. Of a whole list, it was checked that the calendar takes
    events. Raises RefusedError or ConflictError if it does not (any more).
    """
    cursor = context.session.cursor
    if cursor.token is None or _is_old(cursor, context.now):
        return _whole_look(context)
    try:
        changes = context.with_retries(lambda: context.calendar.changes(cursor.token))
    except UnsupportedReportError:
        return _whole_look(context, refused=cursor.token)
    if not _is_doubtful(changes, context.session):
        return changes
    return _whole_look(context, since=changes)


def next_cursor(context: SyncContext, look: Changes) -> CalendarCursor:
    """Return the cursor of the look after this."""
    if not look.whole:
        return context.session.cursor._replace(token=look.token)
    return CalendarCursor(token=look.token, listing=look.token is None, looked=context.now)


def check_status(context: SyncContext, changes: Changes) -> None:
    """Raise ConflictError for a calendar in the trash bin, RefusedError if it is read-only."""
    if changes.trashed:
        raise ConflictError(_TRASHED.format(url=context.calendar.url))
    if changes.writable is False:
        raise RefusedError(_READ_ONLY.format(url=context.calendar.url))


def _whole_look(
    context: SyncContext, *, since: Changes | None = None, refused: str | None = None
) -> Changes:
    """Return all objects. `since` are the changes after the last token, if asked for already."""
    session = context.session
    listed = context.with_retries(context.calendar.listing)
    check_status(context, listed)
    token = session.cursor.token
    misses = any(row.is_there and row.href not in listed.etags for row in session.rows.values())
    if since is None and token is not None and refused is None and misses:
        # Only a list of changes tells what was deleted from what was never shown.
        try:
            since = context.with_retries(lambda: context.calendar.changes(token))
        except UnsupportedReportError:
            refused = token
    following = listed.token or (None if refused else token)
    if refused is not None and following == refused:
        following = None
    gone = since.gone - listed.etags.keys() if since else frozenset()
    return listed._replace(gone=gone, token=following)


def _is_old(cursor: CalendarCursor, now: dt.datetime) -> bool:
    """True if the calendar was not looked at whole for a day, or the clock was set back."""
    return cursor.looked is None or not dt.timedelta(0) <= now - cursor.looked < _DAY


def _is_doubtful(changes: Changes, session: SyncSession) -> bool:
    """True if any of our events is gone, or there is a new token without a change.

    A calendar that was removed and made anew may take the old token and report no change.
    """
    lost = any(row.href in changes.gone and row.is_there for row in session.rows.values())
    is_empty = not changes.etags and not changes.gone
    return lost or (is_empty and changes.token != session.cursor.token)


def is_our_name(href: str) -> bool:
    """Return True if a path ends in a name of the form that ours have."""
    return _OUR_NAME.fullmatch(href.rpartition("/")[2]) is not None


def has_object(row: SyncRow | None) -> bool:
    """Return True if the calendar had an object for this row at the last look."""
    return row is not None and row.presence not in {None, Presence.DELETED, Presence.ORPHAN}


def first_generations(context: SyncContext) -> dict[str, CreationState]:
    """Return the generations of events for a calendar without saved state.

    Perhaps the state was lost after a withdrawal. The calendar does not tell which UIDs it had,
    so a generation is taken for each withdrawal that the log has.
    """
    return {
        uid: CreationState(generation=min(count, GENERATIONS - 1))
        for uid, count in context.desired.withdrawals.items()
        if context.session.creation(uid) == CreationState()
    }


def find_claims(
    context: SyncContext, look: Changes, missing: Collection[SyncRow]
) -> tuple[dict[str, tuple[str, int]], dict[str, CreationState]]:
    """Return the claims, and the generations that other computers have used.

    An object of a later generation, written by another computer or before the state was
    lost, is claimed where the event has no other object.
    """
    session, calendar = context.session, context.calendar
    lost = {row.uid for row in missing}
    planned = {*context.desired.possible_uids, *context.desired.events}
    released = {row.uid for row in released_rivals(context)}
    free = {uid for uid in planned if uid in lost or not has_object(session.rows.get(uid))}
    free |= {row.uid for row in session.rows.values() if row.uid in lost}
    claims = _claims_of({uid: session.generation(uid) for uid in free}, calendar)
    claims |= {
        row.href: (row.uid, row.generation)
        for row in session.rows.values()
        if (not row.is_orphan and row.uid not in released) or row.uid in planned
    }
    present = {*look.etags, *(row.href for row in session.rows.values() if row.is_orphan)}
    names = {
        href.rpartition("/")[2].removesuffix(".ics"): href
        for href in (*present, *look.gone)
        if href not in claims and is_our_name(href)
    }
    learned: dict[str, CreationState] = {}
    newest: dict[str, int] = {}
    for name, (uid, generation) in uids_of_generations(free, names.keys()).items():
        href = names[name]
        if href in present and generation >= newest.get(uid, 0):
            newest[uid] = generation
        if href in look.gone:
            used = max(generation + 1, learned.get(uid, session.creation(uid)).generation)
            learned[uid] = CreationState(generation=used)
    return claims | _claims_of(newest, calendar), learned


def _claims_of(generations: Mapping[str, int], calendar: Calendar) -> dict[str, tuple[str, int]]:
    return {
        calendar.href(uids.calendar_uid(uid, generation)): (uid, generation)
        for uid, generation in generations.items()
    }


def unread_paths(context: SyncContext, claims: Claims) -> list[str]:
    """Return the paths of objects to be read again, although they did not change.

    They are orphans that belong to an event after all, and rivals that the user adopts.
    """
    return [
        row.href
        for row in context.session.rows.values()
        if row.is_orphan or (context.options.adopt and row.held and row.held.rival)
        if row.href in claims
    ]


def released_rivals(context: SyncContext) -> list[SyncRow]:
    """Return the rows of another application's events whose id no application here has any more.

    They are no rivals then, but orphans; none is told while a file is damaged.
    """
    if not context.desired.complete:
        return []
    return [
        row
        for row in context.session.rows.values()
        if row.held and row.held.rival and row.uid not in context.desired.possible_uids
    ]


def claimed_orphans(session: SyncSession, claims: Claims) -> dict[str, SyncRow | None]:
    """Return the rows of orphans that belong to an event after all, to be dropped."""
    return {
        row.uid: None
        for row in session.rows.values()
        if row.is_orphan and claims.get(row.href, (row.uid, 0))[0] != row.uid
    }


def uids_of_generations(
    plan_uids: Iterable[str], names: Collection[str]
) -> dict[str, tuple[str, int]]:
    """Return for each of the object UIDs that is ours the UID in the plan, and its generation."""
    if not names:
        return {}
    return {
        name: (uid, generation)
        for uid in sorted(plan_uids)
        for generation in range(GENERATIONS)
        if (name := uids.calendar_uid(uid, generation)) in names
    }
