"""Export events to files, each time as an update of the last export to the same target.

What changed since then gets a higher SEQUENCE; what did not change is written as the same
bytes; what was withdrawn is written as cancelled until its old time has passed. The state
remembers each application of a target separately, so that an export of one of them takes
nothing back from the others.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import attrs

from afterword.domain.calendar_model import Event
from afterword.domain.datemath import has_passed
from afterword.domain.model import Applicant, Application
from afterword.domain.sanitize import for_terminal, slug
from afterword.formats.calendar_apps import ExportProfile
from afterword.formats.ics_files import FeedProperties
from afterword.services.application_plan import plan_application
from afterword.services.exports.event_removal import EventTarget, MissingFiles, decide_missing
from afterword.services.exports.export_target import ExportTarget
from afterword.services.planned_events import build_events_of_all
from afterword.services.run_context import RunContext
from afterword.storage import ics_output
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.system import atomic_files

DEFAULT_NAME = "job-search.ics"
SUFFIX = ics_output.SUFFIX
_CALENDAR_NAME, _NEUTRAL_CALENDAR_NAME = "Job search", "Reminders"
_FILES_AT_ONCE = 256
_BATCH = 64
_Built = tuple[Application, tuple[Event, ...]]
"""An application with its events."""


class ExportOptions(NamedTuple):
    """The options of all outputs of a run.

    `complete`: the applications are all that are stored, so events of others are cancelled.
    `changes_only`: write only what is new or changed. `force`: overwrite files of others.
    `stored`: the ids of all stored applications. `damaged`: files of some cannot be read.
    `missing`: what happens to the events of applications without a file; None asks.
    `command` is this export, to be repeated with a choice. `profile`: the app that the output
    is for.
    """

    complete: bool
    stored: frozenset[str] = frozenset()
    damaged: bool = False
    missing: MissingFiles | None = None
    command: str = "afterword export"
    changes_only: bool = False
    force: bool = False
    profile: ExportProfile | None = None

    @property
    def only_news(self) -> bool:
        """True if nothing is written that the output has had."""
        return self.changes_only or not self.has_cancellations

    @property
    def has_cancellations(self) -> bool:
        """True if withdrawn events are written as cancelled."""
        return self.profile is None or self.profile.updates


class ExportResult(NamedTuple):
    """The number of events that were written, of new and of changed ones.

    `unchanged` applications have their events as they were last written; `undecided`: because
    their files are gone, and nobody could be asked.
    `outdated` are the replaced versions, for calendar apps that do not update on import.
    """

    path: Path
    written: int
    added: int
    changed: int
    outdated: tuple[Event, ...]
    unchanged: tuple[str, ...] = ()
    undecided: bool = False


def export_to_file(
    path: Path,
    applications: Iterable[Application],
    options: ExportOptions,
    context: RunContext,
    *,
    feed: FeedProperties | None = None,
) -> ExportResult:
    """Write all events into a file; `feed` has the properties of a calendar to subscribe to."""
    with (
        Database(context.locations.database) as database,
        _open_target(path, options, context, database) as target,
    ):
        built = _with_events(applications, context, options.profile)
        written = ics_output.export_to_file(
            path,
            _target_events(built, target, options),
            name=feed.name if feed else calendar_name(context),
            feed=feed,
            force=options.force,
            unchanged=frozenset() if options.only_news else target.unchanged_uids(),
        )
    return _result(path, written, target)


def export_to_directory(
    path: Path, applications: Iterable[Application], options: ExportOptions, context: RunContext
) -> ExportResult:
    """Write a file for each event.

    Raises ConflictError, with nothing written, if somebody changed an event in the directory,
    or if it is synced, unless `options.force` is set.
    """
    from afterword.services.exports import exported_folder

    with (
        Database(context.locations.database) as database,
        _open_target(path, options, context, database) as target,
    ):
        exported_folder.release_folder(target.database, path, force=options.force)
        last = target.fingerprints()
        built = _with_events(applications, context, options.profile)
        events = _target_events(built, target, options)
        written = ics_output.export_to_directory(path, events, force=options.force, last=last)
    return _result(path, written, target)


def export_per_applicant(
    directory: Path,
    applications: Iterable[Application],
    options: ExportOptions,
    context: RunContext,
) -> Iterator[ExportResult]:
    """Write a file of all events into a folder for each applicant; yield each result."""
    file_name = default_name(options.profile)
    folders = group_by_applicant(applications, context, _folder_name)
    if options.complete:
        # The last application of an applicant may be gone, and its events are to be cancelled.
        earlier = _earlier_folders(directory, file_name, context)
        folders = {name: [] for name in earlier} | folders
    remaining = iter(folders.items())
    built = _with_events(itertools.chain(*folders.values()), context, options.profile)
    with Database(context.locations.database) as database:
        while batch := tuple(itertools.islice(remaining, _FILES_AT_ONCE)):
            yield from _export_folders(
                {directory / name / file_name: len(theirs) for name, theirs in batch},
                built,
                options,
                context,
                database,
            )


def _export_folders(
    counts: Mapping[Path, int],
    built: Iterator[_Built],
    options: ExportOptions,
    context: RunContext,
    database: Database,
) -> list[ExportResult]:
    """Write files with so many applications each; none is replaced before all are written.

    To wait for the disk, and to commit the state, for each file would take longer than the file.
    """
    contents: dict[Path, bytes] = {}
    results = []
    with database.transaction():
        for path, count in counts.items():
            atomic_files.make_directory(path.parent)
            with _open_target(path, options, context, database) as target:
                content, written = ics_output.file_content(
                    path,
                    _target_events(itertools.islice(built, count), target, options),
                    name=calendar_name(context),
                    unchanged=frozenset() if options.only_news else target.unchanged_uids(),
                )
            if written:
                contents[path] = content
            results.append(_result(path, written, target))
        ics_output.write_files(contents, force=options.force)
    return results


def stream_ics(
    applications: Iterable[Application],
    context: RunContext,
    profile: ExportProfile | None = None,
) -> Iterator[bytes]:
    """Yield the bytes of a file with all events; the state does not remember it."""
    by_application = _with_events(applications, context, profile)
    events = (event for _, built in by_application for event in built)
    return ics_output.export_to_stream(events, name=calendar_name(context))


def default_name(profile: ExportProfile | None) -> str:
    """Return "job-search-outlook.ics": each app has its own file, and its own changes."""
    path = Path(DEFAULT_NAME)
    return str(path.with_stem(f"{path.stem}-{profile.app}")) if profile else DEFAULT_NAME


def calendar_name(context: RunContext) -> str:
    """Return the name for calendar apps, which in private mode does not mention a job search."""
    return _NEUTRAL_CALENDAR_NAME if context.settings.private else _CALENDAR_NAME


def _with_events(
    applications: Iterable[Application], context: RunContext, profile: ExportProfile | None
) -> Iterator[_Built]:
    """Yield each application with its events.

    They are built in batches: reading, planning and writing drafts each find their own code
    and data still in the processor's caches, which saves a tenth of the time (measured). Of
    larger batches Python would look through all objects for garbage, several times.
    """
    remaining = iter(applications)
    while batch := tuple(itertools.islice(remaining, _BATCH)):
        plans = [plan_application(application, context) for application in batch]
        built = build_events_of_all(plans, context, profile=profile)
        yield from zip(batch, built, strict=True)


def group_by_applicant(
    applications: Iterable[Application], context: RunContext, name_of: Callable[[Applicant], str]
) -> dict[str, list[Application]]:
    """Return the applications by the name of their applicant's output."""
    groups: dict[str, list[Application]] = {}
    for application in applications:
        applicant = application.applicant or context.settings.applicant
        groups.setdefault(name_of(applicant), []).append(application)
    return groups


