"""Files of facts of every shape, the same ones each time: panels, logs, zones, countries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

FIRST_DAY = dt.date(2026, 1, 5)
PLACES = (
    ("Africa/Johannesburg", "ZA"),
    ("Europe/Berlin", "DE-BE"),
    ("America/New_York", "US"),
    ("Europe/London", "GB-ENG"),
    ("Asia/Tokyo", "JP"),
    ("Asia/Dubai", "AE"),
    ("Pacific/Auckland", "NZ"),
    ("America/Sao_Paulo", None),
)
NAMES = ("Thandi Nkosi", "Jörg Müller", "Aisha Patel", "Mereana Walker", "Łukasz Nowak", "李 小龍")
TOPICS = ("the move from print to podcasts", "how releases are planned – and stopped", "the pilot")
# What happened, as (days after the interview, the entry); most people log little.
LOGS: tuple[tuple[tuple[int, str], ...], ...] = (
    (),
    (),
    ((1, 'sent = "thank-you"'),),
    ((1, 'sent = "thank-you"'), (6, 'sent = "first-follow-up"')),
    ((8, 'heard = "neutral"'),),
    ((3, "away_until = {later}"),),
    ((6, 'heard = "positive"\ndecision_by = {later}'),),
    ((1, 'skipped = "thank-you"'), (9, "they_will_call = true")),
)


def write(folder: Path, count: int) -> list[str]:
    """Write that many files of one application each, and return their names."""
    names = []
    for number in range(count):
        names.append(f"{number:05}.toml")
        (folder / names[-1]).write_text("\n".join(_lines(number)), encoding="utf-8")
    return names


def _lines(number: int) -> Iterator[str]:
    zone, country = PLACES[number % len(PLACES)]
    day = FIRST_DAY + dt.timedelta(days=number % 600)
    yield f'company = "Company {number}, Ltd"\nrole = "Engineer ({number % 7})"\nzone = "{zone}"'
    if country:
        yield f'country = "{country}"'
    yield f"[[interview]]\nstart = {day}T{9 + number % 8:02}:30:00"
    yield f"minutes = {30 + number % 4 * 15}"
    if number % 3 == 0:
        yield f"decision_by = {day + dt.timedelta(days=10)}"
    yield from _panel(number)
    for after, entry in LOGS[number % len(LOGS)]:
        at = day + dt.timedelta(days=after)
        yield f"[[log]]\nat = {at}\n{entry.format(later=at + dt.timedelta(days=7))}"


def _panel(number: int) -> Iterator[str]:
    for seat in range(1 + number % 3):
        name = NAMES[(number + seat) % len(NAMES)]
        yield f'[[interview.interviewer]]\nname = "{name}"'
        if (number + seat) % 4:
            yield f'email = "person{seat}@company{number}.example"'
        if (number + seat) % 2:
            yield f'discussed = ["{TOPICS[(number + seat) % len(TOPICS)]}"]'
