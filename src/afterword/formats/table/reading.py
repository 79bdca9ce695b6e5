"""The one way in: a table's bytes to its applications, and to what is wrong with the rest."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.core.model import Application
from afterword.core.text import clean_line, counted
from afterword.errors import InputError
from afterword.formats.charsets import decoded
from afterword.formats.table.applications import Applications
from afterword.formats.table.columns import DATES, Column
from afterword.formats.table.dates import Evidence, Order
from afterword.formats.table.layout import Layout, layout, rows
from afterword.formats.table.rows import read_row
from afterword.formats.values import MisreadError, MisreadListError

LARGEST = 50_000_000
"""Bytes; some hundred thousand rows."""

_LISTED = 5
_TIME = re.compile(r"\d[:.h]\d\d|\d\s*(?:[ap]m|h|uhr)\b", re.IGNORECASE)
_MAGIC = {
    b"PK\x03\x04": "is an Excel workbook (.xlsx); save it as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook (.xls); save it as CSV",
    b"%PDF": "is a PDF; save the spreadsheet as CSV",
}


@attrs.frozen
class BadRow:
    """A row that could not be read: its first line, and what is wrong with it."""

    line: int
    message: str


def in_words(bad: Iterable[BadRow]) -> Iterator[str]:
    """Yield what is wrong with rows, each mistake once with its lines."""
    lines: dict[str, list[int]] = {}
    for row in bad:
        lines.setdefault(row.message, []).append(row.line)
    for message, wrong in lines.items():
        first = ", ".join(f"{line}" for line in wrong[:_LISTED])
        more = f" and {len(wrong) - _LISTED:,} more" if len(wrong) > _LISTED else ""
        yield f"line{'s' if len(wrong) > 1 else ''} {first}{more}: {message}"


@attrs.frozen(kw_only=True)
class TableReading:
    """What a table tells.

    `bad` are the rows that were left out; `notices` say what was assumed.
    """

    source: str
    applications: tuple[Application, ...]
    bad: tuple[BadRow, ...] = ()
    notices: tuple[str, ...] = ()


class UnclearDatesError(InputError):
    """Raised where no row tells which number of a date is the day; `--dates` answers."""


def read_table(
    data: bytes,
    *,
    source: str,
    zone: ZoneInfo,
    dates: Order | None = None,
    partial: bool = False,
    progress: Callable[[int], None] | None = None,
) -> TableReading:
    """Return the applications of a table, its rows read one by one.

    `zone` is the clock of times that name none; `dates` the order of all dates
    of three numbers, by default what the rows of each column tell. With
    `partial` the rows that are wrong are returned and the others kept.
    `progress` is called with the line of each row before it is read.

    Raises UnclearDatesError where the rows tell no order, and InputError with
    every row that is wrong.
    """
    source = clean_line(source)
    text, notices = _text(data, source)
    try:
        found = layout(text, source=source)
        _check_times(text, found, source)
        orders, said = _orders(text, found, dates, source)
        made, bad, assumed = _read(text, found, zone, orders, progress)
    except csv.Error as error:
        raise InputError(f"{source}: {error}; save it as CSV again") from error
    if bad and (not partial or not made):
        raise InputError(
            f"{source}: {len(bad):,} of its rows cannot be read"
            + ("; --partial keeps the others" if made else ""),
            in_words(bad),
        )
    if not made:
        raise InputError(f"{source}: has no rows below its header")
    ignored = [f"the column {clean_line(title)!r} is not read" for title in found.unknown]
    return TableReading(
        source=source,
        applications=made,
        bad=tuple(bad),
        notices=(*notices, *said, *ignored, *assumed),
    )


def _text(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    if len(data) > LARGEST:
        raise InputError(f"{source}: is larger than {LARGEST:,} bytes; split it")
    if not data.strip(b"\0 \t\r\n,;"):
        raise InputError(f"{source}: is empty; save the table again")
    for magic, message in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"{source}: {message}")
    text, notices = decoded(data)
    return text.replace("\0", ""), notices


def _check_times(text: str, found: Layout, source: str) -> None:
    """Raise InputError for a table of days alone, instead of saying so for each row."""
    if {Column.TIME, Column.START} & set(found.places):
        return
    cells = (cell for _, row in rows(text, found) for cell in found.cells(row, Column.DATE))
    if not any(_TIME.search(cell) for cell in cells):
        raise InputError(
            f"{source}, line {found.header}: there is no column {Column.TIME}, and a day alone "
            "does not say when an interview ends"
        )


def _orders(
    text: str, found: Layout, told: Order | None, source: str
) -> tuple[dict[Column, Order | None], list[str]]:
    """Return the order of the dates of each column, and what is to be said of it."""
    if told:
        return dict.fromkeys(DATES, told), []
    evidence = {column: Evidence() for column in DATES}
    for line, row in rows(text, found):
        for column, seen in evidence.items():
            for cell in found.cells(row, column):
                seen.add(cell, line)
    decided = {seen.order for seen in evidence.values() if seen.order}
    shared = decided.pop() if len(decided) == 1 else None
    orders = {column: seen.order or shared for column, seen in evidence.items()}
    unclear = [
        (column, seen)
        for column, seen in evidence.items()
        if seen.is_open and (not orders[column] or seen.day_first)
    ]
    if unclear:
        raise UnclearDatesError(
            f"{source}: which number of a date is the day? Say --dates dmy (day first), "
            "--dates mdy (month first) or --dates iso (year first)",
            (_why(found.titles[column], seen) for column, seen in unclear),
        )
    borrowed = [column for column, seen in evidence.items() if seen.is_open]
    return orders, [
        f"the dates of {found.titles[column]!r} were read as {orders[column]}, as the others are"
        for column in borrowed
    ]


def _why(title: str, seen: Evidence) -> str:
    if seen.day_first and seen.month_first:
        return (
            f"{title}: line {seen.day_first} has the day first, line {seen.month_first} the month"
        )
    return f"{title}: {clean_line(seen.open or '')!r} can be read both ways"


def _read(
    text: str,
    found: Layout,
    zone: ZoneInfo,
    orders: Mapping[Column, Order | None],
    progress: Callable[[int], None] | None,
) -> tuple[tuple[Application, ...], list[BadRow], list[str]]:
    collected, bad, endless, placeless = Applications(), [], 0, 0
    for line, cells in rows(text, found):
        if progress:
            progress(line)
        try:
            row = read_row(cells, found, zone=zone, orders=orders)
            collected.add(row, line)
        except MisreadListError as error:
            bad.append(BadRow(line, "; ".join(message for _, message in error.items)))
        except MisreadError as error:
            bad.append(BadRow(line, str(error)))
        else:
            endless += not row.ends
            placeless += not row.names_zone
    said = []
    if placeless:
        said.append(
            f"{counted(placeless, 'interview')} without a time zone taken to be in {zone.key}"
        )
    if endless:
        said.append(f"{counted(endless, 'interview')} without an end taken to last 60 minutes")
    return collected.all(), bad, said
