"""The desired state of a calendar, and the user's edits in it as log entries.

A title that begins with a keyword, a moved reminder event and a deleted event become the log
entries that a command would have written, at the time of the edit. An edit of the event alone,
such as a changed text or a deleted window event, is logged too: if the machine state is lost,
nothing may come back that the user removed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import uids
from afterword.domain.calendar_model import Event, EventRole, Field
from afterword.domain.merge import fields, user_edits
from afterword.domain.merge.three_way import DesiredState
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    Overrides,
    Undeleted,
    UserEdit,
)
from afterword.domain.model import Answer, Application, LogEntry
from afterword.domain.planning.plan import Plan, Step, StepState, UserChoice
from afterword.messages.event_title import TitleKeyword
from afterword.messages.i18n import Language, get_language

_ANSWERS = {
    TitleKeyword.ANSWERED: Answer.NEUTRAL,
    TitleKeyword.POSITIVE: Answer.POSITIVE,
    TitleKeyword.REJECTED: Answer.REJECTED,
}
_MAX_RESTORED = 16
_SETTLED = {StepState.DONE, StepState.WITHDRAWN}


class EventOwner(NamedTuple):
    """The application and the step of an event; a reminder around an interview has no step."""

    application: Application
    step: Step | None
    role: EventRole


def title_keywords(reader: Language) -> dict[str, str]:
    """Return the first words of a title that log something, in English and the user's language."""
    return {
        language.translate(keyword.value).casefold(): keyword.value
        for language in (get_language("en"), reader)
        for keyword in TitleKeyword
    }


def over_prefix(reader: Language) -> str:
    """Return the prefix of the title of an edited event that is over."""
    return f"{reader.translate(TitleKeyword.ANSWERED.value)}:"


def event_owners(
    plans: Iterable[Plan], application_ids: Mapping[str, str]
) -> dict[str, EventOwner]:
    """Return the owner of each event by UID; `application_ids` has those of all events."""
    owners = {}
    applications = {}
    for plan in plans:
        applications[plan.application.id] = plan.application
        for step in plan.steps:
            for role, uid in step.uids.items():
                owners[uid] = EventOwner(plan.application, step, EventRole(role))
    for uid, id in application_ids.items():
        if uid not in owners:
            owners[uid] = EventOwner(applications[id], None, EventRole.FRAME)
    return owners


def _owner_marks(owners: Mapping[str, EventOwner]) -> dict[str, str]:
    """Return the mark of each event, computed once for all events of an interview."""
    by_interview: dict[tuple[str, str | None], str] = {}
    marks = {}
    for uid, owner in owners.items():
        key = (owner.application.id, owner.step.interview if owner.step else None)
        if key not in by_interview:
            by_interview[key] = owner_mark(owner)
        marks[uid] = by_interview[key]
    return marks


def owner_mark(owner: EventOwner) -> str:
    """Return the mark by which an event differs from that of another application with this id."""
    application = owner.application
    names = (application.company.casefold(), application.role.casefold())
    interview = owner.step and owner.step.interview
    moved = any(
        entry.rescheduled and entry.interview in {None, interview} for entry in application.log
    )
    starts = [each.start for each in application.interviews if each.id == interview]
    start = starts[0].astimezone(dt.UTC).isoformat() if starts and not moved else None
    return fields.owner_mark(names, start)


def desired_state(
    plans: Iterable[Plan],
    events: Iterable[Event],
    owners: Mapping[str, EventOwner],
    *,
    zone: ZoneInfo,
) -> DesiredState:
    """Return the events that the calendar should have, with the user's overrides of them."""
    plans = tuple(plans)
    events_by_uid = {event.uid: event for event in events}
    steps = [step for plan in plans for step in plan.steps]
    entries = [entry for plan in plans for entry in plan.application.log]
    overrides_by_plan = [_parse_overrides(plan, zone) for plan in plans if plan.application.log]
    return DesiredState(
        events=events_by_uid,
        zone=zone,
        reminder_uids={s.uids[EventRole.ACT] for s in steps if s.state not in _SETTLED},
        possible_uids={uid for step in steps for uid in step.uids.values()} | events_by_uid.keys(),
        tombstones=set(user_edits.deleted_uids(entries)),
        pins={uid: fields for each in overrides_by_plan for uid, fields in each.pins.items()},
        discarded={
            uid: fields for each in overrides_by_plan for uid, fields in each.discarded.items()
        },
        owners={uid: owner.application.id for uid, owner in owners.items()},
        owner_marks=_owner_marks(owners),
        withdrawals={
            uid: count
            for uid, owner in owners.items()
            if (count := sum(entry.reopened for entry in owner.application.log))
        },
    )


def _parse_overrides(plan: Plan, zone: ZoneInfo) -> Overrides:
    interviews = {uid: step.interview for step in plan.steps for uid in step.uids.values()}
    return user_edits.parse_overrides(plan.application.log, zone, interviews, _successors(plan))


