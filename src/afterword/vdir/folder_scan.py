"""Scan a folder of calendar files: which of them hold an event, and which are left alone."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import attrs

from afterword.domain.sanitize import for_terminal, pluralize
from afterword.domain.uids import UID_PATTERN, event_file_name

SUFFIX = ".ics"
LARGEST = 10_000_000
"""The largest file, in bytes, that is read as an event."""

_FIRST_BYTES = 1 << 14
_UNREADABLE = "unreadable"
_OUR_UID = re.compile(rb"^UID:(%b)\r?$" % UID_PATTERN.encode(), re.MULTILINE)
_OUR_NAME = re.compile(rf"{UID_PATTERN}\.ics")
# An alarm has a UID of its own, which a copied event may share.
_ALARM = re.compile(
    rb"^BEGIN:VALARM\r?$.*?^END:VALARM\r?$", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_FOLD = re.compile(rb"\r?\n[ \t]")
_COMPONENTS = {b"VEVENT", b"VTODO", b"VJOURNAL"}
_HEAD, _TAIL = b"BEGIN:VCALENDAR", b"END:VCALENDAR"


@attrs.frozen(kw_only=True)
class ScannedFile:
    """A calendar file. `uids` are the UIDs in it that may be ours.

    `problem` says why it is left alone, unless it is None.
    """

    name: str
    etag: str
    uids: frozenset[str] = frozenset()
    problem: str | None = None

    @property
    def is_in_own_file(self) -> bool:
        """True if the file is named for a UID in it, or as ours are."""
        return _OUR_NAME.fullmatch(self.name) is not None or any(
            self.name == event_file_name(uid) for uid in self.uids
        )

    @property
    def is_listed(self) -> bool:
        """True for an event, and for a file that may be ours, so that it does not count as gone."""
        return self.problem is None or self.is_in_own_file or self.etag == _UNREADABLE


@attrs.frozen(kw_only=True)
class FolderScan:
    """The calendar files of a folder.

    `etags` has those that a sync may read and write, by href. `left_alone` maps the names of
    the others to the reasons; `holders` maps UIDs to the names of the files that have them.
    """

    etags: Mapping[str, str]
    left_alone: Mapping[str, str]
    holders: Mapping[str, str]
    is_empty: bool


def href_of(name: str) -> str:
    """Return a file name as the state has it: percent-encoded where it is not ASCII."""
    return quote(os.fsencode(name), safe="@+ ")


def name_of(href: str) -> str:
    """Return the file name of `href_of`."""
    return os.fsdecode(unquote_to_bytes(href))


def etag_of(content: bytes) -> str:
    """Return the ETag of a file, the digest of its content."""
    return f'"{hashlib.sha256(content).hexdigest()}"'


def scan_folder(directory: Path) -> FolderScan:
    """Read all calendar files of a directory. Raises OSError if it cannot be listed."""
    files = list(_scanned_files(directory))
    etags: dict[str, str] = {}
    left_alone: dict[str, str] = {}
    holders: dict[str, str] = {}
    # First the files that are named for their event: another file with its UID is a copy.
    for file in sorted(files, key=lambda each: (not each.is_in_own_file, each.name)):
        copied = sorted(uid for uid in file.uids if uid in holders)
        problem = file.problem
        if problem is None and copied:
            problem = f"is a second copy of {for_terminal(holders[copied[0]])}"
        if problem is not None:
            left_alone[file.name] = problem
        if file.is_listed and (problem is None or problem == file.problem):
            etags[href_of(file.name)] = file.etag
        for uid in file.uids:
            holders.setdefault(uid, file.name)
    return FolderScan(etags=etags, left_alone=left_alone, holders=holders, is_empty=not files)


def _scanned_files(directory: Path) -> Iterator[ScannedFile]:
    with os.scandir(directory) as entries:
        names = [entry.name for entry in entries if _is_calendar_file(entry)]
    for name in sorted(names):
        try:
            content = read_calendar_file(directory / name)
        except FileNotFoundError:
            continue
        except OSError:
            # It is there, so its event was not deleted.
            yield ScannedFile(name=name, etag=_UNREADABLE, problem="cannot be read")
            continue
        if content is None:
            problem = f"is larger than {LARGEST:,} bytes"
            yield ScannedFile(name=name, etag=_UNREADABLE, problem=problem)
            continue
        yield ScannedFile(
            name=name,
            etag=etag_of(content),
            uids=_our_uids(content),
            problem=_problem_of(content),
        )


def _our_uids(content: bytes) -> frozenset[str]:
    if _OUR_UID.search(content) is None:
        return frozenset()
    return frozenset(uid.decode() for uid in _OUR_UID.findall(_ALARM.sub(b"", content)))


def read_calendar_file(path: Path) -> bytes | None:
    """Return the content of a file, None if it is too large. Raises OSError."""
    with path.open("rb") as file:
        # read() allocates as much as it is asked for, and most files are small.
        content = file.read(_FIRST_BYTES)
        if len(content) == _FIRST_BYTES:
            content += file.read(LARGEST + 1 - _FIRST_BYTES)
    return None if len(content) > LARGEST else content


def _is_calendar_file(entry: os.DirEntry[str]) -> bool:
    """True for a plain file with the suffix; others, and hidden ones, are no items of a vdir."""
    try:
        return entry.name.endswith(SUFFIX) and not entry.name.startswith(".") and entry.is_file()
    except OSError:
        return False


def _problem_of(content: bytes) -> str | None:
    """Return why a file is no calendar object with a single event (RFC 4791 4.1)."""
    text = content.removeprefix(b"\xef\xbb\xbf").strip().upper()
    if not (text.startswith(_HEAD) and text.endswith(_TAIL)):
        return "is no complete calendar file"
    if sum(text.count(b"BEGIN:" + kind) for kind in _COMPONENTS) == 1:
        return None
    uids = _component_uids(content)
    if not uids:
        return "has no event in it"
    return f"holds {pluralize(len(uids), 'event')}" if len(uids) > 1 else None


def _component_uids(content: bytes) -> set[bytes]:
    """Return the UIDs of all events; the exceptions of a series have the UID of the series."""
    uids, stack, last = set[bytes](), list[bytes](), b""
    for number, line in enumerate(_FOLD.sub(b"", content).splitlines()):
        name, _, value = line.partition(b":")
        name = name.partition(b";")[0].upper().strip()
        if name == b"BEGIN":
            stack.append(value.upper().strip())
            if stack[-1] in _COMPONENTS:
                last = b"without a UID, line %d" % number
        elif name == b"END" and stack:
            if stack.pop() in _COMPONENTS:
                uids.add(last)
        elif name == b"UID" and stack and stack[-1] in _COMPONENTS:
            last = value.strip()
    return uids
