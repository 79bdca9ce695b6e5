"""Export events to files, each time as an update of the last export to the same target.

What changed since then gets a higher SEQUENCE; what did not change is written as the same
bytes; what was withdrawn is written as cancelled until its old time has passed. The state
remembers each application of a target separately, so that an export of one of them takes
nothing back from the others.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import hashlib
import itertools
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.events.event import Event
from afterword.domain.merge.three_way import has_passed
from afterword.domain.model import Application
from afterword.domain.sanitize import pluralize, slug
from afterword.errors import UsageError
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
_A_FEW = 3


class MissingFiles(enum.StrEnum):
    """The fate of events whose application file is gone without `forget`."""

    CANCEL = "cancel"
    KEEP = "keep"


@attrs.frozen(kw_only=True)
class ExportOptions:
    """The options of all outputs of a run.

    `complete`: the applications are all that are stored, so events of others are cancelled.
    `changes_only`: write only what is new or changed. `force`: overwrite files of others.
    `stored`: the ids of all stored applications. `damaged`: files of some cannot be read.
    `missing`: what happens to the events of applications without a file; None asks.
    """

    complete: bool
    stored: frozenset[str] = frozenset()
    damaged: bool = False
    missing: MissingFiles | None = None
    changes_only: bool = False
    force: bool = False


@attrs.frozen(kw_only=True)
class ExportResult:
    """The number of events that were written, of new and of changed ones.

    `unchanged` applications have their events as they were last written.
    `outdated` are the replaced versions, for calendar apps that do not update on import.
    """

    path: Path
    written: int
    added: int
    changed: int
    outdated: tuple[Event, ...]
    unchanged: tuple[str, ...] = ()


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
            unchanged=frozenset() if options.changes_only else target.unchanged_uids(),
        )
    return _result(path, written, target)


def export_to_directory(
    path: Path, applications: Iterable[Application], options: ExportOptions, context: RunContext
) -> ExportResult:
    """Write a file for each event.

    Raises ConflictError, with nothing written, if somebody changed an event in the directory,
    or if it is synced, unless `options.force` is set.
    """
    from afterword.services.folders import exported_folder

    with _open_target(path, options, context) as target:
        exported_folder.release_folder(target.database, path, force=options.force)
        last = target.fingerprints()
        events = _target_events(applications, target, options, context)
        written = ics_output.export_to_directory(path, events, force=options.force, last=last)
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
    `cancel` turns an event that is no longer wanted into its cancelled form; the events of
    `unchanged` applications stay as they are.
    """

    database: Database
    path: str
    now: dt.datetime
    zone: ZoneInfo
    cancel: Callable[[Event], Event]
    changes_only: bool = False
    unchanged: frozenset[str] = frozenset()
    added: int = 0
    changed: int = 0
    outdated: list[Event] = attrs.field(factory=list)
    _seen: set[str] = attrs.field(factory=set)

    def with_sequence(self, application: str, events: Iterable[Event]) -> Iterator[Event]:
        """Yield the events of an application as they are to be written, and remember them."""
        key = f"{self.path}\n{application}"
        self._seen.add(application)
        sequence_numbers.restore_removed(self.database, key)
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
            if application not in self._seen | self.unchanged:
                yield from self.with_sequence(application, ())

    def unchanged_uids(self) -> frozenset[str]:
        """Return the UIDs of all events of the unchanged applications."""
        keys = (f"{self.path}\n{application}" for application in sorted(self.unchanged))
        return frozenset(
            uid for key in keys for uid in sequence_numbers.load_revisions(self.database, key)
        )

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprints of the events that the target last got, by UID."""
        return {
            uid: revised.fingerprint
            for key in sequence_numbers.export_targets(self.database, f"{self.path}\n")
            for uid, revised in sequence_numbers.load_revisions(self.database, key).items()
        }

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
        unchanged = (
            _unchanged_applications(path, database, options, context) if options.complete else ()
        )
        with database.transaction():
            target = ExportTarget(
                database=database,
                path=str(path.absolute()),
                now=context.now,
                zone=context.zone,
                cancel=cancel,
                changes_only=options.changes_only,
                unchanged=frozenset(unchanged),
            )
            yield target
            target.commit_counters()


def _unchanged_applications(
    path: Path, database: Database, options: ExportOptions, context: RunContext
) -> Collection[str]:
    """Return the ids of applications whose events stay as last written.

    Any of them may be in a file that cannot be read. Raises UsageError for events that the
    user has to decide about, and cannot be asked.
    """
    missing = _missing_applications(path, database, options, context)
    if options.damaged or not missing or options.missing is MissingFiles.KEEP:
        return missing
    if options.missing is MissingFiles.CANCEL:
        return ()
    number = pluralize(sum(missing.values()), "event")
    names = ", ".join(list(missing)[:_A_FEW]) + (", ..." if len(missing) > _A_FEW else "")
    problem = f"there is no file of {names} in {context.locations.data} any more"
    if not context.ui.can_ask():
        raise UsageError(
            f"{problem}, and {number} in {path} would be cancelled",
            [
                "--missing cancel cancels them; --missing keep leaves them as they are",
                "if the applications are in another directory, name it with --data",
            ],
        )
    context.ui.notify(problem)
    cancel = context.ui.confirm(f"Cancel {number} in {path}?", default=False)
    return () if cancel else missing


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
        unchanged=tuple(sorted(target.unchanged)),
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
        if name.removesuffix(sequence_numbers.REMOVED) != application:
            continue
        revisions = sequence_numbers.load_revisions(database, key).values()
        events = [revised.event for revised in revisions]
        over = [event.uid for event in events if has_passed(event.end, now=now, zone=zone)]
        sequence_numbers.save_atomically(database, key, (), forget=over)
        if len(over) < len(events):
            sequence_numbers.mark_removed(database, key)
            waiting.append(path)
    return waiting
