"""Missing."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Answer, Application, StepKind, When

if TYPE_CHECKING:
    from afterword.domain.planning.timeline import Timeline


class StepState(enum.StrEnum):
    """Where a step stands; the only thing that `now` decides."""

    UPCOMING = "upcoming"
    OPEN = "open"
    OVERDUE = "overdue"
    LATE = "late"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class UserChoice(enum.StrEnum):
    """What the person decided of a step, by a command or on the phone."""

    MOVED = "moved"
    SKIPPED = "skipped"
    DELETED = "deleted"


@attrs.frozen(kw_only=True)
class TranslatableText:
    """A sentence that can be told in several languages.

    `text` is the English one, with `{name}` for each of `facts`; dates in the
    facts stay dates until the sentence is told. `choice` is what the person
    decided, where the sentence tells of that.
    """

    text: str
    facts: dict[str, str | int | dt.date] = attrs.field(factory=dict, hash=False)
    choice: UserChoice | None = None


@attrs.frozen(kw_only=True)
class Step:
    """One step of the plan. Instants are in UTC, days are the employer's.

    `reason` says where the dates come from, `note` what a person should know
    besides (moved out of its window, rolled to a working day). `sent_at` is
    when it was done. `answer` is the answer that a reply replies to.
    `folds_thanks`: the first follow-up that opens with the thanks that came
    too late to be a step. `unlogged`: the second follow-up whose first has
    neither been logged as sent nor left out, and the day by which a first
    would have been sent. `thanked`: the interviewers of a panel who have been
    thanked while others have not.
    """

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
    uids: dict[str, str] = attrs.field(factory=dict, hash=False)


@attrs.frozen(kw_only=True, eq=False)
class Plan:
    """The steps of one application, ordered by interview, episode and time.

    `zone` is the user's; `history` the facts in order, as they were read for the
    steps. `changed` is the newest `at` or `added` of the facts. No two plans are
    equal, so that what follows from one can be remembered.
    """

    application: Application
    zone: ZoneInfo
    employer_zone: ZoneInfo
    history: Timeline
    steps: tuple[Step, ...]
    changed: dt.datetime | None = None
