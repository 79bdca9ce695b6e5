"""Find the header of a spreadsheet: its delimiter, and the columns by their names."""

from __future__ import annotations

import csv
import enum
import io
import itertools
import re
from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.sanitize import clean_line, slug
from afterword.errors import InputError


class Column(enum.StrEnum):
    """The content of a column; the value is its name in messages and in the example table."""

    COMPANY = "company"
    ROLE = "role"
    START = "start"
    DATE = "date"
    TIME = "time"
    END = "end"
    MINUTES = "minutes"
    ZONE = "time zone"
    COUNTRY = "country"
    INTERVIEWER = "interviewer"
    INTERVIEWER_EMAIL = "interviewer email"
    CONTACT = "contact"
    CONTACT_EMAIL = "contact email"
    ROUND = "round"
    DECISION_BY = "decision by"
    DISCUSSED = "discussed"
    LOCATION = "location"
    LINK = "link"
    CHANNEL = "channel"
    STATUS = "status"
    APPLICANT = "applicant"
    APPLICANT_EMAIL = "applicant email"
    APPLICANT_PHONE = "applicant phone"


DATE_COLUMNS = (Column.START, Column.DATE, Column.DECISION_BY)

_ADDRESS_COLUMNS = {
    Column.INTERVIEWER: Column.INTERVIEWER_EMAIL,
    Column.CONTACT: Column.CONTACT_EMAIL,
    Column.APPLICANT: Column.APPLICANT_EMAIL,
}
_REPEATABLE = (Column.INTERVIEWER, Column.INTERVIEWER_EMAIL)
_DELIMITERS = (",", ";", "\t", "|")
# The line with which Excel itself states the delimiter.
_SEP_LINE = re.compile(r"sep=([,;\t|:])\s*$", re.IGNORECASE)
_FIRST_ROWS = 10

# English, German, French, Spanish. Case, accents, brackets and numbers do not matter, and an
# address column may also be called by the person's column and "e-mail".
_NAMES = {
    Column.COMPANY: "company, company name, employer, organisation, organization, firm, firma,"
    "unternehmen, arbeitgeber, entreprise, societe, employeur, empresa, compania, empleador",
    Column.ROLE: "role, position, job, job title, title, vacancy, stelle, stellenbezeichnung,"
    "rolle, jobtitel, poste, fonction, intitule du poste, puesto, cargo",
    Column.START: "start, begin, when, at, datetime, date time, date and time, interview at,"
    "beginn, wann, datum und uhrzeit, debut, quand, date et heure, inicio, cuando, fecha y hora",
    Column.DATE: "date, day, interview date, date of interview, datum, tag, termin,"
    "gesprachsdatum, interviewdatum, jour, date de l entretien, date entretien, fecha, dia,"
    "fecha de la entrevista, fecha de entrevista",
    Column.TIME: "time, start time, interview time, uhrzeit, zeit, startzeit, heure,"
    "heure de debut, hora, hora de inicio",
    Column.END: "end, end time, until, to, ende, bis, endzeit, fin, heure de fin, hora de fin",
    Column.MINUTES: "minutes, min, mins, duration, length, dauer, minuten, duree, duracion,minutos",
    Column.ZONE: "time zone, timezone, zone, tz, zeitzone, fuseau horaire, fuseau, zona horaria,"
    "zona",
    Column.COUNTRY: "country, country code, land, landercode, pays, pais",
    Column.INTERVIEWER: "interviewer, interviewers, interviewer name, with, panel, interviewt von,"
    "gesprachspartner, gesprachspartnerin, gesprachspartner in, interviewer in, recruteur,"
    "intervieweur, interlocuteur, avec, entrevistador, entrevistadora, con",
    Column.INTERVIEWER_EMAIL: "e mail de l interlocuteur, correo del entrevistador",
    Column.CONTACT: "contact, contact name, contact person, main contact, recruiter, kontakt,"
    "ansprechpartner, ansprechpartnerin, contact principal, contacto, persona de contacto",
    Column.CONTACT_EMAIL: "email du contact, correo de contacto",
    Column.ROUND: "round, stage, interview round, interview type, runde, phase, tour, etape,"
    "ronda, etapa",
    Column.DECISION_BY: "decision by, decision date, decision, answer by, reply by, they decide by,"
    "entscheidung bis, entscheidung, ruckmeldung bis, antwort bis, decision avant, reponse avant,"
    "reponse le, decision antes de, fecha de decision, respuesta antes de",
    Column.DISCUSSED: "discussed, talking points, topics, points, besprochen, themen,"
    "gesprachsthemen, sujets, points abordes, temas, temas tratados",
    Column.LOCATION: "location, place, venue, address, ort, adresse, lieu, lugar, direccion",
    Column.LINK: "link, url, meeting link, video link, lien, enlace",
    Column.CHANNEL: "channel, kanal, canal",
    Column.STATUS: "status, state, statut, etat, estado",
    Column.APPLICANT: "applicant, applicant name, client, client name, candidate, candidate name,"
    "bewerber, bewerberin, klient, klientin, kunde, kundin, candidat, candidate, candidato,"
    "candidata, cliente",
    Column.APPLICANT_EMAIL: "kunden e mail, email du candidat, email client, correo del candidato",
    Column.APPLICANT_PHONE: "applicant phone, client phone, candidate phone, telefon bewerber,"
    "telefon klient, telephone du candidat, telefono del candidato",
}
_EMAIL_NAMES = frozenset({"email", "e-mail", "mail", "email-address", "e-mail-adresse", "correo"})
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_NUMBER = re.compile(r"-\d+(?=-|$)")


