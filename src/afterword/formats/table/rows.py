"""One row of a table to the interview that it tells, or everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.core import timing
from afterword.core.model import Applicant, Channel, Interview, Person, Status
from afterword.formats import values, zones
from afterword.formats.table import countries, dates
from afterword.formats.table.cells import Cells
from afterword.formats.table.columns import Column
from afterword.formats.table.dates import Order
from afterword.formats.table.layout import Layout
from afterword.formats.table.people import applicant, people, with_topics
from afterword.formats.values import MisreadError, MisreadListError, shown

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
class Row:
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


def read_row(
    row: list[str], layout: Layout, *, zone: ZoneInfo, orders: Mapping[Column, Order | None]
) -> Row:
    """Return what the row tells; times without a zone of their own are on the clock of `zone`.

    Raises MisreadError, with all that is wrong where it is a MisreadListError.
    """
    if any(cell.strip() for cell in row[layout.width :]):
        raise MisreadError(
            f"it has {len(row)} cells, the header {layout.width}; quote texts that have "
            f"{shown(layout.delimiter)} in them"
        )
    cells = Cells(layout, row, [])
    company = _needed(cells, Column.COMPANY)
    role = _needed(cells, Column.ROLE)
    named_zone = cells.one(Column.ZONE, zones.zone)
    slot = _slot(cells, named_zone or zone, orders)
    who = applicant(cells)
    panel = tuple(people(cells, Column.INTERVIEWER, Column.INTERVIEWER_EMAIL))
    contact = next(people(cells, Column.CONTACT, Column.CONTACT_EMAIL), None)
    country = cells.one(Column.COUNTRY, countries.country)
    channel = cells.one(Column.CHANNEL, _channel)
    named = cells.one(Column.DECISION_BY, lambda it: dates.day(it, orders[Column.DECISION_BY]))
    link = cells.one(Column.LINK, values.link)
    location = cells.one(Column.LOCATION, values.line)
    stage = cells.one(Column.ROUND, values.line)
    status = cells.one(Column.STATUS, _status)
    if cells.mistakes or slot is None or not company or not role:
        raise MisreadListError(cells.mistakes)
    start, end = slot
    interview = Interview(
        id=_id(company, role, who, start),
        start=start,
        end=end or timing.later(start, ASSUMED),
        zone=start.tzinfo if isinstance(start.tzinfo, ZoneInfo) else None,
        decision_by=named,
        interviewers=with_topics(panel, cells.lines(Column.DISCUSSED)),
        status=status or Status.HELD,
        link=link,
        location=location,
        round=stage,
    )
    return Row(
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


def _needed(cells: Cells, column: Column) -> str | None:
    if not cells.lines(column):
        cells.wrong(column, "is empty")
    return cells.one(column, values.line)


def _slot(
    cells: Cells, zone: ZoneInfo, orders: Mapping[Column, Order | None]
) -> tuple[dt.datetime, dt.datetime | None] | None:
    column = Column.START if Column.START in cells.layout.places else Column.DATE
    start = cells.noted(column, lambda: _start(cells, zone, orders))
    length = cells.one(Column.MINUTES, _length)
    if start is None:
        return None
    if length is not None:
        return start, timing.later(start, length)
    return start, cells.one(Column.END, lambda text: _end(text, start, orders))


def _start(cells: Cells, zone: ZoneInfo, orders: Mapping[Column, Order | None]) -> dt.datetime:
    date, time = cells.lines(Column.DATE), cells.lines(Column.TIME)
    start = cells.lines(Column.START)
    if date and (time or start):
        on = dates.day(date[0], orders[Column.DATE])
        return _placed(dt.datetime.combine(on, dates.clock((time or start)[0])), zone)
    column = Column.START if start else Column.DATE
    return _placed(dates.moment([*(start or date), *time], orders[column]), zone)


def _end(text: str, start: dt.datetime, orders: Mapping[Column, Order | None]) -> dt.datetime:
    try:
        local = dt.datetime.combine(start.date(), dates.clock(text))
    except MisreadError:
        local = dates.moment([text], orders[Column.START] or orders[Column.DATE])
    end = _placed(local, start.tzinfo)
    length = timing.elapsed(start, end)
    if length <= dt.timedelta():
        raise MisreadError(f"{shown(text)} is not after the start")
    if length > values.LONGEST_INTERVIEW:
        raise MisreadError(f"{shown(text)} is {length.days} days after the start")
    return end


def _placed(local: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    if local.tzinfo is not None or zone is None:
        return local.astimezone(zone)
    return zones.instant(local, zone)


def _length(text: str) -> dt.timedelta:
    match = _LENGTH.fullmatch(text)
    found = dt.timedelta()
    if match:
        hours = float((match["hours"] or "0").replace(",", ".")) + int(match["clock"] or 0)
        minutes = int(match["past"] or 0) + int(match["minutes"] or 0)
        found = dt.timedelta(hours=hours, minutes=minutes)
    if not dt.timedelta() < found <= values.LONGEST_INTERVIEW:
        raise MisreadError(f"{shown(text)} is no length; write minutes, such as 60")
    return found


def _channel(text: str) -> Channel:
    try:
        return _CHANNELS[text.casefold()]
    except KeyError:
        raise MisreadError(f"{shown(text)} is none of email, phone, linkedin") from None


def _status(text: str) -> Status:
    return Status.CANCELLED if _OFF.search(text) else Status.HELD


def _id(company: str, role: str, applicant: Applicant | None, start: dt.datetime) -> str:
    """Return an id that the row has whenever it is read, wherever in the table it stands."""
    who = (applicant.email or applicant.name or "") if applicant else ""
    moment = start.astimezone(dt.UTC).isoformat()
    identity = f"{company}\n{role}\n{who}".casefold() + f"\n{moment}"
    return "i" + hashlib.sha256(identity.encode()).hexdigest()[:12]
