"""New generations for events whose UID the server refuses, perhaps as its trash bin holds it.

Nextcloud says so by the status 500, which may also mean that the server has a problem. Each
event tries another generation then, and a single one probes more of them. If a generation is
taken, the others follow; if none is, all keep the generation that they had.
"""

from __future__ import annotations

from collections.abc import Collection

import attrs

from afterword.errors import TryLaterError
from afterword.storage.state.sync_rows import CreationState
from afterword.sync.look import GENERATIONS
from afterword.sync.outcomes import MAX_FAILURES_IN_A_ROW, WriteOutcomes
from afterword.sync.session import SyncSession

_MAX_RENEWALS = 5
_MAX_PROBES = 4


@attrs.define
class Renewals:
    """The new generations of a run.

    `counts` are how many an event had, `tentative` its state before them if a status 500 was
    the reason, `doubted` the events that wait until that status is understood. `proven` is a
    generation that was taken.
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
        return WriteOutcomes(
            renewed=self.counts.keys(),
            exhausted=exhausted,
            trusts_faults=self.trusts_faults,
            faults_in_a_row=MAX_FAILURES_IN_A_ROW - 1 if self.doubted else 0,
        )

    def learn(self, outcomes: WriteOutcomes) -> None:
        """Learn from a round which events are in doubt, and which generation is taken."""
        self.trusts_faults = self.trusts_faults or outcomes.trusts_faults
        self.doubted |= {uid: outcomes.failed[uid] for uid in outcomes.doubted}
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
            self._probe = min(unclear, key=lambda uid: (self._failures(uid), uid), default=None)
        for uid in refused:
            count = self.counts[uid] = self.counts.get(uid, 0) + 1
            state = self.session.creation(uid)
            following = max(state.generation + 1, self.proven)
            if uid in faults:
                self.tentative.setdefault(uid, state)
            if uid == self._probe and count == 1:
                # The next numbers were probed in earlier runs.
                following += state.failures * (_MAX_PROBES - 1) % (GENERATIONS // 2)
            state = attrs.evolve(state, generation=following)
            self.session.commit({}, creations={uid: state})
            if count > _MAX_RENEWALS:
                stuck.add(uid)
        return stuck

    def give_up(self, failed: Collection[str]) -> None:
        """Drop the new generations that the server refused too, because it has a problem."""
        self.session.commit(
            {},
            creations={
                uid: attrs.evolve(self.tentative[uid], failures=self._failures(uid))
                for uid in self.tentative.keys() & failed
            },
        )

    def failure(self) -> TryLaterError | None:
        """Return the error if so many events are in doubt that the server has a problem."""
        if len(self.doubted) < MAX_FAILURES_IN_A_ROW:
            return None
        reason = next(iter(self.doubted.values()))
        return TryLaterError(f"{len(self.doubted)} writes in a row failed, the last: {reason}")

    def _failures(self, uid: str) -> int:
        """Return in how many runs in a row the creation of an event failed."""
        return self.session.creation(uid).failures
