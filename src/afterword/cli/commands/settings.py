"""`afterword settings` and `setup`: show, set and edit settings, or ask for them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.columns import echo_table
from afterword.cli.ui.command_help import command, command_group
from afterword.cli.ui.output import echo, echo_json, status, styled
from afterword.cli.ui.setup_questions import ask_setup
from afterword.cli.ui.user_programs import edit_until_saved
from afterword.errors import UsageError
from afterword.settings import loader
from afterword.settings.paths import Locations
from afterword.settings.settings_schema import SETTINGS

_KEY = options.completed("key", *(spec.name for spec in SETTINGS))


@command_group("""
    afterword settings
    afterword settings set name "Sam Seeker"
    afterword settings edit
    """)
@click.option("--template", is_flag=True, help="Print a file with every setting, to fill in.")
@click.option(
    "--approve",
    is_flag=True,
    help="Approve the program that the settings.toml in --data DIR names; it may run then.",
)
@options.with_locations
@options.json
@click.pass_context
def settings(
    ctx: click.Context, template: bool, approve: bool, locations: Locations, as_json: bool
) -> None:
    """Show every setting with its value and meaning, or change settings."""
    if ctx.invoked_subcommand is not None:
        return
    if template:
        echo("\n".join(_template()))
        return
    path = locations.settings
    loaded = loader.load_settings(path)
    if approve:
        _approve(loaded, locations)
        return
    values = _values(loaded)
    if as_json:
        echo_json({"path": str(path), "settings": values})
        return
    echo(f"{path}{'' if path.exists() else ' (not there yet: these are the defaults)'}")
    rows = [(styled(key.name, bold=True), _toml(values[key.name]), key.meaning) for key in SETTINGS]
    echo_table(rows)


@settings.command(
    "set",
    example="""
    afterword settings set name "Sam Seeker"
    afterword settings set language de
    afterword settings set hours.waking 09:00 21:00
    """,
)
@click.argument("key", type=_KEY)
@click.argument("value", nargs=-1, required=True)
@options.with_locations
def set_setting(key: str, value: tuple[str, ...], locations: Locations) -> None:
    """Set KEY to VALUE in the settings file, whose comments stay.

    KEY is a name in `afterword settings`, or its last part. Some settings take
    several values.
    """
    spec = loader.find_setting(key)
    path = _file_to_change(locations)
    parsed = loader.parse_setting(spec, value)
    is_copied = _copy_settings(locations, path)
    loader.save_settings(path, {spec.name: parsed})
    echo(f"{spec.name} = {_toml(parsed)}")
    status(f"Saved in {path}" + f", which now replaces {locations.settings}" * is_copied)
    if spec.name == "language":
        from afterword.messages.template_store import describe_missing_parts

        if message := describe_missing_parts(parsed):
            status(message)
    try:
        loader.load_settings(path)
    except UsageError as error:
        prompts.explain(error.message, error.notes)


@settings.command("unset", example="afterword settings unset language")
@click.argument("key", type=_KEY)
@options.with_locations
def unset_setting(key: str, locations: Locations) -> None:
    """Remove KEY from the settings file, so that the default holds again."""
    spec = loader.find_setting(key)
    path = _file_to_change(locations)
    _copy_settings(locations, path)
    if path.exists():
        loader.save_settings(path, {spec.name: None})
    echo(f"{spec.name} is not set")


@settings.command("get", example="afterword settings get language")
@click.argument("key", type=_KEY)
@options.with_locations
def get_setting(key: str, locations: Locations) -> None:
    """Print the value of KEY: the default, or nothing, if it is not set."""
    spec = loader.find_setting(key)
    value = loader.plain_value(loader.load_settings(locations.settings), spec)
    if value is not None:
        echo(value if isinstance(value, str) else _toml(value))


@settings.command("edit", example="afterword settings edit")
@options.with_locations
def edit_settings(locations: Locations) -> None:
    """Open the settings file in your editor.

    It is saved only if it has no mistakes.
    """
    path = _file_to_change(locations)

    def save(text: str) -> None:
        loader.parse_settings(text, path)
        loader.save_settings_text(path, text)

    text = loader.settings_text(locations.settings)
    if text is None:
        text = "\n".join(_template()) + "\n"
    if edit_until_saved(text, path, save, locations.state):
        status(f"Saved in {path}")


@settings.command("path", example="afterword settings path")
@options.with_locations
def print_path(locations: Locations) -> None:
    """Print the path of the settings file."""
    echo(str(locations.settings))


def _file_to_change(locations: Locations) -> Path:
    """Return the settings file of the directory that --data names, or else the user's."""
    name = locations.settings.name
    return locations.data / name if locations.is_named else locations.settings


def _copy_settings(locations: Locations, path: Path) -> bool:
    """Begin the file of a directory with the user's settings; return True if that was done."""
    text = None if path == locations.settings else loader.settings_text(locations.settings)
    if text is not None:
        loader.save_settings_text(path, text)
    return text is not None


def _approve(loaded: loader.Settings, locations: Locations) -> None:
    from afterword.services.calendars.program_approval import approve_programs

    program = approve_programs(loaded, locations)
    if program is None:
        echo(f"{locations.settings} names no program: there is nothing to approve.")
    else:
        echo(f"Approved, until {locations.settings} names another one: {program}")


def _values(settings: loader.Settings) -> dict[str, Any]:
    return {key.name: loader.plain_value(settings, key) for key in SETTINGS}


def _template() -> Iterator[str]:
    """Yield the lines of a settings file in which nothing is set yet."""
    values, section = _values(loader.Settings()), ""
    yield "# Settings of afterword. Every setting is optional; lines that begin with # are ignored."
    for key in SETTINGS:
        head, _, name = key.name.rpartition(".")
        if head != section:
            section = head
            yield f"\n[{section}]"
        value = key.example if values[key.name] in (None, []) else values[key.name]
        yield f"\n# {key.meaning} ({key.kind})\n# {name} = {_toml(value)}"


def _toml(value: Any) -> str:
    """Return a value in TOML, whose texts, numbers and lists are those of JSON."""
    return "-" if value is None else json.dumps(value, ensure_ascii=False)


@command("afterword setup")
@options.context_options
def setup(now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> None:
    """Answer a few questions: name, e-mail, zone, language, reminders, where they go.

    Enter keeps the value in brackets, or skips a question. The first add, round
    or import on a terminal asks the same. Off a terminal nothing is asked.
    """
    if not prompts.can_ask():
        status("setup needs a terminal. Set single values with: afterword settings set KEY VALUE")
        return
    ask_setup(now, zone, data)
