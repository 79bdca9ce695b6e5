"""Read the applications that FILE arguments name: application files, invitations and mails.

One file is held in memory at a time. The mistakes of all files are raised together after the
last one, so whatever is written meanwhile must not count before that.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application
from afterword.errors import InputError, UsageError
from afterword.services.run_context import RunContext
from afterword.system import atomic_files

if TYPE_CHECKING:
    from afterword.importers.invitation.invitation_model import Guess, Invitation, InvitationReading

STDIN = "-"
_LARGEST = 10_000_000
_HEAD = 4096
# Files of other programs that people pass by mistake, by their first bytes, and what to do.
_OTHER_PROGRAMS = {
    b"PK\x03\x04": "an Excel or Word file; save it as CSV, or the invitation as .ics",
    b"\xd0\xcf\x11\xe0": "an Outlook message or an old Excel file; save it as .ics, .eml or CSV",
    b"\x78\x9f\x3e\x22": "a winmail.dat, in which Outlook packs an invitation; ask for it as .ics, "
    "or type it with `afterword add`",
    b"%PDF": "a PDF; the invitation itself is a file that ends in .ics",
}
_INVITATION_SUFFIXES = (".ics", ".eml", ".emlx", ".mbox", ".ical", ".ifb", ".vcs")
_SPREADSHEET_SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = (b",", b";", b"\t")
_INVITATION_LINE = re.compile(
    rb"^(?:BEGIN:VCAL|(?:Received|Return-Path|Delivered-To|From|MIME-Version):)",
    re.IGNORECASE | re.MULTILINE,
)


class InvitationHints(NamedTuple):
    """The user's values for an invitation that lacks them; `me` are their own addresses.

    They also replace a guess, except with `only_missing`, for several files at once.
    """

    company: str | None = None
    role: str | None = None
    me: tuple[str, ...] = ()
    employer_zone: ZoneInfo | None = None
    at: str | None = None
    only_missing: bool = False


def load_applications(
    paths: Sequence[str], hints: InvitationHints, context: RunContext
) -> Iterator[Application]:
    """Yield the applications of all files in order.

    Raises InputError with the mistakes of all files, after the last one.
    """
    hints = hints._replace(only_missing=len(paths) > 1)
    errors: list[InputError] = []
    path_by_id: dict[str, str] = {}
    for path in paths:
        try:
            applications = _read(path, hints, context)
        except InputError as error:
            errors.append(error)
            continue
        for application in context.ui.track(applications, "planning"):
            key = application.id.casefold()
            if key in path_by_id:
                errors.append(_duplicate_id_error(application, path_by_id[key], path))
            path_by_id.setdefault(key, path)
            yield application
    if len(errors) == 1:
        raise errors[0]
    if errors:
        notes = [line for e in errors for line in (e.message, *(f"  {note}" for note in e.notes))]
        raise InputError(f"{len(errors)} of {len(paths)} files cannot be used", notes)


def _read(path: str, hints: InvitationHints, context: RunContext) -> tuple[Application, ...]:
    data = read_content(path)
    refuse_other_programs(path, data)
    if is_invitation(path, data):
        return _to_applications(read_invitations(path, data, hints, context), hints, context)
    return parse_application_file(path, data)


def parse_application_file(path: str, data: bytes) -> tuple[Application, ...]:
    """Return the applications of an application file. Raises InputError with its mistakes.

    A file with another suffix that is no TOML at all is rather a file of another kind.
    """
    from afterword.formats.application_file import application_reader

    name = display_name(path)
    is_named_toml = path == STDIN or path.casefold().endswith(".toml")
    if not is_named_toml and not application_reader.is_toml(data):
        raise InputError(
            f"{name} is neither an invitation (.ics, .eml) nor a spreadsheet (.csv) "
            "nor an application file (.toml); to type the interview: afterword add"
        )
    return application_reader.parse_applications(data, name)


def _duplicate_id_error(application: Application, first: str, second: str) -> InputError:
    paths = first if first == second else f"{first} and {second}"
    return InputError(
        f'{paths}: two applications have the id {application.id!r}; give one another id = "..."'
    )


def read_content(path: str, *, at_most: int = _LARGEST) -> bytes:
    """Return the bytes of a file, or of stdin for `-`. Raises InputError, also if it is empty."""
    if path != STDIN:
        data = atomic_files.read_file(Path(path), at_most=at_most)
    else:
        data = sys.stdin.buffer.read(at_most + 1)
    if len(data) > at_most:
        raise InputError(f"standard input is larger than {at_most:,} bytes: is it the right file?")
    if not data.strip():
        raise InputError(f"{display_name(path)} is empty; save it again")
    return data


def may_be_file(path: str) -> bool:
    """True if an argument is a file, or has the form of a path."""
    separators = {os.sep, os.altsep or os.sep}
    suffixes = (".toml", *_INVITATION_SUFFIXES, *_SPREADSHEET_SUFFIXES)
    return (
        path == STDIN
        or path.casefold().endswith(suffixes)
        or any(separator in path for separator in separators)
        or Path(path).is_file()
    )


def display_name(path: str) -> str:
    """Return the name of a file for messages."""
    return "standard input" if path == STDIN else path


def refuse_other_programs(path: str, data: bytes) -> None:
    """Raise InputError for a file in another program's own format."""
    for prefix, advice in _OTHER_PROGRAMS.items():
        if data.startswith(prefix):
            raise InputError(f"{display_name(path)} is {advice}")


