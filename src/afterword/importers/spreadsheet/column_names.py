"""The columns that a spreadsheet of interviews may have, and their names in four languages."""

from __future__ import annotations

import csv
import enum
import io
import re
from collections.abc import Iterable

from afterword.domain.sanitize import clean_line, slug


class Column(enum.StrEnum):
    """The content of a column; the value is its name in messages, in `--map` and the example.

    INTERVIEW columns hold the date and time of one or more interviews each ("Second interview").
    """

    COMPANY = "company"
    ROLE = "role"
    START = "start"
    DATE = "date"
    TIME = "time"
    END = "end"
    END_DATE = "end date"
    MINUTES = "minutes"
    ZONE = "time zone"
    INTERVIEW = "interview"
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
    STATUS_DATE = "status date"
    APPLICANT = "applicant"
    APPLICANT_EMAIL = "applicant email"
    APPLICANT_PHONE = "applicant phone"
    IGNORE = "ignore"


DATE_COLUMNS = (
    *(Column.START, Column.DATE, Column.END_DATE, Column.INTERVIEW),
    *(Column.DECISION_BY, Column.STATUS_DATE),
)
REPEATABLE_COLUMNS = (
    *(Column.INTERVIEWER, Column.INTERVIEWER_EMAIL, Column.INTERVIEW),
    *(Column.STATUS, Column.STATUS_DATE, Column.IGNORE),
)
ADDRESS_COLUMNS = {
    Column.INTERVIEWER: Column.INTERVIEWER_EMAIL,
    Column.CONTACT: Column.CONTACT_EMAIL,
    Column.APPLICANT: Column.APPLICANT_EMAIL,
}

