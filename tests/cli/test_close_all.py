"""`close --all` closes every open application together, and asks on a terminal."""

from __future__ import annotations

import pytest

from tests.cli.life import NOW, Life
from tests.pseudo_terminal import typing

COMPANIES = ("Acme", "Birch")


@pytest.fixture
def search(life: Life) -> Life:
    """Return a person with three applications."""
    life.held()
    for company in COMPANIES:
        life(NOW, "add", company, "Cook", "--at", "2026-11-30 14:00", "--country", "GB")
    return life


def test_all_are_closed_without_a_terminal(search: Life) -> None:
    closed = search(NOW, "close", "--all")

    assert closed.text.count(": closed.") == 3
    assert "afterword undo --all" in closed.stderr
    assert search.live(NOW, "acme") == {}


def test_one_undo_opens_all_of_them(search: Life) -> None:
    before = search.files()
    search(NOW, "close", "--all", "--lesson", "Ask for the salary band.")

    undone = search(NOW, "undo", "--all")

    assert search.files() == before
    assert "3 applications restored" in undone.text


def test_closing_all_is_not_an_import(search: Life) -> None:
    search(NOW, "close", "--all")

    assert "afterword undo --all" in search.refused(NOW, "undo", "--import")


def test_an_application_changed_since_stays_as_it_is(search: Life) -> None:
    search(NOW, "close", "--all")
    search(NOW, "note", "acme", "They called.")

    assert "changed after the closing" in search.refused(NOW, "undo", "--all", code=4)
    search(NOW, "undo", "--all", "--force")

    assert search.live(NOW, "birch") != {}
    assert search.live(NOW, "acme") == {}


def test_nothing_to_undo_is_an_error(search: Life) -> None:
    assert "no change of several applications" in search.refused(NOW, "undo", "--all")


def test_a_dry_run_neither_asks_nor_saves(search: Life) -> None:
    before = search.files()

    tried = search(NOW, "close", "--all", "--dry-run", tty=True)

    assert search.files() == before
    assert tried.text.count(": closed.") == 3
    assert "Dry run" in tried.stderr


def test_closed_applications_are_left_out(search: Life) -> None:
    search(NOW, "close", "karoo")

    assert search(NOW, "close", "--all").text.count(": closed.") == 2
    assert "No application is open." in search(NOW, "close", "--all").stderr


@pytest.mark.parametrize(("answer", "is_closed"), [("y", True), ("", False), ("no", False)])
def test_a_terminal_asks_once(search: Life, answer: str, is_closed: bool) -> None:
    with typing("close", "--all", *search.flags(NOW)) as person:
        person.sees("  Acme, Cook")
        person.answers("Close 3 applications? [y/N]: ", answer)
        screen = person.leaves()

    assert (screen.count(": closed.") == 3) is is_closed
    assert (search.live(NOW, "birch") == {}) is is_closed


def test_a_terminal_does_not_ask_with_yes(search: Life) -> None:
    assert search(NOW, "close", "--all", "--yes", tty=True).text.count(": closed.") == 3


@pytest.mark.parametrize(
    "command",
    [
        ("skip", "karoo", "reply"),
        ("sent", "karoo", "third"),
        ("close", "nowhere"),
        ("move", "karoo", "first", "--to", "someday"),
        ("heard", "nowhere", "positive"),
    ],
    ids=" ".join,
)
def test_a_failing_dry_run_is_not_said_to_change_nothing(
    search: Life, command: tuple[str, ...]
) -> None:
    assert "dry run" not in search.refused(NOW, *command, "--dry-run")
