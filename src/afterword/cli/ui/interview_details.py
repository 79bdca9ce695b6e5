"""The details of an interview: from options, or from answers; without a terminal, hints."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Sequence
from email.utils import parseaddr
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import attrs
import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.output import status
from afterword.domain import datemath
from afterword.domain.applications import (
    entry_for_past_message,
    next_interview_id,
    replace_interview,
)
from afterword.domain.log_validation import find_interview
from afterword.domain.model import Application, Channel, Interview, LogEntry, Person, StepKind
from afterword.domain.people import find_person, with_contact_details
from afterword.domain.planning.timeline import employer_zone
from afterword.domain.step_names import FOLLOW_UP, parse_past_messages
from afterword.errors import UsageError
from afterword.formats import validators
from afterword.formats.dates import parse_clock
from afterword.services.typed_dates import parse_interview_start
from afterword.services.workspace import Workspace
from afterword.system.assumed_country import country_of_zone

R = TypeVar("R")

_COUNTRY_QUESTION = "The employer's country (such as ZA or US-CA), for its holidays, or none"
_EXAMPLE = 'afterword add "Karoo Analytics" "Marketing Manager" --at "tue 14:00"'


class InterviewOptions(NamedTuple):
    """The options as they were typed."""

    at: str | None
    length: str
    people: tuple[str, ...]
    employer_zone: ZoneInfo | None
    decision_by: str | None
    discussed: tuple[str, ...]
    fit: tuple[str, ...]
    round: str | None
    call: str | None
    sent: tuple[str, ...]


interview_options = options.group(
    "given",
    InterviewOptions,
    InterviewOptions._fields,
    click.option(
        "--at", metavar="WHEN", help='Start time: "2026-11-24 14:00", "tue 14:00", "yesterday 3pm".'
    ),
    click.option("--for", "length", default="60m", show_default=True, help="Duration."),
    options.line(
        "--with",
        "people",
        multiple=True,
        metavar='"NAME <ADDRESS>"',
        help="An interviewer; may be repeated. The first one is the main contact.",
    ),
    click.option(
        "--employer-zone",
        type=options.ZONE,
        help="The employer's time zone; WHEN is then on their clock.  [default: yours]",
    ),
    click.option("--decision-by", metavar="DAY", help=options.DECISION_HELP),
    options.line(
        "--discussed",
        multiple=True,
        help='What you talked about, as it follows "we talked about": "the move to podcasts".',
    ),
    options.line(
        "--fit",
        multiple=True,
        help='Something you have done that fits: "I ran a launch of this size last year".',
    ),
    options.line(
        "--call",
        metavar="NAME",
        help="How the first interviewer signs, for the greeting: Thandi.",
    ),
    options.line("--round", help='Which round: "phone screen", "final round".'),
    click.option(
        "--sent",
        multiple=True,
        metavar="STEP[=WHEN]",
        help="What you have written already, such as thank-you or first-follow-up=2026-11-30.",
    ),
)
"""The decorator that adds the options of an interview, and hands them over as `given`."""


def build_interview(
    workspace: Workspace,
    given: InterviewOptions,
    application: Application | None,
    *,
    check: Callable[[Interview], None] = lambda _: None,
) -> Interview:
    """Return the interview of the options, its start asked for if missing.

    `check` raises UsageError for an interview that cannot be added. Options with mistakes are
    refused before anything is asked. Raises UsageError.
    """
    context = workspace.context
    zone = given.employer_zone or (application and application.zone) or context.zone
    length, people = _parse_length(given.length), _parse_interviewers(given)
    for word in given.sent:
        options.STEP.convert(word.partition("=")[0], None, None)
    if given.decision_by:
        workspace.parse_future_day(given.decision_by)

    def parse(typed: str) -> Interview:
        start = parse_interview_start(typed, context, zone)
        interview = Interview(
            id=next_interview_id(application),
            start=start,
            end=datemath.add_elapsed(start, length).astimezone(zone),
            zone=zone,
            added=context.local_now,
            interviewers=people,
            round=given.round,
        )
        if given.decision_by:
            day = workspace.parse_decision_day(given.decision_by, interview)
            interview = attrs.evolve(interview, decision_by=day)
        check(interview)
        return interview

    if given.at:
        return parse(given.at)
    return ask_or_fail('The start time, such as "tue 14:00" or "2pm yesterday"', "--at", parse)


def _parse_length(text: str) -> dt.timedelta:
    length = parse_clock.parse_length(text)
    if length is None or length > datemath.DAY:
        raise UsageError(f"--for {text!r} is not a duration; write it as 60m, 1h or 1h30m")
    return length


def _parse_interviewers(given: InterviewOptions) -> tuple[Person, ...]:
    people = [parse_person(text) for text in given.people]
    if given.discussed or given.fit:
        if not people:
            raise UsageError('name the interviewer you talked with: --with "NAME <ADDRESS>"')
        people[0] = attrs.evolve(people[0], discussed=given.discussed, fit=given.fit)
    if given.call:
        if not people:
            raise UsageError('--call is how the first interviewer signs; add --with "NAME"')
        people[0] = attrs.evolve(people[0], call=given.call)
    return tuple(people)


def print_fact_remarks(
    application: Application, texts: Sequence[str], workspace: Workspace
) -> None:
    """Print why talking points or experience do not fit into a letter as they were typed."""
    from afterword.messages.facts import fact_remarks
    from afterword.services.planned_events import draft_settings_for

    language = draft_settings_for(application, workspace.context).language
    reader = workspace.context.language
    for interview in application.interviews:
        for person in interview.interviewers:
            for text, why in fact_remarks(application, person, language=language, reader=reader):
                if text in texts:
                    status(f'"{text}": {why}')


def parse_person(text: str) -> Person:
    """Return the person for "NAME <ADDRESS>", a name or an address. Raises UsageError."""
    name, address = parseaddr(text) if "@" in text else (text, "")
    if "@" in text and not address:
        raise UsageError(f'the address in {text!r} cannot be read; write "NAME <ADDRESS>"')
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
    entry = functools.partial(_past_message, workspace, application, interview)
    if given.sent:
        words = [word.partition("=") for word in given.sent]
        return tuple(entry(_step_kind(name), on) for name, _, on in words)
    if interview.end >= workspace.context.now or not prompts.can_ask():
        return ()
    answer = prompts.ask_optional(
        "What have you written already? (thank-you, first-follow-up=DAY, or nothing)",
        lambda typed: tuple(itertools.starmap(entry, parse_past_messages(typed))),
    )
    return answer or ()


def _step_kind(typed: str) -> StepKind:
    """Return the step that a text names; of the follow-ups the first, as none is planned yet."""
    name = options.STEP.convert(typed, None, None)
    return StepKind.FIRST if name == FOLLOW_UP else StepKind(name)


def _past_message(
    workspace: Workspace, application: Application, interview: Interview, kind: StepKind, typed: str
) -> LogEntry:
    now = workspace.context.now
    on = workspace.parse_past_moment(typed, application) if typed else None
    if on is None and kind is not StepKind.THANK_YOU:
        raise UsageError(f"say when you sent it, such as {kind}=2026-11-30 or {kind}=tue")
    if interview.end > now or (on is not None and on < interview.end.astimezone(dt.UTC)):
        name = f"{kind}={typed}" if typed else kind
        raise UsageError(f"--sent {name}: nothing can be sent before the interview has ended")
    local_now = now.astimezone(workspace.context.zone)
    return entry_for_past_message(interview, kind, on, now=local_now)


def ask_or_fail(question: str, flag: str, parse: Callable[[str], R]) -> R:
    """Ask for a value on a terminal; elsewhere raise UsageError with the missing option."""
    if not prompts.can_ask():
        example = f'{flag} "tue 14:00"' if flag.startswith("-") else _EXAMPLE
        raise UsageError(f"missing {flag}; for example: {example}")
    return prompts.ask(question, parse)


def complete_panel(application: Application, id: str, workspace: Workspace) -> Application:
    """Return the application with the interviewer that the user names, if none is stated.

    Like the next two, it asks nothing off a terminal. Raises InputEndedError for Ctrl-D.
    """
    interview = find_interview(application, id)
    if interview.interviewers or not prompts.can_ask():
        return application
    verb = "interviewed" if interview.end <= workspace.context.now else "interviews"
    person = prompts.ask_optional(f"Who {verb} you? NAME <ADDRESS>, or Enter", parse_person)
    panel = (person,) if person else ()
    return replace_interview(application, attrs.evolve(interview, interviewers=panel))


def complete_addresses(application: Application, id: str) -> Application:
    """Return the application with the addresses that the user gives, where it writes e-mails."""
    if application.channel is not Channel.EMAIL or not prompts.can_ask():
        return application
    interview = find_interview(application, id)
    panel = tuple(_with_address(person, application) for person in interview.interviewers)
    return replace_interview(application, attrs.evolve(interview, interviewers=panel))


def complete_country(application: Application, workspace: Workspace) -> Application:
    """Return the application with the country that the user gives; Enter takes the zone's."""
    if application.country is not None or not prompts.can_ask():
        return application
    zone = employer_zone(application, workspace.context.zone)
    default = country_of_zone(zone.key) or ""
    answer = prompts.ask(
        _COUNTRY_QUESTION,
        lambda typed: validators.validate_country(typed) if typed else None,
        default=default,
    )
    return attrs.evolve(application, country=answer)


