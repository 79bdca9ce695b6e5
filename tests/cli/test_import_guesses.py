"""Options for several invitations at once, and guesses that the user has confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import Run

from .test_import import Importer, invitation, on_a_terminal

pytestmark = pytest.mark.usefixtures("is_set_up")

UNNAMED = invitation(uid="two", start="20261130T100000", end="20261130T110000", summary="A talk")


@pytest.fixture
def take(run: Run, tmp_path: Path) -> Importer:
    return Importer(run, tmp_path)


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")], ids=" ".join)
def test_an_option_is_for_the_file_that_lacks_it(take: Importer, order: tuple[str, str]) -> None:
    (take.folder / "a.ics").write_bytes(invitation())
    (take.folder / "b.ics").write_bytes(UNNAMED)
    paths = [take.folder / f"{name}.ics" for name in order]

    result = take.raw("plan", *paths, "--role", "Picture Editor", "--json")

    roles = [application["role"] for application in result.json["applications"]]
    expected = {"a": "Marketing Manager", "b": "Picture Editor"}
    assert roles == [expected[name] for name in order]
    assert "a.ics: --role 'Picture Editor' is for a file without a role" in result.stderr


def test_a_start_is_for_the_file_that_lacks_it(take: Importer) -> None:
    day = invitation(uid="two").decode()
    for name, time in (("DTSTART", "20261124T140000"), ("DTEND", "20261124T150000")):
        timed = f"{name};TZID=Africa/Johannesburg:{time}"
        day = day.replace(timed, f"{name};VALUE=DATE:2026113{int(name == 'DTEND')}")
    (take.folder / "a.ics").write_bytes(invitation(summary="Interview for the Designer role"))
    (take.folder / "b.ics").write_text(day.replace("20261131", "20261201"), "utf-8")

    paths = [take.folder / name for name in ("a.ics", "b.ics")]
    at = ("--at", "2026-11-30 09:00", "--json")
    applications = take.raw("plan", *paths, *at).json["applications"]

    opens = [application["steps"][0]["opens"] for application in applications]
    assert opens == ["2026-11-24T15:00:00+02:00", "2026-11-30T10:00:00+02:00"]


def test_an_option_replaces_the_guess_of_a_single_file(take: Importer) -> None:
    (take.folder / "a.ics").write_bytes(invitation())

    result = take.raw("plan", take.folder / "a.ics", "--role", "Picture Editor", "--json")

    assert result.json["applications"][0]["role"] == "Picture Editor"


def test_a_confirmed_answer_is_no_guess(take: Importer) -> None:
    result = on_a_terminal(take, invitation(), "\n\n")

    assert result.code == 0, result.stderr
    assert "Assuming the company" not in result.stderr
    assert "Assuming the role" not in result.stderr


@pytest.mark.parametrize("key", ["me", "applicant"])
def test_the_own_address_is_learned_from_the_settings(take: Importer, key: str) -> None:
    take.data.mkdir()
    text = {
        "me": 'me = ["sam@mail.example"]\n',
        "applicant": '[applicant]\nemail = "sam@mail.example"\n',
    }
    (take.data / "settings.toml").write_text(text[key], "utf-8")

    (event,) = take(invitation())

    assert (event["me"], "me" in event["guessed"]) == ("sam@mail.example", False)
