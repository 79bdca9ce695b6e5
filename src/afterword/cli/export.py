"""`afterword export`: the plan as a calendar, with a draft in every event."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
import click

from afterword import exports, files
from afterword.cli import options, outputs, progress, sources
from afterword.cli.book import book_of
from afterword.cli.command import Command
from afterword.cli.console import say
from afterword.cli.here import Here
from afterword.cli.planning import events_of, plan_of, readers_language
from afterword.core.event import Event
from afterword.core.model import Application
from afterword.core.text import counted, slug
from afterword.errors import UsageError
from afterword.exports import Place
from afterword.state import revisions
from afterword.state.database import Database
from afterword.store.finding import NOTHING_YET
from afterword.targets import folder

_NAME, _NEUTRAL_NAME = "Job search", "Reminders"
_BATCH = 256
_DEFAULT = "job-search.ics"


@click.command(
    cls=Command,
    example="""
    afterword export -o job-search.ics
    afterword export week.toml -o calendar/
    """,
)
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@sources.answers
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR|-",
    help="A file of all events, a directory with a file for each, or - for standard output."
    "  [default: beside FILE, else job-search.ics]",
)
@click.option(
    "--per-applicant",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="A folder in DIR for each applicant of a coach, with a file of all events.",
)
@click.option(
    "--changes",
    is_flag=True,
    help="Write only what is new or changed since the last export to the same place,"
    " for calendar apps that do not update on import.",
)
@click.option("--force", is_flag=True, help="Overwrite files that afterword did not write.")
@options.here
def export(
    paths: tuple[str, ...],
    answers: sources.Answers,
    output: str | None,
    per_applicant: Path | None,
    changes: bool,
    force: bool,
    here: Here,
) -> None:
    """Write a calendar file, with the drafts in it.

    FILE is a file of facts (TOML), an invitation (.ics) or the mail it came in
    (.eml); - is standard input. It is only read. Without FILE, all applications
    that are kept are exported. An export to the same place again is an update:
    what changed has a higher sequence number, what was withdrawn comes as
    cancelled.
    """
    kept = () if paths else book_of(here).all()
    nothing = "nothing to write: no step is left to do" if paths or kept else NOTHING_YET
    how = _How(here=here, whole=not paths, changes=changes, force=force, nothing=nothing)
    if paths:
        found = sources.applications(paths, answers, here)
    else:
        found = progress.through(kept, "writing")
    if per_applicant is not None:
        if output is not None:
            raise UsageError("-o and --per-applicant are two places; choose one")
        _write_for_each(per_applicant, found, how)
        return
    target = output or _beside(paths)
    if target == sources.STDIN:
        if changes:
            raise UsageError("--changes needs a place to remember: -o FILE.ics or -o DIR/")
        events = (event for _, made in _composed(found, here) for event in made)
        outputs.to_stdout(events, name=how.name, nothing=how.nothing)
    elif target.endswith(("/", os.sep)) or Path(target).is_dir():
        _write(Path(target), found, how, folder_of=True)
    else:
        _write(Path(target), found, how)


@attrs.frozen(kw_only=True)
class _How:
    """What holds for each output of a run; `whole`: it has all applications that are kept.

    `nothing` is what is said where there is nothing to write.
    """

    here: Here
    whole: bool
    changes: bool
    force: bool
    nothing: str

    @property
    def name(self) -> str:
        """Return what calendar apps may call it; a private one tells of no job search."""
        return _NEUTRAL_NAME if self.here.settings.private else _NAME


def _write(path: Path, found: Iterator[Application], how: _How, *, folder_of: bool = False) -> None:
    """Write one output, as an update of what it held."""
    with _place(path, how) as place:
        events = _updates(found, place, how.here, everything=how.whole)
        if folder_of:
            written = outputs.to_folder(path, events, force=how.force)
        else:
            written = outputs.to_file(path, events, name=how.name, force=how.force)
    _report(path, written, place, how)


def _write_for_each(directory: Path, found: Iterable[Application], how: _How) -> None:
    """Write a folder for each applicant."""
    folders = _by_applicant(found, how.here)
    if how.whole:
        # One whose last application is gone has events that are to be cancelled.
        folders = {name: [] for name in _exported(directory, how.here)} | folders
    for name, theirs in folders.items():
        files.make_directory(directory / name)
        _write(directory / name / _DEFAULT, iter(theirs), how)


def _by_applicant(found: Iterable[Application], here: Here) -> dict[str, list[Application]]:
    """Return the applications by the name of their applicant's folder."""
    folders: dict[str, list[Application]] = {}
    for application in found:
        own = application.applicant or here.settings.applicant
        name = own.name or own.email or "me"
        digest = hashlib.sha256(f"{own.name}\n{own.email}".encode()).hexdigest()[:6]
        folder_name = f"{slug(name) or 'applicant'}-{digest}"
        folders.setdefault(folder_name, []).append(application)
    return folders


