"""Every change can be taken back, and the file edited by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests.cli.life import CHANGES, NOW, Commands, Life
from tests.cli.test_import import invitation


@pytest.mark.parametrize(
    ("before", "command"), CHANGES, ids=[" ".join(command[:3]) for _, command in CHANGES]
)
def test_undo_takes_every_kind_of_change_back(
    after: Callable[[Commands], Life], before: Commands, command: tuple[str, ...]
) -> None:
    life = after(before)
    kept, plan = life.files(), life.plan(NOW)
    life(NOW, *command)
    assert life.files() != kept

    said = life(NOW, "undo", "karoo").text
    assert said.startswith("Karoo, Marketing Manager: the last change is undone.")
    assert life.files() == kept
    assert life.plan(NOW) == plan


def test_undo_can_be_repeated_until_nothing_is_left(life: Life) -> None:
    life.held()
    states = [life.files()]
    for command in ("sent karoo thank-you", "away karoo --until fri", "close karoo"):
        life(NOW, *command.split())
        states.append(life.files())
    for state in reversed(states[:-1]):
        life(NOW, "undo", "karoo")
        assert life.files() == state

    assert "it was new, and is removed again" in life(NOW, "undo", "karoo").text
    assert life.files() == {}
    assert "nothing is stored yet; begin with: afterword add" in life.refused(NOW, "undo", "karoo")


def test_undo_tells_what_it_changed(life: Life) -> None:
    life.held()
    life(NOW, "heard", "karoo", "neutral")
    said = life(NOW, "undo", "karoo").text
    assert "  first-follow-up: 29 Nov - 1 Dec, day 5-7 after the interview" in said
    assert "  reply: no longer needed" in said
    assert "  first-follow-up after their answer: no longer needed" in said


def test_an_answer_to_an_answer_and_its_undo_name_each_step_once(life: Life) -> None:
    life.held()
    life("2026-12-02 10:00", "heard", "karoo", "positive")
    said = [
        life("2026-12-05 10:00", "heard", "karoo", "neutral").text,
        life("2026-12-05 11:00", "undo", "karoo").text,
    ]
    for text, reply in zip(said, ("Sun 6 Dec 10:00", "Thu 3 Dec 10:00"), strict=True):
        assert f"\n  reply: by {reply}, within 24 hours of their answer\n" in text
        names = [line.partition(":")[0] for line in text.splitlines() if line.startswith("  ")]
        assert sorted(names) == sorted(set(names))
    assert "second-follow-up after their answer: no longer needed" in said[1]


def test_undo_loses_nothing_that_was_edited_by_hand(life: Life) -> None:
    life.held()
    life(NOW, "note", "karoo", "x")
    life.write_into("karoo", "# mine\n")
    said = life.refused(NOW, "undo", "karoo", code=4)
    assert "--force" in said
    edited = life.files()
    life(NOW, "undo", "karoo", "--force")
    life(NOW, "undo", "karoo")
    assert life.files() == edited


def test_undo_takes_an_imported_update_back(life: Life) -> None:
    invite = life.calendar.with_name("invite.ics")
    invite.write_bytes(invitation())
    life(NOW, "import", invite)
    kept = life.files()
    invite.write_bytes(invitation(start="20261126T140000", end="20261126T150000", sequence=1))
    life(NOW, "import", invite)
    life(NOW, "undo", "karoo")
    assert life.files() == kept


def edited(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    def edit(text: str, **_: object) -> str:
        assert old in text
        return text.replace(old, new)

    monkeypatch.setenv("EDITOR", "an-editor")
    monkeypatch.setattr(click, "edit", edit)


def test_edit_counts_and_can_be_taken_back(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.held()
    kept = life.files()
    edited(monkeypatch, "T14:00:00", "T15:00:00")
    assert "Saved in" in life(NOW, "edit", "karoo").stderr
    assert life.plan(NOW)["r1 thank-you 0"]["closes"] == "2026-11-25T16:00:00+02:00"
    life(NOW, "undo", "karoo")
    assert life.files() == kept


@pytest.mark.parametrize(
    ("old", "new", "said", "code"),
    [
        ("minutes = 60", "minutes = -60", "minutes", 65),
        ("minutes = 60", "minutes =", "line", 65),
        ('id = "karoo-marketing-manager"', 'id = "other"', "an id is given once and kept", 65),
        ("minutes = 60", "minutes = 60", "Nothing was changed.", 0),
    ],
    ids=["a mistake", "no TOML", "another id", "nothing"],
)
def test_edit_with_a_mistake_changes_nothing(
    life: Life, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str, code: int
) -> None:
    life.held()
    edited(monkeypatch, old, new)
    assert said in life.refused(NOW, "edit", "karoo", code=code)


@pytest.mark.parametrize(
    "command",
    [
        "show karoo", "show karoo-marketing-manager", "next karoo", "plan karoo", "draft karoo",
        "sent karoo thank-you", "heard karoo neutral", "links karoo", "check karoo",
        "close karoo", "note karoo x", "forget karoo --yes", "undo karoo",
        "list", "next", "plan", "stats", "report", "check",
    ],
)  # fmt: skip
def test_a_damaged_file_is_named_once_by_a_command_that_skips_it(life: Life, command: str) -> None:
    life.held()
    (life.data / "broken.toml").write_text("company = ")
    at_night = "2026-11-24 22:00"
    assert life(at_night, *command.split()).stderr.count("broken.toml is not valid TOML") == 1


def test_a_sync_and_an_edit_name_a_damaged_file_once(
    life: Life, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    life.held()
    (life.data / "broken.toml").write_text("company = ")
    (tmp_path / "calendar").mkdir()
    sync = ("sync", "--folder", str(tmp_path / "calendar"), "--use-plan", "karoo")
    assert life(NOW, *sync, code=3).stderr.count("broken.toml is not valid TOML") == 1

    edited(monkeypatch, "minutes = 60\n", "minutes = 45\n")
    assert life(NOW, "edit", "karoo").stderr.count("broken.toml is not valid TOML") == 1


def test_a_damaged_file_is_told_and_can_be_edited(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.held()
    life(NOW, "add", "TUI", "Clerk", "--at", "2026-12-02 10:00")
    life.write_into("karoo", "minutes = =\n")
    result = life(NOW, "list")
    assert "TUI" in result.text
    assert "karoo-marketing-manager.toml" in result.stderr
    life.refused(NOW, "sent", "karoo-marketing-manager", code=65)

    edited(monkeypatch, "minutes = =\n", "")
    life(NOW, "edit", "karoo-marketing-manager")
    assert "Karoo" in life(NOW, "list").text


def test_what_is_forgotten_is_gone_and_its_events_are_cancelled(life: Life) -> None:
    life.held()
    life.export(NOW)
    said = life(NOW, "forget", "karoo", "--yes")
    assert "is deleted" in said.text
    assert str(life.calendar) in said.stderr
    assert life.files() == {}
    assert all(event["STATUS"] == "CANCELLED" for event in life.export(NOW).values())
    assert "nothing is stored yet; begin with: afterword add" in life.refused(NOW, "undo", "karoo")


@pytest.mark.parametrize("named", [None, ""], ids=["unset", "empty"])
def test_no_editor_opens_where_nobody_is(
    life: Life, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    for name in ("EDITOR", "VISUAL"):
        if named is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, named)
    life.held()

    said = life.refused(NOW, "edit", "karoo")

    assert "edit the file yourself" in said
    assert "karoo-marketing-manager.toml" in said
