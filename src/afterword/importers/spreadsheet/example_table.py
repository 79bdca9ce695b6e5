"""An example table: the header, and two rounds of an application."""

from __future__ import annotations

import csv
import io

from afterword.importers.spreadsheet.column_names import Column

_EXAMPLES: dict[Column, tuple[str, str]] = {
    Column.COMPANY: ("Karoo Analytics", "Karoo Analytics"),
    Column.ROLE: ("Marketing Manager", "Marketing Manager"),
    Column.DATE: ("2026-11-24", "2026-12-08"),
    Column.TIME: ("14:00", "10:30"),
    Column.MINUTES: ("60", "90"),
    Column.ZONE: ("Africa/Johannesburg", "Africa/Johannesburg"),
    Column.COUNTRY: ("ZA", "ZA"),
    Column.ROUND: ("first interview", "panel"),
    Column.INTERVIEWER: ("Thandi Nkosi", "Thandi Nkosi; Pieter Botha"),
    Column.INTERVIEWER_EMAIL: (
        "thandi@karoo.example",
        "thandi@karoo.example; pieter@karoo.example",
    ),
    Column.DISCUSSED: ("the move from print to podcasts", ""),
    Column.DECISION_BY: ("2026-12-04", ""),
    Column.APPLICANT: ("Sam Seeker", "Sam Seeker"),
    Column.APPLICANT_EMAIL: ("sam@seeker.example", "sam@seeker.example"),
}


def example_table() -> str:
    """Return the header and two example rows as CSV (RFC 4180); only four columns are needed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_EXAMPLES)
    writer.writerows(zip(*_EXAMPLES.values(), strict=True))
    return out.getvalue()
