"""Suggest the events that look like interviews, but those that are stored or refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator

import attrs

from afterword.domain.build_events import CATEGORIES
from afterword.domain.model import Application
from afterword.domain.uids import UID_PATTERN
from afterword.errors import InputError, UsageError
from afterword.importers import match_invitation
from afterword.importers.calendar_events import (
    CalendarEvent,
    CalendarReading,
    read_calendars,
)
from afterword.importers.interview_score import InterviewScore, StoredCompany, score_event
from afterword.importers.invitation.invitation_model import Invitation, NeedsAnswerError
from afterword.importers.invitation.invitation_reader import ReaderHints, build_invitations
from afterword.importers.invitation.mail_domains import is_shared
from afterword.services.calendar_sources import CalendarTexts, ReadRange
from afterword.services.input_files import InvitationHints, own_addresses, parse_start
from afterword.services.workspace import Workspace
from afterword.storage.state import calendar_answers
from afterword.storage.state.database import Database

DAYS_BACK, DAYS_AHEAD = 21, 90
"""The days that are read by default: after three weeks there is nothing more to write."""

_OUR_UID = re.compile(UID_PATTERN)


@attrs.frozen(kw_only=True)
class Suggestion:
    """An event that looks like an interview.

    `invitation` is None if its start is not stated, such as that of an all-day event.
    `application` is the id of the application at the same company, if there is one only.
    """

    event: CalendarEvent
    score: InterviewScore
    invitation: Invitation | None
    application: str | None

    @property
    def uid(self) -> str:
        """Return the UID of the event."""
        return self.event.key


@attrs.frozen(kw_only=True)
class SuggestionReport:
    """The suggestions by date, the number of refused events, and unreadable texts."""

    suggestions: tuple[Suggestion, ...]
    refused: int
    unreadable: tuple[str, ...]


def date_range(now: dt.datetime, days: int | None) -> ReadRange:
    """Return the range that is read: `days` back and ahead, else the default."""
    back = dt.timedelta(days=DAYS_BACK if days is None else days)
    ahead = dt.timedelta(days=DAYS_AHEAD if days is None else days)
    return ReadRange(start=now - back, end=now + ahead)


def suggest_interviews(
    workspace: Workspace,
    texts: CalendarTexts,
    span: ReadRange,
    hints: InvitationHints,
    *,
    refused_too: bool = False,
) -> SuggestionReport:
    """Return the events in the range that look like interviews; nothing is stored.

    With `refused_too` also those that the user refused.
    """
    context = workspace.context
    me = own_addresses(hints, context)
    reading = read_calendars(texts.texts, me=me, zone=hints.employer_zone or context.zone)
    with Database(context.locations.database) as database:
        refused = calendar_answers.load_refused(database)
    applications = workspace.applications()
    suggestions: dict[str, Suggestion] = {}
    refusals = 0
    for event, score in likely_interviews(reading, applications, span):
        if event.key in suggestions:
            continue
        if not refused_too and calendar_answers.event_key(event.key) in refused:
            refusals += 1
            continue
        if suggestion := _suggestion(workspace, event, score, applications, hints):
            suggestions[event.key] = suggestion
    ordered = sorted(suggestions.values(), key=_start_key)
    return SuggestionReport(
        suggestions=tuple(ordered), refused=refusals, unreadable=reading.unreadable
    )


def likely_interviews(
    reading: CalendarReading, applications: Iterable[Application], span: ReadRange
) -> Iterator[tuple[CalendarEvent, InterviewScore]]:
    """Yield the events in the range that look like interviews, with their scores."""
    companies = _stored_companies(applications)
    for event in reading.events:
        if _is_candidate(event, span):
            score = score_event(event.facts, companies)
            if score.is_likely:
                yield event, score


def _is_candidate(event: CalendarEvent, span: ReadRange) -> bool:
    """True if an event may be suggested: in the range, not cancelled, and not ours."""
    if event.day is None or event.cancelled or is_ours(event):
        return False
    return span.start.date() <= event.day <= span.end.date()


def is_ours(event: CalendarEvent) -> bool:
    """True for an event that this program wrote, also where a server copied it into an export."""
    categories = (r.event.text("CATEGORIES") for r in event.revisions)
    return bool(_OUR_UID.fullmatch(event.key)) and CATEGORIES[0] in categories


def _stored_companies(applications: Iterable[Application]) -> list[StoredCompany]:
    companies = []
    for application in applications:
        domains = match_invitation.employer_domains(application)
        own = frozenset(domain for domain in domains if not is_shared(domain))
        companies.append(
            StoredCompany(name=application.company, domains=own, application=application.id)
        )
    return companies


def invitation_of(
    workspace: Workspace, event: CalendarEvent, hints: InvitationHints
) -> Invitation | None:
    """Return the event as an invitation, None if it needs a start that is not in the hints.

    Raises InputError for an event that cannot be read.
    """
    context = workspace.context
    reader_hints = ReaderHints(
        me=own_addresses(hints, context),
        employer_zone=hints.employer_zone or context.zone,
        at=parse_start(hints, context),
    )
    source = event.facts.title or event.calendar
    try:
        reading = build_invitations(
            event.revisions, source=source, hints=reader_hints, max_events=1, notices=()
        )
    except NeedsAnswerError:
        return None
    return reading.invitations[0]


def refuse_suggestion(workspace: Workspace, suggestion: Suggestion) -> None:
    """Save that an event is no interview, so that it is not suggested again."""
    if not workspace.dry_run:
        with Database(workspace.context.locations.database) as database:
            calendar_answers.save_refusal(database, suggestion.uid)


def select_suggestions(
    suggestions: Collection[Suggestion], uids: Collection[str]
) -> list[Suggestion]:
    """Return the suggestions with the UIDs. Raises UsageError for any other UID."""
    by_uid = {suggestion.uid: suggestion for suggestion in suggestions}
    unknown = [uid for uid in uids if uid not in by_uid]
    if unknown:
        raise UsageError(
            f"no suggestion has the UID {unknown[0]!r}; `afterword find --json` lists them"
        )
    return [by_uid[uid] for uid in uids]


def _suggestion(
    workspace: Workspace,
    event: CalendarEvent,
    score: InterviewScore,
    applications: Collection[Application],
    hints: InvitationHints,
) -> Suggestion | None:
    """Return the suggestion, None for an interview that is stored already."""
    invitation = None
    with contextlib.suppress(InputError):
        # An --at is for the event that is added, not for all of them.
        invitation = invitation_of(workspace, event, hints._replace(at=None))
    if invitation is None:
        if event.key in stored_uids(applications):
            return None
        return Suggestion(event=event, score=score, invitation=None, application=None)
    candidates = match_invitation.find_candidates(applications, invitation)
    interviews = [interview for each in candidates for interview in each.interviews]
    if (
        match_invitation.find_by_invitation(applications, invitation)
        or match_invitation.find_twin(applications, invitation)
        or any(match_invitation.is_simultaneous(each, invitation) for each in interviews)
    ):
        return None
    application = candidates[0].id if len(candidates) == 1 else None
    return Suggestion(event=event, score=score, invitation=invitation, application=application)


def stored_uids(applications: Iterable[Application]) -> set[str | None]:
    """Return the UIDs of the events that interviews were added from."""
    interviews = [i for application in applications for i in application.interviews]
    return {uid for i in interviews for uid in (i.invitation, *i.invitations) if uid}


def _start_key(suggestion: Suggestion) -> tuple[dt.date, float, str]:
    invitation, day = suggestion.invitation, suggestion.event.day or dt.date.min
    start = invitation.start.timestamp() if invitation and invitation.start else 0.0
    return day, start, suggestion.uid


def event_state(invitation: Invitation) -> str:
    """Return the part of an event that moves or cancels its interview."""
    status = "cancelled" if invitation.cancelled else "held"
    times = (invitation.start, invitation.end)
    moments = [time.astimezone(dt.UTC).isoformat() if time else "-" for time in times]
    return " ".join((*moments, status, invitation.location or "", invitation.link or ""))


def save_event_state(workspace: Workspace, uid: str, invitation: Invitation) -> None:
    """Save the state of an event whose interview was added, which is no refused event then."""
    if workspace.dry_run:
        return
    with Database(workspace.context.locations.database) as database:
        key = calendar_answers.event_key(uid)
        calendar_answers.save_watched(database, {key: event_state(invitation)})
        calendar_answers.forget_refusal(database, uid)
