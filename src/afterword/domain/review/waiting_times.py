"""Compare the current silence of an employer with the answers that the user got before.

A wait runs from the last interview, message or answer to the next answer. It is compared with
waits after the same step in the same round alone, and with nothing where there are fewer than
three: two answers are no pattern.
"""

from __future__ import annotations

import datetime as dt
import enum
import statistics
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.application_stats import ENDED, FEWEST, ApplicationStatus, application_status
from afterword.domain.model import Interview, InterviewStatus, StepKind
from afterword.domain.planning.plan import Plan

AFTER_INTERVIEW = "interview"
AFTER_ANSWER = "answer"

# Seeing the checkpoint sends nothing, so that nobody can answer it.
_UNANSWERABLE = {StepKind.MOVE_ON}


@attrs.frozen(kw_only=True)
class Wait:
    """A silence: the event that it follows, the round (from 1), and its length in days."""

    since: str
    round: int
    began: dt.datetime
    days: float


class WaitVerdict(enum.StrEnum):
    """The length of a wait among earlier ones."""

    USUAL = "usual"
    LONG = "long"
    LONGEST = "longest"


@attrs.frozen(kw_only=True)
class PastAnswers:
    """The days until `n` earlier answers after the same step of the same round."""

    median: float
    shortest: float
    longest: float
    n: int


@attrs.frozen(kw_only=True)
class SilenceComparison:
    """A current wait and the earlier answers; there is no silence to compare without them."""

    wait: Wait
    past: PastAnswers

    @property
    def verdict(self) -> WaitVerdict:
        """Usual up to the median of earlier waits, long up to the longest of them."""
        if self.wait.days <= self.past.median:
            return WaitVerdict.USUAL
        return WaitVerdict.LONG if self.wait.days <= self.past.longest else WaitVerdict.LONGEST


def compare_silence(
    plan: Plan, plans: Iterable[Plan], *, now: dt.datetime
) -> SilenceComparison | None:
    """Return the comparison for an application, None without a silence or enough answers.

    `plans` are those of all applications; only the same applicant's are used.
    """
    wait = current_wait(plan, now=now)
    if wait is None:
        return None
    applicant = plan.application.applicant_key
    own = (each for each in plans if each.application.applicant_key == applicant)
    past = past_answers((w for each in own for w in answered_waits(each)), wait)
    return None if past is None else SilenceComparison(wait=wait, past=past)


def past_answers(waits: Iterable[Wait], like: Wait) -> PastAnswers | None:
    """Return the figures of the waits after the same step and round; None if they are too few."""
    days = [w.days for w in waits if (w.since, w.round) == (like.since, like.round)]
    if len(days) < FEWEST:
        return None
    return PastAnswers(
        median=statistics.median(days), shortest=min(days), longest=max(days), n=len(days)
    )


def current_wait(plan: Plan, *, now: dt.datetime) -> Wait | None:
    """Return the silence that lasts, None before the first interview and after the end."""
    if application_status(plan, now=now) in ENDED | {ApplicationStatus.UPCOMING}:
        return None
    if any(interview.end > now for interview in _held(plan)):
        return None  # the next conversation is arranged
    return _wait_until(now, [*_events(plan), *_answers(plan)])


def answered_waits(plan: Plan) -> Iterator[Wait]:
    """Yield the wait before each answer of an application."""
    events = list(_events(plan))
    earlier: list[tuple[dt.datetime, str, int]] = []
    for at, since, round_ in _answers(plan):
        wait = _wait_until(at, [*events, *earlier])
        if wait is not None:
            yield wait
        earlier.append((at, since, round_))


def _wait_until(at: dt.datetime, events: Iterable[tuple[dt.datetime, str, int]]) -> Wait | None:
    """Return the wait from the last of the events at or before an instant."""
    before = [event for event in events if event[0] <= at]
    if not before:
        return None
    began, since, round_ = max(before, key=lambda event: event[0])
    days = datemath.elapsed(began, at) / datemath.DAY
    return Wait(since=since, round=round_, began=began, days=days)


def _events(plan: Plan) -> Iterator[tuple[dt.datetime, str, int]]:
    """Yield the ends of interviews and the messages sent, each with its round."""
    rounds = {interview.id: n for n, interview in enumerate(_held(plan), start=1)}
    for interview in _held(plan):
        yield interview.end, AFTER_INTERVIEW, rounds[interview.id]
    for step in plan.steps:
        if step.sent_at is not None and step.kind not in _UNANSWERABLE:
            yield step.sent_at, step.kind.value, rounds.get(step.interview, 1)


def _answers(plan: Plan) -> Iterator[tuple[dt.datetime, str, int]]:
    for answer in plan.timeline.answers:
        interviews = plan.timeline.interviews[: answer.interview + 1]
        held = [i for i in interviews if i.status is not InterviewStatus.CANCELLED]
        yield answer.at, AFTER_ANSWER, max(len(held), 1)


def _held(plan: Plan) -> list[Interview]:
    interviews = plan.timeline.interviews
    return [i for i in interviews if i.status is not InterviewStatus.CANCELLED]
