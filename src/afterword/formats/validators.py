"""Validate single values of TOML files that people write.

Each validator returns the value, or raises InvalidValueError with the words
that follow the key in a message. Nothing is coerced: a number is not a text,
and a text is not a date. Every text passes `domain.sanitize` here.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.sanitize import clean, clean_line
from afterword.domain.search_text import closest
from afterword.system.business_days import country_error
from afterword.system.clock import TZDATA

LONGEST = 20_000
"""Bytes of UTF-8 that a text may have; events and servers cannot hold more."""
LONGEST_INTERVIEW = dt.timedelta(days=7)

_LONGEST_QUOTE = 60
# bool is an int and datetime a date, so the order matters.
_TYPES: dict[type, str] = {
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
# Windows reserves these file names, with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LINK = re.compile(r"(?:https?://|tel:|mailto:)[^\s<>\"]+", re.IGNORECASE)
# An address that email_validator, which takes long to import, would return unchanged: no
# longer than a DNS label, and in none of the special-use domains (RFC 6761 and its registry).
_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_]+(?:[.-][a-z0-9_]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)$)[a-z]{2,}"
)
_LONGEST_PLAIN_ADDRESS = 63
_FEWEST_DIGITS = 3

Value = TypeVar("Value")
Member = TypeVar("Member", bound=enum.StrEnum)
Date = TypeVar("Date", bound=dt.date)


class InvalidValueError(ValueError):
    """A value that its key cannot have; the text says why."""


class InvalidListError(InvalidValueError):
    """A list with invalid items; `items` are the number, from 1, and the message of each."""

    def __init__(self, items: Iterable[tuple[int, str]]) -> None:
        self.items = tuple(items)
        super().__init__("; ".join(f"{number}: {message}" for number, message in self.items))


def quoted(value: object) -> str:
    """Return a value in quotes for a message: shortened, and without control characters."""
    return repr(clean_line(str(value))[:_LONGEST_QUOTE])


def suggestion(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return "; did you mean 'x'?" for the candidate closest to a word, or "".

    `cutoff` is the similarity that it needs, from 0 to 1.
    """
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    near = closest(word.casefold(), by_folded, cutoff=cutoff)
    return f"; did you mean {by_folded[near]!r}?" if near else ""


def validate_line(value: Any) -> str:
    """Validate a text, and join its lines to a single line."""
    return _sized(clean_line(_typed(value, str)))


def validate_text(value: Any) -> str:
    """Validate a text of any number of lines."""
    return _sized(clean(_typed(value, str)).strip())


