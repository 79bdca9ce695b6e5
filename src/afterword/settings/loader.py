"""Load the settings file with all its mistakes reported, parse typed settings, and save them."""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import tomli

from afterword.domain.model import Applicant
from afterword.domain.policy import Hours, InterviewReminder, Policy
from afterword.domain.sanitize import clean_line, pluralize
from afterword.errors import InputError, UsageError
from afterword.formats.validators import InvalidListError, InvalidValueError, quoted, suggestion
from afterword.settings.settings_schema import SETTINGS, SettingSpec
from afterword.system import atomic_files

FIRST_RUN_NOTE = "# The time zone of this machine, saved at the first run."
"""The first line of a file that the program wrote without asking."""

_LARGEST = 1_000_000
_TRUE = frozenset({"true", "yes", "y", "on", "1", "ja"})
_FALSE = frozenset({"false", "no", "n", "off", "0", "nein"})
_OTHER_NAMES = {"timezone": "zone", "mail": "applicant.email", "lang": "language"}
_SPECS = {spec.name: spec for spec in SETTINGS}
_SECTIONS = frozenset(name.partition(".")[0] for name in _SPECS if "." in name)


@attrs.frozen(kw_only=True)
class Settings:
    """The user's settings, with defaults for the rest; `zone` is None if it is not set."""

    zone: ZoneInfo | None = None
    language: str = "en"
    informal: bool = False
    me: tuple[str, ...] = ()
    private: bool = False
    reminders: tuple[InterviewReminder, ...] = ()
    books: tuple[str, ...] = (
        "The 2-Hour Job Search (Steve Dalton) https://2hourjobsearch.com/",
        "Knock 'em Dead Job Interview (Martin Yate)",
    )
    courses: tuple[str, ...] = (
        "Successful Interviewing (Coursera) https://www.coursera.org/learn/successful-interviewing",
        "Interviewing skills (LinkedIn Learning) https://www.linkedin.com/learning/",
    )
    sites: tuple[str, ...] = ()
    largest_invitation: int = 1_000_000
    most_events: int = 50
    table_statuses: tuple[str, ...] = ()
    table_columns: tuple[str, ...] = ()
    calendar_url: str | None = None
    calendar_folder: str | None = None
    watch: tuple[str, ...] = ()
    calendar_user: str | None = None
    password_command: tuple[str, ...] = ()
    token_command: tuple[str, ...] = ()
    client_id: str | None = None
    ca_file: str | None = None
    connections: int = 4
    applicant: Applicant = attrs.field(factory=Applicant)
    policy: Policy = attrs.field(factory=Policy)


def load_settings(path: Path) -> Settings:
    """Return the settings of a file; the defaults if it does not exist.

    Raises UsageError with every mistake as a note.
    """
    text = settings_text(path)
    return Settings() if text is None else parse_settings(text, path)


def parse_settings(text: str, path: Path) -> Settings:
    """Return the settings of a text; `path` is its file in messages. Raises as `load_settings`."""
    table, mistakes = _parsed(text, path), list[str]()
    groups: dict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in _flat(table, mistakes.append):
        if name not in _SPECS:
            quoted_name = name if re.fullmatch(r"[\w.-]+", name) else quoted(name)
            mistakes.append(f"{quoted_name}: unknown key{_hint(name)}")
            continue
        try:
            group, _, field = _SPECS[name].field.rpartition(".")
            groups[group][field] = _SPECS[name].validate(value)
        except InvalidListError as error:
            mistakes += [f"{name}, number {number}: {message}" for number, message in error.items]
        except InvalidValueError as error:
            mistakes.append(f"{name}: {error}")
    if mistakes:
        raise UsageError(f"{pluralize(len(mistakes), 'mistake')} in the settings, {path}", mistakes)
    return Settings(
        **groups[""],
        applicant=Applicant(**groups["applicant"]),
        policy=Policy(**groups["policy"]),
    )


def save_settings(path: Path, values: Mapping[str, Any]) -> None:
    """Write values, by the names of their settings ("calendar.url"), into the file.

    A value of None removes the setting.
    The file is created if necessary; everything else in it stays, comments too.
    Raises WriteError, and UsageError for a file that is no valid TOML.
    """
    import tomlkit

    text = settings_text(path) or ""
    _parsed(text, path)  # tomlkit's messages are not for users
    document = tomlkit.parse(text)
    for name, value in values.items():
        section, _, key = name.rpartition(".")
        if section and section not in document and value is not None:
            document[section] = tomlkit.table()
        table: Any = document.get(section, {}) if section else document
        if not hasattr(table, "keys"):
            raise UsageError(f"{path}: {section} is a plain value; write it as a section")
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    save_settings_text(path, tomlkit.dumps(document))


def save_first_zone(path: Path, zone: str) -> None:
    """Write the machine's zone into the file, noted as saved without asking if it is new."""
    if path.exists():
        save_settings(path, {"zone": zone})
    else:
        save_settings_text(path, f'{FIRST_RUN_NOTE}\nzone = "{zone}"\n')


def save_settings_text(path: Path, text: str) -> None:
    """Replace the file, which only the user may read. Raises WriteError."""
    atomic_files.make_directory(path.parent, private=True)
    atomic_files.write_atomically(path, [text.encode()], mode=atomic_files.PRIVATE)


