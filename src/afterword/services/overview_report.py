"""The coach's overview as a report: overdue and due steps and silences, per client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from afterword.domain import datemath
from afterword.domain.planning.plan import Plan
from afterword.domain.review.search_record import ClientOverview
from afterword.formats.report_files import Report, ReportSheet, ReportTable
from afterword.messages.i18n import Language
from afterword.services.date_format import DateFormatter, formatter_for
from afterword.services.run_context import RunContext
from afterword.services.search_report import made_on

OverviewRow = tuple[str, str, str, str, str]
"""Kind, company, role, the step or the days, and the ISO date."""


def overview_report(overviews: Sequence[ClientOverview], context: RunContext) -> Report:
    """Return the report of the overviews, a sheet for each client."""
    formatter = formatter_for(context)
    language = formatter.language
    today = datemath.day_of(context.now, context.zone)
    title = language.translate("Overview of {day}", day=formatter.day_with_year(today))
    return Report(
        title=title,
        language=language.code,
        stamp=made_on(formatter, today),
        sheets=tuple(_sheet(each, formatter) for each in overviews),
        flat=ReportTable(
            columns=(
                language.translate("Applicant"),
                language.translate("Kind"),
                *_columns(language),
                language.translate("Since"),
            ),
            rows=tuple(
                (each.client or "", *row)
                for each in overviews
                for row in _rows(each, formatter, iso=True)
            ),
        ),
    )


def _columns(language: Language) -> tuple[str, str, str]:
    return language.translate("Company"), language.translate("Role"), language.translate("Step")


def _sheet(overview: ClientOverview, formatter: DateFormatter) -> ReportSheet:
    language = formatter.language
    rows = tuple(_rows(overview, formatter, iso=False))
    lines = [language.translate("Open applications: {number}", number=overview.open_applications)]
    if overview.quiet_days is not None:
        lines.append(language.translate("Nothing logged for {days} days", days=overview.quiet_days))
    if not rows:
        lines.append(language.translate("Nothing is overdue, due or silent."))
    kind, since = language.translate("Kind"), language.translate("Since")
    company, role, step = _columns(language)
    table = ReportTable(columns=(kind, company, role, step, since), rows=rows)
    counted = Counter(name for name, _ in {(row[1], row[2]) for row in rows})
    screen = ReportTable(
        columns=(kind, company, step, since),
        rows=tuple(
            (row[0], f"{row[1]}, {row[2]}" if counted[row[1]] > 1 else row[1], *row[3:])
            for row in rows
        ),
    )
    return ReportSheet(
        heading=overview.client or language.translate("You"),
        lines=tuple(lines),
        tables=(table,) if rows else (),
        screen=(screen,) if rows else (),
    )


def _rows(
    overview: ClientOverview, formatter: DateFormatter, *, iso: bool
) -> Iterator[OverviewRow]:
    """Yield the overdue and due steps and the silences, with days as text or in ISO 8601."""
    language = formatter.language
    for kind, steps in (
        (language.translate("overdue"), overview.overdue),
        (language.translate("not logged"), overview.unconfirmed),
        (language.translate("due"), overview.due),
    ):
        for plan, step in steps:
            local = step.send_at.astimezone(plan.zone)
            day = local.date().isoformat() if iso else formatter.format_day(local)
            yield (kind, *_names(plan), str(step.kind), day)
    for plan, wait in overview.silent:
        local = wait.began.astimezone(plan.zone)
        day = local.date().isoformat() if iso else formatter.format_day(local)
        days = language.translate("{days} days without an answer", days=int(wait.days))
        yield (language.translate("silent"), *_names(plan), days, day)


def _names(plan: Plan) -> tuple[str, str]:
    return plan.application.company, plan.application.role
