"""SEQUENCE, DTSTAMP and LAST-MODIFIED of events, from a counter per UID.

A target is an exported file, an application in it, or a calendar. All three
numbers change if the content that a target last got has changed, and only then
(RFC 5545 3.8.7). Two targets may have different contents (a private calendar,
a full file), so the revisions are saved for each target; the counters are
shared by all.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import attrs

from afterword.domain.calendar_model import Event
from afterword.domain.model import When
from afterword.formats.ics_files import HIGHEST_SEQUENCE, WrittenRevision
from afterword.storage.state.database import Database

Fingerprint = Callable[[Event], str]
"""Equal for two events exactly if they differ in nothing but their numbers."""

REMOVED = "\n"
"""The ending of a target whose application the user removed by a command."""

_RENAME = "UPDATE OR REPLACE written SET place = ? WHERE place = ?"
_SECOND = dt.timedelta(seconds=1)

# Of two equal numbers the saved one stays: the other is a different target's content.
_RAISE = (
    "ON CONFLICT (uid) DO UPDATE SET "
    "sequence = excluded.sequence, stamp = excluded.stamp, fingerprint = excluded.fingerprint "
    "WHERE excluded.sequence > sequence"
)
_RAISE_COUNTER = f"INSERT INTO counter VALUES (?, ?, ?, ?) {_RAISE}"  # noqa: S608 - constants only
_RAISE_COUNTERS_OF_TARGETS = (
    "INSERT INTO counter SELECT uid, sequence, stamp, fingerprint FROM written "  # noqa: S608
    f"WHERE place > ? AND place < ? ORDER BY uid {_RAISE}"
)


class RevisedEvent(NamedTuple):
    """An event with the numbers that a target has for it, and its fingerprint.

    A loaded event has only what is needed to cancel it: no description, no
    link and no alarm.
    """

    event: Event
    fingerprint: str


def load_revisions(database: Database, target: str) -> dict[str, RevisedEvent]:
    """Return the events that a target last got, by UID."""
    sql = "SELECT * FROM written WHERE place = ? ORDER BY uid"
    with database.parsed():
        return {str(row[1]): _parse_row(*row) for row in database.rows(sql, (target,))}


def export_targets(database: Database, prefix: str) -> list[str]:
    """Return the targets that begin with a prefix."""
    sql = "SELECT DISTINCT place FROM written WHERE place >= ? AND place < ? ORDER BY place"
    return [str(target) for (target,) in database.rows(sql, (prefix, f"{prefix}\U0010ffff"))]


def is_removed(target: str) -> bool:
    """True if the user removed the target's application by a command."""
    return target.endswith(REMOVED)


def mark_removed(database: Database, target: str) -> None:
    """Record that the user removed the target's application: its events are to be cancelled."""
    if not is_removed(target):
        with database.transaction():
            database.execute(_RENAME, (f"{target}{REMOVED}", target))


def restore_removed(database: Database, target: str) -> None:
    """Take back the events of a removed application of the same id, within a transaction."""
    # A search is much cheaper than a change of nothing, and most applications are not removed.
    removed = f"{target}{REMOVED}"
    if database.rows("SELECT 1 FROM written WHERE place = ? LIMIT 1", (removed,)):
        database.execute(_RENAME, (target, removed))


def save(
    database: Database,
    target: str,
    written: Iterable[RevisedEvent],
    *,
    forget: Iterable[str] = (),
) -> None:
    """Save the events that a target got, drop the UIDs in `forget`, and raise the counters.

    Call it within a transaction.
    """
    written = tuple(written)
    rows = [(target, event) for event in written]
    save_rows(database, rows, forget=[(target, uid) for uid in forget])
    database.execute_many(_RAISE_COUNTER, (_row(target, event)[1:5] for event in written))


def save_rows(
    database: Database,
    written: Iterable[tuple[str, RevisedEvent]],
    *,
    forget: Collection[tuple[str, str]] = (),
) -> None:
    """Save the events that targets got, without the counters, for `raise_counters` to update.

    `forget` are UIDs, each with its target.
    """
    if forget:
        database.execute_many("DELETE FROM written WHERE place = ? AND uid = ?", forget)
    database.execute_many(
        "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_row(target, event) for target, event in written),
    )


def raise_counters(database: Database, prefix: str) -> None:
    """Raise the counters to the revisions of all targets with a prefix, within a transaction.

    The rows come sorted, because UIDs are random: counters raised in the order
    of the events would each touch another page of a large file.
    """
    database.execute(_RAISE_COUNTERS_OF_TARGETS, (prefix, f"{prefix}\U0010ffff"))


