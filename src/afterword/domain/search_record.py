"""The record of a job search: interviews, messages sent and answers, within a range of days."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import Urgency, build_agenda
from afterword.domain.application_stats import (
    ENDED,
    ApplicationStatus,
    Wait,
    application_status,
    current_wait,
)
from afterword.domain.model import (
    Answer,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    StepKind,
)
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.search_text import natural_key

QUIET_DAYS = 14
"""Days without a log entry after which a coach asks whether the log is still up to date."""
SILENT_DAYS = 7
"""Days without an answer after which an application counts as silent."""


@attrs.frozen(kw_only=True)
class DateRange:
    """The days from `begin` to the day before `end`; None leaves a side open."""

    begin: dt.date | None = None
    end: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        return (self.begin is None or self.begin <= day) and (self.end is None or day < self.end)

    @property
    def last(self) -> dt.date | None:
        """Return the last day."""
        return None if self.end is None else self.end - datemath.DAY


class MeetingForm(enum.StrEnum):
    """The form of an interview, as far as its link and location show."""

    ONLINE = "online"
    PHONE = "phone"
    IN_PERSON = "in person"


class InterviewOutcome(enum.StrEnum):
    """True of an interview at the time of the record."""

    HELD = "held"
    PLANNED = "planned"
    CANCELLED = "cancelled"


@attrs.frozen(kw_only=True)
class Activity:
    """An interview, a message sent (`step`) or an answer, at an instant in UTC."""

    at: dt.datetime
    plan: Plan
    interview: Interview
    outcome: InterviewOutcome | None = None
    form: MeetingForm | None = None
    step: StepKind | None = None
    channel: Channel | None = None
    recipient: str | None = None
    answer: Answer | None = None


@attrs.frozen(kw_only=True)
class ApplicationRecord:
    """An application with its activities in the range, and its state now."""

    plan: Plan
    state: ApplicationStatus
    activities: tuple[Activity, ...]

    def interviews(self) -> int:
        """Return the number of interviews that were not cancelled."""
        uncounted = {None, InterviewOutcome.CANCELLED}
        return sum(activity.outcome not in uncounted for activity in self.activities)

    def messages(self) -> int:
        """Return the number of messages that were sent."""
        return sum(activity.step is not None for activity in self.activities)

    def answers(self) -> int:
        """Return the number of answers."""
        return sum(activity.answer is not None for activity in self.activities)


@attrs.frozen(kw_only=True)
class SearchRecord:
    """The applications of an applicant with activities in the range, by their first."""

    applicant: str | None
    applications: tuple[ApplicationRecord, ...]

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Return the activities of all applications by time."""
        of_all = (activity for each in self.applications for activity in each.activities)
        return tuple(sorted(of_all, key=lambda activity: activity.at))


def applicant_name(application: Application) -> str | None:
    """Return the name, or else the address, of a client; None for an application of the user."""
    own = application.applicant
    return (own.name or own.email) if own else None


def build_records(
    plans: Iterable[Plan], days: DateRange, *, now: dt.datetime
) -> tuple[SearchRecord, ...]:
    """Return a record for each applicant, the user first, then clients by name.

    A day is the user's. An applicant without activities in the range has an empty record.
    """
    records = []
    for of_applicant in _by_applicant(plans):
        applications = [
            ApplicationRecord(
                plan=plan, state=application_status(plan, now=now), activities=activities
            )
            for plan in of_applicant
            if (activities := _activities(plan, days, now))
        ]
        applications.sort(key=lambda each: each.activities[0].at)
        applicant = applicant_name(of_applicant[0].application)
        records.append(SearchRecord(applicant=applicant, applications=tuple(applications)))
    return tuple(records)


def _by_applicant(plans: Iterable[Plan]) -> list[list[Plan]]:
    """Return the plans of each applicant, the user first, "Client 5" before "Client 10"."""
    groups: dict[tuple[str, str], list[Plan]] = {}
    for plan in plans:
        groups.setdefault(plan.application.applicant_key, []).append(plan)
    return [groups[key] for key in sorted(groups, key=lambda key: (*map(natural_key, key), *key))]


def _activities(plan: Plan, days: DateRange, now: dt.datetime) -> tuple[Activity, ...]:
    """Return the activities of an application in the range by time."""
    every = (*_interviews(plan, now), *_logged(plan))
    in_range = (each for each in every if datemath.day_of(each.at, plan.zone) in days)
    return tuple(sorted(in_range, key=lambda each: each.at))


def _interviews(plan: Plan, now: dt.datetime) -> Iterator[Activity]:
    for interview in plan.timeline.interviews:
        outcome = InterviewOutcome.HELD if interview.end <= now else InterviewOutcome.PLANNED
        if interview.status is InterviewStatus.CANCELLED:
            outcome = InterviewOutcome.CANCELLED
        yield Activity(
            at=interview.start,
            plan=plan,
            interview=interview,
            outcome=outcome,
            form=_form_of(interview),
        )


def _form_of(interview: Interview) -> MeetingForm | None:
    link = (interview.link or "").casefold()
    if link.startswith("tel:"):
        return MeetingForm.PHONE
    if link:
        return MeetingForm.ONLINE
    return MeetingForm.IN_PERSON if interview.location else None


def _logged(plan: Plan) -> Iterator[Activity]:
    """Yield the messages and answers in the log of an application."""
    for logged in plan.timeline.log:
        entry = logged.entry
        interview = plan.timeline.interviews[logged.interview]
        activity = Activity(at=logged.at, plan=plan, interview=interview)
        if entry.sent not in {None, StepKind.MOVE_ON}:  # nothing is sent at the checkpoint
            yield attrs.evolve(
                activity,
                step=entry.sent,
                channel=entry.by or plan.application.channel,
                recipient=entry.recipient,
            )
        if entry.heard is not None:
            yield attrs.evolve(activity, answer=entry.heard)


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
    return tuple(_overview(of_applicant, now) for of_applicant in _by_applicant(plans))


def _overview(plans: Sequence[Plan], now: dt.datetime) -> ClientOverview:
    agenda = build_agenda(plans, now=now, days=0)
    overdue = [(item.plan, item.step) for item in agenda.items if item.urgency is Urgency.OVERDUE]
    opened = [plan for plan in plans if application_status(plan, now=now) not in ENDED]
    silent = [
        (plan, wait)
        for plan in opened
        if (wait := current_wait(plan, now=now)) is not None and wait.days >= SILENT_DAYS
    ]
    last = max((plan.changed for plan in plans if plan.changed), default=None)
    ends = (i.end for plan in plans for i in plan.timeline.interviews if i.end <= now)
    since = last or min(ends, default=now)
    days = datemath.elapsed(since, now) // datemath.DAY
    return ClientOverview(
        client=applicant_name(plans[0].application),
        open_applications=len(opened),
        overdue=tuple(overdue),
        unconfirmed=tuple((question.plan, question.step) for question in agenda.questions),
        due=tuple((item.plan, item.step) for item in agenda.items if item.urgency is Urgency.DUE),
        silent=tuple(sorted(silent, key=lambda pair: pair[1].began)),
        last_logged=last,
        quiet_days=days if opened and days >= QUIET_DAYS else None,
    )
