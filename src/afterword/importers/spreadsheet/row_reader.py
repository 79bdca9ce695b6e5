"""Read a row of a spreadsheet into an interview and the data of its application."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import itertools
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Applicant, Channel, Interview, InterviewStatus, Person
from afterword.domain.sanitize import slug
from afterword.formats import validators
from afterword.formats.validators import InvalidValueError, quoted
from afterword.importers.invitation.person_names import name_from_address, tidy_name
from afterword.importers.spreadsheet import cell_dates
from afterword.importers.spreadsheet.cell_dates import DateOrder
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.row_cells import (
    DateOrders,
    RowCells,
    RowStatus,
    has_times,
    read_row_status,
    read_times,
)
from afterword.importers.spreadsheet.status_words import StatusMeaning, StatusReader
from afterword.importers.word_lists import read_lists
from afterword.system.business_days import country_code_by_name, country_error

_CHANNELS = {
    **dict.fromkeys(("email", "e-mail", "mail", "correo", "courriel"), Channel.EMAIL),
    **dict.fromkeys(("phone", "telephone", "telefon", "téléphone", "teléfono"), Channel.PHONE),
    "linkedin": Channel.LINKEDIN,
}
_BETWEEN_PEOPLE = re.compile(r"\s*[;/\n]\s*|\s+(?:&|and|und|et|y)\s+")
_BETWEEN_ADDRESSES = re.compile(r"[\s;,/]+")
_NAME_WITH_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")


@functools.lru_cache(maxsize=1024)
def _country_code(text: str) -> str:
    """Return the code of a country given by its code or name. Raises InvalidValueError."""
    if country_error(text) is None:
        return text
    names = read_lists("spreadsheet/country_names.toml")
    codes = {slug(name): code for code, of_country in names.items() for name in of_country}
    return validators.validate_country(codes.get(slug(text)) or country_code_by_name(text) or text)


ApplicationKey = tuple[str, str, str]
"""The company, the role and the applicant, which all rows of an application share."""


@attrs.frozen(kw_only=True)
class SpreadsheetRow:
    """The content of a row and its line; `has_end` and `has_zone` are False for assumed values."""

    line: int
    key: ApplicationKey
    company: str
    role: str
    interviews: tuple[Interview, ...]
    applicant: Applicant | None
    contact: Person | None
    country: str | None
    channel: Channel | None
    status: RowStatus | None
    has_end: bool
    has_zone: bool


def read_interview_row(
    cells: RowCells, options: TableOptions, orders: DateOrders, statuses: StatusReader
) -> SpreadsheetRow | None:
    """Return the content of a row, None if it has no date or time of an interview.

    Raises InvalidValueError with all mistakes of the row.
    """
    layout = cells.layout
    if any(cell.strip() for cell in cells.row[layout.width :]):
        raise InvalidValueError(
            f"it has {len(cells.row)} cells, the header {layout.width}; quote texts that have "
            f"{quoted(layout.delimiter)} in them"
        )
    if not has_times(cells):
        return None
    company = _required_line(cells, Column.COMPANY, options)
    role = _required_line(cells, Column.ROLE, options)
    row_zone = cells.parse(Column.ZONE, validators.validate_zone)
    times = read_times(cells, row_zone or options.zone, orders)
    applicant = _applicant(cells)
    interviewers = _interviewers(cells)
    contact = next(_people(cells, Column.CONTACT, Column.CONTACT_EMAIL), None)
    country = cells.parse(Column.COUNTRY, _country_code)
    channel = cells.parse(Column.CHANNEL, _channel)
    status = read_row_status(cells, statuses, orders[Column.STATUS_DATE], options.zone)
    decision_by = _decision_day(cells, orders[Column.DECISION_BY], statuses)
    link = cells.parse(Column.LINK, validators.validate_link)
    location = cells.parse(Column.LOCATION, validators.validate_line)
    round_name = cells.parse(Column.ROUND, validators.validate_line)
    if cells.mistakes or not times or not company or not role:
        raise InvalidValueError("; ".join(cells.mistakes))
    client = (applicant.email or applicant.name or "") if applicant else ""
    key = company.casefold(), role.casefold(), client.casefold()
    cancelled = status is not None and status.meaning is StatusMeaning.CANCELLED
    interviews = tuple(
        Interview(
            id=_interview_id(key, each.start),
            start=each.start,
            end=each.end,
            zone=each.start.tzinfo if isinstance(each.start.tzinfo, ZoneInfo) else None,
            decision_by=decision_by,
            interviewers=interviewers,
            status=InterviewStatus.CANCELLED if cancelled else InterviewStatus.HELD,
            link=link,
            location=location,
            round=each.round or round_name,
        )
        for each in times
    )
    return SpreadsheetRow(
        line=cells.line,
        key=key,
        company=company,
        role=role,
        interviews=interviews,
        applicant=applicant,
        contact=contact,
        country=country,
        channel=channel,
        status=status,
        has_end=all(each.has_end for each in times),
        has_zone=row_zone is not None or all(each.has_zone for each in times),
    )


def _required_line(cells: RowCells, column: Column, options: TableOptions) -> str | None:
    if column not in cells.layout.positions and (given := options.given(column)):
        return given
    if not cells.texts(column):
        cells.add_mistake(column, "is empty")
    return cells.parse(column, validators.validate_line)


def _decision_day(
    cells: RowCells, order: DateOrder | None, statuses: StatusReader
) -> dt.date | None:
    """Return the day by which they decide; a decision itself is a status."""
    if any(map(statuses.is_outcome, cells.texts(Column.DECISION_BY))):
        return None
    return cells.parse(Column.DECISION_BY, lambda text: cell_dates.parse_cell_day(text, order))


def _channel(text: str) -> Channel:
    try:
        return _CHANNELS[text.casefold()]
    except KeyError:
        raise InvalidValueError(f"{quoted(text)} is none of email, phone, linkedin") from None


def _applicant(cells: RowCells) -> Applicant | None:
    name = cells.parse(Column.APPLICANT, validators.validate_line)
    email = cells.parse(Column.APPLICANT_EMAIL, validators.validate_address)
    phone = cells.parse(Column.APPLICANT_PHONE, validators.validate_phone)
    return Applicant(name=name, email=email, phone=phone) if name or email or phone else None


def _interviewers(cells: RowCells) -> tuple[Person, ...]:
    """Return the interviewers; the talking points of the row belong to the first."""
    people = tuple(_people(cells, Column.INTERVIEWER, Column.INTERVIEWER_EMAIL))
    texts = cells.texts(Column.DISCUSSED)
    points = [point for text in texts for point in text.split(";") if point.strip()]
    if not people or not points:
        return people
    discussed = cells.checked(Column.DISCUSSED, _talking_points, points) or ()
    return (attrs.evolve(people[0], discussed=discussed), *people[1:])


def _talking_points(points: list[str]) -> tuple[str, ...]:
    return tuple(map(validators.validate_line, points))


def _people(cells: RowCells, names: Column, addresses: Column) -> Iterator[Person]:
    """Yield the people of two columns, where the first address is of the first name and so on."""
    people = [person for text in cells.texts(names) for person in _split_people(text)]
    emails = [
        part for text in cells.texts(addresses) for part in _BETWEEN_ADDRESSES.split(text) if part
    ]
    if people and len(emails) > len(people):
        cells.add_mistake(addresses, f"{len(emails)} addresses for {len(people)} names")
        return
    for named, other_email in itertools.zip_longest(people, emails):
        name, email = named or ("", "")
        email = email or other_email or ""
        address = cells.checked(addresses, validators.validate_address, email) if email else None
        if full_name := name or name_from_address(email):
            yield Person(name=full_name, email=address)


# The same people are in many rows.
@functools.lru_cache(maxsize=1024)
def _split_people(text: str) -> list[tuple[str, str]]:
    """Return the names in a cell, tidied, each with the address in brackets behind it, if any.

    A comma separates full names, but not "Last, First".
    """
    people = []
    for part in _BETWEEN_PEOPLE.split(text):
        pieces = [piece.strip() for piece in part.split(",")]
        full_names = all(len(piece.split()) > 1 for piece in pieces)
        people += pieces if full_names or "<" in part else [part]
    return [_named_person(person) for person in people if person.strip()]


def _named_person(text: str) -> tuple[str, str]:
    match = _NAME_WITH_ADDRESS.fullmatch(text)
    return (tidy_name(match["name"]), match["email"]) if match else (tidy_name(text), "")


def _interview_id(key: ApplicationKey, start: dt.datetime) -> str:
    """Return an id made of the row's content, so that it does not depend on the row's position."""
    content = "\n".join((*key, start.astimezone(dt.UTC).isoformat()))
    return "i" + hashlib.sha256(content.encode()).hexdigest()[:12]
