"""Find the header of a spreadsheet: its delimiter, and the columns by their names."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

import attrs

from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.spreadsheet.column_names import (
    ADDRESS_COLUMNS,
    REPEATABLE_COLUMNS,
    Column,
    column_for,
    interview_key,
    is_any_email,
    names_interview,
)

_DELIMITERS = (",", ";", "\t", "|")
_MOST_COLUMNS = 500
_LONGEST_TITLE = 200
# The line with which Excel itself states the delimiter.
_SEP_LINE = re.compile(r"sep=([,;\t|:])\s*$", re.IGNORECASE)
_FIRST_ROWS = 10
_LISTED_TITLES = 8
_START_WORD = re.compile(r"start|interview|beginn|d[ée]but|inicio", re.IGNORECASE)
_UPDATE_WORD = re.compile(
    r"updat|modif|chang|edit|activity|contact|aktualis|änder|ander|jour|actualiz", re.IGNORECASE
)


@attrs.frozen(kw_only=True)
class ColumnOptions:
    """The user's answers about columns.

    `mapped` are columns by their folded titles (`--map`); `given` are columns whose value is an
    option, so that the table need not have them.
    """

    mapped: Mapping[str, Column] = attrs.field(factory=dict)
    given: frozenset[Column] = frozenset()


@attrs.frozen(kw_only=True)
class TableLayout:
    """The delimiter of a table, the line of its header, and the positions of its columns.

    `width` is the number of cells of the header, `titles` are the columns' names in the file,
    `unknown` the names of columns that are ignored, `interview_titles` the titles of the columns
    of interviews by position.
    """

    delimiter: str
    header: int
    width: int
    positions: dict[Column, tuple[int, ...]]
    titles: dict[Column, str]
    unknown: tuple[str, ...]
    interview_titles: dict[int, str]

    def cells(self, row: list[str], column: Column) -> list[str]:
        """Return the row's cells in the columns of that kind, as cleaned lines, without empty ones.

        A short row has no cells in the columns beyond its end.
        """
        return self.cells_by_column(row, [column]).get(column, [])

    def cells_by_column(self, row: list[str], columns: Iterable[Column]) -> dict[Column, list[str]]:
        """Return the `cells` of these columns, without columns that have none."""
        cells: dict[Column, list[str]] = {}
        for column in columns:
            for position in self.positions.get(column, ()):
                if position < len(row) and (line := clean_line(row[position])):
                    cells.setdefault(column, []).append(line)
        return cells

    def interview_cells(self, row: list[str]) -> Iterator[tuple[str, str]]:
        """Yield the lines of the row's cells of interviews, each with the title of its column."""
        if not self.interview_titles:
            return
        for title, day, time in self._interview_columns():
            clock = clean_line(row[time]) if time is not None and time < len(row) else ""
            for line in row[day].splitlines() if day < len(row) else ():
                is_dated = any(map(str.isdigit, line))
                yield clean_line(f"{line} {clock}" if is_dated else line), title

    def _interview_columns(self) -> list[tuple[str, int, int | None]]:
        """Return the columns of interviews, those of a date with that of its time, if any."""
        times = {}
        for position, title in self.interview_titles.items():
            name, is_time = interview_key(title)
            if is_time:
                times[name] = position
        days = {at: interview_key(title)[0] for at, title in self.interview_titles.items()}
        paired = {times[name] for at, name in days.items() if name in times and times[name] != at}
        return [
            (title, at, times[days[at]] if times.get(days[at]) in paired else None)
            for at, title in self.interview_titles.items()
            if at not in paired
        ]


def detect_layout(text: str, options: ColumnOptions, *, source: str) -> TableLayout:
    """Find the header among the first rows, by the delimiter that gives most of its columns.

    Raises InputError for a missing column, or for one that is there twice.
    """
    match = _SEP_LINE.match(text.partition("\n")[0])
    delimiters = (match[1],) if match else _DELIMITERS
    candidates = [each for delimiter in delimiters for each in _layouts(text, delimiter, options)]
    best = max(candidates, key=lambda layout: len(layout.positions), default=None)
    if best is None or not best.positions:
        _check_width(text, delimiters[0], source)
        raise InputError(
            f"{source}: none of its first rows names columns such as company, role, date and time; "
            "`afterword import --template csv` shows the columns, and "
            '--map "Their header=date" names one of the table'
        )
    _check(best, options, source)
    return best


def _check_width(text: str, delimiter: str, source: str) -> None:
    """Raise InputError for a table with too many columns to look for a header in it."""
    line, row = next(_numbered_rows(text, delimiter), (1, []))
    if len(row) > _MOST_COLUMNS:
        raise InputError(
            f"{source}, line {line}: the table has {len(row):,} columns, and {_MOST_COLUMNS} is "
            "the most that are read; delete those that are not about interviews"
        )


