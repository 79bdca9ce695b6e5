"""Collect the rows of a spreadsheet into applications, and the rows that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from afterword.domain.applications import free_id
from afterword.domain.model import Application, Channel
from afterword.domain.sanitize import pluralize, slug
from afterword.formats.validators import InvalidValueError, validate_token
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.row_cells import DateOrders, RowCells, StatusReader
from afterword.importers.spreadsheet.row_reader import (
    ApplicationKey,
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


@attrs.define
class RowCollector:
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
            key = row.key
            self._check(row, key)
        except InvalidValueError as error:
            self.bad.append(BadRow(cells.line, str(error)))
            return
        self.by_application.setdefault(key, []).append(row)
        for interview in row.interviews:
            self.by_interview[interview.id] = row
        for name in _SHARED:
            if getattr(row, name):
                self._stated.setdefault((key, name), row)

    def _check(self, row: SpreadsheetRow, key: ApplicationKey) -> None:
        """Raise InvalidValueError if a row contradicts an earlier row."""
        for interview in row.interviews:
            if earlier := self.by_interview.get(interview.id):
                raise InvalidValueError(
                    f"the same interview as in line {earlier.line}; several "
                    "interviewers stand in one cell, with ; between them"
                )
        for name in _SHARED:
            value, first = getattr(row, name), self._stated.get((key, name))
            if value and first and value != getattr(first, name):
                raise InvalidValueError(
                    f"the {name} is {value}, and in line {first.line} it is {getattr(first, name)}"
                )

    def applications(self) -> tuple[Application, ...]:
        """Return the applications, in the order of their first rows."""
        used_ids: set[str] = set()
        return tuple(_application(rows, used_ids) for rows in self.by_application.values())

    def notices(self) -> Iterator[str]:
        """Yield the notices about rows without an interview, and assumed zones and ends."""
        if self.without_interview:
            lines = listed_lines(self.without_interview)
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
        yield f"{listed_lines(lines)}: {message}"


def listed_lines(lines: list[int]) -> str:
    """Return the first lines of many as text."""
    listed = ", ".join(f"{line}" for line in lines[:_LISTED_LINES])
    more = f" and {len(lines) - _LISTED_LINES:,} more" if len(lines) > _LISTED_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {listed}{more}"
