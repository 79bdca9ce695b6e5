"""Assume the country of an employer, whose holidays count, by their time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import attrs

from afterword.domain.model import Application
from afterword.system.zone_country import country_of_zone


def employer_zone(application: Application, user_zone: ZoneInfo) -> ZoneInfo:
    """Return the employer's zone: the application's, its latest interview's, else the user's."""
    zones = [interview.zone for interview in application.interviews if interview.zone]
    return application.zone or (zones[-1] if zones else user_zone)


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
