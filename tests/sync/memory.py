"""The calendar of a model without a network between, for tests that sync very often."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import TypeVar

import attrs

from afterword.dav.interface import (
    Changes,
    EventRejectedError,
    ForbiddenError,
    NotFoundError,
    PreconditionFailedError,
    Resource,
    ServerFaultError,
    UidConflictError,
    UnsupportedReportError,
)
from afterword.errors import AfterwordError
from tests.sync.model import Model, Refusal

T = TypeVar("T")
_HOME = "/cal/"
_KINDS: dict[int, type[AfterwordError]] = {
    403: ForbiddenError,
    404: NotFoundError,
    409: UidConflictError,
    412: PreconditionFailedError,
    500: ServerFaultError,
}


def _nothing(method: str) -> None:
    del method


@attrs.define
class MemoryCalendar:
    """`before` and `after` see each request, and may raise in its place."""

    model: Model
    url: str = "http://localhost/cal/"
    requests: int = 0
    before: Callable[[str], None] = _nothing
    after: Callable[[str], None] = _nothing
    _one_at_a_time: threading.Lock = attrs.field(factory=threading.Lock, eq=False)

    def href(self, uid: str) -> str:
        return f"{_HOME}{uid}.ics"

    def make(self, name: str) -> None:
        self._do("MKCALENDAR", lambda: self.model.make(name))

    def changes(self, token: str | None) -> Changes:
        def ask() -> Changes:
            try:
                etags, gone, following = self.model.changes(None if token is None else int(token))
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                raise UnsupportedReportError("no") from None
            return Changes(
                etags=_paths(etags),
                gone={_HOME + name for name in gone},
                token=str(following),
                whole=token is None,
            )

        return self._do("REPORT", ask)

    def listing(self) -> Changes:
        listed = self._do("PROPFIND", self.model.listing)
        model = self.model
        return Changes(
            etags=_paths(listed),
            token=str(len(model.journal)) if model.knows_tokens else None,
            whole=True,
            writable=model.writable,
            trashed=model.trashed,
        )

    def fetch(self, hrefs: Collection[str]) -> dict[str, Resource]:
        def ask() -> dict[str, Resource]:
            self.model.check()
            names = [href.removeprefix(_HOME) for href in hrefs]
            return {
                _HOME + name: Resource(
                    href=_HOME + name,
                    etag=self.model.objects[name][1],
                    body=self.model.objects[name][0],
                )
                for name in names
                if name in self.model.objects and name not in self.model.hidden
            }

        return self._do("REPORT", ask)

    def put(self, href: str, body: bytes, *, etag: str | None, new: bool) -> str | None:
        name = href.removeprefix(_HOME)
        condition = etag if etag and not etag.startswith("W/") else None
        told = self._do(
            "PUT", lambda: self.model.put(name, body, new=new, etag=None if new else condition)
        )
        return told if told and not told.startswith("W/") else None

    def delete(self, href: str, *, etag: str | None) -> None:
        name = href.removeprefix(_HOME)
        self._do("DELETE", lambda: self.model.delete(name, etag=etag))

    def _do(self, method: str, act: Callable[[], T]) -> T:
        self.requests += 1
        self.before(method)
        try:
            with self._one_at_a_time:
                result = act()
        except Refusal as refusal:
            kind = _KINDS.get(refusal.status, EventRejectedError)
            raise kind(f"answered {refusal.status}") from None
        self.after(method)
        return result


def _paths(etags: dict[str, str]) -> dict[str, str | None]:
    return {_HOME + name: etag for name, etag in etags.items()}
