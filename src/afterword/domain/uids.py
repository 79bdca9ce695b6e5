"""Identities that stay: event UIDs are computed, so a plan made again finds its own events.

A UID follows from ids that are given once, never from a date, a name or the
machine; `generation` grows where an event that was deleted is brought back,
because servers keep the UIDs of deleted objects.
"""

from __future__ import annotations

import hashlib
import uuid

from afterword.domain.model import StepKind

_SPACE = uuid.UUID("6f0b1a52-4c0e-5f0b-9d3c-a5f0e6c7d811").bytes
_FRAMED = (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND, StepKind.REPLY)


def stable_uuid(*parts: str | int) -> str:
    """Return the UUID that follows from the parts, as `[0-9a-f-]` (RFC 7986, section 5.3)."""
    name = "\n".join(map(str, parts)).encode()
    digest = hashlib.sha1(_SPACE + name, usedforsecurity=False).hexdigest()
    # As uuid.uuid5 does, without its objects: version 5, and a variant of 0b10.. (RFC 9562).
    variant = "89ab"[int(digest[16], 16) % 4]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def event_uids(
    application: str, interview: str, kind: StepKind, episode: int, generation: int = 0
) -> dict[str, str]:
    """Return the UIDs of the act event and, where the step has a limit, of its frame."""
    parts = ("act", "frame") if kind in _FRAMED else ("act",)
    return {
        part: stable_uuid(application, interview, kind, episode, part, generation) for part in parts
    }
