"""Each dimension of the input has a bound, and below it the work grows with the size."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afterword.errors import InputError
from afterword.importers.invitation import (
    html_text,
    ical_parser,
    mail_reader,
    participants,
    vtimezone,
    zone_resolver,
)
from afterword.importers.invitation.invitation_model import NeedsAnswerError, ReaderLimits
from afterword.importers.invitation.invitation_reader import read_invitation

from .invitation_files import START, calendar, event

LIMITS = ReaderLimits()
HEAD = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
PART = b"--b\nContent-Type: text/calendar\n\n"
RULE = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU"
IN_ZONE = "DTSTART;TZID=Here:20261124T140000"


def zone(observances: int, rule: str = RULE, name: str = "Here") -> str:
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    for number in range(observances):
        lines += [
            "BEGIN:STANDARD",
            "DTSTART:16010101T020000",
            f"TZOFFSETFROM:+05{number % 60:02}",
            f"TZOFFSETTO:+05{(number + 1) % 60:02}",
            *([f"RRULE:{rule}"] if rule else []),
            "END:STANDARD",
        ]
    return "\r\n".join([*lines, "END:VTIMEZONE"])


def dated(dates: int) -> str:
    line = "RDATE:" + ",".join(["20200101T020000"] * dates)
    return zone(1, rule="").replace("END:STANDARD", f"{line}\r\nEND:STANDARD")


# The dimension, the largest accepted size, a file of a size, and the message beyond the bound.
BOUNDS: list[Any] = [
    pytest.param(
        LIMITS.size,
        lambda n: b"BEGIN:VCALENDAR" + b" " * (n - 15),
        "more than an invitation has (at most 1,000,000)",
        id="bytes",
    ),
    pytest.param(
        LIMITS.mail_size,
        lambda n: HEAD + b"x" * (n - len(HEAD)),
        "more than a mail is read with (at most 10,000,000)",
        id="bytes-of-a-mail",
    ),
    pytest.param(
        LIMITS.lines,
        lambda n: b"\n" * (n - 1) + b"x",
        "lines are more than an invitation has (at most 50,000)",
        id="lines",
    ),
    pytest.param(
        LIMITS.events,
        lambda n: calendar(*(event(uid=str(i)) for i in range(n))),
        "holds more than 50 events",
        id="events",
    ),
    pytest.param(
        LIMITS.depth,
        lambda n: b"BEGIN:VCALENDAR\n" * n,
        "nested more than 8 deep",
        id="depth",
    ),
    pytest.param(
        mail_reader._MAX_MAILS,  # noqa: SLF001
        lambda n: b"From a@b.example Mon\nFrom: a@b.example\n\nx\n" * n,
        "which is a whole mailbox",
        id="mails",
    ),
    pytest.param(
        mail_reader._MAX_BOUNDARIES,  # noqa: SLF001
        lambda n: HEAD + b"x" + b"\n--b" * n,
        "has too many parts",
        id="parts",
    ),
    pytest.param(
        mail_reader._MAX_CONTENT_HEADER_LENGTH,  # noqa: SLF001
        lambda n: HEAD + b"Content-Type: " + b"x" * (n - 14) + b"\n\n",
        "has too many parts",
        id="parameters",
    ),
    pytest.param(
        vtimezone._MAX_RULES,  # noqa: SLF001
        lambda n: calendar(zone(n, "FREQ=YEARLY"), event(start=IN_ZONE, end="")),
        "cannot be read without guessing",
        id="rules-of-a-zone",
    ),
    pytest.param(
        zone_resolver._MAX_CLOCKS,  # noqa: SLF001
        lambda n: calendar(
            *(zone(1, "FREQ=YEARLY", f"Here{i}") for i in range(n)),
            *(
                event(uid=str(i), start=IN_ZONE.replace("Here", f"Here{i}"), end="")
                for i in range(n)
            ),
        ),
        "cannot be read without guessing",
        id="definitions-of-zones",
    ),
]


@pytest.mark.parametrize(("largest", "make", "message"), BOUNDS)
def test_beyond_its_bound_an_input_is_refused_in_a_sentence(
    largest: int, make: Callable[[int], bytes], message: str
) -> None:
    assert message not in outcome(make(largest))
    assert message in outcome(make(largest + 1))


def outcome(data: bytes) -> str:
    try:
        read_invitation(data, source="x")
    except InputError as error:
        return str(error)
    return ""


def attendees(count: int) -> str:
    return event(*(f"ATTENDEE;CN=A{n} B:mailto:a{n}@b.example" for n in range(count)))


CUTS = [
    pytest.param(participants, "_MAX_PEOPLE", attendees, id="attendees"),
    pytest.param(ical_parser, "_MAX_VALUES", attendees, id="properties"),
    pytest.param(
        html_text, "_MAX_LENGTH", lambda n: event("DESCRIPTION:" + "x" * n), id="characters"
    ),
]


@pytest.mark.parametrize(("module", "name", "make"), CUTS)
def test_beyond_its_bound_a_text_or_a_list_is_cut(
    module: Any, name: str, make: Callable[[int], str]
) -> None:
    bound = getattr(module, name)
    full, more = (
        read_invitation(calendar(make(bound * times)), source="x").invitations[0]
        for times in (1, 2)
    )
    assert len(more.interviewers) == len(full.interviewers) <= bound
    assert len(more.description) == len(full.description) <= bound


ONE = calendar(event())
GROWING: dict[str, Callable[[int], bytes]] = {
    "description-of-dashes": lambda n: calendar(event("DESCRIPTION:" + r"-\n" * n)),
    "raw-lines-of-dashes": lambda n: calendar(event("DESCRIPTION:" + "-\r\n" * n)),
    "folds": lambda n: calendar(event("DESCRIPTION:" + "a\r\n " * n)),
    "carriage-returns": lambda n: calendar(event("DESCRIPTION:" + "\r" * n)),
    "paragraphs-of-html": lambda n: calendar(event("DESCRIPTION:" + "<p>a" * n)),
    "open-brackets": lambda n: calendar(event("SUMMARY:" + "(" * n)),
    "attendees": lambda n: calendar(attendees(n)),
    "attributes": lambda n: calendar(event("ORGANIZER" + ";X=y" * n + ":mailto:a@b.example")),
    "attributes-without-quotes": lambda n: calendar(
        event("ORGANIZER" + ";X=y:z" * n + ":mailto:a@b.example")
    ),
    "digits": lambda n: calendar(event("SEQUENCE:" + "9" * n)),
    "rules": lambda n: calendar(zone(n // 100), event(start=IN_ZONE, end="")),
    "dates-of-a-zone": lambda n: calendar(dated(n), event(start=IN_ZONE, end="")),
    "observances": lambda n: calendar(zone(n // 10, ""), event(start=IN_ZONE, end="")),
    "unused-definitions": lambda n: calendar(
        *(zone(2, name=f"Z{i}") for i in range(n // 20)), event()
    ),
    "parts-of-a-mail": lambda n: HEAD + (PART + calendar(event())) * (n // 20) + b"--b--\n",
    "recipients": lambda n: (
        b"To: " + b"a@b.example, " * n + b"\n" + HEAD + PART + calendar(event())
    ),
}


def operations(data: bytes) -> int:
    """Return how many functions reading the data calls, those written in C included."""
    count = 0

    def note(_frame: object, kind: str, _argument: object) -> None:
        nonlocal count
        count += kind in {"call", "c_call"}

    sys.setprofile(note)
    try:
        outcome(data)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("kind", GROWING)
def test_twice_the_input_takes_at_most_two_and_a_half_times_the_work(kind: str) -> None:
    make = GROWING[kind]
    outcome(make(200))  # imports what reading needs, and fills the caches
    once, twice = operations(make(400)), operations(make(800))
    assert twice <= 2.5 * once


PATTERNS: dict[str, Callable[[int], str]] = {
    "label-of-a-time": lambda n: "-\n" * n + "x",
    "label-of-a-company": lambda n: "Company:\n" * n,
    "labels-in-a-row": lambda n: "Interviewers: " * n,
    "words-of-a-title": lambda n: "the role of the " * n,
}


def test_the_text_that_patterns_search_is_bounded() -> None:
    for make in PATTERNS.values():
        text = make(html_text._MAX_LENGTH)  # noqa: SLF001
        assert len(html_text.to_plain_text(text)) <= html_text._MAX_LENGTH  # noqa: SLF001


def test_no_pattern_for_a_line_skips_lines() -> None:
    # It would skip the same lines again from each of them.
    package = Path(ical_parser.__file__).parent
    names = [f"afterword.importers.invitation.{path.stem}" for path in package.glob("*.py")]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    patterns = [value for value in values if isinstance(value, re.Pattern)]
    texts = [p.pattern if isinstance(p.pattern, str) else p.pattern.decode() for p in patterns]
    assert len(texts) > 20
    assert not [text for text in texts if re.search(r"\^(?:\\W|\\s|\[\^\\w\])[*+]", text)]


def test_the_start_is_read_beside_many_unused_definitions() -> None:
    data = calendar(*(zone(20, name=f"Z{i}") for i in range(40)), event(start=START))
    assert outcome(data) == ""


def test_rules_that_recur_every_28_years_are_still_followed() -> None:
    with pytest.raises(NeedsAnswerError):
        read_invitation(calendar(zone(21), event(start=IN_ZONE, end="")), source="x")
    assert outcome(calendar(zone(20), event(start=IN_ZONE, end=""))) == ""
