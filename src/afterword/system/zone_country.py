"""The country of a time zone, from the tables of the tz database."""

from __future__ import annotations

import functools
from importlib import resources

from afterword.system.business_days import country_error

# zone.tab has a row for each pair of country and zone; older names are links to its names. These
# links cross a border, because tz merges zones that have been alike since 1970, or are offsets
# that several countries share.
_OTHER_LINKS = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Antarctica/South_Pole": None,
    "Atlantic/Jan_Mayen": "SJ",
    "CET": None,
    "EET": None,
    "EST": None,
    "HST": "US",
    "Iceland": "IS",
    "MET": None,
    "MST": None,
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
    "WET": None,
}


@functools.cache
def country_of_zone(name: str) -> str | None:
    """Return the code of the country that a zone belongs to; None if it has none.

    It is a country whose holidays are known: "Africa/Johannesburg" is "ZA", "Etc/UTC" None.
    """
    if name in _OTHER_LINKS:
        code = _OTHER_LINKS[name]
    else:
        countries = _countries()
        code = countries.get(name) or countries.get(_links().get(name, ""))
    return code if code and country_error(code) is None else None


@functools.cache
def _countries() -> dict[str, str]:
    """Return the first country of each zone."""
    rows = (line.split("\t") for name in ("zone1970.tab", "zone.tab") for line in _lines(name))
    return {row[2]: row[0].split(",")[0] for row in rows}


@functools.cache
def _links() -> dict[str, str]:
    """Return the zone that each older name stands for."""
    words = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {alias: zone for _, zone, alias in words}


def _lines(name: str) -> list[str]:
    text = resources.files("tzdata").joinpath("zoneinfo", name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
