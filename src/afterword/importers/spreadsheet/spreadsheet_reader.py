"""Read the interviews of a spreadsheet that was saved as CSV.

One row is one interview; the rows with the same company, role and applicant are the rounds of one
application. The mistakes of all rows are reported together, with their lines.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.application_ids import free_id
from afterword.domain.model import Application, Channel
from afterword.domain.sanitize import clean_line, pluralize, slug
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.formats.validators import InvalidListError, InvalidValueError
from afterword.importers.spreadsheet.date_order import DateOrder, DateOrderEvidence
from afterword.importers.spreadsheet.header import (
    DATE_COLUMNS,
    Column,
    TableLayout,
    detect_layout,
    table_rows,
)
from afterword.importers.spreadsheet.row_reader import (
    DateOrders,
    SpreadsheetRow,
    read_interview_row,
)

LARGEST = 50_000_000
"""Bytes; some hundred thousand rows."""

_LONGEST_ID = 58
_LISTED_LINES = 5
_TIME = re.compile(r"\d[:.h]\d\d|\d\s*(?:[ap]m|h|uhr)\b", re.IGNORECASE)
_OTHER_FORMATS = {
    b"PK\x03\x04": "is an Excel workbook (.xlsx); save it as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook (.xls); save it as CSV",
    b"%PDF": "is a PDF; save the spreadsheet as CSV",
}


@attrs.frozen
class BadRow:
    """A row that could not be read: its first line, and its mistakes."""

    line: int
    message: str


@attrs.frozen(kw_only=True)
class TableReading:
    """The content of a table; `bad` rows were left out, `notices` list assumptions."""

    source: str
    applications: tuple[Application, ...]
    bad: tuple[BadRow, ...] = ()
    notices: tuple[str, ...] = ()


class UnclearDatesError(InputError):
    """Raised if no row shows whether day or month comes first; `--dates` answers it."""


def read_table(
    data: bytes,
    *,
    source: str,
    zone: ZoneInfo,
    dates: DateOrder | None = None,
    partial: bool = False,
    progress: Callable[[int], None] | None = None,
) -> TableReading:
    """Return the applications of a table; `source` is its name in messages.

    `zone` is that of times in rows without a time zone; `dates` the order of all dates of three
    numbers, by default the one that the rows of each column show. With `partial` bad rows are left
    out. `progress` is called with the line of each row before it is read.

    Raises UnclearDatesError if the order is unclear, and InputError with the mistakes of all rows.
    """
    source = clean_line(source)
    text, decoding_notices = _decode(data, source)
    try:
        layout = detect_layout(text, source=source)
        _check_times(text, layout, source)
        orders, order_notices = _date_orders(text, layout, dates, source)
        rows = _RowCollector(zone)
        for line, row in table_rows(text, layout):
            if progress:
                progress(line)
            rows.add(row, line, layout, orders)
    except csv.Error as error:
        raise InputError(f"{source}: {error}; save it as CSV again") from error
    applications = rows.applications()
    _check_rows(applications, rows.bad, source, partial=partial)
    ignored = [f"the column {clean_line(title)!r} is not read" for title in layout.unknown]
    return TableReading(
        source=source,
        applications=applications,
        bad=tuple(rows.bad),
        notices=(*decoding_notices, *order_notices, *ignored, *rows.notices()),
    )


def describe_bad_rows(bad: Iterable[BadRow]) -> Iterator[str]:
    """Yield each mistake once, with the lines that have it."""
    lines_by_message: dict[str, list[int]] = {}
    for row in bad:
        lines_by_message.setdefault(row.message, []).append(row.line)
    for message, lines in lines_by_message.items():
        listed = ", ".join(f"{line}" for line in lines[:_LISTED_LINES])
        more = f" and {len(lines) - _LISTED_LINES:,} more" if len(lines) > _LISTED_LINES else ""
        yield f"line{'s' if len(lines) > 1 else ''} {listed}{more}: {message}"


def _decode(data: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    if len(data) > LARGEST:
        raise InputError(f"{source}: is larger than {LARGEST:,} bytes; split it")
    if not data.strip(b"\0 \t\r\n,;"):
        raise InputError(f"{source}: is empty; save the table again")
    for signature, message in _OTHER_FORMATS.items():
        if data.startswith(signature):
            raise InputError(f"{source}: {message}")
    text, notices = decode_text(data)
    return text.replace("\0", ""), notices


def _check_times(text: str, layout: TableLayout, source: str) -> None:
    """Raise a single InputError for a table without any time of day."""
    if {Column.TIME, Column.START} & set(layout.positions):
        return
    cells = (cell for _, row in table_rows(text, layout) for cell in layout.cells(row, Column.DATE))
    if not any(_TIME.search(cell) for cell in cells):
        raise InputError(
            f"{source}, line {layout.header}: there is no column {Column.TIME}, and a day alone "
            "does not say when an interview ends"
        )


def _check_rows(
    applications: tuple[Application, ...], bad: list[BadRow], source: str, *, partial: bool
) -> None:
    if bad and (not partial or not applications):
        raise InputError(
            f"{source}: {len(bad):,} of its rows cannot be read"
            + ("; --partial keeps the others" if applications else ""),
            describe_bad_rows(bad),
        )
    if not applications:
        raise InputError(f"{source}: has no rows below its header")


def _date_orders(
    text: str, layout: TableLayout, dates: DateOrder | None, source: str
) -> tuple[DateOrders, list[str]]:
    """Return the order of the dates of each column, and notices about assumed orders.

    A column whose rows do not decide uses the order of the others, if those agree.
    """
    if dates:
        return dict.fromkeys(DATE_COLUMNS, dates), []
    evidence = _collect_evidence(text, layout)
    decided = {hints.order for hints in evidence.values() if hints.order}
    shared = decided.pop() if len(decided) == 1 else None
    orders = {column: hints.order or shared for column, hints in evidence.items()}
    unclear = [
        (column, hints)
        for column, hints in evidence.items()
        if hints.is_undecided and (not orders[column] or hints.day_first)
    ]
    if unclear:
        raise UnclearDatesError(
            f"{source}: which number of a date is the day? Say --dates dmy (day first), "
            "--dates mdy (month first) or --dates iso (year first)",
            (_describe_unclear(layout.titles[column], hints) for column, hints in unclear),
        )
    return orders, [
        f"the dates of {layout.titles[column]!r} were read as {orders[column]}, as the others are"
        for column, hints in evidence.items()
        if hints.is_undecided
    ]


def _collect_evidence(text: str, layout: TableLayout) -> dict[Column, DateOrderEvidence]:
    evidence = {column: DateOrderEvidence() for column in DATE_COLUMNS}
    for line, row in table_rows(text, layout):
        for column, hints in evidence.items():
            for cell in layout.cells(row, column):
                hints.add(cell, line)
    return evidence


def _describe_unclear(title: str, hints: DateOrderEvidence) -> str:
    if hints.day_first and hints.month_first:
        return (
            f"{title}: line {hints.day_first} has the day first, line {hints.month_first} the month"
        )
    return f"{title}: {clean_line(hints.ambiguous or '')!r} can be read both ways"


@attrs.define
class _Rounds:
    """The rows of an application by interview id, and the application's own values."""

    rows: dict[str, tuple[int, SpreadsheetRow]] = attrs.Factory(dict)
    values: dict[str, tuple[int, str]] = attrs.Factory(dict)

    def add(self, row: SpreadsheetRow, line: int) -> None:
        """Add a row. Raises InvalidValueError if it contradicts an earlier row."""
        if row.interview.id in self.rows:
            raise InvalidValueError(
                f"the same interview as in line {self.rows[row.interview.id][0]}; several "
                "interviewers stand in one cell, with ; between them"
            )
        for name in ("country", "channel"):
            if value := getattr(row, name):
                first_line, first_value = self.values.setdefault(name, (line, value))
                if value != first_value:
                    raise InvalidValueError(
                        f"the {name} is {value}, and in line {first_line} it is {first_value}"
                    )
        self.rows[row.interview.id] = (line, row)


