"""Export events to files, each time as an update of the last export to the same target.

What changed since then gets a higher SEQUENCE; what did not change is written as the same
bytes; what was withdrawn is written as cancelled until its old time has passed. The state
remembers each application of a target separately, so that an export of one of them takes
nothing back from the others.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.events.event import Event
from afterword.domain.merge.three_way import has_passed
from afterword.domain.model import Application
from afterword.domain.sanitize import slug
from afterword.formats.ics import export_file
from afterword.services.application_plan import plan_application
from afterword.services.date_format import reader_locale
from afterword.services.planned_events import build_calendar_events
from afterword.services.run_context import RunContext
from afterword.storage import ics_output
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.storage.state.sequence_numbers import RevisedEvent
from afterword.system import atomic_files

DEFAULT_NAME = "job-search.ics"
SUFFIX = ics_output.SUFFIX
_CALENDAR_NAME, _NEUTRAL_CALENDAR_NAME = "Job search", "Reminders"
_BATCH = 256


@attrs.frozen(kw_only=True)
class ExportOptions:
    """The options of all outputs of a run.

    `complete`: the applications are all that are stored, so events of others are cancelled.
    `changes_only`: write only what is new or changed. `force`: overwrite files of others.
    """

    complete: bool
    changes_only: bool = False
    force: bool = False


@attrs.frozen(kw_only=True)
class ExportResult:
    """The number of events that were written, of new and of changed ones.

    `outdated` are the replaced versions, for calendar apps that do not update on import.
    """

    path: Path
    written: int
    added: int
    changed: int
    outdated: tuple[Event, ...]


def export_to_file(
    path: Path, applications: Iterable[Application], options: ExportOptions, context: RunContext
) -> ExportResult:
    """Write all events into a file."""
    with _open_target(path, options, context) as target:
        written = ics_output.export_to_file(
            path,
            _target_events(applications, target, options, context),
            name=_calendar_name(context),
            force=options.force,
        )
    return _result(path, written, target)


def export_to_directory(
    path: Path, applications: Iterable[Application], options: ExportOptions, context: RunContext
) -> ExportResult:
    """Write a file for each event."""
    with _open_target(path, options, context) as target:
        events = _target_events(applications, target, options, context)
        written = ics_output.export_to_directory(path, events, force=options.force)
    return _result(path, written, target)


def export_per_applicant(
    directory: Path,
    applications: Iterable[Application],
    options: ExportOptions,
    context: RunContext,
) -> Iterator[ExportResult]:
    """Write a file of all events into a folder for each applicant; yield each result."""
    folders = _by_applicant(applications, context)
    if options.complete:
        # The last application of an applicant may be gone, and its events are to be cancelled.
        folders = {name: [] for name in _earlier_folders(directory, context)} | folders
    for name, theirs in folders.items():
        atomic_files.make_directory(directory / name)
        yield export_to_file(directory / name / DEFAULT_NAME, theirs, options, context)


def stream_ics(applications: Iterable[Application], context: RunContext) -> Iterator[bytes]:
    """Yield the bytes of a file with all events; the state does not remember it."""
    events = (event for _, built in _with_events(applications, context) for event in built)
    return ics_output.export_to_stream(events, name=_calendar_name(context))


def _calendar_name(context: RunContext) -> str:
    """Return the name for calendar apps, which in private mode does not mention a job search."""
    return _NEUTRAL_CALENDAR_NAME if context.settings.private else _CALENDAR_NAME


def _with_events(
    applications: Iterable[Application], context: RunContext
) -> Iterator[tuple[Application, tuple[Event, ...]]]:
    """Yield each application with its events.

    They are built in batches: reading, planning and writing drafts each find their own code
    and data still in the processor's caches, which saves a fifth of the time (measured). An
    application takes some 30 kB meanwhile.
    """
    remaining = iter(applications)
    while batch := tuple(itertools.islice(remaining, _BATCH)):
        plans = [plan_application(application, context) for application in batch]
        yield from zip(batch, [build_calendar_events(plan, context) for plan in plans], strict=True)


def _by_applicant(
    applications: Iterable[Application], context: RunContext
) -> dict[str, list[Application]]:
    """Return the applications by the name of their applicant's folder."""
    folders: dict[str, list[Application]] = {}
    for application in applications:
        applicant = application.applicant or context.settings.applicant
        name = applicant.name or applicant.email or "me"
        digest = hashlib.sha256(f"{applicant.name}\n{applicant.email}".encode()).hexdigest()[:6]
        folders.setdefault(f"{slug(name) or 'applicant'}-{digest}", []).append(application)
    return folders


