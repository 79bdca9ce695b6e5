"""The applications during a sync: their desired events, and the user's edits of these."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import attrs

from afterword.domain.applications import client_name
from afterword.domain.calendar_model import Event, Field
from afterword.domain.merge import fields, user_edits
from afterword.domain.merge.three_way import MANY, DesiredState, Presence
from afterword.domain.merge.user_edits import FieldEdited, Moved, UserEdit
from afterword.domain.model import Application, LogEntry
from afterword.domain.planning.plan import TranslatableText
from afterword.domain.sanitize import for_terminal
from afterword.errors import AfterwordError, ConflictError, InputError, UsageError
from afterword.services.application_plan import plan_application
from afterword.services.calendars import calendar_log
from afterword.services.calendars.calendar_log import EventOwner
from afterword.services.calendars.text_cache import TextCache
from afterword.services.exports import exported_folder
from afterword.services.exports.event_removal import (
    EventTarget,
    MissingDecision,
    MissingFiles,
    confirm_orphans,
    decide_missing,
)
from afterword.services.planned_events import build_calendar_events
from afterword.services.workspace import Workspace
from afterword.storage.state import calendar_answers, sync_rows
from afterword.storage.state.database import Database
from afterword.sync import engine
from afterword.sync.report import SyncReport
from afterword.sync.sync_context import Options, Progress

if TYPE_CHECKING:
    from afterword.dav.interface import Calendar
    from afterword.vdir.folder_calendar import FolderCalendar


class SyncOptions(NamedTuple):
    """Decisions of the user for this run.

    `use_plan` and `use_mine` name the applications, by a part of their names, whose events get
    the plan's texts again, or the user's own, which the plan's had replaced.
    `allow_mass_delete`: go on although all events are gone, or would go. `remove_orphans`:
    remove events with our marks that belong to no application here. `adopt`: take over
    events that another application of the same id has written. `missing`: what happens to the
    events of applications without a file; None asks.
    """

    use_plan: tuple[str, ...] = ()
    use_mine: tuple[str, ...] = ()
    allow_mass_delete: bool = False
    remove_orphans: bool = False
    adopt: bool = False
    missing: MissingFiles | None = None


class ReportedEdit(NamedTuple):
    """An edit of the user, the event before it, and the plan's note on it."""

    edit: UserEdit
    owner: EventOwner
    event: Event | None
    note: TranslatableText | None


class SyncReporter(Protocol):
    """Receives the user's edits while the sync runs, as they are logged."""

    def report_edits(self, application: str, edits: Sequence[ReportedEdit], /) -> None:
        """Report the edits in the events of an application."""

    def report_text_choice(self, application: Application, entries: Sequence[LogEntry], /) -> None:
        """Report the log entries of a `use_plan` or `use_mine` in the options; maybe none."""


class SyncResult(NamedTuple):
    """The report of a sync, and the titles of the desired events by UID.

    `earlier_calendars` are other calendars that still have events of earlier syncs.
    """

    report: SyncReport
    titles: Mapping[str, str]
    earlier_calendars: tuple[str, ...]


def sync_calendar(
    workspace: Workspace,
    calendar: Calendar,
    reporter: SyncReporter,
    choices: SyncOptions,
    *,
    command: str = "afterword sync",
    progress: Progress | None = None,
) -> SyncResult:
    """Sync all applications with a calendar, with the state locked for this process.

    `command` is this sync, to be repeated with another choice. A failure on the way is in the
    report as `stopped`, with everything done before it.
    """
    context = workspace.context
    with Database(context.locations.database) as database, database.locked():
        # Read under the lock: another run may be logging until it is released.
        busy = calendar_answers.load_busy_times(database) if context.settings.watch else None
        texts = TextCache(database, context, busy)
        applications = SyncedApplications(workspace, reporter, texts, choices)
        folder, ids = _folder_of(calendar), applications.ids
        rows = exported_folder.exported_rows(database, folder.path, ids, context) if folder else {}
        options = Options(
            words=calendar_log.title_keywords(context.language),
            over=calendar_log.over_prefix(context.language),
            dry_run=workspace.dry_run,
            allow_mass_delete=choices.allow_mass_delete,
            connections=context.settings.connections,
            remove_orphans=choices.remove_orphans,
            confirm_orphans=functools.partial(
                confirm_orphans, context, may_ask=not workspace.dry_run
            ),
            adopt=choices.adopt,
            first_rows=rows,
            progress=progress,
        )
        calendars = sync_rows.calendars(database)
        try:
            applications.decide_missing(database, calendar.url, command)
            report = engine.synchronize(
                calendar,
                database,
                applications.desired,
                options,
                now=context.now,
                record_edits=applications.apply_edits,
            )
            if folder is not None and report.stopped is None and not workspace.dry_run:
                exported_folder.forget_exports(database, folder.path, applications.ids)
        except AfterwordError as error:
            report = SyncReport(calendar=calendar.url, requests=calendar.requests, stopped=error)
        if not workspace.dry_run:
            texts.save()
    is_new = bool(report.actions) and calendar.url not in calendars and not workspace.dry_run
    return SyncResult(
        report=attrs.evolve(
            report,
            damaged=applications.damaged,
            missing=applications.retained_events,
            undecided=applications.missing.undecided,
            left_alone=folder.left_alone if folder is not None else None,
        ),
        titles={**report.titles, **applications.titles},
        earlier_calendars=tuple(calendars) if is_new else (),
    )


