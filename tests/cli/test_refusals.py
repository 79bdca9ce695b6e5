"""What the commands refuse: why, what to do instead, and that nothing is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.life import CLOSED, NOW, ROUND, Commands, Life

BOTH_SENT = (
    ("sent", "karoo", "first-follow-up", "--on", "2026-11-24"),
    ("sent", "karoo", "second-follow-up", "--on", "2026-11-30"),
)


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
        pytest.param(
            (), ("add", "Karoo"), "missing ROLE; for example: afterword add", id="no role"
        ),
        pytest.param(
            (),
            ("add", "Karoo", "Clerk", "--at", "2026-12-01 14:00", "--with", "Zoe <z@@k>"),
            "'Zoe <z@@k>' cannot be read; write",
            id="no address",
        ),
        pytest.param(
            (),
            ("next", "--days", "-3"),
            "'-3' is not a whole number from 0 to 36500",
            id="days gone by",
        ),
        pytest.param(
            (), ("next", "--days", "few"), "'few' is not a whole number from 0", id="days in words"
        ),
        pytest.param(
            (), ("find", "--days", "2.5"), "'2.5' is not a whole number from 0", id="half days"
        ),
        pytest.param(
            (),
            ("serve", "--port", "99999"),
            "'99999' is not a whole number from 1 to 65535",
            id="port",
        ),
        pytest.param((), ("close", "karoo", "--on", "2027-01-01"), "in the future", id="unclosed"),
        pytest.param(
            BOTH_SENT,
            ("sent", "karoo", "first-follow-up"),
            "both follow-ups are sent; a third would come across as pushy, so there is none",
            id="a third",
        ),
        pytest.param(
            BOTH_SENT,
            ("sent", "karoo", "second-follow-up"),
            "keep in touch: afterword close karoo-marketing-manager --keep-in-touch DAY",
            id="a third, and what to do instead",
        ),
        pytest.param(
            (
                ("heard", "karoo", "positive", "--on", "2026-11-25"),
                ("sent", "karoo", "first", "--on", "2026-11-30"),
            ),
            ("sent", "karoo", "first-follow-up"),
            "the follow-up after their answer is sent; another one would come across as pushy",
            id="a second after an answer",
        ),
        pytest.param(
            (("sent", "karoo", "thank-you", "--on", "2026-11-24"),),
            ("sent", "karoo", "thank-you"),
            "already logged as sent on Tue 24 Nov 2026 15:00; if that is wrong: afterword undo",
            id="twice",
        ),
        pytest.param(
            (("sent", "karoo", "first", "--on", "2026-12-01"),),
            ("sent", "karoo", "first", "--on", "2026-12-01"),
            "already logged",
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
        pytest.param((), ("sent", "karoo", "third-follow-up"), "there is no step", id="step"),
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
            (), ("expect", "karoo"), "--decision-by DAY or --they-will-call", id="nothing said"
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
        pytest.param(CLOSED, ("restore", "karoo", "first"), "was not skipped", id="not left out"),
        pytest.param(
            (), ("move", "karoo", "first", "--to", "2026-11-30"), "has passed", id="to the past"
        ),
        pytest.param(
            (),
            ("move", "karoo", "interview", "--to", "thu"),
            "has no time",
            id="interview without a time",
        ),
        pytest.param(
            (*ROUND, ("cancel", "karoo")),
            ("cancel", "karoo"),
            "if you mean another: afterword cancel karoo-marketing-manager r1",
            id="cancelled twice",
        ),
        pytest.param(CLOSED, ("close", "karoo"), "already closed", id="closed twice"),
        pytest.param((), ("reopen", "karoo"), "it is not closed", id="not closed"),
        pytest.param((), ("close",), "afterword close APP, or --all", id="close what"),
        pytest.param((), ("close", "karoo", "--all"), "or --all", id="close one or all"),
        pytest.param(
            (),
            ("close", "karoo", "--keep-in-touch", "2026-12-01"),
            "is not in the future; choose a later day",
            id="hello today",
        ),
        pytest.param(
            (),
            ("round", "karoo", "--at", "2026-11-24 14:00"),
            "(r1). To add another round",
            id="the same round",
        ),
        pytest.param(
            (("cancel", "karoo"),),
            ("round", "karoo", "--at", "2026-11-24 14:00"),
            "afterword move karoo-marketing-manager r1 --to WHEN brings it back",
            id="a cancelled round",
        ),
        pytest.param((), ("forget", "karoo"), "confirm with --yes", id="forget"),
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
    assert "the thank-you to Pieter Louw is already logged" in said


def test_a_name_that_fits_several_lists_them(life: Life) -> None:
    life.held()
    life(NOW, "add", "Karoo Lodge", "Host", "--at", "2026-12-02 10:00")
    said = life.refused(NOW, "sent", "kar")
    assert "karoo-marketing-manager: Karoo, Marketing Manager" in said
    assert "karoo-lodge-host: Karoo Lodge, Host" in said
    # A whole name goes before a part of another.
    assert "Karoo: noted." in life(NOW, "note", "karoo", "x").text
    assert "Karoo Lodge: noted." in life(NOW, "note", "host", "x").text


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (("add", " ", "Clerk", "--at", "2026-12-01 14:00"), "COMPANY"),
        (("add", "Tui", "\t", "--at", "2026-12-01 14:00"), "ROLE"),
        (("add", "Tui", "Clerk", "--at", "2026-12-01 14:00", "--round", ""), "--round"),
        (("add", "Tui", "Clerk", "--at", "2026-12-01 14:00", "--with", ""), "--with"),
        (("add", "Tui", "Clerk", "--with", "Zoe", "--discussed", ""), "--discussed"),
        (("debrief", "karoo", "--fit", " "), "--fit"),
        (("debrief", "karoo", "--interviewer", ""), "--interviewer"),
        (("close", "karoo", "--lesson", ""), "--lesson"),
        (("note", "karoo", " \n "), "TEXT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_text_that_says_nothing_is_called_empty(
    life: Life, command: tuple[str, ...], place: str
) -> None:
    life.held()
    said = life.refused(NOW, *command)
    assert place in said
    assert "it is empty" in said
