"""Lets one of the operations by which a command changes the disk fail, or be its last.

Run as a script it lets a command be killed at its first such operation, at its
second, and so on: `python -m tests.cli.faults ROOT COMMAND...` starts each time
from a copy of ROOT/before at ROOT/work and keeps what is left of it as ROOT/N.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from afterword.__main__ import main
from afterword.storage.repository import ApplicationRepository
from afterword.storage.state.database import Database
from afterword.system import atomic_files

Act = Callable[[bool], NoReturn]
"""Fails or kills; told whether the operation is one of SQLite's."""


class Faults:
    """Counts the operations of files, directories and the database; the n-th one is acted on."""

    def __init__(self, nth: int, act: Act) -> None:
        self.nth, self.act, self.calls = nth, act, 0

    def put_into(self, patch: pytest.MonkeyPatch) -> None:
        """Let all that the program does to the disk pass by here."""
        disk = atomic_files.Disk(
            open=self._counted(os.open),
            write=self._counted(os.write),
            sync=self._counted(os.fsync),
            replace=self._counted(os.replace),
            remove=self._counted(os.unlink),
        )
        for taker in (
            atomic_files.write_atomically,
            atomic_files.write_all,
            atomic_files.remove,
            ApplicationRepository.__init__,
        ):
            defaults = taker.__kwdefaults__
            assert defaults is not None
            patch.setitem(defaults, "disk", disk)
        patch.setattr(os, "mkdir", self._counted(os.mkdir))
        defaults = Database.__init__.__kwdefaults__
        assert defaults is not None
        patch.setitem(defaults, "connection", self._connection())

    def _count(self, *, of_sqlite: bool = False) -> None:
        self.calls += 1
        if self.calls == self.nth:
            self.act(of_sqlite)

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self._count()
            return call(*args, **kwargs)

        return counted

    def _connection(self) -> type[sqlite3.Connection]:
        count = self._count

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
                if not sql.lstrip().startswith("SELECT"):
                    count(of_sqlite=True)
                return super().execute(sql, *args)

        return Connection


def failing(code: int, of_sqlite: int) -> Act:
    """Return what lets an operation fail as the system or SQLite do."""

    def fail(sqlite: bool) -> NoReturn:
        if not sqlite:
            raise OSError(code, os.strerror(code))
        error = sqlite3.OperationalError("the disk said no")
        error.sqlite_errorcode = of_sqlite
        raise error

    return fail


def kill(_: bool) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def killed_at_each_operation(root: Path, command: list[str]) -> None:
    """Keep what is left of the work at each operation as its number, and at last without one."""
    # Once as a whole: what is imported now need not be imported by each child.
    shutil.copytree(root / "before", root / "work")
    main(command)
    shutil.rmtree(root / "work")
    for nth in itertools.count(1):
        shutil.copytree(root / "before", root / "work")
        child = os.fork()
        if child == 0:
            Faults(nth, kill).put_into(pytest.MonkeyPatch())
            os._exit(main(command))
        _, status = os.waitpid(child, 0)
        (root / "work").rename(root / f"{nth}")
        if not os.WIFSIGNALED(status):
            sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    killed_at_each_operation(Path(sys.argv[1]), sys.argv[2:])
