"""Describe the history of an application: its log, edits in the calendar, and the silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from afterword.cli.ui.output import status
from afterword.domain import datemath
from afterword.domain.application_stats import (
    AFTER_ANSWER,
    AFTER_INTERVIEW,
    SilenceComparison,
    WaitVerdict,
)
from afterword.domain.applications import short_name
from afterword.domain.calendar_model import EventRole, Field, Fields
from afterword.domain.merge import fields as f
from afterword.domain.merge.user_edits import (
    Deleted,
    FieldEdited,
    KeywordTyped,
    Moved,
    MoveIgnored,
    Undeleted,
    UserEdit,
)
from afterword.domain.model import Application, LogEntry, StepKind, When
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.planning.timeline import TimelineEntry
from afterword.domain.sanitize import clean_line, pluralize
from afterword.messages.i18n import DateFormatter
from afterword.services.run_context import RunContext

if TYPE_CHECKING:
    from afterword.services.calendars.calendar_log import EventOwner
    from afterword.services.calendars.calendar_sync import ReportedEdit

_LONGEST = 60
_WITH_DEADLINE = {StepKind.THANK_YOU, StepKind.REPLY}
_FIELD_NAMES = {
    Field.SUMMARY: "title",
    Field.TIME: "time",
    Field.DESCRIPTION: "text",
    Field.ALARMS: "alarm",
}


# By the keys of an entry, in the order in which they are printed.
_LOG_PHRASES = {
    "sent": "sent the {sent}",
    "recipient": "to {recipient}",
    "by": "by {by}",
    "heard": "they answered: {heard}",
    "moved": "moved the {moved} to {to}",
    "skipped": "skipped the {skipped}",
    "deleted": "the event of the {deleted} was deleted",
    "restored": "restored the {restored}",
    "decision_by": "they decide by {decision_by}",
    "they_will_call": "they will call",
    "away_until": "they are away until {away_until}",
    "rescheduled": "the interview was moved",
    "reopened": "reopened",
    "closed": "closed",
    "lesson": "learned: {lesson}",
    "keep_in_touch": "keep in touch from {keep_in_touch}",
    "note": "{note}",
}
_SINCE = {AFTER_INTERVIEW: "the interview", AFTER_ANSWER: "their last answer"}
_VERDICTS = {
    WaitVerdict.USUAL: "this is not unusual",
    WaitVerdict.LONG: "this is longer than most, but you have had later answers",
    WaitVerdict.LONGEST: "this is longer than any wait that ended with an answer",
}


def describe_log_entry(logged: TimelineEntry, plan: Plan, formatter: DateFormatter) -> str:
    """Return a log entry as a phrase."""
    entry = logged.entry
    values = attrs.asdict(entry, filter=lambda _, value: value not in {None, False})
    if logged.to:
        values["to"] = formatter.format_moment(logged.to.astimezone(plan.zone))
    days = {
        key: formatter.format_day(value)
        for key, value in values.items()
        if isinstance(value, dt.date)
    }
    phrases = [
        phrase.format(**values | days) for key, phrase in _LOG_PHRASES.items() if key in values
    ]
    override = _describe_override(entry, plan)
    text = ", ".join([*phrases, override] if override else phrases)
    several = len(plan.application.interviews) > 1
    return f"{entry.interview}: {text}" if entry.interview and several else text


@attrs.frozen(kw_only=True)
class SyncPrinter:
    """Prints the user's edits on stderr, and how to undo them.

    `quiet`: print only those that the user has to decide about. `command` is how to sync with
    the same calendar again.
    """

    context: RunContext
    dry_run: bool
    quiet: bool
    command: str = "afterword sync"

    def report_edits(self, application: str, edits: Sequence[ReportedEdit], /) -> None:
        """Print the edits in the events of an application."""
        printed = [edit for edit in edits if self._print(edit)]
        if self.dry_run:
            return
        if any(map(_is_conflict, printed)):
            status(f"  to use the plan's: {self.command} --use-plan {application}")
        logged = [
            reported
            for reported in printed
            if not _is_conflict(reported) and not isinstance(reported.edit, MoveIgnored | Undeleted)
        ]
        if logged:
            rest = " (once for each change)" if len(logged) > 1 else ""
            status(f"  if that is wrong: afterword undo {application}{rest}")

    def report_text_choice(self, application: Application, entries: Sequence[LogEntry], /) -> None:
        """Print whose texts the events have after a choice."""
        name, replace = short_name(application), "would replace" if self.dry_run else "replace"
        if not entries:
            status(f"{name}: its events have no texts of yours, and had none")
        elif entries[0].ours:
            back = f"{self.command} --use-mine {application.id}"
            status(f"{name}: the plan's texts {replace} yours; to put yours back: {back}")
        else:
            status(f"{name}: your texts {replace} the plan's")

    def _print(self, reported: ReportedEdit) -> bool:
        """Print an edit and the plan's note on it; return False if it is left out as quiet."""
        if self.quiet and not _is_conflict(reported) and reported.note is None:
            return False
        owner = reported.owner
        step = owner.step.kind if owner.step else "a reminder"
        planned = f.fields_of(reported.event) if reported.event else {}
        phrase = _edit_phrase(reported.edit, owner, planned, self.context.zone)
        status(f"{short_name(owner.application)}: {step}: {phrase}")
        if reported.note is not None:
            status(f"  {self.context.language.render(reported.note)}")
        return True


def _is_conflict(reported: ReportedEdit) -> bool:
    return isinstance(reported.edit, FieldEdited) and reported.edit.ours is not None


