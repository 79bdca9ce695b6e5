"""Why a step is no longer to be done: an answer, a later round, a close, a choice.

Each function returns the sentence that says so, or None where the step stands.
A step that was sent is done whatever holds here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from afterword.domain.model import FOLLOW_UPS, InterviewStatus, StepKind
from afterword.domain.planning.log_query import step_log
from afterword.domain.planning.plan import TranslatableText, UserChoice
from afterword.domain.planning.timeline import Episode, PlanningContext, TimelineEntry

_RETIRED_BY_A_ROUND = (*FOLLOW_UPS, StepKind.MOVE_ON)


def why_step_withdrawn(
    case: PlanningContext, episode: Episode, kind: StepKind
) -> TranslatableText | None:
    """Return why a step of an episode is withdrawn."""
    chosen = _chosen(case, episode, kind)
    if chosen:
        return chosen
    begun = -1 if episode.answer is None or kind is StepKind.THANK_YOU else episode.answer.order
    answered = _answered(case, episode, after=begun)
    if answered:
        return answered
    if (
        kind is StepKind.FIRST
        and step_log(case.history, episode, StepKind.SECOND, case.everything).sent
    ):
        return TranslatableText(text="the second was sent without it")
    return (
        _cancelled(case, episode.interview)
        or (_later_round(case, episode.interview) if kind in _RETIRED_BY_A_ROUND else None)
        or _closed(case)
    )


def why_keep_in_touch_withdrawn(
    case: PlanningContext, episode: Episode, chosen: TimelineEntry
) -> TranslatableText | None:
    """Return why the quiet step is withdrawn; answers and closes before it do not count."""
    return (
        _chosen(case, episode, StepKind.KEEP_IN_TOUCH)
        or _answered(case, episode, after=chosen.order)
        or _cancelled(case, episode.interview)
        or _closed(case, after=chosen.order)
    )


def why_reply_withdrawn(
    case: PlanningContext, answer: TimelineEntry, about: Iterable[TimelineEntry]
) -> TranslatableText | None:
    """Return why the reply to an answer is withdrawn; `about` are the entries about it."""
    chosen: TranslatableText | None = None
    for logged in about:
        if logged.entry.restored:
            chosen = None
        elif logged.entry.skipped:
            chosen = _skipped(logged)
        elif logged.entry.deleted:
            chosen = _deleted(logged)
    if chosen:
        return chosen
    later = next((a for a in case.history.answers if a.order > answer.order), None)
    if later:
        return TranslatableText(text="they answered again on {date}", facts={"date": later.day})
    return _closed(case)


def reply_entries(case: PlanningContext, answer: TimelineEntry) -> list[TimelineEntry]:
    """Return the entries about the reply to an answer.

    They are about the latest answer at or before them, of the interview that
    they name, else of the application.
    """
    return [e for e in case.history.log if _means_reply(e) and _answer_of(case, e) == answer]


def last_move(
    case: PlanningContext, answer: TimelineEntry, about: Sequence[TimelineEntry]
) -> TimelineEntry | None:
    """Return the last move of a reply that no later rescheduling of the interview voids.

    `about` are the entries about the reply that count for it.
    """
    moves = [e for e in about if e.entry.moved is StepKind.REPLY]
    if not moves:
        return None
    sent = any(e.entry.sent is StepKind.REPLY for e in about)
    seen = about[-1].order + 1 if sent else case.everything
    since = (e for e in case.history.entries(answer.interview, seen) if e.order > moves[-1].order)
    return None if any(e.entry.rescheduled for e in since) else moves[-1]


def _means_reply(logged: TimelineEntry) -> bool:
    entry = logged.entry
    named = {entry.sent, entry.skipped, entry.deleted, entry.moved, entry.restored}
    return StepKind.REPLY in named


def _answer_of(case: PlanningContext, logged: TimelineEntry) -> TimelineEntry | None:
    named = logged.entry.interview
    answers = [
        a
        for a in case.history.answers
        if a.at <= logged.at and (named is None or case.interview(a.interview).id == named)
    ]
    return answers[-1] if answers else None


def _chosen(case: PlanningContext, episode: Episode, kind: StepKind) -> TranslatableText | None:
    log = step_log(case.history, episode, kind, case.everything)
    if log.skipped:
        return _skipped(log.skipped)
    return _deleted(log.deleted) if log.deleted else None


def _skipped(logged: TimelineEntry) -> TranslatableText:
    text = "you skipped it on {date}"
    return TranslatableText(text=text, facts={"date": logged.day}, choice=UserChoice.SKIPPED)


def _deleted(logged: TimelineEntry) -> TranslatableText:
    text = "you deleted its event by {date}"
    return TranslatableText(text=text, facts={"date": logged.day}, choice=UserChoice.DELETED)


def _answered(case: PlanningContext, episode: Episode, *, after: int) -> TranslatableText | None:
    for answer in case.history.answers:
        if answer.order > after and case.history.concerns(answer, episode.interview):
            return TranslatableText(text="they answered on {date}", facts={"date": answer.day})
    return None


def _cancelled(case: PlanningContext, interview: int) -> TranslatableText | None:
    if case.interview(interview).status is InterviewStatus.CANCELLED:
        return TranslatableText(text="the interview was cancelled")
    return None


def _later_round(case: PlanningContext, interview: int) -> TranslatableText | None:
    for later in case.history.interviews[interview + 1 :]:
        if later.status is not InterviewStatus.CANCELLED:
            day = case.day(later.start)
            return TranslatableText(text="the next interview is on {date}", facts={"date": day})
    return None


def _closed(case: PlanningContext, *, after: int = -1) -> TranslatableText | None:
    """Return the phrase for an application closed after an entry and not opened again."""
    closing: TimelineEntry | None = None
    for logged in case.history.log:
        if logged.entry.reopened:
            closing = None
        if logged.entry.closed and logged.order > after:
            closing = logged
    if closing:
        return TranslatableText(
            text="you closed the application on {date}", facts={"date": closing.day}
        )
    return None
