"""What the log says: of one step, and of when they decide, are back, or will call.

Whatever is asked says how much of the log counts: `seen` is the number of
entries, in the order of time, that were known at that point. A step that was
sent is judged by what was known when it was sent.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable

import attrs

from afterword.domain.model import FOLLOW_UPS, Answer, StepKind
from afterword.domain.planning.timeline import Episode, Timeline, TimelineEntry

# One of each an interview, so that an entry about it counts in whichever episode it falls.
_ONCE = (StepKind.THANK_YOU, StepKind.KEEP_IN_TOUCH)


@attrs.frozen(kw_only=True)
class StepLog:
    """The entries that count for a step.

    It was `sent` by the first; `skipped` by the person, or its event `deleted`
    on the phone, by the first since it was last restored; `moved` by the last
    that no rescheduled interview has voided. `restored` counts how often.
    """

    sent: TimelineEntry | None = None
    skipped: TimelineEntry | None = None
    deleted: TimelineEntry | None = None
    moved: TimelineEntry | None = None
    restored: int = 0


_EMPTY = StepLog()


# A plan asks for it again and again.
@functools.lru_cache(maxsize=64)
def step_log(history: Timeline, episode: Episode, kind: StepKind, seen: int) -> StepLog:
    """Return what the first `seen` entries of the log say of a step of an episode."""
    if not seen:
        return _EMPTY
    entries = history.entries(episode.interview, seen)
    about = entries if kind in _ONCE else history.of_episode(episode, seen)
    skipped = deleted = moved = None
    restored = 0
    for logged in about:
        entry = logged.entry
        if _read_as(entry.restored, episode) is kind:
            skipped = deleted = None
            restored += 1
        if skipped is None and _read_as(entry.skipped, episode) is kind:
            skipped = logged
        if deleted is None and _read_as(entry.deleted, episode) is kind:
            deleted = logged
        if _read_as(entry.moved, episode) is kind:
            moved = logged
    if moved and any(e.entry.rescheduled and e.order > moved.order for e in entries):
        moved = None
    return StepLog(
        sent=_sent(history, episode, kind, about),
        skipped=skipped,
        deleted=deleted,
        moved=moved,
        restored=restored,
    )


def _sent(
    history: Timeline, episode: Episode, kind: StepKind, about: Iterable[TimelineEntry]
) -> TimelineEntry | None:
    if kind in FOLLOW_UPS:
        return _sent_follow_ups(episode, about).get(kind)
    missing = {
        _folded(person.name) for person in history.interviews[episode.interview].interviewers
    }
    for logged in about:
        if logged.entry.sent is kind:
            missing -= {_folded(logged.entry.recipient)}
            if logged.entry.recipient is None or not missing:
                return logged
    return None


def _sent_follow_ups(
    episode: Episode, about: Iterable[TimelineEntry]
) -> dict[StepKind, TimelineEntry]:
    sent: dict[StepKind, TimelineEntry] = {}
    days_of_firsts: list[dt.date] = []
    for logged in about:
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


def thanked_interviewers(history: Timeline, episode: Episode) -> tuple[str, ...]:
    """Return the interviewers of whom it is logged, each by name, that they were thanked."""
    told = {
        _folded(e.entry.recipient)
        for e in history.entries(episode.interview, len(history.log))
        if e.entry.sent is StepKind.THANK_YOU
    }
    people = history.interviews[episode.interview].interviewers
    return tuple(person.name for person in people if told and _folded(person.name) in told)


def decision_day(history: Timeline, episode: Episode, seen: int) -> dt.date | None:
    """Return the date that they named: in this or an earlier episode, else earlier rounds."""
    named = _named(history, episode.interview, seen, last_episode=episode.number)
    earlier = reversed(range(episode.interview))
    while named is None and (number := next(earlier, None)) is not None:
        named = _named(history, number, seen, last_episode=None)
    return named


def _named(
    history: Timeline, interview: int, seen: int, *, last_episode: int | None
) -> dt.date | None:
    named = history.interviews[interview].decision_by
    for logged in history.entries(interview, seen):
        entry = logged.entry
        # The date on a rejection is not one to wait for.
        if entry.decision_by is None or entry.heard is Answer.REJECTED:
            continue
        if last_episode is None or history.numbers[logged.order] <= last_episode:
            named = entry.decision_by
    return named


def away_until(history: Timeline, episode: Episode, seen: int) -> dt.date | None:
    """Return until when they said they are away, the last that was logged in the episode."""
    told = (logged.entry.away_until for logged in reversed(history.of_episode(episode, seen)))
    return next(filter(None, told), None)


def promised_to_call(history: Timeline, episode: Episode, seen: int) -> bool:
    """Whether they promised in this episode to call."""
    return any(logged.entry.they_will_call for logged in history.of_episode(episode, seen))


def _read_as(kind: StepKind | None, episode: Episode) -> StepKind | None:
    """Return the step that an entry means: an episode of one follow-up has no second."""
    if kind is StepKind.SECOND and episode.follow_ups == 1:
        return StepKind.FIRST
    return kind


def _folded(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()
