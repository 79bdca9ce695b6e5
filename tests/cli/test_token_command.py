"""A program of the user that prints access tokens, for any server that takes them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from tests.cli.life import NOW, Life
from tests.dav.gates import TokenGate, behind
from tests.running import Result
from tests.sync.http import CALENDAR, HOME, PASSWORD, USER, DavServer, serving

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the modes of files are POSIX's")

_PROGRAM = """
import pathlib, sys
count = pathlib.Path(sys.argv[1])
number = int(count.read_text()) + 1 if count.exists() else 0
count.write_text(str(number))
print(sys.argv[2].format(number))
"""


@attrs.define
class Tokens:
    """Somebody whose settings name a program that prints tokens, and a gate that takes them."""

    life: Life
    gate: TokenGate
    dav: DavServer
    url: str
    count: Path
    program: Path

    def configure(self, prints: str = "t0ken-{}", more: str = "", *, data: bool = False) -> None:
        """Name the program in the settings: the user's own, or those of the directory."""
        words = [sys.executable, str(self.program), str(self.count), prints]
        listed = ", ".join(f'"{word}"' for word in words)
        folder = self.life.data if data else Path(os.environ["XDG_CONFIG_HOME"]) / "afterword"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "settings.toml"
        path.write_text(
            f'zone = "Africa/Johannesburg"\n[calendar]\nurl = "{self.url}{CALENDAR}"\n'
            f"token_command = [{listed}]\n{more}"
        )
        path.chmod(0o600)

    def runs(self) -> int:
        """Return how often the program was run."""
        return int(self.count.read_text()) + 1 if self.count.exists() else 0

    def __call__(self, *args: str, code: int = 0) -> Result:
        result = self.life(NOW, *args, code=code)
        assert not re.search(r"t0ken-\d", result.text + result.stderr)
        return result


@pytest.fixture
def tokens(life: Life, tmp_path: Path) -> Iterator[Tokens]:
    life.held()
    dav = DavServer()
    gate = TokenGate(behind(dav))
    gate.left |= {f"t0ken-{number}": 3 for number in range(99)}
    program = tmp_path / "tokens.py"
    program.write_text(_PROGRAM)
    with serving(DavServer(twist=gate)) as served:
        yield Tokens(life, gate, dav, served.url, tmp_path / "count", program)


def test_it_is_run_again_when_a_token_has_worn_out(tokens: Tokens) -> None:
    tokens.configure()

    assert "4 written" in tokens("sync").text
    assert "up to date" in tokens("sync").text

    assert len(tokens.dav.model.objects) == 4
    assert tokens.runs() >= 3


def test_the_calendars_are_found_with_it_and_no_user_is_needed(tokens: Tokens) -> None:
    tokens.configure()

    result = tokens("calendars", "--server", f"{tokens.url}/dav/")

    assert tokens.url + CALENDAR in result.text
    assert tokens.runs() == 1


def test_a_token_that_is_refused_twice_ends_it(tokens: Tokens) -> None:
    tokens.configure("b4d-{}")

    stderr = " ".join(tokens("sync", code=5).stderr.split())

    assert "refused the access token, and a new one too" in stderr
    assert "token_command below [calendar]" in stderr
    assert tokens.runs() == 2
    assert tokens.dav.model.objects == {}


BAD = {
    "nothing": ("", "is empty"),
    "two words": ("t0ken {}", "is no access token"),
    "a colon": ("Bearer:t0ken", "is no access token"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_token_is_not_sent(tokens: Tokens, case: str) -> None:
    prints, message = BAD[case]
    tokens.configure(prints)

    assert message in " ".join(tokens("sync", code=2).stderr.split())

    assert tokens.gate.refused == 0


def test_a_program_that_fails_is_named(tokens: Tokens) -> None:
    tokens.configure()
    tokens.program.write_text("raise SystemExit(3)")

    stderr = " ".join(tokens("sync", code=2).stderr.split())

    assert "token_command:" in stderr
    assert "ended with 3; run it yourself to see why" in stderr


@pytest.mark.parametrize("others", [0o666, 0o620])
def test_settings_that_others_can_change_run_nothing(tokens: Tokens, others: int) -> None:
    tokens.configure()
    (Path(os.environ["XDG_CONFIG_HOME"]) / "afterword" / "settings.toml").chmod(others)

    assert "so its token_command is not run" in " ".join(tokens("sync", code=2).stderr.split())

    assert tokens.runs() == 0


def test_in_a_directory_of_somebody_else_it_is_approved_first(tokens: Tokens) -> None:
    tokens.configure(data=True)

    stderr = " ".join(tokens("sync", code=2).stderr.split())
    assert "that you have not approved yet" in stderr
    assert tokens.runs() == 0
    tokens("settings", "--approve")
    tokens("sync")
    assert len(tokens.dav.model.objects) == 4
    tokens.configure("another-{}", data=True)
    assert "have not approved yet" in tokens("sync", code=2).stderr


def test_approving_a_password_command_approves_no_token_command(
    tokens: Tokens,
) -> None:
    """Not even where the directory was synced before programs had to be approved."""
    tokens.configure(more='password_command = ["true"]\n', data=True)
    path = tokens.life.data / "settings.toml"
    both = path.read_text()
    alone = [line for line in both.splitlines() if not line.startswith("token_command")]
    path.write_text("\n".join(alone))
    tokens("settings", "--approve")
    path.write_text(both)

    assert "have not approved yet" in tokens("sync", code=2).stderr
    assert tokens.runs() == 0


def test_a_password_of_this_run_counts_before_it(tokens: Tokens, tmp_path: Path) -> None:
    tokens.configure()
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)

    tokens("sync", "--user", USER, "--password-file", str(secret), code=5)

    assert tokens.runs() == 0


def test_another_server_gets_no_token(tokens: Tokens) -> None:
    tokens.configure()
    with serving(DavServer()) as other:
        tokens("calendars", "--server", f"{other.url}{HOME}", "--user", USER, code=2)
        assert other.log == []
    assert tokens.runs() == 0


def test_the_doctor_tries_it(
    tokens: Tokens, at: Callable[[str], None], machine_zone: Callable[[str | None], None]
) -> None:
    at(NOW)
    machine_zone("Africa/Johannesburg")
    tokens.configure()

    found = {one["about"]: one for one in tokens.life(NOW, "doctor", "--json").json["findings"]}

    assert found["token"]["verdict"] == "ok"
    assert "by token_command" in found["token"]["told"]
    assert found["a try"]["verdict"] == "ok"
    assert "password" not in found
