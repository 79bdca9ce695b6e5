"""`afterword settings set`, `unset`, `get`, `edit` and `path`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest
import tomli

from tests.cli.life import NOW, Life
from tests.pseudo_terminal import typing
from tests.running import Run

COMMENTED = """\
# mine
zone = "Europe/Berlin"  # where I live

# below each draft
[applicant]
name = "Sam" # short

[calendar]
user = "sam"
"""


@pytest.fixture
def path(run: Run) -> Path:
    """Return the path of the settings file, which does not exist yet."""
    return Path(run("settings", "path").text.strip())


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("name", "Sam Seeker"), "applicant.name", "Sam Seeker"),
        (("name", "Sam", "Seeker"), "applicant.name", "Sam Seeker"),
        (("applicant.name", "Zoë"), "applicant.name", "Zoë"),
        (("e-mail", "sam@mail.example"), "applicant.email", "sam@mail.example"),
        (("phone", "+44 20 7946 0000"), "applicant.phone", "+44 20 7946 0000"),
        (("zone", "Africa/Johannesburg"), "zone", "Africa/Johannesburg"),
        (("language", "de"), "language", "de"),
        (("private", "yes"), "private", True),
        (("private", "false"), "private", False),
        (("import.events", "12"), "import.events", 12),
        (("first_opens", "6"), "policy.first_opens", 6),
        (("me", "a@b.example"), "me", ["a@b.example"]),
        (("me", "a@b.example,c@d.example"), "me", ["a@b.example", "c@d.example"]),
        (("me", "a@b.example", "c@d.example"), "me", ["a@b.example", "c@d.example"]),
        (("me", '["a@b.example"]'), "me", ["a@b.example"]),
        (("reminders", "before", "after"), "reminders", ["before", "after"]),
        (("hours.waking", "09:00", "21:00"), "hours.waking", ["09:00", "21:00"]),
        (("waking", '["09:00", "21:00"]'), "hours.waking", ["09:00", "21:00"]),
        (
            ("password_command", "pass show mail"),
            "calendar.password_command",
            ["pass", "show", "mail"],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_setting_is_set(
    run: Run, path: Path, words: tuple[str, ...], name: str, value: Any
) -> None:
    done = run("settings", "set", *words)

    assert done.code == 0
    assert str(path) in done.stderr
    assert run("settings", "--json").json["settings"][name] == value


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nmae", "Sam"), "did you mean 'name'?"),
        (("nothing-like-it", "x"), "`afterword settings` shows them all"),
        (("zone", "Berlin"), "did you mean 'Europe/Berlin'?\n"),
        (("email", "sam"), "is no e-mail address"),
        (("private", "perhaps"), "must be true or false"),
        (("import.events", "many"), "must be a number"),
        (("first_opens", "3"), "never pushier"),
        (("hours.waking", "21:00", "09:00"), "is not before"),
        (("me", "[1"), "is no list"),
        (("me", "sam"), "is no e-mail address"),
        (("language", "nl"), "no texts in 'nl' yet"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_value_is_refused_and_nothing_is_saved(
    run: Run, path: Path, words: tuple[str, ...], said: str
) -> None:
    refused = run("settings", "set", *words)

    assert refused.code == 2
    assert said in refused.stderr
    assert not path.exists()


def test_comments_and_order_stay(run: Run, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(COMMENTED)

    run("settings", "set", "name", "Sam Seeker")
    run("settings", "set", "language", "de")
    run("settings", "set", "email", "sam@mail.example")

    text = path.read_text()
    assert [line for line in COMMENTED.splitlines() if line not in text] == ['name = "Sam" # short']
    assert 'name = "Sam Seeker" # short' in text
    assert tomli.loads(text) == {
        "zone": "Europe/Berlin",
        "language": "de",
        "applicant": {"name": "Sam Seeker", "email": "sam@mail.example"},
        "calendar": {"user": "sam"},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [("zone = ", "no valid TOML"), ("applicant = 3\n", "plain value")],
    ids=["broken", "not a section"],
)
def test_a_damaged_file_is_left_as_it_is(run: Run, path: Path, text: str, said: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)

    refused = run("settings", "set", "name", "Sam")

    assert refused.code == 2
    assert said in refused.stderr
    assert path.read_text() == text


def test_other_mistakes_of_the_file_are_listed(run: Run, path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("nmae = 3\n")

    done = run("settings", "set", "name", "Sam")

    assert done.code == 0
    assert "nmae: unknown key" in done.stderr


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "Sam\n"), ("language", "en\n"), ("private", "false\n"), ("me", "[]\n"), ("url", "")],
)
def test_a_setting_is_read(run: Run, key: str, value: str) -> None:
    run("settings", "set", "name", "Sam")

    assert run("settings", "get", key).text == value


def test_the_settings_of_another_directory_are_its_own(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "settings.toml"
    own.write_text('language = "de"\n')

    run("settings", "set", "name", "Sam", "--data", tmp_path)

    assert run("settings", "--data", tmp_path, "path").text == f"{own}\n"
    assert tomli.loads(own.read_text()) == {"language": "de", "applicant": {"name": "Sam"}}


def test_a_setting_of_a_directory_is_written_where_it_is_read(run: Run, tmp_path: Path) -> None:
    run("settings", "set", "language", "de")
    users = Path(run("settings", "path").text.strip())

    result = run("settings", "set", "name", "Mia", "--data", tmp_path)

    own = tmp_path / "settings.toml"
    assert result.stderr == f"Saved in {own}, which now replaces {users}\n"
    assert run("settings", "get", "name", "--data", tmp_path).text == "Mia\n"
    assert run("settings", "get", "language", "--data", tmp_path).text == "de\n"
    assert tomli.loads(users.read_text()) == {"language": "de"}
    assert run("settings", "set", "name", "Ada", "--data", tmp_path).stderr == f"Saved in {own}\n"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the editor append a line to its file."""

    def append(line: str) -> None:
        script = tmp_path / "editor.sh"
        script.write_text(f"#!/bin/sh\nprintf '%s\\n' '{line}' >> \"$1\"\n")
        script.chmod(0o700)
        monkeypatch.setenv("EDITOR", str(script))

    return append


