"""State about the user's other calendars: refused suggestions, watched events, busy times.

Events are identified by the digest of their UID: a calendar's UIDs are other people's texts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from afterword.domain.calendar_model import BusyTimes, TimeSpan
from afterword.storage.state.database import Database


def event_key(uid: str) -> str:
    """Return the key of an event in the state."""
    return hashlib.sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()


def load_refused(database: Database) -> frozenset[str]:
    """Return the keys of the events that are no interviews, as the user answered."""
    return frozenset(str(event) for (event,) in database.rows("SELECT event FROM refused_event"))


def save_refusal(database: Database, uid: str) -> None:
    """Save that an event is no interview."""
    with database.transaction():
        database.execute("INSERT OR IGNORE INTO refused_event VALUES (?)", (event_key(uid),))


def forget_refusal(database: Database, uid: str) -> None:
    """Save that an event is an interview after all."""
    with database.transaction():
        database.execute("DELETE FROM refused_event WHERE event = ?", (event_key(uid),))


def load_watched(database: Database) -> dict[str, str]:
    """Return the state in which each added event was last seen in its calendar, by key."""
    rows = database.rows("SELECT event, state FROM watched_event")
    return {str(event): str(state) for event, state in rows}


def save_watched(database: Database, states: Mapping[str, str]) -> None:
    """Save the states in which events were seen, by key."""
    if not states:
        return
    with database.transaction():
        sql = "INSERT OR REPLACE INTO watched_event VALUES (?, ?)"
        database.execute_many(sql, sorted(states.items()))


def load_busy_times(database: Database) -> BusyTimes:
    """Return when the user was busy, as their calendars were last read."""
    rows = database.rows('SELECT start, "end" FROM busy_time ORDER BY start, "end"')
    with database.parsed():
        spans: list[TimeSpan] = [
            (dt.datetime.fromisoformat(str(start)), dt.datetime.fromisoformat(str(end)))
            for start, end in rows
        ]
    return BusyTimes(tuple(spans))


def save_busy_times(database: Database, busy: BusyTimes) -> None:
    """Replace the busy times."""
    rows = [(start.isoformat(), end.isoformat()) for start, end in busy.spans]
    with database.transaction():
        database.execute("DELETE FROM busy_time")
        database.execute_many("INSERT INTO busy_time VALUES (?, ?)", rows)
