"""A TOML table to the row that its keys make, with everything that is wrong in it.

A row is a private attrs class of a reader: the shape of a table in the file,
not of the model. Each field is made by `key` and names the reader of its value.
Keys that are no field are mistakes.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Generic, TypeVar

import attrs
import cattrs
import cattrs.gen

from afterword.core.text import clean_line
from afterword.formats.values import MisreadListError, meant, shown

Row = TypeVar("Row", bound=attrs.AttrsInstance)


def key(read: Callable[[Any], Any]) -> Any:
    """Declare a key of a table by the reader of its value; None where it is left out."""
    return attrs.field(default=None, metadata={"read": read})


@attrs.frozen(kw_only=True)
class Place:
    """A place in a file ("interview 2"), and the list that its mistakes go to."""

    mistakes: list[str]
    words: str = ""

    def below(self, words: str) -> Place:
        """Return a place within this one."""
        return Place(mistakes=self.mistakes, words=f"{self.words}{words}, ")

    def wrong(self, name: str, message: str) -> None:
        """Note a mistake, `name` being that of the key or of the part that is wrong."""
        self.mistakes.append(f"{self.words}{name}: {message}")


@attrs.frozen(kw_only=True)
class Reading(Generic[Row]):
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


def read_row(row: type[Row], table: dict[str, Any], place: Place) -> Reading[Row]:
    """Return the row of what can be read of a table; the rest is noted as mistakes."""
    structure = _structure(row)
    try:
        return Reading(row=structure(table, row))
    except cattrs.ClassValidationError as error:
        wrong = {
            name: messages for part in error.exceptions for name, messages in _mistakes(part, row)
        }
    for name in table:
        for within, message in wrong.get(name, ()):
            place.wrong(f"{_word(name)}{within}", message)
    rest = {name: value for name, value in table.items() if name not in wrong}
    return Reading(row=structure(rest, row), wrong=wrong.keys() & frozenset(_names(row)))


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
            yield name, [("", f"unknown key{meant(name, _names(row))}")]
        return
    name = next(note.name for note in error.__notes__ if hasattr(note, "name"))
    if isinstance(error, MisreadListError):
        yield name, [(f" {number}", words) for number, words in error.items]
    else:
        yield name, [("", str(error))]


def _word(name: str) -> str:
    """Return a key as a message writes it: a strange one is quoted."""
    return name if name.isidentifier() and name == clean_line(name) else shown(name)
