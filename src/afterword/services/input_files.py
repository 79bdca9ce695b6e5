"""From the FILE arguments to applications, one file at a time.

However many there are, one is held at a time. All mistakes of all files are
told at once, at the end; whoever writes meanwhile writes to a place that only
counts once there were none.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import attrs
import click

from afterword.cli.ui import options, progress
from afterword.cli.ui.output import status
from afterword.domain import parse_datetime
from afterword.domain.model import Application
from afterword.errors import AfterwordError, InputError, UsageError
from afterword.formats.application_file import application_reader
from afterword.services.run_context import RunContext
from afterword.system import atomic_files

if TYPE_CHECKING:
    from afterword.importers.invitation.invitation_model import Guess, Invitation, InvitationReading


R = TypeVar("R")

STDIN = "-"
_LARGEST = 10_000_000
_HEAD = 4096
_CLOCK_ALONE = re.compile(r"[\d:.]+\s*(?:[ap]m)?", re.IGNORECASE)
# What people hand in besides, by its first bytes, and what to do with it.
_OTHER_PROGRAMS = {
    b"PK\x03\x04": "an Excel or Word file; save it as CSV, or the invitation as .ics",
    b"\xd0\xcf\x11\xe0": "an Outlook message or an old Excel file; save it as .ics, .eml or CSV",
    b"%PDF": "a PDF; the invitation itself is a file that ends in .ics",
}
_INVITATIONS = (".ics", ".eml", ".ical", ".vcs")
_INVITATION = re.compile(
    rb"^(?:BEGIN:VCALENDAR|(?:Received|Return-Path|Delivered-To|From|MIME-Version):)",
    re.IGNORECASE | re.MULTILINE,
)


@attrs.frozen(kw_only=True)
class InvitationHints:
    """What the person says about an invitation where the file does not tell."""

    company: str | None = None
    role: str | None = None
    me: tuple[str, ...] = ()
    employer_zone: ZoneInfo | None = None
    at: str | None = None


def invitation_hints(command: Callable[..., R]) -> Callable[..., R]:
    """Add what an invitation may leave open, handed on as `answers`."""
    described = (
        click.option("--company", help="The company, where an invitation does not tell."),
        click.option("--role", help="The role, where an invitation does not tell."),
        click.option(
            "--me",
            multiple=True,
            metavar="ADDRESS",
            help="Your own address in an invitation: you are not thanked. May be repeated.",
        ),
        click.option(
            "--employer-zone",
            type=options.ZONE,
            help="The time zone of times for which an invitation or a row names none.",
        ),
        click.option(
            "--at", metavar="WHEN", help="The start, where an invitation has only the day."
        ),
    )
    names = [field.name for field in attrs.fields(InvitationHints)]

    @functools.wraps(command)
    def with_answers(*args: Any, **kwargs: Any) -> R:
        said = InvitationHints(**{name: kwargs.pop(name) for name in names})
        return command(*args, answers=said, **kwargs)

    for option in reversed(described):
        with_answers = option(with_answers)
    return with_answers


def load_applications(
    paths: Sequence[str], said: InvitationHints, context: RunContext
) -> Iterator[Application]:
    """Yield the applications of all files in order.

    Raises InputError with the mistakes of all files, after the last one.
    """
    wrong: list[InputError] = []
    places: dict[str, str] = {}
    for path in paths:
        try:
            found = _read(path, said, context)
        except InputError as error:
            wrong.append(error)
            continue
        for application in progress.through(found, "planning"):
            key = application.id.casefold()
            if key in places:
                wrong.append(_twice(application, places[key], path))
            places.setdefault(key, path)
            yield application
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        notes = [line for error in wrong for line in (error.message, *_indented(error))]
        raise InputError(f"{len(wrong)} of {len(paths)} files cannot be used", notes)


def read_content(path: str, *, at_most: int = _LARGEST) -> bytes:
    """Return what a file holds, or stdin for `-`; nothing in it is a mistake. Raises InputError."""
    if path != STDIN:
        data = atomic_files.read_file(Path(path), at_most=at_most)
    else:
        data = sys.stdin.buffer.read(at_most + 1)
    if len(data) > at_most:
        raise InputError(f"standard input is larger than {at_most:,} bytes: is it the right file?")
    if not data.strip():
        raise InputError(f"{name_of(path)} is empty; save it again")
    return data


def refuse_other_programs(path: str, data: bytes) -> None:
    """Raise InputError for what another program keeps in a form of its own."""
    for begins, what in _OTHER_PROGRAMS.items():
        if data.startswith(begins):
            raise InputError(f"{name_of(path)} is {what}")


def is_invitation(path: str, data: bytes) -> bool:
    """Whether a file is an invitation or a mail with one, rather than a file of facts."""
    if path.casefold().endswith(_INVITATIONS):
        return True
    return not path.casefold().endswith(".toml") and bool(_INVITATION.search(data[:_HEAD]))


def addresses_of(said: InvitationHints, context: RunContext) -> tuple[str, ...]:
    """Return the addresses that are the person's own."""
    own = context.settings.applicant.email
    return (*said.me, *context.settings.me, *([own] if own else []))


