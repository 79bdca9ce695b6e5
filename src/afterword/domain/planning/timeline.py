"""The log read in order: which interview and episode each entry is about.

An entry belongs to the interview that it names, else to the latest one not
cancelled that had started by then, so that a round added later never draws old
entries to it. An answer belongs to the latest started one, whichever it names.

One application's facts with all that its dates depend on.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import (
    Answer,
    Application,
    Interview,
    InterviewStatus,
    IsWorkingDay,
    LogEntry,
    When,
)
from afterword.domain.policy import Policy

_NOON = dt.time(12)


@attrs.frozen(kw_only=True, eq=False)
class TimelineEntry:
    """An entry of the log, with `at` and `to` as instants.

    `order` is its place in the log by time, then by file; `interview` the
    place of its interview by start; `day` the employer's day.
    """

    order: int
    at: dt.datetime
    day: dt.date
    to: dt.datetime | None
    interview: int
    entry: LogEntry


@attrs.frozen(kw_only=True, eq=False)
class Episode:
    """A stretch of silence of one interview, begun by `answer` unless number 0."""

    interview: int
    number: int
    anchor: dt.date
    follow_ups: int
    answer: TimelineEntry | None = None

    def running_at(self, at: dt.datetime) -> bool:
        """Whether it had begun by then."""
        return self.answer is None or self.answer.at <= at


@attrs.frozen(kw_only=True, eq=False)
class Timeline:
    """The facts in order: interviews by start, the log by time, episodes by interview.

    `answers` are the entries that say what was heard; `numbers` has the number
    of the episode that each entry of the log falls into.
    """

    interviews: tuple[Interview, ...]
    log: tuple[TimelineEntry, ...]
    answers: tuple[TimelineEntry, ...]
    episodes: tuple[tuple[Episode, ...], ...]
    numbers: tuple[int, ...]

    def entries(self, interview: int, seen: int) -> list[TimelineEntry]:
        """Return the first `seen` entries as far as they belong to the interview."""
        return [e for e in self.log[:seen] if e.interview == interview] if self.log else []

    def of_episode(self, episode: Episode, seen: int) -> list[TimelineEntry]:
        """Return the first `seen` entries as far as they fall into the episode."""
        entries = self.entries(episode.interview, seen)
        return [e for e in entries if self.numbers[e.order] == episode.number]

    def concerns(self, answer: TimelineEntry, interview: int) -> bool:
        """Whether the interview had started when the answer came."""
        return self.interviews[interview].start <= answer.at


def to_instant(when: When, interviews: tuple[Interview, ...], zone: ZoneInfo) -> dt.datetime:
    """Return the instant of an entry's `at` or `to`.

    A local time is the user's. A date is noon of that day, the user's, or the
    end of an interview that ends later that day.
    """
    if isinstance(when, dt.datetime):
        return datemath.to_utc(when, zone)
    ends = [i.end for i in interviews if datemath.day_of(i.end, zone) == when]
    return max([datemath.at_local_time(when, _NOON, zone), *ends])


def build_timeline(
    application: Application, *, zone: ZoneInfo, employer_zone: ZoneInfo
) -> Timeline:
    """Return the facts of an application in order.

    `zone` is the user's. An application without interviews has no history.
    """
    interviews = interviews_by_start(application)
    if not interviews:
        return Timeline(interviews=(), log=(), answers=(), episodes=(), numbers=())
    timed = [(to_instant(e.at, interviews, zone), e) for e in application.log]
    timed.sort(key=lambda pair: pair[0])
    log = tuple(
        TimelineEntry(
            order=order,
            at=at,
            day=datemath.day_of(at, employer_zone),
            to=None if entry.to is None else to_instant(entry.to, interviews, zone),
            interview=_interview_of(entry, at, interviews),
            entry=entry,
        )
        for order, (at, entry) in enumerate(timed)
    )
    episodes = _episodes(interviews, log, employer_zone)
    return Timeline(
        interviews=interviews,
        log=log,
        answers=tuple(logged for logged in log if logged.entry.heard),
        episodes=episodes,
        numbers=tuple(_episode_number(logged, episodes[logged.interview]) for logged in log),
    )


def _episode_number(logged: TimelineEntry, episodes: tuple[Episode, ...]) -> int:
    """Return the number of the episode that was running at the entry's time.

    An answer is in the episode that it begins, whatever else came at that instant.
    """
    running = [episode for episode in episodes if episode.running_at(logged.at)]
    own = [episode for episode in running if episode.answer is logged]
    return (own or running)[-1].number


def interviews_by_start(application: Application) -> tuple[Interview, ...]:
    """Return the interviews by start, with their times in UTC."""
    in_utc = [
        attrs.evolve(i, start=i.start.astimezone(dt.UTC), end=i.end.astimezone(dt.UTC))
        for i in application.interviews
    ]
    return tuple(sorted(in_utc, key=lambda i: i.start))


def employer_zone(application: Application, zone: ZoneInfo) -> ZoneInfo:
    """Return the zone that counts the days: stated, the latest interview's, or the user's."""
    if application.zone or not application.interviews:
        return application.zone or zone
    latest = max(
        enumerate(application.interviews),
        key=lambda pair: (pair[1].start.astimezone(dt.UTC), pair[0]),
    )
    return latest[1].zone or zone


def _interview_of(entry: LogEntry, at: dt.datetime, interviews: tuple[Interview, ...]) -> int:
    standing = [n for n, i in enumerate(interviews) if i.status is not InterviewStatus.CANCELLED]
    started = [n for n in standing if interviews[n].start <= at]
    named = [n for n, i in enumerate(interviews) if i.id == entry.interview]
    if entry.heard and started:
        return started[-1]
    if named:
        return named[0]
    if started:
        return started[-1]
    return standing[0] if standing else 0


def _episodes(
    interviews: tuple[Interview, ...], log: tuple[TimelineEntry, ...], zone: ZoneInfo
) -> tuple[tuple[Episode, ...], ...]:
    episodes = [
        [Episode(interview=n, number=0, anchor=datemath.day_of(i.end, zone), follow_ups=2)]
        for n, i in enumerate(interviews)
    ]
    rejected = [False] * len(interviews)
    neutral_heard = [False] * len(interviews)
    for logged in log:
        answer, own = logged.entry.heard, logged.interview
        if answer is None:
            continue
        first_neutral = answer is Answer.NEUTRAL and not neutral_heard[own]
        neutral_heard[own] |= answer is Answer.NEUTRAL
        if _begins_episode(answer, logged, interviews[own], after_rejection=rejected[own]):
            episodes[own].append(
                Episode(
                    interview=own,
                    number=len(episodes[own]),
                    anchor=logged.day,
                    follow_ups=2 if first_neutral else 1,
                    answer=logged,
                )
            )
        if answer is not Answer.NEUTRAL:
            for n, interview in enumerate(interviews):
                if interview.start <= logged.at:
                    rejected[n] = answer is Answer.REJECTED
    return tuple(tuple(of_interview) for of_interview in episodes)


def _begins_episode(
    answer: Answer, logged: TimelineEntry, interview: Interview, *, after_rejection: bool
) -> bool:
    if interview.start > logged.at or answer is Answer.REJECTED:
        return False
    return answer is Answer.POSITIVE or not after_rejection


@attrs.frozen(kw_only=True, eq=False)
class PlanningContext:
    """The facts of one application; `zone` is the user's, `employer_zone` counts the days."""

    application: Application
    history: Timeline
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
        return datemath.day_of(moment, self.employer_zone)

    def roll(self, day: dt.date) -> dt.date:
        """Return the day or the employer's next working day."""
        return datemath.next_business_day(day, self.is_working_day)

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """Return the employer's `count`-th working day after a day."""
        return datemath.working_day_after(day, count, self.is_working_day)

    def added_day(self, episode: Episode) -> dt.date | None:
        """Return the day on which the user told of the interview; it counts in episode 0."""
        added = self.interview(episode.interview).added
        if added is None or episode.number > 0:
            return None
        if isinstance(added, dt.datetime):
            return self.day(datemath.to_utc(added, self.zone))
        return added

    def added_at(self, interview: int) -> dt.datetime | None:
        """Return the instant at which the user told of the interview."""
        added = self.interview(interview).added
        if added is None or isinstance(added, dt.datetime):
            return added and datemath.to_utc(added, self.zone)
        return datemath.at_local_time(added, dt.time(), self.zone)