@attrs.frozen(kw_only=True)
class TableLayout:
    """The delimiter of a table, the line of its header, and the positions of its columns.

    `width` is the number of cells of the header, `titles` are the columns' names in the file,
    `unknown` the names of columns that are ignored.
    """

    delimiter: str
    header: int
    width: int
    positions: dict[Column, tuple[int, ...]]
    titles: dict[Column, str]
    unknown: tuple[str, ...]

    def cells(self, row: list[str], column: Column) -> list[str]:
        """Return the row's cells in the columns of that kind, as cleaned lines, without empty ones.

        A short row has no cells in the columns beyond its end.
        """
        positions = self.positions.get(column, ())
        lines = (clean_line(row[position]) for position in positions if position < len(row))
        return [line for line in lines if line]


def detect_layout(text: str, *, source: str) -> TableLayout:
    """Find the header among the first rows, by the delimiter that gives most of its columns.

    Raises InputError for a missing column, or for one that is there twice.
    """
    match = _SEP_LINE.match(text.partition("\n")[0])
    delimiters = (match[1],) if match else _DELIMITERS
    candidates = [layout for delimiter in delimiters for layout in _layouts(text, delimiter)]
    best = max(candidates, key=lambda layout: len(layout.positions), default=None)
    if best is None or not best.positions:
        raise InputError(
            f"{source}: none of its first rows names columns such as company, role, date and time; "
            "`afterword import --template csv` shows the columns"
        )
    _check(best, source)
    return best


def table_rows(text: str, layout: TableLayout) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header that are not empty, with the number of their first line.

    Raises csv.Error for a quotation mark that is never closed.
    """
    for line, row in _numbered_rows(text, layout.delimiter, strict=True):
        if line > layout.header and any(cell.strip() for cell in row):
            yield line, row


def column_for(title: str, titles: Iterable[str]) -> Column | None:
    """Return the column with a title, None if the title is unknown; `titles` are all of the table.

    A column named just "e-mail" belongs to the only people of the table, else to nobody.
    """
    name = _column_name(title)
    if name not in _EMAIL_NAMES:
        return _COLUMNS.get(name)
    present = {_COLUMNS.get(_column_name(other)) for other in titles}
    addresses = [address for person, address in _ADDRESS_COLUMNS.items() if person in present]
    if not addresses:
        return Column.INTERVIEWER_EMAIL
    return addresses[0] if len(addresses) == 1 else None


def _column_name(title: str) -> str:
    return _NUMBER.sub("", slug(_BRACKETS.sub("", title)))


_COLUMNS = {slug(name): column for column, names in _NAMES.items() for name in names.split(",")}
_COLUMNS |= {
    slug(title): address
    for person, address in _ADDRESS_COLUMNS.items()
    for name in _NAMES[person].split(",")
    for mail in ("email", "e mail", "mail")
    for title in (f"{name} {mail}", f"{mail} {name}")
}


def _numbered_rows(
    text: str, delimiter: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"the row that begins in line {line} has {_description(error)}") from error


def _description(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark that is never closed"
    return f"something wrong in it ({error})"


def _layouts(text: str, delimiter: str) -> Iterator[TableLayout]:
    """Yield the layout with each of the first rows as the header."""
    try:
        for line, row in itertools.islice(_numbered_rows(text, delimiter), _FIRST_ROWS):
            yield _layout(row, line, delimiter)
    except csv.Error:
        return


def _layout(row: list[str], line: int, delimiter: str) -> TableLayout:
    positions: dict[Column, tuple[int, ...]] = {}
    titles: dict[Column, str] = {}
    unknown = []
    for position, title in enumerate(map(clean_line, row)):
        if column := column_for(title, row):
            positions[column] = (*positions.get(column, ()), position)
            titles.setdefault(column, title)
        elif title:
            unknown.append(title)
    return TableLayout(
        delimiter=delimiter,
        header=line,
        width=len(row),
        positions=positions,
        titles=titles,
        unknown=tuple(unknown),
    )


def _check(layout: TableLayout, source: str) -> None:
    mistakes = [
        f"two columns are read as {column}: leave one of them out, or rename it"
        for column, positions in layout.positions.items()
        if len(positions) > 1 and column not in _REPEATABLE
    ]
    mistakes += [f"no column {column}" for column in _missing_columns(layout)]
    choices = " or ".join(f"'{column}'" for column in _ADDRESS_COLUMNS.values())
    mistakes += [
        f"the column {title!r} may be anybody's: call it {choices}"
        for title in layout.unknown
        if _column_name(title) in _EMAIL_NAMES
    ]
    if mistakes:
        raise InputError(f"{source}, line {layout.header}: the header cannot be read", mistakes)


def _missing_columns(layout: TableLayout) -> list[str]:
    missing = [str(c) for c in (Column.COMPANY, Column.ROLE) if c not in layout.positions]
    if not {Column.START, Column.DATE} & set(layout.positions):
        missing.append(f"{Column.DATE}, and none {Column.TIME}")
    return missing
