"""What a person types is text, wherever it is typed and wherever it goes."""

from __future__ import annotations

import icalendar
import pytest
import tomli

from afterword.domain.sanitize import clean, clean_line
from tests.cli.life import Life

NOW = "2026-11-24 16:00"
AT = ("--at", "2026-11-24 14:00")


def exported(life: Life) -> bytes:
    return life(NOW, "export", "-o", "-").stdout


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Acme\r\nATTACH:http://evil.example", "Acme ATTACH:http://evil.example"),
        ("x\nEND:VEVENT\nBEGIN:VEVENT", "x END:VEVENT BEGIN:VEVENT"),
        ("a\rATTENDEE:mailto:e@x.example", "a ATTENDEE:mailto:e@x.example"),
        ("A\x00\x07\x08c\x1b[31mm\x7fe\x9b", "Acme"),
        ("Ac\ufffem\uffffe\U0001fffe", "Acme"),
        ("Ac\x0bme\x0c\x1c and\x85so\u2028on", "Ac me and so on"),
        ("\ufeffAcme", "Acme"),
        ('C:\\new\\nope; a,b:d"e\\', 'C:\\new\\nope; a,b:d"e\\'),
        ("Smith, Bob; a^nb", "Smith, Bob; a^nb"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20, None),
        ("e\u0301" * 60, None),
        ("\U0001d518" * 50, None),
    ],
    ids=[
        "CRLF",
        "an event's end",
        "a bare CR",
        "control characters",
        "noncharacters",
        "other line ends",
        "a BOM",
        "backslashes",
        "commas",
        "families",
        "combining marks",
        "four bytes",
    ],
)
def test_a_company_stays_one_line_of_text(life: Life, typed: str, kept: str | None) -> None:
    # An argument cannot hold NUL; a file of facts can, and is tested where it is read.
    life(NOW, "add", typed.replace("\x00", ""), "Boss", *AT)
    data = exported(life)

    (facts,) = life.data.glob("*.toml")
    assert tomli.loads(facts.read_text("utf-8"))["company"] == (kept or typed)
    assert len(icalendar.Calendar.from_ical(data).events) == 7
    lines = data.split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTACH", b"ATTENDEE"))]
    assert all(len(line) <= 75 for line in lines)
    assert b"\r" not in b"".join(lines)
    assert lines.count(b"BEGIN:VEVENT") == 7
    assert facts.stem.isascii()


@pytest.mark.parametrize(
    "name", ["../../.ssh/authorized_keys", "a/b\\c", "CON", "NUL.ics", ".hidden", "é" * 300]
)
def test_a_name_is_never_a_path(life: Life, name: str) -> None:
    life(NOW, "add", name, "Boss", *AT)

    (path,) = life.data.rglob("*.toml")
    assert path.parent == life.data
    assert len(path.name) < 80
    assert path.stem.strip("-.") == path.stem


def test_a_text_beyond_all_bounds_is_refused(life: Life) -> None:
    said = life.refused(NOW, "add", "Acme", "x" * 1_000_000, *AT)

    assert len(said) < 2_000


@pytest.mark.parametrize("argument", ["caf\udce9", "--role=\udcff"])
def test_bytes_that_are_no_text_are_refused_by_place(life: Life, argument: str) -> None:
    assert "not valid UTF-8" in life.refused(NOW, "add", argument, "Boss", *AT)


@pytest.mark.parametrize(
    "text", ["a\x1b]52;c;ZXZpbA==\x07b", "a\x1b]0;x\x07b", "\x9b31mab", "a\rb"]
)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\x1b" not in clean_line(text)
    assert "\r" not in clean(text)
