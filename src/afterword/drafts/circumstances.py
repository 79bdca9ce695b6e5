"""What the log and the interviews say about the episode that a message falls into."""

from __future__ import annotations

import datetime as dt
import functools

import attrs

from afterword.core import timing
from afterword.core.history import Episode, History
from afterword.core.model import Answer, Plan, Step, StepKind
from afterword.core.said import away_until, decision_day, will_call
from afterword.drafts.recipients import interview_of


@attrs.frozen(kw_only=True)
class Circumstances:
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


def circumstances(plan: Plan, step: Step) -> Circumstances:
    """Return what is known when the message of a step is written."""
    if not plan.application.log:
        return _of_silence(plan, step.interview)
    past = plan.history
    number = next(n for n, i in enumerate(past.interviews) if i.id == step.interview)
    if step.kind is StepKind.REPLY:
        answer = [a for a in past.answers if a.interview == number][step.episode]
        return Circumstances(
            anchor=answer.day,
            decision_by=answer.entry.decision_by,
            answer=answer.entry.heard,
            answered=answer.day,
        )
    return _of_episode(past, past.episodes[number][step.episode])


# All messages of an interview ask for it.
@functools.lru_cache(maxsize=8)
def _of_silence(plan: Plan, interview_id: str) -> Circumstances:
    """Return what the interviews alone say; most applications have no log for days."""
    interview = interview_of(plan.application, interview_id)
    until = [i for i in plan.application.interviews if i.start <= interview.start]
    named = [i.decision_by for i in sorted(until, key=lambda i: i.start) if i.decision_by]
    return Circumstances(
        anchor=timing.day_of(interview.end, plan.employer_zone),
        decision_by=named[-1] if named else None,
    )


def _of_episode(past: History, episode: Episode) -> Circumstances:
    answer, seen = episode.answer, len(past.log)
    return Circumstances(
        anchor=episode.anchor,
        decision_by=decision_day(past, episode, seen),
        away_until=away_until(past, episode, seen),
        will_call=will_call(past, episode, seen),
        answer=answer.entry.heard if answer else None,
        answered=answer.day if answer else None,
    )


def has_passed(about: Circumstances, step: Step) -> bool:
    """Whether a date that they named for this episode lies behind when the step comes."""
    named = about.decision_by
    return named is not None and about.anchor <= named < step.recommended
