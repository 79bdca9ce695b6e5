"""Programs that settings beside application files name run only once they are approved (B6)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.life import NOW
from tests.cli.synced import Synced
from tests.sync.http import CALENDAR, PASSWORD, USER

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts")


@pytest.fixture
def cloned(synced: Synced, tmp_path: Path) -> Synced:
    """Return somebody whose directory came with settings that name a program."""
    script = synced.life.data / "password.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\necho {PASSWORD}\n")
    script.chmod(0o700)
    write_settings(synced, str(script))
    return synced


def write_settings(synced: Synced, *program: str) -> None:
    words = ", ".join(f'"{word}"' for word in program)
    (synced.life.data / "settings.toml").write_text(
        f'[calendar]\nurl = "{synced.remote.url}{CALENDAR}"\nuser = "{USER}"\n'
        f"password_command = [{words}]\n"
    )


def has_run(tmp_path: Path) -> bool:
    return (tmp_path / "ran").exists()


@pytest.mark.parametrize("command", [("sync",), ("sync", "--dry-run"), ("calendars",)])
def test_off_a_terminal_it_is_refused_and_the_approving_command_named(
    cloned: Synced, tmp_path: Path, command: tuple[str, ...]
) -> None:
    stderr = cloned.life.refused(NOW, *command)

    assert f"afterword settings --approve --data {cloned.life.data}" in stderr
    assert not has_run(tmp_path)
    assert not cloned.remote.log


def test_once_approved_it_runs(cloned: Synced, tmp_path: Path) -> None:
    cloned.life(NOW, "settings", "--approve")
    assert not has_run(tmp_path)

    cloned.life(NOW, "sync")
    cloned.life(NOW, "sync")

    assert has_run(tmp_path)


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_it_is_asked_about_once(cloned: Synced, tmp_path: Path, answer: str) -> None:
    flags = cloned.life.flags(NOW)

    first = cloned.life.run("sync", *flags, tty=True, input=f"{answer}\n".encode())

    assert "password.sh" in first.stderr
    assert (first.code, has_run(tmp_path)) == ((0, True) if answer == "y" else (2, False))
    again = cloned.life.run("sync", *flags)
    assert again.code == first.code


@pytest.mark.parametrize("changed", ["program", "script", "address"])
def test_what_has_changed_is_approved_anew(cloned: Synced, tmp_path: Path, changed: str) -> None:
    script = cloned.life.data / "password.sh"
    cloned.life(NOW, "settings", "--approve")
    if changed == "program":
        write_settings(cloned, str(script), "--fast")
    elif changed == "script":
        script.write_text(f"{script.read_text()}# changed\n")
    else:
        settings = cloned.life.data / "settings.toml"
        settings.write_text(settings.read_text().replace(CALENDAR, "/elsewhere/"))

    assert "not approved" in cloned.life.refused(NOW, "sync")
    assert not has_run(tmp_path)


def test_a_directory_that_has_synced_before_is_approved(cloned: Synced, tmp_path: Path) -> None:
    cloned(NOW)  # with --password-file, which runs no program
    assert not has_run(tmp_path)

    cloned.life(NOW, "sync")

    assert has_run(tmp_path)
    write_settings(cloned, "true")
    assert "not approved" in cloned.life.refused(NOW, "sync")


def test_the_user_s_own_settings_need_no_approval(
    synced: Synced, home: Path, tmp_path: Path
) -> None:
    write_settings(synced, "/bin/sh", "-c", f"touch {tmp_path / 'ran'}; echo {PASSWORD}")
    path = Path(synced.life.run("settings", "--json").json["path"])
    assert path.is_relative_to(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    (synced.life.data / "settings.toml").rename(path)

    synced.life(NOW, "sync")

    assert has_run(tmp_path)
