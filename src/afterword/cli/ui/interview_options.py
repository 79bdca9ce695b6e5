"""The options that describe an interview, and the interview that they make."""

from __future__ import annotations

import datetime as dt
import functools
import re
import sys
from collections.abc import Callable
from email.utils import parseaddr
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs
import click

from afterword.cli.ui import options
from afterword.domain import application_ids, datemath, parse_datetime, rounds
from afterword.domain.model import Application, Interview, LogEntry, Person, StepKind
from afterword.errors import UsageError
from afterword.formats import validators
from afterword.services.workspace import Workspace

R = TypeVar("R")


@attrs.frozen(kw_only=True)
class InterviewOptions:
    """The options as they were typed."""

    at: str | None
    length: str
    people: tuple[str, ...]
    employer_zone: ZoneInfo | None
    decision_by: str | None
    discussed: tuple[str, ...]
    fit: tuple[str, ...]
    round: str | None
    sent: tuple[str, ...]


def interview_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options of an interview, and hand them to the command as `given`."""
    described = (
        click.option("--at", metavar="WHEN", help='Its start: "2026-11-24 14:00", "tue 14:00".'),
        click.option("--for", "length", default="60m", show_default=True, help="Its length."),
        click.option(
            "--with",
            "people",
            type=options.LINE,
            multiple=True,
            metavar='"NAME <ADDRESS>"',
            help="An interviewer; may be repeated. The first one is the main contact.",
        ),
        click.option(
            "--employer-zone",
            type=options.ZONE,
            help="The employer's time zone; WHEN is then on their clock.  [default: yours]",
        ),
        click.option("--decision-by", metavar="DAY", help="The day by which they want to decide."),
        click.option(
            "--discussed",
            type=options.LINE,
            multiple=True,
            metavar="TEXT",
            help="What the first of them talked about.",
        ),
        click.option(
            "--fit",
            type=options.LINE,
            multiple=True,
            metavar="TEXT",
            help="What of yours answers to it.",
        ),
        click.option(
            "--round",
            type=options.LINE,
            metavar="TEXT",
            help='Which round: "phone screen", "final round".',
        ),
        click.option(
            "--sent",
            multiple=True,
            metavar="STEP[=WHEN]",
            help="What you have written already, such as thank-you or first-follow-up=2026-11-30.",
        ),
    )
    names = [field.name for field in attrs.fields(InterviewOptions)]

    @functools.wraps(command)
    def call_with_options(*args: Any, **kwargs: Any) -> R:
        given = InterviewOptions(**{name: kwargs.pop(name) for name in names})
        return command(*args, given=given, **kwargs)

    for option in reversed(described):
        call_with_options = option(call_with_options)
    return call_with_options


def build_interview(
    workspace: Workspace,
    given: InterviewOptions,
    application: Application | None,
    zone: ZoneInfo | None,
) -> Interview:
    """Return the interview of the options; `zone` is the application's. Raises UsageError."""
    context = workspace.context
    zone = given.employer_zone or zone or context.zone
    start = parse_datetime.parse_when(
        given.at or prompt_or_fail('its start, such as "tue 14:00"', "--at"),
        now=context.now,
        zone=zone,
        past=False,
    )
    if not isinstance(start, dt.datetime):
        raise UsageError(f'{given.at!r} has no time of the day; write it as "2026-11-24 14:00"')
    interview = Interview(
        id=application_ids.next_interview_id(application),
        start=start,
        end=datemath.add_elapsed(start, _parse_length(given.length)).astimezone(zone),
        zone=zone,
        added=context.local_now,
        interviewers=_parse_interviewers(given),
        round=given.round,
    )
    if given.decision_by is None:
        return interview
    day = workspace.parse_decision_day(given.decision_by, interview)
    return attrs.evolve(interview, decision_by=day)


def _parse_length(text: str) -> dt.timedelta:
    length = parse_datetime.parse_length(text)
    if length is None or length > datemath.DAY:
        raise UsageError(f"--for {text!r} is no length; write it as 60m, 1h or 1h30m")
    return length


def _parse_interviewers(given: InterviewOptions) -> tuple[Person, ...]:
    people = [parse_person(text) for text in given.people]
    if given.discussed or given.fit:
        if not people:
            raise UsageError('say with whom you talked about it: --with "NAME <ADDRESS>"')
        people[0] = attrs.evolve(people[0], discussed=given.discussed, fit=given.fit)
    return tuple(people)


def parse_person(text: str) -> Person:
    """Return the person for "NAME <ADDRESS>", a name or an address. Raises UsageError."""
    name, address = parseaddr(text) if "@" in text else (text, "")
    if "@" in text and not address:
        raise UsageError(f'{text!r} has no address that can be read; write "NAME <ADDRESS>"')
    try:
        return Person(
            name=validators.validate_line(name or address.partition("@")[0]),
            email=validators.validate_address(address) if address else None,
        )
    except validators.InvalidValueError as error:
        raise UsageError(f"{text!r}: {error}") from None


def past_messages(
    workspace: Workspace, given: InterviewOptions, application: Application, interview: Interview
) -> tuple[LogEntry, ...]:
    """Return the entries for messages that were sent before; on a terminal ask for them.

    The application includes the interview. Raises UsageError.
    """
    words = given.sent
    if not words and interview.end < workspace.context.now and sys.stdin.isatty():
        answer = click.prompt(
            "What have you written already? (thank-you, first-follow-up=DAY, or nothing)",
            default="",
            show_default=False,
            err=True,
        )
        words = tuple(word for word in re.split(r"[,\s]+", answer) if word and word != "nothing")
    return tuple(_past_message(word, workspace, application, interview) for word in words)


def _past_message(
    word: str, workspace: Workspace, application: Application, interview: Interview
) -> LogEntry:
    now = workspace.context.now
    name, _, typed = word.partition("=")
    kind = options.STEP.convert(name, None, None)
    on = workspace.parse_past_moment(typed, application) if typed else None
    if on is None and kind is not StepKind.THANK_YOU:
        raise UsageError(f"say when you sent it: --sent {kind}=2026-11-30")
    if interview.end > now or (on is not None and on < interview.end.astimezone(dt.UTC)):
        raise UsageError(f"--sent {word}: nothing can be sent before the interview has ended")
    local_now = now.astimezone(workspace.context.zone)
    return rounds.entry_for_past_message(interview, kind, on, now=local_now)


def prompt_or_fail(description: str, flag: str) -> str:
    """Ask for a value on a terminal; elsewhere raise UsageError with the missing option."""
    if not sys.stdin.isatty():
        raise UsageError(f"{flag} is missing: {description}")
    question = description[:1].upper() + description[1:]
    answer: str = click.prompt(question, type=options.LINE, err=True)
    return answer
