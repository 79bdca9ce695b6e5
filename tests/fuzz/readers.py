"""Every reader of what others wrote, with samples to change and the errors that it may raise.

A reader returns for any bytes, or raises an error of ours: another exception is a finding. Findings
become files in `findings/READER/`, which are read as samples and tested as they are.
"""

from __future__ import annotations

import contextlib
import random  # noqa: TID251 - seeded, so that a finding can be made again
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs

from afterword.dav.client import DavClient
from afterword.dav.connection_settings import Login
from afterword.dav.remote_calendar import RemoteCalendar
from afterword.domain.calendar_model import Alarm, Event
from afterword.errors import AfterwordError
from afterword.formats import ics_files, ics_patch
from afterword.formats.application_file import application_reader
from afterword.importers.invitation.invitation_reader import read_invitation
from afterword.importers.spreadsheet.header import TableOptions
from afterword.importers.spreadsheet.spreadsheet_reader import read_table
from afterword.messages import template_store
from afterword.settings.loader import load_settings
from afterword.storage.state import sequence_numbers, sync_rows
from afterword.storage.state.database import Database
from afterword.system import clock
from tests.sync.fault_proxy import FaultProxy, Reply, Rule, fault_proxy
from tests.sync.people import NOW, event

ZONE = ZoneInfo("Europe/Berlin")
TESTS = Path(__file__).parents[1]
STATE_OF = "http://x/"
"""The calendar whose rows the reader of the state reads."""
FINDINGS = Path(__file__).parent / "findings"
PIECES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n ", b"\t", b";", b":", b",", b'"'),
    *(
        b"\\",
        b"\\n",
        b"[[",
        b"]]",
        b"{{",
        b"}}",
        b"{%",
        b"<",
        b"</",
        b"&#x0;",
        b"&a;",
        b"<!DOCTYPE",
    ),
    *(b"9" * 30, b"-1", b"1e999", b"99991231T235959Z", b"00010101T000000", b"9999-12-31", b"nan"),
    *("ü".encode(), "\ufffe".encode(), "\u2028".encode(), b"\xed\xa0\x80", b"BEGIN:VEVENT\r\n"),
    *(
        b"END:VEVENT\r\n",
        b";VALUE=DATE",
        b";TZID=No/Where",
        b"RRULE:FREQ=SECONDLY\r\n",
        b"P9999999W",
    ),
    *(b"Content-Transfer-Encoding: base64\r\n", b"boundary=", b"=?utf-8?B?", b"=3D", b"''''"),
)


@attrs.frozen(kw_only=True)
class Reader:
    """A reader: `read` is called with changed samples, in a directory of its own."""

    samples: tuple[bytes, ...]
    read: Callable[[bytes], object]


def changed(data: bytes, rng: random.Random) -> bytes:
    """Return the bytes with a few changes: cut, doubled, moved, replaced, inserted."""
    for _ in range(rng.randint(1, 4)):
        at, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        end = min(end, at + rng.choice([1, 8, 64, 512]))
        piece = rng.choice([*PIECES, data[at:end], rng.randbytes(rng.randint(1, 8))])
        kind = rng.randrange(5)
        if kind == 0:
            data = data[:at] + data[end:]
        elif kind == 1:
            data = data[:at] + piece + data[at:]
        elif kind == 2:
            data = data[:at] + piece + data[end:]
        elif kind == 3:
            data = data[:at] + data[at:end] * rng.randint(2, 5) + data[end:]
        else:
            lines = data.split(b"\n")
            rng.shuffle(lines) if rng.random() < 0.2 else lines.insert(
                rng.randrange(len(lines)), rng.choice(lines)
            )
            data = b"\n".join(lines)
    return data[:200_000]


def is_finding(reader: Reader, data: bytes) -> BaseException | None:
    """Return the exception that is none of ours, if there is one."""
    try:
        reader.read(data)
    except AfterwordError:
        return None
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return error
    return None


@contextlib.contextmanager
def readers() -> Iterator[dict[str, Reader]]:
    """Yield all readers by name."""
    clock.use_newest_zones()
    with (
        tempfile.TemporaryDirectory(prefix="afterword-fuzz-") as folder,
        fault_proxy("http://127.0.0.1:9") as proxy,
    ):
        yield _readers(Path(folder), proxy)


def _readers(folder: Path, proxy: FaultProxy) -> dict[str, Reader]:
    files = {path: path.read_bytes() for path in sorted((TESTS / "fixtures").rglob("*.*"))}
    calendars = tuple(b for p, b in files.items() if p.suffix in {".ics", ".vcs"})
    mails = tuple(b for p, b in files.items() if p.suffix in {".eml", ".emlx", ".mbox"})
    tables = tuple(b for p, b in files.items() if p.suffix in {".csv", ".tsv", ".txt"})
    samples = TESTS.parent / "samples"
    applications = tuple(path.read_bytes() for path in sorted(samples.rglob("*.toml")))
    written = tuple(ics_files.calendar_file([_event(), event(1)], name="Job search"))
    return {
        "invitation": Reader(samples=calendars, read=_invitation),
        "mail": Reader(samples=mails, read=_invitation),
        "table": Reader(samples=(*tables, *_more_tables()), read=_table),
        "application": Reader(samples=applications, read=_application),
        "settings": Reader(samples=(SETTINGS,), read=_in_file(folder / "s.toml", load_settings)),
        "state": Reader(samples=(_state(folder),), read=_in_file(folder / "x.sqlite", _read_state)),
        "object": Reader(
            samples=(*map(ics_files.single_event_file, (_event(), event(1))), *calendars[:20]),
            read=_object,
        ),
        "answer": Reader(samples=ANSWERS, read=_answer(proxy)),
        "export": Reader(samples=(b"".join(written),), read=_export),
        "template": Reader(samples=TEMPLATES, read=_template(folder)),
    }


