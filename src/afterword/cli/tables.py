"""A spreadsheet of interviews into what is kept: new applications, and further rounds."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import click

from afterword import intake
from afterword.cli.book import Book
from afterword.cli.console import say, show
from afterword.core.model import Application, Interview
from afterword.formats import table
from afterword.intake import Action

_SUFFIXES = (".csv", ".tsv", ".txt")
_DELIMITERS = (b",", b";", b"\t")
_LONG = 1_000


@attrs.frozen(kw_only=True)
class Tables:
    """How tables are read: the order of their dates, and whether bad rows may be left out."""

    dates: table.Order | None
    partial: bool


def is_table(path: str, data: bytes) -> bool:
    """Whether a file is a spreadsheet: by its name, or by a first line of several columns."""
    if path.casefold().endswith(_SUFFIXES):
        return True
    first = data.lstrip().partition(b"\n")[0].replace(b"\0", b"")
    named = path.casefold().endswith(".toml")
    return not named and b"=" not in first and any(mark in first for mark in _DELIMITERS)


def take_table(
    path: str, data: bytes, how: Tables, book: Book, *, quiet: bool
) -> Iterator[dict[str, Any]]:
    """Keep what a table tells, and yield each interview as an event of the document.

    Raises InputError with every bad row, before anything is kept.
    """
    with _progress(data) as progress:
        reading = table.read_table(
            data,
            source=path,
            zone=book.here.zone,
            dates=how.dates,
            partial=how.partial,
            progress=progress,
        )
    for notice in reading.notices:
        say(f"{reading.source}: {notice}")
    now = book.here.now.replace(microsecond=0).astimezone(book.here.zone)
    found = [
        intake.from_table(known, stated, now=now)
        for known, stated in intake.paired(book.all(), reading.applications)
    ]
    kept = _kept(found, book)
    count = 0
    for change, application in zip(found, kept, strict=True):
        for interview in application.interviews:
            if interview.id in change.stated:
                new = interview.id in change.fresh
                count += new
                yield stated(application, interview, Action.ADDED if new else Action.UNCHANGED)
    if not quiet:
        show(f"{reading.source}: {count:,} new interviews in {len(kept):,} applications")
    for bad in reading.bad:
        say(f"left out: {bad}")


def _kept(found: list[intake.FromTable], book: Book) -> list[Application]:
    """Write the new and the changed applications; return them as they are kept."""
    if book.dry:
        return [change.after for change in found]
    added = iter(book.store.add_all(change.after for change in found if change.before is None))
    kept = []
    for change in found:
        if change.before is None:
            kept.append(next(added))
        elif change.fresh:
            kept.append(book.store.replace(change.before, change.after))
        else:
            kept.append(change.before)
    return kept


@contextlib.contextmanager
def _progress(data: bytes) -> Iterator[Callable[[int], None] | None]:
    """Show on a terminal how far a long table is read."""
    lines = data.count(b"\n")
    if lines < _LONG or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=lines, label="reading", file=sys.stderr) as bar:
        yield lambda line: bar.update(line - bar.pos)


def stated(application: Application, interview: Interview, action: Action) -> dict[str, Any]:
    """Return an interview that was stated, not guessed, as an event of the document."""
    return {
        "action": action.value,
        "application": application.id,
        "interview": interview.id,
        "company": application.company,
        "role": application.role,
        "start": interview.start.isoformat(),
        "end": interview.end.isoformat(),
        "zone": interview.zone.key if interview.zone else None,
        "interviewers": [{"name": p.name, "email": p.email} for p in interview.interviewers],
        "link": interview.link,
        "guessed": [],
        "warnings": [],
    }
