"""Plans in this run: of an application, of those of a client, and the due steps in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from afterword.domain import datemath
from afterword.domain.model import Application
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan, Step
from afterword.errors import UsageError
from afterword.services.run_context import RunContext
from afterword.system.business_days import is_working_day

if TYPE_CHECKING:
    from afterword.domain.agenda import Agenda, ContactConflict

DAYS_AHEAD = 7
"""How far to look ahead for due steps unless the user says otherwise."""


class DueSteps(NamedTuple):
    """The agenda, and the people to whom two messages are due within a week."""

    agenda: Agenda
    conflicts: tuple[ContactConflict, ...]


def plan_application(application: Application, context: RunContext) -> Plan:
    """Return the plan of an application."""
    return planner.plan(
        application,
        now=context.now,
        zone=context.zone,
        is_working_day=is_working_day(application.country),
        policy=context.settings.policy,
    )


def employer_today(plan: Plan, context: RunContext) -> dt.date:
    """Return today's date at the employer's, where messages are read."""
    return datemath.day_of(context.now, plan.employer_zone)


def find_due_steps(plans: Iterable[Plan], context: RunContext, *, days: int) -> DueSteps:
    """Return the steps that are due now or within `days`, over all plans."""
    from afterword.domain.agenda import build_agenda, find_contact_conflicts

    plans = tuple(plans)
    return DueSteps(
        agenda=build_agenda(plans, now=context.now, days=days),
        conflicts=find_contact_conflicts(plans, now=context.now, address_of=_address_of),
    )


def _address_of(plan: Plan, step: Step) -> str | None:
    """Return the address that a step's message goes to, or None."""
    del step
    from afterword.messages import recipients

    person = recipients.main_contact(plan)
    return person.email if person else None


def plans_of_client(plans: Sequence[Plan], client: str | None) -> list[Plan]:
    """Return the plans of clients whose name has the text. Raises UsageError if nobody has it."""
    if client is None:
        return list(plans)
    from afterword.domain.applications import client_name
    from afterword.domain.search_text import contains, natural_key

    of_client = [p for p in plans if contains(client_name(p.application) or "", client)]
    if of_client:
        return of_client
    names = sorted({client_name(p.application) or "" for p in plans} - {""}, key=natural_key)
    if not names:
        raise UsageError(
            f"no client has {client!r} in the name: no application belongs to a client. "
            "An imported table names the clients in a column 'applicant'"
        )
    raise UsageError(f"no client has {client!r} in the name; there are: {', '.join(names)}")
