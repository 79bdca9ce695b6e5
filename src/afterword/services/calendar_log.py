"""What the facts ask of a calendar, and what a person did there as entries of the log.

The phone can log: a title that begins with a known word, a dragged act, a
deleted event become the entries that a command would have written, at the
moment at which the event was changed. What only concerns the event itself, an
edited text or a bar that was removed, is remembered in the log as well, since
losing machine state must bring nothing back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.events.event import Event, EventRole
from afterword.domain.merge import overrides
from afterword.domain.merge.fields import Field
from afterword.domain.merge.overrides import Overrides
from afterword.domain.merge.three_way import DesiredState
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    UidRejected,
    Undeleted,
    UserEdit,
)
from afterword.domain.model import Answer, Application, LogEntry
from afterword.domain.planning import timeline
from afterword.domain.planning.plan import Plan, Step, StepState, UserChoice
from afterword.messages.event_title import TitleKeyword, keyword_in
from afterword.messages.i18n import Language, get_language

_ANSWERS = {
    TitleKeyword.ANSWERED: Answer.NEUTRAL,
    TitleKeyword.POSITIVE: Answer.POSITIVE,
    TitleKeyword.REJECTED: Answer.REJECTED,
}
_SETTLED = {StepState.DONE, StepState.WITHDRAWN}
_DAY = dt.timedelta(days=1)


@attrs.frozen(kw_only=True)
class EventOwner:
    """What an event of ours is about; a reminder around an interview has no step."""

    application: Application
    step: Step | None
    part: EventRole


def title_keywords(reader: Language) -> dict[str, str]:
    """Return the first words of a title that log, in English and the person's language."""
    return {
        keyword_in(tongue, word).casefold(): word.value
        for tongue in (get_language("en"), reader)
        for word in TitleKeyword
    }


def over_prefix(reader: Language) -> str:
    """Return what the title of an edited event begins with once it is over."""
    return f"{keyword_in(reader, TitleKeyword.ANSWERED)}:"


def event_owners(plans: Iterable[Plan], events: Mapping[str, str]) -> dict[str, EventOwner]:
    """Return what each UID is about; `events` tells of others by application's id."""
    found = {}
    by_id = {}
    for plan in plans:
        by_id[plan.application.id] = plan.application
        for step in plan.steps:
            for part, uid in step.uids.items():
                found[uid] = EventOwner(
                    application=plan.application, step=step, part=EventRole(part)
                )
    for uid, application in events.items():
        if uid not in found:
            found[uid] = EventOwner(application=by_id[application], step=None, part=EventRole.FRAME)
    return found


def desired_state(
    plans: Iterable[Plan],
    events: Iterable[Event],
    *,
    zone: ZoneInfo,
) -> DesiredState:
    """Return what the facts ask of the calendar, as the person wishes it."""
    plans = tuple(plans)
    of_events = {event.uid: event for event in events}
    steps = [step for plan in plans for step in plan.steps]
    entries = [entry for plan in plans for entry in plan.application.log]
    own = [_own_texts(plan, zone) for plan in plans]
    return DesiredState(
        events=of_events,
        zone=zone,
        reminder_uids={s.uids[EventRole.ACT] for s in steps if s.state not in _SETTLED},
        possible_uids={uid for step in steps for uid in step.uids.values()} | of_events.keys(),
        tombstones=set(overrides.deleted_uids(entries)),
        pins={uid: fields for one in own for uid, fields in one.pins.items()},
        discarded={uid: fields for one in own for uid, fields in one.discarded.items()},
    )


def _own_texts(plan: Plan, zone: ZoneInfo) -> Overrides:
    interviews = {uid: step.interview for step in plan.steps for uid in step.uids.values()}
    return overrides.parse_overrides(plan.application.log, zone, interviews)


def log_entry_for(decision: UserEdit, place: EventOwner, zone: ZoneInfo) -> LogEntry | None:
    """Return the entry that a decision of the person makes, or None for what needs none.

    `zone` is the user's: the clock on which the entry is written.
    """
    at = _on_the_clock(decision.at, zone)
    match decision:
        case FieldEdited(uid=uid, field=field, theirs=theirs):
            return LogEntry(at=at, event=uid, field=field.value, text=theirs or None)
        case KeywordTyped(uid=uid, says=says, title=title):
            said = _said(TitleKeyword(says), place.step, at)
            if said is None:
                return LogEntry(at=at, event=uid, field=Field.SUMMARY.value, text=title)
            return attrs.evolve(said, event=uid)
        case _ if place.step and (place.part is EventRole.ACT or isinstance(decision, UidRejected)):
            return _about(decision, place, place.step, zone)
        case _:
            return _beside(decision, at)


