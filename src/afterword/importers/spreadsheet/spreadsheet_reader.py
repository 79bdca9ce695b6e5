"""A spreadsheet of interviews (CSV as any Excel writes it) to applications.

Bytes in, values out. One row is one interview; the rows of one company and role
(and applicant, for those who look after several) are the rounds of one
application. What is wrong is told of every row at once, with its line.

The rows of a table to applications: those of one role and applicant are its rounds.

The one way in: a table's bytes to its applications, and to what is wrong with the rest.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application, Channel
from afterword.domain.sanitize import clean_line, pluralize, slug
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.formats.validators import InvalidListError, InvalidValueError
from afterword.importers.spreadsheet.date_order import DateOrder, DateOrderEvidence
from afterword.importers.spreadsheet.header import (
    DATES,
    Column,
    TableLayout,
    detect_layout,
    table_rows,
)
from afterword.importers.spreadsheet.row_reader import SpreadsheetRow, read_interview_row

_LONGEST_ID = 58


@attrs.define
class _Rounds:
    """The rows of one application by interview, and what they state about all of it."""

    rows: dict[str, tuple[int, SpreadsheetRow]] = attrs.Factory(dict)
    stated: dict[str, tuple[int, str]] = attrs.Factory(dict)

    def add(self, row: SpreadsheetRow, line: int) -> None:
        if row.interview.id in self.rows:
            raise InvalidValueError(
                f"the same interview as in line {self.rows[row.interview.id][0]}; several "
                "interviewers stand in one cell, with ; between them"
            )
        for name in ("country", "channel"):
            if value := getattr(row, name):
                before, known = self.stated.setdefault(name, (line, value))
                if value != known:
                    raise InvalidValueError(
                        f"the {name} is {value}, and in line {before} it is {known}"
                    )
        self.rows[row.interview.id] = (line, row)


@attrs.define
class ApplicationBuilder:
    """Collects the rows of each application."""

    _rounds: dict[tuple[str, str, str], _Rounds] = attrs.Factory(dict)

    def add(self, row: SpreadsheetRow, line: int) -> None:
        """Take in a row. Raises MisreadError where it contradicts one before it."""
        self._rounds.setdefault(row.key, _Rounds()).add(row, line)

    def all(self) -> tuple[Application, ...]:
        """Return the applications, in the order of their first rows."""
        taken: set[str] = set()
        return tuple(
            _application([row for _, row in rounds.rows.values()], taken)
            for rounds in self._rounds.values()
        )


def _application(rows: list[SpreadsheetRow], taken: set[str]) -> Application:
    found = sorted(rows, key=lambda row: row.interview.start.timestamp())
    first, last = found[0], found[-1]
    return Application(
        id=_id(first, taken),
        company=first.company,
        role=first.role,
        country=next((row.country for row in found if row.country), None),
        channel=next((row.channel for row in found if row.channel), Channel.EMAIL),
        applicant=first.applicant,
        contact=next((row.contact for row in (last, *reversed(found)) if row.contact), None),
        interviews=tuple(row.interview for row in found),
    )


def _id(row: SpreadsheetRow, taken: set[str]) -> str:
    """Return an id that no other application of the table has."""
    who = row.applicant.name or row.applicant.email if row.applicant else None
    base = slug(f"{who or ''} {row.company} {row.role}")[:_LONGEST_ID] or row.interview.id
    names = itertools.chain([base], (f"{base}-{n}" for n in itertools.count(2)))
    found = next(name for name in names if name not in taken)
    taken.add(found)
    return found


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


def describe_bad_rows(bad: Iterable[BadRow]) -> Iterator[str]:
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
    dates: DateOrder | None = None,
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
        found = detect_layout(text, source=source)
        _check_times(text, found, source)
        orders, said = _orders(text, found, dates, source)
        made, bad, assumed = _read(text, found, zone, orders, progress)
    except csv.Error as error:
        raise InputError(f"{source}: {error}; save it as CSV again") from error
    if bad and (not partial or not made):
        raise InputError(
            f"{source}: {len(bad):,} of its rows cannot be read"
            + ("; --partial keeps the others" if made else ""),
            describe_bad_rows(bad),
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
    text, notices = decode_text(data)
    return text.replace("\0", ""), notices


def _check_times(text: str, found: TableLayout, source: str) -> None:
    """Raise InputError for a table of days alone, instead of saying so for each row."""
    if {Column.TIME, Column.START} & set(found.places):
        return
    cells = (cell for _, row in table_rows(text, found) for cell in found.cells(row, Column.DATE))
    if not any(_TIME.search(cell) for cell in cells):
        raise InputError(
            f"{source}, line {found.header}: there is no column {Column.TIME}, and a day alone "
            "does not say when an interview ends"
        )


def _orders(
    text: str, found: TableLayout, told: DateOrder | None, source: str
) -> tuple[dict[Column, DateOrder | None], list[str]]:
    """Return the order of the dates of each column, and what is to be said of it."""
    if told:
        return dict.fromkeys(DATES, told), []
    evidence = {column: DateOrderEvidence() for column in DATES}
    for line, row in table_rows(text, found):
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


def _why(title: str, seen: DateOrderEvidence) -> str:
    if seen.day_first and seen.month_first:
        return (
            f"{title}: line {seen.day_first} has the day first, line {seen.month_first} the month"
        )
    return f"{title}: {clean_line(seen.open or '')!r} can be read both ways"


def _read(
    text: str,
    found: TableLayout,
    zone: ZoneInfo,
    orders: Mapping[Column, DateOrder | None],
    progress: Callable[[int], None] | None,
) -> tuple[tuple[Application, ...], list[BadRow], list[str]]:
    collected, bad, endless, placeless = ApplicationBuilder(), [], 0, 0
    for line, cells in table_rows(text, found):
        if progress:
            progress(line)
        try:
            row = read_interview_row(cells, found, zone=zone, orders=orders)
            collected.add(row, line)
        except InvalidListError as error:
            bad.append(BadRow(line, "; ".join(message for _, message in error.items)))
        except InvalidValueError as error:
            bad.append(BadRow(line, str(error)))
        else:
            endless += not row.ends
            placeless += not row.names_zone
    said = []
    if placeless:
        said.append(
            f"{pluralize(placeless, 'interview')} without a time zone taken to be in {zone.key}"
        )
    if endless:
        said.append(f"{pluralize(endless, 'interview')} without an end taken to last 60 minutes")
    return collected.all(), bad, said
