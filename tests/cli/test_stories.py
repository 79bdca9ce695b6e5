"""Weeks in the life of job seekers, day by day, through the real command line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.cli.life import THANDI, Events, Life, cancelled, rings, titles

PANEL = ("--with", "Pieter Louw <pieter@karoo.example>", "--with", "Ayesha Khan")


def sequences(events: Events) -> dict[str, int]:
    return {uid: int(event["SEQUENCE"]) for uid, event in events.items()}


# A message went out.


def test_sent_each_in_time(life: Life) -> None:
    life.held()
    life("2026-11-24 18:00", "sent", "karoo")
    assert life.due("2026-11-25 10:00") == ["coming first-follow-up"]
    life("2026-11-30 09:30", "sent", "karoo")
    assert life.due("2026-11-30 10:00") == ["coming second-follow-up"]
    assert life.live("2026-12-01 10:00") == {
        "r1 second-follow-up 0": "2026-12-07",
        "r1 move-on 0": "2026-12-14",
    }
    life("2026-12-07 11:00", "sent", "karoo")
    assert life.due("2026-12-08 10:00") == ["coming move-on"]
    assert life.asked("2026-12-14 10:00") == []
    assert life.due("2026-12-14 10:00") == ["due move-on"]


@pytest.mark.parametrize(
    ("on", "second"),
    [
        ("2026-11-27", ("2026-12-04", "2026-12-08")),
        ("2026-12-01", ("2026-12-08", "2026-12-08")),
        ("2026-12-03", ("2026-12-10", "2026-12-13")),
        ("2026-12-11", ("2026-12-18", "2026-12-21")),
    ],
    ids=["early, day 3", "in time, day 7", "late, day 9", "very late, day 17"],
)
def test_the_second_is_measured_from_the_day_on_which_the_first_was_sent(
    life: Life, on: str, second: tuple[str, str]
) -> None:
    life.held()
    now = f"{on} 20:00"
    said = life(now, "sent", "karoo", "first-follow-up", "--on", on).text

    step = life.plan(now)["r1 second-follow-up 0"]
    assert (step["opens"], step["closes"]) == second
    assert "first-follow-up: done" in said
    assert "Next: second-follow-up" in said


def test_thanks_that_nobody_logged_are_not_due_once_a_follow_up_was_sent(life: Life) -> None:
    life.held()
    said = life("2026-11-30 10:00", "sent", "karoo").text

    assert "Next: second-follow-up" in said
    assert life.due("2026-12-01 10:00") == ["coming second-follow-up"]
    assert life.asked("2026-12-01 10:00") == ["thank-you"]
    assert "nothing is due yet" in life.refused("2026-12-01 10:00", "sent", "karoo")


def test_the_second_first_retires_the_first(life: Life) -> None:
    life.held()
    said = life("2026-12-08 10:00", "sent", "karoo", "second-follow-up").text

    assert "first-follow-up: withdrawn, the second follow-up was sent without it" in said
    assert life.live("2026-12-08 10:00").keys() == {"r1 thank-you 0", "r1 move-on 0"}


def test_sent_updates_the_calendar_in_place_and_undo_brings_it_back(life: Life) -> None:
    life.held()
    planned = life.export("2026-11-24 10:00")
    life("2026-12-03 10:00", "sent", "karoo", "first-follow-up")
    sent = life.export("2026-12-03 10:01")

    assert sent.keys() <= planned.keys()
    assert "Followed up with Karoo (Thandi Nkosi)" in titles(sent)
    assert rings(sent, after="2026-12-03") == ["2026-12-10", "2026-12-17"]

    life("2026-12-03 10:02", "undo", "karoo")
    again = life.export("2026-12-03 10:03")
    assert titles(again) == titles(planned)
    assert rings(again, after="2026-12-03") == rings(planned, after="2026-12-03")
    for uid, number in sequences(planned).items():
        assert sequences(again)[uid] >= number


# They answered.


@pytest.mark.parametrize("answer", ["positive", "neutral", "rejected"])
def test_an_answer_takes_the_reminders_from_the_phone_on_the_same_day(
    life: Life, answer: str
) -> None:
    life.held()
    life("2026-11-24 18:00", "sent", "karoo")
    planned = life.export("2026-11-24 18:01")
    said = life("2026-12-02 10:00", "heard", "karoo", answer).text
    answered = life.export("2026-12-02 10:01")

    assert "first-follow-up: withdrawn, they answered on 2 December" in said
    assert "Dear Thandi Nkosi" in said
    gone = cancelled(answered)
    assert len(gone) >= 3
    for event in gone:
        assert event["SEQUENCE"] == planned[str(event["UID"])]["SEQUENCE"] + 1
        assert str(event["SUMMARY"]).startswith("Cancelled: ")
        assert not event.walk("VALARM")
    assert life.due("2026-12-02 10:02")[0] == "due reply"


def test_the_reply_is_due_for_a_day_and_is_logged_like_any_message(life: Life) -> None:
    life.held()
    life("2026-12-02 10:00", "heard", "karoo", "positive")

    said = life("2026-12-02 15:00", "sent", "karoo").text
    assert "reply sent on Wed 2 Dec 2026, 15:00" in said
    assert life.due("2026-12-03 10:00") == ["coming first-follow-up"]
    assert life.live("2026-12-03 10:00") == {
        "r1 first-follow-up 1": "2026-12-09",
        "r1 move-on 1": "2026-12-17",
    }


def test_a_follow_up_that_was_sent_early_hides_no_reply(life: Life) -> None:
    life.held()
    life("2026-12-02 10:00", "heard", "karoo", "neutral")
    life("2026-12-04 10:00", "sent", "karoo", "first-follow-up")
    life("2026-12-07 10:00", "heard", "karoo", "neutral")
    assert "overdue reply" in life.due("2026-12-09 10:00")


def test_an_answer_before_the_thanks_folds_them_into_the_reply(life: Life) -> None:
    life.held()
    said = life("2026-11-24 17:00", "heard", "karoo", "positive").text

    assert "thank-you: withdrawn, they answered on 24 November" in said
    assert "thank" in said.partition("Dear")[2].casefold()
    assert "r1 thank-you 0" not in life.live("2026-11-24 17:00")


def test_away_is_no_answer_and_spends_no_follow_up(life: Life) -> None:
    life.held()
    life("2026-11-30 09:30", "away", "karoo", "--until", "2026-12-07")

    assert life.live("2026-11-30 10:00")["r1 first-follow-up 0"] == "2026-12-08"
    assert "coming first-follow-up" not in life.due("2026-11-30 10:00")
    life("2026-12-08 10:00", "sent", "karoo")
    assert life.live("2026-12-08 10:30")["r1 second-follow-up 0"] == "2026-12-15"


def test_one_neutral_answer_after_the_other_never_brings_more_than_one_follow_up_each(
    life: Life,
) -> None:
    life.held()
    follow_ups = []
    for day in ("2026-12-02", "2026-12-16", "2027-01-06", "2027-01-20"):
        life(f"{day} 10:00", "heard", "karoo", "neutral")
        standing = life.live(f"{day} 10:00")
        follow_ups.append(sum("follow-up" in name for name in standing))
    assert follow_ups == [2, 1, 1, 1]


def test_a_rejection_ends_it_and_a_change_of_mind_opens_it_again(life: Life) -> None:
    life.held()
    said = life("2026-12-02 10:00", "heard", "karoo", "rejected").text
    assert "what's the one thing you'd have liked to see more of" in said
    assert life.live("2026-12-02 10:00").keys() == {"r1 reply 0"}

    life("2026-12-02 12:00", "sent", "karoo")
    assert life.due("2026-12-20 10:00") == []
    assert life.asked("2026-12-20 10:00") == []
    assert life("2026-12-20 10:00", "list").text == ""

    life("2027-01-11 10:00", "heard", "karoo", "positive")
    assert life.live("2027-01-11 10:00") == {
        "r1 reply 1": "2027-01-11",
        "r1 first-follow-up 1": "2027-01-18",
        "r1 move-on 1": "2027-01-25",
    }


def test_sent_and_answered_on_one_day_are_told_by_days_alone(life: Life) -> None:
    life.held()
    life("2026-12-03 09:00", "sent", "karoo", "first-follow-up", "--on", "2026-12-01")
    life("2026-12-03 09:01", "heard", "karoo", "neutral", "--on", "2026-12-01")

    plan = life.plan("2026-12-03 10:00")
    assert plan["r1 first-follow-up 0"]["state"] == "done"
    assert plan["r1 first-follow-up 1"]["state"] == "upcoming"


# They named a day.


@pytest.mark.parametrize(
    ("by", "first", "second", "end"),
    [
        ("2026-11-26", "2026-11-30", "2026-12-08", "2026-12-15"),
        ("2026-12-04", "2026-12-08", "2026-12-17", "2026-12-24"),
        ("2026-12-29", "2026-12-31", "2027-01-11", "2027-01-18"),
        ("2026-12-25", "2026-12-29", "2027-01-06", "2027-01-13"),
    ],
    ids=["before day 5", "after day 7", "in five weeks", "on a holiday"],
)
def test_the_plan_waits_for_the_day_that_they_named(
    life: Life, by: str, first: str, second: str, end: str
) -> None:
    life.held()
    planned = life.export("2026-11-24 15:30")
    said = life("2026-11-24 16:00", "expect", "karoo", "--decision-by", by).text
    moved = life.export("2026-11-24 16:01")

    assert f"they decide by {dt.date.fromisoformat(by):%a} " in said
    assert moved.keys() == planned.keys()
    assert life.live("2026-11-24 16:02") == {
        "r1 thank-you 0": "2026-11-24",
        "r1 first-follow-up 0": first,
        "r1 second-follow-up 0": second,
        "r1 move-on 0": end,
    }


def test_a_date_that_slips_twice_is_waited_for_and_counts_as_no_follow_up(life: Life) -> None:
    life.held("--decision-by", "2026-12-04")
    life("2026-12-04 16:00", "expect", "karoo", "--decision-by", "2026-12-11")
    assert life.live("2026-12-05 10:00")["r1 first-follow-up 0"] == "2026-12-15"
    life("2026-12-11 16:00", "expect", "karoo", "--decision-by", "2026-12-18")

    standing = life.live("2026-12-12 10:00")
    assert standing["r1 first-follow-up 0"] == "2026-12-22"
    assert standing.keys() >= {"r1 first-follow-up 0", "r1 second-follow-up 0"}


def test_a_date_named_after_the_first_moves_only_the_second(life: Life) -> None:
    life.held()
    life("2026-11-30 10:00", "sent", "karoo", "first-follow-up")
    before = life.plan("2026-11-30 10:30")["r1 first-follow-up 0"]
    life("2026-12-01 10:00", "expect", "karoo", "--decision-by", "2026-12-18")

    plan = life.plan("2026-12-01 10:30")
    assert plan["r1 first-follow-up 0"] == before
    assert plan["r1 second-follow-up 0"]["opens"] == "2026-12-21"


def test_a_date_may_be_said_in_words_and_is_echoed_as_a_day(life: Life) -> None:
    life.held()
    said = life("2026-11-24 16:00", "expect", "karoo", "--decision-by", "in 2 weeks").text
    assert "they decide by Tue 8 Dec 2026" in said
    said = life("2026-11-24 16:01", "expect", "karoo", "--decision-by", "end of next week").text
    assert "they decide by Fri 4 Dec 2026" in said
    assert "'next weekend'" in life.refused(
        "2026-11-24 16:02", "expect", "karoo", "--decision-by", "next weekend"
    )


# Three people asked the questions.


def test_a_panel_is_thanked_one_by_one_and_followed_up_with_once(life: Life) -> None:
    life.held(*PANEL)
    drafts = life("2026-11-24 16:30", "draft", "karoo").text.split("To: ")[1:]
    assert [draft.splitlines()[0] for draft in drafts] == [
        THANDI,
        "Pieter Louw <pieter@karoo.example>",
        "Ayesha Khan",
    ]
    bodies = {draft.partition("Subject")[2] for draft in drafts}
    assert len(bodies) == 3

    said = life("2026-11-24 17:00", "sent", "karoo", "--to", "pieter")
    assert "thank-you to Pieter Louw sent" in said.text
    assert "Still to thank: Thandi Nkosi, Ayesha Khan." in said.stderr
    assert life.due("2026-11-24 17:30")[0] == "due thank-you"
    assert "Pieter" not in life("2026-11-24 17:30", "draft", "karoo").text

    life("2026-11-24 18:00", "sent", "karoo", "--to", "Thandi")
    said = life("2026-11-24 18:30", "sent", "karoo", "--to", "ayesha")
    assert "thank-you: done" in said.text
    assert "Still to thank" not in said.stderr
    assert life.due("2026-11-24 19:00") == ["coming first-follow-up"]
    assert life("2026-11-30 10:00", "draft", "karoo").text.count("To: ") == 1


def test_a_panel_thanked_in_one_go_is_thanked(life: Life) -> None:
    life.held(*PANEL)
    said = life("2026-11-24 17:00", "sent", "karoo")
    assert "thank-you: done" in said.text
    assert "Still to thank" not in said.stderr


def test_a_panel_rings_no_more_often_than_one_person(life: Life) -> None:
    life.held(*PANEL)
    events = life.export("2026-11-24 10:00")
    assert len(events) == 7
    assert rings(events, after="2026-11-25") == ["2026-11-30", "2026-12-08", "2026-12-15"]


# There is a second round.


def test_a_second_round_retires_the_first_and_keeps_one_story(life: Life) -> None:
    life.held()
    life("2026-11-24 18:00", "sent", "karoo")
    life.export("2026-11-24 18:01")
    said = life(
        "2026-11-27 10:00",
        *("round", "karoo", "--at", "2026-12-03 10:00"),
        *("--with", "Pieter Louw <pieter@karoo.example>", "--round", "final round"),
    ).text
    assert "r1: first-follow-up: withdrawn, the next interview is on 3 December" in said
    assert "r2: thank-you: by Fri 4 Dec 11:00" in said

    events = life.export("2026-11-27 10:01")
    assert len(cancelled(events)) == 5
    assert [name for name in life.live("2026-11-27 10:02") if name.startswith("r1")] == []
    assert life.live("2026-11-27 10:02") == {
        "r2 thank-you 0": "2026-12-03",
        "r2 first-follow-up 0": "2026-12-08",
        "r2 second-follow-up 0": "2026-12-17",
        "r2 move-on 0": "2026-12-24",
    }
    life("2026-12-03 12:00", "sent", "karoo")
    shown = life("2026-12-03 13:00", "show", "karoo").text
    assert "sent the thank-you" in shown
    assert "r2: sent the thank-you" in shown
    assert len(life.files()) == 1


def test_the_same_company_and_role_again_is_the_next_round(life: Life) -> None:
    life.held()
    said = life(
        "2026-11-27 10:00", "add", "karoo", "marketing manager", "--at", "2026-12-03 10:00"
    ).stderr
    assert "so this becomes its next round" in said
    assert len(life.files()) == 1


def test_a_round_before_the_thanks_for_the_first_keeps_those_due(life: Life) -> None:
    life.held()
    life("2026-11-24 16:30", "round", "karoo", "--at", "2026-11-27 10:00")

    assert "r1 thank-you 0" in life.live("2026-11-24 16:31")
    life("2026-11-24 17:00", "sent", "karoo")
    assert life.plan("2026-11-24 17:01")["r1 thank-you 0"]["state"] == "done"


def test_a_round_that_is_called_off_brings_the_first_plan_back(life: Life) -> None:
    life.held()
    life("2026-11-27 10:00", "round", "karoo", "--at", "2026-12-03 10:00")
    said = life("2026-12-01 10:00", "cancel", "karoo").text

    assert "interview r2 of Thu 3 Dec 2026, 10:00" in said
    assert "r1 first-follow-up 0" in life.live("2026-12-01 10:01")


def test_slots_that_do_not_come_are_asked_for_once(life: Life) -> None:
    life.held()
    life("2026-11-26 10:00", "heard", "karoo", "positive")
    life("2026-11-26 12:00", "sent", "karoo")
    assert life.live("2026-11-26 12:01") == {
        "r1 first-follow-up 1": "2026-12-03",
        "r1 move-on 1": "2026-12-10",
    }


@pytest.mark.parametrize(
    "now", ["2026-11-28 10:00", "2026-12-01 10:00"], ids=["days before", "when both are due"]
)
def test_one_recruiter_for_two_roles_is_not_written_to_twice_in_a_week(
    life: Life, now: str
) -> None:
    recruiter = ("--with", "Rea Recruiter <rea@agency.example>")
    life("2026-11-20 10:00", "add", "Agency", "Manager", "--at", "2026-11-24 14:00", *recruiter)
    life("2026-11-20 10:00", "add", "Agency", "Designer", "--at", "2026-11-25 14:00", *recruiter)

    (clash,) = life.next(now)["clashes"]
    assert clash["address"] == "rea@agency.example"
    said = life(now, "next").stderr
    assert "rea@agency.example would hear from you twice within a week" in said
    command = said.rpartition("Better: afterword ")[2].split()
    life(now, *command)
    moved = life.plan(now, clash["waits"])["r1 first-follow-up 0"]
    assert moved["recommended"] == clash["better"]
    assert {clash["earlier"]["application"], clash["later"]["application"]} == {
        "agency-manager",
        "agency-designer",
    }


def test_what_was_sent_yesterday_still_counts_as_a_message_of_the_week(life: Life) -> None:
    recruiter = ("--with", "Rea Recruiter <rea@agency.example>")
    life("2026-11-20 10:00", "add", "Agency", "Manager", "--at", "2026-11-24 14:00", *recruiter)
    life("2026-11-20 10:00", "add", "Agency", "Designer", "--at", "2026-11-25 14:00", *recruiter)
    life("2026-11-30 10:00", "sent", "agency-manager", "first-follow-up")

    (clash,) = life.next("2026-12-01 10:00")["clashes"]
    assert (clash["earlier"]["state"], clash["waits"]) == ("done", "agency-designer")
    assert clash["better"] == "2026-12-07"


def test_thanks_are_never_put_off_for_another_application(life: Life) -> None:
    recruiter = ("--with", "Rea Recruiter <rea@agency.example>")
    life("2026-11-20 10:00", "add", "Agency", "Manager", "--at", "2026-11-24 14:00", *recruiter)
    life("2026-11-20 10:00", "add", "Agency", "Designer", "--at", "2026-12-01 14:00", *recruiter)

    (clash,) = life.next("2026-11-30 09:30")["clashes"]
    assert clash["later"]["step"] == "thank-you"
    assert clash["waits"] == "agency-manager"
    assert clash["better"] == "2026-12-08"


# It comes to its end.


def test_at_the_end_there_is_one_short_word_and_no_third_message(life: Life) -> None:
    life.held()
    for now in ("2026-11-24 18:00", "2026-11-30 10:00", "2026-12-07 10:00"):
        life(now, "sent", "karoo")

    assert life.due("2026-12-14 10:00") == ["due move-on"]
    assert "afterword close karoo" in life("2026-12-14 10:00", "next").stderr
    said = life.refused("2026-12-14 10:00", "sent", "karoo", "first-follow-up")
    assert "a third would come across as pushy" in said
    assert "afterword draft karoo-marketing-manager feedback-request" in said
    assert "afterword close karoo-marketing-manager --keep-in-touch DAY" in said


def test_who_logs_nothing_is_asked_at_the_end_what_they_mean_by_sent(life: Life) -> None:
    life.held()
    said = life.refused("2026-12-16 10:00", "sent", "karoo")
    assert "there is nothing more to send" in said
    assert "afterword close karoo-marketing-manager" in said
    assert "afterword sent karoo-marketing-manager STEP --on DAY" in said


def test_once_let_go_nothing_before_it_is_due_or_asked_about(life: Life) -> None:
    life.held()
    said = life("2026-12-16 10:00", "sent", "karoo", "move-on").text
    assert "Karoo: move-on done on Wed 16 Dec 2026" in said
    assert "Nothing is left to do here." in said
    assert life.due("2026-12-16 10:01") == []
    assert life.asked("2026-12-16 10:01") == []
    life("2026-12-18 10:00", "heard", "karoo", "positive")
    assert life.due("2026-12-18 10:01")[0] == "due reply"


def test_closed_it_is_quiet_but_for_one_hello(life: Life) -> None:
    life.held()
    life.export("2026-11-24 15:30")
    life("2026-12-15 10:00", "close", "karoo", "--learned", "Ask for the salary band.")
    events = life.export("2026-12-15 10:01")
    assert titles(events) == [] or rings(events, after="2026-12-15") == []
    assert life.due("2026-12-15 10:02") == []
    assert life.asked("2026-12-15 10:02") == []
    assert life("2026-12-15 10:02", "list").text == ""

    life("2026-12-16 10:00", "close", "karoo", "--keep-in-touch", "2027-03-01")
    assert life.live("2026-12-16 10:01") == {"r1 keep-in-touch 0": "2027-03-01"}
    assert life.due("2027-03-01 10:00") == ["due keep-in-touch"]

    said = life("2027-03-02 10:00", "add", "TUI", "Clerk", "--at", "2027-03-05 10:00").stderr
    assert "Your lesson from last time: Ask for the salary band." in said


@pytest.mark.parametrize("start", ["2026-11-24 14:00", "2026-11-24 14:30"], ids=["same", "near"])
def test_telling_of_the_interview_again_brings_no_third_follow_up(life: Life, start: str) -> None:
    life.held()
    for now in ("2026-11-30 10:00", "2026-12-07 10:00"):
        life(now, "sent", "karoo")
    again = ("add", "Karoo", "Marketing Manager", "--at", start)
    said = life.refused("2026-12-14 10:00", *again)
    assert "interview of Tue 24 Nov 2026, 14:00 (Africa/Johannesburg) (r1)" in said


def test_a_late_answer_opens_what_was_closed_without_old_alarms(life: Life) -> None:
    life.held()
    life("2026-12-02 10:00", "close", "karoo")
    life.export("2026-12-02 10:01")
    said = life("2027-01-12 10:00", "heard", "karoo", "positive")

    assert "it is open again" in said.stderr
    events = life.export("2027-01-12 10:01")
    assert rings(events, after="2027-01-11")[0] == "2027-01-12"
    assert rings(events, after="2026-11-01") == rings(events, after="2027-01-11")
    assert life.due("2027-01-12 10:02")[0] == "due reply"
    assert life.asked("2027-01-12 10:02") == []


def test_around_the_holidays_nothing_is_due_on_a_day_off(life: Life) -> None:
    for number, day in enumerate(range(14, 24)):
        start = f"2026-12-{day} 10:00"
        where = ("--country", "GB", "--employer-zone", "Europe/London")
        life("2026-12-01 10:00", "add", f"Firm {number}", "Clerk", "--at", start, *where)
        steps = life.plan("2026-12-01 11:00", f"firm-{number}-")
        for kind in ("first-follow-up", "second-follow-up"):
            step = steps[f"r1 {kind} 0"]
            day_off = {"2026-12-25", "2026-12-28", "2027-01-01"}
            assert step["recommended"] not in day_off
            assert dt.date.fromisoformat(step["recommended"]).weekday() < 5
            assert step["opens"] <= step["recommended"] <= step["closes"]


def test_many_that_are_closed_are_in_nobodys_way(life: Life, tmp_path: Path) -> None:
    facts = tmp_path / "old.toml"
    one = '[[application]]\nid = "a{0}"\ncompany = "Firm {0}"\nrole = "Clerk"\n'
    start = "[[application.interview]]\nstart = 2026-11-24T14:00:00+02:00\n"
    facts.write_text("".join(one.format(n) + start for n in range(40)), encoding="utf-8")
    life("2026-12-01 10:00", "import", facts)
    life("2026-12-01 10:00", "close", "--all")
    life.held(now="2026-12-01 11:00", at="2026-12-01 08:00")

    assert life.due("2026-12-01 11:00") == ["due thank-you", "coming first-follow-up"]
    assert life.asked("2026-12-20 11:00") == ["thank-you", "first-follow-up"]
    listed = life("2026-12-01 11:00", "list")
    assert len(listed.text.splitlines()) == 1
    assert "40 closed or rejected; to see them: afterword list --all" in listed.stderr


def test_a_job_is_found_and_all_is_closed(life: Life) -> None:
    life.held()
    life("2026-11-25 10:00", "add", "TUI", "Clerk", "--at", "2026-11-26 10:00")
    life.export("2026-11-26 12:00")
    said = life("2026-12-01 10:00", "close", "--all").text

    assert "Karoo, Marketing Manager: closed." in said
    assert "TUI, Clerk: closed." in said
    assert life.due("2026-12-01 10:01") == []
    assert rings(life.export("2026-12-01 10:02"), after="2026-12-01") == []
    assert life("2026-12-01 10:03", "stats", "--json").json["states"]["closed"] == 2
