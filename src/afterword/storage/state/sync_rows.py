"""Sync state of each calendar: its objects, pending writes, and where the next sync continues.

The intent of a write is committed before its request, and the result after it.
If a run is killed in between, the next one compares the intent with the
calendar.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from afterword.domain.calendar_model import Field, Fields
from afterword.domain.merge.three_way import ObservedEvent, Presence, WriteKind
from afterword.formats.text_decoding import parse_json
from afterword.storage.state.database import Database

# A look-up takes a fifth of what a call of the class does, and a sync has thousands.
_FIELDS = {field.value: field for field in Field}
_RENAMED = {
    "presence": "standing",
    "marked_over": "silenced",
    "deletion_acknowledged": "settled",
    "reappeared": "returned",
}
_KEYS = {each.name: _RENAMED.get(each.name, each.name) for each in attrs.fields(ObservedEvent)}
"""The key of each attribute of an observed event in the saved state."""


@attrs.frozen(kw_only=True)
class Intent:
    """A write without a confirmed outcome.

    `result` are the fields of the object after it, `base` those that both
    sides then agree on; `silences` is True if it marks the event as over.
    """

    kind: WriteKind
    result: Fields
    base: Fields
    silences: bool = False


Rewriting = Mapping[Field, tuple[str, str]]
"""The fields that a server changed by its own rules: each as it was sent, and as it is stored."""


@attrs.frozen(kw_only=True)
class SyncRow:
    """The state of an object in a calendar.

    `uid` is that of the plan; the object has that of `generation` (`uids.calendar_uid`).
    `held` is the event as last observed, None if there is only an intent.
    `seen`: the server showed the object since it was created. `unsure`: the server took
    it, but did not show it since.
    `body` is the object's text at `etag`, as last received or sent; loaded rows
    come without it (`load_body`). `stamp` is the LAST-MODIFIED last written.
    """

    uid: str
    href: str
    etag: str | None = None
    held: ObservedEvent | None = None
    intent: Intent | None = None
    stamp: dt.datetime | None = None
    body: bytes | None = None
    generation: int = 0
    seen: bool = False
    unsure: bool = False
    rewriting: Rewriting = attrs.field(factory=dict)

    @property
    def presence(self) -> Presence | None:
        """The presence of its object when it was last observed."""
        return self.held.presence if self.held else None

    @property
    def is_orphan(self) -> bool:
        """True for an object with our marks that belongs to no application here."""
        return self.presence is Presence.ORPHAN

    @property
    def is_there(self) -> bool:
        """True if the calendar had our object when it was last observed."""
        return self.presence in {Presence.PRESENT, Presence.UNREADABLE}

    @property
    def was_there(self) -> bool:
        """True if the calendar has or had an object of ours, which may be deleted since."""
        return self.is_there or self.presence is Presence.DELETED

    def without_intent(self) -> SyncRow | None:
        """Return the row without its pending write, None if there is nothing else in it."""
        return attrs.evolve(self, intent=None) if self.held or self.unsure else None


class CalendarCursor(NamedTuple):
    """The sync token (RFC 6578) after which the next sync of a calendar continues.

    `listing` is True if the server gives no tokens, so that all objects are listed.
    `looked` is when the calendar was last listed whole, with its kind and privileges.
    """

    token: str | None = None
    listing: bool = False
    looked: dt.datetime | None = None


class CreationState(NamedTuple):
    """The generation of an event's next object in a calendar, and its failures in a row."""

    generation: int = 0
    failures: int = 0


_SAVE = """INSERT INTO resource VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
SET value = excluded.value, body = coalesce(excluded.body, body)"""


def load_cursor(database: Database, url: str) -> CalendarCursor:
    """Return the cursor of the calendar at a URL; it is empty before the first sync."""
    sql = "SELECT token, listing, at FROM calendar LEFT JOIN look USING (url) WHERE url = ?"
    rows = database.rows(sql, (url,))
    if not rows:
        return CalendarCursor()
    token, listing, at = rows[0]
    with database.parsed():
        looked = dt.datetime.fromisoformat(str(at)) if at else None
    return CalendarCursor(token=token, listing=bool(listing), looked=looked)  # type: ignore[arg-type]


def save_cursor(database: Database, url: str, cursor: CalendarCursor) -> None:
    """Save a calendar's cursor, within a transaction."""
    values = (url, cursor.token, cursor.listing)
    database.execute("INSERT OR REPLACE INTO calendar VALUES (?, ?, ?)", values)
    database.execute("DELETE FROM look WHERE url = ?", (url,))
    if cursor.looked is not None:
        database.execute("INSERT INTO look VALUES (?, ?)", (url, cursor.looked.isoformat()))


def load_creations(database: Database, url: str) -> dict[str, CreationState]:
    """Return the state of creations in a calendar by UID; the default is CreationState()."""
    sql = "SELECT uid, generation, failures FROM creation WHERE calendar = ?"
    with database.parsed():
        return {
            str(uid): CreationState(int(str(generation)), int(str(failures)))
            for uid, generation, failures in database.iter_rows(sql, (url,))
        }


def save_creation(database: Database, url: str, uid: str, state: CreationState) -> None:
    """Save the state of a creation, within a transaction."""
    values = (url, uid, state.generation, state.failures)
    database.execute("INSERT OR REPLACE INTO creation VALUES (?, ?, ?, ?)", values)


def load_rows(database: Database, url: str) -> dict[str, SyncRow]:
    """Return the calendar's objects by UID, without their bodies."""
    sql = "SELECT uid, value FROM resource WHERE calendar = ? ORDER BY uid"
    with database.parsed():
        return {
            str(uid): _parse_row(str(uid), parse_json(str(value)))
            for uid, value in database.iter_rows(sql, (url,))
        }


