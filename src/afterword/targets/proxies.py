"""Through which other machine a server is reached, as the surroundings say."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass  # noqa: TID251 - reads the surroundings

from afterword.targets.trust import host_of, is_loopback


def proxy_of(url: str) -> str | None:
    """Return the proxy of an address: HTTPS_PROXY and its like, or the system's settings.

    What is on this machine is asked of nobody else, least of all with a password.
    """
    host, scheme = host_of(url), url.partition(":")[0]
    if is_loopback(host):
        return None
    told = getproxies()
    proxy = told.get(scheme) or told.get("all")
    return None if proxy is None or proxy_bypass(host) else proxy
