"""One sync from its first look to its last: read, hear the person, plan, write.

It knows neither the store nor the log: what the person did comes as decisions,
and whoever notes them returns what is wanted from there on, in the same run.
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
Note = Callable[[tuple[UserEdit, ...]], DesiredState]
"""Takes what the person did into the facts, and returns what they ask for now.

Called at least once a run, when the calendar has been looked at; and again
with the same values where a run ended before it was done, so what the facts
have already is not noted twice.
"""


def _no_progress(done: int, total: int) -> None:
    del done, total


@attrs.frozen(kw_only=True)
class Options:
    """How to sync.

    `words` begin a title that logs; `over` marks an edited event that is over;
    `name` is that of a calendar which has to be made anew. `unlisted`: nobody has
    listed that address as a calendar; it may be the place of all calendars, where
    some servers take whatever is put there.
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
    wanted: DesiredState,
    options: Options,
    *,
    now: dt.datetime,
    note: Note | None = None,
) -> SyncReport:
    """Bring the plan and the calendar together, and return what was done.

    In a dry run nothing is written, neither to the calendar nor to the state;
    `note` is called all the same, and should then change nothing either.

    Raises ConflictError, with nothing written, where all of our events are
    gone, or would go; and whatever ends the run before its first write. What
    ends it later is in the report.
    """
    work = SyncContext(
        calendar=calendar,
        ledger=SyncSession(database, calendar.url, dry_run=options.dry_run),
        now=now,
        sleep=options.sleep,
        progress=options.progress,
        connections=options.connections,
    )
    place, remade = _read(work, wanted, options)
    run = _Run(work, wanted, options, note, remade)
    run.go()
    work.ledger.commit(run.owned(), place=place)
    return run.report()


def _read(work: SyncContext, wanted: DesiredState, options: Options) -> tuple[CalendarCursor, bool]:
    """Take in what changed; a calendar that is gone is made anew where the person says so.

    Returns where to ask the next time, and whether it was made anew.
    """
    allowed = options.allow_mass_delete
    try:
        if options.unlisted:
            pull.with_retries(work.calendar.listing, work, wanted.zone)
        return pull.pull(work, wanted, allow_emptied=allowed), False
    except NotFoundError:
        if not any(one.presence is Presence.PRESENT for one in work.ledger.held.values()):
            raise
        if not allowed or options.dry_run:
            raise ConflictError(_CALENDAR_GONE.format(url=work.calendar.url)) from None
    work.calendar.make(options.name)
    return pull.pull(work, wanted, allow_emptied=True), True


