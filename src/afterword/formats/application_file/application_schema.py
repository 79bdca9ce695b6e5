# ruff: noqa: RUF009 - each field names the reader of its value
"""A TOML table to the row that its keys make, with everything that is wrong in it.

A row is a private attrs class of a reader: the shape of a table in the file,
not of the model. Each field is made by `key` and names the reader of its value.
Keys that are no field are mistakes.

The tables of the file of facts: each key with the reader of its value.

A field is None where its key was left out, also where its type does not say
so: what is required is checked before a row becomes part of the model.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import attrs
import cattrs
import cattrs.gen

from afterword.domain.merge.fields import Field
from afterword.domain.model import Answer, Channel, InterviewStatus, StepKind
from afterword.domain.sanitize import clean_line
from afterword.formats import validators
from afterword.formats.validators import InvalidListError, parse_zone, quoted, suggestion

Row = TypeVar("Row", bound=attrs.AttrsInstance)


def key(read: Callable[[Any], Any]) -> Any:
    """Declare a key of a table by the reader of its value; None where it is left out."""
    return attrs.field(default=None, metadata={"read": read})


@attrs.frozen(kw_only=True)
class ErrorLocation:
    """A place in a file ("interview 2"), and the list that its mistakes go to."""

    mistakes: list[str]
    words: str = ""

    def below(self, words: str) -> ErrorLocation:
        """Return a place within this one."""
        return ErrorLocation(mistakes=self.mistakes, words=f"{self.words}{words}, ")

    def wrong(self, name: str, message: str) -> None:
        """Note a mistake, `name` being that of the key or of the part that is wrong."""
        self.mistakes.append(f"{self.words}{name}: {message}")


@attrs.frozen(kw_only=True)
class ParsedRow(Generic[Row]):
    """A row, and those of its keys that are in the table but could not be read."""

    row: Row
    wrong: AbstractSet[str] = frozenset()

    def values(self) -> dict[str, Any]:
        """Return the keys that could be read, with their values."""
        found = {name: getattr(self.row, name) for name in _names(type(self.row))}
        return {name: value for name, value in found.items() if value is not None}

    def absent(self, name: str) -> bool:
        """Return whether the key was left out."""
        return getattr(self.row, name) is None and name not in self.wrong


def read_row(row: type[Row], table: dict[str, Any], place: ErrorLocation) -> ParsedRow[Row]:
    """Return the row of what can be read of a table; the rest is noted as mistakes."""
    structure = _structure(row)
    try:
        return ParsedRow(row=structure(table, row))
    except cattrs.ClassValidationError as error:
        wrong = {
            name: messages for part in error.exceptions for name, messages in _mistakes(part, row)
        }
    for name in table:
        for within, message in wrong.get(name, ()):
            place.wrong(f"{_word(name)}{within}", message)
    rest = {name: value for name, value in table.items() if name not in wrong}
    return ParsedRow(row=structure(rest, row), wrong=wrong.keys() & frozenset(_names(row)))


@functools.cache
def _names(row: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(row))


@functools.cache
def _structure(row: type[Row]) -> Callable[[dict[str, Any], type[Row]], Row]:
    overrides: Any = {
        field.name: cattrs.override(struct_hook=_hook(field.metadata["read"]))
        for field in attrs.fields(row)
    }
    return cattrs.gen.make_dict_structure_fn(
        row,
        cattrs.Converter(),
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **overrides,
    )


def _hook(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda value, _: read(value)


def _mistakes(
    error: Exception, row: type[attrs.AttrsInstance]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each wrong key, with where in its value what is wrong."""
    if isinstance(error, cattrs.ForbiddenExtraKeysError):
        for name in error.extra_fields:
            yield name, [("", f"unknown key{suggestion(name, _names(row))}")]
        return
    name = next(note.name for note in error.__notes__ if hasattr(note, "name"))
    if isinstance(error, InvalidListError):
        yield name, [(f" {number}", words) for number, words in error.items]
    else:
        yield name, [("", str(error))]


def _word(name: str) -> str:
    """Return a key as a message writes it: a strange one is quoted."""
    return name if name.isidentifier() and name == clean_line(name) else quoted(name)


