"""The saved rows of a sync: a state file of an earlier version stays readable."""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from afterword.domain.calendar_model import Field
from afterword.domain.merge.three_way import ObservedEvent, Presence, WriteKind
from afterword.errors import StateError
from afterword.storage.state.database import Database
from afterword.storage.state.sync_rows import Intent, SyncRow, load_rows, save_row

URL = "https://cal.example/karoo/"
AT = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
SAVED: dict[str, Any] = {
    "href": "/karoo/u1.ics",
    "etag": '"1"',
    "held": {
        "uid": "u1",
        "standing": "gone",
        "base": {"summary": "Karoo: thank Thandi"},
        "theirs": {"summary": "Answered: Karoo"},
        "at": "2026-11-24T09:00:00+00:00",
        "silenced": True,
        "undeletable": False,
        "owner": "karoo",
        "forgotten": False,
        "settled": True,
        "returned": True,
        "our_alarms": "0",
    },
    "intent": {"kind": "update", "result": {"summary": "x"}, "base": {}, "silences": True},
    "stamp": None,
}
"""A row as the first version of the schema had it."""
NEW_KEYS: dict[str, Any] = {
    "generation": 0,
    "seen": True,
    "unsure": False,
    "rewriting": None,
}
NEW_KEYS_OF_EVENT = {"protected": False, "rival": False, "recurs": False}
ROW = SyncRow(
    uid="u1",
    href="/karoo/u1.ics",
    etag='"1"',
    held=ObservedEvent(
        uid="u1",
        presence=Presence.DELETED,
        base={Field.SUMMARY: "Karoo: thank Thandi"},
        theirs={Field.SUMMARY: "Answered: Karoo"},
        at=AT,
        marked_over=True,
        owner="karoo",
        deletion_acknowledged=True,
        reappeared=True,
        our_alarms="0",
    ),
    intent=Intent(kind=WriteKind.UPDATE, result={Field.SUMMARY: "x"}, base={}, silences=True),
    seen=True,
)


def test_a_saved_row_is_read(tmp_path: Path) -> None:
    with Database(tmp_path / "state.sqlite") as database:
        with database.transaction():
            values = (URL, "u1", json.dumps(SAVED), None)
            database.execute("INSERT INTO resource VALUES (?, ?, ?, ?)", values)

        assert load_rows(database, URL) == {"u1": ROW}


def test_a_row_is_saved_with_the_same_keys(tmp_path: Path) -> None:
    with Database(tmp_path / "state.sqlite") as database:
        with database.transaction():
            save_row(database, URL, ROW)

        ((value,),) = database.rows("SELECT value FROM resource", ())
        held = {**SAVED["held"], **NEW_KEYS_OF_EVENT}
        assert json.loads(str(value)) == {**SAVED, **NEW_KEYS, "held": held}


def test_every_presence_has_its_saved_value() -> None:
    assert {p.name: p.value for p in Presence} == {
        "PRESENT": "held",
        "DELETED": "gone",
        "FOREIGN": "foreign",
        "UNREADABLE": "unreadable",
        "ORPHAN": "orphan",
    }


def test_a_damaged_row_is_set_aside_and_nothing_else_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[object] = []
    gc.collect()  # what earlier tests left is not looked at
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with Database(tmp_path / "state.sqlite") as database:
        with database.transaction():
            for uid in ("u1", "u2", "u3"):
                database.execute("INSERT INTO resource VALUES (?, ?, ?, ?)", (URL, uid, "{", b""))
        with pytest.raises(StateError):
            load_rows(database, URL)
    gc.collect()
    assert ignored == []
