"""`afterword serve`: show the plan in a calendar app, from a server on this computer."""

from __future__ import annotations

import time

import click

from afterword.cli.ui import options
from afterword.cli.ui.columns import echo_wrapped
from afterword.cli.ui.command_help import command
from afterword.cli.ui.history_view import SyncPrinter
from afterword.cli.ui.output import echo, status, styled
from afterword.domain.applications import NO_APPLICATIONS_YET
from afterword.errors import AfterwordError
from afterword.services.calendars.local_server import (
    DEFAULT_PORT,
    MAX_PORT,
    USER,
    LocalServer,
    run_local_server,
)
from afterword.services.run_context import RunContext
from afterword.services.workspace import open_workspace

_MINUTE = 60.0
_INDENT = "  "
_APPS = """\
Thunderbird, on this computer
  New Calendar, On the Network
  Username: {user}
  Location: {server.url}
  Find Calendars, Subscribe; then the password

A phone, through a tunnel of yours
  The server listens on {server.root} alone.
  Give it a name with HTTPS that your phone reaches: tailscale serve {server.port}
  That name is HOST below.

iPhone, iPad
  Settings, Apps, Calendar, Calendar Accounts, Add Account, Other, Add CalDAV Account
  Server: HOST
  User Name: {user}
  Password: {server.password}

Android: DAVx5
  +, Login with URL and user name
  Base URL: https://HOST/{user}/
  User name: {user}
  Password: {server.password}
"""


@command("afterword serve")
@click.option(
    "--port",
    type=options.WholeNumber(1, MAX_PORT),
    default=DEFAULT_PORT,
    show_default=True,
    help="The port on this computer.",
)
@click.option(
    "--every",
    "minutes",
    type=options.WholeNumber(1, 24 * 60),
    default=5,
    show_default=True,
    metavar="MINUTES",
    help="Sync the plan with the calendar again after so many minutes.",
)
@options.with_context
def serve(context: RunContext, port: int, minutes: int) -> None:
    """Show your plan in a calendar app, from a CalDAV server on this computer.

    It needs no account: Radicale runs on 127.0.0.1, with a password of its own,
    until you press Ctrl-C. The calendar and the password stay for the next
    time. A phone reaches it through a tunnel of yours. To install it:
    pip install 'afterword[server]'
    """
    try:
        with run_local_server(context, port) as server:
            started = time.monotonic()
            _sync(server, 0.0)
            if open_workspace(context).is_empty():
                status(NO_APPLICATIONS_YET)
            _print_instructions(server)
            while True:
                server.wait(minutes * _MINUTE)
                _sync(server, time.monotonic() - started)
    except KeyboardInterrupt:
        status("the server has stopped; the calendar stays for the next time")


def _sync(server: LocalServer, after: float) -> None:
    """Sync, and print a failure: the server goes on, and tries again later."""
    printer = SyncPrinter(context=server.context, dry_run=False, quiet=True)
    try:
        report = server.sync(printer, after=after).report
    except AfterwordError as error:
        status(f"not synced: {error.message}")
        return
    if report.stopped is not None:
        status(f"not synced: {report.stopped.message}")
    elif report.actions or report.user_edits:
        status(f"synced: {report.summary()}.")


def _print_instructions(server: LocalServer) -> None:
    """Print the address and the login, and the fields of three apps."""
    name = server.context.calendar_name
    echo_wrapped(f'The calendar "{name}" is on this computer until you press Ctrl-C.')
    echo(f"{_INDENT}address   {server.url}")
    echo(f"{_INDENT}user      {USER}")
    echo(f"{_INDENT}password  {server.password}")
    for app in _APPS.format(server=server, user=USER).split("\n\n"):
        title, *lines = app.splitlines()
        echo()
        echo_wrapped(title, bold=True)
        for line in lines:
            echo_wrapped(line.strip(), indent=_INDENT, hanging=_INDENT)
    echo()
    sync = f"afterword sync --calendar-url {server.url} --user {USER}"
    status(styled("To sync at once, in another window:", bold=True))
    status(f"{_INDENT}{sync} --password-file {server.password_file}")