def _successors(plan: Plan) -> dict[str, str]:
    """Return the current UIDs of restored events by their earlier ones."""
    successors: dict[str, str] = {}
    for step in plan.steps:
        earlier: dict[str, str] = {}
        for generation in range(_MAX_RESTORED):
            before = uids.event_uids(
                plan.application.id, step.interview, step.kind, step.episode, generation
            )
            if before == dict(step.uids):
                successors |= earlier
                break
            earlier |= {uid: step.uids[role] for role, uid in before.items() if role in step.uids}
    return successors


def log_entry_for(edit: UserEdit, owner: EventOwner, zone: ZoneInfo) -> LogEntry | None:
    """Return the log entry for an edit, or None if it needs none.

    `zone` is the user's, in which the entry's time is written.
    """
    at = edit.at.astimezone(zone).replace(microsecond=0)
    match edit:
        case FieldEdited(uid=uid, field=field, theirs=theirs):
            return LogEntry(at=at, event=uid, field=field.value, text=theirs or None)
        case KeywordTyped(uid=uid, says=keyword, title=title):
            entry = _keyword_entry(TitleKeyword(keyword), owner.step, at)
            if entry is None:
                return LogEntry(at=at, event=uid, field=Field.SUMMARY.value, text=title)
            return attrs.evolve(entry, event=uid)
        case _:
            # Only the reminder event stands for its step.
            step = owner.step if owner.role is EventRole.ACT else None
            return _event_entry(edit, step, at)


def _event_entry(edit: UserEdit, step: Step | None, at: dt.datetime) -> LogEntry | None:
    """Return the entry for a moved, deleted or restored event; `step` is that of a reminder."""
    match edit:
        case Moved(start=start) if step:
            to = start.astimezone(at.tzinfo) if isinstance(start, dt.datetime) else start
            return LogEntry(at=at, interview=step.interview, moved=step.kind, to=to)
        case Deleted() if step and step.state is not StepState.DONE:
            return LogEntry(at=at, interview=step.interview, deleted=step.kind)
        case Deleted(uid=uid):
            return LogEntry(at=at, event=uid, gone=True)
        case Undeleted(uid=uid, there=True) if step is None:
            return LogEntry(at=at, event=uid, ours=True)
        case Undeleted(there=True) if step and step.reason.choice is UserChoice.DELETED:
            return LogEntry(at=at, interview=step.interview, restored=step.kind)
        case _:
            return None


def _keyword_entry(keyword: TitleKeyword, step: Step | None, at: dt.datetime) -> LogEntry | None:
    """Return the entry for a keyword in a title, or None if it logs nothing new.

    In the title of a reminder around an interview only an answer counts, and a message that
    is logged as sent is not logged again.
    """
    if keyword in _ANSWERS:
        return LogEntry(at=at, heard=_ANSWERS[keyword])
    if step is None or (keyword is TitleKeyword.SENT and step.sent_at not in {None, at}):
        return None
    if keyword is TitleKeyword.SKIP:
        return LogEntry(at=at, interview=step.interview, skipped=step.kind)
    return LogEntry(at=at, interview=step.interview, sent=step.kind)


def log_entries_for(
    edits: Iterable[UserEdit], owners: Mapping[str, EventOwner], zone: ZoneInfo
) -> dict[str, list[LogEntry]]:
    """Return the new log entries by application id, without those that its log has already.

    Edits of several events may mean the same, an answer for example: the first is logged.
    """
    new: dict[str, dict[object, LogEntry]] = {}
    logs: dict[str, tuple[LogEntry, ...]] = {}
    for edit in sorted(edits, key=lambda edit: edit.at):
        owner = owners.get(edit.uid)
        entry = log_entry_for(edit, owner, zone) if owner else None
        if owner and entry:
            id = owner.application.id
            logs[id] = owner.application.log
            new.setdefault(id, {}).setdefault(_meaning(entry), entry)
    missing = {
        id: [e for e in entries.values() if not any(_is_same(e, old) for old in logs[id])]
        for id, entries in new.items()
    }
    return {id: entries for id, entries in missing.items() if entries}


def _meaning(entry: LogEntry) -> object:
    """Return a key that is equal for entries with the same meaning."""
    events = (entry.sent, entry.heard, entry.skipped, entry.restored)
    return (entry.interview, *events) if any(events) else entry


def _is_same(entry: LogEntry, logged: LogEntry) -> bool:
    if logged.event is None:
        # An entry typed by hand need not name the event whose title it matches.
        entry = attrs.evolve(entry, event=None)
    return _in_utc(entry) == _in_utc(logged)


def _in_utc(entry: LogEntry) -> LogEntry:
    """Return the entry with its instant in UTC: in two zones, those of a repeated hour differ."""
    if not isinstance(entry.at, dt.datetime) or entry.at.tzinfo is None:
        return entry
    return attrs.evolve(entry, at=entry.at.astimezone(dt.UTC))
