"""Settings as people type them on a command line, and the defaults offered for the first ones."""

from __future__ import annotations

import operator
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomli

from afterword.domain.policy import Hours
from afterword.errors import UsageError
from afterword.formats.validators import InvalidListError, InvalidValueError, suggestion
from afterword.messages.i18n import available_languages
from afterword.settings import loader
from afterword.settings.loader import Settings
from afterword.settings.settings_schema import SETTINGS, SettingSpec

_TRUE = frozenset({"true", "yes", "y", "on", "1", "ja"})
_FALSE = frozenset({"false", "no", "n", "off", "0", "nein"})
_OTHER_NAMES = {"timezone": "zone", "mail": "applicant.email", "lang": "language"}


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
        return shlex.split(text)
    return [part.strip() for part in text.split(",") if part.strip()]


def _invalid(spec: SettingSpec, message: str) -> UsageError:
    # A suggestion already says what is meant.
    kind = "" if "did you mean" in str(message) else f" ({spec.kind})"
    return UsageError(f"{spec.name}: {message}{kind}")


def _folded(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum() or c == ".")


def is_setup_due(path: Path) -> bool:
    """True if the settings file does not exist, or has only the zone that was saved unasked."""
    try:
        text = loader.settings_text(path)
        if text is None:
            return True
        return text.startswith(loader.FIRST_RUN_NOTE) and tomli.loads(text).keys() <= {"zone"}
    except (UsageError, tomli.TOMLDecodeError):
        return False  # the command reports it


def default_language(settings: Settings, *, is_new: bool) -> str:
    """Return the language to offer: of the settings, or of the machine if they are new."""
    if not is_new:
        return settings.language
    variables = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    tag = next((value for value in variables if value), "")
    code = tag.partition(".")[0].partition("_")[0].casefold()
    return code if code in available_languages() else settings.language
