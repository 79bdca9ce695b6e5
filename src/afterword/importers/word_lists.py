"""Read the lists of words, names and hosts in the TOML files of this package."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import tomli


@functools.cache
def read_lists(file: str) -> dict[str, Any]:
    """Return the content of a file, by its path in this package ("invitation/location.toml")."""
    return tomli.loads((Path(__file__).parent / file).read_text("utf-8"))


@functools.cache
def read_list(file: str, key: str) -> frozenset[str]:
    """Return a list of a file."""
    return frozenset(read_lists(file)[key])