_STEP = validators.validate_choice(StepKind)


@attrs.frozen(kw_only=True)
class PersonRow:
    """`[contact]` or `[[interview.interviewer]]`."""

    name: str = key(validators.validate_line)
    email: str | None = key(validators.validate_address)
    phone: str | None = key(validators.validate_phone)
    profile: str | None = key(validators.validate_link)
    discussed: tuple[str, ...] | None = key(validators.validate_lines)
    fit: tuple[str, ...] | None = key(validators.validate_lines)


@attrs.frozen(kw_only=True)
class ApplicantRow:
    """`[applicant]`."""

    name: str | None = key(validators.validate_line)
    email: str | None = key(validators.validate_address)
    phone: str | None = key(validators.validate_phone)
    links: tuple[str, ...] | None = key(validators.validate_links)
    signature: str | None = key(validators.validate_text)


@attrs.frozen(kw_only=True)
class InterviewRow:
    """`[[interview]]`."""

    id: str | None = key(validators.validate_token)
    start: dt.datetime = key(validators.validate_instant)
    minutes: int | None = key(validators.validate_minutes)
    end: dt.datetime | None = key(validators.validate_instant)
    zone: ZoneInfo | None = key(parse_zone)
    decision_by: dt.date | None = key(validators.validate_day)
    added: dt.datetime | dt.date | None = key(validators.validate_when)
    status: InterviewStatus | None = key(validators.validate_choice(InterviewStatus))
    interviewer: tuple[dict[str, Any], ...] | None = key(validators.validate_tables)
    link: str | None = key(validators.validate_link)
    location: str | None = key(validators.validate_text)
    round: str | None = key(validators.validate_line)
    invitation: str | None = key(validators.validate_line)
    sequence: int | None = key(validators.validate_counter)


@attrs.frozen(kw_only=True)
class EntryRow:
    """`[[log]]`."""

    at: dt.datetime | dt.date = key(validators.validate_when)
    interview: str | None = key(validators.validate_line)
    sent: StepKind | None = key(_STEP)
    by: Channel | None = key(validators.validate_choice(Channel))
    recipient: str | None = key(validators.validate_line)
    heard: Answer | None = key(validators.validate_choice(Answer))
    moved: StepKind | None = key(_STEP)
    to: dt.datetime | dt.date | None = key(validators.validate_when)
    skipped: StepKind | None = key(_STEP)
    deleted: StepKind | None = key(_STEP)
    restored: StepKind | None = key(_STEP)
    decision_by: dt.date | None = key(validators.validate_day)
    away_until: dt.date | None = key(validators.validate_day)
    keep_in_touch: dt.date | None = key(validators.validate_day)
    they_will_call: bool | None = key(validators.validate_flag)
    rescheduled: bool | None = key(validators.validate_flag)
    closed: bool | None = key(validators.validate_flag)
    reopened: bool | None = key(validators.validate_flag)
    lesson: str | None = key(validators.validate_text)
    event: str | None = key(validators.validate_token)
    gone: bool | None = key(validators.validate_flag)
    field: Field | None = key(validators.validate_choice(Field))
    text: str | None = key(validators.validate_text)
    ours: bool | None = key(validators.validate_flag)
    note: str | None = key(validators.validate_text)


@attrs.frozen(kw_only=True)
class ApplicationRow:
    """The file itself, or `[[application]]`."""

    id: str | None = key(validators.validate_token)
    company: str = key(validators.validate_line)
    role: str = key(validators.validate_line)
    zone: ZoneInfo | None = key(parse_zone)
    country: str | None = key(validators.validate_country)
    channel: Channel | None = key(validators.validate_choice(Channel))
    language: str | None = key(validators.validate_language)
    applicant: dict[str, Any] | None = key(validators.validate_table)
    contact: dict[str, Any] | None = key(validators.validate_table)
    interview: tuple[dict[str, Any], ...] = key(validators.validate_tables)
    log: tuple[dict[str, Any], ...] | None = key(validators.validate_tables)


@attrs.frozen(kw_only=True)
class FileRow:
    """A file of several applications."""

    application: tuple[dict[str, Any], ...] = key(validators.validate_tables)