def _event() -> Event:
    return attrs.evolve(event(2), alarm=Alarm(uid="x", before=NOW - NOW, text="x"), sequence=7)


def _invitation(data: bytes) -> object:
    return read_invitation(data, source="x.ics")


def _more_tables() -> tuple[bytes, ...]:
    return (
        TABLE,
        b"Firma;Stelle;Datum;Uhrzeit\n\xc3\x84;B;24.11.2026;14 Uhr\n",
    )


def _table(data: bytes) -> object:
    return read_table(data, TableOptions(zone=ZONE), source="x.csv")


def _application(data: bytes) -> object:
    return application_reader.parse_applications(data, "x.toml")


def _in_file(path: Path, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def write_and_read(data: bytes) -> object:
        path.write_bytes(data)
        return read(path)

    return write_and_read


def _state(folder: Path) -> bytes:
    path = folder / "state.sqlite"
    with Database(path) as database:
        for number in range(3):
            row = sync_rows.SyncRow(uid=f"u{number}", href=f"/u{number}", etag='"1"', stamp=NOW)
            with database.transaction():
                sync_rows.save_row(database, STATE_OF, row)
        events = [event(number) for number in range(3)]
        revised = sequence_numbers.assign_sequence(
            database, {}, events, ics_files.fingerprint_of, now=NOW
        )
        with database.transaction():
            sequence_numbers.save(database, "/x.ics\nkaroo", revised)
    with contextlib.closing(_checkpointed(path)):
        pass
    return path.read_bytes()


def _checkpointed(path: Path) -> sqlite3.Connection:

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return connection


def _read_state(path: Path) -> object:
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    with Database(path, timeout=0.1) as database:
        return (
            sync_rows.load_rows(database, STATE_OF),
            sync_rows.load_cursor(database, STATE_OF),
            sequence_numbers.load_revisions(database, "/x.ics\nkaroo"),
        )


def _object(data: bytes) -> object:
    try:
        ics_patch.parse_event(data, ZONE)
    except ValueError:
        return None
    return ics_patch.uid_of(data)


def _answer(proxy: FaultProxy) -> Callable[[bytes], object]:
    login = Login(user="sam", password="s3cret")  # noqa: S106 - of no server
    client = DavClient(proxy.url, login, now=lambda: NOW)
    calendar = RemoteCalendar(client, f"{proxy.url}/dav/jobs/")

    def answer(data: bytes) -> object:
        body = data.decode("utf-8", "replace")
        headers = {"Content-Type": "application/xml; charset=utf-8", "DAV": "1, calendar-access"}
        proxy.use(Rule(fault=Reply(207, headers, body)))
        with contextlib.suppress(AfterwordError):
            calendar.changes("token")
        with contextlib.suppress(AfterwordError):
            calendar.listing()
        return calendar.fetch(["/dav/jobs/a.ics"])

    return answer


def _export(data: bytes) -> object:
    return ics_files.is_our_file(data), ics_files.read_revisions(data.splitlines(keepends=True))


def _template(folder: Path) -> Callable[[bytes], object]:
    path = folder / "drafts" / "en" / "email" / "thank-you.txt"
    path.parent.mkdir(parents=True)

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return template_store.read_user_templates(folder / "drafts")

    return read


TABLE = b"""company,role,date,time,zone,interviewer,email,status
Karoo,Buyer,2026-11-24,14:00,Africa/Johannesburg,"Ann; Bob",a@b.example,rejected
Globex,Clerk,24/11/2026,2pm,,,,
"""
SETTINGS = b"""zone = "Europe/Berlin"
language = "en"
me = ["sam@work.example"]
reminders = ["before", "after"]
[applicant]
name = "Sam"
links = ["https://sam.example"]
[calendar]
url = "https://dav.example/sam/"
password_command = ["pass", "show", "calendar"]
connections = 4
[hours]
waking = ["08:00", "20:00"]
[policy]
first_opens = 5
"""
TEMPLATES = (
    b"Subject: Thanks for {{ company }}\n\n{% if role %}About {{ role | lower }}.{% endif %}\n",
    b"Subject: {{ 'x' }}\n\n{% if company == 'x' and not role %}a{% else %}b{% endif %}\n- c\n",
)
ANSWERS = (
    b"""<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
<d:response><d:href>/dav/jobs/a.ics</d:href><d:propstat><d:prop><d:getetag>"1"</d:getetag>
<c:calendar-data>BEGIN:VCALENDAR&#13;
END:VCALENDAR</c:calendar-data></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
</d:response><d:response><d:href>/dav/jobs/b.ics</d:href><d:status>HTTP/1.1 404 Not Found</d:status>
</d:response><d:sync-token>http://x/sync/1</d:sync-token></d:multistatus>""",
)
