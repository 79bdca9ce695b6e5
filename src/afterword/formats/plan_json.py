"""The plan as JSON, version 1: a stable interface, in which keys are added but never removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from afterword.domain.model import When
from afterword.domain.planning.plan import Plan, Step, TranslatableText

Render = Callable[[TranslatableText], str]
"""Renders a text in the user's language."""


def plan_document(plans: Iterable[Plan], *, zone: ZoneInfo, render: Render) -> dict[str, object]:
    """Return the JSON document of several plans.

    Instants are in `zone` (the user's), with its offset; days are the employer's.
    """
    applications = [_application(plan, render) for plan in plans]
    return {"zone": zone.key, "applications": applications}


def _application(plan: Plan, render: Render) -> dict[str, object]:
    return {
        "id": plan.application.id,
        "company": plan.application.company,
        "role": plan.application.role,
        "zone": plan.employer_zone.key,
        "steps": [step_document(step, zone=plan.zone, render=render) for step in plan.steps],
    }


def step_document(step: Step, *, zone: ZoneInfo, render: Render) -> dict[str, object]:
    """Return the object of a step; `zone` is the user's."""
    return {
        "interview": step.interview,
        "step": step.kind.value,
        "episode": step.episode,
        "state": step.state.value,
        "opens": _iso(step.opens, zone),
        "closes": _iso(step.closes, zone),
        "recommended": step.recommended.isoformat(),
        "send_at": _iso(step.send_at, zone),
        "sent_at": None if step.sent_at is None else _iso(step.sent_at, zone),
        "uids": dict(step.uids),
        "reason": render(step.reason),
        "note": None if step.note is None else render(step.note),
    }


def _iso(when: When, zone: ZoneInfo) -> str:
    if isinstance(when, dt.datetime):
        return when.astimezone(zone).isoformat()
    return when.isoformat()
