"""Ask for the interviewers, their addresses and the country; without a terminal, point them out."""

from __future__ import annotations

import attrs

from afterword.cli.ui import prompts
from afterword.cli.ui.interview_options import parse_person
from afterword.cli.ui.output import status
from afterword.domain.applications import replace_interview
from afterword.domain.model import Application, Channel, Interview, Person
from afterword.domain.people import find_person, with_contact_details
from afterword.errors import UsageError
from afterword.formats import validators
from afterword.services.workspace import Workspace
from afterword.system.assumed_country import country_of_zone, employer_zone

_COUNTRY_QUESTION = "The employer's country (such as ZA or US-CA), for its holidays, or none"


def complete_interview(
    application: Application, interview: Interview, workspace: Workspace
) -> Application:
    """Return the application with the interviewers and addresses that the user gives.

    Addresses are needed only where messages are e-mails. Nothing is asked off a terminal, and
    Ctrl-D skips the questions.
    """
    if not prompts.can_ask():
        return application
    try:
        panel = interview.interviewers or _ask_panel(interview, workspace)
        panel = tuple(_with_address(person, application) for person in panel)
    except prompts.InputEndedError:
        return application
    return replace_interview(application, attrs.evolve(interview, interviewers=panel))


def complete_panel(
    application: Application, interview: Interview, workspace: Workspace
) -> Application:
    """Return the application with the interviewer that the user names, if none is stated."""
    if interview.interviewers or not prompts.can_ask():
        return application
    panel = _ask_panel(interview, workspace)
    return replace_interview(application, attrs.evolve(interview, interviewers=panel))


def complete_country(application: Application, workspace: Workspace) -> Application:
    """Return the application with the country that the user gives; Enter takes the zone's."""
    if application.country is not None or not prompts.can_ask():
        return application
    zone = employer_zone(application, workspace.context.zone)
    default = country_of_zone(zone.key) or ""
    try:
        answer = prompts.ask(_COUNTRY_QUESTION, _parse_country, default=default)
    except prompts.InputEndedError:
        return application
    return attrs.evolve(application, country=answer)


def _parse_country(typed: str) -> str | None:
    return validators.validate_country(typed) if typed else None


def interview_of(application: Application | None, id: str | None) -> Interview | None:
    """Return the interview of an id, None if there is none."""
    interviews = application.interviews if application else ()
    return next((interview for interview in interviews if interview.id == id), None)


def report_missing(application: Application, interview: Interview) -> None:
    """Print which details of a saved interview are missing, with the commands that add them."""
    id = application.id
    if not interview.interviewers and not application.contact:
        status(
            "No interviewer is named, so drafts greet nobody by name; add one: "
            f'afterword debrief {id} --interviewer "NAME <ADDRESS>"'
        )
    for person in without_address(application, interview):
        status(
            f"There is no e-mail address for {person.name}; add it: "
            f'afterword debrief {id} --interviewer "{person.name} <ADDRESS>"'
        )
    if application.country is None:
        status(
            "There is no country, so no holidays are considered; "
            f'add country = "ZA", or "none", in: afterword edit {id}'
        )


def without_address(application: Application, interview: Interview) -> tuple[Person, ...]:
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


def _ask_panel(interview: Interview, workspace: Workspace) -> tuple[Person, ...]:
    verb = "interviewed" if interview.end <= workspace.context.now else "interviews"
    person = prompts.ask_optional(f"Who {verb} you? NAME <ADDRESS>, or Enter", parse_person)
    return (person,) if person else ()


def _with_address(person: Person, application: Application) -> Person:
    if application.channel is not Channel.EMAIL or _stored_address(person, application):
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
