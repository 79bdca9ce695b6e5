"""Assume the country of an employer, whose holidays count, by the time zone (tz database)."""

from __future__ import annotations

import functools
from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application
from afterword.domain.planning.timeline import employer_zone
from afterword.system.business_days import country_error
from afterword.system.clock import TZDATA

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


def with_assumed_country(application: Application, user_zone: ZoneInfo) -> Application:
    """Return the application with the country of its zone, if it has none yet."""
    if application.country is not None:
        return application
    country = country_of_zone(employer_zone(application, user_zone).key)
    return attrs.evolve(application, country=country)


def with_country(application: Application, country: str | None, user_zone: ZoneInfo) -> Application:
    """Return the application with the given country, else the assumed country, if it has none."""
    if country is not None and application.country is None:
        return attrs.evolve(application, country=country)
    return with_assumed_country(application, user_zone)


def describe_assumption(application: Application, user_zone: ZoneInfo) -> str:
    """Return the sentence that shows an assumed country and its source."""
    zone = employer_zone(application, user_zone).key
    return (
        f"Assuming the holidays of {application.country}, the country of the time zone {zone}; "
        f"correct it with: afterword edit {application.id}"
    )


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
    text = (TZDATA / "zoneinfo" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
