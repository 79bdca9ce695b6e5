"""The facts that the rules of planning ask for: the context of an episode, and the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, Application, Interview, IsWorkingDay, StepKind
from afterword.domain.people import fold_name
from afterword.domain.planning.timeline import Episode, Timeline, TimelineEntry
from afterword.domain.policy import Policy

# There is one of each per interview, so an entry about it counts in whichever episode it falls.
_ONCE_PER_INTERVIEW = (StepKind.THANK_YOU, StepKind.KEEP_IN_TOUCH)


class StepLog(NamedTuple):
    """The entries that count for a step.

    `sent` is the first that logs it as sent; `skipped` and `deleted` are the
    first since it was last restored; `moved` is the last that is not voided by
    a `rescheduled` interview. `restored` is how often it was restored.
    """

    sent: TimelineEntry | None = None
    skipped: TimelineEntry | None = None
    deleted: TimelineEntry | None = None
    moved: TimelineEntry | None = None
    restored: int = 0


_EMPTY = StepLog()


@attrs.frozen(eq=False)
class EpisodeLog:
    """The log of an episode, limited to the first `seen` entries of the timeline.

    The limit exists because a sent step is judged by the entries up to its sending.
    `entries` are those that fall into the episode.
    """

    timeline: Timeline
    episode: Episode
    seen: int
    entries: list[TimelineEntry] = attrs.field(init=False)
    _by_step: dict[StepKind, list[TimelineEntry]] = attrs.field(init=False)
    _steps: dict[StepKind, StepLog] = attrs.field(factory=dict, init=False)

    @entries.default
    def _entries_of_episode(self) -> list[TimelineEntry]:
        return self.timeline.episode_entries(self.episode, self.seen)

    @_by_step.default
    def _sort_by_step(self) -> dict[StepKind, list[TimelineEntry]]:
        groups: dict[StepKind, list[TimelineEntry]] = {}
        first_sent: dt.date | None = None
        for logged in self.entries:
            kind = logged.entry.step
            if kind is None:
                continue
            if kind is StepKind.SECOND and self.episode.follow_ups == 1:
                kind = StepKind.FIRST
            if kind is StepKind.FIRST and logged.entry.sent:
                first_sent = first_sent or logged.day
                # Many people log "the follow-up" twice and mean the second.
                if self.episode.follow_ups > 1 and first_sent < logged.day:
                    kind = StepKind.SECOND
            groups.setdefault(kind, []).append(logged)
        return groups

    def of_step(self, kind: StepKind) -> StepLog:
        """Return the entries that count for a step of the episode."""
        if kind not in self._steps:  # each rule asks for the same few steps again
            about = self._entries_about(kind)
            self._steps[kind] = _step_log(self, kind, about) if about else _EMPTY
        return self._steps[kind]

    def _entries_about(self, kind: StepKind) -> list[TimelineEntry]:
        if kind in _ONCE_PER_INTERVIEW:
            return self.timeline.entries_about(self.episode.interview, kind, self.seen)
        return self._by_step.get(kind, [])

    def thanked_interviewers(self) -> tuple[str, ...]:
        """Return the names of the interviewers who were thanked individually."""
        thanked = {
            fold_name(logged.entry.recipient or "")
            for logged in self._entries_about(StepKind.THANK_YOU)
            if logged.entry.sent
        }
        if not thanked:
            return ()
        panel = self.timeline.interviews[self.episode.interview].interviewers
        return tuple(person.name for person in panel if fold_name(person.name) in thanked)

    def decision_day(self) -> dt.date | None:
        """Return the date that the employer named last (D of the rules).

        It is looked for in this and the earlier episodes of the interview, else
        in the nearest earlier interview that has one.
        """
        day = self._named_day(self.episode.interview, last_episode=self.episode.number)
        earlier = reversed(range(self.episode.interview))
        days = (self._named_day(number, last_episode=None) for number in earlier)
        return day or next(filter(None, days), None)

    def _named_day(self, interview: int, *, last_episode: int | None) -> dt.date | None:
        for logged in reversed(self.timeline.decisions(interview, self.seen)):
            number = self.timeline.episode_numbers[logged.order]
            if last_episode is None or number <= last_episode:
                return logged.entry.decision_by
        return self.timeline.interviews[interview].decision_by

    def away_until(self) -> dt.date | None:
        """Return the day until which the employer is away, as logged last in the episode."""
        days = (logged.entry.away_until for logged in reversed(self.entries))
        return next(filter(None, days), None)

    def promised_to_call(self) -> bool:
        """Return True if the employer promised in this episode to call."""
        return any(logged.entry.they_will_call for logged in self.entries)


def _step_log(log: EpisodeLog, kind: StepKind, about: Iterable[TimelineEntry]) -> StepLog:
    skipped = deleted = moved = None
    restored = 0
    for logged in about:
        entry = logged.entry
        if entry.restored:
            skipped = deleted = None
            restored += 1
        if skipped is None and entry.skipped:
            skipped = logged
        if deleted is None and entry.deleted:
            deleted = logged
        if entry.moved:
            moved = logged
    interview, seen = log.episode.interview, log.seen
    if moved and log.timeline.is_rescheduled(interview, after=moved.order, seen=seen):
        moved = None
    return StepLog(
        sent=_sent(log, kind, about),
        skipped=skipped,
        deleted=deleted,
        moved=moved,
        restored=restored,
    )


def _sent(log: EpisodeLog, kind: StepKind, about: Iterable[TimelineEntry]) -> TimelineEntry | None:
    """Return the entry that completes a step: for thanks by name, that of the last interviewer."""
    sent = [logged for logged in about if logged.entry.sent]
    if not sent or kind in FOLLOW_UPS:
        return sent[0] if sent else None
    panel = log.timeline.interviews[log.episode.interview].interviewers
    missing = {fold_name(person.name) for person in panel}
    for logged in sent:
        missing -= {fold_name(logged.entry.recipient or "")}
        if logged.entry.recipient is None or not missing:
            return logged
    return None


@attrs.frozen(kw_only=True, eq=False)
class PlanningContext:
    """An application with all that its dates depend on.

    `zone` is the user's. `now`, and `today` at the employer's, decide the states of steps and
    nothing else.
    """

    application: Application
    timeline: Timeline
    policy: Policy
    zone: ZoneInfo
    is_working_day: IsWorkingDay
    now: dt.datetime
    today: dt.date

    def view(self, episode: Episode) -> EpisodeView:
        """Return an episode with the whole log."""
        return EpisodeView(self.timeline, episode, len(self.timeline.log), self)

    def employer_day(self, moment: dt.datetime) -> dt.date:
        """Return the employer's day of an instant."""
        return datemath.day_of(moment, self.timeline.employer_zone)

    def roll(self, day: dt.date) -> dt.date:
        """Return the day or the next working day of the employer."""
        return datemath.next_business_day(day, self.is_working_day)

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """Return the employer's `count`-th working day strictly after a day."""
        return datemath.working_day_after(day, count, self.is_working_day)

    def next_waking_moment(self, moment: dt.datetime) -> dt.datetime:
        """Return the first instant at or after the moment in the user's waking hours."""
        return datemath.next_within_hours(moment, self.policy.waking, self.zone)

    def added_at(self, interview: Interview) -> dt.datetime | None:
        """Return the instant at which the user added an interview, if recorded."""
        added = interview.added
        if added is None or isinstance(added, dt.datetime):
            return added and datemath.to_utc(added, self.zone)
        return datemath.at_local_time(added, dt.time(), self.zone)


