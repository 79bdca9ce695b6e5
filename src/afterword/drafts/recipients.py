"""Who is written to: thanks to each interviewer, everything else to the main contact."""

from __future__ import annotations

import functools

import attrs

from afterword.core.model import Application, Interview, Person, Plan, Status


def interview_of(application: Application, interview_id: str) -> Interview:
    """Return the interview of a step."""
    return next(i for i in application.interviews if i.id == interview_id)


def in_order(application: Application) -> list[Interview]:
    """Return the interviews that take place, by start."""
    standing = [i for i in application.interviews if i.status is not Status.CANCELLED]
    return sorted(standing, key=lambda i: i.start)


# Every title and every message of a plan asks for it.
@functools.lru_cache(maxsize=8)
def contact(plan: Plan) -> Person | None:
    """Return the main contact: the stated one, else the latest interview's first interviewer.

    A contact that is stated by name alone takes the address from the
    interviewer of that name.
    """
    application = plan.application
    standing = in_order(application) or sorted(application.interviews, key=lambda i: i.start)
    interviewers = [p for i in reversed(standing) for p in i.interviewers]
    stated = application.contact
    if stated is None:
        return interviewers[0] if interviewers else None
    known = next((p for p in interviewers if same(p, stated)), None)
    if known is None:
        return stated
    return attrs.evolve(
        stated,
        email=stated.email or known.email,
        phone=stated.phone or known.phone,
        profile=stated.profile or known.profile,
    )


def same(one: Person, other: Person) -> bool:
    """Whether two entries are about one person: by address, else by name."""
    if one.email and other.email:
        return one.email.casefold() == other.email.casefold()
    return one.name.casefold() == other.name.casefold()
