"""One application's facts with all that its dates depend on, and questions about its log.

Whatever asks about the log says how much of it counts: `seen` is the number of
entries, in the order of time, that were known at that point. A step that was
sent is judged by what was known when it was sent.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs

from afterword.core import timing
from afterword.core.history import Episode, History, Logged
from afterword.core.model import Application, Interview, IsWorkingDay, Policy, StepKind

FOLLOW_UPS = (StepKind.FIRST, StepKind.SECOND)


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