@attrs.frozen(eq=False)
class EpisodeView(EpisodeLog):
    """An episode as the rules judge it: by the first `seen` entries of the log."""

    context: PlanningContext
    _earlier: dict[int, EpisodeView] = attrs.field(factory=dict, init=False)

    def up_to(self, entry: TimelineEntry | None) -> EpisodeView:
        """Return the episode with the log up to and including an entry; unchanged for None.

        Asked for again it is the same value, which keeps what was found out from it.
        """
        if entry is None:
            return self
        seen = entry.order + 1
        if seen not in self._earlier:
            self._earlier[seen] = EpisodeView(self.timeline, self.episode, seen, self.context)
        return self._earlier[seen]

    def at_sending(self, kind: StepKind) -> EpisodeView:
        """Return the episode with the log that counts for a step: all, or up to its sending."""
        return self.up_to(self.of_step(kind).sent)

    @property
    def interview(self) -> Interview:
        """The interview that the episode follows."""
        return self.timeline.interviews[self.episode.interview]

    def added_day(self) -> dt.date | None:
        """Return the day on which the user added the interview; it counts in episode 0 only."""
        added = self.interview.added
        if added is None or self.episode.number > 0:
            return None
        if isinstance(added, dt.datetime):
            return self.context.employer_day(datemath.to_utc(added, self.context.zone))
        return added
