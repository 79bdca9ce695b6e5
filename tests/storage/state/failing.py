"""SQLite connections on which a chosen statement fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import attrs


@attrs.define
class Fault:
    """Makes statement number `at` fail with the SQLite result code `code`; with 0 none fails.

    With `after` it fails after it was executed. `seen` counts the statements.
    """

    code: str
    at: int = 0
    after: bool = False
    seen: int = 0

    def connection(self) -> type[sqlite3.Connection]:
        """Return the connection class to pass to `Database`."""
        fault = self

        class Failing(sqlite3.Connection):
            def execute(self, *arguments: Any) -> sqlite3.Cursor:
                return fault.meet(super().execute, *arguments)

            def executemany(self, *arguments: Any) -> sqlite3.Cursor:
                return fault.meet(super().executemany, *arguments)

        return Failing

    def meet(self, run: Callable[..., sqlite3.Cursor], *arguments: Any) -> sqlite3.Cursor:
        """Run a statement or fail."""
        self.seen += 1
        if self.seen != self.at:
            return run(*arguments)
        if self.after:
            run(*arguments)
        error = sqlite3.OperationalError(self.code)
        error.sqlite_errorcode = getattr(sqlite3, self.code)
        raise error
