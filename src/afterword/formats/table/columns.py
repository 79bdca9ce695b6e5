"""The columns of a spreadsheet of interviews, and the names that people give them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from afterword.core.text import slug


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


def meant(title: str, row: Iterable[str]) -> Column | None:
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
