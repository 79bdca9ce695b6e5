"""Print plans, changes of a plan, drafts, the agenda and log entries."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from afterword.cli.ui.columns import Cell, echo_paragraphs, echo_table, echo_wrapped
from afterword.cli.ui.output import echo, status, styled, terminal_width, wrap_text
from afterword.domain import agenda
from afterword.domain.agenda import AgendaItem, ContactConflict, UnconfirmedStep, Urgency
from afterword.domain.applications import (
    NO_APPLICATIONS_YET,
    client_name,
    full_name,
    has_clients,
    short_name,
)
from afterword.domain.model import Application, Interview, InterviewStatus, StepKind
from afterword.domain.planning.plan import (
    Plan,
    Step,
    StepChange,
    StepState,
    UserChoice,
    diff_plans,
    without_replaced,
)
from afterword.domain.sanitize import pluralize
from afterword.messages.i18n import DateFormatter

if TYPE_CHECKING:
    from afterword.importers.match_invitation import InvitationResult
    from afterword.messages.draft_model import Draft
    from afterword.services.application_plan import DueSteps
    from afterword.services.run_context import RunContext
    from afterword.services.workspace import Workspace

_INDENT = "  "


def print_change(workspace: Workspace, before: Application | None, changed: Application) -> None:
    """Print each step of the plan that moved, came or went, and the next step."""
    formatter, after = workspace.context.formatter, workspace.plan(changed)
    earlier = None if before is None else workspace.plan(before)
    for change in without_replaced(diff_plans(earlier, after)):
        for line in _diff_lines(change, after, formatter):
            echo_wrapped(line, indent=_INDENT, hanging=_INDENT)
    coming = agenda.next_step(after)
    if coming is None:
        echo("Nothing is left to do here.")
    else:
        at = format_moment(coming.send_at, after, formatter)
        window = format_window(coming, after, formatter)
        echo_wrapped(f"Next: {step_label(coming, after)}, {at} ({window}).")


def step_label(step: Step, plan: Plan) -> str:
    """Return "r2: first-follow-up after their answer", shortened where it stays unambiguous."""
    name = str(step.kind)
    if step.episode and step.kind is not StepKind.REPLY:
        name = f"{name} after their answer"
    several = len({each.interview for each in plan.steps}) > 1
    return f"{step.interview}: {name}" if several else name


def format_window(step: Step, plan: Plan, formatter: DateFormatter) -> str:
    """Return "29 Nov - 1 Dec" or "by Wed 25 Nov 15:00"."""
    if isinstance(step.closes, dt.datetime):
        return f"by {format_moment(step.closes, plan, formatter)}"
    return formatter.days(step.opens, step.closes)


def format_moment(at: dt.datetime, plan: Plan, formatter: DateFormatter) -> str:
    """Return "Tue 24 Nov 16:00" on the user's clock."""
    return formatter.format_moment(at.astimezone(plan.zone))


def _diff_lines(change: StepChange, plan: Plan, formatter: DateFormatter) -> Iterator[str]:
    step, before = change.step, change.before
    name = f"{step_label(step, plan)}:"
    if change.after is None:
        yield f"{name} no longer needed"
    elif step.state is StepState.DONE:
        if before is None or before.state is not StepState.DONE:
            yield f"{name} done"
    elif step.state is StepState.WITHDRAWN:
        if before is not None and before.state is not StepState.WITHDRAWN:
            yield f"{name} withdrawn, {formatter.render(step.reason)}"
    else:
        dates = _new_dates(before, step, plan, formatter)
        note = f" ({formatter.render(step.note)})" if step.note else ""
        yield f"{name} {dates}, {formatter.render(step.reason)}{note}"


def _new_dates(before: Step | None, step: Step, plan: Plan, formatter: DateFormatter) -> str:
    """Return "7 Dec - 8 Dec -> 10 Dec - 13 Dec", or the moments where the days are the same."""
    new = format_window(step, plan, formatter)
    if step.note is not None or step.reason.choice is UserChoice.MOVED:
        new = format_moment(step.send_at, plan, formatter)
    if before is None or before.state is StepState.WITHDRAWN:
        return new
    if before.state is StepState.DONE:
        return f"to be done again, {new}"
    old = format_window(before, plan, formatter)
    if old == new:
        old, new = (format_moment(each.send_at, plan, formatter) for each in (before, step))
    return f"{old} -> {new}"


def describe_import(result: InvitationResult, workspace: Workspace) -> str:
    """Return "added: Karoo Analytics, Designer on Tue 24 Nov 2026, 16:00"."""
    invitation, after = result.invitation, result.after
    name = full_name(after) if after else invitation.summary
    start = f" on {workspace.format_moment(invitation.start)}" if invitation.start else ""
    return f"{result.action}: {name}{start}"


