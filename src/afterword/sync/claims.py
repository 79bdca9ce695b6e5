"""Tell which objects in a calendar are events of the plan, whatever generation their UID has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from afterword.dav.interface import Calendar
from afterword.domain import uids
from afterword.domain.merge.three_way import DesiredState, Presence
from afterword.storage.state.sync_rows import CreationState, SyncRow
from afterword.sync.look import Look
from afterword.sync.session import SyncSession

GENERATIONS = 64
"""How many generations are looked for without saved state."""

_OUR_NAME = re.compile(rf"{uids.UID_PATTERN}\.ics")

Claims = Mapping[str, tuple[str, int]]
"""The UID in the plan and the generation of each object of ours, by path."""


def is_our_name(href: str) -> bool:
    """Return True if a path ends in a name of the form that ours have."""
    return _OUR_NAME.fullmatch(href.rpartition("/")[2]) is not None


def has_object(row: SyncRow | None) -> bool:
    """Return True if the calendar had an object for this row at the last look."""
    absent = {Presence.DELETED, Presence.ORPHAN}
    return row is not None and row.held is not None and row.held.presence not in absent


def first_generations(session: SyncSession, desired: DesiredState) -> dict[str, CreationState]:
    """Return the generations of events for a calendar without saved state.

    Perhaps the state was lost after a withdrawal. The calendar does not tell which UIDs it had,
    so a generation is taken for each withdrawal that the log has.
    """
    return {
        uid: CreationState(generation=min(count, GENERATIONS - 1))
        for uid, count in desired.withdrawals.items()
        if session.creation(uid) == CreationState()
    }


def find_claims(
    session: SyncSession,
    calendar: Calendar,
    desired: DesiredState,
    look: Look,
    missing: Collection[SyncRow],
) -> tuple[dict[str, tuple[str, int]], dict[str, CreationState]]:
    """Return the claims, and the generations that other computers have used.

    An object of a later generation, written by another computer or before the state was
    lost, is claimed where the event has no other object.
    """
    lost = {row.uid for row in missing}
    planned = {*desired.possible_uids, *desired.events}
    released = {row.uid for row in released_rivals(session, desired)}
    free = {uid for uid in planned if uid in lost or not has_object(session.rows.get(uid))}
    free |= {row.uid for row in session.rows.values() if row.uid in lost}
    claims = {
        calendar.href(uids.calendar_uid(uid, session.generation(uid))): (
            uid,
            session.generation(uid),
        )
        for uid in free
    }
    claims |= {
        row.href: (row.uid, row.generation)
        for row in session.rows.values()
        if (not _is_orphan(row) and row.uid not in released) or row.uid in planned
    }
    present = {*look.etags, *(row.href for row in session.rows.values() if _is_orphan(row))}
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
    for uid, generation in newest.items():
        claims[calendar.href(uids.calendar_uid(uid, generation))] = (uid, generation)
    return claims, learned


def unread_paths(session: SyncSession, claims: Claims, *, adopt: bool) -> list[str]:
    """Return the paths of objects to be read again, although they did not change.

    They are orphans that belong to an event after all, and rivals that the user adopts.
    """
    return [
        row.href
        for row in session.rows.values()
        if _is_orphan(row) or (adopt and row.held is not None and row.held.rival)
        if row.href in claims
    ]


def released_rivals(session: SyncSession, desired: DesiredState) -> list[SyncRow]:
    """Return the rows of another application's events whose id no application here has any more.

    They are no rivals then, but orphans; none is told while a file is damaged.
    """
    if not desired.complete:
        return []
    return [
        row
        for row in session.rows.values()
        if row.held and row.held.rival and row.uid not in desired.possible_uids
    ]


def claimed_orphans(session: SyncSession, claims: Claims) -> dict[str, SyncRow | None]:
    """Return the rows of orphans that belong to an event after all, to be dropped."""
    return {
        row.uid: None
        for row in session.rows.values()
        if _is_orphan(row) and claims.get(row.href, (row.uid, 0))[0] != row.uid
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


def _is_orphan(row: SyncRow) -> bool:
    return row.held is not None and row.held.presence is Presence.ORPHAN
