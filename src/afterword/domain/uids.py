"""Derive the UIDs of calendar events, so that a plan made again has the same events.

A UID depends on ids only, never on a date, a name or the machine.
"""

from __future__ import annotations

import functools
import hashlib
import re
from urllib.parse import quote

from afterword.domain.model import StepKind

UID_PATTERN = r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
"""The form of our UIDs, as a regular expression: a version 5 UUID."""

_NAMESPACE = bytes.fromhex("6f0b1a524c0e5f0b9d3ca5f0e6c7d811")
_VARIANTS = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))
_LONGEST_NAME = 64
_DEVICE_NAME = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_WITH_WINDOW_EVENT = (StepKind.THANK_YOU, StepKind.FIRST, StepKind.SECOND, StepKind.REPLY)


def stable_uuid(*parts: str | int) -> str:
    """Return a version 5 UUID of the parts, in the form that RFC 7986, section 5.3, advises."""
    name = "\n".join(map(str, parts)).encode()
    digest = hashlib.sha1(_NAMESPACE + name, usedforsecurity=False).hexdigest()
    # As uuid.uuid5, without its objects: version 5 and variant 0b10 (RFC 9562).
    variant = _VARIANTS[digest[16]]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def calendar_uid(uid: str, generation: int) -> str:
    """Return the UID that an event of the plan has in a calendar.

    `generation` counts how often its object was deleted there. A UID that was deleted never
    comes back: trash bins refuse it, and clients of Nextcloud miss an object that has it.
    """
    return stable_uuid(uid, "calendar", generation) if generation else uid


# Each event of a step asks for them.
@functools.lru_cache(maxsize=256)
def event_uids(
    application: str, interview: str, kind: StepKind, episode: int, generation: int = 0
) -> dict[str, str]:
    """Return the UIDs of a step's reminder event ("act") and window event ("frame").

    `generation` counts how often a deleted event was restored: servers may
    refuse the UID of a deleted object.
    """
    roles = ("act", "frame") if kind in _WITH_WINDOW_EVENT else ("act",)
    return {
        role: stable_uuid(application, interview, kind, episode, role, generation) for role in roles
    }


def event_file_name(uid: str) -> str:
    """Return the name of the file of an event in a directory with a file for each, `<uid>.ics`.

    A UID that is no file name everywhere is percent-encoded, a very long one is replaced by
    its digest; so no UID leads out of the directory, and no two share a file.
    """
    name = quote(uid, safe="@+", errors="surrogatepass")
    if name.startswith(".") or _DEVICE_NAME.fullmatch(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if not name or len(name) > _LONGEST_NAME:
        name = stable_uuid("file", quote(uid, errors="surrogatepass"))
    return f"{name}.ics"
