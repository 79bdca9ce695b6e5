"""Holidays that were looked up before, in the user's cache: importing the package takes 40 ms.

There is a file for each country, with the days of each year on which the answer differs from
Monday to Friday. It counts for one release of the package only. Nothing depends on the cache:
where it cannot be read or written, the package is asked again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib.util
import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import platformdirs

Years = dict[int, frozenset[dt.date]]
_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})?", re.ASCII)
_RELEASE = "holidays-*.dist-info"


def read_years(country: str) -> Years | None:
    """Return the days that differ from Monday to Friday, by year; None without an entry."""
    path, release = _path(country), _release()
    if path is None or release is None:
        return None
    try:
        stored = json.loads(path.read_bytes())
        if stored["release"] != release:
            return None
        return {
            int(year): frozenset(map(dt.date.fromisoformat, days))
            for year, days in stored["years"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def write_years(country: str, years: Mapping[int, frozenset[dt.date]]) -> None:
    """Remember the days of these years, if there is a cache to write to."""
    path, release = _path(country), _release()
    if path is None or release is None:
        return
    stored = {
        "release": release,
        "years": {str(year): sorted(map(str, days)) for year, days in sorted(years.items())},
    }
    # Without fsync, unlike the files of the user: a cache that is lost is made again.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            json.dump(stored, file)
        os.replace(name, path)  # noqa: PTH105 - as mkstemp names it


def _path(country: str) -> Path | None:
    code = country.casefold()
    if not _CODE.fullmatch(code):
        return None
    try:
        cache = platformdirs.user_cache_path("afterword", appauthor=False)
    except RuntimeError:  # no home directory
        return None
    return cache / "holidays" / f"{code}.json"


@functools.cache
def _release() -> str | None:
    """Return the installed release of the package, by the name of its metadata directory.

    importlib.metadata would know it too, and takes 20 ms to import.
    """
    spec = importlib.util.find_spec("holidays")
    if spec is None or spec.origin is None:
        return None
    names = [path.name for path in Path(spec.origin).parents[1].glob(_RELEASE)]
    return names[0] if len(names) == 1 else None
