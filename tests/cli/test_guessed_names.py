"""Commands, steps and applications are found by the names that people try first."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterword.cli import app
from tests.cli.life import NOW, Life
from tests.running import Run


@pytest.mark.parametrize(("alias", "name"), app.ALIASES.items())
def test_an_alias_is_the_command(run: Run, alias: str, name: str) -> None:
    assert run(alias, "--help").text == run(name, "--help").text


@pytest.mark.parametrize("alias", ["status", "today", "agenda"])
def test_the_day_s_work_has_several_names(life: Life, alias: str) -> None:
    life.held()

    assert life(NOW, alias, "--json").json == life.next(NOW)


@pytest.mark.parametrize("alias", ["delete", "rm"])
def test_an_application_is_deleted(life: Life, alias: str) -> None:
    life.held()

    life(NOW, alias, "karoo", "--yes")

    assert life.files() == {}


def test_config_shows_the_settings(run: Run) -> None:
    assert run("config", "--json").json == run("settings", "--json").json


def test_the_help_lists_the_aliases(run: Run) -> None:
    text = run("--help").text

    assert "forget" in text.partition("Other names")[2]
    assert all(alias in text.partition("Other names")[2] for alias in app.ALIASES)


def test_help_is_that_of_the_group_without_a_name(run: Run) -> None:
    assert run("help").text == run("--help").text


@pytest.mark.parametrize(
    ("names", "same"),
    [
        (("sent",), ("sent",)),
        (("rm",), ("forget",)),
        (("drafts", "edit"), ("drafts", "edit")),
    ],
    ids=" ".join,
)
def test_help_shows_that_of_a_command(
    run: Run, names: tuple[str, ...], same: tuple[str, ...]
) -> None:
    assert run("help", *names).text == run(*same, "--help").text


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        (("nxt",), "next"),
        (("dleete",), "delete"),
        (("help", "sentt"), "sent"),
        (("help", "drafts", "edti"), "edit"),
        (("drafts", "lst"), "list"),
        (("help", "sent", "x"), ""),
    ],
    ids=lambda typed: " ".join(typed) if isinstance(typed, tuple) else typed,
)
def test_a_mistyped_command_gets_a_suggestion(
    run: Run, typed: tuple[str, ...], suggested: str
) -> None:
    result = run(*typed)

    assert result.code == 2
    assert typed[-1] in result.stderr
    assert suggested in result.stderr


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("thankyou", "thank-you"),
        ("thanks", "thank-you"),
        ("Thank-You", "thank-you"),
        ("thank_you", "thank-you"),
        ("first", "first-follow-up"),
        ("1st", "first-follow-up"),
        ("first-followup", "first-follow-up"),
        ("followup", "first-follow-up"),
        ("follow-up", "first-follow-up"),
        ("second", "second-follow-up"),
        ("secondfollowup", "second-follow-up"),
        ("moveon", "move-on"),
    ],
)
def test_a_step_has_short_names(life: Life, typed: str, step: str) -> None:
    life.held()

    life(NOW, "skip", "karoo", typed)

    states = {s["step"]: s["state"] for s in life.plan(NOW).values()}
    assert states[step] == "withdrawn"


def test_followup_is_the_one_that_is_due(life: Life) -> None:
    life.held()
    life("2026-11-30 10:00", "sent", "karoo", "followup")
    life("2026-12-08 10:00", "sent", "karoo", "followup")

    plan = life.plan("2026-12-09 10:00")
    assert [plan[f"r1 {step} 0"]["state"] for step in ("first-follow-up", "second-follow-up")] == [
        "done",
        "done",
    ]


def test_followup_is_the_next_before_any_is_due(life: Life) -> None:
    life.held()
    life("2026-11-25 10:00", "skip", "karoo", "follow-up")
    life("2026-11-25 11:00", "skip", "karoo", "follow-up")

    plan = life.plan(NOW)
    assert plan["r1 first-follow-up 0"]["state"] == "withdrawn"
    assert plan["r1 second-follow-up 0"]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("command", "suggested"),
    [
        (("sent", "karoo", "thanksyou"), "thank-you"),
        (("skip", "karoo", "secnd"), "second-follow-up"),
        (("restore", "karoo", "frist"), "first-follow-up"),
        (("move", "karoo", "thankyo", "--to", "thu"), "thank-you"),
        (("move", "karoo", "intervew", "--to", "thu"), "interview"),
        (("draft", "karoo", "noshow2"), "no-show"),
        (("draft", "karoo", "competing"), "competing-offer"),
        (("add", "A", "B", "--at", "2026-11-24 14:00", "--sent", "thnks"), "thank-you"),
        (("heard", "karoo", "positiv"), "positive"),
        (("sent", "karoo", "thanks", "--by", "mail"), "email"),
    ],
    ids=lambda value: " ".join(value[:1] + value[-1:]) if isinstance(value, tuple) else value,
)
def test_a_mistyped_step_or_answer_gets_a_suggestion(
    life: Life, command: tuple[str, ...], suggested: str
) -> None:
    life.held()

    assert f"did you mean {suggested!r}?" in life.refused(NOW, *command).casefold()


def test_a_situation_needs_no_dashes(life: Life) -> None:
    life.held()

    assert life(NOW, "draft", "karoo", "noshow").text == life(NOW, "draft", "karoo", "no-show").text


@pytest.mark.parametrize(
    ("company", "typed"),
    [
        ("Müller GmbH", "muller"),
        ("Müller GmbH", "mueller"),
        ("Müller GmbH", "MÜLLER"),
        ("Mueller GmbH", "müller"),
        ("Strøm AS", "strom"),
        ("Strøm AS", "stroem"),
        ("Łódź Press", "lodz"),
        ("Café Noir", "cafe"),
        ("Straßen AG", "strassen"),
        ("Åkesson AB", "akesson"),
    ],
)
def test_umlauts_and_accents_are_not_needed(life: Life, company: str, typed: str) -> None:
    life.held()
    panel = ("--with", "Zoë Hübner")
    life("2026-11-26 16:00", "add", company, "Buyer", "--at", "2026-11-26 14:00", *panel)

    life("2026-11-26 17:00", "sent", typed, "thanks", "--to", "huebner")

    (item,) = [s for s in life.plan(NOW, "buyer").values() if s["step"] == "thank-you"]
    assert item["state"] == "done"


@pytest.mark.parametrize("typed", ["muler", "mueler", "Müllr"])
def test_a_mistyped_application_gets_a_suggestion(life: Life, typed: str) -> None:
    life.held()
    life(NOW, "add", "Müller GmbH", "Buyer", "--at", "2026-11-26 14:00")

    assert "did you mean 'Müller GmbH'?" in life.refused(NOW, "sent", typed)


def test_bare_drafts_lists_the_texts(life: Life) -> None:
    listed = life(NOW, "drafts")

    assert "  en/email/thank-you" in listed.text
    assert listed == life(NOW, "drafts", "list")


@pytest.mark.parametrize(
    ("settings", "folder"),
    [
        ('language = "en"\n', "en"),
        ('language = "fr"\n', "fr"),
        ('language = "de"\ninformal = true\n', "de-informal"),
    ],
    ids=["English", "French", "informal German"],
)
def test_drafts_lists_one_version_in_the_own_language(
    life: Life, settings: str, folder: str
) -> None:
    life.data.mkdir(exist_ok=True)
    (life.data / "settings.toml").write_text(settings, "utf-8")

    listed, everything = life(NOW, "drafts"), life(NOW, "drafts", "list", "--all")

    names = listed.text.split()
    assert f"{folder}/email/thank-you" in names
    assert {name.partition("/")[0] for name in names} == {folder}
    assert not [name for name in names if name[-1].isdecimal()]
    rest = len(everything.text.splitlines()) - len(names)
    assert f"{rest:,} more, other versions of these and other languages" in listed.stderr
    assert f"{folder}/email/thank-you.2" in everything.text
    assert "es/email/thank-you" in everything.text


def test_the_options_of_a_group_reach_its_commands(life: Life, run: Run) -> None:
    flags = life.flags(NOW)

    assert run("drafts", *flags, "list") == run("drafts", "list", *flags)


def test_a_stored_application_is_planned_by_its_name(life: Life) -> None:
    life.held()
    life(NOW, "add", "Acme", "Cook", "--at", "2026-11-26 14:00")

    planned = life(NOW, "plan", "karoo", "--json").json["applications"]

    assert [application["id"] for application in planned] == ["karoo-marketing-manager"]


def test_a_plan_takes_names_and_files_together(life: Life) -> None:
    life.held()
    sample = Path(__file__).parents[2] / "samples/week.toml"

    planned = life(NOW, "plan", sample, "karoo", "--json").json["applications"]

    assert [a["id"] for a in planned][-1] == "karoo-marketing-manager"
    assert len(planned) > 1


def test_a_name_that_is_neither_a_file_nor_an_application(life: Life) -> None:
    life.held()

    said = life.refused(NOW, "plan", "karo-x")

    assert "there is no file 'karo-x'" in said
    assert "did you mean 'Karoo'?" in said


def test_a_missing_file_is_called_a_file(life: Life) -> None:
    assert "there is no such file" in life.refused(NOW, "plan", "karoo.toml", code=65)
