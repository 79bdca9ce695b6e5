"""Read the interviews of a spreadsheet that was saved as CSV.

One row is one interview; the rows with the same company, role and applicant are the rounds of one
application. The mistakes of all rows are reported together, with their lines.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping

import attrs

from afterword.domain.model import Application
from afterword.domain.sanitize import clean_line, pluralize
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.importers.spreadsheet import workbook
from afterword.importers.spreadsheet.cell_dates import DateOrder, DateOrderEvidence, has_clock
from afterword.importers.spreadsheet.column_names import DATE_COLUMNS, Column
from afterword.importers.spreadsheet.header import TableLayout, TableOptions, detect_layout
from afterword.importers.spreadsheet.row_cells import DateOrders, StatusReader, table_rows
from afterword.importers.spreadsheet.row_collector import BadRow, RowCollector, describe_bad_rows
from afterword.importers.spreadsheet.row_reader import SpreadsheetRow

LARGEST = 50_000_000
"""Bytes; some hundred thousand rows."""

_OTHER_FORMATS = {
    b"PK\x03\x04": "is an Excel workbook (.xlsx); save it as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook (.xls); save it as CSV",
    b"%PDF": "is a PDF; save the spreadsheet as CSV",
}


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


class UnclearDatesError(InputError):
    """Raised if no row shows whether day or month comes first; `--dates` answers it."""


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

    Raises UnclearDatesError if the order of dates is unclear, and InputError with the mistakes of
    all rows: UnknownStatusError if the user can answer them all.
    """
    source = clean_line(source)
    statuses = StatusReader(own_meanings=options.statuses)
    text, decoding_notices = _decode(data, options, source)
    try:
        layout = detect_layout(text, options, source=source)
        _check_times(text, layout, source)
        orders, order_notices = _date_orders(text, layout, options.dates, statuses, source)
        rows = RowCollector(options, orders, statuses)
        for cells in table_rows(text, layout):
            if progress:
                progress(cells.line)
            rows.add(cells)
    except csv.Error as error:
        raise InputError(f"{source}: {error}; save it as CSV again") from error
    applications = rows.applications()
    _check_rows(applications, rows, source, partial=options.partial)
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


def _check_rows(
    applications: tuple[Application, ...], rows: RowCollector, source: str, *, partial: bool
) -> None:
    bad = rows.bad
    if bad and (not partial or not applications):
        message = f"{source}: {pluralize(len(bad), 'row')} cannot be read" + (
            "; --partial imports the others" if applications else ""
        )
        notes = list(describe_bad_rows(bad))
        unknown = rows.statuses.unknown
        # A row with another mistake has another message than those of the unknown statuses.
        if len(notes) == len(unknown):
            raise UnknownStatusError(message, notes, unknown)
        raise InputError(message, notes)
    if not applications and rows.without_interview:
        raise InputError(f"{source}: none of its rows has the date of an interview")
    if not applications:
        raise InputError(f"{source}: has no rows below its header")


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
