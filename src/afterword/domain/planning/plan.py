"""The plan of an application: its steps with dates, states and reasons; changes between two."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import Answer, Application, StepKind, When
from afterword.domain.planning.timeline import Timeline
from afterword.domain.uids import event_uids


class StepState(enum.StrEnum):
    """The state of a step; the only part of a plan that depends on the current time."""

    UPCOMING = "upcoming"
    OPEN = "open"
    OVERDUE = "overdue"
    LATE = "late"
    DONE = "done"
    WITHDRAWN = "withdrawn"


DUE_STATES = frozenset({StepState.OPEN, StepState.LATE, StepState.OVERDUE})
"""The states of a step that may be done now."""
LIVE_STATES = DUE_STATES | {StepState.UPCOMING}
"""The states of a step that is still to be done."""


class UserChoice(enum.StrEnum):
    """The user's own decision about a step, made by a command or in the calendar."""

    MOVED = "moved"
    SKIPPED = "skipped"
    DELETED = "deleted"


@attrs.frozen
class TranslatableText:
    """A message id of the translation catalogue with its arguments.

    `text` is the English text, with `{name}` for each of `arguments`. Dates in
    the arguments are formatted when the text is translated. `choice` is set
    where the text states a decision of the user.
    """

    text: str
    arguments: dict[str, str | int | dt.date] = attrs.field(factory=dict, hash=False)
    choice: UserChoice | None = attrs.field(default=None, kw_only=True)


@attrs.frozen(kw_only=True, eq=False)
class Step:
    """A step of the plan. Instants are in UTC, days are the employer's.

    `reason` explains the dates; `note` warns that the user moved the step out
    of its window. `sent_at` is when it was done. `answer` is the answer that a
    reply replies to.
    `folds_thanks` is set on a first follow-up that opens with thanks, because
    it was too late for a thank-you. `unlogged` is set on a second follow-up
    whose first is neither logged as sent nor left out: the last day on which
    the user may have sent the first. `thanked` lists the interviewers of a
    panel who have been thanked while others have not. `generation` counts how often
    its deleted event was restored. Steps compare by identity, as plans do.
    """

    application: str
    interview: str
    kind: StepKind
    episode: int
    state: StepState
    opens: When
    closes: When
    recommended: dt.date
    send_at: dt.datetime
    sent_at: dt.datetime | None = None
    reason: TranslatableText
    note: TranslatableText | None = None
    answer: Answer | None = None
    folds_thanks: bool = False
    unlogged: dt.date | None = None
    thanked: tuple[str, ...] = ()
    generation: int = 0

    # With a `cached_property` attrs would make a class whose attributes are all read slowly.
    @property
    def uids(self) -> dict[str, str]:
        """The UIDs of its events; commands that show no events do not need them."""
        return event_uids(
            self.application, self.interview, self.kind, self.episode, self.generation
        )


@attrs.frozen(kw_only=True, eq=False)
class Plan:
    """The steps of an application, ordered by interview, episode and time.

    `zone` is the user's, `employer_zone` the one that days are counted in.
    `timeline` is the log that the steps were derived from. `changed` is the
    newest `at` or `added` of the application. Plans compare by identity, so
    that values derived from one can be cached.
    """

    application: Application
    zone: ZoneInfo
    employer_zone: ZoneInfo
    timeline: Timeline
    steps: tuple[Step, ...]
    changed: dt.datetime | None = None

    def employer_day(self, when: When) -> dt.date:
        """Return the employer's day of an instant; a day stays the same."""
        return datemath.day_of(when, self.employer_zone) if isinstance(when, dt.datetime) else when


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
    old = {_key(step): step for step in before.steps} if before else {}
    new = {_key(step): step for step in after.steps}
    changed = (
        StepChange(before=old.get(key), after=step)
        for key, step in new.items()
        if key not in old or _dates_and_fate(old[key]) != _dates_and_fate(step)
    )
    removed = (StepChange(before=step, after=None) for key, step in old.items() if key not in new)
    return (*changed, *removed)


def without_replaced(changes: Iterable[StepChange]) -> Iterator[StepChange]:
    """Leave out each step that is over where its counterpart for another answer begins.

    An answer withdraws the reply to the answer before it, and its undo brings that back.
    """
    changes = tuple(changes)
    begun = {
        _name(change.step)
        for change in changes
        if change.after is not None and change.after.state in LIVE_STATES
    }
    for change in changes:
        is_over = change.after is None or change.after.state is StepState.WITHDRAWN
        if not (is_over and _name(change.step) in begun):
            yield change


def _name(step: Step) -> tuple[str, StepKind, bool]:
    """Return the interview, the kind, and whether the step comes after an answer."""
    return step.interview, step.kind, step.episode > 0 or step.kind is StepKind.REPLY


def _key(step: Step) -> tuple[str, StepKind, int]:
    return step.interview, step.kind, step.episode


def _dates_and_fate(step: Step) -> tuple[When, When, When, bool, object]:
    return (
        step.opens,
        step.closes,
        step.send_at,
        step.state is StepState.WITHDRAWN,
        step.sent_at,
    )
