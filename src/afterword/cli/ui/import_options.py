"""The options for reading invitations and spreadsheets."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from afterword.cli.ui import options

if TYPE_CHECKING:
    from afterword.importers.spreadsheet.cell_dates import DateOrder

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


class TableFlags(NamedTuple):
    """The options for tables as they were typed."""

    dates: DateOrder | None
    partial: bool
    statuses: tuple[str, ...]
    columns: tuple[str, ...]
    update: bool


def table_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options for tables, and hand them to the command as `tables`."""
    from afterword.importers.spreadsheet.cell_dates import DateOrder

    described = (
        click.option(
            "--update", is_flag=True, help="Apply what differs in a table from what is saved."
        ),
        click.option(
            "--status",
            "statuses",
            multiple=True,
            metavar="TEXT=MEANING",
            help="What a status in a table means, such as 'On ice=closed': open, positive, "
            "offer, rejected, closed or cancelled. Remembered.",
        ),
        click.option(
            "--map",
            "columns",
            multiple=True,
            metavar="HEADER=COLUMN",
            help="Which column a header of a table is, such as 'Their header=date', or ignore. "
            "Remembered.",
        ),
        click.option(
            "--dates",
            type=options.EnumChoice("order", DateOrder),
            help="The order of dates in a table.",
        ),
        click.option("--partial", is_flag=True, help="Leave out the bad rows of a table."),
    )

    @functools.wraps(command)
    def call_with_tables(*args: Any, **kwargs: Any) -> R:
        flags = TableFlags(**{name: kwargs.pop(name) for name in TableFlags._fields})
        return command(*args, tables=flags, **kwargs)

    for option in reversed(described):
        call_with_tables = option(call_with_tables)
    return call_with_tables
