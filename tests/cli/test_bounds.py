"""Input beyond its bounds ends with our own errors, whichever way it comes in (B2, B3, B6)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.life import NOW, Commands, Life
from tests.cli.synced import Synced
from tests.running import Run

After = Callable[[Commands], Life]
CANCELLED: Commands = (("cancel", "karoo"),)
CLOSED: Commands = (("close", "karoo"),)
UNPLANNED = (
    "no-show",
    "technical-failure",
    "competing-offer",
    "reply-offer",
    "next-round",
    "feedback-request",
)


@pytest.mark.parametrize("situation", [pytest.param(name, id=f"B2-{name}") for name in UNPLANNED])
@pytest.mark.parametrize("ended", [CANCELLED, CANCELLED + CLOSED], ids=["cancelled", "closed"])
def test_drafts_for_the_unplanned_are_there_after_the_interview_was_cancelled(
    after: After, situation: str, ended: Commands
) -> None:
    drafts = after(ended)(NOW, "draft", "karoo", situation)

    assert "Thandi" in drafts.text


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("add", "X", "Y", "--at", "9999-12-31 23:59"), id="B3-add"),
        pytest.param(("add", "X", "Y", "--at", "0001-01-01 00:00"), id="B3-add-year-1"),
        pytest.param(("add", "X", "Y", "--at", "9999-12-31T23:59-12:00"), id="B3-add-offset"),
        pytest.param(("round", "karoo", "--at", "31 Dec 9999 23:59"), id="B3-round"),
        pytest.param(("move", "karoo", "interview", "--to", "9999-12-31 23:59"), id="B3-move"),
        pytest.param(("move", "karoo", "first", "--to", "9999-12-31"), id="B3-move-step"),
        pytest.param(("away", "karoo", "--until", "9999-12-31"), id="B3-away"),
        pytest.param(("expect", "karoo", "--decision-by", "in 999 years"), id="B3-expect"),
        pytest.param(("heard", "karoo", "neutral", "--on", "0001-01-01"), id="B3-heard"),
        pytest.param(("sent", "karoo", "--on", "999 years ago"), id="B3-sent"),
    ],
)
def test_a_year_of_no_calendar_is_refused(after: After, command: tuple[str, ...]) -> None:
    life = after(())

    assert "1970" in life.refused(NOW, *command) or command[0] == "expect"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("me = " + "[" * 100_000, id="B3-brackets"),
        pytest.param("calendar.connections = " + "9" * 5_000, id="B3-digits"),
    ],
)
def test_settings_beyond_their_bounds_are_a_mistake_of_them(life: Life, text: str) -> None:
    life.data.mkdir()
    (life.data / "settings.toml").write_text(text)

    assert "settings.toml" in life.refused(NOW, "list")


@pytest.mark.parametrize(
    "counter",
    [
        pytest.param(f"SEQUENCE:{10**30}", id="B3-sequence-30-digits"),
        pytest.param(f"SEQUENCE:{'9' * 5000}", id="B3-sequence-5000-digits"),
        pytest.param(f"SEQUENCE:{2**63 - 1}", id="B3-sequence-64-bits"),
        pytest.param("SEQUENCE:-5", id="B3-sequence-negative"),
        pytest.param("DTSTAMP:99991231T235959Z", id="B3-stamp"),
    ],
)
def test_an_export_with_counters_that_only_an_editor_wrote_is_updated(
    life: Life, counter: str
) -> None:
    life.held()
    life.export(NOW)
    text = life.calendar.read_text()
    name = counter.partition(":")[0]
    edited = [counter if line.startswith(name) else line for line in text.splitlines()]
    life.calendar.write_bytes("\r\n".join([*edited, ""]).encode())
    life(NOW, "sent", "karoo", "first-follow-up")

    events = life.export(NOW)

    assert all(0 <= int(event["SEQUENCE"]) < 2**31 for event in events.values())
    assert all(event["DTSTAMP"].dt.year == 2026 for event in events.values())


@pytest.mark.skipif(os.name != "posix", reason="yes is a program of POSIX systems")
def test_a_password_command_without_an_end_is_ended(synced: Synced) -> None:
    life, url = synced.life, synced.command()[2]
    (life.data / "settings.toml").write_text(
        f'[calendar]\nurl = "{url}"\nuser = "bob"\npassword_command = ["yes"]\n'
    )
    life(NOW, "settings", "--approve")

    result = life(NOW, "sync", code=2)

    assert "yes printed more than" in result.stderr


STDIN_COMMANDS = [
    "add",
    "plan -",
    "import -",
    "export -",
    "due",
    "next",
    "debrief karoo",
    "edit karoo",
    "forget karoo",
    "calendars",
    "sync",
    "sync --calendar-url https://dav.example/ --user bob --password-file -",
]


@pytest.mark.parametrize(
    "words", [pytest.param(w, id=f"B3-{w.split()[0]}") for w in STDIN_COMMANDS]
)
def test_a_closed_stdin_is_an_empty_one(
    after: After, words: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    life = after(())
    monkeypatch.setattr("sys.stdin", None)
    from afterword.__main__ import main

    code = main([*words.split(), *life.flags(NOW)])

    assert code in {0, 2, 65}
    assert "bug" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(("plan", "nowhere.toml"), 65, id="B6-plan"),
        pytest.param(("show", "nobody"), 2, id="B6-show"),
        pytest.param(("calendars", "--calendar-url", "ftp://x"), 2, id="B6-calendars"),
        pytest.param(("sync", "--dry-run"), 2, id="B6-sync"),
        pytest.param(("import", "nowhere.ics"), 65, id="B6-import"),
        pytest.param(("next", "--unknown"), 2, id="B6-usage"),
    ],
)
def test_a_failed_run_prints_one_json_document_all_the_same(
    life: Life, command: tuple[str, ...], code: int
) -> None:
    result = life(NOW, *command, "--json", code=code)

    document = result.json
    assert document["version"] == 1
    if "error" in document:
        assert document["error"]["code"] == code
        assert document["error"]["message"] in result.stderr


def test_without_json_a_failed_run_prints_nothing_on_stdout(run: Run) -> None:
    assert run("note", "--", "--json").stdout == b""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as in POSIX")
def test_a_terminated_run_ends_with_143_and_a_line(after: After, tmp_path: Path) -> None:
    life = after(())
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nkill -TERM $PPID\n")
    editor.chmod(0o700)
    command = [sys.executable, "-m", "afterword", "edit", "karoo", *life.flags(NOW)]
    environment = {**os.environ, "EDITOR": str(editor), "VISUAL": str(editor)}

    ended = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert (ended.returncode, ended.stdout) == (143, b"")
    assert ended.stderr.decode() == "afterword: ended by another program\n"
