"""Whatever an invitation names, no file is opened and no host is reached for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .written import calendar, event, only

_watched: list[list[str]] = []


def _note(name: str, args: tuple[object, ...]) -> None:
    if name in {"open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"}:
        for found in _watched:
            found.append(f"{name} {args[0]}")


sys.addaudithook(_note)


@contextmanager
def _watching() -> Iterator[list[str]]:
    found: list[str] = []
    _watched.append(found)
    try:
        yield found
    finally:
        _watched.remove(found)


def test_nothing_is_fetched_or_opened() -> None:
    data = calendar(
        event(
            "ATTACH;VALUE=URI:file:///etc/passwd",
            "ATTACH:https://evil.example/a",
            "IMAGE;VALUE=URI:http://169.254.169.254/latest",
            'DESCRIPTION;ALTREP="http://evil.example/b":<img src="http://evil.example/c">',
            'ORGANIZER;DIR="ldap://evil.example":mailto:mia@studio-wolf.example',
            "URL:https://evil.example/d",
            "CONFERENCE;VALUE=URI:https://zoom.us/j/1",
            start="DTSTART;TZID=../../../../etc/passwd:20261124T140000Z",
        )
    )
    only(data=data)  # the first reading imports what it needs
    with _watching() as found:
        only(data=data)
    assert found == []


@pytest.mark.parametrize(
    "module",
    ["afterword.services.input_files", "afterword.importers.invitation.invitation_reader"],
)
def test_the_calendar_library_is_imported_by_reading_alone(module: str) -> None:
    program = f"import {module}, sys; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
