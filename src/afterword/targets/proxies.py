"""Through which other machine a server is reached, as the surroundings say."""

from __future__ import annotations

from afterword.targets.trust import host_of, is_loopback


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
