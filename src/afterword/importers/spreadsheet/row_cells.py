"""The cells of a row of a spreadsheet: values with their mistakes, interview times, the status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import When
from afterword.domain.sanitize import clean_line
from afterword.formats import validators
from afterword.formats.dates import parse_clock
from afterword.formats.validators import InvalidValueError, quoted
from afterword.importers.spreadsheet import cell_dates
from afterword.importers.spreadsheet.cell_dates import DateOrder, InterviewTimes
from afterword.importers.spreadsheet.column_names import Column, round_title
from afterword.importers.spreadsheet.header import TableLayout, numbered_rows
from afterword.importers.spreadsheet.status_words import StatusMeaning, StatusReader

T = TypeVar("T")
P = ParamSpec("P")

DateOrders = Mapping[Column, DateOrder | None]

# Characters; an essay with "rejected" in it is no text for a log.
_LONGEST_STATUS = 1000
# Of several columns of statuses the one that ends more counts.
_BY_WEIGHT = (
    StatusMeaning.OPEN,
    StatusMeaning.POSITIVE,
    StatusMeaning.CANCELLED,
    StatusMeaning.OFFER,
    StatusMeaning.CLOSED,
    StatusMeaning.REJECTED,
)


@attrs.frozen
class RowCells:
    """The cells of a row whose first line is `line`, and the mistakes in them."""

    layout: TableLayout
    line: int
    row: list[str]
    mistakes: list[str] = attrs.field(factory=list, init=False)

    def texts(self, column: Column) -> list[str]:
        """Return the cells of all columns of that kind that are not empty, as cleaned lines."""
        if column not in self.layout.positions:
            return []
        positions = self.layout.positions[column]
        return [line for at in positions if (line := clean_line(self.row[at]))]

    def first_date(self, column: Column) -> str:
        """Return the first cell of a column of dates or times that is no sign for none, else ""."""
        return next((text for text in self.texts(column) if not cell_dates.is_blank(text)), "")

    def interviews(self) -> Iterator[tuple[str, str]]:
        """Yield the lines of the cells of interviews, each with the title of its column."""
        for title, day, time in self.layout.interviews:
            clock = "" if time is None else clean_line(self.row[time])
            for line in self.row[day].splitlines():
                is_dated = any(map(str.isdigit, line))
                yield clean_line(f"{line} {clock}" if is_dated else line), title

    def parse(self, column: Column, parser: Callable[[str], T]) -> T | None:
        """Return the value of the column's first cell, None if it is empty or invalid."""
        texts = self.texts(column)
        return self.checked(column, parser, texts[0]) if texts else None

    def checked(
        self, column: Column, parser: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Return the value of a parser; record its InvalidValueError for the column."""
        try:
            return parser(*args, **kwargs)
        except InvalidValueError as error:
            self.add_mistake(column, str(error))
            return None

    def add_mistake(self, column: Column, message: str) -> None:
        """Record a mistake, under the column's name in the file."""
        self.mistakes.append(f"{self.layout.titles.get(column, column)}: {message}")


def table_rows(text: str, layout: TableLayout) -> Iterator[RowCells]:
    """Yield the rows below the header that are not empty, none shorter than the header.

    Raises csv.Error for a quotation mark that is never closed.
    """
    for line, row in numbered_rows(text, layout.delimiter, strict=True):
        if line > layout.header and any(cell.strip() for cell in row):
            padding = [""] * (layout.width - len(row))
            yield RowCells(layout, line, row + padding)


def has_times(cells: RowCells) -> bool:
    """True if a row has any date or time of an interview."""
    return any(map(cells.first_date, (Column.START, Column.DATE, Column.TIME))) or not all(
        cell_dates.is_blank(text) for text, _ in cells.interviews()
    )


def read_times(cells: RowCells, zone: ZoneInfo, orders: DateOrders) -> list[InterviewTimes]:
    """Return the times of all interviews of a row."""
    column = Column.START if Column.START in cells.layout.positions else Column.DATE
    times = []
    day, time, start = map(cells.first_date, (Column.DATE, Column.TIME, Column.START))
    if day or time or start or not cells.layout.interviews:
        order = orders[Column.DATE] if day or Column.DATE is column else orders[Column.START]
        clock = time or start if day else f"{start} {time}".strip()
        main = cells.checked(column, cell_dates.parse_times, day, clock, order, zone)
        times += [main] if main else []
    order = orders[Column.INTERVIEW]
    for text, title in cells.interviews():
        for part in cell_dates.split_interviews(text):
            try:
                each = cell_dates.parse_times(part, "", order, zone)
            except InvalidValueError as error:
                cells.mistakes.append(f"{title}: {error}")
            else:
                times.append(attrs.evolve(each, round=round_title(title)))
    # "Interview date" and "Next interview" are often the same.
    by_start = {each.start.timestamp(): each for each in reversed(times)}
    return _with_ends(cells, list(reversed(by_start.values())), orders)


def _with_ends(
    cells: RowCells, times: list[InterviewTimes], orders: DateOrders
) -> list[InterviewTimes]:
    """Return the times with the lengths of the row; an end is that of its only interview."""
    length = cells.parse(Column.MINUTES, _length)
    if length is not None:
        return [
            attrs.evolve(t, end=datemath.add_elapsed(t.start, length), has_end=True) for t in times
        ]
    if len(times) != 1 or times[0].has_end:
        return times
    only = times[0]
    end = cells.parse(Column.END, lambda text: _end(cells, text, only.start, orders))
    return [attrs.evolve(only, end=end, has_end=True)] if end else times


def _end(cells: RowCells, text: str, start: dt.datetime, orders: DateOrders) -> dt.datetime:
    order = orders[Column.START] or orders[Column.DATE]
    day = start.date()
    end_day = cells.texts(Column.END_DATE)
    if end_day and not cell_dates.has_day(text):
        day = cell_dates.parse_cell_day(end_day[0], orders[Column.END_DATE])
    return cell_dates.parse_end(text, start, day, order, start.tzinfo or dt.UTC)


def _length(text: str) -> dt.timedelta:
    length = parse_clock.parse_length(text)
    if length is None or length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is no length; write minutes, such as 60")
    return length


@attrs.frozen(kw_only=True)
class RowStatus:
    """The status of a row: its text, its meaning, and its date if a column has it."""

    meaning: StatusMeaning
    text: str
    at: When | None = None


def read_row_status(
    cells: RowCells, statuses: StatusReader, order: DateOrder | None, zone: ZoneInfo
) -> RowStatus | None:
    """Return the status of a row: that of its columns which ends the most.

    A stage ("Rejected") and a decision ("Offer") may be one, too. `order` is that of the dates of
    statuses, `zone` that of their times.
    """
    meanings = {
        text: cells.checked(Column.STATUS, statuses.meaning, text)
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
    return RowStatus(meaning=meaning, text=text[:_LONGEST_STATUS], at=at)


def _status_date(cells: RowCells, order: DateOrder | None, zone: ZoneInfo) -> When | None:
    text = cells.first_date(Column.STATUS_DATE)
    return cells.checked(Column.STATUS_DATE, _moment_or_day, text, order, zone) if text else None


def _moment_or_day(text: str, order: DateOrder | None, zone: ZoneInfo) -> When:
    try:
        return cell_dates.parse_times(text, "", order, zone).start
    except InvalidValueError:
        return cell_dates.parse_cell_day(text, order)
