"""Decide why a step is withdrawn: an answer, a later round, a closed application, a choice.

Each `why_` function returns the reason to show, or None if the step stays in
the plan. They are not asked about a sent step, which is done in any case.
"""

from __future__ import annotations

from collections.abc import Iterable

from afterword.domain.model import InterviewStatus, StepKind
from afterword.domain.planning.context import EpisodeView
from afterword.domain.planning.plan import TranslatableText, UserChoice
from afterword.domain.planning.timeline import Timeline, TimelineEntry


def why_step_withdrawn(view: EpisodeView, kind: StepKind) -> TranslatableText | None:
    """Return why a step of an episode is withdrawn.

    A day to keep in touch is the user's own choice: no answer withdraws it, and only a
    closing after the choice does.
    """
    log = view.of_step(kind)
    if chosen := log.skipped or log.deleted:
        return _user_choice(chosen)
    if kind is StepKind.KEEP_IN_TOUCH:
        last = view.timeline.keep_in_touch_entries()[-1]
        return _interview_cancelled(view) or _closed(view.timeline, after=last.order)
    return (
        _answered(view, kind)
        or _sent_second(view, kind)
        or _interview_cancelled(view)
        or _later_round(view, kind)
        or _closed(view.timeline)
    )


def why_reply_withdrawn(
    timeline: Timeline, answer: TimelineEntry, about: Iterable[TimelineEntry]
) -> TranslatableText | None:
    """Return why the reply to an answer is withdrawn; `about` are the entries about the reply."""
    chosen: TimelineEntry | None = None
    for logged in about:
        if logged.entry.restored:
            chosen = None
        elif logged.entry.skipped or logged.entry.deleted:
            chosen = logged
    if chosen:
        return _user_choice(chosen)
    later = next(iter(timeline.answers_after(answer.order)), None)
    if later:
        return TranslatableText("they answered again on {date}", {"date": later.day})
    return _closed(timeline)


def _user_choice(logged: TimelineEntry) -> TranslatableText:
    skipped = logged.entry.skipped
    text = (
        "you skipped it on {date}"
        if skipped
        else "you deleted its event in the calendar (seen on {date})"
    )
    choice = UserChoice.SKIPPED if skipped else UserChoice.DELETED
    return TranslatableText(text, {"date": logged.day}, choice=choice)


def _answered(view: EpisodeView, kind: StepKind) -> TranslatableText | None:
    begun = view.episode.answer if kind is not StepKind.THANK_YOU else None
    for answer in view.timeline.answers_after(begun.order if begun else -1):
        if view.interview.start <= answer.at:
            return TranslatableText("they answered on {date}", {"date": answer.day})
    return None


def _sent_second(view: EpisodeView, kind: StepKind) -> TranslatableText | None:
    if kind is StepKind.FIRST and view.of_step(StepKind.SECOND).sent:
        return TranslatableText("the second follow-up was sent without it")
    return None


def _interview_cancelled(view: EpisodeView) -> TranslatableText | None:
    if view.interview.status is InterviewStatus.CANCELLED:
        return TranslatableText("the interview was cancelled")
    return None


def _later_round(view: EpisodeView, kind: StepKind) -> TranslatableText | None:
    if kind is StepKind.THANK_YOU:
        return None
    for later in view.timeline.interviews[view.episode.interview + 1 :]:
        if later.status is not InterviewStatus.CANCELLED:
            day = view.context.employer_day(later.start)
            return TranslatableText("the next interview is on {date}", {"date": day})
    return None


def _closed(timeline: Timeline, *, after: int = -1) -> TranslatableText | None:
    closing = timeline.closing_entry(after=after)
    if closing:
        return TranslatableText("you closed the application on {date}", {"date": closing.day})
    return None
