"""The arguments of the planning rules: an application and an episode of it."""

from __future__ import annotations

import datetime as dt
import functools
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import Application, Interview, IsWorkingDay
from afterword.domain.planning.log_query import EpisodeLog
from afterword.domain.planning.timeline import Episode, Timeline, TimelineEntry
from afterword.domain.policy import Policy


@attrs.frozen(kw_only=True, eq=False)
class PlanningContext:
    """An application with all that its dates depend on.

    `zone` is the user's; the employer's days are counted in `employer_zone`.
    """

    application: Application
    timeline: Timeline
    policy: Policy
    zone: ZoneInfo
    employer_zone: ZoneInfo
    is_working_day: IsWorkingDay

    def view(self, episode: Episode) -> EpisodeView:
        """Return an episode with the whole log."""
        return EpisodeView(self, episode, len(self.timeline.log))

    def interview(self, index: int) -> Interview:
        """Return an interview by its index in the order of start."""
        return self.timeline.interviews[index]

    def employer_day(self, moment: dt.datetime) -> dt.date:
        """Return the employer's day of an instant."""
        return datemath.day_of(moment, self.employer_zone)

    def roll(self, day: dt.date) -> dt.date:
        """Return the day or the next working day of the employer."""
        return datemath.next_business_day(day, self.is_working_day)

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """Return the employer's `count`-th working day strictly after a day."""
        return datemath.working_day_after(day, count, self.is_working_day)

    def added_at(self, interview: int) -> dt.datetime | None:
        """Return the instant at which the user added the interview, if recorded."""
        added = self.interview(interview).added
        if added is None or isinstance(added, dt.datetime):
            return added and datemath.to_utc(added, self.zone)
        return datemath.at_local_time(added, dt.time(), self.zone)


@attrs.frozen(eq=False)
class EpisodeView:
    """An episode as the rules judge it: by the first `seen` entries of the log."""

    context: PlanningContext
    episode: Episode
    seen: int
    _earlier: dict[int, EpisodeView] = attrs.field(factory=dict, init=False)

    def up_to(self, entry: TimelineEntry | None) -> EpisodeView:
        """Return the episode with the log up to and including an entry; unchanged for None.

        Asked for again it is the same value, which keeps what was found out from it.
        """
        if entry is None:
            return self
        seen = entry.order + 1
        if seen not in self._earlier:
            self._earlier[seen] = EpisodeView(self.context, self.episode, seen)
        return self._earlier[seen]

    @functools.cached_property
    def log(self) -> EpisodeLog:
        """The log of the episode."""
        return EpisodeLog(self.context.timeline, self.episode, self.seen)

    @property
    def interview(self) -> Interview:
        """The interview that the episode follows."""
        return self.context.interview(self.episode.interview)

    def added_day(self) -> dt.date | None:
        """Return the day on which the user added the interview; it counts in episode 0 only."""
        added = self.interview.added
        if added is None or self.episode.number > 0:
            return None
        if isinstance(added, dt.datetime):
            return self.context.employer_day(datemath.to_utc(added, self.context.zone))
        return added