def table_rows(text: str, layout: TableLayout) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header that are not empty, with the number of their first line.

    Raises csv.Error for a quotation mark that is never closed.
    """
    for line, row in _numbered_rows(text, layout.delimiter, strict=True):
        if line > layout.header and any(cell.strip() for cell in row):
            yield line, row


def _numbered_rows(
    text: str, delimiter: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"the row that begins in line {line} has {_description(error)}") from error


def _description(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark that is never closed"
    return f"something wrong in it ({error})"


def folded_title(title: str) -> str:
    """Return a title for comparison with those of `--map`: case and white space do not count."""
    return clean_line(title).casefold()


def _layouts(text: str, delimiter: str, options: ColumnOptions) -> Iterator[TableLayout]:
    """Yield the layout with each of the first rows as the header."""
    try:
        for line, row in itertools.islice(_numbered_rows(text, delimiter), _FIRST_ROWS):
            if len(row) <= _MOST_COLUMNS:
                yield _layout(row, line, delimiter, options)
    except csv.Error:
        return


def _layout(row: list[str], line: int, delimiter: str, options: ColumnOptions) -> TableLayout:
    # Any cell may be taken for a title, and nobody's titles are longer.
    titles = [clean_line(title[:_LONGEST_TITLE]) for title in row]
    columns = _choose_columns(titles, options.mapped)
    positions: dict[Column, tuple[int, ...]] = {}
    for position, column in columns.items():
        positions[column] = (*positions.get(column, ()), position)
    if Column.STATUS_DATE in positions:
        # "Closed on" is the date of the status itself, "Last updated" is that of any change.
        by_precision = sorted(
            positions[Column.STATUS_DATE], key=lambda at: bool(_UPDATE_WORD.search(titles[at]))
        )
        positions[Column.STATUS_DATE] = tuple(by_precision)
    return TableLayout(
        delimiter=delimiter,
        header=line,
        width=len(row),
        positions=positions,
        titles={column: titles[every[0]] for column, every in positions.items()},
        unknown=tuple(title for at, title in enumerate(titles) if title and at not in columns),
        interview_titles={at: titles[at] for at in positions.get(Column.INTERVIEW, ())},
    )


def _choose_columns(titles: list[str], mapped: Mapping[str, Column]) -> dict[int, Column]:
    """Return the columns by their positions; of two of a kind the user's own choice counts."""
    by_user = {
        at: mapped[folded_title(t)] for at, t in enumerate(titles) if folded_title(t) in mapped
    }
    columns = dict(by_user)
    for at, title in enumerate(titles):
        column = column_for(title, titles)
        taken = column in by_user.values() and column not in REPEATABLE_COLUMNS
        if column and at not in by_user and not taken:
            columns[at] = column
    columns = dict(sorted(columns.items()))
    for column in (Column.DATE, Column.START, Column.TIME, Column.END, Column.END_DATE):
        _drop_other_dates(columns, column, titles, by_user)
    kinds = set(columns.values())
    if Column.INTERVIEW in kinds and not kinds & {Column.TIME, Column.START}:
        # In a tracker that has the dates of interviews, "Date" is that of something else.
        _drop_general(columns, Column.DATE, titles, by_user)
    if not kinds & {Column.DATE, Column.START, Column.INTERVIEW}:
        # A start time without a column of dates has the date in it.
        columns |= {
            at: Column.START
            for at, column in columns.items()
            if column is Column.TIME and _START_WORD.search(titles[at])
        }
    return columns


def _drop_other_dates(
    columns: dict[int, Column], column: Column, titles: list[str], by_user: Collection[int]
) -> None:
    """Of several columns of dates or times drop those that do not name the interview."""
    positions = [at for at, each in columns.items() if each is column]
    if len(positions) > 1 and any(names_interview(titles[at]) for at in positions):
        _drop_general(columns, column, titles, by_user)


def _drop_general(
    columns: dict[int, Column], column: Column, titles: list[str], by_user: Collection[int]
) -> None:
    for at in [at for at, each in columns.items() if each is column]:
        if at not in by_user and not names_interview(titles[at]):
            del columns[at]


def _check(layout: TableLayout, options: ColumnOptions, source: str) -> None:
    mistakes = [
        f"two columns are read as {column}: leave one of them out, or rename it"
        for column, positions in layout.positions.items()
        if len(positions) > 1 and column not in REPEATABLE_COLUMNS
    ]
    missing = [str(c) for c in (Column.COMPANY, Column.ROLE) if c not in layout.positions]
    missing = [name for name in missing if name not in options.given]
    if not {Column.START, Column.DATE, Column.INTERVIEW} & set(layout.positions):
        missing.append(f"{Column.DATE}, and none {Column.TIME}")
    mistakes += [f"no column {name}" for name in missing]
    choices = " or ".join(f"'{column}'" for column in ADDRESS_COLUMNS.values())
    unclear = [title for title in layout.unknown if is_any_email(title)]
    mistakes += [
        f"the column {title!r} does not say whose address it is: call it {choices}"
        for title in unclear
    ]
    if missing and layout.unknown:
        listed = ", ".join(layout.unknown[:_LISTED_TITLES])
        first = missing[0].partition(",")[0]
        mistakes.append(
            f'--map "THEIR HEADER={first}" says which column it is; not understood: {listed}'
        )
    elif unclear:
        address = ADDRESS_COLUMNS[Column.INTERVIEWER]
        mistakes.append(
            f'or say it with --map "{unclear[0]}={address}"; '
            f'--map "{unclear[0]}={Column.IGNORE}" leaves the column out'
        )
    elif mistakes:
        mistakes.append(f'--map "THEIR HEADER={Column.IGNORE}" leaves a column out')
    if mistakes:
        raise InputError(f"{source}, line {layout.header}: the header cannot be read", mistakes)
