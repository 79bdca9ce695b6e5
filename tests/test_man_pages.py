"""The manual pages: a page for each command, in the wheel."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afterword import __version__
from afterword.cli.app import COMMANDS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the text of each page by its name."""
    script: dict[str, Any] = runpy.run_path(str(ROOT / ".ci/man_pages.py"))
    write: Callable[[Path, str], list[Path]] = script["write_man_pages"]
    written = write(tmp_path_factory.mktemp("man"), __version__)
    return {path.name: path.read_text("utf-8") for path in written}


def test_there_is_a_page_for_each_command(pages: dict[str, str]) -> None:
    assert {"afterword.1", *(f"afterword-{name}.1" for name in COMMANDS)} <= pages.keys()
    assert "afterword-settings-set.1" in pages


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        ("afterword.1", [".SH COMMANDS", ".B afterword sent", ".SH OTHER NAMES", __version__]),
        ("afterword-sent.1", [".SH SYNOPSIS", ".B \\-\\-by", ".SH EXAMPLES", "[STEP]"]),
        ("afterword-completion.1", ['eval "$(afterword completion zsh)"', ".nf"]),
    ],
    ids=["group", "command", "lines as they are"],
)
def test_a_page_has_its_sections(pages: dict[str, str], page: str, parts: list[str]) -> None:
    assert [part for part in parts if part not in pages[page]] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_groff_has_nothing_to_complain_about(pages: dict[str, str]) -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z", "-k"],  # noqa: S607
        input="\n".join(pages.values()).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


def test_the_wheel_has_the_pages(pages: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="needs the build backend")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    prefix = f"afterword-{__version__}.data/data/share/man/man1/"

    assert {name.removeprefix(prefix) for name in names if name.startswith(prefix)} == set(pages)
    assert "afterword/cli/command_table.json" in names
