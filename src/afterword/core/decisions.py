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

from afterword.core import fields as f
from afterword.core.fields import Field, Fields
from afterword.core.model import When
from afterword.core.reconcile import Held, Standing, Wanted, same

Words = Mapping[str, str]
"""First words of a title, in lower case, and what each says: sent, answered, ..."""


@attrs.frozen(kw_only=True)
class Titled:
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
class Kept:
    """They changed a field, and it stays so. `ours` is set where the plan changed it too."""

    uid: str
    field: Field
    theirs: str
    ours: str | None
    at: dt.datetime


@attrs.frozen(kw_only=True)
class Refused:
    """The server takes no event with this UID (any more): it needs a new generation."""

    uid: str
    at: dt.datetime


Decision = Titled | Moved | Deleted | Kept | Refused


def heard(wanted: Wanted, held: Mapping[str, Held], words: Words) -> tuple[Decision, ...]:
    """Return what the person did that the facts do not know yet, in the order of `held`."""
    return tuple(decision for one in held.values() for decision in _of_event(wanted, one, words))


def agreed(wanted: Wanted, held: Held, told: tuple[Decision, ...]) -> Held:
    """Return what is held once the facts have taken up what they were told.

    From there on the plan decides again about a time that the log governs and
    a title that was read; where the plan says what they say, both agree. Not so
    on alarms that are kept as theirs: which of them was ours is not forgotten.
    """
    base = dict(held.base)
    for decision in told:
        if decision.uid == held.uid and isinstance(decision, Moved | Titled):
            field = Field.TIME if isinstance(decision, Moved) else Field.SUMMARY
            base[field] = held.theirs[field]
    event = wanted.events.get(held.uid)
    if event is not None and held.standing is Standing.HELD:
        plan = wanted.fields[held.uid]
        theirs = {Field.ALARMS} & set(wanted.pins.get(held.uid, {}))
        base |= {
            field: value
            for field, value in plan.items()
            if value == held.theirs[field] and field not in theirs
        }
    return held if base == held.base else attrs.evolve(held, base=base)


def _of_event(wanted: Wanted, held: Held, words: Words) -> Iterator[Decision]:
    uid, at = held.uid, held.at
    event = wanted.events.get(uid)
    if held.standing is Standing.GONE:
        if event is not None and uid not in wanted.tombstones:
            yield Deleted(uid=uid, at=at)
        return
    if held.standing is not Standing.HELD or uid in wanted.take_ours or held.theirs == held.base:
        return
    titled = _titled(held, wanted.fields[uid] if event else {}, words)
    if titled:
        yield titled
    if event is None or uid in wanted.tombstones:
        return
    for field, value in wanted.fields[uid].items():
        theirs, base = held.theirs[field], held.base.get(field)
        act = uid in wanted.acts
        if same(field, theirs, value, act=act) or same(field, theirs, base, act=act):
            continue
        if field is Field.TIME and act:
            start, end = f.ends(theirs)
            yield Moved(uid=uid, start=start, end=end, at=at)
        elif not (field is Field.SUMMARY and (titled or held.silenced)):
            both = value if base is not None and value != base else None
            yield Kept(uid=uid, field=field, theirs=theirs, ours=both, at=at)


def _titled(held: Held, plan: Fields, words: Words) -> Titled | None:
    """Return what their title says, unless we wrote it, or it began so before."""
    title = held.theirs[Field.SUMMARY]
    before = held.base.get(Field.SUMMARY, plan.get(Field.SUMMARY))
    if title == before or held.silenced:
        return None
    word = _first_word(title, words)
    if word is None or word == _first_word(before or "", words):
        return None
    return Titled(uid=held.uid, says=words[word], title=title, at=held.at)


def _first_word(title: str, words: Words) -> str | None:
    lowered = title.casefold().lstrip()
    for word in sorted(words, key=len, reverse=True):
        rest = lowered.removeprefix(word)
        if rest != lowered and not rest[:1].isalnum():
            return word
    return None
