"""Our side and the phone's, on one calendar of a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from afterword.domain import uids
from afterword.errors import ExitCode
from afterword.sync.report import SyncReport
from tests.sync.people import Tool, uid
from tests.sync.servers import Real

T = TypeVar("T")


class Two:
    """Our side and the phone's, on one calendar."""

    def __init__(self, tool: Tool, real: Real) -> None:
        self.tool = tool
        self.calendar = real.calendar()
        self.exact, self.keeps_marks = real.exact, real.name != "google"

    def sync(self, connections: int = 1) -> SyncReport:
        before = self.calendar.requests
        report = self.tool.sync(self.calendar, connections=connections)
        self.requests = self.calendar.requests - before
        return report

    def cost(self, requests: int) -> bool:
        """Tell whether the last sync sent that many requests, where they can be counted."""
        return not self.exact or self.requests == requests

    def settled(self) -> None:
        report = self.sync()
        assert (report.actions, report.user_edits, report.failed) == ((), (), {})
        assert (self.requests, report.exit_code) == (1, ExitCode.OK)

    def name(self, number: int) -> str:
        """Return the file of an event's newest generation, or that of its first."""
        names = [f"{uids.calendar_uid(uid(number), again)}.ics" for again in range(9)]
        there = self.there()
        return next((name for name in reversed(names) if name in there), names[0])

    def href(self, number: int) -> str:
        return self.calendar.href(self.name(number).removesuffix(".ics"))

    def body(self, number: int) -> bytes:
        href = self.href(number)
        return self.calendar.fetch([href])[href].body

    def meanwhile(self, act: Callable[[], None]) -> None:
        """Have the phone act between our look and our next write."""
        put, delete, pending = self.calendar.put, self.calendar.delete, [act]

        def first(write: Callable[..., T]) -> Callable[..., T]:
            def crossed(*args: Any, **options: Any) -> T:
                if pending:
                    now = pending.pop()
                    self.calendar.put, self.calendar.delete = put, delete  # type: ignore[method-assign]
                    now()
                return write(*args, **options)

            return crossed

        self.calendar.put = first(put)  # type: ignore[method-assign]
        self.calendar.delete = first(delete)  # type: ignore[method-assign]

    def phone_stores(self, number: int, body: bytes) -> None:
        href = self.href(number)
        found = self.calendar.fetch([href])[href]
        self.calendar.put(href, body, etag=found.etag, new=False)

    def phone_creates(self, number: int, body: bytes) -> None:
        self.calendar.put(self.calendar.href(uid(number)), body, etag=None, new=True)

    def phone_deletes(self, number: int) -> None:
        href = self.href(number)
        found = self.calendar.fetch([href])[href]
        self.calendar.delete(href, etag=found.etag)

    def there(self) -> set[str]:
        return {href.rpartition("/")[2] for href in self.calendar.listing().etags}