# English, German, French, Spanish, and the exports of trackers and calendars. Case, accents,
# brackets and numbers do not matter, and an address column may also be called by the person's
# column and "e-mail".
_NAMES = {
    Column.COMPANY: "company, company name, employer, employer name, organisation, organization,"
    "firm, business, account, firma, firmenname, unternehmen, arbeitgeber, entreprise, societe,"
    "employeur, nom de l entreprise, empresa, compania, empleador, nombre de la empresa",
    Column.ROLE: "role, role title, role name, position, position title, job, job title, job name,"
    "job position, job role, title, vacancy, opening, posting, posting title, job posting,"
    "requisition, stelle, stellenbezeichnung, stellentitel, rolle, jobtitel, poste, fonction,"
    "intitule du poste, titre du poste, puesto, cargo, vacante, titulo del puesto",
    Column.START: "start, begin, when, at, datetime, date time, date and time, interview at,"
    "interview start, interview start time, interview datetime, interview date time,"
    "interview date and time, scheduled at, scheduled for, scheduled time, starts at, start at,"
    "begins at, event start, beginn, wann, datum und uhrzeit, gesprachsbeginn, terminbeginn, debut,"
    "quand, date et heure, debut de l entretien, inicio, cuando, fecha y hora,"
    "inicio de la entrevista, fecha y hora de la entrevista",
    Column.DATE: "date, day, interview date, interview day, date of interview, date interview,"
    "scheduled date, scheduled interview date, interview scheduled date, start date, event date,"
    "date interviewed, interviewed on, interview on, interview scheduled, datum, tag, termin,"
    "gesprachsdatum, interviewdatum, startdatum, interviewtermin, gesprachstermin,"
    "datum des gesprachs, datum des interviews, vorstellungsgesprach am, jour,"
    "date de l entretien, date entretien, date d entretien, date de debut, fecha, dia,"
    "fecha de la entrevista, fecha de entrevista, fecha entrevista, fecha de inicio",
    Column.TIME: "time, start time, interview time, time of interview, startuhrzeit, uhrzeit, zeit,"
    "startzeit, gesprachszeit, heure, heure de debut, heure de l entretien, hora, hora de inicio,"
    "hora de la entrevista",
    Column.END: "end, end time, until, to, interview end, interview end time, ends at, end at,"
    "event end, ende, bis, endzeit, endet um, fin, heure de fin, hora de fin",
    Column.END_DATE: "end date, interview end date, enddatum, date de fin, fecha de fin,"
    "fecha de finalizacion",
    Column.MINUTES: "minutes, min, mins, duration, length, interview duration, interview length,"
    "duration minutes, dauer, minuten, duree, duracion, minutos",
    Column.ZONE: "time zone, timezone, zone, tz, interview time zone, interview timezone, zeitzone,"
    "fuseau horaire, fuseau, zona horaria, zona",
    Column.INTERVIEW: "interview, interviews, interview dates, interview times, next interview,"
    "next interview date, next interview time, upcoming interview,"
    "upcoming interviews, upcoming interview date,"
    "last interview, last interview date, latest interview, latest interview date,"
    "previous interview, interview schedule, vorstellungsgesprach, vorstellungsgesprache, gesprach,"
    "gesprache, nachstes gesprach, nachstes interview, gesprachstermine, interviewtermine,"
    "letztes gesprach, entretien, entretiens, prochain entretien, date du prochain entretien,"
    "dates d entretien, dates des entretiens, dernier entretien, entrevista, entrevistas,"
    "proxima entrevista, fecha de la proxima entrevista, fechas de entrevista,"
    "fechas de entrevistas, fechas de las entrevistas, ultima entrevista",
    Column.COUNTRY: "country, country code, land, landercode, pays, pais",
    Column.INTERVIEWER: "interviewer, interviewers, interviewer name, interviewer names, with,"
    "panel, interview panel, interviewed by, interviewt von, gesprachspartner, gesprachspartnerin,"
    "gesprachspartner in, interviewer in, recruteur, intervieweur, interlocuteur, avec,"
    "entrevistador, entrevistadora, con",
    Column.INTERVIEWER_EMAIL: "e mail de l interlocuteur, correo del entrevistador",
    Column.CONTACT: "contact, contact name, contact person, main contact, recruiter,"
    "recruiter name, hiring manager, kontakt, ansprechpartner, ansprechpartnerin, kontaktperson,"
    "contact principal, contacto, persona de contacto",
    Column.CONTACT_EMAIL: "email du contact, correo de contacto",
    Column.ROUND: "round, stage, interview round, interview type, interview stage, interview name,"
    "runde, phase, gesprachsrunde, tour, etape, ronda, etapa",
    Column.DECISION_BY: "decision by, decision date, decision, answer by, reply by, they decide by,"
    "decision expected, entscheidung bis, entscheidung, ruckmeldung bis, antwort bis,"
    "decision avant, reponse avant, reponse le, decision antes de, fecha de decision,"
    "respuesta antes de",
    Column.DISCUSSED: "discussed, talking points, topics, points, besprochen, themen,"
    "gesprachsthemen, sujets, points abordes, temas, temas tratados",
    Column.LOCATION: "location, place, venue, address, ort, adresse, lieu, lugar, direccion",
    Column.LINK: "link, url, meeting link, meeting url, video link, lien, enlace",
    Column.CHANNEL: "channel, kanal, canal",
    Column.STATUS: "status, state, application status, current status, interview status,"
    "job status, status of application, outcome, result, final outcome, final result,"
    "interview outcome, interview result, list, list name, board list, pipeline stage,"
    "application stage, current stage, hiring stage, bewerbungsstatus, aktueller status, stand,"
    "ergebnis, ausgang, statut, statut de la candidature, etat, resultat, issue, estado,"
    "estado actual, estado de la candidatura, estado de la solicitud, resultado",
    Column.STATUS_DATE: "status date, date of status, status changed, status changed on,"
    "status changed at, status updated, status update, status since, closed on, closed at,"
    "closed date, date closed, closing date, rejected on, rejected at, rejection date,"
    "date rejected, date of rejection, outcome date, result date, decided on, withdrawn on,"
    "date withdrawn, archived at, archived on, ended on, last update, last updated,"
    "last updated on,"
    "last updated at, last update date, updated, updated at, updated on, update date, last changed,"
    "last change, last modified, last edited, last edited time, last modified time, modified,"
    "last activity, last activity date, last activity at, last contact, last contacted,"
    "date updated, statusdatum, status vom, status seit, stand vom, abgelehnt am, absage am,"
    "absagedatum, geschlossen am, beendet am, aktualisiert am, aktualisiert, letzte aktualisierung,"
    "letzte anderung, geandert am, zuletzt geandert, date du statut, statut du, date de statut,"
    "date de refus, refuse le, ferme le, cloture le, mis a jour, mis a jour le, mise a jour,"
    "derniere mise a jour, derniere modification, date de reponse, fecha de estado,"
    "fecha del estado, fecha de rechazo, rechazado el, cerrado el, fecha de cierre, actualizado,"
    "actualizado el, ultima actualizacion, ultima modificacion, fecha de respuesta",
    Column.APPLICANT: "applicant, applicant name, client, client name, candidate, candidate name,"
    "bewerber, bewerberin, klient, klientin, kunde, kundin, candidat, candidate, candidato,"
    "candidata, cliente",
    Column.APPLICANT_EMAIL: "kunden e mail, email du candidat, email client, correo del candidato",
    Column.APPLICANT_PHONE: "applicant phone, client phone, candidate phone, telefon bewerber,"
    "telefon klient, telephone du candidat, telefono del candidato",
}
_EMAIL_NAMES = frozenset({"email", "e-mail", "mail", "email-address", "e-mail-adresse", "correo"})
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NUMBER = re.compile(r"-\d+(?=-|$)")
_INTERVIEW_WORD = re.compile(
    r"interview|gesprach|entretien|entrevista|\b(?:round|runde|tour|ronda)\b"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|final|[1-9](?:st|nd|rd|th|e|er|eme|a|o)?"
    r"|erste[sr]?|zweite[sr]?|dritte[sr]?|vierte[sr]?"
    r"|premier|deuxieme|second|troisieme|quatrieme|primera|segunda|tercera|cuarta)"
)
_ROUND_NAME = r"(?:interview|(?:vorstellungs)?gesprach|entretien|entrevista|round|runde|ronda|tour)"
_KIND_NAME = (
    r"(?:phone|video|technical|panel|onsite|on-site|hr|recruiter|screening|hiring-manager)"
    rf"(?:-(?:{_ROUND_NAME}|screen|call))?"
)
_ROUND_TITLE = re.compile(
    rf"(?:(?:date|datum|fecha|dia)-(?:of-|de-la-|de-l-|du-|des-|de-)?(?:the-)?)?"
    rf"(?:{_ORDINAL}-(?:round-)?{_ROUND_NAME}|{_ROUND_NAME}-{_ORDINAL})(?:-(?:date|datum|time|on|am|uhrzeit|heure|hora))?"
    rf"|{_KIND_NAME}-(?:date|datum|on|am)"
)
_TIME_WORD = re.compile(r"\b(?:time|uhrzeit|heure|hora)$")
_DATE_WORD = re.compile(
    r"\b(?:date|datum|fecha|time|uhrzeit|heure|hora)\b\s*(?:of|de la|du|des)?", re.IGNORECASE
)


