"""What each row of an imported table costs, in calls: they are the same on every machine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from afterword.importers.apply_spreadsheet import ApplyOptions, apply_rows, pair_with_stored
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.spreadsheet_reader import read_table
from tests.limits.operations import count_calls
from tests.storage.samples import store

BERLIN = ZoneInfo("Europe/Berlin")
OPTIONS = ApplyOptions(now=dt.datetime(2026, 2, 20, 8, tzinfo=BERLIN), zone=BERLIN, update=False)
ROW = "Company {n},Engineer,2026-03-0{day},09:30,Europe/Berlin,DE,Thandi,t@company{n}.example,\n"
MOST = 830
"""Calls for a row, those of functions written in C included: reading, applying, saving."""


def import_table(folder: Path, rows: int) -> None:
    lines = "".join(ROW.format(n=n, day=n % 9 + 1) for n in range(rows))
    table = f"company,role,date,time,zone,country,contact,email,status\n{lines}".encode()
    reading = read_table(table, TableOptions(zone=BERLIN), source="x.csv")
    pairs = pair_with_stored([], reading.applications)
    changes = [apply_rows(stored, row, reading.rows, OPTIONS) for stored, row in pairs]
    saved = store(folder).save_all([(change.before, change.after) for change in changes])
    assert len(saved) == rows


def test_a_row_costs_few_calls(tmp_path: Path) -> None:
    import_table(tmp_path / "first", 20)  # reads the lists of zones, countries and so on

    few = count_calls(lambda: import_table(tmp_path / "few", 20))
    many = count_calls(lambda: import_table(tmp_path / "many", 60))

    assert (many - few) / 40 <= MOST
