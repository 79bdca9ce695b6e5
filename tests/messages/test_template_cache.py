"""Compiled templates are kept in the user's cache, and nothing depends on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = "Subject: Thanks\n\n{{ greeting }}\n"
# Prints the template as it is rendered, and how many templates were compiled for it.
SCRIPT = """\
import sys
from jinja2 import Environment
parse, parsed = Environment.parse, []
Environment.parse = lambda *args, **kwargs: parsed.append(1) or parse(*args, **kwargs)
from afterword.messages.templates import MessageTemplate, render_template
class Variables:
    greeting = "Dear Thandi,"
    spelled = staticmethod(str)
template = MessageTemplate(filename="thanks.txt", source=sys.argv[1])
print(render_template(template, Variables()).body, len(parsed))
"""


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "cache" / "afterword" / "templates"


def render(source: str = SOURCE) -> str:
    """Render a template in a process of its own."""
    command = [sys.executable, "-c", SCRIPT, source]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_template_is_compiled_once_and_again_when_it_was_changed(folder: Path) -> None:
    assert render() == "Dear Thandi, 1"
    assert render() == "Dear Thandi, 0"
    assert render(f"{SOURCE}Bye") == "Dear Thandi, Bye 1"
    assert len(list(folder.iterdir())) == 1
    assert folder.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


@pytest.mark.parametrize(
    ("kept", "added"),
    [
        pytest.param(0, b"", id="empty"),
        pytest.param(0, b"x" * 500, id="other"),
        pytest.param(9, b"", id="half-its-version"),
        pytest.param(20, b"", id="no-digest"),
        pytest.param(20, b"x" * 500, id="another-digest"),
        pytest.param(300, b"", id="half-its-code"),
    ],
)
def test_a_damaged_file_is_made_again(folder: Path, kept: int, added: bytes) -> None:
    render()
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[:kept] + added)

    assert render() == "Dear Thandi, 1"
    assert render() == "Dear Thandi, 0"


def test_without_a_place_for_the_cache_it_is_compiled_each_time(folder: Path) -> None:
    folder.parents[1].write_text("a file where a directory should be", encoding="utf-8")

    assert render() == render() == "Dear Thandi, 1"
