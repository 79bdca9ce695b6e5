"""An export keeps the events of files that cannot be read, and asks about those that are gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.life import NOW, Life, cancelled
from tests.cli.synced import Synced


@pytest.fixture
def exported(life: Life) -> Life:
    """Return somebody with two applications in a calendar file."""
    life.held()
    life(NOW, "add", "Umbrella", "Nurse", "--at", "2026-12-03 10:00", "--country", "ZA")
    life.export(NOW)
    return life


def path_of(life: Life, name: str) -> Path:
    (path,) = life.data.glob(f"{name}*.toml")
    return path


def damage(life: Life, name: str = "karoo") -> None:
    path = path_of(life, name)
    path.write_text(path.read_text().replace("company =", "compny =", 1))


def bodies(life: Life) -> dict[str, bytes]:
    """Return the bytes of the events by UID."""
    blocks = life.calendar.read_bytes().split(b"BEGIN:VEVENT\r\n")[1:]
    return {
        block.partition(b"UID:")[2][:36].decode(): block.removesuffix(b"END:VCALENDAR\r\n")
        for block in blocks
    }


def live(life: Life, name: str) -> list[Any]:
    events = life.events().values()
    return [e for e in events if name in e["SUMMARY"] and e.get("STATUS") != "CANCELLED"]


def test_b1_the_events_of_a_file_with_a_mistake_stay_as_last_written(exported: Life) -> None:
    before = bodies(exported)
    damage(exported)
    exported(NOW, "skip", "umbrella", "thank-you")

    result = exported(NOW, "export", "-o", exported.calendar, code=3)

    assert "compny" in result.stderr
    after = bodies(exported)
    assert after.keys() == before.keys()
    karoo = [uid for uid, body in before.items() if b"Karoo" in body]
    assert karoo
    assert all(after[uid] == before[uid] for uid in karoo)
    assert len(cancelled(exported.events())) == 2
    exported(NOW, "export", "-o", exported.calendar, code=3)
    assert bodies(exported) == after


def test_b1_repaired_it_is_exported_as_before(exported: Life) -> None:
    before = exported.calendar.read_bytes()
    text = path_of(exported, "karoo").read_bytes()
    damage(exported)
    exported(NOW, "export", "-o", exported.calendar, code=3)
    path_of(exported, "karoo").write_bytes(text)

    exported.export(NOW)

    assert exported.calendar.read_bytes() == before


def test_b1_in_a_directory_the_files_of_a_damaged_application_stay(
    exported: Life, tmp_path: Path
) -> None:
    exported(NOW, "export", "-o", f"{tmp_path}/each/")
    before = {path.name: path.read_bytes() for path in (tmp_path / "each").iterdir()}
    damage(exported)

    exported(NOW, "export", "-o", f"{tmp_path}/each/", code=3)

    assert {path.name: path.read_bytes() for path in (tmp_path / "each").iterdir()} == before


@pytest.mark.parametrize("to", ["-", "new.ics"])
def test_b1_where_nothing_was_exported_the_code_says_that_a_part_is_missing(
    exported: Life, tmp_path: Path, to: str
) -> None:
    damage(exported)

    exported(NOW, "export", "-o", to if to == "-" else tmp_path / to, code=3)


@pytest.mark.parametrize("gone", ["file", "directory"])
def test_b1_off_a_terminal_events_whose_file_is_gone_stay_and_the_commands_are_named(
    exported: Life, gone: str
) -> None:
    if gone == "file":
        path_of(exported, "karoo").unlink()
    else:
        exported.data.rename(exported.data.with_name("elsewhere"))
    before = bodies(exported)

    stderr = exported.refused(NOW, "export", "-o", exported.calendar, code=3)

    assert f"afterword export -o {exported.calendar} --missing cancel" in stderr
    assert "--missing keep" in stderr
    assert bodies(exported) == before


def test_b1_the_others_are_exported_all_the_same(exported: Life) -> None:
    path_of(exported, "karoo").unlink()
    exported(NOW, "skip", "umbrella", "thank-you")

    exported(NOW, "export", "-o", exported.calendar, code=3)

    assert [e for e in cancelled(exported.events()) if "Umbrella" in e["SUMMARY"]]
    assert not [e for e in cancelled(exported.events()) if "Karoo" in e["SUMMARY"]]


@pytest.mark.parametrize("option", ["--per-applicant", "--feed"])
def test_b1_the_command_that_is_named_writes_to_the_same_place(
    exported: Life, tmp_path: Path, option: str
) -> None:
    exported(NOW, "export", option, tmp_path / "each")
    path_of(exported, "karoo").unlink()

    stderr = exported(NOW, "export", option, tmp_path / "each", code=3).stderr

    assert f"afterword export {option} {tmp_path / 'each'} --missing cancel" in stderr
    exported(NOW, "export", option, tmp_path / "each", "--missing", "cancel")
    exported(NOW, "export", option, tmp_path / "each")


@pytest.mark.parametrize("choice", ["cancel", "delete", "keep"])
def test_b1_the_flag_decides(exported: Life, choice: str) -> None:
    path_of(exported, "karoo").unlink()

    events = exported.export(NOW, "--missing", choice)

    assert bool(live(exported, "Karoo")) == (choice == "keep")
    assert live(exported, "Umbrella")
    assert bool(cancelled(events)) == (choice != "keep")


@pytest.mark.parametrize("answer", ["y", "n"])
def test_b1_on_a_terminal_it_is_a_question(exported: Life, answer: str) -> None:
    path_of(exported, "karoo").unlink()
    command = ("export", "-o", exported.calendar, *exported.flags(NOW))

    result = exported.run(*command, tty=True, input=f"{answer}\n".encode())

    assert result.code == 0
    assert "Cancel" in result.stderr
    assert bool(live(exported, "Karoo")) == (answer == "n")


WITHDRAWALS = {
    "forget": (("forget", "karoo", "--yes"),),
    "close": (("close", "karoo"),),
    "cancel": (("cancel", "karoo"),),
    "answer": (("heard", "karoo", "rejected"),),
    "undo": (("undo", "karoo"),),
}


@pytest.mark.parametrize("name", WITHDRAWALS)
def test_b1_what_a_command_withdraws_is_never_asked_about(exported: Life, name: str) -> None:
    for command in WITHDRAWALS[name]:
        exported(NOW, *command)

    events = exported.export(NOW)

    assert cancelled(events)
    exported.export("2027-06-01 10:00")


def test_b1_a_forgotten_application_that_comes_back_has_its_events_again(exported: Life) -> None:
    text = path_of(exported, "karoo").read_bytes()
    exported(NOW, "forget", "karoo", "--yes")
    (exported.data / "karoo-marketing-manager.toml").write_bytes(text)
    before = {uid: int(event["SEQUENCE"]) for uid, event in exported.events().items()}

    events = exported.export(NOW)

    assert live(exported, "Karoo")
    assert not cancelled(events)
    assert all(int(event["SEQUENCE"]) >= before[uid] for uid, event in events.items())
    path_of(exported, "karoo").unlink()
    exported.refused(NOW, "export", "-o", exported.calendar, code=3)


def test_b1_an_application_of_another_applicant_is_moved_without_a_question(
    exported: Life, tmp_path: Path
) -> None:
    exported(NOW, "export", "--per-applicant", tmp_path / "each")
    exported.write_into("karoo", '\n[applicant]\nname = "Ann"\n')

    exported(NOW, "export", "--per-applicant", tmp_path / "each")


def test_b1_a_sync_keeps_the_events_of_a_file_with_a_mistake(synced: Synced) -> None:
    synced.life(NOW, "add", "Umbrella", "Nurse", "--at", "2026-12-03 10:00", "--country", "ZA")
    synced(NOW)
    before = dict(synced.remote.model.objects)
    damage(synced.life)

    synced(NOW, code=3)

    assert synced.remote.model.objects == before
