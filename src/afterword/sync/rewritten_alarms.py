"""Tell the alarms that a server changed by its own rules from those that the user changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from afterword.dav.interface import Resource
from afterword.domain.merge import fields as f
from afterword.domain.merge.fields import Field
from afterword.domain.merge.three_way import DesiredState
from afterword.storage.state.sync_rows import RewrittenAlarms, SyncRow

if TYPE_CHECKING:
    from afterword.formats.ics.ics_patch import ParsedEvent


def learn(
    row: SyncRow | None, uid: str, parsed: ParsedEvent, resource: Resource, desired: DesiredState
) -> RewrittenAlarms | None:
    """Return how the server changed the alarms of an event; None if it did not.

    That shows when the event is fetched after our write, and the rest of it is as written.
    Without saved state alarms count as the server's if there are not more than planned: they
    then stay until the plan wants others.
    """
    if not resource.alarms_rewritten:
        return None
    before = row.rewritten if row else None
    stored = parsed.fields[Field.ALARMS]
    intent = row.intent if row else None
    if intent is not None:
        sent: str | None = intent.result.get(Field.ALARMS)
        rest = set(Field) - {Field.ALARMS}
        landed = all(intent.result.get(field) == parsed.fields[field] for field in rest)
        before = before if before and before.sent == sent else None
    elif row is None or row.held is None:
        sent, landed = _planned(uid, desired), not parsed.marks
    else:
        return before
    if sent is None or not landed or resource.as_written is False:
        return before
    if resource.as_written is None and not _is_plausible(sent, stored):
        return before
    return RewrittenAlarms(sent=sent, stored=stored) if sent != stored else None


def translate(parsed: ParsedEvent, rewritten: RewrittenAlarms | None) -> ParsedEvent:
    """Return the event with the alarms that we sent instead of those that the server stored."""
    if rewritten is None:
        return parsed
    there = set(f.parse_alarms(parsed.fields[Field.ALARMS]))
    stored = set(f.parse_alarms(rewritten.stored))
    if not stored <= there:
        return parsed
    alarms = f.format_alarms(there - stored | set(f.parse_alarms(rewritten.sent)))
    return attrs.evolve(parsed, fields={**parsed.fields, Field.ALARMS: alarms})


def _planned(uid: str, desired: DesiredState) -> str | None:
    """Return the planned alarms of an event; None if there are none, or the user has others."""
    if uid not in desired.events or Field.ALARMS in desired.pins.get(uid, {}):
        return None
    return desired.fields[uid][Field.ALARMS] or None


def _is_plausible(sent: str, stored: str) -> bool:
    return len(f.parse_alarms(stored)) <= len(f.parse_alarms(sent))
