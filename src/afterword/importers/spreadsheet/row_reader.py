"""Read a row of a spreadsheet into an interview and the data of its application."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath, parse_datetime
from afterword.domain.model import Applicant, Channel, Interview, InterviewStatus, Person
from afterword.formats import validators
from afterword.formats.validators import InvalidListError, InvalidValueError, quoted
from afterword.importers.invitation.person_names import name_from_address, tidy_name
from afterword.importers.spreadsheet import country_names, date_order
from afterword.importers.spreadsheet.date_order import DateOrder
from afterword.importers.spreadsheet.header import Column, TableLayout

T = TypeVar("T")
DateOrders = Mapping[Column, DateOrder | None]

_DEFAULT_LENGTH = dt.timedelta(minutes=60)
_CANCELLED = re.compile(r"cancel|abgesagt|storniert|annul|cancelad|anulad", re.IGNORECASE)
_CHANNELS = {
    **dict.fromkeys(("email", "e-mail", "mail", "correo", "courriel"), Channel.EMAIL),
    **dict.fromkeys(("phone", "telephone", "telefon", "téléphone", "teléfono"), Channel.PHONE),
    "linkedin": Channel.LINKEDIN,
}
_BETWEEN_PEOPLE = re.compile(r"\s*[;/\n]\s*|\s+(?:&|and|und|et|y)\s+")
_BETWEEN_ADDRESSES = re.compile(r"[\s;,/]+")
_NAME_WITH_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")


@attrs.frozen(kw_only=True)
class SpreadsheetRow:
    """The content of a row; `has_end` and `has_zone` are False for assumed values."""

    company: str
    role: str
    interview: Interview
    applicant: Applicant | None = None
    contact: Person | None = None
    country: str | None = None
    channel: Channel | None = None
    has_end: bool = True
    has_zone: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
        """The company, role and applicant, which all rows of an application share."""
        return self.company.casefold(), self.role.casefold(), _identity(self.applicant).casefold()


@attrs.frozen
class RowCells:
    """The cells of a row by column, and the mistakes in them."""

    layout: TableLayout
    row: list[str]
    mistakes: list[str] = attrs.Factory(list)

    def texts(self, column: Column) -> list[str]:
        """Return the cells of all columns of that kind that are not empty."""
        return self.layout.cells(self.row, column)

    def parse(self, column: Column, parser: Callable[[str], T]) -> T | None:
        """Return the value of the column's first cell, None if it is empty or invalid."""
        texts = self.texts(column)
        return self.checked(column, lambda: parser(texts[0])) if texts else None

    def checked(self, column: Column, compute: Callable[[], T]) -> T | None:
        """Return the computed value; record its InvalidValueError for the column."""
        try:
            return compute()
        except InvalidValueError as error:
            self.add_mistake(column, str(error))
            return None

    def add_mistake(self, column: Column, message: str) -> None:
        """Record a mistake, under the column's name in the file."""
        self.mistakes.append(f"{self.layout.titles.get(column, column)}: {message}")


def read_interview_row(
    row: list[str], layout: TableLayout, *, zone: ZoneInfo, orders: DateOrders
) -> SpreadsheetRow:
    """Return the content of a row; `zone` is that of times in rows without a time zone.

    Raises InvalidValueError; an InvalidListError lists all mistakes of the row.
    """
    if any(cell.strip() for cell in row[layout.width :]):
        raise InvalidValueError(
            f"it has {len(row)} cells, the header {layout.width}; quote texts that have "
            f"{quoted(layout.delimiter)} in them"
        )
    cells = RowCells(layout, row)
    company = _required_line(cells, Column.COMPANY)
    role = _required_line(cells, Column.ROLE)
    row_zone = cells.parse(Column.ZONE, validators.validate_zone)
    start, end = _start_and_end(cells, row_zone or zone, orders)
    applicant = _applicant(cells)
    interviewers = _interviewers(cells)
    contact = next(_people(cells, Column.CONTACT, Column.CONTACT_EMAIL), None)
    country = cells.parse(Column.COUNTRY, country_names.country_code)
    channel = cells.parse(Column.CHANNEL, _channel)
    decision_by = cells.parse(
        Column.DECISION_BY,
        lambda text: date_order.parse_cell_day(text, orders[Column.DECISION_BY]),
    )
    link = cells.parse(Column.LINK, validators.validate_link)
    location = cells.parse(Column.LOCATION, validators.validate_line)
    round_name = cells.parse(Column.ROUND, validators.validate_line)
    status = cells.parse(Column.STATUS, _status)
    if cells.mistakes or start is None or not company or not role:
        raise InvalidListError(enumerate(cells.mistakes, start=1))
    interview = Interview(
        id=_interview_id(company, role, applicant, start),
        start=start,
        end=end or datemath.add_elapsed(start, _DEFAULT_LENGTH),
        zone=start.tzinfo if isinstance(start.tzinfo, ZoneInfo) else None,
        decision_by=decision_by,
        interviewers=interviewers,
        status=status or InterviewStatus.HELD,
        link=link,
        location=location,
        round=round_name,
    )
    return SpreadsheetRow(
        company=company,
        role=role,
        interview=interview,
        applicant=applicant,
        contact=contact,
        country=country,
        channel=channel,
        has_end=end is not None,
        has_zone=row_zone is not None,
    )


