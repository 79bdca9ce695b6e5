"""Find the header of a spreadsheet: its delimiter, and the columns by their names."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.importers.spreadsheet.cell_dates import DateOrder
from afterword.importers.spreadsheet.column_names import (
    ADDRESS_COLUMNS,
    REPEATABLE_COLUMNS,
    Column,
    column_for,
    interview_key,
    is_any_email,
    names_interview,
)
from afterword.importers.spreadsheet.status_words import StatusMeaning

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
class TableOptions:
    """Options for reading a table.

    `zone` is that of times in rows without a time zone; `dates` the order of all dates of three
    numbers, by default the one that the rows of each column show; `company` and `role` those of a
    table without such a column. With `partial` bad rows are left out. `columns` and `statuses` are
    the user's own: columns by folded titles (`--map`), meanings by `status_key`.
    """

    zone: ZoneInfo
    dates: DateOrder | None = None
    partial: bool = False
    company: str | None = None
    role: str | None = None
    columns: Mapping[str, Column] = attrs.field(factory=dict)
    statuses: Mapping[str, StatusMeaning] = attrs.field(factory=dict)

    def given(self, column: Column) -> str | None:
        """Return the value of a column that is an option, so that the table need not have it."""
        return {Column.COMPANY: self.company, Column.ROLE: self.role}.get(column)


@attrs.frozen(kw_only=True)
class TableLayout:
    """The delimiter of a table, the line of its header, and the positions of its columns.

    `width` is the number of cells of the header, `titles` are the columns' names in the file,
    `unknown` the names of columns that are ignored. `interviews` are the columns of interviews:
    the title, the position of the date, and that of its time if that is in another column.
    """

    delimiter: str
    header: int
    width: int
    positions: dict[Column, tuple[int, ...]]
    titles: dict[Column, str]
    unknown: tuple[str, ...]
    interviews: tuple[tuple[str, int, int | None], ...]


def detect_layout(text: str, options: TableOptions, *, source: str) -> TableLayout:
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
    line, row = next(numbered_rows(text, delimiter), (1, []))
    if len(row) > _MOST_COLUMNS:
        raise InputError(
            f"{source}, line {line}: the table has {len(row):,} columns, and {_MOST_COLUMNS} is "
            "the most that are read; delete those that are not about interviews"
        )


def numbered_rows(
    text: str, delimiter: str, *, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the number of their first line.

    Raises csv.Error; with `strict` also for a quotation mark that is never closed.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        problem = f"something wrong in it ({error})"
        if "unexpected end of data" in str(error):
            problem = "a quotation mark that is never closed"
        raise csv.Error(f"the row that begins in line {line} has {problem}") from error


def folded_title(title: str) -> str:
    """Return a title for comparison with those of `--map`: case and white space do not count."""
    return clean_line(title).casefold()


def _layouts(text: str, delimiter: str, options: TableOptions) -> Iterator[TableLayout]:
    """Yield the layout with each of the first rows as the header."""
    try:
        for line, row in itertools.islice(numbered_rows(text, delimiter), _FIRST_ROWS):
            if len(row) <= _MOST_COLUMNS:
                yield _layout(row, line, delimiter, options)
    except csv.Error:
        return


def _layout(row: list[str], line: int, delimiter: str, options: TableOptions) -> TableLayout:
    # Any cell may be taken for a title, and nobody's titles are longer.
    titles = [clean_line(title[:_LONGEST_TITLE]) for title in row]
    columns = _choose_columns(titles, options.columns)
    positions = {
        column: tuple(at for at, each in columns.items() if each is column)
        for column in columns.values()
    }
    if Column.STATUS_DATE in positions:
        # "Closed on" is the date of the status itself, "Last updated" is that of any change.
        by_precision = sorted(
            positions[Column.STATUS_DATE], key=lambda at: bool(_UPDATE_WORD.search(titles[at]))
        )
        positions[Column.STATUS_DATE] = tuple(by_precision)
    interviews = {at: titles[at] for at in positions.get(Column.INTERVIEW, ())}
    return TableLayout(
        delimiter=delimiter,
        header=line,
        width=len(row),
        positions=positions,
        titles={column: titles[every[0]] for column, every in positions.items()},
        unknown=tuple(title for at, title in enumerate(titles) if title and at not in columns),
        interviews=tuple(_interview_columns(interviews)),
    )


def _interview_columns(titles: Mapping[int, str]) -> Iterator[tuple[str, int, int | None]]:
    """Yield the columns of interviews, those of a date with that of its time, if any."""
    keys = {at: interview_key(title) for at, title in titles.items()}
    times = {name: at for at, (name, is_time) in keys.items() if is_time}
    columns = Counter(name for name, _ in keys.values())
    for at, (name, _) in keys.items():
        if times.get(name) != at:
            yield titles[at], at, times.get(name)
        elif columns[name] == 1:
            yield titles[at], at, None


def _choose_columns(titles: list[str], mapped: Mapping[str, Column]) -> dict[int, Column]:
    """Return the columns by their positions; of two of a kind the user's own choice counts."""
    by_user = {
        at: mapped[folded_title(t)] for at, t in enumerate(titles) if folded_title(t) in mapped
    }
    taken = set(by_user.values()).difference(REPEATABLE_COLUMNS)
    columns = {}
    for at, title in enumerate(titles):
        column = by_user.get(at) or column_for(title, titles)
        if column and (at in by_user or column not in taken):
            columns[at] = column
    kinds = set(columns.values())
    # In a tracker that has the dates of interviews, "Date" is that of something else.
    is_tracker = Column.INTERVIEW in kinds and not kinds & {Column.TIME, Column.START}
    for column in (Column.DATE, Column.START, Column.TIME, Column.END, Column.END_DATE):
        # Of several columns of dates or times those count that name the interview.
        positions = [at for at, each in columns.items() if each is column]
        general = [at for at in positions if not names_interview(titles[at])]
        if len(general) < len(positions) or (is_tracker and column is Column.DATE):
            for at in set(general).difference(by_user):
                del columns[at]
    if not kinds & {Column.DATE, Column.START, Column.INTERVIEW}:
        # A start time without a column of dates has the date in it.
        columns |= {
            at: Column.START
            for at, column in columns.items()
            if column is Column.TIME and _START_WORD.search(titles[at])
        }
    return columns


def _check(layout: TableLayout, options: TableOptions, source: str) -> None:
    mistakes = [
        f"two columns are read as {column}: leave one of them out, or rename it"
        for column, positions in layout.positions.items()
        if len(positions) > 1 and column not in REPEATABLE_COLUMNS
    ]
    missing = [
        str(column)
        for column in (Column.COMPANY, Column.ROLE)
        if column not in layout.positions and not options.given(column)
    ]
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