def print_step_drafts(plan: Plan, step: Step, context: RunContext) -> None:
    """Print the drafts of a step."""
    from afterword.services.planned_events import step_drafts

    print_drafts(step_drafts(plan, step, context))


def print_drafts(drafts: Sequence[Draft]) -> None:
    """Print messages; the hints that would make them more personal go to stderr."""
    for number, draft in enumerate(drafts):
        if number:
            echo("")
        if draft.heading:
            echo_wrapped(draft.heading, bold=True)
            echo()
        header = list(_draft_header(draft))
        for line in header:
            echo_wrapped(line, hanging=_INDENT, bold=True)
        if header:
            echo("")
        echo_paragraphs(draft.body)
    for hint in dict.fromkeys(hint for draft in drafts for hint in draft.hints):
        status(f"- {hint}")
    for line in dict.fromkeys(line for d in drafts for line in (*d.left_out, *d.notes)):
        status(line)


def _draft_header(draft: Draft) -> Iterator[str]:
    if draft.to is not None:
        yield f"To: {draft.to.name}" + (f" <{draft.to.email}>" if draft.to.email else "")
    if draft.subject and not draft.to_oneself:
        yield f"Subject: {draft.subject}"


_URGENCY_STYLES: dict[Urgency, dict[str, Any]] = {
    Urgency.OVERDUE: {"fg": "yellow", "bold": True},
    Urgency.DUE: {"fg": "green", "bold": True},
    Urgency.COMING: {},
}


_MOST_OF_A_KIND = 3
"""Questions, hints or warnings below the due steps; with more nobody reads them."""
_MORE_UNCONFIRMED = "with messages that are not logged. To log each with a key:  afterword"
_MORE_TO_CLOSE = "to close. To decide on each with a key:  afterword"
_MORE_CONFLICTS = (
    "with a message within a week of another to the same person. To see which:  afterword next APP"
)


def print_agenda(due: DueSteps, formatter: DateFormatter, *, is_empty: bool) -> None:
    """Print the due steps in a line each, then questions, hints and conflicts.

    `is_empty`: nothing is stored at all.
    """
    items = due.agenda.items
    if items:
        status(_headline(items))
    echo_table(list(_agenda_rows(items, formatter)))
    if not items:
        status(NO_APPLICATIONS_YET if is_empty else "Nothing is due.")
    _print_first(_unconfirmed_questions(due, formatter), _MORE_UNCONFIRMED)
    _print_first(
        [
            _move_on_hint(item.plan.application)
            for item in items
            if item.step.kind is StepKind.MOVE_ON and item.urgency is not Urgency.COMING
        ],
        _MORE_TO_CLOSE,
    )
    _print_first(
        [conflict_warning(conflict, formatter) for conflict in due.conflicts], _MORE_CONFLICTS
    )


def _unconfirmed_questions(due: DueSteps, formatter: DateFormatter) -> list[str]:
    """Return a question for each application with steps that nobody logged."""
    by_application = itertools.groupby(
        due.agenda.questions, key=lambda question: question.plan.application.id
    )
    return [unconfirmed_question(tuple(group), formatter) for _, group in by_application]


def _print_first(messages: Sequence[str], more: str) -> None:
    """Print the first messages, how many more there are, and a command that shows them."""
    for message in messages[:_MOST_OF_A_KIND]:
        status(message)
    if rest := len(messages[_MOST_OF_A_KIND:]):
        status(f"{pluralize(rest, 'more application')} {more}")


def _headline(items: Sequence[AgendaItem]) -> str:
    """Return "3 overdue, 2 due today, 5 coming"."""
    counted = Counter(item.urgency for item in items)
    words = {Urgency.OVERDUE: "overdue", Urgency.DUE: "due today", Urgency.COMING: "coming"}
    return ", ".join(
        f"{counted[urgency]} {word}" for urgency, word in words.items() if counted[urgency]
    )


def _agenda_rows(items: Sequence[AgendaItem], formatter: DateFormatter) -> Iterator[list[Cell]]:
    """Yield a row of cells for each due step; a company with several has the role, too."""
    ambiguous = _companies_with_several(items)
    clients = has_clients(item.plan.application for item in items)
    for item in items:
        application, step = item.plan.application, item.step
        role = f", {application.role}" if short_name(application) in ambiguous else ""
        yield [
            *client_cell(application, named=clients),
            styled(str(item.urgency), **_URGENCY_STYLES[item.urgency]),
            f"{application.company}{role}",
            str(step.kind),
            format_moment(step.send_at, item.plan, formatter),
            f"{formatter.render(step.reason)}: {format_window(step, item.plan, formatter)}",
        ]