def _exported(directory: Path, here: Here) -> list[str]:
    """Return the folders of applicants in the directory that have had an export."""
    with Database(here.locations.database) as database:
        paths = exports.outputs(database, directory)
    return [
        path.parent.name
        for path in paths
        if path.name == _DEFAULT and path.parent.parent == directory.absolute()
    ]


def _composed(
    found: Iterator[Application], here: Here
) -> Iterator[tuple[Application, tuple[Event, ...]]]:
    """Yield each application with its events.

    They are made by the batch: what reads, what plans and what writes drafts each
    find their own code and data still in the processor's caches, in a fifth less
    time. An application takes some 30 kB meanwhile.
    """
    while batch := tuple(itertools.islice(found, _BATCH)):
        plans = [plan_of(application, here) for application in batch]
        yield from zip(batch, [events_of(plan, here) for plan in plans], strict=True)


def _updates(
    found: Iterator[Application], place: Place, here: Here, *, everything: bool
) -> Iterator[Event]:
    for application, events in _composed(found, here):
        yield from place.revised(application.id, events)
    if everything:
        yield from place.vanished()


@contextlib.contextmanager
def _place(path: Path, how: _How) -> Iterator[Place]:
    """Open what is remembered of an output; it is kept once the output is written."""
    here = how.here
    language = readers_language(here)

    def cancelled(event: Event) -> Event:
        if event.cancelled:
            return event
        return attrs.evolve(
            event,
            cancelled=True,
            alarm=None,
            summary=language.tell("Cancelled: {title}", title=event.summary),
        )

    with Database(here.locations.database) as database:
        revisions.learn(database, folder.remembered(path))
        with database.transaction():
            place = Place(
                database=database,
                path=str(path.absolute()),
                now=here.now,
                zone=here.zone,
                cancelled=cancelled,
                news_only=how.changes,
            )
            yield place
            place.count()


def _beside(paths: tuple[str, ...]) -> str:
    if not paths:
        return _DEFAULT
    if len(paths) > 1 or paths[0] == sources.STDIN:
        raise UsageError("say where to write: -o FILE.ics, -o DIR/ or -o -")
    path = Path(paths[0])
    if path.suffix.casefold() == outputs.SUFFIX:
        return str(path.with_name(f"{path.stem}-afterword{outputs.SUFFIX}"))
    return str(path.with_suffix(outputs.SUFFIX))


def _report(path: Path, written: int, place: Place, how: _How) -> None:
    if not written:
        say("nothing has changed" if how.changes else how.nothing)
        return
    news = [
        f"{count:,} {word}"
        for count, word in ((place.added, "new"), (place.changed, "changed"))
        if count and place.added < written
    ]
    news = news or ["nothing new"] * (not place.added and not place.changed)
    said = f"wrote {counted(written, 'event')} to {path}"
    say(said, f": {', '.join(news)}" if news else "")
    if place.outdated:
        language = readers_language(how.here)
        say("delete these by hand where your calendar app does not update on import:")
        for event in place.outdated:
            say(f"  {language.weekday_and_day(event.start)}  {event.summary}")
