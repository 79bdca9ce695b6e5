"""The columns of a spreadsheet of interviews, and the names that people give them.

How a table is written: its delimiter, its header, and its rows one by one.
"""

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
    """What a column holds; the value is the name that messages and the template use."""

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


DATES = (Column.START, Column.DATE, Column.DECISION_BY)
"""The columns that hold days."""

EMAILS = {
    Column.INTERVIEWER: Column.INTERVIEWER_EMAIL,
    Column.CONTACT: Column.CONTACT_EMAIL,
    Column.APPLICANT: Column.APPLICANT_EMAIL,
}
"""The columns of people, and those of their addresses."""
# English, German, French, Spanish; upper case, accents, brackets and numbers do not count,
# and an address may also be called by its person and "e-mail".
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
_ANY_EMAIL = frozenset({"email", "e-mail", "mail", "email-address", "e-mail-adresse", "correo"})
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_NUMBER = re.compile(r"-\d+(?=-|$)")


def column_for(title: str, row: Iterable[str]) -> Column | None:
    """Return what the column of that title holds, None for one that is not read.

    `row` are all titles: a mere "e-mail" is that of the one kind of people that
    the table has, and where it has several, nobody's.
    """
    key = _key(title)
    if key not in _ANY_EMAIL:
        return _COLUMNS.get(key)
    present = {_COLUMNS.get(_key(other)) for other in row}
    theirs = [email for who, email in EMAILS.items() if who in present]
    return theirs[0] if len(theirs) == 1 else None if theirs else Column.INTERVIEWER_EMAIL


def is_mere_email(title: str) -> bool:
    """Tell whether the title says no more than that there are addresses."""
    return _key(title) in _ANY_EMAIL


def _key(title: str) -> str:
    return _NUMBER.sub("", slug(_BRACKETS.sub("", title)))


_COLUMNS = {slug(name): column for column, names in _NAMES.items() for name in names.split(",")}
_COLUMNS |= {
    slug(title): email
    for who, email in EMAILS.items()
    for name in _NAMES[who].split(",")
    for mail in ("email", "e mail", "mail")
    for title in (f"{name} {mail}", f"{mail} {name}")
}

_DELIMITERS = (",", ";", "\t", "|")
# Excel's own way to say it, in the first line.
_SEP = re.compile(r"sep=([,;\t|:])\s*$", re.IGNORECASE)
_FIRST_ROWS = 10
_SEVERAL = (Column.INTERVIEWER, Column.INTERVIEWER_EMAIL)


@attrs.frozen(kw_only=True)
class TableLayout:
    """How a table is written: its delimiter, the line of its header, where each column stands.

    `width` is how many cells its header has, `titles` are the columns' names in
    the file, `unknown` those that are not read.
    """

    delimiter: str
    header: int
    width: int
    places: dict[Column, tuple[int, ...]]
    titles: dict[Column, str]
    unknown: tuple[str, ...]

    def cells(self, row: list[str], column: Column) -> list[str]:
        """Return what the row has in the columns of that kind, one line each, none empty."""
        found = (row[at] for at in self.places.get(column, ()) if at < len(row))
        return [cell for cell in map(clean_line, found) if cell]


def detect_layout(text: str, *, source: str) -> TableLayout:
    """Find the header among the first rows, with the delimiter that makes most sense of it.

    Raises InputError where needed columns are missing, or one is there twice.
    """
    match = _SEP.match(text.partition("\n")[0])
    delimiters = (match[1],) if match else _DELIMITERS
    read = [found for mark in delimiters for found in _headers(text, mark)]
    best = max(read, key=lambda found: len(found.places), default=None)
    if best is None or not best.places:
        raise InputError(
            f"{source}: none of its first rows names columns such as company, role, date and time; "
            "`afterword import --template csv` shows the columns"
        )
    _check(best, source)
    return best


def table_rows(text: str, found: TableLayout) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header that are not empty, each with its first line's number.

    Raises csv.Error for a quotation mark that is never closed.
    """
    for line, row in _numbered(text, found.delimiter, strict=True):
        if line > found.header and any(cell.strip() for cell in row):
            yield line, row


def _numbered(
    text: str, delimiter: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"the row that begins in line {line} has {_words(error)}") from error


def _words(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark that is never closed"
    return f"something wrong in it ({error})"


def _headers(text: str, delimiter: str) -> Iterator[TableLayout]:
    try:
        for line, row in itertools.islice(_numbered(text, delimiter), _FIRST_ROWS):
            yield _header(row, line, delimiter)
    except csv.Error:
        return


def _header(row: list[str], line: int, delimiter: str) -> TableLayout:
    places: dict[Column, tuple[int, ...]] = {}
    titles: dict[Column, str] = {}
    unknown = []
    for at, title in enumerate(map(clean_line, row)):
        if column := column_for(title, row):
            places[column] = (*places.get(column, ()), at)
            titles.setdefault(column, title)
        elif title:
            unknown.append(title)
    return TableLayout(
        delimiter=delimiter,
        header=line,
        width=len(row),
        places=places,
        titles=titles,
        unknown=tuple(unknown),
    )


def _check(found: TableLayout, source: str) -> None:
    wrong = [
        f"two columns are read as {column}: leave one of them out, or rename it"
        for column, places in found.places.items()
        if len(places) > 1 and column not in _SEVERAL
    ]
    wrong += [f"no column {column}" for column in _missing(found)]
    wrong += [
        f"the column {title!r} may be anybody's: call it {_quoted(EMAILS.values())}"
        for title in found.unknown
        if is_mere_email(title)
    ]
    if wrong:
        raise InputError(f"{source}, line {found.header}: the header cannot be read", wrong)


def _quoted(columns: Iterable[Column]) -> str:
    return " or ".join(f"'{column}'" for column in columns)


def _missing(found: TableLayout) -> list[str]:
    missing = [str(c) for c in (Column.COMPANY, Column.ROLE) if c not in found.places]
    if not {Column.START, Column.DATE} & set(found.places):
        missing.append(f"{Column.DATE}, and none {Column.TIME}")
    return missing
