"""How a table is written: its delimiter, its header, and its rows one by one."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator

import attrs

from afterword.core.text import clean_line
from afterword.errors import InputError
from afterword.formats.table.columns import EMAILS, Column, is_mere_email, meant

_DELIMITERS = (",", ";", "\t", "|")
# Excel's own way to say it, in the first line.
_SEP = re.compile(r"sep=([,;\t|:])\s*$", re.IGNORECASE)
_FIRST_ROWS = 10
_SEVERAL = (Column.INTERVIEWER, Column.INTERVIEWER_EMAIL)


@attrs.frozen(kw_only=True)
class Layout:
    """How a table is written: its delimiter, the line of its header, where each column stands.

    `width` is how many cells its header has, `titles` are the columns' names in
    the file, `unknown` those that are not read.
    """

    delimiter: str
    header: int
    width: int
    places: dict[Column, tuple[int, ...]]
    titles: dict[Column, str]
    unknown: tuple[str, ...]

    def cells(self, row: list[str], column: Column) -> list[str]:
        """Return what the row has in the columns of that kind, one line each, none empty."""
        found = (row[at] for at in self.places.get(column, ()) if at < len(row))
        return [cell for cell in map(clean_line, found) if cell]


def layout(text: str, *, source: str) -> Layout:
    """Find the header among the first rows, with the delimiter that makes most sense of it.

    Raises InputError where needed columns are missing, or one is there twice.
    """
    match = _SEP.match(text.partition("\n")[0])
    delimiters = (match[1],) if match else _DELIMITERS
    read = [found for mark in delimiters for found in _headers(text, mark)]
    best = max(read, key=lambda found: len(found.places), default=None)
    if best is None or not best.places:
        raise InputError(
            f"{source}: none of its first rows names columns such as company, role, date and time; "
            "`afterword import --template csv` shows the columns"
        )
    _check(best, source)
    return best


def rows(text: str, found: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header that are not empty, each with its first line's number.

    Raises csv.Error for a quotation mark that is never closed.
    """
    for line, row in _numbered(text, found.delimiter, strict=True):
        if line > found.header and any(cell.strip() for cell in row):
            yield line, row


def _numbered(
    text: str, delimiter: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"the row that begins in line {line} has {_words(error)}") from error


def _words(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark that is never closed"
    return f"something wrong in it ({error})"


def _headers(text: str, delimiter: str) -> Iterator[Layout]:
    try:
        for line, row in itertools.islice(_numbered(text, delimiter), _FIRST_ROWS):
            yield _header(row, line, delimiter)
    except csv.Error:
        return


def _header(row: list[str], line: int, delimiter: str) -> Layout:
    places: dict[Column, tuple[int, ...]] = {}
    titles: dict[Column, str] = {}
    unknown = []
    for at, title in enumerate(map(clean_line, row)):
        if column := meant(title, row):
            places[column] = (*places.get(column, ()), at)
            titles.setdefault(column, title)
        elif title:
            unknown.append(title)
    return Layout(
        delimiter=delimiter,
        header=line,
        width=len(row),
        places=places,
        titles=titles,
        unknown=tuple(unknown),
    )


def _check(found: Layout, source: str) -> None:
    wrong = [
        f"two columns are read as {column}: leave one of them out, or rename it"
        for column, places in found.places.items()
        if len(places) > 1 and column not in _SEVERAL
    ]
    wrong += [f"no column {column}" for column in _missing(found)]
    wrong += [
        f"the column {title!r} may be anybody's: call it {_quoted(EMAILS.values())}"
        for title in found.unknown
        if is_mere_email(title)
    ]
    if wrong:
        raise InputError(f"{source}, line {found.header}: the header cannot be read", wrong)


def _quoted(columns: Iterable[Column]) -> str:
    return " or ".join(f"'{column}'" for column in columns)


def _missing(found: Layout) -> list[str]:
    missing = [str(c) for c in (Column.COMPANY, Column.ROLE) if c not in found.places]
    if not {Column.START, Column.DATE} & set(found.places):
        missing.append(f"{Column.DATE}, and none {Column.TIME}")
    return missing
