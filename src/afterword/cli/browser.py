"""A login on the provider's own page, in the person's browser."""

from __future__ import annotations

import time

import attrs
import click

from afterword import passwords
from afterword.cli.access import Access, connect
from afterword.cli.console import say
from afterword.cli.here import Here
from afterword.passwords import Password
from afterword.targets.providers import Provider


@attrs.frozen(kw_only=True)
class Visit:
    """A server, and who visits it."""

    provider: Provider
    url: str
    user: str
    password: Password


def visit(here: Here, provider: Provider, url: str, access: Access) -> Visit:
    """Open the page on which access is granted, and return who visits once it was."""
    from afterword.targets import nextcloud

    with connect(here, url, None, access, quick=False) as server:
        flow = nextcloud.begin(server, url.partition("/remote.php/")[0])
        say("In your browser, log in and grant access; if it does not open, this is the page:")
        say(f"  {flow.page}")
        click.launch(flow.page)
        granted = nextcloud.wait(server, flow, time.sleep)
    say(f"access is granted to {granted.user}")
    password = Password(granted.password, passwords.GRANTED)
    return Visit(provider=provider, url=url, user=granted.user, password=password)
