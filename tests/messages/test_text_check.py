"""Tests of the check of any text: lines, quotes, names, languages, and the rules as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
import tomli

from afterword.messages.i18n import language_data
from afterword.messages.text_check import (
    OwnNames,
    TextFinding,
    check_text,
    detect_language,
    own_part,
)
from afterword.messages.tone_rules import compile_patterns, tone_languages, tone_rules

KAROO = OwnNames(
    company="Karoo Analytics",
    role="Marketing Manager",
    people=("Thandi Nkosi",),
    applicant="Sam Seeker",
)


def _check(text: str, code: str = "en", names: OwnNames | None = None) -> tuple[TextFinding, ...]:
    return check_text(text, language=code, reader="en", names=names)


def _kinds(text: str, code: str = "en", names: OwnNames | None = None) -> list[str]:
    return [finding.kind for finding in _check(text, code, names)]


def test_findings_have_line_quote_reason_and_a_better_wording() -> None:
    text = "Dear Thandi,\n\nThank you for Tuesday. I still haven't\nheard anything from you.\n\nSam"
    (finding,) = _check(text)
    assert (finding.kind, finding.line) == ("blame", 3)
    assert finding.quote == "still haven't heard"
    assert finding.why.endswith(".")
    assert finding.better


def test_findings_stand_in_the_order_of_the_text() -> None:
    findings = _check("I beg you.\n\nSorry to bother you.\n\nPlease reply by Friday.")
    assert [(f.kind, f.line) for f in findings] == [("begging", 1), ("apology", 3), ("deadline", 5)]


def test_reasons_are_in_the_language_of_the_reader() -> None:
    def first(reader: str) -> TextFinding:
        return check_text("Ich flehe Sie an.", language="de", reader=reader)[0]

    assert first("de").why.startswith("Not ist kein Grund")
    assert first("en").why.startswith("Need is no reason")
    assert first("de").better == first("en").better


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("Thank you so much!", [], id="one mark after thanks"),
        pytest.param("Thank you! I look forward to it!", ["shouting"] * 2, id="two marks"),
        pytest.param("Call me!", ["shouting"], id="a mark after a demand"),
        pytest.param("I WANT THIS JOB.", ["shouting"], id="capitals"),
        pytest.param("I REALLY like it.", ["shouting"], id="emphasis"),
        pytest.param("We use SQL, AWS, GDPR and HTML.", [], id="abbreviations"),
        pytest.param("NASA and UNESCO were clients.", [], id="names in capitals"),
        pytest.param("Is it still open?", [], id="one question"),
        pytest.param("Is it open? Who decides?", ["questions"], id="two questions"),
        pytest.param("Subject: Any date?\n\nIs it still open?", [], id="a subject that asks"),
        pytest.param("See https://x.example/?a=1&b=2 ?", [], id="a link with a question mark"),
        pytest.param("Dear Mr. Nkosi, thank you.", [], id="an abbreviation"),
        pytest.param("None of this is urgent for me.", [], id="none begins a sentence"),
        pytest.param("I liked <topic>.", ["placeholder"], id="a placeholder"),
        pytest.param("My site: <https://sam.example>", [], id="a link in brackets"),
        pytest.param("See [my work](https://sam.example).", [], id="a Markdown link"),
        pytest.param("Dear ,\n\nthank you.", ["placeholder"], id="a greeting without a name"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_slips(text: str, kinds: list[str]) -> None:
    assert _kinds(text) == kinds


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        pytest.param("Dear Thandi,\n\nthank you.", [], id="the right person"),
        pytest.param("Dear Ms Nkosi,\n\nthank you.", [], id="with a title"),
        pytest.param("Hello,\n\nthank you.", [], id="nobody"),
        pytest.param("Hi all,\n\nthank you.", [], id="everybody"),
        pytest.param("Dear Peter,\n\nthank you.", ["Dear Peter,"], id="another person"),
        pytest.param("I would love to join Karoo.", [], id="the right company"),
        pytest.param("I would love to join Acme Ltd.", ["Acme Ltd"], id="another company"),
        pytest.param("At Acme I worked for Bolt Media.", [], id="an earlier employer"),
        pytest.param("I would love to join the team.", [], id="no name"),
    ],
)
def test_names_are_those_of_the_application(text: str, quotes: list[str]) -> None:
    findings = _check(text, names=KAROO)
    assert [(f.kind, f.quote) for f in findings] == [("wrong-name", quote) for quote in quotes]


@pytest.mark.parametrize(
    ("greeting", "quotes"),
    [
        ("Hola, Thandi:", []),
        ("Buenos días, Thandi Nkosi:", []),
        ("Hola:", []),
        ("Hola, equipo:", []),
        ("Hola, Laura:", ["Hola, Laura:"]),
        ("Buenas tardes, Laura Gómez:", ["Buenas tardes, Laura Gómez:"]),
        ("Estimado Sr. Pérez:", ["Estimado Sr. Pérez:"]),
        ("Estimada Sra. Nkosi:", []),
    ],
)
def test_a_name_set_off_by_a_comma_is_a_name(greeting: str, quotes: list[str]) -> None:
    text = f"{greeting}\n\nMuchas gracias por la conversación del martes."
    assert [finding.quote for finding in _check(text, "es", KAROO)] == quotes


def test_names_of_the_application_may_look_like_anything() -> None:
    loud = OwnNames(company="Beg & Urge ASAP Now!", people=("Mia WARNING",))
    assert _kinds("Thank you, Mia WARNING, for having me at Beg & Urge ASAP Now!", names=loud) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Danke, dass Sie Zeit hatten. Ich freue mich, von dir zu hören.", ["mixed-address"]),
        ("Danke, dass du Zeit hattest. Sie hat mir viel erklärt.", []),
        ("Haben Sie schon Neuigkeiten für mich?", []),
        ("Könnten Sie mir sagen, ob du mehr weißt?", ["mixed-address"]),
    ],
)
def test_one_form_of_address(text: str, kinds: list[str]) -> None:
    assert _kinds(text, "de") == kinds


@pytest.mark.parametrize("typed", ["für", "fuer", "fu\u0308r"])
def test_umlauts_may_be_typed_in_any_way(typed: str) -> None:
    pattern = compile_patterns(["nur für mich"], words={})
    (finding,) = _check(f"Ich bete dafür, dass es klappt, denn {typed} mich zählt das.", "de")
    assert finding.kind == "begging"
    assert pattern.search(" nur fuer mich ")
    assert pattern.search(" nur fur mich ")


def test_curly_apostrophes_are_apostrophes() -> None:
    assert _kinds("I haven\u2019t heard back from you.") == _kinds("I haven't heard back from you.")


@pytest.mark.parametrize(
    ("short", "written", "code"),
    [
        ("i havent heard anything", "I haven't heard anything.", "en"),
        ("pls respond by friday", "Please respond by Friday.", "en"),
        ("hab nix von ihnen gehört", "Habe nichts von Ihnen gehört.", "de"),
        ("Ca avance de votre côté ?", "Ça avance de votre côté ?", "fr"),
        ("porfa conteste antes del lunes", "Por favor conteste antes del lunes.", "es"),
    ],
)
def test_short_forms_are_read_as_what_they_stand_for(short: str, written: str, code: str) -> None:
    assert _kinds(short, code)
    assert _kinds(short, code) == _kinds(written, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Thank you for the conversation and your time.", "en"),
        ("Vielen Dank für das Gespräch und Ihre Zeit.", "de"),
        ("12345", None),
    ],
)
def test_the_language_of_a_text(text: str, code: str | None) -> None:
    assert detect_language(text) == code


def test_what_a_mail_quotes_is_not_judged() -> None:
    mail = (
        "Thank you.\n> Why do you not answer?\nSam\n\nOn Tue, 24 Nov 2026, Thandi wrote:\nI beg you"
    )
    assert _kinds(own_part(mail)) == []
    assert own_part(mail).count("\n") >= 3


def test_a_language_without_rules_is_not_judged() -> None:
    assert _kinds("I beg you.", "xx") == []


@pytest.mark.parametrize("code", tone_languages())
def test_every_rule_has_a_reason_and_a_better_wording_that_passes(code: str) -> None:
    rules = tone_rules(code).rules
    assert {*tone_rules("en").rules} <= {*rules}
    for rule in rules.values():
        assert rule.why.endswith(".")
        assert rule.better or rule.kind in {
            "placeholder",
            "wrong-name",
            "wrong-language",
            "mixed-address",
        }
        assert _kinds(rule.better, code) == [], rule.better


def _unbounded(parsed: Any) -> Iterator[Any]:
    """Yield what a parsed regular expression repeats without a limit."""
    for operation, argument in parsed:
        name = str(operation)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            _, most, repeated = argument
            if str(most) == "MAXREPEAT":
                yield repeated
            yield from _unbounded(repeated)
        elif name == "SUBPATTERN":
            yield from _unbounded(argument[-1])
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from _unbounded(branch)
        elif name in {"ASSERT", "ASSERT_NOT"}:
            yield from _unbounded(argument[1])


@pytest.mark.parametrize("code", tone_languages())
def test_patterns_repeat_nothing_but_the_letters_of_a_word(code: str) -> None:
    rules = tone_rules(code)
    sources = {rule.unless for rule in rules.rules.values()}
    sources |= {p.pattern for p in (rules.warm, rules.greeting, rules.company_before)}
    sources |= {
        source
        for rule in rules.rules.values()
        for each in rule.combinations
        for source in (*each.required, *each.excluded)
    }
    for source in sources:
        parser = re._parser  # type: ignore[attr-defined] # noqa: SLF001 - there is no public parser
        for repeated in _unbounded(parser.parse(source)):
            assert [str(operation) for operation, _ in repeated] == ["NOT_LITERAL"]


@pytest.mark.parametrize("code", tone_languages())
@pytest.mark.parametrize(
    "unit",
    [
        "please ",
        "x",
        "if i ",
        "bitte wenn ich ",
        "? ",
        "! ",
        "[",
        "<a ",
        "I HAVE NOT ",
        "...",
        "\n",
    ],
    ids=repr,
)
def test_a_long_text_is_read_in_the_time_of_two_halves(unit: str, code: str) -> None:
    # Would not end within the time of a test if anything backtracked.
    half, whole = (_check(unit * size, code) for size in (1_000, 2_000))
    assert {f.kind for f in half} == {f.kind for f in whole}


@pytest.mark.parametrize("code", tone_languages())
def test_a_vocabulary_is_used(code: str) -> None:
    folder = resources.files("afterword.messages").joinpath(code)
    rules, concepts = (
        folder.joinpath(name).read_text("utf-8") for name in ("tone.toml", "concepts.toml")
    )
    data = tomli.loads(rules)
    combined = {
        name
        for rule in (*data["rule"], data["harmless"])
        for line in rule.get("combine", ())
        for name in re.split(r" [+-] ", line)
    }
    used = combined | set(re.findall(r"\{(\w+)\}", rules + concepts))
    assert {*data["words"], *tomli.loads(concepts)} - used == set()


@pytest.mark.parametrize("code", tone_languages())
def test_the_languages_combine_the_same_concepts(code: str) -> None:
    english, other = (
        {row["kind"] for row in language_data(each, "tone.toml")["rule"] if "combine" in row}
        for each in ("en", code)
    )
    assert english <= other


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("I need your decision by Friday.", ["deadline"], id="all concepts"),
        pytest.param("By Friday, please, a decision.", ["deadline"], id="in another order"),
        pytest.param("You took a decision on Friday.", [], id="one is missing"),
        pytest.param(
            "They need my decision by Friday.", [], id="all, and one that makes it harmless"
        ),
    ],
)
def test_concepts_are_combined_within_a_sentence(text: str, kinds: list[str]) -> None:
    assert _kinds(text) == kinds
