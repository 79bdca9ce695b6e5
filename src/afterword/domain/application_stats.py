"""Compute statistics over all applications, each with its number of cases.

A rate or median of fewer than three cases is not given: one answer to one
application does not mean one hundred per cent.
"""

from __future__ import annotations

import datetime as dt
import enum
import statistics
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Interview, InterviewStatus, StepKind
from afterword.domain.planning.plan import Plan, Step, StepState

FEWEST = 3


class ApplicationStatus(enum.StrEnum):
    """The state of an application."""

    UPCOMING = "upcoming"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    ANSWERED = "answered"
    REJECTED = "rejected"
    CLOSED = "closed"


ENDED = {ApplicationStatus.CLOSED, ApplicationStatus.REJECTED, ApplicationStatus.CANCELLED}
"""The states in which nobody waits for an answer any more."""


@attrs.frozen(kw_only=True)
class Figure:
    """A share (0 to 1) or a median of days over `n` cases; None if `n` is too small."""

    value: float | None
    n: int


@attrs.frozen(kw_only=True)
class Statistics:
    """The figures over all applications.

    `days_to_answer` counts from the last step sent before the answer, else from
    the interview. `in_window` is the share of steps sent within their window.
    """

    applications: int
    outcomes: dict[ApplicationStatus, int]
    answered: Figure
    days_to_answer: dict[str, Figure]
    in_window: dict[StepKind, Figure]


def compute_statistics(plans: Iterable[Plan], *, now: dt.datetime) -> Statistics:
    """Return the statistics as of `now`."""
    outcomes = dict.fromkeys(ApplicationStatus, 0)
    answered: list[bool] = []
    days: dict[str, list[float]] = {}
    in_window: dict[StepKind, list[bool]] = {}
    for plan in plans:
        outcomes[application_status(plan, now=now)] += 1
        if any(_was_held(interview, now) for interview in plan.timeline.interviews):
            answered.append(bool(plan.timeline.answers))
        for since, length in _days_to_answers(plan):
            days.setdefault(since, []).append(length)
        for step in plan.steps:
            if step.sent_at is not None:
                in_window.setdefault(step.kind, []).append(_sent_in_window(plan, step))
    return Statistics(
        applications=sum(outcomes.values()),
        outcomes=outcomes,
        answered=_share(answered),
        days_to_answer={since: _median(lengths) for since, lengths in sorted(days.items())},
        in_window={kind: _share(hits) for kind, hits in sorted(in_window.items())},
    )


def application_status(plan: Plan, *, now: dt.datetime) -> ApplicationStatus:
    """Return the status of an application as of `now`; a rejection outlives a close."""
    status = _status_by_log(plan)
    if status is not ApplicationStatus.WAITING:
        return status
    active = [i for i in plan.timeline.interviews if i.status is not InterviewStatus.CANCELLED]
    if not active:
        return ApplicationStatus.CANCELLED
    return ApplicationStatus.UPCOMING if all(i.end > now for i in active) else status


def _status_by_log(plan: Plan) -> ApplicationStatus:
    status = answered = ApplicationStatus.WAITING
    for logged in plan.timeline.log:
        entry = logged.entry
        if entry.heard:
            rejected = entry.heard is Answer.REJECTED
            status = ApplicationStatus.REJECTED if rejected else ApplicationStatus.ANSWERED
        if entry.closed and status is not ApplicationStatus.REJECTED:
            status = ApplicationStatus.CLOSED
        if entry.reopened and status is ApplicationStatus.CLOSED:
            status = answered
        if entry.heard:
            answered = ApplicationStatus.ANSWERED
    return status


def _was_held(interview: Interview, now: dt.datetime) -> bool:
    return interview.end <= now and interview.status is not InterviewStatus.CANCELLED


def _days_to_answers(plan: Plan) -> Iterator[tuple[str, float]]:
    """Yield, for each answer, the last event before it and the days between them."""
    sent = [(s.sent_at, s.kind.value) for s in plan.steps if s.sent_at is not None]
    ends = [(interview.end, "interview") for interview in plan.timeline.interviews]
    for answer in plan.timeline.answers:
        before = [(at, since) for at, since in (*ends, *sent) if at <= answer.at]
        if before:
            at, since = max(before)
            yield since, (answer.at - at) / datemath.DAY


def _sent_in_window(plan: Plan, step: Step) -> bool:
    sent: dt.date | None = step.sent_at
    if step.sent_at is None or sent is None or step.state is not StepState.DONE:
        return False
    if not isinstance(step.opens, dt.datetime):
        sent = datemath.day_of(step.sent_at, plan.employer_zone)
    return step.opens <= sent <= step.closes


def _share(hits: list[bool]) -> Figure:
    n = len(hits)
    return Figure(value=sum(hits) / n if n >= FEWEST else None, n=n)


def _median(lengths: list[float]) -> Figure:
    n = len(lengths)
    value = round(statistics.median(lengths), 1) if n >= FEWEST else None
    return Figure(value=value, n=n)