def _required_line(cells: RowCells, column: Column) -> str | None:
    if not cells.texts(column):
        cells.add_mistake(column, "is empty")
    return cells.parse(column, validators.validate_line)


def _start_and_end(
    cells: RowCells, zone: ZoneInfo, orders: DateOrders
) -> tuple[dt.datetime | None, dt.datetime | None]:
    column = Column.START if Column.START in cells.layout.positions else Column.DATE
    start = cells.checked(column, lambda: _start(cells, zone, orders))
    length = cells.parse(Column.MINUTES, _length)
    if start is None:
        return None, None
    if length is not None:
        return start, datemath.add_elapsed(start, length)
    return start, cells.parse(Column.END, lambda text: _end(text, start, orders))


def _start(cells: RowCells, zone: ZoneInfo, orders: DateOrders) -> dt.datetime:
    date, time, start = map(cells.texts, (Column.DATE, Column.TIME, Column.START))
    if date and (time or start):
        day = date_order.parse_cell_day(date[0], orders[Column.DATE])
        clock = date_order.parse_cell_clock((time or start)[0])
        return _in_zone(dt.datetime.combine(day, clock), zone)
    column = Column.START if start else Column.DATE
    moment = date_order.parse_cell_datetime([*(start or date), *time], orders[column])
    return _in_zone(moment, zone)


def _end(text: str, start: dt.datetime, orders: DateOrders) -> dt.datetime:
    try:
        local = dt.datetime.combine(start.date(), date_order.parse_cell_clock(text))
    except InvalidValueError:
        local = date_order.parse_cell_datetime([text], orders[Column.START] or orders[Column.DATE])
    end = _in_zone(local, start.tzinfo)
    length = datemath.elapsed(start, end)
    if length <= dt.timedelta():
        raise InvalidValueError(f"{quoted(text)} is not after the start")
    if length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is {length.days} days after the start")
    return end


def _in_zone(moment: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    if moment.tzinfo is not None or zone is None:
        return moment.astimezone(zone)
    return validators.attach_zone(moment, zone)


def _length(text: str) -> dt.timedelta:
    length = parse_datetime.parse_length(text)
    if length is None or length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is no length; write minutes, such as 60")
    return length


def _channel(text: str) -> Channel:
    try:
        return _CHANNELS[text.casefold()]
    except KeyError:
        raise InvalidValueError(f"{quoted(text)} is none of email, phone, linkedin") from None


def _status(text: str) -> InterviewStatus:
    return InterviewStatus.CANCELLED if _CANCELLED.search(text) else InterviewStatus.HELD


def _applicant(cells: RowCells) -> Applicant | None:
    applicant = Applicant(
        name=cells.parse(Column.APPLICANT, validators.validate_line),
        email=cells.parse(Column.APPLICANT_EMAIL, validators.validate_address),
        phone=cells.parse(Column.APPLICANT_PHONE, validators.validate_phone),
    )
    return applicant if applicant != Applicant() else None


def _interviewers(cells: RowCells) -> tuple[Person, ...]:
    """Return the interviewers; the talking points of the row belong to the first."""
    people = tuple(_people(cells, Column.INTERVIEWER, Column.INTERVIEWER_EMAIL))
    texts = cells.texts(Column.DISCUSSED)
    points = tuple(point.strip() for text in texts for point in text.split(";") if point.strip())
    if not people or not points:
        return people
    return (attrs.evolve(people[0], discussed=points), *people[1:])


def _people(cells: RowCells, names: Column, addresses: Column) -> Iterator[Person]:
    """Yield the people of two columns, where the first address is of the first name and so on."""
    people = [name for text in cells.texts(names) for name in _split_people(text)]
    emails = [
        part for text in cells.texts(addresses) for part in _BETWEEN_ADDRESSES.split(text) if part
    ]
    if people and len(emails) > len(people):
        cells.add_mistake(addresses, f"{len(emails)} addresses for {len(people)} names")
        return
    for name, email in itertools.zip_longest(people, emails, fillvalue=""):
        if person := _person(cells, addresses, name, email):
            yield person


def _person(cells: RowCells, addresses: Column, name: str, email: str) -> Person | None:
    if match := _NAME_WITH_ADDRESS.fullmatch(name):
        name, email = match["name"], match["email"]
    address = (
        cells.checked(addresses, lambda: validators.validate_address(email)) if email else None
    )
    full_name = tidy_name(name) or name_from_address(email)
    return Person(name=full_name, email=address) if full_name else None


def _split_people(text: str) -> list[str]:
    """Return the people of a cell; a comma separates full names, but not "Last, First"."""
    people = []
    for part in _BETWEEN_PEOPLE.split(text):
        pieces = [piece.strip() for piece in part.split(",")]
        full_names = all(len(piece.split()) > 1 for piece in pieces)
        people += pieces if full_names or "<" in part else [part]
    return [person for person in people if person.strip()]


def _identity(applicant: Applicant | None) -> str:
    return (applicant.email or applicant.name or "") if applicant else ""


def _interview_id(company: str, role: str, applicant: Applicant | None, start: dt.datetime) -> str:
    """Return an id made of the row's content, so that it does not depend on the row's position."""
    identity = f"{company}\n{role}\n{_identity(applicant)}".casefold()
    instant = start.astimezone(dt.UTC).isoformat()
    return "i" + hashlib.sha256(f"{identity}\n{instant}".encode()).hexdigest()[:12]
