"""A person who does things to events in the calendar of a phone, or of a desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs

from tests.sync.clients import SNOOZE as SNOOZE  # noqa: PLC0414
from tests.sync.clients import (
    ZONE,
    Client,
    Davx5,
    Evolution,
    Ios,
    Kde,
    Khal,
    NextcloudCalendar,
    Seen,
    Thunderbird,
    instant,
)
from tests.sync.clients import lines as lines  # noqa: PLC0414

_STYLES: dict[str, Callable[[str], Client]] = {
    "ios": lambda at: Ios(modified=at),
    "ios-forgetful": lambda at: Ios(modified=at, foreign=False),
    "thunderbird": lambda at: Thunderbird(modified=at),
    "davx5": lambda at: Davx5(modified=at),
    "evolution": lambda at: Evolution(modified=at),
    "khal": lambda at: Khal(modified=at),
    "nextcloud": lambda at: NextcloudCalendar(modified=at),
    "kde": lambda at: Kde(modified=at),
}
STYLES = tuple(_STYLES)


@attrs.define
class Phone:
    """A person with one of these clients. Each act returns the object as it is sent then."""

    style: str = "ios"
    modified: str = "20261124T080000Z"

    @property
    def tells_when(self) -> bool:
        """Whether it says when the person acted."""
        return self.style not in {"davx5", "khal"}

    @property
    def tells_alarms(self) -> bool:
        """Whether it says that an alarm was dismissed or snoozed."""
        return self.style in {"ios", "ios-forgetful", "thunderbird"}

    def edit(self, body: bytes, **values: str) -> bytes:
        """Set properties of the event, by their lower-case names; none: open it and save it."""
        seen = Seen.of(body)
        for name, value in values.items():
            seen.set(name.upper(), value if value.startswith(";") else f":{value}")
        return self._client.write(seen)

    def drag(self, body: bytes, days: int = 1) -> bytes:
        """Move the event by days, its zone told in the phone's way."""
        seen = Seen.of(body)
        moved = {name: _later(seen.event[name], days) for name in ("DTSTART", "DTEND")}
        return self.edit(body, **{name.lower(): rest for name, rest in moved.items()})

    def dismiss(self, body: bytes) -> bytes:
        """Acknowledge the alarm."""
        return self._answered(body, self._client.dismiss)

    def snooze(self, body: bytes) -> bytes:
        """Have the alarm ring again at SNOOZE."""
        return self._answered(body, self._client.snooze)

    def alarm(self, body: bytes, trigger: str) -> bytes:
        """Set another trigger on the event's alarm."""

        def change(seen: Seen) -> None:
            for alarm in seen.alarms:
                alarm["TRIGGER"] = f":{trigger}"

        return self._answered(body, change)

    def remind(self, body: bytes, trigger: str) -> bytes:
        """Add an alarm to those that are there."""

        def add(seen: Seen) -> None:
            text = seen.event["SUMMARY"]
            seen.alarms.append(
                {"ACTION": ":DISPLAY", "DESCRIPTION": text, "TRIGGER": f":{trigger}"}
            )

        return self._answered(body, add)

    @property
    def _client(self) -> Client:
        return _STYLES[self.style](self.modified)

    def _answered(self, body: bytes, act: Callable[[Seen], None]) -> bytes:
        seen = Seen.of(body)
        act(seen)
        return self._client.write(seen)


def _later(rest: str, days: int) -> str:
    """Return a time that is later by days, in the phone's zone; or a day."""
    if rest.startswith(";VALUE=DATE:"):
        day = dt.datetime.strptime(f"{rest[12:]}Z", "%Y%m%d%z") + dt.timedelta(days)
        return f";VALUE=DATE:{day:%Y%m%d}"
    local = instant(rest).astimezone(ZONE) + dt.timedelta(days)
    return f";TZID={ZONE.key}:{local:%Y%m%dT%H%M%S}"
