"""The tables of the file of facts: each key with the reader of its value.

A field is None where its key was left out, also where its type does not say
so: what is required is checked before a row becomes part of the model.
"""
# ruff: noqa: RUF009 - a key makes an attrs field, anew for each

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from afterword.core.fields import Field
from afterword.core.model import Answer, Channel, Status, StepKind
from afterword.formats import values
from afterword.formats.rows import key
from afterword.formats.zones import zone

_STEP = values.one_of(StepKind)


@attrs.frozen(kw_only=True)
class PersonRow:
    """`[contact]` or `[[interview.interviewer]]`."""

    name: str = key(values.line)
    email: str | None = key(values.address)
    phone: str | None = key(values.phone)
    profile: str | None = key(values.link)
    discussed: tuple[str, ...] | None = key(values.lines)
    fit: tuple[str, ...] | None = key(values.lines)


@attrs.frozen(kw_only=True)
class ApplicantRow:
    """`[applicant]`."""

    name: str | None = key(values.line)
    email: str | None = key(values.address)
    phone: str | None = key(values.phone)
    links: tuple[str, ...] | None = key(values.links)
    signature: str | None = key(values.text)


@attrs.frozen(kw_only=True)
class InterviewRow:
    """`[[interview]]`."""

    id: str | None = key(values.token)
    start: dt.datetime = key(values.moment)
    minutes: int | None = key(values.minutes)
    end: dt.datetime | None = key(values.moment)
    zone: ZoneInfo | None = key(zone)
    decision_by: dt.date | None = key(values.day)
    added: dt.datetime | dt.date | None = key(values.when)
    status: Status | None = key(values.one_of(Status))
    interviewer: tuple[dict[str, Any], ...] | None = key(values.tables)
    link: str | None = key(values.link)
    location: str | None = key(values.text)
    round: str | None = key(values.line)
    invitation: str | None = key(values.line)
    sequence: int | None = key(values.counter)


@attrs.frozen(kw_only=True)
class EntryRow:
    """`[[log]]`."""

    at: dt.datetime | dt.date = key(values.when)
    interview: str | None = key(values.line)
    sent: StepKind | None = key(_STEP)
    by: Channel | None = key(values.one_of(Channel))
    recipient: str | None = key(values.line)
    heard: Answer | None = key(values.one_of(Answer))
    moved: StepKind | None = key(_STEP)
    to: dt.datetime | dt.date | None = key(values.when)
    skipped: StepKind | None = key(_STEP)
    deleted: StepKind | None = key(_STEP)
    restored: StepKind | None = key(_STEP)
    decision_by: dt.date | None = key(values.day)
    away_until: dt.date | None = key(values.day)
    keep_in_touch: dt.date | None = key(values.day)
    they_will_call: bool | None = key(values.flag)
    rescheduled: bool | None = key(values.flag)
    closed: bool | None = key(values.flag)
    reopened: bool | None = key(values.flag)
    lesson: str | None = key(values.text)
    event: str | None = key(values.token)
    gone: bool | None = key(values.flag)
    field: Field | None = key(values.one_of(Field))
    text: str | None = key(values.text)
    ours: bool | None = key(values.flag)
    note: str | None = key(values.text)


@attrs.frozen(kw_only=True)
class ApplicationRow:
    """The file itself, or `[[application]]`."""

    id: str | None = key(values.token)
    company: str = key(values.line)
    role: str = key(values.line)
    zone: ZoneInfo | None = key(zone)
    country: str | None = key(values.country)
    channel: Channel | None = key(values.one_of(Channel))
    language: str | None = key(values.language)
    applicant: dict[str, Any] | None = key(values.table)
    contact: dict[str, Any] | None = key(values.table)
    interview: tuple[dict[str, Any], ...] = key(values.tables)
    log: tuple[dict[str, Any], ...] | None = key(values.tables)


@attrs.frozen(kw_only=True)
class FileRow:
    """A file of several applications."""

    application: tuple[dict[str, Any], ...] = key(values.tables)
