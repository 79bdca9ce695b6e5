"""Export events to files, each time as an update of the last export to the same target."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from afterword.domain.model import Applicant, Application
from afterword.domain.sanitize import slug
from afterword.formats.calendar_apps import ExportProfile
from afterword.formats.ics_files import FeedProperties
from afterword.services.application_plan import plan_application
from afterword.services.exports.export_target import (
    ApplicationEvents,
    ExportOptions,
    ExportResult,
    earlier_outputs,
    in_batches,
    open_target,
)
from afterword.services.planned_events import build_events_of_all
from afterword.services.run_context import RunContext
from afterword.storage import ics_output
from afterword.storage.state.database import Database
from afterword.system import atomic_files

SUFFIX = ics_output.SUFFIX
_FILES_AT_ONCE = 256


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
        open_target(path, options, context, database) as target,
    ):
        written = ics_output.export_to_file(
            path,
            target.events_to_write(_with_events(applications, context, options.profile)),
            name=feed.name if feed else context.calendar_name,
            feed=feed,
            force=options.force,
            unchanged=target.uids_to_copy(),
        )
    return target.result(written)


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
        open_target(path, options, context, database) as target,
    ):
        exported_folder.release_folder(database, path, force=options.force)
        last = target.fingerprints()
        events = target.events_to_write(_with_events(applications, context, options.profile))
        written = ics_output.export_to_directory(path, events, force=options.force, last=last)
    return target.result(written)


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
        earlier = [path for path in earlier_outputs(directory, context) if path.name == file_name]
        folders = {
            path.parent.name: [] for path in earlier if path.parent.parent == directory.absolute()
        } | folders
    built = _with_events(itertools.chain(*folders.values()), context, options.profile)
    with Database(context.locations.database) as database:
        for batch in in_batches(folders.items(), _FILES_AT_ONCE):
            counts = {directory / name / file_name: len(theirs) for name, theirs in batch}
            yield from _export_folders(counts, built, options, context, database)


def _export_folders(
    counts: Mapping[Path, int],
    built: Iterator[ApplicationEvents],
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
            with open_target(path, options, context, database) as target:
                content, written = ics_output.file_content(
                    path,
                    target.events_to_write(itertools.islice(built, count)),
                    name=context.calendar_name,
                    unchanged=target.uids_to_copy(),
                )
            if written:
                contents[path] = content
            results.append(target.result(written))
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
    return ics_output.export_to_stream(events, name=context.calendar_name)


def default_name(profile: ExportProfile | None) -> str:
    """Return "job-search-outlook.ics": each app has its own file, and its own changes."""
    ending = f"-{profile.app}" if profile else ""
    return f"job-search{ending}{SUFFIX}"


def _with_events(
    applications: Iterable[Application], context: RunContext, profile: ExportProfile | None
) -> Iterator[ApplicationEvents]:
    """Yield the id of each application with its events.

    They are built in batches: reading, planning and writing drafts each find their own code
    and data still in the processor's caches, which saves a tenth of the time (measured).
    """
    for batch in in_batches(applications):
        plans = [plan_application(application, context) for application in batch]
        built = build_events_of_all(plans, context, profile=profile)
        yield from zip([application.id for application in batch], built, strict=True)


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
