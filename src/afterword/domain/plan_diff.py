"""Compare two plans of an application step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterword.domain.model import StepKind, When
from afterword.domain.planning.plan import Plan, Step, StepState

_Key = tuple[str, StepKind, int]


class StepChange(NamedTuple):
    """A step in both plans; None where a plan does not have it."""

    before: Step | None
    after: Step | None

    @property
    def step(self) -> Step:
        """The step of the later plan, else that of the earlier."""
        step = self.after or self.before
        if step is None:
            msg = "a change without a step"
            raise ValueError(msg)
        return step


def diff_plans(before: Plan | None, after: Plan) -> tuple[StepChange, ...]:
    """Return the steps whose dates differ or that were withdrawn or done, in the plan's order."""
    return tuple(_step_changes(before, after))


def without_replaced(changes: Iterable[StepChange]) -> Iterator[StepChange]:
    """Leave out each step that is over where its counterpart for another answer begins.

    An answer withdraws the reply to the answer before it, and its undo brings that back.
    """
    changes = tuple(changes)
    begun = {
        _name(change.step)
        for change in changes
        if change.after is not None
        and change.after.state not in {StepState.DONE, StepState.WITHDRAWN}
    }
    for change in changes:
        is_over = change.after is None or change.after.state is StepState.WITHDRAWN
        if not (is_over and _name(change.step) in begun):
            yield change


def _name(step: Step) -> tuple[str, StepKind, bool]:
    """Return the interview, the kind, and whether the step comes after an answer."""
    return step.interview, step.kind, step.episode > 0 or step.kind is StepKind.REPLY


def _step_changes(before: Plan | None, after: Plan) -> Iterator[StepChange]:
    old = {_key(step): step for step in before.steps} if before else {}
    new = {_key(step): step for step in after.steps}
    for key, step in new.items():
        if key not in old or _dates_and_fate(old[key]) != _dates_and_fate(step):
            yield StepChange(before=old.get(key), after=step)
    for key, step in old.items():
        if key not in new:
            yield StepChange(before=step, after=None)


def _key(step: Step) -> _Key:
    return step.interview, step.kind, step.episode


def _dates_and_fate(step: Step) -> tuple[When, When, When, bool, object]:
    return (
        step.opens,
        step.closes,
        step.send_at,
        step.state is StepState.WITHDRAWN,
        step.sent_at,
    )
