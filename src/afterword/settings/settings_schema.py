"""The table of all settings: names, descriptions, validators and examples.

The loader, its messages and `afterword settings` all use this table. A new
setting is a row here, and the field of `Settings` that the row names.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

import attrs

from afterword.domain.policy import Hours, InterviewReminder, Policy
from afterword.domain.sanitize import clean
from afterword.formats import validators
from afterword.formats.validators import InvalidValueError, quoted
from afterword.messages.i18n import available_languages

_MOST_DAYS = 90
_MOST_CONNECTIONS = 8
_SERVER = re.compile(r"https?://[^\s/@?#]+(/[^\s?#]*)?")
_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]+\.apps\.googleusercontent\.com")
_TIME = re.compile("(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])")


@attrs.frozen
class SettingSpec:
    """The name of a setting ("hours.waking"), and the field of `Settings` that it fills.

    `kind` says in words what is valid, `meaning` what the setting does;
    `validate` returns the value of the field, or raises InvalidValueError.
    """

    name: str
    kind: str
    meaning: str
    validate: Callable[[Any], Any]
    example: Any = None
    field: str = attrs.field(default=attrs.Factory(lambda spec: spec.name, takes_self=True))


def _reminders(value: Any) -> tuple[InterviewReminder, ...]:
    words = validators.validate_list(validators.validate_line)(value)
    return tuple(map(validators.validate_choice(InterviewReminder), words))


def _language(value: Any) -> str:
    tag = validators.validate_language(value)
    available = available_languages()
    if tag.replace("_", "-").partition("-")[0].casefold() not in available:
        raise InvalidValueError(f"there are no texts in {quoted(tag)} yet")
    return tag


def _assignment(value: Any) -> str:
    line = validators.validate_line(value)
    if not all(part.strip() for part in line.rpartition("=")):
        raise InvalidValueError(f"{quoted(line)} has no = with a text on both sides")
    return line


def _calendar_url(value: Any) -> str:
    url = validators.validate_line(value)
    if not _SERVER.fullmatch(url):
        raise InvalidValueError(
            f"{quoted(url.rpartition('@')[2])} is no address of a calendar: it begins with "
            "https://, and has no user and no password in it"
        )
    return url


def _folder(value: Any) -> str:
    path = validators.validate_line(value)
    if not re.match(r"~|/|[A-Za-z]:[\\/]|\\\\", path):
        raise InvalidValueError(
            f"{quoted(path)} depends on the directory of each run; begin it with ~/ or /"
        )
    return path


def _calendar_name(value: Any) -> str:
    name = validators.validate_line(value)
    return _calendar_url(name) if "://" in name else name


def _command(value: Any) -> tuple[str, ...]:
    """Validate a program and its arguments; they are not changed, and no shell expands them."""
    words = tuple(value) if isinstance(value, list) else ()
    if not words or not all(isinstance(word, str) and word == clean(word) for word in words):
        raise InvalidValueError(
            'must be a program and its arguments, such as ["pass", "show", "mail"]'
        )
    return words


def _client_id(value: Any) -> str:
    line = validators.validate_line(value)
    if not _CLIENT_ID.fullmatch(line):
        raise InvalidValueError(
            f"{quoted(line)} is no client id: it ends in .apps.googleusercontent.com"
        )
    return line


def _hours(value: Any, *, least: int, reason: str) -> Hours:
    if not isinstance(value, list) or len(value) != len(("start", "end")):
        raise InvalidValueError('must be two times of day, such as ["08:00", "20:00"]')
    start, end = map(_time, value)
    if start >= end:
        raise InvalidValueError(f"{start:%H:%M} is not before {end:%H:%M}")
    if (end.hour - start.hour) * 60 + end.minute - start.minute < least * 60:
        raise InvalidValueError(f"is less than {least} h, {reason}")
    return Hours(start=start, end=end)


def _time(value: Any) -> dt.time:
    if isinstance(value, dt.time) and not value.second and not value.microsecond:
        return value
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise InvalidValueError(f"{quoted(value)} is no time of day such as 08:00")
    return dt.time(int(match["hour"]), int(match["minute"]))


def _days(value: Any, *, least: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value < least:
        raise InvalidValueError(
            f"must be {least} or more: figures may be later or longer than the rules, never pushier"
        )
    return validators.validate_whole_number(value, least=least, most=_MOST_DAYS)


def _number(least: int, most: int) -> Callable[[Any], int]:
    return functools.partial(validators.validate_whole_number, least=least, most=most)


def _policy_days(name: str, meaning: str) -> SettingSpec:
    least = getattr(Policy(), name)
    validate = functools.partial(_days, least=least)
    return SettingSpec(f"policy.{name}", f"{least} or more", meaning, validate)


def _resources(name: str, meaning: str, example: str) -> SettingSpec:
    return SettingSpec(
        f"resources.{name}",
        "texts, each with its link last",
        f"{meaning} in the event to move on; [] for none.",
        validators.validate_list(validators.validate_line),
        [example],
        name,
    )


# The days of the policy, each with its meaning.
_POLICY_DAYS = {
    "first_opens": "Days after the interview before the first follow-up may go out.",
    "first_closes": "Days after the interview by which the first follow-up should go out.",
    "second_opens": "Days after the interview before the second follow-up may go out.",
    "second_closes": "Days after the interview by which the second follow-up should go out.",
    "promised_call": (
        "Days after the interview before the first follow-up, if they promised to call."
    ),
    "week": "Days between a follow-up and the next one, or moving on.",
    "later_first_opens": "Days after an answer before the next follow-up may go out.",
    "later_first_closes": "Days after an answer by which the next follow-up should go out.",
    "later_second_opens": "Days after an answer before a second follow-up may go out.",
    "later_second_closes": "Days after an answer by which a second follow-up should go out.",
}

SETTINGS = (
    SettingSpec(
        "zone",
        "time zone",
        "Your time zone, by which alarms ring.",
        validators.validate_zone,
        "Europe/Berlin",
    ),
    SettingSpec(
        "language",
        f"one of {', '.join(available_languages())}",
        "Language of drafts and events.",
        _language,
    ),
    SettingSpec(
        "informal",
        "true or false",
        "The familiar form of address where a language has one (du instead of Sie).",
        validators.validate_boolean,
    ),
    SettingSpec(
        "me",
        "e-mail addresses",
        "More of your addresses, so that you are not taken for an interviewer.",
        validators.validate_list(validators.validate_address),
        ["sam@work.example"],
    ),
    SettingSpec(
        "private",
        "true or false",
        "Neutral titles and no drafts, for a calendar that others can see.",
        validators.validate_boolean,
    ),
    SettingSpec(
        "reminders",
        '"before", "after"',
        "Reminders around an interview: what to ask before it ends, and to take notes after it.",
        _reminders,
        ["before", "after"],
    ),
    SettingSpec(
        "applicant.name",
        "text",
        "Your name, which signs each draft.",
        validators.validate_line,
        "Sam Seeker",
    ),
    SettingSpec(
        "applicant.email",
        "e-mail address",
        "Yours.",
        validators.validate_address,
        "sam@mail.example",
    ),
    SettingSpec(
        "applicant.phone", "phone number", "Yours.", validators.validate_phone, "+44 20 7946 0000"
    ),
    SettingSpec(
        "applicant.links",
        "links",
        "Your profile, your work.",
        validators.validate_list(validators.validate_link),
        ["https://sam.example"],
    ),
    SettingSpec(
        "applicant.signature",
        "text",
        "Signs each draft instead of name, phone and links.",
        validators.validate_text,
        "Sam Seeker\nhttps://sam.example",
    ),
    _resources("books", "Books to name", "What Color Is Your Parachute? (Richard N. Bolles)"),
    _resources(
        "courses", "Courses to name", "Mock interviews (library) https://library.example/courses"
    ),
    _resources("sites", "Sites and people to name", "My mentor https://mentor.example"),
    SettingSpec(
        "import.bytes",
        "bytes",
        "The largest calendar file that is read as an invitation.",
        _number(1_000, 10_000_000),
        field="largest_invitation",
    ),
    SettingSpec(
        "import.events",
        "a number",
        "How many events a calendar file may have to be read as an invitation.",
        _number(1, 10_000),
        field="most_events",
    ),
    SettingSpec(
        "import.statuses",
        "texts with =",
        "The meaning of statuses in your tables, as `import --status` sets it.",
        validators.validate_list(_assignment),
        ["On ice=closed"],
        "table_statuses",
    ),
    SettingSpec(
        "import.columns",
        "texts with =",
        "Headers of your tables and the columns that they are, as `import --map` sets them.",
        validators.validate_list(_assignment),
        ["Their header=date"],
        "table_columns",
    ),
    SettingSpec(
        "calendar.url",
        "address",
        "Address of your calendar on a server; `afterword calendars` sets it.",
        _calendar_url,
        "https://cloud.example/remote.php/dav/calendars/sam/job-search/",
        "calendar_url",
    ),
    SettingSpec(
        "calendar.folder",
        "path",
        "A folder with a file for each event (khal, vdirsyncer), instead of a calendar on a "
        "server; it counts before calendar.url.",
        _folder,
        "~/calendars/job",
        "calendar_folder",
    ),
    SettingSpec(
        "calendar.watch",
        "names or addresses of calendars",
        "Calendars of your own that each sync reads: it follows moves and cancellations of "
        "interviews, and reminders say when you are busy.",
        validators.validate_list(_calendar_name),
        ["Personal"],
        "watch",
    ),
    SettingSpec(
        "calendar.user",
        "text",
        "Your user name on that server, often your e-mail address.",
        validators.validate_line,
        "sam",
        "calendar_user",
    ),
    SettingSpec(
        "calendar.password_command",
        "program and arguments",
        "Prints your password for that server; the password itself is never stored here.",
        _command,
        ["pass", "show", "calendar"],
        "password_command",
    ),
    SettingSpec(
        "calendar.token_command",
        "program and arguments",
        "Prints an access token (OAuth 2) for that server, instead of a password; it is run again "
        "when the server refuses the token.",
        _command,
        ["oauth2-token", "calendar"],
        "token_command",
    ),
    SettingSpec(
        "calendar.client_id",
        "text",
        "The client id of your own project at Google; `afterword calendars --server google` "
        "sets it.",
        _client_id,
        "1234-abcd.apps.googleusercontent.com",
        "client_id",
    ),
    SettingSpec(
        "calendar.ca_file",
        "path",
        "Certificates (PEM) to trust for that server, if it is your own.",
        validators.validate_line,
        "/home/sam/radicale.pem",
        "ca_file",
    ),
    SettingSpec(
        "calendar.connections",
        f"a number, 1 to {_MOST_CONNECTIONS}",
        "Number of events that are sent at the same time.",
        _number(1, _MOST_CONNECTIONS),
        field="connections",
    ),
    SettingSpec(
        "hours.waking",
        "two times",
        "When alarms may ring, in your time zone (at least 4 hours).",
        functools.partial(_hours, least=4, reason="and a message needs a good moment each day"),
        field="policy.waking",
    ),
    SettingSpec(
        "hours.office",
        "two times",
        "When follow-ups may arrive, in the employer's time zone (at least 1 hour).",
        functools.partial(_hours, least=1, reason="and a follow-up is sent in office hours"),
        field="policy.office",
    ),
    *(_policy_days(name, meaning) for name, meaning in _POLICY_DAYS.items()),
)
