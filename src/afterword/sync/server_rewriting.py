"""Separate the changes that a server makes by its own rules from the user's edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from afterword.dav.interface import Resource
from afterword.domain.merge import fields as f
from afterword.domain.merge.fields import Field, Fields
from afterword.domain.merge.three_way import DesiredState
from afterword.storage.state.sync_rows import Rewriting, SyncRow

if TYPE_CHECKING:
    from afterword.formats.ics_patch import ParsedEvent

_NOTHING = Rewriting()


def learn(
    row: SyncRow | None, uid: str, parsed: ParsedEvent, resource: Resource, desired: DesiredState
) -> Rewriting | None:
    """Return how the server changed an event; None if it did not.

    That shows when an event is fetched that is unchanged since our write. If that is unknown,
    only alarms count as the server's, if there are not more than ours, and the rest is as
    written. The same holds for alarms without saved state.
    """
    if not resource.rewritten:
        return None
    before = (row.rewriting if row else None) or _NOTHING
    intent = row.intent if row else None
    if intent is not None:
        if resource.as_written:
            return _rewriting(intent.result, parsed.fields)
        before = _limited(before, intent.result)
        rest = translate(parsed, before).fields
        landed = all(
            rest[field] == intent.result.get(field) for field in Field if field is not Field.ALARMS
        )
        sent = intent.result.get(Field.ALARMS) if landed else None
    elif row is None or row.held is None:
        sent = None if parsed.marks else _planned_alarms(uid, desired)
    else:
        return row.rewriting
    stored = parsed.fields[Field.ALARMS]
    if sent is None or resource.as_written is False or not _is_plausible(sent, stored):
        return None if before == _NOTHING else before
    return _rewriting({**before.sent, Field.ALARMS: sent}, {**before.stored, Field.ALARMS: stored})


def translate(parsed: ParsedEvent, rewriting: Rewriting | None) -> ParsedEvent:
    """Return the event with the values that we sent where the server stored others."""
    if rewriting is None:
        return parsed
    fields = dict(parsed.fields)
    for field, stored in rewriting.stored.items():
        sent, there = rewriting.sent[field], fields[field]
        if field is Field.ALARMS:
            fields[field] = _with_sent_alarms(there, sent, stored)
        elif there == stored:
            fields[field] = sent
    return attrs.evolve(parsed, fields=fields)


def _with_sent_alarms(there: str, sent: str, stored: str) -> str:
    """Return the alarms with ours instead of the server's; the user may have added others."""
    alarms, servers = set(f.parse_alarms(there)), set(f.parse_alarms(stored))
    if not servers <= alarms:
        return there
    return f.format_alarms(alarms - servers | set(f.parse_alarms(sent)))


def _rewriting(sent: Fields, stored: Fields) -> Rewriting | None:
    """Return the fields that differ; None if none does."""
    changed = [field for field in sent if field in stored and sent[field] != stored[field]]
    if not changed:
        return None
    return Rewriting(
        sent={field: sent[field] for field in changed},
        stored={field: stored[field] for field in changed},
    )


def _limited(rewriting: Rewriting, sent: Fields) -> Rewriting:
    """Return the fields of which the same was sent again."""
    same = [field for field, value in rewriting.sent.items() if sent.get(field) == value]
    return Rewriting(
        sent={field: rewriting.sent[field] for field in same},
        stored={field: rewriting.stored[field] for field in same},
    )


def _planned_alarms(uid: str, desired: DesiredState) -> str | None:
    """Return the planned alarms of an event; None if there are none, or the user has others."""
    if uid not in desired.events or Field.ALARMS in desired.pins.get(uid, {}):
        return None
    return desired.fields[uid][Field.ALARMS] or None


def _is_plausible(sent: str, stored: str) -> bool:
    return len(f.parse_alarms(stored)) <= len(f.parse_alarms(sent))
