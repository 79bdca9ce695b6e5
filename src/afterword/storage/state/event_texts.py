"""The texts of the events of each application, as a sync last built them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import NamedTuple

from afterword.domain.calendar_model import EventText
from afterword.storage.state.database import Database


class SavedTexts(NamedTuple):
    """Texts by the UID of their event, and the fingerprint of all that they were built from."""

    fingerprint: str
    texts: Mapping[str, EventText]


def load_texts(database: Database) -> dict[str, SavedTexts]:
    """Return the texts by the id of the application."""
    sql = "SELECT application, fingerprint, texts FROM event_text"
    with database.parsed():
        return {
            str(application): SavedTexts(fingerprint=str(fingerprint), texts=_parse(str(texts)))
            for application, fingerprint, texts in database.iter_rows(sql)
        }


def save_texts(
    database: Database, changed: Mapping[str, SavedTexts], *, forget: Collection[str]
) -> None:
    """Save the texts of applications, and drop those of the ids in `forget`."""
    if not changed and not forget:
        return
    rows = ((id, saved.fingerprint, json.dumps(dict(saved.texts))) for id, saved in changed.items())
    with database.transaction():
        database.execute_many(
            "DELETE FROM event_text WHERE application = ?", ((id,) for id in forget)
        )
        database.execute_many("INSERT OR REPLACE INTO event_text VALUES (?, ?, ?)", rows)


def _parse(value: str) -> dict[str, EventText]:
    return {uid: EventText(*texts) for uid, texts in json.loads(value).items()}
