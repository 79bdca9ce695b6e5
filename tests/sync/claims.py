"""What the person may rely on, whatever happens: each claim is made by an act of theirs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import attrs

from afterword.domain import uids
from afterword.domain.calendar_model import Field
from afterword.domain.merge import user_edits
from afterword.domain.merge.fields import TEXTS, parse_alarms, parse_span
from afterword.domain.merge.user_edits import UserEdit
from afterword.formats import ics_patch
from afterword.formats.ics_patch import ParsedEvent
from afterword.sync.look import GENERATIONS
from tests.sync.people import ZONE, Facts


class Model(Protocol):
    """A calendar whose objects can be seen: the content and the ETag of each, by name."""

    @property
    def objects(self) -> Mapping[str, tuple[bytes, str]]: ...


def name_of(model: Model, key: str) -> str:
    """Return the file of an event's newest generation, or that of its first."""
    names = [f"{uids.calendar_uid(key, again)}.ics" for again in range(GENERATIONS)]
    return next((name for name in reversed(names) if name in model.objects), names[0])


def keys_in(model: Model, keys: Iterable[str]) -> set[str]:
    """Return the events of the plan that the calendar has, whatever their generation."""
    return {key for key in keys if name_of(model, key) in model.objects}


def read(model: Model, key: str) -> ParsedEvent | None:
    """Return what an event of ours says in the calendar."""
    held = model.objects.get(name_of(model, key))
    return ics_patch.parse_event(held[0], ZONE) if held else None


@attrs.define
class Claims:
    """`texts` stand and keep their event; the rest stands as long as the event is there.

    `typed` is everything that they ever wrote, `acts` counts what may be heard.
    """

    texts: dict[tuple[str, Field], str] = attrs.field(factory=dict)
    starts: dict[str, dt.datetime] = attrs.field(factory=dict)
    alarms: dict[str, set[int]] = attrs.field(factory=dict)
    properties: dict[str, str] = attrs.field(factory=dict)
    deleted: set[str] = attrs.field(factory=set)
    typed: set[str] = attrs.field(factory=set)
    acts: Counter[tuple[type, str]] = attrs.field(factory=Counter)

    def gives_up(self, key: str) -> None:
        """The person took an event away."""
        for field in TEXTS:
            self.texts.pop((key, field), None)

    def check(self, model: Model, facts: Facts) -> None:
        """See that all of it holds."""
        there = keys_in(model, {*facts.events, *facts.withdrawn, *facts.tombstones})
        assert not self.deleted & there
        kinds: tuple[dict[str, Any], ...] = (self.starts, self.alarms, self.properties)
        for claims in kinds:
            for key in claims.keys() - there:
                del claims[key]
        for (key, field), text in self.texts.items():
            found = read(model, key)
            assert found
            assert found.fields[field].endswith(text)
        for key in there:
            self._check_event(model, key)
        self._check_log(facts)

    def _check_event(self, model: Model, key: str) -> None:
        body = model.objects[name_of(model, key)][0]
        found = ics_patch.parse_event(body, ZONE) if key in self.starts | self.alarms else None
        if found and key in self.starts:
            assert parse_span(found.fields[Field.TIME])[0] == self.starts[key]
        if found and key in self.alarms:
            assert self.alarms[key] <= set(parse_alarms(found.fields[Field.ALARMS]))
        if key in self.properties:
            assert self.properties[key].encode() in body

    def _check_log(self, facts: Facts) -> None:
        """Nothing is heard twice, and nothing kept as theirs that they never wrote."""
        heard = Counter(map(_act, filter(_is_counted, facts.log)))
        assert heard <= self.acts
        for pins in facts.pins.values():
            for field in TEXTS:
                if field in pins:
                    assert any(pins[field].endswith(text) for text in self.typed)


def _act(one: UserEdit) -> tuple[type, str]:
    return type(one), one.uid


def _is_counted(one: UserEdit) -> bool:
    return isinstance(one, user_edits.KeywordTyped | user_edits.Moved | user_edits.Deleted)
