"""`plan`: the table for people, the JSON document for other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.life import Life
from tests.domain.plans import interview, log, toml
from tests.running import Run

NOW = ("--now", "2026-11-24T18:00:00+02:00", "--zone", "Africa/Johannesburg")
WEEK = Path(__file__).parents[2] / "samples" / "week.toml"


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_the_document(run: Run, tmp_path: Path) -> None:
    held = interview("2026-11-24T14:00:00", more='id = "first"\ndecision_by = 2026-12-04')
    facts = write(
        tmp_path / "karoo.toml", toml(held, head='id = "karoo-marketing"\ncountry = "ZA"')
    )

    document = run("plan", facts, "--json", *NOW).json

    (application,) = document.pop("applications")
    assert document == {"version": 1, "zone": "Africa/Johannesburg"}
    steps = application.pop("steps")
    assert application == {
        "id": "karoo-marketing",
        "company": "Karoo Analytics",
        "role": "Marketing Manager",
        "zone": "Africa/Johannesburg",
    }
    uids = [step.pop("uids") for step in steps]
    assert [sorted(of_step) for of_step in uids] == [["act", "frame"]] * 3 + [["act"]]
    assert steps[0] == {
        "interview": "first",
        "step": "thank-you",
        "episode": 0,
        "state": "open",
        "opens": "2026-11-24T15:00:00+02:00",
        "closes": "2026-11-25T15:00:00+02:00",
        "recommended": "2026-11-24",
        "send_at": "2026-11-24T16:00:00+02:00",
        "sent_at": None,
        "reason": "within 24 hours of the interview",
        "note": None,
    }
    assert steps[1] == {
        "interview": "first",
        "step": "first-follow-up",
        "episode": 0,
        "state": "upcoming",
        "opens": "2026-12-07",
        "closes": "2026-12-09",
        "recommended": "2026-12-08",
        "send_at": "2026-12-08T09:00:00+02:00",
        "sent_at": None,
        "reason": "they named 4 December; two working days later",
        "note": None,
    }


def test_instants_are_on_the_users_clock(run: Run, tmp_path: Path) -> None:
    facts = write(tmp_path / "a.toml", toml(interview("2026-11-24T14:00:00")))

    document = run(
        "plan", facts, "--json", "--now", "2026-11-24T18:00Z", "--zone", "Asia/Tokyo"
    ).json

    assert document["zone"] == "Asia/Tokyo"
    assert document["applications"][0]["steps"][0]["closes"] == "2026-11-25T22:00:00+09:00"


def test_the_table_of_the_sample(run: Run, golden: object) -> None:
    assert callable(golden)

    golden(run("plan", WEEK, *NOW).stdout, "week.txt")


def test_applications_stand_in_the_order_of_the_files(run: Run, tmp_path: Path) -> None:
    one, two = (
        write(
            tmp_path / f"{name}.toml", toml(interview("2026-11-24T14:00:00"), head=f'id = "{name}"')
        )
        for name in ("zebra", "aloe")
    )

    document = run("plan", one, two, "--json", *NOW).json

    assert [a["id"] for a in document["applications"]] == ["zebra", "aloe"]


def test_facts_from_standard_input(run: Run) -> None:
    result = run("plan", "-", "--json", *NOW, input=toml(interview("2026-11-24T14:00:00")))

    assert len(result.json["applications"][0]["steps"]) == 4


def test_the_mistakes_of_all_files_at_once(run: Run, tmp_path: Path) -> None:
    one = write(tmp_path / "one.toml", toml(interview("2026-11-24T14:00:00", zone="Europe/Berln")))
    two = write(tmp_path / "two.toml", toml(interview("2026-11-24T14:00:00", more="minuts = 3")))

    result = run("plan", one, two, "--json", *NOW)

    assert (result.code, result.json["error"]["code"]) == (65, 65)
    assert "2 of 2 files cannot be used" in result.stderr
    assert "did you mean 'Europe/Berlin'?" in result.stderr
    assert "did you mean 'minutes'?" in result.stderr


def test_two_applications_of_one_id_are_refused(run: Run, tmp_path: Path) -> None:
    facts = write(tmp_path / "one.toml", toml(interview("2026-11-24T14:00:00")))

    result = run("plan", facts, facts, *NOW)

    assert result.code == 65
    assert "two applications have the id 'karoo-analytics-marketing-manager'" in result.stderr


def test_a_plan_never_writes(run: Run, tmp_path: Path) -> None:
    facts = write(tmp_path / "a.toml", toml(interview("2026-11-24T14:00:00")))
    before = facts.read_bytes()

    run("plan", facts, *NOW)

    assert facts.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.toml"]


def test_a_moved_step_says_so(run: Run, tmp_path: Path) -> None:
    moved = log('2026-11-28T09:00:00: moved = "first-follow-up"; to = 2026-12-03T10:00:00')
    facts = write(tmp_path / "a.toml", toml(interview("2026-11-24T14:00:00") + moved))

    step = run("plan", facts, "--json", *NOW).json["applications"][0]["steps"][1]

    assert step["send_at"] == "2026-12-03T10:00:00+02:00"
    assert step["reason"] == "you moved it to 3 December"
    assert step["note"] == "that is after its window closes"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere.toml",), "cannot read nowhere.toml"),
        (("samples", "--zone", "Europe/Berln"), "did you mean 'Europe/Berlin'?"),
        (("samples", "--now", "yesterday"), "is not a time"),
    ],
)
def test_what_cannot_be_run_says_why(run: Run, arguments: tuple[str, ...], says: str) -> None:
    result = run("plan", *NOW, *arguments)

    assert result.code in {2, 65}
    assert says in result.stderr
    assert result.stdout == b""


def test_who_keeps_nothing_is_told_how_to_begin(run: Run, tmp_path: Path) -> None:
    result = run("plan", "--data", tmp_path / "none", *NOW)

    assert (result.code, result.text) == (0, "")
    assert 'begin with: afterword add "COMPANY" "ROLE" --at WHEN' in result.stderr


def test_follow_ups_after_an_answer_are_told_apart(life: Life) -> None:
    life("2026-11-24 16:00", "add", "Karoo", "Cook", "--at", "2026-11-24 14:00")
    life("2026-12-02 10:00", "heard", "karoo", "neutral")

    rows = life("2026-12-02 10:00", "plan", "karoo").text.splitlines()[2:]

    names = [row.split("  ")[1] for row in rows]
    assert len(names) == len(set(names))
    assert "first-follow-up after their answer" in names
