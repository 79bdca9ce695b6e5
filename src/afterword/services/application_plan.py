"""Plans in this run: which applications to plan, their plans, and the due steps in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from afterword.domain import datemath
from afterword.domain.model import Application
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan
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


def applications_to_plan(
    applications: Sequence[Application], context: RunContext, *, days: int
) -> list[Application]:
    """Return the applications that `find_due_steps` needs the plans of.

    In a large store most are over or still to come, and planning takes longer than reading.
    """
    from afterword.domain.agenda import may_be_due, shared_contacts

    contacts = shared_contacts(applications, _address_of)
    return [
        application
        for application, contact in zip(applications, contacts, strict=True)
        if contact or may_be_due(application, now=context.now, days=days)
    ]


def _address_of(application: Application) -> str | None:
    from afterword.messages import recipients

    person = recipients.contact_of(application)
    return person.email if person else None


def applications_of_client(
    applications: Collection[Application], client: str | None
) -> list[Application]:
    """Return those of clients whose name has the text. Raises UsageError if nobody has it."""
    if client is None:
        return list(applications)
    from afterword.domain.applications import client_name
    from afterword.domain.search_text import contains, natural_key

    of_client = [a for a in applications if contains(client_name(a) or "", client)]
    if of_client:
        return of_client
    names = sorted({client_name(a) or "" for a in applications} - {""}, key=natural_key)
    if not names:
        raise UsageError(
            f"no client has {client!r} in the name: no application belongs to a client. "
            "An imported table names the clients in a column 'applicant'"
        )
    raise UsageError(f"no client has {client!r} in the name; there are: {', '.join(names)}")
