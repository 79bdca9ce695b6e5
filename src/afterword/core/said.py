"""What the log says of one step, read in one pass, because a plan asks for it again and again."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable

import attrs

from afterword.core.case import FOLLOW_UPS, Case
from afterword.core.history import Episode, Logged
from afterword.core.model import StepKind

# One of each an interview, so that an entry about it counts in whichever episode it falls.
_ONCE = (StepKind.THANK_YOU, StepKind.KEEP_IN_TOUCH)


@attrs.frozen(kw_only=True)
class Said:
    """The entries that count for a step.

    It was `sent` by the first; `skipped` by the person, or its event `deleted`
    on the phone, by the first since it was last restored; `moved` by the last
    that no rescheduled interview has voided. `restored` counts how often.
    """

    sent: Logged | None = None
    skipped: Logged | None = None
    deleted: Logged | None = None
    moved: Logged | None = None
    restored: int = 0


@functools.lru_cache(maxsize=64)
def said(case: Case, episode: Episode, kind: StepKind, seen: int) -> Said:
    """Return what the first `seen` entries of the log say of a step of an episode."""
    entries = case.entries(episode.interview, seen)
    about = entries if kind in _ONCE else case.of_episode(episode, seen)
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
    return Said(
        sent=_sent(case, episode, kind, about),
        skipped=skipped,
        deleted=deleted,
        moved=moved,
        restored=restored,
    )


def _sent(case: Case, episode: Episode, kind: StepKind, about: Iterable[Logged]) -> Logged | None:
    if kind in FOLLOW_UPS:
        return _sent_follow_ups(episode, about).get(kind)
    missing = {_folded(person.name) for person in case.interview(episode.interview).interviewers}
    for logged in about:
        if logged.entry.sent is kind:
            missing -= {_folded(logged.entry.recipient)}
            if logged.entry.recipient is None or not missing:
                return logged
    return None


def _sent_follow_ups(episode: Episode, about: Iterable[Logged]) -> dict[StepKind, Logged]:
    sent: dict[StepKind, Logged] = {}
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


def thanked(case: Case, episode: Episode) -> tuple[str, ...]:
    """Return the interviewers of whom it is logged, each by name, that they were thanked."""
    told = {
        _folded(e.entry.recipient)
        for e in case.entries(episode.interview, case.everything)
        if e.entry.sent is StepKind.THANK_YOU
    }
    people = case.interview(episode.interview).interviewers
    return tuple(person.name for person in people if told and _folded(person.name) in told)


def _read_as(kind: StepKind | None, episode: Episode) -> StepKind | None:
    """Return the step that an entry means: an episode of one follow-up has no second."""
    if kind is StepKind.SECOND and episode.follow_ups == 1:
        return StepKind.FIRST
    return kind


def _folded(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()
