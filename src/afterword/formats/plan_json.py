"""The plan as JSON, version 1: stable for other tools; keys may be added, none taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from afterword.domain.model import When
from afterword.domain.planning.plan import Plan, Step, TranslatableText

VERSION = 1

Say = Callable[[TranslatableText], str]


def plan_document(plans: Iterable[Plan], *, zone: ZoneInfo, say: Say) -> dict[str, object]:
    """Return the one JSON document of all plans.

    Instants are on the clock of `zone` (the user's), with its offset; days are
    the employer's. `say` tells the reasons in the user's language.
    """
    applications = [_application(plan, say) for plan in plans]
    return {"version": VERSION, "zone": zone.key, "applications": applications}


def _application(plan: Plan, say: Say) -> dict[str, object]:
    return {
        "id": plan.application.id,
        "company": plan.application.company,
        "role": plan.application.role,
        "zone": plan.employer_zone.key,
        "steps": [step_document(step, zone=plan.zone, say=say) for step in plan.steps],
    }


def step_document(step: Step, *, zone: ZoneInfo, say: Say) -> dict[str, object]:
    """Return one step of the document."""
    return {
        "interview": step.interview,
        "step": step.kind.value,
        "episode": step.episode,
        "state": step.state.value,
        "opens": format_instant(step.opens, zone),
        "closes": format_instant(step.closes, zone),
        "recommended": step.recommended.isoformat(),
        "send_at": format_instant(step.send_at, zone),
        "sent_at": None if step.sent_at is None else format_instant(step.sent_at, zone),
        "uids": dict(step.uids),
        "reason": say(step.reason),
        "note": None if step.note is None else say(step.note),
    }


def format_instant(when: When, zone: ZoneInfo) -> str:
    """Return a day as `YYYY-MM-DD`, an instant with the offset of the zone."""
    if isinstance(when, dt.datetime):
        return when.astimezone(zone).isoformat()
    return when.isoformat()
