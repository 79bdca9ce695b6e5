"""What is known of each calendar's objects, and what was about to be written.

An intent is committed before its request and its result after, so that a run
that ends in between leaves a question which the next run's first look answers.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import attrs

from afterword.domain.merge.fields import Field, Fields
from afterword.domain.merge.three_way import ObservedEvent, Presence, WriteKind
from afterword.storage.state.database import Database


@attrs.frozen(kw_only=True)
class Intent:
    """A write whose outcome is not known yet: what was to be there, and to be agreed, after it."""

    kind: WriteKind
    result: Fields
    base: Fields
    silences: bool = False


@attrs.frozen(kw_only=True)
class SyncRow:
    """One object of a calendar.

    `held` is what the plan is made from; None while nothing but an intent is
    known. `body` is the object as we last saw or sent it, at `etag`, until it
    is kept: it is read again where it is needed. `stamp` is the LAST-MODIFIED
    that we wrote last.
    """

    uid: str
    href: str
    etag: str | None = None
    held: ObservedEvent | None = None
    intent: Intent | None = None
    stamp: dt.datetime | None = None
    body: bytes | None = None


@attrs.frozen(kw_only=True)
class CalendarCursor:
    """What is known of a calendar: where to go on asking. `listing`: it knows no tokens."""

    token: str | None = None
    listing: bool = False


_SAVE = """INSERT INTO resource VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
SET value = excluded.value, body = coalesce(excluded.body, body)"""


def load_cursor(database: Database, url: str) -> CalendarCursor:
    """Return what is known of the calendar at that address."""
    found = database.rows("SELECT token, listing FROM calendar WHERE url = ?", (url,))
    if not found:
        return CalendarCursor()
    token, listing = found[0]
    return CalendarCursor(token=token, listing=bool(listing))  # type: ignore[arg-type]


def save_cursor(database: Database, url: str, known: CalendarCursor) -> None:
    """Note where to go on asking, inside a transaction."""
    values = (url, known.token, known.listing)
    database.run("INSERT OR REPLACE INTO calendar VALUES (?, ?, ?)", values)


def has_synced(database: Database, url: str) -> bool:
    """Tell whether there is a calendar at that address: one that was listed, or synced with."""
    return bool(database.rows("SELECT 1 FROM calendar WHERE url = ?", (url,)))


def remember_calendar(database: Database, url: str) -> None:
    """Note that the server listed a calendar at that address."""
    with database.transaction():
        database.run("INSERT OR IGNORE INTO calendar VALUES (?, NULL, 0)", (url,))


def load_rows(database: Database, url: str) -> dict[str, SyncRow]:
    """Return the calendar's objects by UID, without their bodies."""
    sql = "SELECT uid, value FROM resource WHERE calendar = ? ORDER BY uid"
    try:
        return {
            str(uid): _sync_row(str(uid), json.loads(str(value)))
            for uid, value in database.each(sql, (url,))
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise database.damaged(error) from error


def load_body(database: Database, url: str, uid: str) -> bytes:
    """Return an object as we last saw or sent it, b"" where we never did."""
    sql = "SELECT body FROM resource WHERE calendar = ? AND uid = ?"
    found = database.rows(sql, (url, uid))
    return bytes(found[0][0] or b"") if found else b""  # type: ignore[call-overload]


def save_row(database: Database, url: str, row: SyncRow) -> None:
    """Note an object, inside a transaction; without a body it keeps the one that it has."""
    value = json.dumps(
        {
            "href": row.href,
            "etag": row.etag,
            "held": row.held and _held_values(row.held),
            "intent": row.intent and attrs.asdict(row.intent),
            "stamp": row.stamp and row.stamp.isoformat(),
        },
        ensure_ascii=False,
    )
    values = (url, row.uid, value, row.body)
    database.run(_SAVE, values)


def drop_row(database: Database, url: str, uid: str) -> None:
    """Forget an object, inside a transaction."""
    database.run("DELETE FROM resource WHERE calendar = ? AND uid = ?", (url, uid))


def calendars(database: Database) -> list[str]:
    """Return the addresses of the calendars of which any object is known."""
    found = database.rows("SELECT DISTINCT calendar FROM resource ORDER BY calendar")
    return [str(url) for (url,) in found]


def forget_events(database: Database, uids: Iterable[str]) -> list[str]:
    """Note that nobody wants these events any more; return the calendars that hold any of them."""
    uids, holding = set(uids), []
    with database.transaction():
        for url in calendars(database):
            there = [row for row in load_rows(database, url).values() if row.uid in uids]
            held = [row for row in there if row.held and row.held.standing is Presence.HELD]
            for row in held:
                forgotten = row.held and attrs.evolve(row.held, forgotten=True)
                save_row(database, url, attrs.evolve(row, held=forgotten))
            holding += [url] if held else []
    return holding


def _held_values(held: ObservedEvent) -> dict[str, Any]:
    return {
        "uid": held.uid,
        "standing": held.standing,
        "base": held.base,
        "theirs": held.theirs,
        "at": held.at.isoformat(),
        "silenced": held.silenced,
        "undeletable": held.undeletable,
        "owner": held.owner,
        "forgotten": held.forgotten,
        "settled": held.settled,
        "returned": held.returned,
        "our_alarms": held.our_alarms,
    }


def _sync_row(uid: str, value: dict[str, Any]) -> SyncRow:
    held, intent, stamp = value["held"], value["intent"], value["stamp"]
    return SyncRow(
        uid=uid,
        href=value["href"],
        etag=value["etag"],
        held=held and _held(held),
        intent=intent and _intent(intent),
        stamp=stamp and dt.datetime.fromisoformat(stamp),
    )


def _held(value: dict[str, Any]) -> ObservedEvent:
    base, theirs = _fields(value["base"]), _fields(value["theirs"])
    return ObservedEvent(
        uid=value["uid"],
        standing=Presence(value["standing"]),
        base=base,
        # Mostly they are alike, and need not be held twice.
        theirs=base if theirs == base else theirs,
        at=dt.datetime.fromisoformat(value["at"]),
        silenced=value["silenced"],
        undeletable=value["undeletable"],
        # Not every version noted these.
        owner=value.get("owner"),
        forgotten=value.get("forgotten", False),
        settled=value.get("settled", False),
        returned=value.get("returned", False),
        our_alarms=value.get("our_alarms"),
    )


def _intent(value: dict[str, Any]) -> Intent:
    return Intent(
        kind=WriteKind(value["kind"]),
        result=_fields(value["result"]),
        base=_fields(value["base"]),
        silences=value["silences"],
    )


def _fields(value: dict[str, str]) -> Fields:
    return {Field(name): str(text) for name, text in value.items()}
