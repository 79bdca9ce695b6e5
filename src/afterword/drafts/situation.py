"""Which situation a message is written in; each has a text of its own."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator

import attrs

from afterword.core import history, timing
from afterword.core.case import Case
from afterword.core.history import Episode
from afterword.core.model import Answer, Plan, Policy, Step, StepKind
from afterword.drafts.recipients import interview_of


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
    REPLY_OFFER = "reply-offer"
    REPLY_NEUTRAL = "reply-neutral"
    REPLY_REJECTED = "reply-rejected"
    KEEP_IN_TOUCH = "keep-in-touch"


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


@attrs.frozen(kw_only=True)
class Circumstances:
    """What is known of a step's episode: a date they named, an absence, a promised call.

    `anchor` is the employer's day that the episode counts from; `answered` the
    day of the answer that began it (of a reply: that it replies to).
    """

    anchor: dt.date
    decision_by: dt.date | None = None
    away_until: dt.date | None = None
    will_call: bool = False
    answer: Answer | None = None
    answered: dt.date | None = None


def circumstances(plan: Plan, step: Step) -> Circumstances:
    """Return what the log and the interviews say about a step's episode."""
    application = plan.application
    if not application.log:
        interview = interview_of(application, step.interview)
        anchor = timing.day_of(interview.end, plan.employer_zone)
        earlier = [i for i in application.interviews if i.start <= interview.start]
        earlier.sort(key=lambda i: i.start)
        named = [i.decision_by for i in earlier if i.decision_by]
        return Circumstances(anchor=anchor, decision_by=named[-1] if named else None)
    past = history.read(application, zone=plan.zone, employer_zone=plan.employer_zone)
    number = next(n for n, i in enumerate(past.interviews) if i.id == step.interview)
    if step.kind is StepKind.REPLY:
        answer = [a for a in past.answers if a.interview == number][step.episode]
        return Circumstances(
            anchor=answer.day,
            decision_by=answer.entry.decision_by,
            answer=answer.entry.heard,
            answered=answer.day,
        )
    return _of_episode(_case(plan, past), past.episodes[number][step.episode])


def _case(plan: Plan, past: history.History) -> Case:
    return Case(
        application=plan.application,
        history=past,
        policy=Policy(),
        zone=plan.zone,
        employer_zone=plan.employer_zone,
        is_working_day=lambda _: True,
    )


def _of_episode(case: Case, episode: Episode) -> Circumstances:
    answer = episode.answer
    return Circumstances(
        anchor=episode.anchor,
        decision_by=case.decision_day(episode, case.everything),
        away_until=case.away_until(episode, case.everything),
        will_call=case.will_call(episode, case.everything),
        answer=answer.entry.heard if answer else None,
        answered=answer.day if answer else None,
    )


def situation(step: Step, about: Circumstances) -> Situation:
    """Return the situation that the message of a step is written in."""
    if step.kind is StepKind.REPLY:
        return _REPLIES[step.answer or Answer.NEUTRAL]
    if step.kind is StepKind.FIRST:
        return next(which for which, holds in _of_first(step, about) if holds)
    return _OF_KIND[step.kind]


def _of_first(step: Step, about: Circumstances) -> Iterator[tuple[Situation, bool]]:
    """Yield what a first follow-up may have to speak of, the most important first."""
    back = about.away_until is not None and about.away_until < step.recommended
    yield Situation.WITH_THANKS, step.folds_thanks
    yield Situation.NEXT_STEP, about.answer is Answer.POSITIVE
    yield Situation.AFTER_ABSENCE, back
    yield Situation.AFTER_CALL, about.will_call
    yield Situation.AFTER_DATE, has_passed(about, step)
    yield Situation.STILL_OPEN, step.episode > 0
    yield Situation.FIRST, True


def has_passed(about: Circumstances, step: Step) -> bool:
    """Whether a date that they named for this episode lies behind when the step comes."""
    named = about.decision_by
    return named is not None and about.anchor <= named < step.recommended
