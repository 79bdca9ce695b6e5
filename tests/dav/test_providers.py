"""Providers by name, host and mail address."""

from __future__ import annotations

import pytest

from afterword.dav import providers, url_policy
from afterword.dav.providers import PROVIDERS, Provider

GOOGLE = "https://apidata.googleusercontent.com/caldav/v2/"


@pytest.mark.parametrize(
    ("given", "name", "address"),
    [
        ("icloud", "icloud", "https://caldav.icloud.com/"),
        ("iCloud", "icloud", "https://caldav.icloud.com/"),
        ("sam@me.com", "icloud", "https://caldav.icloud.com/"),
        ("https://p42-caldav.icloud.com/1/", "icloud", "https://p42-caldav.icloud.com/1/"),
        ("sam@posteo.net", "posteo", "https://posteo.de:8443/"),
        ("sam@gmx.at", "gmx", "https://caldav.gmx.net/"),
        ("mailbox.org", "mailbox.org", "https://dav.mailbox.org/"),
        ("sam@mailbox.org", "mailbox.org", "https://dav.mailbox.org/"),
        ("nextcloud", "nextcloud", ""),
        ("google", "google", GOOGLE),
        ("Gmail", "google", GOOGLE),
        ("sam@gmail.com", "google", GOOGLE),
        ("sam@googlemail.com", "google", GOOGLE),
        ("calendar.google.com", "google", GOOGLE),
        ("https://www.google.com/calendar/dav/sam/events/", "google", GOOGLE),
        (GOOGLE, "google", GOOGLE),
        (f"{GOOGLE}c_1/events/", "google", f"{GOOGLE}c_1/events/"),
        ("https://google.com.evil.example/", "other", "https://google.com.evil.example/"),
        ("https://x.example/remote.php/dav/", "nextcloud", "https://x.example/remote.php/dav/"),
        ("sam@mail.example", "other", "https://mail.example/"),
        ("dav.example", "other", "https://dav.example"),
        ("dav.example:8443/x", "other", "https://dav.example:8443/x"),
        ("http://127.0.0.1:5232/", "other", "http://127.0.0.1:5232/"),
        ("https://noticloud.com/", "other", "https://noticloud.com/"),
        ("https://icloud.com.evil.example/", "other", "https://icloud.com.evil.example/"),
    ],
)
def test_where_to_begin(given: str, name: str, address: str) -> None:
    provider, begin = providers.resolve_server(given)

    assert (provider.name, begin) == (name, address)


@pytest.mark.parametrize(
    ("address", "entrance"),
    [
        ("https://cloud.example", "https://cloud.example/remote.php/dav/"),
        ("https://cloud.example/nc/", "https://cloud.example/nc/remote.php/dav/"),
        ("https://cloud.example/index.php/apps", "https://cloud.example/remote.php/dav/"),
        ("https://cloud.example/remote.php/dav/", "https://cloud.example/remote.php/dav/"),
    ],
)
def test_the_entrance_of_a_nextcloud(address: str, entrance: str) -> None:
    assert providers.discovery_url(providers.BY_NAME["nextcloud"], address) == entrance


@pytest.mark.parametrize(
    ("calendar", "address"),
    [
        (f"{GOOGLE}c_1@group.calendar.google.com/events/", GOOGLE),
        ("https://cloud.example/dav/sam/jobs/", "https://cloud.example/dav/sam/"),
    ],
    ids=["google", "others"],
)
def test_where_the_other_calendars_are(calendar: str, address: str) -> None:
    assert providers.search_address(calendar) == address


@pytest.mark.parametrize(
    ("address", "user", "entrance"),
    [
        (GOOGLE, "sam@gmail.com", f"{GOOGLE}sam%40gmail.com/user"),
        (GOOGLE, "", GOOGLE),
        (f"{GOOGLE}c_1/events/", "sam@gmail.com", f"{GOOGLE}c_1/events/"),
    ],
    ids=["an account", "nobody", "a calendar"],
)
def test_the_entrance_of_google(address: str, user: str, entrance: str) -> None:
    assert providers.discovery_url(providers.GOOGLE, address, user) == entrance


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_each_provider_tells_the_way_to_a_password_and_to_the_phone(provider: Provider) -> None:
    assert provider.steps
    assert provider.hint
    assert any("iPhone" in hint for hint in provider.phone)
    assert any("DAVx5" in hint for hint in provider.phone)
    if provider.address:
        assert url_policy.normalize_url(provider.address) == provider.address
        assert providers.provider_for(provider.address) is provider
