"""Read the changes of a calendar since the last look, or the whole list with its privileges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.dav.interface import Changes, InvalidSyncTokenError, SyncTokensUnsupportedError
from afterword.domain.merge.three_way import Presence
from afterword.errors import ConflictError, RefusedError
from afterword.storage.state.sync_rows import CalendarCursor
from afterword.sync.retries import with_retries
from afterword.sync.session import SyncContext, SyncSession

_DAY = dt.timedelta(days=1)
_TRASHED = (
    "The calendar {url} is in the trash bin of its server: nobody sees what is written there. "
    "Restore it there, or choose another one: afterword calendars. Nothing was changed."
)
_READ_ONLY = (
    "You may only read the calendar {url}: ask its owner to let you write, or choose another "
    "one: afterword calendars. Nothing was changed."
)


@attrs.frozen(kw_only=True)
class Look:
    """ETags by path, and the paths that the server says are gone.

    `whole`: `etags` has all objects. `checked`: it was checked that the calendar takes
    events. `cursor` is where the next look continues. `maybe_unmounted` is that of `Changes`.
    """

    etags: Mapping[str, str | None]
    gone: Collection[str]
    whole: bool
    checked: bool
    cursor: CalendarCursor
    maybe_unmounted: bool = False

    def sure(self, href: str) -> bool:
        """Return True if a list of changes and a list of everything agree that it is gone."""
        return self.checked and href in self.gone and href not in self.etags


def look_at(context: SyncContext, zone: ZoneInfo) -> Look:
    """Return the changes, or the whole list the first time, once a day and after any doubt.

    Raises RefusedError or ConflictError if the calendar takes no events (any more).
    """
    cursor = context.session.cursor
    if cursor.token is None or _is_old(cursor, context.now):
        return _whole_look(context, zone)
    try:
        changes = with_retries(lambda: context.calendar.changes(cursor.token), context, zone)
    except (InvalidSyncTokenError, SyncTokensUnsupportedError):
        return _whole_look(context, zone, refused=cursor.token)
    if not _is_doubtful(changes, context.session):
        following = attrs.evolve(cursor, token=changes.token)
        return Look(
            etags=changes.etags,
            gone=set(changes.gone),
            whole=False,
            checked=False,
            cursor=following,
        )
    return _whole_look(context, zone, since=changes)


def check_status(context: SyncContext, changes: Changes) -> None:
    """Raise ConflictError for a calendar in the trash bin, RefusedError if it is read-only."""
    if changes.trashed:
        raise ConflictError(_TRASHED.format(url=context.calendar.url))
    if changes.writable is False:
        raise RefusedError(_READ_ONLY.format(url=context.calendar.url))


def _whole_look(
    context: SyncContext,
    zone: ZoneInfo,
    *,
    since: Changes | None = None,
    refused: str | None = None,
) -> Look:
    """Return all objects. `since` are the changes after the last token, if asked for already."""
    session = context.session
    listed = with_retries(context.calendar.listing, context, zone)
    check_status(context, listed)
    token = session.cursor.token
    if since is None and token is not None and refused is None and _misses(listed, session):
        # Only a list of changes tells what was deleted from what was never shown.
        try:
            since = with_retries(lambda: context.calendar.changes(token), context, zone)
        except (InvalidSyncTokenError, SyncTokensUnsupportedError):
            refused = token
    following = listed.token or (None if refused else token)
    if refused is not None and following == refused:
        following = None
    return Look(
        etags=listed.etags,
        gone=set(since.gone) - listed.etags.keys() if since else set(),
        whole=True,
        checked=True,
        cursor=CalendarCursor(token=following, listing=following is None, looked=context.now),
        maybe_unmounted=listed.maybe_unmounted,
    )


def _is_old(cursor: CalendarCursor, now: dt.datetime) -> bool:
    """True if the calendar was not looked at whole for a day, or the clock was set back."""
    return cursor.looked is None or not dt.timedelta(0) <= now - cursor.looked < _DAY


def _is_doubtful(changes: Changes, session: SyncSession) -> bool:
    """True if any of our events is gone, or there is a new token without a change.

    A calendar that was removed and made anew may take the old token and report no change.
    """
    gone = set(changes.gone)
    lost = any(row.href in gone and _was_there(row) for row in session.rows.values())
    is_empty = not changes.etags and not gone
    return lost or (is_empty and changes.token != session.cursor.token)


def _misses(listed: Changes, session: SyncSession) -> bool:
    rows = session.rows.values()
    return any(row.href not in listed.etags and _was_there(row) for row in rows)


def _was_there(row: object) -> bool:
    held = getattr(row, "held", None)
    return held is not None and held.presence in {Presence.PRESENT, Presence.UNREADABLE}
