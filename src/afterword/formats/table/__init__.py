"""A spreadsheet of interviews (CSV as any Excel writes it) to applications.

Bytes in, values out. One row is one interview; the rows of one company and role
(and applicant, for those who look after several) are the rounds of one
application. What is wrong is told of every row at once, with its line.
"""

from __future__ import annotations

from afterword.formats.table.dates import Order
from afterword.formats.table.reading import (
    BadRow,
    TableReading,
    UnclearDatesError,
    in_words,
    read_table,
)
from afterword.formats.table.template import template

__all__ = [
    "BadRow",
    "Order",
    "TableReading",
    "UnclearDatesError",
    "in_words",
    "read_table",
    "template",
]
