"""The cells of a row of a spreadsheet, and the mistakes in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from afterword.formats.validators import InvalidValueError
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.header import TableLayout

T = TypeVar("T")


@attrs.frozen
class RowCells:
    """The cells of a row by column, and the mistakes in them."""

    layout: TableLayout
    row: list[str]
    mistakes: list[str] = attrs.Factory(list)
    _texts: dict[Column, list[str]] = attrs.field(init=False)

    @_texts.default
    def _clean_texts(self) -> dict[Column, list[str]]:
        # Once for each column, because several rules ask for the same cells.
        return {column: self.layout.cells(self.row, column) for column in self.layout.positions}

    def texts(self, column: Column) -> list[str]:
        """Return the cells of all columns of that kind that are not empty."""
        return self._texts.get(column, [])

    def parse(self, column: Column, parser: Callable[[str], T]) -> T | None:
        """Return the value of the column's first cell, None if it is empty or invalid."""
        texts = self.texts(column)
        return self.checked(column, lambda: parser(texts[0])) if texts else None

    def checked(self, column: Column, compute: Callable[[], T], title: str = "") -> T | None:
        """Return the computed value; record its InvalidValueError for the column, or the title."""
        try:
            return compute()
        except InvalidValueError as error:
            self.mistakes.append(f"{title or self.layout.titles.get(column, column)}: {error}")
            return None

    def add_mistake(self, column: Column, message: str) -> None:
        """Record a mistake, under the column's name in the file."""
        self.mistakes.append(f"{self.layout.titles.get(column, column)}: {message}")
