"""Write a table as CSV (RFC 4180) that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import io
import unicodedata

from afterword.domain.sanitize import clean
from afterword.formats.report.report_document import ReportTable

# OWASP, CSV injection. Some programs also read full-width forms, and signs behind blanks.
_FORMULA_SIGNS = ("=", "+", "-", "@", "|", "%")
_BLANKS = ("\t", "\n")
_BYTE_ORDER_MARK = "\ufeff"


def csv_text(table: ReportTable) -> str:
    """Return the table with its header, with the mark by which Excel recognizes UTF-8."""
    out = io.StringIO()
    out.write(_BYTE_ORDER_MARK)
    writer = csv.writer(out)
    for row in (table.columns, *table.rows):
        writer.writerow(map(safe_cell, row))
    return out.getvalue()


def safe_cell(text: str) -> str:
    """Return the text of a cell, with an apostrophe before anything that may be a formula."""
    cleaned = clean(text)
    narrow = unicodedata.normalize("NFKC", cleaned).lstrip()
    is_formula = cleaned.startswith(_BLANKS) or narrow.startswith(_FORMULA_SIGNS)
    return f"'{cleaned}" if is_formula else cleaned


def is_csv_report(head: bytes, table: ReportTable) -> bool:
    """True if a file begins with the header of the table, as `csv_text` writes it."""
    header = csv_text(ReportTable(columns=table.columns, rows=()))
    return head.startswith(header.encode())