def _on_the_clock(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return at.astimezone(zone).replace(microsecond=0)


def _beside(decision: UserEdit, at: dt.datetime) -> LogEntry | None:
    """Return the entry about an event that is no moment of a step: a bar, a reminder."""
    match decision:
        case Deleted(uid=uid):
            return LogEntry(at=at, event=uid, gone=True)
        case Undeleted(uid=uid, there=True):
            return LogEntry(at=at, event=uid, ours=True)
        case _:
            return None


def _about(decision: UserEdit, place: EventOwner, step: Step, zone: ZoneInfo) -> LogEntry | None:
    """Return the entry about a step."""
    at = _on_the_clock(decision.at, zone)
    about = LogEntry(at=at, interview=step.interview)
    match decision:
        case Moved(start=start):
            to = start.astimezone(zone) if isinstance(start, dt.datetime) else start
            return attrs.evolve(about, moved=step.kind, to=to)
        case Deleted():
            return attrs.evolve(about, deleted=step.kind)
        case Undeleted(there=True) if step.reason.choice is not UserChoice.DELETED:
            return None
        case UidRejected() if _is_new(place.application, step, at, zone):
            return None
        case UidRejected() | Undeleted():
            return attrs.evolve(about, restored=step.kind)
        case _:
            return None


def _is_new(application: Application, step: Step, at: dt.datetime, zone: ZoneInfo) -> bool:
    """Tell whether its event got a new identity within a day, so that another would not help."""
    return any(
        timeline.to_instant(one.at, (), zone) > at - _DAY
        for one in application.log
        if one.restored is step.kind and one.interview in {None, step.interview}
    )


def _said(word: TitleKeyword, step: Step | None, at: dt.datetime) -> LogEntry | None:
    """Return the entry that a title makes.

    None where it says nothing new: of a reminder only an answer can be said,
    and what was sent is not sent again.
    """
    if word in _ANSWERS:
        return LogEntry(at=at, heard=_ANSWERS[word])
    if step is None or (word is TitleKeyword.SENT and step.sent_at not in {None, at}):
        return None
    if word is TitleKeyword.SKIP:
        return LogEntry(at=at, interview=step.interview, skipped=step.kind)
    return LogEntry(at=at, interview=step.interview, sent=step.kind)


def log_entries_for(
    decisions: Iterable[UserEdit], where: Mapping[str, EventOwner], zone: ZoneInfo
) -> dict[str, list[LogEntry]]:
    """Return the new entries by application's id; what its log has already is left out.

    What several events say alike, an answer say, is told once, by the first of them.
    """
    made: dict[str, dict[object, LogEntry]] = {}
    logs: dict[str, tuple[LogEntry, ...]] = {}
    for decision in sorted(decisions, key=lambda one: one.at):
        place = where.get(decision.uid)
        told = log_entry_for(decision, place, zone) if place else None
        if place and told:
            name = place.application.id
            logs[name] = place.application.log
            made.setdefault(name, {}).setdefault(_what(told), told)
    new = {
        name: [one for one in told.values() if not any(_same(one, old) for old in logs[name])]
        for name, told in made.items()
    }
    return {name: entries for name, entries in new.items() if entries}


def _what(entry: LogEntry) -> object:
    """Return what two entries have in common that say the same."""
    said = (entry.sent, entry.heard, entry.skipped, entry.restored)
    return (entry.interview, *said) if any(said) else entry


def _same(one: LogEntry, other: LogEntry) -> bool:
    if other.event is None:
        # Typed by hand, it need not name the event whose title said it.
        one = attrs.evolve(one, event=None)
    if not (isinstance(one.at, dt.datetime) and isinstance(other.at, dt.datetime)):
        return one == other
    if other.at.tzinfo is None or one.at.tzinfo is None:
        return one == other
    at = one.at.astimezone(dt.UTC)
    return attrs.evolve(one, at=at) == attrs.evolve(other, at=other.at.astimezone(dt.UTC))
