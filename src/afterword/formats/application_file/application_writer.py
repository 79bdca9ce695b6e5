"""Write applications as TOML and as JSON, with the keys that the reader reads.

Defaults are left out, so that a file says no more than people or the tool
stated. Times are written to the second.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import Application, Interview
from afterword.formats.application_file.toml_document import value_text
from afterword.formats.validators import InvalidValueError, attach_zone

Keys = dict[str, Any]
"""Keys of a table in the order of writing, with TOML's own types as values."""

_MINUTE = dt.timedelta(minutes=1)
# Attributes that are tables of their own, with the names of these.
_TABLES = {
    "applicant": "applicant",
    "contact": "contact",
    "interviews": "interview",
    "interviewers": "interviewer",
    "log": "log",
}


def table_keys(value: attrs.AttrsInstance) -> Keys:
    """Return the keys of a table, without the tables below it."""
    return {
        name: each if type(each) is str else _toml_value(each)
        for name, default in _defaults(type(value))
        if (each := getattr(value, name)) != default
    }


@functools.cache
def _defaults(model: type[attrs.AttrsInstance]) -> tuple[tuple[str, Any], ...]:
    """Return the attributes that are keys of a table, with their defaults."""
    fields = attrs.fields(model)
    return tuple((field.name, field.default) for field in fields if field.name not in _TABLES)


def interview_keys(interview: Interview, home: ZoneInfo | None) -> Keys:
    """Return the keys of an interview; `home` is the zone of its application."""
    minutes, rest = divmod(datemath.elapsed(interview.start, interview.end), _MINUTE)
    keys = table_keys(interview)
    keys["start"] = _local_time(interview.start, interview.zone)
    keys["end"] = _local_time(interview.end, interview.zone) if rest else minutes
    if interview.zone == home:
        keys.pop("zone", None)
    length = "end" if rest else "minutes"
    return {length if name == "end" else name: value for name, value in keys.items()}


def nested_keys(value: attrs.AttrsInstance, home: ZoneInfo | None = None) -> Keys:
    """Return the keys of a table and of all tables below it; `home` as in `interview_keys`."""
    keys = interview_keys(value, home) if isinstance(value, Interview) else table_keys(value)
    for attribute, name in _TABLES.items():
        below = getattr(value, attribute, None)
        if isinstance(below, tuple):
            keys[name] = [nested_keys(each, getattr(value, "zone", None)) for each in below]
        elif below is not None:
            keys[name] = nested_keys(below)
    return keys


def file_text(application: Application) -> str:
    """Return the file of an application whose values are valid."""
    return toml_text(nested_keys(application))


def toml_text(keys: Keys, *path: str, repeated: bool = False) -> str:
    """Return a table at a path, and all tables below it, as TOML."""
    name = ".".join(path)
    header = f"\n[[{name}]]\n" if repeated else f"\n[{name}]\n"
    lines, below = [header if path else ""], []
    for key, value in keys.items():
        if isinstance(value, dict):
            below.append(toml_text(value, *path, key))
        elif isinstance(value, list) and all(isinstance(item, dict) for item in value):
            below += [toml_text(item, *path, key, repeated=True) for item in value]
        else:
            lines.append(f"{key} = {value_text(value)}\n")
    return "".join(lines + below)


def json_document(application: Application) -> dict[str, Any]:
    """Return the content of an application file for JSON, dates and times in ISO 8601."""
    return {name: _json_value(value) for name, value in nested_keys(application).items()}


def _toml_value(value: Any) -> Any:
    match value:
        case enum.StrEnum():
            return value.value
        case dt.datetime():
            return value.replace(microsecond=0) if value.microsecond else value
        case ZoneInfo():
            return value.key
        case tuple():
            return list(value)
        case _:
            return value


def _json_value(value: Any) -> Any:
    match value:
        case dt.date():
            return value.isoformat()
        case dict():
            return {key: _json_value(each) for key, each in value.items()}
        case list():
            return [_json_value(each) for each in value]
        case _:
            return value


def _local_time(time: dt.datetime, zone: ZoneInfo | None) -> dt.datetime:
    """Return a time without microseconds, and without its offset if `zone` implies it."""
    time = time.replace(microsecond=0)
    if time.tzinfo != zone or zone is None:
        return time
    local = time.replace(tzinfo=None, fold=0)
    return local if _instant(local, zone) == time.astimezone(dt.UTC) else time


# The interviews of an import share their days and hours.
@functools.lru_cache(maxsize=4096)
def _instant(local: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    """Return the instant of a local time, None if the clocks skip it."""
    try:
        return attach_zone(local, zone).astimezone(dt.UTC)
    except InvalidValueError:
        return None