def is_other_program(data: bytes) -> bool:
    """True if a file is in another program's own format, such as Word or PDF."""
    return data.startswith(tuple(_OTHER_PROGRAMS))


def is_workbook(data: bytes) -> bool:
    """True if a file is an Excel workbook, rather than another ZIP archive such as a Word file."""
    return data.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in data


def is_invitation(path: str, data: bytes) -> bool:
    """True if a file is an invitation or a mail, rather than an application file."""
    if path.casefold().endswith(_INVITATION_SUFFIXES):
        return True
    return not path.casefold().endswith(".toml") and bool(_INVITATION_LINE.search(data[:_HEAD]))


def is_spreadsheet(path: str, data: bytes) -> bool:
    """True if a file is a spreadsheet: by its name, or by a first line of several columns."""
    if path.casefold().endswith(_SPREADSHEET_SUFFIXES):
        return True
    first = data.lstrip().partition(b"\n")[0].replace(b"\0", b"")
    is_toml = path.casefold().endswith(".toml")
    return not is_toml and b"=" not in first and any(mark in first for mark in _DELIMITERS)


def read_invitations(
    path: str, data: bytes, hints: InvitationHints, context: RunContext
) -> InvitationReading:
    """Return the invitations of a file. Raises InputError, and UsageError for a wrong hint."""
    from afterword.importers.invitation import invitation_model, invitation_reader

    read = functools.partial(
        invitation_reader.read_invitation,
        data,
        source=display_name(path),
        me=own_addresses(hints, context),
        employer_zone=hints.employer_zone,
        limits=invitation_model.ReaderLimits(
            size=context.settings.largest_invitation, events=context.settings.most_events
        ),
    )
    at = parse_start(hints, context)
    if at is not None and hints.only_missing:
        with contextlib.suppress(invitation_model.NeedsAnswerError):
            return read()
    return read(at=at)


def parse_start(hints: InvitationHints, context: RunContext) -> dt.datetime | None:
    """Return the start in the hints. Raises UsageError where day or time is left out."""
    if not hints.at:
        return None
    from afterword.formats.dates.parse_clock import parse_clock
    from afterword.services.typed_dates import parse_interview_start

    zone = hints.employer_zone or context.zone
    start = parse_interview_start(hints.at, context, zone)
    if parse_clock(hints.at):
        raise UsageError(f"--at {hints.at!r} has no day, and today is a guess; say both")
    return start


def own_addresses(hints: InvitationHints, context: RunContext) -> tuple[str, ...]:
    """Return the user's own addresses: they are no interviewer's."""
    own = context.settings.applicant.email
    return (*hints.me, *context.settings.me, *([own] if own else []))


def _to_applications(
    reading: InvitationReading, hints: InvitationHints, context: RunContext
) -> tuple[Application, ...]:
    """Return the applications of a file's invitations; those for the same role are its rounds."""
    from afterword.importers.invitation import invitation_model

    by_role: dict[tuple[str, str], Application] = {}
    for invitation in reading.invitations:
        name = invitation_name(invitation, reading)
        company = _choose("company", hints, invitation.company, name, context)
        role = _choose("role", hints, invitation.role, name, context)
        added = invitation_model.as_application(invitation, company=company, role=role)
        earlier = by_role.get((company, role))
        by_role[company, role] = (
            attrs.evolve(earlier, interviews=(*earlier.interviews, *added.interviews))
            if earlier
            else added
        )
        for warning in invitation.warnings:
            context.ui.notify(f"{reading.source}: {warning}")
    return tuple(by_role.values())


def invitation_name(invitation: Invitation, reading: InvitationReading) -> str:
    """Return the name of an invitation for messages; with its title if its file has several."""
    several = len(reading.invitations) > 1
    return f"{reading.source}, {invitation.summary!r}," if several else reading.source


def _choose(
    key: str, hints: InvitationHints, guess: Guess | None, name: str, context: RunContext
) -> str:
    """Return the value that the user gives for the invitation, else the guess."""
    given: str | None = getattr(hints, key)
    if given is not None:
        if not guess or not hints.only_missing or given.casefold() == guess.value.casefold():
            return given
        context.ui.notify(f"{name}: --{key} {given!r} is for a file without a {key}")
    if guess is None:
        raise InputError(f'{name} does not name the {key}; add --{key} "..."')
    from afterword.importers.invitation.invitation_model import describe_source

    source = describe_source(guess.source)
    context.ui.notify(f"Assuming the {key} {guess.value!r} ({source}); correct it with --{key}")
    return guess.value
