"""Working days of a country: the room that knows the `holidays` package.

A country is written as that package's codes are, in any case, with the
subdivision after the first `-`: `"ZA"`, `"US-CA"`, `"gb-eng"`. The package
takes a tenth of a second to import, so it is only touched for a country.
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from afterword.domain.datemath import is_weekday
from afterword.domain.model import IsWorkingDay
from afterword.errors import InputError


@functools.cache
def is_working_day(country: str | None) -> IsWorkingDay:
    """Return the test for working days of a country; without one, Monday to Friday.

    Weekends other than Saturday and Sunday and make-up Saturdays are known.
    Raises InputError for a country or subdivision that nothing is known about.
    """
    if country is None:
        return is_weekday
    if mistake := country_mistake(country):
        raise InputError(mistake)
    holidays = _package()
    code, _, subdivision = country.partition("-")
    known = holidays.country_holidays(
        code.upper(), _subdivisions(code.upper()).get(subdivision.casefold())
    )
    return _remembered(known.is_working_day)


def country_mistake(country: str) -> str | None:
    """Return what is wrong with a country code, with a guess at what was meant, or None."""
    code, dash, subdivision = country.partition("-")
    # Outside ASCII upper() turns other letters into these ("ß" into South Sudan).
    if not code.isascii() or code.upper() not in _codes():
        guess = _code_for(code)
        return f"unknown country {country!r}; " + (
            f"did you mean {guess!r}?" if guess else 'write a code such as "ZA" or "US-CA"'
        )
    places = _subdivisions(code.upper())
    if not dash or subdivision.casefold() in places:
        return None
    return f"unknown part {subdivision!r} of the country {code!r}; " + _parts_hint(
        code, subdivision, places
    )


def _remembered(ask: Callable[[dt.date], bool]) -> IsWorkingDay:
    answers: dict[dt.date, bool] = {}

    def is_working_day(day: dt.date) -> bool:
        if day not in answers:
            # The package warns of years whose moving feasts it does not know;
            # weekends and fixed days still hold there.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                answers[day] = ask(day)
        return answers[day]

    return is_working_day


def _package() -> ModuleType:
    """Import the package without its 250 countries.

    It loads each when it is asked for, but its folder of countries begins with
    importing all of them, which takes half of the time and 7 MiB.
    """
    import holidays

    countries = Path(holidays.__file__).with_name("countries")
    if "holidays.countries" not in sys.modules and countries.is_dir():
        bare = ModuleType("holidays.countries")
        bare.__path__ = [str(countries)]
        sys.modules[bare.__name__] = bare
    return holidays


@functools.cache
def _codes() -> frozenset[str]:
    """Return the codes of all countries; a list with their parts would import each of them."""
    _package()
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=True))


@functools.cache
def _subdivisions(code: str) -> dict[str, str]:
    known = _package().country_holidays(code)
    return {place.casefold(): place for place in (*known.subdivisions_aliases, *known.subdivisions)}


def _parts_hint(code: str, subdivision: str, places: dict[str, str]) -> str:
    if not places:
        return f"write {code.upper()!r} alone"
    close = difflib.get_close_matches(subdivision.casefold(), places, n=1)
    if close:
        return f"did you mean '{code.upper()}-{places[close[0]]}'?"
    known = _package().country_holidays(code.upper()).subdivisions
    return f"known are {', '.join(sorted(known))}"


def code_of(name: str) -> str | None:
    """Return the code of a country whose English name this is ("South Africa")."""
    return _codes_by_name().get(_squashed(name))


def _code_for(name: str) -> str | None:
    """Return the code of the country whose English name is next to this one."""
    close = difflib.get_close_matches(_squashed(name), _codes_by_name(), n=1, cutoff=0.8)
    return _codes_by_name()[close[0]] if close else None


def _squashed(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


@functools.cache
def _codes_by_name() -> dict[str, str]:
    holidays = _package()
    return {
        type(holidays.country_holidays(code)).__mro__[1].__name__.casefold(): code
        for code in holidays.list_supported_countries(include_aliases=False)
    }
