"""Questions at a pseudo-terminal: nothing that was answered is lost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.life import NOW, THANDI, Life
from tests.pseudo_terminal import CTRL_C, CTRL_D, typing

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal"),
    pytest.mark.usefixtures("is_set_up"),
]
WITH = ("--with", THANDI)


def test_a_question_of_yes_or_no_is_asked_again_with_the_answer_to_edit(life: Life) -> None:
    life.held()
    with typing("forget", "karoo", *life.flags(NOW)) as person:
        person.answers("permanently? [y/N]: ", "perhaps")
        person.sees("'perhaps' is neither yes nor no; answer with y or n")
        person.edits("permanently? [y/N]: perhaps", "not yet")
        person.sees("Nothing was changed.")
        person.leaves()


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D], ids=["ctrl-c", "ctrl-d"])
def test_a_question_can_be_left(life: Life, key: str) -> None:
    life.held()
    with typing("forget", "karoo", *life.flags(NOW)) as person:
        person.sees("permanently? [y/N]: ")
        person.types(key, enter=False)
        person.sees("\nafterword: stopped")
        person.leaves(130)
    assert life.files()


def test_a_text_that_is_not_saved_is_there_after_ctrl_c(life: Life, tmp_path: Path) -> None:
    life.held()
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\necho broken >> "$1"\n')
    editor.chmod(0o700)
    with typing("edit", "karoo", *life.flags(NOW), env={"EDITOR": str(editor)}) as person:
        person.sees("Edit it again? [Y/n]: ")
        person.types(CTRL_C, enter=False)
        person.sees("your text is saved in")
        person.leaves(65)


START = "The start time, such as"
WRITTEN = "What have you written already?"


def test_add_asks_again_and_keeps_what_was_typed(life: Life) -> None:
    with typing("add", *life.flags("2026-11-25 10:00")) as person:
        person.answers("The company", "Karoo")
        person.answers("The role", "Designer")
        person.answers(START, "soon")
        person.sees("cannot read 'soon' as a date")
        person.edits(f'{START} "tue 14:00" or "2pm yesterday": soon', "next friday")
        person.sees("'next friday' has no time")
        person.sees(": next friday")
        person.types(" 3pm")
        person.answers("Who interviews you?", "Thandi Nkosi <thandi@karoo.example>")
        person.sees("Understood: Fri 27 Nov 2026, 15:00 (Africa/Johannesburg), in 2 days")
        person.leaves()
    assert len(life.files()) == 1


@pytest.mark.parametrize("answer", ["no", "None", "not yet", "nothing", "Nope.", ""])
def test_nothing_was_written_yet(life: Life, answer: str) -> None:
    with typing("add", "Karoo", "Designer", *WITH, *life.flags("2026-11-25 10:00")) as person:
        person.answers(START, "tue 14:00")
        person.answers(WRITTEN, answer)
        person.sees("Understood: Tue 24 Nov 2026, 14:00 (Africa/Johannesburg), yesterday")
        person.leaves()
    (text,) = life.files().values()
    assert b"sent" not in text


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ("thank you", ["thank-you"]),
        ("thanks", ["thank-you"]),
        ("Yes, a thank-you email yesterday 5pm.", ["thank-you"]),
        ("thank-you first-follow-up=2026-11-30", ["thank-you", "first-follow-up"]),
        ("thank you, and a follow-up on Monday", ["thank-you", "first-follow-up"]),
    ],
)
def test_what_was_written_is_said_in_plain_words(life: Life, answer: str, sent: list[str]) -> None:
    now = "2026-11-25 10:00" if len(sent) == 1 else "2026-12-01 10:00"
    with typing("add", "Karoo", "Designer", *WITH, *life.flags(now)) as person:
        person.answers(START, "24 Nov 14:00")
        person.answers(WRITTEN, "a card")
        person.sees("'a card' names no message")
        person.edits(": a card", answer)
        person.leaves()
    entries = life(now, "show", "karoo", "--json").json["facts"]["log"]
    assert [entry["sent"] for entry in entries] == sent


def test_a_follow_up_without_its_day_is_asked_again(life: Life) -> None:
    with typing("add", "Karoo", "Designer", *WITH, *life.flags("2026-12-01 10:00")) as person:
        person.answers(START, "24 Nov 14:00")
        person.answers(WRITTEN, "first")
        person.sees("say when you sent it")
        person.sees(": first")
        person.types(" yesterday")
        person.leaves()
    (text,) = life.files().values()
    assert b"2026-11-30" in text


def test_a_round_at_a_time_that_is_taken_is_asked_again(life: Life) -> None:
    life.held()
    with typing("round", "karoo", *WITH, *life.flags(NOW)) as person:
        person.answers(START, "24 Nov 14:30")
        person.sees("You already added the")
        person.edits(": 24 Nov 14:30", "in 2 days 14:30")
        person.sees("Understood: Thu 3 Dec 2026, 14:30 (Africa/Johannesburg), in 2 days")
        person.leaves()


@pytest.mark.parametrize("by_option", [True, False], ids=["option", "dialogue"])
def test_the_year_of_a_day_far_away_is_asked(life: Life, by_option: bool) -> None:
    given = ("--at", "24 Apr 14:00") if by_option else ()
    with typing(
        "add", "Karoo", "Designer", *WITH, *given, *life.flags("2026-11-24 10:00")
    ) as person:
        if not by_option:
            person.answers(START, "24 Apr 14:00")
        person.sees("1  Fri 24 Apr 2026, 14:00 (214 days ago)")
        person.sees("2  Sat 24 Apr 2027, 14:00 (in 151 days)")
        person.answers("Which year is '24 Apr 14:00' in?", "3")
        person.sees("type a number from 1 to 2")
        person.edits("in?: 3", "2")
        person.sees("Understood: Sat 24 Apr 2027, 14:00 (Africa/Johannesburg), in 151 days")
        person.leaves()


WHO, TALK, FIT = "Who was there?", "We talked about", "I have done something similar"
SIGN = "How do they sign"
WELL, DIFFERENTLY = "What went well?", "What would you do differently next time?"
NEXT, REACHED = "By which day do they want to decide?", "How do they like to be reached"


def test_a_debrief_loses_no_answer_to_another_that_cannot_be_read(life: Life) -> None:
    life.held()
    with typing("debrief", "karoo", *life.flags("2026-11-24 16:00")) as person:
        person.answers(WHO, "")
        person.sees(TALK)
        person.answers("> ", "the move to podcasts")
        person.answers("> ", "the team in Cape Town")
        person.answers("> ", "")
        person.answers(FIT, "none")
        person.answers(NEXT, "second round, decide by 4 Dec")
        person.sees("cannot read 'second round, decide by 4 Dec' as a date")
        person.edits("> second round, decide by 4 Dec", "end of next week")
        person.answers(REACHED, "pigeon")
        person.sees("'pigeon' is none of email, phone, linkedin")
        person.edits("> pigeon", "E-mail")
        person.answers(WELL, "The example from my last job")
        person.answers("> ", "")
        person.answers(DIFFERENTLY, "Ask about the team")
        person.answers("> ", "")
        person.answers(SIGN, "Thandi")
        person.leaves()
    (text,) = life.files().values()
    assert b"the move to podcasts" in text
    assert b"the team in Cape Town" in text
    assert b'went_well = ["The example from my last job"]' in text
    assert b'do_differently = ["Ask about the team"]' in text
    assert b"2026-12-04" in text


def test_ctrl_c_in_a_debrief_saves_what_was_answered_before_it(life: Life) -> None:
    life.held()
    with typing("debrief", "karoo", *life.flags("2026-11-24 16:00")) as person:
        person.answers(WHO, "no")
        person.sees(TALK)
        person.answers("> ", "the move to podcasts")
        person.sees("> ")
        person.types(f"half a sen{CTRL_C}", enter=False)
        person.sees("What you answered is saved; afterword debrief karoo-marketing-manager asks")
        person.leaves(130)
    (text,) = life.files().values()
    assert b"the move to podcasts" in text
    assert b"half a sen" not in text


def test_each_interviewer_has_points_of_their_own_also_after_ctrl_c(life: Life) -> None:
    life.held("--with", "Pieter Louw <pieter@karoo.example>")
    with typing("debrief", "karoo", *life.flags("2026-11-24 16:00")) as person:
        person.answers(WHO, "Aisha Patel")
        person.answers("> ", "")
        person.sees("Thandi Nkosi: ")
        for point in ("the move to podcasts", "", "", "the budget", "", "I kept a budget", ""):
            person.answers("> ", point)
        person.sees("Aisha Patel: ")
        person.sees("> ")
        person.types(f"half a sen{CTRL_C}", enter=False)
        screen = person.leaves(130)
    assert "Pieter Louw: " in screen
    facts = life("2026-11-24 17:00", "show", "karoo", "--json").json["facts"]
    thandi, pieter, aisha = facts["interview"][0]["interviewer"]
    assert (thandi["discussed"], thandi.get("fit")) == (["the move to podcasts"], None)
    assert (pieter["discussed"], pieter["fit"]) == (["the budget"], ["I kept a budget"])
    assert aisha == {"name": "Aisha Patel"}


def test_ctrl_c_before_any_answer_saves_nothing(life: Life) -> None:
    life.held()
    before = life.files()
    with typing("debrief", "karoo", *life.flags("2026-11-24 16:00")) as person:
        person.sees(WHO)
        person.types(CTRL_C, enter=False)
        assert "is saved" not in person.leaves(130)
    assert life.files() == before


def test_without_a_name_no_points_are_asked_for(life: Life) -> None:
    life("2026-11-20 10:00", "add", "Karoo", "Designer", "--at", "2026-11-24 14:00")
    with typing("debrief", "karoo", *life.flags("2026-11-24 16:00")) as person:
        person.answers(WHO, "nobody")
        person.answers(NEXT, "next week")
        person.answers(REACHED, "")
        person.answers(WELL, "")
        person.answers(DIFFERENTLY, "")
        screen = person.leaves()
    assert TALK not in screen
    assert b"2026-12-04" in next(iter(life.files().values()))


def test_the_day_of_a_message_is_asked_again_in_the_daily_questions(life: Life) -> None:
    life.held()
    with typing(*life.flags("2026-12-08 10:00")) as person:
        person.sees("[o]n another day")
        person.presses("o")
        person.answers("When, such as", "whenever")
        person.sees("cannot read 'whenever' as a date")
        person.edits(": whenever", "last tuesday 16:00")
        person.sees("sent on Tue 1 Dec 2026, 16:00")
        person.sees("[q]uit")
        person.presses("q")
        person.leaves()


def test_no_day_leads_back_to_the_keys(life: Life) -> None:
    life.held()
    with typing(*life.flags("2026-12-08 10:00")) as person:
        person.sees("[o]n another day")
        person.presses("o")
        person.answers("When, such as", "not yet")
        person.sees("no day was given")
        person.sees("[q]uit")
        person.presses("q")
        person.leaves()


def test_an_address_that_cannot_be_one_is_asked_again_before_anything_is_sent(life: Life) -> None:
    life.held()
    with typing("calendars", *life.flags(NOW)) as person:
        person.answers("or your e-mail address: ", "99")
        person.sees("a number from 1 to")
        person.edits("or your e-mail address: 99", "http://cloud.example")
        person.sees("is not encrypted")
        person.edits("or your e-mail address: http://cloud.example", "2")
        person.answers("The address of your Nextcloud", "ftp://cloud.example")
        person.sees("ftp://cloud.example")
        person.sees(": ftp://cloud.example")
        person.types(CTRL_C, enter=False)
        person.leaves(130)


INVITATION = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//example//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:one@karoo.example
DTSTAMP:20261120T080000Z
DTSTART:20261127T120000Z
DTEND:20261127T130000Z
SUMMARY:Interview with Karoo
ORGANIZER;CN=Thandi Nkosi:mailto:thandi@karoo.example
ATTENDEE;CN=Sam:mailto:sam@mail.example
END:VEVENT
END:VCALENDAR
"""


