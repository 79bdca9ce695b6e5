"""A report as values: sheets of texts and tables, already in the reader's language."""

from __future__ import annotations

import attrs


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
