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

from afterword.cli.ui import options, progress
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo_bytes, status
from afterword.domain.events.event import Event
from afterword.domain.model import Application
from afterword.domain.sanitize import pluralize, slug
from afterword.errors import UsageError
from afterword.services import ics_export, input_files
from afterword.services.ics_export import ExportTarget
from afterword.services.planned_events import build_calendar_events, plan_application, reader_locale
from afterword.services.run_context import RunContext
from afterword.services.workspace import open_workspace
from afterword.storage import ics_output
from afterword.storage.lookup import NO_APPLICATIONS_YET
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.system import atomic_files

_NAME, _NEUTRAL_NAME = "Job search", "Reminders"
_BATCH = 256
_DEFAULT = "job-search.ics"


@click.command(
    cls=CommandWithExample,
    example="""
    afterword export -o job-search.ics
    afterword export week.toml -o calendar/
    """,
)
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@input_files.invitation_hints
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
@options.with_context
def export(
    paths: tuple[str, ...],
    answers: input_files.InvitationHints,
    output: str | None,
    per_applicant: Path | None,
    changes: bool,
    force: bool,
    context: RunContext,
) -> None:
    """Write a calendar file, with the drafts in it.

    FILE is a file of facts (TOML), an invitation (.ics) or the mail it came in
    (.eml); - is standard input. It is only read. Without FILE, all applications
    that are kept are exported. An export to the same place again is an update:
    what changed has a higher sequence number, what was withdrawn comes as
    cancelled.
    """
    kept = () if paths else open_workspace(context).applications()
    nothing = "nothing to write: no step is left to do" if paths or kept else NO_APPLICATIONS_YET
    how = _How(context=context, whole=not paths, changes=changes, force=force, nothing=nothing)
    if paths:
        found = input_files.load_applications(paths, answers, context)
    else:
        found = progress.through(kept, "writing")
    if per_applicant is not None:
        if output is not None:
            raise UsageError("-o and --per-applicant are two places; choose one")
        _write_for_each(per_applicant, found, how)
        return
    target = output or _beside(paths)
    if target == input_files.STDIN:
        if changes:
            raise UsageError("--changes needs a place to remember: -o FILE.ics or -o DIR/")
        events = (event for _, made in _composed(found, context) for event in made)
        chunks = ics_output.export_to_stream(events, name=how.name)
        first = next(chunks, None)
        if first is None:
            status(how.nothing)
            return
        echo_bytes(itertools.chain([first], chunks))
    elif target.endswith(("/", os.sep)) or Path(target).is_dir():
        _write(Path(target), found, how, folder_of=True)
    else:
        _write(Path(target), found, how)


@attrs.frozen(kw_only=True)
class _How:
    """What holds for each output of a run; `whole`: it has all applications that are kept.

    `nothing` is what is said where there is nothing to write.
    """

    context: RunContext
    whole: bool
    changes: bool
    force: bool
    nothing: str

    @property
    def name(self) -> str:
        """Return what calendar apps may call it; a private one tells of no job search."""
        return _NEUTRAL_NAME if self.context.settings.private else _NAME


def _write(path: Path, found: Iterator[Application], how: _How, *, folder_of: bool = False) -> None:
    """Write one output, as an update of what it held."""
    with _place(path, how) as place:
        events = _updates(found, place, how.context, everything=how.whole)
        if folder_of:
            written = ics_output.export_to_directory(path, events, force=how.force)
        else:
            written = ics_output.export_to_file(path, events, name=how.name, force=how.force)
    _report(path, written, place, how)


def _write_for_each(directory: Path, found: Iterable[Application], how: _How) -> None:
    """Write a folder for each applicant."""
    folders = _by_applicant(found, how.context)
    if how.whole:
        # One whose last application is gone has events that are to be cancelled.
        folders = {name: [] for name in _exported(directory, how.context)} | folders
    for name, theirs in folders.items():
        atomic_files.make_directory(directory / name)
        _write(directory / name / _DEFAULT, iter(theirs), how)


