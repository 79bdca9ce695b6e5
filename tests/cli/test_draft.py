"""`draft`, `drafts`, `check`, `debrief`: the words, and where they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import icalendar
import pyperclip
import pytest
import tomli

from tests.cli.life import Life
from tests.running import Result, Run

HELD = "2026-11-24 14:00"
EVENING = "2026-11-24T18:00:00+02:00"


class Person:
    """Somebody with one application, on the evening after the interview."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run = run
        self.data = folder / "data"
        self.data.mkdir()
        (self.data / "settings.toml").write_text('[applicant]\nname = "Sam Seeker"\n', "utf-8")
        people = ("--with", "Thandi Nkosi <thandi@karoo.example>", "--with", "Pieter Louw")
        self("add", "Karoo Analytics", "Marketing Manager", "--at", HELD, *people)

    def __call__(self, *arguments: object, now: str = EVENING, **how: Any) -> Result:
        fixed = ("--now", now, "--zone", "Africa/Johannesburg", "--data", self.data)
        return self.run(*arguments, *fixed, **how)

    def facts(self) -> dict[str, Any]:
        (path,) = (p for p in self.data.glob("*.toml") if p.stem != "settings")
        return tomli.loads(path.read_text("utf-8"))


@pytest.fixture
def sam(run: Run, tmp_path: Path) -> Person:
    return Person(run, tmp_path)


def test_the_next_draft_with_one_for_each_of_a_panel(sam: Person) -> None:
    result = sam("draft", "karoo")

    assert "To: Thandi Nkosi <thandi@karoo.example>" in result.text
    assert "Dear Pieter Louw," in result.text
    assert result.text.count("Sam Seeker") == 2
    assert "e-mail address of Pieter Louw" in result.stderr


def test_the_draft_for_one_of_a_panel(sam: Person) -> None:
    text = sam("draft", "karoo", "--to", "pieter").text

    assert "Dear Pieter Louw," in text
    assert "Thandi" not in text


def test_who_was_thanked_needs_no_draft(sam: Person) -> None:
    said = sam("sent", "karoo", "thank-you", "--to", "Thandi")

    assert "Still to thank: Pieter Louw" in said.stderr
    assert "Dear Thandi" not in sam("draft", "karoo", "thank-you").text


def test_a_draft_to_nobody_known_is_refused_with_the_names(sam: Person) -> None:
    result = sam("draft", "karoo", "--to", "Zoe")

    assert result.code == 2
    assert "Thandi Nkosi, Pieter Louw" in result.stderr


@pytest.mark.parametrize(
    ("now", "said"),
    [(EVENING, "on Tuesday"), ("2026-12-08T10:00:00+02:00", "on 24 November")],
    ids=["in time", "two weeks late"],
)
def test_thanks_that_are_printed_late_say_the_day(sam: Person, now: str, said: str) -> None:
    text = sam("draft", "karoo", "thank-you", now=now).text

    assert [day for day in ("on Tuesday", "on 24 November") if day in text] == [said]


def test_a_channel_without_words_of_its_own_is_said(sam: Person) -> None:
    result = sam("draft", "karoo", "thank-you", "--channel", "phone")

    assert result.text == sam("draft", "karoo", "thank-you").text
    assert "There is no phone script for this; here is the e-mail" in result.stderr
    assert "no text of this" not in sam("draft", "karoo", "--channel", "email").stderr


@pytest.mark.parametrize("step", ["thank-you", "first-follow-up", "second-follow-up"])
@pytest.mark.parametrize("channel", ["email", "phone", "linkedin"])
def test_an_empty_line_follows_the_head_of_a_message(sam: Person, channel: str, step: str) -> None:
    lines = sam("draft", "karoo", step, "--channel", channel).text.splitlines()

    heads = [n for n, line in enumerate(lines) if line.startswith(("To: ", "Subject: "))]
    assert heads
    for last in (n for n in heads if n + 1 not in heads):
        assert lines[last + 1] == ""


@pytest.mark.parametrize("channel", ["phone", "linkedin"])
def test_another_channel_has_its_own_words(sam: Person, channel: str) -> None:
    text = sam("draft", "karoo", "first-follow-up", "--channel", channel).text

    assert "Subject:" not in text
    assert "Marketing Manager" in text


@pytest.mark.parametrize("what", ["no-show", "technical-failure", "next-round", "reply-offer"])
def test_what_is_in_no_plan_has_a_draft(sam: Person, what: str) -> None:
    result = sam("draft", "karoo", what)

    assert result.code == 0
    assert "Thandi Nkosi" in result.text


def test_another_offer_names_its_day(sam: Person) -> None:
    assert "4 December" in sam("draft", "karoo", "competing-offer", "--deadline", "2026-12-04").text


def test_a_draft_of_a_sent_message_is_still_there(sam: Person) -> None:
    draft = sam("draft", "karoo", "thanks").text
    for name in ("Thandi", "Pieter"):
        sam("sent", "karoo", "thank-you", "--to", name)

    result = sam("draft", "karoo", "thanks")

    assert "Dear Thandi" in draft
    assert result.text == draft
    assert "The thank-you is already logged as sent on Tue 24 Nov 2026, 18:00" in result.stderr


