"""Collect the rows of a spreadsheet into applications, and the rows that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.applications import free_id
from afterword.domain.model import Application, Channel, Interview
from afterword.domain.sanitize import pluralize, slug
from afterword.formats.validators import InvalidListError, InvalidValueError, validate_token
from afterword.importers.spreadsheet.header import TableLayout
from afterword.importers.spreadsheet.row_cells import RowStatus
from afterword.importers.spreadsheet.row_reader import (
    RowOptions,
    SpreadsheetRow,
    read_interview_row,
)

_LONGEST_ID = 58
_LISTED_LINES = 5
_SHARED = ("country", "channel")


@attrs.frozen
class BadRow:
    """A row that could not be read: its first line, and its mistakes."""

    line: int
    message: str


@attrs.frozen(kw_only=True)
class RowDetails:
    """The line and the status of the row of an interview, and if it has an end.

    `has_end` is False if its end is assumed.
    """

    line: int
    status: RowStatus | None
    has_end: bool


@attrs.define
class _Rounds:
    """The interviews of an application with their rows, and the application's own values."""

    rows: dict[str, tuple[int, SpreadsheetRow, Interview]] = attrs.Factory(dict)
    values: dict[str, tuple[int, str]] = attrs.Factory(dict)

    def add(self, row: SpreadsheetRow, line: int) -> None:
        """Add a row. Raises InvalidValueError if it contradicts an earlier row."""
        for id in (interview.id for interview in row.interviews):
            if id in self.rows:
                raise InvalidValueError(
                    f"the same interview as in line {self.rows[id][0]}; several "
                    "interviewers stand in one cell, with ; between them"
                )
        for name in _SHARED:
            if value := getattr(row, name):
                first_line, first_value = self.values.get(name, (line, value))
                if value != first_value:
                    raise InvalidValueError(
                        f"the {name} is {value}, and in line {first_line} it is {first_value}"
                    )
        self.values |= {
            name: (line, value)
            for name in _SHARED
            if name not in self.values and (value := getattr(row, name))
        }
        for interview in row.interviews:
            self.rows[interview.id] = (line, row, interview)

    def by_start(self) -> list[tuple[SpreadsheetRow, Interview]]:
        """Return the interviews with their rows in the order of time."""
        pairs = [(row, interview) for _, row, interview in self.rows.values()]
        return sorted(pairs, key=lambda pair: pair[1].start.timestamp())


@attrs.define
class RowCollector:
    """Collects the rows of each application, the bad rows, and the number of assumed values."""

    options: RowOptions
    rounds: dict[tuple[str, str, str], _Rounds] = attrs.Factory(dict)
    bad: list[BadRow] = attrs.Factory(list)
    without_interview: list[int] = attrs.Factory(list)
    without_zone: int = 0
    without_end: int = 0

    def add(self, cells: list[str], line: int, layout: TableLayout) -> None:
        """Read a row into its application, or add it to the bad ones."""
        try:
            row = read_interview_row(cells, layout, self.options)
            if row is None:
                self.without_interview.append(line)
                return
            self.rounds.setdefault(row.key, _Rounds()).add(row, line)
        except InvalidListError as error:
            self.bad.append(BadRow(line, "; ".join(message for _, message in error.items)))
        except InvalidValueError as error:
            self.bad.append(BadRow(line, str(error)))
        else:
            self.without_zone += 0 if row.has_zone else len(row.interviews)
            self.without_end += 0 if row.has_end else len(row.interviews)

    def applications(self) -> tuple[Application, ...]:
        """Return the applications, in the order of their first rows."""
        used_ids: set[str] = set()
        return tuple(
            _application(rounds.by_start(), used_ids)
            for rounds in self.rounds.values()
            if rounds.rows
        )

    def details(self) -> dict[str, RowDetails]:
        """Return the details of each interview by its id."""
        return {
            id: RowDetails(line=line, status=row.status, has_end=row.has_end)
            for rounds in self.rounds.values()
            for id, (line, row, _) in rounds.rows.items()
        }

    def notices(self) -> Iterator[str]:
        """Yield the notices about rows without an interview, and assumed zones and ends."""
        if self.without_interview:
            lines = listed_lines(self.without_interview)
            rows = pluralize(len(self.without_interview), "row")
            yield f"{rows} without the date of an interview left out ({lines})"
        if self.without_zone:
            interviews = pluralize(self.without_zone, "interview")
            yield f"{interviews} without a time zone, assumed to be in {self.options.zone.key}"
        if self.without_end:
            interviews = pluralize(self.without_end, "interview")
            yield f"{interviews} without an end, assumed to last 60 minutes"


def _application(rounds: list[tuple[SpreadsheetRow, Interview]], used_ids: set[str]) -> Application:
    rows = [row for row, _ in rounds]
    first = rows[0]
    return Application(
        id=_application_id(first, used_ids),
        company=first.company,
        role=first.role,
        country=next((row.country for row in rows if row.country), None),
        channel=next((row.channel for row in rows if row.channel), Channel.EMAIL),
        applicant=first.applicant,
        contact=next((row.contact for row in reversed(rows) if row.contact), None),
        interviews=tuple(interview for _, interview in rounds),
    )


def _application_id(row: SpreadsheetRow, used_ids: set[str]) -> str:
    """Return an id that no other application of the table has, and add it to the used ones."""
    applicant = row.applicant.name or row.applicant.email if row.applicant else None
    words = slug(f"{applicant or ''} {row.company} {row.role}")[:_LONGEST_ID]
    try:
        id = free_id(validate_token(words), used_ids)
    except InvalidValueError:  # no Latin letter, or the name of a device
        id = free_id(row.interviews[0].id, used_ids)
    used_ids.add(id.casefold())
    return id


def describe_bad_rows(bad: Iterable[BadRow]) -> Iterator[str]:
    """Yield each mistake once, with the lines that have it."""
    lines_by_message: dict[str, list[int]] = {}
    for row in bad:
        lines_by_message.setdefault(row.message, []).append(row.line)
    for message, lines in lines_by_message.items():
        yield f"{listed_lines(lines)}: {message}"


def listed_lines(lines: list[int]) -> str:
    """Return the first lines of many as text."""
    listed = ", ".join(f"{line}" for line in lines[:_LISTED_LINES])
    more = f" and {len(lines) - _LISTED_LINES:,} more" if len(lines) > _LISTED_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {listed}{more}"
