"""Tables made to keep the reader busy are read or refused at once (section C of the faults)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from afterword.errors import InputError
from tests.importers.spreadsheet.test_spreadsheet_reader import HEADER, read

ROW = "Karoo,Buyer,2026-11-24,14:00"
SECONDS = 20
"""Of the processor; any of these took longer than 40 seconds while the time grew as its square."""

PIECES = ("(", "[", "-", "<", ";", "&", "a/", "(a/", "1/1/", "1-", "date ", "de la ", "T1 ", "n't")
TABLES = {
    "C-brackets-in-every-cell": f"{HEADER},interviewer,zone,status\n"
    + "".join(
        f'K{cell},B{cell},2026-11-24 {cell}x,"14:00 {cell}x","{cell}x","{cell}x","{cell}x"\n'
        f'K,B,2026-11-24,"14:00 {cell}x","{cell}x","{cell}x","{cell}x"\n'
        for piece in PIECES
        for cell in [(piece * 40_000)[:40_000]]
    ),
    "C-brackets-in-the-header": f"{HEADER},{'(' * 40_000}\n{ROW},x\n",
    "C-20000-columns": f"{HEADER}{',email' * 20_000}\n{ROW}{',a@b.example' * 20_000}\n",
    "C-20000-columns-below-a-title": f"My tracker\n{HEADER}{',email' * 20_000}\n{ROW}\n",
}


def main(path: str) -> None:
    """Read a table; an error of ours is an answer too."""
    try:
        read(Path(path).read_bytes())
    except InputError as error:
        sys.stdout.write(str(error))


def limit() -> None:
    import resource  # which Windows does not have

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


@pytest.mark.skipif(os.name != "posix", reason="the processor's time is limited as in POSIX")
@pytest.mark.parametrize("name", TABLES)
def test_no_table_keeps_the_reader_busy(name: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TABLES[name])
    command = [sys.executable, "-m", __name__, str(path)]

    ended = subprocess.run(
        command,
        preexec_fn=limit,
        capture_output=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("extra", [496, 497])
def test_500_columns_are_read_and_no_more(extra: int) -> None:
    table = f"{HEADER}{',note' * extra}\n{ROW}{',x' * extra}\n"
    if extra == 496:
        assert read(table).applications
    else:
        with pytest.raises(InputError, match="501 columns, and 500 is the most"):
            read(table)


@pytest.mark.parametrize("title", ["Company (required)", "Company [x] (y)", "Company"])
def test_brackets_in_a_title_are_ignored(title: str) -> None:
    assert read(f"{title},role,date,time\n{ROW}\n").applications


if __name__ == "__main__":
    main(sys.argv[1])
