"""How often a command waits for the disk: once a file, once for names and once for the state."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.storage.repository import ApplicationRepository
from afterword.storage.state.database import Database
from afterword.system import atomic_files
from tests.cli.life import NOW, Life

CLIENT = """\
company = "Company {number}"
role = "Cook"
zone = "Africa/Johannesburg"
[applicant]
name = "Client {number}"
[[interview]]
start = 2026-11-27T10:00:00
minutes = 45
"""
ROW = "Company {number},Cook,2026-11-27,10:00,Africa/Johannesburg,none\n"


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return what counts the fsyncs of files and directories, and the commits of the state."""
    counts: Counter[str] = Counter()

    def sync(descriptor: int) -> None:
        counts["directory" if os.path.isdir(f"/dev/fd/{descriptor}") else "file"] += 1  # noqa: PTH112

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
            counts["commit"] += sql == "COMMIT"
            return super().execute(sql, *args)  # type: ignore[arg-type]

    disk = atomic_files.Disk(sync=sync)
    takers: tuple[Callable[..., object], ...] = (
        atomic_files.write_atomically,
        atomic_files.write_all,
        atomic_files.remove,
        ApplicationRepository.__init__,
    )
    for taker in takers:
        defaults = taker.__kwdefaults__
        assert defaults is not None
        monkeypatch.setitem(defaults, "disk", disk)
    defaults = Database.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "connection", Connection)
    return counts


@pytest.mark.skipif(os.name != "posix", reason="only there are directories synced")
@pytest.mark.parametrize("clients", [3, 6])
def test_an_export_per_applicant(
    life: Life, tmp_path: Path, syncs: Counter[str], clients: int
) -> None:
    life.data.mkdir(parents=True)
    for number in range(clients):
        (life.data / f"{number}.toml").write_text(CLIENT.format(number=number))
    life(NOW, "export", "--per-applicant", tmp_path / "new")  # makes the state's tables
    syncs.clear()

    life(NOW, "export", "--per-applicant", tmp_path / "each")

    assert len(list((tmp_path / "each").glob("*/*.ics"))) == clients
    assert syncs == {"file": clients, "directory": clients, "commit": 1}


@pytest.mark.skipif(os.name != "posix", reason="only there are directories synced")
@pytest.mark.parametrize("rows", [3, 6])
def test_an_import_of_a_table(life: Life, tmp_path: Path, syncs: Counter[str], rows: int) -> None:
    table = tmp_path / "table.csv"
    lines = "".join(ROW.format(number=number) for number in range(rows))
    table.write_text(f"company,role,date,time,zone,country\n{lines}")

    life(NOW, "import", table)

    assert len(life.files()) == rows
    assert syncs == {"file": rows, "directory": 1}


@pytest.mark.skipif(os.name != "posix", reason="only there are directories synced")
def test_a_message_that_was_sent(life: Life, syncs: Counter[str]) -> None:
    life.held()
    syncs.clear()

    life(NOW, "sent", "karoo")

    assert syncs == {"file": 1, "directory": 1}
