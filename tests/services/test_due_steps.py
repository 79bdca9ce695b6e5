"""The due steps over a store: few applications are planned for them, and none is missed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from afterword.domain.model import Application
from afterword.domain.planning.plan import Plan
from afterword.formats.application_file.application_reader import parse_applications
from afterword.services.application_plan import (
    applications_to_plan,
    find_due_steps,
    plan_application,
)
from afterword.services.run_context import RunContext, build_context
from tests.domain.plans import interview, log, toml
from tests.services.test_without_cli import Window

NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
THANDI = '[contact]\nname = "Thandi Nkosi"\nemail = "{}"\n'
DUE = interview("2026-11-24T14:00:00")
TO_COME = interview("2027-02-02T14:00:00")
CLOSED = DUE + log("2026-11-28: closed = true")
STORE = {
    "due": DUE,
    "to-come": TO_COME,
    "closed": CLOSED,
    "agency-one": THANDI.format("thandi@agency.example") + TO_COME,
    "agency-two": THANDI.format("Thandi@Agency.example") + interview("2027-02-03T14:00:00"),
    "client": '[applicant]\nname = "Mia Berg"\n'
    + THANDI.format("thandi@agency.example")
    + interview("2027-02-03T14:00:00"),
    "alone": THANDI.format("thandi@karoo.example") + TO_COME,
}


@pytest.fixture
def context(tmp_path: Path) -> RunContext:
    zone = ZoneInfo("Africa/Johannesburg")
    return build_context(now=NOW, zone=zone, data=tmp_path, ui=Window())


@pytest.fixture
def applications() -> list[Application]:
    return [
        application
        for name, body in STORE.items()
        for application in parse_applications(toml(body, head=f'id = "{name}"'), name)
    ]


def test_only_what_may_be_due_or_shares_a_contact_is_planned(
    context: RunContext, applications: list[Application]
) -> None:
    planned = applications_to_plan(applications, context, days=7)

    assert [application.id for application in planned] == ["due", "agency-one", "agency-two"]


def test_the_result_is_that_of_all_plans(
    context: RunContext, applications: list[Application]
) -> None:
    few, all_of_them = (
        found([plan_application(each, context) for each in some], context)
        for some in (applications_to_plan(applications, context, days=7), applications)
    )

    assert few == all_of_them == (["due thank-you", "due first-follow-up"], ["agency-two"])


def found(plans: list[Plan], context: RunContext) -> tuple[list[str], list[str]]:
    """Return the steps that are due or asked about, and the applications that are to wait."""
    due = find_due_steps(plans, context, days=7)
    asked = [(each.plan, each.step) for each in due.agenda.questions]
    todo = [(each.plan, each.step) for each in due.agenda.items]
    return (
        [f"{plan.application.id} {step.kind}" for plan, step in (*asked, *todo)],
        [conflict.waits.plan.application.id for conflict in due.conflicts],
    )