def column_for(title: str, titles: Iterable[str]) -> Column | None:
    """Return the column with a title, None if the title is unknown; `titles` are all of the table.

    A column named just "e-mail" belongs to the only people of the table, else to nobody.
    """
    name = column_name(title)
    if not is_any_email(title):
        is_round = round_title(title) is not None
        return Column.INTERVIEW if is_round else _COLUMNS.get(name)
    present = {_COLUMNS.get(column_name(other)) for other in titles}
    addresses = [address for person, address in ADDRESS_COLUMNS.items() if person in present]
    if not addresses:
        return Column.INTERVIEWER_EMAIL
    return addresses[0] if len(addresses) == 1 else None


def column_named(text: str) -> Column | None:
    """Return the column that a user names in `--map`, by its own name or a usual title."""
    try:
        return Column(clean_line(text).casefold())
    except ValueError:
        return _COLUMNS.get(column_name(text))


def column_name(title: str) -> str:
    """Return a title for comparison, without brackets and numbers."""
    return _NUMBER.sub("", slug(_BRACKETS.sub("", title)))


def is_any_email(title: str) -> bool:
    """True for a column of addresses that does not say whose they are."""
    return column_name(title) in _EMAIL_NAMES


def round_title(title: str) -> str | None:
    """Return the round's name if a title is that of the date of a round ("Second interview")."""
    if not _ROUND_TITLE.fullmatch(slug(_BRACKETS.sub("", title))):
        return None
    return clean_line(_DATE_WORD.sub(" ", _BRACKETS.sub("", title))) or None


def interview_key(title: str) -> tuple[str, bool]:
    """Return a title of interviews without words for date and time, and True if it is a time."""
    name = _BRACKETS.sub("", title)
    is_time = bool(_TIME_WORD.search(slug(name).replace("-", " ")))
    return slug(_DATE_WORD.sub(" ", name)), is_time


def names_interview(title: str) -> bool:
    """True if a title has a word for interview in it: such a date is not that of something else."""
    return bool(_INTERVIEW_WORD.search(slug(title)))


_COLUMNS = {slug(name): column for column, names in _NAMES.items() for name in names.split(",")}
_COLUMNS |= {
    slug(title): address
    for person, address in ADDRESS_COLUMNS.items()
    for name in _NAMES[person].split(",")
    for mail in ("email", "e mail", "mail")
    for title in (f"{name} {mail}", f"{mail} {name}")
}


_EXAMPLES: dict[Column, tuple[str, str]] = {
    Column.COMPANY: ("Karoo Analytics", "Karoo Analytics"),
    Column.ROLE: ("Marketing Manager", "Marketing Manager"),
    Column.DATE: ("2026-11-24", "2026-12-08"),
    Column.TIME: ("14:00", "10:30"),
    Column.MINUTES: ("60", "90"),
    Column.ZONE: ("Africa/Johannesburg", "Africa/Johannesburg"),
    Column.COUNTRY: ("ZA", "ZA"),
    Column.ROUND: ("first interview", "panel"),
    Column.INTERVIEWER: ("Thandi Nkosi", "Thandi Nkosi; Pieter Botha"),
    Column.INTERVIEWER_EMAIL: (
        "thandi@karoo.example",
        "thandi@karoo.example; pieter@karoo.example",
    ),
    Column.DISCUSSED: ("the move from print to podcasts", ""),
    Column.DECISION_BY: ("2026-12-04", ""),
    Column.APPLICANT: ("Sam Seeker", "Sam Seeker"),
    Column.APPLICANT_EMAIL: ("sam@seeker.example", "sam@seeker.example"),
}


def example_table() -> str:
    """Return the header and two example rows as CSV (RFC 4180); only four columns are needed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_EXAMPLES)
    writer.writerows(zip(*_EXAMPLES.values(), strict=True))
    return out.getvalue()
