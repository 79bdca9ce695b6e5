"""Rows A1 to A13 of the reliability review: what broke on real servers, one test or more a row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import pytest

from afterword.domain import uids
from afterword.domain.calendar_model import Field
from afterword.domain.merge.user_edits import Deleted, FieldEdited, KeywordTyped, MoveIgnored
from afterword.errors import ConflictError, ExitCode, RefusedError
from afterword.formats import ics_patch
from afterword.sync.report import SyncReport
from tests.sync.memory import MemoryCalendar
from tests.sync.model import Model, Refusal
from tests.sync.people import DAY, NOW, ZONE, Facts, Phone, Tool, event, lines, uid
from tests.sync.two import Two


@attrs.define
class Play:
    tool: Tool
    model: Model

    def sync(self, **options: Any) -> SyncReport:
        return self.tool.sync(MemoryCalendar(self.model), **options)

    def settled(self) -> SyncReport:
        """Sync, and see that another run has nothing to do."""
        report = self.sync()
        again = self.sync()
        assert (again.requests, again.actions, again.user_edits, again.failed) == (1, (), (), {})
        return report

    def name(self, number: int, generation: int = 0) -> str:
        return f"{uids.calendar_uid(uid(number), generation)}.ics"

    def body(self, number: int) -> bytes:
        return self.model.objects[self.name(number)][0]

    def store(self, number: int, body: bytes) -> None:
        self.model.store(self.name(number), body)

    def add(self, number: int, *content: str) -> None:
        """Add lines to an event, as a client does."""
        text = self.body(number).decode()
        end = text.index("BEGIN:VALARM")
        self.store(
            number, (text[:end] + "".join(f"{x}\r\n" for x in content) + text[end:]).encode()
        )


@pytest.fixture
def play(tmp_path: Path) -> Play:
    play = Play(Tool(Facts.of(4), tmp_path / "state.sqlite"), Model())
    assert play.settled().failed == {}
    play.model.writes.clear()
    return play


def reopened(tool: Tool, *numbers: int) -> None:
    for number in numbers:
        tool.facts.withdrawn.discard(uid(number))
        tool.facts.events[uid(number)] = event(number)


class TestA1:
    @pytest.mark.parametrize("lost", [False, True], ids=["", "and-lost-state"])
    def test_closed_and_reopened_all_is_there_under_new_uids(self, two: Two, lost: bool) -> None:
        names = two.there()
        two.phone_stores(2, Phone().edit(two.body(2), summary="Mine"))
        two.sync()
        for number in range(4):
            two.tool.facts.withdraw(number)
        assert two.sync().failed == {}
        assert two.there() == {two.name(2)}
        two.settled()
        if lost:
            two.tool.lose_state()
        reopened(two.tool, *range(4))
        two.tool.facts.change(5)
        report = two.sync()
        assert (report.failed, report.stopped) == ({}, None)
        two.settled()
        assert len(two.there()) == 5
        # Google drops our marks: without state what we wrote there counts as the person's.
        unmarked = lost and not two.keeps_marks
        assert f"SUMMARY:{'Answered: ' if unmarked else ''}Mine" in lines(two.body(2))
        if not lost:
            assert len(two.there() & names) == 1

    def test_texts_of_the_user_move_to_the_new_uid(self, play: Play) -> None:
        play.model.has_bin = True
        play.store(1, Phone().edit(play.body(1), description="My own words"))
        play.sync()
        play.model.remove(play.name(1))
        play.sync()
        play.tool.facts.tombstones.clear()
        assert play.settled().failed == {}
        assert "DESCRIPTION:My own words" in lines(play.model.objects[play.name(1, 1)][0])
        assert play.name(1) not in play.model.objects

    def test_a_500_where_nothing_is_there_is_a_uid_that_is_taken(self, play: Play) -> None:
        """Without state nothing tells which UIDs were used: the refusals do."""
        play.tool.facts = Facts.of(12)
        play.tool.lose_state()
        play.model.objects.clear()
        play.model.uid_refusal = Refusal(500, "calobjects_uid_index")
        play.model.refused_uids = {uid(number) for number in range(9)}
        report = play.settled()
        assert (report.failed, report.stopped) == ({}, None)
        assert len(play.model.objects) == 12
        assert {play.name(number, 1) for number in range(9)} <= play.model.objects.keys()

    @pytest.mark.parametrize("used", [2, 3, 4, 6, 9])
    def test_where_a_500_is_a_taken_uid_more_generations_are_probed(
        self, play: Play, used: int
    ) -> None:
        """A trash bin holds several generations that nothing tells after the state was lost."""
        play.tool.facts = Facts.of(12)
        play.tool.lose_state()
        play.model.objects.clear()
        play.model.uid_refusal = Refusal(500, "calobjects_uid_index")
        play.model.refused_uids = {
            uids.calendar_uid(uid(number), again) for number in range(12) for again in range(used)
        }
        runs = 0
        while play.sync().failed and runs < 4:
            runs += 1
        assert runs <= used // 3
        assert len(play.model.objects) == 12
        play.settled()

    def test_a_server_that_only_fails_is_asked_a_few_times(self, play: Play) -> None:
        attempts = []

        def fail(name: str, *_: object, **__: object) -> None:
            attempts.append(name)
            raise Refusal(500)

        play.model.put = fail  # type: ignore[method-assign]
        for number in range(4, 24):
            play.tool.facts.change(number)
        for _ in range(3):
            attempts.clear()
            report = play.sync(connections=1)
            assert report.exit_code is ExitCode.TRY_LATER
            assert len(report.failed) == 20
            assert len(attempts) <= 12

    def test_a_server_that_fails_uses_up_no_generation(self, play: Play) -> None:
        whole, play.model.put = play.model.put, self.broken  # type: ignore[method-assign]
        play.tool.facts.change(4)
        assert set(play.sync().failed) == {uid(4)}
        play.model.put = whole  # type: ignore[method-assign]
        assert play.settled().failed == {}
        assert play.name(4) in play.model.objects

    @staticmethod
    def broken(*_: object, **__: object) -> None:
        raise Refusal(500)

    @pytest.mark.parametrize("status", [403, 413, 422, 507])
    def test_what_fails_stops_only_its_own_kind_and_comes_last(
        self, play: Play, status: int
    ) -> None:
        put = play.model.put
        bad = {play.name(number) for number in (4, 5, 6)}

        def refuse(name: str, body: bytes, *, new: bool, etag: str | None) -> str | None:
            if name in bad:
                raise Refusal(status)
            return put(name, body, new=new, etag=etag)

        play.model.put = refuse  # type: ignore[method-assign]
        play.tool.facts.change(0)
        play.tool.facts.withdraw(1)
        for number in range(4, 12):
            play.tool.facts.change(number)
        report = play.sync(connections=1)
        assert report.exit_code in {ExitCode.REFUSED, ExitCode.TRY_LATER}
        assert play.name(1) not in play.model.objects
        assert any("anew" in line for line in lines(play.body(0)))
        waiting = {key for key, why in report.failed.items() if why.startswith("it waits")}
        assert waiting == {uid(number) for number in range(7, 12)}
        report = play.sync(connections=1)
        assert set(report.failed) == {uid(number) for number in (4, 5, 6)}
        assert len(play.model.objects) == 3 + 5


class TestA2:
    def test_a_client_with_an_old_token_is_never_told_that_a_living_event_is_gone(
        self, play: Play
    ) -> None:
        play.model.reports_revived_as_gone = True
        token = len(play.model.journal)
        for number in range(4):
            play.tool.facts.withdraw(number)
        play.sync()
        reopened(play.tool, *range(4))
        assert play.settled().failed == {}
        _, gone, _ = play.model.changes(token)
        assert len(play.model.objects) == 4
        assert not gone & play.model.objects.keys()

    def test_ours_that_is_reported_as_gone_but_there_is_no_deletion(self, play: Play) -> None:
        play.model.reports_revived_as_gone = True
        body = play.body(1)
        play.model.remove(play.name(1))
        play.store(1, body)
        assert play.settled().user_edits == ()


class TestA3:
    @pytest.fixture(autouse=True)
    def _careless(self, play: Play) -> None:
        play.model.takes_any_token = True

    def remade(self, model: Model, *, keeps: str | None = None) -> None:
        """Delete the calendar, and make an empty one at its address."""
        rest = {name: held for name, held in model.objects.items() if name == keeps}
        model.objects.clear()
        model.journal.clear()
        model.oldest_token = 0
        model.objects.update(rest)

    def test_an_old_token_hides_no_empty_calendar(self, play: Play) -> None:
        self.remade(play.model)
        with pytest.raises(ConflictError, match="--allow-mass-delete"):
            play.sync()
        play.tool.facts.change(4)
        report = play.sync(allow_mass_delete=True)
        assert (len(report.tombstones), report.failed) == (4, {})
        assert list(play.model.objects) == [play.name(4)]
        play.settled()

    def test_a_calendar_that_is_made_forgets_the_old_token(self, play: Play) -> None:
        play.model.exists = False
        play.tool.facts.change(4)
        make = play.model.make

        def anew(name: str) -> None:
            make(name)
            self.remade(play.model)

        play.model.make = anew  # type: ignore[method-assign]
        assert play.sync(allow_mass_delete=True).failed == {}
        assert list(play.model.objects) == [play.name(4)]
        play.model.remove(play.name(4))
        assert [type(one) for one in play.sync().user_edits] == [Deleted]

    def test_once_a_day_everything_is_looked_at(self, play: Play) -> None:
        # The server forgot an event without a word about it.
        del play.model.objects[play.name(1)]
        assert play.sync().user_edits == ()
        report = play.sync(now=NOW + DAY + dt.timedelta(hours=1))
        assert [(type(one), one.uid) for one in report.user_edits] == [(Deleted, uid(1))]


class TestA4:
    def test_a_calendar_in_the_trash_bin_gets_nothing(self, play: Play) -> None:
        play.model.trashed = True
        play.tool.facts.change(1)
        with pytest.raises(ConflictError, match="trash bin") as caught:
            play.sync(now=NOW + DAY)
        assert caught.value.exit_code is ExitCode.CONFLICT
        assert play.model.writes == []
        play.model.trashed = False
        assert play.settled().failed == {}


class TestA5:
    def read_only(self, play: Play) -> None:
        """Turn into a share that may only be read: 404 to writes, and no alarms."""
        model = play.model
        model.writable = False

        def missing(*_: object, **__: object) -> None:
            raise Refusal(404)

        model.put = model.delete = missing  # type: ignore[method-assign]
        for name, (body, _) in list(model.objects.items()):
            text = body.decode()
            start, end = text.index("BEGIN:VALARM"), text.index("END:VEVENT")
            model.store(name, (text[:start] + text[end:]).encode())

    @pytest.mark.parametrize("hours", [0, 25], ids=["the-same-day", "the-next-day"])
    @pytest.mark.parametrize("change", ["none", "update", "removal", "creation"])
    def test_nothing_of_a_share_that_is_read_only_now_is_noted(
        self, play: Play, change: str, hours: int
    ) -> None:
        self.read_only(play)
        if change == "update":
            play.tool.facts.change(1)
        elif change == "removal":
            play.tool.facts.withdraw(1)
        elif change == "creation":
            play.tool.facts.change(4)
        before = dict(play.model.objects)
        with pytest.raises(RefusedError, match="may only read"):
            play.sync(now=NOW + hours * dt.timedelta(hours=1))
        assert (play.tool.facts.log, play.model.objects) == ([], before)

    @pytest.mark.parametrize("change", ["update", "removal", "creation"])
    def test_a_write_to_it_is_not_taken_as_done(self, play: Play, change: str) -> None:
        play.model.writable = False

        def missing(*_: object, **__: object) -> None:
            raise Refusal(404)

        play.model.put = play.model.delete = missing  # type: ignore[method-assign]
        if change == "update":
            play.tool.facts.change(1)
        elif change == "removal":
            play.tool.facts.withdraw(1)
        else:
            play.tool.facts.change(4)
        report = play.sync()
        assert isinstance(report.stopped, RefusedError)
        assert "may only read" in report.stopped.message
        assert (report.actions, report.user_edits) == ((), ())


def test_a_deletion_of_what_is_gone_already_is_done(play: Play) -> None:
    """As after a run that was killed once the server had deleted the event."""
    delete = play.model.delete

    def gone(name: str, *, etag: str | None) -> None:
        delete(name, etag=etag)
        raise Refusal(404)

    play.model.delete = gone  # type: ignore[method-assign]
    play.tool.facts.withdraw(1)

    report = play.settled()

    assert (report.failed, report.stopped) == ({}, None)
    assert [action.uid for action in report.actions] == [uid(1)]
    assert play.name(1) not in play.model.objects


class TestA6:
    @pytest.mark.parametrize("etag", [True, False], ids=["etag", "no-etag"])
    def test_a_write_that_is_never_shown_is_no_deletion(self, play: Play, etag: bool) -> None:
        play.model.tells_etag = etag
        play.model.hidden = {play.name(4)}
        play.tool.facts.change(4)
        for day in range(4):
            report = play.sync(now=NOW + day * DAY)
            assert (report.user_edits, report.tombstones) == ((), ())
            assert set(report.failed) <= {uid(4)}

    @pytest.mark.parametrize("runs", [1, 2, 3])
    @pytest.mark.parametrize("etag", [True, False], ids=["etag", "no-etag"])
    def test_a_write_that_is_shown_late_is_unclear_until_then(
        self, play: Play, etag: bool, runs: int
    ) -> None:
        play.model.tells_etag = etag
        play.model.hidden = {play.name(4)}
        play.tool.facts.change(4)
        for _ in range(runs):
            report = play.sync()
            assert report.user_edits == ()
            assert etag or set(report.failed) == {uid(4)}
        play.model.hidden.clear()
        play.model.journal.append(play.name(4))
        assert play.settled().failed == {}
        assert len(play.model.objects) == 5

    def test_one_that_was_shown_and_is_gone_was_deleted(self, play: Play) -> None:
        play.model.tells_etag = False
        play.tool.facts.change(4)
        assert play.settled().failed == {}
        play.model.remove(play.name(4))
        assert [type(one) for one in play.sync().user_edits] == [Deleted]


ABSOLUTE = (
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER;VALUE=DATE-TIME:{}\r\nEND:VALARM"
)


class TestA7:
    def test_an_absolute_alarm_moves_with_its_event_and_is_told_once(self, play: Play) -> None:
        rings = event(1).start - dt.timedelta(hours=2)
        play.add(1, ABSOLUTE.format(f"{rings:%Y%m%dT%H%M%SZ}"))
        assert [type(one) for one in play.settled().user_edits] == [FieldEdited]
        play.tool.facts.change(1, days=9)
        report = play.sync()
        assert (report.shifted_alarms, report.user_edits) == ((uid(1),), ())
        moved = rings + 9 * DAY
        assert f"TRIGGER;VALUE=DATE-TIME:{moved:%Y%m%dT%H%M%SZ}" in lines(play.body(1))
        assert play.settled().shifted_alarms == ()

    def test_ours_made_absolute_by_a_client_is_no_edit_and_moves(self, play: Play) -> None:
        start = event(1).start
        body = play.body(1).replace(
            b"TRIGGER:PT0S", f"TRIGGER;VALUE=DATE-TIME:{start:%Y%m%dT%H%M%SZ}".encode()
        )
        play.store(1, body)
        assert play.settled().user_edits == ()
        play.tool.facts.change(1, days=3)
        assert play.settled().user_edits == ()
        parsed = ics_patch.parse_event(play.body(1), ZONE)
        assert parsed.fields[Field.ALARMS] == "0"

    def test_a_doubled_alarm_is_no_edit_and_goes_twice(self, play: Play) -> None:
        text = play.body(1).decode()
        alarm = text[text.index("BEGIN:VALARM") : text.index("END:VEVENT")]
        play.store(1, text.replace("END:VEVENT", f"{alarm}END:VEVENT").encode())
        assert play.settled().user_edits == ()
        play.store(1, Phone().edit(play.body(1), description="Mine"))
        play.sync()
        play.tool.facts.withdraw(1)
        assert play.settled().failed == {}
        assert "ACTION:DISPLAY" not in lines(play.body(1))


ODD = {
    "typed-categories": ("CATEGORIES:Job search", "CATEGORIES;VALUE=TEXT:Job search,Mine"),
    "modified-9999": ("LAST-MODIFIED:20261120T163000Z", "LAST-MODIFIED:99991231T235959Z"),
    "start-9999": (f"DTSTART:{event(1).start:%Y%m%dT%H%M%SZ}", "DTSTART:99991231T235959Z"),
    "start-0001": (f"DTSTART:{event(1).start:%Y%m%dT%H%M%SZ}", "DTSTART:00010101T000000"),
    "no-start": (f"DTSTART:{event(1).start:%Y%m%dT%H%M%SZ}", "X-START:none"),
    "odd-sequence": ("SEQUENCE:0", "SEQUENCE:many"),
    "huge-sequence": ("SEQUENCE:0", "SEQUENCE:99999999999999999999"),
    "last-sequence": ("SEQUENCE:0", "SEQUENCE:2147483647"),
    "odd-trigger": ("TRIGGER:PT0S", "TRIGGER:-P99999999999D"),
    "odd-modified": ("LAST-MODIFIED:20261120T163000Z", "LAST-MODIFIED:yesterday"),
    "odd-stamp": ("DTSTAMP:20261120T163000Z", "DTSTAMP:00000000T000000Z"),
    "odd-url": ("URL:mailto:thandi@karoo.example?subject=Hello", "URL;X=:"),
}


class TestA8:
    @pytest.mark.parametrize("odd", ODD)
    def test_one_odd_object_stops_no_other(self, play: Play, odd: str) -> None:
        old, new = ODD[odd]
        assert old in lines(play.body(1))
        body = "".join(f"{line}\r\n" for line in lines(play.body(1))).replace(old, new).encode()
        play.store(1, body)
        for number in (0, 1, 2):
            play.tool.facts.change(number)
        play.tool.facts.withdraw(3)
        report = play.sync()
        assert report.stopped is None
        assert set(report.failed) <= {uid(1)}
        assert report.exit_code in {ExitCode.OK, ExitCode.PARTLY}
        for number in (0, 2):
            assert any("anew" in line for line in lines(play.body(number)))
        assert play.name(3) not in play.model.objects
        if odd == "typed-categories":
            assert "CATEGORIES:Job search,Mine" in lines(play.body(1))
        for _ in range(2):
            assert set(play.sync().failed) <= {uid(1)}
        play.tool.facts.withdraw(1)
        assert set(play.sync().failed) <= {uid(1)}

    def test_what_can_be_read_again_is_as_before(self, play: Play) -> None:
        whole = play.body(1)
        play.store(1, whole.replace(b"SEQUENCE:0", b"SEQUENCE:many"))
        assert set(play.sync().failed) == {uid(1)}
        play.store(1, whole)
        assert (play.settled().user_edits, play.tool.facts.log) == ((), [])


class TestA9:
    @pytest.mark.parametrize("start", ["19700101T000000Z", "22000101T000000Z", "16010101T000000Z"])
    @pytest.mark.parametrize("frame", [False, True], ids=["reminder", "window"])
    def test_a_time_years_away_is_ignored_and_told_once(
        self, play: Play, start: str, frame: bool
    ) -> None:
        if frame:
            play.tool.facts.frames = {uid(1)}
        end = start.replace("T0000", "T0015")
        play.store(1, Phone().edit(play.body(1), dtstart=start, dtend=end))
        report = play.sync()
        assert [type(one) for one in report.user_edits] == [MoveIgnored]
        assert f"DTSTART:{event(1).start:%Y%m%dT%H%M%SZ}" in lines(play.body(1))
        assert play.settled().user_edits == ()


class TestA10:
    GUESTS = ("ORGANIZER:mailto:sam@mail.example", "ATTENDEE:mailto:thandi@karoo.example")

    def test_an_event_with_guests_stays_ours_but_is_not_rewritten(self, play: Play) -> None:
        play.add(1, *self.GUESTS)
        report = play.sync()
        assert (report.protected, report.exit_code, report.failed) == ((uid(1),), ExitCode.OK, {})
        before = play.body(1)
        play.tool.facts.change(1, days=2)
        assert play.settled().protected == ()
        assert play.body(1) == before

    def test_its_title_is_read_and_its_alarm_goes_when_it_is_over(self, play: Play) -> None:
        play.add(1, *self.GUESTS)
        play.sync()
        play.store(1, Phone().edit(play.body(1), summary="Answered"))
        before = lines(play.body(1))
        assert [type(one) for one in play.settled().user_edits] == [KeywordTyped]
        after = lines(play.body(1))
        assert "ACTION:DISPLAY" not in after
        rest = [line for line in before if line in after]
        assert {"SEQUENCE:0", *self.GUESTS, "SUMMARY:Answered"} <= set(rest)

    @pytest.mark.parametrize("lost", [False, True], ids=["", "and-lost-state"])
    def test_it_is_never_deleted(self, play: Play, lost: bool) -> None:
        play.add(1, *self.GUESTS)
        play.sync()
        if lost:
            play.tool.lose_state()
        play.tool.facts.withdraw(1)
        assert play.settled().failed == {}
        assert "ACTION:DISPLAY" not in lines(play.body(1))

    def test_a_series_is_kept_and_silenced(self, play: Play) -> None:
        play.add(1, "RRULE:FREQ=WEEKLY")
        assert play.settled().user_edits == ()
        play.tool.facts.change(1, days=1)
        assert play.settled().failed == {}
        assert "RRULE:FREQ=WEEKLY" in lines(play.body(1))
        play.tool.facts.withdraw(1)
        assert play.settled().failed == {}
        assert {"RRULE:FREQ=WEEKLY", "SUMMARY:Answered: Karoo: step 1 anew"} <= set(
            lines(play.body(1))
        )
        assert "ACTION:DISPLAY" not in lines(play.body(1))

    def test_a_series_with_an_exception_is_left_as_it_is(self, play: Play) -> None:
        text = play.body(1).decode().replace("BEGIN:VALARM", "RRULE:FREQ=WEEKLY\r\nBEGIN:VALARM", 1)
        start = text.index("BEGIN:VEVENT")
        own = text[start : text.index("END:VCALENDAR")].replace("RRULE:FREQ=WEEKLY", "")
        other = own.replace(
            "SUMMARY", f"RECURRENCE-ID:{event(1).start:%Y%m%dT%H%M%SZ}\r\nSUMMARY", 1
        )
        body = text.replace("END:VCALENDAR", f"{other}END:VCALENDAR").replace("\r\n\r\n", "\r\n")
        play.store(1, body.encode())
        report = play.sync()
        assert (report.foreign, report.protected) == ((), (uid(1),))
        play.tool.facts.change(1)
        assert play.settled().failed == {}
        assert play.body(1) == body.encode()
        play.tool.facts.withdraw(1)
        assert play.settled().failed == {}
        assert "ACTION:DISPLAY" not in lines(play.body(1))

    def test_a_status_of_the_user_stays(self, play: Play) -> None:
        play.add(1, "STATUS:CANCELLED")
        assert play.settled().user_edits == ()
        play.tool.facts.change(1, days=1)
        assert play.settled().failed == {}
        assert "STATUS:CANCELLED" in lines(play.body(1))


class TestA11:
    def orphaned(self, play: Play) -> None:
        """Lose the state and the facts of an event before the first sync on a new computer."""
        play.tool.lose_state()
        del play.tool.facts.events[uid(1)]

    def test_what_nobody_claims_is_told_and_removed_on_request(self, play: Play) -> None:
        self.orphaned(play)
        report = play.sync()
        assert (report.orphans, report.titles[uid(1)]) == ((uid(1),), "Karoo: step 1")
        assert play.model.writes == []
        assert play.settled().orphans == (uid(1),)
        report = play.sync(remove_orphans=True)
        assert (report.orphans, len(report.actions)) == ((), 1)
        assert play.name(1) not in play.model.objects
        assert play.settled().orphans == ()

    def test_one_that_was_edited_is_silenced_and_kept(self, play: Play) -> None:
        play.store(1, Phone().edit(play.body(1), description="Mine"))
        self.orphaned(play)
        play.sync()
        assert play.sync(remove_orphans=True).failed == {}
        assert "DESCRIPTION:Mine" in lines(play.body(1))
        assert "ACTION:DISPLAY" not in lines(play.body(1))
        assert play.settled().orphans == ()

    def test_one_that_an_application_claims_again_is_ours(self, play: Play) -> None:
        self.orphaned(play)
        play.sync()
        reopened(play.tool, 1)
        report = play.settled()
        assert (report.orphans, report.actions) == ((), ())

    def test_with_a_damaged_file_nobody_knows(self, play: Play) -> None:
        self.orphaned(play)
        play.tool.facts.is_complete = False
        assert play.sync().orphans == ()

    def test_events_of_others_are_no_orphans(self, play: Play) -> None:
        theirs = play.body(1).replace(uid(1).encode(), uid(9).encode())
        marks = next(line for line in lines(theirs) if line.startswith("X-AFTERWORD"))
        play.model.store(f"{uid(9)}.ics", theirs.replace(f"{marks}\r\n".encode(), b""))
        report = play.sync(now=NOW + DAY, remove_orphans=True)
        assert (report.orphans, f"{uid(9)}.ics" in play.model.objects) == ((), True)


class TestA12:
    def test_one_sync_brings_an_event_with_a_user_s_alarm_back(self, play: Play) -> None:
        play.store(1, Phone().remind(play.body(1), "-PT1H"))
        assert [type(one) for one in play.settled().user_edits] == [FieldEdited]
        play.tool.facts.withdraw(1)
        assert play.settled().failed == {}
        reopened(play.tool, 1)
        report = play.settled()
        assert (report.failed, report.user_edits, len(report.actions)) == ({}, (), 1)
        body = play.model.objects[play.name(1, 1)][0]
        assert ics_patch.parse_event(body, ZONE).fields[Field.ALARMS] == "-3600 0"

    @pytest.mark.parametrize("who", ["we", "they"])
    def test_a_raised_sequence_is_learned_when_the_event_goes(self, play: Play, who: str) -> None:
        play.store(1, play.body(1).replace(b"SEQUENCE:0", b"SEQUENCE:7"))
        play.sync()
        if who == "we":
            play.tool.facts.withdraw(1)
        else:
            play.model.remove(play.name(1))
        play.sync()
        play.tool.facts.tombstones.clear()
        reopened(play.tool, 1)
        assert play.settled().failed == {}
        assert ics_patch.sequence_of(play.model.objects[play.name(1, 1)][0]) >= 7
