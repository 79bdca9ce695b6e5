"""A TOML text as its statements: one is changed, all others stay byte for byte.

A statement is a table's header, or a key with its value, over one or more
lines; the lines between are comments and empty. tomlkit changes values within
their statement and keeps what stands around them; over a whole document it
would move the comments that stand above a table.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import Any

import attrs
import tomli
import tomlkit
from tomlkit.items import Item

_LONGEST = 500
HEAD = -1
"""Where a table is asked for: the keys above all tables."""


class NotEditableError(Exception):
    """Raised for what is written in a way that only a person can change; names it."""


@attrs.frozen(kw_only=True)
class Statement:
    """Lines with a table's header (its `path`), with a `key`, or with neither."""

    text: str
    path: tuple[str, ...] = ()
    key: str = ""
    value: Any = None

    @property
    def is_blank(self) -> bool:
        """Whether it is an empty line."""
        return not self.text.strip()


class TomlDocument:
    """A text that is being changed. A table is named by the number of its header.

    Numbers hold until the next change.
    """

    def __init__(self, text: str) -> None:
        """Take a text apart; its lines end with LF, and it is valid TOML."""
        self._all = list(_split(text))

    def __str__(self) -> str:
        return "".join(statement.text for statement in self._all)

    def tables(self, *path: str, within: int = HEAD) -> list[int]:
        """Return the tables of a path, within one that may itself be one of many."""
        outer = () if within == HEAD else self._all[within].path
        found = []
        for number in range(within + 1, len(self._all)):
            here = self._all[number].path
            if here and here == outer:
                break
            if here == outer + path:
                found.append(number)
        return found

    def has(self, table: int, key: str) -> bool:
        """Return whether a table has a key."""
        return self._find(table, key) is not None

    def set(self, table: int, key: str, value: Any) -> None:
        """Give a key a value, where it stands or below the last key of its table.

        Raises UnchangeableError.
        """
        number = self._find(table, key)
        if number is None:
            last = self._last(table)
            above = self._all[last].text if last > HEAD else ""
            indent = above[: len(above) - len(above.lstrip(" \t"))]
            self._insert(last + 1, f"{indent}{key} = {parse_toml(value).as_string()}\n")
            return
        if isinstance(self._all[number].value, dict):
            raise NotEditableError(key)
        document = tomlkit.parse(self._all[number].text)
        document[key] = parse_toml(value)
        self._all[number : number + 1] = _split(document.as_string())

    def remove(self, table: int, key: str) -> None:
        """Take a key away, if it is there."""
        number = self._find(table, key)
        if number is not None:
            del self._all[number]

    def remove_empty_list(self, table: int, key: str) -> None:
        """Make room for tables of that name. Raises UnchangeableError for a list of some."""
        number = self._find(table, key)
        if number is None:
            return
        if self._all[number].value != []:
            raise NotEditableError(key)
        del self._all[number]

    def remove_table(self, table: int) -> None:
        """Take the header and the keys of a table away; comments stay."""
        for number in reversed([table, *self._keys(table)]):
            del self._all[number]

    def insert_below(self, table: int, text: str) -> None:
        """Insert tables below a table, above the comments that belong to what follows."""
        number = self._last(table) + 1
        comments = itertools.takewhile(lambda each: not each.is_blank, self._all[number:])
        below = number + sum(1 for _ in comments)
        if not any(each.path for each in self._all[number:below]):
            number = below
        self._insert(number, text)

    def append(self, text: str) -> None:
        """Append tables at the end."""
        self._insert(len(self._all), text)

    def _insert(self, number: int, text: str) -> None:
        if number and not self._all[number - 1].text.endswith("\n"):
            last = self._all[number - 1]
            self._all[number - 1] = attrs.evolve(last, text=f"{last.text}\n")
        self._all[number:number] = _split(text)

    def _keys(self, table: int) -> Iterator[int]:
        for number in range(table + 1, len(self._all)):
            if self._all[number].path:
                return
            if self._all[number].key:
                yield number

    def _find(self, table: int, key: str) -> int | None:
        return next((n for n in self._keys(table) if self._all[n].key == key), None)

    def _last(self, table: int) -> int:
        """Return the last statement of a table: a key, or its header."""
        return max(self._keys(table), default=table)


def parse_toml(value: Any) -> Item:
    """Return a value as TOML writes it; a text of several lines in as many."""
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    item: Item = tomlkit.item(value)
    return item


def _split(text: str) -> Iterator[Statement]:
    lines: list[str] = []
    # Not splitlines(): it also splits at separators that TOML has within texts.
    for line in io.StringIO(text):
        lines.append(line)
        if len(lines) > _LONGEST:
            raise NotEditableError(f"a value of more than {_LONGEST} lines")
        try:
            parsed = tomli.loads("".join(lines))
        except tomli.TOMLDecodeError:
            continue  # The value goes on in the next line.
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
