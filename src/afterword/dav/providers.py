"""Calendar providers: addresses, how to get an app password, and where servers differ from CalDAV.

Only setup uses the addresses; any other server works by its own. Google's differences:
https://developers.google.com/workspace/calendar/caldav/v2/guide
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeGuard
from urllib.parse import quote, unquote, urljoin, urlsplit

from afterword.dav.interface import BusyError
from afterword.dav.url_policy import is_loopback
from afterword.errors import AfterwordError, LoginError, RefusedError

_IPHONE = (
    "iPhone: Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, CalDAV; "
    "then Fetch New Data: every 15 minutes"
)
_ANDROID = "Android: DAVx5 brings it into every calendar app; set its sync interval"
_BOTH = (_IPHONE, _ANDROID)
_FORBIDDEN = 403
_PAUSE = 5.0
_GOOGLE_HOSTS = {"apidata.googleusercontent.com"}
# Texts, which re compiles at their first use: hardly any run needs them.
_MAIN = r"/caldav/v2/(?P<id>[^/]+)(?:/.*)?"
_CREATED_ID = r"(?i:.+[@.]calendar\.google\.com)"
_MANY_REQUESTS = rb"(?i:quota|rate ?limit|usage ?limit)"
_NOT_ENABLED = rb"accessNotConfigured|SERVICE_DISABLED|has not been used in project"
_NOT_GRANTED = rb"(?i:insufficient.{0,40}scope|SCOPE_INSUFFICIENT)"


class Provider(NamedTuple):
    """A provider. Discovery begins at `address`, which is "" if each user has another host.

    `example` shows such a host. `hosts` are the domains of its servers, `mail` those of its
    e-mail addresses, each with its subdomains. `steps` lead to an app password, `hint` is the
    advice for a refused password, `phone` for setting up a phone. `can_create`: CalDAV can
    create calendars.
    """

    name: str
    title: str
    address: str = ""
    example: str = "https://cloud.example"
    hosts: tuple[str, ...] = ()
    mail: tuple[str, ...] = ()
    user: str = "user name"
    steps: tuple[str, ...] = ()
    hint: str = ""
    phone: tuple[str, ...] = _BOTH
    can_create: bool = True


_GOOGLE = ("google.com", "googleapis.com", "googleusercontent.com", "gmail.com", "googlemail.com")
_NEXTCLOUD_PAGE = r"/(?:index\.php|apps|login|settings|dashboard)(?:/.*)?$"

PROVIDERS = (
    Provider(
        name="icloud",
        title="iCloud",
        address="https://caldav.icloud.com/",
        hosts=("icloud.com",),
        mail=("icloud.com", "me.com", "mac.com"),
        user="Apple Account, an e-mail address",
        steps=(
            "Open https://account.apple.com and sign in.",
            "Sign-In and Security, App-Specific Passwords: add one, and call it afterword.",
            "Copy the password that is shown, xxxx-xxxx-xxxx-xxxx; the usual one does not work.",
        ),
        hint="iCloud takes an app-specific password only: https://account.apple.com, "
        "Sign-In and Security, App-Specific Passwords",
        phone=(
            (
                "iPhone: the calendar appears automatically if Settings, your name, iCloud has "
                "Calendar switched on"
            ),
            _ANDROID,
        ),
    ),
    Provider(
        name="nextcloud",
        title="Nextcloud",
        steps=(
            "Open your Nextcloud in a browser, and sign in.",
            (
                "Your picture, Personal settings, Security, Devices & sessions: create a new app "
                "password, and call it afterword."
            ),
            "Copy the user name and the password that are shown.",
        ),
        hint="Nextcloud with two factors takes an app password only: Personal settings, "
        "Security, Devices & sessions",
    ),
    Provider(
        name="google",
        title="Google Calendar",
        address="https://apidata.googleusercontent.com/caldav/v2/",
        hosts=_GOOGLE,
        mail=("gmail.com", "googlemail.com"),
        user="Google address",
        steps=(
            "Google takes no passwords: it wants a project of your own, which is free.",
            "How to create one, in ten steps: README, Google Calendar. You need its JSON file.",
        ),
        hint="Google accepts a login for some time only; log in again: "
        "afterword calendars --server google",
        phone=(
            (
                "iPhone: Settings, Apps, Calendar, Calendar Accounts, Add Account, Google; or the "
                "app Google Calendar"
            ),
            "Android: the calendar is there; DAVx5 is not needed",
        ),
        can_create=False,
    ),
    Provider(
        name="fastmail",
        title="Fastmail",
        address="https://caldav.fastmail.com/",
        hosts=("fastmail.com",),
        mail=("fastmail.com", "fastmail.fm"),
        user="e-mail address",
        steps=(
            "Open https://app.fastmail.com/settings/security and sign in.",
            "App passwords: make a new one for Calendars (CalDAV), and call it afterword.",
            "Copy the password that is shown.",
        ),
        hint="Fastmail takes an app password only: Settings, Privacy & Security, App passwords",
    ),
    Provider(
        name="mailbox.org",
        title="mailbox.org",
        address="https://dav.mailbox.org/",
        hosts=("mailbox.org",),
        mail=("mailbox.org",),
        user="e-mail address",
        steps=(
            "Without two factors your usual password works.",
            (
                "With them: sign in at https://mailbox.org, Settings, Security, application "
                "passwords, and make one for CalDAV."
            ),
        ),
        hint="mailbox.org with two factors takes an application password only: Settings, Security",
    ),
    Provider(
        name="posteo",
        title="Posteo",
        address="https://posteo.de:8443/",
        hosts=("posteo.de",),
        mail=("posteo.de", "posteo.net", "posteo.org", "posteo.eu"),
        user="e-mail address",
        steps=(
            "Your usual password works.",
            (
                "New calendars are made in a browser: sign in at https://posteo.de, Calendar, and "
                "add one called Job search."
            ),
        ),
        hint="Posteo takes your e-mail address in full as the user, and your usual password",
        can_create=False,
    ),
    Provider(
        name="gmx",
        title="GMX",
        address="https://caldav.gmx.net/",
        hosts=("gmx.net", "gmx.com"),
        mail=("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.com"),
        user="e-mail address",
        steps=(
            "Without two factors your usual password works.",
            "With them: sign in at GMX, My Account, Security, application-specific passwords.",
        ),
        hint="GMX with two factors takes an application-specific password only: My Account, "
        "Security",
    ),
    Provider(
        name="radicale",
        title="Radicale",
        example="https://dav.example:5232, or http://localhost:5232",
        steps=("User and password are those of the server's htpasswd file.",),
        hint="Radicale: is the user in the file that htpasswd_filename names?",
    ),
    Provider(
        name="other",
        title="Another server",
        user="user name, often an e-mail address",
        steps=(
            (
                "Look for an app password in the security settings of your provider; with two "
                "factors, the usual one does not work."
            ),
        ),
        hint="with two factors, most providers take an app password only; it is made in their "
        "security settings",
    ),
)
BY_NAME: dict[str, Provider] = {provider.name: provider for provider in PROVIDERS}
OTHER, GOOGLE = BY_NAME["other"], BY_NAME["google"]


def provider_for(address: str) -> Provider:
    """Return the provider of a server's address, or of an e-mail address."""
    host = _host(address)
    for provider in PROVIDERS:
        if _is_in(host, provider.hosts) or ("@" in address and _is_in(host, provider.mail)):
            return provider
    if "/remote.php/" in address or host.startswith("nextcloud."):
        return BY_NAME["nextcloud"]
    return OTHER


