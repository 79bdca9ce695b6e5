"""Decide why a step is withdrawn: an answer, a later round, a closed application, a choice.

Each `why_` function returns the reason to show, or None if the step stays in
the plan. They are not asked about a sent step, which is done in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from afterword.domain.model import FOLLOW_UPS, InterviewStatus, StepKind
from afterword.domain.planning.context import EpisodeView, PlanningContext
from afterword.domain.planning.plan import TranslatableText, UserChoice
from afterword.domain.planning.timeline import TimelineEntry

_WITHDRAWN_BY_LATER_ROUND = (*FOLLOW_UPS, StepKind.MOVE_ON)


def why_step_withdrawn(view: EpisodeView, kind: StepKind) -> TranslatableText | None:
    """Return why a step of an episode is withdrawn."""
    choice = _user_choice(view, kind)
    if choice:
        return choice
    answer = view.episode.answer
    begun = -1 if answer is None or kind is StepKind.THANK_YOU else answer.order
    answered = _answered(view, after=begun)
    if answered:
        return answered
    if kind is StepKind.FIRST and view.log.of_step(StepKind.SECOND).sent:
        return TranslatableText("the second follow-up was sent without it")
    return (
        _interview_cancelled(view)
        or (_later_round(view) if kind in _WITHDRAWN_BY_LATER_ROUND else None)
        or _closed(view.context)
    )


def why_keep_in_touch_withdrawn(
    view: EpisodeView, chosen: TimelineEntry
) -> TranslatableText | None:
    """Return why the keep-in-touch step is withdrawn; only entries after `chosen` count.

    No answer withdraws it, because it is the user's own choice to write on that day.
    """
    return (
        _user_choice(view, StepKind.KEEP_IN_TOUCH)
        or _interview_cancelled(view)
        or _closed(view.context, after=chosen.order)
    )


def why_reply_withdrawn(
    context: PlanningContext, answer: TimelineEntry, about: Iterable[TimelineEntry]
) -> TranslatableText | None:
    """Return why the reply to an answer is withdrawn; `about` are the entries about the reply."""
    choice: TranslatableText | None = None
    for logged in about:
        if logged.entry.restored:
            choice = None
        elif logged.entry.skipped:
            choice = _skipped(logged)
        elif logged.entry.deleted:
            choice = _deleted(logged)
    if choice:
        return choice
    later = next(iter(context.timeline.answers_after(answer.order)), None)
    if later:
        return TranslatableText("they answered again on {date}", {"date": later.day})
    return _closed(context)


def last_reply_move(
    context: PlanningContext, answer: TimelineEntry, about: Sequence[TimelineEntry]
) -> TimelineEntry | None:
    """Return the last move of a reply that is not voided by a rescheduled interview.

    `about` are the entries about the reply, up to its sending.
    """
    moves = [e for e in about if e.entry.moved is StepKind.REPLY]
    if not moves:
        return None
    timeline = context.timeline
    sent = any(e.entry.sent is StepKind.REPLY for e in about)
    seen = about[-1].order + 1 if sent else len(timeline.log)
    after = moves[-1].order
    return None if timeline.is_rescheduled(answer.interview, after=after, seen=seen) else moves[-1]


def _user_choice(view: EpisodeView, kind: StepKind) -> TranslatableText | None:
    log = view.log.of_step(kind)
    if log.skipped:
        return _skipped(log.skipped)
    return _deleted(log.deleted) if log.deleted else None


def _skipped(logged: TimelineEntry) -> TranslatableText:
    text = "you skipped it on {date}"
    return TranslatableText(text, {"date": logged.day}, choice=UserChoice.SKIPPED)


def _deleted(logged: TimelineEntry) -> TranslatableText:
    text = "you deleted its event in the calendar (seen on {date})"
    return TranslatableText(text, {"date": logged.day}, choice=UserChoice.DELETED)


def _answered(view: EpisodeView, *, after: int) -> TranslatableText | None:
    timeline = view.context.timeline
    for answer in timeline.answers_after(after):
        if timeline.concerns(answer, view.episode.interview):
            return TranslatableText("they answered on {date}", {"date": answer.day})
    return None


def _interview_cancelled(view: EpisodeView) -> TranslatableText | None:
    if view.interview.status is InterviewStatus.CANCELLED:
        return TranslatableText("the interview was cancelled")
    return None


def _later_round(view: EpisodeView) -> TranslatableText | None:
    context = view.context
    for later in context.timeline.interviews[view.episode.interview + 1 :]:
        if later.status is not InterviewStatus.CANCELLED:
            day = context.employer_day(later.start)
            return TranslatableText("the next interview is on {date}", {"date": day})
    return None


def _closed(context: PlanningContext, *, after: int = -1) -> TranslatableText | None:
    closing = context.timeline.closing_entry(after=after)
    if closing:
        return TranslatableText("you closed the application on {date}", {"date": closing.day})
    return None
