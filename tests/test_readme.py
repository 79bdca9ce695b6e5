"""The README shows real output, in its text and its picture, and names every command."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from afterword.cli.app import COMMANDS
from tests.benchmarks import report
from tests.benchmarks.marks import GROUPS
from tests.running import Run
from tests.terminal_picture import draw_terminal

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
RESULT = ROOT / "tests" / "benchmarks" / "result.json"
PICTURE = ROOT / "samples" / "terminal.svg"
PICTURED = (
    (
        "2026-11-24T09:00",
        'afterword add "Karoo Analytics" "Marketing Manager" --at "today 2pm"',
        '--with "Thandi Nkosi <thandi@karoo.example>" --country ZA',
    ),
    ("2026-11-24T18:00", "afterword sent karoo thank-you"),
    ("2026-11-30T10:00", "afterword next"),
)
MEASURED = re.compile(r"(?<=<!-- benchmarks -->\n).*?(?=<!-- /benchmarks -->)", re.DOTALL)
BLOCK = re.compile(r"(<!-- now: (\S+) -->\n```console\n)(.*?)(```\n)", re.DOTALL)


def test_the_commands_show_what_the_readme_shows(
    run: Run, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = README.read_text("utf-8")

    def really(block: re.Match[str]) -> str:
        lines = [line for line in block[3].splitlines() if line.startswith("$ ")]
        fixed = ("--zone", "Africa/Johannesburg", "--data", tmp_path, "--now", block[2])
        shown = ""
        for line in lines:
            program, *arguments = shlex.split(line[2:])
            assert program == "afterword"
            result = run(*arguments, *fixed)
            assert result.code == 0, result.stderr
            shown += f"{line}\n{result.text}"
        return f"{block[1]}{shown}{block[4]}"

    expected = BLOCK.sub(really, text)
    if request.config.getoption("--update-golden"):
        README.write_text(expected, "utf-8")

    assert text.count("<!-- now:") == len(BLOCK.findall(text)) > 0
    assert README.read_text("utf-8") == expected


def test_the_picture_shows_real_output(
    run: Run, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "settings.toml").write_text('[applicant]\nname = "Sam Seeker"\n', "utf-8")
    fixed = ("--zone", "Africa/Johannesburg", "--data", tmp_path)
    shown = ""
    for now, *lines in PICTURED:
        _, *arguments = shlex.split(" ".join(lines))
        result = run(
            *arguments, *fixed, "--now", now, tty=True, env={"COLUMNS": "80", "TERM": "xterm"}
        )
        assert result.code == 0, result.stderr
        typed = " \\\n    ".join(lines)
        shown += f"$ {typed}\n{result.text}\n"
    drawn = draw_terminal(shown, 80)
    if request.config.getoption("--update-golden"):
        PICTURE.write_text(drawn, "utf-8")

    assert PICTURE.read_text("utf-8") == drawn


def test_every_command_is_named() -> None:
    text = README.read_text("utf-8")

    assert [name for name in COMMANDS if not re.search(rf"[`\s]{name}[`\s]", text)] == []


def test_the_figures_are_those_of_the_last_measurement(request: pytest.FixtureRequest) -> None:
    figures = json.loads(RESULT.read_text("utf-8"))["figures"]
    shown = f"{report.readme_table(figures)}\n"
    expected = MEASURED.sub(lambda _: shown, README.read_text("utf-8"))
    if request.config.getoption("--update-golden"):
        README.write_text(expected, "utf-8")

    assert figures.keys() <= GROUPS.keys()
    assert README.read_text("utf-8") == expected
