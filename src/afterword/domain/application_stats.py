"""The states of applications, statistics over them, and the waits for answers.

A rate or median of fewer than three cases is not given: one answer to one application does not
mean one hundred per cent.

A wait runs from the last interview, message or answer to the next answer. The current silence is
compared with waits after the same step in the same round alone.
"""

from __future__ import annotations

import datetime as dt
import enum
import statistics
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Interview, InterviewStatus, StepKind
from afterword.domain.planning.plan import Plan, Step

FEWEST = 3

AFTER_INTERVIEW = "interview"
AFTER_ANSWER = "answer"


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
    """The figures over all applications, with the keys of the JSON document of `stats`.

    `days_to_answer` counts from the last step sent before the answer, else from
    the interview. `in_window` is the share of steps sent within their window.
    """

    applications: int
    states: dict[ApplicationStatus, int]
    answered: Figure
    days_to_answer: dict[str, Figure]
    in_window: dict[StepKind, Figure]


def compute_statistics(plans: Iterable[Plan], *, now: dt.datetime) -> Statistics:
    """Return the statistics as of `now`."""
    states = dict.fromkeys(ApplicationStatus, 0)
    answered: list[bool] = []
    days: dict[str, list[float]] = {}
    in_window: dict[StepKind, list[bool]] = {}
    for plan in plans:
        states[application_status(plan, now=now)] += 1
        if any(interview.end <= now for interview in _held(plan)):
            answered.append(bool(plan.timeline.answers))
        for since, length in _days_to_answers(plan):
            days.setdefault(since, []).append(length)
        for step in plan.steps:
            if step.sent_at is not None:
                in_window.setdefault(step.kind, []).append(_sent_in_window(plan, step))
    return Statistics(
        applications=sum(states.values()),
        states=states,
        answered=_share(answered),
        days_to_answer={since: _median(lengths) for since, lengths in sorted(days.items())},
        in_window={kind: _share(hits) for kind, hits in sorted(in_window.items())},
    )


def application_status(plan: Plan, *, now: dt.datetime) -> ApplicationStatus:
    """Return the status of an application as of `now`; a rejection outlives a close."""
    status = _status_by_log(plan)
    if status is not ApplicationStatus.WAITING:
        return status
    held = _held(plan)
    if not held:
        return ApplicationStatus.CANCELLED
    return ApplicationStatus.UPCOMING if all(i.end > now for i in held) else status


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
    if step.sent_at is None:
        return False
    in_instants = isinstance(step.opens, dt.datetime)
    sent = step.sent_at if in_instants else plan.employer_day(step.sent_at)
    return step.opens <= sent <= step.closes


def _share(hits: list[bool]) -> Figure:
    n = len(hits)
    return Figure(value=sum(hits) / n if n >= FEWEST else None, n=n)


def _median(lengths: list[float]) -> Figure:
    n = len(lengths)
    value = round(statistics.median(lengths), 1) if n >= FEWEST else None
    return Figure(value=value, n=n)


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
class SilenceComparison:
    """A wait, and the days until `n` earlier answers after the same step of the same round."""

    wait: Wait
    median: float
    shortest: float
    longest: float
    n: int

    @property
    def verdict(self) -> WaitVerdict:
        """Usual up to the median of earlier waits, long up to the longest of them."""
        if self.wait.days <= self.median:
            return WaitVerdict.USUAL
        return WaitVerdict.LONG if self.wait.days <= self.longest else WaitVerdict.LONGEST


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
    return compare_wait(wait, (w for each in own for w in answered_waits(each)))


def compare_wait(wait: Wait, earlier: Iterable[Wait]) -> SilenceComparison | None:
    """Return the comparison with earlier waits; None if too few are after the same step."""
    days = [w.days for w in earlier if (w.since, w.round) == (wait.since, wait.round)]
    if len(days) < FEWEST:
        return None
    return SilenceComparison(
        wait=wait,
        median=statistics.median(days),
        shortest=min(days),
        longest=max(days),
        n=len(days),
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
    events, answers = list(_events(plan)), list(_answers(plan))
    for number, (at, *_) in enumerate(answers):
        wait = _wait_until(at, [*events, *answers[:number]])
        if wait is not None:
            yield wait


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
    held = _held(plan)
    rounds = {interview.id: n for n, interview in enumerate(held, start=1)}
    for interview in held:
        yield interview.end, AFTER_INTERVIEW, rounds[interview.id]
    for step in plan.steps:
        # Seeing the checkpoint sends nothing, so that nobody can answer it.
        if step.sent_at is not None and step.kind is not StepKind.MOVE_ON:
            yield step.sent_at, step.kind.value, rounds.get(step.interview, 1)


def _answers(plan: Plan) -> Iterator[tuple[dt.datetime, str, int]]:
    for answer in plan.timeline.answers:
        interviews = plan.timeline.interviews[: answer.interview + 1]
        held = [i for i in interviews if i.status is not InterviewStatus.CANCELLED]
        yield answer.at, AFTER_ANSWER, max(len(held), 1)


def _held(plan: Plan) -> list[Interview]:
    """Return the interviews that are not cancelled."""
    interviews = plan.timeline.interviews
    return [i for i in interviews if i.status is not InterviewStatus.CANCELLED]
