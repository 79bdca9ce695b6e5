"""Tests of language folders: any part may be missing, a new one needs no code, no copies."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import afterword
from afterword.messages import template_store
from afterword.messages.display_names import find_language
from afterword.messages.i18n import available_languages, get_language
from afterword.messages.template_store import INFORMAL_SUFFIX
from tests.running import Run

PACKAGE = Path(afterword.__file__).parent
FOLDER = PACKAGE / "messages"
LETTER = "Subject: Dankie ({{ role }})\n\n{{ greeting }}\n\nDankie vir {{ weekday }}.\n{% if final_round %}Die laaste.{% endif %}\n{% if talking_point %}{{ talking_point }}{% endif %}\n\n{{ signature }}\n"  # noqa: E501
APPLICATION = """\
company = "Karoo Analytics"
role = "Marketing Manager"
zone = "Africa/Johannesburg"
language = "{language}"

[[interview]]
id = "panel"
round = "laaste rondte"
start = 2026-11-24T14:00:00

[[interview.interviewer]]
name = "Thandi Nkosi"
email = "thandi@karoo.example"
discussed = ["die nuwe ateljee"]
"""
NOW = ("--now", "2026-12-01T10:00:00+02:00", "--zone", "Africa/Johannesburg")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package with a folder `af` that has one letter and a few words."""
    root = tmp_path_factory.mktemp("installed")
    shutil.copytree(PACKAGE, root / "afterword", ignore=shutil.ignore_patterns("__pycache__"))
    folder = root / "afterword" / "messages" / "af"
    (folder / "email").mkdir(parents=True)
    (folder / "email" / "thank-you.txt").write_text(LETTER)
    (folder / "language.toml").write_text(
        'names = ["Afrikaans"]\nformal_first_names = false\n[rounds]\nfinal = ["laaste"]\n'
    )
    return root


