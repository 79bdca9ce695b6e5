"""The first settings are asked for once, on a terminal, and only by commands that save."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import tomli

from afterword.settings.loader import FIRST_RUN_NOTE
from tests.cli.life import NOW, THANDI, Life
from tests.cli.test_import import invitation
from tests.pseudo_terminal import CTRL_C, CTRL_D, Typist, typing
from tests.running import Run

ADD = ("add", "Karoo", "Cook", "--at", "2026-12-24 14:00", "--with", THANDI)
WELCOME = "Welcome to afterword"
NOTES = "to take notes? [y/N]: "

pty_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


@pytest.fixture
def path(run: Run) -> Path:
    """Return the path of the settings file, which does not exist yet."""
    return Path(run("settings", "path").text.strip())


def saved(path: Path) -> dict[str, object]:
    return tomli.loads(path.read_text())


def answer_all(person: Typist) -> None:
    person.answers("Your name, to sign your messages: ", "Sam Seeker")
    person.answers("Your e-mail address: ", "sam@mail.example")
    person.answers("Your time zone [Africa/Johannesburg]: ", "")
    person.answers(") [en]: ", "German")
    person.answers("to take notes? [y/N]: ", "yes")
    person.answers("(file or calendar) [file]: ", "")


@pty_only
def test_the_answers_are_saved(life: Life, path: Path) -> None:
    with typing("setup", *life.flags(NOW)) as person:
        answer_all(person)
        person.sees(f"Saved in {path}")
        person.sees("afterword export -o job-search.ics")
        person.leaves()

    assert saved(path) == {
        "zone": "Africa/Johannesburg",
        "language": "de",
        "reminders": ["before", "after"],
        "applicant": {"name": "Sam Seeker", "email": "sam@mail.example"},
    }


@pty_only
def test_enter_skips_every_question_and_none_is_asked_again(life: Life, path: Path) -> None:
    with typing(*ADD, *life.flags(NOW)) as person:
        person.sees(WELCOME)
        for _ in range(6):
            person.answers(": ", "")
        person.leaves()
    with typing("round", "karoo", "--at", "2026-12-28 14:00", *life.flags(NOW)) as person:
        person.answers("Who interviews you?", "")
        assert WELCOME not in person.leaves()

    assert saved(path) == {"zone": "Africa/Johannesburg", "language": "en", "reminders": []}
    assert life.files()


@pty_only
def test_an_answer_that_cannot_be_read_is_asked_again(life: Life, path: Path) -> None:
    with typing("setup", *life.flags(NOW)) as person:
        person.answers("messages: ", "Sam")
        person.answers("address: ", "sam(at)mail")
        person.sees("is no e-mail address")
        person.edits("address: sam(at)mail", "sam@mail.example")
        person.answers("Johannesburg]: ", "Berlin")
        person.sees("did you mean 'Europe/Berlin'?")
        person.edits("Johannesburg]: Berlin", "Europe/Berlin")
        person.answers(") [en]: ", "nb")
        person.edits("[en]: nb", "de")
        person.answers("[y/N]: ", "perhaps")
        person.edits("[y/N]: perhaps", "no")
        person.answers("[file]: ", "phone")
        person.edits("[file]: phone", "file")
        person.leaves()

    assert saved(path) == {
        "zone": "Europe/Berlin",
        "language": "de",
        "reminders": [],
        "applicant": {"name": "Sam", "email": "sam@mail.example"},
    }


@pty_only
def test_what_was_answered_before_ctrl_c_is_saved(life: Life, path: Path) -> None:
    with typing("setup", *life.flags(NOW)) as person:
        person.answers("messages: ", "Sam Seeker")
        person.sees("address: ")
        person.types(CTRL_C, enter=False)
        person.sees("`afterword setup` asks for the rest")
        person.leaves(130)

    assert saved(path) == {"applicant": {"name": "Sam Seeker"}}


@pty_only
def test_ctrl_d_skips_the_rest_and_the_command_goes_on(life: Life, path: Path) -> None:
    with typing(*ADD, *life.flags(NOW)) as person:
        person.answers("messages: ", "Sam Seeker")
        person.sees("address: ")
        person.types(CTRL_D, enter=False)
        person.sees("`afterword setup` asks for the rest")
        person.answers(NOTES, "")
        person.leaves()

    assert saved(path) == {"applicant": {"name": "Sam Seeker"}, "reminders": []}
    assert life.files()


@pty_only
def test_setup_offers_the_saved_values(life: Life, path: Path) -> None:
    life.run("settings", "set", "name", "Sam Seeker")
    life.run("settings", "set", "language", "de")
    life.run("settings", "set", "reminders", "after")
    with typing("setup", *life.flags(NOW), env={"LANG": "en_US.UTF-8"}) as person:
        person.answers("messages [Sam Seeker]: ", "Sam S. Seeker")
        person.answers("address: ", "none")
        person.answers("[Africa/Johannesburg]: ", "")
        person.answers(") [de]: ", "")
        person.answers("to take notes? [Y/n]: ", "")
        person.answers("[file]: ", "")
        person.leaves()

    assert saved(path) == {
        "zone": "Africa/Johannesburg",
        "language": "de",
        "reminders": ["after"],
        "applicant": {"name": "Sam S. Seeker"},
    }


@pty_only
def test_a_language_is_offered_and_understood_by_its_name(life: Life, path: Path) -> None:
    with typing("setup", *life.flags(NOW)) as person:
        for _ in range(3):
            person.answers(": ", "")
        person.sees("Spanish")
        person.answers(") [en]: ", "español")
        person.answers("[y/N]: ", "")
        person.answers("[file]: ", "")
        person.leaves()

    assert saved(path)["language"] == "es"


@pty_only
def test_the_language_of_the_machine_is_offered(life: Life) -> None:
    with typing("setup", *life.flags(NOW), env={"LC_ALL": "de_AT.UTF-8"}) as person:
        for _ in range(3):
            person.answers(": ", "")
        person.answers(") [de]: ", "")
        person.answers("[y/N]: ", "")
        person.answers("[file]: ", "")
        person.leaves()


@pty_only
def test_a_calendar_server_goes_on_with_its_questions(life: Life, path: Path) -> None:
    with typing("setup", *life.flags(NOW)) as person:
        for _ in range(5):
            person.answers(": ", "")
        person.answers("[file]: ", "calendar")
        person.sees("Where is your calendar?")
        person.types(CTRL_C, enter=False)
        person.leaves(130)

    assert saved(path) == {"zone": "Africa/Johannesburg", "language": "en", "reminders": []}


@pty_only
@pytest.mark.parametrize(
    "command",
    [("add", *ADD[1:]), ("round", "karoo", "--at", "2026-12-28 14:00"), ("import", "week.toml")],
    ids=lambda command: command[0],
)
def test_the_first_command_that_saves_asks(
    life: Life, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "week.toml").write_text("")
    with typing(*command, *life.flags(NOW)) as person:
        person.sees(WELCOME)
        person.sees("messages: ")
        person.types(CTRL_C, enter=False)
        person.leaves(130)


@pytest.mark.parametrize(
    "command",
    [
        ("next",),
        ("list",),
        ("show", "karoo"),
        ("plan",),
        ("draft", "karoo"),
        ("export", "-o", "-"),
        ("check",),
        ("stats",),
        ("settings",),
        ("sync", "--dry-run"),
        ("add", *ADD[1:], "--dry-run"),
        ("import", "samples/invitation.eml", "--role", "Cook", "--dry-run", "--json"),
    ],
    ids=" ".join,
)
def test_a_command_that_shows_or_exports_never_asks(
    life: Life, path: Path, command: tuple[str, ...]
) -> None:
    life.held()

    shown = life.run(*command, *life.flags(NOW), tty=True, input=b"\n" * 20)

    assert WELCOME not in shown.stderr
    assert not path.exists()


@pytest.mark.parametrize("command", [ADD, ("setup",)], ids=lambda command: command[0])
def test_off_a_terminal_nothing_is_asked(life: Life, path: Path, command: tuple[str, ...]) -> None:
    done = life(NOW, *command)

    assert WELCOME not in done.stderr
    assert not path.exists()


def test_a_zone_that_every_command_saves_is_no_setup(life: Life, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(f'{FIRST_RUN_NOTE}\nzone = "Africa/Johannesburg"\n')

    asked = life.run(*ADD, *life.flags(NOW), tty=True, input=b"Sam\n\n\n\n\n\n")

    assert WELCOME in asked.stderr
    assert saved(path)["applicant"] == {"name": "Sam"}


@pytest.mark.parametrize(
    "text", ['[applicant]\nname = "Sam"\n', "private = true\n", 'zone = "UTC"\n']
)
def test_settings_of_any_kind_are_not_asked_for(life: Life, path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)

    assert WELCOME not in life.run(*ADD, *life.flags(NOW), tty=True, input=b"\n\n").stderr
    assert saved(path) == {**tomli.loads(text), "reminders": []}


KNOWN = 'zone = "Africa/Johannesburg"\n'


@pytest.fixture
def without_answer(path: Path) -> Path:
    """Write settings that say nothing of the reminders around interviews."""
    path.parent.mkdir(parents=True)
    path.write_text(KNOWN)
    return path


@pty_only
@pytest.mark.parametrize(
    ("answer", "reminders"), [("y", ["before", "after"]), ("", [])], ids=["yes", "enter"]
)
def test_the_first_interview_to_come_offers_the_reminders_around_it(
    life: Life, without_answer: Path, answer: str, reminders: list[str]
) -> None:
    with typing(*ADD, *life.flags(NOW)) as person:
        person.sees("Saved as karoo-cook")
        person.answers(NOTES, answer)
        person.leaves()
    with typing("round", "karoo", "--at", "2026-12-28 14:00", *life.flags(NOW)) as person:
        person.answers("Who interviews you?", "")
        assert NOTES not in person.leaves()

    assert saved(without_answer)["reminders"] == reminders
    shown = life(NOW, "export", "-o", "-").stdout
    assert (shown.count(b"SUMMARY:Ask about next steps"), shown.count(b"SUMMARY:Note it down")) == (
        (2, 2) if answer else (0, 0)
    )


@pty_only
@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (80, "before each interview what to ask, and afterwards to take notes?\n[y/N]: "),
        (60, "before each interview what to ask, and\nafterwards to take notes? [y/N]: "),
    ],
)
def test_a_question_wider_than_the_terminal_is_wrapped_at_words(
    life: Life, without_answer: Path, columns: int, lines: str
) -> None:
    with typing(*ADD, *life.flags(NOW), env={"COLUMNS": str(columns)}) as person:
        person.answers(lines, "y")
        person.leaves()
    assert saved(without_answer)["reminders"] == ["before", "after"]


@pty_only
@pytest.mark.parametrize(("key", "code"), [(CTRL_D, 0), (CTRL_C, 130)], ids=["ctrl-d", "ctrl-c"])
def test_whoever_does_not_answer_has_the_interview_and_no_reminders(
    life: Life, without_answer: Path, key: str, code: int
) -> None:
    with typing(*ADD, *life.flags(NOW)) as person:
        person.sees(NOTES)
        person.types(key, enter=False)
        person.leaves(code)

    assert life.files()
    assert without_answer.read_text() == KNOWN
    with typing("round", "karoo", "--at", "2026-12-28 14:00", *life.flags(NOW)) as person:
        person.answers("Who interviews you?", "")
        person.answers(NOTES, "no")
        person.leaves()
    assert saved(without_answer)["reminders"] == []


@pty_only
def test_an_import_of_an_interview_to_come_offers_the_reminders_once(
    life: Life, without_answer: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.ics", tmp_path / "second.ics"
    first.write_bytes(invitation(start="20261224T140000", end="20261224T150000"))
    second.write_bytes(invitation(start="20261228T140000", end="20261228T150000", uid="two@x.y"))
    known = ("--company", "Karoo", "--role", "Cook", "--country", "ZA", *life.flags(NOW))
    with typing("import", first, *known) as person:
        person.answers(NOTES, "y")
        assert "next export or sync" in person.leaves()
    with typing("import", second, *known) as person:
        assert NOTES not in person.leaves()
    assert saved(without_answer)["reminders"] == ["before", "after"]


@pytest.mark.parametrize(
    ("tty", "more", "ends"),
    [
        pytest.param(True, (), "20261130T150000", id="an interview held"),
        pytest.param(True, ("--dry-run",), "20261224T150000", id="dry run"),
        pytest.param(True, ("--json",), "20261224T150000", id="json"),
        pytest.param(False, (), "20261224T150000", id="off a terminal"),
    ],
)
def test_an_import_offers_no_reminders(
    life: Life, without_answer: Path, tmp_path: Path, tty: bool, more: tuple[str, ...], ends: str
) -> None:
    (tmp_path / "invite.ics").write_bytes(invitation(start=ends.replace("T15", "T14"), end=ends))
    known = ("--company", "Karoo", "--role", "Cook", "--country", "ZA", *more, *life.flags(NOW))

    done = life.run("import", tmp_path / "invite.ics", *known, tty=tty, input=b"\n" * 9)

    assert done.code == 0, done.stderr
    assert NOTES not in done.stderr
    assert without_answer.read_text() == KNOWN


@pytest.mark.parametrize(
    ("tty", "at", "more"),
    [
        pytest.param(False, "2026-12-24 14:00", (), id="off a terminal"),
        pytest.param(True, "2026-11-30 14:00", ("--sent", "thank-you"), id="an interview held"),
        pytest.param(True, "2026-12-24 14:00", ("--dry-run",), id="dry run"),
    ],
)
def test_no_reminders_are_offered(
    life: Life, without_answer: Path, tty: bool, at: str, more: tuple[str, ...]
) -> None:
    command = ("add", "Karoo", "Cook", "--at", at, "--with", THANDI, "--country", "ZA", *more)

    done = life.run(*command, *life.flags(NOW), tty=tty, input=b"\n" * 9)

    assert done.code == 0, done.stderr
    assert NOTES not in done.stderr
    assert without_answer.read_text() == KNOWN


@pty_only
@pytest.mark.parametrize(
    ("typed", "code"),
    [("Français", "fr"), ("french", "fr"), ("FR", "FR"), ("deutsch", "de"), ("anglais", "en")],
)
def test_a_language_is_chosen_by_its_name(life: Life, path: Path, typed: str, code: str) -> None:
    with typing("setup", *life.flags(NOW)) as person:
        person.answers("messages: ", "Sam")
        person.answers("address: ", "")
        person.answers("Johannesburg]: ", "")
        person.answers(") [en]: ", typed)
        person.answers("[y/N]: ", "")
        person.answers("[file]: ", "")
        person.leaves()

    assert saved(path).get("language", "en") == code
