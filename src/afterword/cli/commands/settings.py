"""`afterword settings`: list the settings with their values and meanings."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from afterword.cli.ui import options
from afterword.cli.ui.columns import format_table
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, styled, terminal_width
from afterword.domain.policy import Hours
from afterword.settings import loader
from afterword.settings.paths import Locations, find_locations
from afterword.settings.settings_schema import SETTINGS


@click.command(
    cls=CommandWithExample,
    example="""
    afterword settings
    afterword settings --template > settings.toml
    """,
)
@click.option("--template", is_flag=True, help="Print a file with every key, to fill in.")
@click.option(
    "--approve",
    is_flag=True,
    help="Approve the program that the settings.toml in --data DIR names; it may run then.",
)
@options.ignored_context
@options.data
@options.json
def settings(template: bool, approve: bool, data: Path | None, as_json: bool) -> None:
    """Show every setting with its value and meaning."""
    if template:
        echo("\n".join(_template()))
        return
    locations = find_locations(data)
    path = locations.settings
    loaded = loader.load_settings(path)
    if approve:
        _approve(loaded, locations)
        return
    values = _values(loaded)
    if as_json:
        echo_json({"version": 1, "path": str(path), "settings": values})
        return
    echo(f"{path}{'' if path.exists() else ' (not there yet: these are the defaults)'}")
    rows = [(styled(key.name, bold=True), _toml(values[key.name]), key.meaning) for key in SETTINGS]
    for line in format_table(rows, width=terminal_width()):
        echo(*line)


def _approve(loaded: loader.Settings, locations: Locations) -> None:
    from afterword.services.program_approval import approve_programs

    program = approve_programs(loaded, locations)
    if program is None:
        echo(f"{locations.settings} names no program: there is nothing to approve.")
    else:
        echo(f"Approved, until {locations.settings} names another one: {program}")


def _values(settings: loader.Settings) -> dict[str, Any]:
    return {key.name: _plain(operator.attrgetter(key.field)(settings)) for key in SETTINGS}


def _template() -> Iterator[str]:
    """Yield the lines of a settings file in which nothing is set yet."""
    values, section = _values(loader.Settings()), ""
    yield "# Settings of afterword. Each is optional; what has a # before it does not count."
    for key in SETTINGS:
        head, _, name = key.name.rpartition(".")
        if head != section:
            section = head
            yield f"\n[{section}]"
        value = key.example if values[key.name] in (None, []) else values[key.name]
        yield f"\n# {key.meaning} ({key.kind})\n# {name} = {_toml(value)}"


def _plain(value: Any) -> Any:
    if isinstance(value, Hours):
        return [f"{value.start:%H:%M}", f"{value.end:%H:%M}"]
    if isinstance(value, ZoneInfo):
        return value.key
    return list(value) if isinstance(value, tuple) else value


def _toml(value: Any) -> str:
    """Return a value in TOML, whose texts, numbers and lists are those of JSON."""
    return "-" if value is None else json.dumps(value, ensure_ascii=False)
