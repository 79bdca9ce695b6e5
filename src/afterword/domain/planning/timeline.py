"""The interviews and the log of an application in order of time, divided into episodes."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import operator
from collections import defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import (
    Answer,
    Application,
    Interview,
    InterviewStatus,
    LogEntry,
    StepKind,
    When,
)

_NOON = dt.time(12)
_AT = operator.attrgetter("at")
_ORDER = operator.attrgetter("order")


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


@attrs.frozen(kw_only=True, eq=False)
class Timeline:
    """Interviews by start, log entries by time, episodes by interview.

    The employer's days are counted in `employer_zone`. `answers` are the entries with an answer
    of the employer. `episode_numbers` has, for each entry of the log, the number of the episode
    that it falls into.
    """

    employer_zone: ZoneInfo
    interviews: tuple[Interview, ...]
    log: tuple[TimelineEntry, ...]
    answers: tuple[TimelineEntry, ...]
    episodes: tuple[tuple[Episode, ...], ...]
    episode_numbers: tuple[int, ...]
    _index: dict[tuple[object, ...], list[TimelineEntry]] = attrs.field(init=False, repr=False)

    def entries(self, interview: int) -> list[TimelineEntry]:
        """Return the entries that belong to the interview."""
        return self._indexed(len(self.log), "interview", interview)

    def entries_about(self, interview: int, kind: StepKind, seen: int) -> list[TimelineEntry]:
        """Return those of the first `seen` entries that are about a step of the interview."""
        return self._indexed(seen, "step", interview, kind)

    def episode_entries(self, episode: Episode, seen: int) -> list[TimelineEntry]:
        """Return those of the first `seen` entries that fall into the episode."""
        return self._indexed(seen, "episode", episode.interview, episode.number)

    def is_rescheduled(self, interview: int, *, after: int, seen: int) -> bool:
        """Return True if an entry between `after` and `seen` reschedules the interview."""
        entries = self._indexed(seen, "rescheduled", interview)
        return bool(entries) and entries[-1].order > after

    def decisions(self, interview: int, seen: int) -> list[TimelineEntry]:
        """Return those of the first `seen` entries that name a date of the decision.

        A date on a rejection is not one to wait for.
        """
        return self._indexed(seen, "decision", interview)

    def keep_in_touch_entries(self) -> list[TimelineEntry]:
        """Return the entries that choose a day to keep in touch."""
        return self._indexed(len(self.log), "keep in touch")

    def reply_entries(self, answer: TimelineEntry) -> list[TimelineEntry]:
        """Return the entries about the reply to an answer.

        Such an entry is about the latest answer at or before it: of the interview that it
        names, else of the application.
        """
        return self._indexed(len(self.log), "reply", answer.order)

    def _indexed(self, seen: int, *key: object) -> list[TimelineEntry]:
        """Return those of the first `seen` entries that the index has for a key."""
        entries = self._index.get(key, [])
        if not entries or entries[-1].order < seen:
            return entries
        return entries[: bisect.bisect_left(entries, seen, key=_ORDER)]

    def answers_after(self, order: int) -> Iterator[TimelineEntry]:
        """Return the answers that follow an entry."""
        index = bisect.bisect_right(self.answers, order, key=_ORDER)
        return itertools.islice(self.answers, index, None)

    # Not cached properties: with one, attrs would give the class a `__getattr__`, with which
    # every attribute is read several times slower.
    @_index.default
    def _index_log(self) -> dict[tuple[object, ...], list[TimelineEntry]]:
        index: dict[tuple[object, ...], list[TimelineEntry]] = defaultdict(list)
        for logged, number in zip(self.log, self.episode_numbers, strict=True):
            entry, interview = logged.entry, logged.interview
            index["interview", interview].append(logged)
            index["episode", interview, number].append(logged)
            if kind := entry.step:
                index["step", interview, kind].append(logged)
            if entry.rescheduled:
                index["rescheduled", interview].append(logged)
            if entry.decision_by and entry.heard is not Answer.REJECTED:
                index["decision", interview].append(logged)
            if entry.keep_in_touch:
                index["keep in touch",].append(logged)
            if kind is StepKind.REPLY and (answer := self._answer_of(logged)):
                index["reply", answer.order].append(logged)
        return index

    def _answer_of(self, logged: TimelineEntry) -> TimelineEntry | None:
        named = logged.entry.interview
        index = bisect.bisect_right(self.answers, logged.at, key=_AT)
        for answer in reversed(self.answers[:index]):
            if named in {None, self.interviews[answer.interview].id}:
                return answer
        return None

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

    It is the application's, else that of the interview that starts last, else the user's (`zone`).
    """
    if application.zone:
        return application.zone
    latest_first = reversed(application.interviews)  # of equal starts, the last in the file
    latest = max(latest_first, key=lambda i: i.start.astimezone(dt.UTC), default=None)
    return (latest and latest.zone) or zone


