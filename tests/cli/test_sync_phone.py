"""What a person does on the phone, as the next `sync` takes it: logged, kept, told, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afterword.errors import ExitCode
from tests.cli.synced import DURING, NEXT_DAY, Synced
from tests.sync.http import Reply
from tests.sync.people import lines

EVENING = "2026-11-24 20:00"


class TestItLogs:
    def test_a_title_logs_and_the_plan_follows_in_the_same_run(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", "20261124T153000Z", summary="Sent")
        result = synced(EVENING)
        (entry,) = synced.log()
        assert entry["sent"] == "thank-you"
        assert entry["at"].isoformat() == "2026-11-24T17:30:00+02:00"
        assert "you wrote 'Sent' on the event" in result.stderr
        assert "afterword undo karoo" in result.stderr
        assert "Thanked Karoo (Thandi Nkosi)" in synced.titles()
        assert not any("due by" in title for title in synced.titles())
        assert synced.json(EVENING)["requests"] == 1

    def test_undo_takes_it_back(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("first-follow-up", summary="Answered")
        done = synced.json(EVENING)
        assert [one["says"] for one in done["heard"]] == ["answered"]
        assert synced.log()[0]["heard"] == "neutral"
        synced.life(EVENING, "undo", "karoo")
        assert synced.log() == []

    def test_each_thing_is_taken_back_by_itself(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", summary="Sent")
        synced.delete("second-follow-up")
        synced(EVENING)
        assert len(synced.log()) == 2
        synced.life(EVENING, "undo", "karoo")
        assert len(synced.log()) == 1

    def test_what_is_kept_stands_in_the_log_in_words(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", summary="Call grandma")
        synced.drag("thank-you", days=1, part="frame")
        synced.delete("first-follow-up", part="frame")
        synced(DURING)
        log = synced.life(DURING, "show", "karoo").text.partition("Log\n")[2].splitlines()
        assert {line.partition("  ")[2].partition("  ")[2] for line in log} == {
            "your own title in the event of the thank-you: 'Call grandma'",
            "your own time in the deadline event of the thank-you: 2026-11-26 14:30 - 15:00",
            "you deleted the window event of the first-follow-up",
        }
        taken = "".join(synced.life(DURING, "undo", "karoo").text for _ in log)
        assert [line for line in taken.splitlines() if line.endswith("undone: ")] == []
        synced(DURING)
        synced.edit("thank-you", summary="Call grandma")
        synced(DURING, "--use-plan", "karoo")
        assert "the plan's texts again" in synced.life(DURING, "show", "karoo").text

    def test_the_two_events_of_a_step_are_told_apart(self, synced: Synced) -> None:
        synced(DURING)
        for part in ("act", "frame"):
            synced.delete("first-follow-up", part)
        told = synced(DURING).stderr
        assert "Karoo: first-follow-up: you deleted the event\n" in told
        assert "Karoo: first-follow-up: you deleted the window event\n" in told
        assert told.count("afterword undo") == 1
        assert "undo karoo-marketing-manager (once for each change)\n" in told

    def test_what_was_done_while_a_file_was_damaged_waits_for_it(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", "20261124T153000Z", summary="Sent")
        synced.delete("second-follow-up")
        synced.life.write_into("karoo", "\nnonsense = ")
        assert synced.json(EVENING, code=ExitCode.PARTLY)["heard"] == []
        (path,) = synced.life.data.glob("karoo*.toml")
        path.write_bytes(path.read_bytes().removesuffix(b"\nnonsense = "))
        synced(EVENING)
        keys = [next(k for k in ("sent", "deleted") if k in entry) for entry in synced.log()]
        assert keys == ["sent", "deleted"]

    def test_a_file_that_only_they_can_change_holds_up_no_other(self, synced: Synced) -> None:
        add = ("add", "Fjord", "Editor", "--at", "2026-11-24 10:00")
        synced.life(DURING, *add)
        (path,) = synced.life.data.glob("karoo*.toml")
        inline = b'log = [{ at = 2026-11-24T12:00:00, note = "x" }]\n'
        path.write_bytes(inline + path.read_bytes())
        synced(DURING)
        synced.edit("thank-you", "20261124T153000Z", summary="Sent")
        synced.life(DURING, "away", "fjord", "--until", "2026-12-09")
        result = synced(EVENING, code=ExitCode.PARTLY)
        assert str(path) in result.stderr
        assert "you wrote" not in result.stderr
        assert "PUT" in synced.remote.methods()
        assert synced.json(EVENING, code=ExitCode.PARTLY)["heard"] == []
        assert "Sent" in synced.titles()
        path.write_bytes(path.read_bytes().removeprefix(inline))
        assert [one["says"] for one in synced.json(EVENING)["heard"]] == ["sent"]
        assert [entry["sent"] for entry in synced.log()] == ["thank-you"]

    def test_a_title_of_their_own_does_not_come_back_after_it(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("thank-you", summary="Write to Thandi")
        synced(DURING)
        synced.edit("thank-you", "20261124T153000Z", summary="Sent")
        synced(EVENING)
        assert "Thanked Karoo (Thandi Nkosi)" in synced.titles()
        synced.life(EVENING, "undo", "karoo")
        synced(EVENING)
        assert "Write to Thandi" in synced.titles()

    def test_a_dragged_event_moves_its_step(self, synced: Synced) -> None:
        synced(DURING)
        synced.drag("first-follow-up", days=1)
        result = synced(DURING)
        assert "you moved the event to 2026-12-01 09:00" in result.stderr
        (entry,) = synced.log()
        assert entry["moved"] == "first-follow-up"
        assert entry["to"].isoformat() == "2026-12-01T09:00:00+02:00"
        assert synced.json(DURING)["requests"] == 1

    def test_a_move_out_of_its_window_is_pointed_out(self, synced: Synced) -> None:
        synced(DURING)
        synced.drag("first-follow-up", days=-3)
        assert "that is before its window opens" in synced(DURING).stderr

    def test_a_deletion_that_was_a_slip_is_taken_back(self, synced: Synced) -> None:
        synced(DURING)
        before = synced.titles()
        synced.delete("second-follow-up")
        synced(DURING)
        assert synced.titles() != before
        synced.life(DURING, "undo", "karoo")
        synced(DURING)
        assert synced.titles() == before
        assert synced.json(DURING)["requests"] == 1

    @pytest.mark.parametrize("part", ["act", "frame"])
    def test_one_that_came_out_of_the_bin_stays(self, synced: Synced, part: str) -> None:
        synced(DURING)
        before, name = synced.titles(), synced.named("second-follow-up", part)
        body = synced.remote.model.objects[name][0]
        synced.delete("second-follow-up", part)
        synced(DURING)
        assert synced.titles() != before
        synced.remote.model.store(name, body)
        synced(DURING)
        assert synced.titles() == before
        assert synced.json(DURING)["requests"] == 1

    def test_a_bar_that_was_a_slip_too(self, synced: Synced) -> None:
        synced(DURING)
        before = synced.titles()
        synced.delete("second-follow-up", "frame")
        synced(DURING)
        synced.life(DURING, "undo", "karoo")
        synced(DURING)
        assert synced.titles() == before
        assert synced.json(DURING)["requests"] == 1

    @pytest.mark.parametrize("lost", [False, True])
    def test_a_removed_bar_comes_back_by_itself(self, synced: Synced, lost: bool) -> None:
        synced(DURING)
        synced.delete("first-follow-up", part="frame")
        synced(DURING)
        before = synced.titles()
        told = synced.life(DURING, "restore", "karoo", "first-follow-up").text
        assert "Karoo: the window event of the first-follow-up restored.\n" in told
        if lost:
            synced.lose_state()
        assert synced.json(DURING)["created"] == 1
        assert synced.titles() - before == {"Follow-up window: Karoo"}
        synced.life.refused(DURING, "restore", "karoo", "first-follow-up")

    def test_a_removed_event_stays_away_until_it_is_restored(self, synced: Synced) -> None:
        synced(DURING)
        name = synced.named("second-follow-up")
        synced.delete("second-follow-up")
        synced(NEXT_DAY)
        assert synced.log()[0]["deleted"] == "second-follow-up"
        synced.lose_state()
        synced(NEXT_DAY)
        assert "Follow up again: Karoo" not in synced.titles()
        synced.life("2026-11-25 10:06", "restore", "karoo", "second-follow-up")
        synced("2026-11-25 10:07")
        assert {"Follow up again: Karoo", "Second follow-up window: Karoo"} <= synced.titles()
        assert name not in synced.remote.model.objects


class TestTheirWordsStand:
    @pytest.mark.parametrize("field", ["summary", "description"])
    def test_whatever_is_lost(self, synced: Synced, field: str) -> None:
        synced(DURING)
        synced.edit("first-follow-up", **{field: "My own words"})
        told = synced.json(DURING)
        assert [one["fields"] for one in told["kept"]] == [[field]]
        synced.life(DURING, "away", "karoo", "--until", "2026-12-03")
        synced(DURING)
        assert synced.shows("My own words")
        synced.lose_state()
        synced(DURING)
        assert synced.shows("My own words")

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("Line one\\nLine two", "'Line one'"),
            ("\\n  Dear\u202e Thandi\\, I\\nagain", "'Dear Thandi, I'"),
            ("and so on " * 40, f"'{'and so on ' * 5}and so...'"),
            ("", "shorter"),
        ],
    )
    def test_they_are_told_by_their_first_changed_line(
        self, synced: Synced, text: str, shown: str
    ) -> None:
        synced(DURING)
        synced.edit("move-on", description=text)
        told = [line for line in synced(DURING).stderr.splitlines() if "stays" in line]
        assert told == [f"Karoo: move-on: the text stays {shown}, as you changed it"]

    @pytest.mark.parametrize(
        ("trigger", "shown"),
        [("-PT15M", "15 minutes before"), ("-PT1H", "1 hour before"), ("-P1D", "24 hours before")],
    )
    def test_alarms_are_told_in_words(self, synced: Synced, trigger: str, shown: str) -> None:
        synced(DURING)
        synced.rings("first-follow-up", trigger)
        assert f"the alarm stays {shown}, as you changed it" in synced(DURING).stderr

    @pytest.mark.parametrize(
        ("step", "told"),
        [
            ("thank-you", "deadline event stays 2026-11-26 14:30 - 15:00"),
            ("first-follow-up", "window event stays 2026-11-30 - 2026-12-02"),
        ],
    )
    def test_a_time_that_they_moved_is_told_in_their_days(
        self, synced: Synced, step: str, told: str
    ) -> None:
        synced(DURING)
        synced.drag(step, days=1, part="frame")
        assert f"the time of the {told}, as you changed it" in synced(DURING).stderr

    def test_a_bar_that_they_moved_stays_until_the_interview_moves(self, synced: Synced) -> None:
        synced(DURING)
        synced.drag("thank-you", days=1, part="frame")
        synced(DURING)
        name = synced.named("thank-you", "frame")
        dragged = synced.remote.model.objects[name]
        synced.life(DURING, "away", "karoo", "--until", "2026-12-03")
        synced(DURING)
        assert synced.remote.model.objects[name] == dragged
        synced.life(DURING, "move", "karoo", "interview", "--to", "2026-11-26 14:00")
        synced(DURING)
        assert "DTSTART:20261127T123000Z" in lines(synced.remote.model.objects[name][0])
        assert synced.json(DURING)["requests"] == 1


class TestTheirWishes:
    @pytest.fixture
    def kept(self, synced: Synced) -> Synced:
        """Return somebody who gave an event a title and a text of their own."""
        synced(DURING)
        synced.edit("move-on", summary="Breathe", description="In and out")
        synced(DURING)
        return synced

    @staticmethod
    def is_theirs(synced: Synced) -> bool:
        found = {synced.shows("In and out"), "Breathe" in synced.titles()}
        assert len(found) == 1
        return found.pop()

    def test_the_plan_s_own_text_comes_back_where_asked_and_theirs_too(self, kept: Synced) -> None:
        told = kept(DURING, "--use-plan", "karoo")
        assert "to put yours back: afterword sync --use-mine karoo-marketing-manager" in told.stderr
        assert not self.is_theirs(kept)
        assert "Move on from Karoo?" in kept.titles()
        assert kept.json(DURING)["requests"] == 1
        kept(DURING, "--use-mine", "karoo")
        assert self.is_theirs(kept)
        assert kept.json(DURING)["requests"] == 1
        kept.lose_state()
        kept(DURING)
        assert self.is_theirs(kept)

    def test_a_dry_run_wishes_for_nothing(self, kept: Synced) -> None:
        before = kept.life.files()
        kept.edit("thank-you", summary="Sent")
        told = kept(DURING, "--use-plan", "karoo", "--dry-run").stderr
        assert "the plan's texts would replace yours" in told
        assert "afterword undo" not in told
        assert kept.life.files() == before
        assert self.is_theirs(kept)

    def test_a_run_that_never_saw_the_calendar_uses_no_wish_up(self, kept: Synced) -> None:
        before = kept.life.files()
        url, kept.remote.url = kept.remote.url, "http://127.0.0.1:9"
        kept(DURING, "--use-plan", "karoo", code=ExitCode.TRY_LATER)
        assert kept.life.files() == before
        kept.remote.url = url
        kept(DURING)
        assert self.is_theirs(kept)

    @pytest.mark.parametrize("lost", [False, True], ids=["", "and the state is lost"])
    def test_a_wish_that_could_not_be_written_waits(self, kept: Synced, lost: bool) -> None:
        kept.remote.twist = lambda request: Reply(507) if request.method == "PUT" else None
        kept(DURING, "--use-plan", "karoo", code=ExitCode.PARTLY)
        assert self.is_theirs(kept)
        kept.remote.twist = None
        if lost:
            kept.lose_state()
        kept(DURING)
        assert not self.is_theirs(kept)

    def test_one_that_waits_can_be_called_off(self, kept: Synced) -> None:
        kept.remote.twist = lambda request: Reply(507) if request.method == "PUT" else None
        kept(DURING, "--use-plan", "karoo", code=ExitCode.PARTLY)
        kept.remote.twist = None
        kept(DURING, "--use-mine", "karoo")
        assert self.is_theirs(kept)
        kept(DURING)
        assert self.is_theirs(kept)

    def test_a_fresh_edit_gives_way_too_and_is_not_said_to_be_kept(self, synced: Synced) -> None:
        synced(DURING)
        synced.edit("move-on", summary="Breathe")
        assert synced.json(DURING, "--use-plan", "karoo")["kept"] == []
        assert "Breathe" not in synced.titles()
        synced(DURING, "--use-mine", "karoo")
        assert "Breathe" in synced.titles()

    def test_what_the_phone_logged_in_the_same_run_is_no_text(self, kept: Synced) -> None:
        kept.edit("thank-you", summary="Sent")
        kept.drag("first-follow-up", days=1)
        kept(DURING, "--use-plan", "karoo")
        keys = {key for entry in kept.log() for key in entry}
        assert {"sent", "moved", "ours"} <= keys
        assert not self.is_theirs(kept)

    @pytest.mark.parametrize("flag", ["--use-plan", "--use-mine", "--take-ours", "--take-theirs"])
    def test_where_there_is_nothing_to_wish_for_it_says_so(self, synced: Synced, flag: str) -> None:
        synced(DURING)
        assert "its events have no texts of yours" in synced(DURING, flag, "karoo").stderr

    def test_two_wishes_that_contradict_each_other_are_refused(self, kept: Synced) -> None:
        flags = ("--use-plan", "karoo", "--use-mine", "karoo")
        assert "not both" in kept(DURING, *flags, code=ExitCode.USAGE).stderr
        assert kept.remote.log == []


def retitled(word: str) -> Callable[[Synced], None]:
    return lambda synced: synced.edit("first-follow-up", summary=word)


DEEDS: dict[str, Callable[[Synced], None]] = {
    **{word: retitled(word) for word in ("Sent", "Skip", "Answered", "Positive", "Rejected")},
    "a title": retitled("Mine"),
    "a text": lambda synced: synced.edit("first-follow-up", description="My own words"),
    "an alarm": lambda synced: synced.rings("first-follow-up", "-PT15M"),
    "a move": lambda synced: synced.drag("first-follow-up", days=1),
    "a move out of the window": lambda synced: synced.drag("first-follow-up", days=-3),
    "a moved bar": lambda synced: synced.drag("thank-you", days=1, part="frame"),
    "a deletion": lambda synced: synced.delete("first-follow-up"),
    "a deleted bar": lambda synced: synced.delete("first-follow-up", "frame"),
}


@pytest.mark.parametrize("has_bin", [False, True], ids=["", "from a server with a bin"])
@pytest.mark.parametrize("deed", DEEDS)
def test_undo_brings_back_what_was_there(synced: Synced, deed: str, has_bin: bool) -> None:
    synced.remote.model.has_bin = has_bin
    synced(DURING)
    before = synced.seen()
    DEEDS[deed](synced)
    changed = synced.seen()
    synced(EVENING)
    assert changed != before
    assert len(synced.log()) == 1

    synced.life(EVENING, "undo", "karoo")
    synced(EVENING)
    assert synced.seen() == before
    assert synced.json(EVENING)["requests"] == 1
    assert all("restored" in entry for entry in synced.log())
