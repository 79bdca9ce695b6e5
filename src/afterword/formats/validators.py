"""The names of time zones, as the IANA database has them.

Single values of a TOML file that people write: each reads one, or says what is wrong.

Nothing is coerced: a number is no text, and a text is no date. Every text
passes the gate of `core.text` here. Each reader raises MisreadError with the
words that follow the key in the list of a file's mistakes.
"""

from __future__ import annotations

import datetime as dt
import difflib
import enum
import functools
import re
from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from afterword.domain.sanitize import clean, clean_line
from afterword.system.business_days import country_mistake


def parse_zone(value: Any) -> ZoneInfo:
    """Read the name of a time zone. Raises MisreadError with a guess at what was meant."""
    return _exact_zone(validate_line(value))


@functools.lru_cache(maxsize=1024)
def _exact_zone(name: str) -> ZoneInfo:
    # The list decides, not the files: they also hold names that mean another
    # zone on each machine ("localtime"), and ignore case on some systems.
    if name in _names():
        return ZoneInfo(name)
    hint = _place(name) or suggestion(name, _likely(), cutoff=0.75)
    hint = hint or "; write a name such as 'Europe/Berlin'"
    raise InvalidValueError(f"unknown time zone {quoted(name)}{hint}")


@functools.cache
def _names() -> frozenset[str]:
    names = resources.files("tzdata").joinpath("zones").read_text("ascii").split()
    # "Factory" is what a machine is set to before anybody has chosen.
    return frozenset(names) - {"Factory"}


def _likely() -> list[str]:
    # The signs of "Etc/GMT+2" are the reverse of what everybody expects.
    return sorted(name for name in _names() if "GMT" not in name)


def _place(name: str) -> str:
    """Return the guess for a city without its continent ("Berlin"), or ""."""
    city = "_".join(name.split()).casefold()
    zones = [known for known in _likely() if known.rpartition("/")[2].casefold() == city]
    return f"; did you mean {zones[0]!r}?" if zones else ""


def parse_instant(local: dt.datetime, place: dt.tzinfo) -> dt.datetime:
    """Return the instant that clocks in a zone show as this naive local time.

    Of a time that comes twice, where clocks go back, it is the first. Raises
    MisreadError for one that does not come, where they go forward.
    """
    shown_as = local.replace(tzinfo=place)
    if shown_as.astimezone(dt.UTC).astimezone(place).replace(tzinfo=None) == local:
        return shown_as
    # PEP 495: the one reading takes the offset before the change, the other that after it.
    earlier, later = (
        local.replace(tzinfo=place, fold=fold).astimezone(dt.UTC).astimezone(place)
        for fold in (1, 0)
    )
    raise InvalidValueError(
        f"{local:%Y-%m-%d %H:%M} does not exist in {place}, where clocks go forward over it; "
        f"did you mean {earlier:%Y-%m-%dT%H:%M:%S} or {later:%Y-%m-%dT%H:%M:%S}?"
    )


LONGEST = 20_000
"""Bytes of UTF-8 that one text may have; events and servers cannot hold more."""
FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST_INTERVIEW = dt.timedelta(days=7)

_SHOWN = 60
_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a number",
    float: "a number with a point",
    str: "text in quotes",
    dt.datetime: "a date and time",
    dt.date: "a date",
    dt.time: "a time of day",
    list: "a list",
    dict: "a table",
}
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?")
# Windows keeps these to itself, whatever ending follows them.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LINK = re.compile(r"(?:https?://|tel:|mailto:)[^\s<>\"]+", re.IGNORECASE)
# Most addresses leave nothing to ask. One of these is no longer than a label may be,
# and of none of the domains that are for nobody's mail (RFC 6761 and its registry).
_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)$)[a-z]{2,}"
)
_LONGEST_PLAIN = 63
_DIGITS = 3

Kind = TypeVar("Kind")
Member = TypeVar("Member", bound=enum.StrEnum)
Dated = TypeVar("Dated", bound=dt.date)


class InvalidValueError(ValueError):
    """Raised when a value is not what its key holds; says what is wrong."""


class InvalidListError(InvalidValueError):
    """Raised for a list with wrong items: (number from 1, what is wrong) of each."""

    def __init__(self, items: Iterable[tuple[int, str]]) -> None:
        self.items = tuple(items)
        super().__init__("; ".join(f"{number}: {words}" for number, words in self.items))


def quoted(value: object) -> str:
    """Return a value as a message quotes it: short, and without control characters."""
    return repr(clean_line(str(value))[:_SHOWN])