def _run(
    installed: Path, home: Path, *args: str, language: str = "af"
) -> subprocess.CompletedProcess[str]:
    home.mkdir(exist_ok=True)
    (home / "data").mkdir(exist_ok=True)
    (home / "data" / "karoo.toml").write_text(APPLICATION.format(language=language))
    environment = {**os.environ, "PYTHONPATH": str(installed), "HOME": str(home)}
    environment |= {name: str(home) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    return subprocess.run(
        [sys.executable, "-m", "afterword", *args, *NOW, "--data", str(home / "data")],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        cwd=home,
    )


def test_a_folder_with_one_letter_is_a_language(installed: Path, tmp_path: Path) -> None:
    thanks = _run(installed, tmp_path, "draft", "karoo", "thank-you", "--now", "2026-11-24T18:00Z")
    assert thanks.returncode == 0, thanks.stderr
    assert "Subject: Dankie (Marketing Manager)" in thanks.stdout
    assert "Die nuwe ateljee." in thanks.stdout
    assert "Die laaste." in thanks.stdout
    notes = " ".join(thanks.stderr.split())
    assert "dates are in English: the language “af” has no words for them yet" in notes
    assert "the language “af” has no sentences around them yet" in notes


@pytest.mark.parametrize("step", ["first-follow-up", "move-on", "no-show", "reply-offer"])
@pytest.mark.parametrize("channel", ["email", "phone", "linkedin"])
def test_a_missing_letter_is_in_english_with_a_note(
    installed: Path, tmp_path: Path, step: str, channel: str
) -> None:
    draft = _run(installed, tmp_path, "draft", "karoo", step, "--channel", channel)
    assert draft.returncode == 0, draft.stderr
    assert "Marketing Manager" in draft.stdout
    assert "There is no text for this in the language “af” yet" in " ".join(draft.stderr.split())


def test_a_language_without_a_folder_is_english_with_a_note(
    installed: Path, tmp_path: Path
) -> None:
    draft = _run(installed, tmp_path, "draft", "karoo", "first-follow-up", language="nb")
    assert draft.returncode == 0, draft.stderr
    assert "There is no text for this in the language “nb” yet" in " ".join(draft.stderr.split())


def test_its_events_and_its_check_work_as_well(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, tmp_path, "settings", "set", "language", "af")
    assert done.returncode == 0, done.stderr
    done = _run(installed, tmp_path, "export", "-o", "jobs.ics")
    assert done.returncode == 0, done.stderr
    calendar = (tmp_path / "jobs.ics").read_text(encoding="utf-8").replace("\r\n ", "")
    assert "SUMMARY:Thank Karoo Analytics" in calendar
    assert "no text for this in the language “af” yet" in calendar
    done = _run(installed, tmp_path, "check", "karoo")
    assert done.returncode in {0, 3}, done.stderr
    assert "Traceback" not in done.stderr
    assert 'There are no tone rules for "af" yet' in done.stderr


def test_its_missing_parts_are_counted_and_named(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, tmp_path, "settings", "set", "language", "af")
    said = " ".join(done.stderr.split())
    missing = 'parts of "af" are missing, and English stands in for them: messages.po, facts.toml, '
    assert missing + "email/competing-offer" in said
    count, total = map(int, re.findall(r"(\d+) of the (\d+) parts", said)[0])
    # An e-mail stands in for a message on LinkedIn in the same language.
    assert (count, said.endswith(f", and {count - 4} more")) == (total - 2, True)
    assert "thank-you" not in said

    done = _run(installed, tmp_path, "doctor", "--json")
    checks = {each["about"]: each for each in json.loads(done.stdout)["findings"]}
    assert checks["language"]["told"] == said.partition(".toml ")[2]
    assert checks["language"]["verdict"] == "look"


@pytest.mark.parametrize("code", sorted(set(available_languages())))
def test_the_languages_of_afterword_lack_nothing(
    run: Run,
    tmp_path: Path,
    at: Callable[[str], None],
    machine_zone: Callable[[str | None], None],
    code: str,
) -> None:
    at("2026-11-24T09:00:00+02:00")
    machine_zone("Africa/Johannesburg")
    done = run("settings", "set", "language", code, "--data", tmp_path)
    assert "missing" not in done.stderr
    done = run("doctor", "--json", *NOW, "--data", tmp_path)
    assert "language" not in [each["about"] for each in json.loads(done.text)["findings"]]


def test_its_letters_can_be_replaced_by_name(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, tmp_path, "drafts", "list", "--all")
    assert "af/email/thank-you" in done.stdout
    done = _run(installed, tmp_path, "drafts", "show", "af/email/thank-you")
    assert done.stdout.strip() == LETTER.strip()


@pytest.mark.parametrize("folder", sorted(each.name for each in FOLDER.glob(f"*{INFORMAL_SUFFIX}")))
def test_a_folder_for_informal_address_holds_only_what_differs(folder: str) -> None:
    base = FOLDER / folder.removesuffix(INFORMAL_SUFFIX)
    assert base.is_dir()
    files = [path for path in (FOLDER / folder).rglob("*") if path.is_file()]
    assert files
    for path in files:
        original = base / path.relative_to(FOLDER / folder)
        assert original.is_file(), f"{path} overlays nothing"
        assert original.read_text() != path.read_text(), f"{path} is a copy: delete it"


def test_a_shared_letter_can_be_replaced_in_either_form() -> None:
    keys = {str(key) for key in template_store.shipped_keys()}
    shared = {
        key
        for key in keys
        if key.startswith("de-informal/") and not (FOLDER / f"{key}.txt").exists()
    }
    assert shared
    assert {key.replace("de-informal/", "de/") for key in shared} <= keys


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("English", "en"), ("deutsch", "de"), ("GERMAN", "de"), ("klingon", None)),
        *(("español", "es"), ("Spanish", "es")),
    ],
)
def test_a_language_is_found_by_the_name_users_call_it(name: str, code: str | None) -> None:
    assert find_language(name) == code


@pytest.mark.parametrize("code", available_languages())
def test_a_language_of_ours_is_complete(code: str) -> None:
    language = get_language(code)
    assert language.is_translated
    for name in ("language.toml", "facts.toml", "tone.toml", *(["messages.po"] * (code != "en"))):
        assert (FOLDER / code / name).is_file(), name


@pytest.mark.parametrize(
    ("informal", "greeting", "words"),
    [
        pytest.param("true", "Hallo Thandi,", ("dir", "dich", "du"), id="du"),
        pytest.param("false", "Guten Tag Thandi Nkosi,", ("Ihnen", "Sie"), id="Sie"),
    ],
)
def test_the_form_of_address_is_chosen_for_each_application(
    run: Run, tmp_path: Path, informal: str, greeting: str, words: tuple[str, ...]
) -> None:
    german = APPLICATION.format(language="de")
    (tmp_path / "karoo.toml").write_text(f"informal = {informal}\n{german}")
    letter = run("draft", "karoo", "first-follow-up", *NOW, "--data", tmp_path)
    assert letter.code == 0, letter.stderr
    assert greeting in letter.text
    assert any(f" {word} " in letter.text for word in words)


@pytest.mark.parametrize(("option", "line"), [("--informal", "true"), ("--formal", "false")])
def test_either_form_of_address_is_read_again(
    run: Run, tmp_path: Path, option: str, line: str
) -> None:
    flags = (*NOW, "--data", tmp_path)
    added = run("add", "Karoo", "Guide", "--at", "2026-12-02 14:00", option, *flags)
    assert added.code == 0, added.stderr
    assert f"informal = {line}\n" in (tmp_path / "karoo-guide.toml").read_text()
    assert run("show", "karoo", *flags).code == 0
