"""A state file of which one statement fails, as a disk or another program makes it fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import attrs


@attrs.define
class Fault:
    """Lets statement number `at` fail with a result code of SQLite's; 0 is none of them.

    `after`: once it is done, so that nobody is told what was. `seen` counts.
    """

    code: str
    at: int = 0
    after: bool = False
    seen: int = 0

    def connection(self) -> type[sqlite3.Connection]:
        """Return what `Database` may open its file with."""
        fault = self

        class Failing(sqlite3.Connection):
            def execute(self, *arguments: Any) -> sqlite3.Cursor:
                return fault.meet(super().execute, *arguments)

            def executemany(self, *arguments: Any) -> sqlite3.Cursor:
                return fault.meet(super().executemany, *arguments)

        return Failing

    def meet(self, run: Callable[..., sqlite3.Cursor], *arguments: Any) -> sqlite3.Cursor:
        """Run a statement, or fail in its place."""
        self.seen += 1
        if self.seen != self.at:
            return run(*arguments)
        if self.after:
            run(*arguments)
        error = sqlite3.OperationalError(self.code)
        error.sqlite_errorcode = getattr(sqlite3, self.code)
        raise error
