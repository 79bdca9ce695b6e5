"""Print suggested interviews, ask about each with a single key, and print followed changes.

Both are events of the watched calendars, and are also printed as JSON.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

import click

from afterword.cli.ui import prompts
from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.views import describe_import
from afterword.domain.applications import full_name
from afterword.domain.sanitize import clean_line, pluralize
from afterword.importers.invitation import invitation_model
from afterword.services.calendar_sources import CalendarTexts, ReadRange
from afterword.services.suggestions import Suggestion, SuggestionReport
from afterword.services.workspace import Workspace

if TYPE_CHECKING:
    from afterword.importers.match_invitation import InvitationResult
    from afterword.services.follow_events import FollowReport

_MOST_REASONS = 4
_KEYS_PROMPT = "[a]dd  [n]ot an interview  [l]ater  [q]uit: "


_END_OF_INPUT = "\x04"

SuggestionAnswer = Literal["add", "refuse", "later", "quit"]
_KEYS: dict[str, SuggestionAnswer] = {
    "a": "add",
    "y": "add",
    "n": "refuse",
    "l": "later",
    "\r": "later",
    "\n": "later",
    " ": "later",
    "q": "quit",
    "\x1b": "quit",
    _END_OF_INPUT: "quit",
}


def print_suggestion(suggestion: Suggestion, workspace: Workspace, *, number: str = "") -> None:
    """Print an event with its time, its calendar, the confidence and the reasons."""
    event, score = suggestion.event, suggestion.score
    title = clean_line(event.facts.title) or "an event without a title"
    echo_wrapped(f"{number}{title} ({score.confidence:.0%} sure)")
    echo_wrapped(f"  {_when(suggestion, workspace)}, calendar {event.calendar}")
    for reason in score.reasons[:_MOST_REASONS]:
        echo_wrapped(f"  - {clean_line(reason)}")
    if suggestion.application is not None:
        echo_wrapped(f"  It would be a round of {suggestion.application}.")


def ask_about() -> SuggestionAnswer:
    """Return the answer to a suggestion, a single key on the terminal."""
    while True:
        click.echo(_KEYS_PROMPT, nl=False, err=True)
        try:
            key = prompts.read_key()
        except prompts.InputEndedError:
            key = _END_OF_INPUT
        if key in _KEYS:
            status(_KEYS[key])
            return _KEYS[key]
        status(f"{key!r} is none of these keys")


def print_summary(report: SuggestionReport, texts: CalendarTexts) -> None:
    """Print that nothing looks like an interview, how many are refused, and unreadable texts."""
    if not report.suggestions:
        names = ", ".join(texts.names) or "no calendar"
        echo_wrapped(f"No event looks like a new interview (calendars: {names}).")
    if report.refused:
        status(f"{pluralize(report.refused, 'event')} that you refused before: --all shows them.")
    for message in report.unreadable:
        status(f"Not read: {message}")


def print_next_steps(report: SuggestionReport) -> None:
    """Print how to answer where no key can be pressed."""
    if report.suggestions:
        echo("")
        echo_wrapped(
            "Nothing was stored. To answer with one key each, run it on a terminal; or add one "
            "with --add UID, --json lists the UIDs."
        )


def suggestion_document(
    report: SuggestionReport,
    texts: CalendarTexts,
    span: ReadRange,
    added: Collection[dict[str, Any]],
) -> dict[str, Any]:
    """Return the suggestions as a JSON document; `added` are the events added in this run."""
    return {
        "from": span.start.date().isoformat(),
        "until": span.end.date().isoformat(),
        "calendars": list(texts.names),
        "suggestions": [_suggestion_json(suggestion) for suggestion in report.suggestions],
        "refused": report.refused,
        "unreadable": list(report.unreadable),
        "added": list(added),
    }


def _suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    event, invitation = suggestion.event, suggestion.invitation
    details = invitation_model.as_json(invitation) if invitation else {}
    day = event.day.isoformat() if event.day else None
    return {
        **details,
        "uid": suggestion.uid,
        "calendar": event.calendar,
        "summary": event.facts.title,
        "day": day,
        "start": details.get("start"),
        "end": details.get("end"),
        "application": suggestion.application,
        "confidence": suggestion.score.confidence,
        "reasons": list(suggestion.score.reasons),
    }


def _when(suggestion: Suggestion, workspace: Workspace) -> str:
    invitation, day = suggestion.invitation, suggestion.event.day
    if invitation is not None and invitation.start is not None:
        return workspace.format_moment(invitation.start)
    return f"{workspace.format_day(day)}, no time stated" if day else "no date stated"


def print_follow_report(report: FollowReport, workspace: Workspace, *, quiet: bool) -> None:
    """Print the changed interviews; with `quiet` no count of suggestions."""
    prefix = "would be " if workspace.dry_run else ""
    for result in report.results:
        echo_wrapped(f"In your calendar, {prefix}{describe_import(result, workspace)}")
        for warning in result.warnings:
            echo_wrapped(f"  {warning}")
    for stored in report.missing:
        application, interview = stored.application, stored.interview
        start = workspace.format_moment(interview.start)
        status(
            f"The interview with {full_name(application)} on {start} is not in your calendar any "
            f"more. If it was cancelled: afterword cancel {application.id} {interview.id}"
        )
    for message in report.failures:
        status(f"calendar.watch: {clean_line(message)}")
    if report.suggestions and not quiet:
        count = pluralize(report.suggestions, "event")
        verb = "looks" if report.suggestions == 1 else "look"
        status(
            f"{count} in your calendars {verb} like a job interview; to see why, and to add or "
            "refuse: afterword find"
        )


def follow_document(report: FollowReport) -> dict[str, Any]:
    """Return the changes in the watched calendars for the JSON document of a sync."""
    return {
        "watched": [_result_json(result) for result in report.results],
        "not_watched": list(report.failures),
        "suggestions": report.suggestions,
    }


def _result_json(result: InvitationResult) -> dict[str, Any]:
    invitation = result.invitation
    return {
        "action": result.action.value,
        "application": result.after.id if result.after else None,
        "interview": result.interview,
        "start": invitation.start.isoformat() if invitation.start else None,
        "warnings": list(result.warnings),
    }
