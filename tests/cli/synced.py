"""A person with one application, a calendar on a server, and a phone that writes to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import tomli

from afterword.formats import ics_patch
from tests.cli.life import Life
from tests.running import Result
from tests.sync.http import CALENDAR, PASSWORD, USER, DavServer
from tests.sync.people import ZONE, Phone, lines

DURING = "2026-11-24 15:45"
"""After the interview, before the moment to say thanks."""
NEXT_DAY = "2026-11-25 10:00"


@attrs.define
class Synced:
    """`synced(now, *flags)` syncs as if it was that moment."""

    life: Life
    remote: DavServer
    secret: Path

    @classmethod
    def begun(cls, life: Life, remote: DavServer, secret: Path) -> Synced:
        """Return somebody who had an interview and has chosen a calendar."""
        life.held()
        secret.write_text(f"{PASSWORD}\n")
        secret.chmod(0o600)
        return cls(life, remote, secret)

    def __call__(self, now: str, *flags: str, code: int = 0) -> Result:
        self.remote.log.clear()
        return self.life(now, *self.command(), *flags, code=code)

    def command(self) -> tuple[str, ...]:
        where = ("--calendar-url", self.remote.url + CALENDAR, "--user", USER)
        return ("sync", *where, "--password-file", str(self.secret))

    def json(self, now: str, *flags: str, code: int = 0) -> Any:
        return self(now, "--json", *flags, code=code).json

    def log(self) -> list[dict[str, Any]]:
        """Return the log of the application."""
        (path,) = self.life.data.glob("karoo*.toml")
        entries: list[dict[str, Any]] = tomli.loads(path.read_text("utf-8")).get("log", [])
        return entries

    def lose_state(self) -> None:
        files = list(Path.home().rglob("state.sqlite*"))
        assert files
        for file in files:
            file.unlink()

    # On the phone.

    def named(self, step: str, part: str = "act") -> str:
        """Return the file name of a step's event."""
        uids = self.life.plan(DURING)[f"r1 {step} 0"]["uids"]
        return f"{uids[part]}.ics"

    def edit(self, step: str, modified: str = "20261124T133000Z", **values: str) -> None:
        """Edit the act event of a step."""
        phone, name = Phone(), self.named(step)
        phone.modified = modified
        self.remote.model.store(name, phone.edit(self.remote.model.objects[name][0], **values))

    def rings(self, step: str, trigger: str) -> None:
        name = self.named(step)
        self.remote.model.store(name, Phone().alarm(self.remote.model.objects[name][0], trigger))

    def drag(self, step: str, days: int, part: str = "act") -> None:
        name = self.named(step, part)
        self.remote.model.store(name, Phone().drag(self.remote.model.objects[name][0], days=days))

    def delete(self, step: str, part: str = "act") -> None:
        self.remote.model.remove(self.named(step, part))

    def titles(self) -> set[str]:
        """Return the titles that the phone shows."""
        return {
            line.removeprefix("SUMMARY:")
            for body in self.remote.model.bodies()
            for line in lines(body)
            if line.startswith("SUMMARY")
        }

    def seen(self) -> list[tuple[str, ...]]:
        """Return what a phone shows of each event, whatever its identity."""
        return sorted(map(_shown, self.remote.model.bodies()))

    def shows(self, text: str) -> bool:
        """Tell whether any event has the text in its words."""
        return any(text in line for body in self.remote.model.bodies() for line in lines(body))


def _shown(body: bytes) -> tuple[str, ...]:
    links = [line.partition("mailto:")[2] for line in lines(body) if line.startswith("URL")]
    return (*ics_patch.parse_event(body, ZONE).fields.values(), *links)
