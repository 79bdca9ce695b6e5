"""Reports as CSV and HTML: no formula, no markup, nothing to load."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.formats.report_files import (
    Report,
    ReportSheet,
    ReportTable,
    csv_text,
    html_page,
    safe_cell,
)

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{}</style>",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "<!-- -->",
]


def report(text: str) -> Report:
    table = ReportTable(title=text, columns=(text, "B"), rows=((text, text),))
    sheet = ReportSheet(heading=text, lines=(text,), tables=(table,), signature=(text,))
    return Report(title=text, language="en", stamp=text, sheets=(sheet,), flat=table)


class Page(HTMLParser):
    """Collects the names of the tags with their attributes, and the text outside of styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.text += data


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 30 1", "-2", "@SUM(A1)", "\t=1", "\n=1", " =1", "\uff1d1", "|calc", "%0A=1"],
    ids=repr,
)
def test_no_cell_is_a_formula(text: str) -> None:
    written = csv_text(report(text).flat)
    *_, (cell, _) = csv.reader(io.StringIO(written, newline=""))

    assert cell[0] == "'"
    assert cell[1:] == text


@pytest.mark.parametrize("text", ["Karoo", "1-2", "a=b", "Zoë & Søn's", "", "株式会社"], ids=repr)
def test_other_cells_stay(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(max_size=40))
def test_a_table_is_read_as_it_was_written(text: str) -> None:
    written = csv_text(ReportTable(columns=("A", "B"), rows=((text, "x"),)))

    assert written.startswith("\ufeffA,B\r\n")
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert rows == [["A", "B"], [safe_cell(text), "x"]]
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\n"))


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_hostile_text_stays_text(text: str) -> None:
    plain, hostile = Page(html_page(report("Karoo"))), Page(html_page(report(text)))

    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in plain.tags]
    assert hostile.text == plain.text.replace("Karoo", text)


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = html_page(report("Karoo"))
    tags = Page(page).tags

    names = {tag for tag, _ in tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "style" not in {name for _, attributes in tags for name in attributes}
    policy = next(a for _, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style


@given(st.text(max_size=60))
def test_any_text_is_a_page(text: str) -> None:
    plain = Page(html_page(report("Karoo")))

    assert [tag for tag, _ in Page(html_page(report(text))).tags][-9:] == [
        tag for tag, _ in plain.tags
    ][-9:]
