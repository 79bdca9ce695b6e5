"""Changes to a file of facts that leave the rest of it as people wrote it.

What changed in the model is changed in the text; comments, order and
formatting stay. The result is read again, and only handed out if it says what
it should.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs

from afterword.domain.model import Applicant, Application, Person
from afterword.domain.sanitize import clean_line
from afterword.errors import InputError
from afterword.formats.application_file import application_reader
from afterword.formats.application_file.application_writer import (
    Keys,
    application_keys,
    application_text,
    entry_keys,
    interview_keys,
    interview_text,
    person_keys,
    table_text,
)
from afterword.formats.application_file.toml_document import HEAD, NotEditableError, TomlDocument

_BOM = "\ufeff"
_LENGTH = ("minutes", "end")


def new_file(application: Application, source: str) -> bytes:
    """Return the file of a new application.

    Raises InputError for one that cannot be written so that it is read as it is.
    """
    return _checked(application_text(application), application, source)


def edit_file(data: bytes, old: Application, new: Application, source: str) -> bytes:
    """Return the file of `old`, changed so that it says `new`.

    Interviews and entries of the log may be changed and added, not taken away.
    Ids that the file does not state are written into it. Raises InputError for
    a file that is written in a way that only a person can change.
    """
    text = data.decode()
    bom, windows = text.startswith(_BOM), "\r\n" in text
    text = _changed(text.removeprefix(_BOM).replace("\r\n", "\n"), old, new, source)
    if windows:
        text = text.replace("\n", "\r\n")
    return _checked(f"{_BOM if bom else ''}{text}", new, source)


def same_facts(one: Any, other: Any) -> bool:
    """Return whether two values of the model, or parts of them, are written alike."""
    return bool(_normal(one) == _normal(other))


def _checked(text: str, meant: Application, source: str) -> bytes:
    data = text.encode()
    if not same_facts(application_reader.parse_applications(data, source), (meant,)):
        raise _by_hand(source, "the change would not be read as it is meant")
    return data


def _by_hand(source: str, why: str) -> InputError:
    return InputError(f"{clean_line(source)} was not changed: {why}; edit it by hand")


def _normal(value: Any) -> Any:
    """Return a value in the one form that those which are read alike share."""
    if attrs.has(type(value)):
        return [_normal(part) for part in attrs.astuple(value, recurse=False)]
    if isinstance(value, tuple):
        return [_normal(part) for part in value]
    if isinstance(value, dt.datetime):
        value = value.replace(microsecond=0)
        return value.astimezone(dt.UTC) if value.tzinfo else value
    return clean_line(value) if isinstance(value, str) else value


def _changed(text: str, old: Application, new: Application, source: str) -> str:
    try:
        statements = TomlDocument(text)
        _edit(statements, old, new)
    except NotEditableError as error:
        raise _by_hand(source, f"{error} is written in a way that only you can change") from None
    return str(statements)


def _edit(text: TomlDocument, old: Application, new: Application) -> None:
    if text.tables("application"):
        raise NotEditableError("[[application]]")
    _set(text, HEAD, application_keys(old), application_keys(new))
    _edit_part(text, "applicant", old.applicant, new.applicant)
    _edit_part(text, "contact", old.contact, new.contact)
    if len(text.tables("interview")) != len(old.interviews):
        raise NotEditableError("interview")
    for number, (before, after) in enumerate(zip(old.interviews, new.interviews, strict=False)):
        keys = interview_keys(before, old.zone), interview_keys(after, new.zone)
        _edit_interview(text, text.tables("interview")[number], *keys)
        _edit_people(text, number, before.interviewers, after.interviewers)
    for interview in new.interviews[len(old.interviews) :]:
        last = text.tables("interview")[-1]
        people = text.tables("interviewer", within=last)
        text.insert_below(max([last, *people]), interview_text(interview, new.zone))
    if len(new.log) > len(old.log):
        text.remove_empty_list(HEAD, "log")
    for entry in new.log[len(old.log) :]:
        text.append(table_text("[[log]]", entry_keys(entry)))


def _set(text: TomlDocument, table: int, before: Keys, after: Keys) -> None:
    for key in before.keys() - after.keys():
        text.remove(table, key)
    for key, value in after.items():
        if before.get(key) != value or (key == "id" and not text.has(table, key)):
            text.set(table, key, value)


def _edit_part(
    text: TomlDocument, name: str, old: Person | Applicant | None, new: Person | Applicant | None
) -> None:
    if old == new:
        return
    tables = text.tables(name)
    if old and not tables:
        raise NotEditableError(name)
    if old and new:
        _set(text, tables[0], person_keys(old), person_keys(new))
    elif old:
        text.remove_table(tables[0])
    elif new:
        text.append(table_text(f"[{name}]", person_keys(new)))


def _edit_interview(text: TomlDocument, table: int, before: Keys, after: Keys) -> None:
    if any(before.get(key) != after.get(key) for key in ("start", *_LENGTH)):
        # How long it took is told by one of two keys, or by neither.
        for key in _LENGTH:
            before.pop(key, None)
            if key not in after:
                text.remove(table, key)
    _set(text, table, before, after)


def _edit_people(
    text: TomlDocument, interview: int, old: tuple[Person, ...], new: tuple[Person, ...]
) -> None:
    if old == new:
        return
    table = text.tables("interview")[interview]
    text.remove_empty_list(table, "interviewer")
    for number, (before, after) in enumerate(zip(old, new, strict=False)):
        row = text.tables("interviewer", within=table)[number]
        _set(text, row, person_keys(before), person_keys(after))
    for extra in reversed(text.tables("interviewer", within=table)[len(new) :]):
        text.remove_table(extra)
    for person in new[len(old) :]:
        last = max([table, *text.tables("interviewer", within=table)])
        text.insert_below(last, table_text("[[interview.interviewer]]", person_keys(person)))
