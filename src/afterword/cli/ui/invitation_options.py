"""The options for values that an invitation may lack."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from afterword.cli.ui import options

R = TypeVar("R")

_NAMES = ("company", "role", "me", "employer_zone", "at")


def invitation_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options of InvitationHints, and hand them to the command as `hints`."""
    described = (
        click.option("--company", help="The company, if the invitation does not name it."),
        click.option("--role", help="The role, if the invitation does not name it."),
        click.option(
            "--me",
            multiple=True,
            metavar="ADDRESS",
            help="Your own address, so that you are not taken for an interviewer. May be repeated.",
        ),
        click.option(
            "--employer-zone",
            type=options.ZONE,
            help="The employer's time zone, for times that name none.",
        ),
        click.option(
            "--at", metavar="WHEN", help="The start time, if an invitation has only the day."
        ),
    )

    @functools.wraps(command)
    def call_with_hints(*args: Any, **kwargs: Any) -> R:
        from afterword.services.input_files import InvitationHints

        hints = InvitationHints(**{name: kwargs.pop(name) for name in _NAMES})
        return command(*args, hints=hints, **kwargs)

    for option in reversed(described):
        call_with_hints = option(call_with_hints)
    return call_with_hints
