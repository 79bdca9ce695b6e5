"""The add links of the events of an application that are still to come."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from afterword.domain.calendar_model import Event
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import Plan
from afterword.page.calendar_links import LinkTarget, calendar_link, rest_note
from afterword.services.planned_events import build_calendar_events
from afterword.services.preview.collect_page import is_to_come
from afterword.services.run_context import RunContext


@attrs.frozen(kw_only=True)
class EventLinks:
    """An event with its links; `step` is None for a reminder of the interview itself."""

    event: Event
    step: StepKind | None
    links: dict[LinkTarget, str]


def event_links(
    plan: Plan, context: RunContext, *, step: StepKind | None = None
) -> Iterator[EventLinks]:
    """Yield the events to come, by time, with their links; with `step` only those of that step."""
    kinds = {uid: each.kind for each in plan.steps for uid in each.uids.values()}
    events = build_calendar_events(plan, context)
    for event in sorted(events, key=lambda each: each.start.isoformat()):
        kind = kinds.get(event.uid)
        if is_to_come(event, context) and step in {None, kind}:
            rest = rest_note(plan.application.id, kind)
            links = {target: calendar_link(event, target, rest=rest) for target in LinkTarget}
            yield EventLinks(event=event, step=kind, links=links)
