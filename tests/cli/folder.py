"""A person with one application whose calendar is a folder, and a program that edits its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import tomli

from tests.cli.life import Life
from tests.running import Result
from tests.sync.phones import Phone, lines

DURING = "2026-11-24 15:45"
"""After the interview, before the moment to say thanks."""
NEXT_DAY = "2026-11-25 10:00"


@attrs.define
class Folder:
    """`folder(now, *flags)` syncs with the folder as if it was that moment."""

    life: Life
    path: Path

    def __call__(self, now: str, *flags: object, code: int = 0) -> Result:
        return self.life(now, "sync", "--folder", self.path, *flags, code=code)

    def export(self, now: str, *flags: object, code: int = 0) -> Result:
        return self.life(now, "export", "-o", f"{self.path}/", *flags, code=code)

    def file(self, step: str, part: str = "act") -> Path:
        """Return the file of a step's event."""
        uids = self.life.plan(DURING)[f"r1 {step} 0"]["uids"]
        return self.path / f"{uids[part]}.ics"

    def edit(self, step: str, style: str = "khal", **values: str) -> bytes:
        """Edit the reminder event of a step; return what is in its file then."""
        path = self.file(step)
        path.write_bytes(Phone(style).edit(path.read_bytes(), **values))
        return path.read_bytes()

    def drag(self, step: str, days: int) -> bytes:
        path = self.file(step)
        path.write_bytes(Phone("khal").drag(path.read_bytes(), days=days))
        return path.read_bytes()

    def log(self) -> list[dict[str, Any]]:
        (path,) = self.life.data.glob("karoo*.toml")
        entries: list[dict[str, Any]] = tomli.loads(path.read_text("utf-8")).get("log", [])
        return entries

    def files(self) -> dict[str, bytes]:
        """Return everything in the folder, whatever it is."""
        return {path.name: path.read_bytes() for path in self.path.iterdir() if path.is_file()}

    def titles(self) -> list[str]:
        return sorted(
            line.removeprefix("SUMMARY:")
            for body in self.files().values()
            for line in lines(body)
            if line.startswith("SUMMARY")
        )

    def lose_state(self) -> None:
        files = list(Path.home().rglob("state.sqlite*"))
        assert files
        for file in files:
            file.unlink()
