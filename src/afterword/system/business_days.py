"""Working days of a country, from the `holidays` package.

A country is written as that package writes it, in any case, with a subdivision
after the first `-`: `"ZA"`, `"US-CA"`, `"gb-eng"`. Importing the package takes
40 ms, so it is imported only for a country or a year that is not in the cache.

The cache of the user has a file for each country, with the days of each year on which the answer
differs from Monday to Friday. It counts for one release of the package only. Nothing depends on
it: where it cannot be read or written, the package is asked again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import importlib.util
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from afterword.domain.datemath import is_weekday
from afterword.domain.model import IsWorkingDay
from afterword.domain.search_text import closest
from afterword.errors import InputError
from afterword.system.cache_directory import cache_directory

NO_COUNTRY = "none"
"""The country of an application that keeps to Monday to Friday, without holidays."""

Years = dict[int, frozenset[dt.date]]
_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})?", re.ASCII)
_METADATA = "holidays-*.dist-info"


@functools.cache
def is_working_day(country: str | None) -> IsWorkingDay:
    """Return the test for working days in a country; without a country, Monday to Friday.

    It knows weekends other than Saturday and Sunday, and make-up working
    Saturdays. Raises InputError for an unknown country or subdivision.
    """
    if country is None or _is_no_country(country):
        return is_weekday
    if error := country_error(country):
        raise InputError(error)
    years = _cached_years(country.casefold())

    def is_working(day: dt.date) -> bool:
        if day.year not in years:
            years[day.year] = _exceptions(country, day.year)
            write_years(country, years)
        return is_weekday(day) is not (day in years[day.year])

    return is_working


@functools.cache
def _cached_years(country: str) -> Years:
    """Return the years of a country that are in the cache; callers add to them."""
    return read_years(country) or {}


def read_years(country: str) -> Years | None:
    """Return the days that differ from Monday to Friday, by year; None without an entry."""
    path, release = _cache_file(country), _package_release()
    if path is None or release is None:
        return None
    import json  # not needed without a country

    try:
        stored = json.loads(path.read_bytes())
        if stored["release"] != release:
            return None
        return {
            int(year): frozenset(map(dt.date.fromisoformat, days))
            for year, days in stored["years"].items()
        }
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def write_years(country: str, years: Mapping[int, frozenset[dt.date]]) -> None:
    """Remember the days of these years, if there is a cache to write to."""
    path, release = _cache_file(country), _package_release()
    if path is None or release is None:
        return
    import json

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


def _cache_file(country: str) -> Path | None:
    code = country.casefold()
    if not _CODE.fullmatch(code):
        return None
    cache = cache_directory("holidays")
    return cache / f"{code}.json" if cache else None


@functools.cache
def _package_release() -> str | None:
    """Return the installed release of the package, by the name of its metadata directory.

    importlib.metadata would know it too, and takes 20 ms to import.
    """
    spec = importlib.util.find_spec("holidays")
    if spec is None or spec.origin is None:
        return None
    names = [path.name for path in Path(spec.origin).parents[1].glob(_METADATA)]
    return names[0] if len(names) == 1 else None


def _exceptions(country: str, year: int) -> frozenset[dt.date]:
    """Return the days of a year on which the answer differs from Monday to Friday."""
    code, _, subdivision = country.partition("-")
    calendar = _holidays().country_holidays(
        code.upper(), _subdivisions(code.upper()).get(subdivision.casefold())
    )
    first = dt.date(year, 1, 1).toordinal()
    days = map(dt.date.fromordinal, range(first, dt.date(year, 12, 31).toordinal() + 1))
    # The package warns about years whose movable feasts it does not know;
    # weekends and fixed holidays still hold there.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return frozenset(day for day in days if calendar.is_working_day(day) != is_weekday(day))


def country_error(country: str) -> str | None:
    """Return why a country code is invalid, with a suggestion, or None if it is valid."""
    if _is_no_country(country) or _cached_years(country.casefold()):
        return None
    code, dash, subdivision = country.partition("-")
    # Outside ASCII upper() turns other letters into codes ("ß" into South Sudan).
    if not code.isascii() or code.upper() not in _codes():
        near = _closest_country(code)
        return f"unknown country {country!r}; " + (
            f"did you mean {near!r}?" if near else 'write a code such as "ZA" or "US-CA"'
        )
    subdivisions = _subdivisions(code.upper())
    if not dash or subdivision.casefold() in subdivisions:
        return None
    return f"unknown part {subdivision!r} of the country {code!r}; " + _subdivision_hint(
        code.upper(), subdivision, subdivisions
    )


def _is_no_country(country: str) -> bool:
    return country.casefold() == NO_COUNTRY


def country_code_by_name(name: str) -> str | None:
    """Return the code of the country with this English name ("South Africa")."""
    return _codes_by_name().get(_normalized(name))


def _holidays() -> ModuleType:
    """Import the package without the 250 country modules that it lists in `countries/__init__`.

    `country_holidays("ZA")`, `EntityLoader` and `from holidays.countries import
    ZA` all run that `__init__` first. It stays out by an empty module in its
    position: with holidays 0.109 on CPython 3.11, a first answer takes 42 ms
    and 8.2 MiB that way, and 91 ms and 15.7 MiB the documented way (medians of
    7 fresh processes). importlib's LazyLoader does not help: the import system
    reads the package's `__path__`, which makes it load.
    """
    import holidays

    if "holidays.countries" not in sys.modules:
        spec = importlib.util.find_spec("holidays.countries")
        if spec is not None:
            sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    return holidays


@functools.cache
def _codes() -> frozenset[str]:
    """Return the codes of all countries, without importing a module for each."""
    _holidays()
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=True))


@functools.cache
def _subdivisions(code: str) -> dict[str, str]:
    """Return the codes and names of a country's subdivisions by their casefolded form."""
    calendar = _holidays().country_holidays(code)
    return {
        subdivision.casefold(): subdivision
        for subdivision in (*calendar.subdivisions_aliases, *calendar.subdivisions)
    }


def _subdivision_hint(code: str, subdivision: str, subdivisions: dict[str, str]) -> str:
    if not subdivisions:
        return f"write {code!r} alone"
    near = closest(subdivision.casefold(), subdivisions)
    if near:
        return f"did you mean '{code}-{subdivisions[near]}'?"
    return f"valid are {', '.join(sorted(_holidays().country_holidays(code).subdivisions))}"


def _closest_country(name: str) -> str | None:
    """Return the code of the country with the English name closest to `name`."""
    near = closest(_normalized(name), _codes_by_name(), cutoff=0.8)
    return _codes_by_name()[near] if near else None


def _normalized(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


@functools.cache
def _codes_by_name() -> dict[str, str]:
    holidays = _holidays()
    return {
        type(holidays.country_holidays(code)).__mro__[1].__name__.casefold(): code
        for code in holidays.list_supported_countries(include_aliases=False)
    }