@attrs.define
class _Run:
    work: SyncContext
    wanted: DesiredState
    options: Options
    note: Note | None
    remade: bool
    told: list[UserEdit] = attrs.field(factory=list)
    done: dict[str, PlannedWrite] = attrs.field(factory=dict)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    _noted: bool = False

    def go(self) -> None:
        """Plan and write until nothing is open, or no more can be done now."""
        refused: set[str] = set()
        blocked: set[str] = set()
        pending: dict[str, PlannedWrite] = {}
        for rounds_left in range(_ROUNDS, -1, -1):
            self.hear(refused)
            blocked |= refused
            self.failed |= dict.fromkeys(refused & self.wanted.events.keys(), _REFUSED)
            actions = {one.uid: one for one in self.plan() if one.uid not in blocked}
            self.done |= {uid: one for uid, one in pending.items() if self.has_landed(one)}
            if self.options.dry_run:
                self.done = actions
                return
            if not actions:
                return
            if not rounds_left:
                self.failed = dict.fromkeys(actions, _NOT_YET) | self.failed
                return
            outcome = push.push_writes(self.work, list(actions.values()), self.wanted)
            self.failed |= outcome.failed
            self.stopped = outcome.stopped
            settled = [one for one in outcome.done if one.uid not in outcome.unsettled]
            self.done |= {one.uid: one for one in settled}
            pending = {uid: actions[uid] for uid in sorted(outcome.unsettled)}
            if self.stopped or not pending:
                return
            blocked |= outcome.failed.keys() - outcome.unsettled
            try:
                refused = self.look_again(pending, outcome.suspects)
            except AfterwordError as error:
                self.stopped = error
                return

    def hear(self, refused: set[str]) -> None:
        """Tell what the person did, once, and take the facts as they are then."""
        ledger = self.work.ledger
        told = user_edits.detect_user_edits(self.wanted, ledger.held, self.options.words)
        told += tuple(UidRejected(uid=uid, at=self.work.now) for uid in sorted(refused))
        told = tuple(one for one in told if one not in self.told)
        self.told += told
        if self.note is None:
            return
        if told or not self._noted:
            self.wanted = self.note(told)
            self._noted = True
        rows: dict[str, SyncRow | None] = {
            uid: attrs.evolve(row, held=user_edits.advance_base(self.wanted, row.held, told))
            for uid, row in ledger.rows.items()
            if row.held
        }
        # What is wanted again, and has got no new identity, is made anew.
        again = {one.uid for one in told if isinstance(one, Undeleted) and not one.there}
        ledger.commit(rows | dict.fromkeys(again & self.wanted.events.keys()))

    def plan(self) -> tuple[PlannedWrite, ...]:
        """Return what is to be written; ConflictError where that would empty the calendar."""
        held, options = self.work.ledger.held, self.options
        actions = three_way.plan_writes(self.wanted, held, now=self.work.now, over=options.over)
        if three_way.would_orphan_all(self.wanted, held, actions) and not options.allow_mass_delete:
            raise ConflictError(
                f"None of our events in {self.work.calendar.url} belongs to an application that "
                "is known here: are the facts in another place (--data)? Nothing was changed; "
                "--allow-mass-delete removes them."
            )
        return actions

    def look_again(self, pending: Collection[str], suspects: Collection[str]) -> set[str]:
        """See what became of the open writes; return the UIDs that the server refuses."""
        for uid in pending:
            self.failed.pop(uid, None)
        pull.refetch(self.work, pending, self.wanted)
        lost = {uid for uid in suspects if uid not in self.work.ledger.rows}
        return pull.find_moved(self.work, lost, self.wanted) if lost else set()

    def has_landed(self, action: PlannedWrite) -> bool:
        """Tell whether the calendar is as the action wanted it."""
        row = self.work.ledger.rows.get(action.uid)
        if action.kind is WriteKind.DELETE or row is None:
            return row is None and action.kind is WriteKind.DELETE
        return row.held is not None and row.held.theirs == action.result

    def owned(self) -> dict[str, SyncRow | None]:
        """Return the rows with the applications of their events."""
        owners = self.wanted.owners
        return {
            uid: attrs.evolve(row, held=attrs.evolve(row.held, owner=owners[uid]))
            for uid, row in self.work.ledger.rows.items()
            if row.held and uid in owners
        }

    def was_noted(self, decision: UserEdit) -> bool:
        """Tell whether it stands: not given up at once, nor left out with a file of facts."""
        if isinstance(decision, FieldEdited) and user_edits.was_discarded(self.wanted, decision):
            return False
        return self.wanted.complete or decision.uid in self.wanted.possible_uids

    def report(self) -> SyncReport:
        """Return what was done."""
        rows, held = self.work.ledger.rows, self.work.ledger.held
        unclear = dict.fromkeys((uid for uid, row in rows.items() if row.intent), _UNCLEAR)
        return SyncReport(
            calendar=self.work.calendar.url,
            actions=tuple(self.done.values()),
            decisions=tuple(filter(self.was_noted, self.told)),
            tombstones=tuple(uid for uid, one in held.items() if one.presence is Presence.DELETED),
            failed=unclear | self.failed,
            foreign=tuple(
                uid
                for uid, one in held.items()
                if one.presence is Presence.FOREIGN and uid in self.wanted.events
            ),
            requests=self.work.calendar.requests,
            stopped=self.stopped,
            dry_run=self.options.dry_run,
            remade=self.remade,
            titles={
                uid: one.theirs[Field.SUMMARY]
                for uid, one in held.items()
                if one.presence is Presence.PRESENT
            },
        )
