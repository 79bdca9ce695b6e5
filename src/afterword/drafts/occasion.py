"""The occasion of a message: what it is about, seen from the day it is meant for."""

from __future__ import annotations

import datetime as dt

import attrs

from afterword.core import timing
from afterword.core.model import Interview, Plan, Status, Step, StepKind
from afterword.drafts import recipients
from afterword.drafts.circumstances import Circumstances, circumstances, has_passed
from afterword.drafts.situation import Situation, situation


@attrs.frozen(kw_only=True)
class Occasion:
    """Why a message is written. `on` is the employer's day that it is meant for.

    `step` is None out of the order of the plan; `deadline` is the day by which
    another offer must be answered.
    """

    plan: Plan
    interview: Interview
    situation: Situation
    about: Circumstances
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
        first = self.step and first_of(self.plan, self.step)
        if first is None or first.sent_at is None:
            return None
        return timing.day_of(first.sent_at, self.plan.employer_zone)

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
        if held.status is Status.CANCELLED or held.end.astimezone(dt.UTC) > self.step.send_at:
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
        deadline = self.interview.end + timing.DAY
        return self.step.send_at >= deadline or self.on > timing.day_of(
            deadline, self.plan.employer_zone
        )

    @property
    def next_interview(self) -> Interview | None:
        """The interview after the one that the message is about."""
        later = recipients.in_order(self.plan.application)
        return next((i for i in later if i.start > self.interview.start), None)


def of_step(plan: Plan, step: Step, *, on: dt.date | None = None) -> Occasion:
    """Return the occasion of a step's message, written on the recommended day or on another."""
    about = circumstances(plan, step)
    return Occasion(
        plan=plan,
        interview=recipients.interview_of(plan.application, step.interview),
        situation=situation(step, about),
        about=about,
        on=on or step.recommended,
        step=step,
    )


def first_of(plan: Plan, step: Step) -> Step | None:
    """Return the first follow-up of a step's episode."""
    for other in plan.steps:
        if (
            other.kind is StepKind.FIRST
            and other.episode == step.episode
            and other.interview == step.interview
        ):
            return other
    return None
