"""The commands that log: what they echo, what they change, and when it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.life import CLOSED, NOW, ROUND, Commands, Life


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
                (
                    "Logged: Karoo gave a neutral answer "
                    "(Tue 1 Dec 2026, 10:00 (Africa/Johannesburg))."
                ),
                "  first-follow-up: withdrawn, they answered on 1 December",
                "  reply: by Wed 2 Dec 10:00, within 24 hours of their answer",
                "  first-follow-up after their answer: 8 Dec - 11 Dec, day 7-10 after their answer",
                "Next: reply, Tue 1 Dec 10:00 (by Wed 2 Dec 10:00).",
                "To: Thandi Nkosi <thandi@karoo.example>",
                "I've marked 4 December in my calendar",
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
                "Karoo: first-follow-up skipped.",
                "  first-follow-up: withdrawn, you skipped it on 1 December",
                "Next: second-follow-up, Fri 4 Dec 09:00 (4 Dec - 8 Dec).",
            ],
            id="skip",
        ),
        pytest.param(
            (("skip", "karoo", "first"),),
            ("restore", "karoo", "first"),
            [
                "Karoo: first-follow-up restored.",
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
                "  keep-in-touch: 1 Mar 2027, you chose to keep in touch from 1 March",
                "Next: keep-in-touch, Mon 1 Mar 2027 09:00 (1 Mar 2027).",
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


@pytest.mark.parametrize("answer", ["rejected", "neutral", "positive"])
def test_an_answer_after_closing_prints_a_reply(life: Life, answer: str) -> None:
    life.held()
    life("2026-12-01 10:00", "close", "karoo", "--keep-in-touch", "2027-03-01")

    heard = life("2026-12-02 10:00", "heard", "karoo", answer)

    assert "Thandi" in heard.text
    assert life.live("2026-12-02 10:01")["r1 keep-in-touch 0"] == "2027-03-01"


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


@pytest.mark.parametrize("on", ["01/11", "11-10-2026", "sometime", "2026-02-30", "25:00"])
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


def test_closing_all_leaves_what_is_closed_alone(life: Life) -> None:
    life.held()
    life(NOW, "add", "TUI", "Clerk", "--at", "2026-12-02 10:00")
    life(NOW, "close", "tui")
    kept = life.files()["tui-clerk.toml"]

    said = life(NOW, "close", "--all", "--lesson", "Found one.").text
    assert "Karoo, Marketing Manager: closed." in said
    assert "TUI" not in said
    assert life.files()["tui-clerk.toml"] == kept
    assert "No application is open." in life(NOW, "close", "--all").stderr


@pytest.mark.parametrize(("answer", "open_again"), [("positive", True), ("rejected", False)])
def test_an_answer_after_the_close(
    after: Callable[[Commands], Life], answer: str, open_again: bool
) -> None:
    life = after(CLOSED)
    said = life(NOW, "heard", "karoo", answer)
    assert ("it is open again" in said.stderr) is open_again
    assert ("r1 reply 0" in life.live(NOW)) is open_again


def test_days_of_another_year_are_told_with_it(life: Life) -> None:
    life.held(at="2026-12-18 14:00", now="2026-12-18 18:00")

    told = life("2026-12-18 18:00", "plan").text.splitlines()
    asked = life("2027-01-05 10:00", "next").stderr

    assert told[2].startswith("  thank-you         Fri 18 Dec 18:00 ")
    assert told[4].endswith(": 30 Dec 2026 - 1 Jan 2027")
    assert told[5].split()[1:5] == ["Thu", "7", "Jan", "2027"]
    assert "(Wed 23 Dec 2026)" in asked


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (
            (("heard", "karoo", "rejected", "--on", "2026-11-27"),),
            "they had rejected the application on Fri 27 Nov",
        ),
        (CLOSED, "the application was closed"),
    ],
    ids=["rejected", "closed"],
)
def test_what_was_sent_after_the_end_is_logged_and_pointed_out(
    after: Callable[[Commands], Life], before: Commands, said: str
) -> None:
    life = after(before)
    result = life("2026-12-08 10:00", "sent", "karoo", "second-follow-up")

    assert said in result.stderr
    log = life("2026-12-08 10:00", "show", "karoo", "--json").json["facts"]["log"]
    assert log[-1]["sent"] == "second-follow-up"


def test_a_reply_to_a_rejection_is_not_pointed_out(life: Life) -> None:
    life.held()
    life(NOW, "heard", "karoo", "rejected")
    assert life("2026-12-01 12:00", "sent", "karoo", "reply").stderr == ""


def test_a_cancelled_application_waits_for_nothing(life: Life) -> None:
    life.held()
    life(NOW, "cancel", "karoo")

    (listed,) = life(NOW, "list", "--json").json["applications"]
    states = life(NOW, "stats", "--json").json

    assert (listed["state"], listed["next"]) == ("cancelled", None)
    assert (states["states"]["cancelled"], states["answered"]["n"]) == (1, 0)