def _folder_name(applicant: Applicant) -> str:
    name = applicant.name or applicant.email or "me"
    digest = hashlib.sha256(f"{applicant.name}\n{applicant.email}".encode()).hexdigest()[:6]
    return f"{slug(name) or 'applicant'}-{digest}"


def _earlier_folders(directory: Path, file_name: str, context: RunContext) -> list[str]:
    """Return the folders in the directory that had an export to this name."""
    prefix = f"{directory.absolute()}{os.sep}"
    with Database(context.locations.database) as database:
        targets = sequence_numbers.export_targets(database, prefix)
    paths = dict.fromkeys(Path(target.partition("\n")[0]) for target in targets)
    return [
        path.parent.name
        for path in paths
        if path.name == file_name and path.parent.parent == directory.absolute()
    ]


@contextlib.contextmanager
def _open_target(
    path: Path, options: ExportOptions, context: RunContext, database: Database
) -> Iterator[ExportTarget]:
    """Open the state of an output; it is saved once the output is written."""
    language = context.language

    def cancel(event: Event) -> Event:
        if event.cancelled:
            return event
        summary = language.translate("Cancelled: {title}", title=event.summary)
        return attrs.evolve(event, cancelled=True, alarm=None, summary=summary)

    sequence_numbers.raise_counters_to(database, ics_output.written_revisions(path))
    unchanged, undecided = (
        _unchanged_applications(path, database, options, context)
        if options.complete
        else (frozenset[str](), False)
    )
    with database.transaction():
        target = ExportTarget(
            database=database,
            path=str(path.absolute()),
            now=context.now,
            zone=context.zone,
            cancel=cancel,
            changes_only=options.only_news,
            cancellations=options.has_cancellations,
            unchanged=unchanged,
            undecided=undecided,
        )
        yield target
        target.commit_counters()


