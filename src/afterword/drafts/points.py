"""Which noted point goes into which message, so that none is used twice.

A person's points are used in their order: the first in the thank-you, the
second in the first follow-up, the third in the second; later episodes go on
from there. They are the points of the interview that the step is about.
"""

from __future__ import annotations

import attrs

from afterword.core.model import Application, Interview, Person, Step, StepKind
from afterword.drafts.recipients import same

_END_MARKS = " .!?;,…"


@attrs.frozen(kw_only=True)
class Points:
    """What a message may refer to; empty where nothing was noted."""

    discussed: str = ""
    fit: str = ""


def points(
    application: Application, step: Step, interview: Interview, person: Person | None
) -> Points:
    """Return the points of a person for a step."""
    owner = _owner(application, interview, person)
    place = _place(step)
    if owner is None or place is None:
        return Points()
    return Points(discussed=_at(owner.discussed, place), fit=_at(owner.fit, place))


def _owner(application: Application, interview: Interview, person: Person | None) -> Person | None:
    present = next((p for p in interview.interviewers if person and same(p, person)), None)
    if present:
        return present
    if person and (person.discussed or person.fit):
        return person
    # A contact who was not in the room is told what the room talked about.
    if person and interview.interviewers and application.contact:
        return interview.interviewers[0]
    return person


def _place(step: Step) -> int | None:
    if step.kind is StepKind.THANK_YOU or step.folds_thanks:
        return 0
    if step.kind is StepKind.FIRST:
        return 1 + 2 * step.episode
    if step.kind is StepKind.SECOND:
        return 2 + 2 * step.episode
    return None


def _at(noted: tuple[str, ...], place: int) -> str:
    # The sentence around it has its own full stop.
    return noted[place].strip().rstrip(_END_MARKS) if place < len(noted) else ""
