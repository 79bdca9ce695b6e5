"""Detect the user's edits of planned events in the calendar, as values for the log.

A title that starts with a keyword logs; moving a reminder event moves its step;
a missing event was deleted; every other changed field is an override. An edit
is reported until the log has it, so that nothing is lost if a run ends between
detecting and logging; reported again it has the same `at`.

The log has the overrides so that losing the saved state neither brings back deleted
events nor loses the user's texts. A field stays overridden until the user discards it for
the planned one; discarded fields can be restored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.calendar_model import Field, Fields
from afterword.domain.merge import fields as f
from afterword.domain.merge.fields import TEXTS
from afterword.domain.merge.three_way import (
    DesiredState,
    DiscardedOverrides,
    ObservedEvent,
    Presence,
    without_over_prefix,
)
from afterword.domain.model import LogEntry, When
from afterword.domain.planning import timeline

TitleKeywords = Mapping[str, str]
"""First words of a title in lower case, with their meaning: sent, answered, ..."""


@attrs.frozen(kw_only=True)
class _Edit:
    """An edit of an event, at the time of its last change."""

    uid: str
    at: dt.datetime


@attrs.frozen(kw_only=True)
class KeywordTyped(_Edit):
    """The title was changed to start with a keyword; `says` is its meaning."""

    says: str
    title: str


@attrs.frozen(kw_only=True)
class Moved(_Edit):
    """A reminder event was moved."""

    start: When
    end: When


@attrs.frozen(kw_only=True)
class Deleted(_Edit):
    """An event was deleted; it does not come back under this UID."""


@attrs.frozen(kw_only=True)
class FieldEdited(_Edit):
    """A field was changed, and stays changed; `ours` is set if the plan changed it too."""

    field: Field
    theirs: str
    ours: str | None


@attrs.frozen(kw_only=True)
class MoveIgnored(_Edit):
    """An event was moved by years, as broken clients do; it goes back to where it was."""

    start: When


@attrs.frozen(kw_only=True)
class Undeleted(_Edit):
    """The user wants a deleted event again: it is `there`, or the log has it restored."""

    there: bool


UserEdit = KeywordTyped | Moved | Deleted | FieldEdited | MoveIgnored | Undeleted

_MAX_MOVE = dt.timedelta(days=5 * 366)


def detect_user_edits(
    desired: DesiredState,
    observed: Mapping[str, ObservedEvent],
    keywords: TitleKeywords,
    *,
    over: str,
) -> tuple[UserEdit, ...]:
    """Return the edits that the log does not have yet, in the order of `observed`.

    `over` is the prefix of an edited event's title that is over; what was typed behind it
    is read when the event is planned again. Edits of an event whose application is unknown
    (its file may be damaged) are left for a later run, which can log them.
    """
    loggable = (event for uid, event in observed.items() if uid in desired.possible_uids)
    return tuple(edit for event in loggable for edit in _edits_of(desired, event, keywords, over))


def advance_base(
    desired: DesiredState, observed: ObservedEvent, edits: tuple[UserEdit, ...]
) -> ObservedEvent:
    """Return the event with a new base, after the edits have been logged; itself if unchanged.

    From then on the plan decides again about a time that the log governs, a
    title that was read, and a discarded override; where plan and calendar are
    equal, both agree. If the user has alarms, ours are remembered.
    """
    base = dict(observed.base) | {
        field: theirs
        for field, theirs in observed.theirs.items()
        if desired.has_discarded(observed.uid, field, theirs, observed.at)
    }
    loggable = observed.uid in desired.possible_uids
    for edit in edits if loggable else ():
        if edit.uid == observed.uid and isinstance(edit, Moved | KeywordTyped | MoveIgnored):
            field = Field.SUMMARY if isinstance(edit, KeywordTyped) else Field.TIME
            base[field] = observed.theirs[field]
    event = desired.events.get(observed.uid)
    if event is not None and observed.presence is Presence.PRESENT:
        plan = desired.fields[observed.uid]
        base |= {field: value for field, value in plan.items() if value == observed.theirs[field]}
    unwanted = event is None or observed.uid in desired.tombstones
    advanced = attrs.evolve(
        observed,
        base=base,
        our_alarms=_our_alarms(desired, observed),
        forgotten=observed.forgotten and not loggable,
        deletion_acknowledged=observed.presence is Presence.DELETED
        and (observed.deletion_acknowledged or (loggable and unwanted)),
        reappeared=observed.reappeared and not loggable,
    )
    return observed if advanced == observed else advanced


def _our_alarms(desired: DesiredState, observed: ObservedEvent) -> str | None:
    """Return the alarms that we wrote, None if they are those of the base."""
    if observed.uid not in desired.events:
        return observed.our_alarms
    if Field.ALARMS not in desired.pins.get(observed.uid, {}):
        return None
    return observed.base.get(Field.ALARMS) if observed.our_alarms is None else observed.our_alarms


def _edits_of(
    desired: DesiredState, observed: ObservedEvent, keywords: TitleKeywords, over: str
) -> Iterator[UserEdit]:
    uid, at = observed.uid, observed.at
    unwanted = uid not in desired.events or uid in desired.tombstones
    if observed.presence is Presence.DELETED:
        if not unwanted:
            yield (
                Undeleted(uid=uid, there=False, at=at)
                if observed.deletion_acknowledged
                else Deleted(uid=uid, at=at)
            )
        return
    if observed.presence is not Presence.PRESENT:
        return
    if observed.reappeared and unwanted:
        yield Undeleted(uid=uid, there=True, at=at)
    keyword = _keyword_typed(desired, observed, keywords, over)
    if keyword:
        yield keyword
    if not unwanted:
        yield from _field_edits(desired, observed, title_was_read=keyword is not None)


def _field_edits(
    desired: DesiredState, observed: ObservedEvent, *, title_was_read: bool
) -> Iterator[UserEdit]:
    """Yield the changed fields of a planned event, except for a title read as a log entry."""
    uid = observed.uid
    for field, value in desired.fields[uid].items():
        theirs, base = observed.theirs[field], observed.base.get(field)
        if not _is_new_edit(desired, observed, field):
            continue
        if field is Field.TIME and _is_absurd(theirs, value):
            yield MoveIgnored(uid=uid, start=f.parse_span(theirs)[0], at=observed.at)
        elif field is Field.TIME and uid in desired.reminder_uids:
            start, end = f.parse_span(theirs)
            yield Moved(uid=uid, start=start, end=end, at=observed.at)
        elif not (field is Field.SUMMARY and (title_was_read or observed.marked_over)):
            both = value if base is not None and value != base else None
            yield FieldEdited(uid=uid, field=field, theirs=theirs, ours=both, at=observed.at)


def _is_absurd(theirs: str, planned: str) -> bool:
    """Return True for a time that no plan can have, such as 1 January 1970."""
    days = [
        dt.date(when.year, when.month, when.day)
        for span in (theirs, planned)
        for when in f.parse_span(span)
    ]
    return max(days) - min(days) > _MAX_MOVE


def _is_new_edit(desired: DesiredState, observed: ObservedEvent, field: Field) -> bool:
    """Return True if a field differs from plan and base, and was not discarded."""
    uid, theirs = observed.uid, observed.theirs[field]
    expected = (desired.fields[uid][field], observed.base.get(field))
    if any(desired.is_same(uid, field, theirs, other) for other in expected):
        return False
    return not desired.has_discarded(uid, field, theirs, observed.at)


def _keyword_typed(
    desired: DesiredState, observed: ObservedEvent, keywords: TitleKeywords, over: str
) -> KeywordTyped | None:
    """Return the keyword that the user typed into the title, None if it may not be new."""
    if observed.marked_over and observed.uid not in desired.events:
        return None
    plain = without_over_prefix(observed, over)
    title = plain.theirs[Field.SUMMARY]
    plan = desired.fields.get(observed.uid, {})
    before = plain.base.get(Field.SUMMARY, plan.get(Field.SUMMARY))
    if before in {None, title}:
        return None
    word = _first_word(title, keywords)
    if word is None or word == _first_word(before, keywords):
        return None
    return KeywordTyped(uid=observed.uid, says=keywords[word], title=title, at=observed.at)


def _first_word(title: str, keywords: TitleKeywords) -> str | None:
    lowered = title.casefold().lstrip()
    for word in sorted(keywords, key=len, reverse=True):
        rest = lowered.removeprefix(word)
        if rest != lowered and not rest[:1].isalnum():
            return word
    return None


class Overrides(NamedTuple):
    """Overridden fields (`pins`) and discarded ones, by UID."""

    pins: Mapping[str, Fields]
    discarded: Mapping[str, DiscardedOverrides]


def parse_overrides(
    log: Iterable[LogEntry],
    zone: ZoneInfo,
    interviews: Mapping[str, str] | None = None,
    successors: Mapping[str, str] | None = None,
) -> Overrides:
    """Return the overrides in the log of an application; `zone` is the user's.

    An override of the title ends when a title is read as a log entry; that of a
    time ends when the interview is rescheduled. `interviews` has the interview
    ids by UID, `successors` the UIDs of restored events by their earlier ones: texts of
    the user move along.
    """
    pins: dict[str, dict[Field, str]] = {}
    discarded: dict[str, DiscardedOverrides] = {}
    for entry in log:
        if entry.rescheduled:
            _void_times(pins, entry.interview, interviews or {})
        uid = entry.event
        if uid is None or entry.gone:
            continue
        pinned = pins.setdefault(uid, {})
        before = discarded[uid].fields if uid in discarded else {}
        if entry.ours:
            at = timeline.to_instant(entry.at, (), zone)
            discarded[uid] = DiscardedOverrides(fields={**before, **pins.pop(uid)}, at=at)
        elif entry.field:
            pinned[Field(entry.field)] = entry.text or ""
            successor = (successors or {}).get(uid)
            if successor and Field(entry.field) in TEXTS:
                pins.setdefault(successor, {})[Field(entry.field)] = entry.text or ""
            if uid in discarded:
                rest = {name: text for name, text in before.items() if name != entry.field}
                discarded[uid] = discarded[uid]._replace(fields=rest)
        elif entry.sent or entry.heard or entry.skipped:
            pinned.pop(Field.SUMMARY, None)
    return Overrides(
        pins={uid: fields for uid, fields in pins.items() if fields},
        discarded={uid: event for uid, event in discarded.items() if event.fields},
    )


def _void_times(
    pins: Mapping[str, dict[Field, str]], interview: str | None, interviews: Mapping[str, str]
) -> None:
    """Drop the overridden times of an interview's events, and of events without an interview."""
    for uid, fields in pins.items():
        if interview is None or interviews.get(uid, interview) == interview:
            fields.pop(Field.TIME, None)


def deleted_uids(log: Iterable[LogEntry]) -> set[str]:
    """Return the UIDs of the events that the user deleted."""
    last = {entry.event: entry for entry in log if entry.gone or entry.ours}
    return {uid for uid, entry in last.items() if uid and entry.gone}


def discard_overrides(
    log: Collection[LogEntry], *, now: dt.datetime, zone: ZoneInfo
) -> list[LogEntry]:
    """Return the entries that discard all overrides."""
    overrides = parse_overrides(log, zone)
    at = now.astimezone(zone).replace(microsecond=0)
    return [
        LogEntry(at=at, event=uid, ours=True)
        for uid in sorted(overrides.pins.keys() - deleted_uids(log))
    ]


def restore_overrides(
    log: Collection[LogEntry], *, now: dt.datetime, zone: ZoneInfo
) -> list[LogEntry]:
    """Return the entries that restore the discarded overrides."""
    overrides = parse_overrides(log, zone)
    at = now.astimezone(zone).replace(microsecond=0)
    return [
        LogEntry(at=at, event=uid, field=field.value, text=text or None)
        for uid in sorted(overrides.discarded.keys() - deleted_uids(log))
        for field, text in overrides.discarded[uid].fields.items()
    ]
