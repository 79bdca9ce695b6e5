"""The sync of a plan with a calendar: pull, record the user's edits, plan, push.

It knows neither the application files nor the log: a callback records the edits there, and
returns the desired state that follows from them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

import attrs

from afterword.dav.backoff import Backoff
from afterword.dav.interface import Calendar, NotFoundError
from afterword.domain.merge import three_way, user_edits
from afterword.domain.merge.fields import Field
from afterword.domain.merge.three_way import DesiredState, PlannedWrite, Presence, WriteKind
from afterword.domain.merge.user_edits import (
    FieldEdited,
    TitleKeywords,
    UidRejected,
    Undeleted,
    UserEdit,
)
from afterword.errors import AfterwordError, ConflictError
from afterword.storage.state.database import Database
from afterword.storage.state.sync_rows import CalendarCursor, SyncRow
from afterword.sync import pull, push
from afterword.sync.report import SyncReport
from afterword.sync.session import Progress, Sleep, SyncContext, SyncSession

_ROUNDS = 3
_NOT_YET = "it could not be stored yet; the next run tries again"
_REFUSED = "the server does not take it; skip its step and restore it to have it made anew"
_UNCLEAR = "it is not known yet whether it was stored; the next run looks"
_CALENDAR_GONE = (
    "There is no calendar any more at {url}, where our events were. If you removed it yourself, "
    "run it again with --allow-mass-delete: it is made anew, and the events that it had count as "
    "deleted by you. If you use another one now: afterword calendars. Nothing was changed."
)
RecordEdits = Callable[[tuple[UserEdit, ...]], DesiredState]
"""Records the user's edits in the application files, and returns the new desired state.

