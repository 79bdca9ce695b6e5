"""The columns that a spreadsheet of interviews may have, and their names in four languages."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterable
from pathlib import Path

from afterword.domain.sanitize import clean_line, slug
from afterword.importers.word_lists import read_lists


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

_FILE = "spreadsheet/column_names.toml"
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
        return Column.INTERVIEW if is_round else _columns().get(name)
    present = {_columns().get(column_name(other)) for other in titles}
    addresses = [address for person, address in ADDRESS_COLUMNS.items() if person in present]
    if not addresses:
        return Column.INTERVIEWER_EMAIL
    return addresses[0] if len(addresses) == 1 else None


def column_named(text: str) -> Column | None:
    """Return the column that a user names in `--map`, by its own name or a usual title."""
    try:
        return Column(clean_line(text).casefold())
    except ValueError:
        return _columns().get(column_name(text))


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


@functools.cache
def _columns() -> dict[str, Column]:
    """Return the columns by their titles, as `column_name` returns those."""
    titles = {Column(name): names for name, names in read_lists(_FILE).items()}
    columns = {slug(title): column for column, names in titles.items() for title in names}
    return columns | {
        slug(title): address
        for person, address in ADDRESS_COLUMNS.items()
        for name in titles[person]
        for mail in ("email", "e mail", "mail")
        for title in (f"{name} {mail}", f"{mail} {name}")
    }


def example_table() -> str:
    """Return the header and two example rows as CSV (RFC 4180); only four columns are needed."""
    text = Path(__file__).with_name("example.csv").read_text("utf-8")
    return text.replace("\n", "\r\n")
