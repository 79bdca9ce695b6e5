"""Each command imports what it needs and no more: an upper bound, and libraries that stay out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.life import NOW, Life

ROOT = Path(__file__).parents[2]
NETWORK = {"afterword.dav", "afterword.sync", "asyncio", "caldav", "niquests", "ssl", "urllib3"}
IMPORTERS = {"afterword.importers", "email_validator", "icalendar"}
WRITERS = {"afterword.formats.application_file.application_editor", "filelock", "tomlkit"}
DRAFTS = {"afterword.messages.compose", "afterword.messages.templates", "babel", "jinja2"}
STATE = {
    "afterword.formats.ics_patch",
    "afterword.formats.ics_files",
    "afterword.storage.state",
    "sqlite3",
}
NEVER = {"keyring", "pyperclip", "tomllib"}
# Only mistakes need difflib; our data files are read by their paths.
RARE = {"difflib", "importlib.resources", "secrets", "tzdata.zoneinfo"}


def imported_modules(*args: object) -> set[str]:
    """Return the modules that a run of the program has imported by its end."""
    return set(evaluated_after("list(sys.modules)", *args))


def evaluated_after(expression: str, *args: object) -> list[Any]:
    """Return the value that an expression has at the end of a run of the program."""
    script = (
        "import gc, json, sys; from afterword.__main__ import main; "
        "collections = [each['collections'] for each in gc.get_stats()]; "
        f"print(json.dumps([main(sys.argv[1:]), *{expression}]), file=sys.stderr)"
    )
    # -S -E: a .pth file in site-packages may import anything, which is not ours.
    path = json.dumps([entry for entry in sys.path if entry])
    done = subprocess.run(
        [
            *(sys.executable, "-S", "-E", "-c"),
            f"import sys; sys.path[:0] = {path}; {script}",
            *map(str, args),
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    code, *values = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return list(values)


def unwanted(modules: set[str], names: set[str]) -> set[str]:
    """Return those of the names that were imported, themselves or a module below them."""
    return {n for n in names if any(m == n or m.startswith(f"{n}.") for m in modules)}


def ours(modules: set[str]) -> int:
    return sum(module.startswith("afterword") for module in modules)


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_import_click_and_nothing_heavy(flag: str) -> None:
    modules = imported_modules(flag)

    assert "click" in modules
    heavy = {
        "attr",
        "cattrs",
        "dateutil",
        "holidays",
        "importlib.metadata",
        "platformdirs",
        "tomli",
    }
    assert not unwanted(modules, heavy | NETWORK | IMPORTERS | WRITERS | DRAFTS | STATE | NEVER)
    prefix = "afterword.cli."
    assert {m.removeprefix(prefix) for m in modules if m.startswith(prefix)} == {
        "app",
        "main",
        "ui",
        "ui.command_help",
        "ui.output",
    }
    assert len(modules) <= 130


def test_a_short_run_never_looks_for_cycles_of_objects(life: Life) -> None:
    life.held()
    collected = "[now['collections'] - before for now, before in zip(gc.get_stats(), collections)]"

    assert evaluated_after(collected, "next", *life.flags(NOW)) == [0, 0, 0]


def test_next_reads_the_store_without_a_writer_drafts_or_state(life: Life) -> None:
    life.held()
    imported_modules("next", *life.flags(NOW))  # holidays come from their cache after this

    modules = imported_modules("next", *life.flags(NOW))

    assert not unwanted(modules, NETWORK | IMPORTERS | WRITERS | DRAFTS | STATE | NEVER | RARE)
    assert ours(modules) <= 66


def test_sent_appends_to_a_file_without_drafts_or_state(life: Life) -> None:
    life.held()

    modules = imported_modules("sent", "karoo", "thank-you", *life.flags(NOW))

    other_changes = {"afterword.formats.dates.date_forms", "tomlkit"}
    assert not unwanted(modules, NETWORK | IMPORTERS | DRAFTS | STATE | NEVER | other_changes)
    assert ours(modules) <= 70


def test_a_plan_of_a_file_needs_no_store(life: Life) -> None:
    modules = imported_modules("plan", "samples/week.toml", *life.flags(NOW))

    store = {"afterword.services.workspace", "afterword.storage.repository"}
    assert not unwanted(modules, store | NETWORK | IMPORTERS | WRITERS | DRAFTS | STATE | NEVER)
    assert ours(modules) <= 60


def test_an_export_of_a_file_needs_no_store(life: Life) -> None:
    output = life.calendar

    modules = imported_modules("export", "samples/week.toml", "-o", output, *life.flags(NOW))

    assert output.exists()
    store = {"afterword.services.workspace", "afterword.storage.repository"}
    assert not unwanted(modules, store | NETWORK | IMPORTERS | WRITERS | {"babel"} | NEVER)
    assert ours(modules) <= 81


def test_an_import_loads_only_the_reader_of_its_file(life: Life, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("company,role,date,time\nKaroo,Designer,2026-11-24,14:00\n")
    readers = {
        "samples/week.toml": set[str](),
        "samples/invitation.eml": {"afterword.importers.invitation.invitation_reader"},
        str(table): {"afterword.importers.spreadsheet.spreadsheet_reader"},
    }
    for path, own in readers.items():
        modules = imported_modules("import", path, "--dry-run", "--json", *life.flags(NOW))

        assert unwanted(modules, set.union(*readers.values())) == own
        assert not unwanted(modules, NETWORK | DRAFTS | STATE | NEVER)
