"""Each rule of the planning on its own: facts in, the dates that it decides out.

Most cases start from an interview on Tuesday 24 November 2026, 14:00 to 15:00 in
Johannesburg, with Monday to Friday as working days. Without any entry:
first follow-up 29 Nov - 1 Dec (30 Nov), second 7-8 Dec (8 Dec), move-on 15 Dec.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from afterword.domain.model import Application
from afterword.domain.planning import planner
from afterword.domain.policy import Policy
from afterword.system.assumed_country import with_assumed_country
from afterword.system.business_days import is_working_day
from tests.domain.plans import JOHANNESBURG, interview, lines, log, plan, step, toml

TUESDAY = interview("2026-11-24T14:00:00")
NAMED = interview("2026-11-24T14:00:00", more="decision_by = 2026-12-04")

# What is logged, and for some steps (kind, episode): state, opens, closes, recommended.
LOGS: dict[str, tuple[str, list[str], dict[tuple[str, int], str]]] = {
    "a promised call holds the first back to day 10": (
        TUESDAY,
        ["2026-11-24T16:00:00: they_will_call = true"],
        {
            ("first-follow-up", 0): "overdue 12-04..12-06 12-04",
            ("second-follow-up", 0): "overdue 12-11..12-14 12-11",
            ("move-on", 0): "overdue 12-18..12-18 12-18",
        },
    ),
    "a first that was skipped leaves the second at day 10": (
        TUESDAY,
        ['2026-11-30T09:00:00: skipped = "first-follow-up"'],
        {
            ("first-follow-up", 0): "withdrawn 11-29..12-01 11-30",
            ("second-follow-up", 0): "overdue 12-04..12-08 12-04",
            ("move-on", 0): "overdue 12-11..12-11 12-11",
        },
    ),
    "a first that was moved is followed a week later": (
        TUESDAY,
        ['2026-11-28T09:00:00: moved = "first-follow-up"; to = 2026-12-03T10:00:00'],
        {
            ("first-follow-up", 0): "overdue 11-29..12-01 12-03",
            ("second-follow-up", 0): "overdue 12-10..12-13 12-10",
            ("move-on", 0): "overdue 12-17..12-17 12-17",
        },
    ),
    "a deleted first may have been sent": (
        TUESDAY,
        ['2026-11-30T09:00:00: deleted = "first-follow-up"'],
        {
            ("first-follow-up", 0): "withdrawn 11-29..12-01 11-30",
            ("second-follow-up", 0): "overdue 12-07..12-08 12-08",
        },
    ),
    "a second sent without the first withdraws the first": (
        TUESDAY,
        ['2026-12-08T09:00:00: sent = "second-follow-up"'],
        {
            ("first-follow-up", 0): "withdrawn 11-29..12-01 11-30",
            ("second-follow-up", 0): "done 12-07..12-08 12-08",
            ("move-on", 0): "overdue 12-15..12-15 12-15",
        },
    ),
    "a first sent again on a later day is the second": (
        TUESDAY,
        [
            '2026-12-01T09:00:00: sent = "first-follow-up"',
            '2026-12-09T09:00:00: sent = "first-follow-up"',
        ],
        {
            ("first-follow-up", 0): "done 11-29..12-01 11-30",
            ("second-follow-up", 0): "done 12-08..12-08 12-08",
            ("move-on", 0): "overdue 12-16..12-16 12-16",
        },
    ),
    "a first sent twice on one day is one": (
        TUESDAY,
        [
            '2026-12-01T09:00:00: sent = "first-follow-up"',
            '2026-12-01T15:00:00: sent = "first-follow-up"',
        ],
        {("second-follow-up", 0): "overdue 12-08..12-08 12-08"},
    ),
    "a thank-you on day 3 holds the first back": (
        TUESDAY,
        ['2026-11-27T09:00:00: sent = "thank-you"'],
        {("first-follow-up", 0): "overdue 12-01..12-03 12-01"},
    ),
    "a thank-you sent in time changes nothing": (
        TUESDAY,
        ['2026-11-25T09:00:00: sent = "thank-you"'],
        {("first-follow-up", 0): "overdue 11-29..12-01 11-30"},
    ),
    "a date that they named again moves the plan": (
        NAMED,
        ["2026-12-01T10:00:00: decision_by = 2026-12-11"],
        {
            ("first-follow-up", 0): "overdue 12-14..12-16 12-15",
            ("second-follow-up", 0): "overdue 12-22..12-25 12-23",
        },
    ),
    "what is logged after the first was sent moves the second only": (
        TUESDAY,
        [
            '2026-11-30T09:00:00: sent = "first-follow-up"',
            "2026-12-02T10:00:00: away_until = 2026-12-14",
        ],
        {
            ("first-follow-up", 0): "done 11-29..12-01 11-30",
            ("second-follow-up", 0): "overdue 12-15..12-18 12-15",
        },
    ),
    "a first neutral answer begins an episode of two": (
        TUESDAY,
        ['2026-12-02T10:00:00: heard = "neutral"'],
        {
            ("first-follow-up", 0): "withdrawn 11-29..12-01 11-30",
            ("first-follow-up", 1): "overdue 12-09..12-12 12-09",
            # The last working day of the first's window is Friday 11 December.
            ("second-follow-up", 1): "overdue 12-16..12-19 12-18",
            ("move-on", 1): "overdue 12-25..12-25 12-25",
        },
    ),
    "a second neutral answer begins an episode of one": (
        TUESDAY,
        ['2026-12-02T10:00:00: heard = "neutral"', '2026-12-10T10:00:00: heard = "neutral"'],
        {
            ("second-follow-up", 1): "withdrawn 12-16..12-19 12-18",
            ("first-follow-up", 2): "overdue 12-17..12-20 12-17",
            ("move-on", 2): "overdue 12-24..12-24 12-24",
        },
    ),
    "in an episode of one the second is read as the first": (
        TUESDAY,
        [
            '2026-12-02T10:00:00: heard = "positive"',
            '2026-12-10T10:00:00: sent = "second-follow-up"',
        ],
        {
            ("first-follow-up", 1): "done 12-09..12-12 12-09",
            ("move-on", 1): "overdue 12-17..12-17 12-17",
        },
    ),
    "the date on a rejection is not waited for": (
        TUESDAY,
        [
            '2026-12-02T10:00:00: heard = "rejected"; decision_by = 2027-02-01',
            '2026-12-03T10:00:00: heard = "positive"',
        ],
        {("first-follow-up", 1): "overdue 12-10..12-13 12-10"},
    ),
    "a move is void once the interview is rescheduled": (
        TUESDAY,
        [
            '2026-11-25T09:00:00: moved = "first-follow-up"; to = 2026-12-03T10:00:00',
            "2026-11-26T09:00:00: rescheduled = true",
        ],
        {("first-follow-up", 0): "overdue 11-29..12-01 11-30"},
    ),
    "a move is void where a later date opens the step after it": (
        TUESDAY,
        [
            '2026-11-25T09:00:00: moved = "first-follow-up"; to = 2026-12-03T10:00:00',
            "2026-11-26T09:00:00: decision_by = 2026-12-04",
        ],
        {("first-follow-up", 0): "overdue 12-07..12-09 12-08"},
    ),
    "a move stands where the later date is not after it": (
        TUESDAY,
        [
            '2026-11-25T09:00:00: moved = "first-follow-up"; to = 2026-12-09T10:00:00',
            "2026-11-26T09:00:00: decision_by = 2026-12-04",
        ],
        {("first-follow-up", 0): "overdue 12-07..12-09 12-09"},
    ),
    "closing withdraws all, reopening brings it back": (
        TUESDAY,
        ["2026-12-01T10:00:00: closed = true", "2026-12-02T10:00:00: reopened = true"],
        {("move-on", 0): "overdue 12-15..12-15 12-15"},
    ),
    "closing leaves the keeping in touch that was chosen with it": (
        TUESDAY,
        ["2026-12-01T10:00:00: closed = true; keep_in_touch = 2027-03-06"],
        {
            ("move-on", 0): "withdrawn 12-15..12-15 12-15",
            # 6 March 2027 is a Saturday.
            ("keep-in-touch", 0): "overdue 03-08..03-08 03-08",
        },
    ),
    "closing later withdraws the keeping in touch too": (
        TUESDAY,
        [
            "2026-12-01T10:00:00: keep_in_touch = 2027-03-06",
            "2026-12-02T10:00:00: closed = true",
        ],
        {("keep-in-touch", 0): "withdrawn 03-08..03-08 03-08"},
    ),
    "the last keeping in touch counts": (
        TUESDAY,
        [
            "2026-12-01T10:00:00: keep_in_touch = 2027-03-06",
            "2026-12-02T10:00:00: keep_in_touch = 2027-04-01",
        ],
        {("keep-in-touch", 0): "overdue 04-01..04-01 04-01"},
    ),
    "no answer withdraws the keeping in touch": (
        TUESDAY,
        [
            "2026-12-01T10:00:00: closed = true; keep_in_touch = 2027-03-06",
            '2026-12-02T10:00:00: heard = "rejected"',
        ],
        {("keep-in-touch", 0): "overdue 03-08..03-08 03-08"},
    ),
    "a rejection ends it; keeping in touch after it stands": (
        TUESDAY,
        [
            '2026-12-02T10:00:00: heard = "rejected"',
            "2026-12-03T10:00:00: keep_in_touch = 2027-04-01",
        ],
        {
            ("move-on", 0): "withdrawn 12-15..12-15 12-15",
            ("keep-in-touch", 0): "overdue 04-01..04-01 04-01",
        },
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_the_log_decides(name: str) -> None:
    held, entries, expected = LOGS[name]

    made = plan(toml(held + log(*entries)), now=datetime(2027, 6, 1, tzinfo=UTC))

    for (kind, episode), wanted in expected.items():
        s = step(made, kind, episode)
        got = f"{s.state} {s.opens:%m-%d}..{s.closes:%m-%d} {s.recommended:%m-%d}"
        assert got == wanted, kind


@pytest.mark.parametrize(
    ("entries", "episodes"),
    [
        pytest.param(['2026-12-02T10:00:00: heard = "rejected"'], [0], id="a rejection"),
        pytest.param(
            ['2026-12-02T10:00:00: heard = "rejected"', '2026-12-09T10:00:00: heard = "neutral"'],
            [0],
            id="a neutral word after a rejection",
        ),
        pytest.param(
            [
                '2026-12-02T10:00:00: heard = "rejected"',
                '2026-12-09T10:00:00: heard = "positive"',
                '2026-12-16T10:00:00: heard = "neutral"',
            ],
            [0, 1, 2],
            id="a positive word revives it",
        ),
        pytest.param(
            ['2026-11-20T10:00:00: heard = "neutral"'], [0], id="a word before the interview"
        ),
    ],
)
def test_which_answers_begin_an_episode(entries: list[str], episodes: list[int]) -> None:
    made = plan(toml(TUESDAY + log(*entries)))

    assert sorted({s.episode for s in made.steps if s.kind == "move-on"}) == episodes


def test_a_neutral_word_before_the_interview_uses_up_the_second_follow_up() -> None:
    entries = ['2026-11-20T10:00:00: heard = "neutral"', '2026-12-02T10:00:00: heard = "neutral"']

    made = plan(toml(TUESDAY + log(*entries)))

    assert not [s for s in made.steps if s.kind == "second-follow-up" and s.episode == 1]


def test_each_answer_brings_a_reply_and_withdraws_the_earlier_one() -> None:
    entries = ['2026-12-02T10:00:00: heard = "neutral"', '2026-12-09T22:00:00: heard = "positive"']

    made = plan(toml(TUESDAY + log(*entries)))

    assert [line for line in lines(made) if line.startswith("reply")] == [
        "reply (withdrawn): by 03 Dec 10:00, at 02 Dec 10:00",
        "reply 1: by 10 Dec 22:00, at 10 Dec 08:00",
    ]


def test_an_entry_about_a_reply_is_about_the_answer_before_it() -> None:
    entries = [
        '2026-12-02T10:00:00: heard = "neutral"',
        '2026-12-02T11:00:00: sent = "reply"',
        '2026-12-09T10:00:00: heard = "positive"',
        '2026-12-09T11:00:00: skipped = "reply"',
    ]

    made = plan(toml(TUESDAY + log(*entries)))

    assert [step(made, "reply", n).state for n in (0, 1)] == ["done", "withdrawn"]


def test_a_later_round_retires_the_follow_ups_and_leaves_thanks_and_reply() -> None:
    rounds = TUESDAY + interview("2026-12-03T10:00:00") + log('2026-11-26: heard = "positive"')

    made = plan(toml(rounds), now=datetime(2026, 11, 24, 14, tzinfo=UTC))

    states = {(s.interview, s.kind.value, s.episode): s.state.value for s in made.steps}
    assert states == {
        ("r1", "thank-you", 0): "withdrawn",
        ("r1", "first-follow-up", 0): "withdrawn",
        ("r1", "second-follow-up", 0): "withdrawn",
        ("r1", "move-on", 0): "withdrawn",
        ("r1", "reply", 0): "upcoming",
        ("r1", "first-follow-up", 1): "withdrawn",
        ("r1", "move-on", 1): "withdrawn",
        ("r2", "thank-you", 0): "upcoming",
        ("r2", "first-follow-up", 0): "upcoming",
        ("r2", "second-follow-up", 0): "upcoming",
        ("r2", "move-on", 0): "upcoming",
    }


def test_a_later_round_that_was_cancelled_retires_nothing() -> None:
    rounds = TUESDAY + interview("2026-12-03T10:00:00", more='status = "cancelled"')

    made = plan(toml(rounds))

    assert {s.state for s in made.steps if s.interview == "r1"} == {"overdue"}
    assert {s.state for s in made.steps if s.interview == "r2"} == {"withdrawn"}


def test_the_date_named_in_an_earlier_round_stands() -> None:
    rounds = NAMED + interview("2026-11-26T10:00:00")

    made = plan(toml(rounds))

    first = step(made, "first-follow-up", interview="r2")
    assert (first.opens.isoformat(), first.recommended.isoformat()) == ("2026-12-07", "2026-12-08")


def test_old_entries_stay_with_the_round_they_were_logged_in() -> None:
    rounds = TUESDAY + interview("2026-12-03T10:00:00") + log('2026-11-25: sent = "thank-you"')

    made = plan(toml(rounds))

    assert step(made, "thank-you", interview="r1").state == "done"
    assert step(made, "thank-you", interview="r2").state == "overdue"


TOLD_LATE = {
    "on day 3, by day": (
        "added = 2026-11-27T10:00:00+02:00",
        ["thank-you (late): by 27 Nov 20:00, at 27 Nov 10:00", "Tue 01 Dec..Thu 03 Dec"],
    ),
    "on day 3, at night": (
        "added = 2026-11-27T22:00:00+02:00",
        ["thank-you (late): by 28 Nov 20:00, at 28 Nov 08:00", "Wed 02 Dec..Fri 04 Dec"],
    ),
    "on the same evening": (
        "added = 2026-11-24T19:00:00+02:00",
        ["thank-you: by 25 Nov 15:00, at 24 Nov 19:00", "Sun 29 Nov..Tue 01 Dec"],
    ),
    "on day 5": (
        "added = 2026-11-29",
        [
            "first-follow-up: Sun 29 Nov..Tue 01 Dec, rec. Mon 30 Nov, at 30 Nov 09:00",
            "Mon 07 Dec..Tue 08 Dec",
        ],
    ),
}


@pytest.mark.parametrize("name", TOLD_LATE)
def test_told_late(name: str) -> None:
    added, (first, second) = TOLD_LATE[name]

    made = plan(
        toml(interview("2026-11-24T14:00:00", more=added)),
        now=datetime(2026, 11, 25, 12, 59, tzinfo=UTC),
    )

    assert lines(made)[0] == first
    assert second in lines(made)[1]


def test_told_late_of_a_thank_you_that_was_sent_in_time() -> None:
    held = interview("2026-11-24T14:00:00", more="added = 2026-11-29")

    made = plan(toml(held + log('2026-11-24T17:00:00: sent = "thank-you"')))

    assert lines(made)[0] == "thank-you (done): by 25 Nov 15:00, at 24 Nov 16:00"


def test_from_day_5_the_first_follow_up_says_thanks() -> None:
    late = plan(toml(interview("2026-11-24T14:00:00", more="added = 2026-11-29")))
    in_time = plan(toml(TUESDAY))

    assert step(late, "first-follow-up").folds_thanks
    assert not step(in_time, "first-follow-up").folds_thanks


@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        ("2026-03-28T10:00:00", "Europe/Berlin", "2026-03-29T12:00:00+02:00"),
        ("2026-10-24T10:00:00", "Europe/Berlin", "2026-10-25T10:00:00+01:00"),
        ("2026-10-24T23:30:00", "Europe/London", "2026-10-25T23:30:00+00:00"),
        ("2028-02-28T10:00:00", "Asia/Kathmandu", "2028-02-29T11:00:00+05:45"),
    ],
    ids=["spring forward", "fall back", "into the night of the change", "leap day"],
)
def test_the_deadline_is_24_elapsed_hours(start: str, zone: str, expected: str) -> None:
    made = plan(toml(interview(start, zone=zone)), zone=zone)

    closes = step(made, "thank-you").closes
    assert isinstance(closes, datetime)
    assert closes.astimezone(made.zone).isoformat() == expected


@pytest.mark.parametrize(
    ("start", "opens"),
    [("2028-02-22T10:00:00", "2028-02-27"), ("2026-12-28T10:00:00", "2027-01-02")],
    ids=["leap year", "over the new year"],
)
def test_days_are_counted_on_the_calendar(start: str, opens: str) -> None:
    assert step(plan(toml(interview(start))), "first-follow-up").opens.isoformat() == opens


def test_a_date_in_the_log_is_after_an_interview_that_ends_later_that_day() -> None:
    made = plan(toml(TUESDAY + log('2026-11-24: sent = "thank-you"')))

    assert step(made, "thank-you").sent_at == datetime(2026, 11, 24, 13, tzinfo=UTC)


def test_the_employers_day_counts_late_in_the_evening_west_of_greenwich() -> None:
    # 23:30 in Los Angeles is the next day in London; the interview's day is the employer's.
    made = plan(
        toml(interview("2026-11-24T21:30:00", zone="America/Los_Angeles")), zone="Europe/London"
    )

    assert step(made, "first-follow-up").opens.isoformat() == "2026-11-29"


@pytest.mark.parametrize(
    ("now", "states"),
    [
        ("2026-11-24T14:59:59+02:00", "upcoming upcoming upcoming upcoming"),
        ("2026-11-24T15:00:00+02:00", "open upcoming upcoming upcoming"),
        ("2026-11-25T15:00:00+02:00", "overdue upcoming upcoming upcoming"),
        ("2026-11-29T00:00:00+02:00", "overdue open upcoming upcoming"),
        ("2026-12-01T23:59:59+02:00", "overdue open upcoming upcoming"),
        ("2026-12-02T00:00:00+02:00", "overdue overdue upcoming upcoming"),
        ("2026-12-15T12:00:00+02:00", "overdue overdue overdue open"),
    ],
)
def test_now_decides_the_state(now: str, states: str) -> None:
    made = plan(toml(TUESDAY), now=datetime.fromisoformat(now))

    assert " ".join(s.state for s in made.steps) == states


def test_an_application_without_an_interview_has_no_steps() -> None:
    made = planner.plan(
        Application(id="karoo", company="Karoo Analytics", role="Marketing Manager"),
        now=datetime(2026, 11, 24, tzinfo=UTC),
        zone=JOHANNESBURG,
        is_working_day=is_working_day(None),
        policy=Policy(),
    )

    assert made.steps == ()


PANEL = interview("2026-11-24T14:00:00") + "".join(
    f'[[interview.interviewer]]\nname = "{name}"\n' for name in ("Thandi Nkosi", "Pieter Louw")
)


@pytest.mark.parametrize(
    ("entries", "state", "thanked"),
    [
        (['2026-11-24T17:00:00: sent = "thank-you"'], "done", ()),
        (
            ['2026-11-24T17:00:00: sent = "thank-you"; recipient = "Thandi Nkosi"'],
            "overdue",
            ("Thandi Nkosi",),
        ),
        (
            [
                '2026-11-24T17:00:00: sent = "thank-you"; recipient = "Thandi Nkosi"',
                '2026-11-24T18:00:00: sent = "thank-you"; recipient = "pieter louw"',
            ],
            "done",
            (),
        ),
    ],
    ids=["all at once", "one of two", "one after the other"],
)
def test_a_panel_is_thanked_one_by_one(
    entries: list[str], state: str, thanked: tuple[str, ...]
) -> None:
    thanks = step(plan(toml(PANEL + log(*entries))), "thank-you")

    assert (thanks.state, thanks.thanked) == (state, thanked)


@pytest.mark.parametrize("left_out", ["skipped", "deleted"])
def test_a_step_that_is_restored_has_events_of_a_new_generation(left_out: str) -> None:
    entry = f'2026-11-28T09:00:00: {left_out} = "first-follow-up"'
    restored = '2026-11-29T09:00:00: restored = "first-follow-up"'
    before, without, after = (
        step(plan(toml(TUESDAY + log(*entries))), "first-follow-up")
        for entries in ([], [entry], [entry, restored])
    )

    assert [s.state for s in (before, without, after)] == ["overdue", "withdrawn", "overdue"]
    assert before.uids == without.uids
    assert not set(before.uids.values()) & set(after.uids.values())


@pytest.mark.parametrize(
    ("start", "send_at"),
    [
        ("2026-11-24T17:59:00", "24 Nov 19:59"),
        ("2026-11-24T18:00:00", "25 Nov 08:00"),
        ("2026-11-24T06:00:00", "24 Nov 08:00"),
        ("2026-11-24T05:59:00", "24 Nov 08:00"),
        ("2026-11-24T06:01:00", "24 Nov 08:01"),
    ],
)
def test_waking_hours_begin_at_eight_and_are_over_at_twenty(start: str, send_at: str) -> None:
    """A thank-you is due an hour after the interview of an hour."""
    thanks = step(plan(toml(interview(start))), "thank-you")

    assert f"{thanks.send_at.astimezone(JOHANNESBURG):%d %b %H:%M}" == send_at


@pytest.mark.parametrize(
    ("at", "send_at"),
    [
        ("2026-12-01T19:59:00", "01 Dec 19:59"),
        ("2026-12-01T20:00:00", "02 Dec 08:00"),
        ("2026-12-01T08:00:00", "01 Dec 08:00"),
    ],
)
def test_a_reply_waits_for_the_waking_hours(at: str, send_at: str) -> None:
    made = plan(toml(TUESDAY + log(f'{at}: heard = "positive"')))

    assert f"{step(made, 'reply').send_at.astimezone(JOHANNESBURG):%d %b %H:%M}" == send_at


@pytest.mark.parametrize(
    ("employer", "send_at"),
    [
        # The office opens at 19:00, 20:00 and 21:00 of the user's evening before.
        ("Etc/GMT-14", "29 Nov 19:00"),
        ("Etc/GMT-13", "29 Nov 19:30"),
        ("Etc/GMT-12", "29 Nov 19:30"),
        # It closes at 07:00, 08:00 and 09:00 of the user's morning.
        ("Etc/GMT-10", "29 Nov 19:30"),
        ("Etc/GMT-9", "29 Nov 19:30"),
        ("Etc/GMT-8", "30 Nov 08:00"),
    ],
)
def test_office_and_waking_hours_that_only_touch_do_not_meet(employer: str, send_at: str) -> None:
    facts = interview("2026-11-24T14:00:00", zone=employer)
    first = step(plan(toml(facts), zone="Etc/UTC"), "first-follow-up")

    assert f"{first.send_at:%d %b %H:%M}" == send_at


@pytest.mark.parametrize(
    ("interviews", "zone", "country"),
    [
        (["2026-11-24T14:00:00+03:00 Africa/Nairobi"], "Africa/Nairobi", "KE"),
        (
            ["2026-12-01T14:00:00+01:00 Europe/Berlin", "2026-11-24T14:00:00+03:00 Africa/Nairobi"],
            *("Europe/Berlin", "DE"),
        ),
        (
            ["2026-11-24T14:00:00+03:00 Africa/Nairobi", "2026-11-24T12:00:00+01:00 Europe/Berlin"],
            *("Europe/Berlin", "DE"),
        ),
        (
            ["2026-11-24T14:00:00+03:00 Africa/Nairobi", "2026-12-01T14:00:00+01:00"],
            *("Asia/Tokyo", "JP"),
        ),
    ],
    ids=["one", "later, but not last in the file", "at the same time", "without a zone"],
)
def test_the_interview_that_starts_last_decides_zone_and_country(
    interviews: list[str], zone: str, country: str
) -> None:
    """Its zone is the employer's, else the user's; its country is assumed where none is given."""
    facts = ""
    for each in interviews:
        start, _, place = each.partition(" ")
        facts += f"[[interview]]\nstart = {start}\n" + (f'zone = "{place}"\n' if place else "")

    made = plan(toml(facts), zone="Asia/Tokyo")

    assert made.employer_zone.key == zone
    assert with_assumed_country(made.application, made.zone).country == country
