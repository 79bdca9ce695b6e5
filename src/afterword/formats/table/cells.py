"""The cells of one row, by column, and the mistakes found in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from afterword.formats.table.columns import Column
from afterword.formats.table.layout import Layout
from afterword.formats.values import MisreadError

T = TypeVar("T")


@attrs.frozen
class Cells:
    """The cells of a row, and the mistakes found in them."""

    layout: Layout
    row: list[str]
    mistakes: list[tuple[int, str]]

    def lines(self, column: Column) -> list[str]:
        """Return what stands in the columns of that kind, none of it empty."""
        return self.layout.cells(self.row, column)

    def one(self, column: Column, read: Callable[[str], T]) -> T | None:
        """Return the value of a cell, None for an empty or a wrong one."""
        found = self.lines(column)
        return self.noted(column, lambda: read(found[0])) if found else None

    def noted(self, column: Column, read: Callable[[], T]) -> T | None:
        """Return what `read` returns; its mistake is noted for the column."""
        try:
            return read()
        except MisreadError as error:
            self.wrong(column, str(error))
            return None

    def wrong(self, column: Column, message: str) -> None:
        """Note a mistake in a column, by the column's name in the file."""
        title = self.layout.titles.get(column, column)
        self.mistakes.append((len(self.mistakes) + 1, f"{title}: {message}"))