def load_body(database: Database, url: str, uid: str) -> bytes:
    """Return the text of an object as last received or sent, b"" if there is none."""
    sql = "SELECT body FROM resource WHERE calendar = ? AND uid = ?"
    rows = database.rows(sql, (url, uid))
    return bytes(rows[0][0] or b"") if rows else b""  # type: ignore[call-overload]


def save_row(database: Database, url: str, row: SyncRow) -> None:
    """Save an object, within a transaction; if `row.body` is None the saved body stays."""
    value = json.dumps(
        {
            "href": row.href,
            "etag": row.etag,
            "held": row.held and _observed_values(row.held),
            "intent": row.intent and attrs.asdict(row.intent),
            "stamp": row.stamp and row.stamp.isoformat(),
            "generation": row.generation,
            "seen": row.seen,
            "unsure": row.unsure,
            "rewriting": _rewriting_values(row.rewriting),
        },
        ensure_ascii=False,
    )
    database.execute(_SAVE, (url, row.uid, value, row.body))


def drop_row(database: Database, url: str, uid: str) -> None:
    """Delete an object's state, within a transaction."""
    database.execute("DELETE FROM resource WHERE calendar = ? AND uid = ?", (url, uid))


def calendars(database: Database) -> list[str]:
    """Return the URLs of the calendars that have objects."""
    rows = database.rows("SELECT DISTINCT calendar FROM resource ORDER BY calendar")
    return [str(url) for (url,) in rows]


def synced_calendars(path: Path) -> list[str]:
    """Return the URLs of the calendars in a state file; none if there is no file."""
    if not path.exists():
        return []
    with Database(path) as database:
        return calendars(database)


def drop_calendar(database: Database, url: str) -> None:
    """Delete the state of a calendar's objects, within a transaction.

    The generations stay, so that no UID of a deleted object comes back.
    """
    for sql in (
        "DELETE FROM resource WHERE calendar = ?",
        "DELETE FROM calendar WHERE url = ?",
        "DELETE FROM look WHERE url = ?",
        "DELETE FROM written WHERE place = ?",
    ):
        database.execute(sql, (url,))


def forget_events(
    database: Database, uids: Iterable[str], *, owners: Collection[str] = ()
) -> list[str]:
    """Mark events of forgotten applications, by UID or the application's id.

    Returns the URLs of calendars that hold any.
    """
    uids, urls = set(uids), []
    with database.transaction():
        for url in calendars(database):
            rows = [
                attrs.evolve(row, held=attrs.evolve(row.held, forgotten=True))
                for row in load_rows(database, url).values()
                if row.held and row.presence is Presence.PRESENT
                if row.uid in uids or row.held.owner in owners
            ]
            for row in rows:
                save_row(database, url, row)
            urls += [url] if rows else []
    return urls


def load_owners(database: Database, url: str) -> set[str]:
    """Return the ids of the applications that have objects in a calendar, if recorded."""
    sql = "SELECT DISTINCT json_extract(value, '$.held.owner') FROM resource WHERE calendar = ?"
    return {str(owner) for (owner,) in database.rows(sql, (url,)) if owner is not None}


def _observed_values(event: ObservedEvent) -> dict[str, Any]:
    values = {key: getattr(event, name) for name, key in _KEYS.items()}
    return values | {"at": event.at.isoformat()}


def _rewriting_values(rewriting: Rewriting) -> dict[str, Fields] | None:
    if not rewriting:
        return None
    return {
        "sent": {field: sent for field, (sent, _) in rewriting.items()},
        "stored": {field: stored for field, (_, stored) in rewriting.items()},
    }


def _parse_row(uid: str, value: dict[str, Any]) -> SyncRow:
    held, intent, stamp = value["held"], value["intent"], value["stamp"]
    return SyncRow(
        uid=uid,
        href=value["href"],
        etag=value["etag"],
        held=held and _parse_observed(held),
        intent=intent and _parse_intent(intent),
        stamp=stamp and dt.datetime.fromisoformat(stamp),
        # Rows of earlier versions lack these.
        generation=value.get("generation", 0),
        seen=value.get("seen", True),
        unsure=value.get("unsure", False),
        rewriting=_parse_rewriting(value.get("rewriting")),
    )


def _parse_observed(value: dict[str, Any]) -> ObservedEvent:
    # Rows of earlier versions lack keys of attributes that have a default.
    values = {name: value[key] for name, key in _KEYS.items() if key in value}
    base, theirs = _parse_fields(value["base"]), _parse_fields(value["theirs"])
    values |= {
        "presence": Presence(value["standing"]),
        "base": base,
        # Usually they are equal, and a shared object saves memory.
        "theirs": base if theirs == base else theirs,
        "at": dt.datetime.fromisoformat(value["at"]),
    }
    return ObservedEvent(**values)


def _parse_intent(value: dict[str, Any]) -> Intent:
    return Intent(
        kind=WriteKind(value["kind"]),
        result=_parse_fields(value["result"]),
        base=_parse_fields(value["base"]),
        silences=value["silences"],
    )


def _parse_rewriting(value: dict[str, Any] | None) -> Rewriting:
    if value is None:
        return {}
    stored = _parse_fields(value["stored"])
    return {field: (sent, stored[field]) for field, sent in _parse_fields(value["sent"]).items()}


def _parse_fields(value: dict[str, str]) -> Fields:
    return {_FIELDS[name]: str(text) for name, text in value.items()}