def settings_text(path: Path) -> str | None:
    """Return the text of the settings file, None if it does not exist. Raises UsageError."""
    if not path.exists():
        return None
    try:
        data = atomic_files.read_file(path, at_most=_LARGEST)
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UsageError(f"the settings, {path}, are not in UTF-8: save them anew") from None
    except InputError as error:
        raise UsageError(error.message) from None


def is_set(path: Path, name: str) -> bool:
    """True if the file states a setting, be it the default. Raises UsageError."""
    table = _parsed(settings_text(path) or "", path)
    return any(stated == name for stated, _ in _flat(table, lambda _: None))


def is_setup_due(path: Path) -> bool:
    """True if the settings file does not exist, or has only the zone that was saved unasked."""
    try:
        text = settings_text(path)
        if text is None:
            return True
        return text.startswith(FIRST_RUN_NOTE) and tomli.loads(text).keys() <= {"zone"}
    except (UsageError, tomli.TOMLDecodeError):
        return False  # the command reports it


def _flat(table: dict[str, Any], report: Callable[[str], None]) -> Iterator[tuple[str, Any]]:
    """Yield names and values; `report` gets the message for a section that is a plain value."""
    for name, value in table.items():
        if name not in _SECTIONS:
            yield name, value
        elif isinstance(value, dict):
            yield from ((f"{name}.{key}", each) for key, each in value.items())
        else:
            report(f"{name}: is a section; write [{name}] on a line, and its keys below")


def _hint(name: str) -> str:
    """Suggest the same key in another section, or a similar name."""
    key = name.rpartition(".")[2]
    elsewhere = [each for each in _SPECS if each.rpartition(".")[2] == key]
    if elsewhere:
        return f"; did you mean {elsewhere[0]!r}?"
    return suggestion(name, _SPECS) or "; `afterword settings` shows them all"


def _parsed(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        message = clean_line(str(error)).replace("(at line", "(line")
        raise UsageError(
            f"the settings, {path}, are no valid TOML: {message}; "
            "to correct them: afterword settings edit"
        ) from None
    except (RecursionError, ValueError):
        # Python's own limits on nesting and on the digits of a number.
        raise UsageError(
            f"the settings, {path}, are nested too deeply, or have a number that is too long"
        ) from None


def find_setting(name: str) -> SettingSpec:
    """Return the setting of a full name, or of its last part: "name" is applicant.name.

    Raises UsageError.
    """
    folded = _folded(name)
    folded = _folded(_OTHER_NAMES.get(folded, folded))
    same = [spec for spec in SETTINGS if _folded(spec.name) == folded]
    same = same or [spec for spec in SETTINGS if _folded(spec.name.rpartition(".")[2]) == folded]
    if len(same) == 1:
        return same[0]
    names = [part for spec in SETTINGS for part in (spec.name, spec.name.rpartition(".")[2])]
    hint = suggestion(name, names) or "; `afterword settings` shows them all"
    raise UsageError(f"there is no setting {name!r}{hint}")


def parse_setting(spec: SettingSpec, words: Sequence[str]) -> Any:
    """Return the value that the words of a command line state, as TOML has it.

    Raises UsageError for a value that the setting cannot have.
    """
    try:
        value = _toml_value(spec, words)
        spec.validate(value)
    except InvalidListError as error:
        raise _invalid(spec, "; ".join(message for _, message in error.items)) from None
    except InvalidValueError as error:
        raise _invalid(spec, str(error)) from None
    return value


def plain_value(settings: Settings, spec: SettingSpec) -> Any:
    """Return the value of a setting as JSON and TOML have it, None if it is not set."""
    value = operator.attrgetter(spec.field)(settings)
    if isinstance(value, Hours):
        return [f"{value.start:%H:%M}", f"{value.end:%H:%M}"]
    if isinstance(value, ZoneInfo):
        return value.key
    return list(value) if isinstance(value, tuple) else value


def _toml_value(spec: SettingSpec, words: Sequence[str]) -> Any:
    """Return the words as a value of the type that the setting's default has."""
    default = operator.attrgetter(spec.field)(Settings())
    text = " ".join(words)
    if isinstance(default, bool):
        word = text.casefold()
        return True if word in _TRUE else False if word in _FALSE else text
    if isinstance(default, int):
        return int(text) if text.strip().isdecimal() else text
    if isinstance(default, tuple | Hours):
        return _list(spec, words)
    return text


def _list(spec: SettingSpec, words: Sequence[str]) -> Any:
    if len(words) > 1:
        return [word.strip(",") for word in words]
    (text,) = words
    if text.lstrip().startswith("["):
        try:
            return tomli.loads(f"value = {text}")["value"]
        except tomli.TOMLDecodeError:
            raise _invalid(spec, f"{text!r} is no list; write the items one by one") from None
    if spec.name.endswith("command"):
        import shlex

        return shlex.split(text)
    return [part.strip() for part in text.split(",") if part.strip()]


def _invalid(spec: SettingSpec, message: str) -> UsageError:
    # A suggestion already says what is meant.
    kind = "" if "did you mean" in str(message) else f" ({spec.kind})"
    return UsageError(f"{spec.name}: {message}{kind}")


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum() or c == ".")