def test_the_editor_begins_with_every_setting(
    run: Run, path: Path, editor: Callable[[str], None]
) -> None:
    editor("first_opens = 6")

    done = run("settings", "edit")

    assert done.code == 0
    assert '# name = "Sam Seeker"' in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert run("settings", "get", "first_opens").text == "6\n"


def test_an_edited_file_with_mistakes_is_not_saved(
    run: Run, path: Path, editor: Callable[[str], None]
) -> None:
    run("settings", "set", "language", "de")
    editor("nmae = 3")

    refused = run("settings", "edit")

    assert refused.code == 2
    assert "nmae: unknown key" in refused.stderr
    assert "your text is saved in " in refused.stderr
    assert path.read_text() == 'language = "de"\n'


def test_an_edited_file_with_mistakes_can_be_edited_again(editor: Callable[[str], None]) -> None:
    editor("nmae = 3")
    with typing("settings", "edit") as person:
        person.answers("Edit it again? [Y/n]: ", "n")
        person.sees("your text is saved in ")
        person.leaves(2)


def test_a_draft_without_a_name_says_how_to_set_it(life: Life) -> None:
    life.held()
    hint = 'afterword settings set name "YOUR NAME"'
    unsigned = life(NOW, "draft", "karoo")
    assert hint in unsigned.text + unsigned.stderr

    life(NOW, "settings", "set", "name", "Sam Seeker")

    signed = life(NOW, "draft", "karoo")
    assert signed.text.rstrip().endswith("Sam Seeker")
    assert hint not in signed.text + signed.stderr


def test_the_event_to_move_on_names_the_resources_of_the_settings(life: Life) -> None:
    life.held()

    def move_on() -> str:
        data = life(NOW, "export", "-o", "-").stdout
        events = icalendar.Calendar.from_ical(data).events
        (found,) = (e for e in events if str(e["SUMMARY"]).startswith("Move on from Karoo"))
        return str(found["DESCRIPTION"])

    assert "\n- Knock 'em Dead Job Interview (Martin Yate)\n" in move_on()
    life(NOW, "settings", "set", "sites", "My mentor https://mentor.example/a?b=c", "The library")
    assert "\n- My mentor\nhttps://mentor.example/a?b=c\n- The library\n" in move_on()
    assert "Steve Dalton" in move_on()
    for name in ("books", "courses", "sites"):
        life(NOW, "settings", "set", name, "[]")
    assert "To prepare" not in move_on()


def test_unset_removes_a_setting_and_nothing_else(run: Run, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(COMMENTED, encoding="utf-8")
    assert run("settings", "unset", "calendar.user").text == "calendar.user is not set\n"
    after = path.read_text(encoding="utf-8")
    assert after == COMMENTED.replace('user = "sam"\n', "")
    for key in ("calendar.user", "folder", "language"):
        assert run("settings", "unset", key).code == 0
        assert path.read_text(encoding="utf-8") == after


def test_unset_makes_no_file_and_refuses_unknown_settings(run: Run, path: Path) -> None:
    assert run("settings", "unset", "zone").code == 0
    assert run("settings", "unset", "zine").code == 2
    assert not path.exists()