def suggestion(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return "; did you mean 'x'?" for the known word that is next to this one, or "".

    `cutoff` is how alike they must be, from 0 to 1.
    """
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""


def validate_line(value: Any) -> str:
    """Read a text of one line."""
    return _sized(clean_line(_of(value, str)))


def validate_text(value: Any) -> str:
    """Read a text of any number of lines."""
    return _sized(clean(_of(value, str)).strip())


def validate_lines(value: Any) -> tuple[str, ...]:
    """Read a list of texts of one line."""
    return _each(validate_line, value)


def validate_links(value: Any) -> tuple[str, ...]:
    """Read a list of links."""
    return _each(validate_link, value)


def validate_addresses(value: Any) -> tuple[str, ...]:
    """Read a list of e-mail addresses."""
    return _each(validate_address, value)


def validate_token(value: Any) -> str:
    """Read an id, which is also a file name on every system."""
    word = _of(value, str)
    if not _TOKEN.fullmatch(word):
        raise InvalidValueError(
            f"{quoted(word)} is no id: 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with . _ - "
            "and not ending with ."
        )
    if _DEVICE.fullmatch(word):
        raise InvalidValueError(
            f"{quoted(word)} cannot be an id: Windows keeps that name for a device"
        )
    return word


def validate_address(value: Any) -> str:
    """Read an e-mail address; whether it can be reached is not asked."""
    return _address(validate_line(value))


def validate_phone(value: Any) -> str:
    """Read a phone number as people write it."""
    number = validate_line(value)
    if sum(map(str.isdigit, number)) < _DIGITS:
        raise InvalidValueError(f"{quoted(number)} is no phone number")
    return number


def validate_link(value: Any) -> str:
    """Read a link that a person may follow; no other scheme is ever opened."""
    url = validate_line(value)
    if not _LINK.fullmatch(url):
        raise InvalidValueError(
            f"{quoted(url)} is no link: it begins with https://, http://, tel: or mailto:, "
            "and has no blanks"
        )
    return url


def validate_language(value: Any) -> str:
    """Read a language tag (BCP 47: "en", "de-AT")."""
    tag = validate_line(value)
    if not _LANGUAGE.fullmatch(tag):
        raise InvalidValueError(f"{quoted(tag)} is no language; write a tag such as 'en' or 'de'")
    return tag


def validate_country(value: Any) -> str:
    """Read a country code, with or without a subdivision."""
    code = validate_line(value)
    if mistake := country_mistake(code):
        raise InvalidValueError(mistake)
    return code


def validate_day(value: Any) -> dt.date:
    """Read a date without a time."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise InvalidValueError(f"must be a date such as 2026-12-04, not {_kind(value)}")
    return _in_range(value)


def validate_instant(value: Any) -> dt.datetime:
    """Read a date with a time of day, with or without an offset."""
    if not isinstance(value, dt.datetime):
        raise InvalidValueError(
            f"must be a date and time such as 2026-11-24T14:00:00, not {_kind(value)}"
        )
    return _in_range(value)


def validate_when(value: Any) -> dt.datetime | dt.date:
    """Read a date, with or without a time of day."""
    if not isinstance(value, dt.date):
        raise InvalidValueError(
            f"must be a date and time such as 2026-11-24T14:00:00, or a date, not {_kind(value)}"
        )
    return _in_range(value)


def validate_flag(value: Any) -> bool:
    """Read a flag, which is true or not there."""
    if value is not True:
        raise InvalidValueError("must be true; leave the key out where it is not so")
    return True


def validate_whole_number(value: Any, *, least: int, most: int) -> int:
    """Read a whole number within bounds."""
    number = _of(value, int)
    if not least <= number <= most:
        raise InvalidValueError(f"must be a number from {least} to {most}")
    return number


def validate_minutes(value: Any) -> int:
    """Read how long an interview takes."""
    return validate_whole_number(value, least=1, most=int(LONGEST_INTERVIEW.total_seconds()) // 60)


def validate_counter(value: Any) -> int:
    """Read a counter such as SEQUENCE (RFC 5545 3.8.7.4)."""
    return validate_whole_number(value, least=0, most=2**31 - 1)


def validate_choice(words: type[Member]) -> Callable[[Any], Member]:
    """Return the reader of one of a few words."""
    by_word = {member.value: member for member in words}

    def read(value: Any) -> Member:
        word = validate_line(value)
        if word not in by_word:
            hint = suggestion(word, by_word) or f"; it is one of {', '.join(map(repr, by_word))}"
            raise InvalidValueError(f"unknown word {quoted(word)}{hint}")
        return by_word[word]

    return read


def validate_table(value: Any) -> dict[str, Any]:
    """Read a table."""
    if not isinstance(value, dict):
        raise InvalidValueError(f"must be a table in [brackets], not {_kind(value)}")
    return value


def validate_tables(value: Any) -> tuple[dict[str, Any], ...]:
    """Read a list of tables."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidValueError(f"must be tables in [[double brackets]], not {_kind(value)}")
    return tuple(value)


def _of(value: Any, kind: type[Kind]) -> Kind:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidValueError(f"must be {_KINDS[kind]}, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    # bool is an int and a datetime a date, so the order of the kinds matters.
    return next(words for kind, words in _KINDS.items() if isinstance(value, kind))


def _sized(words: str) -> str:
    if not words:
        raise InvalidValueError("is empty; leave the key out, or fill it in")
    if len(words.encode()) > LONGEST:
        raise InvalidValueError(f"is longer than {LONGEST // 1000} kB")
    return words


def _each(read: Callable[[Any], str], value: Any) -> tuple[str, ...]:
    values, wrong = [], []
    for number, item in enumerate(_of(value, list), start=1):
        try:
            values.append(read(item))
        except InvalidValueError as error:
            wrong.append((number, str(error)))
    if wrong:
        raise InvalidListError(wrong)
    return tuple(values)


def _in_range(value: Dated) -> Dated:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise InvalidValueError(
            f"the year {value.year} is not between {FIRST_YEAR} and {LAST_YEAR}"
        )
    return value


@functools.lru_cache(maxsize=1024)
def _address(word: str) -> str:
    if len(word) <= _LONGEST_PLAIN and _PLAIN_ADDRESS.fullmatch(word):
        return word
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(word, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidValueError(
            f"{quoted(word)} is no e-mail address: {clean_line(str(error))}"
        ) from None
