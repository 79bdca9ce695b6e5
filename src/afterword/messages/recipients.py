"""The people of a message: its recipient, the applicant, and the points they talked about."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import attrs

from afterword.domain.model import (
    Applicant,
    Application,
    Interview,
    InterviewStatus,
    Person,
    StepKind,
)
from afterword.domain.people import find_person, with_contact_details
from afterword.domain.planning.plan import Plan, Step
from afterword.messages.fact_rules import Slot
from afterword.messages.i18n import Language


def people_of(application: Application) -> list[Person]:
    """Return the interviewers of an application and its contact, as they were entered."""
    people = [person for interview in application.interviews for person in interview.interviewers]
    return [*people, application.contact] if application.contact else people


def interview_by_id(application: Application, interview_id: str) -> Interview:
    """Return the interview of an application that has this id."""
    return next(i for i in application.interviews if i.id == interview_id)


def interviews_not_cancelled(application: Application) -> list[Interview]:
    """Return the interviews that were not cancelled, ordered by start."""
    interviews = [i for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
    return sorted(interviews, key=lambda i: i.start)


# Every title and every message of a plan asks for it.
@functools.lru_cache(maxsize=8)
def main_contact(plan: Plan) -> Person | None:
    """Return the recipient of everything but thank-yous."""
    return contact_of(plan.application)


def contact_of(application: Application) -> Person | None:
    """Return the main contact of an application.

    That is the application's contact, or else the first interviewer of the
    latest interview. A contact without an address gets that of the interviewer
    with the same name.
    """
    interviews = interviews_not_cancelled(application) or sorted(
        application.interviews, key=lambda i: i.start
    )
    interviewers = [p for i in reversed(interviews) for p in i.interviewers]
    contact = application.contact
    if contact is None:
        return interviewers[0] if interviewers else None
    interviewer = find_person(interviewers, contact)
    return with_contact_details(contact, interviewer) if interviewer else contact


def applicant_for(application: Application, user: Applicant) -> Applicant:
    """Return the applicant: the application's own, completed from the user's settings.

    If the application names somebody else (a coach's client), nothing of the
    user's details gets into the message.
    """
    own = application.applicant
    if own is None:
        return user
    if own.name and own.name != user.name:
        return own
    own_details = attrs.asdict(own, recurse=False, filter=lambda _, value: bool(value))
    return attrs.evolve(user, **own_details)


def closing(applicant: Applicant, language: Language, *, name_only: bool) -> str:
    """Return the closing line with the applicant's signature block below it.

    `name_only` leaves out phone and links, as messages other than e-mail do.
    """
    phrase = language.translate("Best regards,")
    if name_only and applicant.name:
        lines = [applicant.name]
    elif applicant.signature:
        lines = [applicant.signature]
    else:
        lines = [line for line in (applicant.name, applicant.phone, *applicant.links) if line]
    return "\n".join([phrase, *lines]) if lines else phrase.rstrip(",")


class TalkingPoint(NamedTuple):
    """A note used by a message, as it was typed.

    `again` is set where an earlier message had it, so that this one puts it in another sentence.
    """

    text: str
    again: bool


TalkingPoints = Mapping[Slot, TalkingPoint]
NO_POINTS: TalkingPoints = MappingProxyType({})


def talking_points(
    application: Application, step: Step, interview: Interview, person: Person | None
) -> TalkingPoints:
    """Return the talking points for a step's message to a person.

    The first point is for the thank-you, the second for the first follow-up,
    the third for the second follow-up; later episodes continue from there. A
    first follow-up for which none is left names the first one again.
    """
    source = _person_with_points(application, interview, person)
    index = _point_index(step)
    if source is None or index is None:
        return NO_POINTS
    repeats = step.kind is StepKind.FIRST
    points = {
        Slot.DISCUSSED: _point_at(source.discussed, index, repeats=repeats),
        Slot.FIT: _point_at(source.fit, index, repeats=repeats),
    }
    return {slot: point for slot, point in points.items() if point is not None}


def _person_with_points(
    application: Application, interview: Interview, person: Person | None
) -> Person | None:
    interviewer = find_person(interview.interviewers, person) if person else None
    if interviewer:
        return interviewer
    if person and (person.discussed or person.fit):
        return person
    # A contact who was not at the interview reads about the points of its first interviewer.
    if person and interview.interviewers and application.contact:
        return interview.interviewers[0]
    return person


def _point_index(step: Step) -> int | None:
    if step.kind is StepKind.THANK_YOU or step.folds_thanks:
        return 0
    if step.kind is StepKind.FIRST:
        return 1 + 2 * step.episode
    if step.kind is StepKind.SECOND:
        return 2 + 2 * step.episode
    return None


def _point_at(points: tuple[str, ...], index: int, *, repeats: bool) -> TalkingPoint | None:
    for number in (index, 0) if repeats else (index,):
        if number < len(points) and (text := points[number].strip()):
            return TalkingPoint(text, again=number != index)
    return None
