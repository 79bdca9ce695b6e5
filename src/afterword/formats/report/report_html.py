"""Write a report as a single HTML page: nothing is loaded, nothing runs, it prints well."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator

from afterword.domain.sanitize import for_terminal
from afterword.formats.report.report_document import Report, ReportSheet, ReportTable

_GENERATOR = '<meta name="generator" content="afterword">'
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
p { margin: .2rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8888; padding: .3rem .6rem .3rem 0; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; }
.table { overflow-x: auto; }
.stamp { color: #666; margin-top: 2rem; }
.signature { display: flex; gap: 2rem; margin-top: 4rem; break-inside: avoid; }
.signature span { flex: 1; border-top: 1px solid; padding-top: .25rem; }
section + section { border-top: 3px double #888; margin-top: 3rem; padding-top: 2rem; }
@media (prefers-color-scheme: dark) { .stamp { color: #aaa; } }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; }
  section + section { break-before: page; border: 0; margin: 0; padding: 0; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th { white-space: normal; }
}
"""


def html_page(report: Report) -> str:
    """Return the page; every text of the report stays text."""
    return "\n".join(_lines(report)) + "\n"


def is_html_report(head: bytes) -> bool:
    """True if afterword wrote the page that begins with these bytes."""
    return _GENERATOR.encode() in head


def _lines(report: Report) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield "<!DOCTYPE html>"
    yield f'<html lang="{_text(report.language)}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield _GENERATOR
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{_text(report.title)}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield "<main>"
    for sheet in report.sheets:
        yield from _sheet(sheet)
    yield "</main>"
    yield f'<p class="stamp">{_text(report.stamp)}</p>'
    yield "</body>"
    yield "</html>"


def _sheet(sheet: ReportSheet) -> Iterator[str]:
    yield "<section>"
    yield f"<h1>{_text(sheet.heading)}</h1>"
    for line in sheet.lines:
        yield f"<p>{_text(line)}</p>"
    for table in sheet.tables:
        yield from _table(table)
    if sheet.signature:
        labels = "".join(f"<span>{_text(label)}</span>" for label in sheet.signature)
        yield f'<p class="signature">{labels}</p>'
    yield "</section>"


def _table(table: ReportTable) -> Iterator[str]:
    if table.title:
        yield f"<h2>{_text(table.title)}</h2>"
    yield '<div class="table">'
    yield "<table>"
    header = "".join(f'<th scope="col">{_text(name)}</th>' for name in table.columns)
    yield f"<thead><tr>{header}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>"
    yield "</tbody>"
    yield "</table>"
    yield "</div>"


def _text(text: str) -> str:
    """Escape a text, without the controls that would turn the rest of its line round."""
    return html.escape(for_terminal(text))