def describe_event(step: Step | None, role: EventRole) -> str:
    """Return the name of an event; it differs between the two events of a step."""
    if step is None or role is EventRole.ACT:
        return "event"
    return "deadline event" if step.kind in _WITH_DEADLINE else "window event"


def _describe_override(entry: LogEntry, plan: Plan) -> str | None:
    """Return the user's change of an event that a log entry remembers, if it does."""
    if entry.event is None:
        return None
    event = _event_phrase(entry.event, plan)
    if entry.gone:
        return f"you deleted the {event}"
    if entry.ours:
        return f"the plan's texts again in the {event}"
    if entry.field is None:
        return None
    field = Field(entry.field)
    value = _format_field(field, entry.text or "", "", plan.zone)
    return f"your own {_FIELD_NAMES[field]} in the {event}: {value}"


def _event_phrase(uid: str, plan: Plan) -> str:
    for step in plan.steps:
        for role, step_uid in step.uids.items():
            if step_uid == uid:
                return f"{describe_event(step, EventRole(role))} of the {step.kind}"
    return "event of a reminder"


def _edit_phrase(edit: UserEdit, owner: EventOwner, planned: Fields, zone: ZoneInfo) -> str:
    """Return an edit as a phrase; `planned` are the event's fields in the plan."""
    event = describe_event(owner.step, owner.role)
    match edit:
        case KeywordTyped(title=title):
            return f"you wrote {_quote(title)} on the {event}"
        case Moved(start=start):
            return f"you moved the {event} to {_format_moment(start, zone)}"
        case Deleted():
            return f"you deleted the {event}"
        case FieldEdited():
            return _override_phrase(edit, event, planned, zone)
        case Undeleted():
            return f"the {event} that you had deleted is back"
        case MoveIgnored(start=start):
            moment = _format_moment(start, zone)
            return f"the {event} was moved to {moment}, years away; it is back where it was"


def _override_phrase(edit: FieldEdited, event: str, planned: Fields, zone: ZoneInfo) -> str:
    before = planned.get(edit.field, "") if edit.ours is None else edit.ours
    of_event = "" if event == "event" else f" of the {event}"
    theirs = _format_field(edit.field, edit.theirs, before, zone)
    stays = f"the {_FIELD_NAMES[edit.field]}{of_event} stays {theirs}"
    if edit.ours is None:
        return f"{stays}, as you changed it"
    return f"{stays}; the plan says {_format_field(edit.field, edit.ours, edit.theirs, zone)}"


def _format_field(field: Field, value: str, other: str, zone: ZoneInfo) -> str:
    """Return the value of a field; of a long text the first line that `other` does not have."""
    if field is Field.TIME:
        return _format_span(*f.parse_span(value), zone)
    if field is Field.ALARMS:
        return " and ".join(map(_format_alarm, f.parse_alarms(value))) or "off"
    other_lines = {clean_line(line) for line in other.split("\n")}
    lines = (clean_line(line) for line in value.split("\n"))
    new = next((line for line in lines if line and line not in other_lines), None)
    return "shorter" if new is None else _quote(new)


def _quote(text: str) -> str:
    line = clean_line(text)
    return f"'{line if len(line) <= _LONGEST else line[: _LONGEST - 3].rstrip() + '...'}'"


def _format_span(start: When, end: When, zone: ZoneInfo) -> str:
    """Return "2026-11-26 14:30 - 15:00", or the first and the last day of an all-day event."""
    if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
        return f"{_format_moment(start, zone)} - {_format_moment(end - datemath.DAY, zone)}"
    if datemath.day_of(start, zone) == datemath.day_of(end, zone):
        return f"{_format_moment(start, zone)} - {end.astimezone(zone):%H:%M}"
    return f"{_format_moment(start, zone)} - {_format_moment(end, zone)}"


def _format_moment(when: When, zone: ZoneInfo) -> str:
    if isinstance(when, dt.datetime):
        return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"
    return when.isoformat()


def _format_alarm(seconds: int) -> str:
    """Return "at its start", "15 minutes before", "1 hour after"."""
    minutes = abs(seconds) // 60
    if not minutes:
        return "at its start"
    hours, rest = divmod(minutes, 60)
    span = pluralize(minutes, "minute") if rest else pluralize(hours, "hour")
    return f"{span} {'before' if seconds < 0 else 'after'}"


def describe_silence(comparison: SilenceComparison) -> str:
    """Return how long the silence is, how long earlier ones were, and which is longer."""
    wait = comparison.wait
    since = _SINCE.get(wait.since, f"the {wait.since}")
    shortest, longest = round(comparison.shortest), round(comparison.longest)
    span = pluralize(longest, "day")
    if shortest != longest:
        span = f"{shortest} to {span}"
    return (
        f"No answer for {pluralize(round(wait.days), 'day')} after {since} (round {wait.round}):"
        f" {_VERDICTS[comparison.verdict]}. Your {comparison.n} earlier answers at this point came"
        f" after {span}, median {comparison.median:.1f}."
    )


def silence_document(comparison: SilenceComparison, plan: Plan) -> dict[str, Any]:
    """Return the comparison for --json."""
    wait = comparison.wait
    return {
        "since": wait.since,
        "round": wait.round,
        "began": wait.began.astimezone(plan.zone).isoformat(),
        "days": round(wait.days, 1),
        "verdict": comparison.verdict.value,
        "past": {
            "median": round(comparison.median, 1),
            "shortest": round(comparison.shortest, 1),
            "longest": round(comparison.longest, 1),
            "n": comparison.n,
        },
    }
