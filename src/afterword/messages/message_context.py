"""The context of a message: its situation, interview, episode and date."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Iterator
from typing import NamedTuple

from afterword.domain.model import FOLLOW_UPS, Answer, Interview, StepKind
from afterword.domain.planning.context import EpisodeLog
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.planning.timeline import Episode, Timeline
from afterword.messages.recipients import interview_by_id


class Situation(enum.StrEnum):
    """The reason for a message; each value is the file name of its template.

    It is the value of the step, with the answer for a reply or the occasion for a first follow-up.
    """

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
    # Not steps of a plan: the user asks for them by name, and they never count as follow-ups.
    OFFER = "reply-offer"
    NEXT_ROUND = "next-round"
    NO_SHOW = "no-show"
    TECHNICAL_FAILURE = "technical-failure"
    COMPETING_OFFER = "competing-offer"


UNPLANNED_SITUATIONS = (
    Situation.OFFER,
    Situation.NEXT_ROUND,
    Situation.NO_SHOW,
    Situation.TECHNICAL_FAILURE,
    Situation.COMPETING_OFFER,
    Situation.FEEDBACK,
)

FIRST_FOLLOW_UPS = tuple(each for each in Situation if each.startswith(Situation.FIRST))


_REPLY_SITUATIONS = {answer: Situation(f"reply-{answer}") for answer in Answer}
_STEP_SITUATIONS = {kind: Situation(kind) for kind in StepKind if kind is not StepKind.REPLY}


class EpisodeContext(NamedTuple):
    """The employer's statements in an episode: decision date, absence, call, answer.

    `decision_inherited` is set if the date was named about an earlier interview.

    `anchor` is the date that the episode counts from and `answered_on` the date
    of the answer that began it, or that a reply responds to; both in the
    employer's zone.
    """

    anchor: dt.date
    decision_by: dt.date | None = None
    decision_inherited: bool = False
    away_until: dt.date | None = None
    promised_to_call: bool = False
    answer: Answer | None = None
    answered_on: dt.date | None = None


class MessageContext(NamedTuple):
    """Everything that the choice of a template and its variables depend on.

    `send_date` is in the employer's zone. `step` is None for a message outside
    the plan; `deadline` is the last day to answer a competing offer.
    """

    plan: Plan
    interview: Interview
    situation: Situation
    episode: EpisodeContext
    send_date: dt.date
    step: Step | None = None
    deadline: dt.date | None = None

    @property
    def follow_ups_sent(self) -> int:
        """The number of follow-ups of this step's episode that are logged as sent."""
        return sum(step.sent_at is not None for step in self._other_follow_ups())

    @property
    def follow_ups_due(self) -> int:
        """The number of follow-ups of this step's episode that are neither sent nor dropped."""
        return sum(
            step.sent_at is None and step.state is not StepState.WITHDRAWN
            for step in self._other_follow_ups()
        )

    def _other_follow_ups(self) -> Iterator[Step]:
        """Yield the follow-ups of this step's episode, without the step itself."""
        step = self.step
        if step is None:
            return
        for other in self.plan.steps:
            same_episode = (other.interview, other.episode) == (step.interview, step.episode)
            if other.kind in FOLLOW_UPS and other is not step and same_episode:
                yield other


def context_of(plan: Plan, step: Step, *, send_date: dt.date | None = None) -> MessageContext:
    """Return the context of a step's message, sent on the recommended date by default."""
    episode = episode_context(plan, step)
    return MessageContext(
        plan=plan,
        interview=interview_by_id(plan.application, step.interview),
        situation=situation_of(step, episode),
        episode=episode,
        send_date=send_date or step.recommended,
        step=step,
    )


def episode_context(plan: Plan, step: Step) -> EpisodeContext:
    """Return the employer's statements that count for the message of a step."""
    timeline = plan.timeline
    number = next(n for n, i in enumerate(timeline.interviews) if i.id == step.interview)
    if step.kind is StepKind.REPLY:
        answer = [a for a in timeline.answers if a.interview == number][step.episode]
        return EpisodeContext(
            anchor=answer.day,
            decision_by=answer.entry.decision_by,
            answer=answer.entry.heard,
            answered_on=answer.day,
        )
    return _context_from_log(timeline, timeline.episodes[number][step.episode])


# Every message of an episode asks for the same value.
@functools.lru_cache(maxsize=8)
def _context_from_log(timeline: Timeline, episode: Episode) -> EpisodeContext:
    answer, log = episode.answer, EpisodeLog(timeline, episode, len(timeline.log))
    decision_by = log.decision_day()
    named = {logged.entry.decision_by for logged in timeline.entries(episode.interview)}
    named.add(timeline.interviews[episode.interview].decision_by)
    return EpisodeContext(
        anchor=episode.anchor,
        decision_by=decision_by,
        decision_inherited=decision_by not in named,
        away_until=log.away_until(),
        promised_to_call=log.promised_to_call(),
        answer=answer.entry.heard if answer else None,
        answered_on=answer.day if answer else None,
    )


def decision_date_passed(episode: EpisodeContext, step: Step) -> bool:
    """True if the employer named a decision date in this episode that is over when the step is.

    A date named before an earlier interview counts only if it decides the step's day in the plan.
    """
    decision_by = episode.decision_by
    if decision_by is None or not episode.anchor <= decision_by < step.recommended:
        return False
    return not episode.decision_inherited or decision_by in step.reason.arguments.values()


def first_follow_up_of(plan: Plan, step: Step) -> Step | None:
    """Return the first follow-up of the episode that a step belongs to."""
    episode = (step.interview, step.episode)
    firsts = (other for other in plan.steps if other.kind is StepKind.FIRST)
    return next((each for each in firsts if (each.interview, each.episode) == episode), None)


def situation_of(step: Step, episode: EpisodeContext) -> Situation:
    """Return the situation that decides the template of a step's message."""
    if step.kind is StepKind.REPLY:
        return _REPLY_SITUATIONS[step.answer or Answer.NEUTRAL]
    if step.kind is StepKind.FIRST:
        return next(
            situation for situation, applies in _first_follow_up_rules(step, episode) if applies
        )
    return _STEP_SITUATIONS[step.kind]


def _first_follow_up_rules(step: Step, episode: EpisodeContext) -> Iterator[tuple[Situation, bool]]:
    """Yield the situations of a first follow-up by priority; the first that applies counts."""
    is_back = episode.away_until is not None and episode.away_until < step.recommended
    yield Situation.WITH_THANKS, step.folds_thanks
    yield Situation.NEXT_STEP, episode.answer is Answer.POSITIVE
    yield Situation.AFTER_ABSENCE, is_back
    yield Situation.AFTER_CALL, episode.promised_to_call
    yield Situation.AFTER_DATE, decision_date_passed(episode, step)
    yield Situation.STILL_OPEN, step.episode > 0
    yield Situation.FIRST, True
