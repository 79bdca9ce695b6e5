"""One event as JSON text and back, for machine state. Imports no calendar library.

The text is canonical: two events are equal exactly when their texts are.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from afterword.core.model import Alarm, Event, When

_SECOND = dt.timedelta(seconds=1)


def dump(event: Event) -> str:
    """Return the event as one line of JSON with sorted keys."""
    return json.dumps(
        {
            "uid": event.uid,
            "start": dump_when(event.start),
            "end": dump_when(event.end),
            "summary": event.summary,
            "description": event.description,
            "stamp": dump_when(event.stamp),
            "sequence": event.sequence,
            "url": event.url,
            "categories": event.categories,
            "alarm": None if event.alarm is None else _alarm(event.alarm),
            "cancelled": event.cancelled,
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def load(text: str) -> Event:
    """Return the event of a text that `dump` made; ValueError, KeyError or TypeError if not."""
    values: dict[str, Any] = json.loads(text)
    alarm = values["alarm"]
    return Event(
        uid=values["uid"],
        start=load_when(values["start"]),
        end=load_when(values["end"]),
        summary=values["summary"],
        description=values["description"],
        stamp=dt.datetime.fromisoformat(values["stamp"]),
        sequence=values["sequence"],
        url=values["url"],
        categories=tuple(values["categories"]),
        alarm=None
        if alarm is None
        else Alarm(uid=alarm["uid"], before=alarm["before"] * _SECOND, text=alarm["text"]),
        cancelled=values["cancelled"],
    )


def dump_when(when: When) -> str:
    """Return an instant in UTC, or a day, in ISO 8601."""
    if isinstance(when, dt.datetime):
        return when.astimezone(dt.UTC).isoformat()
    return when.isoformat()


def load_when(text: str) -> When:
    """Return the instant or the day of a text that `dump_when` made; ValueError if not."""
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _alarm(alarm: Alarm) -> dict[str, object]:
    return {"uid": alarm.uid, "before": alarm.before // _SECOND, "text": alarm.text}