def test_a_guess_of_an_import_is_taken_by_yes_and_not_replaced_by_no(
    life: Life, tmp_path: Path
) -> None:
    path = tmp_path / "invite.ics"
    path.write_text(INVITATION)
    with typing("import", path, "--me", "sam@mail.example", *life.flags(NOW)) as person:
        person.answers("[Karoo]: ", "no")
        person.sees("type the right one, or press Enter for the one in brackets")
        person.edits("[Karoo]: no", "yes")
        person.answers("Role: ", "")
        person.answers("Role: ", "Designer")
        person.sees("added: Karoo, Designer")
        person.leaves()


def test_ctrl_c_in_add_saves_what_is_enough_for_an_application(life: Life) -> None:
    with typing("add", *life.flags("2026-11-25 10:00")) as person:
        person.answers("The company", "Karoo")
        person.answers("The role", "Cook")
        person.answers(START, "tue 14:00")
        person.answers("Who interviewed you?", "Thandi Nkosi")
        person.sees("The e-mail address of Thandi Nkosi")
        person.types(CTRL_C, enter=False)
        person.sees("What you answered is saved.")
        person.leaves(130)

    shown = life("2026-11-25 10:00", "show", "karoo", "--json").json["facts"]
    assert shown["interview"][0]["interviewer"] == [{"name": "Thandi Nkosi"}]


def test_ctrl_c_before_the_start_gives_the_command_that_goes_on(life: Life) -> None:
    with typing("add", *life.flags("2026-11-25 10:00")) as person:
        person.answers("The company", "Karoo Analytics")
        person.answers("The role", "Cook")
        person.sees(START)
        person.types(CTRL_C, enter=False)
        person.sees("afterword add 'Karoo Analytics' Cook")
        person.leaves(130)

    assert not life.files()