def report_missing(application: Application, interview_id: str) -> None:
    """Print which details of a saved interview are missing, with the commands that add them."""
    id, interview = application.id, find_interview(application, interview_id)
    if not interview.interviewers and not application.contact:
        status(
            "No interviewer is named, so drafts greet nobody by name; add one: "
            f'afterword debrief {id} --interviewer "NAME <ADDRESS>"'
        )
    for person in _without_address(application, interview):
        status(
            f"There is no e-mail address for {person.name}; add it: "
            f'afterword debrief {id} --interviewer "{person.name} <ADDRESS>"'
        )
    if application.country is None:
        status(
            "There is no country, so no holidays are considered; "
            f'add country = "ZA", or "none", in: afterword edit {id}'
        )


def _without_address(application: Application, interview: Interview) -> tuple[Person, ...]:
    """Return the interviewers who get e-mails and have no address."""
    if application.channel is not Channel.EMAIL:
        return ()
    return tuple(p for p in interview.interviewers if not _stored_address(p, application))


def parse_country_option(code: str | None) -> str | None:
    """Return the value of --country, which may be "none". Raises UsageError."""
    try:
        return validators.validate_country(code) if code else None
    except validators.InvalidValueError as error:
        raise UsageError(f"--country: {error}") from None


def _with_address(person: Person, application: Application) -> Person:
    if _stored_address(person, application):
        return person
    address = prompts.ask_optional(
        f"The e-mail address of {person.name}, or Enter",
        lambda typed: parse_person(f"{person.name} <{typed}>" if "<" not in typed else typed),
    )
    return with_contact_details(person, address) if address else person


def _stored_address(person: Person, application: Application) -> str | None:
    """Return the address of a person, which another round may state."""
    people = [p for i in application.interviews for p in i.interviewers if p.email]
    if application.contact:
        people.append(application.contact)
    match = find_person(people, person)
    return person.email or (match.email if match else None)
