"""What the calendar holds now, taken into the rows: one request, two where something changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.core import reconcile
from afterword.core.reconcile import Kind, Standing, Wanted
from afterword.errors import ConflictError, TryLaterError
from afterword.state.resources import Place, Row
from afterword.sync.ledger import Ledger, Work
from afterword.sync.noticing import notice
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
_AGES = 30 * 86_400.0
_STRANGERS = 200
T = TypeVar("T")


def read(work: Work, wanted: Wanted, *, allow_emptied: bool) -> Place:
    """Take in all that changed, and return where to ask the next time.

    Raises MissingError where there is no such calendar (any more), and
    ConflictError, with nothing taken in, where all of our events are gone.
    """
    calendar, ledger, now = work.calendar, work.ledger, work.now
    found = patiently(lambda: _changes(calendar, ledger.place), work, wanted.zone)
    uids = {calendar.href(uid): uid for uid in {*wanted.known, *wanted.events}}
    uids |= {row.href: uid for uid, row in ledger.rows.items()}
    changed = [href for href, etag in found.etags.items() if _is_news(href, etag, uids, ledger)]
    missing = [row for row in ledger.rows.values() if _is_missing(row, found)]
    vanished = [row.href for row in missing if _was_there(row)]
    # One of ours may stand under another name: where one is gone, or nothing is known (any more).
    suspect = vanished or ledger.place == Place()
    strangers = [href for href in found.etags if href not in uids][:_STRANGERS] if suspect else []
    asked = [*changed, *vanished, *strangers]
    objects = patiently(lambda: calendar.fetch(asked), work, wanted.zone) if asked else {}
    renamed = _renamed(objects, strangers, uids.values())
    folded = {
        uids[href]: notice(ledger, uids[href], objects.get(href), wanted, now)
        for href in (*changed, *(row.href for row in missing))
        # What the list has and the answer leaves out is there all the same.
        if href in objects or href not in found.etags
    }
    folded |= {uid: notice(ledger, uid, one, wanted, now) for uid, one in renamed.items()}
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
    objects = patiently(lambda: work.calendar.fetch(hrefs), work, wanted.zone)
    ledger = work.ledger
    ledger.commit(
        {row.uid: notice(ledger, row.uid, objects.get(row.href), wanted, work.now) for row in rows}
    )


def search(work: Work, uids: Collection[str], wanted: Wanted) -> set[str]:
    """Look for UIDs under names that are not ours; take in those found, and return the others."""
    ours = {row.href for row in work.ledger.rows.values()}
    listed = patiently(work.calendar.listing, work, wanted.zone).etags
    strangers = [href for href in listed if href not in ours][:_STRANGERS]
    objects = (
        patiently(lambda: work.calendar.fetch(strangers), work, wanted.zone) if strangers else {}
    )
    renamed = _renamed(objects, strangers, uids)
    work.ledger.commit(
        {uid: notice(work.ledger, uid, one, wanted, work.now) for uid, one in renamed.items()}
    )
    return set(uids) - set(renamed)


def patiently(call: Callable[[], T], work: Work, zone: ZoneInfo) -> T:
    """Return what a question returns, asked up to three times where the server stumbles.

    Where it asks for more patience than a run has, the error tells until when,
    on the clock of `zone`.
    """
    for pause in _PAUSES:
        try:
            return call()
        except BusyError as error:
            if error.seconds is not None and error.seconds > LONGEST_PAUSE:
                raise still_busy(work, error.seconds, zone) from None
            work.sleep(pause if error.seconds is None else error.seconds)
        except TryLaterError:
            work.sleep(pause)
    return call()


def still_busy(work: Work, seconds: float, zone: ZoneInfo) -> TryLaterError:
    """Return the end of a run that a server asks to come back so much later."""
    later = work.now + dt.timedelta(seconds=min(seconds, _AGES))
    back = f"{later.astimezone(zone):%Y-%m-%d %H:%M}"
    return TryLaterError(f"{work.calendar.url} is busy; try again after {back}. Nothing is lost.")


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
