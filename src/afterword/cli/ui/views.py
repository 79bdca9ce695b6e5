"""What a new fact did to the plan, in lines for the person who stated it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import attrs

from afterword.cli.ui import sync_view
from afterword.cli.ui.columns import Cell, format_table
from afterword.cli.ui.date_format import DateFormatter
from afterword.cli.ui.output import echo, status, styled, terminal_width
from afterword.domain import datemath
from afterword.domain.agenda import (
    Agenda,
    UnconfirmedStep,
    Urgency,
    is_superseded,
)
from afterword.domain.contact_conflicts import (
    ContactConflict,
)
from afterword.domain.model import (
    Application,
    Interview,
    InterviewStatus,
    StepKind,
)
from afterword.domain.plan_diff import StepChange, diff_plans
from afterword.domain.planning.plan import Plan, Step, StepState, UserChoice
from afterword.domain.planning.timeline import TimelineEntry
from afterword.messages import compose
from afterword.messages.draft_model import Draft
from afterword.services.planned_events import draft_settings_for
from afterword.services.run_context import RunContext
from afterword.storage.lookup import NO_APPLICATIONS_YET


def print_plan_diff(before: Plan | None, after: Plan, reader: DateFormatter) -> None:
    """Print each step that moved, came or went, and what is to be done next."""
    for change in diff_plans(before, after):
        for line in _diff_lines(change, after, reader):
            echo("  ", line)
    coming = next_step(after)
    if coming is None:
        echo("Nothing is left to do here.")
    else:
        echo(f"Next: {step_label(coming, after)}, {_next_dates(coming, after, reader)}.")


def next_step(plan: Plan) -> Step | None:
    """Return the one thing to do: what is open, else what was missed last, else what comes."""
    in_time = {StepState.OPEN, StepState.LATE}
    steps = sorted(plan.steps, key=lambda step: step.send_at)
    candidates = (
        *(step for step in steps if step.state in in_time),
        *(
            s
            for s in reversed(steps)
            if s.state is StepState.OVERDUE and not is_superseded(s, plan)
        ),
        *(step for step in steps if step.state is StepState.UPCOMING),
    )
    return next(iter(candidates), None)


def step_label(step: Step, plan: Plan) -> str:
    """Return "r2: first-follow-up after their answer", without what there is only one of."""
    name = str(step.kind)
    if step.episode and step.kind is not StepKind.REPLY:
        name = f"{name} after their answer"
    several = len({each.interview for each in plan.steps}) > 1
    return f"{step.interview}: {name}" if several else name


def format_window(step: Step, plan: Plan, reader: DateFormatter) -> str:
    """Return "29 Nov - 1 Dec" or "by Wed 25 Nov 15:00"."""
    if isinstance(step.closes, dt.datetime):
        return f"by {format_moment(step.closes, plan, reader)}"
    return reader.days(step.opens, step.closes)


def format_moment(at: dt.datetime, plan: Plan, reader: DateFormatter) -> str:
    """Return "Tue 24 Nov 16:00" on the user's clock."""
    return reader.moment(at.astimezone(plan.zone))


def _diff_lines(change: StepChange, plan: Plan, reader: DateFormatter) -> Iterator[str]:
    step, before = change.step, change.before
    name = f"{step_label(step, plan)}:"
    if change.after is None:
        yield f"{name} no longer needed"
    elif step.state is StepState.DONE:
        if before is None or before.state is not StepState.DONE:
            yield f"{name} done"
    elif step.state is StepState.WITHDRAWN:
        if before is not None and before.state is not StepState.WITHDRAWN:
            yield f"{name} withdrawn, {reader.render(step.reason)}"
    else:
        told = _new_dates(before, step, plan, reader)
        note = f" ({reader.render(step.note)})" if step.note else ""
        yield f"{name} {told}, {reader.render(step.reason)}{note}"


def _new_dates(before: Step | None, step: Step, plan: Plan, reader: DateFormatter) -> str:
    """Return "7 Dec - 8 Dec -> 10 Dec - 13 Dec", or the moments where the days are the same."""
    told = format_window(step, plan, reader)
    if step.note is not None or step.reason.choice is UserChoice.MOVED:
        told = format_moment(step.send_at, plan, reader)
    if before is None or before.state is StepState.WITHDRAWN:
        return told
    if before.state is StepState.DONE:
        return f"to be done again, {told}"
    was = format_window(before, plan, reader)
    if was == told:
        was, told = (format_moment(each.send_at, plan, reader) for each in (before, step))
    return f"{was} -> {told}"


