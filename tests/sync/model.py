"""A calendar server as rules: what is stored, what has changed, and in which ways it is odd."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

import attrs

from tests.sync.clients import lines

_UID = re.compile(rb"^UID:(.+?)\r?$", re.MULTILINE)


@attrs.frozen
class Refusal(Exception):  # noqa: N818 - it is an answer, not an accident
    """What the server answers instead: a status, a body and headers."""

    status: int
    body: str = ""
    headers: dict[str, str] = attrs.field(factory=dict)


@attrs.define(slots=False)
class Model:
    """One calendar. The flags are what real servers do, or do not do."""

    objects: dict[str, tuple[bytes, str]] = attrs.field(factory=dict)
    journal: list[str] = attrs.field(factory=list)
    exists: bool = True
    makes_calendars: bool = True
    refuses_if_none_match: bool = False
    name: str = "Jobs"
    tells_etag: bool = True
    weak_etag: bool = False
    ignores_conditions: bool = False
    knows_tokens: bool = True
    oldest_token: int = 0
    repeats_everything: bool = False
    refuses_delete: bool = False
    refused_uids: set[str] = attrs.field(factory=set)
    has_bin: bool = False
    writable: bool | None = None
    trashed: bool = False
    hidden: set[str] = attrs.field(factory=set)
    takes_any_token: bool = False
    reports_revived_as_gone: bool = False
    removed: list[tuple[int, str]] = attrs.field(factory=list)
    uid_refusal: Refusal = Refusal(409, "no-uid-conflict")
    demands_end: bool = False
    rewrite: Callable[[bytes], bytes] = lambda body: body
    writes: list[tuple[str, str]] = attrs.field(factory=list)
    _count: int = 0

    def check(self) -> None:
        """Refuse where there is no such calendar."""
        if not self.exists:
            raise Refusal(404)

    def make(self, name: str) -> None:
        """Make the calendar anew, empty."""
        if self.exists:
            raise Refusal(405)
        if not self.makes_calendars:
            raise Refusal(403)
        self.exists, self.name = True, name
        self.objects.clear()
        # Tokens of the calendar that was there before mean nothing here.
        self.journal.append("another calendar")
        self.oldest_token = len(self.journal)

    def put(self, name: str, body: bytes, *, new: bool, etag: str | None) -> str | None:
        """Store an object under the conditions, and return the ETag that is told."""
        self.check()
        held = self.objects.get(name)
        if not self.ignores_conditions and (
            (new and held) or (etag and (not held or held[1] != etag))
        ):
            raise Refusal(412)
        uid = _UID.findall(body)[0].decode()
        elsewhere = any(
            other != name and uid.encode() in _UID.findall(there)
            for other, (there, _) in self.objects.items()
        )
        if uid in self.refused_uids or elsewhere:
            raise self.uid_refusal
        if self.demands_end and b"DTEND" not in body:
            raise Refusal(403)
        self.writes.append(("PUT", name))
        told = self.store(name, body)
        return told if self.tells_etag else None

    def delete(self, name: str, *, etag: str | None) -> None:
        """Remove an object under the condition."""
        self.check()
        held = self.objects.get(name)
        if held is None:
            raise Refusal(404)
        if etag and held[1] != etag and not self.ignores_conditions:
            raise Refusal(412)
        if self.refuses_delete:
            raise Refusal(403, "cannot be moved into the trashbin")
        self.writes.append(("DELETE", name))
        self.remove(name)

    def store(self, name: str, body: bytes) -> str:
        """Put an object there, as anybody may, and return its ETag."""
        self._count += 1
        body = self.rewrite(body)
        digest = hashlib.sha256(body + bytes([self._count % 256])).hexdigest()[:12]
        etag = f'{"W/" * self.weak_etag}"{digest}"'
        self.objects[name] = (body, etag)
        self.journal.append(name)
        return etag

    def remove(self, name: str) -> None:
        """Take an object away, as anybody may."""
        body, _ = self.objects.pop(name)
        self.removed.append((len(self.journal), name))
        self.journal.append(name)
        if self.has_bin:
            self.refused_uids |= {found.decode() for found in _UID.findall(body)}

    def changes(self, token: int | None) -> tuple[dict[str, str], set[str], int]:
        """Return ETags, what is gone, and the next token."""
        self.check()
        if not self.knows_tokens:
            raise Refusal(403, "supported-report")
        if token is None or self.repeats_everything:
            return self.listing(), set(self.journal) - set(self.objects), len(self.journal)
        if token > len(self.journal) and self.takes_any_token:
            return {}, set(), len(self.journal)
        if not self.oldest_token <= token <= len(self.journal):
            raise Refusal(403, "valid-sync-token")
        touched = set(self.journal[token:]) - self.hidden
        etags = {name: etag for name, etag in self.listing().items() if name in touched}
        if self.reports_revived_as_gone:
            # The newest operation by its kind, not by its time, as Nextcloud has it.
            for _, name in (entry for entry in self.removed if entry[0] >= token):
                etags.pop(name, None)
        return etags, touched - set(etags), len(self.journal)

    def listing(self) -> dict[str, str]:
        """Return the ETags of everything."""
        self.check()
        return {n: etag for n, (_, etag) in self.objects.items() if n not in self.hidden}

    def bodies(self) -> Iterator[bytes]:
        """Return all objects."""
        return (body for body, _ in self.objects.values())


def rewritten(body: bytes) -> bytes:
    """Sort the properties, add some, and end lines as it likes, as servers do."""
    content = lines(body)
    start = content.index("BEGIN:VEVENT") + 1
    end = content.index("BEGIN:VALARM" if "BEGIN:VALARM" in content else "END:VEVENT")
    own = {*content[start:end], "CLASS:PUBLIC", "X-SERVER:1"}
    return "".join(
        f"{line}\n" for line in [*content[:start], *sorted(own), *content[end:]]
    ).encode()