def test_copied(sam: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(pyperclip, "copy", copied.append)

    result = sam("draft", "karoo", "--to", "Thandi", "--copy")

    assert "Copied to the clipboard" in result.stderr
    assert copied[0].splitlines()[2] == "Dear Thandi Nkosi,"


def test_without_a_clipboard_it_says_what_to_install(
    sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise pyperclip.PyperclipException

    monkeypatch.setattr(pyperclip, "copy", refuse)

    result = sam("draft", "karoo", "--copy")

    assert result.code == 3
    assert "\nCould not copy: " in result.stderr
    assert "wl-clipboard" in result.stderr
    assert "Dear Thandi Nkosi," in result.text


def test_opened_in_the_mail_program(sam: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def launch(url: str) -> int:
        opened.append(url)
        return 0

    monkeypatch.setattr(click, "launch", launch)

    sam("draft", "karoo", "--open")

    assert opened[0].startswith("mailto:thandi@karoo.example?subject=")
    assert "Dear%20Thandi%20Nkosi%2C%0D%0A" in opened[0]


def test_opened_without_an_address_it_has_an_empty_to(
    sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def launch(url: str) -> int:
        opened.append(url)
        return 0

    monkeypatch.setattr(click, "launch", launch)

    sam("draft", "karoo", "--to", "pieter", "--open")

    assert opened[0].startswith("mailto:?subject=")
    assert "Dear%20Pieter%20Louw" in opened[0]


def test_a_draft_is_wrapped_on_a_terminal_and_not_in_a_pipe(sam: Person) -> None:
    piped, shown = (sam("draft", "karoo", "--to", "pieter", tty=tty).text for tty in (False, True))

    assert max(map(len, piped.splitlines())) > 80
    assert max(map(len, click.unstyle(shown).splitlines())) <= 80
    assert click.unstyle(shown).split() == piped.split()


def test_an_own_text_wins_and_can_be_reset(sam: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Subject: {{ role }}\n\n{{ greeting }}\n\nA note of my own.\n\n{{ signature }}\n"

    def edit(source: str, **_: object) -> str:
        assert "{{ greeting }}" in source
        return text

    monkeypatch.setenv("EDITOR", "an-editor")
    monkeypatch.setattr(click, "edit", edit)
    assert "Saved as" in sam("drafts", "edit", "thank-you").stderr

    assert "A note of my own." in sam("draft", "karoo").text
    assert "* en/email/thank-you\n" in sam("drafts", "list").text
    assert "own" in sam("drafts", "show", "thank-you").text

    assert sam("drafts", "reset", "thank-you").code == 0
    assert "A note of my own." not in sam("draft", "karoo").text


def test_a_mistake_in_an_own_text_is_told_with_its_line(
    sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "an-editor")
    monkeypatch.setattr(click, "edit", lambda *_, **__: "Subject: x\n\nDear {{ recipeint }}\n")

    result = sam("drafts", "edit", "thank-you")

    assert result.code == 2
    assert "line 3" in result.stderr
    assert "did you mean" in result.stderr
    assert "* " not in sam("drafts", "list").text


def test_an_unknown_text_says_what_was_meant(sam: Person) -> None:
    result = sam("drafts", "show", "thank-yuo")

    assert result.code == 2
    assert "did you mean en/email/thank-you?" in result.stderr


def test_our_own_drafts_need_no_change(sam: Person) -> None:
    result = sam("check")

    assert (result.code, result.text) == (0, "")
    assert "No problems found in 6 drafts." in result.stderr


def test_a_text_that_presses_is_found(sam: Person) -> None:
    folder = sam.data / "drafts" / "en" / "email"
    folder.mkdir(parents=True)
    body = "Subject: Hi\n\n{{ greeting }}\n\nJust checking in! Why have you not answered?\n"
    (folder / "first-follow-up.txt").write_text(body, "utf-8")

    result = sam("check", "karoo", "--json")

    assert result.code == 3
    found = {f["found"].casefold() for f in result.json["applications"][0]["findings"]}
    assert {"just checking in", "just checking in!"} <= found


def test_a_name_of_another_application_is_found_where_it_is_not_ones_own(
    life: Life,
) -> None:
    for company, person in (("Tui Software", "Mereana Walker"), ("Fjord", "Jonas Albrecht")):
        at = ("--at", "2026-11-24 14:00", "--with", person)
        life("2026-11-24 18:00", "add", company, "Designer", *at)
    own = life.data / "drafts" / "en" / "email" / "thank-you.txt"
    own.parent.mkdir(parents=True)
    (life.data / "settings.toml").touch()
    own.write_text("Subject: Thanks\n\n{{ greeting }}\n\nIt was good at Tui Software today.\n")

    found = life("2026-11-24 18:00", "check", "--json", code=3).json["applications"]

    assert {one["id"]: "Tui Software" in str(one["findings"]) for one in found} == {
        "fjord-designer": True,
        "tui-software-designer": False,
    }


def test_a_check_of_many_shows_how_far_it_is_on_a_terminal(life: Life, tmp_path: Path) -> None:
    rows = [f"Karoo {n},Designer,2026-11-24,14:00\n" for n in range(100)]
    table = tmp_path / "many.csv"
    table.write_text("company,role,date,time\n" + "".join(rows))
    life("2026-11-24 18:00", "import", table)

    assert "checking: 50 of 100" in life("2026-11-24 18:00", "check", tty=True).stderr
    assert "checking" not in life("2026-11-24 18:00", "check").stderr


def test_what_was_noted_goes_into_the_drafts(sam: Person) -> None:
    noted = ("--discussed", "the move from print to podcasts", "--decision-by", "2026-12-04")
    result = sam("debrief", "karoo", *noted)

    assert "they named 4 December" in result.text
    assert "the move from print to podcasts" in sam("draft", "karoo", "--to", "Thandi").text
    assert sam.facts()["interview"][0]["interviewer"][0]["discussed"] == [noted[1]]


def test_a_repeated_debrief_repeats_no_note(sam: Person) -> None:
    notes = ("--discussed", "the move to podcasts", "--fit", "I ran a pilot")
    sam("debrief", "karoo", *notes)
    sam("debrief", "karoo", *notes, "--discussed", "The move to podcasts", "--discussed", "budget")

    person = sam.facts()["interview"][0]["interviewer"][0]
    assert person["discussed"] == ["the move to podcasts", "budget"]
    assert person["fit"] == ["I ran a pilot"]


def test_the_questions_on_a_terminal(sam: Person) -> None:
    answers = (
        b"Aisha Patel <aisha@karoo.example>\n\n"
        b"the pilot in Durban\n\n\n"
        b"\nI ran a pilot\n\n"
        b"the budget\n\n\n"
        b"2026-12-04\nphone\n"
        b"The example from my last job\n\nAsk about the team\n\n"
        b"Thandi\n"
    )

    result = sam("debrief", "karoo", input=answers, tty=True)

    assert result.code == 0, result.stderr
    facts = sam.facts()
    assert facts["channel"] == "phone"
    people = facts["interview"][0]["interviewer"]
    assert [p["name"] for p in people] == ["Thandi Nkosi", "Pieter Louw", "Aisha Patel"]
    assert people[0]["discussed"] == ["the pilot in Durban"]
    assert people[1]["fit"] == ["I ran a pilot"]
    assert people[2]["discussed"] == ["the budget"]
    assert facts["interview"][0]["went_well"] == ["The example from my last job"]
    assert facts["interview"][0]["do_differently"] == ["Ask about the team"]
    assert people[0]["call"] == "Thandi"
    assert str(facts["log"][0]["decision_by"]) == "2026-12-04"


@pytest.mark.parametrize(
    ("typed", "place", "email"),
    [
        ("pieter", 1, None),
        ("Louw", 1, None),
        ("LOUW <p@karoo.example>", 1, "p@karoo.example"),
        ("Somebody <thandi@karoo.example>", 0, "thandi@karoo.example"),
        ("Thandi <another@karoo.example>", 2, "another@karoo.example"),
        ("Piet", 2, None),
    ],
)
def test_who_was_there_is_known_by_a_part_of_the_name(
    sam: Person, typed: str, place: int, email: str | None
) -> None:
    sam("debrief", "karoo", "--interviewer", typed, "--discussed", "podcasts")

    panel = sam.facts()["interview"][0]["interviewer"]
    assert [p["name"] for p in panel[:2]] == ["Thandi Nkosi", "Pieter Louw"]
    assert len(panel) == max(2, place + 1)
    assert panel[place].get("email") == email
    assert [p.get("discussed") for p in panel].index(["podcasts"]) == place


def test_a_name_that_several_have_is_asked_about(sam: Person) -> None:
    sam("debrief", "karoo", "--interviewer", "Pieter Botha")
    before = sam.facts()

    result = sam("debrief", "karoo", "--interviewer", "Pieter")

    assert result.code == 2
    assert "Pieter Louw, Pieter Botha" in result.stderr
    assert sam.facts() == before


def test_off_a_terminal_debrief_names_its_flags(sam: Person) -> None:
    result = sam("debrief", "karoo")

    assert result.code == 2
    assert "--discussed" in result.stderr


def test_the_two_reminders_are_off_unless_set(sam: Person) -> None:
    def titles() -> list[str]:
        data = sam("export", "-o", "-").stdout
        return [str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(data).events]

    before = titles()
    with (sam.data / "settings.toml").open("r+", encoding="utf-8") as file:
        rest = file.read()
        file.seek(0)
        file.write('reminders = ["before", "after"]\n' + rest)

    assert len(titles()) == len(before) + 2
    assert any("Ask about next steps" in title for title in titles())
