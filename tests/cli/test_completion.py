"""A shell completes commands, applications, steps, answers, channels, settings, zones, files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from afterword.cli import app
from afterword.cli.shell_completion import SHELLS, TABLE
from afterword.domain.model import Answer, Channel, StepKind
from afterword.settings.settings_schema import SETTINGS
from tests.cli.command_table import table_text
from tests.cli.life import NOW, THANDI, Life
from tests.cli.test_imports import imported_modules, unwanted
from tests.running import Run

Complete = Callable[..., list[str]]
KAROO = "karoo-marketing-manager"


@pytest.fixture
def complete(run: Run) -> Complete:
    """Return the values that bash would offer: `complete("sent", "ka")`."""

    def values(*words: object) -> list[str]:
        line = " ".join(f"'{word}'" for word in ("afterword", *words))
        env = {
            "_AFTERWORD_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words)),
        }
        done = run(env=env)
        assert (done.code, done.stderr) == (0, "")
        return [row.partition(",")[2] for row in done.text.splitlines() if row]

    return values


@pytest.fixture
def search(life: Life) -> Life:
    """Return a person with three applications."""
    life.held()
    for company in ("Müller GmbH", "Acme"):
        life(NOW, "add", company, "Cook", "--at", "2026-11-30 14:00", "--with", THANDI)
    return life


def test_the_table_is_that_of_the_commands() -> None:
    assert TABLE.read_text("utf-8") == table_text(), "run: python -m tests.cli.command_table"


def test_every_command_is_completed(complete: Complete) -> None:
    assert set(complete("")) == set(app.COMMANDS)
    assert complete("hea") == ["heard"]
    assert complete("help", "hea") == ["heard"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("sent", "karoo", ""), list(StepKind)),
        (("sent", "karoo", "sec"), ["second-follow-up"]),
        (("skip", "karoo", "T"), ["thank-you"]),
        (("restore", "karoo", "move"), ["move-on"]),
        (("draft", "karoo", "no"), ["no-show"]),
        (("heard", "karoo", ""), list(Answer)),
        (("sent", "karoo", "--by", ""), list(Channel)),
        (("sent", "karoo", "--by=ph"), ["phone"]),
        (("add", "--channel", "l"), ["linkedin"]),
        (("settings", ""), ["set", "unset", "get", "edit", "path"]),
        (("settings", "set", ""), [spec.name for spec in SETTINGS]),
        (("settings", "get", "applicant.n"), ["applicant.name"]),
        (("config", "set", "lang"), ["language"]),
        (("completion", "power"), ["powershell"]),
        (("next", "--zone", "Europe/Berl"), ["Europe/Berlin"]),
        (("--zone", "africa/joh"), ["Africa/Johannesburg"]),
        (("add", "--employer-zone", "Asia/Kolk"), ["Asia/Kolkata"]),
        (("drafts", "show", "en/email/thank-you.5"), ["en/email/thank-you.5"]),
        (("import", "--panel"), ["--panel-day"]),
        (("heard", "--dry-run", "karoo", "ne"), ["neutral"]),
        (("sent", "karoo", "--d"), ["--dry-run", "--data"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_values_are_completed(
    complete: Complete, words: tuple[str, ...], values: list[str]
) -> None:
    assert sorted(complete(*words)) == sorted(values)


@pytest.mark.parametrize(
    "command", ["sent", "show", "round", "undo", "edit", "rm", "plan", "close"]
)
def test_applications_are_completed(search: Life, complete: Complete, command: str) -> None:
    found = complete(command, "--data", search.data, "ka")

    assert [value for value in found if value != "ka"] == [KAROO]


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ["acme-cook", KAROO, "muller-gmbh-cook"]),
        ("muell", ["muller-gmbh-cook"]),
        ("MÜLL", ["muller-gmbh-cook"]),
        ("cook", ["acme-cook", "muller-gmbh-cook"]),
        ("marketing m", [KAROO]),
        ("zzz", []),
    ],
)
def test_applications_are_found_by_their_words(
    search: Life, complete: Complete, typed: str, ids: list[str]
) -> None:
    assert complete("--data", search.data, "sent", typed) == ids


def test_the_usual_directory_is_read(search: Life, run: Run, complete: Complete) -> None:
    life = run("add", "Karoo", "Cook", "--at", "2026-11-30 14:00", *search.flags(NOW)[:4])
    assert life.code == 0

    assert complete("sent", "") == ["karoo-cook"]


def test_a_damaged_file_and_the_settings_are_left_out(search: Life, complete: Complete) -> None:
    (search.data / "broken.toml").write_text("company = ")
    (search.data / "settings.toml").write_text('language = "en"\n')
    (search.data / "odd.toml").write_text('company = 3\nrole = "x"\n')

    assert len(complete("sent", "--data", search.data, "")) == 3


def test_several_applications_of_a_file_and_a_client(life: Life, complete: Complete) -> None:
    life.data.mkdir()
    (life.data / "mia.toml").write_text(
        '[[application]]\nid = "one"\ncompany = "A"\nrole = "B"\n[application.applicant]\n'
        'name = "Mia Bauer"\n[[application]]\ncompany = "C"\nrole = "D E"\n'
    )

    assert complete("sent", "--data", life.data, "") == ["one", "c-d-e"]
    assert complete("sent", "--data", life.data, "bau") == ["one"]


def test_interviews_of_the_application_are_completed(search: Life, complete: Complete) -> None:
    assert complete("cancel", "--data", search.data, KAROO, "") == ["r1"]
    moved = complete("move", "--data", search.data, KAROO, "")
    assert moved == [*StepKind, "interview", "r1"]


def test_descriptions_come_with_the_values_where_a_shell_shows_them(search: Life, run: Run) -> None:
    env = {
        "_AFTERWORD_COMPLETE": "fish_complete",
        "COMP_WORDS": f"afterword sent --data {search.data} ka",
        "COMP_CWORD": "ka",
    }
    assert run(env=env).text == f"plain,{KAROO}\tKaroo, Marketing Manager\n"


def test_powershell_gets_a_word_a_line(search: Life, run: Run) -> None:
    env = {
        "_AFTERWORD_COMPLETE": "powershell_complete",
        "COMP_WORDS": "\n".join(("afterword", "sent", "--data", str(search.data), "ka")),
    }
    assert run(env=env).text == f"plain\t{KAROO}\tKaroo, Marketing Manager\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_names_the_program(run: Run, shell: str) -> None:
    printed = run("completion", shell)

    assert printed.code == 0
    assert "_AFTERWORD_COMPLETE" in printed.text
    assert f"{shell}_complete" in printed.text


def test_the_login_shell_is_the_default(run: Run) -> None:
    assert run("completion", env={"SHELL": "/usr/bin/zsh"}).text == run("completion", "zsh").text
    refused = run("completion", env={"SHELL": "/bin/tcsh"})
    assert (refused.code, "bash, zsh, fish, powershell" in refused.stderr) == (2, True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("words", "replies"),
    [
        (("sent", "ka"), [KAROO]),
        (("sent", KAROO, "fi"), ["first-follow-up"]),
        (("hea",), ["heard"]),
    ],
    ids=" ".join,
)
def test_bash_completes(
    search: Life, run: Run, tmp_path: Path, words: tuple[str, ...], replies: list[str]
) -> None:
    program = tmp_path / "bin" / "afterword"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m afterword "$@"\n')
    program.chmod(0o700)
    script = tmp_path / "completion.sh"
    script.write_text(run("completion", "bash").text)
    applications = tmp_path / "share/afterword"
    applications.parent.mkdir()
    applications.symlink_to(search.data)
    quoted = " ".join(f"'{word}'" for word in ("afterword", *words))
    typed = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _afterword_completion afterword"
    shown = "printf '%s\\n' \"${COMPREPLY[@]}\""
    done = subprocess.run(
        [
            *("bash", "--norc", "-c"),
            f'. "$1"; {typed}; {shown}',
            *("bash", script),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={
            "PATH": f"{program.parent}:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "share"),
        },
    )
    assert done.stdout.split() == replies


def test_a_completion_imports_little_more_than_click(
    search: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured, with ten applications: 1.6 times the CPU time of `python -c "import click"`."""
    monkeypatch.setenv("_AFTERWORD_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"afterword sent --data {search.data} ka")
    monkeypatch.setenv("COMP_CWORD", "4")
    modules = imported_modules()

    heavy = {"attr", "cattrs", "dateutil", "holidays", "icalendar", "importlib.resources"}
    assert not unwanted(modules, heavy | {"afterword.cli.commands", "afterword.domain.model"})
    assert {"afterword.storage.stored_names", "platformdirs"} <= modules
    own = {module for module in modules if module.startswith("afterword.")}
    assert len(own) <= 24, own
