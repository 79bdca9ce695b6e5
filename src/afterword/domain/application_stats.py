"""Figures over all applications, each with the number of cases behind it.

No rate is told from fewer than three cases: one answer out of one is no
hundred per cent.
"""

from __future__ import annotations

import datetime as dt
import enum
import statistics
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.model import Answer, Application, Interview, InterviewStatus, StepKind
from afterword.domain.planning.plan import Plan, Step, StepState
from afterword.domain.planning.timeline import Timeline

FEWEST = 3
_DAY = dt.timedelta(days=1)


class ApplicationStatus(enum.StrEnum):
    """Where an application stands."""

    UPCOMING = "upcoming"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    ANSWERED = "answered"
    REJECTED = "rejected"
    CLOSED = "closed"


@attrs.frozen(kw_only=True)
class Figure:
    """A share (of 1) or a median of days, from `n` cases; None from too few."""

    value: float | None
    n: int


@attrs.frozen(kw_only=True)
class Statistics:
    """`days_to_answer` counts from the last step sent before the answer, or the interview."""

    applications: int
    outcomes: dict[ApplicationStatus, int]
    answered: Figure
    days_to_answer: dict[str, Figure]
    in_window: dict[StepKind, Figure]


def compute_statistics(plans: Iterable[Plan], *, now: dt.datetime) -> Statistics:
    """Return the figures as they stand at `now`."""
    outcomes = dict.fromkeys(ApplicationStatus, 0)
    answered: list[bool] = []
    days: dict[str, list[float]] = {}
    in_window: dict[StepKind, list[bool]] = {}
    for plan in plans:
        outcomes[application_status(plan.application, plan.history, now=now)] += 1
        if any(_was_held(interview, now) for interview in plan.history.interviews):
            answered.append(bool(plan.history.answers))
        for since, length in _waits(plan):
            days.setdefault(since, []).append(length)
        for step in plan.steps:
            if step.sent_at is not None:
                in_window.setdefault(step.kind, []).append(_in_window(plan, step))
    return Statistics(
        applications=sum(outcomes.values()),
        outcomes=outcomes,
        answered=_share(answered),
        days_to_answer={since: _median(lengths) for since, lengths in sorted(days.items())},
        in_window={kind: _share(hits) for kind, hits in sorted(in_window.items())},
    )


def _was_held(interview: Interview, now: dt.datetime) -> bool:
    return interview.end <= now and interview.status is not InterviewStatus.CANCELLED


def application_status(
    application: Application, read: Timeline, *, now: dt.datetime
) -> ApplicationStatus:
    """Return where an application stands: the last word counts."""
    standing = ApplicationStatus.WAITING
    for logged in read.log:
        entry = logged.entry
        if entry.heard:
            rejected = entry.heard is Answer.REJECTED
            standing = ApplicationStatus.REJECTED if rejected else ApplicationStatus.ANSWERED
        if entry.closed and standing is not ApplicationStatus.REJECTED:
            standing = ApplicationStatus.CLOSED
        if entry.reopened and standing is ApplicationStatus.CLOSED:
            standing = (
                ApplicationStatus.ANSWERED
                if _answered_before(read, logged.order)
                else ApplicationStatus.WAITING
            )
    if standing is not ApplicationStatus.WAITING:
        return standing
    taking_place = [i for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
    if not taking_place:
        return ApplicationStatus.CANCELLED
    return ApplicationStatus.UPCOMING if all(i.end > now for i in taking_place) else standing


def _answered_before(read: Timeline, order: int) -> bool:
    return any(answer.order < order for answer in read.answers)


def _waits(plan: Plan) -> Iterator[tuple[str, float]]:
    """Yield, for each answer, what it came after and how many days later."""
    sent = [(s.sent_at, s.kind.value) for s in plan.steps if s.sent_at is not None]
    ends = [(held.end, "interview") for held in plan.history.interviews]
    for answer in plan.history.answers:
        before = [(at, what) for at, what in (*ends, *sent) if at <= answer.at]
        if before:
            at, what = max(before)
            yield what, (answer.at - at) / _DAY


def _in_window(plan: Plan, step: Step) -> bool:
    sent: dt.date | None = step.sent_at
    if step.sent_at is None or sent is None or step.state is not StepState.DONE:
        return False
    if not isinstance(step.opens, dt.datetime):
        sent = step.sent_at.astimezone(plan.employer_zone).date()
    return step.opens <= sent <= step.closes


def _share(hits: list[bool]) -> Figure:
    n = len(hits)
    return Figure(value=sum(hits) / n if n >= FEWEST else None, n=n)


def _median(lengths: list[float]) -> Figure:
    n = len(lengths)
    value = round(statistics.median(lengths), 1) if n >= FEWEST else None
    return Figure(value=value, n=n)
