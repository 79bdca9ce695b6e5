"""Excel workbooks, made of their parts as Excel writes them."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.errors import InputError
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.spreadsheet_reader import (
    TableReading,
    read_table,
)
from tests.running import Run

pytest.importorskip("python_calamine", reason="the extra xlsx is not installed")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# The numbers of the formats of a date, a time, a date and time, and a length above 24 hours.
STYLES = {"day": 14, "clock": 20, "moment": 22, "length": 46}
DAY = 46439.0  # 21 February 2027 in Excel's calendar
HEAD = ["Company", "Role", "Date", "Time"]

Cell = str | float | tuple[float, str]


def workbook(**sheets: list[list[Cell]]) -> bytes:
    out = io.BytesIO()
    names = list(sheets)
    formats = "".join(
        f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in STYLES.values()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relationships({"r0": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="{n}" sheetId="{i + 1}" r:id="r{i}"/>' for i, n in enumerate(names))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(
            {f"r{i}": ("worksheet", f"worksheets/sheet{i}.xml") for i in range(len(names))}
            | {"s": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>{formats}'
        "</cellXfs></styleSheet>",
    }
    for i, name in enumerate(names):
        rows = "".join(
            f'<row r="{y}">' + "".join(cell(x, y, value) for x, value in enumerate(row)) + "</row>"
            for y, row in enumerate(sheets[name], start=1)
        )
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def relationships(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for id, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def cell(x: int, y: int, value: Cell) -> str:
    place = f'r="{chr(ord("A") + x)}{y}"'
    if isinstance(value, str):
        text = value.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c {place} t="inlineStr"><is><t>{text}</t></is></c>'
    number, style = value if isinstance(value, tuple) else (value, "")
    index = list(STYLES).index(style) + 1 if style else 0
    return f'<c {place} s="{index}"><v>{number}</v></c>'


def read(data: bytes) -> TableReading:
    return read_table(data, TableOptions(zone=ZoneInfo("Europe/London")), source="x.xlsx")


def starts(reading: TableReading) -> list[str]:
    return [f"{i.start:%Y-%m-%d %H:%M}" for a in reading.applications for i in a.interviews]


@pytest.mark.parametrize(
    ("head", "cells"),
    [
        (HEAD, [(DAY, "day"), (14 / 24, "clock")]),
        (HEAD, ["2027-02-21", "14:00"]),
        (HEAD, ["21/02/2027", (14 / 24, "clock")]),
        (["Company", "Role", "Next Interview", "Mood"], [(DAY + 14 / 24, "moment"), "good"]),
    ],
    ids=["date and time", "texts", "mixed", "moment"],
)
def test_the_values_of_cells(head: list[Cell], cells: list[Cell]) -> None:
    assert starts(read(workbook(Sheet=[head, ["A", "B", *cells]]))) == ["2027-02-21 14:00"]


@pytest.mark.parametrize("minutes", [45.0, (45 / 1440, "length"), (45 / 1440, "clock")])
def test_a_length_may_be_a_number_or_a_time(minutes: Cell) -> None:
    rows: list[list[Cell]] = [
        [*HEAD, "Minutes"],
        ["A", "B", (DAY, "day"), (14 / 24, "clock"), minutes],
    ]
    (interview,) = read(workbook(Sheet=rows)).applications[0].interviews
    assert f"{interview.end:%H:%M}" == "14:45"


def test_the_sheet_with_the_interviews_is_read() -> None:
    good: list[list[Cell]] = [[*HEAD], ["A", "B", (DAY, "day"), (14 / 24, "clock")]]
    reading = read(workbook(Notes=[["Hello"]], Jobs=good, Old=good))
    assert starts(reading) == ["2027-02-21 14:00"]
    assert "the sheet 'Jobs' was read; not read: 'Notes', 'Old'" in reading.notices


def test_lines_are_the_rows_of_the_sheet() -> None:
    rows: list[list[Cell]] = [
        [],
        [*HEAD],
        ["A\nB", "C", (DAY, "day"), "9:00"],
        ["D", "E", "x", "y"],
    ]
    with pytest.raises(InputError, match="line 4: "):
        read(workbook(Sheet=rows))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (workbook(Sheet=[[]]), "is empty"),
        (workbook(Sheet=[[*HEAD]])[:-40], "damaged Excel workbook"),
        (b"PK\x03\x04 xl/workbook.xml", "damaged Excel workbook"),
        (workbook(Sheet=[["A"] for _ in range(2)]), "none of its first rows"),
    ],
    ids=["empty", "cut", "no archive", "no header"],
)
def test_other_workbooks_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(data)


def test_a_workbook_that_would_fill_the_memory_is_refused() -> None:
    data = io.BytesIO()
    sheet = '<worksheet><row><c r="A1"/><c r="XFD1048576"/></row></worksheet>'
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(InputError, match="is too large"):
        read(data.getvalue())


def test_without_the_extra_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match=r"save it as CSV, or install .*'afterword\[xlsx\]'"):
        read(workbook(Sheet=[[*HEAD]]))


def test_a_workbook_is_imported(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "jobs.xlsx"
    path.write_bytes(workbook(Sheet=[[*HEAD], ["A", "B", (DAY, "day"), (14 / 24, "clock")]]))
    fixed = ("--now", "2027-02-01T09:00Z", "--zone", "Europe/London", "--data", tmp_path / "data")

    (event,) = run("import", path, "--json", *fixed).json["files"][0]["events"]

    assert event["start"] == "2027-02-21T14:00:00+00:00"


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_read_or_refused(at: int, noise: bytes) -> None:
    data = workbook(Sheet=[[*HEAD], ["A", "B", (DAY, "day"), (14 / 24, "clock")]])
    at %= len(data)
    try:
        read(data[:at] + noise + data[at + len(noise) :])
    except InputError:
        return
