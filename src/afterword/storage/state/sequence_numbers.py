"""SEQUENCE, DTSTAMP and LAST-MODIFIED: one counter a UID, shared by all places.

A place is an output file, a folder or a calendar. All three move when the
content that a place last got has changed, and none when it has not (RFC 5545
3.8.7). Two places may hold different contents (a private calendar, a full
file), so each remembers its own; the counter alone is common.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping

import attrs

from afterword.domain.events.event import Event
from afterword.domain.model import When
from afterword.formats.ics.export_file import WrittenRevision
from afterword.storage.state.database import Database

Fingerprint = Callable[[Event], str]
"""What two events have in common exactly when only their counters differ."""

_SECOND = dt.timedelta(seconds=1)


@attrs.frozen(kw_only=True)
class RevisedEvent:
    """An event as a place last got it, with its numbers, and its fingerprint.

    What is remembered of it is enough to cancel it: no description, no link and
    no alarm.
    """

    event: Event
    fingerprint: str


def load_revisions(database: Database, place: str) -> dict[str, RevisedEvent]:
    """Return what the place last got, by UID."""
    sql = "SELECT * FROM written WHERE place = ? ORDER BY uid"
    try:
        return {str(row[1]): _written(*row) for row in database.rows(sql, (place,))}
    except (ValueError, TypeError) as error:
        raise database.damaged(error) from error


def export_targets(database: Database, prefix: str) -> list[str]:
    """Return the places that begin with a prefix."""
    sql = "SELECT DISTINCT place FROM written WHERE substr(place, 1, ?) = ? ORDER BY place"
    return [str(place) for (place,) in database.rows(sql, (len(prefix), prefix))]


def save_atomically(
    database: Database, place: str, written: Iterable[RevisedEvent], *, forget: Iterable[str] = ()
) -> None:
    """Note what the place now holds, and forget the UIDs that it no longer holds, at once."""
    with database.transaction():
        save(database, place, written, forget=forget)


def save(
    database: Database, place: str, written: Iterable[RevisedEvent], *, forget: Iterable[str] = ()
) -> None:
    """Do what `remember` does, inside a transaction that is already open."""
    written = tuple(written)
    save_rows(database, place, written, forget=forget)
    database.run_for_each(_COUNT, (_row(place, one)[1:5] for one in written))


def save_rows(
    database: Database, place: str, written: Iterable[RevisedEvent], *, forget: Iterable[str] = ()
) -> None:
    """Do what `note` does, but for the counters: `count` raises them, once for many places."""
    database.run_for_each(
        "DELETE FROM written WHERE place = ? AND uid = ?", ((place, uid) for uid in forget)
    )
    database.run_for_each(
        "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_row(place, one) for one in written),
    )


def raise_counters(database: Database, prefix: str) -> None:
    """Raise the counters to what all places that begin with a prefix hold, within a transaction.

    UIDs follow no order, so that one counter after another would each touch
    another page of a large file; here they come sorted.
    """
    database.run(_COUNT_HELD, (prefix, f"{prefix}\U0010ffff"))


def raise_counters_to(database: Database, found: Mapping[str, WrittenRevision]) -> None:
    """Raise the counters to those found in an existing output, so that they never fall below."""
    rows = ((uid, one.sequence, _text(one.stamp), one.fingerprint) for uid, one in found.items())
    with database.transaction():
        database.run_for_each(_COUNT, rows)


# Of two equal numbers the first stands: the second is another place's own content.
_RAISED = (
    "ON CONFLICT (uid) DO UPDATE SET "
    "sequence = excluded.sequence, stamp = excluded.stamp, fingerprint = excluded.fingerprint "
    "WHERE excluded.sequence > sequence"
)
_COUNT = f"INSERT INTO counter VALUES (?, ?, ?, ?) {_RAISED}"  # noqa: S608 - nothing foreign
_COUNT_HELD = (
    "INSERT INTO counter SELECT uid, sequence, stamp, fingerprint FROM written "  # noqa: S608
    f"WHERE place > ? AND place < ? ORDER BY uid {_RAISED}"
)


def assign_sequence(
    database: Database,
    mine: Mapping[str, RevisedEvent],
    events: Iterable[Event],
    fingerprint: Fingerprint,
    *,
    now: dt.datetime,
) -> list[RevisedEvent]:
    """Return the events with the numbers that a place should see; nothing is noted yet.

    `mine` is what is remembered of the place. An event that no place has seen
    keeps the numbers that it came with. A new stamp is `now`, or a second later
    than the last one where the clock was set back.
    """
    events = tuple(events)
    latest = _counters(database, (event.uid for event in events))
    return [
        _revised(event, fingerprint(event), mine.get(event.uid), latest.get(event.uid), now)
        for event in events
    ]


def _revised(
    event: Event,
    fingerprint: str,
    mine: RevisedEvent | None,
    latest: WrittenRevision | None,
    now: dt.datetime,
) -> RevisedEvent:
    sequence, stamp = event.sequence, event.stamp
    if mine is not None and mine.fingerprint == fingerprint:
        sequence, stamp = mine.event.sequence, mine.event.stamp
    elif latest is not None:
        known = latest.fingerprint == fingerprint
        if known and (mine is None or latest.sequence > mine.event.sequence):
            sequence, stamp = latest.sequence, latest.stamp
        else:
            sequence = latest.sequence + 1
            stamp = max(now.astimezone(dt.UTC).replace(microsecond=0), latest.stamp + _SECOND)
    if (sequence, stamp) != (event.sequence, event.stamp):
        event = attrs.evolve(event, sequence=sequence, stamp=stamp)
    return RevisedEvent(event=event, fingerprint=fingerprint)


def _counters(database: Database, uids: Iterable[str]) -> dict[str, WrittenRevision]:
    sql = "SELECT * FROM counter WHERE uid = ?"
    try:
        return {
            str(uid): WrittenRevision(
                sequence=int(str(sequence)), stamp=_instant(stamp), fingerprint=str(fingerprint)
            )
            for uid, sequence, stamp, fingerprint in database.row_of_each(sql, uids)
        }
    except ValueError as error:
        raise database.damaged(error) from error


def _row(place: str, written: RevisedEvent) -> tuple[str | int, ...]:
    event = written.event
    return (
        place,
        event.uid,
        event.sequence,
        _text(event.stamp),
        written.fingerprint,
        _text(event.start),
        _text(event.end),
        event.summary,
        "\n".join(event.categories),
        event.cancelled,
    )


def _written(*row: object) -> RevisedEvent:
    _, uid, sequence, stamp, fingerprint, start, end, summary, categories, cancelled = row
    return RevisedEvent(
        event=Event(
            uid=str(uid),
            sequence=int(str(sequence)),
            stamp=_instant(stamp),
            start=_when(str(start)),
            end=_when(str(end)),
            summary=str(summary),
            description="",
            categories=tuple(str(categories).splitlines()),
            cancelled=bool(cancelled),
        ),
        fingerprint=str(fingerprint),
    )


@functools.lru_cache(maxsize=1024)
def _text(when: When) -> str:
    """Return an instant in UTC, or a day, in ISO 8601."""
    return (when.astimezone(dt.UTC) if isinstance(when, dt.datetime) else when).isoformat()


def _instant(text: object) -> dt.datetime:
    return dt.datetime.fromisoformat(str(text))


def _when(text: str) -> When:
    return _instant(text) if "T" in text else dt.date.fromisoformat(text)
