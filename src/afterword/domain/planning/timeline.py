"""The interviews and the log of an application in order of time, divided into episodes."""

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
    LogEntry,
    When,
)

_NOON = dt.time(12)


@attrs.frozen(kw_only=True, eq=False)
class TimelineEntry:
    """A log entry with `at` and `to` resolved to instants in UTC.

    `order` is its index in the log sorted by time, then by position in the
    file. `interview` is the index of its interview by start. `day` is the
    employer's day of `at`.
    """

    order: int
    at: dt.datetime
    day: dt.date
    to: dt.datetime | None
    interview: int
    entry: LogEntry


@attrs.frozen(kw_only=True, eq=False)
class Episode:
    """A stretch of silence after an interview; every episode but number 0 begins at an answer."""

    interview: int
    number: int
    anchor: dt.date
    follow_ups: int
    answer: TimelineEntry | None = None

    def has_begun_by(self, at: dt.datetime) -> bool:
        """Return True if the episode began at or before the instant."""
        return self.answer is None or self.answer.at <= at


@attrs.frozen(kw_only=True, eq=False)
class Timeline:
    """Interviews by start, log entries by time, episodes by interview.

    `answers` are the entries with an answer of the employer. `episode_numbers`
    has, for each entry of the log, the number of the episode that it falls into.
    """

    interviews: tuple[Interview, ...]
    log: tuple[TimelineEntry, ...]
    answers: tuple[TimelineEntry, ...]
    episodes: tuple[tuple[Episode, ...], ...]
    episode_numbers: tuple[int, ...]

    def entries(self, interview: int, seen: int) -> list[TimelineEntry]:
        """Return those of the first `seen` entries that belong to the interview."""
        return [e for e in self.log[:seen] if e.interview == interview] if self.log else []

    def episode_entries(self, episode: Episode, seen: int) -> list[TimelineEntry]:
        """Return those of the first `seen` entries that fall into the episode."""
        entries = self.entries(episode.interview, seen)
        return [e for e in entries if self.episode_numbers[e.order] == episode.number]

    def concerns(self, answer: TimelineEntry, interview: int) -> bool:
        """Return True if the interview had started when the answer came."""
        return self.interviews[interview].start <= answer.at

    def closing_entry(self, *, after: int = -1) -> TimelineEntry | None:
        """Return the last `closed` entry that follows entry `after`, None if reopened since."""
        closing: TimelineEntry | None = None
        for logged in self.log:
            if logged.entry.reopened:
                closing = None
            if logged.entry.closed and logged.order > after:
                closing = logged
        return closing


def employer_zone(application: Application, zone: ZoneInfo) -> ZoneInfo:
    """Return the zone in which the employer's days are counted.

    It is the application's, else the latest interview's, else the user's (`zone`).
    """
    if application.zone or not application.interviews:
        return application.zone or zone
    latest = max(
        enumerate(application.interviews),
        key=lambda pair: (pair[1].start.astimezone(dt.UTC), pair[0]),
    )
    return latest[1].zone or zone


def interviews_by_start(application: Application) -> tuple[Interview, ...]:
    """Return the interviews sorted by start, with their times in UTC."""
    in_utc = [
        attrs.evolve(i, start=i.start.astimezone(dt.UTC), end=i.end.astimezone(dt.UTC))
        for i in application.interviews
    ]
    return tuple(sorted(in_utc, key=lambda i: i.start))


def to_instant(when: When, interviews: tuple[Interview, ...], zone: ZoneInfo) -> dt.datetime:
    """Return the instant of an entry's `at` or `to`, in UTC.

    A time without offset is in the user's zone. A date is noon of that day in
    the user's zone, or the end of an interview that ends later that day.
    """
    if isinstance(when, dt.datetime):
        return datemath.to_utc(when, zone)
    ends = [i.end for i in interviews if datemath.day_of(i.end, zone) == when]
    return max([datemath.at_local_time(when, _NOON, zone), *ends])


def build_timeline(
    application: Application, *, zone: ZoneInfo, employer_zone: ZoneInfo
) -> Timeline:
    """Return the timeline of an application; it is empty without interviews.

    `zone` is the user's.
    """
    interviews = interviews_by_start(application)
    if not interviews:
        return Timeline(interviews=(), log=(), answers=(), episodes=(), episode_numbers=())
    timed = [(to_instant(e.at, interviews, zone), e) for e in application.log]
    timed.sort(key=lambda pair: pair[0])
    log = tuple(
        TimelineEntry(
            order=order,
            at=at,
            day=datemath.day_of(at, employer_zone),
            to=None if entry.to is None else to_instant(entry.to, interviews, zone),
            interview=_interview_index(entry, at, interviews),
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
        episode_numbers=tuple(_episode_number(e, episodes[e.interview]) for e in log),
    )


def _interview_index(entry: LogEntry, at: dt.datetime, interviews: tuple[Interview, ...]) -> int:
    """Return the index of the interview that an entry belongs to.

    It is the named interview, else the latest not cancelled one that had
    started by `at`, so that a round added later never attracts old entries.
    An answer belongs to the latest started one, whichever it names.
    """
    active = [n for n, i in enumerate(interviews) if i.status is not InterviewStatus.CANCELLED]
    started = [n for n in active if interviews[n].start <= at]
    named = [n for n, i in enumerate(interviews) if i.id == entry.interview]
    if entry.heard and started:
        return started[-1]
    if named:
        return named[0]
    if started:
        return started[-1]
    return active[0] if active else 0


def _episode_number(logged: TimelineEntry, episodes: tuple[Episode, ...]) -> int:
    """Return the number of the episode that was running at the time of an entry.

    An answer belongs to the episode that it begins, also when another answer
    has the same `at`.
    """
    running = [episode for episode in episodes if episode.has_begun_by(logged.at)]
    begun_by_it = [episode for episode in running if episode.answer is logged]
    return (begun_by_it or running)[-1].number


def _episodes(
    interviews: tuple[Interview, ...], log: tuple[TimelineEntry, ...], zone: ZoneInfo
) -> tuple[tuple[Episode, ...], ...]:
    episodes = [
        [Episode(interview=n, number=0, anchor=datemath.day_of(i.end, zone), follow_ups=2)]
        for n, i in enumerate(interviews)
    ]
    rejected = [False] * len(interviews)
    had_neutral = [False] * len(interviews)
    for logged in log:
        answer, index = logged.entry.heard, logged.interview
        if answer is None:
            continue
        first_neutral = answer is Answer.NEUTRAL and not had_neutral[index]
        had_neutral[index] |= answer is Answer.NEUTRAL
        if _begins_episode(answer, logged, interviews[index], after_rejection=rejected[index]):
            episodes[index].append(
                Episode(
                    interview=index,
                    number=len(episodes[index]),
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