def raise_counters_to(database: Database, revisions: Mapping[str, WrittenRevision]) -> None:
    """Raise the counters to the revisions in an existing output, so that none ever decreases."""
    if not revisions:
        return
    rows = (
        (uid, revision.sequence, _to_text(revision.stamp), revision.fingerprint)
        for uid, revision in revisions.items()
    )
    with database.transaction():
        database.execute_many(_RAISE_COUNTER, rows)


def raise_counter(database: Database, uid: str, sequence: int) -> None:
    """Raise the counter of an event to the SEQUENCE of its object, within a transaction."""
    sql = "UPDATE counter SET sequence = ? WHERE uid = ? AND sequence < ?"
    database.execute(sql, (sequence, uid, sequence))


def assign_sequence(
    database: Database,
    last: Mapping[str, RevisedEvent],
    events: Iterable[Event],
    fingerprint: Fingerprint,
    *,
    now: dt.datetime,
) -> list[RevisedEvent]:
    """Return the events with the numbers that a target should get; nothing is saved yet.

    `last` are the events that the target last got. An event without a counter
    keeps the numbers it comes with. A new stamp is `now`, or a second after the
    last one if the clock was set back.
    """
    events = tuple(events)
    counters = _load_counters(database, [event.uid for event in events])
    fingerprints = [fingerprint(event) for event in events]
    return [
        _revise(event, content, last.get(event.uid), counters.get(event.uid), now)
        for event, content in zip(events, fingerprints, strict=True)
    ]


def _revise(
    event: Event,
    fingerprint: str,
    last: RevisedEvent | None,
    counter: WrittenRevision | None,
    now: dt.datetime,
) -> RevisedEvent:
    sequence, stamp = event.sequence, event.stamp
    if last is not None and last.fingerprint == fingerprint:
        sequence, stamp = last.event.sequence, last.event.stamp
    elif counter is not None:
        same_content = counter.fingerprint == fingerprint
        if same_content and (last is None or counter.sequence > last.event.sequence):
            sequence, stamp = counter.sequence, counter.stamp
        else:
            sequence = min(counter.sequence + 1, HIGHEST_SEQUENCE)
            stamp = max(now.astimezone(dt.UTC).replace(microsecond=0), counter.stamp + _SECOND)
    if (sequence, stamp) != (event.sequence, event.stamp):
        event = attrs.evolve(event, sequence=sequence, stamp=stamp)
    return RevisedEvent(event=event, fingerprint=fingerprint)


def _load_counters(database: Database, uids: Sequence[str]) -> dict[str, WrittenRevision]:
    sql = "SELECT * FROM counter WHERE uid IN"
    with database.parsed():
        return {
            str(uid): WrittenRevision(
                sequence=int(str(sequence)),
                stamp=_parse_instant(stamp),
                fingerprint=str(fingerprint),
            )
            for uid, sequence, stamp, fingerprint in database.rows_by_key(sql, uids)
        }


def _row(target: str, written: RevisedEvent) -> tuple[str | int, ...]:
    event = written.event
    return (
        target,
        event.uid,
        event.sequence,
        _to_text(event.stamp),
        written.fingerprint,
        _to_text(event.start),
        _to_text(event.end),
        event.summary,
        "\n".join(event.categories),
        event.cancelled,
    )


def _parse_row(*row: object) -> RevisedEvent:
    _, uid, sequence, stamp, fingerprint, start, end, summary, categories, cancelled = row
    return RevisedEvent(
        event=Event(
            uid=str(uid),
            sequence=int(str(sequence)),
            stamp=_parse_instant(stamp),
            start=_parse_when(str(start)),
            end=_parse_when(str(end)),
            summary=str(summary),
            description="",
            categories=tuple(str(categories).splitlines()),
            cancelled=bool(cancelled),
        ),
        fingerprint=str(fingerprint),
    )


@functools.lru_cache(maxsize=1024)
def _to_text(when: When) -> str:
    """Return an instant in UTC, or a date, in ISO 8601."""
    return (when.astimezone(dt.UTC) if isinstance(when, dt.datetime) else when).isoformat()


def _parse_instant(text: object) -> dt.datetime:
    return dt.datetime.fromisoformat(str(text))


def _parse_when(text: str) -> When:
    return _parse_instant(text) if "T" in text else dt.date.fromisoformat(text)
