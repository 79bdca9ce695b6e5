"""What the log and the interviews say about the episode that a message falls into.

The occasion of a message: what it is about, seen from the day it is meant for.

The situations that a message is written in; each has a text of its own.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Interview, InterviewStatus, StepKind
from afterword.domain.planning.log_query import away_until, decision_day, promised_to_call
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.planning.timeline import Episode, Timeline
from afterword.messages import recipients
from afterword.messages.recipients import find_step_interview


@attrs.frozen(kw_only=True)
class EpisodeContext:
    """A date that they named, an absence, a promised call, an answer.

    `anchor` is the employer's day that the episode counts from; `answered` the
    day of the answer that began it (of a reply: that it replies to).
    """

    anchor: dt.date
    decision_by: dt.date | None = None
    away_until: dt.date | None = None
    will_call: bool = False
    answer: Answer | None = None
    answered: dt.date | None = None


def episode_context(plan: Plan, step: Step) -> EpisodeContext:
    """Return what is known when the message of a step is written."""
    if not plan.application.log:
        return _of_silence(plan, step.interview)
    past = plan.history
    number = next(n for n, i in enumerate(past.interviews) if i.id == step.interview)
    if step.kind is StepKind.REPLY:
        answer = [a for a in past.answers if a.interview == number][step.episode]
        return EpisodeContext(
            anchor=answer.day,
            decision_by=answer.entry.decision_by,
            answer=answer.entry.heard,
            answered=answer.day,
        )
    return _of_episode(past, past.episodes[number][step.episode])


# All messages of an interview ask for it.
@functools.lru_cache(maxsize=8)
def _of_silence(plan: Plan, interview_id: str) -> EpisodeContext:
    """Return what the interviews alone say; most applications have no log for days."""
    interview = find_step_interview(plan.application, interview_id)
    until = [i for i in plan.application.interviews if i.start <= interview.start]
    named = [i.decision_by for i in sorted(until, key=lambda i: i.start) if i.decision_by]
    return EpisodeContext(
        anchor=datemath.day_of(interview.end, plan.employer_zone),
        decision_by=named[-1] if named else None,
    )


def _of_episode(past: Timeline, episode: Episode) -> EpisodeContext:
    answer, seen = episode.answer, len(past.log)
    return EpisodeContext(
        anchor=episode.anchor,
        decision_by=decision_day(past, episode, seen),
        away_until=away_until(past, episode, seen),
        will_call=promised_to_call(past, episode, seen),
        answer=answer.entry.heard if answer else None,
        answered=answer.day if answer else None,
    )


def has_passed(about: EpisodeContext, step: Step) -> bool:
    """Whether a date that they named for this episode lies behind when the step comes."""
    named = about.decision_by
    return named is not None and about.anchor <= named < step.recommended


@attrs.frozen(kw_only=True)
class MessageContext:
    """Why a message is written. `on` is the employer's day that it is meant for.

    `step` is None out of the order of the plan; `deadline` is the day by which
    another offer must be answered.
    """

    plan: Plan
    interview: Interview
    situation: Situation
    about: EpisodeContext
    on: dt.date
    step: Step | None = None
    deadline: dt.date | None = None

    @property
    def named(self) -> dt.date | None:
        """The date that they named, where the message speaks of it."""
        if self.step is None:
            return None
        replies = self.step.kind is StepKind.REPLY
        return self.about.decision_by if replies or has_passed(self.about, self.step) else None

    @property
    def first_sent_on(self) -> dt.date | None:
        """The employer's day on which the episode's first follow-up was sent."""
        first = self.step and first_follow_up_of(self.plan, self.step)
        if first is None or first.sent_at is None:
            return None
        return datemath.day_of(first.sent_at, self.plan.employer_zone)

    @property
    def may_have_written(self) -> bool:
        """Whether a follow-up came before this message, or may have."""
        if self.step is None or self.step.kind not in {StepKind.SECOND, StepKind.MOVE_ON}:
            return False
        return (
            self.step.kind is StepKind.MOVE_ON
            or self.step.unlogged is not None
            or self.first_sent_on is not None
        )

    @property
    def thanks_due(self) -> bool:
        """Whether this reply is the first word of thanks for the interview."""
        if self.step is None or self.step.kind is not StepKind.REPLY:
            return False
        held = self.interview
        if (
            held.status is InterviewStatus.CANCELLED
            or held.end.astimezone(dt.UTC) > self.step.send_at
        ):
            return False
        return not any(
            s.sent_at is not None
            for s in self.plan.steps
            if s.interview == self.step.interview and s.kind in {StepKind.THANK_YOU, StepKind.REPLY}
        )

    @property
    def late(self) -> bool:
        """Whether the thanks come after more than a day."""
        if self.step is None:
            return False
        deadline = self.interview.end + datemath.DAY
        return self.step.send_at >= deadline or self.on > datemath.day_of(
            deadline, self.plan.employer_zone
        )

    @property
    def next_interview(self) -> Interview | None:
        """The interview after the one that the message is about."""
        later = recipients.interviewers_in_order(self.plan.application)
        return next((i for i in later if i.start > self.interview.start), None)


def context_of(plan: Plan, step: Step, *, on: dt.date | None = None) -> MessageContext:
    """Return the occasion of a step's message, written on the recommended day or on another."""
    about = episode_context(plan, step)
    return MessageContext(
        plan=plan,
        interview=recipients.find_step_interview(plan.application, step.interview),
        situation=situation_of(step, about),
        about=about,
        on=on or step.recommended,
        step=step,
    )


