"""Names of the stored applications, read without the checks that the program itself makes.

Completion shows them while somebody types, so a file that cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from afterword.domain.sanitize import clean_line, slug

MAX_BYTES = 1_000_000
"""The largest size of an application file."""
SETTINGS_STEM = "settings"
"""The name, without suffix, of the settings file that may be in the same directory."""


class StoredName(NamedTuple):
    """An application's id, its company, role and client in words, and its interviews' ids."""

    id: str
    description: str
    interviews: tuple[str, ...]


def read_names(directory: Path) -> list[StoredName]:
    """Return the names of all applications in a directory, in the order of its files."""
    try:
        paths = sorted(directory.glob("*.toml"))
    except OSError:
        return []
    return [name for path in paths if is_application(path) for name in _names(path)]


def is_application(path: Path) -> bool:
    """True if a TOML file of the directory has this name because it holds applications."""
    return not path.stem.startswith(".") and path.stem.casefold() != SETTINGS_STEM


def _names(path: Path) -> Iterator[StoredName]:
    try:
        with path.open("rb") as file:
            document = tomli.loads(file.read(MAX_BYTES).decode("utf-8-sig"))
        tables = document.get("application", [document])
        for table in tables:
            yield _name(table)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return


def _name(table: dict[str, Any]) -> StoredName:
    company, role = clean_line(table["company"]), clean_line(table["role"])
    client = clean_line(table.get("applicant", {}).get("name", ""))
    interviews = enumerate(table.get("interview", ()), start=1)
    return StoredName(
        id=clean_line(table.get("id", "")) or slug(f"{company} {role}"),
        description=", ".join(filter(None, (client, company, role))),
        interviews=tuple(str(each.get("id", f"r{number}")) for number, each in interviews),
    )
