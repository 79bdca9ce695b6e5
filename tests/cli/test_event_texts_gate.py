"""Every text that becomes an event passes one gate, whatever template it came through (B4)."""

from __future__ import annotations

import icalendar
import pytest

from afterword.domain.sanitize import clean
from tests.cli.life import NOW, Life
from tests.cli.synced import Synced

FORBIDDEN = {
    "noncharacter": "\ufffe",
    "last-noncharacter": "\U0010ffff",
    "escape": "\x1b[31m",
    "null": "\x00",
    "c1": "\x9b",
}


def write_template(life: Life, body: str, subject: str = "Subject: Hello") -> None:
    life.data.mkdir(exist_ok=True)
    (life.data / "settings.toml").write_text("")
    path = life.data / "drafts" / "en" / "email" / "first-follow-up.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(f"{subject}\n\n{body}\n".encode())


def check_texts(text: str) -> None:
    for event in icalendar.Calendar.from_ical(text).walk():
        for name in ("SUMMARY", "DESCRIPTION", "URL"):
            value = str(event.get(name, ""))
            assert value == clean(value)
    assert text.isprintable() or set(text) - set(clean(text)) == {"\r"}


@pytest.mark.parametrize("character", [pytest.param(c, id=f"B4-{n}") for n, c in FORBIDDEN.items()])
@pytest.mark.parametrize("where", ["body", "subject", "constant"])
def test_no_character_that_breaks_a_calendar_passes_a_template(
    life: Life, character: str, where: str
) -> None:
    life.held()
    escaped = character.encode("unicode_escape").decode()
    body = f'About {{{{ "{escaped}" }}}}role' if where == "constant" else f"About {character}it"
    subject = f"Subject: Hello {character}" if where == "subject" else "Subject: Hello"
    write_template(life, body, subject)

    life.export(NOW)

    text = life.calendar.read_bytes().decode()
    assert "About" in text
    check_texts(text)


def test_a_lone_surrogate_in_a_template_reaches_no_event(life: Life) -> None:
    life.held()
    write_template(life, 'About {{ "\\ud800" }}it')

    life.export(NOW)

    assert "About it" in life.calendar.read_bytes().decode()


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param("{{ 7 in company }}", id="B4-in"),
        pytest.param("{{ 7 < company }}", id="B4-less"),
        pytest.param("{% if company > 7 %}x{% endif %}", id="B4-if"),
        pytest.param("{{ company in 7 }}", id="B4-in-number"),
    ],
)
@pytest.mark.parametrize("command", ["export", "sync"])
def test_a_comparison_that_cannot_be_made_is_an_error_of_its_file_and_line(
    synced: Synced, condition: str, command: str
) -> None:
    life = synced.life
    write_template(life, f"One line.\n{condition}")
    words = synced.command() if command == "sync" else ("export", "-o", str(life.calendar))

    stderr = life.refused(NOW, *words)

    assert "first-follow-up.txt, line 4: " in stderr
    assert not synced.remote.model.objects


def test_a_template_with_such_characters_leaves_the_server_s_calendar_well_formed(
    synced: Synced,
) -> None:
    write_template(synced.life, 'A\ufffe{{ "\\x1b\\ufffe" }}B')

    synced(NOW)
    synced(NOW)

    assert synced.shows("AB")
    for body in synced.remote.model.bodies():
        assert body.decode() == clean(body.decode()).replace("\n", "\r\n")
