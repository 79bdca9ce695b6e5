"""From the FILE arguments to applications, one file at a time.

However many there are, one is held at a time. All mistakes of all files are
told at once, at the end; whoever writes meanwhile writes to a place that only
counts once there were none.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from afterword import files
from afterword.core.model import Application
from afterword.errors import AfterwordError, InputError
from afterword.formats import facts

R = TypeVar("R")

STDIN = "-"
_LARGEST = 10_000_000
_CALENDAR = b"BEGIN:VCALENDAR"


@attrs.frozen(kw_only=True)
class Answers:
    """What the person says about an invitation where the file does not tell."""

    company: str | None = None
    role: str | None = None
    me: tuple[str, ...] = ()


def files_and_answers(command: Callable[..., R]) -> Callable[..., R]:
    """Add FILE arguments and what an invitation may leave open, handed on as `paths`, `answers`."""

    @click.argument("paths", nargs=-1, metavar="FILE...", required=True)
    @click.option("--company", help="The company, where an invitation does not tell.")
    @click.option("--role", help="The role, where an invitation does not tell.")
    @click.option(
        "--me",
        multiple=True,
        metavar="ADDRESS",
        help="Your own address in an invitation, so that nobody thanks you; may be repeated.",
    )
    @functools.wraps(command)
    def with_answers(
        *args: Any, company: str | None, role: str | None, me: tuple[str, ...], **kwargs: Any
    ) -> R:
        return command(*args, answers=Answers(company=company, role=role, me=me), **kwargs)

    return with_answers


def applications(paths: Sequence[str], answers: Answers) -> Iterator[Application]:
    """Yield the applications of all files in order.

    Raises InputError with the mistakes of all files, after the last one.
    """
    wrong: list[InputError] = []
    places: dict[str, str] = {}
    for path in paths:
        try:
            found = _read(path, answers)
        except InputError as error:
            wrong.append(error)
            continue
        for application in found:
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


def content(path: str, *, at_most: int = _LARGEST) -> bytes:
    """Return the content of a file, or of stdin for `-`. Raises InputError."""
    if path != STDIN:
        return files.read(Path(path), at_most=at_most)
    data = sys.stdin.buffer.read(at_most + 1)
    if len(data) > at_most:
        raise InputError(f"standard input is larger than {at_most:,} bytes: is it the right file?")
    return data


def is_calendar(path: str, data: bytes) -> bool:
    """Whether a file is an invitation rather than a file of facts."""
    return path.casefold().endswith(".ics") or data.lstrip()[:64].upper().startswith(_CALENDAR)


def _read(path: str, answers: Answers) -> tuple[Application, ...]:
    data = content(path)
    if is_calendar(path, data):
        return _invited(data, path, answers)
    return facts.read(data, "standard input" if path == STDIN else path)


def _invited(data: bytes, path: str, answers: Answers) -> tuple[Application, ...]:
    raise InputError(f"{path}: not yet")


def _twice(application: Application, first: str, second: str) -> InputError:
    where = first if first == second else f"{first} and {second}"
    return InputError(
        f'{where}: two applications have the id {application.id!r}; give one its own id = "..."'
    )


def _indented(error: AfterwordError) -> Iterator[str]:
    return (f"  {note}" for note in error.notes)
