"""The cells of one row, by column, and the mistakes found in them.

The people of one row: interviewers, the contact, and the applicant.

One row of a table to the interview that it tells, or everything that is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import Applicant, Channel, Interview, InterviewStatus, Person
from afterword.formats import validators
from afterword.formats.validators import InvalidListError, InvalidValueError, quoted
from afterword.importers.invitation.person_names import name_from_address, tidy_name
from afterword.importers.spreadsheet import country_names, date_order
from afterword.importers.spreadsheet.date_order import DateOrder
from afterword.importers.spreadsheet.header import Column, TableLayout

T = TypeVar("T")


@attrs.frozen
class RowCells:
    """The cells of a row, and the mistakes found in them."""

    layout: TableLayout
    row: list[str]
    mistakes: list[tuple[int, str]]

    def lines(self, column: Column) -> list[str]:
        """Return what stands in the columns of that kind, none of it empty."""
        return self.layout.cells(self.row, column)

    def one(self, column: Column, read: Callable[[str], T]) -> T | None:
        """Return the value of a cell, None for an empty or a wrong one."""
        found = self.lines(column)
        return self.noted(column, lambda: read(found[0])) if found else None

    def noted(self, column: Column, read: Callable[[], T]) -> T | None:
        """Return what `read` returns; its mistake is noted for the column."""
        try:
            return read()
        except InvalidValueError as error:
            self.wrong(column, str(error))
            return None

    def wrong(self, column: Column, message: str) -> None:
        """Note a mistake in a column, by the column's name in the file."""
        title = self.layout.titles.get(column, column)
        self.mistakes.append((len(self.mistakes) + 1, f"{title}: {message}"))


_PEOPLE = re.compile(r"\s*[;/\n]\s*|\s+(?:&|and|und|et|y)\s+")
_ADDRESSES = re.compile(r"[\s;,/]+")
_WITH_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")


def people_of(cells: RowCells, names: Column, addresses: Column) -> Iterator[Person]:
    """Yield the people of two columns, the first address being of the first name and so on."""
    named = [part for cell in cells.lines(names) for part in _split(cell)]
    emails = [it for cell in cells.lines(addresses) for it in _ADDRESSES.split(cell) if it]
    if named and len(emails) > len(named):
        cells.wrong(addresses, f"{len(emails)} addresses for {len(named)} names")
        return
    for at in range(max(len(named), len(emails))):
        name = named[at] if at < len(named) else ""
        email = emails[at] if at < len(emails) else ""
        if match := _WITH_ADDRESS.fullmatch(name):
            name, email = match["name"], match["email"]
        checked = _address(cells, addresses, email)
        shown_as = tidy_name(name) or name_from_address(email)
        if shown_as:
            yield Person(name=shown_as, email=checked)


def _address(cells: RowCells, column: Column, email: str) -> str | None:
    return cells.noted(column, lambda: validators.validate_address(email)) if email else None


def _split(cell: str) -> list[str]:
    """Return the people of a cell; a comma parts full names, and is within "Last, First"."""
    found = []
    for part in _PEOPLE.split(cell):
        pieces = [piece.strip() for piece in part.split(",")]
        full = all(len(piece.split()) > 1 for piece in pieces)
        found += pieces if full or "<" in part else [part]
    return [part for part in found if part.strip()]


def applicant_of(cells: RowCells) -> Applicant | None:
    """Return whose application it is, where the row says so."""
    found = Applicant(
        name=cells.one(Column.APPLICANT, validators.validate_line),
        email=cells.one(Column.APPLICANT_EMAIL, validators.validate_address),
        phone=cells.one(Column.APPLICANT_PHONE, validators.validate_phone),
    )
    return found if found != Applicant() else None


def with_topics(people: tuple[Person, ...], topics: list[str]) -> tuple[Person, ...]:
    """Return the people, the first of whom it was discussed with."""
    found = tuple(part.strip() for cell in topics for part in cell.split(";") if part.strip())
    if not people or not found:
        return people
    return (attrs.evolve(people[0], discussed=found), *people[1:])


ASSUMED = dt.timedelta(minutes=60)
"""How long an interview is taken to last where its row does not say."""

_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|std\.?|stunden?|heures?|horas?)"
    r"|(?P<clock>\d{1,2}):(?P<past>[0-5]\d))?"
    r"\s*(?:(?P<minutes>\d{1,4})\s*(?:m|min|mins|minutes?|minuten|minutos|')?)?\.?",
    re.IGNORECASE | re.ASCII,
)
_OFF = re.compile(r"cancel|abgesagt|storniert|annul|cancelad|anulad", re.IGNORECASE)
_CHANNELS = {
    **dict.fromkeys(("email", "e-mail", "mail", "correo", "courriel"), Channel.EMAIL),
    **dict.fromkeys(("phone", "telephone", "telefon", "téléphone", "teléfono"), Channel.PHONE),
    "linkedin": Channel.LINKEDIN,
}


