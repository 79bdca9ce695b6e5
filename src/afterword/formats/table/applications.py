"""The rows of a table to applications: those of one role and applicant are its rounds."""

from __future__ import annotations

import itertools

import attrs

from afterword.core.model import Application, Channel
from afterword.core.text import slug
from afterword.formats.table.rows import Row
from afterword.formats.values import MisreadError

_LONGEST_ID = 58


@attrs.define
class _Rounds:
    """The rows of one application by interview, and what they state about all of it."""

    rows: dict[str, tuple[int, Row]] = attrs.Factory(dict)
    stated: dict[str, tuple[int, str]] = attrs.Factory(dict)

    def add(self, row: Row, line: int) -> None:
        if row.interview.id in self.rows:
            raise MisreadError(
                f"the same interview as in line {self.rows[row.interview.id][0]}; several "
                "interviewers stand in one cell, with ; between them"
            )
        for name in ("country", "channel"):
            if value := getattr(row, name):
                before, known = self.stated.setdefault(name, (line, value))
                if value != known:
                    raise MisreadError(f"the {name} is {value}, and in line {before} it is {known}")
        self.rows[row.interview.id] = (line, row)


@attrs.define
class Applications:
    """Collects the rows of each application."""

    _rounds: dict[tuple[str, str, str], _Rounds] = attrs.Factory(dict)

    def add(self, row: Row, line: int) -> None:
        """Take in a row. Raises MisreadError where it contradicts one before it."""
        self._rounds.setdefault(row.key, _Rounds()).add(row, line)

    def all(self) -> tuple[Application, ...]:
        """Return the applications, in the order of their first rows."""
        taken: set[str] = set()
        return tuple(
            _application([row for _, row in rounds.rows.values()], taken)
            for rounds in self._rounds.values()
        )


def _application(rows: list[Row], taken: set[str]) -> Application:
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


def _id(row: Row, taken: set[str]) -> str:
    """Return an id that no other application of the table has."""
    who = row.applicant.name or row.applicant.email if row.applicant else None
    base = slug(f"{who or ''} {row.company} {row.role}")[:_LONGEST_ID] or row.interview.id
    names = itertools.chain([base], (f"{base}-{n}" for n in itertools.count(2)))
    found = next(name for name in names if name not in taken)
    taken.add(found)
    return found
