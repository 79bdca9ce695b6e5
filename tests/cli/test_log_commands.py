"""The commands that log: what they echo, what they change, what they refuse, and undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest

from afterword.config.locations import locate
from tests.cli.life import Life
from tests.cli.test_import import invitation
from tests.running import Result, Run

Commands = tuple[tuple[str, ...], ...]
NOW = "2026-12-01 10:00"
CLOSED = (("close", "karoo"),)
ROUND = (("round", "karoo", "--at", "2026-12-03 10:00"),)
BOTH_SENT = (
    ("sent", "karoo", "first-follow-up", "--on", "2026-11-24"),
    ("sent", "karoo", "second-follow-up", "--on", "2026-11-30"),
)


@pytest.fixture
def after(life: Life) -> Callable[[Commands], Life]:
    """Return a function that makes a life after some commands."""

    def live(commands: Commands) -> Life:
        life.held()
        for command in commands:
            life(NOW, *command)
        return life

    return live


# What was understood, what it changed, and what comes next.


@pytest.mark.parametrize(
    ("before", "command", "lines"),
    [
        pytest.param(
            (),
            ("sent", "karoo", "first-follow-up", "--on", "2026-11-30 09:30", "--by", "linkedin"),
            [
                "Karoo: first-follow-up sent on Mon 30 Nov 2026, 09:30 (Africa/Johannesburg).",
                "  first-follow-up: done",
                "  second-follow-up: Tue 8 Dec 09:00 -> Mon 7 Dec 09:00, a week after you wrote",
                "Next: second-follow-up, Mon 7 Dec 09:00 (7 Dec - 8 Dec).",
            ],
            id="sent",
        ),
        pytest.param(
            (),
            ("sent", "karoo", "first-follow-up", "--on", "today"),
            ["second-follow-up: 7 Dec - 8 Dec -> 8 Dec, a week after you wrote"],
            id="sent late",
        ),
        pytest.param(
            (),
            ("heard", "karoo", "neutral", "--decision-by", "fri"),
            [
                "Karoo: neutral answer on Tue 1 Dec 2026, 10:00 (Africa/Johannesburg).",
                "  first-follow-up: withdrawn, they answered on 1 December",
                "  reply: by Wed 2 Dec 10:00, within 24 hours of their answer",
                "  first-follow-up after their answer: 8 Dec - 11 Dec, day 7-10 after their answer",
                "Next: reply, Tue 1 Dec 10:00 (by Wed 2 Dec 10:00).",
                "To: Thandi Nkosi <thandi@karoo.example>",
                "I have noted 4 December",
            ],
            id="heard",
        ),
        pytest.param(
            (),
            ("away", "karoo", "--until", "7 dec"),
            [
                "Karoo: away until Mon 7 Dec 2026.",
                "  first-follow-up: 29 Nov - 1 Dec -> 8 Dec - 10 Dec, they are away until",
            ],
            id="away",
        ),
        pytest.param(
            (),
            ("expect", "karoo", "--decision-by", "2026-12-04", "--they-will-call"),
            [
                "Karoo: they decide by Fri 4 Dec 2026.",
                "Karoo: they will call.",
                "  first-follow-up: 29 Nov - 1 Dec -> 7 Dec - 9 Dec, they named 4 December",
            ],
            id="expect",
        ),
        pytest.param(
            (),
            ("skip", "karoo", "first"),
            [
                "Karoo: first-follow-up is left out.",
                "  first-follow-up: withdrawn, you skipped it on 1 December",
                "Next: second-follow-up, Fri 4 Dec 09:00 (4 Dec - 8 Dec).",
            ],
            id="skip",
        ),
        pytest.param(
            (("skip", "karoo", "first"),),
            ("restore", "karoo", "first"),
            [
                "Karoo: first-follow-up is brought back.",
                "  first-follow-up: 29 Nov - 1 Dec, day 5-7 after the interview",
            ],
            id="restore",
        ),
        pytest.param(
            (),
            ("move", "karoo", "first", "--to", "thu"),
            [
                "Karoo: first-follow-up moved to Thu 3 Dec 2026, 09:00 (Africa/Johannesburg).",
                "  first-follow-up: 29 Nov - 1 Dec -> Thu 3 Dec 09:00, you moved it to 3 December",
                "(that is after its window closes)",
                "  second-follow-up: 7 Dec - 8 Dec -> 10 Dec - 13 Dec",
            ],
            id="move a step to a day",
        ),
        pytest.param(
            (),
            ("move", "karoo", "second-follow-up", "--to", "2026-12-02 10:00"),
            ["Wed 2 Dec 10:00, you moved it to 2 December (that is before its window opens)"],
            id="move a step out of its window",
        ),
        pytest.param(
            (),
            ("move", "karoo", "interview", "--to", "thu 11:00"),
            [
                "Karoo: interview r1 moved to Thu 3 Dec 2026, 11:00 (Africa/Johannesburg).",
                "  thank-you: by Wed 25 Nov 15:00 -> by Fri 4 Dec 12:00",
                "Next: thank-you, Thu 3 Dec 13:00 (by Fri 4 Dec 12:00).",
            ],
            id="move the interview",
        ),
        pytest.param(
            (),
            ("round", "karoo", "--at", "2026-12-03 10:00"),
            [
                "Understood: Thu 3 Dec 2026, 10:00 (Africa/Johannesburg)",
                "  r1: first-follow-up: withdrawn, the next interview is on 3 December",
                "  r2: thank-you: by Fri 4 Dec 11:00, within 24 hours of the interview",
                "Next: r2: thank-you, Thu 3 Dec 12:00 (by Fri 4 Dec 11:00).",
            ],
            id="round",
        ),
        pytest.param(
            ROUND,
            ("cancel", "karoo"),
            [
                "Karoo: interview r2 of Thu 3 Dec 2026, 10:00 (Africa/Johannesburg) is cancelled.",
                "  r1: first-follow-up: 29 Nov - 1 Dec, day 5-7 after the interview",
                "  r2: thank-you: withdrawn, the interview was cancelled",
            ],
            id="cancel",
        ),
        pytest.param(
            (),
            ("close", "karoo", "--keep-in-touch", "2027-03-01"),
            [
                "Karoo, Marketing Manager: closed.",
                "  first-follow-up: withdrawn, you closed the application on 1 December",
                "  keep-in-touch: 1 Mar, you chose to keep in touch from 1 March",
                "Next: keep-in-touch, Mon 1 Mar 09:00 (1 Mar).",
            ],
            id="close",
        ),
        pytest.param(
            CLOSED,
            ("reopen", "karoo"),
            [
                "Karoo, Marketing Manager: open again.",
                "  first-follow-up: 29 Nov - 1 Dec, day 5-7 after the interview",
            ],
            id="reopen",
        ),
        pytest.param((), ("note", "karoo", "Nice people."), ["Karoo: noted."], id="note"),
    ],
)
def test_a_command_says_what_it_understood_and_what_changed(
    after: Callable[[Commands], Life], before: Commands, command: tuple[str, ...], lines: list[str]
) -> None:
    said = after(before)(NOW, *command).text
    for line in lines:
        assert line in said


def test_show_tells_facts_plan_and_log_in_words(after: Callable[[Commands], Life]) -> None:
    life = after(
        (
            ("sent", "karoo", "thank-you", "--on", "2026-11-24 18:00", "--by", "linkedin"),
            ("expect", "karoo", "--decision-by", "2026-12-04", "--they-will-call"),
            ("move", "karoo", "second", "--to", "2026-12-17 10:00"),
            ("close", "karoo", "--lesson", "Ask for the band."),
        )
    )
    shown = life(NOW, "show", "karoo").text.splitlines()
    assert shown[shown.index("Log") + 1 :] == [
        "  Tue 24 Nov 18:00  sent the thank-you, by linkedin",
        "  Tue 1 Dec 10:00  they decide by Fri 4 Dec, they will call",
        "  Tue 1 Dec 10:00  moved the second-follow-up to Thu 17 Dec 10:00",
        "  Tue 1 Dec 10:00  closed, learned: Ask for the band.",
    ]


# What is refused, and why.


@pytest.mark.parametrize(
    ("before", "command", "said"),
    [
        pytest.param(
            (), ("sent", "karoo", "--on", "2026-11-23"), "the interview ends on", id="before it"
        ),
        pytest.param((), ("sent", "karoo", "--on", "2026-12-02"), "in the future", id="future"),
        pytest.param(
            (), ("heard", "karoo", "neutral", "--on", "tomorrow"), "in the future", id="unheard"
        ),
        pytest.param((), ("close", "karoo", "--on", "2027-01-01"), "in the future", id="unclosed"),
        pytest.param(
            BOTH_SENT,
            ("sent", "karoo", "first-follow-up"),
            "both follow-ups of this silence are sent, and a third would only press",
            id="a third",
        ),
        pytest.param(
            BOTH_SENT,
            ("sent", "karoo", "second-follow-up"),
            "keep in touch: afterword close karoo-marketing-manager --keep-in-touch DATE",
            id="a third, and what to do instead",
        ),
        pytest.param(
            (
                ("heard", "karoo", "positive", "--on", "2026-11-25"),
                ("sent", "karoo", "first", "--on", "2026-11-30"),
            ),
            ("sent", "karoo", "first-follow-up"),
            "the one follow-up after their answer is sent, and one more would only press",
            id="a second after an answer",
        ),
        pytest.param(
            (("sent", "karoo", "thank-you", "--on", "2026-11-24"),),
            ("sent", "karoo", "thank-you"),
            "logged already, as sent on Tue 24 Nov 2026 15:00; if that is wrong: afterword undo",
            id="twice",
        ),
        pytest.param(
            (("sent", "karoo", "first", "--on", "2026-12-01"),),
            ("sent", "karoo", "first", "--on", "2026-12-01"),
            "logged already",
            id="twice on a day",
        ),
        pytest.param(
            (), ("sent", "karoo", "reply"), "log it first: afterword heard", id="no answer"
        ),
        pytest.param(
            (("heard", "karoo", "neutral"),),
            ("sent", "karoo", "reply", "--on", "2026-11-30"),
            "they answered on Tue 01 Dec 2026 10:00; a reply before that is not one",
            id="reply before the answer",
        ),
        pytest.param((), ("sent", "karoo", "third-follow-up"), "is none of thank-you", id="step"),
        pytest.param(
            (),
            ("move", "karoo", "third", "--to", "thu"),
            "'third' is neither a step nor an interview; there are: thank-you",
            id="step or interview",
        ),
        pytest.param(
            (), ("cancel", "karoo", "r7"), "has no interview 'r7'; there are: r1", id="interview"
        ),
        pytest.param((), ("sent", "acme"), "no application has 'acme'", id="application"),
        pytest.param((), ("sent", "karooo"), "did you mean 'Karoo'?", id="a slip in its name"),
        pytest.param(
            (),
            ("sent", "karoo", "--to", "Zanele"),
            "nobody has 'Zanele' in the name; there are: Thandi Nkosi",
            id="nobody of the panel",
        ),
        pytest.param(
            (),
            ("heard", "karoo", "rejected", "--decision-by", "fri"),
            "a rejection is their decision",
            id="a date with a rejection",
        ),
        pytest.param((), ("heard", "karoo", "maybe"), "positive, neutral, rejected", id="answer"),
        pytest.param(
            (), ("expect", "karoo"), "--decision-by DAY, or --they-will-call", id="nothing said"
        ),
        pytest.param(
            (),
            ("expect", "karoo", "--decision-by", "2025-12-04"),
            "is before the interview of Tue 24 Nov 2026, 14:00 (Africa/Johannesburg); "
            "is the year right?",
            id="last year",
        ),
        pytest.param(
            (("skip", "karoo", "first"),),
            ("skip", "karoo", "first"),
            "left out already; afterword restore karoo-marketing-manager first-follow-up",
            id="skipped twice",
        ),
        pytest.param(
            CLOSED,
            ("skip", "karoo", "first"),
            "the first-follow-up is no longer needed, you closed the application on 1 December",
            id="skipped when closed",
        ),
        pytest.param(
            CLOSED, ("restore", "karoo", "first"), "has not been left out", id="not left out"
        ),
        pytest.param(
            (), ("move", "karoo", "first", "--to", "2026-11-30"), "has passed", id="to the past"
        ),
        pytest.param(
            (),
            ("move", "karoo", "interview", "--to", "thu"),
            "no time of the day",
            id="interview without a time",
        ),
        pytest.param(
            (*ROUND, ("cancel", "karoo")),
            ("cancel", "karoo"),
            "if you mean another: afterword cancel karoo-marketing-manager r1",
            id="cancelled twice",
        ),
        pytest.param(CLOSED, ("close", "karoo"), "closed already", id="closed twice"),
        pytest.param((), ("reopen", "karoo"), "it is not closed", id="not closed"),
        pytest.param((), ("close",), "afterword close APP, or --all", id="close what"),
        pytest.param((), ("close", "karoo", "--all"), "or --all", id="close one or all"),
        pytest.param(
            (),
            ("close", "karoo", "--keep-in-touch", "2026-12-01"),
            "is not to come; choose a later day",
            id="hello today",
        ),
        pytest.param(
            (),
            ("round", "karoo", "--at", "2026-11-24 14:00"),
            "is known, as r1; a further round has a time of its own",
            id="the same round",
        ),
        pytest.param(
            (("cancel", "karoo"),),
            ("round", "karoo", "--at", "2026-11-24 14:00"),
            "afterword move karoo-marketing-manager r1 --to WHEN brings it back",
            id="a cancelled round",
        ),
        pytest.param((), ("forget", "karoo"), "--yes says that you mean it", id="forget"),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(
    after: Callable[[Commands], Life], before: Commands, command: tuple[str, ...], said: str
) -> None:
    assert said in after(before).refused(NOW, *command)


def test_nothing_is_due_before_the_interview_has_ended(life: Life) -> None:
    life.held()
    said = life.refused("2026-11-24 10:00", "sent", "karoo")
    assert "nothing is due yet" in said
    said = life.refused("2026-11-24 10:00", "sent", "karoo", "thank-you")
    assert "the interview ends on Tue 24 Nov 2026 15:00; nothing can be sent before that" in said


def test_one_of_a_panel_is_not_thanked_twice(life: Life) -> None:
    life.held("--with", "Pieter Louw")
    life("2026-11-24 17:00", "sent", "karoo", "--to", "pieter")
    said = life.refused("2026-11-24 17:01", "sent", "karoo", "--to", "pieter")
    assert "that Pieter Louw was thanked is logged already" in said


def test_a_name_that_fits_several_lists_them(life: Life) -> None:
    life.held()
    life(NOW, "add", "Karoo Lodge", "Host", "--at", "2026-12-02 10:00")
    said = life.refused(NOW, "sent", "kar")
    assert "karoo-marketing-manager: Karoo, Marketing Manager" in said
    assert "karoo-lodge-host: Karoo Lodge, Host" in said
    # A whole name goes before a part of another.
    assert "Karoo: noted." in life(NOW, "note", "karoo", "x").text
    assert "Karoo Lodge: noted." in life(NOW, "note", "host", "x").text


# When it was.


@pytest.mark.parametrize(
    ("on", "at"),
    [
        ((), "2026-12-01T10:00:00+02:00"),
        (("--on", "today"), "2026-12-01T10:00:00+02:00"),
        (("--on", "yesterday"), "2026-11-30T12:00:00+02:00"),
        (("--on", "mon"), "2026-11-30T12:00:00+02:00"),
        (("--on", "mon 9:15"), "2026-11-30T09:15:00+02:00"),
        (("--on", "2 days ago"), "2026-11-29T12:00:00+02:00"),
        (("--on", "30 Nov"), "2026-11-30T12:00:00+02:00"),
        (("--on", "9:15"), "2026-12-01T09:15:00+02:00"),
        (("--on", "2026-11-30"), "2026-11-30T12:00:00+02:00"),
        (("--on", "2026-11-30 09:15"), "2026-11-30T09:15:00+02:00"),
        (("--on", "2026-11-30T09:15:00-05:00"), "2026-11-30T16:15:00+02:00"),
        (("--on", "2026-11-24"), "2026-11-24T15:00:00+02:00"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_when_it_was_is_typed_in_plain_words(life: Life, on: tuple[str, ...], at: str) -> None:
    life.held()
    life(NOW, "sent", "karoo", "first-follow-up", *on)
    assert life.plan(NOW)["r1 first-follow-up 0"]["sent_at"] == at


@pytest.mark.parametrize("on", ["30/11", "11-30-2026", "sometime", "2026-02-30", "25:00"])
def test_a_date_that_can_be_read_in_two_ways_is_refused(life: Life, on: str) -> None:
    life.held()
    assert "write it as" in life.refused(NOW, "sent", "karoo", "--on", on) or on == "2026-02-30"


def test_what_was_written_before_the_first_add_is_told_with_it(life: Life) -> None:
    life.held(*("--sent", "thank-you=2026-11-24", "--sent", "first=2026-11-30 09:30"), now=NOW)
    assert life.live(NOW).keys() == {"r1 second-follow-up 0", "r1 move-on 0"}
    assert life.plan(NOW)["r1 thank-you 0"]["sent_at"] == "2026-11-24T15:00:00+02:00"

    late = ("add", "TUI", "Clerk", "--at", "2026-11-27 10:00")
    assert "in the future" in life.refused(NOW, *late, "--sent", "first=2026-12-02")
    assert "before the interview" in life.refused(NOW, *late, "--sent", "thanks=2026-11-26")
    assert "say when" in life.refused(NOW, *late, "--sent", "first")


# Undo.


EACH: list[tuple[Commands, tuple[str, ...]]] = [
    ((), ("sent", "karoo", "thank-you")),
    ((), ("heard", "karoo", "neutral")),
    ((), ("away", "karoo", "--until", "2026-12-07")),
    ((), ("expect", "karoo", "--decision-by", "2026-12-04")),
    ((), ("skip", "karoo", "first-follow-up")),
    ((("skip", "karoo", "first"),), ("restore", "karoo", "first-follow-up")),
    ((), ("move", "karoo", "first-follow-up", "--to", "thu")),
    ((), ("move", "karoo", "interview", "--to", "2026-12-02 10:00")),
    ((), ROUND[0]),
    ((), ("add", "Karoo", "Marketing Manager", "--at", "2026-12-03 10:00")),
    (ROUND, ("cancel", "karoo")),
    ((), ("close", "karoo", "--lesson", "x")),
    (CLOSED, ("reopen", "karoo")),
    (CLOSED, ("heard", "karoo", "positive")),
    ((), ("note", "karoo", "x")),
]


@pytest.mark.parametrize(
    ("before", "command"), EACH, ids=[" ".join(command[:3]) for _, command in EACH]
)
def test_undo_takes_every_kind_of_change_back(
    after: Callable[[Commands], Life], before: Commands, command: tuple[str, ...]
) -> None:
    life = after(before)
    kept, plan = life.files(), life.plan(NOW)
    life(NOW, *command)
    assert life.files() != kept

    said = life(NOW, "undo", "karoo").text
    assert said.startswith("Karoo, Marketing Manager: the last change is taken back.")
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

    assert "it was new, and is gone again" in life(NOW, "undo", "karoo").text
    assert life.files() == {}
    assert "there is no application yet" in life.refused(NOW, "undo", "karoo")


def test_undo_tells_what_it_changed(life: Life) -> None:
    life.held()
    life(NOW, "heard", "karoo", "neutral")
    said = life(NOW, "undo", "karoo").text
    assert "  first-follow-up: 29 Nov - 1 Dec, day 5-7 after the interview" in said
    assert "  reply: no longer needed" in said
    assert "  first-follow-up after their answer: no longer needed" in said


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


# The file as a whole.


def edited(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    def edit(text: str, **_: object) -> str:
        assert old in text
        return text.replace(old, new)

    monkeypatch.setattr(click, "edit", edit)


def test_edit_counts_and_can_be_taken_back(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.held()
    kept = life.files()
    edited(monkeypatch, "T14:00:00", "T15:00:00")
    assert "changed" in life(NOW, "edit", "karoo").stderr
    assert life.plan(NOW)["r1 thank-you 0"]["closes"] == "2026-11-25T16:00:00+02:00"
    life(NOW, "undo", "karoo")
    assert life.files() == kept


@pytest.mark.parametrize(
    ("old", "new", "said", "code"),
    [
        ("minutes = 60", "minutes = -60", "minutes", 65),
        ("minutes = 60", "minutes =", "line", 65),
        ('id = "karoo-marketing-manager"', 'id = "other"', "an id is given once and kept", 65),
        ("minutes = 60", "minutes = 60", "nothing was changed", 0),
    ],
    ids=["a mistake", "no TOML", "another id", "nothing"],
)
def test_edit_with_a_mistake_changes_nothing(
    life: Life, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str, code: int
) -> None:
    life.held()
    edited(monkeypatch, old, new)
    assert said in life.refused(NOW, "edit", "karoo", code=code)


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
    assert "is forgotten" in said.text
    assert str(life.calendar) in said.stderr
    assert life.files() == {}
    assert all(event["STATUS"] == "CANCELLED" for event in life.export(NOW).values())
    assert "there is no application yet" in life.refused(NOW, "undo", "karoo")


# Closing.


def test_closing_all_leaves_what_is_closed_alone(life: Life) -> None:
    life.held()
    life(NOW, "add", "TUI", "Clerk", "--at", "2026-12-02 10:00")
    life(NOW, "close", "tui")
    kept = life.files()["tui-clerk.toml"]

    said = life(NOW, "close", "--all", "--lesson", "Found one.").text
    assert "Karoo, Marketing Manager: closed." in said
    assert "TUI" not in said
    assert life.files()["tui-clerk.toml"] == kept
    assert "no application is open" in life(NOW, "close", "--all").stderr


@pytest.mark.parametrize(("answer", "open_again"), [("positive", True), ("rejected", False)])
def test_an_answer_after_the_close(
    after: Callable[[Commands], Life], answer: str, open_again: bool
) -> None:
    life = after(CLOSED)
    said = life(NOW, "heard", "karoo", answer)
    assert ("it is open again" in said.stderr) is open_again
    assert ("r1 reply 0" in life.live(NOW)) is open_again


# Asking first.


DRY = [
    ("add", "TUI", "Clerk", "--at", "2026-12-02 10:00"),
    ("add", "Karoo", "Marketing Manager", "--at", "2026-12-03 10:00"),
    ("close", "--all"),
    *(command for before, command in EACH if not before and command[0] != "add"),
]


@pytest.mark.parametrize("command", DRY, ids=[" ".join(command[:3]) for command in DRY])
def test_a_dry_run_says_the_same_and_changes_nothing(life: Life, command: tuple[str, ...]) -> None:
    life.held()
    kept = life.files()
    dry = life(NOW, *command, "--dry-run")
    assert life.files() == kept
    assert "a dry run" in dry.stderr

    assert life(NOW, *command).text == dry.text
    assert life.files() != kept


@pytest.mark.parametrize("kept", [False, True], ids=["nothing kept", "two applications"])
@pytest.mark.parametrize(
    "command", ["next", "list", "list --all", "plan", "stats", "show karoo", "import -"]
)
def test_json_is_one_document_and_nothing_else(life: Life, command: str, kept: bool) -> None:
    if kept:
        life.held()
        life(NOW, "add", "TUI", "Clerk", "--at", "2026-11-27 10:00")
    if command.startswith("show") and not kept:
        return
    flags = life.flags(NOW)
    result = life.run(*command.split(), "--json", *flags, input=invitation())
    assert result.code == 0
    assert json.loads(result.stdout)["version"] == 1
    assert result.stdout.isascii()


def test_show_as_json_has_facts_log_and_plan(after: Callable[[Commands], Life]) -> None:
    document = after((("sent", "karoo", "thank-you", "--on", "2026-11-24 18:00"),))(
        NOW, "show", "karoo", "--json"
    ).json
    assert document["facts"]["company"] == "Karoo"
    assert document["facts"]["interview"][0]["interviewer"][0]["name"] == "Thandi Nkosi"
    assert document["facts"]["log"] == [{"at": "2026-11-24T18:00:00+02:00", "sent": "thank-you"}]
    assert len(document["applications"][0]["steps"]) == 4


def test_figures_carry_their_number_and_no_rate_from_two_cases(life: Life) -> None:
    for number in range(3):
        life("2026-11-20 10:00", "add", f"Firm {number}", "Clerk", "--at", "2026-11-24 14:00")
        life("2026-11-24 18:00", "sent", f"firm-{number}-")
        said = life("2026-11-24 18:01", "stats").text
        assert ("too few to say" in said) or number == 2
        if number < 2:
            life("2026-11-26 18:00", "heard", f"firm-{number}-", "positive")

    figures = life("2026-11-27 10:00", "stats", "--json").json
    assert figures["states"] == {
        "upcoming": 0,
        "waiting": 1,
        "answered": 2,
        "rejected": 0,
        "closed": 0,
    }
    assert figures["answered"] == {"value": pytest.approx(2 / 3), "n": 3}
    assert figures["in_window"]["thank-you"] == {"value": 1.0, "n": 3}
    assert figures["days_to_answer"]["thank-you"] == {"value": None, "n": 2}
    assert "answered: 67% of 3" in life("2026-11-27 10:00", "stats").text


# A bare `afterword`.


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
    life.data = locate().data
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
    assert "Karoo: positive answer on Tue 8 Dec 2026, 10:00" in said.text
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
