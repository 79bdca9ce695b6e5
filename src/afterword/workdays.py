"""Working days of a country: the room that knows the `holidays` package.

A country is written as that package's codes are, in any case, with the
subdivision after the first `-`: `"ZA"`, `"US-CA"`, `"gb-eng"`. The package
takes a tenth of a second to import, so it is only touched for a country.
"""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import warnings
from collections.abc import Callable

from afterword.core.model import IsWorkingDay
from afterword.errors import InputError

_SATURDAY = 5


@functools.cache
def is_working_day(country: str | None) -> IsWorkingDay:
    """Return the test for working days of a country; without one, Monday to Friday.

    Weekends other than Saturday and Sunday and make-up Saturdays are known.
    Raises InputError for a country or subdivision that nothing is known about.
    """
    if country is None:
        return _is_weekday
    if mistake := country_mistake(country):
        raise InputError(mistake)
    import holidays

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


def _is_weekday(day: dt.date) -> bool:
    return day.weekday() < _SATURDAY


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


@functools.cache
def _codes() -> frozenset[str]:
    # The list of the package's front page loads every country, which takes longer
    # than all else that a small export does.
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=True))


@functools.cache
def _subdivisions(code: str) -> dict[str, str]:
    return {place.casefold(): place for place in _all_subdivisions(code)}


def _all_subdivisions(code: str) -> list[str]:
    import holidays

    return [*holidays.country_holidays(code).subdivisions_aliases, *_parts(code)]


def _parts(code: str) -> tuple[str, ...]:
    import holidays

    return holidays.country_holidays(code).subdivisions


def _parts_hint(code: str, subdivision: str, places: dict[str, str]) -> str:
    if not places:
        return f"write {code.upper()!r} alone"
    close = difflib.get_close_matches(subdivision.casefold(), places, n=1)
    if close:
        return f"did you mean '{code.upper()}-{places[close[0]]}'?"
    return f"known are {', '.join(sorted(_parts(code.upper())))}"


def _code_for(name: str) -> str | None:
    """Return the code of a country written as a name ("South Africa")."""
    import holidays

    codes = {
        type(holidays.country_holidays(code)).__mro__[1].__name__.casefold(): code
        for code in holidays.list_supported_countries(include_aliases=False)
    }
    squashed = "".join(filter(str.isalnum, name)).casefold()
    close = difflib.get_close_matches(squashed, codes, n=1, cutoff=0.8)
    return codes[close[0]] if close else None
