"""Each dimension of what is read has a bound, and beyond it a message; one table for all readers.

The rows of invitations and mail are those of tests/importers/invitation/test_limits.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from afterword.dav import dav_xml, responses
from afterword.errors import AfterwordError
from afterword.formats import validators
from afterword.formats.application_file.application_reader import parse_applications
from afterword.importers.spreadsheet import header
from afterword.messages import template_store
from afterword.settings import loader
from afterword.storage import stored_names
from afterword.system import atomic_files, credentials
from afterword.vdir import folder_scan
from tests.fuzz.readers import Reader, readers
from tests.importers.invitation.test_limits import BOUNDS as INVITATION_BOUNDS
from tests.importers.invitation.test_limits import outcome
from tests.limits.test_growth import HEAD, INTERVIEW, answer, state

FILE = HEAD + INTERVIEW.format(1, 24, 14)
ROW = b"Karoo,Buyer,2026-11-24,14:00"


@pytest.fixture(scope="module")
def every() -> Iterator[dict[str, Reader]]:
    with readers() as found:
        yield found


def said(read: Callable[[bytes], object], data: bytes) -> str:
    """Return the message and the notes of an error of ours."""
    try:
        read(data)
    except AfterwordError as error:
        return "\n".join((error.message, *error.notes))
    return ""


def padded(text: str, size: int) -> bytes:
    return text.encode() + b"#" + b"x" * (size - len(text) - 1)


# The reader, the largest accepted size, an input of a size, and the message beyond the bound.
BOUNDS: list[Any] = [
    pytest.param(
        "application",
        validators.LONGEST,
        lambda n: f'{FILE}[[log]]\nat = 2026-11-24\nnote = "{"x" * n}"\n'.encode(),
        "is longer than 20 kB",
        id="application-text",
    ),
    pytest.param(
        "application",
        7 * 24 * 60,
        lambda n: FILE.replace("minutes = 30", f"minutes = {n}").encode(),
        "must be a number from 1 to 10080",
        id="application-minutes",
    ),
    pytest.param(
        "application",
        2199,
        lambda n: FILE.replace("start = 2026", f"start = {n}").encode(),
        "2199",
        id="application-year",
    ),
    pytest.param(
        "table",
        header._MOST_COLUMNS,  # noqa: SLF001
        lambda n: b"company,role,date,time" + b",note" * (n - 4) + b"\n" + ROW + b",x" * (n - 4),
        "501 columns, and 500 is the most",
        id="table-columns",
    ),
    pytest.param(
        "settings",
        loader._LARGEST,  # noqa: SLF001
        lambda n: padded('language = "en"\n', n),
        "larger than 1,000,000 bytes",
        id="settings-bytes",
    ),
    pytest.param(
        "settings",
        8,
        lambda n: f"[calendar]\nconnections = {n}\n".encode(),
        "connections",
        id="settings-connections",
    ),
    pytest.param(
        "answer",
        dav_xml.MAX_DEPTH - 1,
        lambda n: answer("<d:x>" * n + "</d:x>" * n),
        "is nested more than 64 levels deep",
        id="answer-depth",
    ),
    pytest.param(
        "answer",
        dav_xml.MAX_ATTRIBUTES,
        lambda n: answer("<d:x " + " ".join(f'a{i}=""' for i in range(n)) + "/>"),
        "has more than 50,000 attributes",
        id="answer-attributes",
    ),
    pytest.param(
        "answer",
        dav_xml.MAX_NAME - len("{DAV:}"),
        lambda n: answer(f"<d:{'x' * n}/>"),
        "has a name of more than 1,000 characters",
        id="answer-name",
    ),
    pytest.param(
        "answer",
        responses.MOST,
        lambda n: answer("").replace(b"</d:", b" " * (n - len(answer(""))) + b"</d:"),
        "more than",
        id="answer-bytes",
    ),
    pytest.param(
        "template",
        template_store.MAX_TEMPLATE_BYTES,
        lambda n: b"Subject: x\n\n" + b"x" * (n - 12),
        "20",
        id="template-bytes",
    ),
]


@pytest.mark.parametrize(("reader", "largest", "make", "message"), BOUNDS)
def test_beyond_its_bound_an_input_is_refused_in_a_sentence(
    every: dict[str, Reader],
    reader: str,
    largest: int,
    make: Callable[[int], bytes],
    message: str,
) -> None:
    assert said(every[reader].read, make(largest)) == ""
    assert message in said(every[reader].read, make(largest + 1))


def test_an_answer_has_at_most_half_a_million_elements() -> None:
    largest = dav_xml.MAX_ELEMENTS - 1
    assert said(dav_xml.parse_xml, answer("<d:x/>" * largest)) == ""
    refused = said(dav_xml.parse_xml, answer("<d:x/>" * (largest + 1)))
    assert "has more than 500,000 elements" in refused


# Files are read by a single function, with a bound of each kind.
FILES: list[Any] = [
    pytest.param(stored_names.MAX_BYTES, 1_000_000, id="application-file"),
    pytest.param(loader._LARGEST, 1_000_000, id="settings"),  # noqa: SLF001
    pytest.param(credentials._MAX_BYTES, 4_096, id="password-file"),  # noqa: SLF001
    pytest.param(folder_scan.LARGEST, 10_000_000, id="file-of-a-folder"),
]


@pytest.mark.parametrize(("bound", "bytes_"), FILES)
def test_a_file_beyond_its_bound_is_not_read(tmp_path: Path, bound: int, bytes_: int) -> None:
    assert bound == bytes_
    path = tmp_path / "file"
    path.write_bytes(b"x" * bound)
    assert len(atomic_files.read_file(path, at_most=bound)) == bound
    path.write_bytes(b"x" * (bound + 1))
    assert f"{bound:,}" in said(lambda _: atomic_files.read_file(path, at_most=bound), b"")


# Where no size is the bound: it is read, or refused in a sentence, never a failure of ours.
DEEP: dict[str, tuple[str, bytes]] = {
    "application-depth": ("application", b"x = " + b"[" * 100_000),
    "application-tables": ("application", b"[" + b".".join([b"a"] * 50_000) + b"]"),
    "application-digits": ("application", b"minutes = " + b"9" * 100_000),
    "application-exponent": ("application", b"minutes = 1e99999"),
    "settings-depth": ("settings", b"me = " + b"[" * 100_000),
    "settings-digits": ("settings", b"calendar.connections = " + b"9" * 5_000),
    "table-digits": ("table", b"company,role,date,time\nK,B," + b"9" * 100_000 + b",14:00\n"),
    "table-quotes": ("table", b"company,role,date,time\n" + b'"' * 100_001),
    "state-depth": ("state", state('{"held": ' + "[" * 50_000)),
    "state-digits": ("state", state('{"generation": ' + "9" * 50_000 + "}")),
    "state-text": ("state", state('{"href": "' + "x" * 1_000_000 + '"}')),
    "object-depth": ("object", b"BEGIN:VCALENDAR\r\n" * 20_000),
    "object-digits": ("object", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSEQUENCE:" + b"9" * 50_000),
    "answer-digits": ("answer", answer("<d:status>HTTP/1.1 " + "9" * 9_999 + "</d:status>")),
    "export-digits": ("export", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSEQUENCE:" + b"9" * 50_000),
    "template-depth": ("template", b"Subject: x\n\n" + b"{% if role %}" * 1_400),
    "template-brackets": ("template", b"Subject: x\n\n{{ " + b"(" * 9_000),
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_deep_or_long_is_read_or_refused(every: dict[str, Reader], name: str) -> None:
    reader, data = DEEP[name]
    message = said(every[reader].read, data)
    assert "Traceback" not in message
    assert len(message) < 2_000


@pytest.mark.parametrize(
    ("largest", "make", "message"), INVITATION_BOUNDS, ids=[row.id for row in INVITATION_BOUNDS]
)
def test_the_rows_of_invitations_have_a_bound(
    largest: int, make: Callable[[int], bytes], message: str
) -> None:
    assert largest > 0
    assert message in outcome(make(largest + 1))


def test_all_mistakes_of_a_file_are_told_in_bounded_lines() -> None:
    text = FILE + "".join(f"x{n} = {n}\n" for n in range(5_000))
    message = said(lambda data: parse_applications(data, "x.toml"), text.encode())
    assert all(len(line) < 300 for line in message.splitlines())
