"""The people of one row: interviewers, the contact, and the applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from afterword.core.model import Applicant, Person
from afterword.formats import values
from afterword.formats.invitation.names import from_address, tidy
from afterword.formats.table.cells import Cells
from afterword.formats.table.columns import Column

_PEOPLE = re.compile(r"\s*[;/\n]\s*|\s+(?:&|and|und|et|y)\s+")
_ADDRESSES = re.compile(r"[\s;,/]+")
_WITH_ADDRESS = re.compile(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>")


def people(cells: Cells, names: Column, addresses: Column) -> Iterator[Person]:
    """Yield the people of two columns, the first address being of the first name and so on."""
    named = [part for cell in cells.lines(names) for part in _split(cell)]
    emails = [it for cell in cells.lines(addresses) for it in _ADDRESSES.split(cell) if it]
    if named and len(emails) > len(named):
        cells.wrong(addresses, f"{len(emails)} addresses for {len(named)} names")
        return
    for at in range(max(len(named), len(emails))):
        name = named[at] if at < len(named) else ""
        email = emails[at] if at < len(emails) else ""
        if match := _WITH_ADDRESS.fullmatch(name):
            name, email = match["name"], match["email"]
        checked = _address(cells, addresses, email)
        shown_as = tidy(name) or from_address(email)
        if shown_as:
            yield Person(name=shown_as, email=checked)


def _address(cells: Cells, column: Column, email: str) -> str | None:
    return cells.noted(column, lambda: values.address(email)) if email else None


def _split(cell: str) -> list[str]:
    """Return the people of a cell; a comma parts full names, and is within "Last, First"."""
    found = []
    for part in _PEOPLE.split(cell):
        pieces = [piece.strip() for piece in part.split(",")]
        full = all(len(piece.split()) > 1 for piece in pieces)
        found += pieces if full or "<" in part else [part]
    return [part for part in found if part.strip()]


def applicant(cells: Cells) -> Applicant | None:
    """Return whose application it is, where the row says so."""
    found = Applicant(
        name=cells.one(Column.APPLICANT, values.line),
        email=cells.one(Column.APPLICANT_EMAIL, values.address),
        phone=cells.one(Column.APPLICANT_PHONE, values.phone),
    )
    return found if found != Applicant() else None


def with_topics(people: tuple[Person, ...], topics: list[str]) -> tuple[Person, ...]:
    """Return the people, the first of whom it was discussed with."""
    found = tuple(part.strip() for cell in topics for part in cell.split(";") if part.strip())
    if not people or not found:
        return people
    return (attrs.evolve(people[0], discussed=found), *people[1:])
