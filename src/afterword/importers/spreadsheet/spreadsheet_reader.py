"""Read the interviews of a spreadsheet that was saved as CSV.

One row is one interview; the rows with the same company, role and applicant are the rounds of one
application. The mistakes of all rows are reported together, with their lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import attrs

from afterword.domain.applications import free_id
from afterword.domain.model import Application, Channel
from afterword.domain.sanitize import clean_line, pluralize, slug
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.formats.validators import InvalidValueError, validate_token
from afterword.importers.spreadsheet import workbook
from afterword.importers.spreadsheet.cell_dates import DateOrder, DateOrderEvidence, has_clock
from afterword.importers.spreadsheet.column_names import DATE_COLUMNS, Column
from afterword.importers.spreadsheet.header import TableLayout, TableOptions, detect_layout
from afterword.importers.spreadsheet.row_cells import DateOrders, RowCells, table_rows
from afterword.importers.spreadsheet.row_reader import (
    ApplicationKey,
    SpreadsheetRow,
    read_interview_row,
)
from afterword.importers.spreadsheet.status_words import StatusReader

LARGEST = 50_000_000
"""Bytes; some hundred thousand rows."""

_LONGEST_ID = 58
_LISTED_LINES = 5
_SHARED = ("country", "channel")
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
    """The content of a table; `bad` rows were left out, `notices` list assumptions.

    `rows` are those of the interviews, by their ids.
    """

    source: str
    applications: tuple[Application, ...]
    rows: Mapping[str, SpreadsheetRow]
    bad: tuple[BadRow, ...] = ()
    notices: tuple[str, ...] = ()


class UnknownStatusError(InputError):
    """Raised if a table has no other mistakes than statuses that are not understood."""

    def __init__(self, message: str, notes: Iterable[str], statuses: dict[str, str]) -> None:
        super().__init__(message, notes)
        self.statuses = statuses


def read_table(
    data: bytes,
    options: TableOptions,
    *,
    source: str,
    progress: Callable[[int], None] | None = None,
) -> TableReading:
    """Return the applications of a table; `source` is its name in messages.

    `progress` is called with the line of each row before it is read.

    Raises InputError if the order of dates is unclear, and with the mistakes of all rows:
    UnknownStatusError if the user can answer them all.
    """
    source = clean_line(source)
    statuses = StatusReader(own_meanings=options.statuses)
    text, decoding_notices = _decode(data, options, source)
    try:
        layout = detect_layout(text, options, source=source)
        _check_times(text, layout, source)
        orders, order_notices = _date_orders(text, layout, options.dates, statuses, source)
        rows = _RowCollector(options, orders, statuses)
        for cells in table_rows(text, layout):
            if progress:
                progress(cells.line)
            rows.add(cells)
    except csv.Error as error:
        raise InputError(f"{source}: {error}; save it as CSV again") from error
    applications = rows.applications()
    rows.check(applications, source)
    ignored = [f"the column {clean_line(title)!r} is not read" for title in layout.unknown]
    return TableReading(
        source=source,
        applications=applications,
        rows=rows.by_interview,
        bad=tuple(rows.bad),
        notices=(*decoding_notices, *order_notices, *ignored, *rows.notices()),
    )


def _decode(data: bytes, options: TableOptions, source: str) -> tuple[str, tuple[str, ...]]:
    if len(data) > LARGEST:
        raise InputError(f"{source}: is larger than {LARGEST:,} bytes; split it")
    if workbook.is_workbook(data):
        return _choose_sheet(workbook.workbook_sheets(data, source), options, source)
    if not data.strip(b"\0 \t\r\n,;"):
        raise InputError(f"{source}: is empty; save the table again")
    for signature, message in _OTHER_FORMATS.items():
        if data.startswith(signature):
            raise InputError(f"{source}: {message}")
    text, notices = decode_text(data)
    return text.replace("\0", ""), notices


def _choose_sheet(
    sheets: Mapping[str, str], options: TableOptions, source: str
) -> tuple[str, tuple[str, ...]]:
    """Return the first sheet with a header of interviews, and a notice if there are others."""
    if not sheets:
        raise InputError(f"{source}: is empty; save the table again")
    names = list(sheets)
    chosen = next((name for name in names if _has_header(sheets[name], options)), names[0])
    others = ", ".join(repr(clean_line(name)) for name in names if name != chosen)
    notice = f"the sheet {clean_line(chosen)!r} was read; not read: {others}"
    return sheets[chosen], (notice,) if others else ()


def _has_header(text: str, options: TableOptions) -> bool:
    try:
        detect_layout(text, options, source="")
    except InputError:
        return False
    return True


def _check_times(text: str, layout: TableLayout, source: str) -> None:
    """Raise a single InputError for a table without any time of day."""
    if {Column.TIME, Column.START} & set(layout.positions):
        return
    texts = [
        text
        for cells in table_rows(text, layout)
        for column in (Column.DATE, Column.INTERVIEW)
        for text in cells.texts(column)
    ]
    if texts and not any(map(has_clock, texts)):
        raise InputError(
            f"{source}, line {layout.header}: there is no column {Column.TIME}, and a day alone "
            "does not say when an interview ends"
        )


def _date_orders(
    text: str,
    layout: TableLayout,
    dates: DateOrder | None,
    statuses: StatusReader,
    source: str,
) -> tuple[DateOrders, list[str]]:
    """Return the order of the dates of each column, and notices about assumed orders.

    A column whose rows do not decide uses the order of the others, if those agree.
    """
    if dates:
        return dict.fromkeys(DATE_COLUMNS, dates), []
    evidence = _collect_evidence(text, layout, statuses)
    decided = {hints.order for hints in evidence.values() if hints.order}
    shared = decided.pop() if len(decided) == 1 else None
    orders = {column: hints.order or shared for column, hints in evidence.items()}
    unclear = [
        (column, hints)
        for column, hints in evidence.items()
        if hints.is_undecided and (not orders[column] or hints.day_first)
    ]
    if unclear:
        raise InputError(
            f"{source}: which number of a date is the day? Say --dates dmy (day first), "
            "--dates mdy (month first) or --dates iso (year first)",
            (_describe_unclear(layout.titles[column], hints) for column, hints in unclear),
        )
    return orders, [
        f"the dates of {layout.titles[column]!r} were read as {orders[column]}, as the others are"
        for column, hints in evidence.items()
        if hints.is_undecided
    ]


def _collect_evidence(
    text: str, layout: TableLayout, statuses: StatusReader
) -> dict[Column, DateOrderEvidence]:
    """Return the hints of each column; the date of a status counts only where it is used."""
    evidence = {column: DateOrderEvidence() for column in DATE_COLUMNS}
    of_table = [(c, hints) for c, hints in evidence.items() if c in layout.positions]
    for cells in table_rows(text, layout):
        for column, hints in of_table:
            texts = cells.texts(column)
            if column is Column.STATUS_DATE and texts:
                status = (*cells.texts(Column.STATUS), *cells.texts(Column.ROUND))
                texts = texts if any(map(statuses.is_outcome, status)) else []
            for date in texts:
                hints.add(date, cells.line)
    return evidence


def _describe_unclear(title: str, hints: DateOrderEvidence) -> str:
    if hints.day_first and hints.month_first:
        return (
            f"{title}: line {hints.day_first} has the day first, line {hints.month_first} the month"
        )
    return f"{title}: {clean_line(hints.ambiguous or '')!r} can be read both ways"


@attrs.define
class _RowCollector:
    """Reads rows, and collects those of each application and of each interview, and the bad ones.

    `by_application` has the rows by `SpreadsheetRow.key`, `by_interview` by the interview's id.
    """

    options: TableOptions
    orders: DateOrders
    statuses: StatusReader
    by_application: dict[ApplicationKey, list[SpreadsheetRow]] = attrs.Factory(dict)
    by_interview: dict[str, SpreadsheetRow] = attrs.Factory(dict)
    bad: list[BadRow] = attrs.Factory(list)
    without_interview: list[int] = attrs.Factory(list)
    _stated: dict[tuple[ApplicationKey, str], SpreadsheetRow] = attrs.Factory(dict)

    def add(self, cells: RowCells) -> None:
        """Read a row into its application, or add it to the bad ones."""
        try:
            row = read_interview_row(cells, self.options, self.orders, self.statuses)
            if row is None:
                self.without_interview.append(cells.line)
                return
            self._check_row(row)
        except InvalidValueError as error:
            self.bad.append(BadRow(cells.line, str(error)))
            return
        self.by_application.setdefault(row.key, []).append(row)
        for interview in row.interviews:
            self.by_interview[interview.id] = row
        for name in _SHARED:
            if getattr(row, name):
                self._stated.setdefault((row.key, name), row)

    def _check_row(self, row: SpreadsheetRow) -> None:
        """Raise InvalidValueError if a row contradicts an earlier row."""
        for interview in row.interviews:
            if earlier := self.by_interview.get(interview.id):
                raise InvalidValueError(
                    f"the same interview as in line {earlier.line}; several "
                    "interviewers stand in one cell, with ; between them"
                )
        for name in _SHARED:
            value, first = getattr(row, name), self._stated.get((row.key, name))
            if value and first and value != getattr(first, name):
                raise InvalidValueError(
                    f"the {name} is {value}, and in line {first.line} it is {getattr(first, name)}"
                )

    def check(self, applications: Collection[Application], source: str) -> None:
        """Raise InputError for bad rows, unless they may be left out, and for a table of none."""
        if self.bad and not (self.options.partial and applications):
            message = f"{source}: {pluralize(len(self.bad), 'row')} cannot be read" + (
                "; --partial imports the others" if applications else ""
            )
            notes = list(describe_bad_rows(self.bad))
            # A row with another mistake has another message than those of the unknown statuses.
            if len(notes) == len(self.statuses.unknown):
                raise UnknownStatusError(message, notes, self.statuses.unknown)
            raise InputError(message, notes)
        if not applications and self.without_interview:
            raise InputError(f"{source}: none of its rows has the date of an interview")
        if not applications:
            raise InputError(f"{source}: has no rows below its header")

    def applications(self) -> tuple[Application, ...]:
        """Return the applications, in the order of their first rows."""
        used_ids: set[str] = set()
        return tuple(_application(rows, used_ids) for rows in self.by_application.values())

    def notices(self) -> Iterator[str]:
        """Yield the notices about rows without an interview, and assumed zones and ends."""
        if self.without_interview:
            lines = _listed_lines(self.without_interview)
            rows = pluralize(len(self.without_interview), "row")
            yield f"{rows} without the date of an interview left out ({lines})"
        if without_zone := sum(not row.has_zone for row in self.by_interview.values()):
            interviews = pluralize(without_zone, "interview")
            yield f"{interviews} without a time zone, assumed to be in {self.options.zone.key}"
        if without_end := sum(not row.has_end for row in self.by_interview.values()):
            interviews = pluralize(without_end, "interview")
            yield f"{interviews} without an end, assumed to last 60 minutes"


def _application(rows: list[SpreadsheetRow], used_ids: set[str]) -> Application:
    rounds = [(interview, row) for row in rows for interview in row.interviews]
    rounds.sort(key=lambda pair: pair[0].start.timestamp())
    ordered = [row for _, row in rounds]
    first = ordered[0]
    return Application(
        id=_application_id(first, used_ids),
        company=first.company,
        role=first.role,
        country=next((row.country for row in rows if row.country), None),
        channel=next((row.channel for row in rows if row.channel), Channel.EMAIL),
        applicant=first.applicant,
        contact=next((row.contact for row in reversed(ordered) if row.contact), None),
        interviews=tuple(interview for interview, _ in rounds),
    )


def _application_id(first: SpreadsheetRow, used_ids: set[str]) -> str:
    """Return an id that no other application of the table has, and add it to the used ones."""
    applicant = first.applicant.name or first.applicant.email if first.applicant else None
    words = slug(f"{applicant or ''} {first.company} {first.role}")[:_LONGEST_ID]
    try:
        id = free_id(validate_token(words), used_ids)
    except InvalidValueError:  # no Latin letter, or the name of a device
        id = free_id(first.interviews[0].id, used_ids)
    used_ids.add(id.casefold())
    return id


def describe_bad_rows(bad: Iterable[BadRow]) -> Iterator[str]:
    """Yield each mistake once, with the lines that have it."""
    lines_by_message: dict[str, list[int]] = {}
    for row in bad:
        lines_by_message.setdefault(row.message, []).append(row.line)
    for message, lines in lines_by_message.items():
        yield f"{_listed_lines(lines)}: {message}"


def _listed_lines(lines: list[int]) -> str:
    """Return the first lines of many as text."""
    listed = ", ".join(f"{line}" for line in lines[:_LISTED_LINES])
    more = f" and {len(lines) - _LISTED_LINES:,} more" if len(lines) > _LISTED_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {listed}{more}"
