"""Read the status of a row, and the date since when it holds."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import When
from afterword.formats.validators import InvalidValueError, quoted
from afterword.importers.spreadsheet import cell_times, date_order
from afterword.importers.spreadsheet.column_names import Column
from afterword.importers.spreadsheet.date_order import DateOrder
from afterword.importers.spreadsheet.row_cells import RowCells
from afterword.importers.spreadsheet.status_words import (
    StatusMeaning,
    classify_status,
    status_key,
)

# Of several columns of statuses the one that ends more counts.
_BY_WEIGHT = (
    StatusMeaning.OPEN,
    StatusMeaning.POSITIVE,
    StatusMeaning.CANCELLED,
    StatusMeaning.OFFER,
    StatusMeaning.CLOSED,
    StatusMeaning.REJECTED,
)


@attrs.frozen(kw_only=True)
class RowStatus:
    """The status of a row: its text, its meaning, and its date if a column has it."""

    meaning: StatusMeaning
    text: str
    at: When | None = None


@attrs.define
class StatusReader:
    """Reads statuses; `own_meanings` are the user's, by `status_key`.

    `unknown` collects the first spelling of each status that is not understood.
    """

    own_meanings: Mapping[str, StatusMeaning] = attrs.field(factory=dict)
    unknown: dict[str, str] = attrs.Factory(dict)

    def meaning(self, text: str) -> StatusMeaning:
        """Return the meaning of a status. Raises InvalidValueError if it is not understood."""
        meaning = classify_status(text, self.own_meanings)
        if meaning is not None:
            return meaning
        first = self.unknown.setdefault(status_key(text), text)
        raise InvalidValueError(
            f"{quoted(first)} is not understood; say what it means with "
            f'--status "{first}={StatusMeaning.CLOSED}" ({_MEANINGS})'
        )

    def is_outcome(self, text: str) -> bool:
        """True for a status with an outcome, whose date counts."""
        meaning = classify_status(text, self.own_meanings)
        return meaning is not None and meaning.is_outcome


_MEANINGS = "or " + ", ".join(m for m in StatusMeaning if m is not StatusMeaning.CLOSED)


def read_row_status(
    cells: RowCells, statuses: StatusReader, order: DateOrder | None, zone: ZoneInfo
) -> RowStatus | None:
    """Return the status of a row: that of its columns which ends the most.

    A stage ("Rejected") and a decision ("Offer") may be one, too. `order` is that of the dates of
    statuses, `zone` that of their times.
    """
    meanings = {
        text: cells.checked(Column.STATUS, functools.partial(statuses.meaning, text))
        for text in cells.texts(Column.STATUS)
    }
    for column in (Column.ROUND, Column.DECISION_BY):
        for text in filter(statuses.is_outcome, cells.texts(column)):
            meanings[text] = statuses.meaning(text)
    understood = [(meaning, text) for text, meaning in meanings.items() if meaning is not None]
    if not understood:
        return None
    meaning, text = max(understood, key=lambda pair: _BY_WEIGHT.index(pair[0]))
    at = _status_date(cells, order, zone) if meaning.is_outcome else None
    return RowStatus(meaning=meaning, text=text, at=at)


def _status_date(cells: RowCells, order: DateOrder | None, zone: ZoneInfo) -> When | None:
    texts = [text for text in cells.texts(Column.STATUS_DATE) if not cell_times.is_blank(text)]
    if not texts:
        return None
    return cells.checked(Column.STATUS_DATE, lambda: _moment_or_day(texts[0], order, zone))


def _moment_or_day(text: str, order: DateOrder | None, zone: ZoneInfo) -> When:
    try:
        return cell_times.parse_times(text, "", order, zone).start
    except InvalidValueError:
        return date_order.parse_cell_day(text, order)