def _is_in(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def resolve_server(given: str) -> tuple[Provider, str]:
    """Return provider and start address for a provider's name, an e-mail address, a host or a URL.

    The address is "" if each user of the provider has another host.
    """
    if provider := (BY_NAME | {"gmail": GOOGLE}).get(given.casefold()):
        return provider, provider.address
    provider = provider_for(given)
    if provider is GOOGLE and not given.startswith(GOOGLE.address):
        # Its pages and its older addresses take no access tokens.
        return provider, provider.address
    if is_mail(given):
        return provider, provider.address or f"https://{_host(given)}/"
    if "//" not in given:
        return provider, provider.address or with_scheme(given)
    return provider, given


def search_address(calendar_url: str) -> str:
    """Return the address at which to look for all calendars beside a calendar.

    It is one level up: the calendar's own address would lead to that calendar alone.
    """
    google = provider_for(calendar_url) is GOOGLE
    return GOOGLE.address if google else urljoin(calendar_url, "..")


def with_scheme(given: str) -> str:
    """Return the URL of a typed host: https, but http on this machine."""
    if "//" in given:
        return given
    return f"{'http' if is_loopback(_host(given)) else 'https'}://{given}"


def is_mail(given: str | None) -> TypeGuard[str]:
    """True for an e-mail address, False for that of a server."""
    return bool(given) and "@" in str(given) and "//" not in str(given)


def discovery_url(provider: Provider, address: str, user: str = "") -> str:
    """Return the address at which discovery begins on a server of the provider."""
    if provider is GOOGLE and user and address == GOOGLE.address:
        return f"{address}{quote(user)}/user"
    if provider.name == "nextcloud" and "/remote.php/" not in address:
        return nextcloud_url(address)
    return address


def nextcloud_url(page: str) -> str:
    """Return the CalDAV address of a Nextcloud, given that of a page that a browser shows."""
    return f"{re.sub(_NEXTCLOUD_PAGE, '', page).rstrip('/')}/remote.php/dav/"


def _host(address: str) -> str:
    if "//" not in address:
        return address.rpartition("@")[2].partition("/")[0].partition(":")[0].casefold()
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


class Dialect(NamedTuple):
    """The differences of a server from the standard.

    `how_to_create` tells the user how to create a calendar where CalDAV cannot.
    `knows_if_none_match`: a new object can be stored on the condition that there is none yet;
    else it is looked for first. `rewrites_events`: the server changes alarms and more
    in what it stores. `main_calendars`: an address shows whether a calendar is somebody's main one.
    `names_owners`: the owner of a calendar is the principal of that user.
    """

    how_to_create: str = ""
    knows_if_none_match: bool = True
    rewrites_events: bool = False
    main_calendars: bool = False
    names_owners: bool = True

    def is_main_calendar(self, url: str) -> bool:
        """True if an address is that of a person's main calendar, with all of their events."""
        match = re.fullmatch(_MAIN, urlsplit(url).path) if self.main_calendars else None
        return match is not None and not re.fullmatch(_CREATED_ID, unquote(match["id"]))

    def explain(self, message: str, status: int, body: bytes) -> AfterwordError | None:
        """Return the error for a status of which the server says the reason in its body."""
        if not self.main_calendars or status != _FORBIDDEN:
            return None
        if re.search(_NOT_ENABLED, body):
            return RefusedError(
                f"{message} The CalDAV API is not switched on in your project.",
                [
                    (
                        "open https://console.cloud.google.com/apis/library/caldav.googleapis.com, "
                        "choose your project, and press Enable"
                    )
                ],
            )
        if re.search(_NOT_GRANTED, body):
            return LoginError(
                f"{message} The permission does not include your calendars.",
                [
                    (
                        "log in again, and tick the box for calendars: "
                        "afterword calendars --server google"
                    )
                ],
            )
        if re.search(_MANY_REQUESTS, body):
            return BusyError(f"{message} Too many requests were made; try again later.", _PAUSE)
        return None


STANDARD = Dialect()
GOOGLE_DIALECT = Dialect(
    how_to_create="at https://calendar.google.com, next to Other calendars: +, Create new calendar",
    knows_if_none_match=False,
    rewrites_events=True,
    main_calendars=True,
    # It has no access control of WebDAV; each calendar is a principal.
    names_owners=False,
)


def dialect_of(url: str) -> Dialect:
    """Return the dialect of the server at an address."""
    return GOOGLE_DIALECT if urlsplit(url).hostname in _GOOGLE_HOSTS else STANDARD
