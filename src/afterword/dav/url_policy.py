"""Which addresses may get the user's password, and the proxy of an address.

An address that a user typed is trusted if it is well formed. One that a server names is trusted
only on the same host or below it; for any other the user is asked.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from afterword.domain.sanitize import clean_line
from afterword.errors import UsageError

# Providers whose login host redirects each user to a numbered host (pNN-caldav.icloud.com).
_FAMILIES = ("icloud.com",)
_PORTS = {"http": 80, "https": 443}
# The paths of most servers are in normal form already.
_PLAIN = re.compile("(?:/[A-Za-z0-9_~@-][A-Za-z0-9._~@-]*)+/?")
_UNRESERVED = "/~@:+,!$&'()*;=-._"


def normalize_url(url: str, *, allow_http: bool = False) -> str:
    """Return the address in normal form, with an ASCII host.

    Raises UsageError for anything but a plain http(s) address, for credentials in it, and
    for http to another machine unless allowed.
    """
    parts = _parts(url)
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname or ""):
        raise UsageError(
            f"{_quoted(url)} is not encrypted: your password could be read on the way. "
            "Use https://, or --allow-insecure-http for this run."
        )
    return f"{origin(url)}{quote(unquote(parts.path or '/'), safe=_UNRESERVED)}"


def origin(url: str) -> str:
    """Return scheme, host and port, without the default port."""
    parts = _parts(url)
    host = _ascii(parts.hostname or "", url)
    host = f"[{host}]" if ":" in host else host
    port = parts.port or _PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port == _PORTS[parts.scheme] else f":{port}")


def normalize_path(href: str, base: str) -> str | None:
    """Return the path of an href in normal form; None if it is on another server."""
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
    """True if an address that the server `by` named may be used without asking.

    That is the same server, the same host now encrypted, a host below it, or another host
    of the same known provider.
    """
    new, old = _parts(named), _parts(by)
    if old.scheme == "https" and new.scheme != "https":
        return False
    here, there = new.hostname or "", old.hostname or ""
    if here == there:
        ports = [part.port or _PORTS[part.scheme] for part in (new, old)]
        return ports[0] == ports[1] or (new.scheme, ports[0]) == ("https", 443)
    below = here.endswith(f".{there}") and "." in there and ip_address_of(there) is None
    related = any(
        all(host == family or host.endswith(f".{family}") for host in (here, there))
        for family in _FAMILIES
    )
    return new.scheme == "https" and (below or related)


def proxy_of(url: str) -> str | None:
    """Return the proxy of an address from HTTPS_PROXY and its like, or the system's settings.

    Always None for this machine: its services are not asked for elsewhere.
    """
    host, scheme = host_of(url), url.partition(":")[0]
    if is_loopback(host):
        return None
    from urllib import request  # noqa: TID251 - reads the environment, sends nothing

    proxies = request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    return None if proxy is None or request.proxy_bypass(host) else proxy


def host_of(url: str) -> str:
    """Return the host of an address, "" if it has none."""
    return urlsplit(url).hostname or ""


def without_login(url: str) -> str:
    """Return an address to display: a single line without possible passwords."""
    scheme, slashes, rest = clean_line(url).rpartition("//")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"[:200]


def is_private(host: str) -> bool:
    """True if a host is this machine or link-local.

    Services there may trust any client, so a server must not lead us to them.
    """
    address = ip_address_of(host)
    near = address is not None and (address.is_link_local or address.is_unspecified)
    return near or is_loopback(host)


def is_loopback(host: str) -> bool:
    """True if a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = ip_address_of(host)
    return address is not None and address.is_loopback


def ip_address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host is, None for a name.

    It is the IPv4 address if that is mapped into IPv6.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _parts(url: str) -> SplitResult:
    if url != clean_line(url) or " " in url or "\\" in url:
        raise UsageError(f"{_quoted(url)} is not an address: it has blanks or backslashes.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{_quoted(url)} is not an address: {error}.") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise UsageError(
            f"{_quoted(url)} is not the address of a server: it should begin with https://."
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
        raise UsageError(f"{_quoted(url)} is not an address: its host has no ASCII form.") from None


def _quoted(url: str) -> str:
    return repr(without_login(url))
