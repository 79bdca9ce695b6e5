"""An overview of each client: overdue and due steps, silences, and missing log entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import Urgency, build_agenda
from afterword.domain.application_stats import ENDED, application_status
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.review.search_record import applicant_name
from afterword.domain.review.waiting_times import Wait, current_wait

QUIET_DAYS = 14
"""Days without a log entry after which a coach asks whether the log is still up to date."""
SILENT_DAYS = 7
"""Days without an answer after which an application counts as silent."""


@attrs.frozen(kw_only=True)
class ClientOverview:
    """The open applications of an applicant; `client` is None for the user.

    `unconfirmed` steps may have been done without a log entry. `quiet_days` is set if
    nothing has been logged for two weeks; `last_logged` is None if nothing ever was.
    """

    client: str | None
    open_applications: int
    overdue: tuple[tuple[Plan, Step], ...]
    unconfirmed: tuple[tuple[Plan, Step], ...]
    due: tuple[tuple[Plan, Step], ...]
    silent: tuple[tuple[Plan, Wait], ...]
    last_logged: dt.datetime | None
    quiet_days: int | None


def build_overviews(plans: Iterable[Plan], *, now: dt.datetime) -> tuple[ClientOverview, ...]:
    """Return the overview of each applicant, the user first, then clients by name."""
    by_applicant: dict[tuple[str, str], list[Plan]] = {}
    for plan in plans:
        by_applicant.setdefault(plan.application.applicant_key, []).append(plan)
    return tuple(_overview(by_applicant[key], now) for key in sorted(by_applicant))


def _overview(plans: Sequence[Plan], now: dt.datetime) -> ClientOverview:
    agenda = build_agenda(plans, now=now, days=0)
    overdue = [(item.plan, item.step) for item in agenda.items if item.urgency is Urgency.OVERDUE]
    opened = [plan for plan in plans if application_status(plan, now=now) not in ENDED]
    silent = [
        (plan, wait)
        for plan in opened
        if (wait := current_wait(plan, now=now)) is not None and wait.days >= SILENT_DAYS
    ]
    changes = [plan.changed for plan in plans if plan.changed is not None]
    last = max(changes, default=None)
    ends = (i.end for plan in plans for i in plan.timeline.interviews if i.end <= now)
    return ClientOverview(
        client=applicant_name(plans[0].application),
        open_applications=len(opened),
        overdue=tuple(overdue),
        unconfirmed=tuple((question.plan, question.step) for question in agenda.questions),
        due=tuple((item.plan, item.step) for item in agenda.items if item.urgency is Urgency.DUE),
        silent=tuple(sorted(silent, key=lambda pair: pair[1].began)),
        last_logged=last,
        quiet_days=_quiet_days(last or min(ends, default=None), now) if opened else None,
    )


def _quiet_days(last: dt.datetime | None, now: dt.datetime) -> int | None:
    """Return the days since the last log entry, or interview, from two weeks on, else None."""
    if last is None:
        return None
    days = datemath.elapsed(last, now) // datemath.DAY
    return days if days >= QUIET_DAYS else None