def validate_list(validator: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    """Return the validator of a list, given that of an item; it raises InvalidListError."""

    def validate(value: Any) -> tuple[Value, ...]:
        items, mistakes = [], []
        for number, item in enumerate(_typed(value, list), start=1):
            try:
                items.append(validator(item))
            except InvalidValueError as error:
                mistakes.append((number, str(error)))
        if mistakes:
            raise InvalidListError(mistakes)
        return tuple(items)

    return validate


def validate_choice(members: type[Member]) -> Callable[[Any], Member]:
    """Return the validator of a member of an enumeration."""
    by_word = {member.value: member for member in members}

    def validate(value: Any) -> Member:
        word = validate_line(value)
        if word not in by_word:
            hint = suggestion(word, by_word) or f"; it is one of {', '.join(map(repr, by_word))}"
            raise InvalidValueError(f"unknown word {quoted(word)}{hint}")
        return by_word[word]

    return validate


def validate_token(value: Any) -> str:
    """Validate an id, which is also a file name on every system."""
    word = _typed(value, str)
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
    """Validate and normalize an e-mail address, without a look at its server."""
    return _address(validate_line(value))


@functools.lru_cache(maxsize=1024)
def _address(word: str) -> str:
    if len(word) <= _LONGEST_PLAIN_ADDRESS and _PLAIN_ADDRESS.fullmatch(word):
        return word
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(word, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise InvalidValueError(
            f"{quoted(word)} is no e-mail address: {clean_line(str(error))}"
        ) from None


def validate_phone(value: Any) -> str:
    """Validate a phone number in any notation."""
    number = validate_line(value)
    if sum(map(str.isdigit, number)) < _FEWEST_DIGITS:
        raise InvalidValueError(f"{quoted(number)} is no phone number")
    return number


def validate_link(value: Any) -> str:
    """Validate a link for a person to follow; other schemes are never opened."""
    url = validate_line(value)
    if not _LINK.fullmatch(url):
        raise InvalidValueError(
            f"{quoted(url)} is no link: it begins with https://, http://, tel: or mailto:, "
            "and has no blanks"
        )
    return url


def validate_language(value: Any) -> str:
    """Validate a language tag (BCP 47: "en", "de-AT")."""
    tag = validate_line(value)
    if not _LANGUAGE.fullmatch(tag):
        raise InvalidValueError(f"{quoted(tag)} is no language; write a tag such as 'en' or 'de'")
    return tag


def validate_country(value: Any) -> str:
    """Validate a country code, with or without a subdivision ("ZA", "US-CA")."""
    code = validate_line(value)
    if error := country_error(code):
        raise InvalidValueError(error)
    return code


def validate_zone(value: Any) -> ZoneInfo:
    """Validate the name of a time zone in the IANA database."""
    return _zone(validate_line(value))


@functools.lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    # The list decides, not the files: they include names that mean another zone on each
    # machine ("localtime"), and some systems ignore the case of their names.
    if name in zone_names():
        return ZoneInfo(name)
    # The signs of "Etc/GMT+2" are the reverse of what people expect.
    candidates = sorted(zone for zone in zone_names() if "GMT" not in zone)
    city = "_".join(name.split()).casefold()
    of_city = [zone for zone in candidates if zone.rpartition("/")[2].casefold() == city]
    hint = (
        f"; did you mean {of_city[0]!r}?" if of_city else suggestion(name, candidates, cutoff=0.75)
    )
    hint = hint or "; write a name such as 'Europe/Berlin'"
    raise InvalidValueError(f"unknown time zone {quoted(name)}{hint}")


@functools.cache
def zone_names() -> frozenset[str]:
    """Return the names of the zones in the IANA database, the same on every machine."""
    names = (TZDATA / "zones").read_text("ascii").split()
    # "Factory" is the setting of a machine before anybody has chosen a zone.
    return frozenset(names) - {"Factory"}


def attach_zone(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return a naive local time as an aware time.

    A time that occurs twice, where clocks go back, is the first. Raises
    InvalidValueError for one that does not occur, where they go forward.
    """
    aware = local.replace(tzinfo=zone)
    if aware.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == local:
        return aware
    # PEP 495: fold 1 takes the offset after the change, fold 0 that before it.
    earlier, later = (
        local.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC).astimezone(zone) for fold in (1, 0)
    )
    raise InvalidValueError(
        f"{local:%Y-%m-%d %H:%M} does not exist in {zone}, where clocks go forward over it; "
        f"did you mean {earlier:%Y-%m-%dT%H:%M:%S} or {later:%Y-%m-%dT%H:%M:%S}?"
    )


def validate_day(value: Any) -> dt.date:
    """Validate a date without a time."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise InvalidValueError(f"must be a date such as 2026-12-04, not {_type_name(value)}")
    return _in_range(value)


def validate_instant(value: Any) -> dt.datetime:
    """Validate a date with a time of day, with or without an offset."""
    return _in_range(_typed(value, dt.datetime, " such as 2026-11-24T14:00:00"))


def validate_when(value: Any) -> dt.datetime | dt.date:
    """Validate a date, with or without a time of day."""
    if not isinstance(value, dt.date):
        raise InvalidValueError(
            "must be a date and time such as 2026-11-24T14:00:00, or a date, "
            f"not {_type_name(value)}"
        )
    return _in_range(value)


def validate_flag(value: Any) -> bool:
    """Validate a flag, which is true or absent."""
    if value is not True:
        raise InvalidValueError("must be true; leave the key out where it is not so")
    return True


def validate_boolean(value: Any) -> bool:
    """Validate a choice between true and false."""
    if not isinstance(value, bool):
        raise InvalidValueError("must be true or false")
    return value


def validate_whole_number(value: Any, *, least: int, most: int) -> int:
    """Validate a whole number within bounds."""
    number = _typed(value, int)
    if not least <= number <= most:
        raise InvalidValueError(f"must be a number from {least} to {most}")
    return number


def validate_minutes(value: Any) -> int:
    """Validate the length of an interview."""
    return validate_whole_number(value, least=1, most=int(LONGEST_INTERVIEW.total_seconds()) // 60)


def validate_counter(value: Any) -> int:
    """Validate a counter such as SEQUENCE (RFC 5545 3.8.7.4)."""
    return validate_whole_number(value, least=0, most=2**31 - 1)


def validate_table(value: Any) -> dict[str, Any]:
    """Validate that a value is a table."""
    return _typed(value, dict, " in [brackets]")


def validate_tables(value: Any) -> tuple[dict[str, Any], ...]:
    """Validate that a value is a list of tables."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidValueError(f"must be tables in [[double brackets]], not {_type_name(value)}")
    return tuple(value)


def _typed(value: Any, expected: type[Value], form: str = "") -> Value:
    """Return a value of the type; `form` follows the type's name in the message."""
    if not isinstance(value, expected) or isinstance(value, bool):
        raise InvalidValueError(f"must be {_TYPES[expected]}{form}, not {_type_name(value)}")
    return value


def _type_name(value: object) -> str:
    return next(name for type_, name in _TYPES.items() if isinstance(value, type_))


def _sized(text: str) -> str:
    if not text:
        raise InvalidValueError("is empty; leave the key out, or fill it in")
    if len(text.encode()) > LONGEST:
        raise InvalidValueError(f"is longer than {LONGEST // 1000} kB")
    return text


def _in_range(value: Date) -> Date:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise InvalidValueError(
            f"the year {value.year} is not between {FIRST_YEAR} and {LAST_YEAR}"
        )
    return value
