"""What a person did to our events in their calendar, as values for the log.

A title that begins with a known word logs; a dragged act moved its step; an
event that is gone was deleted; everything else that they changed is kept.
Each is told until the facts remember it, so nothing is lost where a run ends
between hearing and noting; an entry that the log already has is told again
with the same `at`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from afterword.domain.merge import fields as f
from afterword.domain.merge.fields import Field, Fields
from afterword.domain.merge.three_way import DesiredState, ObservedEvent, Presence, field_equal
from afterword.domain.model import When

TitleKeywords = Mapping[str, str]
"""First words of a title, in lower case, and what each says: sent, answered, ..."""


@attrs.frozen(kw_only=True)
class KeywordTyped:
    """They began the title with a known word; `says` is its meaning."""

    uid: str
    says: str
    title: str
    at: dt.datetime


@attrs.frozen(kw_only=True)
class Moved:
    """They dragged an act event."""

    uid: str
    start: When
    end: When
    at: dt.datetime


@attrs.frozen(kw_only=True)
class Deleted:
    """They removed an event; it does not come back under this UID."""

    uid: str
    at: dt.datetime


@attrs.frozen(kw_only=True)
class FieldEdited:
    """They changed a field, and it stays so. `ours` is set where the plan changed it too."""

    uid: str
    field: Field
    theirs: str
    ours: str | None
    at: dt.datetime


@attrs.frozen(kw_only=True)
class UidRejected:
    """The server takes no event with this UID (any more): it needs a new generation."""

    uid: str
    at: dt.datetime


@attrs.frozen(kw_only=True)
class Undeleted:
    """They want an event again that they had removed: it is `there`, or the log says so."""

    uid: str
    there: bool
    at: dt.datetime


UserEdit = KeywordTyped | Moved | Deleted | FieldEdited | UidRejected | Undeleted


def detect_user_edits(
    wanted: DesiredState, held: Mapping[str, ObservedEvent], words: TitleKeywords
) -> tuple[UserEdit, ...]:
    """Return what the person did that the facts do not know yet, in the order of `held`.

    Of events that no facts are known of (their file is damaged, say) nothing is
    told: it would be lost.
    """
    known = (one for uid, one in held.items() if uid in wanted.known)
    return tuple(decision for one in known for decision in _of_event(wanted, one, words))


def advance_base(
    wanted: DesiredState, held: ObservedEvent, told: tuple[UserEdit, ...]
) -> ObservedEvent:
    """Return what is held once the facts have taken up what they were told.

    From there on the plan decides again about a time that the log governs, a
    title that was read and what they gave up; where the plan says what they
    say, both agree. Where they keep alarms of theirs, which was ours is noted.
    """
    base = dict(held.base)
    base |= {field: held.theirs[field] for field in held.theirs if _discarded(wanted, held, field)}
    known = held.uid in wanted.known
    for decision in told if known else ():
        if decision.uid == held.uid and isinstance(decision, Moved | KeywordTyped):
            field = Field.TIME if isinstance(decision, Moved) else Field.SUMMARY
            base[field] = held.theirs[field]
    event = wanted.events.get(held.uid)
    if event is not None and held.standing is Presence.HELD:
        plan = wanted.fields[held.uid]
        base |= {field: value for field, value in plan.items() if value == held.theirs[field]}
    away = event is None or held.uid in wanted.tombstones
    return attrs.evolve(
        held,
        base=base,
        our_alarms=_our_alarms(wanted, held),
        forgotten=held.forgotten and not known,
        settled=held.standing is Presence.GONE and (held.settled or (known and away)),
        returned=held.returned and not known,
    )


def _our_alarms(wanted: DesiredState, held: ObservedEvent) -> str | None:
    """Return the alarms that are of our own making, where they are not simply the agreed ones."""
    if held.uid not in wanted.events:
        return held.our_alarms
    if Field.ALARMS not in wanted.pins.get(held.uid, {}):
        return None
    return held.base.get(Field.ALARMS) if held.our_alarms is None else held.our_alarms


def was_discarded(wanted: DesiredState, kept: FieldEdited) -> bool:
    """Tell whether they gave it up since; the same typed again later is a new wish."""
    given_up = wanted.given_up.get(kept.uid)
    if given_up is None or given_up.fields.get(kept.field) != kept.theirs:
        return False
    # The log knows no parts of a second.
    return kept.at.replace(microsecond=0) <= given_up.at


def _discarded(wanted: DesiredState, held: ObservedEvent, field: Field) -> bool:
    theirs = held.theirs[field]
    return was_discarded(
        wanted, FieldEdited(uid=held.uid, field=field, theirs=theirs, ours=None, at=held.at)
    )


def _of_event(
    wanted: DesiredState, held: ObservedEvent, words: TitleKeywords
) -> Iterator[UserEdit]:
    uid, at = held.uid, held.at
    away = uid not in wanted.events or uid in wanted.tombstones
    if held.standing is Presence.GONE:
        if not away:
            yield (
                Undeleted(uid=uid, there=False, at=at) if held.settled else Deleted(uid=uid, at=at)
            )
        return
    if held.standing is not Presence.HELD:
        return
    if held.returned and away:
        yield Undeleted(uid=uid, there=True, at=at)
    titled = _keyword_typed(held, wanted.fields.get(uid, {}), words)
    if titled:
        yield titled
    if not away:
        yield from _changes(wanted, held, titled=titled is not None)


def _changes(wanted: DesiredState, held: ObservedEvent, *, titled: bool) -> Iterator[UserEdit]:
    """Yield what they changed in an event that is wanted, but for a title that was read."""
    uid = held.uid
    for field, value in wanted.fields[uid].items():
        theirs, base = held.theirs[field], held.base.get(field)
        if not _is_news(wanted, held, field):
            continue
        if field is Field.TIME and uid in wanted.acts:
            start, end = f.parse_span(theirs)
            yield Moved(uid=uid, start=start, end=end, at=held.at)
        elif not (field is Field.SUMMARY and (titled or held.silenced)):
            both = value if base is not None and value != base else None
            yield FieldEdited(uid=uid, field=field, theirs=theirs, ours=both, at=held.at)


def _is_news(wanted: DesiredState, held: ObservedEvent, field: Field) -> bool:
    """Tell whether a field is neither as the plan has it, nor as it was, nor given up."""
    theirs, act = held.theirs[field], held.uid in wanted.acts
    known = (wanted.fields[held.uid][field], held.base.get(field))
    if any(field_equal(field, theirs, other, act=act) for other in known):
        return False
    return not _discarded(wanted, held, field)


def _keyword_typed(held: ObservedEvent, plan: Fields, words: TitleKeywords) -> KeywordTyped | None:
    """Return what their title says, unless it may be of our making, or began so before."""
    title = held.theirs[Field.SUMMARY]
    before = held.base.get(Field.SUMMARY, plan.get(Field.SUMMARY))
    if before in {None, title} or held.silenced:
        return None
    word = _first_word(title, words)
    if word is None or word == _first_word(before, words):
        return None
    return KeywordTyped(uid=held.uid, says=words[word], title=title, at=held.at)


def _first_word(title: str, words: TitleKeywords) -> str | None:
    lowered = title.casefold().lstrip()
    for word in sorted(words, key=len, reverse=True):
        rest = lowered.removeprefix(word)
        if rest != lowered and not rest[:1].isalnum():
            return word
    return None