def _next_dates(step: Step, plan: Plan, reader: DateFormatter) -> str:
    return f"{format_moment(step.send_at, plan, reader)} ({format_window(step, plan, reader)})"


def print_step_drafts(plan: Plan, step: Step, context: RunContext) -> None:
    """Print the drafts of a step."""
    desk = draft_settings_for(plan.application, context)
    print_drafts(compose.compose_drafts(plan, step, desk, send_date=_employer_today(plan, context)))


def _employer_today(plan: Plan, context: RunContext) -> dt.date:
    """Return the day at the employer's, where the message is read."""
    return datemath.day_of(context.now, plan.employer_zone)


def print_drafts(written: tuple[Draft, ...]) -> None:
    """Print messages; what would make them more personal goes to stderr."""
    for number, one in enumerate(written):
        if number:
            echo("")
        if one.heading:
            echo(styled(one.heading, bold=True), "\n")
        head = list(_draft_header(one))
        for line in head:
            echo(styled(line, bold=True))
        if head:
            echo("")
        echo(one.body)
    for question in dict.fromkeys(question for one in written for question in one.hints):
        status(f"- {question}")


def _draft_header(one: Draft) -> Iterator[str]:
    if one.to is not None:
        yield f"To: {one.to.name}" + (f" <{one.to.email}>" if one.to.email else "")
    if one.subject and not one.to_oneself:
        yield f"Subject: {one.subject}"


_URGENCY_STYLES: dict[Urgency, dict[str, Any]] = {
    Urgency.OVERDUE: {"fg": "yellow", "bold": True},
    Urgency.DUE: {"fg": "green", "bold": True},
    Urgency.COMING: {},
}


def print_agenda(
    due: Agenda, close: tuple[ContactConflict, ...], reader: DateFormatter, *, known: bool
) -> None:
    """Print what is due in a line each, then what to ask and whom not to write twice."""
    for line in format_table(agenda_rows(due, reader), width=terminal_width()) if due.items else ():
        echo(*line)
    if not due.items:
        status("nothing is due" if known else NO_APPLICATIONS_YET)
    for _, questions in itertools.groupby(due.questions, key=lambda q: q.plan.application.id):
        status(unconfirmed_question(tuple(questions), reader))
    for item in due.items:
        if item.step.kind is StepKind.MOVE_ON and item.urgency is not Urgency.COMING:
            status(_move_on_hint(item.plan.application))
    for clash in close:
        status(_conflict_warning(clash, reader))


def agenda_rows(due: Agenda, reader: DateFormatter) -> list[list[Any]]:
    """Return the rows of what is due."""
    twice = _companies_with_several(due)
    return [
        [
            styled(str(item.urgency), **_URGENCY_STYLES[item.urgency]),
            application_label(item.plan.application, twice),
            str(item.step.kind),
            format_moment(item.step.send_at, item.plan, reader),
            f"{reader.render(item.step.reason)}: {format_window(item.step, item.plan, reader)}",
        ]
        for item in due.items
    ]


def application_label(application: Application, twice: Collection[str] = ()) -> str:
    """Return the company, with the role where it is one of `twice`, and a coach's client."""
    role = f", {application.role}" if application.company in twice else ""
    client = application.applicant.name if application.applicant else None
    return f"{application.company}{role}" + (f" ({client})" if client else "")


def _companies_with_several(due: Agenda) -> set[str]:
    """Return the companies that more than one application is due with."""
    pairs = {(i.plan.application.id, i.plan.application.company) for i in due.items}
    counted = Counter(company for _, company in pairs)
    return {company for company, count in counted.items() if count > 1}


def unconfirmed_question(questions: Sequence[UnconfirmedStep], reader: DateFormatter) -> str:
    """Return the question about steps of an application whose time passed without an entry."""
    application, zone = questions[0].plan.application, questions[0].plan.zone
    steps = " and ".join(
        f"the {q.step.kind} ({reader.day(q.step.send_at.astimezone(zone))})" for q in questions
    )
    name = questions[0].step.kind if len(questions) == 1 else "STEP"
    return (
        f"Did you send {application.company} {steps}?  "
        f"afterword sent {application.id} {name} --on DAY"
        f"  or  afterword skip {application.id} {name}"
    )


def _move_on_hint(application: Application) -> str:
    return (
        f"To let {application.company} go:  afterword close {application.id}  "
        f"(--keep-in-touch DAY: one hello later)  or ask for feedback:  "
        f"afterword draft {application.id} feedback-request"
    )


