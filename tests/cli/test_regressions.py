"""What other tools for job seekers and calendars got wrong, each by the name of its failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterword.cli import app
from tests.cli.life import Life, cancelled, rings, titles
from tests.cli.test_import import invitation
from tests.running import Run

FIRST, SECOND, END = "r1 first-follow-up 0", "r1 second-follow-up 0", "r1 move-on 0"
FOLLOW_UPS = {FIRST: "2026-11-30", SECOND: "2026-12-08", END: "2026-12-15"}


def test_anchor_not_application(life: Life) -> None:
    life.held(now="2026-09-01 10:00")
    assert life.live("2026-09-01 10:00") == {"r1 thank-you 0": "2026-11-24", **FOLLOW_UPS}


def test_evening_west_of_greenwich(life: Life) -> None:
    life.zone = "America/Los_Angeles"
    life.held(at="2026-11-24 16:00")
    # It is the next day in Greenwich by then, and the first day of the window.
    assert life.plan("2026-11-28 20:30")[FIRST]["state"] == "upcoming"
    assert life.plan("2026-11-29 00:30")[FIRST]["state"] == "open"

    said = life("2026-11-30 20:30", "sent", "karoo", "first-follow-up").text
    assert "first-follow-up sent on Mon 30 Nov 2026, 20:30" in said
    assert life.plan("2026-11-30 20:31")[SECOND]["opens"] == "2026-12-07"
    said = life("2026-11-30 20:31", "heard", "karoo", "neutral", "--on", "today").text
    assert "neutral answer (Mon 30 Nov 2026" in said


@pytest.mark.parametrize("day", [f"2026-12-{day:02}" for day in range(1, 20)])
def test_schedule_equals_urgency(life: Life, day: str) -> None:
    life.held("--decision-by", "2026-12-04")
    plan = life.plan(f"{day} 12:00")
    shown = life.next(f"{day} 12:00")

    for item in (*shown["due"], *shown["asked"]):
        step = plan[f"{item['interview']} {item['step']} {item['episode']}"]
        assert {key: item[key] for key in step} == step
    overdue = {item["step"] for item in shown["due"] if item["urgency"] == "overdue"}
    overdue |= {question["step"] for question in shown["asked"]}
    assert overdue == {step["step"] for step in plan.values() if step["state"] == "overdue"}


def test_annotated_pin_not_silent(life: Life) -> None:
    life.held()
    pin = '\n[[log]]\nat = 2026-11-25\nmoved = "first-follow-up"\nto = {} # as she asked\n'
    life.write_into("karoo", pin.format("2026-12-03T10:00:00+02:00"))
    assert life.live("2026-11-26 10:00")[FIRST] == "2026-12-03"

    life.write_into("karoo", pin.format('"2026-12-04 (as she asked)"'))
    said = life("2026-11-26 10:00", "next").stderr
    assert "log 2, to" in said
    assert "not text in quotes" in said
    assert "afterword add" not in said


@pytest.mark.parametrize("command", app.COMMANDS)
def test_unknown_flag_is_error(run: Run, command: str) -> None:
    result = run(command, "--overdu")
    assert (result.code, result.stdout) == (2, b"")
    assert "--overdu" in result.stderr


@pytest.mark.parametrize("end", [("close", "karoo"), ("heard", "karoo", "rejected")])
def test_terminal_closes_all(life: Life, end: tuple[str, ...]) -> None:
    life.held()
    life("2026-11-24 18:00", "sent", "karoo")
    life.export("2026-11-24 18:01")
    life("2026-11-26 10:00", *end)
    if "rejected" in end:
        life("2026-11-26 10:01", "sent", "karoo", "reply")

    events = life.export("2026-11-26 11:00")
    assert len(cancelled(events)) == 5
    assert rings(events, after="2026-11-26") == []
    assert life.live("2026-11-26 11:00") == {}
    for day in ("2026-11-30", "2026-12-08", "2026-12-15"):
        assert life.due(f"{day} 10:00") == []
        assert life.asked(f"{day} 10:00") == []


def test_promised_call_suppresses_nudge(life: Life) -> None:
    life.held()
    life("2026-11-24 16:00", "expect", "karoo", "--they-will-call")

    step = life.plan("2026-11-24 16:01")[FIRST]
    assert step["opens"] == "2026-12-04"
    assert "they promised to call" in step["reason"]
    assert life.due("2026-11-30 10:00") == ["coming first-follow-up"]
    assert life.due("2026-12-04 10:00")[0] == "due first-follow-up"


def test_thank_you_not_counted_as_chase(life: Life) -> None:
    life.held()
    life("2026-11-24 18:00", "sent", "karoo", "thank-you")
    assert set(life.live("2026-11-24 18:01")) == {FIRST, SECOND, END}
    life("2026-11-30 10:00", "sent", "karoo")
    life("2026-12-07 10:00", "sent", "karoo")
    assert "a third" in life.refused("2026-12-14 10:00", "sent", "karoo", "second-follow-up")


def test_import_twice_no_dup(life: Life, tmp_path: Path) -> None:
    invite = tmp_path / "invite.ics"
    invite.write_bytes(invitation())
    life("2026-11-20 10:00", "import", invite)
    events = life.export("2026-11-20 10:01")
    kept, exported = life.files(), life.calendar.read_bytes()

    said = life("2026-11-21 10:00", "import", invite).text
    assert said.startswith("unchanged: ")
    assert life.files() == kept
    assert life.export("2026-11-21 10:01").keys() == events.keys()
    assert life.calendar.read_bytes() == exported


def test_import_update_lands(life: Life, tmp_path: Path) -> None:
    invite = tmp_path / "invite.ics"
    invite.write_bytes(invitation())
    life("2026-11-20 10:00", "import", invite)
    before = life.export("2026-11-20 10:01")
    invite.write_bytes(invitation(start="20261126T140000", end="20261126T150000", sequence=1))
    said = life("2026-11-21 10:00", "import", invite).text
    after = life.export("2026-11-21 10:01")

    assert said.startswith("moved: ")
    assert after.keys() == before.keys()
    for uid, event in after.items():
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert event["DTSTART"].dt > before[uid]["DTSTART"].dt
        assert event["LAST-MODIFIED"].dt > before[uid]["LAST-MODIFIED"].dt


def test_deleted_stays_deleted(life: Life) -> None:
    life.held()
    before = life.export("2026-11-24 18:00")
    life.write_into("karoo", '\n[[log]]\nat = 2026-11-25\ndeleted = "first-follow-up"\n')

    for day in ("2026-11-25", "2026-11-30", "2026-12-08"):
        standing = titles(life.export(f"{day} 18:00"))
        assert not [
            title for title in standing if title.startswith(("Follow up with", "Follow-up window"))
        ]
    assert life.due("2026-11-30 10:00") == []

    life("2026-12-08 19:00", "restore", "karoo", "first-follow-up")
    after = life.export("2026-12-08 19:01")
    new = {uid: event for uid, event in after.items() if uid not in before}
    assert "Follow up with Karoo (Thandi Nkosi)" in titles(new)


def test_alarm_present(life: Life) -> None:
    life.held()
    events = life.export("2026-11-20 11:00").values()
    to_do = [event for event in events if hasattr(event["DTSTART"].dt, "hour")]

    assert len(to_do) == 5
    for event in to_do:
        (alarm,) = event.walk("VALARM")
        assert alarm["ACTION"] == "DISPLAY"
        assert alarm["TRIGGER"].dt.total_seconds() <= 0
        assert alarm["DESCRIPTION"]


def test_weekend_does_not_spend_step(life: Life) -> None:
    # From a Monday the days 5 to 7 are a weekend and one working day.
    life.held(at="2026-11-23 10:00")
    step = life.plan("2026-11-23 12:00")[FIRST]
    assert (step["opens"], step["closes"]) == ("2026-11-28", "2026-11-30")
    assert step["recommended"] == "2026-11-30"
    for day in ("2026-11-28", "2026-11-29"):
        assert "coming first-follow-up" in life.due(f"{day} 12:00")
    assert life.due("2026-11-30 12:00")[0] == "due first-follow-up"


def test_ooo_holds(life: Life) -> None:
    life.held()
    life("2026-11-30 10:00", "sent", "karoo")
    life("2026-11-30 10:05", "away", "karoo", "--until", "2026-12-18")

    assert life("2026-11-30 10:06", "stats", "--json").json["states"]["waiting"] == 1
    step = life.plan("2026-11-30 10:06")[SECOND]
    assert (step["state"], step["opens"]) == ("upcoming", "2026-12-21")
    assert life.due("2026-12-10 10:00") == []


def test_own_sent_not_reply(life: Life) -> None:
    life.held()
    life("2026-11-24 18:00", "sent", "karoo", "--by", "email", "--to", "Thandi")
    life("2026-11-30 10:00", "sent", "karoo", "--to", "Thandi")

    assert set(life.live("2026-11-30 10:01")) == {SECOND, END}
    assert life("2026-11-30 10:01", "stats", "--json").json["states"]["waiting"] == 1
    assert "reply" in life.refused("2026-11-30 10:02", "sent", "karoo", "reply")


def test_windows_tzid(life: Life, tmp_path: Path) -> None:
    invite = tmp_path / "invite.ics"
    windows = invitation().replace(b"TZID=Africa/Johannesburg", b"TZID=W. Europe Standard Time")
    invite.write_bytes(windows)
    (event,) = life("2026-11-20 10:00", "import", invite, "--json").json["files"][0]["events"]

    assert (event["zone"], event["start"]) == ("Europe/Berlin", "2026-11-24T14:00:00+01:00")
    (plan,) = life("2026-11-20 10:01", "plan", "--json").json["applications"]
    assert plan["steps"][0]["opens"] == "2026-11-24T16:00:00+02:00"


def test_multiline_note_survives(life: Life) -> None:
    text = 'Ask again, "soon";\nEND:VEVENT\n\nBring: the portfolio'
    life.held("--discussed", text)
    life("2026-11-24 16:00", "note", "karoo", text)

    facts = life("2026-11-24 16:01", "show", "karoo", "--json").json["facts"]
    assert facts["log"][0]["note"] == text
    events = life.export("2026-11-24 16:02")
    assert len(events) == 7
    assert not [event for event in events.values() if event.errors]
    assert b"\nEND:VEVENT\r\n\r\n" not in life.calendar.read_bytes()


@pytest.mark.parametrize("place", ["foreign", "no directory", "a directory as parent"])
def test_export_failure_keeps_plan(life: Life, tmp_path: Path, place: str) -> None:
    life.held()
    life.export("2026-11-20 11:00")
    life("2026-11-30 10:00", "sent", "karoo", "first-follow-up")
    kept, good = life.files(), life.calendar
    foreign = tmp_path / "foreign.ics"
    foreign.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//Other//EN\r\nEND:VCALENDAR\r\n")
    outputs = {
        "foreign": foreign,
        "no directory": tmp_path / "missing" / "a.ics",
        "a directory as parent": foreign / "a.ics",
    }

    result = life("2026-11-30 10:01", "export", "-o", outputs[place], code=73)
    assert "Traceback" not in result.stderr
    assert life.files() == kept
    assert life.live("2026-11-30 10:02")[SECOND] == "2026-12-07"
    life.calendar = good
    events = life.export("2026-11-30 10:03")
    assert "Followed up with Karoo (Thandi Nkosi)" in titles(events)
    assert max(event["SEQUENCE"] for event in events.values()) == 1
