"""Twice the input takes at most two and a half times the work, for every reader and command.

For invitations and mail see tests/importers/invitation/test_limits.py.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from afterword.domain.planning import planner
from afterword.domain.policy import Policy
from afterword.errors import AfterwordError
from afterword.formats import ics_files
from afterword.formats.application_file.application_reader import parse_applications
from afterword.storage.state import sync_rows
from afterword.storage.state.database import Database
from afterword.system.business_days import is_working_day
from afterword.vdir import folder_scan
from tests.fuzz.readers import STATE_OF, Reader, readers
from tests.limits.operations import count_calls
from tests.sync.people import event

MOST = 2.5
ZONE = ZoneInfo("Africa/Johannesburg")
HEAD = 'company = "Karoo"\nrole = "Buyer"\nzone = "Africa/Johannesburg"\n'
INTERVIEW = '[[interview]]\nid = "r{0}"\nstart = 2026-11-{1:02}T{2:02}:00:00\nminutes = 30\n'
DAY = dt.timedelta(days=1)
ENTRIES = (
    'heard = "neutral"',
    'sent = "first-follow-up"',
    'note = "x"',
    "away_until = 2027-01-01",
    'skipped = "second-follow-up"',
    'moved = "move-on"\nto = 2027-03-01T10:00:00',
    'restored = "second-follow-up"',
    "closed = true",
    "reopened = true",
)


def log(count: int, entries: tuple[str, ...] = ENTRIES) -> bytes:
    start = dt.datetime(2026, 11, 24, 16)  # noqa: DTZ001 - a local time in the file
    lines = [HEAD, INTERVIEW.format(1, 24, 14)]
    for number in range(count):
        at = (start + number * dt.timedelta(minutes=7)).isoformat()
        lines.append(f"[[log]]\nat = {at}\n{entries[number % len(entries)]}\n")
    return "\n".join(lines).encode()


def interviewers(count: int) -> bytes:
    people = "".join(
        f'[[interview.interviewer]]\nname = "Ann B{n}"\nemail = "a{n}@karoo.example"\n'
        f'discussed = ["the launch {n}"]\nfit = ["I launched {n}"]\n'
        for n in range(count)
    )
    return (HEAD + INTERVIEW.format(1, 24, 14) + people).encode()


def interviews(count: int) -> bytes:
    rounds = (INTERVIEW.format(n, 1 + n // 10, 8 + n % 10) for n in range(count))
    return (HEAD + "".join(rounds)).encode()


def applications(count: int) -> bytes:
    return "".join(
        f'[[application]]\nid = "a{n}"\n{HEAD}'
        + INTERVIEW.format(1, 24, 14).replace("[[interview]]", "[[application.interview]]")
        for n in range(count)
    ).encode()


def mistakes(count: int) -> bytes:
    return (HEAD + "".join(f"x{n} = {n}\n" for n in range(count))).encode()


FILES: dict[str, tuple[Callable[[int], bytes], int]] = {
    "log-entries": (log, 500),
    "answers": (lambda n: log(n, ENTRIES[:1]), 500),
    "restored": (lambda n: log(n, (ENTRIES[4], ENTRIES[6])), 500),
    "interviewers": (interviewers, 50),
    "interviews": (interviews, 50),
    "applications": (applications, 100),
    "mistakes": (mistakes, 200),
}


def read(data: bytes) -> object:
    with contextlib.suppress(AfterwordError):
        return parse_applications(data, "x.toml")
    return ()


@pytest.mark.parametrize("name", FILES)
def test_application_file(name: str) -> None:
    make, size = FILES[name]
    once, twice = make(size), make(2 * size)
    read(make(3))  # what is built at the first use
    assert count_calls(lambda: read(twice)) <= MOST * count_calls(lambda: read(once))


@pytest.mark.parametrize("name", ["log-entries", "answers", "restored", "interviewers"])
def test_plan(name: str) -> None:
    make, size = FILES[name]

    def work(count: int) -> int:
        (application,) = parse_applications(make(count), "x.toml")
        now = dt.datetime(2026, 12, 24, 9, tzinfo=dt.UTC)
        working_day = is_working_day(None)
        return count_calls(
            lambda: planner.plan(
                application, now=now, zone=ZONE, is_working_day=working_day, policy=Policy()
            )
        )

    work(3)
    assert work(2 * size) <= MOST * work(size)


@pytest.fixture(scope="module")
def every() -> Iterator[dict[str, Reader]]:
    with readers() as found:
        yield found


RESPONSE = (
    '<d:response><d:href>/dav/jobs/{0}.ics</d:href><d:propstat><d:prop><d:getetag>"1"</d:getetag>'
    "<c:calendar-data>BEGIN:VCALENDAR\nEND:VCALENDAR</c:calendar-data></d:prop>"
    "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
)


def answer(inner: str) -> bytes:
    spaces = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    return f'<?xml version="1.0"?><d:multistatus {spaces}>{inner}</d:multistatus>'.encode()


def held(content: str) -> bytes:
    text = ics_files.single_event_file(event(1)).decode()
    return text.replace("BEGIN:VALARM", content + "BEGIN:VALARM", 1).encode()


def state(value: str = "", count: int = 1) -> bytes:
    """Return a state file with that many objects, or one with that value."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.sqlite"
        with Database(path) as database, database.transaction():
            for number in range(count):
                row = sync_rows.SyncRow(uid=f"u{number}", href=f"/u{number}", etag='"1"')
                sync_rows.save_row(database, STATE_OF, row)
            if value:
                database.execute("UPDATE resource SET value = ?", (value,))
        # SQLite moves the write-ahead log into the file when the last connection closes.
        return path.read_bytes()


ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT{0}M\r\nEND:VALARM\r\n"
READ: dict[str, Callable[[int], bytes]] = {
    "answer: responses": lambda n: answer("".join(RESPONSE.format(i) for i in range(n))),
    "answer: properties": lambda n: answer(
        RESPONSE.replace("<d:prop>", "<d:prop>" + "<d:x/>" * n).format(1)
    ),
    "answer: attributes": lambda n: answer("<d:x " + " ".join(f'a{i}=""' for i in range(n)) + "/>"),
    "object: alarms": lambda n: held("".join(ALARM.format(i) for i in range(n))),
    "object: properties": lambda n: held("".join(f"X-P{i}:1\r\n" for i in range(n))),
    "object: attendees": lambda n: held(
        "".join(f"ATTENDEE:mailto:a{i}@x.example\r\n" for i in range(n))
    ),
    "object: exceptions": lambda n: held("EXDATE:20261125T090000Z\r\n" * n),
    "object: folds": lambda n: held("X-LONG:" + "a\r\n " * n + "\r\n"),
    "state: objects": lambda n: state(count=n),
    "export: events": lambda n: b"".join(
        ics_files.calendar_file([event(i) for i in range(n)], name="Job search")
    ),
    "settings: addresses": lambda n: (
        "me = [" + ",".join(f'"a{i}@x.example"' for i in range(n)) + "]"
    ).encode(),
    "settings: mistakes": lambda n: "".join(f"x{i} = 1\n" for i in range(n)).encode(),
    "settings: comments": lambda n: b"# x\n" * n,
    "table: rows": lambda n: (
        b"company,role,date,time\n"
        + b"".join(b"Karoo %d,Buyer,2026-11-24,14:00\n" % i for i in range(n))
    ),
    "table: columns": lambda n: (
        b"company,role,date,time"
        + b",note" * (n // 2)
        + b"\nKaroo,Buyer,2026-11-24,14:00"
        + b",x" * (n // 2)
    ),
    "template: conditions": lambda n: (
        b"Subject: x\n\n" + b"{% if role %}x{% endif %}\n" * (n // 10)
    ),
}


@pytest.mark.parametrize("name", READ)
def test_reader(every: dict[str, Reader], name: str) -> None:
    reader, make = every[name.partition(":")[0]], READ[name]

    def work(count: int) -> int:
        data = make(count)
        return count_calls(lambda: run(reader, data))

    work(2)
    assert work(800) <= MOST * work(400)


def run(reader: Reader, data: bytes) -> None:
    with contextlib.suppress(AfterwordError):
        reader.read(data)


def test_folder(tmp_path: Path) -> None:
    for count in (100, 200):
        (tmp_path / str(count)).mkdir()
        for number in range(count):
            path = tmp_path / str(count) / f"{event(number).uid}.ics"
            path.write_bytes(ics_files.single_event_file(event(number)))
    once, twice = (
        count_calls(functools.partial(folder_scan.scan_folder, tmp_path / folder))
        for folder in ("100", "200")
    )
    assert twice <= MOST * once