def _conflict_warning(clash: ContactConflict, reader: DateFormatter) -> str:
    one, other = (
        f"{message.plan.application.company}, {message.plan.application.role} "
        f"({message.step.kind}, {reader.day(message.day)})"
        for message in (clash.earlier, clash.later)
    )
    return (
        f"{clash.address} would hear from you twice within a week: {one} and {other}. "
        f"Better: afterword move {clash.waits.plan.application.id} {clash.waits.step.kind} "
        f"--to {clash.better.isoformat()}"
    )


_INDENT = "  "
_STATE_STYLES: dict[StepState, dict[str, Any]] = {
    StepState.OPEN: {"fg": "green", "bold": True},
    StepState.LATE: {"fg": "yellow", "bold": True},
    StepState.OVERDUE: {"fg": "yellow"},
    StepState.DONE: {"fg": "blue"},
    StepState.WITHDRAWN: {"dim": True},
}


def print_plan(plan: Plan, reader: DateFormatter) -> None:
    """Print a plan as a table: what, when, state, why."""
    application = plan.application
    echo(styled(f"{application.company}, {application.role}", bold=True), f"  ({application.id})")
    for interview in application.interviews:
        echo(f"  {_interview_line(plan, interview, reader)}")
    several = len({step.interview for step in plan.steps}) > 1
    rows = [_step_row(plan, step, reader, several=several) for step in plan.steps]
    width = terminal_width()
    for line in format_table(rows, width=width and width - len(_INDENT)) if rows else ():
        echo(_INDENT, *line)


def _interview_line(plan: Plan, interview: Interview, reader: DateFormatter) -> str:
    clock = reader.language.clock
    start, end = (moment.astimezone(plan.zone) for moment in (interview.start, interview.end))
    text = f"interview {interview.id}: {reader.dated(start)}, {clock(start)} to {clock(end)}"
    theirs = interview.start.astimezone(plan.employer_zone)
    if theirs.utcoffset() != start.utcoffset():
        there = f"{reader.language.weekday_and_clock(theirs)} in {plan.employer_zone.key}"
        text = f"{text} your time, {there}, where the days are counted"
    return f"{text} (cancelled)" if interview.status is InterviewStatus.CANCELLED else text


def _step_row(plan: Plan, step: Step, reader: DateFormatter, *, several: bool) -> list[Cell]:
    name = f"{step.interview}: {step.kind}" if several else str(step.kind)
    state = styled(str(step.state), **_STATE_STYLES.get(step.state, {}))
    when = format_moment(step.sent_at or step.send_at, plan, reader)
    return [name, when, state, _step_reason(plan, step, reader)]


def _step_reason(plan: Plan, step: Step, reader: DateFormatter) -> str:
    why = reader.render(step.reason)
    if step.state is StepState.WITHDRAWN:
        return why
    if step.note is not None:
        why = f"{why} ({reader.render(step.note)})"
    return f"{why}: {format_window(step, plan, reader)}"


# In the order in which they are told, by the keys of an entry.
_LOG_PHRASES = {
    "sent": "sent the {sent}",
    "recipient": "to {recipient}",
    "by": "by {by}",
    "heard": "they answered: {heard}",
    "moved": "moved the {moved} to {to}",
    "skipped": "left out the {skipped}",
    "deleted": "the event of the {deleted} was deleted",
    "restored": "brought back the {restored}",
    "decision_by": "they decide by {decision_by}",
    "they_will_call": "they will call",
    "away_until": "they are away until {away_until}",
    "rescheduled": "the interview was moved",
    "reopened": "opened again",
    "closed": "closed",
    "lesson": "learned: {lesson}",
    "keep_in_touch": "keep in touch from {keep_in_touch}",
    "note": "{note}",
}


def describe_log_entry(logged: TimelineEntry, plan: Plan, reader: DateFormatter) -> str:
    """Return an entry of the log in words."""
    entry = logged.entry
    facts = attrs.asdict(entry, filter=lambda _, value: value not in {None, False})
    if logged.to:
        facts["to"] = format_moment(logged.to, plan, reader)
    days = {key: reader.day(value) for key, value in facts.items() if isinstance(value, dt.date)}
    words = [text.format(**facts | days) for key, text in _LOG_PHRASES.items() if key in facts]
    own = sync_view.describe_override(entry, plan, plan.zone)
    said = ", ".join([*words, own] if own else words)
    several = len(plan.application.interviews) > 1
    return f"{entry.interview}: {said}" if entry.interview and several else said
