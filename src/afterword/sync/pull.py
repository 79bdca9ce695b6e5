"""Pull: update the rows to the calendar, with a request, or two if anything changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import attrs

from afterword.dav.interface import Changes, Resource
from afterword.domain.calendar_model import Field
from afterword.domain.merge import three_way
from afterword.domain.merge.three_way import Presence, WriteKind
from afterword.errors import ConflictError
from afterword.storage.state.sync_rows import CalendarCursor, SyncRow
from afterword.sync import look as claim
from afterword.sync import outcomes
from afterword.sync.look import Claims, check_status, look_at, next_cursor
from afterword.sync.observation import find_orphans, observe
from afterword.sync.session import SyncSession
from afterword.sync.sync_context import SyncContext

_MAX_OTHERS = 200


def pull(context: SyncContext, *, allow_emptied: bool, recreated: bool = False) -> CalendarCursor:
    """Update the rows to all changes, and return the cursor of the next pull.

    `recreated`: the calendar was just made anew, so everything that was in it is gone. Raises
    NotFoundError if there is no such calendar (any more), and ConflictError or RefusedError,
    with no row changed, if all of our events are missing, or the calendar takes no events.
    """
    calendar, session = context.calendar, context.session
    fresh = session.cursor == CalendarCursor()
    look = look_at(context)
    missing = [row for row in session.rows.values() if _is_missing(row, look)]
    claims, learned = claim.find_claims(context, look, missing)
    # A server or client may have renamed an object of ours: look if any is missing, or if
    # there is no state (any more). Names of our form may be those of forgotten applications.
    suspect = fresh or any(_needs_confirmation(row) for row in missing)
    others = [href for href in look.etags if href not in claims]
    others = [href for href in others if suspect or (look.whole and claim.is_our_name(href))]
    others = [href for href in others if not _is_saved_orphan(href, look, session)][:_MAX_OTHERS]
    changed = [href for href in claims if _has_changed(href, look, claims, session)]
    unread = claim.unread_paths(context, claims)
    changed += [href for href in unread if href not in changed]
    # A list of changes and a list of everything agree about these.
    surely_gone = look.gone if look.whole else ()
    vanished = [
        row.href for row in missing if _needs_confirmation(row) and row.href not in surely_gone
    ]
    released = {row.href: row.uid for row in claim.released_rivals(context)}
    others = [href for href in others if href not in released]
    hrefs = list(dict.fromkeys([*changed, *vanished, *others, *released]))
    objects = _fetch(context, hrefs)
    if not look.whole and _lost_alarms(context, objects, claims):
        # A share that has become read-only hides alarms.
        check_status(context, context.with_retries(calendar.listing))
    rows: dict[str, SyncRow | None] = claim.claimed_orphans(session, claims)
    for href in (*(row.href for row in missing), *changed):
        uid, generation = claims.get(href, (None, 0))
        # An object that is listed but missing in the multiget exists all the same.
        if uid is not None and (href in objects or href not in look.etags):
            gone = recreated or href in look.gone
            rows[uid] = observe(context, uid, generation, objects.get(href), gone=gone)
    renamed = _at_other_paths(context, objects, others, missing)
    rows |= {
        uid: observe(context, uid, generation, resource)
        for uid, (resource, generation) in renamed.items()
    }
    unknown = objects.keys() - {resource.href for resource, _ in renamed.values()}
    rows |= dict.fromkeys(released.values())
    if context.desired.complete and unknown:
        unclaimed = [objects[href] for href in (*others, *released) if href in unknown]
        rows |= find_orphans(context, unclaimed)
    rows |= {uid: row for uid, row in _unmentioned(session, look).items() if uid not in rows}
    after = session.observed | {uid: row.held for uid, row in rows.items() if row and row.held}
    before = session.observed.values()
    had_events = any(map(_needs_confirmation, session.rows.values()))
    if look.maybe_unmounted and had_events and not allow_emptied:
        raise ConflictError(outcomes.EMPTY_FOLDER.format(url=calendar.url))
    if three_way.all_events_vanished(before, after) and not allow_emptied:
        raise ConflictError(
            f"All of our events are gone from {calendar.url}. If you removed them yourself, run "
            "it again with --allow-mass-delete; if not, look at the calendar first. Nothing was "
            "changed."
        )
    session.commit(rows, creations=learned)
    return next_cursor(context, look)


def refetch(context: SyncContext, uids: Collection[str]) -> None:
    """Update the rows of these UIDs in a single request.

    Raises NotFoundError if the whole calendar is missing.
    """
    session = context.session
    rows = [session.rows[uid] for uid in uids]
    objects = _fetch(context, [row.href for row in rows])
    session.commit(
        {row.uid: observe(context, row.uid, row.generation, objects.get(row.href)) for row in rows}
    )


def find_moved(context: SyncContext, uids: Collection[str]) -> set[str]:
    """Look for UIDs in objects with other names; update their rows, and return the missing UIDs.

    Raises RefusedError or ConflictError if the calendar takes no events (any more).
    """
    session = context.session
    ours = {row.href for row in session.rows.values()}
    listed = context.with_retries(context.calendar.listing)
    check_status(context, listed)
    others = [href for href in listed.etags if href not in ours][:_MAX_OTHERS]
    objects = _fetch(context, others)
    renamed = _at_other_paths(context, objects, others, ())
    session.commit(
        {
            uid: observe(context, uid, generation, resource)
            for uid, (resource, generation) in renamed.items()
            if uid in uids
        }
    )
    return set(uids) - set(renamed)


def _fetch(context: SyncContext, hrefs: Collection[str]) -> dict[str, Resource]:
    """Return the objects at these paths; nothing is sent without paths."""
    if not hrefs:
        return {}
    return context.with_retries(lambda: context.calendar.fetch(hrefs))


def confirm_created(context: SyncContext) -> None:
    """Note which new objects a server without sync tokens shows.

    It never says what was deleted, so only an object that was seen can be known to be gone.
    """
    session = context.session
    unseen = [row for row in session.rows.values() if row.held and not row.seen and row.etag]
    if not unseen:
        return
    listed = context.with_retries(context.calendar.listing).etags
    visible = [row for row in unseen if listed.get(row.href) == row.etag]
    session.commit({row.uid: attrs.evolve(row, seen=True, unsure=False) for row in visible})


def _has_changed(href: str, look: Changes, claims: Claims, session: SyncSession) -> bool:
    if href not in look.etags:
        return False
    row = session.rows.get(claims[href][0])
    if row is None or row.presence in {None, Presence.ORPHAN} or row.etag is None:
        return True
    return (row.href, row.etag) != (href, look.etags[href])


def _lost_alarms(context: SyncContext, objects: dict[str, Resource], claims: Claims) -> bool:
    """True if an event of ours lost its alarms."""
    if not objects:
        return False
    from afterword.formats import ics_patch

    for href, resource in objects.items():
        row = context.session.rows.get(claims[href][0]) if href in claims else None
        if row and row.held and row.held.theirs.get(Field.ALARMS):
            try:
                parsed = ics_patch.parse_event(resource.body, context.zone)
            except ValueError:
                continue
            if not parsed.fields[Field.ALARMS]:
                return True
    return False


def _unmentioned(session: SyncSession, look: Changes) -> dict[str, SyncRow | None]:
    """Return the rows whose objects were not fetched: pending writes, and those seen at last."""
    rows: dict[str, SyncRow | None] = {}
    for uid, row in session.rows.items():
        if row.intent:
            # If the server does not mention the object of a pending write, nothing was stored.
            rows[uid] = row.without_intent()
        elif row.held and not row.seen and look.etags.get(row.href, "") == row.etag:
            rows[uid] = attrs.evolve(row, seen=True, unsure=False)
    return rows


def _is_saved_orphan(href: str, look: Changes, session: SyncSession) -> bool:
    name = href.rpartition("/")[2].removesuffix(".ics")
    row = session.rows.get(name)
    return row is not None and row.href == href and row.etag == look.etags[href]


def _is_missing(row: SyncRow, look: Changes) -> bool:
    if row.held is None:
        return row.unsure and row.href in look.gone
    if row.presence is Presence.DELETED or row.href in look.etags:
        return False
    return look.whole or row.href in look.gone or _is_unconfirmed(row)


def _is_unconfirmed(row: SyncRow) -> bool:
    """True if a write was done without an ETag, and its result not fetched yet."""
    writing = row.intent is not None and row.intent.kind is not WriteKind.DELETE
    return writing and row.held is not None and row.etag is None


def _needs_confirmation(row: SyncRow) -> bool:
    """True for an event whose loss must be confirmed by a fetch."""
    deleting = row.intent is not None and row.intent.kind is WriteKind.DELETE
    return row.is_there and not deleting


def _at_other_paths(
    context: SyncContext,
    objects: dict[str, Resource],
    others: Iterable[str],
    missing: Collection[SyncRow],
) -> dict[str, tuple[Resource, int]]:
    """Return the resources at other paths that hold events of ours, with their generations."""
    if not objects:
        return {}
    from afterword.formats import ics_patch

    uid_by_href = {href: ics_patch.uid_of(objects[href].body) for href in others if href in objects}
    session, desired = context.session, context.desired
    uids = {*session.rows, *desired.possible_uids, *desired.events}
    owners = claim.uids_of_generations(uids, {uid for uid in uid_by_href.values() if uid})
    lost = {row.uid for row in missing}
    renamed: dict[str, tuple[Resource, int]] = {}
    for href, uid in uid_by_href.items():
        if uid not in owners:
            continue
        ours, generation = owners[uid]
        if claim.has_object(session.rows.get(ours)) and ours not in lost:
            continue
        if ours not in renamed or renamed[ours][1] < generation:
            renamed[ours] = (objects[href], generation)
    return renamed
