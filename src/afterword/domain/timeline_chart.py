"""The marks of an application on a timeline: interviews, answers, steps with their windows.

A terminal and a page draw the same marks, so the days are decided here: they are the
employer's, as in the plan. Withdrawn steps and cancelled interviews have no marks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.model import Answer, InterviewStatus, StepKind
from afterword.domain.planning.plan import Plan, Step, StepState


@attrs.frozen(kw_only=True)
class TimelineMark:
    """A mark from `first` to `last`, both inclusive, with its main `day`.

    It is an interview, or has an `answer` or a `step`. The day of a step is the one on which
    it was sent, else the recommended one; `done` is also true for a past interview. `at` is the
    moment of the main day, `interview` the id that it belongs to, `planned` the step in the plan.
    """

    first: dt.date
    last: dt.date
    day: dt.date
    at: dt.datetime
    interview: str
    answer: Answer | None = None
    step: StepKind | None = None
    state: StepState | None = None
    planned: Step | None = None
    done: bool = False


def timeline_marks(plan: Plan, *, now: dt.datetime) -> tuple[TimelineMark, ...]:
    """Return the marks of an application, in the order of their first days."""
    marks = (*_interview_marks(plan, now), *_answer_marks(plan), *_step_marks(plan))
    return tuple(sorted(marks, key=lambda mark: (mark.first, mark.day, mark.last)))


def timeline_span(marks: Iterable[TimelineMark]) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of marks, None without any."""
    days = [day for mark in marks for day in (mark.first, mark.last)]
    return (min(days), max(days)) if days else None


def _interview_marks(plan: Plan, now: dt.datetime) -> Iterator[TimelineMark]:
    for interview in plan.timeline.interviews:
        if interview.status is not InterviewStatus.CANCELLED:
            day = plan.employer_day(interview.start)
            yield TimelineMark(
                first=day,
                last=plan.employer_day(interview.end),
                day=day,
                at=interview.start,
                interview=interview.id,
                done=interview.end <= now,
            )


def _answer_marks(plan: Plan) -> Iterator[TimelineMark]:
    for logged in plan.timeline.answers:
        yield TimelineMark(
            first=logged.day,
            last=logged.day,
            day=logged.day,
            at=logged.at,
            interview=plan.timeline.interviews[logged.interview].id,
            answer=logged.entry.heard,
            done=True,
        )


def _step_marks(plan: Plan) -> Iterator[TimelineMark]:
    for step in plan.steps:
        if step.state is not StepState.WITHDRAWN:
            first, last = plan.employer_day(step.opens), plan.employer_day(step.closes)
            day = plan.employer_day(step.sent_at or step.recommended)
            yield TimelineMark(
                first=min(first, day),
                last=max(last, day),
                day=day,
                at=step.sent_at or step.send_at,
                interview=step.interview,
                step=step.kind,
                state=step.state,
                planned=step,
                done=step.sent_at is not None,
            )