def _by_applicant(
    found: Iterable[Application], context: RunContext
) -> dict[str, list[Application]]:
    """Return the applications by the name of their applicant's folder."""
    folders: dict[str, list[Application]] = {}
    for application in found:
        own = application.applicant or context.settings.applicant
        name = own.name or own.email or "me"
        digest = hashlib.sha256(f"{own.name}\n{own.email}".encode()).hexdigest()[:6]
        folder_name = f"{slug(name) or 'applicant'}-{digest}"
        folders.setdefault(folder_name, []).append(application)
    return folders


def _exported(directory: Path, context: RunContext) -> list[str]:
    """Return the folders of applicants in the directory that have had an export."""
    with Database(context.locations.database) as database:
        paths = ics_export.exported_files(database, directory)
    return [
        path.parent.name
        for path in paths
        if path.name == _DEFAULT and path.parent.parent == directory.absolute()
    ]


def _composed(
    found: Iterator[Application], context: RunContext
) -> Iterator[tuple[Application, tuple[Event, ...]]]:
    """Yield each application with its events.

    They are made by the batch: what reads, what plans and what writes drafts each
    find their own code and data still in the processor's caches, in a fifth less
    time. An application takes some 30 kB meanwhile.
    """
    while batch := tuple(itertools.islice(found, _BATCH)):
        plans = [plan_application(application, context) for application in batch]
        yield from zip(batch, [build_calendar_events(plan, context) for plan in plans], strict=True)


def _updates(
    found: Iterator[Application], place: ExportTarget, context: RunContext, *, everything: bool
) -> Iterator[Event]:
    for application, events in _composed(found, context):
        yield from place.revised(application.id, events)
    if everything:
        yield from place.vanished()


@contextlib.contextmanager
def _place(path: Path, how: _How) -> Iterator[ExportTarget]:
    """Open what is remembered of an output; it is kept once the output is written."""
    context = how.context
    language = reader_locale(context)

    def cancelled(event: Event) -> Event:
        if event.cancelled:
            return event
        return attrs.evolve(
            event,
            cancelled=True,
            alarm=None,
            summary=language.translate("Cancelled: {title}", title=event.summary),
        )

    with Database(context.locations.database) as database:
        sequence_numbers.raise_counters_to(database, ics_output.written_revisions(path))
        with database.transaction():
            place = ExportTarget(
                database=database,
                path=str(path.absolute()),
                now=context.now,
                zone=context.zone,
                cancelled=cancelled,
                news_only=how.changes,
            )
            yield place
            place.count()


def _beside(paths: tuple[str, ...]) -> str:
    if not paths:
        return _DEFAULT
    if len(paths) > 1 or paths[0] == input_files.STDIN:
        raise UsageError("say where to write: -o FILE.ics, -o DIR/ or -o -")
    path = Path(paths[0])
    if path.suffix.casefold() == ics_output.SUFFIX:
        return str(path.with_name(f"{path.stem}-afterword{ics_output.SUFFIX}"))
    return str(path.with_suffix(ics_output.SUFFIX))


def _report(path: Path, written: int, place: ExportTarget, how: _How) -> None:
    if not written:
        status("nothing has changed" if how.changes else how.nothing)
        return
    news = [
        f"{count:,} {word}"
        for count, word in ((place.added, "new"), (place.changed, "changed"))
        if count and place.added < written
    ]
    news = news or ["nothing new"] * (not place.added and not place.changed)
    said = f"wrote {pluralize(written, 'event')} to {path}"
    status(said, f": {', '.join(news)}" if news else "")
    if place.outdated:
        language = reader_locale(how.context)
        status("delete these by hand where your calendar app does not update on import:")
        for event in place.outdated:
            status(f"  {language.weekday_and_day(event.start)}  {event.summary}")
