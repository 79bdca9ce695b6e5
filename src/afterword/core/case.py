"""One application's facts with all that its dates depend on."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs

from afterword.core import timing
from afterword.core.history import Episode, History
from afterword.core.model import Application, Interview, IsWorkingDay
from afterword.core.policy import Policy


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
