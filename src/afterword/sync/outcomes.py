"""The outcomes of the writes of a round, and which writes have to wait for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import attrs

from afterword.domain.merge.three_way import PlannedWrite, WriteKind
from afterword.errors import AfterwordError, RefusedError, TryLaterError

MAX_FAILURES_IN_A_ROW = 3


class WaitingError(TryLaterError):
    """Raised instead of sending a write if several of its kind failed in a row."""


@attrs.define(kw_only=True)
class WriteOutcomes:
    """The outcomes of the writes.

    `unsettled` UIDs must be fetched, `suspects` may be in use, and are `faults` if only the
    status 500 says so; `denied` were said not to exist. `waiting` were not sent, because
    others of their kind failed. `stopped` ended all writes, `halted` those of a kind.
    `renewed` UIDs have a new generation since this run, `exhausted` ones get no other because
    of a status 500; `doubted` failed with it all the same. `trusts_faults`: status 500 was seen
    to mean that a UID is in use.
    """

    renewed: Collection[str] = ()
    exhausted: Collection[str] = ()
    trusts_faults: bool = False
    done: list[PlannedWrite] = attrs.field(factory=list)
    unsettled: set[str] = attrs.field(factory=set)
    suspects: set[str] = attrs.field(factory=set)
    faults: set[str] = attrs.field(factory=set)
    doubted: set[str] = attrs.field(factory=set)
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

    def add_fault(self, uid: str) -> None:
        """Count a creation that failed with the status 500, perhaps as its UID is in use."""
        self.unsettled.add(uid)
        self.faults.add(uid)
        self.suspects.add(uid)
        self.faults_in_a_row += 1

    def add_doubt(self, uid: str, reason: str) -> None:
        """Note a creation that failed with the status 500 under several UIDs."""
        self.unsettled.add(uid)
        self.doubted.add(uid)
        self.failed[uid] = reason
        self.faults_in_a_row += 1

    def add_success(self, action: PlannedWrite) -> None:
        """Count a success."""
        self.done.append(action)
        del self._failures_in_a_row[action.kind]
        if action.kind is WriteKind.CREATE:
            self.faults_in_a_row = 0
            self.trusts_faults = self.trusts_faults or action.uid in self.renewed

    def holds_back(self, action: PlannedWrite) -> bool:
        """Return True if a write has to wait for a later round or run."""
        doubtful = self.faults_in_a_row >= MAX_FAILURES_IN_A_ROW and not self.trusts_faults
        return action.kind in self.halted or (doubtful and action.kind is WriteKind.CREATE)