def _earlier_folders(directory: Path, context: RunContext) -> list[str]:
    """Return the folders in the directory that had an export."""
    prefix = f"{directory.absolute()}{os.sep}"
    with Database(context.locations.database) as database:
        targets = sequence_numbers.export_targets(database, prefix)
    paths = dict.fromkeys(Path(target.partition("\n")[0]) for target in targets)
    return [
        path.parent.name
        for path in paths
        if path.name == DEFAULT_NAME and path.parent.parent == directory.absolute()
    ]


@attrs.define(kw_only=True)
class ExportTarget:
    """An output, within a transaction of the state; nothing is counted before it commits.

    `added` and `changed` count what is new in the target. With `changes_only` nothing else is
    yielded, and `outdated` collects the replaced versions of what changed or was cancelled.
    `cancel` turns an event that is no longer wanted into its cancelled form.
    """

    database: Database
    path: str
    now: dt.datetime
    zone: ZoneInfo
    cancel: Callable[[Event], Event]
    changes_only: bool = False
    added: int = 0
    changed: int = 0
    outdated: list[Event] = attrs.field(factory=list)
    _seen: set[str] = attrs.field(factory=set)

    def with_sequence(self, application: str, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events of an application as they are to be written, and remember them."""
        key = f"{self.path}\n{application}"
        self._seen.add(application)
        earlier = sequence_numbers.load_revisions(self.database, key)
        desired = list(events)
        uids = {event.uid for event in desired}
        withdrawn = [revised.event for uid, revised in earlier.items() if uid not in uids]
        over = {e.uid for e in withdrawn if has_passed(e.end, now=self.now, zone=self.zone)}
        desired += [self.cancel(event) for event in withdrawn if event.uid not in over]
        revised = sequence_numbers.assign_sequence(
            self.database, earlier, desired, export_file.fingerprint_of, now=self.now
        )
        news = [each for each in revised if self._is_new(each, earlier.get(each.event.uid))]
        yield from (each.event for each in (news if self.changes_only else revised))
        sequence_numbers.save_rows(self.database, key, news, forget=over)

    def cancelled_applications(self) -> Iterator[Event]:
        """Yield the events of applications that the target had and that were not exported now."""
        for key in sequence_numbers.export_targets(self.database, f"{self.path}\n"):
            application = key.partition("\n")[2]
            if application not in self._seen:
                yield from self.with_sequence(application, ())

    def commit_counters(self) -> None:
        """Raise the counters to those of the yielded events; to be called after the last event."""
        sequence_numbers.raise_counters(self.database, f"{self.path}\n")

    def _is_new(self, revised: RevisedEvent, earlier: RevisedEvent | None) -> bool:
        if earlier is None:
            self.added += 1
        elif earlier.fingerprint != revised.fingerprint:
            self.changed += 1
            if self.changes_only:
                self.outdated.append(earlier.event)
        else:
            return False
        return True


@contextlib.contextmanager
def _open_target(path: Path, options: ExportOptions, context: RunContext) -> Iterator[ExportTarget]:
    """Open the state of an output; it is saved once the output is written."""
    language = reader_locale(context)

    def cancel(event: Event) -> Event:
        if event.cancelled:
            return event
        summary = language.translate("Cancelled: {title}", title=event.summary)
        return attrs.evolve(event, cancelled=True, alarm=None, summary=summary)

    with Database(context.locations.database) as database:
        sequence_numbers.raise_counters_to(database, ics_output.written_revisions(path))
        with database.transaction():
            target = ExportTarget(
                database=database,
                path=str(path.absolute()),
                now=context.now,
                zone=context.zone,
                cancel=cancel,
                changes_only=options.changes_only,
            )
            yield target
            target.commit_counters()


def _target_events(
    applications: Iterable[Application],
    target: ExportTarget,
    options: ExportOptions,
    context: RunContext,
) -> Iterator[Event]:
    for application, events in _with_events(applications, context):
        yield from target.with_sequence(application.id, events)
    if options.complete:
        yield from target.cancelled_applications()


def _result(path: Path, written: int, target: ExportTarget) -> ExportResult:
    return ExportResult(
        path=path,
        written=written,
        added=target.added,
        changed=target.changed,
        outdated=tuple(target.outdated),
    )


def forget_export(
    database: Database, application: str, *, now: dt.datetime, zone: ZoneInfo
) -> list[str]:
    """Forget the exports of an application, except for events that are still to come.

    Those are remembered until the next export to their target has cancelled them; the paths
    of these targets are returned.
    """
    waiting = []
    for key in sequence_numbers.export_targets(database, ""):
        path, _, name = key.partition("\n")
        if name != application:
            continue
        revisions = sequence_numbers.load_revisions(database, key).values()
        events = [revised.event for revised in revisions]
        over = [event.uid for event in events if has_passed(event.end, now=now, zone=zone)]
        sequence_numbers.save_atomically(database, key, (), forget=over)
        if len(over) < len(events):
            waiting.append(path)
    return waiting
