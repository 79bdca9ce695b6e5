"""What a terminal, a pipe and a small encoding get to see."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from afterword.cli.ui import output
from afterword.cli.ui.prompts import progress_line, track_progress
from tests.running import Run

Probe = Callable[[Callable[[], None]], None]


def both() -> None:
    output.echo(output.styled("open", fg="green"), " now")
    output.status(output.styled("hint", bold=True))


@pytest.mark.parametrize(
    ("tty", "env", "coloured"),
    [
        pytest.param(True, {}, True, id="terminal"),
        pytest.param(False, {}, False, id="pipe"),
        pytest.param(True, {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param(True, {"NO_COLOR": ""}, True, id="empty-NO_COLOR"),
        pytest.param(True, {"TERM": "dumb"}, False, id="dumb"),
        pytest.param(False, {"FORCE_COLOR": "1"}, True, id="FORCE_COLOR"),
        pytest.param(False, {"FORCE_COLOR": "0"}, False, id="FORCE_COLOR-0"),
        pytest.param(False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="both"),
    ],
)
def test_colour_is_for_those_who_want_it(
    run: Run, probe: Probe, tty: bool, env: dict[str, str], coloured: bool
) -> None:
    probe(both)

    result = run("probe", tty=tty, env=env)

    assert ("\x1b[32mopen\x1b[0m now" in result.text) is coloured
    assert ("\x1b[1mhint" in result.stderr) is coloured
    if not coloured:
        assert (result.text, result.stderr) == ("open now\n", "hint\n")


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("\x1b]52;c;ZXZpbA==\x07", id="clipboard"),
        pytest.param("\x1b]0;title\x07", id="title"),
        pytest.param("\x1b]8;;http://evil.example\x1b\\", id="link"),
        pytest.param("\x9b31m", id="c1"),
        pytest.param("\b" * 20, id="backspace"),
        pytest.param("\u202e", id="bidi"),
    ],
)
@pytest.mark.parametrize("tty", [True, False], ids=["tty", "pipe"])
def test_no_control_character_is_printed(run: Run, probe: Probe, hostile: str, tty: bool) -> None:
    def body() -> None:
        output.echo("ok", output.styled(f"{hostile}ok", fg="red"))
        output.status(f"ok{hostile}")

    probe(body)

    result = run("probe", tty=tty, env={"NO_COLOR": "1"})

    for text in (result.text, result.stderr):
        assert text.startswith("ok")
        assert all(char == "\n" or char.isprintable() for char in text)


def test_json_is_one_document_in_ascii(run: Run, probe: Probe) -> None:
    document: dict[str, Any] = {"company": "Müller 漢 \x1b[2J"}
    probe(lambda: output.echo_json(document))

    result = run("probe", encoding="cp1252")

    assert result.stdout.isascii()
    assert b"\x1b" not in result.stdout
    assert json.loads(result.stdout) == {"version": 1, **document}


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "Zoë – 7 → 8 Dec… 漢\n"),
        ("cp1252", "Zoë - 7 -> 8 Dec... ?\n"),
        ("ascii", "Zo? - 7 -> 8 Dec... ?\n"),
    ],
)
def test_an_encoding_without_a_character_is_no_failure(
    run: Run, probe: Probe, encoding: str, expected: str
) -> None:
    def body() -> None:
        output.echo("Zoë – 7 → 8 Dec… 漢")
        output.status("Zoë – 7 → 8 Dec… 漢")

    probe(body)

    result = run("probe", encoding=encoding)

    assert result.code == 0
    assert result.stdout.decode(encoding).replace("\r\n", "\n") == expected
    assert result.stderr.replace("\r\n", "\n") == expected


@pytest.mark.parametrize(
    ("tty", "env", "length", "told"),
    [
        pytest.param(True, {}, 1_000, 100, id="long"),
        pytest.param(True, {}, 25_000, 100, id="longer"),
        pytest.param(True, {}, 999, 0, id="short"),
        pytest.param(True, {"TERM": "dumb"}, 1_000, 0, id="dumb"),
        pytest.param(False, {}, 1_000, 0, id="pipe"),
    ],
)
def test_what_is_long_tells_how_far_it_is(
    run: Run, probe: Probe, tty: bool, env: dict[str, str], length: int, told: int
) -> None:
    probe(lambda: output.echo(f"{sum(track_progress(range(length), 'reading'))}"))

    result = run("probe", tty=tty, env=env)

    assert result.text == f"{length * (length - 1) // 2}\n"
    assert result.stderr.count("reading: ") == told
    assert result.stderr.endswith("\r\x1b[K") is (told > 0)


def test_the_line_of_what_is_done_says_nothing_twice(run: Run, probe: Probe) -> None:
    def write() -> None:
        with progress_line("writing", long=8) as tell:
            for done in (0, 4, 4, 10):
                tell(done, 10)

    probe(write)

    lines = [f"\rwriting: {done} of 10\x1b[K" for done in (0, 4, 10)]
    assert run("probe", tty=True).stderr == "".join(lines) + "\r\x1b[K"
