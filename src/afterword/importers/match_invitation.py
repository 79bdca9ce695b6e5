"""Match an invitation with the stored interviews, and describe its effect on them.

Its UID identifies the interview. One conversation may also have several invitations: a
scheduler's beside a calendar's, or a new one for an interview that was cancelled.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import attrs

from afterword.domain.model import Application, Interview, InterviewStatus, Person
from afterword.domain.people import find_person, is_same_person
from afterword.importers.invitation.invitation_model import Invitation
from afterword.importers.invitation.mail_domains import domain_of

SAME_START = dt.timedelta(minutes=15)
"""Two invitations whose starts are no further apart may be to one conversation."""

_RESCHEDULED_WITHIN = dt.timedelta(days=60)
_HOLDS_WITHIN = dt.timedelta(days=30)
_LONG_AGO = dt.timedelta(days=30)
# The rest of a link to these is a password or a name, which differs between invitations.
_IDENTIFIED_BY_PATH = ("zoom.us", "zoom.com", "zoomgov.com", "teams.microsoft.com")


@attrs.frozen
class StoredInterview:
    """An interview with its application."""

    application: Application
    interview: Interview


def find_by_invitation(
    applications: Iterable[Application], invitation: Invitation
) -> StoredInterview | None:
    """Return the interview that has the invitation's UID."""
    matches = (s for s in _interviews(applications) if has_uid(s.interview, invitation))
    return next(matches, None)


def has_uid(interview: Interview, invitation: Invitation) -> bool:
    """True if the interview was imported from the invitation."""
    if interview.id == invitation.id:
        return True
    uids = {interview.invitation, *interview.invitations}
    return invitation.uid is not None and invitation.uid in uids


def find_candidates(
    applications: Iterable[Application], invitation: Invitation
) -> list[Application]:
    """Return the applications at the same company, by its name or its mail domain."""
    company = invitation.company.value.casefold() if invitation.company else None
    return [
        a
        for a in applications
        if (company and a.company.casefold() == company)
        or (invitation.domain and invitation.domain in employer_domains(a))
    ]


def find_twin(
    applications: Iterable[Application], invitation: Invitation, *, by_role: bool = False
) -> StoredInterview | None:
    """Return the interview that another invitation to the same conversation was imported for.

    It begins at nearly the same time, and has a person or the link in common; with `by_role` the
    applications are for the invitation's role, which is enough.
    """
    for stored in _interviews(applications):
        if is_simultaneous(stored.interview, invitation) and (
            by_role
            or _shares_people(stored, invitation)
            or _shares_link(stored.interview, invitation)
        ):
            return stored
    return None


def find_part_of(
    applications: Iterable[Application], invitation: Invitation
) -> StoredInterview | None:
    """Return the panel day that the invitation is a part of: with its time and its people."""
    for stored in _interviews(applications):
        panel = stored.interview.interviewers
        if (
            stored.interview.status is InterviewStatus.HELD
            and includes(stored.interview, invitation)
            and invitation.interviewers
            and all(find_person(panel, person) for person in invitation.interviewers)
        ):
            return stored
    return None


def find_rescheduled(
    applications: Iterable[Application],
    invitation: Invitation,
    *,
    now: dt.datetime,
    by_role: bool = False,
) -> StoredInterview | None:
    """Return the cancelled interview that the invitation may give a new time; None if several.

    It shares a person, was to take place about now, and no later one has replaced it.
    """
    matches = [
        stored
        for stored in _interviews(applications)
        if (by_role or _shares_people(stored, invitation))
        and _is_replaceable(stored, invitation, now=now)
    ]
    return matches[0] if len(matches) == 1 else None


def find_hold(
    applications: Iterable[Application], invitation: Invitation, *, by_role: bool = False
) -> StoredInterview | None:
    """Return the tentative interview that a further tentative invitation is an alternative to."""
    for stored in _interviews(applications):
        if (
            invitation.tentative
            and stored.interview.tentative
            and stored.interview.status is InterviewStatus.HELD
            and invitation.start is not None
            and abs(stored.interview.start - invitation.start) <= _HOLDS_WITHIN
            and (by_role or _shares_people(stored, invitation))
        ):
            return stored
    return None


def is_simultaneous(interview: Interview, invitation: Invitation) -> bool:
    """True if both begin at nearly the same time."""
    if invitation.start is None:
        return False
    return abs(interview.start - invitation.start) <= SAME_START


