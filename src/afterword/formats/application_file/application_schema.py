"""The keys of an application file: those of the domain model, each with its validator."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.calendar_model import Field
from afterword.domain.model import (
    Answer,
    Applicant,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    LogEntry,
    Person,
    StepKind,
    When,
)
from afterword.domain.sanitize import clean_line
from afterword.formats import validators
from afterword.formats.validators import InvalidListError, InvalidValueError, quoted, suggestion

TableSchema = Mapping[str, Callable[[Any], Any]]
"""The keys of a table, each with the validator of its value."""

_BY_TYPE: dict[Any, Callable[[Any], Any]] = {
    str: validators.validate_line,
    int: validators.validate_counter,
    bool: validators.validate_flag,
    dt.date: validators.validate_day,
    dt.datetime: validators.validate_instant,
    When: validators.validate_when,
    ZoneInfo: validators.validate_zone,
    tuple[str, ...]: validators.validate_list(validators.validate_line),
    Answer: validators.validate_choice(Answer),
    Channel: validators.validate_choice(Channel),
    InterviewStatus: validators.validate_choice(InterviewStatus),
    StepKind: validators.validate_choice(StepKind),
    Applicant: validators.validate_table,
    Person: validators.validate_table,
    tuple[Interview, ...]: validators.validate_tables,
    tuple[LogEntry, ...]: validators.validate_tables,
    tuple[Person, ...]: validators.validate_tables,
}
# Attributes whose type alone does not say what is valid; the same in every table.
_BY_ATTRIBUTE: TableSchema = {
    "id": validators.validate_token,
    "email": validators.validate_address,
    "phone": validators.validate_phone,
    "profile": validators.validate_link,
    "link": validators.validate_link,
    "links": validators.validate_list(validators.validate_link),
    "country": validators.validate_country,
    "language": validators.validate_language,
    "informal": validators.validate_boolean,
    "signature": validators.validate_text,
    "location": validators.validate_text,
    "lesson": validators.validate_text,
    "note": validators.validate_text,
    "text": validators.validate_text,
    "event": validators.validate_token,
    "field": validators.validate_choice(Field),
}
# Where TOML repeats a table, its header names one item of the list.
_SINGULAR = {"interviews": "interview", "interviewers": "interviewer"}


def _schema(model: type[attrs.AttrsInstance]) -> dict[str, Callable[[Any], Any]]:
    by_type = _BY_TYPE | {kind | None: validator for kind, validator in _BY_TYPE.items()}
    return {
        _SINGULAR.get(name, name): _BY_ATTRIBUTE.get(name) or by_type[hint]
        for name, hint in typing.get_type_hints(model).items()
    }


APPLICANT, PERSON, LOG_ENTRY = map(_schema, (Applicant, Person, LogEntry))
INTERVIEW = {**_schema(Interview), "minutes": validators.validate_minutes}
APPLICATION = _schema(Application)
FILE: TableSchema = {"application": validators.validate_tables}


class ErrorLocation(NamedTuple):
    """A part of a file ("interview 2, "), and the list that collects its mistakes."""

    mistakes: list[str]
    prefix: str = ""

    def below(self, name: str) -> ErrorLocation:
        """Return the location of a part of it."""
        return ErrorLocation(mistakes=self.mistakes, prefix=f"{self.prefix}{name}, ")

    def report(self, name: str, message: str) -> None:
        """Add a mistake; `name` is the invalid key or part."""
        self.mistakes.append(f"{self.prefix}{name}: {message}")


class ParsedTable(NamedTuple):
    """The valid keys of a table with their values, and the names of its invalid keys."""

    values: dict[str, Any]
    invalid: set[str]
    location: ErrorLocation

    @property
    def stated(self) -> set[str]:
        """The keys of the schema that the table has, valid or not."""
        return self.values.keys() | self.invalid

    def require(self, *names: str) -> bool:
        """Report the keys that are missing; True if all are there and valid."""
        unusable = [name for name in names if name not in self.values]
        for name in unusable:
            if name not in self.invalid:
                self.location.report(name, "missing")
        return not unusable

    def tables(self, name: str) -> tuple[dict[str, Any], ...]:
        """Return the tables of a key; reported if it is an empty list."""
        tables: tuple[dict[str, Any], ...] = self.values.get(name, ())
        if name in self.values and not tables:
            self.location.report(name, "there is none")
        return tables


def parse_table(schema: TableSchema, table: dict[str, Any], location: ErrorLocation) -> ParsedTable:
    """Validate each key of a table; mistakes are reported in the order of the table."""
    values: dict[str, Any] = {}
    invalid: set[str] = set()
    for name, value in table.items():
        if name not in schema:
            location.report(_quoted_key(name), f"unknown key{suggestion(name, schema)}")
            continue
        try:
            values[name] = schema[name](value)
        except InvalidListError as error:
            invalid.add(name)
            for number, message in error.items:
                location.report(f"{name} {number}", message)
        except InvalidValueError as error:
            invalid.add(name)
            location.report(name, str(error))
    return ParsedTable(values=values, invalid=invalid, location=location)


def _quoted_key(name: str) -> str:
    """Return a key for a message, in quotes unless it is a plain word."""
    return name if name.isidentifier() and name == clean_line(name) else quoted(name)
