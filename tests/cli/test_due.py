"""A bare `afterword`: what is due, and one key a line to log it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pyperclip
import pytest

from afterword.settings.paths import find_locations
from tests.cli.life import Life
from tests.running import Result, Run


class Terminal:
    """A person at a terminal who answers a bare `afterword` with single keys."""

    def __init__(self, run: Run, life: Life, patch: pytest.MonkeyPatch) -> None:
        self.run, self.life, self.patch = run, life, patch

    def __call__(self, keys: str, typed: str = "") -> Result:
        left: Iterator[str] = iter(keys)
        self.patch.setattr(click, "getchar", lambda: next(left))
        result = self.run(tty=True, input=typed.encode())
        assert result.code == 0, result.stderr
        assert list(left) == [], "keys that nobody asked for"
        return result


@pytest.fixture
def terminal(
    life: Life,
    monkeypatch: pytest.MonkeyPatch,
    at: Callable[[str], None],
    machine_zone: Callable[[str | None], None],
) -> Terminal:
    life.data = find_locations().data
    at("2026-12-08T10:00:00+02:00")
    machine_zone("Africa/Johannesburg")
    monkeypatch.setenv("NO_COLOR", "1")
    return Terminal(life.run, life, monkeypatch)


def log(life: Life, name: str = "karoo") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = life("2026-12-08 12:00", "show", name, "--json").json["facts"][
        "log"
    ]
    return entries


def test_who_keeps_nothing_is_told_how_to_begin(terminal: Terminal) -> None:
    assert "afterword add" in terminal("").text


def test_it_takes_the_moment_the_zone_and_the_directory_as_commands_do(life: Life) -> None:
    assert "afterword add" in life("2026-12-08 10:00").text
    life.held()

    found = life("2026-12-08 10:00")

    assert found.text.startswith("due     Karoo  second-follow-up")
    assert life.run("--zone", "Nowhere").code == 2
    assert life.run("--now", "noon", "--data", life.data).code == 2


def test_what_stands_before_a_command_holds_for_it(life: Life) -> None:
    life.held()
    before = life.run(*life.flags("2026-12-08 10:00"), "next", "--json")

    assert before.json == life("2026-12-08 10:00", "next", "--json").json


def test_no_terminal_is_asked_nothing(terminal: Terminal) -> None:
    terminal.life.held()
    result = terminal.run()
    assert result.text.startswith("due     Karoo  second-follow-up")
    assert "Did you send Karoo the thank-you (Tue 24 Nov) and the first-follow-up" in result.stderr


def test_one_key_a_line_logs_what_was_sent(terminal: Terminal) -> None:
    terminal.life.held()
    said = terminal("sss")

    assert said.stderr.count("?") >= 3
    assert "Karoo, Marketing Manager: thank-you, Tue 24 Nov 16:00?" in said.stderr
    assert [(entry["at"], entry["sent"]) for entry in log(terminal.life)] == [
        ("2026-11-24T16:00:00+02:00", "thank-you"),
        ("2026-11-30T09:00:00+02:00", "first-follow-up"),
        ("2026-12-08T10:00:00+02:00", "second-follow-up"),
    ]


def test_another_day_is_typed(terminal: Terminal) -> None:
    terminal.life.held()
    said = terminal("no", "2026-12-02\n").stderr

    assert "[o]n another day" in said
    (entry,) = log(terminal.life)
    assert entry == {"at": "2026-12-02T12:00:00+02:00", "sent": "first-follow-up"}
    # A week after that day the second is not due yet, and nobody asks for it.
    assert terminal.life.live("2026-12-08 10:01")["r1 second-follow-up 0"] == "2026-12-09"


def test_an_answer_ends_the_questions_about_the_silence_before_it(terminal: Terminal) -> None:
    terminal.life.held()
    said = terminal("apn")

    assert "[p]ositive  [n]eutral  [r]ejected" in said.stderr
    assert "Logged: Karoo gave a positive answer (Tue 8 Dec 2026, 10:00" in said.text
    assert "Dear Thandi Nkosi" in said.text
    assert "Karoo, Marketing Manager: reply, Tue 8 Dec 10:00?" in said.stderr
    assert [entry["heard"] for entry in log(terminal.life)] == ["positive"]


def test_a_key_that_means_nothing_is_asked_again(terminal: Terminal) -> None:
    terminal.life.held()
    said = terminal("xaxq").stderr
    assert "no answer was logged" in said
    assert log(terminal.life) == []


def test_skip_and_not_yet(terminal: Terminal) -> None:
    terminal.life.held()
    terminal("knn")
    assert [entry.get("skipped") for entry in log(terminal.life)] == ["thank-you"]
    assert terminal.life.asked("2026-12-08 10:01") == ["first-follow-up"]


def test_at_the_end_one_key_closes(terminal: Terminal, at: Callable[[str], None]) -> None:
    terminal.life.held()
    at("2026-12-15T10:00:00+02:00")
    said = terminal("nnnc")

    assert "[c]lose it" in said.stderr
    assert "Karoo, Marketing Manager: closed." in said.text
    assert terminal.life.live("2026-12-15 10:01") == {}


def test_the_keys_go_over_all_applications(terminal: Terminal) -> None:
    terminal.life.held()
    terminal.life("2026-12-01 10:00", "add", "TUI", "Clerk", "--at", "2026-12-07 10:00")
    terminal("nnss")
    assert [entry["sent"] for entry in log(terminal.life)] == ["second-follow-up"]
    assert [entry["sent"] for entry in log(terminal.life, "tui")] == ["thank-you"]


def test_the_draft_is_shown_copied_and_mailed_before_it_is_logged(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    opened: list[str] = []

    def launch(url: str) -> int:
        opened.append(url)
        return 0

    monkeypatch.setattr(pyperclip, "copy", copied.append)
    monkeypatch.setattr(click, "launch", launch)
    terminal.life.held()

    result = terminal("dcmq")

    assert "[d]raft: show it  [c]opy it  [m]ail it" in result.stderr
    assert "Dear Thandi Nkosi," in result.text
    assert "Dear Thandi Nkosi," in copied[0]
    assert opened[0].startswith("mailto:thandi@karoo.example?subject=")
    assert log(terminal.life) == []


def test_both_clients_are_asked_about_by_name(terminal: Terminal, tmp_path: Path) -> None:
    rows = [
        f"Karoo,Cook,2026-12-07,10:00,Africa/Johannesburg,{name}" for name in ("Mia", "Eve Lee")
    ]
    table = tmp_path / "clients.csv"
    table.write_text("\n".join(["company,role,date,time,zone,applicant", *rows, ""]))
    terminal.life("2026-12-01 10:00", "import", table)

    asked = [line for line in terminal("nn").stderr.splitlines() if line.endswith("?")]

    assert sorted(line.split(":")[0] for line in asked) == ["Eve Lee", "Mia"]


@pytest.mark.parametrize("many", [1, 3, 4, 7])
def test_questions_about_many_applications_are_summed_up(life: Life, many: int) -> None:
    for number in range(many):
        life("2026-11-20 10:00", "add", f"Firm {number}", "Clerk", "--at", "2026-11-24 14:00")

    said = life("2026-12-15 10:00", "next").stderr

    rest = max(0, many - 3)
    assert said.count("Did you send Firm ") == many - rest
    assert said.count("To close Firm ") == many - rest
    shown = f"{rest} more application{'' if rest == 1 else 's'} "
    assert (f"{shown}with messages that are not logged" in said) is bool(rest)
    assert (f"{shown}to close" in said) is bool(rest)
    assert len(life("2026-12-15 10:00", "next", "--json").json["asked"]) >= many


@pytest.mark.parametrize("keys", [("\x03",), ("\x03\r",), ("x", "\x03q")], ids=ascii)
def test_ctrl_c_stops_whatever_is_pressed_with_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    terminal.life.held()
    left = iter(keys)
    monkeypatch.setattr(click, "getchar", lambda: next(left))

    assert terminal.run(tty=True).code == 130
    assert log(terminal.life) == []


def test_of_keys_that_come_together_the_first_counts(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.life.held()
    left = iter(["ss", "q"])
    monkeypatch.setattr(click, "getchar", lambda: next(left))

    assert terminal.run(tty=True).code == 0
    assert [entry["sent"] for entry in log(terminal.life)] == ["thank-you"]
