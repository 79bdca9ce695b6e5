"""The outcomes of writes, the reasons for those that did not happen, and new generations.

An event gets a new generation if the server refuses its UID, perhaps as its trash bin holds it.
Nextcloud says so by the status 500, which may also mean that the server has a problem. Each event
tries another generation then, and a single one probes more of them. If a generation is taken, the
others follow; if none is, all keep the generation that they had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import attrs

from afterword.domain.merge.three_way import PlannedWrite, WriteKind
from afterword.errors import AfterwordError, RefusedError, TryLaterError
from afterword.storage.state.sync_rows import CreationState
from afterword.sync.look import GENERATIONS
from afterword.sync.session import SyncSession

NOT_YET = "it could not be stored yet; the next run tries again"
REFUSED = "the server takes it under no UID that was tried; the next run tries others"
UNCLEAR = "it is not known yet whether it was stored; the next run looks"
HIDDEN = "the server took it, but does not show it yet; the next run looks again"
UNREADABLE = (
    "its event in the calendar has values that cannot be read, so it was left as it is; "
    "correct it there, or delete it and run this again"
)
RIVAL = (
    "the calendar has events of another application with this id (other company, role or "
    "interview), perhaps from another --data directory; nothing was written. Give this one "
    "another id, or, if it is the same application, take them over: afterword sync --adopt"
)
CALENDAR_GONE = (
    "There is no calendar any more at {url}, where our events were. If you removed it yourself, "
    "run it again with --allow-mass-delete: it is made anew, and the events that it had count as "
    "deleted by you. If you use another one now: afterword calendars. Nothing was changed."
)
EMPTY_FOLDER = (
    "There is no calendar file any more in {url}, where our events were. Is its disk connected? "
    "If you removed the files yourself, run it again with --allow-mass-delete: they count as "
    "deleted by you. Nothing was changed."
)

MAX_FAILURES_IN_A_ROW = 3

_MAX_RENEWALS = 5
_MAX_PROBES = 4


class WaitingError(TryLaterError):
    """Raised instead of sending a write if several of its kind failed in a row."""


@attrs.define(kw_only=True)
class WriteOutcomes:
    """The outcomes of the writes.

    `unsettled` UIDs must be fetched, `suspects` may be in use, and are `faults` if only the
    status 500 says so; `denied` were said not to exist. `waiting` were not sent, because
    others of their kind failed. `stopped` ended all writes, `halted` those of a kind.
    `exhausted` UIDs get no new generation because of a status 500; `doubted` failed with it all
    the same.
    """

    renewals: Renewals
    exhausted: Collection[str] = ()
    done: list[PlannedWrite] = attrs.field(factory=list)
    unsettled: set[str] = attrs.field(factory=set)
    suspects: set[str] = attrs.field(factory=set)
    faults: set[str] = attrs.field(factory=set)
    doubted: dict[str, str] = attrs.field(factory=dict)
    denied: dict[str, str] = attrs.field(factory=dict)
    waiting: set[str] = attrs.field(factory=set)
    failed: dict[str, str] = attrs.field(factory=dict)
    stopped: AfterwordError | None = None
    halted: dict[WriteKind, AfterwordError] = attrs.field(factory=dict)
    _failures_in_a_row: Counter[WriteKind] = attrs.field(factory=Counter)
    faults_in_a_row: int = 0

    def add_failure(self, action: PlannedWrite, reason: str, *, permanent: bool = False) -> None:
        """Count a failure; several in a row hold back the other writes of that kind."""
        kind = action.kind
        self.failed[action.uid] = reason
        self._failures_in_a_row[kind] += 1
        count = self._failures_in_a_row[kind]
        if count >= MAX_FAILURES_IN_A_ROW and kind not in self.halted:
            error = RefusedError if permanent else TryLaterError
            self.halted[kind] = error(f"{count} writes in a row failed, the last: {reason}")

    def add_fault(self, uid: str, reason: str) -> None:
        """Count a creation that failed with the status 500, perhaps as its UID is in use."""
        self.unsettled.add(uid)
        self.faults_in_a_row += 1
        if uid in self.exhausted:
            self.failed[uid] = self.doubted[uid] = reason
        else:
            self.faults.add(uid)
            self.suspects.add(uid)

    def add_success(self, action: PlannedWrite) -> None:
        """Count a success."""
        self.done.append(action)
        del self._failures_in_a_row[action.kind]
        if action.kind is WriteKind.CREATE:
            self.faults_in_a_row = 0
            if action.uid in self.renewals.counts:
                self.renewals.trusts_faults = True

    def holds_back(self, action: PlannedWrite) -> bool:
        """Return True if a write has to wait for a later round or run."""
        doubtful = self.faults_in_a_row >= MAX_FAILURES_IN_A_ROW and not self.renewals.trusts_faults
        return action.kind in self.halted or (doubtful and action.kind is WriteKind.CREATE)


@attrs.define
class Renewals:
    """The new generations of a run.

    `counts` are how many an event had, `tentative` its state before them if a status 500 was
    the reason, `doubted` the events that wait until that status is understood. `proven` is a
    generation that was taken. `trusts_faults`: status 500 was seen to mean that a UID is in use.
    """

    session: SyncSession
    counts: dict[str, int] = attrs.field(factory=dict)
    tentative: dict[str, CreationState] = attrs.field(factory=dict)
    doubted: dict[str, str] = attrs.field(factory=dict)
    proven: int = 0
    trusts_faults: bool = False
    _probe: str | None = None

    @property
    def is_probe_in_vain(self) -> bool:
        """Return True if no generation that was probed is taken."""
        return self._probe in self.doubted and not self.trusts_faults

    def next_outcomes(self) -> WriteOutcomes:
        """Return the outcomes for the next round of writes."""
        limit = _MAX_RENEWALS if self.trusts_faults else 1
        exhausted = {
            uid
            for uid, count in self.counts.items()
            if count >= (max(limit, _MAX_PROBES) if uid == self._probe else limit)
        }
        faults_in_a_row = MAX_FAILURES_IN_A_ROW - 1 if self.doubted else 0
        return WriteOutcomes(renewals=self, exhausted=exhausted, faults_in_a_row=faults_in_a_row)

    def learn(self, outcomes: WriteOutcomes) -> None:
        """Learn from a round which events are in doubt, and which generation is taken."""
        self.doubted |= outcomes.doubted
        for write in outcomes.done:
            if write.uid in self.tentative:
                self.proven = max(self.proven, self.session.generation(write.uid))

    def resolve_doubts(self) -> set[str]:
        """Renew the events in doubt once the status 500 is understood, and return them."""
        if not self.trusts_faults:
            return set()
        again = set(self.doubted)
        self.doubted.clear()
        return again - self.renew(again, again)

    def renew(self, refused: Collection[str], faults: Collection[str]) -> set[str]:
        """Give events whose UID is refused a new generation; return those that had too many."""
        stuck = set()
        if self._probe is None:
            unclear = {*refused} & {*faults}
            self._probe = min(
                unclear, key=lambda uid: (self.session.creation(uid).failures, uid), default=None
            )
        for uid in refused:
            count = self.counts[uid] = self.counts.get(uid, 0) + 1
            state = self.session.creation(uid)
            following = max(state.generation + 1, self.proven)
            if uid in faults:
                self.tentative.setdefault(uid, state)
            if uid == self._probe and count == 1:
                # The next numbers were probed in earlier runs.
                following += state.failures * (_MAX_PROBES - 1) % (GENERATIONS // 2)
            state = state._replace(generation=following)
            self.session.commit({}, creations={uid: state})
            if count > _MAX_RENEWALS:
                stuck.add(uid)
        return stuck

    def give_up(self, failed: Collection[str]) -> None:
        """Drop the new generations that the server refused too, because it has a problem."""
        self.session.commit(
            {},
            creations={
                uid: self.tentative[uid]._replace(failures=self.session.creation(uid).failures)
                for uid in self.tentative.keys() & failed
            },
        )

    def failure(self) -> TryLaterError | None:
        """Return the error if so many events are in doubt that the server has a problem."""
        if len(self.doubted) < MAX_FAILURES_IN_A_ROW:
            return None
        reason = next(iter(self.doubted.values()))
        return TryLaterError(f"{len(self.doubted)} writes in a row failed, the last: {reason}")