def to_instant(when: When, interviews: tuple[Interview, ...], zone: ZoneInfo) -> dt.datetime:
    """Return the instant of an entry's `at` or `to`, in UTC.

    A time without offset is in the user's zone. A date is noon of that day in
    the user's zone, or the end of an interview that ends later that day.
    """
    if isinstance(when, dt.datetime):
        return datemath.to_utc(when, zone)
    ends = [i.end for i in interviews if datemath.day_of(i.end, zone) == when]
    return max([datemath.at_local_time(when, _NOON, zone), *ends])


def build_timeline(application: Application, zone: ZoneInfo) -> Timeline:
    """Return the timeline of an application; it is empty without interviews.

    `zone` is the user's.
    """
    in_utc = [
        attrs.evolve(i, start=i.start.astimezone(dt.UTC), end=i.end.astimezone(dt.UTC))
        for i in application.interviews
    ]
    interviews = tuple(sorted(in_utc, key=lambda i: i.start))
    days_zone = employer_zone(application, zone)
    timed = [(to_instant(e.at, interviews, zone), e) for e in application.log if interviews]
    timed.sort(key=lambda pair: pair[0])
    log = tuple(
        TimelineEntry(
            order=order,
            at=at,
            day=datemath.day_of(at, days_zone),
            to=None if entry.to is None else to_instant(entry.to, interviews, zone),
            interview=_interview_index(entry, at, interviews),
            entry=entry,
        )
        for order, (at, entry) in enumerate(timed)
    )
    episodes = _episodes(interviews, log, days_zone)
    return Timeline(
        employer_zone=days_zone,
        interviews=interviews,
        log=log,
        answers=tuple(logged for logged in log if logged.entry.heard),
        episodes=episodes,
        episode_numbers=_episode_numbers(log, episodes),
    )


def _interview_index(entry: LogEntry, at: dt.datetime, interviews: tuple[Interview, ...]) -> int:
    """Return the index of the interview that an entry belongs to.

    It is the named interview, else the latest not cancelled one that had
    started by `at`, so that a round added later never attracts old entries.
    An answer belongs to the latest started one, whichever it names.
    """
    active = [n for n, i in enumerate(interviews) if i.status is not InterviewStatus.CANCELLED]
    started = [n for n in active if interviews[n].start <= at]
    if entry.interview and not (entry.heard and started):
        for n, interview in enumerate(interviews):
            if interview.id == entry.interview:
                return n
    if started:
        return started[-1]
    return active[0] if active else 0


def _episode_numbers(
    log: tuple[TimelineEntry, ...], episodes: tuple[tuple[Episode, ...], ...]
) -> tuple[int, ...]:
    """Return for each entry the number of the episode that was running at its time.

    An answer belongs to the episode that it begins, also when another answer has the same `at`.
    """
    answers = [[e.answer for e in of_interview if e.answer] for of_interview in episodes]
    begun = {e.answer.order: e.number for each in episodes for e in each if e.answer}
    return tuple(
        begun[logged.order]
        if logged.order in begun
        else bisect.bisect_right(answers[logged.interview], logged.at, key=_AT)
        for logged in log
    )


def _episodes(
    interviews: tuple[Interview, ...], log: tuple[TimelineEntry, ...], zone: ZoneInfo
) -> tuple[tuple[Episode, ...], ...]:
    episodes = [
        [Episode(interview=n, number=0, anchor=datemath.day_of(i.end, zone), follow_ups=2)]
        for n, i in enumerate(interviews)
    ]
    rejected, had_neutral = set[int](), set[int]()
    for logged in log:
        answer, index = logged.entry.heard, logged.interview
        if answer is None:
            continue
        concerned = {n for n, i in enumerate(interviews) if i.start <= logged.at}
        first_neutral = answer is Answer.NEUTRAL and index not in had_neutral
        begins = answer is Answer.POSITIVE or (answer is Answer.NEUTRAL and index not in rejected)
        if begins and index in concerned:
            episodes[index].append(
                Episode(
                    interview=index,
                    number=len(episodes[index]),
                    anchor=logged.day,
                    follow_ups=2 if first_neutral else 1,
                    answer=logged,
                )
            )
        if answer is Answer.NEUTRAL:
            had_neutral.add(index)
        elif answer is Answer.REJECTED:
            rejected |= concerned
        else:
            rejected -= concerned
    return tuple(tuple(of_interview) for of_interview in episodes)
