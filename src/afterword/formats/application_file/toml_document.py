"""Edit single statements of a TOML document; all others stay byte for byte.

A statement is the header of a table, or a key with its value, over one or more
lines; comments and empty lines are statements too. tomlkit edits the value
within a statement, but not the whole document: there it would move the comments
above a table.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import tomli

if TYPE_CHECKING:
    from tomlkit.items import Item

HEAD = -1
"""Stands for a table's number: the keys above all tables."""

_MOST_LINES = 500


class NotEditableError(Exception):
    """A part in a form that only a person can edit; the text names it."""


class Statement(NamedTuple):
    """A header with the `path` of its table, a `key` with its value, or a line with neither."""

    text: str
    path: tuple[str, ...] = ()
    key: str = ""
    value: Any = None

    @property
    def is_blank(self) -> bool:
        """True for an empty line."""
        return not self.text.strip()


class TomlDocument:
    """A TOML text to edit. A table is identified by the number of its header's statement.

    Numbers are valid until the next edit.
    """

    def __init__(self, text: str) -> None:
        """Split a valid TOML text whose lines end with LF."""
        self._statements = list(_split(text))

    def __str__(self) -> str:
        return "".join(statement.text for statement in self._statements)

    def tables(self, *path: str, within: int = HEAD) -> list[int]:
        """Return the tables at a path, below another table or in the whole document."""
        outer = () if within == HEAD else self._statements[within].path
        tables = []
        for number in range(within + 1, len(self._statements)):
            current = self._statements[number].path
            if current and current == outer:
                break
            if current == outer + path:
                tables.append(number)
        return tables

    def has(self, table: int, key: str) -> bool:
        """True if a table has a key."""
        return self._find(table, key) is not None

    def set(self, table: int, key: str, value: Any) -> None:
        """Replace the value of a key, or add the key below the last key of its table.

        Raises NotEditableError for one that is written with dots ("contact.name").
        """
        number = self._find(table, key)
        if number is None:
            last = self._last(table)
            above = self._statements[last].text if last > HEAD else ""
            indent = above[: len(above) - len(above.lstrip(" \t"))]
            self._insert(last + 1, f"{indent}{key} = {value_text(value)}\n")
            return
        if isinstance(self._statements[number].value, dict):
            raise NotEditableError(key)
        import tomlkit

        document = tomlkit.parse(self._statements[number].text)
        document[key] = _item(value)
        self._statements[number : number + 1] = _split(document.as_string())

    def remove(self, table: int, key: str) -> None:
        """Remove a key, if it exists."""
        number = self._find(table, key)
        if number is not None:
            del self._statements[number]

    def remove_empty_list(self, table: int, key: str) -> None:
        """Remove an empty list in favour of tables. Raises NotEditableError for a longer list."""
        number = self._find(table, key)
        if number is None:
            return
        if self._statements[number].value != []:
            raise NotEditableError(key)
        del self._statements[number]

    def remove_table(self, table: int) -> None:
        """Remove the header and the keys of a table; comments stay."""
        for number in reversed([table, *self._keys(table)]):
            del self._statements[number]

    def insert_below(self, table: int, text: str) -> None:
        """Insert tables below a table, above the comments on the next table."""
        number = self._last(table) + 1
        comments = itertools.takewhile(lambda each: not each.is_blank, self._statements[number:])
        below = number + sum(1 for _ in comments)
        if not any(each.path for each in self._statements[number:below]):
            number = below
        self._insert(number, text)

    def append(self, text: str) -> None:
        """Append tables at the end."""
        self._insert(len(self._statements), text)

    def _insert(self, number: int, text: str) -> None:
        if number and not self._statements[number - 1].text.endswith("\n"):
            last = self._statements[number - 1]
            self._statements[number - 1] = last._replace(text=f"{last.text}\n")
        self._statements[number:number] = _split(text)

    def _keys(self, table: int) -> Iterator[int]:
        for number in range(table + 1, len(self._statements)):
            if self._statements[number].path:
                return
            if self._statements[number].key:
                yield number

    def _find(self, table: int, key: str) -> int | None:
        return next((n for n in self._keys(table) if self._statements[n].key == key), None)

    def _last(self, table: int) -> int:
        """Return the last key of a table, or its header."""
        return max(self._keys(table), default=table)


def value_text(value: Any) -> str:
    """Return a value as TOML; a text of several lines becomes a multiline string."""
    # Nine in ten values need no tomlkit, which takes long to import and to make an item.
    if isinstance(value, str) and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    if isinstance(value, dt.date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _item(value).as_string()


def _item(value: Any) -> Item:
    import tomlkit

    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    item: Item = tomlkit.item(value)
    return item


def _split(text: str) -> Iterator[Statement]:
    lines: list[str] = []
    # splitlines() would also split at separators that TOML allows within strings.
    for line in io.StringIO(text):
        lines.append(line)
        if len(lines) > _MOST_LINES:
            raise NotEditableError(f"a value of more than {_MOST_LINES} lines")
        try:
            parsed = tomli.loads("".join(lines))
        except tomli.TOMLDecodeError:
            continue  # the value continues on the next line
        yield _statement("".join(lines), parsed)
        lines = []


def _statement(text: str, parsed: dict[str, Any]) -> Statement:
    if text.lstrip(" \t").startswith("["):
        return Statement(text=text, path=tuple(_path(parsed)))
    for key, value in parsed.items():
        return Statement(text=text, key=key, value=value)
    return Statement(text=text)


def _path(parsed: dict[str, Any]) -> Iterator[str]:
    while parsed:
        ((name, below),) = parsed.items()
        yield name
        parsed = below[0] if isinstance(below, list) else below