Called at least once a run, after the pull. After an interrupted run it gets the same edits
again, and must not record them twice.
"""


def _no_progress(done: int, total: int) -> None:
    del done, total


@attrs.frozen(kw_only=True)
class Options:
    """The options of a sync.

    `words` are the title prefixes that log something, `over` is the prefix of an edited event
    that is over, `name` the display name if the calendar has to be created again.
    `unlisted`: the address was never checked to be a calendar. It may be the home of all
    calendars, where some servers store any object.
    """

    words: TitleKeywords
    over: str
    name: str = "Job search"
    dry_run: bool = False
    unlisted: bool = False
    allow_mass_delete: bool = False
    connections: int = 4
    sleep: Sleep = attrs.field(factory=Backoff)
    progress: Progress = _no_progress


def synchronize(
    calendar: Calendar,
    database: Database,
    desired: DesiredState,
    options: Options,
    *,
    now: dt.datetime,
    record_edits: RecordEdits | None = None,
) -> SyncReport:
    """Make the calendar match the desired state, and return a report.

    A dry run writes neither to the calendar nor to the state; `record_edits` is called, and
    must change nothing either.

    Raises ConflictError, with nothing written, if all of our events are missing or would be
    deleted, and any error before the first write. A later error is in the report.
    """
    context = SyncContext(
        calendar=calendar,
        session=SyncSession(database, calendar.url, dry_run=options.dry_run),
        now=now,
        sleep=options.sleep,
        progress=options.progress,
        connections=options.connections,
    )
    cursor, recreated = _pull(context, desired, options)
    sync_run = _SyncRun(context, desired, options, record_edits, recreated)
    sync_run.run()
    context.session.commit(sync_run.rows_with_owners(), cursor=cursor)
    return sync_run.report()


def _pull(
    context: SyncContext, desired: DesiredState, options: Options
) -> tuple[CalendarCursor, bool]:
    """Pull the changes; create a missing calendar again if that is allowed.

    Returns the cursor of the next pull, and True if the calendar was created again.
    """
    allowed = options.allow_mass_delete
    try:
        if options.unlisted:
            pull.with_retries(context.calendar.listing, context, desired.zone)
        return pull.pull(context, desired, allow_emptied=allowed), False
    except NotFoundError:
        if not any(
            event.presence is Presence.PRESENT for event in context.session.observed.values()
        ):
            raise
        if not allowed or options.dry_run:
            raise ConflictError(_CALENDAR_GONE.format(url=context.calendar.url)) from None
    context.calendar.make(options.name)
    return pull.pull(context, desired, allow_emptied=True), True


@attrs.define
class _SyncRun:
    context: SyncContext
    desired: DesiredState
    options: Options
    record_edits: RecordEdits | None
    recreated: bool
    edits: list[UserEdit] = attrs.field(factory=list)
    done: dict[str, PlannedWrite] = attrs.field(factory=dict)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    _recorded: bool = False

    def run(self) -> None:
        """Plan and push until all writes are confirmed, or no more are possible."""
        refused: set[str] = set()
        blocked: set[str] = set()
        pending: dict[str, PlannedWrite] = {}
        for rounds_left in range(_ROUNDS, -1, -1):
            self.apply_user_edits(refused)
            blocked |= refused
            self.failed |= dict.fromkeys(refused & self.desired.events.keys(), _REFUSED)
            actions = {write.uid: write for write in self.plan() if write.uid not in blocked}
            self.done |= {uid: write for uid, write in pending.items() if self.took_effect(write)}
            if self.options.dry_run:
                self.done = actions
                return
            if not actions:
                return
            if not rounds_left:
                self.failed = dict.fromkeys(actions, _NOT_YET) | self.failed
                return
            outcomes = push.push_writes(self.context, list(actions.values()), self.desired)
            self.failed |= outcomes.failed
            self.stopped = outcomes.stopped
            confirmed = [write for write in outcomes.done if write.uid not in outcomes.unsettled]
            self.done |= {write.uid: write for write in confirmed}
            pending = {uid: actions[uid] for uid in sorted(outcomes.unsettled)}
            if self.stopped or not pending:
                return
            blocked |= outcomes.failed.keys() - outcomes.unsettled
            try:
                refused = self.recheck_pending(pending, outcomes.suspects)
            except AfterwordError as error:
                self.stopped = error
                return

    def apply_user_edits(self, refused: set[str]) -> None:
        """Record the new edits of the user, and take over the desired state that follows."""
        session = self.context.session
        edits = user_edits.detect_user_edits(self.desired, session.observed, self.options.words)
        edits += tuple(UidRejected(uid=uid, at=self.context.now) for uid in sorted(refused))
        edits = tuple(edit for edit in edits if edit not in self.edits)
        self.edits += edits
        if self.record_edits is None:
            return
        if edits or not self._recorded:
            self.desired = self.record_edits(edits)
            self._recorded = True
        rows: dict[str, SyncRow | None] = {
            uid: attrs.evolve(row, held=user_edits.advance_base(self.desired, row.held, edits))
            for uid, row in session.rows.items()
            if row.held
        }
        # Without its row, an event that is desired again under the same UID is created again.
        again = {edit.uid for edit in edits if isinstance(edit, Undeleted) and not edit.there}
        session.commit(rows | dict.fromkeys(again & self.desired.events.keys()))

    def plan(self) -> tuple[PlannedWrite, ...]:
        """Return the writes to push. Raises ConflictError if they would empty the calendar."""
        observed, options = self.context.session.observed, self.options
        actions = three_way.plan_writes(
            self.desired, observed, now=self.context.now, over=options.over
        )
        if (
            three_way.would_orphan_all(self.desired, observed, actions)
            and not options.allow_mass_delete
        ):
            raise ConflictError(
                f"None of our events in {self.context.calendar.url} belongs to an application that "
                "is known here: are the facts in another place (--data)? Nothing was changed; "
                "--allow-mass-delete removes them."
            )
        return actions

    def recheck_pending(self, pending: Collection[str], suspects: Collection[str]) -> set[str]:
        """Fetch the objects of unconfirmed writes; return the UIDs that the server refuses."""
        for uid in pending:
            self.failed.pop(uid, None)
        pull.refetch(self.context, pending, self.desired)
        lost = {uid for uid in suspects if uid not in self.context.session.rows}
        return pull.find_moved(self.context, lost, self.desired) if lost else set()

    def took_effect(self, action: PlannedWrite) -> bool:
        """True if the calendar holds the result of the write."""
        row = self.context.session.rows.get(action.uid)
        if action.kind is WriteKind.DELETE or row is None:
            return row is None and action.kind is WriteKind.DELETE
        return row.held is not None and row.held.theirs == action.result

    def rows_with_owners(self) -> dict[str, SyncRow | None]:
        """Return the rows with the owners of their events."""
        owners = self.desired.owners
        return {
            uid: attrs.evolve(row, held=attrs.evolve(row.held, owner=owners[uid]))
            for uid, row in self.context.session.rows.items()
            if row.held and uid in owners
        }

    def is_recorded(self, edit: UserEdit) -> bool:
        """False for an edit that was discarded at once, or whose file could not be read."""
        if isinstance(edit, FieldEdited) and user_edits.was_discarded(self.desired, edit):
            return False
        return self.desired.complete or edit.uid in self.desired.possible_uids

    def report(self) -> SyncReport:
        """Return the report of the run."""
        rows, observed = self.context.session.rows, self.context.session.observed
        unclear = dict.fromkeys((uid for uid, row in rows.items() if row.intent), _UNCLEAR)
        return SyncReport(
            calendar=self.context.calendar.url,
            actions=tuple(self.done.values()),
            user_edits=tuple(filter(self.is_recorded, self.edits)),
            tombstones=tuple(
                uid for uid, event in observed.items() if event.presence is Presence.DELETED
            ),
            failed=unclear | self.failed,
            foreign=tuple(
                uid
                for uid, event in observed.items()
                if event.presence is Presence.FOREIGN and uid in self.desired.events
            ),
            requests=self.context.calendar.requests,
            stopped=self.stopped,
            dry_run=self.options.dry_run,
            recreated=self.recreated,
            titles={
                uid: event.theirs[Field.SUMMARY]
                for uid, event in observed.items()
                if event.presence is Presence.PRESENT
            },
        )
