"""Every key of the settings file: its reader, its default, what it does.

The one table behind the reader, the error texts and `afterword settings`. A
new setting is one row here and one field where its `field` leads.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

import attrs

from afterword.domain.events.interview_reminders import InterviewReminder
from afterword.domain.policy import Hours, Policy
from afterword.domain.sanitize import clean
from afterword.formats import validators
from afterword.formats.validators import InvalidValueError
from afterword.messages.i18n import available_languages

_MOST_DAYS = 90
_MOST_CONNECTIONS = 8
_SERVER = re.compile(r"https?://[^\s/@?#]+(/[^\s?#]*)?")
_TIME = re.compile("(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])")
_DEFAULTS = Policy()
_NOT_PUSHIER = "figures may be later or longer than the rules, never pushier"


@attrs.frozen
class SettingSpec:
    """A key as it is written ("hours.waking"), and the field of Settings that it fills.

    `read` returns the value of the field or raises MisreadError with the words
    that follow the key in a message.
    """

    name: str
    field: str
    kind: str
    meaning: str
    read: Callable[[Any], Any]
    example: Any = None


def _reminders(value: Any) -> tuple[InterviewReminder, ...]:
    return tuple(
        map(validators.validate_choice(InterviewReminder), validators.validate_lines(value))
    )


def _language(value: Any) -> str:
    tag = validators.validate_language(value)
    known = available_languages()
    if tag.replace("_", "-").partition("-")[0].casefold() not in known:
        raise InvalidValueError(
            f"there are no texts in {validators.quoted(tag)} yet; {' and '.join(known)}"
        )
    return tag


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidValueError("must be true or false")
    return value


def _calendar(value: Any) -> str:
    url = validators.validate_line(value)
    if not _SERVER.fullmatch(url):
        raise InvalidValueError(
            f"{validators.quoted(url.rpartition('@')[2])} is no address of a calendar: "
            "it begins with "
            "https://, and has no user and no password in it"
        )
    return url


def _command(value: Any) -> tuple[str, ...]:
    """Read a program and its arguments, which stay as they are: no shell sees them."""
    words = tuple(value) if isinstance(value, list) else ()
    if not words or not all(isinstance(word, str) and word == clean(word) for word in words):
        raise InvalidValueError(
            'must be a program and its arguments, such as ["pass", "show", "mail"]'
        )
    return words


def _hours(value: Any, *, least: int, why: str) -> Hours:
    if not isinstance(value, list) or len(value) != len(("start", "end")):
        raise InvalidValueError('must be two times of day, such as ["08:00", "20:00"]')
    start, end = map(_time, value)
    if start >= end:
        raise InvalidValueError(f"{start:%H:%M} is not before {end:%H:%M}")
    if (end.hour - start.hour) * 60 + end.minute - start.minute < least * 60:
        raise InvalidValueError(f"is less than {least} h, {why}")
    return Hours(start=start, end=end)


def _time(value: Any) -> dt.time:
    if isinstance(value, dt.time) and not value.second and not value.microsecond:
        return value
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise InvalidValueError(f"{validators.quoted(value)} is no time of day such as 08:00")
    return dt.time(int(found["hour"]), int(found["minute"]))


def _days(value: Any, *, least: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value < least:
        raise InvalidValueError(f"must be {least} or more: {_NOT_PUSHIER}")
    return validators.validate_whole_number(value, least=least, most=_MOST_DAYS)


def _day(name: str, meaning: str) -> SettingSpec:
    least = getattr(_DEFAULTS, name)
    return SettingSpec(
        f"policy.{name}",
        f"policy.{name}",
        f"days, {least} or more",
        meaning,
        functools.partial(_days, least=least),
    )


SETTINGS = (
    SettingSpec(
        "zone",
        "zone",
        "time zone",
        "Where you live; alarms ring by it.",
        validators.parse_zone,
        "Europe/Berlin",
    ),
    SettingSpec("language", "language", "en or de", "Of the words in your calendar.", _language),
    SettingSpec(
        "informal",
        "informal",
        "true or false",
        "The familiar form of address where a language has one (du instead of Sie).",
        _truth,
    ),
    SettingSpec(
        "me",
        "me",
        "e-mail addresses",
        "More addresses of yours: whoever has one in an invitation is you, and not thanked.",
        validators.validate_addresses,
        ["sam@work.example"],
    ),
    SettingSpec(
        "private",
        "private",
        "true or false",
        "Neutral titles and no drafts in the calendar, for one that others see.",
        _truth,
    ),
    SettingSpec(
        "reminders",
        "reminders",
        '"before", "after"',
        "Around an interview: what to do before it ends, and to note it down right after.",
        _reminders,
        ["before", "after"],
    ),
    SettingSpec(
        "applicant.name",
        "applicant.name",
        "text",
        "Your name, below each draft.",
        validators.validate_line,
        "Sam Seeker",
    ),
    SettingSpec(
        "applicant.email",
        "applicant.email",
        "e-mail address",
        "Yours.",
        validators.validate_address,
        "sam@mail.example",
    ),
    SettingSpec(
        "applicant.phone",
        "applicant.phone",
        "phone number",
        "Yours.",
        validators.validate_phone,
        "+44 20 7946 0000",
    ),
    SettingSpec(
        "applicant.links",
        "applicant.links",
        "links",
        "Your profile, your work.",
        validators.validate_links,
        ["https://sam.example"],
    ),
    SettingSpec(
        "applicant.signature",
        "applicant.signature",
        "text",
        "Stands below each draft instead of name, phone and links.",
        validators.validate_text,
        "Sam Seeker\nhttps://sam.example",
    ),
    SettingSpec(
        "import.bytes",
        "largest_invitation",
        "bytes",
        "The largest calendar file that is read as an invitation.",
        functools.partial(validators.validate_whole_number, least=1_000, most=10_000_000),
    ),
    SettingSpec(
        "import.events",
        "most_events",
        "a number",
        "How many events a calendar file may have to be read as an invitation.",
        functools.partial(validators.validate_whole_number, least=1, most=10_000),
    ),
    SettingSpec(
        "calendar.url",
        "calendar_url",
        "address",
        "Of your calendar on a server; `afterword calendars` finds it.",
        _calendar,
        "https://cloud.example/remote.php/dav/calendars/sam/job-search/",
    ),
    SettingSpec(
        "calendar.user",
        "calendar_user",
        "text",
        "Your name there; for many servers your e-mail address.",
        validators.validate_line,
        "sam",
    ),
    SettingSpec(
        "calendar.password_command",
        "password_command",
        "program and arguments",
        "Prints your password for that server; the password itself is never kept here.",
        _command,
        ["pass", "show", "calendar"],
    ),
    SettingSpec(
        "calendar.ca_file",
        "ca_file",
        "path",
        "Certificates (PEM) to trust for that server, if it is your own.",
        validators.validate_line,
        "/home/sam/radicale.pem",
    ),
    SettingSpec(
        "calendar.connections",
        "connections",
        f"a number, 1 to {_MOST_CONNECTIONS}",
        "How many events are sent at once.",
        functools.partial(validators.validate_whole_number, least=1, most=_MOST_CONNECTIONS),
    ),
    SettingSpec(
        "hours.waking",
        "policy.waking",
        "two times",
        "When an alarm may ring, in your zone; at least 4 hours.",
        functools.partial(_hours, least=4, why="and a message needs a good moment each day"),
    ),
    SettingSpec(
        "hours.office",
        "policy.office",
        "two times",
        "When a follow-up arrives, in the employer's zone; at least 1 hour.",
        functools.partial(_hours, least=1, why="and a follow-up is sent in office hours"),
    ),
    _day("first_opens", "After the interview, until the first follow-up may be sent."),
    _day("first_closes", "After the interview, until the first follow-up should be sent."),
    _day("second_opens", "After the interview, until the second follow-up may be sent."),
    _day("second_closes", "After the interview, until the second follow-up should be sent."),
    _day("promised_call", "After the interview, where they said that they would call."),
    _day("week", "Between a follow-up and the next one, or the checkpoint to move on."),
    _day("later_first_opens", "After an answer, until the next follow-up may be sent."),
    _day("later_first_closes", "After an answer, until the next follow-up should be sent."),
    _day("later_second_opens", "After an answer, until a second follow-up may be sent."),
    _day("later_second_closes", "After an answer, until a second follow-up should be sent."),
)
