"""Options that many commands share, and the types of what is typed after them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from afterword.cli.here import find
from afterword.core.model import StepKind
from afterword.formats.values import FIRST_YEAR, LAST_YEAR
from afterword.formats.zones import zone

R = TypeVar("R")


class Zone(click.ParamType[ZoneInfo]):
    """The IANA name of a time zone."""

    name = "zone"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        """Return the zone, or say which one was meant."""
        try:
            return value if isinstance(value, ZoneInfo) else zone(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Instant(click.ParamType[dt.datetime]):
    """A moment in ISO 8601; without an offset it is local (and naive here), a date is its start."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        """Return the moment as it was written."""
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is no moment; write 2026-11-24T18:00, or 2026-11-24T18:00+02:00",
                param,
                ctx,
            )
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(
                f"the year {moment.year} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx
            )
        return moment


ZONE = Zone()
INSTANT = Instant()


def data(command: Callable[..., R]) -> Callable[..., R]:
    """Add --data."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Keep applications, and look for settings.toml, in this directory.",
    )(command)


def here(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data, and hand the command what follows from them as `here`."""

    @click.option("--now", type=INSTANT, help="Take this as the present moment (ISO 8601).")
    @click.option("--zone", type=ZONE, help="Your time zone in this run, such as Europe/Berlin.")
    @data
    @functools.wraps(command)
    def with_here(
        *args: Any, now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None, **kwargs: Any
    ) -> R:
        return command(*args, here=find(now=now, zone=zone, data=data), **kwargs)

    return with_here


def json(command: Callable[..., R]) -> Callable[..., R]:
    """Add --json, handed on as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
    )(command)


class Step(click.ParamType[StepKind]):
    """The name of a step."""

    name = "step"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> StepKind:
        """Return the step; "first" and "second" are enough for the follow-ups."""
        short = {"first": StepKind.FIRST, "second": StepKind.SECOND, "thanks": StepKind.THANK_YOU}
        try:
            return short.get(value) or StepKind(value)
        except ValueError:
            self.fail(f"{value!r} is no step; steps are {', '.join(StepKind)}", param, ctx)


STEP = Step()