def client_cell(application: Application, *, named: bool) -> list[Cell]:
    """Return the cell of the client, "you" for an application of the user, or no cell."""
    return [client_name(application) or "you"] if named else []


def _client_prefix(application: Application) -> str:
    client = client_name(application)
    return f"{client}: " if client else ""


def _companies_with_several(items: Iterable[AgendaItem]) -> set[str]:
    """Return the short names of the companies with several due applications of a client."""
    pairs = {(i.plan.application.id, short_name(i.plan.application)) for i in items}
    counted = Counter(company for _, company in pairs)
    return {company for company, count in counted.items() if count > 1}


def unconfirmed_question(questions: Sequence[UnconfirmedStep], formatter: DateFormatter) -> str:
    """Return the question about steps of an application whose time passed without an entry."""
    application, zone = questions[0].plan.application, questions[0].plan.zone
    steps = " and ".join(
        f"the {q.step.kind} ({formatter.format_day(q.step.send_at.astimezone(zone))})"
        for q in questions
    )
    name = questions[0].step.kind if len(questions) == 1 else "STEP"
    return (
        f"{_client_prefix(application)}Did you send {application.company} {steps}?  "
        f"afterword sent {application.id} {name} --on DAY"
        f"  or  afterword skip {application.id} {name}"
    )


def _move_on_hint(application: Application) -> str:
    return (
        f"{_client_prefix(application)}To close {application.company}:  "
        f"afterword close {application.id}  "
        f"(--keep-in-touch DAY: one reminder to say hello)  or ask for feedback:  "
        f"afterword draft {application.id} feedback-request"
    )


def conflict_warning(conflict: ContactConflict, formatter: DateFormatter) -> str:
    """Return the warning that a person would get two messages within a week."""
    earlier, later = (
        f"{full_name(message.plan.application)} "
        f"({message.step.kind}, {formatter.format_day(message.day)})"
        for message in (conflict.earlier, conflict.later)
    )
    return (
        f"{conflict.address} would hear from you twice within a week: {earlier} and {later}. "
        f"Better: afterword move {conflict.waits.plan.application.id} {conflict.waits.step.kind} "
        f"--to {conflict.better.isoformat()}"
    )


STATE_STYLES: dict[StepState, dict[str, Any]] = {
    StepState.OPEN: {"fg": "green", "bold": True},
    StepState.LATE: {"fg": "yellow", "bold": True},
    StepState.OVERDUE: {"fg": "yellow"},
    StepState.DONE: {"fg": "blue"},
    StepState.WITHDRAWN: {"dim": True},
}


def print_plan(plan: Plan, formatter: DateFormatter) -> None:
    """Print a plan as a table: step, time, state, reason."""
    application = plan.application
    title = full_name(application)
    for line in wrap_text(f"{title}  ({application.id})", terminal_width()):
        echo(styled(line[: len(title)], bold=True), line[len(title) :])
    for interview in application.interviews:
        echo_wrapped(_interview_line(plan, interview, formatter), indent=_INDENT, hanging=_INDENT)
    echo_table([_step_row(plan, step, formatter) for step in plan.steps], indent=_INDENT)


def _interview_line(plan: Plan, interview: Interview, formatter: DateFormatter) -> str:
    start, end = (moment.astimezone(plan.zone) for moment in (interview.start, interview.end))
    text = (
        f"interview {interview.id}: {formatter.moment_with_year(start)} "
        f"to {formatter.language.clock(end)}"
    )
    theirs = interview.start.astimezone(plan.employer_zone)
    if theirs.utcoffset() != start.utcoffset():
        local = f"{formatter.language.weekday_and_clock(theirs)} in {plan.employer_zone.key}"
        text = f"{text} your time, {local}, where the days are counted"
    return f"{text} (cancelled)" if interview.status is InterviewStatus.CANCELLED else text


def _step_row(plan: Plan, step: Step, formatter: DateFormatter) -> list[Cell]:
    name = step_label(step, plan)
    state = styled(str(step.state), **STATE_STYLES.get(step.state, {}))
    at = format_moment(step.sent_at or step.send_at, plan, formatter)
    return [name, at, state, _step_reason(plan, step, formatter)]


def _step_reason(plan: Plan, step: Step, formatter: DateFormatter) -> str:
    if step.state is StepState.WITHDRAWN:
        return formatter.render(step.reason)
    note = f" ({formatter.render(step.note)})" if step.note is not None else ""
    return f"{formatter.render(step.reason)}{note}: {format_window(step, plan, formatter)}"
