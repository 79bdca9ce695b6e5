"""A sync in a process of its own, to be killed: `python -m tests.sync.child PATH URL COUNT WHERE`.

The facts lie beside the state, as those of a store do. COUNT writes go out at
once. WHERE is `commit:N:before` or `commit:N:after`, or empty for a process
that only its connection kills. With a WHERE, a write goes out when the one before it is
noted: so the number of commits is the same however slow the machine is.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.merge.three_way import DesiredState
from afterword.domain.merge.user_edits import UserEdit
from afterword.storage.state.database import Database
from afterword.sync.engine import synchronize
from afterword.sync.sync_context import Options
from tests.sync.people import NOW, WORDS, Facts


class Doomed(Database):
    """Kills its process at a commit."""

    def __init__(self, path: Path, where: str) -> None:
        _, number, self._when = (where or "::").split(":")
        self._left = int(number or -1)
        self.noted = threading.Event()
        super().__init__(path)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit as ever, but for one time."""
        self._left -= 1
        try:
            with super().transaction():
                yield
                if self._left == 0 and self._when == "before":
                    os.kill(os.getpid(), signal.SIGKILL)
        finally:
            if self._left == 0 and self._when == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            self.noted.set()


class Stepwise(RemoteCalendar):
    """Lets what came of a write be committed before the next one goes out."""

    def __init__(self, server: DavClient, url: str, noted: threading.Event) -> None:
        super().__init__(server, url)
        self._noted = noted

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        """Store it as ever, in its turn."""
        self._wait()
        return super().put(href, body, etag=etag, new=new)

    def delete(self, href: str, *, etag: str | None) -> None:
        """Remove it as ever, in its turn."""
        self._wait()
        super().delete(href, etag=etag)

    def _wait(self) -> None:
        self._noted.wait()
        self._noted.clear()


def main(path: str, url: str, count: str, where: str) -> None:
    kept = facts_of(Path(path))
    facts: Facts = pickle.loads(kept.read_bytes())  # noqa: S301 - our own

    def note(told: tuple[UserEdit, ...]) -> DesiredState:
        wanted = facts.note(told)
        kept.write_bytes(pickle.dumps(facts))
        return wanted

    user = os.environ.get("DAV_USER")
    login = Login(user=user, password=os.environ["DAV_PASSWORD"]) if user else None
    with Doomed(Path(path), where) as database, DavClient(url, login, now=lambda: NOW) as server:
        steps = Stepwise(server, url, database.noted) if where else RemoteCalendar(server, url)
        synchronize(
            steps,
            database,
            facts.wanted(),
            Options(words=WORDS, over="Answered:", connections=int(count)),
            now=NOW,
            record_edits=note,
        )


def facts_of(path: Path) -> Path:
    return path.with_suffix(".facts")


if __name__ == "__main__":
    main(*sys.argv[1:])