def _unchanged_applications(
    path: Path, database: Database, options: ExportOptions, context: RunContext
) -> tuple[frozenset[str], bool]:
    """Return the applications whose events stay, and True if the user has to decide about them.

    Any of them may be in a file that cannot be read.
    """
    missing = _missing_applications(path, database, options, context)
    if options.damaged:
        return frozenset(missing), False
    decision = decide_missing(
        missing,
        options.missing,
        EventTarget(
            name=for_terminal(str(path)), command=options.command, drop=MissingFiles.CANCEL
        ),
        context,
    )
    return decision.retained, decision.undecided


def _missing_applications(
    path: Path, database: Database, options: ExportOptions, context: RunContext
) -> dict[str, int]:
    """Return how many events to come a target has of each application that is not stored.

    Applications that the user removed by a command are not among them.
    """
    missing = {}
    prefix = f"{path.absolute()}\n"
    for key in sequence_numbers.export_targets(database, prefix):
        application = key.removeprefix(prefix)
        if application in options.stored or sequence_numbers.is_removed(key):
            continue
        revisions = sequence_numbers.load_revisions(database, key).values()
        to_come = [
            revised
            for revised in revisions
            if not revised.event.cancelled
            and not has_passed(revised.event.end, now=context.now, zone=context.zone)
        ]
        if to_come:
            missing[application] = len(to_come)
    return missing


def _target_events(
    built: Iterable[_Built], target: ExportTarget, options: ExportOptions
) -> Iterator[Event]:
    yield from target.with_sequence((application.id, events) for application, events in built)
    if options.complete:
        yield from target.cancelled_applications()


def _result(path: Path, written: int, target: ExportTarget) -> ExportResult:
    return ExportResult(
        path=path,
        written=written,
        added=target.added,
        changed=target.changed,
        outdated=tuple(sorted(target.outdated, key=target.start_of)),
        unchanged=tuple(sorted(target.unchanged)),
        undecided=target.undecided,
    )
