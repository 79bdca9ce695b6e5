"""Who is written to: thanks to each interviewer, everything else to the main contact.

Who writes, and how their messages end.

Which noted point goes into which message, so that none is used twice.

A person's points are used in their order: the first in the thank-you, the
second in the first follow-up, the third in the second; later episodes go on
from there. They are the points of the interview that the step is about.
"""

from __future__ import annotations

import functools

import attrs

from afterword.domain.model import (
    Applicant,
    Application,
    Interview,
    InterviewStatus,
    Person,
    StepKind,
)
from afterword.domain.planning.plan import Plan, Step
from afterword.messages.i18n import Language


def find_step_interview(application: Application, interview_id: str) -> Interview:
    """Return the interview of a step."""
    return next(i for i in application.interviews if i.id == interview_id)


def interviewers_in_order(application: Application) -> list[Interview]:
    """Return the interviews that take place, by start."""
    standing = [i for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
    return sorted(standing, key=lambda i: i.start)


# Every title and every message of a plan asks for it.
@functools.lru_cache(maxsize=8)
def main_contact(plan: Plan) -> Person | None:
    """Return the main contact: the stated one, else the latest interview's first interviewer.

    A contact that is stated by name alone takes the address from the
    interviewer of that name.
    """
    application = plan.application
    standing = interviewers_in_order(application) or sorted(
        application.interviews, key=lambda i: i.start
    )
    interviewers = [p for i in reversed(standing) for p in i.interviewers]
    stated = application.contact
    if stated is None:
        return interviewers[0] if interviewers else None
    known = next((p for p in interviewers if is_same_person(p, stated)), None)
    if known is None:
        return stated
    return attrs.evolve(
        stated,
        email=stated.email or known.email,
        phone=stated.phone or known.phone,
        profile=stated.profile or known.profile,
    )


def is_same_person(one: Person, other: Person) -> bool:
    """Whether two entries are about one person: by address, else by name."""
    if one.email and other.email:
        return one.email.casefold() == other.email.casefold()
    return one.name.casefold() == other.name.casefold()


def sending_applicant(application: Application, settings: Applicant) -> Applicant:
    """Return who applies: the application's own applicant, else the user of the settings.

    Where the application names somebody else (a coach's client), nothing of
    the user's own side gets into the message.
    """
    own = application.applicant
    if own is None:
        return settings
    if own.name and own.name != settings.name:
        return own
    return Applicant(
        name=own.name or settings.name,
        email=own.email or settings.email,
        phone=own.phone or settings.phone,
        links=own.links or settings.links,
        signature=own.signature or settings.signature,
    )


def signature(writer: Applicant, language: Language, *, brief: bool) -> str:
    """Return the closing and, line by line below it, who writes and how to reach them."""
    closing = language.tell("Best regards,")
    below = _below(writer, brief=brief)
    if not below:
        return closing.rstrip(",")
    return "\n".join([closing, *below])


def _below(writer: Applicant, *, brief: bool) -> list[str]:
    if brief and writer.name:
        return [writer.name]
    if writer.signature:
        return [writer.signature]
    return [line for line in (writer.name, writer.phone, *writer.links) if line]


_END_MARKS = " .!?;,…"


@attrs.frozen(kw_only=True)
class TalkingPoints:
    """What a message may refer to; empty where nothing was noted."""

    discussed: str = ""
    fit: str = ""


def talking_points(
    application: Application, step: Step, interview: Interview, person: Person | None
) -> TalkingPoints:
    """Return the points of a person for a step."""
    owner = _owner(application, interview, person)
    place = _place(step)
    if owner is None or place is None:
        return TalkingPoints()
    return TalkingPoints(discussed=_at(owner.discussed, place), fit=_at(owner.fit, place))


def _owner(application: Application, interview: Interview, person: Person | None) -> Person | None:
    present = next(
        (p for p in interview.interviewers if person and is_same_person(p, person)), None
    )
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
