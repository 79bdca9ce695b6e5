"""The settings file: the user's own side, hours, and figures that are later than the rules.

Read whole, with all its mistakes at once; written in one place only, for what
the program found out or was told: the user's zone, and the calendar.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import tomli

from afterword.domain.events.interview_reminders import InterviewReminder
from afterword.domain.model import Applicant
from afterword.domain.policy import Policy
from afterword.domain.sanitize import clean_line, pluralize
from afterword.errors import InputError, UsageError
from afterword.formats.validators import InvalidListError, InvalidValueError, quoted, suggestion
from afterword.settings.settings_schema import SETTINGS
from afterword.system import atomic_files

_LARGEST = 1_000_000
_SECTIONS = frozenset(key.name.partition(".")[0] for key in SETTINGS if "." in key.name)
_BY_NAME = {key.name: key for key in SETTINGS}


@attrs.frozen(kw_only=True)
class Settings:
    """What the user has set, and the defaults of the rest; `zone` is None until it is known."""

    zone: ZoneInfo | None = None
    language: str = "en"
    informal: bool = False
    me: tuple[str, ...] = ()
    private: bool = False
    reminders: tuple[InterviewReminder, ...] = ()
    largest_invitation: int = 1_000_000
    most_events: int = 50
    calendar_url: str | None = None
    calendar_user: str | None = None
    password_command: tuple[str, ...] = ()
    ca_file: str | None = None
    connections: int = 4
    applicant: Applicant = attrs.field(factory=Applicant)
    policy: Policy = attrs.field(factory=Policy)


def load_settings(path: Path) -> Settings:
    """Read the settings file; the defaults where there is none.

    Raises UsageError that names every mistake in it.
    """
    if not path.exists():
        return Settings()
    table, mistakes = _parsed(path), list[str]()
    groups: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in _flat(table, mistakes.append):
        try:
            group, _, field = _BY_NAME[name].field.rpartition(".")
            groups[group][field] = _BY_NAME[name].read(value)
        except InvalidListError as error:
            mistakes += [f"{name}, number {number}: {words}" for number, words in error.items]
        except InvalidValueError as error:
            mistakes.append(f"{name}: {error}")
    if mistakes:
        raise UsageError(f"{pluralize(len(mistakes), 'mistake')} in the settings, {path}", mistakes)
    return Settings(
        **groups[""],
        applicant=Applicant(**groups["applicant"]),
        policy=Policy(**groups["policy"]),
    )


def save_zone(path: Path, zone: ZoneInfo) -> None:
    """Write the user's zone into the settings file; see `store`."""
    save_settings(path, {"zone": zone.key})


def save_settings(path: Path, values: Mapping[str, Any]) -> None:
    """Write values, by their keys ("calendar.url"), into the settings file, or into a new one.

    Comments and all else in it stay as they are. Raises WriteError.
    """
    import tomlkit

    document = tomlkit.parse(_text(path) if path.exists() else "")
    for name, value in values.items():
        section, _, key = name.rpartition(".")
        if section and section not in document:
            document[section] = tomlkit.table()
        table: Any = document[section] if section else document
        table[key] = value
    atomic_files.make_directory(path.parent, private=True)
    atomic_files.write_atomically(
        path, [tomlkit.dumps(document).encode()], mode=atomic_files.PRIVATE
    )


def _flat(table: dict[str, Any], wrong: Callable[[str], None]) -> Iterator[tuple[str, Any]]:
    """Yield the known keys and their values; note the others."""
    for name, value in table.items():
        if name in _SECTIONS and not isinstance(value, dict):
            wrong(f"{name}: is a section; write [{name}] on a line, and its keys below")
        elif name in _SECTIONS:
            for inner, item in value.items():
                yield from _known(f"{name}.{inner}", item, wrong)
        else:
            yield from _known(name, value, wrong)


def _known(name: str, value: Any, wrong: Callable[[str], None]) -> Iterator[tuple[str, Any]]:
    if name in _BY_NAME:
        yield name, value
    else:
        wrong(f"{_word(name)}: unknown key{_hint(name)}")


def _hint(name: str) -> str:
    """Return what was meant: the key of another section, or one that is written much alike."""
    last = name.rpartition(".")[2]
    elsewhere = [known for known in _BY_NAME if known.rpartition(".")[2] == last]
    if elsewhere:
        return f"; did you mean {elsewhere[0]!r}?"
    return suggestion(name, _BY_NAME) or "; `afterword settings` shows them all"


def _word(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]+", name) else quoted(name)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(_text(path))
    except tomli.TOMLDecodeError as error:
        message = clean_line(str(error)).replace("(at line", "(line")
        raise UsageError(f"the settings, {path}, are no valid TOML: {message}") from None


def _text(path: Path) -> str:
    try:
        return (
            atomic_files.read_file(path, at_most=_LARGEST).decode("utf-8-sig").replace("\r\n", "\n")
        )
    except UnicodeDecodeError:
        raise UsageError(f"the settings, {path}, are not in UTF-8: save them anew") from None
    except InputError as error:
        raise UsageError(error.message) from None
