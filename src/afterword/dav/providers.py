"""Calendar providers: addresses, how to get an app password, and where servers differ from CalDAV.

Only setup uses the addresses; any other server works by its own. Google's differences:
https://developers.google.com/workspace/calendar/caldav/v2/guide
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeGuard
from urllib.parse import quote, unquote, urljoin, urlsplit

import attrs

from afterword.dav.interface import BusyError
from afterword.dav.url_policy import is_loopback
from afterword.errors import AfterwordError, LoginError, RefusedError

_IPHONE = (
    "iPhone: Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, CalDAV; "
    "then Fetch New Data: every 15 minutes"
)
_ANDROID = "Android: DAVx5 brings it into every calendar app; set its sync interval"
_BOTH = (_IPHONE, _ANDROID)
_NONE = re.compile("(?!)")
_FORBIDDEN = 403
_PAUSE = 5.0
_GOOGLE_HOSTS = {"apidata.googleusercontent.com"}
_MAIN = re.compile(r"/caldav/v2/(?P<id>[^/]+)(?:/.*)?")
_CREATED_ID = re.compile(r".+[@.]calendar\.google\.com", re.IGNORECASE)
_MANY_REQUESTS = re.compile(rb"quota|rate ?limit|usage ?limit", re.IGNORECASE)
_NOT_ENABLED = re.compile(rb"accessNotConfigured|SERVICE_DISABLED|has not been used in project")
_NOT_GRANTED = re.compile(rb"insufficient.{0,40}scope|SCOPE_INSUFFICIENT", re.IGNORECASE)


@attrs.frozen(kw_only=True)
class Provider:
    """A provider. Discovery begins at `address`, which is "" if each user has another host.

    `example` shows such a host. `hosts` matches the hosts of its servers, `mail` the domains
    of its e-mail addresses. `steps` lead to an app password, `hint` is the advice for a
    refused password, `phone` for setting up a phone. `can_create`: CalDAV can create calendars.
    """

    name: str
    title: str
    address: str = ""
    example: str = "https://cloud.example"
    hosts: re.Pattern[str] = _NONE
    mail: re.Pattern[str] | None = None
    user: str = "user name"
    steps: tuple[str, ...] = ()
    hint: str = ""
    phone: tuple[str, ...] = _BOTH
    can_create: bool = True


def _any(*domains: str) -> re.Pattern[str]:
    """Return a pattern for these domains and their subdomains."""
    return re.compile(f"(?:.+\\.)?(?:{'|'.join(map(re.escape, domains))})", re.IGNORECASE)


_GOOGLE = _any(
    "google.com", "googleapis.com", "googleusercontent.com", "gmail.com", "googlemail.com"
)
_NEXTCLOUD_PAGE = re.compile(r"/(?:index\.php|apps|login|settings|dashboard)(?:/.*)?$")
_GOOGLE_NAMES = {"gmail"}

PROVIDERS = (
    Provider(
        name="icloud",
        title="iCloud",
        address="https://caldav.icloud.com/",
        hosts=_any("icloud.com"),
        mail=_any("icloud.com", "me.com", "mac.com"),
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
        mail=_any("gmail.com", "googlemail.com"),
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
        hosts=_any("fastmail.com"),
        mail=_any("fastmail.com", "fastmail.fm"),
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
        hosts=_any("mailbox.org"),
        mail=_any("mailbox.org"),
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
        hosts=_any("posteo.de"),
        mail=_any("posteo.de", "posteo.net", "posteo.org", "posteo.eu"),
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
        hosts=_any("gmx.net", "gmx.com"),
        mail=_any("gmx.net", "gmx.de", "gmx.at", "gmx.ch", "gmx.com"),
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
BY_NAME: Mapping[str, Provider] = {provider.name: provider for provider in PROVIDERS}
OTHER, GOOGLE = BY_NAME["other"], BY_NAME["google"]


def provider_for(address: str) -> Provider:
    """Return the provider of a server's address, or of an e-mail address."""
    host = _host(address)
    for provider in PROVIDERS:
        if provider.hosts.fullmatch(host) or (
            "@" in address and provider.mail and provider.mail.fullmatch(host)
        ):
            return provider
    if "/remote.php/" in address or host.startswith("nextcloud."):
        return BY_NAME["nextcloud"]
    return OTHER


def resolve_server(given: str) -> tuple[Provider, str]:
    """Return provider and start address for a provider's name, an e-mail address, a host or a URL.

    The address is "" if each user of the provider has another host.
    """
    if given.casefold() in BY_NAME:
        provider = BY_NAME[given.casefold()]
        return provider, provider.address
    if given.casefold() in _GOOGLE_NAMES:
        return GOOGLE, GOOGLE.address
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
    return f"{_NEXTCLOUD_PAGE.sub('', page).rstrip('/')}/remote.php/dav/"


def _host(address: str) -> str:
    if "//" not in address:
        return address.rpartition("@")[2].partition("/")[0].partition(":")[0].casefold()
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@attrs.frozen(kw_only=True)
class Dialect:
    """The differences of a server from the standard.

    `can_create`: CalDAV can create calendars; else `how_to_create` tells the user how.
    `knows_if_none_match`: a new object can be stored on the condition that there is none yet;
    else it is looked for first. `rewrites_events`: the server changes alarms and more
    in what it stores. `main_calendars`: an address shows whether a calendar is somebody's main one.
    `names_owners`: the owner of a calendar is the principal of that user.
    """

    can_create: bool = True
    how_to_create: str = ""
    knows_if_none_match: bool = True
    rewrites_events: bool = False
    main_calendars: bool = False
    names_owners: bool = True

    def is_main_calendar(self, url: str) -> bool:
        """True if an address is that of a person's main calendar, with all of their events."""
        match = _MAIN.fullmatch(urlsplit(url).path) if self.main_calendars else None
        return match is not None and not _CREATED_ID.fullmatch(unquote(match["id"]))

    def explain(self, message: str, status: int, body: bytes) -> AfterwordError | None:
        """Return the error for a status of which the server says the reason in its body."""
        if not self.main_calendars or status != _FORBIDDEN:
            return None
        if _NOT_ENABLED.search(body):
            return RefusedError(
                f"{message} The CalDAV API is not switched on in your project.",
                [
                    (
                        "open https://console.cloud.google.com/apis/library/caldav.googleapis.com, "
                        "choose your project, and press Enable"
                    )
                ],
            )
        if _NOT_GRANTED.search(body):
            return LoginError(
                f"{message} The permission does not include your calendars.",
                [
                    (
                        "log in again, and tick the box for calendars: "
                        "afterword calendars --server google"
                    )
                ],
            )
        if _MANY_REQUESTS.search(body):
            return BusyError(f"{message} Too many requests were made; try again later.", _PAUSE)
        return None


STANDARD = Dialect()
GOOGLE_DIALECT = Dialect(
    can_create=False,
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
