"""Edit an application file and leave comments, order and formatting as people wrote them.

The result is read again, and returned only if it gives the intended application.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import attrs

from afterword.domain.model import Applicant, Application, Person
from afterword.domain.sanitize import clean_line
from afterword.errors import ConflictError, InputError
from afterword.formats.application_file import application_reader
from afterword.formats.application_file.application_writer import (
    Keys,
    file_text,
    interview_keys,
    nested_keys,
    table_keys,
    toml_text,
)
from afterword.formats.application_file.toml_document import HEAD, NotEditableError, TomlDocument

_BOM = "\ufeff"
_LENGTH = ("minutes", "end")


def new_file(application: Application, source: str) -> bytes:
    """Return the file of a new application; `source` is the file's name in messages.

    Raises InputError for one that would be read back as something else.
    """
    return _checked(file_text(application), application, source)


def edit_file(data: bytes, old: Application, new: Application, source: str) -> bytes:
    """Return the file of `old`, changed into that of `new`.

    Interviews and log entries may be changed and added, not removed. Ids that
    the file leaves to the default are written into it. Raises InputError for a
    file in a form that only a person can edit.
    """
    text = data.decode()
    bom, windows = text.startswith(_BOM), "\r\n" in text
    try:
        document = TomlDocument(text.removeprefix(_BOM).replace("\r\n", "\n"))
        _edit(document, old, new)
    except NotEditableError as error:
        reason = f"{error} is written in a way that only you can change"
        raise _not_changed(source, reason) from None
    text = str(document)
    if windows:
        text = text.replace("\n", "\r\n")
    return _checked(f"{_BOM if bom else ''}{text}", new, source)


def same_content(first: Any, second: Any) -> bool:
    """True if two values of the model are the same once they are written and read."""
    return bool(first == second or _normalized(first) == _normalized(second))


def _checked(text: str, intended: Application, source: str) -> bytes:
    data = text.encode()
    if not same_content(application_reader.parse_applications(data, source), (intended,)):
        raise _not_changed(source, "the change would not be read as it is meant")
    return data


def _not_changed(source: str, reason: str) -> InputError:
    return InputError(f"{clean_line(source)} was not changed: {reason}; edit it by hand")


def _normalized(value: Any) -> Any:
    if attrs.has(type(value)):
        return [_normalized(part) for part in attrs.astuple(value, recurse=False)]
    if isinstance(value, tuple):
        return [_normalized(part) for part in value]
    if isinstance(value, dt.datetime):
        value = value.replace(microsecond=0)
        return value.astimezone(dt.UTC) if value.tzinfo else value
    return clean_line(value) if isinstance(value, str) else value


def _edit(document: TomlDocument, old: Application, new: Application) -> None:
    if document.tables("application"):
        raise NotEditableError("[[application]]")
    _set(document, HEAD, table_keys(old), table_keys(new))
    _edit_party(document, "applicant", old.applicant, new.applicant)
    _edit_party(document, "contact", old.contact, new.contact)
    _edit_interviews(document, old, new)
    if len(new.log) > len(old.log):
        document.remove_empty_list(HEAD, "log")
    for entry in new.log[len(old.log) :]:
        document.append(toml_text(table_keys(entry), "log", repeated=True))


def _set(document: TomlDocument, table: int, before: Keys, after: Keys) -> None:
    for key in before.keys() - after.keys():
        document.remove(table, key)
    for key, value in after.items():
        if before.get(key) != value or (key == "id" and not document.has(table, key)):
            document.set(table, key, value)


def _edit_party(
    document: TomlDocument,
    name: str,
    old: Person | Applicant | None,
    new: Person | Applicant | None,
) -> None:
    if old == new:
        return
    tables = document.tables(name)
    if old and not tables:
        raise NotEditableError(name)
    if old and new:
        _set(document, tables[0], table_keys(old), table_keys(new))
    elif old:
        document.remove_table(tables[0])
    elif new:
        document.append(toml_text(table_keys(new), name))


def _edit_interviews(document: TomlDocument, old: Application, new: Application) -> None:
    if len(document.tables("interview")) != len(old.interviews):
        raise NotEditableError("interview")
    for number, (before, after) in enumerate(zip(old.interviews, new.interviews, strict=False)):
        table = document.tables("interview")[number]
        _edit_interview(
            document, table, interview_keys(before, old.zone), interview_keys(after, new.zone)
        )
        _edit_interviewers(document, number, before.interviewers, after.interviewers)
    for interview in new.interviews[len(old.interviews) :]:
        last = document.tables("interview")[-1]
        people = document.tables("interviewer", within=last)
        keys = nested_keys(interview, new.zone)
        document.insert_below(max([last, *people]), toml_text(keys, "interview", repeated=True))


def _edit_interview(document: TomlDocument, table: int, before: Keys, after: Keys) -> None:
    if any(before.get(key) != after.get(key) for key in ("start", *_LENGTH)):
        # The file may state the length by either key, or by none.
        for key in _LENGTH:
            before.pop(key, None)
            if key not in after:
                document.remove(table, key)
    _set(document, table, before, after)


def _edit_interviewers(
    document: TomlDocument, number: int, old: Sequence[Person], new: Sequence[Person]
) -> None:
    if old == new:
        return
    table = document.tables("interview")[number]
    document.remove_empty_list(table, "interviewer")
    for position, (before, after) in enumerate(zip(old, new, strict=False)):
        interviewer = document.tables("interviewer", within=table)[position]
        _set(document, interviewer, table_keys(before), table_keys(after))
    for extra in reversed(document.tables("interviewer", within=table)[len(new) :]):
        document.remove_table(extra)
    for person in new[len(old) :]:
        last = max([table, *document.tables("interviewer", within=table)])
        text = toml_text(table_keys(person), "interview", "interviewer", repeated=True)
        document.insert_below(last, text)


def merge_concurrent_edit(
    before: Application, after: Application, current: Application
) -> Application:
    """Return `current` with the changes that lead from `before` to `after`.

    New log entries follow those that were added meanwhile. Raises ConflictError
    if the same field was changed on both sides.
    """
    fields = {
        field.name: _merge_field(field.name, before, after, current)
        for field in attrs.fields(Application)
    }
    return Application(**fields)


def _merge_field(name: str, before: Application, after: Application, current: Application) -> Any:
    base, desired, observed = (getattr(each, name) for each in (before, after, current))
    if same_content(desired, base) or same_content(desired, observed):
        return observed
    if name == "log" and same_content(desired[: len(base)], base):
        return observed + desired[len(base) :]
    if same_content(observed, base):
        return desired
    raise ConflictError(
        f"{before.id}: {name} was changed by another program meanwhile; "
        "look at it and give your command again"
    )