def read_invitation_files(
    path: str, data: bytes, said: InvitationHints, context: RunContext
) -> InvitationReading:
    """Return what the invitations of a file say. Raises InputError."""
    from afterword.importers.invitation import invitation_model, invitation_reader

    zone = said.employer_zone or context.zone
    at = (
        parse_datetime.parse_when(said.at, now=context.now, zone=zone, past=False)
        if said.at
        else None
    )
    if at is not None and not isinstance(at, dt.datetime):
        raise UsageError(f'--at {said.at!r} has no time of the day; write it as "tue 14:00"')
    if said.at and _CLOCK_ALONE.fullmatch(said.at.strip()):
        raise UsageError(f"--at {said.at!r} has no day, and today is a guess; say both")
    return invitation_reader.read_invitation(
        data,
        source=name_of(path),
        me=addresses_of(said, context),
        employer_zone=said.employer_zone,
        at=at,
        limits=invitation_model.ReaderLimits(
            size=context.settings.largest_invitation, events=context.settings.most_events
        ),
    )


def _read(path: str, said: InvitationHints, context: RunContext) -> tuple[Application, ...]:
    data = read_content(path)
    refuse_other_programs(path, data)
    if is_invitation(path, data):
        return _invited(read_invitation_files(path, data, said, context), said)
    return application_reader.parse_applications(data, name_of(path))


def _invited(reading: InvitationReading, said: InvitationHints) -> tuple[Application, ...]:
    """Return the applications of a file's invitations; those for one role are its rounds."""
    from afterword.importers.invitation import invitation_model

    found: dict[tuple[str, str], Application] = {}
    for one in reading.invitations:
        name = hint_for(one, reading)
        company = said.company or _guess(one.company, name, "company")
        role = said.role or _guess(one.role, name, "role")
        made = invitation_model.as_application(one, company=company, role=role)
        known = found.get((company, role))
        found[company, role] = (
            attrs.evolve(known, interviews=(*known.interviews, *made.interviews)) if known else made
        )
        for warning in one.warnings:
            status(f"{reading.source}: {warning}")
    return tuple(found.values())


def hint_for(one: Invitation, reading: InvitationReading) -> str:
    """Return what a message calls an invitation: by its title too where its file has several."""
    several = len(reading.invitations) > 1
    return f"{reading.source}, {one.summary!r}," if several else reading.source


def _guess(guess: Guess | None, name: str, what: str) -> str:
    if guess is None:
        raise InputError(f"{name} does not tell the {what}; say it with --{what}")
    status(f"{what} taken to be {guess.value!r}, from {guess.source}; --{what} says otherwise")
    return guess.value


def name_of(path: str) -> str:
    """Return what messages call a file."""
    return "standard input" if path == STDIN else path


def _twice(application: Application, first: str, second: str) -> InputError:
    where = first if first == second else f"{first} and {second}"
    return InputError(
        f'{where}: two applications have the id {application.id!r}; give one its own id = "..."'
    )


def _indented(error: AfterwordError) -> Iterator[str]:
    return (f"  {note}" for note in error.notes)
