"""SEQUENCE, DTSTAMP and LAST-MODIFIED: one counter a UID, shared by all places.

A place is an output file, a folder or a calendar. All three move when the
content that a place last got has changed, and none when it has not (RFC 5545
3.8.7). Two places may hold different contents (a private calendar, a full
file), so each remembers its own; the counter alone is common.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import attrs

from afterword.core.model import Event
from afterword.formats import event_json
from afterword.formats.exported import Remembered
from afterword.state.database import Database

Fingerprint = Callable[[Event], str]
"""What two events have in common exactly when only their counters differ."""

_SECOND = dt.timedelta(seconds=1)


@attrs.frozen(kw_only=True)
class Written:
    """An event as a place last got it, with its numbers, and its fingerprint."""

    event: Event
    fingerprint: str


def remembered(database: Database, place: str) -> dict[str, Written]:
    """Return what the place last got, by UID."""
    sql = "SELECT uid, fingerprint, event FROM written WHERE place = ? ORDER BY uid"
    try:
        return {
            str(uid): Written(event=event_json.load(str(event)), fingerprint=str(fingerprint))
            for uid, fingerprint, event in database.rows(sql, (place,))
        }
    except (ValueError, KeyError, TypeError) as error:
        raise database.damaged(error) from error


def places(database: Database, prefix: str) -> list[str]:
    """Return the places that begin with a prefix."""
    sql = "SELECT DISTINCT place FROM written WHERE substr(place, 1, ?) = ? ORDER BY place"
    return [str(place) for (place,) in database.rows(sql, (len(prefix), prefix))]


def remember(
    database: Database, place: str, written: Iterable[Written], *, forget: Iterable[str] = ()
) -> None:
    """Note what the place now holds, and forget the UIDs that it no longer holds, at once."""
    with database.transaction():
        note(database, place, written, forget=forget)


def note(
    database: Database, place: str, written: Iterable[Written], *, forget: Iterable[str] = ()
) -> None:
    """Do what `remember` does, inside a transaction that is already open."""
    for uid in forget:
        database.run("DELETE FROM written WHERE place = ? AND uid = ?", (place, uid))
    for one in written:
        values = (place, one.event.uid, one.fingerprint, event_json.dump(one.event))
        database.run("INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?)", values)
        _count(database, one.event.uid, one.event.sequence, one.event.stamp, one.fingerprint)


def learn(database: Database, found: Mapping[str, Remembered]) -> None:
    """Raise the counters to those found in an existing output, so that they never fall below."""
    with database.transaction():
        for uid, one in found.items():
            _count(database, uid, one.sequence, one.stamp, one.fingerprint)


def revise(
    database: Database,
    place: str,
    events: Iterable[Event],
    fingerprint: Fingerprint,
    *,
    now: dt.datetime,
) -> list[Written]:
    """Return the events with the numbers that the place should see; nothing is noted yet.

    An event that no place has seen keeps the numbers that it came with. A new
    stamp is `now`, or a second later than the last one where the clock was set
    back.
    """
    mine = remembered(database, place)
    return [
        _revised(event, fingerprint(event), mine.get(event.uid), _counter(database, event.uid), now)
        for event in events
    ]


def _revised(
    event: Event,
    fingerprint: str,
    mine: Written | None,
    latest: Remembered | None,
    now: dt.datetime,
) -> Written:
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
    return Written(
        event=attrs.evolve(event, sequence=sequence, stamp=stamp), fingerprint=fingerprint
    )


def _counter(database: Database, uid: str) -> Remembered | None:
    sql = "SELECT sequence, stamp, fingerprint FROM counter WHERE uid = ?"
    try:
        for sequence, stamp, fingerprint in database.rows(sql, (uid,)):
            return Remembered(
                sequence=int(str(sequence)),
                stamp=dt.datetime.fromisoformat(str(stamp)),
                fingerprint=str(fingerprint),
            )
    except ValueError as error:
        raise database.damaged(error) from error
    return None


def _count(
    database: Database, uid: str, sequence: int, stamp: dt.datetime, fingerprint: str
) -> None:
    # Of two equal numbers the first stands: the second is another place's own content.
    database.run(
        "INSERT INTO counter VALUES (?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET "
        "sequence = excluded.sequence, stamp = excluded.stamp, fingerprint = excluded.fingerprint "
        "WHERE excluded.sequence > sequence",
        (uid, sequence, stamp.astimezone(dt.UTC).isoformat(), fingerprint),
    )
