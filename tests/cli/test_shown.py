"""What is only shown: dry runs, JSON, figures."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.life import CHANGES, NOW, Commands, Life
from tests.cli.test_import import invitation

DRY = [
    ("add", "TUI", "Clerk", "--at", "2026-12-02 10:00"),
    ("add", "Karoo", "Marketing Manager", "--at", "2026-12-03 10:00"),
    ("close", "--all"),
    *(command for before, command in CHANGES if not before and command[0] != "add"),
]


@pytest.mark.parametrize("command", DRY, ids=[" ".join(command[:3]) for command in DRY])
def test_a_dry_run_says_the_same_and_changes_nothing(life: Life, command: tuple[str, ...]) -> None:
    life.held()
    kept = life.files()
    dry = life(NOW, *command, "--dry-run")
    assert life.files() == kept
    assert "Dry run" in dry.stderr

    assert life(NOW, *command).text == dry.text
    assert life.files() != kept


@pytest.mark.parametrize("kept", [False, True], ids=["nothing kept", "two applications"])
@pytest.mark.parametrize(
    "command", ["next", "list", "list --all", "plan", "stats", "show karoo", "import -"]
)
def test_json_is_one_document_and_nothing_else(life: Life, command: str, kept: bool) -> None:
    if kept:
        life.held()
        life(NOW, "add", "TUI", "Clerk", "--at", "2026-11-27 10:00")
    if command.startswith("show") and not kept:
        return
    flags = life.flags(NOW)
    result = life.run(*command.split(), "--json", *flags, input=invitation())
    assert result.code == 0
    assert json.loads(result.stdout)["version"] == 1
    assert result.stdout.isascii()


def test_show_as_json_has_facts_log_and_plan(after: Callable[[Commands], Life]) -> None:
    document = after((("sent", "karoo", "thank-you", "--on", "2026-11-24 18:00"),))(
        NOW, "show", "karoo", "--json"
    ).json
    assert document["facts"]["company"] == "Karoo"
    assert document["facts"]["interview"][0]["interviewer"][0]["name"] == "Thandi Nkosi"
    assert document["facts"]["log"] == [{"at": "2026-11-24T18:00:00+02:00", "sent": "thank-you"}]
    assert len(document["applications"][0]["steps"]) == 4


def test_figures_carry_their_number_and_no_rate_from_two_cases(life: Life) -> None:
    for number in range(3):
        life("2026-11-20 10:00", "add", f"Firm {number}", "Clerk", "--at", "2026-11-24 14:00")
        life("2026-11-24 18:00", "sent", f"firm-{number}-")
        said = life("2026-11-24 18:01", "stats").text
        assert ("not enough yet" in said) or number == 2
        if number < 2:
            life("2026-11-26 18:00", "heard", f"firm-{number}-", "positive")

    figures = life("2026-11-27 10:00", "stats", "--json").json
    assert figures["states"] == {
        "upcoming": 0,
        "cancelled": 0,
        "waiting": 1,
        "answered": 2,
        "rejected": 0,
        "closed": 0,
    }
    assert figures["answered"] == {"value": pytest.approx(2 / 3), "n": 3}
    assert figures["in_window"]["thank-you"] == {"value": 1.0, "n": 3}
    assert figures["days_to_answer"]["thank-you"] == {"value": None, "n": 2}
    assert "answered: 67% of 3" in life("2026-11-27 10:00", "stats").text
