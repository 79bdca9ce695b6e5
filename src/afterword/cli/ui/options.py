"""Options that many commands share, the types of their values, and the arguments that they make."""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from afterword.domain.datemath import FIRST_YEAR, LAST_YEAR
from afterword.domain.model import Answer, Channel, StepKind
from afterword.domain.sanitize import clean_line
from afterword.formats import validators

if TYPE_CHECKING:
    from afterword.services.input_files import InvitationHints
    from afterword.services.run_context import RunContext
    from afterword.services.workspace import Workspace

DECISION_HELP = 'The day by which they want to decide: "4 Dec", "next week".'

R = TypeVar("R")
T = TypeVar("T")
E = TypeVar("E", bound=enum.StrEnum)


class Parsed(click.ParamType[T]):
    """A value that a function makes of the typed text; the user reads its ValueError.

    A shell offers `completes`: words, or kinds of values that begin with @, which are in
    `afterword.cli.shell_completion`.
    """

    def __init__(self, name: str, parse: Callable[[str], T], *completes: str) -> None:
        self.name = name
        self.completes = completes
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T:
        """Return the value; a value given before a command of a group is parsed already."""
        if not isinstance(value, str):
            parsed: T = value
            return parsed
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def completed(name: str, *completes: str) -> Parsed[str]:
    """Return the type of a text for which a shell offers `completes`."""
    return Parsed(name, str, *completes)


def _instant(typed: str) -> dt.datetime:
    """Return a time in ISO 8601; without an offset it stays naive, a date is its midnight."""
    try:
        moment = dt.datetime.fromisoformat(typed)
    except ValueError:
        example = "2026-11-24T18:00 or 2026-11-24T18:00+02:00"
        raise ValueError(f"{typed!r} is not a time; write {example}") from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year {moment.year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


def _not_empty(validate: Callable[[str], str], typed: str) -> str:
    """Return a text without control characters; the validator decides about its lines."""
    if not clean_line(typed):
        raise ValueError("it is empty")
    try:
        return validate(typed)
    except validators.InvalidValueError as error:
        raise ValueError(f"it {error}") from None


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


class EnumChoice(click.ParamType[E]):
    """A value of an enumeration; `hidden` values are not listed."""

    def __init__(self, name: str, values: type[E], *, hidden: Collection[E] = ()) -> None:
        self.name = name
        self.completes = tuple(str(value) for value in values if value not in hidden)
        self._values = values

    def get_metavar(
        self,
        param: click.Parameter,
        ctx: click.Context,  # noqa: ARG002 - click's signature
    ) -> str | None:
        """Return the values for the help."""
        if param.param_type_name == "argument":
            return None
        return f"[{'|'.join(self.completes)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> E:
        """Return the value; the error lists the valid ones."""
        try:
            return self._values(str(value).strip().casefold())
        except ValueError:
            words = ", ".join(self.completes)
            hint = validators.suggestion(str(value), self.completes) or f"; it is one of {words}"
            self.fail(f"unknown {self.name} {value!r}{hint}", param, ctx)


def step_name(*more: str) -> Parsed[str]:
    """Return the type of a step's name, of "follow-up" for the due step, or of `more` names.

    `resolve_step` returns the step of a name.
    """

    def parse(typed: str) -> str:
        from afterword.domain import step_names

        name = step_names.parse_step_name(typed, more)
        if name is None:
            closest = step_names.closest_step_name(typed, more)
            hint = f"; did you mean {closest!r}?" if closest else "."
            names = ", ".join((*StepKind, *more))
            raise ValueError(f"there is no step {typed!r}{hint} There are: {names}")
        return name

    return Parsed("step", parse, *map(str, StepKind), *more)


APP = completed("app", "@application")
FILE = completed("file", "@file")
LINE = Parsed("text", functools.partial(_not_empty, validators.validate_line))
TEXT = Parsed("text", functools.partial(_not_empty, validators.validate_text))
ZONE = Parsed("zone", validators.validate_zone, "@zone")
INSTANT = Parsed("instant", _instant)
STEP = step_name()
ANSWER = EnumChoice("answer", Answer)
CHANNEL = EnumChoice("channel", Channel)


def _group_option(name: str) -> Callable[[], Any]:
    """Return the default: the value given before the command's name."""

    def value() -> Any:
        context = click.get_current_context().parent
        while context is not None and context.params.get(name) is None:
            context = context.parent
        return context.params[name] if context else None

    return value


_now = click.option(
    "--now",
    type=INSTANT,
    default=_group_option("now"),
    help="Act as if it were this time (ISO 8601).",
)
_zone = click.option(
    "--zone",
    type=ZONE,
    default=_group_option("zone"),
    help="Your time zone in this run, such as Europe/Berlin.",
)
_data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default=_group_option("data"),
    help="Store applications, and look for settings.toml, in this directory.",
)
json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)
client = click.option(
    "--client", metavar="NAME", help="Only the applications of this client; a part will do."
)