@attrs.frozen(kw_only=True)
class SpreadsheetRow:
    """What one row tells; `ends` and `names_zone` are False where that was assumed."""

    company: str
    role: str
    interview: Interview
    applicant: Applicant | None = None
    contact: Person | None = None
    country: str | None = None
    channel: Channel | None = None
    ends: bool = True
    names_zone: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what the rows of one application have in common."""
        who = self.applicant
        name = (who.email or who.name or "") if who else ""
        return self.company.casefold(), self.role.casefold(), name.casefold()


def read_interview_row(
    row: list[str],
    layout: TableLayout,
    *,
    zone: ZoneInfo,
    orders: Mapping[Column, DateOrder | None],
) -> SpreadsheetRow:
    """Return what the row tells; times without a zone of their own are on the clock of `zone`.

    Raises MisreadError, with all that is wrong where it is a MisreadListError.
    """
    if any(cell.strip() for cell in row[layout.width :]):
        raise InvalidValueError(
            f"it has {len(row)} cells, the header {layout.width}; quote texts that have "
            f"{quoted(layout.delimiter)} in them"
        )
    cells = RowCells(layout, row, [])
    company = _needed(cells, Column.COMPANY)
    role = _needed(cells, Column.ROLE)
    named_zone = cells.one(Column.ZONE, validators.parse_zone)
    slot = _slot(cells, named_zone or zone, orders)
    who = applicant_of(cells)
    panel = tuple(people_of(cells, Column.INTERVIEWER, Column.INTERVIEWER_EMAIL))
    contact = next(people_of(cells, Column.CONTACT, Column.CONTACT_EMAIL), None)
    country = cells.one(Column.COUNTRY, country_names.country_code)
    channel = cells.one(Column.CHANNEL, _channel)
    named = cells.one(
        Column.DECISION_BY, lambda it: date_order.parse_table_day(it, orders[Column.DECISION_BY])
    )
    link = cells.one(Column.LINK, validators.validate_link)
    location = cells.one(Column.LOCATION, validators.validate_line)
    stage = cells.one(Column.ROUND, validators.validate_line)
    status = cells.one(Column.STATUS, _status)
    if cells.mistakes or slot is None or not company or not role:
        raise InvalidListError(cells.mistakes)
    start, end = slot
    interview = Interview(
        id=_id(company, role, who, start),
        start=start,
        end=end or datemath.add_elapsed(start, ASSUMED),
        zone=start.tzinfo if isinstance(start.tzinfo, ZoneInfo) else None,
        decision_by=named,
        interviewers=with_topics(panel, cells.lines(Column.DISCUSSED)),
        status=status or InterviewStatus.HELD,
        link=link,
        location=location,
        round=stage,
    )
    return SpreadsheetRow(
        company=company,
        role=role,
        interview=interview,
        applicant=who,
        contact=contact,
        country=country,
        channel=channel,
        ends=end is not None,
        names_zone=named_zone is not None,
    )


def _needed(cells: RowCells, column: Column) -> str | None:
    if not cells.lines(column):
        cells.wrong(column, "is empty")
    return cells.one(column, validators.validate_line)


def _slot(
    cells: RowCells, zone: ZoneInfo, orders: Mapping[Column, DateOrder | None]
) -> tuple[dt.datetime, dt.datetime | None] | None:
    column = Column.START if Column.START in cells.layout.places else Column.DATE
    start = cells.noted(column, lambda: _start(cells, zone, orders))
    length = cells.one(Column.MINUTES, _length)
    if start is None:
        return None
    if length is not None:
        return start, datemath.add_elapsed(start, length)
    return start, cells.one(Column.END, lambda text: _end(text, start, orders))


def _start(
    cells: RowCells, zone: ZoneInfo, orders: Mapping[Column, DateOrder | None]
) -> dt.datetime:
    date, time = cells.lines(Column.DATE), cells.lines(Column.TIME)
    start = cells.lines(Column.START)
    if date and (time or start):
        on = date_order.parse_table_day(date[0], orders[Column.DATE])
        return _placed(
            dt.datetime.combine(on, date_order.parse_table_clock((time or start)[0])), zone
        )
    column = Column.START if start else Column.DATE
    return _placed(date_order.parse_table_moment([*(start or date), *time], orders[column]), zone)


def _end(text: str, start: dt.datetime, orders: Mapping[Column, DateOrder | None]) -> dt.datetime:
    try:
        local = dt.datetime.combine(start.date(), date_order.parse_table_clock(text))
    except InvalidValueError:
        local = date_order.parse_table_moment([text], orders[Column.START] or orders[Column.DATE])
    end = _placed(local, start.tzinfo)
    length = datemath.elapsed(start, end)
    if length <= dt.timedelta():
        raise InvalidValueError(f"{quoted(text)} is not after the start")
    if length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is {length.days} days after the start")
    return end


def _placed(local: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    if local.tzinfo is not None or zone is None:
        return local.astimezone(zone)
    return validators.parse_instant(local, zone)


def _length(text: str) -> dt.timedelta:
    match = _LENGTH.fullmatch(text)
    found = dt.timedelta()
    if match:
        hours = float((match["hours"] or "0").replace(",", ".")) + int(match["clock"] or 0)
        minutes = int(match["past"] or 0) + int(match["minutes"] or 0)
        found = dt.timedelta(hours=hours, minutes=minutes)
    if not dt.timedelta() < found <= validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is no length; write minutes, such as 60")
    return found


def _channel(text: str) -> Channel:
    try:
        return _CHANNELS[text.casefold()]
    except KeyError:
        raise InvalidValueError(f"{quoted(text)} is none of email, phone, linkedin") from None


def _status(text: str) -> InterviewStatus:
    return InterviewStatus.CANCELLED if _OFF.search(text) else InterviewStatus.HELD


def _id(company: str, role: str, applicant: Applicant | None, start: dt.datetime) -> str:
    """Return an id that the row has whenever it is read, wherever in the table it stands."""
    who = (applicant.email or applicant.name or "") if applicant else ""
    moment = start.astimezone(dt.UTC).isoformat()
    identity = f"{company}\n{role}\n{who}".casefold() + f"\n{moment}"
    return "i" + hashlib.sha256(identity.encode()).hexdigest()[:12]
