"""A report as values, and its files: an HTML page and a CSV table (RFC 4180).

The page is a single file, loads nothing, runs nothing and prints well. The table has nothing that
a spreadsheet program takes for a formula.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import html
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from string import Template

import attrs

from afterword.domain.sanitize import clean, for_terminal
from afterword.errors import UsageError
from afterword.system import atomic_files

_GENERATOR = '<meta name="generator" content="afterword">'

# OWASP, CSV injection. Some programs also read full-width forms, and signs behind blanks.
_FORMULA_SIGNS = ("=", "+", "-", "@", "|", "%")
_BLANKS = ("\t", "\n")
_BYTE_ORDER_MARK = "\ufeff"

_HTML, _CSV = (".html", ".htm"), (".csv",)


@attrs.frozen(kw_only=True)
class ReportTable:
    """A table with its column names; every row has a cell for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


@attrs.frozen(kw_only=True)
class ReportSheet:
    """A part of a report, such as that of a client, which is printed on separate pages.

    `lines` are below the heading. `screen` has tables for a terminal, where `tables` are too wide.
    `signature` has the labels of the lines to sign.
    """

    heading: str
    lines: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()
    screen: tuple[ReportTable, ...] = ()
    signature: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Report:
    """A report. `flat` is all of it in a single table, for spreadsheets.

    `language` is the BCP 47 tag of its texts, `stamp` states when it was made.
    """

    title: str
    language: str
    stamp: str
    sheets: tuple[ReportSheet, ...]
    flat: ReportTable


def html_page(report: Report) -> str:
    """Return the page; every text of the report stays text."""
    style = "\n" + _asset("report.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Template(_asset("report.html")).substitute(
        language=_escape(report.language),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        title=_escape(report.title),
        style=style,
        sheets="".join(f"{line}\n" for sheet in report.sheets for line in _sheet(sheet)),
        stamp=_escape(report.stamp),
    )


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _sheet(sheet: ReportSheet) -> Iterator[str]:
    yield "<section>"
    yield f"<h1>{_escape(sheet.heading)}</h1>"
    for line in sheet.lines:
        yield f"<p>{_escape(line)}</p>"
    for table in sheet.tables:
        yield from _table(table)
    if sheet.signature:
        labels = "".join(f"<span>{_escape(label)}</span>" for label in sheet.signature)
        yield f'<p class="signature">{labels}</p>'
    yield "</section>"


def _table(table: ReportTable) -> Iterator[str]:
    if table.title:
        yield f"<h2>{_escape(table.title)}</h2>"
    yield '<div class="table">'
    yield "<table>"
    header = "".join(f'<th scope="col">{_escape(name)}</th>' for name in table.columns)
    yield f"<thead><tr>{header}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_escape(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _escape(text: str) -> str:
    """Escape a text, without the controls that would turn the rest of its line round."""
    return html.escape(for_terminal(text))


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


def check_report_path(path: Path) -> None:
    """Raise UsageError if the name does not say which format is wanted."""
    if path.suffix.casefold() not in {*_HTML, *_CSV}:
        raise UsageError(f"-o {str(path)!r}: name it FILE.html for a page or FILE.csv for a table")


def save_report(report: Report, path: Path, *, force: bool) -> None:
    """Write the report in the format of the file's name.

    Raises WriteError if it cannot be written or, without `force`, if the file that is there is
    no such report.
    """
    check_report_path(path)
    is_csv = path.suffix.casefold() in _CSV
    text = csv_text(report.flat) if is_csv else html_page(report)

    def is_ours(head: bytes) -> bool:
        if is_csv:
            return head.startswith(csv_text(attrs.evolve(report.flat, rows=())).encode())
        return _GENERATOR.encode() in head

    atomic_files.write_atomically(path, [text.encode()], ours=None if force else is_ours)