def context_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data."""
    return _now(_zone(_data(command)))


def with_context(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data, and hand the command the `context` that they make."""

    @context_options
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
    from afterword.cli.ui.prompts import Terminal
    from afterword.services.run_context import build_context

    return build_context(now=now, zone=zone, data=data, ui=Terminal())


def with_workspace(command: Callable[..., R]) -> Callable[..., R]:
    """Add --now, --zone and --data, and hand the command the `workspace` that they name.

    A command with an option --dry-run has it in the workspace.
    """

    @with_context
    @functools.wraps(command)
    def call_with_workspace(
        *args: Any, context: RunContext, dry_run: bool = False, **kwargs: Any
    ) -> R:
        from afterword.services.workspace import open_workspace

        return command(*args, workspace=open_workspace(context, dry_run=dry_run), **kwargs)

    return call_with_workspace


def with_application(command: Callable[..., R]) -> Callable[..., R]:
    """Add APP, and hand the command its `workspace` and `application`."""

    @click.argument("app", type=APP)
    @with_workspace
    @functools.wraps(command)
    def call_with_application(*args: Any, app: str, workspace: Workspace, **kwargs: Any) -> R:
        application = workspace.find_application(app)
        return command(*args, workspace=workspace, application=application, **kwargs)

    return call_with_application


def on_option(meaning: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return the option --on with its meaning."""
    text = f'{meaning}: "yesterday", "last tue 14:00".  [default: now]'
    return click.option("--on", metavar="WHEN", help=text)


def with_locations(command: Callable[..., R]) -> Callable[..., R]:
    """Add --data, and hand the command its `locations`; accept --now and --zone unused."""

    @_data
    @functools.wraps(command)
    def call_with_locations(*args: Any, data: Path | None, **kwargs: Any) -> R:
        from afterword.settings.paths import find_locations

        return command(*args, locations=find_locations(data), **kwargs)

    return _ignored(call_with_locations, "--now", "--zone")


def without_context(command: Callable[..., R]) -> Callable[..., R]:
    """Accept --now, --zone and --data, as every command does, and ignore them."""
    return _ignored(command, "--data", "--now", "--zone")


def _ignored(command: Callable[..., R], *names: str) -> Callable[..., R]:
    types = {"--now": INSTANT, "--zone": ZONE}
    for name in names:
        command = click.option(name, type=types.get(name), hidden=True, expose_value=False)(command)
    return command


def line(
    *names: str, help: str, metavar: str = "TEXT", multiple: bool = False
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return an option for a line of text, or for several."""
    return click.option(*names, type=LINE, metavar=metavar, multiple=multiple, help=help)


def group(
    name: str,
    record: Callable[..., object],
    fields: Iterable[str],
    *options: Callable[[Callable[..., Any]], Callable[..., Any]],
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Return a decorator that adds options, and hands them to a command as a single record."""

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(command)
        def call_with_record(*args: Any, **kwargs: Any) -> R:
            values = {field: kwargs.pop(field) for field in fields}
            return command(*args, **{name: record(**values)}, **kwargs)

        for option in reversed(options):
            call_with_record = option(call_with_record)
        return call_with_record

    return decorate


def _invitation_hints(**values: Any) -> InvitationHints:
    from afterword.services.input_files import InvitationHints

    return InvitationHints(**values)


invitation_hints = group(
    "hints",
    _invitation_hints,
    ("company", "role", "me", "employer_zone", "at"),
    click.option("--company", help="The company, if the invitation does not name it."),
    click.option("--role", help="The role, if the invitation does not name it."),
    click.option(
        "--me",
        multiple=True,
        metavar="ADDRESS",
        help="Your own address, so that you are not taken for an interviewer. May be repeated.",
    ),
    click.option(
        "--employer-zone", type=ZONE, help="The employer's time zone, for times that name none."
    ),
    click.option("--at", metavar="WHEN", help="The start time, if an invitation has only the day."),
)
"""The decorator that adds the options for values that an invitation may lack, as `hints`."""
