"""Follow the events of added interviews in the watched calendars: moves and cancellations.

Each event is compared with its state when it was last read, so that an interview changes only
when its event did: what the user changes here afterwards stays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

import attrs

from afterword.domain.calendar_model import merge_spans
from afterword.domain.model import Application, InterviewStatus
from afterword.domain.planning.plan import StepState
from afterword.errors import AfterwordError, ConflictError, InputError
from afterword.importers import apply_invitation, match_invitation
from afterword.importers.apply_invitation import RevisionOrder, compare_revisions
from afterword.importers.calendar_events import (
    CalendarEvent,
    CalendarReading,
    busy_spans,
    read_calendars,
)
from afterword.importers.invitation.invitation_model import Invitation
from afterword.importers.match_invitation import InvitationResult, StoredInterview
from afterword.services import calendar_sources, suggestions
from afterword.services.calendar_sources import CalendarTexts, ReadRange
from afterword.services.input_files import InvitationHints, own_addresses
from afterword.services.suggestions import event_state
from afterword.services.workspace import Workspace
from afterword.storage.state import calendar_answers
from afterword.storage.state.database import Database

if TYPE_CHECKING:
    from afterword.dav.interface import Calendar

_GONE = "gone"
_HINTS = InvitationHints()
_DAY, _MARGIN = dt.timedelta(days=1), dt.timedelta(days=60)


@attrs.frozen(kw_only=True)
class FollowReport:
    """The changed interviews, those whose events are gone, and the failures.

    `suggestions` counts the events that look like new interviews.
    """

    results: tuple[InvitationResult, ...] = ()
    missing: tuple[StoredInterview, ...] = ()
    failures: tuple[str, ...] = ()
    suggestions: int = 0


def follow_calendars(workspace: Workspace, calendar: Calendar) -> FollowReport:
    """Return the changes in the watched calendars beside the chosen calendar, after saving them.

    An error is a failure in the report, so that the sync goes on. Where a calendar cannot be
    read, the busy times are those of the last time.
    """
    context = workspace.context
    span = suggestions.date_range(context.now, None)
    wide = _range_of_steps(workspace, span)
    texts = _read_watched(calendar, context.settings.watch, wide)
    reading = read_calendars(texts.texts, me=own_addresses(_HINTS, context), zone=context.zone)
    with Database(context.locations.database) as database:
        states = calendar_answers.load_watched(database)
        busy = calendar_answers.load_busy_times(database)
        refused = calendar_answers.load_refused(database)
    if not texts.failures:
        events = [event for event in reading.events if not suggestions.is_ours(event)]
        busy = merge_spans(busy_spans(events, wide.start, wide.end))
    applications = {each.id: each for each in workspace.store.applications().applications}
    follower = _Follower(workspace=workspace, applications=applications, states=states)
    results = tuple(follower.follow(reading.events))
    is_whole = not texts.failures and not reading.unreadable
    missing = tuple(follower.missing(reading.events, span)) if is_whole else ()
    if not workspace.dry_run:
        with Database(context.locations.database) as database:
            calendar_answers.save_watched(database, follower.changed)
            calendar_answers.save_busy_times(database, busy)
    return FollowReport(
        results=results,
        missing=missing,
        failures=(*texts.failures, *follower.failures),
        suggestions=_count_suggestions(reading, follower.applications.values(), refused, span),
    )


def _read_watched(calendar: Calendar, names: Collection[str], span: ReadRange) -> CalendarTexts:
    try:
        return calendar_sources.read_user_calendars(calendar, names, span, strict=False)
    except AfterwordError as error:
        return CalendarTexts(texts=(), names=(), failures=(error.message,))


@attrs.define(kw_only=True)
class _Follower:
    """The applications during a run, and the states of their events before and after it."""

    workspace: Workspace
    applications: dict[str, Application]
    states: dict[str, str]
    changed: dict[str, str] = attrs.field(factory=dict)
    failures: list[str] = attrs.field(factory=list)

    def follow(self, events: Iterable[CalendarEvent]) -> Iterator[InvitationResult]:
        """Yield the results of the events that changed, each saved."""
        stored = suggestions.stored_uids(self.applications.values())
        for event in _newest_copies(event for event in events if event.key in stored):
            if event.facts.recurring:
                continue
            try:
                invitation = suggestions.invitation_of(self.workspace, event, _HINTS)
                if invitation is not None and (result := self._follow(event, invitation)):
                    yield result
            except (InputError, ConflictError) as error:
                self.failures.append(f"{event.facts.title or event.calendar}: {error.message}")

    def missing(
        self, events: Iterable[CalendarEvent], span: ReadRange
    ) -> Iterator[StoredInterview]:
        """Yield each interview to come whose event was there before, and is not any more, once."""
        present = {calendar_answers.event_key(event.key) for event in events}
        for application in self.applications.values():
            for interview in application.interviews:
                key = calendar_answers.event_key(interview.invitation or "")
                is_watched = self.states.get(key, _GONE) != _GONE and key not in present
                is_to_come = self.workspace.context.now < interview.start < span.end
                if is_watched and is_to_come and interview.status is InterviewStatus.HELD:
                    self.changed[key] = _GONE
                    yield StoredInterview(application, interview)

    def _follow(self, event: CalendarEvent, invitation: Invitation) -> InvitationResult | None:
        match = match_invitation.find_by_invitation(self.applications.values(), invitation)
        key, state = calendar_answers.event_key(event.key), event_state(invitation)
        if match is None or self.states.get(key) == state:
            return None
        now = self.workspace.context.local_now
        order = compare_revisions(match.interview, invitation)
        if key in self.states and order is RevisionOrder.SAME:
            # It was changed in the calendar since, by an app that gives it no later date.
            invitation = attrs.evolve(invitation, stamp=_later(match, invitation, now))
        result = apply_invitation.apply_update(match, invitation, now=now)
        saved = self._save(result)
        self.changed[key] = state
        return saved

    def _save(self, result: InvitationResult) -> InvitationResult | None:
        """Return the saved result, None if nothing changed that the user should read."""
        before, after = result.before, result.after
        if before is None or after is None or not result.has_changes:
            return result if result.warnings else None
        saved = self.workspace.save(before, after)
        self.applications[saved.id] = saved
        return attrs.evolve(result, after=saved)


def _newest_copies(events: Iterable[CalendarEvent]) -> list[CalendarEvent]:
    """Return each event once: of copies in several calendars always the same, the newest."""
    newest: dict[str, tuple[object, CalendarEvent]] = {}
    for event in events:
        revisions = ((r.rank(), r.event.text("DTSTART")) for r in event.revisions)
        rank = max(revisions, default=None)
        if event.key not in newest or rank > newest[event.key][0]:  # type: ignore[operator]
            newest[event.key] = rank, event
    return [event for _, event in newest.values()]


def _later(match: StoredInterview, invitation: Invitation, now: dt.datetime) -> dt.datetime:
    """Return a stamp after those of the stored interview and the invitation."""
    stamps = [stamp for stamp in (match.interview.stamp, invitation.stamp) if stamp]
    second = dt.timedelta(seconds=1)
    return max(now.astimezone(dt.UTC), *(s.astimezone(dt.UTC) + second for s in stamps))


def _range_of_steps(workspace: Workspace, span: ReadRange) -> ReadRange:
    """Return the range of the suggestions and of all messages that are not sent."""
    sends = [
        step.send_at
        for plan in map(workspace.plan, workspace.store.applications().applications)
        for step in plan.steps
        if step.sent_at is None and step.state is not StepState.WITHDRAWN
    ]
    return ReadRange(start=min([span.start, *sends]) - _DAY, end=max([span.end, *sends]) + _MARGIN)


def _count_suggestions(
    reading: CalendarReading,
    applications: Collection[Application],
    refused: frozenset[str],
    span: ReadRange,
) -> int:
    stored = suggestions.stored_uids(applications)
    return sum(
        event.key not in stored and calendar_answers.event_key(event.key) not in refused
        for event, _ in suggestions.likely_interviews(reading, applications, span)
    )
