"""The file of facts: bytes of TOML to applications, or all of its mistakes at once.

One application a file, or several as `[[application]]`. Each mistake names its
place: "application 2 (karoo-marketing), interview 2, zone: ...".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tomli

from afterword.core.model import Application
from afterword.core.text import clean_line, counted
from afterword.errors import InputError
from afterword.formats import facts_build
from afterword.formats.facts_rows import FileRow
from afterword.formats.rows import Place, read_row

_WHERE = re.compile(r" \(at (?:(line \d+, column \d+)|end of document)\)$")


def read(data: bytes, source: str) -> tuple[Application, ...]:
    """Return the applications of a file of facts.

    `source` is what messages call the file. Raises InputError with every
    mistake as a note.
    """
    mistakes: list[str] = []
    found = tuple(_applications(_parsed(data, source), Place(mistakes=mistakes)))
    if mistakes:
        number = counted(len(mistakes), "mistake")
        raise InputError(f"{clean_line(source)} was not used; {number} to correct:", mistakes)
    return tuple(filter(None, found))


def _parsed(data: bytes, source: str) -> dict[str, Any]:
    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"line {line}: not UTF-8; save the file as UTF-8"
    except tomli.TOMLDecodeError as error:
        what = _located(str(error))
    except ValueError:
        what = "a number in it is too long"
    except RecursionError:
        what = "brackets in it are nested too deeply"
    raise InputError(f"{clean_line(source)} is not valid TOML; correct it:", [what])


def _located(message: str) -> str:
    """Return the parser's words with the place in front."""
    found = _WHERE.search(message)
    if not found:
        return clean_line(message)
    return f"{found[1] or 'at the end'}: {clean_line(message[: found.start()])}"


def _applications(document: dict[str, Any], top: Place) -> Iterator[Application | None]:
    if "application" not in document:
        yield facts_build.application(document, top)
        return
    tables = read_row(FileRow, document, top).row.application
    if tables == ():
        top.wrong("application", "there is none")
    taken: dict[str, int] = {}
    for number, table in enumerate(tables or (), start=1):
        place = top.below(_numbered(number, table)) if len(tables) > 1 else top
        found = facts_build.application(table, place)
        if found and (other := taken.setdefault(found.id.casefold(), number)) != number:
            place.wrong("id", f"{found.id!r} is the id of application {other} too")
        yield found


def _numbered(number: int, table: dict[str, Any]) -> str:
    names = [clean_line(table[key]) for key in ("id", "company") if isinstance(table.get(key), str)]
    return f"application {number} ({names[0][:64]})" if any(names) else f"application {number}"
