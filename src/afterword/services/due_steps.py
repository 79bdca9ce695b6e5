"""The steps that are due over all applications, and the conflicts between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from afterword.domain.agenda import Agenda, ContactConflict, build_agenda, find_contact_conflicts
from afterword.domain.planning.plan import Plan, Step
from afterword.messages import recipients
from afterword.services.run_context import RunContext

DAYS_AHEAD = 7
"""How far to look ahead unless the user says otherwise."""


class DueSteps(NamedTuple):
    """The agenda, and the people to whom two messages are due within a week."""

    agenda: Agenda
    conflicts: tuple[ContactConflict, ...]


def find_due_steps(plans: Iterable[Plan], context: RunContext, *, days: int) -> DueSteps:
    """Return the steps that are due now or within `days`."""
    plans = tuple(plans)
    return DueSteps(
        agenda=build_agenda(plans, now=context.now, days=days),
        conflicts=find_contact_conflicts(plans, now=context.now, address_of=_address_of),
    )


def _address_of(plan: Plan, step: Step) -> str | None:
    """Return the address that a step's message goes to, or None."""
    del step
    person = recipients.main_contact(plan)
    return person.email if person else None
