"""`check` of a text: what is reported where, and in which language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.life import THANDI, Life

NOW = "2026-12-01 10:00"
MAIL = "Dear Thandi,\n\nthank you for your time.\nI still haven't heard from you.\n\nSam\n"


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """Return a mail with one reproach, on line 4."""
    path = tmp_path / "mail.txt"
    path.write_text(MAIL)
    return path


def test_a_text_is_reported_with_line_quote_reason_and_suggestion(life: Life, mail: Path) -> None:
    result = life(NOW, "check", mail, code=3)

    assert result.text.startswith(f'{mail}, line 4: "still haven\'t heard": It blames them')
    assert 'Better: "My last note may have come at a busy time."' in result.text
    assert "Found 1 problem in 1 text." in result.stderr


def test_a_text_without_problems(life: Life, tmp_path: Path) -> None:
    for name in ("a.txt", "b.mail"):
        (tmp_path / name).write_text("Is there any news about the role?\n")

    result = life(NOW, "check", tmp_path / "a.txt", tmp_path / "b.mail")

    assert result.text == ""
    assert "No problems found in 2 texts." in result.stderr


def test_a_text_as_json(life: Life, mail: Path) -> None:
    document = life(NOW, "check", mail, "--json", code=3).json

    (text,) = document["texts"]
    (finding,) = text.pop("findings")
    assert (document["version"], document["read"]) == (1, 1)
    assert text == {"file": str(mail), "language": "en"}
    assert {key: finding[key] for key in ("kind", "line", "found")} == {
        "kind": "blame",
        "line": 4,
        "found": "still haven't heard",
    }


@pytest.mark.parametrize(
    ("text", "flags", "language", "code"),
    [
        pytest.param("Ich bin sehr enttäuscht von Ihnen.", (), "de", 3, id="detected"),
        pytest.param("Danke für das Gespräch.", ("--language", "de"), "de", 0, id="given"),
        pytest.param("Danke für das Gespräch.", ("--language", "de-CH"), "de", 0, id="region"),
        pytest.param("Danke für das Gespräch.", ("--language", "en"), "en", 3, id="another"),
    ],
)
def test_the_language_of_a_text(
    life: Life, tmp_path: Path, text: str, flags: tuple[str, ...], language: str, code: int
) -> None:
    (tmp_path / "mail.txt").write_text(text, "utf-8")

    found = life(NOW, "check", tmp_path / "mail.txt", *flags, "--json", code=code).json["texts"]

    assert found[0]["language"] == language


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("Dear Thandi,\n\nthank you.\n", [], id="the right person"),
        pytest.param("Dear Peter,\n\nthank you.\n", ["wrong-name"], id="another person"),
        pytest.param("I would love to join Acme.\n", ["wrong-name"], id="another company"),
        pytest.param("Please tell Jane Okafor.\n", ["wrong-name"], id="another application"),
    ],
)
def test_the_names_in_a_text_for_an_application(
    life: Life, tmp_path: Path, text: str, kinds: list[str]
) -> None:
    at = ("--at", "2026-11-24 14:00")
    life(NOW, "add", "Karoo Analytics", "Designer", *at, "--with", THANDI)
    life(NOW, "add", "Fjord", "Designer", *at, "--with", "Jane Okafor")
    (tmp_path / "mail.txt").write_text(text)
    flags = ("--to", "karoo", "--json")

    result = life(NOW, "check", tmp_path / "mail.txt", *flags, code=3 if kinds else 0)

    assert [finding["kind"] for finding in result.json["texts"][0]["findings"]] == kinds


def test_the_file_of_an_application_is_read_as_one(life: Life) -> None:
    life(NOW, "add", "Karoo", "Designer", "--at", "2026-11-24 14:00", "--with", THANDI)
    (path,) = life.data.glob("*.toml")

    result = life(NOW, "check", path, "--json")

    assert [found["id"] for found in result.json["applications"]] == ["karoo-designer"]
    assert result.json["read"] > 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(("missing.txt",), 65, "missing.txt", id="no such file"),
        pytest.param(("nobody",), 2, "nothing is stored", id="no such application"),
        pytest.param(("--to", "karoo"), 2, "name a FILE", id="nothing to read"),
        pytest.param(("mail.txt", "--language", "xx"), 2, "de, en", id="unknown language"),
    ],
)
def test_what_cannot_be_checked(
    life: Life, mail: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    given = [mail if each == "mail.txt" else each for each in arguments]

    assert message in life(NOW, "check", *given, code=code).stderr