def first_follow_up_of(plan: Plan, step: Step) -> Step | None:
    """Return the first follow-up of a step's episode."""
    for other in plan.steps:
        if (
            other.kind is StepKind.FIRST
            and other.episode == step.episode
            and other.interview == step.interview
        ):
            return other
    return None


class Situation(enum.StrEnum):
    """The situations, by the names of their texts."""

    THANK_YOU = "thank-you"
    FIRST = "first-follow-up"
    AFTER_DATE = "first-follow-up-after-date"
    AFTER_CALL = "first-follow-up-after-call"
    AFTER_ABSENCE = "first-follow-up-after-absence"
    WITH_THANKS = "first-follow-up-with-thanks"
    STILL_OPEN = "first-follow-up-still-open"
    NEXT_STEP = "first-follow-up-next-step"
    SECOND = "second-follow-up"
    MOVE_ON = "move-on"
    FEEDBACK = "feedback-request"
    REPLY_POSITIVE = "reply-positive"
    REPLY_NEUTRAL = "reply-neutral"
    REPLY_REJECTED = "reply-rejected"
    KEEP_IN_TOUCH = "keep-in-touch"
    # Out of the order of a plan: asked for by name, no follow-ups, never counted as such.
    OFFER = "reply-offer"
    NEXT_ROUND = "next-round"
    NO_SHOW = "no-show"
    TECHNICAL_FAILURE = "technical-failure"
    COMPETING_OFFER = "competing-offer"


OUT_OF_ORDER = (
    Situation.OFFER,
    Situation.NEXT_ROUND,
    Situation.NO_SHOW,
    Situation.TECHNICAL_FAILURE,
    Situation.COMPETING_OFFER,
    Situation.FEEDBACK,
)

FIRSTS = (
    Situation.FIRST,
    Situation.AFTER_DATE,
    Situation.AFTER_CALL,
    Situation.AFTER_ABSENCE,
    Situation.WITH_THANKS,
    Situation.STILL_OPEN,
    Situation.NEXT_STEP,
)

_REPLIES = {
    Answer.POSITIVE: Situation.REPLY_POSITIVE,
    Answer.NEUTRAL: Situation.REPLY_NEUTRAL,
    Answer.REJECTED: Situation.REPLY_REJECTED,
}
_OF_KIND = {
    StepKind.THANK_YOU: Situation.THANK_YOU,
    StepKind.SECOND: Situation.SECOND,
    StepKind.MOVE_ON: Situation.MOVE_ON,
    StepKind.KEEP_IN_TOUCH: Situation.KEEP_IN_TOUCH,
}


def situation_of(step: Step, about: EpisodeContext) -> Situation:
    """Return the situation that the message of a step is written in."""
    if step.kind is StepKind.REPLY:
        return _REPLIES[step.answer or Answer.NEUTRAL]
    if step.kind is StepKind.FIRST:
        return next(which for which, holds in _of_first(step, about) if holds)
    return _OF_KIND[step.kind]


def _of_first(step: Step, about: EpisodeContext) -> Iterator[tuple[Situation, bool]]:
    """Yield what a first follow-up may have to speak of, the most important first."""
    back = about.away_until is not None and about.away_until < step.recommended
    yield Situation.WITH_THANKS, step.folds_thanks
    yield Situation.NEXT_STEP, about.answer is Answer.POSITIVE
    yield Situation.AFTER_ABSENCE, back
    yield Situation.AFTER_CALL, about.will_call
    yield Situation.AFTER_DATE, has_passed(about, step)
    yield Situation.STILL_OPEN, step.episode > 0
    yield Situation.FIRST, True
