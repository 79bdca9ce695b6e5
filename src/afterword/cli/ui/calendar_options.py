"""The options for a calendar on a server, and how to log in there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

R = TypeVar("R")


def access_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options of Access, with its names."""
    for add in (
        click.option(
            "--ca-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
            help="Trust the certificates in this file (PEM), for a server of your own.",
        ),
        click.option(
            "--allow-insecure-http",
            is_flag=True,
            help="Send the password unencrypted in this run.",
        ),
        click.option(
            "--password-file",
            metavar="FILE",
            help="Read the password from the first line of a file, or from - (stdin).",
        ),
        click.option("--user", metavar="NAME", help="Your user name on the server."),
    ):
        command = add(command)
    return command


def calendar_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --calendar-url, --folder and the options of Access."""
    command = click.option(
        "--folder",
        type=click.Path(readable=False, path_type=Path),
        metavar="DIR",
        help="Use this folder with a file for each event (vdir) instead of the chosen calendar.",
    )(access_options(command))
    return click.option(
        "--calendar-url", metavar="URL", help="Use this calendar instead of the chosen one."
    )(command)
