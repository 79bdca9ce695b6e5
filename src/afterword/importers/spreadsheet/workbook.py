"""Read the sheets of an Excel workbook (.xlsx) as CSV, with python-calamine.

That package is an extra. A workbook is unpacked in memory, so its size and the extent of its
sheets are checked before.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any

from afterword.errors import InputError

LARGEST = 100_000_000
"""Bytes of a workbook when it is unpacked."""

_MOST_CELLS = 5_000_000
_SIGNATURE = b"PK\x03\x04"
_REFERENCE = re.compile(rb"""\sr\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"([A-Za-z]{0,3})([0-9]{0,7})")
_FIRST_YEAR = 1900


def is_workbook(data: bytes) -> bool:
    """True if a file is an Excel workbook: a ZIP archive with that part in it."""
    return data.startswith(_SIGNATURE) and b"xl/workbook.xml" in data


def workbook_sheets(data: bytes, source: str) -> dict[str, str]:
    """Return the sheets that are not empty by name, as CSV with a line for each row.

    Raises InputError if the file is damaged or too large, or if the extra is not installed.
    """
    try:
        import python_calamine
    except ImportError:
        raise InputError(
            f"{source} is an Excel workbook; save it as CSV, or install what reads it: "
            "pip install 'afterword[xlsx]'"
        ) from None
    _check_size(data, source)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows_by_name = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in workbook.sheet_names
        }
    except (python_calamine.CalamineError, EOFError, OSError, ValueError) as error:
        raise InputError(
            f"{source} is an Excel workbook that cannot be read ({error}); save it as CSV"
        ) from error
    sheets = {name: _to_csv(rows) for name, rows in rows_by_name.items()}
    return {name: text for name, text in sheets.items() if text.strip("\r\n,")}


def _check_size(data: bytes, source: str) -> None:
    """Raise InputError for a workbook that would fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            is_large = sum(part.file_size for part in parts) > LARGEST or any(
                _extent(archive.read(part)) > _MOST_CELLS for part in parts
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{source} is a damaged Excel workbook ({error}); save it anew") from error
    if is_large:
        raise InputError(f"{source} is too large; save the sheet with the interviews as CSV")


def _extent(part: bytes) -> int:
    """Return the number of cells of the smallest rectangle with all cells of a sheet.

    The reader reserves memory for all of them. Raises ValueError for a cell that no sheet has.
    """
    rows = columns = 1
    for reference in _REFERENCE.finditer(part):
        match = _CELL.fullmatch(reference[1] or reference[2] or b"")
        if match is None:
            raise ValueError("a cell outside of the sheet")
        rows = max(rows, int(match[2] or 0))
        column = 0
        for letter in match[1].upper():
            column = column * 26 + letter - ord("A") + 1
        columns = max(columns, column)
    return rows * columns


def _to_csv(rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    # A row stays a line, so that the lines in messages are the rows of the sheet.
    csv.writer(out).writerows(
        ["; ".join(filter(None, _text(value).splitlines())) for value in row] for row in rows
    )
    return out.getvalue()


def _text(value: Any) -> str:
    """Return a cell's value as people write it."""
    match value:
        case float() if value.is_integer():
            return str(int(value))
        # A time alone is a moment of the day before the first one of Excel's calendar.
        case dt.datetime(year=year) if year >= _FIRST_YEAR:
            is_day = value.time() == dt.time()
            return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
        case dt.datetime() | dt.time():
            # Without seconds, as a length is written, too.
            return f"{value:%H:%M}"
        case dt.timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        case _:
            return str(value)
