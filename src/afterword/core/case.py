"""One application's facts with all that its dates depend on, and questions about its log.

Whatever asks about the log says how much of it counts: `seen` is the number of
entries, in the order of time, that were known at that point. A step that was
sent is judged by what was known when it was sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import attrs

from afterword.core import timing
from afterword.core.history import Episode, History, Logged
from afterword.core.model import Application, Entry, Interview, IsWorkingDay, Policy, StepKind

FOLLOW_UPS = (StepKind.FIRST, StepKind.SECOND)
# One of each an interview, so that an entry about it counts in whichever episode it falls.
ONCE = (StepKind.THANK_YOU, StepKind.KEEP_IN_TOUCH)


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """The facts of one application; `zone` is the user's, `employer_zone` counts the days."""

    application: Application
    history: History
    policy: Policy
    zone: ZoneInfo
    employer_zone: ZoneInfo
    is_working_day: IsWorkingDay

    @property
    def everything(self) -> int:
        """The number of all entries of the log."""
        return len(self.history.log)

    def interview(self, number: int) -> Interview:
        """Return an interview by its place."""
        return self.history.interviews[number]

    def day(self, moment: dt.datetime) -> dt.date:
        """Return the employer's day of an instant."""
        return timing.day_of(moment, self.employer_zone)

    def roll(self, day: dt.date) -> dt.date:
        """Return the day or the employer's next working day."""
        return timing.roll(day, self.is_working_day)

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """Return the employer's `count`-th working day after a day."""
        return timing.working_day_after(day, count, self.is_working_day)

    def entries(self, interview: int, seen: int) -> list[Logged]:
        """Return the first `seen` entries as far as they belong to the interview."""
        return [e for e in self.history.log[:seen] if e.interview == interview]

    def of_episode(self, episode: Episode, seen: int) -> list[Logged]:
        """Return the first `seen` entries as far as they fall into the episode."""
        numbers = self.history.numbers
        return [
            e for e in self.entries(episode.interview, seen) if numbers[e.order] == episode.number
        ]

    def of_step(self, episode: Episode, kind: StepKind, seen: int) -> list[Logged]:
        """Return the entries that may be about a step of the episode."""
        if kind in ONCE:
            return self.entries(episode.interview, seen)
        return self.of_episode(episode, seen)

    def sent(self, episode: Episode, kind: StepKind, seen: int) -> Logged | None:
        """Return the entry that the step was sent by: the first one counts."""
        if kind in FOLLOW_UPS:
            return self._sent_follow_ups(episode, seen).get(kind)
        missing = self._to_thank(episode.interview)
        for logged in self.of_step(episode, kind, seen):
            if logged.entry.sent is kind:
                missing -= {_folded(logged.entry.recipient)}
                if logged.entry.recipient is None or not missing:
                    return logged
        return None

    def thanked(self, episode: Episode) -> tuple[str, ...]:
        """Return the interviewers of whom it is logged, each by name, that they were thanked."""
        told = {
            _folded(e.entry.recipient)
            for e in self.entries(episode.interview, self.everything)
            if e.entry.sent is StepKind.THANK_YOU
        }
        people = self.interview(episode.interview).interviewers
        return tuple(person.name for person in people if _folded(person.name) in told)

    def _to_thank(self, interview: int) -> set[str]:
        return {_folded(person.name) for person in self.interview(interview).interviewers}

    def _sent_follow_ups(self, episode: Episode, seen: int) -> dict[StepKind, Logged]:
        sent: dict[StepKind, Logged] = {}
        days_of_firsts: list[dt.date] = []
        for logged in self.of_episode(episode, seen):
            as_kind = _read_as(logged.entry.sent, episode)
            if as_kind is None or as_kind not in FOLLOW_UPS:
                continue
            if as_kind is StepKind.FIRST:
                # Many people log "the follow-up" twice and mean the second.
                if episode.follow_ups > 1 and any(day < logged.day for day in days_of_firsts):
                    as_kind = StepKind.SECOND
                days_of_firsts.append(logged.day)
            sent.setdefault(as_kind, logged)
        return sent

    def left_out(self, episode: Episode, kind: StepKind, seen: int) -> Logged | None:
        """Return the entry by which the person skipped the step, unless it was restored."""
        return self._not_restored(episode, kind, seen, lambda entry: entry.skipped)

    def removed(self, episode: Episode, kind: StepKind, seen: int) -> Logged | None:
        """Return the entry that its event was deleted on the phone, unless it was restored."""
        return self._not_restored(episode, kind, seen, lambda entry: entry.deleted)

    def _not_restored(
        self, episode: Episode, kind: StepKind, seen: int, named: Callable[[Entry], StepKind | None]
    ) -> Logged | None:
        found: Logged | None = None
        for logged in self.of_step(episode, kind, seen):
            if _read_as(logged.entry.restored, episode) is kind:
                found = None
            if found is None and _read_as(named(logged.entry), episode) is kind:
                found = logged
        return found

    def generation(self, episode: Episode, kind: StepKind) -> int:
        """Return how often the step was restored."""
        entries = self.of_step(episode, kind, self.everything)
        return sum(1 for e in entries if _read_as(e.entry.restored, episode) is kind)

    def last_move(self, episode: Episode, kind: StepKind, seen: int) -> Logged | None:
        """Return the last move of the step that no rescheduled interview has voided."""
        last: Logged | None = None
        for logged in self.entries(episode.interview, seen):
            if logged.entry.rescheduled:
                last = None
            if _read_as(logged.entry.moved, episode) is kind and (
                kind in ONCE or self.history.numbers[logged.order] == episode.number
            ):
                last = logged
        return last

    def decision_day(self, episode: Episode, seen: int) -> dt.date | None:
        """Return the date that they named: in this or an earlier episode, else earlier rounds."""
        named = self._named(episode.interview, seen, last_episode=episode.number)
        earlier = reversed(range(episode.interview))
        while named is None and (number := next(earlier, None)) is not None:
            named = self._named(number, seen, last_episode=None)
        return named

    def _named(self, interview: int, seen: int, *, last_episode: int | None) -> dt.date | None:
        named = self.interview(interview).decision_by
        for logged in self.entries(interview, seen):
            entry = logged.entry
            # The date on a rejection is not one to wait for.
            if entry.decision_by is None or entry.heard == "rejected":
                continue
            if last_episode is None or self.history.numbers[logged.order] <= last_episode:
                named = entry.decision_by
        return named

    def away_until(self, episode: Episode, seen: int) -> dt.date | None:
        """Return until when they said they are away, the last that was logged in the episode."""
        away = [e.entry.away_until for e in self.of_episode(episode, seen) if e.entry.away_until]
        return away[-1] if away else None

    def will_call(self, episode: Episode, seen: int) -> bool:
        """Whether they promised in this episode to call."""
        return any(e.entry.they_will_call for e in self.of_episode(episode, seen))

    def added_day(self, episode: Episode) -> dt.date | None:
        """Return the day on which the user told of the interview; it counts in episode 0."""
        added = self.interview(episode.interview).added
        if added is None or episode.number > 0:
            return None
        if isinstance(added, dt.datetime):
            return self.day(timing.instant(added, self.zone))
        return added

    def added_at(self, interview: int) -> dt.datetime | None:
        """Return the instant at which the user told of the interview."""
        added = self.interview(interview).added
        if added is None or isinstance(added, dt.datetime):
            return added and timing.instant(added, self.zone)
        return timing.on(added, dt.time(), self.zone)


def _read_as(kind: StepKind | None, episode: Episode) -> StepKind | None:
    """Return the step that an entry means: an episode of one follow-up has no second."""
    if kind is StepKind.SECOND and episode.follow_ups == 1:
        return StepKind.FIRST
    return kind


def _folded(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()
