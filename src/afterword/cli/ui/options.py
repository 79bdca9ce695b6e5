"""Options that many commands share, and the types of their values."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.model import Answer, Channel, StepKind
from afterword.domain.sanitize import clean_line
from afterword.formats import validators
from afterword.formats.validators import validate_zone

if TYPE_CHECKING:
    from afterword.services.run_context import RunContext

ON_EXAMPLES = '"yesterday", "last tue 14:00"'
DECISION_HELP = 'The day by which they want to decide: "4 Dec", "next week".'

R = TypeVar("R")
E = TypeVar("E", bound=enum.StrEnum)


class Zone(click.ParamType[ZoneInfo]):
    """The IANA name of a time zone."""

    name = "zone"
    completes = ("@zone",)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> ZoneInfo:
        """Return the zone; the error suggests a similar name."""
        try:
            return value if isinstance(value, ZoneInfo) else validate_zone(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Instant(click.ParamType[dt.datetime]):
    """A time in ISO 8601; without an offset it is local and stays naive, a date is its midnight."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.datetime:
        """Return the time, naive if it has no offset."""
        if isinstance(value, dt.datetime):  # given before a command of a group
            return value
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is not a time; write 2026-11-24T18:00 or 2026-11-24T18:00+02:00",
                param,
                ctx,
            )
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail(
                f"the year {moment.year} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx
            )
        return moment


class WholeNumber(click.IntRange):
    """A whole number from a smallest to a largest, in words instead of formulas."""

    name = "number"

    def __init__(self, smallest: int, largest: int) -> None:
        super().__init__(smallest, largest)
        self._words = f"{smallest} to {largest}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a whole number from {self._words}", param, ctx)

    def _describe_range(self) -> str:
        """Return the range for the help."""
        return self._words


class Text(click.ParamType[str]):
    """A text that is not empty; the validator decides whether it may have several lines."""

    name = "text"

    def __init__(self, validate: Callable[[str], str]) -> None:
        self._validate = validate

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text without control characters."""
        if not clean_line(value):
            self.fail("it is empty", param, ctx)
        try:
            return self._validate(value)
        except validators.InvalidValueError as error:
            self.fail(f"it {error}", param, ctx)


class Completed(click.ParamType[str]):
    """A text for which a shell offers `completes`: words, or kinds of values that begin with @.

    The kinds are in `afterword.cli.shell_completion`.
    """

    def __init__(self, name: str, *completes: str) -> None:
        self.name = name
        self.completes = completes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text."""
        del param, ctx
        return str(value)


APP = Completed("app", "@application")
FILE = Completed("file", "@file")
LINE, TEXT = Text(validators.validate_line), Text(validators.validate_text)
ZONE = Zone()
INSTANT = Instant()


def _group_option(name: str) -> Callable[[], Any]:
    """Return the default: the value given before the command's name."""

    def value() -> Any:
        context = click.get_current_context().parent
        while context is not None and context.params.get(name) is None:
            context = context.parent
        return context.params[name] if context else None

    return value


def data(command: Callable[..., R]) -> Callable[..., R]:
    """Add --data."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        default=_group_option("data"),
        help="Store applications, and look for settings.toml, in this directory.",
    )(command)


def now_and_zone(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now and --zone."""
    command = click.option(
        "--zone",
        type=ZONE,
        default=_group_option("zone"),
        help="Your time zone in this run, such as Europe/Berlin.",
    )(command)
    return click.option(
        "--now",
        type=INSTANT,
        default=_group_option("now"),
        help="Act as if it were this time (ISO 8601).",
    )(command)


def with_context(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data, and hand the command the `context` that they make."""

    @now_and_zone
    @data
    @functools.wraps(command)
    def call_with_context(
        *args: Any, now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None, **kwargs: Any
    ) -> R:
        return command(*args, context=terminal_context(now, zone, data), **kwargs)

    return call_with_context


def terminal_context(
    now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None
) -> RunContext:
    """Return the context of a run at a terminal."""
    from afterword.cli.ui.terminal import Terminal
    from afterword.services.run_context import build_context

    return build_context(now=now, zone=zone, data=data, ui=Terminal())


def ignored_context(command: Callable[..., R]) -> Callable[..., R]:
    """Accept --now and --zone, as every command does, and ignore them."""
    for name, kind in (("--now", INSTANT), ("--zone", ZONE)):
        command = click.option(name, type=kind, hidden=True, expose_value=False)(command)
    return command


def ignored_data(command: Callable[..., R]) -> Callable[..., R]:
    """Accept --data, as every command does, and ignore it."""
    return click.option("--data", hidden=True, expose_value=False)(command)


def json(command: Callable[..., R]) -> Callable[..., R]:
    """Add --json, and hand it to the command as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
    )(command)


class EnumChoice(click.ParamType[E]):
    """A value of an enumeration, or a short form of it; `hidden` values are not listed."""

    def __init__(
        self,
        name: str,
        values: type[E],
        short: Mapping[str, E] | None = None,
        *,
        hidden: Collection[E] = (),
    ) -> None:
        self.name = name
        self._values = values
        self._short = short or {}
        self._listed = [str(value) for value in values if value not in hidden]

    def get_metavar(
        self,
        param: click.Parameter,
        ctx: click.Context,  # noqa: ARG002 - click's signature
    ) -> str | None:
        """Return the values for the help."""
        if param.param_type_name == "argument":
            return None
        return f"[{'|'.join(self._listed)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> E:
        """Return the value; the error lists the valid ones."""
        try:
            word = str(value).strip().casefold()
            return self._short.get(word) or self._values(word)
        except ValueError:
            words = ", ".join(self._listed)
            hint = validators.suggestion(str(value), self._listed) or f"; it is one of {words}"
            self.fail(f"unknown {self.name} {value!r}{hint}", param, ctx)

    @property
    def completes(self) -> tuple[str, ...]:
        """The values, for completion."""
        return tuple(self._listed)


class StepName(click.ParamType[str]):
    """The name of a step, "follow-up" for the due follow-up, or any of the `more` names.

    `resolve_step` returns the step of a name.
    """

    name = "step"

    def __init__(self, more: Sequence[str] = ()) -> None:
        self._more = more

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the full name; the error suggests a similar name."""
        from afterword.domain import step_names

        name = step_names.parse_step_name(value, self._more)
        if name is None:
            closest = step_names.closest_step_name(value, self._more)
            hint = f"; did you mean {closest!r}?" if closest else "."
            names = ", ".join((*StepKind, *self._more))
            self.fail(f"there is no step {value!r}{hint} There are: {names}", param, ctx)
        return name

    @property
    def completes(self) -> tuple[str, ...]:
        """The names, for completion."""
        return (*map(str, StepKind), *self._more)


STEP = StepName()
ANSWER = EnumChoice("answer", Answer)
CHANNEL = EnumChoice("channel", Channel)
