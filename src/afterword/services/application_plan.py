"""The plan of an application, by the time, zone and settings of this run."""

from __future__ import annotations

import datetime as dt

from afterword.domain import datemath
from afterword.domain.model import Application
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan
from afterword.services.run_context import RunContext
from afterword.system.business_days import is_working_day


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
