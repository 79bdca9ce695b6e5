"""The sync of a plan with a calendar: pull, record the user's edits, plan, push.

It knows neither the application files nor the log: a callback records the edits there, and
returns the desired state that follows from them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Mapping

import attrs

from afterword.dav.interface import Calendar, NotFoundError
from afterword.domain.calendar_model import Field
from afterword.domain.merge import three_way, user_edits
from afterword.domain.merge.three_way import DesiredState, PlannedWrite, Presence, WriteKind
from afterword.domain.merge.user_edits import (
    FieldEdited,
    Undeleted,
    UserEdit,
)
from afterword.errors import AfterwordError, ConflictError
from afterword.storage.state.database import Database
from afterword.storage.state.sync_rows import CalendarCursor, SyncRow
from afterword.sync import look, outcomes, pull, push
from afterword.sync.outcomes import Renewals, WriteOutcomes
from afterword.sync.report import SyncReport
from afterword.sync.session import SyncSession
from afterword.sync.sync_context import Options, SyncContext

_NAME = "Job search"
_ROUNDS = 3
_MAX_ROUNDS = 16
RecordEdits = Callable[[tuple[UserEdit, ...]], DesiredState]
"""Records the user's edits in the application files, and returns the new desired state.

Called at least once a run, after the pull. After an interrupted run it gets the same edits
again, and must not record them twice.
"""


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
        options=options,
        desired=desired,
        now=now,
    )
    if not context.session.rows and context.session.cursor == CalendarCursor():
        context.session.commit(options.first_rows, creations=look.first_generations(context))
    sync_run = _SyncRun(context, record_edits)
    cursor = sync_run.pull_changes()
    if options.remove_orphans:
        sync_run.claim_orphans()
    sync_run.run()
    if cursor.listing and sync_run.stopped is None and not options.dry_run:
        with contextlib.suppress(AfterwordError):
            pull.confirm_created(context)
    context.session.commit(sync_run.rows_with_owners(), cursor=cursor)
    return sync_run.report()


@attrs.define
class _SyncRun:
    context: SyncContext
    record_edits: RecordEdits | None
    recreated: bool = False
    edits: list[UserEdit] = attrs.field(factory=list)
    done: dict[str, PlannedWrite] = attrs.field(factory=dict)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    halted: AfterwordError | None = None
    rivals: set[str] = attrs.field(factory=set)
    _recorded: bool = False

    @property
    def desired(self) -> DesiredState:
        """The desired state that follows from the edits so far."""
        return self.context.desired

    def pull_changes(self) -> CalendarCursor:
        """Pull the changes, and return the cursor of the next pull.

        A missing calendar is created again if that is allowed.
        """
        context, allowed = self.context, self.context.options.allow_mass_delete
        try:
            return pull.pull(context, allow_emptied=allowed)
        except NotFoundError as error:
            if not context.session.events(Presence.PRESENT):
                raise
            if not allowed or context.options.dry_run:
                gone = error.vanished or outcomes.CALENDAR_GONE.format(url=context.calendar.url)
                raise ConflictError(gone) from None
        self.recreated = True
        context.calendar.make(_NAME)
        # Some servers take the token of the calendar that was there before, and report no change.
        context.session.commit({}, cursor=CalendarCursor())
        return pull.pull(context, allow_emptied=True, recreated=True)

    def claim_orphans(self) -> None:
        """Take over the orphans, so that they are removed as events of a forgotten application."""
        session = self.context.session
        orphans = session.events(Presence.ORPHAN)
        titles = tuple(event.theirs[Field.SUMMARY] for event in orphans.values())
        confirm = self.context.options.confirm_orphans
        if titles and confirm and not confirm(titles):
            return
        session.commit(
            {
                uid: attrs.evolve(
                    session.rows[uid],
                    held=attrs.evolve(event, presence=Presence.PRESENT, forgotten=True),
                )
                for uid, event in orphans.items()
            }
        )

    def run(self) -> None:
        """Plan and push until all writes are confirmed, or no more are possible."""
        session = self.context.session
        blocked = {uid for uid, row in session.rows.items() if row.unsure and row.intent}
        pending: dict[str, PlannedWrite] = {}
        renewals, rounds_left = Renewals(session), _ROUNDS
        for _ in range(_MAX_ROUNDS):
            self.apply_user_edits()
            blocked |= self.held_back()
            actions = {write.uid: write for write in self.plan() if write.uid not in blocked}
            self.done |= {uid: write for uid, write in pending.items() if self.took_effect(write)}
            if self.context.options.dry_run:
                self.done = actions
                return
            if not actions:
                break
            if rounds_left < 0:
                self.failed = dict.fromkeys(actions, outcomes.NOT_YET) | self.failed
                break
            results = renewals.next_outcomes()
            push.push_writes(self.context, list(actions.values()), results)
            self.failed |= results.failed
            self.stopped = results.stopped
            confirmed = [write for write in results.done if write.uid not in results.unsettled]
            self.done |= {write.uid: write for write in confirmed}
            pending = {uid: actions[uid] for uid in sorted(results.unsettled)}
            if self.stopped:
                return
            self.halted = self.halted or next(iter(results.halted.values()), None)
            if not pending:
                break
            renewals.learn(results)
            gives_up = bool(results.halted) or renewals.is_probe_in_vain
            waiting = set() if gives_up else results.waiting
            blocked |= results.failed.keys() - results.unsettled - waiting
            try:
                refused = self.recheck_pending(pending, results)
            except AfterwordError as error:
                self.stopped = error
                return
            for uid in waiting:
                self.failed.pop(uid, None)
            # The server took these, but does not show them.
            rows = session.rows.values()
            blocked |= {row.uid for row in rows if row.unsure and row.held is None} & pending.keys()
            blocked |= self.deny(results.denied, pending)
            again = renewals.resolve_doubts()
            blocked = (blocked | renewals.doubted.keys()) - again
            stuck = renewals.renew(refused, results.faults)
            blocked |= stuck
            self.failed |= renewals.doubted | dict.fromkeys(stuck, outcomes.REFUSED)
            for uid in again:
                self.failed.pop(uid, None)
            rounds_left -= not refused
        else:
            self.failed = dict.fromkeys(pending, outcomes.NOT_YET) | self.failed
        renewals.give_up(self.failed.keys() - self.done.keys())
        self.halted = self.halted or renewals.failure()
        self.stopped = self.halted

    def deny(self, denied: Mapping[str, str], pending: Mapping[str, PlannedWrite]) -> set[str]:
        """Record the writes that the server answered with 404 although it lists their objects.

        A deletion of what is gone already is done: a run may have ended after its request.
        """
        rows = self.context.session.rows
        stuck = {
            uid: reason
            for uid, reason in denied.items()
            if not self.took_effect(pending[uid])
            if uid not in rows or rows[uid].held is None or rows[uid].seen
            if uid not in rows or rows[uid].presence is not Presence.DELETED
        }
        self.failed |= stuck
        return set(stuck)

    def held_back(self) -> set[str]:
        """Return the UIDs of applications of which the calendar has others by the same id."""
        owners = self.desired.owners
        self.rivals = {
            owners.get(uid, uid)
            for uid, event in self.context.session.events(Presence.FOREIGN).items()
            if event.rival and uid in self.desired.possible_uids
        }
        return {uid for uid in self.desired.possible_uids if owners.get(uid, uid) in self.rivals}

    def apply_user_edits(self) -> None:
        """Record the new edits of the user, and take over the desired state that follows."""
        session, options = self.context.session, self.context.options
        edits = user_edits.detect_user_edits(
            self.desired, session.observed, options.words, over=options.over
        )
        edits = tuple(edit for edit in edits if edit not in self.edits)
        self.edits += edits
        if self.record_edits is None:
            return
        if edits or not self._recorded:
            self.context = attrs.evolve(self.context, desired=self.record_edits(edits))
            self._recorded = True
        rows: dict[str, SyncRow | None] = {}
        for uid, row in session.rows.items():
            held = row.held and user_edits.advance_base(self.desired, row.held, edits)
            if held is not row.held:
                rows[uid] = attrs.evolve(row, held=held)
        # Without its row, an event that is desired again is created again, under a new UID.
        again = {edit.uid for edit in edits if isinstance(edit, Undeleted) and not edit.there}
        session.commit(rows | dict.fromkeys(again & self.desired.events.keys()))

    def plan(self) -> tuple[PlannedWrite, ...]:
        """Return the writes to push. Raises ConflictError if they would empty the calendar."""
        observed, options = self.context.session.observed, self.context.options
        actions = three_way.plan_writes(
            self.desired, observed, now=self.context.now, over=options.over
        )
        if (
            three_way.would_orphan_all(self.desired, observed, actions)
            and not options.allow_mass_delete
        ):
            raise ConflictError(
                f"None of our events in {self.context.calendar.url} belongs to an application "
                "here. If the applications are in another directory, name it with --data. Nothing "
                "was changed; --allow-mass-delete removes them."
            )
        return actions

    def recheck_pending(self, pending: Collection[str], results: WriteOutcomes) -> set[str]:
        """Fetch the objects of unconfirmed writes; return the UIDs that the server refuses.

        Raises RefusedError or ConflictError if the calendar takes no events (any more).
        """
        for uid in pending:
            self.failed.pop(uid, None)
        pull.refetch(self.context, pending)
        rows = self.context.session.rows
        lost = {uid for uid in results.suspects if uid not in rows}
        deleted = self.context.session.events(Presence.DELETED)
        if not lost and results.denied.keys() <= deleted.keys():
            return set()
        return pull.find_moved(self.context, lost)

    def took_effect(self, action: PlannedWrite) -> bool:
        """True if the calendar holds the result of the write."""
        row = self.context.session.rows.get(action.uid)
        if action.kind is WriteKind.DELETE or row is None:
            return row is None and action.kind is WriteKind.DELETE
        return row.held is not None and row.held.theirs == action.result

    def rows_with_owners(self) -> dict[str, SyncRow | None]:
        """Return the rows whose events have another owner now, with that owner."""
        owners = self.desired.owners
        return {
            uid: attrs.evolve(row, held=attrs.evolve(row.held, owner=owners[uid]))
            for uid, row in self.context.session.rows.items()
            if row.held and uid in owners and row.held.owner != owners[uid]
        }

    def is_recorded(self, edit: UserEdit) -> bool:
        """False for an edit that was discarded at once, or whose file could not be read."""
        if isinstance(edit, FieldEdited) and self.desired.has_discarded(
            edit.uid, edit.field, edit.theirs, edit.at
        ):
            return False
        return self.desired.complete or edit.uid in self.desired.possible_uids

    def report(self) -> SyncReport:
        """Return the report of the run."""
        session, desired = self.context.session, self.desired
        unclear = {
            uid: outcomes.HIDDEN if row.unsure else outcomes.UNCLEAR
            for uid, row in session.rows.items()
            if row.intent or (row.unsure and uid in desired.events)
        }
        unreadable = {
            uid: outcomes.UNREADABLE
            for uid in session.events(Presence.UNREADABLE)
            if uid in desired.possible_uids
        }
        foreign = session.events(Presence.FOREIGN)
        orphans = session.events(Presence.ORPHAN)
        visible = session.events(Presence.PRESENT) | orphans
        return SyncReport(
            calendar=self.context.calendar.url,
            actions=tuple(self.done.values()),
            user_edits=tuple(filter(self.is_recorded, self.edits)),
            tombstones=tuple(session.events(Presence.DELETED)),
            failed=unreadable | unclear | self.failed,
            foreign=tuple(
                uid for uid, event in foreign.items() if uid in desired.events and not event.rival
            ),
            rivals=dict.fromkeys(sorted(self.rivals), outcomes.RIVAL),
            protected=tuple(sorted(session.newly_protected)),
            shifted_alarms=tuple(sorted(session.shifted_alarms & self.done.keys())),
            orphans=tuple(orphans),
            requests=self.context.calendar.requests,
            stopped=self.stopped,
            dry_run=self.context.options.dry_run,
            recreated=self.recreated,
            titles={uid: event.theirs[Field.SUMMARY] for uid, event in visible.items()},
        )
