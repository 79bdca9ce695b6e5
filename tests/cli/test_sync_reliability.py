"""Rows of the reliability review as the user meets them: `afterword sync` on a fake server."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from afterword.errors import ExitCode
from tests.cli.synced import DURING, NEXT_DAY, Synced
from tests.sync.people import lines

LATER = "2026-11-25 18:00"
GUEST = "ORGANIZER:mailto:hr@karoo.example\r\n"


def add_to(synced: Synced, step: str, content: str) -> None:
    name = synced.named(step)
    body = synced.remote.model.objects[name][0].decode()
    synced.remote.model.store(name, body.replace("BEGIN:VALARM", content + "BEGIN:VALARM").encode())


def title_of(synced: Synced, step: str) -> str:
    content = lines(synced.remote.model.objects[synced.named(step)][0])
    return next(x for x in content if x.startswith("SUMMARY:")).removeprefix("SUMMARY:")


@pytest.mark.parametrize("has_bin", [False, True], ids=["", "with-a-trash-bin"])
@pytest.mark.parametrize("times", [1, 3])
def test_a1_close_and_reopen_bring_everything_back(
    synced: Synced, has_bin: bool, times: int
) -> None:
    synced.remote.model.has_bin = has_bin
    synced(DURING)
    before = synced.seen()
    plan = synced.life.plan(DURING)
    for _ in range(times):
        synced.life(DURING, "close", "karoo")
        synced(DURING)
        assert synced.seen() == []
        synced.life(DURING, "reopen", "karoo")
        synced(DURING)
        assert synced.seen() == before
        assert synced.json(DURING)["requests"] == 1
    assert synced.life.plan(DURING) == plan
    synced.life(DURING, "add", "Fjord", "Editor", "--at", "2026-11-25 10:00")
    assert synced.json(DURING)["failed"] == []
    assert len(synced.seen()) > len(before)


def test_a1_undo_takes_back_facts_and_no_entry_of_the_sync(synced: Synced) -> None:
    synced.remote.model.has_bin = True
    synced(DURING)
    before = synced.seen()
    synced.life(DURING, "away", "karoo", "--until", "2026-12-09")
    for command in (("close", "karoo"), ("reopen", "karoo")):
        synced.life(DURING, *command)
        synced(DURING)
    assert [sorted(set(e) - {"at"}) for e in synced.log()] == [
        ["away_until"],
        ["closed"],
        ["reopened"],
    ]
    for _ in range(3):
        synced.life(DURING, "undo", "karoo")
    assert synced.log() == []
    synced(DURING)
    assert synced.seen() == before


def test_a1_texts_of_the_user_move_to_a_restored_step(synced: Synced) -> None:
    synced(DURING)
    synced.edit("second-follow-up", description="My own words")
    synced(DURING)
    synced.delete("second-follow-up")
    synced(DURING)
    assert not synced.shows("My own words")
    synced.life("2026-11-24 15:50", "restore", "karoo", "second-follow-up")
    synced("2026-11-24 15:51")
    assert synced.shows("My own words")


@pytest.mark.parametrize(
    ("flag", "code", "text"),
    [
        ("trashed", ExitCode.CONFLICT, "is in the trash bin of its server"),
        ("read-only", ExitCode.REFUSED, "You may only read the calendar"),
    ],
)
def test_a4_a5_a_calendar_that_takes_no_events_is_named(
    synced: Synced, flag: str, code: ExitCode, text: str
) -> None:
    synced(DURING)
    if flag == "trashed":
        synced.remote.model.trashed = True
    else:
        synced.remote.model.writable = False
    synced.remote.model.writes.clear()
    synced.life(NEXT_DAY, "away", "karoo", "--until", "2026-12-09")
    assert text in synced("2026-11-26 10:00", code=code).stderr
    assert synced.remote.model.writes == []


def test_a7_a_shifted_alarm_is_told_once(synced: Synced) -> None:
    synced(DURING)
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\n"
    add_to(
        synced,
        "first-follow-up",
        f"{alarm}TRIGGER;VALUE=DATE-TIME:20261130T060000Z\r\nEND:VALARM\r\n",
    )
    synced(DURING)
    synced.life(DURING, "away", "karoo", "--until", "2026-12-09")
    assert "your alarm at a fixed time was moved with it" in synced(DURING).stderr
    assert "fixed time" not in synced(DURING).stderr


@pytest.mark.parametrize("start", ["19700101T000000Z", "22000101T000000Z"])
def test_a9_a_reminder_years_away_blocks_nothing(synced: Synced, start: str) -> None:
    synced(DURING)
    before = synced.seen()
    end = start.replace("T0000", "T0015")
    synced.edit("first-follow-up", dtstart=start, dtend=end)
    told = synced(DURING).stderr
    assert "years away; it is back where it was" in told
    assert "undo" not in told
    assert synced.log() == []
    assert synced.seen() == before
    assert synced(DURING).stderr == ""


def test_a10_an_event_with_guests_is_told_once_and_read(synced: Synced) -> None:
    synced(DURING)
    add_to(synced, "first-follow-up", GUEST)
    assert "others are invited" in synced(DURING).stderr
    assert synced(DURING).stderr == ""
    synced.edit("first-follow-up", summary="Answered")
    synced(DURING)
    assert [entry["heard"] for entry in synced.log()] == ["neutral"]
    body = lines(synced.remote.model.objects[synced.named("first-follow-up")][0])
    assert "SUMMARY:Answered" in body
    assert "ACTION:DISPLAY" not in body


def test_a11_events_of_a_forgotten_application_are_told_and_removed(synced: Synced) -> None:
    synced(DURING)
    count = len(synced.remote.model.objects)
    synced.lose_state()
    synced.life(DURING, "forget", "karoo", "--yes")
    told = synced(DURING).stderr
    assert f"{count} events of afterword in this calendar belong to no application here" in told
    assert "afterword sync --remove-orphans" in told
    assert len(synced.remote.model.objects) == count
    assert len(synced.json(DURING, "--dry-run", "--remove-orphans")["orphans"]) in {0, count}
    assert len(synced.remote.model.objects) == count
    synced(DURING, "--remove-orphans")
    assert synced.remote.model.objects == {}
    assert synced(DURING).stderr == ""


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a11_on_a_terminal_orphans_are_named_and_removed_after_a_question(
    synced: Synced, answer: str
) -> None:
    """They may be of applications that are stored on another computer."""
    synced(DURING)
    before = dict(synced.remote.model.objects)
    synced.lose_state()
    synced.life(DURING, "forget", "karoo", "--yes")
    command = (*synced.command(), "--remove-orphans", *synced.life.flags(DURING))

    result = synced.life.run(*command, tty=True, input=f"{answer}\n".encode())

    assert "Follow up with Karoo" in result.stderr
    assert "another computer" in result.stderr
    assert synced.remote.model.objects == (before if answer == "n" else {})


def test_a12_a_done_event_that_is_deleted_is_told_once(synced: Synced) -> None:
    synced(DURING)
    synced.life(LATER, "sent", "karoo", "thank-you", "--on", "2026-11-25 09:00")
    synced(LATER)
    synced.delete("thank-you")
    assert "you deleted the event" in synced(LATER).stderr
    assert synced(LATER).stderr == ""
    steps = synced.life.plan(LATER)
    assert steps["r1 thank-you 0"]["state"] == "done"
    synced.life(LATER, "undo", "karoo")
    synced(LATER)
    assert synced(LATER).stderr == ""
    assert synced.life.plan(LATER)["r1 thank-you 0"]["state"] == "done"


class TestA13:
    @pytest.fixture
    def other(self, synced: Synced, tmp_path: Path) -> Synced:
        """Return somebody with another directory, and so another state, on the same calendar."""
        synced(DURING)
        life = attrs.evolve(synced.life, data=tmp_path / "other" / "data")
        return attrs.evolve(synced, life=life)

    @pytest.mark.parametrize("differs", ["company", "role", "interview"])
    def test_another_application_of_the_same_id_is_refused(
        self,
        synced: Synced,
        other: Synced,
        differs: str,
    ) -> None:
        before = dict(synced.remote.model.objects)
        (source,) = synced.life.data.glob("karoo*.toml")
        text = source.read_text("utf-8")
        change = {
            "company": (r'company = ".*"', 'company = "Kalahari"'),
            "role": (r'role = ".*"', 'role = "Cook"'),
            "interview": (r"start = 2026-11-24T14", "start = 2026-11-26T14"),
        }
        changed = re.sub(*change[differs], text)
        assert changed != text
        if "\nid =" not in f"\n{changed}":
            changed = f'id = "{source.stem}"\n{changed}'
        other.life.data.mkdir(parents=True)
        (other.life.data / source.name).write_text(changed, "utf-8")
        for _ in range(2):
            told = other(DURING, code=ExitCode.CONFLICT).stderr
            assert "the calendar has events of another application with this id" in told
            assert synced.remote.model.objects == before
        other(DURING, "--adopt", code=ExitCode.OK)
        assert synced.remote.model.objects != before

    def test_its_events_belong_to_no_application_once_the_one_here_is_gone(
        self, synced: Synced, other: Synced
    ) -> None:
        (source,) = synced.life.data.glob("karoo*.toml")
        other.life.data.mkdir(parents=True)
        path = other.life.data / source.name
        path.write_text(source.read_text("utf-8").replace("Karoo", "Kalahari"), "utf-8")
        other(DURING, code=ExitCode.CONFLICT)
        before = dict(synced.remote.model.objects)
        path.unlink()
        for _ in range(2):
            assert "--remove-orphans" in other(DURING, code=ExitCode.OK).stderr
            assert synced.remote.model.objects == before
        other(DURING, "--remove-orphans", code=ExitCode.OK)
        assert synced.remote.model.objects == {}

    def test_the_same_application_on_a_second_computer_adopts_them(
        self, synced: Synced, other: Synced
    ) -> None:
        before = dict(synced.remote.model.objects)
        (source,) = synced.life.data.glob("karoo*.toml")
        other.life.data.mkdir(parents=True)
        (other.life.data / source.name).write_bytes(source.read_bytes())
        other(DURING, code=ExitCode.OK)
        assert synced.remote.model.objects == before

    def test_a_moved_interview_is_the_same(self, synced: Synced) -> None:
        synced(DURING)
        synced.life(DURING, "move", "karoo", "r1", "--to", "2026-11-26 14:00")
        synced.lose_state()
        assert synced(DURING).code == ExitCode.OK
        assert synced.json(DURING)["refused"] == []
