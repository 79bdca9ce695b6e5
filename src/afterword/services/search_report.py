"""Both reports of a job search in the user's language: activities, and an overview of clients.

The first is proof to hand in: interviews, messages and answers of a period with dates, channels
and people. The second is a coach's: overdue and due steps, and silences.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from afterword.domain import datemath
from afterword.domain.application_stats import ApplicationStatus
from afterword.domain.model import Answer, Channel, StepKind
from afterword.domain.planning.plan import Plan
from afterword.domain.search_record import (
    Activity,
    ApplicationRecord,
    ClientOverview,
    DateRange,
    InterviewOutcome,
    MeetingForm,
    SearchRecord,
    build_records,
)
from afterword.formats.report_files import Report, ReportSheet, ReportTable
from afterword.messages import recipients
from afterword.messages.i18n import N_, DateFormatter, Language
from afterword.services.run_context import RunContext

_STEPS = {
    StepKind.THANK_YOU: N_("Thank-you message sent"),
    StepKind.FIRST: N_("First follow-up sent"),
    StepKind.SECOND: N_("Second follow-up sent"),
    StepKind.REPLY: N_("Reply sent"),
    StepKind.KEEP_IN_TOUCH: N_("Message to keep in touch sent"),
}
_ANSWERS = {
    Answer.POSITIVE: N_("Answer: next steps"),
    Answer.NEUTRAL: N_("Answer: no decision yet"),
    Answer.REJECTED: N_("Answer: rejection"),
}
_OUTCOMES = {
    InterviewOutcome.HELD: N_("Interview"),
    InterviewOutcome.PLANNED: N_("Interview (planned)"),
    InterviewOutcome.CANCELLED: N_("Interview (cancelled)"),
}
_CHANNELS: dict[Channel | MeetingForm, str] = {
    Channel.EMAIL: N_("e-mail"),
    Channel.PHONE: N_("phone"),
    Channel.LINKEDIN: N_("LinkedIn"),
    MeetingForm.PHONE: N_("phone"),
    MeetingForm.ONLINE: N_("online"),
    MeetingForm.IN_PERSON: N_("in person"),
}
_STATES = {
    ApplicationStatus.UPCOMING: N_("interview planned"),
    ApplicationStatus.CANCELLED: N_("interview cancelled"),
    ApplicationStatus.WAITING: N_("waiting for an answer"),
    ApplicationStatus.ANSWERED: N_("answered"),
    ApplicationStatus.REJECTED: N_("rejected"),
    ApplicationStatus.CLOSED: N_("closed"),
}
_DATE = N_("Date")
_COUNT_COLUMNS = (N_("Company"), N_("Role"), N_("Interviews"), N_("Messages"), N_("Answers"))
_ACTIVITY_COLUMNS = (N_("Company"), N_("Role"), N_("Activity"), N_("Channel"), N_("With"))
_FLAT_COLUMNS = (N_("Applicant"), _DATE, N_("Time"))
_OVERVIEW_COLUMNS = (N_("Kind"), N_("Company"), N_("Role"), N_("Step"), N_("Since"))

OverviewRow = tuple[str, str, str, str, str]
"""Kind, company, role, the step or the days, and the date."""


def search_records(
    plans: Iterable[Plan], days: DateRange, context: RunContext
) -> tuple[SearchRecord, ...]:
    """Return the record of each applicant, without an empty record of a coach."""
    records = build_records(plans, days, now=context.now)
    return tuple(r for r in records if r.applications or r.applicant or len(records) == 1)


def search_report(records: Sequence[SearchRecord], days: DateRange, context: RunContext) -> Report:
    """Return the report of the records, a sheet for each applicant."""
    language = context.language
    sheets = tuple(_sheet(record, days, context) for record in records)
    return Report(
        title=sheets[0].heading if len(sheets) == 1 else language.translate("Job search record"),
        language=language.code,
        stamp=_made_on(context),
        sheets=sheets,
        flat=_flat_table(records, context),
    )


def _made_on(context: RunContext) -> str:
    """Return the line that says when a report was made."""
    day = context.formatter.day_with_year(context.today)
    return context.language.translate("Made with afterword on {day}", day=day)


def _sheet(record: SearchRecord, days: DateRange, context: RunContext) -> ReportSheet:
    translate = context.language.translate
    name = record.applicant or context.settings.applicant.name
    heading = translate("Job search record")
    tables, screen = tuple[ReportTable, ...](), tuple[ReportTable, ...]()
    summary = translate("Nothing is logged in this period.")
    if record.applications:
        summary = _totals(record, context.language)
        applications = _application_table(record, context)
        tables = (applications, _activity_table(record, context))
        screen = (applications, _short_activity_table(record, context))
    return ReportSheet(
        heading=f"{heading}: {name}" if name else heading,
        lines=(_period(days, context), summary),
        tables=tables,
        screen=screen,
        signature=(translate("Date"), translate("Signature")),
    )


def _period(days: DateRange, context: RunContext) -> str:
    translate, format_day = context.language.translate, context.formatter.day_with_year
    last = format_day(days.last or dt.date.max)
    if days.begin is None:
        return translate("Until {last}", last=last)
    return translate("{first} to {last}", first=format_day(days.begin), last=last)


def _totals(record: SearchRecord, language: Language) -> str:
    applications = record.applications
    return language.translate(
        "Applications: {applications}, interviews: {interviews}, messages sent: {messages}, "
        "answers: {answers}",
        applications=len(applications),
        interviews=sum(each.interviews() for each in applications),
        messages=sum(each.messages() for each in applications),
        answers=sum(each.answers() for each in applications),
    )


def _application_table(record: SearchRecord, context: RunContext) -> ReportTable:
    language = context.language
    state = language.translate("State on {day}", day=language.short_day(context.today))
    return ReportTable(
        title=language.translate("Applications"),
        columns=(*map(language.translate, _COUNT_COLUMNS), state),
        rows=tuple(_application_row(each, language) for each in record.applications),
    )


def _application_row(each: ApplicationRecord, language: Language) -> tuple[str, ...]:
    application = each.plan.application
    counts = (each.interviews(), each.messages(), each.answers())
    state = language.translate(_STATES[each.state])
    return (application.company, application.role, *map(str, counts), state)


def _activity_table(record: SearchRecord, context: RunContext) -> ReportTable:
    translate = context.language.translate
    return ReportTable(
        title=translate("Activities"),
        columns=tuple(map(translate, (_DATE, *_ACTIVITY_COLUMNS))),
        rows=tuple(
            (_moment(each, context.formatter), *_activity_cells(each, context.language))
            for each in record.activities
        ),
    )


def _short_activity_table(record: SearchRecord, context: RunContext) -> ReportTable:
    """Return the activities in three columns; with the role where a company has several."""
    translate = context.language.translate
    counted = Counter(each.plan.application.company for each in record.applications)
    rows = []
    for each in record.activities:
        company, role, *rest = _activity_cells(each, context.language)
        name = f"{company}, {role}" if counted[company] > 1 else company
        rows.append((_moment(each, context.formatter), name, ", ".join(filter(None, rest))))
    columns = tuple(map(translate, (_DATE, *_ACTIVITY_COLUMNS[::2][:2])))
    return ReportTable(title=translate("Activities"), columns=columns, rows=tuple(rows))


def _activity_cells(activity: Activity, language: Language) -> tuple[str, str, str, str, str]:
    """Return company, role, activity, channel and people of an activity."""
    application = activity.plan.application
    channel = activity.channel or activity.form
    return (
        application.company,
        application.role,
        _activity_name(activity, language),
        language.translate(_CHANNELS[channel]) if channel else "",
        ", ".join(people_of(activity)),
    )


def _activity_name(activity: Activity, language: Language) -> str:
    if activity.step is not None:
        return language.translate(_STEPS[activity.step])
    if activity.answer is not None:
        return language.translate(_ANSWERS[activity.answer])
    name = language.translate(_OUTCOMES[activity.outcome or InterviewOutcome.HELD])
    return f"{name}: {activity.interview.round}" if activity.interview.round else name


def people_of(activity: Activity) -> tuple[str, ...]:
    """Return the names of the people an activity was with; an answer names nobody."""
    if activity.recipient:
        return (activity.recipient,)
    if activity.answer is not None:
        return ()
    if activity.step in {None, StepKind.THANK_YOU}:
        return tuple(person.name for person in activity.interview.interviewers)
    contact = recipients.main_contact(activity.plan)
    return (contact.name,) if contact else ()


def _moment(activity: Activity, formatter: DateFormatter) -> str:
    """Return the day, with the time of an interview."""
    local = activity.at.astimezone(activity.plan.zone)
    if activity.outcome is None:
        return formatter.day_with_year(local)
    return formatter.moment_with_year(local)


def _flat_table(records: Sequence[SearchRecord], context: RunContext) -> ReportTable:
    own, language = context.settings.applicant.name or "", context.language
    return ReportTable(
        columns=tuple(map(language.translate, (*_FLAT_COLUMNS, *_ACTIVITY_COLUMNS))),
        rows=tuple(
            (record.applicant or own, *_day_and_time(each), *_activity_cells(each, language))
            for record in records
            for each in record.activities
        ),
    )


def _day_and_time(activity: Activity) -> tuple[str, str]:
    local = activity.at.astimezone(activity.plan.zone)
    return local.date().isoformat(), "" if activity.outcome is None else f"{local:%H:%M}"


def overview_report(overviews: Sequence[ClientOverview], context: RunContext) -> Report:
    """Return the report of the overviews, a sheet for each client."""
    language, formatter = context.language, context.formatter
    day = formatter.day_with_year(context.today)
    return Report(
        title=language.translate("Overview of {day}", day=day),
        language=language.code,
        stamp=_made_on(context),
        sheets=tuple(_overview_sheet(each, formatter) for each in overviews),
        flat=ReportTable(
            columns=tuple(map(language.translate, (N_("Applicant"), *_OVERVIEW_COLUMNS))),
            rows=tuple(
                (each.client or "", *row)
                for each in overviews
                for row in _overview_rows(each, language, dt.date.isoformat)
            ),
        ),
    )


def _overview_sheet(overview: ClientOverview, formatter: DateFormatter) -> ReportSheet:
    language = formatter.language
    rows = tuple(_overview_rows(overview, language, formatter.format_day))
    lines = [language.translate("Open applications: {number}", number=overview.open_applications)]
    if overview.quiet_days is not None:
        lines.append(language.translate("Nothing logged for {days} days", days=overview.quiet_days))
    heading = overview.client or language.translate("You")
    if not rows:
        lines.append(language.translate("Nothing is overdue, due or silent."))
        return ReportSheet(heading=heading, lines=tuple(lines))
    columns = tuple(map(language.translate, _OVERVIEW_COLUMNS))
    counted = Counter(company for company, _ in {(row[1], row[2]) for row in rows})
    screen = ReportTable(
        columns=(*columns[:2], *columns[3:]),
        rows=tuple(
            (kind, f"{company}, {role}" if counted[company] > 1 else company, *rest)
            for kind, company, role, *rest in rows
        ),
    )
    return ReportSheet(
        heading=heading,
        lines=tuple(lines),
        tables=(ReportTable(columns=columns, rows=rows),),
        screen=(screen,),
    )


def _overview_rows(
    overview: ClientOverview, language: Language, format_day: Callable[[dt.date], str]
) -> Iterator[OverviewRow]:
    """Yield the overdue and due steps and the silences."""
    translate = language.translate
    for kind, steps in (
        (translate("overdue"), overview.overdue),
        (translate("not logged"), overview.unconfirmed),
        (translate("due"), overview.due),
    ):
        for plan, step in steps:
            day = format_day(datemath.day_of(step.send_at, plan.zone))
            yield (kind, plan.application.company, plan.application.role, str(step.kind), day)
    for plan, wait in overview.silent:
        application, day = plan.application, format_day(datemath.day_of(wait.began, plan.zone))
        days = translate("{days} days without an answer", days=int(wait.days))
        yield (translate("silent"), application.company, application.role, days, day)
