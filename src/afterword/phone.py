"""What the facts ask of a calendar, and what a person did there as entries of the log.

The phone can log: a title that begins with a known word, a dragged act, a
deleted event become the entries that a command would have written, at the
moment at which the event was changed. What only concerns the event itself, an
edited text or a bar that was removed, is remembered in the log as well, since
losing machine state must bring nothing back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.core.decisions import Decision, Deleted, Kept, Moved, Refused, Titled
from afterword.core.fields import Field, Fields
from afterword.core.model import (
    Answer,
    Application,
    Entry,
    Event,
    Part,
    Plan,
    State,
    Step,
    StepKind,
)
from afterword.core.reconcile import Wanted
from afterword.drafts.language import Language, language
from afterword.drafts.title_words import TitleWord, word_in

_ANSWERS = {
    TitleWord.ANSWERED: Answer.NEUTRAL,
    TitleWord.POSITIVE: Answer.POSITIVE,
    TitleWord.REJECTED: Answer.REJECTED,
}
_SETTLED = {State.DONE, State.WITHDRAWN}


@attrs.frozen(kw_only=True)
class Place:
    """What an event of ours is about; a reminder around an interview has no step."""

    application: Application
    step: Step | None
    part: Part


def words(reader: Language) -> dict[str, str]:
    """Return the first words of a title that log, in English and the person's language."""
    return {
        word_in(tongue, word).casefold(): word.value
        for tongue in (language("en"), reader)
        for word in TitleWord
    }


def over(reader: Language) -> str:
    """Return what the title of an edited event begins with once it is over."""
    return f"{word_in(reader, TitleWord.ANSWERED)}:"


def places(plans: Iterable[Plan], events: Mapping[str, str]) -> dict[str, Place]:
    """Return what each UID is about; `events` tells of others by application's id."""
    found = {}
    by_id = {}
    for plan in plans:
        by_id[plan.application.id] = plan.application
        for step in plan.steps:
            for part, uid in step.uids.items():
                found[uid] = Place(application=plan.application, step=step, part=Part(part))
    for uid, application in events.items():
        if uid not in found:
            found[uid] = Place(application=by_id[application], step=None, part=Part.FRAME)
    return found


def wanted(
    plans: Iterable[Plan],
    events: Iterable[Event],
    *,
    zone: ZoneInfo,
    take_ours: Collection[str] = (),
) -> Wanted:
    """Return what the facts ask of the calendar, as the person wishes it."""
    plans = tuple(plans)
    of_events = {event.uid: event for event in events}
    steps = [step for plan in plans for step in plan.steps]
    entries = [e for plan in plans for e in plan.application.log if e.event]
    return Wanted(
        events=of_events,
        zone=zone,
        acts={s.uids[Part.ACT] for s in steps if s.state not in _SETTLED},
        known={uid for step in steps for uid in step.uids.values()} | of_events.keys(),
        tombstones=set(_gone(entries)),
        pins=_pins(entries),
        take_ours=take_ours,
    )


def _gone(entries: Iterable[Entry]) -> Iterator[str]:
    last = {entry.event: entry for entry in entries if entry.gone or entry.ours}
    return (uid for uid, entry in last.items() if uid and entry.gone)


def _pins(entries: Iterable[Entry]) -> dict[str, Fields]:
    pins: dict[str, dict[Field, str]] = {}
    for entry in entries:
        uid = entry.event or ""
        if entry.ours:
            pins.pop(uid, None)
        elif entry.field:
            pins.setdefault(uid, {})[Field(entry.field)] = entry.text or ""
    return {uid: fields for uid, fields in pins.items() if fields}


def entry(decision: Decision, place: Place, zone: ZoneInfo) -> Entry | None:
    """Return the entry that a decision of the person makes, or None for what needs none.

    `zone` is the user's: the clock on which the entry is written.
    """
    at = decision.at.astimezone(zone).replace(microsecond=0)
    match decision:
        case Kept(uid=uid, field=field, theirs=theirs):
            return Entry(at=at, event=uid, field=field.value, text=theirs or None)
        case Titled(uid=uid, says=says, title=title) if place.step is None:
            word = TitleWord(says)
            if word in _ANSWERS:
                return Entry(at=at, heard=_ANSWERS[word])
            return Entry(at=at, event=uid, field=Field.SUMMARY.value, text=title)
        case Deleted(uid=uid) if place.step is None or place.part is Part.FRAME:
            return Entry(at=at, event=uid, gone=True)
        case _:
            return _about(decision, place.step, at, zone) if place.step else None


def _about(decision: Decision, step: Step, at: dt.datetime, zone: ZoneInfo) -> Entry | None:
    """Return the entry about a step."""
    match decision:
        case Titled(says=says):
            return _said(TitleWord(says), step, at)
        case Moved(start=start):
            to = start.astimezone(zone) if isinstance(start, dt.datetime) else start
            return Entry(at=at, interview=step.interview, moved=step.kind, to=to)
        case Deleted():
            return Entry(at=at, interview=step.interview, deleted=step.kind)
        case Refused():
            return Entry(at=at, interview=step.interview, restored=step.kind)
        case _:
            return None


def _said(word: TitleWord, step: Step, at: dt.datetime) -> Entry:
    if word in _ANSWERS:
        return Entry(at=at, heard=_ANSWERS[word])
    if word is TitleWord.SKIP:
        return Entry(at=at, interview=step.interview, skipped=step.kind)
    return Entry(at=at, interview=step.interview, sent=step.kind)


def noted(
    decisions: Iterable[Decision], where: Mapping[str, Place], zone: ZoneInfo
) -> dict[str, list[Entry]]:
    """Return the new entries by application's id; what its log has already is left out."""
    found: dict[str, list[Entry]] = {}
    for decision in decisions:
        place = where.get(decision.uid)
        made = entry(decision, place, zone) if place else None
        if place is None or made is None:
            continue
        mine = found.setdefault(place.application.id, [])
        if not any(_same(made, one) for one in (*place.application.log, *mine)):
            mine.append(made)
    return {name: entries for name, entries in found.items() if entries}


def _same(one: Entry, other: Entry) -> bool:
    if not (isinstance(one.at, dt.datetime) and isinstance(other.at, dt.datetime)):
        return one == other
    if other.at.tzinfo is None or one.at.tzinfo is None:
        return one == other
    at = one.at.astimezone(dt.UTC)
    return attrs.evolve(one, at=at) == attrs.evolve(other, at=other.at.astimezone(dt.UTC))


def told(decision: Decision, place: Place) -> str:
    """Return what the person did, in a line for them."""
    company = place.application.company
    name: StepKind | str = place.step.kind if place.step else "a reminder"
    match decision:
        case Titled(title=title):
            return f"{company}: {name}: you wrote {title!r} on the event"
        case Moved(start=start):
            return f"{company}: {name}: you moved the event to {start:%Y-%m-%d %H:%M}"
        case Deleted():
            return f"{company}: {name}: you removed the event"
        case Kept(field=field, ours=None):
            return f"{company}: {name}: the {field} stays as you changed it"
        case Kept(field=field, theirs=theirs, ours=ours):
            return f"{company}: {name}: the {field} stays {theirs!r}; the plan says {ours!r}"
        case Refused():
            return f"{company}: {name}: the server refused the event; it gets a new identity"
