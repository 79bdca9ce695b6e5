"""A sync renders the drafts of an application again when anything in them may have changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import afterword
from afterword.domain.calendar_model import EventRole, EventText
from afterword.domain.planning.plan import Plan, Step
from afterword.messages.event_description import EventTextBuilder
from afterword.settings.paths import find_locations
from afterword.storage.state import event_texts
from afterword.storage.state.database import Database
from tests.cli.synced import DURING, NEXT_DAY, Synced
from tests.cli.test_imports import DRAFTS, imported_modules, unwanted

OWN = "Subject: Thanks\n\n{{ greeting }}\n\nThank you for the coffee.\n"


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that gets the id of the application of each text that is rendered."""
    ids: list[str] = []
    render = EventTextBuilder.__call__

    def noted(self: EventTextBuilder, plan: Plan, step: Step, role: EventRole) -> EventText:
        ids.append(plan.application.id)
        return render(self, plan, step, role)

    monkeypatch.setattr(EventTextBuilder, "__call__", noted)
    return ids


def texts(synced: Synced) -> str:
    """Return all events of the calendar, unfolded."""
    bodies = (body for body, *_ in synced.remote.model.objects.values())
    return b"".join(bodies).replace(b"\r\n ", b"").decode()


def use_settings(synced: Synced, text: str) -> None:
    path = synced.life.data / "settings.toml"
    path.write_text(f'zone = "Africa/Johannesburg"\n{text}', "utf-8")


def use_template(synced: Synced, text: str) -> None:
    path = synced.life.data / "drafts" / "en" / "email" / "thank-you.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def use_client(synced: Synced) -> None:
    synced.life.write_into("karoo", '\n[applicant]\nname = "Zola Client"\n')


CHANGES: dict[str, tuple[Callable[[Synced], None], str]] = {
    "application": (use_client, "Zola Client"),
    "name": (lambda synced: use_settings(synced, '[applicant]\nname = "Sam Seeker"\n'), "Sam"),
    "books": (
        lambda synced: use_settings(synced, '[resources]\nbooks = ["Parachute"]\n'),
        "Parachute",
    ),
    "language": (lambda synced: use_settings(synced, 'language = "de"\n'), "Danke"),
    "private": (lambda synced: use_settings(synced, "private = true\n"), "not shown in this"),
    "hours": (
        lambda synced: use_settings(synced, '[hours]\noffice = ["11:00", "17:00"]\n'),
        "DTSTART:20261130T090000Z",
    ),
    "template": (lambda synced: use_template(synced, OWN), "the coffee"),
    "zone": (lambda synced: setattr(synced.life, "zone", "Asia/Tokyo"), "Johannesburg"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_what_is_in_a_draft_renders_it(
    synced: Synced, rendered: list[str], name: str
) -> None:
    change, words = CHANGES[name]
    use_settings(synced, "")
    synced(DURING)
    before = texts(synced)
    assert words not in before
    rendered.clear()

    change(synced)
    synced(DURING)

    assert rendered
    assert words in texts(synced)


def test_a_template_that_changes_again_is_rendered_again(synced: Synced) -> None:
    use_settings(synced, "")
    use_template(synced, OWN)
    synced(DURING)

    use_template(synced, OWN.replace("coffee", "cookie"))
    synced(DURING)

    assert "the cookie" in texts(synced)
    assert "the coffee" not in texts(synced)


@pytest.mark.parametrize("name", ["program", "day"])
def test_a_new_program_and_a_new_day_render_all(
    synced: Synced, rendered: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    synced(DURING)
    rendered.clear()
    if name == "program":
        monkeypatch.setattr(afterword, "__version__", "99.0")

    synced(NEXT_DAY if name == "day" else DURING)

    assert rendered


def test_a_log_entry_renders_its_application_alone(synced: Synced, rendered: list[str]) -> None:
    synced.life(DURING, "add", "Fynbos", "Cook", "--at", "2026-11-25 10:00", "--country", "none")
    synced(DURING)
    assert len(set(rendered)) > 1
    rendered.clear()

    synced.life(DURING, "heard", "karoo", "neutral")
    synced(DURING)

    assert len(set(rendered)) == 1


def test_nothing_new_renders_nothing(synced: Synced, rendered: list[str]) -> None:
    synced(DURING)
    rendered.clear()

    synced(DURING)

    assert rendered == []


def test_a_dry_run_saves_no_texts(synced: Synced, rendered: list[str]) -> None:
    synced(DURING, "--dry-run")
    rendered.clear()

    synced(DURING)

    assert rendered


def test_the_texts_of_a_forgotten_application_are_not_kept(synced: Synced) -> None:
    def saved() -> list[str]:
        with Database(find_locations(synced.life.data).database) as database:
            return list(event_texts.load_texts(database))

    synced(DURING)
    assert saved() == ["karoo-marketing-manager"]

    synced.life(DURING, "forget", "karoo", "--yes")
    synced(DURING)

    assert saved() == []


def test_nothing_new_needs_no_code_for_drafts_and_folders(synced: Synced) -> None:
    synced(DURING)
    synced(DURING)

    modules = imported_modules(*synced.command(), *synced.life.flags(DURING), "--json")

    names = {"afterword.formats.ics_patch", "afterword.vdir", "afterword.messages.facts"}
    assert not unwanted(modules, DRAFTS | names)
