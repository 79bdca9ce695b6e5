"""Read the times of the interviews of a row."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath, parse_clock
from afterword.formats import validators
from afterword.formats.validators import InvalidValueError, quoted
from afterword.importers.spreadsheet import cell_times, date_order
from afterword.importers.spreadsheet.cell_times import InterviewTimes
from afterword.importers.spreadsheet.column_names import Column, round_title
from afterword.importers.spreadsheet.date_order import DateOrder
from afterword.importers.spreadsheet.row_cells import RowCells

DateOrders = Mapping[Column, DateOrder | None]


def has_times(cells: RowCells) -> bool:
    """True if a row has any date or time of an interview."""
    dated = (Column.START, Column.DATE, Column.TIME)
    texts = [text for column in dated for text in cells.texts(column)]
    texts += [text for text, _ in cells.layout.interview_cells(cells.row)]
    return not all(map(cell_times.is_blank, texts))


def read_times(cells: RowCells, zone: ZoneInfo, orders: DateOrders) -> list[InterviewTimes]:
    """Return the times of all interviews of a row."""
    column = Column.START if Column.START in cells.layout.positions else Column.DATE
    times = []
    day, time, start = (
        next((t for t in cells.texts(c) if not cell_times.is_blank(t)), "")
        for c in (Column.DATE, Column.TIME, Column.START)
    )
    if day or time or start or Column.INTERVIEW not in cells.layout.positions:
        order = orders[Column.DATE] if day or Column.DATE is column else orders[Column.START]
        clock = time or start if day else f"{start} {time}".strip()
        main = cells.checked(column, lambda: cell_times.parse_times(day, clock, order, zone))
        times += [main] if main else []
    order = orders[Column.INTERVIEW]
    for text, title in cells.layout.interview_cells(cells.row):
        for part in cell_times.split_interviews(text):
            parse = functools.partial(cell_times.parse_times, part, "", order, zone)
            each = cells.checked(Column.INTERVIEW, parse, title)
            times += [attrs.evolve(each, round=round_title(title))] if each else []
    # "Interview date" and "Next interview" are often the same.
    by_start = {each.start.timestamp(): each for each in reversed(times)}
    return _with_ends(cells, list(reversed(by_start.values())), orders)


def _with_ends(
    cells: RowCells, times: list[InterviewTimes], orders: DateOrders
) -> list[InterviewTimes]:
    """Return the times with the lengths of the row; an end is that of its only interview."""
    length = cells.parse(Column.MINUTES, _length)
    if length is not None:
        return [attrs.evolve(t, end=datemath.add_elapsed(t.start, length)) for t in times]
    if len(times) != 1 or times[0].end is not None:
        return times
    only = times[0]
    end = cells.parse(Column.END, lambda text: _end(cells, text, only.start, orders))
    return [attrs.evolve(only, end=end)] if end else times


def _end(cells: RowCells, text: str, start: dt.datetime, orders: DateOrders) -> dt.datetime:
    order = orders[Column.START] or orders[Column.DATE]
    day = start.date()
    end_day = cells.texts(Column.END_DATE)
    if end_day and not date_order.has_day(text):
        day = date_order.parse_cell_day(end_day[0], orders[Column.END_DATE])
    end = cell_times.parse_end(text, day, order, start.tzinfo or dt.UTC)
    cell_times.check_length(text, start, end)
    return end.astimezone(start.tzinfo)


def _length(text: str) -> dt.timedelta:
    length = parse_clock.parse_length(text)
    if length is None or length > validators.LONGEST_INTERVIEW:
        raise InvalidValueError(f"{quoted(text)} is no length; write minutes, such as 60")
    return length