@attrs.define
class _RowCollector:
    """Collects the rows of each application, the bad rows, and the number of assumed values."""

    zone: ZoneInfo
    rounds: dict[tuple[str, str, str], _Rounds] = attrs.Factory(dict)
    bad: list[BadRow] = attrs.Factory(list)
    without_zone: int = 0
    without_end: int = 0

    def add(self, cells: list[str], line: int, layout: TableLayout, orders: DateOrders) -> None:
        """Read a row into its application, or add it to the bad ones."""
        try:
            row = read_interview_row(cells, layout, zone=self.zone, orders=orders)
            self.rounds.setdefault(row.key, _Rounds()).add(row, line)
        except InvalidListError as error:
            self.bad.append(BadRow(line, "; ".join(message for _, message in error.items)))
        except InvalidValueError as error:
            self.bad.append(BadRow(line, str(error)))
        else:
            self.without_zone += not row.has_zone
            self.without_end += not row.has_end

    def applications(self) -> tuple[Application, ...]:
        """Return the applications, in the order of their first rows."""
        used_ids: set[str] = set()
        return tuple(
            _application([row for _, row in rounds.rows.values()], used_ids)
            for rounds in self.rounds.values()
        )

    def notices(self) -> Iterator[str]:
        """Yield the notices about assumed zones and ends."""
        if self.without_zone:
            interviews = pluralize(self.without_zone, "interview")
            yield f"{interviews} without a time zone taken to be in {self.zone.key}"
        if self.without_end:
            interviews = pluralize(self.without_end, "interview")
            yield f"{interviews} without an end taken to last 60 minutes"


def _application(rows: list[SpreadsheetRow], used_ids: set[str]) -> Application:
    by_start = sorted(rows, key=lambda row: row.interview.start.timestamp())
    first = by_start[0]
    return Application(
        id=_application_id(first, used_ids),
        company=first.company,
        role=first.role,
        country=next((row.country for row in by_start if row.country), None),
        channel=next((row.channel for row in by_start if row.channel), Channel.EMAIL),
        applicant=first.applicant,
        contact=next((row.contact for row in reversed(by_start) if row.contact), None),
        interviews=tuple(row.interview for row in by_start),
    )


def _application_id(row: SpreadsheetRow, used_ids: set[str]) -> str:
    """Return an id that no other application of the table has, and add it to the used ones."""
    applicant = row.applicant.name or row.applicant.email if row.applicant else None
    base = slug(f"{applicant or ''} {row.company} {row.role}")[:_LONGEST_ID] or row.interview.id
    id = free_id(base, used_ids)
    used_ids.add(id.casefold())
    return id
