"""Save a report as an HTML page or a CSV table, and leave files of others alone."""

from __future__ import annotations

from pathlib import Path

from afterword.errors import UsageError
from afterword.formats import report_files
from afterword.formats.report_files import Report
from afterword.system import atomic_files

_HTML, _CSV = (".html", ".htm"), (".csv",)


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
    if path.suffix.casefold() in _CSV:
        text = report_files.csv_text(report.flat)

        def is_ours(head: bytes) -> bool:
            return report_files.is_csv_report(head, report.flat)
    else:
        text, is_ours = report_files.html_page(report), report_files.is_html_report
    atomic_files.write_atomically(path, [text.encode()], ours=None if force else is_ours)
