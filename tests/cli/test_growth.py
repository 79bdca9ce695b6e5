"""A command over twice the applications, or clients, takes at most 2.5 times the work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.life import NOW, Life
from tests.limits.operations import count_calls
from tests.limits.test_growth import HEAD, INTERVIEW, MOST


def store(life: Life, count: int) -> None:
    life.data.mkdir(exist_ok=True)
    for number in range(count):
        text = HEAD + INTERVIEW.format(1, 24, 14)
        applicant = f'\n[applicant]\nname = "Client {number}"\nemail = "c{number}@x.example"\n'
        (life.data / f"a{number}.toml").write_text(f'id = "a{number}"\n{text}{applicant}')


COMMANDS: dict[str, tuple[tuple[str, ...], int]] = {
    "next": (("next",), 50),
    "list": (("list",), 50),
    "next --client": (("next", "--client", "Client"), 50),
    "export": (("export", "-o", "all.ics"), 50),
    "export --per-applicant": (("export", "--per-applicant", "clients"), 10),
    "export --feed": (("export", "--feed", "feeds"), 10),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    command, size = COMMANDS[name]
    monkeypatch.chdir(tmp_path)
    store(life, 1)
    life(NOW, *command)
    calls = []
    for count in (size, 2 * size):
        store(life, count)
        calls.append(count_calls(lambda: life(NOW, *command)))
    once, twice = calls
    assert twice <= MOST * once
