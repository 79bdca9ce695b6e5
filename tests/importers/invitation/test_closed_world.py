"""An invitation never makes the reader open a file or reach a host."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .invitation_files import calendar, event, read_single

_watched: list[list[str]] = []


def _note(name: str, args: tuple[object, ...]) -> None:
    if name in {"open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"}:
        for opened in _watched:
            opened.append(f"{name} {args[0]}")


sys.addaudithook(_note)


@contextmanager
def _watching() -> Iterator[list[str]]:
    opened: list[str] = []
    _watched.append(opened)
    try:
        yield opened
    finally:
        _watched.remove(opened)


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
    read_single(data=data)  # the first reading imports what it needs
    with _watching() as opened:
        read_single(data=data)
    assert opened == []


@pytest.mark.parametrize(
    "module",
    ["afterword.services.input_files", "afterword.importers.invitation.invitation_reader"],
)
def test_the_calendar_library_is_imported_by_reading_alone(module: str) -> None:
    program = f"import {module}, sys; sys.exit('icalendar' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
