"""A sync asks before it deletes the events of an application whose file is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.errors import ExitCode
from tests.cli.synced import DURING, NEXT_DAY, Synced


@pytest.fixture
def two(synced: Synced) -> Synced:
    """Return somebody with two applications in the calendar."""
    synced.life(DURING, "add", "Umbrella", "Nurse", "--at", "2026-12-03 10:00", "--country", "ZA")
    synced(DURING)
    return synced


def path_of(synced: Synced, name: str) -> Path:
    (path,) = synced.life.data.glob(f"{name}*.toml")
    return path


def names(synced: Synced) -> set[str]:
    return {name for name in ("Karoo", "Umbrella") if synced.shows(name)}


def by_unlinking(synced: Synced) -> None:
    path_of(synced, "karoo").unlink()


def by_moving(synced: Synced) -> None:
    path = path_of(synced, "karoo")
    path.rename(path.with_suffix(".bak"))


def by_another_id(synced: Synced) -> None:
    path = path_of(synced, "karoo")
    text = path.read_text("utf-8")
    path.unlink()
    rest = text.partition("\n")[2]
    path.with_name("other.toml").write_text(f'id = "other"\n{rest}', "utf-8")


GONE = {"unlinked": by_unlinking, "moved": by_moving, "of-another-id": by_another_id}


@pytest.mark.parametrize("gone", GONE)
def test_off_a_terminal_its_events_stay_and_the_command_is_named(two: Synced, gone: str) -> None:
    before = dict(two.remote.model.objects)
    GONE[gone](two)

    told = two(DURING, code=ExitCode.PARTLY).stderr

    assert "the files of karoo-marketing-manager are no longer in" in told
    assert "so 7 events in" in told
    assert "afterword sync --missing delete, or --missing keep" in told
    assert before.items() <= two.remote.model.objects.items()
    report = two.json(DURING, code=ExitCode.PARTLY)
    assert report["missing"] == [{"application": "karoo-marketing-manager", "events": 7}]


def test_the_others_are_synced_all_the_same(two: Synced) -> None:
    path_of(two, "karoo").unlink()
    two.life(DURING, "close", "umbrella")

    two(DURING, code=ExitCode.PARTLY)

    assert names(two) == {"Karoo"}


@pytest.mark.parametrize("choice", ["delete", "cancel", "keep"])
def test_the_flag_decides(two: Synced, choice: str) -> None:
    path_of(two, "karoo").unlink()

    two(DURING, "--missing", choice)

    assert names(two) == ({"Karoo", "Umbrella"} if choice == "keep" else {"Umbrella"})
    if choice != "keep":
        assert two(DURING).stderr == ""


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_is_a_question(two: Synced, answer: str) -> None:
    path_of(two, "karoo").unlink()
    command = (*two.command(), *two.life.flags(DURING))

    result = two.life.run(*command, tty=True, input=f"{answer}\n".encode())

    assert result.code == ExitCode.OK
    assert "Delete 7 events in" in result.stderr
    assert names(two) == ({"Umbrella"} if answer == "y" else {"Karoo", "Umbrella"})


def test_a_dry_run_does_not_ask(two: Synced) -> None:
    path_of(two, "karoo").unlink()
    before = dict(two.remote.model.objects)
    command = (*two.command(), "--dry-run", *two.life.flags(DURING))

    result = two.life.run(*command, tty=True)

    assert result.code == ExitCode.PARTLY
    assert "--missing delete" in result.stderr
    assert two.remote.model.objects == before


@pytest.mark.parametrize("moved", [False, True], ids=["misspelt", "moved"])
def test_without_any_file_nothing_is_changed(two: Synced, moved: bool) -> None:
    before = dict(two.remote.model.objects)
    elsewhere = two.life.data.with_name("elsewhere")
    two.life.data.rename(elsewhere)
    if not moved:
        two.life.data.mkdir()
    two.remote.model.writes.clear()

    told = two(NEXT_DAY, code=ExitCode.CONFLICT).stderr

    assert "name it with --data" in told
    assert "afterword sync --missing delete" in told
    assert two.remote.model.writes == []
    assert two.remote.model.objects == before
    two(NEXT_DAY, "--missing", "delete")
    assert not two.shows("Umbrella")


def test_events_that_are_over_are_no_question(two: Synced) -> None:
    path_of(two, "karoo").unlink()
    before = dict(two.remote.model.objects)

    assert two("2027-06-01 10:00").stderr == ""

    assert two.remote.model.objects == before


def test_a_file_that_comes_back_has_its_events_as_before(two: Synced) -> None:
    before, path = dict(two.remote.model.objects), path_of(two, "karoo")
    text = path.read_bytes()
    path.unlink()
    two(DURING, code=ExitCode.PARTLY)
    path.write_bytes(text)

    assert two(DURING).stderr == ""

    assert two.remote.model.objects == before


WITHDRAWALS: dict[str, Callable[[Synced], object]] = {
    "forget": lambda synced: synced.life(DURING, "forget", "karoo", "--yes"),
    "close": lambda synced: synced.life(DURING, "close", "karoo"),
    "answer": lambda synced: synced.life(DURING, "heard", "karoo", "rejected"),
}


@pytest.mark.parametrize("how", WITHDRAWALS)
def test_what_a_command_withdraws_is_no_question(two: Synced, how: str) -> None:
    WITHDRAWALS[how](two)

    assert two(DURING, "--quiet").stderr == ""

    assert not two.shows("Move on from Karoo")


def test_an_addition_that_is_undone_is_no_question(two: Synced) -> None:
    two.life(DURING, "undo", "umbrella")

    assert two(DURING, "--quiet").stderr == ""

    assert names(two) == {"Karoo"}