def _folder_of(calendar: Calendar) -> FolderCalendar | None:
    if not Path(calendar.url).is_absolute():
        return None  # a server, which needs no code for folders
    from afterword.vdir.folder_calendar import FolderCalendar

    return calendar if isinstance(calendar, FolderCalendar) else None


class SyncedApplications:
    """All applications of a sync. In a dry run they change in memory alone."""

    desired: DesiredState
    """The events that the calendar should have now."""

    def __init__(
        self,
        workspace: Workspace,
        reporter: SyncReporter,
        texts: TextCache,
        choices: SyncOptions,
    ) -> None:
        """Load them. Raises UsageError for choices that match nothing or contradict each other."""
        loaded = workspace.load()
        self._workspace = workspace
        self._reporter = reporter
        self._texts = texts
        self._choices = choices
        self.missing = MissingDecision()
        self.retained_events: Mapping[str, int] = {}
        self.damaged = tuple(error.message for error in loaded.damaged)
        self._applications = {each.id: each for each in loaded.applications}
        self._ours = {workspace.find_application(part).id for part in choices.use_plan}
        self._theirs = {workspace.find_application(part).id for part in choices.use_mine}
        if both := sorted(self._ours & self._theirs):
            raise UsageError(f"{both[0]}: give --use-plan or --use-mine, not both")
        self._replan()

    @property
    def ids(self) -> Collection[str]:
        """Return the ids of the applications that could be read."""
        return self._applications.keys()

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of the desired events by UID, below the name of a client."""
        clients = {uid: client_name(owner.application) for uid, owner in self._owners.items()}
        return {
            uid: f"{client}: {event.summary}" if (client := clients[uid]) else event.summary
            for uid, event in self._events.items()
        }

    def decide_missing(self, database: Database, url: str, command: str) -> None:
        """Decide, or let the user decide, about the events of applications without a file.

        Raises ConflictError if no event to come has a file, and nobody can be asked.
        """
        events = self._events_to_come(database, url)
        context = self._workspace.context
        missing = {id: n for id, n in events.items() if id and id not in self._applications}
        choice = self._choices.missing
        if choice is None and self._choices.allow_mass_delete:
            choice = MissingFiles.DELETE
        may_ask = not self._workspace.dry_run
        if choice is None and not (may_ask and context.ui.can_ask()):
            number, directory = sum(missing.values()), for_terminal(str(context.locations.data))
            if number >= MANY and missing.keys() == events.keys():
                raise ConflictError(
                    f"None of the {number} events in {url} belongs to an application in "
                    f"{directory}. If the applications are in another directory, name it with "
                    f"--data. Nothing was changed. To delete the events: {command} "
                    f"--missing {MissingFiles.DELETE}"
                )
        target = EventTarget(name=url, command=command, drop=MissingFiles.DELETE)
        self.missing = decide_missing(missing, choice, target, context, may_ask=may_ask)
        self.retained_events = {id: missing[id] for id in sorted(self.missing.retained)}
        self.desired = self._with_decisions(self.desired)

    def _events_to_come(self, database: Database, url: str) -> dict[str | None, int]:
        """Return how many events to come a calendar has of each application, if any is not stored.

        Events that the user removed by a command do not count, nor do any while a file cannot
        be read, because the application may be in that file.
        """
        events: dict[str | None, int] = {}
        if self.damaged or sync_rows.load_owners(database, url) <= set(self.ids):
            return events
        for row in sync_rows.load_rows(database, url).values():
            held = row.held
            if held is None or held.forgotten or held.presence is not Presence.PRESENT:
                continue
            ends = fields.parse_span(held.theirs[Field.TIME])[1]
            if not self._workspace.context.has_passed(ends):
                events[held.owner] = events.get(held.owner, 0) + 1
        return events

    def apply_edits(self, edits: Collection[UserEdit]) -> DesiredState:
        """Log and report the user's edits; return the desired state after them.

        The text choices are applied here too, because only now the calendar has been read
        and they can refer to what is in it.
        """
        owners, events = self._owners, self._events
        entries = calendar_log.log_entries_for(edits, owners, self._workspace.context.zone)
        for application, new in entries.items():
            self._log(application, new)
        has_choices = self._apply_text_choices()
        if entries or has_choices:
            self._replan()
        self._report(edits, owners, events)
        # Edits that follow in this run are newer than the choices.
        self._ours, self._theirs = set(), set()
        return self.desired

    def _report(
        self,
        edits: Iterable[UserEdit],
        owners: Mapping[str, EventOwner],
        events: Mapping[str, Event],
    ) -> None:
        by_application: dict[str, list[ReportedEdit]] = {}
        for edit in edits:
            owner = owners.get(edit.uid)
            if owner is None or owner.application.id not in self._applications:
                continue
            id = owner.application.id
            reported = by_application.setdefault(id, [])
            if id in self._ours and isinstance(edit, FieldEdited):
                continue  # replaced by the plan's text at once
            event, note = events.get(edit.uid), self._note_on(edit)
            reported.append(ReportedEdit(edit=edit, owner=owner, event=event, note=note))
        for id, reported in by_application.items():
            self._reporter.report_edits(id, reported)

    def _note_on(self, edit: UserEdit) -> TranslatableText | None:
        """Return the plan's note on the time that an event was moved to."""
        owner = self._owners.get(edit.uid) if isinstance(edit, Moved) else None
        return owner.step.note if owner and owner.step else None

    def _replan(self) -> None:
        context = self._workspace.context
        plans = [
            plan_application(application, context) for application in self._applications.values()
        ]
        by_id = {
            plan.application.id: build_calendar_events(
                plan, context, synced=True, busy=self._texts.busy, cached=self._texts.texts_of
            )
            for plan in plans
        }
        self._events = {event.uid: event for events in by_id.values() for event in events}
        application_ids = {event.uid: id for id, events in by_id.items() for event in events}
        self._owners = calendar_log.event_owners(plans, application_ids)
        desired = calendar_log.desired_state(
            plans, self._events.values(), self._owners, zone=context.zone
        )
        self.desired = self._with_decisions(desired)

    def _with_decisions(self, desired: DesiredState) -> DesiredState:
        return attrs.evolve(
            desired,
            complete=not self.damaged,
            retained_owners=self.missing.retained,
            dropped_owners=self.missing.dropped,
        )

    def _apply_text_choices(self) -> bool:
        """Log the text choices; return True if there was anything to log."""
        context, logged = self._workspace.context, False
        for ids, choose in (
            (self._ours, user_edits.discard_overrides),
            (self._theirs, user_edits.restore_overrides),
        ):
            for id in sorted(ids & self._applications.keys()):
                application = self._applications[id]
                entries = choose(application.log, now=context.now, zone=context.zone)
                if self._log(id, entries):
                    self._reporter.report_text_choice(application, entries)
                logged = logged or bool(entries)
        return logged

    def _log(self, id: str, entries: Iterable[LogEntry]) -> bool:
        """Append the entries each in a separate change, so that each can be undone alone.

        An application whose file only the user can repair is left out of the run: nothing of
        it is lost, and the others do not wait for it.
        """
        application = self._applications[id]
        try:
            for entry in entries:
                after = attrs.evolve(application, log=(*application.log, entry))
                application = self._workspace.save(application, after)
        except (InputError, ConflictError) as error:
            self._workspace.context.ui.notify(str(error))
            self.damaged = (*self.damaged, error.message)
            del self._applications[id]
            return False
        self._applications[id] = application
        return True