def includes(interview: Interview, invitation: Invitation) -> bool:
    """True for the same times, and for a part of a panel day that is a single interview."""
    if invitation.start is None or invitation.end is None:
        return False
    return interview.start <= invitation.start and invitation.end <= interview.end


def is_from_employer(application: Application, invitation: Invitation) -> bool:
    """True unless the organizer is a stranger to the application, so that it may be a forgery."""
    organizer = invitation.organizer
    people = [*_people(application)]
    if organizer is None or not organizer.email or not any(p.email for p in people):
        return True
    return bool(find_person(people, organizer)) or domain_of(organizer.email) in employer_domains(
        application
    )


def employer_domains(application: Application) -> set[str]:
    """Return the mail domains of everybody in the application."""
    return {domain_of(person.email) for person in _people(application) if person.email}


def _is_replaceable(stored: StoredInterview, invitation: Invitation, *, now: dt.datetime) -> bool:
    """True for a cancelled interview of about now that no later interview has replaced."""
    interview = stored.interview
    return (
        interview.status is InterviewStatus.CANCELLED
        and interview.invitation is not None
        and invitation.start is not None
        and abs(interview.start - invitation.start) <= _RESCHEDULED_WITHIN
        and interview.start > now - _LONG_AGO
        and not any(
            other.status is InterviewStatus.HELD and other.start >= interview.start
            for other in stored.application.interviews
        )
    )


def _interviews(applications: Iterable[Application]) -> Iterator[StoredInterview]:
    for application in applications:
        for interview in application.interviews:
            yield StoredInterview(application, interview)


def _people(application: Application) -> Iterator[Person]:
    if application.contact:
        yield application.contact
    for interview in application.interviews:
        yield from interview.interviewers


def _shares_people(stored: StoredInterview, invitation: Invitation) -> bool:
    stored_people = (*stored.interview.interviewers, stored.application.contact)
    invited = (*invitation.interviewers, *invitation.declined, invitation.organizer)
    return any(is_same_person(a, b) for a in stored_people if a for b in invited if b)


def _shares_link(interview: Interview, invitation: Invitation) -> bool:
    if not interview.link or not invitation.link:
        return False
    return _link_identity(interview.link) == _link_identity(invitation.link)


def _link_identity(link: str) -> str:
    parts = urlsplit(link)
    host = (parts.hostname or "").casefold()
    is_path_enough = any(host == h or host.endswith(f".{h}") for h in _IDENTIFIED_BY_PATH)
    query = "" if is_path_enough else parts.query
    return f"{host}{parts.path.rstrip('/')}?{query}"


class ImportAction(enum.StrEnum):
    """The effect of an imported invitation."""

    ADDED = "added"
    MOVED = "moved"
    CANCELLED = "cancelled"
    UNCHANGED = "unchanged"
    IGNORED = "ignored"


@attrs.frozen(kw_only=True)
class InvitationResult:
    """The effect of an invitation on an application.

    `before` is None for a new application; without a change, `after` is None or equal to it.
    `interview` is the interview's id. `question` is to be asked before a doubtful change is made;
    where nobody can answer, the change is made and the warnings say so. `answered` names the
    fields that the user was asked about, so that they are no guesses.
    """

    action: ImportAction
    invitation: Invitation
    before: Application | None = None
    after: Application | None = None
    interview: str | None = None
    warnings: tuple[str, ...] = ()
    question: str | None = None
    answered: tuple[str, ...] = ()

    @property
    def has_changes(self) -> bool:
        """True if the application has to be saved."""
        return self.after is not None and self.after != self.before


def ignored_result(invitation: Invitation, *reasons: str) -> InvitationResult:
    """Return that the invitation changes nothing, with the reasons as warnings."""
    return InvitationResult(action=ImportAction.IGNORED, invitation=invitation, warnings=reasons)


def declined_result(result: InvitationResult) -> InvitationResult:
    """Return that nothing was changed, because the user answered the question with no."""
    return attrs.evolve(
        result,
        action=ImportAction.IGNORED,
        after=result.before,
        question=None,
        warnings=("nothing was changed, as you answered",),
    )


def stored_result(
    stored: StoredInterview,
    invitation: Invitation,
    *warnings: str,
    action: ImportAction = ImportAction.UNCHANGED,
    after: Application | None = None,
) -> InvitationResult:
    """Return the effect on the interview that the invitation is about; by default there is none."""
    return InvitationResult(
        action=action,
        invitation=invitation,
        before=stored.application,
        after=after or stored.application,
        interview=stored.interview.id,
        warnings=warnings,
    )
