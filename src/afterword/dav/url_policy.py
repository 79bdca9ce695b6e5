"""Through which other machine a server is reached, as the surroundings say.

Which addresses may be spoken to, and with the user's password at that.

An address that a person typed is trusted once it is well formed; one that a
server names only on the same host, or below it. Everything else is asked.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from afterword.domain.sanitize import clean_line
from afterword.errors import UsageError


def proxy_of(url: str) -> str | None:
    """Return the proxy of an address: HTTPS_PROXY and its like, or the system's settings.

    What is on this machine is asked of nobody else, least of all with a password.
    """
    host, scheme = host_of(url), url.partition(":")[0]
    if is_loopback(host):
        return None
    from urllib import request  # noqa: TID251 - it reads the surroundings, and sends nothing

    told = request.getproxies()
    proxy = told.get(scheme) or told.get("all")
    return None if proxy is None or request.proxy_bypass(host) else proxy


# Hosts that hand their users over to hosts of their own, after login.
_FAMILIES = ("icloud.com",)
_PORTS = {"http": 80, "https": 443}
# What most servers answer with is in its one form already.
_PLAIN = re.compile("(?:/[A-Za-z0-9_~@-][A-Za-z0-9._~@-]*)+/?")
_UNRESERVED = "/~@:+,!$&'()*;=-._"


def normalize_url(url: str, *, allow_http: bool = False) -> str:
    """Return the address in its one form, with an ASCII host.

    Raises UsageError for what is no plain http(s) address, for credentials in
    it, and for http to any other machine unless allowed.
    """
    parts = _parts(url)
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname or ""):
        raise UsageError(
            f"{_shown(url)} is not encrypted: everyone on the way could read your password. "
            "Use https://, or --allow-insecure-http for this run."
        )
    return f"{origin(url)}{quote(unquote(parts.path or '/'), safe=_UNRESERVED)}"


def origin(url: str) -> str:
    """Return scheme, host and port, without the port that goes without saying."""
    parts = _parts(url)
    host = _ascii(parts.hostname or "", url)
    host = f"[{host}]" if ":" in host else host
    port = parts.port or _PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port == _PORTS[parts.scheme] else f":{port}")


def normalize_path(href: str, base: str) -> str | None:
    """Return the path of a server's reference in its one form; None if it is another server's."""
    if _PLAIN.fullmatch(href):
        return href
    try:
        full = urljoin(base, href)
        if origin(full) != origin(base):
            return None
        return quote(unquote(urlsplit(full).path), safe=_UNRESERVED)
    except (UsageError, ValueError):
        return None


def is_same_site(named: str, by: str) -> bool:
    """Tell whether an address that the server `by` named needs no question.

    The same server, the same name now encrypted, a host below it, or one of a
    known family of hosts.
    """
    new, old = _parts(named), _parts(by)
    if old.scheme == "https" and new.scheme != "https":
        return False
    here, there = new.hostname or "", old.hostname or ""
    if here == there:
        ports = [part.port or _PORTS[part.scheme] for part in (new, old)]
        return ports[0] == ports[1] or (new.scheme, ports[0]) == ("https", 443)
    below = here.endswith(f".{there}") and "." in there and not is_number(there)
    related = any(
        all(host == family or host.endswith(f".{family}") for host in (here, there))
        for family in _FAMILIES
    )
    return new.scheme == "https" and (below or related)


def host_of(url: str) -> str:
    """Return the host of an address, "" where it has none."""
    return urlsplit(url).hostname or ""


def without_login(url: str) -> str:
    """Return an address as it can be shown: one line, without what may be a password."""
    scheme, slashes, rest = clean_line(url).rpartition("//")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"[:200]


def is_private(host: str) -> bool:
    """Tell whether a host is this machine, or one that only its own neighbours reach.

    There are services there that trust whoever asks: no server may name them.
    """
    number = _number(host)
    near = number is not None and (number.is_link_local or number.is_unspecified)
    return near or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    number = _number(host)
    return number is not None and number.is_loopback


def is_number(host: str) -> bool:
    """Tell whether a host is a number already, for which no name has to be looked up."""
    return _number(host) is not None


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the number that a host is: where IPv6 only wraps one of IPv4, that one."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(number, "ipv4_mapped", None) or number


def _parts(url: str) -> SplitResult:
    if url != clean_line(url) or " " in url or "\\" in url:
        raise UsageError(f"{_shown(url)} is not an address: blanks and backslashes stand in none.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{_shown(url)} is not an address: {error}.") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise UsageError(
            f"{_shown(url)} is not the address of a server: it should begin with https://."
        )
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            f"The address of {parts.hostname} has a user or a password in it: leave them out "
            "(--user takes the user, --password-file or a prompt the password)."
        )
    return parts


def _ascii(host: str, url: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        raise UsageError(f"{_shown(url)} is not an address: its host has no ASCII form.") from None


def _shown(url: str) -> str:
    return repr(without_login(url))
