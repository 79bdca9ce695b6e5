"""Make the manual pages from the table of all commands; only Python itself is needed.

python .ci/man_pages.py DIR
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "src/afterword/cli/command_table.json"
HOMEPAGE = "https://github.com/afterword-cli/afterword"


def write_man_pages(directory: Path, version: str) -> list[Path]:
    """Write a page for afterword and for each command below it, and return their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    table = json.loads(TABLE.read_text("utf-8"))
    written = []
    for names, row in _walk(("afterword",), table):
        path = directory / f"{'-'.join(names)}.1"
        path.write_text(man_page(names, row, version), encoding="utf-8")
        written.append(path)
    return written


def man_page(names: tuple[str, ...], row: dict[str, Any], version: str) -> str:
    """Return the page of a command in roff."""
    return "\n".join(_lines(names, row, version)) + "\n"


def _walk(
    names: tuple[str, ...], row: dict[str, Any]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    yield names, row
    for name, each in row.get("commands", {}).items():
        yield from _walk((*names, name), each)


def _lines(names: tuple[str, ...], row: dict[str, Any], version: str) -> Iterator[str]:
    page, command = "-".join(names), " ".join(names)
    yield f'.TH "{page.upper()}" "1" "" "afterword {version}" "afterword manual"'
    yield ".SH NAME"
    yield f"{_text(page)} \\- {_text(row['short'].rstrip('.'))}"
    yield ".SH SYNOPSIS"
    yield f".B {_text(command)}"
    yield _text(row["usage"])
    yield ".SH DESCRIPTION"
    yield from _paragraphs(row["help"])
    options = [each for each in row["params"] if each.get("shown")]
    if options:
        yield ".SH OPTIONS"
    for option in options:
        yield ".TP"
        yield f".B {_text(option['shown'])}"
        yield _text(option.get("help", ""))
    if row["example"]:
        yield ".SH EXAMPLES"
        yield ".nf"
        yield from map(_text, row["example"])
        yield ".fi"
    if row.get("commands"):
        yield ".SH COMMANDS"
    for name, each in row.get("commands", {}).items():
        yield ".TP"
        yield f".B {_text(f'{command} {name}')}"
        yield _text(each["short"])
    if row.get("aliases"):
        yield ".SH OTHER NAMES"
    for alias, name in row.get("aliases", {}).items():
        yield ".TP"
        yield f".B {_text(alias)}"
        yield _text(f"the same as {name}")
    yield ".SH SEE ALSO"
    yield from _see_also(names)


def _see_also(names: tuple[str, ...]) -> Iterator[str]:
    above = ["-".join(names[:length]) for length in range(1, len(names))]
    yield from (f".BR {_text(name)} (1)," for name in above)
    yield _text(HOMEPAGE)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a help; those that begin with a backspace keep their lines."""
    for number, paragraph in enumerate(text.split("\n\n")):
        if number:
            yield ".PP"
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            yield ".nf"
            yield from map(_text, lines[1:])
            yield ".fi"
        else:
            yield from (_text(line.strip()) for line in lines)


def _text(text: str) -> str:
    """Return a text in which roff sees no command."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith((".", "\\(aq")) else escaped


if __name__ == "__main__":
    for page in write_man_pages(Path(sys.argv[1]), "unreleased"):
        print(page)
